#ifndef SNAP_DRIVERS_POSTGRESQL_LOCKS_H
#define SNAP_DRIVERS_POSTGRESQL_LOCKS_H

/* What statements do to the relations that are there: locks, rewrites, scans, index builds. */

#include "drivers/postgresql/postgresql.h"

/* The server's table-level locks, by strength. */
enum pg_lock {
    PG_NO_LOCK,
    PG_ACCESS_SHARE,
    PG_ROW_SHARE,
    PG_ROW_EXCLUSIVE,
    PG_SHARE_UPDATE_EXCLUSIVE,
    PG_SHARE,
    PG_SHARE_ROW_EXCLUSIVE,
    PG_EXCLUSIVE,
    PG_ACCESS_EXCLUSIVE,
};
/* "ACCESS EXCLUSIVE", and who waits for it. */
const char *pg_lock_name(enum pg_lock lock);
const char *pg_lock_blocks(enum pg_lock lock);
/* "AccessExclusiveLock", as pg_locks has it; PG_NO_LOCK when unknown. */
enum pg_lock pg_lock_mode(struct str mode);

/* Adds effects of d's statements, and the hazards that follow. */
void pg_effects(struct ddl *d);

/* rewrite.c: what a statement that was found in the table does beyond its lock. */
struct pg_found {
    struct ddl *d;
    struct str sql;   /* the statement */
    struct str table; /* path of the relation */
    struct str name;  /* of the column or constraint it is about */
    struct str rest;  /* of the statement, behind what the table's row describes */
    uint32_t stmt;
    enum pg_lock lock;
    unsigned flags; /* enum effect_flag */
    const char *note, *safer;
    enum pg_lock parts; /* on partitions; PG_NO_LOCK: the same */
    bool other_too;     /* the other relation that the statement names is locked */
};
/* Whether a valid CHECK of the table says that the column holds no NULL. */
bool pg_proves_notnull(const struct ddl *d, struct str table, struct str column);
void pg_judge_add_column(struct pg_found *f);
void pg_judge_type(struct pg_found *f);
void pg_judge_notnull(struct pg_found *f);
/* HZ_REWRITE where a change of a column's type, or a new column, makes the server write every row
 * (see tells_fn). */
unsigned pg_type_tells(struct ddl *d, const struct change *c);
unsigned pg_add_column_tells(struct ddl *d, const struct change *c);

#endif
