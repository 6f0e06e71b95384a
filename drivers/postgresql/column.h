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

/* NOT NULL as a column's clause has it, or ""; what does not fit into one; SET NOT NULL. */
struct str pg_notnull_clause(struct arena *mem, const struct obj *column);
void pg_notnull_dress(struct ddl *d, const struct obj *column);
void pg_notnull_set(struct ddl *d, const struct obj *column);
ddl_fn pg_notnull_alter, pg_notnull_rename, pg_notnull_comment;
/* Its name can be changed where it is; else the table is detached or attached in this step. */
applies_fn pg_notnull_is_own;
rides_fn pg_notnull_rides;
/* Gives NOT NULL of a table's columns, which is no partition now, the names that are wanted. */
void pg_notnull_names(struct ddl *d, struct str table);

#endif
