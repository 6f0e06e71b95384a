/* Domains. Their checks are facts of their own, below them (constraint.c). */

#include "drivers/postgresql/retype.h"

static void not_null(struct strbuf *b, struct arena *mem, const struct obj *o)
{
    struct str name = obj_text(mem, o, "notnull_name");
    if (name.n)
        sql_fmt(b, &pg_dialect, " CONSTRAINT %I", name);
    sb_c(b, " NOT NULL");
}

/* A domain over another takes its default, unless told otherwise. */
static bool takes_default(struct ddl *d, const struct obj *o)
{
    struct jc_iter it = jc_iter(o->deps);
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        const struct obj *base = view_get(d->after, jc_text(d->mem, raw));
        if (base && str_eq(path_kind(base->path), STR("domain")) && obj_raw(base, "default").n)
            return true;
    }
    return false;
}

static int domain_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const struct obj *o = c->after;
    struct str id = pg_id(d->mem, o), collation = obj_text(d->mem, o, "collation");
    struct strbuf b = sb_new(d->mem, 0);
    sql_fmt(&b, &pg_dialect, "CREATE DOMAIN %S AS %S", id, obj_text(d->mem, o, "type"));
    if (collation.n)
        sql_fmt(&b, &pg_dialect, " COLLATE %S", collation);
    if (obj_raw(o, "default").n)
        sql_fmt(&b, &pg_dialect, " DEFAULT %S", obj_text(d->mem, o, "default"));
    else if (takes_default(d, o))
        sb_c(&b, " DEFAULT NULL");
    if (obj_true(o, "notnull"))
        not_null(&b, d->mem, o);
    ddl_stmt(d, sb_view(&b), 0);
    pg_dress(d, "DOMAIN", id, o);
    return 0;
}

static int domain_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP DOMAIN %S", pg_id(d->mem, c->before));
    return 0;
}

static int domain_retype(struct ddl *d, const struct change *c, struct err *e)
{
    return pg_retype(d, c->after->path, e);
}

/* The domain is made anew, with all that it has, when its base type changes. */
static bool is_made_anew(const struct change *c)
{
    return pg_changed(c, "type") || pg_changed(c, "collation");
}

static int domain_default(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str text = obj_text(d->mem, c->after, "default"), id = pg_id(d->mem, c->after);
    if (is_made_anew(c))
        return 0;
    if (obj_raw(c->after, "default").n)
        pg_ddl(d, 0, "ALTER DOMAIN %S SET DEFAULT %S", id, text);
    else
        pg_ddl(d, 0, "ALTER DOMAIN %S DROP DEFAULT", id);
    return 0;
}

static int domain_notnull(struct ddl *d, const struct change *c, struct err *e)
{
    struct str id = pg_id(d->mem, c->after);
    struct strbuf b = sb_new(d->mem, 0);
    if (!is_made_anew(c) && obj_true(c->after, "notnull") &&
        pg_type_is_boxed(d, d->before, c->before))
        return pg_retype(d, c->after->path, e);
    bool was = obj_true(c->before, "notnull"), on = obj_true(c->after, "notnull");
    if (is_made_anew(c))
        return 0;
    if (was && (!on || pg_changed(c, "notnull_name")))
        pg_ddl(d, 0, "ALTER DOMAIN %S DROP NOT NULL", id);
    if (!on)
        return 0;
    not_null(&b, d->mem, c->after);
    if (obj_raw(c->after, "notnull_name").n)
        pg_ddl(d, 0, "ALTER DOMAIN %S ADD%S", id, sb_view(&b));
    else
        pg_ddl(d, 0, "ALTER DOMAIN %S SET NOT NULL", id);
    ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path, "fails where a row holds NULL");
    return 0;
}

static void brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "type"));
    if (obj_true(o, "notnull"))
        sb_c(out, " not null");
    if (obj_raw(o, "default").n)
        sb_printf(out, " default %.*s", STR_ARG(obj_text(out->mem, o, "default")));
}

ALTER(create, "domain.create", domain_create, "CREATE DOMAIN");
ALTER(drop, "domain.drop", domain_drop, "DROP DOMAIN");
ALTER(dflt, "domain.default", domain_default, "SET DEFAULT, DROP DEFAULT");
ALTER(notnull, "domain.notnull", domain_notnull, "SET NOT NULL, DROP NOT NULL");
static const struct alter retype = {.name = "domain.retype",
                                    .fn = domain_retype,
                                    .rebuilds = PG_TYPE_DEPENDANTS,
                                    .rebuilds_ahead = true,
                                    .doc = "a new domain, columns converted by way of text"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_ACL,
    {"collation", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &retype,  1, false, AF_CONVERTS, "collation other than the base type's"},
    PG_COMMENT,
    {"default",   A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &dflt,    1, true,  0, "default as the server writes it"},
    {"notnull",   A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &notnull, 1, true,  AF_GUARDS, "NOT NULL"},
    {"notnull_name", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &notnull, 1, false, 0, "name of NOT NULL other than the usual one (18)"},
    PG_OWNER,
    {"type",      A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, &retype,  1, true,  AF_CONVERTS, "base type as the server writes it"},
};
/* clang-format on */

const struct kind_desc pg_domain_kind = {
    .name = "domain",
    .parents = "schema",
    .rank = 24,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .brief = brief,
    .doc = "domain",
};
