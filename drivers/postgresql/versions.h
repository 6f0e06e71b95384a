#ifndef SNAP_DRIVERS_POSTGRESQL_VERSIONS_H
#define SNAP_DRIVERS_POSTGRESQL_VERSIONS_H

/* The engine's `level`, `carry` and `tells`; see core/engine.h. */

#include "drivers/postgresql/postgresql.h"

/* The major version of a catalog's `version`; 0: not told. */
unsigned pg_level(struct str version);
void pg_carry(struct catalog *cat, const struct catalog *like, struct arena *mem);
bool pg_tells(unsigned level, const struct kind_desc *kind, const struct attr_desc *attr);

#endif
