/* Rules of tables and views, but for the one that a view is. */

#include "drivers/postgresql/postgresql.h"

static struct str on_table(struct ddl *d, struct str path)
{
    return pg_text(d->mem, "%S ON %S", pg_last(d->mem, path), pg_table_of(d->mem, path));
}

static void set_state(struct ddl *d, const struct obj *o)
{
    struct str state = obj_text(d->mem, o, "enabled");
    pg_ddl(d, 0, "ALTER TABLE %S %S RULE %S", pg_table_of(d->mem, o->path),
           state.n ? state : STR("ENABLE"), pg_last(d->mem, o->path));
}

static int rule_create(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = c->after;
    (void)e;
    pg_ddl(d, 0, "%S", obj_text(d->mem, o, "def"));
    if (obj_raw(o, "enabled").n)
        set_state(d, o);
    if (!str_is_null(obj_raw(o, "comment")) && (d->facets & F_COMMENTS))
        pg_comment(d, "RULE", on_table(d, o->path), obj_text(d->mem, o, "comment"));
    return 0;
}

static int rule_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP RULE %S", on_table(d, c->before->path));
    return 0;
}

static int rule_replace(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "CREATE OR REPLACE%S",
           str_from(obj_text(d->mem, c->after, "def"), STR("CREATE").n));
    return 0;
}

static int rule_enable(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_state(d, c->after);
    return 0;
}

static int rule_comment(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_comment(d, "RULE", on_table(d, c->after->path),
               str_is_null(obj_raw(c->after, "comment")) ? STR_NULL
                                                         : obj_text(d->mem, c->after, "comment"));
    return 0;
}

ALTER(create, "rule.create", rule_create, "CREATE RULE");
ALTER(drop, "rule.drop", rule_drop, "DROP RULE");
ALTER(replace, "rule.replace", rule_replace, "CREATE OR REPLACE RULE");
ALTER(enable, "rule.enable", rule_enable, "ENABLE RULE, DISABLE RULE");
ALTER(comment, "rule.comment", rule_comment, "COMMENT ON RULE");

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"comment", A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &comment, 1, false, 0, "COMMENT ON"},
    {"def",     A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &replace, 1, false, 0, "CREATE RULE as the server writes it"},
    {"enabled", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &enable,  1, false, 0, "DISABLE, ENABLE REPLICA or ENABLE ALWAYS"},
};
/* clang-format on */

const struct kind_desc pg_rule_kind = {
    .name = "rule",
    .parents = "table,view",
    .flags = KF_CASCADE,
    .rank = 76,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .doc = "rule",
};
