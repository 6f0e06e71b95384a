#ifndef SNAP_DRIVERS_POSTGRESQL_COLUMN_H
#define SNAP_DRIVERS_POSTGRESQL_COLUMN_H

#include "drivers/postgresql/postgresql.h"

/* A column as CREATE TABLE and ADD COLUMN write it. */
struct str pg_column_clause(struct ddl *d, const struct view *state, const struct obj *column);
/* ALTER TABLE ONLY ... ALTER COLUMN: what each table has for itself; without ONLY it would spread
 * to those that inherit. `fmt` takes `arg`. */
void pg_alter_column_only(struct ddl *d, const struct obj *column, const char *fmt, struct str arg);
/* Whether the type or the collation does. */
bool pg_column_type_differs(const struct obj *was, const struct obj *is);
/* What stands in no clause: storage, statistics target, options, comment, grants. */
void pg_column_dress(struct ddl *d, const struct obj *column);

/* A column or attribute is new: what the columns that came along with it, in tables that inherit or
 * are made of the type, have for themselves. */
void pg_column_followers(struct ddl *d, const struct obj *top);

/* Whether the column stands in the key of a partitioned table: its type cannot change. */
bool pg_column_in_key(struct arena *mem, const struct view *state, const struct obj *column);

/* The column and those that inherit it, or that follow the attribute of a composite type, of one
 * state: their defaults are taken away or put back. */
void pg_column_defaults(struct ddl *d, const struct view *state, struct str path, bool put);

#endif
