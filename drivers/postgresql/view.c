/* Views and materialized views; view_column.c has their columns. */

#include "drivers/postgresql/postgresql.h"

static struct str with(struct ddl *d, const struct obj *o)
{
    struct str options = pg_options(d->mem, o);
    return options.n ? pg_text(d->mem, " WITH (%S)", options) : STR("");
}

static void define(struct ddl *d, const char *head, const struct obj *o)
{
    struct str query = str_trim(obj_text(d->mem, o, "query"));
    if (str_ends(query, STR(";")))
        query.n--;
    pg_ddl(d, 0, "%s %S%S AS\n%S", head, pg_id(d->mem, o), with(d, o), pg_respell(d->mem, query));
}

static int view_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    define(d, "CREATE VIEW", c->after);
    pg_dress(d, "VIEW", pg_id(d->mem, c->after), c->after);
    return 0;
}

static int view_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP VIEW %S", pg_id(d->mem, c->before));
    return 0;
}

/* CREATE OR REPLACE takes new columns at the end only. */
static bool columns_stay(const struct ddl *d, const struct change *c)
{
    struct str before = obj_raw(c->before, "columns"), after = obj_raw(c->after, "columns");
    (void)d;
    before.n -= before.n > 0; /* the closing bracket */
    return str_starts(after, before);
}

static int view_replace(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    define(d, "CREATE OR REPLACE VIEW", c->after);
    return 0;
}

static int view_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_alter_options(d, pg_text(d->mem, "ALTER VIEW %S", pg_id(d->mem, c->after)), c);
    return 0;
}

/* Whether it is filled is no part of a schema unless that is asked for: one that is made again is
 * filled as it was, and a new one as it is wanted. */
static bool without_data(const struct ddl *d, const struct obj *o)
{
    bool asked = d->facets & F_COUNTERS;
    const struct obj *was = d->origin && !asked ? cat_find(d->origin, o->path) : NULL;
    return obj_true(was ? was : o, "not_populated");
}

static int matview_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const struct obj *o = c->after;
    struct str query = str_trim(obj_text(d->mem, o, "query"));
    struct str space = obj_text(d->mem, o, "tablespace");
    struct strbuf b = sb_new(d->mem, 0);
    if (str_ends(query, STR(";")))
        query.n--;
    sql_fmt(&b, &pg_dialect, "CREATE MATERIALIZED VIEW %S%S", pg_id(d->mem, o), with(d, o));
    if (space.n)
        sql_fmt(&b, &pg_dialect, " TABLESPACE %I", space);
    sql_fmt(&b, &pg_dialect, " AS\n%S%s", pg_respell(d->mem, query),
            without_data(d, o) ? "\nWITH NO DATA" : "");
    ddl_stmt(d, sb_view(&b), 0);
    pg_dress(d, "MATERIALIZED VIEW", pg_id(d->mem, o), o);
    return 0;
}

static int matview_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP MATERIALIZED VIEW %S", pg_id(d->mem, c->before));
    return 0;
}

static int matview_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_alter_options(d, pg_text(d->mem, "ALTER MATERIALIZED VIEW %S", pg_id(d->mem, c->after)), c);
    return 0;
}

static int matview_refresh(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "REFRESH MATERIALIZED VIEW %S%s", pg_id(d->mem, c->after),
           obj_true(c->after, "not_populated") ? " WITH NO DATA" : "");
    return 0;
}

static int matview_space(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str space = obj_text(d->mem, c->after, "tablespace");
    pg_ddl(d, 0, "ALTER MATERIALIZED VIEW %S SET TABLESPACE %I", pg_id(d->mem, c->after),
           space.n ? space : STR("pg_default"));
    return 0;
}

ALTER(create, "view.create", view_create, "CREATE VIEW");
ALTER(drop, "view.drop", view_drop, "DROP VIEW");
ALTER(options, "view.options", view_options, "SET (...), RESET (...)");
static const struct alter replace = {.name = "view.replace",
                                     .fn = view_replace,
                                     .applies = columns_stay,
                                     .other = &alter_replace,
                                     .doc = "CREATE OR REPLACE VIEW"};
ALTER(m_create, "matview.create", matview_create, "CREATE MATERIALIZED VIEW");
ALTER(m_drop, "matview.drop", matview_drop, "DROP MATERIALIZED VIEW");
ALTER(m_options, "matview.options", matview_options, "SET (...), RESET (...)");
ALTER(m_refresh, "matview.refresh", matview_refresh, "REFRESH MATERIALIZED VIEW");
ALTER(m_space, "matview.tablespace", matview_space, "SET TABLESPACE");

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_ACL,
    {"columns",         A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &replace,  1, true,  0, "its columns with their types"},
    PG_COMMENT,
    {"options",         A_MAP,  CMP_VALUE, F_STRUCTURE, NULL, &options,  1, false, 0, "security_barrier, security_invoker, check_option"},
    PG_OWNER,
    {"query",           A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &replace,  1, true,  0, "the SELECT as the server writes it"},
};
static const struct attr_desc m_attrs[] = {
    PG_ACL,
    {"columns",         A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, true,  0, "its columns with their types"},
    PG_COMMENT,
    {"not_populated",   A_BOOL, CMP_VALUE, F_COUNTERS,  NULL, &m_refresh, 1, false, 0, "WITH NO DATA; a REFRESH fills it"},
    {"options",         A_MAP,  CMP_VALUE, F_STORAGE,   NULL, &m_options, 1, false, 0, "storage parameters"},
    PG_OWNER,
    {"query",           A_BODY, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, true,  0, "the SELECT as the server writes it"},
    {"tablespace",      A_TEXT, CMP_VALUE, F_STORAGE,   NULL, &m_space,   1, false, 0, "tablespace other than the database's"},
};
/* clang-format on */

const struct kind_desc pg_view_kind = {
    .name = "view",
    .parents = "schema",
    .rank = 65,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .doc = "view",
};

const struct kind_desc pg_matview_kind = {
    .name = "matview",
    .parents = "schema",
    .rank = 54, /* before its indexes, which a step of both makes in order of rank */
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = m_attrs,
    .nattrs = sizeof m_attrs / sizeof *m_attrs,
    .create = &m_create,
    .drop = &m_drop,
    .rename = &pg_rename,
    .doc = "materialized view",
};
