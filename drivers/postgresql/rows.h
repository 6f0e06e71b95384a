#ifndef SNAP_DRIVERS_POSTGRESQL_ROWS_H
#define SNAP_DRIVERS_POSTGRESQL_ROWS_H

/* Rows of scratch databases: see live_ops in core/engine.h. */

#include "drivers/postgresql/conn.h"

/* fill.c */
int pg_fill(struct session *s, const struct catalog *cat, struct err *e);
int pg_refill(struct session *s, const struct catalog *cat, unsigned plain, struct err *e);
/* Statements that may fail for what is in the database; -1 only for other reasons. */
int pg_try(struct session *s, const char *sql, bool *done, struct err *e);
/* rows.c */
int pg_empty(struct session *s, const struct catalog *cat, struct err *e);
int pg_digest(struct session *s, const struct catalog *cat, struct arena *mem,
              void (*put)(void *ctx, struct str path, struct str digest), void *ctx, struct err *e);
int pg_applied(struct session *s, void (*put)(void *ctx, struct str id), void *ctx, struct err *e);
int pg_deployments(struct session *s, void (*put)(void *ctx, const struct deployed *d), void *ctx,
                   struct err *e);
int pg_versions(struct session *s, void (*put)(void *ctx, struct str version), void *ctx,
                struct err *e);

#endif
