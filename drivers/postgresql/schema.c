/* Schemas and extensions. */

#include "drivers/postgresql/postgresql.h"

/* public stands in a new database, with an owner, grants and a comment of its own. */
static int schema_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str id = pg_id(d->mem, c->after);
    bool is_public = str_eq(c->after->path, STR("schema:public"));
    pg_ddl(d, 0, "CREATE SCHEMA %s%S", is_public ? "IF NOT EXISTS " : "", id);
    if (is_public && (d->facets & F_ACL))
        pg_ddl(d, 0, "REVOKE ALL ON SCHEMA %S FROM PUBLIC", id);
    if (is_public && (d->facets & F_COMMENTS) && str_is_null(obj_raw(c->after, "comment")))
        pg_comment(d, "SCHEMA", id, STR_NULL);
    pg_dress(d, "SCHEMA", id, c->after);
    return 0;
}

/* Deployers keep their books in public, which is no part of a schema: public stays with them. */
static int schema_drop(struct ddl *d, const struct change *c, struct err *e)
{
    static const char unless_books[] =
        "DO $snap$ BEGIN\n"
        "    IF NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE relnamespace = "
        "'public'::regnamespace\n"
        "        AND relname ~* '^(databasechangelog|flyway_schema_history)') THEN\n"
        "        DROP SCHEMA public;\n"
        "    END IF;\n"
        "END $snap$";
    (void)e;
    if (str_eq(c->before->path, STR("schema:public")))
        ddl_stmt(d, str_c(unless_books), 0);
    else
        pg_ddl(d, 0, "DROP SCHEMA %S", pg_id(d->mem, c->before));
    return 0;
}

static const struct alter create = {
    .name = "schema.create", .fn = schema_create, .doc = "CREATE SCHEMA"};
static const struct alter drop = {.name = "schema.drop", .fn = schema_drop, .doc = "DROP SCHEMA"};

static const struct attr_desc attrs[] = {PG_ACL, PG_COMMENT, PG_OWNER};

const struct kind_desc pg_schema_kind = {
    .name = "schema",
    .parents = "",
    .flags = KF_HOLDER,
    .rank = 5,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .doc = "schema",
};

static int extension_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str id = pg_id(d->mem, c->after), comment = obj_text(d->mem, c->after, "comment");
    struct str version = obj_text(d->mem, c->after, "version");
    pg_ddl(d, 0, "CREATE EXTENSION IF NOT EXISTS %S WITH SCHEMA %I%S", id,
           obj_text(d->mem, c->after, "schema"),
           version.n ? pg_text(d->mem, " VERSION %L", version) : STR(""));
    if (!str_is_null(obj_raw(c->after, "comment")) && (d->facets & F_COMMENTS))
        pg_comment(d, "EXTENSION", id, comment);
    return 0;
}

static int extension_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP EXTENSION %S", pg_id(d->mem, c->before));
    return 0;
}

static int extension_schema(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "ALTER EXTENSION %S SET SCHEMA %I", pg_id(d->mem, c->after),
           obj_text(d->mem, c->after, "schema"));
    return 0;
}

/* Some extensions cannot be moved. */
static bool can_move(const struct ddl *d, const struct change *c)
{
    return str_eq(obj_src(d->mem, c->after, "relocatable"), STR("t"));
}

/* 1.10 is above 1.9. What is no number is below none. */
static bool is_below(struct str a, struct str b)
{
    struct str x, y;
    while (str_cut(&a, '.', &x) && str_cut(&b, '.', &y)) {
        int64_t m, n;
        if (!str_int(x, &m) || !str_int(y, &n))
            return false;
        if (m != n)
            return m < n;
    }
    return false;
}

static int extension_version(struct ddl *d, const struct change *c, struct err *e)
{
    struct str was = obj_text(d->mem, c->before, "version");
    struct str now = obj_text(d->mem, c->after, "version");
    if (is_below(now, was))
        return err_set(e, E_UNSUPPORTED_CHANGE,
                       "extension %.*s: there is no way from version %.*s back to %.*s",
                       STR_ARG(pg_id(d->mem, c->after)), STR_ARG(was), STR_ARG(now));
    pg_ddl(d, 0, "ALTER EXTENSION %S UPDATE TO %L", pg_id(d->mem, c->after),
           obj_text(d->mem, c->after, "version"));
    return 0;
}

static const struct alter x_create = {
    .name = "extension.create", .fn = extension_create, .doc = "CREATE EXTENSION"};
static const struct alter x_drop = {
    .name = "extension.drop", .fn = extension_drop, .doc = "DROP EXTENSION"};
static const struct alter x_schema = {.name = "extension.schema",
                                      .fn = extension_schema,
                                      .applies = can_move,
                                      .other = &alter_replace,
                                      .rebuilds = "view,matview,rule,trigger,policy,function,"
                                                  "aggregate,index,check,default,statistics",
                                      .doc = "ALTER EXTENSION SET SCHEMA"};
static const struct alter x_version = {
    .name = "extension.version", .fn = extension_version, .doc = "ALTER EXTENSION UPDATE TO"};

/* clang-format off */
static const struct attr_desc x_attrs[] = {
    PG_COMMENT,
    {"schema",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &x_schema,  1, false, 0, "schema of its objects"},
    {"version", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &x_version, 1, false, 0, "installed version"},
};
/* clang-format on */

const struct kind_desc pg_extension_kind = {
    .name = "extension",
    .parents = "",
    .rank = 10,
    .facet = F_STRUCTURE,
    .attrs = x_attrs,
    .nattrs = sizeof x_attrs / sizeof *x_attrs,
    .create = &x_create,
    .drop = &x_drop,
    .doc = "extension; its members are part of it",
};
