/* Confirmed renames. The server carries the new name into views, checks, defaults and whatever else
 * it holds as a tree; texts of functions keep the old one. */

#include "drivers/postgresql/postgresql.h"

#include <string.h>

static bool is_one_of(const struct obj *o, const char *kinds)
{
    return word_in(kinds, path_kind(o->path));
}

/* The name of a function without its arguments, the arguments in their parentheses. */
static struct str without_arguments(struct str name, struct str *arguments)
{
    size_t open = str_chr(name, '(');
    *arguments = str_from(name, open);
    return str_sub(name, 0, open);
}

static int rename_function(struct ddl *d, const struct change *c)
{
    struct str arguments, none;
    struct str old = without_arguments(path_name(d->mem, c->before->path), &arguments);
    struct str new = without_arguments(path_name(d->mem, c->after->path), &none);
    pg_ddl(d, 0, "ALTER %s %S.%I%S RENAME TO %I", pg_keyword(d->eng, c->before),
           pg_name(d->mem, c->before->path, 1), old, arguments, new);
    return 0;
}

/* An index lies in its table, and its name in the table's schema. */
static struct str whole_name(struct ddl *d, const struct obj *o)
{
    if (!is_one_of(o, "index"))
        return pg_name(d->mem, o->path, UINT32_MAX);
    return pg_text(d->mem, "%S.%S", pg_name(d->mem, o->path, 1), pg_last(d->mem, o->path));
}

static int rename_it(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = c->before;
    struct str old = pg_last(d->mem, o->path), new = pg_last(d->mem, c->after->path);
    struct str holder = pg_table_of(d->mem, o->path);
    (void)e;
    if (is_one_of(o, "function"))
        return rename_function(d, c);
    if (is_one_of(o, "column,view_column"))
        pg_ddl(d, 0, "ALTER TABLE %S RENAME COLUMN %S TO %S", holder, old, new);
    else if (is_one_of(o, "attribute"))
        pg_ddl(d, 0, "ALTER TYPE %S RENAME ATTRIBUTE %S TO %S", holder, old, new);
    else if (is_one_of(o, "primary_key,unique,check,exclude,foreign_key"))
        pg_ddl(d, 0, "ALTER %s %S RENAME CONSTRAINT %S TO %S",
               str_eq_c(path_kind(path_parent(o->path)), "domain") ? "DOMAIN" : "TABLE", holder,
               old, new);
    else if (is_one_of(o, "trigger,rule,policy"))
        pg_ddl(d, 0, "ALTER %s %S ON %S RENAME TO %S", obj_kind(d->eng, o)->name, old, holder, new);
    else
        pg_ddl(d, 0, "ALTER %s %S RENAME TO %S", pg_keyword(d->eng, o), whole_name(d, o), new);
    return 0;
}

const struct alter pg_rename = {
    .name = "object.rename", .fn = rename_it, .doc = "ALTER ... RENAME"};
