/*
 * Functions, procedures and window functions, by the server's own CREATE OR REPLACE; aggregates.
 * Their names in paths hold the types of the parameters, which tell overloads apart.
 */

#include "drivers/postgresql/postgresql.h"

/* Bodies may name what comes later. The server does not look into them while this is off. */
static void define(struct ddl *d, const struct obj *o)
{
    pg_ddl(d, ST_LOCAL, "SET LOCAL check_function_bodies = off");
    pg_ddl(d, 0, "%S", obj_text(d->mem, o, "def"));
}

static void extensions(struct ddl *d, const struct obj *o, struct str before)
{
    struct str head = pg_text(d->mem, "ALTER %s %S", pg_keyword(d->eng, o), pg_id(d->mem, o));
    pg_extensions(d, head, before, obj_raw(o, "extensions"));
}

void pg_function_make(struct ddl *d, const struct obj *o)
{
    define(d, o);
    pg_dress(d, pg_keyword(d->eng, o), pg_id(d->mem, o), o);
}

static int function_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_function_make(d, c->after);
    extensions(d, c->after, STR_NULL);
    return 0;
}

static int function_extensions(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    extensions(d, c->after, obj_raw(c->before, "extensions"));
    return 0;
}

static int function_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP %s %S", pg_keyword(d->eng, c->before), pg_id(d->mem, c->before));
    return 0;
}

static int function_replace(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    define(d, c->after);
    return 0;
}

/* CREATE OR REPLACE gives defaults to parameters and takes none away. */
static bool defaults_grow(const struct ddl *d, const struct change *c)
{
    const struct attr_change *a = pg_changed(c, "defaults");
    int64_t before = 0, after = 0;
    (void)d;
    str_int(a->before, &before);
    str_int(a->after, &after);
    return after >= before;
}

static void function_brief(const struct obj *o, struct strbuf *out)
{
    struct str result = obj_text(out->mem, o, "result");
    if (result.n)
        sb_printf(out, "returns %.*s", STR_ARG(result));
}

static void aggregate_grants(struct ddl *d, const struct obj *before, const struct obj *after)
{
    /* GRANT knows no aggregates: f() for f(*), and no ORDER BY between the types */
    pg_grants(d, "AGGREGATE", obj_src(d->mem, after, "signature"), before, after, STR(""));
}

static void aggregate_define(struct ddl *d, const char *head, const struct obj *o)
{
    pg_ddl(d, 0, "%s %S (\n    %S\n)", head, pg_id(d->mem, o), obj_text(d->mem, o, "def"));
}

static int aggregate_create(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = c->after;
    struct str owner = obj_text(d->mem, o, "owner"), id = pg_id(d->mem, o);
    (void)e;
    aggregate_define(d, "CREATE AGGREGATE", o);
    if (owner.n && (d->facets & F_OWNER))
        pg_ddl(d, 0, "ALTER AGGREGATE %S OWNER TO %I", id, owner);
    if (!str_is_null(obj_raw(o, "comment")) && (d->facets & F_COMMENTS))
        pg_comment(d, "AGGREGATE", id, obj_text(d->mem, o, "comment"));
    if (d->facets & F_ACL)
        pg_undo_defaults(d, "AGGREGATE", obj_src(d->mem, o, "signature"), o);
    if (d->facets & F_ACL)
        aggregate_grants(d, NULL, o);
    return 0;
}

static int aggregate_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP AGGREGATE %S", pg_id(d->mem, c->before));
    return 0;
}

static int aggregate_replace(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    aggregate_define(d, "CREATE OR REPLACE AGGREGATE", c->after);
    return 0;
}

static int aggregate_acl(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    aggregate_grants(d, c->before, c->after);
    return 0;
}

ALTER(create, "function.create", function_create, "CREATE FUNCTION, CREATE PROCEDURE");
ALTER(drop, "function.drop", function_drop, "DROP FUNCTION, DROP PROCEDURE");
const struct alter pg_alter_function = {
    .name = "function.replace", .fn = function_replace, .doc = "CREATE OR REPLACE FUNCTION"};
ALTER(depends, "function.extensions", function_extensions, "DEPENDS ON EXTENSION");
static const struct alter more_defaults = {.name = "function.defaults",
                                           .fn = function_replace,
                                           .applies = defaults_grow,
                                           .other = &alter_replace,
                                           .doc = "CREATE OR REPLACE FUNCTION"};
ALTER(a_create, "aggregate.create", aggregate_create, "CREATE AGGREGATE");
ALTER(a_drop, "aggregate.drop", aggregate_drop, "DROP AGGREGATE");
ALTER(a_replace, "aggregate.replace", aggregate_replace, "CREATE OR REPLACE AGGREGATE");
ALTER(a_acl, "aggregate.grants", aggregate_acl, "GRANT, REVOKE");

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_ACL,
    {"any_defaults", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL,        1, false, AF_DERIVED, "defaults of parameters of any type, whose types stay in place"},
    {"arguments", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,           1, false, 0, "its parameters with modes, names and types"},
    PG_COMMENT,
    {"def",       A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &pg_alter_function,       1, false, 0, "CREATE OR REPLACE as the server writes it"},
    {"defaults",  A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &more_defaults, 1, false, AF_DERIVED, "how many parameters have a default"},
    {"extensions", A_SET, CMP_VALUE, F_STRUCTURE, NULL, &depends,       1, false, 0, "extensions that take it along when they go"},
    PG_OWNER,
    {"procedure", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,           1, false, 0, "a procedure"},
    {"result",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,           1, false, 0, "what it returns"},
    {"window",    A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,           1, false, 0, "a window function"},
};
static const struct attr_desc a_attrs[] = {
    {"acl",       A_MAP,  CMP_VALUE, F_ACL,       NULL, &a_acl,         1, false, 0, "grants by grantee where not the default; \"\" is the owner"},
    {"arguments", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,           1, false, 0, "its parameters with names and types"},
    PG_COMMENT,
    {"def",       A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &a_replace,     1, false, 0, "what stands in the parentheses of CREATE AGGREGATE"},
    PG_OWNER,
    {"result",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,           1, false, 0, "what it returns"},
    {"set",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,           1, false, 0, "an ordered or hypothetical set aggregate"},
};
/* clang-format on */

const struct kind_desc pg_function_kind = {
    .name = "function",
    .parents = "schema",
    .rank = 35,
    .facet = F_STRUCTURE,
    .names = "routine",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .brief = function_brief,
    .doc = "function, procedure or window function",
};

const struct kind_desc pg_aggregate_kind = {
    .name = "aggregate",
    .parents = "schema",
    .rank = 36,
    .facet = F_STRUCTURE,
    .names = "routine",
    .attrs = a_attrs,
    .nattrs = sizeof a_attrs / sizeof *a_attrs,
    .create = &a_create,
    .drop = &a_drop,
    .brief = function_brief,
    .doc = "aggregate",
};
