/* Collations and conversions: both come and go as a whole. */

#include "drivers/postgresql/postgresql.h"

static bool uses(struct arena *mem, const struct obj *column, struct str collation)
{
    return str_eq(path_kind(column->path), STR("column")) &&
           str_eq(obj_text(mem, column, "collation"), collation);
}

static bool columns_use(const struct ddl *d, const struct change *c)
{
    struct view_iter it = view_iter(d->before, STR(""));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        if (uses(d->mem, o, pg_id(d->mem, c->before)))
            return true;
    return false;
}

/* Columns stay with their rows: the old one is renamed away, the columns take the new one, and
 * their keys are built anew by the server. */
static int collation_swap(struct ddl *d, const struct change *c, struct err *e)
{
    struct str id = pg_id(d->mem, c->after);
    struct view_iter it = view_iter(d->before, STR(""));
    pg_ddl(d, 0, "ALTER COLLATION %S RENAME TO snap_old_collation", id);
    if (pg_def_create(d, c, e))
        return -1;
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        if (!uses(d->mem, o, id) || obj_true(o, "inherited") || obj_src(d->mem, o, "partition").n)
            continue;
        pg_ddl(d, 0, "ALTER TABLE %S ALTER COLUMN %S TYPE %S COLLATE %S",
               pg_table_of(d->mem, o->path), pg_last(d->mem, o->path), obj_text(d->mem, o, "type"),
               id);
        ddl_hazard(d, HZ_INDEX_BUILD, path_parent(o->path),
                   "its indexes on the column are built anew");
    }
    pg_ddl(d, 0, "DROP COLLATION %S.snap_old_collation", pg_name(d->mem, c->after->path, 1));
    return 0;
}

ALTER(create, "collation.create", pg_def_create, "CREATE COLLATION");
ALTER(drop, "collation.drop", pg_def_drop, "DROP COLLATION");
ALTER(c_create, "conversion.create", pg_def_create, "CREATE CONVERSION");
ALTER(c_drop, "conversion.drop", pg_def_drop, "DROP CONVERSION");

static const struct alter swap = {.name = "collation.swap",
                                  .fn = collation_swap,
                                  .applies = columns_use,
                                  .other = &alter_replace,
                                  .rebuilds = "view,matview,rule,trigger,policy,function,aggregate,"
                                              "statistics,index,domain,check",
                                  .doc = "renamed away, made anew, ALTER COLUMN ... COLLATE"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_COMMENT,
    {"def", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &swap, 1, false, 0, "its CREATE"},
    PG_OWNER,
};
static const struct attr_desc c_attrs[] = {
    PG_COMMENT,
    {"def", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "its CREATE"},
    PG_OWNER,
};
/* clang-format on */

const struct kind_desc pg_collation_kind = {
    .name = "collation",
    .parents = "schema",
    .rank = 18,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .doc = "collation",
};

const struct kind_desc pg_conversion_kind = {
    .name = "conversion",
    .parents = "schema",
    .rank = 36,
    .facet = F_STRUCTURE,
    .attrs = c_attrs,
    .nattrs = sizeof c_attrs / sizeof *c_attrs,
    .create = &c_create,
    .drop = &c_drop,
    .rename = &pg_rename,
    .doc = "conversion between encodings",
};
