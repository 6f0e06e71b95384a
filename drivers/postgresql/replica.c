/*
 * Replica identity of a table: a fact of its own, since a table has one at a time, and since an
 * index can be it only while it is there and its columns are NOT NULL.
 */

#include "drivers/postgresql/part_name.h"

static int set_to(struct ddl *d, const struct obj *o, struct str identity)
{
    pg_ddl(d, 0, "ALTER TABLE ONLY %S REPLICA IDENTITY %S", pg_table_of(d->mem, o->path), identity);
    return 0;
}

static int replica_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return set_to(d, c->after, obj_text(d->mem, c->after, "identity"));
}

static int replica_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    return set_to(d, c->before, STR("DEFAULT"));
}

static void brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "identity"));
}

ALTER(create, "replica_identity.create", replica_create, "REPLICA IDENTITY");
ALTER(drop, "replica_identity.drop", replica_drop, "REPLICA IDENTITY DEFAULT");
static const struct alter follows = {.name = "replica_identity.follows",
                                     .rides = pg_part_name_follows,
                                     .other = &create,
                                     .doc = "stays with an index that is renamed"};

static const struct attr_desc attrs[] = {
    {"identity", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &follows, 1, false, 0,
     "NOTHING, FULL, USING INDEX"},
};

const struct kind_desc pg_replica_identity_kind = {
    .name = "replica_identity",
    .parents = "table",
    .flags = KF_CASCADE,
    .rank = 71,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .brief = brief,
    .doc = "replica identity other than the primary key",
};
