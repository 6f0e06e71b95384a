#ifndef SNAP_SNAPSHOT_LIQUIBASE_H
#define SNAP_SNAPSHOT_LIQUIBASE_H

/* Snapshots that Liquibase has written: read into the neutral model, and made facts of by the
 * engine that answers to the database's shortName. */

#include "core/lb_snapshot.h"
#include "snapshot/snapshot.h"

enum { LIQUIBASE_HEAD = 4096 };
/* Whether the first LIQUIBASE_HEAD bytes of a file are those of such a snapshot. */
bool liquibase_is(struct str head);
/* Reads a file from where fd stands. E_LIQUIBASE_SNAPSHOT, E_LIMIT. The model lives in mem. */
int liquibase_read(int fd, struct str label, struct arena *mem, struct lb_snapshot **out,
                   struct err *e);
/* The engine that reads snapshots of that shortName, or NULL. */
const struct engine *liquibase_engine(const struct engine *const *engines, struct str short_name);
/* The names of all that are read, comma separated. */
struct str liquibase_names(const struct engine *const *engines, struct arena *mem);
/* Its facts, not yet finished. `want` is the name that offline:NAME gave, or absent.
 * E_UNKNOWN_ENGINE, E_ENGINE_MISMATCH. */
int liquibase_catalog(const struct lb_snapshot *in, const struct engine *const *engines,
                      struct str want, unsigned facets, struct arena *mem, struct catalog **out,
                      struct err *e);

/* Whether the first LIQUIBASE_HEAD bytes of a file are those of a file that liquibase_write made.
 */
bool liquibase_own_is(struct str head);
/* The snapshot of ours that stands in it, whole. E_LIQUIBASE_SNAPSHOT: it is damaged, or was
 * changed by hand. */
int liquibase_own_text(struct str text, struct str label, const struct engine *const *engines,
                       struct arena *mem, struct str *out, struct err *e);

#endif
