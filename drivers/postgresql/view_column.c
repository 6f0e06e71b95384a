/*
 * What a column of a view or a materialized view has beside name and type: a default, a comment,
 * grants, and of a materialized view the settings of its storage and statistics.
 */

#include "drivers/postgresql/postgresql.h"

/* ALTER VIEW v ALTER COLUMN c ... */
static void set_default(struct ddl *d, const struct obj *o)
{
    struct str dflt = obj_text(d->mem, o, "default");
    struct str head = pg_text(d->mem, "ALTER VIEW %S ALTER COLUMN %S", pg_table_of(d->mem, o->path),
                              pg_last(d->mem, o->path));
    if (dflt.n)
        pg_ddl(d, 0, "%S SET DEFAULT %S", head, dflt);
    else
        pg_ddl(d, 0, "%S DROP DEFAULT", head);
}

/* ALTER MATERIALIZED VIEW m ALTER COLUMN c ... */
static void alter_stored(struct ddl *d, const struct obj *o, const char *fmt, struct str arg)
{
    pg_ddl(d, 0, "ALTER MATERIALIZED VIEW %S ALTER COLUMN %S %S", pg_table_of(d->mem, o->path),
           pg_last(d->mem, o->path), pg_text(d->mem, fmt, arg));
}

static void set_storage(struct ddl *d, const struct obj *o)
{
    struct str storage = obj_text(d->mem, o, "storage"), own = obj_src(d->mem, o, "storage");
    own = own.n ? own : STR("EXTENDED"); /* of most types, for which the fact does not say it */
    alter_stored(d, o, "SET STORAGE %S", storage.n ? storage : own);
}

static void set_compression(struct ddl *d, const struct obj *o)
{
    struct str how = obj_text(d->mem, o, "compression");
    alter_stored(d, o, "SET COMPRESSION %S", how.n ? how : STR("default"));
}

static void set_statistics(struct ddl *d, const struct obj *o)
{
    struct str target = obj_raw(o, "statistics");
    alter_stored(d, o, "SET STATISTICS %S", target.n ? target : STR("-1"));
}

static void reset_options(struct ddl *d, const struct obj *o)
{
    struct strbuf gone = sb_new(d->mem, 0);
    struct str key, value;
    for (struct jc_iter it = jc_iter(obj_raw(o, "options")); jc_next(&it, &key, &value);)
        sql_fmt(&gone, &pg_dialect, "%s%S", gone.n ? ", " : "", pg_key(d->mem, key));
    if (gone.n)
        alter_stored(d, o, "RESET (%S)", sb_view(&gone));
}

static void set_options(struct ddl *d, const struct obj *o)
{
    struct str options = pg_options(d->mem, o);
    if (options.n)
        alter_stored(d, o, "SET (%S)", options);
}

static void set_comment(struct ddl *d, const struct obj *o)
{
    struct str text = STR_NULL;
    if (!str_is_null(obj_raw(o, "comment")))
        text = obj_text(d->mem, o, "comment");
    pg_comment(d, "COLUMN",
               pg_text(d->mem, "%S.%S", pg_table_of(d->mem, o->path), pg_last(d->mem, o->path)),
               text);
}

static void set_acl(struct ddl *d, const struct obj *before, const struct obj *after)
{
    pg_grants(d, "TABLE", pg_table_of(d->mem, after->path), before, after,
              pg_text(d->mem, " (%S)", pg_last(d->mem, after->path)));
}

static int vc_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    if (obj_raw(c->after, "default").n)
        set_default(d, c->after);
    if (obj_raw(c->after, "comment").n && (d->facets & F_COMMENTS))
        set_comment(d, c->after);
    if (d->facets & F_ACL)
        set_acl(d, NULL, c->after);
    if (!(d->facets & F_STORAGE))
        return 0;
    if (obj_raw(c->after, "storage").n)
        set_storage(d, c->after);
    if (obj_raw(c->after, "compression").n)
        set_compression(d, c->after);
    if (obj_raw(c->after, "statistics").n)
        set_statistics(d, c->after);
    set_options(d, c->after);
    return 0;
}

