#ifndef SNAP_CORE_DATA_H
#define SNAP_CORE_DATA_H

/*
 * Reference rows: the tables whose rows are facts too, below one fact of a kind with KF_ROWS:
 * table:animals/rows:#/row:1. A table without rows has no such fact. The names are the user's:
 * "animals", "public.animals", "table:public.animals".
 */

#include "core/path.h"

struct catalog;
struct engine;

enum { DATA_LIMIT = 10000, DATA_MAX_BYTES = 64 << 20 };

struct data_want {
    const struct str *names;
    uint32_t n;
    uint64_t limit; /* rows of one table; 0: DATA_LIMIT */
};

/* Whether one of the names, or this one, means the table of that path. */
bool data_wants(const struct data_want *w, const struct engine *eng, struct str path,
                struct arena *mem);
/* The same, or by the name of the table that this one is a partition of. */
bool data_takes(const struct data_want *w, const struct catalog *cat, struct str table,
                struct arena *mem);
bool data_name_fits(struct str name, const struct engine *eng, struct str path, struct arena *mem);
/* Whether a path is that of rows, or of one row; *table is then the path of their table. */
bool data_is_row(const struct engine *eng, struct str path, struct str *table);

#endif
