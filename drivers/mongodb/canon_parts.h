#ifndef SNAP_DRIVERS_MONGODB_CANON_PARTS_H
#define SNAP_DRIVERS_MONGODB_CANON_PARTS_H

/* What the files of the normal forms share. Values given are only read; values returned live in
 * `mem` and may share texts and members with what was given. */

#include "drivers/mongodb/canon.h"

/* A value to be added somewhere, with the members of the one given. */
struct mv *mgc_again(struct arena *mem, const struct mv *v);
/* A value that is compared, not computed with: all in its order, but a number that is whole within
 * 2^53 is an integer, whatever its type. Every server compares int32, int64 and double by value,
 * and in that range no way of comparing loses a digit; -0.0 is 0. Beyond it, NaN and decimals stay
 * apart. */
struct mv *mgc_literal(struct arena *mem, const struct mv *v);
/* The same for a member of $in, $nin or enum: what stands within a document or array there is kept
 * with its types, and so is -0.0. documentdb looks such members up by their bytes (measured: {$in:
 * [[1, 2], 7]} does not find what {$in: [[1.0, 2], 7]} finds). */
struct mv *mgc_element(struct arena *mem, const struct mv *v);
/* The members of a document in order of keys; one key twice keeps its order. */
struct mv *mgc_by_key(struct arena *mem, const struct mv *doc);
/* The members of an array in order of their text. `once`: equal ones once. */
struct mv *mgc_sorted(struct arena *mem, const struct mv *array, bool once);
/* A set of which one member alone may stand without the array: the value of bsonType, type and
 * $type. */
struct mv *mgc_alone(struct arena *mem, const struct mv *set);
/* Whether v is a document, or an array, with members. */
bool mgc_has_members(const struct mv *v, enum mv_type type);
/* Whether all members are of the type. */
bool mgc_all(const struct mv *v, enum mv_type type);

/* canon_query.c */
struct mv *mgc_query(struct arena *mem, const struct mv *query);
/* A query of which only the spelling of regular expressions is made one. */
struct mv *mgc_query_as_is(struct arena *mem, const struct mv *query);
/* canon_schema.c */
struct mv *mgc_schema(struct arena *mem, const struct mv *schema);
/* canon_collation.c */
struct mv *mgc_collation(struct arena *mem, const struct mv *collation);
/* {locale: "simple"} with nothing that says more. */
bool mgc_is_simple(const struct mv *collation);

#endif
