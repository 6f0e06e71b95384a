/*
 * Partitions: that a table is a part of another is a fact of its own, so that a partition is made with
 * its indexes, which ATTACH then takes for the parent's, and is detached before they go. Its rows stay.
 */

#include "drivers/postgresql/postgresql.h"

static void attach(struct ddl *d, const struct obj *o)
{
    pg_ddl(d, 0, "ALTER TABLE ONLY %S ATTACH PARTITION %S %S", obj_text(d->mem, o, "of"),
           pg_table_of(d->mem, o->path), obj_text(d->mem, o, "bound"));
    if (!pg_table_is_new(d, o->path))
        ddl_hazard(d, HZ_DATA_DEPENDENT, o->path, "fails where a row does not fit the bound");
}

static void detach(struct ddl *d, const struct obj *o)
{
    pg_ddl(d, 0, "ALTER TABLE %S DETACH PARTITION %S", obj_text(d->mem, o, "of"),
           pg_table_of(d->mem, o->path));
}

static int partition_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    attach(d, c->after);
    return 0;
}

static int partition_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    detach(d, c->before);
    return 0;
}

static int partition_bound(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    detach(d, c->before);
    attach(d, c->after);
    return 0;
}

static void brief(const struct obj *o, struct strbuf *out)
{
    sb_printf(out, "of %.*s %.*s", STR_ARG(obj_text(out->mem, o, "of")),
              STR_ARG(obj_text(out->mem, o, "bound")));
}

static const struct alter create = {
    .name = "partition.create", .fn = partition_create, .doc = "ATTACH PARTITION"};
static const struct alter drop = {
    .name = "partition.drop", .fn = partition_drop, .doc = "DETACH PARTITION"};
static const struct alter bound = {
    .name = "partition.bound", .fn = partition_bound, .doc = "DETACH, ATTACH PARTITION"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"bound", A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &bound, 1, false, AF_GUARDS, "FOR VALUES"},
    {"of",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,   1, false, 0, "the partitioned table"},
};
/* clang-format on */

const struct kind_desc pg_partition_kind = {
    .name = "partition",
    .parents = "table",
    .flags = KF_CASCADE,
    .rank = 62,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .brief = brief,
    .doc = "that a table is a part of a partitioned one",
};
