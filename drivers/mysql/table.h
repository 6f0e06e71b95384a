#ifndef SNAP_DRIVERS_MYSQL_TABLE_H
#define SNAP_DRIVERS_MYSQL_TABLE_H

/* What the rooms of a table's parts share: facts of what show.h has taken apart. */

#include "drivers/mysql/mysql.h"

/* Types of one family, and texts with all, are converted into one another. */
enum my_family { MY_TEXTS, MY_NUMBERS, MY_GEOMETRIES, MY_UUID, MY_INET4, MY_INET6 };
enum my_family my_family_of(struct str type);

void my_column_facts(struct catalog *cat, const struct my_column *c, struct str table,
                     struct str collation);
void my_key_facts(struct catalog *cat, const struct my_key *k, struct str table);
/* Whether a key has to be made anew; `hidden` is changed in place. */
bool my_key_differs(const struct obj *a, const struct obj *b);
/* Names the unique keys whose values another collation of the column may make equal. */
void my_name_equals(struct ddl *d, const struct obj *was, const struct obj *is);
/* Only the words about a key differ, at most. */
bool my_key_comments(const struct obj *a, const struct obj *b);
/* Keys that differ in options alone that MySQL does not look at: when one statement drops one and
 * adds the other, it keeps the old one without a word. */
bool my_keys_look_alike(struct arena *mem, const struct obj *a, const struct obj *b);
/* Clauses that make keys of a table again that the server would drop: it makes a key for a foreign
 * key by itself, and drops that, which nothing tells from another, when one comes that serves as
 * well. `fk`: one that comes; NULL: what comes are keys. */
struct str my_kept_keys(struct ddl *d, struct str table, const struct obj *fk);
/* MySQL writes the literals of each CHECK of a table anew with an ALTER TABLE, in the character set
 * of the columns beside them, but for those of checks that come with it: behind one, the checks
 * whose text that changes come again. */
void my_restate_checks(struct ddl *d, struct str table);
void my_check_facts(struct catalog *cat, const struct my_check *c, struct str table);
/* Nothing but RENAME COLUMN gives a versioned table's history another first or last column: -1 with
 * the option that asks for it. */
int my_keeps_period(struct ddl *d, struct str table, struct err *e);
void my_period_facts(struct catalog *cat, const struct my_period *p, struct str table);
void my_foreign_key_facts(struct catalog *cat, const struct my_foreign_key *f, struct str table);

/* The order of columns (order.c). Of those that stay, the ones that need not move: a longest run of
 * them whose places rise; stays[i] for the i-th of the wanted order, place[i] is where it was or
 * UINT32_MAX. */
void my_keep_places(struct arena *mem, const uint32_t *place, uint32_t n, bool *stays);
/* Where a path stands in the list, or UINT32_MAX. */
uint32_t my_place_of(const struct obj *const *list, uint32_t n, struct str path);
/* Whether the column, one of n wanted ones, comes last by itself when it is added at the end. */
bool my_ends_there(const bool *stays, uint32_t i, uint32_t n);
/* FIRST or AFTER for the i-th. */
void my_put_place(struct strbuf *out, const struct obj *const *list, uint32_t i);

/* A column that may be NULL and has no default, not even that: MySQL has no clause for it, only
 * DROP DEFAULT once the column is there. Appends that for such a one; the ALTER TABLE of all. */
void my_put_bare(struct strbuf *out, const struct obj *column);
void my_alter_bare(struct ddl *d, struct str table, struct str clauses);
/* A column without a character set of its own keeps what it has from its table when that gets
 * another one, and MySQL writes it at the column from then on, without a collation. Written in a
 * MODIFY it would be the column's own, and shown with one. Whether that is all that changes in the
 * column. */
bool my_follows_table(const struct ddl *d, const struct obj *was, const struct obj *is);
/* A column that has the character set which its table had once, and none of its own (MySQL): the
 * table gets that one again for a moment. Adds such a column, that is there already with the set as
 * its own, to the list; the statements of all of them. */
struct my_inheriting {
    const struct obj **v;
    uint32_t n, cap;
};
void my_put_inheriting(struct ddl *d, struct my_inheriting *list, const struct obj *column);
void my_alter_inheriting(struct ddl *d, struct str table, const struct my_inheriting *list);

/* Before and behind a statement on a table: what the server refuses of it by its session's
 * settings, though the table is so already: zero dates as defaults, changes of what has a history.
 */
void my_permit(struct ddl *d, struct str table, bool begin);

/* Whether the server refuses the change of a column while a foreign key needs that. */
bool my_minds_keys(const struct ddl *d, const struct change *c);

/* What takes an option back to what a table has without it; NULL: nothing does. */
const char *my_reset_option(struct str key);
/* An option that no table keeps in the statement that gives it another engine; statements that
 * reset those of `was` that are gone, before or behind that one. */
bool my_resets_apart(const struct obj *was, const struct obj *is, struct str key);
void my_reset_apart(struct ddl *d, const struct obj *was, const struct obj *is, bool behind);

#endif
