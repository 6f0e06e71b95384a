#ifndef SNAP_DRIVERS_MYSQL_MYSQL_H
#define SNAP_DRIVERS_MYSQL_MYSQL_H

/*
 * What the rooms of this engine share: MySQL and MariaDB, one driver. The pure half: no client
 * library. Facts hold the server's own words (SHOW CREATE), taken apart; writing them down again
 * gives the same text, which is checked for each table when it is read (my_table_facts).
 */

#include "core/ddl.h"
#include "core/engine.h"
#include "core/fact.h"
#include "drivers/mysql/show.h"
#include "drivers/sql/sqlfmt.h"

extern const struct engine engine_mysql;
extern const struct sql_dialect my_dialect;

/* Kinds, each in its room. */
extern const struct kind_desc my_database_kind, my_table_kind, my_column_kind, my_primary_key_kind,
    my_index_kind, my_foreign_key_kind, my_check_kind, my_period_kind, my_view_kind,
    my_trigger_kind, my_procedure_kind, my_function_kind, my_package_kind, my_package_body_kind,
    my_event_kind, my_sequence_kind, my_grant_kind, my_rows_kind, my_row_kind;

/* One ALTER TABLE for all that changes in a table; the second is for changes that the server does
 * not make under a foreign key of the column, the third for its partitions. */
extern const struct alter my_alter_table, my_alter_column, my_alter_partitions;
/* renamed.c */
extern const struct alter my_rename_column;

/* sql_fmt into the arena. */
struct str my_text(struct arena *mem, const char *fmt, ...);
/* Appends a statement to d. */
void my_ddl(struct ddl *d, unsigned flags, const char *fmt, ...);
/* Before and behind a statement whose strings hold backslashes, which are escapes whatever the
 * session's sql_mode says of them. */
void my_escapes(struct ddl *d, struct str text, bool begin);
/* Appends a statement to d, with them. */
void my_put_stmt(struct ddl *d, struct str text);
/* A setting of the session for the statements between, given as SQL, and what it was before: kept
 * in a variable of its name, so that two pairs for one setting do not nest. */
void my_assign(struct ddl *d, const char *variable, struct str value);
void my_restore(struct ddl *d, const char *variable);
/* The same from an attribute of the object, where it has one. */
void my_set(struct ddl *d, const struct obj *o, const char *attr, const char *variable);
void my_unset(struct ddl *d, const struct obj *o, const char *attr, const char *variable);
/* Name of an object, as in the server. */
struct str my_name(struct arena *mem, struct str path);
/* Texts of an attribute that is a list; *n of them. */
struct str *my_list(struct arena *mem, struct str raw, uint32_t *n);
/* A map attribute as it is made, keys in any order; and a key of one as a text. */
void my_map_begin(struct strbuf *out);
void my_map_put(struct strbuf *out, struct str key, struct str value);
struct str my_map_end(struct strbuf *out);
struct str my_key_text(struct arena *mem, struct str raw_key);
/* Path of a top object, of a column. */
struct str my_top(struct arena *mem, const char *kind, struct str name);
struct str my_column_path(struct arena *mem, struct str table, struct str column);
/* Objects of a kind directly below a table in a state, in path order; *n of them. */
const struct obj **my_below(struct arena *mem, const struct view *v, struct str table,
                            const char *kind, uint32_t *n);
/* Columns of a table in a state, in their order. */
const struct obj **my_columns(struct arena *mem, const struct view *v, struct str table,
                              uint32_t *n);
/* A foreign key of another table refers to this one in a state. */
bool my_is_referred(const struct ddl *d, const struct view *v, struct str table);
/* Whether an attribute is the same in both. */
bool my_same_attr(const struct obj *a, const struct obj *b, const char *attr);
bool my_is_kind(const struct obj *o, const char *kind);
/* A generated column that is not stored; NULL is none. */
bool my_is_virtual(const struct obj *column);
/* The first word of a type. */
struct str my_type_word(struct str type);
/* Character set of a collation; empty: of none. */
struct str my_charset_of(struct str collation);
/* Bytes of one of its characters at most (SHOW CHARACTER SET of both servers). */
int64_t my_char_width(struct str charset);
/* Whether the facts of a state, of a catalog come from MariaDB. */
bool my_is_mariadb(const struct catalog *cat);
/* Whether the statements are for MariaDB: one of the two sides, and a state, may come from nowhere.
 */
