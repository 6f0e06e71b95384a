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

static struct str names_of(const struct catalog *cat, struct arena *mem)
{
    struct my_settings settings;
    my_get_settings(cat, mem, &settings);
    struct str value = my_setting_of(&settings, "lower_case_table_names");
    return value.n ? value : STR("0");
}

static bool is_relation(const struct obj *o)
{
    return word_in("table,view,sequence", path_kind(o->path)) && !path_parent(o->path).n;
}

/* A name of `a` that stands in `b` in another case only; NULL: there is none. */
static const struct obj *recased(const struct catalog *a, const struct catalog *b,
                                 const struct obj **twin)
{
    for (uint32_t i = 0; i < a->n; i++) {
        if (!is_relation(&a->v[i]) || cat_find(b, a->v[i].path))
            continue;
        for (uint32_t k = 0; k < b->n; k++)
            if (str_eq_fold(a->v[i].path, b->v[k].path)) {
                *twin = &b->v[k];
                return &a->v[i];
            }
    }
    return NULL;
}

/* A server that does not heed the case of names, or makes them small, has under another name what
 * the other side has: neither is missing there. */
int my_comparable(const struct catalog *a, const struct catalog *b, struct arena *mem,
                  struct err *e)
{
    struct str x = names_of(a, mem), y = names_of(b, mem);
    const struct obj *twin, *o;
    if (str_eq_c(x, "0") && str_eq_c(y, "0"))
        return 0;
    o = recased(a, b, &twin);
    if (!o)
        return 0;
    err_set(e, E_CANNOT_COMPARE,
            "%.*s here is %.*s there: lower_case_table_names is %.*s on one server and %.*s on the "
            "other",
            STR_ARG(my_name(mem, o->path)), STR_ARG(my_name(mem, twin->path)), STR_ARG(x),
            STR_ARG(y));
    return err_hint(e,
                    "give tables and views names in lower case, or compare servers with the same "
                    "setting");
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
