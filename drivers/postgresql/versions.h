#ifndef SNAP_DRIVERS_POSTGRESQL_VERSIONS_H
#define SNAP_DRIVERS_POSTGRESQL_VERSIONS_H

/* The engine's `level`, `carry` and `tells`; see core/engine.h. */

#include "drivers/postgresql/postgresql.h"

/* The major version of a catalog's `version`; 0: not told. */
unsigned pg_level(struct str version);
/* A catalog's `version`, "PostgreSQL 15.20", of the parameter server_version and of what version()
 * says; servers that only speak the protocol, and versions that nobody has tried, are said to be
 * "(untested)". */
struct str pg_version_words(struct arena *mem, struct str number, struct str says);
void pg_carry(struct catalog *cat, const struct catalog *like, struct arena *mem);
bool pg_tells(unsigned level, const struct kind_desc *kind, const struct attr_desc *attr);

#endif
