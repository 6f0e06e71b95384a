#ifndef SNAP_TESTS_HARNESS_MONGO_SPEC_H
#define SNAP_TESTS_HARNESS_MONGO_SPEC_H

/*
 * Random MongoDB specs for metamorphic tests. One seed says what a spec means, another how it is
 * written (orders and spellings that do not matter), and one of its points, counted from 0, may be
 * changed into something that means something else. No two values that a seed makes are the same,
 * so that no change can make one clause the same as another; and a change takes no number, so that
 * all that comes after it is named as before.
 */

#include "drivers/mongodb/value.h"

struct spec {
    struct arena *mem;
    uint64_t what, how;  /* states of the two generators */
    uint32_t serial;     /* of values and names */
    uint32_t points;     /* places that could be changed, so far */
    uint32_t change;     /* the one that is; UINT32_MAX: none */
    const char *changed; /* in what, for messages */
    uint64_t some;   /* state of a third generator, and one point in how many it changes: many */
    uint32_t one_in; /* instead of one; 0: `change` alone */
};

struct spec spec_new(struct arena *mem, uint64_t what, uint64_t how, uint32_t change);
/* 0 .. n-1, for what is meant, and for how it is written. */
uint32_t spec_what(struct spec *s, uint32_t n);
uint32_t spec_how(struct spec *s, uint32_t n);
/* Whether it is this point that is changed. */
bool spec_point(struct spec *s, const char *in);
/* The members of a document or array in another order. */
void spec_shuffle(struct spec *s, struct mv *v);

/* A new whole number in one of its types. */
struct mv *spec_number(struct spec *s);
/* A whole number as what it is compared, in one of its types. */
struct mv *spec_int(struct spec *s, int64_t i);
/* A new text: prefix and number, `~` behind it where it is changed. */
struct str spec_name(struct spec *s, const char *prefix);
struct mv *spec_literal(struct spec *s, int depth);
/* A validator, or (without $jsonSchema and $expr) a partialFilterExpression. */
struct mv *spec_query(struct spec *s, int depth, bool validator);
struct mv *spec_schema(struct spec *s, int depth);
struct mv *spec_pipeline(struct spec *s, int depth);
struct mv *spec_collation(struct spec *s);
struct mv *spec_projection(struct spec *s);

#endif