static int vc_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct obj bare = *c->before;
    (void)e;
    bare.a = STR("{}");
    bare.src = STR_NULL;
    if (obj_raw(c->before, "default").n)
        set_default(d, &bare);
    if (obj_raw(c->before, "comment").n)
        set_comment(d, &bare);
    set_acl(d, c->before, &bare);
    bare.src = c->before->src; /* the strategy of the column's type */
    if (obj_raw(c->before, "storage").n)
        set_storage(d, &bare);
    if (obj_raw(c->before, "compression").n)
        set_compression(d, &bare);
    if (obj_raw(c->before, "statistics").n)
        set_statistics(d, &bare);
    reset_options(d, c->before);
    return 0;
}

static int vc_default(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_default(d, c->after);
    return 0;
}

static int vc_comment(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_comment(d, c->after);
    return 0;
}

static int vc_acl(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_acl(d, c->before, c->after);
    return 0;
}

static int vc_storage(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_storage(d, c->after);
    return 0;
}

static int vc_compression(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_compression(d, c->after);
    return 0;
}

static int vc_statistics(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_statistics(d, c->after);
    return 0;
}

static int vc_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    reset_options(d, c->before);
    set_options(d, c->after);
    return 0;
}

ALTER(v_create, "view_column.create", vc_create, "ALTER COLUMN, COMMENT ON COLUMN, GRANT");
ALTER(v_drop, "view_column.drop", vc_drop, "back to what a column has by default");
ALTER(v_default, "view_column.default", vc_default, "SET DEFAULT, DROP DEFAULT");
ALTER(v_comment, "view_column.comment", vc_comment, "COMMENT ON COLUMN");
ALTER(v_acl, "view_column.grants", vc_acl, "GRANT, REVOKE");
ALTER(v_storage, "view_column.storage", vc_storage, "SET STORAGE");
ALTER(v_compression, "view_column.compression", vc_compression, "SET COMPRESSION");
ALTER(v_statistics, "view_column.statistics", vc_statistics, "SET STATISTICS");
ALTER(v_options, "view_column.options", vc_options, "SET (...), RESET (...)");

/* clang-format off */
static const struct attr_desc v_attrs[] = {
    {"acl",         A_MAP,  CMP_VALUE, F_ACL,       NULL, &v_acl,         1, false, 0, "grants on the column by grantee"},
    {"comment",     A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &v_comment,     1, false, 0, "COMMENT ON"},
    {"compression", A_TEXT, CMP_VALUE, F_STORAGE,   NULL, &v_compression, 1, false, 0, "compression method of a materialized view's column"},
    {"default",     A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &v_default,     1, true,  0, "default of INSERT into the view"},
    {"options",     A_MAP,  CMP_VALUE, F_STORAGE,   NULL, &v_options,     1, false, 0, "n_distinct of a materialized view's column"},
    {"statistics",  A_INT,  CMP_VALUE, F_STORAGE,   NULL, &v_statistics,  1, false, 0, "statistics target of a materialized view's column"},
    {"storage",     A_TEXT, CMP_VALUE, F_STORAGE,   NULL, &v_storage,     1, false, 0, "TOAST strategy other than the type's"},
};
/* clang-format on */

const struct kind_desc pg_view_column_kind = {
    .name = "view_column",
    .parents = "view,matview",
    .flags = KF_CASCADE,
    .rank = 67,
    .facet = F_STRUCTURE,
    .attrs = v_attrs,
    .nattrs = sizeof v_attrs / sizeof *v_attrs,
    .create = &v_create,
    .drop = &v_drop,
    .rename = &pg_rename,
    .doc = "column of a view that has a comment, grants, a default or settings",
};
