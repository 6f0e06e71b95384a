#ifndef SNAP_DRIVERS_POSTGRESQL_PARTITION_H
#define SNAP_DRIVERS_POSTGRESQL_PARTITION_H

/* What the rooms of partitions share: where rows go when partitions come, go and change. */

#include "drivers/postgresql/postgresql.h"

/* Facts that tables are partitions. */
struct pg_parts {
    const struct obj **v;
    uint32_t n, cap;
};

/* The path of the partitioned table that the partition belongs to, or absent. */
struct str pg_part_whole(struct arena *mem, const struct obj *part);
/* Partitions that `goal` has of the table `of` (as an id) and that are none yet in d's state
 * `now`, where their tables are there. */
struct pg_parts pg_parts_to_come(struct ddl *d, const struct catalog *goal, const struct view *now,
                                 struct str of);
/* FROM or TO: the end of the plan that this direction of the step leads to. The object is in one of
 * them alone, or differs; `is` is what it becomes, NULL where it goes. */
const struct catalog *pg_heading_for(const struct ddl *d, struct str path, const struct obj *is);

/* Rows that are moved by one statement between tables that are no partitions at this moment. */
struct pg_move {
    struct str whole;       /* path of the partitioned table */
    const struct str *from; /* paths of tables */
    uint32_t nfrom;
    struct pg_parts to;         /* rows go where they fit the bound */
    struct str rest;            /* what fits no bound goes to this table; absent: it stays */
    const struct catalog *goal; /* where the other partitions are, which a DEFAULT leaves out */
};
void pg_rows_move(struct ddl *d, const struct pg_move *move);

#endif
