#ifndef SNAP_DRIVERS_POSTGRESQL_LEDGER_H
#define SNAP_DRIVERS_POSTGRESQL_LEDGER_H

/* What a database holds that is no fact. */

#include "drivers/postgresql/conn.h"

/* Path of the fact that an object of the catalogs is, or absent. */
typedef struct str pg_path_of(const void *ctx, uint32_t class, uint32_t oid, int32_t sub);

/* Everything that is neither a fact nor a part of one goes into the ledger of cat: takes the
 * answers to `inventory` and `ledger`; what is no fact is noted in `missing`. */
int pg_take_ledger(struct session *s, struct strbuf *missing, struct catalog *cat,
                   pg_path_of *path_of, const void *ctx, struct err *e);
/* Asks what the missing are, in the same transaction. `mem` is for the time of the call. */
int pg_name_missing(struct session *s, struct strbuf *missing, struct catalog *cat,
                    struct arena *mem, pg_path_of *path_of, const void *ctx, struct err *e);

#endif
