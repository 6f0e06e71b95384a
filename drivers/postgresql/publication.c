/* Publications, with what they publish as facts of their own. */

#include "drivers/postgresql/postgresql.h"

static struct str head_of(struct ddl *d, const struct obj *o)
{
    return pg_text(d->mem, "ALTER PUBLICATION %S", pg_name(d->mem, o->path, 1));
}

/* k = 'v', k2 = 'v2'; those of `less` that are not there get their default. */
static struct str publish_options(struct ddl *d, const struct obj *o, const struct obj *less)
{
    struct strbuf b = sb_new(d->mem, 0);
    struct str key, value, map = obj_raw(o, "options");
    for (struct jc_iter it = jc_iter(map); jc_next(&it, &key, &value);)
        sql_fmt(&b, &pg_dialect, "%s%S = %L", b.n ? ", " : "", key, jc_text(d->mem, value));
    for (struct jc_iter it = jc_iter(obj_raw(less, "options")); jc_next(&it, &key, &value);) {
        if (!str_is_null(pg_map_text(d->mem, map, key)))
            continue;
        struct str dflt = str_eq(key, STR("publish")) ? STR("insert, update, delete, truncate")
                          : str_eq(key, STR("publish_generated_columns")) ? STR("none")
                                                                          : STR("false");
        sql_fmt(&b, &pg_dialect, "%s%S = %L", b.n ? ", " : "", key, dflt);
    }
    return sb_view(&b);
}

static int publication_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const struct obj *o = c->after;
    struct str options = publish_options(d, o, NULL);
    pg_ddl(d, 0, "CREATE PUBLICATION %S%s%s%S%s", pg_id(d->mem, o),
           obj_true(o, "all_tables") ? " FOR ALL TABLES" : "", options.n ? " WITH (" : "", options,
           options.n ? ")" : "");
    pg_dress(d, "PUBLICATION", pg_id(d->mem, o), o);
    return 0;
}

static int publication_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "%S SET (%S)", head_of(d, c->after), publish_options(d, c->after, c->before));
    return 0;
}

static int table_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const struct obj *o = c->after;
    struct str where = obj_text(d->mem, o, "where");
    struct strbuf b = sb_new(d->mem, 0);
    uint32_t n;
    struct str *columns = pg_list(d->mem, obj_raw(o, "columns"), &n);
    sql_fmt(&b, &pg_dialect, "%S ADD TABLE ONLY %S", head_of(d, o), path_name(d->mem, o->path));
    for (uint32_t i = 0; i < n; i++)
        sql_fmt(&b, &pg_dialect, "%s%I", i ? ", " : " (", columns[i]);
    if (n)
        sb_char(&b, ')');
    if (where.n)
        sql_fmt(&b, &pg_dialect, " WHERE (%S)", pg_respell(d->mem, where));
    ddl_stmt(d, sb_view(&b), 0);
    return 0;
}

static int table_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "%S DROP TABLE ONLY %S", head_of(d, c->before),
           path_name(d->mem, c->before->path));
    return 0;
}

static int schema_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "%S ADD TABLES IN SCHEMA %S", head_of(d, c->after),
           pg_last(d->mem, c->after->path));
    return 0;
}

static int schema_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "%S DROP TABLES IN SCHEMA %S", head_of(d, c->before),
           pg_last(d->mem, c->before->path));
    return 0;
}

static void brief(const struct obj *o, struct strbuf *out)
{
    if (obj_true(o, "all_tables"))
        sb_c(out, "for all tables");
}

ALTER(create, "publication.create", publication_create, "CREATE PUBLICATION");
ALTER(drop, "publication.drop", pg_def_drop, "DROP PUBLICATION");
ALTER(options, "publication.options", publication_options, "ALTER PUBLICATION SET");
ALTER(t_create, "publication_table.create", table_create, "ALTER PUBLICATION ADD TABLE");
ALTER(t_drop, "publication_table.drop", table_drop, "ALTER PUBLICATION DROP TABLE");
ALTER(n_create, "publication_schema.create", schema_create, "ADD TABLES IN SCHEMA");
ALTER(n_drop, "publication_schema.drop", schema_drop, "DROP TABLES IN SCHEMA");

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"all_tables", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "FOR ALL TABLES"},
    PG_COMMENT,
    {"options",    A_MAP,  CMP_VALUE, F_STRUCTURE, NULL, &options, 1, false, 0, "publish and others that are not the default"},
    PG_OWNER,
};
static const struct attr_desc t_attrs[] = {
    {"columns", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "columns that are published; all when absent"},
    {"where",   A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "rows that are published"},
};
/* clang-format on */

const struct kind_desc pg_publication_kind = {
    .name = "publication",
    .parents = "",
    .rank = 95,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .brief = brief,
    .doc = "publication",
};

const struct kind_desc pg_publication_table_kind = {
    .name = "publication_table",
    .parents = "publication",
    .flags = KF_CASCADE,
    .rank = 96,
    .facet = F_STRUCTURE,
    .attrs = t_attrs,
    .nattrs = sizeof t_attrs / sizeof *t_attrs,
    .create = &t_create,
    .drop = &t_drop,
    .doc = "table that is published",
};

const struct kind_desc pg_publication_schema_kind = {
    .name = "publication_schema",
    .parents = "publication",
    .flags = KF_CASCADE,
    .rank = 96,
    .facet = F_STRUCTURE,
    .create = &n_create,
    .drop = &n_drop,
    .doc = "schema whose tables are published",
};
