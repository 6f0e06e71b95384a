/*
 * NOT NULL of a column. From 18 on it is a constraint with a name of its own, may be NOT VALID, may
 * not be inherited, may have a comment; older servers know that it is there. A name that the server
 * would choose itself is not written, unless another constraint of the schema has it too: then the
 * server's choice would hang on which came first. One that comes from a parent can be changed only
 * while the table is detached.
 */

#include "drivers/postgresql/column.h"
#include "drivers/postgresql/online.h"

static struct str constraint_of(struct arena *mem, const struct obj *o)
{
    return obj_src(mem, o, "notnull");
}

/* [CONSTRAINT name ]NOT NULL c[ NO INHERIT] with the column named, or without */
static struct str clause(struct arena *mem, const struct obj *o, struct str column)
{
    struct strbuf b = sb_new(mem, 0);
    struct str name = obj_src(mem, o, "notnull_as");
    if (name.n)
        sql_fmt(&b, &pg_dialect, "CONSTRAINT %I ", name);
    sb_c(&b, "NOT NULL");
    if (column.n)
        sql_fmt(&b, &pg_dialect, " %S", column);
    if (obj_true(o, "notnull_local"))
        sb_c(&b, " NO INHERIT");
    return sb_view(&b);
}

struct str pg_notnull_clause(struct arena *mem, const struct obj *o)
{
    return obj_true(o, "notnull") && !obj_true(o, "notnull_invalid") ? clause(mem, o, STR(""))
                                                                     : STR("");
}

static void comment(struct ddl *d, const struct obj *o, struct str text)
{
    pg_comment(d, "CONSTRAINT",
               pg_text(d->mem, "%I ON %S", constraint_of(d->mem, o), pg_table_of(d->mem, o->path)),
               text);
}

static void comment_new(struct ddl *d, const struct obj *o)
{
    if (!str_is_null(obj_raw(o, "notnull_comment")) && (d->facets & F_COMMENTS))
        comment(d, o, obj_text(d->mem, o, "notnull_comment"));
}

void pg_notnull_dress(struct ddl *d, const struct obj *o)
{
    if (obj_true(o, "notnull_invalid"))
        pg_ddl(d, 0, "ALTER TABLE %S ADD %S NOT VALID", pg_table_of(d->mem, o->path),
               clause(d->mem, o, pg_last(d->mem, o->path)));
    comment_new(d, o);
}

void pg_notnull_set(struct ddl *d, const struct obj *o)
{
    struct str table = pg_table_of(d->mem, o->path), column = pg_last(d->mem, o->path);
    bool plain = !obj_src(d->mem, o, "notnull_as").n && !obj_true(o, "notnull_local");
    if (obj_true(o, "notnull_invalid")) {
        pg_notnull_dress(d, o);
        return;
    }
    bool online = plain && pg_online_notnull(d, o);
    if (plain && !online)
        pg_ddl(d, 0, "ALTER TABLE %S ALTER COLUMN %S SET NOT NULL", table, column);
    if (!plain)
        pg_ddl(d, 0, "ALTER TABLE %S ADD %S", table, clause(d->mem, o, column));
    comment_new(d, o);
    ddl_hazard(d, HZ_DATA_DEPENDENT, o->path, "fails where a row holds NULL");
}

static void drop(struct ddl *d, const struct obj *o)
{
    pg_ddl(d, 0, "ALTER TABLE %S ALTER COLUMN %S DROP NOT NULL", pg_table_of(d->mem, o->path),
           pg_last(d->mem, o->path));
}

/* It is there before and after. A validated one cannot become unvalidated but anew. */
static void alter(struct ddl *d, const struct change *c)
{
    struct str table = pg_table_of(d->mem, c->after->path);
    struct str name = constraint_of(d->mem, c->before); /* a new one comes after */
    if (pg_changed(c, "notnull_invalid") && obj_true(c->after, "notnull_invalid")) {
        drop(d, c->before);
        pg_notnull_dress(d, c->after);
        return;
    }
    if (pg_changed(c, "notnull_local"))
        pg_ddl(d, 0, "ALTER TABLE %S ALTER CONSTRAINT %I %s", table, name,
               obj_true(c->after, "notnull_local") ? "NO INHERIT" : "INHERIT");
    if (pg_changed(c, "notnull_invalid")) {
        pg_ddl(d, 0, "ALTER TABLE %S VALIDATE CONSTRAINT %I", table, name);
        ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path, "fails where a row holds NULL");
    }
}

int pg_notnull_alter(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    bool was = obj_true(c->before, "notnull"), on = obj_true(c->after, "notnull");
    if (obj_raw(c->after, "identity").n && !obj_raw(c->before, "identity").n && !was)
        return 0; /* set before the identity comes */
    if (was && on)
        alter(d, c);
    else if (on)
        pg_notnull_set(d, c->after);
    else
        drop(d, c->before);
    return 0;
}

/* It comes, goes, or comes anew by pg_notnull_alter, with its name and comment. */
static bool is_anew(const struct change *c)
{
    return pg_changed(c, "notnull") ||
           (pg_changed(c, "notnull_invalid") && obj_true(c->after, "notnull_invalid"));
}

static void comment_changed(struct ddl *d, const struct obj *before, const struct obj *after)
{
    struct str was = obj_raw(before, "notnull_comment"), is = obj_raw(after, "notnull_comment");
    if (!str_eq(was, is) && (d->facets & F_COMMENTS))
        comment(d, after, str_is_null(is) ? STR_NULL : obj_text(d->mem, after, "notnull_comment"));
}

static void rename_to(struct ddl *d, const struct obj *before, const struct obj *after)
{
    pg_ddl(d, 0, "ALTER TABLE %S RENAME CONSTRAINT %I TO %I", pg_table_of(d->mem, after->path),
           constraint_of(d->mem, before), constraint_of(d->mem, after));
    comment_changed(d, before, after);
}

int pg_notnull_rename(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    if (!is_anew(c))
        rename_to(d, c->before, c->after);
    return 0;
}

bool pg_notnull_is_own(const struct ddl *d, const struct change *c)
{
    return is_anew(c) || !obj_src(d->mem, c->before, "notnull_inherited").n;
}

struct str pg_notnull_rides(const struct ddl *d, const struct change *c)
{
    struct str part =
        path_join(d->mem, path_parent(change_obj(c)->path), STR("partition"), STR("#"));
    const struct obj *was = view_get(d->before, part), *is = view_get(d->after, part);
    bool moves = !was != !is || (was && !str_eq(was->a, is->a));
    return moves && c->before && c->after && !is_anew(c) ? part : STR_NULL;
}

void pg_notnull_names(struct ddl *d, struct str table)
{
    struct view_iter it = view_iter(d->after, table);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        const struct obj *was = view_get(d->before, o->path);
        if (str_eq(path_kind(o->path), STR("column")) && was && obj_true(o, "notnull") &&
            obj_true(was, "notnull") &&
            !str_eq(obj_raw(was, "notnull_name"), obj_raw(o, "notnull_name")))
            rename_to(d, was, o);
    }
}

/* Under another name it changes with the name. */
int pg_notnull_comment(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    if (!is_anew(c) && !pg_changed(c, "notnull_name"))
        comment_changed(d, c->before, c->after);
    return 0;
}
