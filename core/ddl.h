#ifndef SNAP_CORE_DDL_H
#define SNAP_CORE_DDL_H

/*
 * What a driver's handler sees and fills while one direction of one step is rendered. The two views
 * are the states around THIS step, never FROM and TO.
 */

#include "core/step.h"

/* A value that the user has given for the rows of a table that are there: SQL. */
struct backfill {
    struct str path; /* of the column */
    struct str value;
};

struct ddl {
    struct arena *mem;
    const struct engine *eng;
    const struct view *before, *after;
    unsigned facets; /* in effect */
    bool online;     /* forms that let others go on, where there are any */
    bool recreate;   /* what no statement changes may be dropped and made anew, rows and all */
    const struct catalog
        *origin; /* FROM, before any step: what is not in it holds no rows yet; or NULL */
    const struct catalog *goal;      /* TO, after the last step; or NULL */
    const struct backfill *backfill; /* given for columns that take no NULL */
    uint32_t nbackfill;
    void **notes; /* what the engine keeps from step to step of a plan, NULL at first; or NULL */
    struct str owner; /* at_owner: path of the top object */
    VEC(struct stmt) stmts;
    VEC(struct hazard) hazards;
    VEC(struct effect) effects;
    bool order_differs; /* set by a handler that cannot give the order of columns back */
    bool lossy; /* set by a handler whose way back is not exact though no hazard's code tells */
};

/* Appends a statement. The text must live in d->mem (sql_fmt makes it so). */
void ddl_stmt(struct ddl *d, struct str text, unsigned flags);
/* Gives the last statement its form as a change type. */
void ddl_typed(struct ddl *d, const struct typed *t);
/* Appends a hazard about the object of `path`. */
void ddl_hazard(struct ddl *d, enum hazard_code code, struct str path, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
