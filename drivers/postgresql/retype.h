#ifndef SNAP_DRIVERS_POSTGRESQL_RETYPE_H
#define SNAP_DRIVERS_POSTGRESQL_RETYPE_H

#include "drivers/postgresql/postgresql.h"

/*
 * What no ALTER TYPE does: the old type is renamed away, the new one created, every column of it
 * converted by way of text, the old one dropped. What is made of it (domains, composite types,
 * ranges, arrays) goes the same way, and what still depends on it or on a column that is converted
 * (views, functions, checks with constants ...) is dropped before and made again after.
 */
int pg_retype(struct ddl *d, struct str path, struct err *e);

/* Whether a column of a table is of the type, or of an array of it, or of what is made of it. */
bool pg_type_in_use(struct ddl *d, const struct view *state, const struct obj *type);

/* Whether a column is of an array or of a composite type or the like that holds the type: the
 * server does not look into these, and refuses what it would have to check there. */
bool pg_type_is_boxed(struct ddl *d, const struct view *state, const struct obj *type);

/* The functions below a type, which need it as it needs them: makes those that the state after has
 * and the state before has not, or drops those of which it is the other way about. */
void pg_type_functions(struct ddl *d, struct str type, bool make);
/* Drops a type with these functions; refused where a column is of it. */
int pg_type_drop_with_functions(struct ddl *d, const struct obj *o, struct err *e);

/* Dependants of a type that may be changed in place by steps of their own, from what fits the old
 * type to what fits the new one: they are out of the way in between. */
#define PG_TYPE_DEPENDANTS "default,view,rule,policy,function,aggregate"

#endif
