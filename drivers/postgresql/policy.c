/* Policies of row security. */

#include "drivers/postgresql/postgresql.h"

/* TO roles; public where none is named. */
static struct str to_roles(struct ddl *d, const struct obj *o)
{
    struct strbuf b = sb_new(d->mem, 0);
    uint32_t n;
    struct str *names = pg_list(d->mem, obj_raw(o, "roles"), &n);
    for (uint32_t i = 0; i < n; i++)
        sql_fmt(&b, &pg_dialect, "%s%I", i ? ", " : " TO ", names[i]);
    return b.n ? sb_view(&b) : STR(" TO PUBLIC");
}

static void conditions(struct ddl *d, struct strbuf *b, const struct obj *o)
{
    struct str using = obj_text(d->mem, o, "using"), check = obj_text(d->mem, o, "check");
    if (using.n)
        sql_fmt(b, &pg_dialect, "\n    USING (%S)", pg_respell(d->mem, using));
    if (check.n)
        sql_fmt(b, &pg_dialect, "\n    WITH CHECK (%S)", pg_respell(d->mem, check));
}

static int policy_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const struct obj *o = c->after;
    struct str command = obj_text(d->mem, o, "command");
    struct strbuf b = sb_new(d->mem, 0);
    sql_fmt(&b, &pg_dialect, "CREATE POLICY %S", pg_id(d->mem, o));
    if (obj_true(o, "restrictive"))
        sb_c(&b, " AS RESTRICTIVE");
    if (command.n)
        sql_fmt(&b, &pg_dialect, " FOR %S", command);
    if (obj_raw(o, "roles").n)
        sb_str(&b, to_roles(d, o));
    conditions(d, &b, o);
    ddl_stmt(d, sb_view(&b), 0);
    pg_dress(d, "POLICY", pg_id(d->mem, o), o);
    return 0;
}

static int policy_alter(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct strbuf b = sb_new(d->mem, 0);
    sql_fmt(&b, &pg_dialect, "ALTER POLICY %S", pg_id(d->mem, c->after));
    if (pg_changed(c, "roles"))
        sb_str(&b, to_roles(d, c->after));
    if (pg_changed(c, "using") || pg_changed(c, "check"))
        conditions(d, &b, c->after);
    ddl_stmt(d, sb_view(&b), 0);
    return 0;
}

/* ALTER POLICY takes no condition away. */
static bool conditions_stay(const struct ddl *d, const struct change *c)
{
    (void)d;
    return (!obj_raw(c->before, "using").n || obj_raw(c->after, "using").n) &&
           (!obj_raw(c->before, "check").n || obj_raw(c->after, "check").n);
}

/* "for SELECT to app using (...)" */
static void brief(const struct obj *o, struct strbuf *out)
{
    struct str command = obj_text(out->mem, o, "command"), using = obj_text(out->mem, o, "using");
    struct str check = obj_text(out->mem, o, "check");
    struct jc_iter it = jc_iter(obj_raw(o, "roles"));
    struct str key, raw;
    bool first = true;
    sb_printf(out, "%sfor %.*s", obj_true(o, "restrictive") ? "restrictive " : "",
              STR_ARG(command.n ? command : STR("ALL")));
    while (jc_next(&it, &key, &raw)) {
        sb_c(out, first ? " to " : ", ");
        path_quote_name(out, STR("role"), jc_text(out->mem, raw));
        first = false;
    }
    if (using.n)
        sb_printf(out, " using %.*s", STR_ARG(using));
    if (check.n)
        sb_printf(out, " with check %.*s", STR_ARG(check));
}

static const struct alter create = {
    .name = "policy.create", .fn = policy_create, .doc = "CREATE POLICY"};
static const struct alter drop = {.name = "policy.drop", .fn = pg_def_drop, .doc = "DROP POLICY"};
static const struct alter alter = {.name = "policy.alter",
                                   .fn = policy_alter,
                                   .applies = conditions_stay,
                                   .other = &alter_replace,
                                   .doc = "ALTER POLICY"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"check",       A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &alter, 1, false, 0, "WITH CHECK"},
    {"command",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,   1, false, 0, "SELECT, INSERT, UPDATE or DELETE; all when absent"},
    PG_COMMENT,
    {"restrictive", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,   1, false, 0, "AS RESTRICTIVE"},
    {"roles",       A_SET,  CMP_VALUE, F_STRUCTURE, NULL, &alter, 1, false, 0, "roles that it is for; everybody when absent"},
    {"using",       A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &alter, 1, false, 0, "USING"},
};
/* clang-format on */

const struct kind_desc pg_policy_kind = {
    .name = "policy",
    .parents = "table",
    .flags = KF_CASCADE,
    .rank = 77,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .brief = brief,
    .doc = "policy of row security",
};