bool my_for_mariadb(const struct ddl *d);

/* The clause of a column for a statement. */
void my_put_column(struct strbuf *out, const struct view *v, const struct obj *column);
/* Clauses as SHOW CREATE has them; `mariadb`: in the order in which that server writes them. */
void my_show_column(struct strbuf *out, const struct obj *column, bool mariadb);
void my_put_key(struct strbuf *out, const struct obj *key, bool mariadb);
void my_put_check(struct strbuf *out, const struct obj *check);
void my_put_period(struct strbuf *out, const struct obj *period);
void my_put_foreign_key(struct strbuf *out, const struct obj *fk);
/* An option of a table with its value: "ROW_FORMAT=DYNAMIC". */
void my_put_option(struct strbuf *out, struct str key, struct str value);

/* Facts of one SHOW CREATE TABLE. `collations`: of the columns in their order, absent where they
 * have none. `auto_increment` counters are kept in their own facet. False: not understood, *why
 * names the line; nothing is added then. */
bool my_table_facts(struct catalog *cat, struct str text, const struct str *collations,
                    uint32_t ncollations, struct str *why);
/* A view: its name, the text of SHOW CREATE, the session it was made in, where it is; of one that
 * is broken no column is known. */
struct my_view {
    struct str name, text, charset, collation, database;
    bool broken;
};
bool my_view_facts(struct catalog *cat, const struct my_view *v);
/* A procedure, function, trigger, event or package: `kind`, its name, the text of SHOW CREATE and
 * the session it was made in. `table`: of a trigger. */
struct my_program {
    const char *kind;
    struct str name, table, text, sql_mode, charset, collation, database_collation, time_zone;
    struct str comment; /* as it is, or absent */
};
bool my_program_facts(struct catalog *cat, const struct my_program *p);
/* Drops the triggers of a table that stay, and makes them again in their order. */
void my_triggers_again(struct ddl *d, const struct obj *table);
/* The text of a table whose defaults call sequences of its own database without naming that. */
struct str my_own_sequences(struct arena *mem, struct str text, struct str database);
bool my_sequence_facts(struct catalog *cat, struct str name, struct str text);
struct my_settings;
void my_database_facts(struct catalog *cat, struct str charset, struct str collation,
                       struct str comment, const struct my_settings *settings);
int my_comparable(const struct catalog *a, const struct catalog *b, struct arena *mem,
                  struct err *e);

/* Takes DEFINER=`a`@`b` out of a CREATE; *rest is the text behind it. Absent where there is none.
 */
struct str my_definer(struct my_lex *l);

/* row.c. What the user gave for columns that take no NULL: to those that are there, `ahead` of the
 * change; to new ones, where the server would put a value of its own, after it. */
void my_backfill(struct ddl *d, struct str table, bool ahead);

/* place.c; see struct engine. */
/* Value of a key of a URL, by either of its names ("" : none); absent where it is not there. */
struct str my_url_key(const struct source *src, const char *key, const char *other);
bool my_same_server(const struct source *a, const struct source *b, struct arena *mem);
void my_reading_role(const struct source *src, struct arena *mem, struct strbuf *out);
/* versions.c; see struct engine. */
unsigned my_level(struct str version);
void my_carry(struct catalog *cat, const struct catalog *like, struct arena *mem);

/* script.c; see struct engine. */
bool my_split(struct script *script, struct str *stmt);
void my_shell(struct str sql, struct strbuf *out);
/* spell.c; see struct engine. */
bool my_spell(struct str sql, struct strbuf *out);
struct str my_called(struct arena *mem, const struct obj *o);
void my_uses(struct arena *mem, const struct obj *o, struct name_uses *out);

struct relation;
/* See struct engine. */
void my_relate(const struct catalog *cat, const struct obj *o, struct arena *mem,
               struct relation *r);
/* What a Liquibase snapshot says of an object; see to_liquibase of struct engine. */
void my_to_liquibase(const struct catalog *cat, const struct obj *o, const struct relation *r,
                     struct arena *mem, struct lb_words *w);
/* engine.reserved. */
bool my_reserved(struct str version, struct str name);

#endif
