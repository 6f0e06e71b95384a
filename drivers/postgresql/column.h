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
/* What stands in no clause: storage, statistics target, options, comment. */
void pg_column_dress(struct ddl *d, const struct obj *column);
/* Of a new table behind its own grants: REVOKE on the table would take them along. */
void pg_column_grants(struct ddl *d, const struct obj *column);

/* The default and NOT NULL of a column that comes with its table from the parents, where it has
 * others. */
int pg_column_own(struct ddl *d, const struct obj *column, struct err *e);
/* A column or attribute is new: what the columns that came along with it, in tables that inherit or
 * are made of the type, have for themselves. */
void pg_column_followers(struct ddl *d, const struct obj *top);

/* Whether there is a cast between the types of a column before and after; true where nobody can
 * tell without asking the server. */
bool pg_castable(struct ddl *d, const struct obj *was, const struct obj *is);
/* Whether the values go by way of text: between two enums, composites or the like without a cast.
 */
bool pg_cast_by_text(struct ddl *d, const struct obj *was, const struct obj *is);
/* ALTER TABLE t ALTER COLUMN c and what fmt says, for those that inherit it too. */
void pg_alter_column(struct ddl *d, const struct obj *column, const char *fmt, struct str arg);
/* The default of a column, or NULL. */
const struct obj *pg_default_of(const struct view *state, struct arena *mem,
                                const struct obj *column);

/* The change that a column's change follows: that of the parent's column, of the attribute of the
 * type that a typed table is made of, of the extension that the type moves with; or absent. */
struct str pg_column_follows(const struct ddl *d, const struct change *c);
/* The facts that a table which is a partition, or inherits, needs, its parents among them; absent
 * where the parents are not the same before and after. */
struct str pg_parents(const struct ddl *d, struct str table);

/* Whether columns come from the parents alone, in place, with the table's change of parents or with
 * a column `top` of a parent that is new. */
int pg_column_inherited(struct ddl *d, const struct change *c, struct err *e);
struct str pg_column_rides_table(const struct ddl *d, const struct change *c);
int pg_column_merge(struct ddl *d, const struct obj *top, struct err *e);
int pg_columns_inherited(struct ddl *d, struct str table, struct err *e);

/* The same for checks: with the change of the tie to the parents; in place, where neither the tie
 * nor the parents' checks of the name change. */
rides_fn pg_check_rides_table;
applies_fn pg_check_is_mark;
ddl_fn pg_check_inherited;

/* Options of an identity's sequence, as they stand in parentheses. */
struct str pg_identity_options(struct arena *mem, struct str map);
/* The path of the sequence's name, which is no fact. */
struct str pg_identity_sequence(struct arena *mem, const struct obj *column);
/* What the identity of a column becomes. */
int pg_identity_alter(struct ddl *d, const struct change *c, struct err *e);
/* The column has no identity and gets one. */
void pg_identity_add(struct ddl *d, const struct change *c);
/* Takes from the sequence of a new identity what default privileges have given. */
void pg_identity_undo_defaults(struct ddl *d, const struct obj *column);
void pg_identity_change(struct ddl *d, const struct change *c);
/* Whether the bounds of an identity that stays become narrower. */
bool pg_identity_shrinks(struct ddl *d, const struct change *c);
/* A new sequence (an expression for its oid) goes on where the values of its column end. */
void pg_serial_catch_up(struct ddl *d, struct str sequence, const struct obj *column, int64_t by);

/* Whether the column stands in the key of a partitioned table: its type cannot change. */
bool pg_column_in_key(struct arena *mem, const struct view *state, const struct obj *column);

/* The column and those that inherit it, or that follow the attribute of a composite type, of one
 * state: their defaults are taken away or put back. */
void pg_column_defaults(struct ddl *d, const struct view *state, struct str path, bool put);

/* NOT NULL as a column's clause has it, or ""; what does not fit into one; SET NOT NULL. */
struct str pg_notnull_clause(struct arena *mem, const struct obj *column);
void pg_notnull_dress(struct ddl *d, const struct obj *column);
/* That of a column which is new with what it inherits, where it inherits none. */
void pg_notnull_own(struct ddl *d, const struct obj *column);
/* Its clause where it has another name than what comes from the parents at the same time; or "". */
struct str pg_notnull_beside(struct ddl *d, const struct obj *column);
/* The column gets it, and those that inherit the column what they have then. */
void pg_notnull_comes(struct ddl *d, const struct change *c);
ddl_fn pg_notnull_alter, pg_notnull_rename, pg_notnull_comment;
/* The change of a parent's NOT NULL, which sees to that of the columns below it. */
rides_fn pg_notnull_follows, pg_notnull_name_follows;
/* Its name can be changed where it is; else the table is detached or attached in this step. */
applies_fn pg_notnull_is_own;
rides_fn pg_notnull_rides;
/* Gives NOT NULL of a table's columns, which is no partition now, the names that are wanted. */
void pg_notnull_names(struct ddl *d, struct str table);

#endif
