/* Extended statistics. */

#include "drivers/postgresql/postgresql.h"

static void set_target(struct ddl *d, const struct obj *o)
{
    struct str target = obj_raw(o, "target");
    pg_ddl(d, 0, "ALTER STATISTICS %S SET STATISTICS %S", pg_id(d->mem, o),
           target.n ? target : STR("-1"));
}

static int statistics_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "%S", pg_respell(d->mem, obj_text(d->mem, c->after, "def")));
    if (obj_raw(c->after, "target").n && (d->facets & F_STORAGE))
        set_target(d, c->after);
    pg_dress(d, "STATISTICS", pg_id(d->mem, c->after), c->after);
    return 0;
}

static int statistics_target(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_target(d, c->after);
    return 0;
}

static const struct alter create = {
    .name = "statistics.create", .fn = statistics_create, .doc = "CREATE STATISTICS"};
static const struct alter drop = {
    .name = "statistics.drop", .fn = pg_def_drop, .doc = "DROP STATISTICS"};
static const struct alter target = {
    .name = "statistics.target", .fn = statistics_target, .doc = "SET STATISTICS"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_COMMENT,
    {"def",    A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,    1, false, 0, "CREATE STATISTICS as the server writes it"},
    PG_OWNER,
    {"target", A_INT,  CMP_VALUE, F_STORAGE,   NULL, &target, 1, false, 0, "statistics target other than the default"},
};
/* clang-format on */

const struct kind_desc pg_statistics_kind = {
    .name = "statistics",
    .parents = "schema",
    .rank = 58,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .doc = "extended statistics",
};
