#ifndef SNAP_DRIVERS_POSTGRESQL_FOREIGN_H
#define SNAP_DRIVERS_POSTGRESQL_FOREIGN_H

#include "drivers/postgresql/postgresql.h"

/* Whether the fact of a table is that of a foreign one. */
bool pg_is_foreign(const struct obj *table);
/* " OPTIONS (k 'v', ...)" of the attribute, or "". */
struct str pg_foreign_options(struct arena *mem, const struct obj *o, const char *attr);
/* OPTIONS (ADD, SET, DROP) behind `head`. */
void pg_alter_foreign(struct ddl *d, struct str head, const struct change *c, const char *attr);
/* The alter of the same attribute of columns. */
extern const struct alter pg_alter_column_foreign;

/* A hazard where a new object had secrets that snap does not know. */
void pg_secrets_missing(struct ddl *d, const struct obj *o);

#endif
