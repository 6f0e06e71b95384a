#ifndef SNAP_DRIVERS_MYSQL_PARTITION_H
#define SNAP_DRIVERS_MYSQL_PARTITION_H

/*
 * Partitions of a table that stays: what changes in the list of them is done to the partitions that
 * differ, by statements of their own, which take nothing else beside them.
 */

#include "drivers/mysql/mysql.h"

/* Whether they differ, and statements on single partitions make the one list from the other: the
 * scheme is the same, and so are the columns that it goes by. */
bool my_reorganizes(const struct ddl *d, struct str table);
/* These statements, where my_reorganizes says so. */
void my_reorganize(struct ddl *d, struct str table);
/* Whether they lose rows: see loses_fn. */
bool my_loses_rows(const struct ddl *d, const struct change *c);
/* Whether every row has a place in PARTITION BY of this text. */
bool my_takes_any_row(struct arena *mem, struct str text);

#endif
