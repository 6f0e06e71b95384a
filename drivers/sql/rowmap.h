#ifndef SNAP_DRIVERS_SQL_ROWMAP_H
#define SNAP_DRIVERS_SQL_ROWMAP_H

/*
 * A result row becomes a fact, by the names of the columns:
 *
 *     schema:     a segment of the path, in the order in which they stand; NULL leaves it out, and
 * the last one that is there says of what kind the fact is owner       an attribute of that kind
 * (an unknown one is a programming error); NULL sets nothing, A_BOOL is t or f, A_LIST, A_SET and
 * A_MAP are JSON .text       a key of `src` !class      for the driver, not read here
 */

#include "core/fact.h"

enum { ROWMAP_MAX = 48 };

struct rowmap {
    struct catalog *cat;
    const char *name[ROWMAP_MAX];
    uint32_t n;
};

/* The map of a result with these column names, which must live as long. */
void rowmap_begin(struct rowmap *m, struct catalog *cat, const char *const *names, uint32_t n);
/* Index of a column by its name, or -1. */
int rowmap_column(const struct rowmap *m, const char *name);
/* Begins the fact of a row; values[i] is absent where it is NULL. The caller may add to it and ends
 * it. False where the row has no path. E_NOT_UNDERSTOOD where a value does not fit its column. */
int rowmap_fact(const struct rowmap *m, const struct str *values, struct fact *out, struct err *e);

#endif
