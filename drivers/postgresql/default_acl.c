/*
 * Default privileges: what a role's new objects are granted, in one schema or in all. They change
 * what the objects of this very plan are granted, so each new object is first brought to what it
 * would have without them, whoever runs the plan.
 */

#include <string.h>

#include "drivers/postgresql/postgresql.h"

static void set_grants(struct ddl *d, const struct obj *before, const struct obj *after)
{
    const struct obj *o = after ? after : before;
    struct strbuf b = sb_new(d->mem, 0);
    struct str schema = obj_text(d->mem, o, "schema");
    sql_fmt(&b, &pg_dialect, "ALTER DEFAULT PRIVILEGES FOR ROLE %I ", obj_text(d->mem, o, "owner"));
    if (schema.n)
        sql_fmt(&b, &pg_dialect, "IN SCHEMA %I ", schema);
    pg_default_grants(d, sb_view(&b), obj_text(d->mem, o, "on"), before, after);
}

static int default_acl_change(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_grants(d, c->before, c->after);
    return 0;
}

/* Which default privileges an object of this keyword gets; "" none. */
static struct str objects_word(const char *what)
{
    static const char *const words[][2] = {
        {"TABLE", "TABLES"},         {"VIEW", "TABLES"},         {"MATERIALIZED VIEW", "TABLES"},
        {"FOREIGN TABLE", "TABLES"}, {"SEQUENCE", "SEQUENCES"},  {"FUNCTION", "FUNCTIONS"},
        {"PROCEDURE", "FUNCTIONS"},  {"AGGREGATE", "FUNCTIONS"}, {"TYPE", "TYPES"},
        {"DOMAIN", "TYPES"},         {"SCHEMA", "SCHEMAS"},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i][0], what) == 0)
            return str_c(words[i][1]);
    return STR("");
}

/* Puts the grantees of the default privileges that are there in one state into the list. */
static void collect(struct ddl *d, const struct view *state, struct str on, struct str schema,
                    struct pg_names *out)
{
    struct view_iter it = view_iter(state, STR(""));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct str in = obj_text(d->mem, o, "schema"), key, value;
        if (!str_eq(path_kind(o->path), STR("default_acl")) ||
            !str_eq(obj_text(d->mem, o, "on"), on) || (in.n && !str_eq(in, schema)))
            continue;
        for (struct jc_iter k = jc_iter(obj_raw(o, "acl")); jc_next(&k, &key, &value);) {
            struct str name = pg_key(d->mem, key);
            bool there = false;
            for (uint32_t i = 0; i < out->n; i++)
                there = there || str_eq(out->v[i], name);
            if (!there)
                VEC_PUSH(d->mem, *out, name);
        }
    }
}

struct pg_names pg_default_grantees(struct ddl *d, const char *what, const struct obj *o)
{
    struct pg_names names = {0};
    struct str on = objects_word(what), top = path_top(o->path);
    struct str schema = str_eq(path_kind(top), STR("schema")) && !str_eq(on, STR("SCHEMAS"))
                            ? path_name(d->mem, top)
                            : STR("");
    if (on.n) {
        collect(d, d->before, on, schema, &names);
        collect(d, d->after, on, schema, &names);
    }
    return names;
}

static const struct alter create = {
    .name = "default_acl.create", .fn = default_acl_change, .doc = "ALTER DEFAULT PRIVILEGES"};
static const struct alter drop = {
    .name = "default_acl.drop", .fn = default_acl_change, .doc = "ALTER DEFAULT PRIVILEGES"};
static const struct alter grants = {
    .name = "default_acl.grants", .fn = default_acl_change, .doc = "ALTER DEFAULT PRIVILEGES"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"acl",    A_MAP,  CMP_VALUE, F_ACL, NULL, &grants, 1, false, 0, "grants by grantee (empty: the role itself) that new objects get"},
    {"on",     A_TEXT, CMP_VALUE, F_ACL, NULL, NULL,    1, false, 0, "TABLES, SEQUENCES, FUNCTIONS, TYPES, SCHEMAS or LARGE OBJECTS"},
    {"owner",  A_TEXT, CMP_VALUE, F_ACL, NULL, NULL,    1, false, 0, "role whose new objects they are for"},
    {"schema", A_TEXT, CMP_VALUE, F_ACL, NULL, NULL,    1, false, 0, "schema that they are for; all when absent"},
};
/* clang-format on */

const struct kind_desc pg_default_acl_kind = {
    .name = "default_acl",
    .parents = "",
    .rank = 97,
    .facet = F_ACL,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .doc = "default privileges",
};
