#ifndef SNAP_DRIVERS_POSTGRESQL_ONLINE_H
#define SNAP_DRIVERS_POSTGRESQL_ONLINE_H

/* Forms of statements for --online: readers and writers of a table go on. */

#include "drivers/postgresql/postgresql.h"

/* Major version of the server that the state before was read from; the newest where it is not
 * known.
 */
int pg_major(const struct ddl *d);
/* Whether such forms are wanted for the table that the object lies in: it is there, with rows. */
bool pg_online(const struct ddl *d, struct str path);
/* See engine.h. Checks and foreign keys are NOT VALID first. */
uint32_t pg_stages(const struct change *c, const struct catalog *from, bool online,
                   struct arena *mem, const struct obj **between);
/* Takes away the invalid index that a CREATE INDEX CONCURRENTLY which failed has left. */
void pg_drop_leftover(struct ddl *d, struct str index);
/* A primary key or unique constraint by way of an index that is built CONCURRENTLY; false: it
 * cannot be made so. */
bool pg_online_key(struct ddl *d, const struct obj *o);
/* NOT NULL by way of a CHECK; false: a valid one is there, or it cannot be made so. */
bool pg_online_notnull(struct ddl *d, const struct obj *column);
/* DETACH PARTITION CONCURRENTLY; false: it cannot be. `o` is the partition. */
bool pg_online_detach(struct ddl *d, const struct obj *o);

#endif
