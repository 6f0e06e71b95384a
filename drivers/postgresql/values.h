#ifndef SNAP_DRIVERS_POSTGRESQL_VALUES_H
#define SNAP_DRIVERS_POSTGRESQL_VALUES_H

/* Values for the rows of the proof. */

#include "core/kind.h"

/* How telling the rows are; each manner falls back to a later one for a row that is refused. */
enum manner {
    ODD,    /* values that a change of type shows by: '007', '1e3', blanks, the empty text */
    NORMAL, /* by type; the last row leaves out what may be NULL */
    FULL,   /* the same without NULLs */
    NUMBERS /* 1, 2, 3 in every text too, which fit more types and each other */
};

/* A type that a column has, or that such a one is made of. */
struct fill_type {
    struct str oid, name, category; /* category: the server's letter */
    struct str element;             /* oid: of arrays, of a range's bounds, under a domain */
    char type;                      /* typtype: b e d c r m */
    int64_t typmod, domain_typmod;
    struct str *labels; /* of an enum */
    uint32_t nlabels;
    uint32_t nattrs; /* of a composite */
};
struct fill_types {
    struct fill_type *v;
    uint32_t n, cap;
};

/* Value number i as the text that the type's input takes; absent: none is known. The same number
 * gives the same value wherever the type is the same, so that foreign keys hold. */
struct str fill_value(struct arena *mem, const struct fill_types *all, const struct fill_type *t,
                      int i, enum manner m);
/* Before the first fill_type_find. */
void fill_types_sort(struct fill_types *all);
const struct fill_type *fill_type_find(const struct fill_types *all, struct str oid);

#endif
