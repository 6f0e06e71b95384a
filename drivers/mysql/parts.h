#ifndef SNAP_DRIVERS_MYSQL_PARTS_H
#define SNAP_DRIVERS_MYSQL_PARTS_H

/* What stands behind PARTITION BY, taken apart. Texts point into what was read or live in mem. */

#include "drivers/mysql/mysql.h"

enum my_scheme { MY_BY_OTHER, MY_BY_RANGE, MY_BY_LIST, MY_BY_HASH, MY_BY_TIME };

struct my_part {
    struct str name;
    struct str text;    /* as written: PARTITION name ... */
    struct str form;    /* its words, names without quotes: what is compared */
    struct str bound;   /* MY_BY_RANGE: below which; MY_BY_LIST: its values as written */
    struct str *values; /* MY_BY_LIST: each */
    uint32_t nvalues;
    bool takes_rest; /* MY_BY_LIST: what no other takes */
    bool gone;       /* dropped before the others are reorganized */
};

struct my_parts {
    enum my_scheme scheme;
    struct str head; /* the scheme: all but the list */
    bool counted;    /* PARTITIONS n, with names that the server gives */
    struct my_part *v;
    uint32_t n;
};

/* False: not known, nothing is said of it. `engine`: of the table. */
bool my_read_parts(struct arena *mem, struct str text, struct str engine, struct my_parts *p);
/* The words of a text, names without quotes. */
struct str my_words(struct arena *mem, struct str text);
/* -1, 0, 1 as the first bound is below, equal to, above the second; MY_UNKNOWN: texts, whose order
 * hangs on their collation. */
enum { MY_UNKNOWN = 2 };
int my_compare_bounds(struct str a, struct str b);

#endif
