/* What hangs on the database itself: character set and collation of new tables, comment. Its name
 * is no fact, so that databases of any name compare; ALTER DATABASE without one means the current.
 */

#include "drivers/mysql/mysql.h"
#include "drivers/mysql/settings.h"

static int database_set(struct ddl *d, const struct change *c, struct err *e)
{
    struct str comment = obj_text(d->mem, c->after, "comment");
    (void)e;
    my_ddl(d, 0, "ALTER DATABASE CHARACTER SET %S COLLATE %S",
           obj_text(d->mem, c->after, "charset"), obj_text(d->mem, c->after, "collation"));
    if (comment.n || (c->before && obj_raw(c->before, "comment").n))
        my_put_stmt(d, my_text(d->mem, "ALTER DATABASE COMMENT %L", comment.n ? comment : STR("")));
    return 0;
}

/* The database itself stays, with what it has. */
static int database_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)d;
    (void)c;
    (void)e;
    return 0;
}

void my_database_facts(struct catalog *cat, struct str charset, struct str collation,
                       struct str comment, const struct my_settings *settings)
{
    struct fact f;
    fact_begin(&f, cat, "database", STR(""), STR("database"));
    fact_text(&f, "charset", charset);
    fact_text(&f, "collation", collation);
    if (comment.n)
        fact_text(&f, "comment", comment);
    my_put_settings(&f, settings);
    fact_end(&f);
}

static const struct alter set = {
    .name = "database.set", .fn = database_set, .doc = "ALTER DATABASE"};
static const struct alter drop = {
    .name = "database.drop", .fn = database_drop, .doc = "nothing: it stays"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"charset",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &set, 1, false, 0, "character set of new tables"},
    {"collation", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &set, 1, false, 0, "collation of new tables"},
    {"comment",   A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &set, 1, false, 0, "COMMENT (MariaDB)"},
};
/* clang-format on */

const struct kind_desc my_database_kind = {
    .name = "database",
    .parents = "",
    .flags = KF_LASTS,
    .rank = 1,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &set,
    .drop = &drop,
    .doc = "settings of the database",
};
