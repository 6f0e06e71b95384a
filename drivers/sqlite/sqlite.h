#ifndef SNAP_DRIVERS_SQLITE_SQLITE_H
#define SNAP_DRIVERS_SQLITE_SQLITE_H

/*
 * What the rooms of the SQLite driver share. One room per kind of object: its descriptor row, the
 * facts made from its CREATE text, its statements and hazards. Nothing here needs the client
 * library; the live half is live.c, scratch.c, deps.c and rows.c.
 */

#include "core/ddl.h"
#include "core/fact.h"
#include "drivers/sql/lex.h"
#include "drivers/sqlite/canon.h"
#include "drivers/sqlite/parse.h"

extern const struct engine engine_sqlite;

/* rooms: their kinds */
extern const struct kind_desc lite_table_kind, lite_column_kind, lite_primary_key_kind,
    lite_unique_kind, lite_check_kind, lite_foreign_key_kind, lite_index_kind, lite_view_kind,
    lite_trigger_kind, lite_virtual_kind, lite_pragma_kind, lite_rows_kind, lite_row_kind;
/* and the alters that more than one room uses */
extern const struct alter lite_rebuild;

/* Facts of one CREATE text. */
/* `sequence`: its row of sqlite_sequence, or empty. */
void lite_table_facts(struct catalog *cat, const struct lite_table *t, struct str sequence);
void lite_constraint_facts(struct catalog *cat, const struct lite_table *t, struct str table_path);
/* false: not understood. */
bool lite_index_facts(struct catalog *cat, struct str sql, const struct lite_names *columns);
bool lite_view_facts(struct catalog *cat, struct str sql, const struct str *deps, uint32_t ndeps);
/* `on_view`: the trigger is on a view. */
bool lite_trigger_facts(struct catalog *cat, struct str sql, bool on_view, const struct str *deps,
                        uint32_t ndeps);
/* `paths`: of tables and views, as far as they are known; or NULL. */
bool lite_virtual_facts(struct catalog *cat, struct str sql, const struct str *columns,
                        uint32_t ncolumns, const struct lite_names *paths);
void lite_pragma_fact(struct catalog *cat, const char *name, struct str value);

/* Path of a top object. */
struct str lite_top_path(struct arena *mem, const char *kind, struct str name);

/* Appends a statement to d; formats of sql_fmt. */
void lite_ddl(struct ddl *d, unsigned flags, const char *fmt, ...);
/* The text of a format of sql_fmt. */
struct str lite_text(struct arena *mem, const char *fmt, ...);
/* A statement without the blanks and comments around it: one that ends in a comment would take
 * along what a script puts behind it. In place. */
struct str lite_statement(struct str sql);
/* Appends the stored CREATE text of an object (index, view, trigger, virtual table). */
void lite_ddl_src(struct ddl *d, const struct obj *o);

/* The CREATE TABLE of a table as it stands in a view, under the given name. */
struct str lite_create_table(struct arena *mem, const struct view *v, struct str path,
                             struct str name);
/* Columns of a table in a view, in their order: facts. *n of them. */
const struct obj **lite_columns(struct arena *mem, const struct view *v, struct str table,
                                uint32_t *n);
/* The clauses of constraints that are written at a column: " UNIQUE CHECK (...)". */
void lite_inline_constraints(struct strbuf *out, const struct view *v, const struct obj *column);

/* A list attribute as texts. */
struct str *lite_list(struct arena *mem, struct str raw, uint32_t *n);
/* Whether a canonical list of terms or names holds the column (folded), with or without COLLATE
 * and DESC. */
bool lite_terms_hold(struct arena *mem, struct str raw, struct str folded);
/* Whether the canonical text has the name as a word of its own. */
bool lite_mentions(struct arena *mem, struct str canonical, struct str folded);

/* Whether every view and trigger of this state finds all that it needs: else SQLite refuses to
 * RENAME or to DROP COLUMN anywhere in the database. */
bool lite_all_resolve(struct arena *mem, const struct view *v);
/* Whether some body or condition may hold a string in double quotes. RENAME COLUMN and DROP COLUMN
 * rewrite such strings with single quotes in the whole schema (tried on 3.40 and 3.54). */
bool lite_has_quoted_strings(struct arena *mem, const struct view *v);
/* The table is pointed at by a foreign key of another table in this state. */
bool lite_is_parent(const struct view *v, struct str table_path);
/* The parent of a foreign key is there in this state and has a key over the columns named: else
 * SQLite refuses any change of rows that the key could concern ("foreign key mismatch"). */
bool lite_foreign_key_fits(struct arena *mem, const struct view *v, const struct obj *fk);
/* Statements that keep foreign keys from acting while the step runs. */
void lite_foreign_keys_off(struct ddl *d);
/* A name that no object of the two states has: prefix + name. */
struct str lite_free_name(struct ddl *d, const char *prefix, struct str name);
/* A guard: stops with the message when the condition (SQL) is not true. */
void lite_check(struct ddl *d, unsigned flags, struct str message, struct str condition);

/* A CHECK of the table in this state says table.column of itself. */
bool lite_names_itself(struct arena *mem, const struct view *v, struct str table);
/* The affinity by which a column's values are stored in this state. The attribute follows from the
 * type alone: ANY keeps every value as it is in a STRICT table and is numeric in others. */
struct str lite_stored_as(struct arena *mem, const struct view *v, const struct obj *column);
/* A virtual table whose text lies in another table (content = 'name'). */
bool lite_is_external(struct arena *mem, const struct obj *o);
/* Makes the index of full-text tables over this table, or over views of it, anew where what it was
 * made from changes: the rowids (`rowids`), how a column is stored, or that one is there. */
void lite_refresh_full_text(struct ddl *d, struct str table, bool rowids);
/* row.c. What a rebuild puts into a column that takes no NULL instead of what is there: what the
 * user gave, or rows that are known; absent: nothing of the kind. */
struct str lite_filled(struct ddl *d, const struct obj *before, const struct obj *after);
/* Path of the column that is the rowid in this state (INTEGER PRIMARY KEY), or absent. */
struct str lite_rowid_alias(struct arena *mem, const struct view *v, struct str table);

struct relation;
/* See struct engine. */
void lite_relate(const struct catalog *cat, const struct obj *o, struct arena *mem,
                 struct relation *r);
/* What a Liquibase snapshot says of an object; see to_liquibase of struct engine. */
void lite_to_liquibase(const struct catalog *cat, const struct obj *o, const struct relation *r,
                       struct arena *mem, struct lb_words *w);

#endif
