/* Enum types. A label is added in place; whatever else becomes of them needs a new type. */

#include "drivers/postgresql/retype.h"

static int enum_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    uint32_t n;
    struct str *labels = pg_list(d->mem, obj_raw(c->after, "labels"), &n);
    struct str id = pg_id(d->mem, c->after);
    struct strbuf b = sb_new(d->mem, 0);
    for (uint32_t i = 0; i < n; i++)
        sql_fmt(&b, &pg_dialect, "%s%L", i ? ", " : "", labels[i]);
    pg_ddl(d, 0, "CREATE TYPE %S AS ENUM (%S)", id, sb_view(&b));
    pg_dress(d, "TYPE", id, c->after);
    return 0;
}

static int enum_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP TYPE %S", pg_id(d->mem, c->before));
    return 0;
}

/* All old labels stand among the new ones, in the same order. */
static bool only_adds(const struct ddl *d, const struct change *c)
{
    uint32_t nb, na, at = 0;
    struct str *before = pg_list(d->mem, obj_raw(c->before, "labels"), &nb);
    struct str *after = pg_list(d->mem, obj_raw(c->after, "labels"), &na);
    for (uint32_t i = 0; i < na && at < nb; i++)
        at += str_eq(after[i], before[at]);
    return at == nb;
}

/* A label of a type that was there before cannot be used in the transaction that adds it. */
static int enum_add(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    uint32_t nb, na, at = 0;
    struct str *before = pg_list(d->mem, obj_raw(c->before, "labels"), &nb);
    struct str *after = pg_list(d->mem, obj_raw(c->after, "labels"), &na);
    struct str id = pg_id(d->mem, c->after);
    for (uint32_t i = 0; i < na; i++) {
        if (at < nb && str_eq(after[i], before[at])) {
            at++;
            continue;
        }
        struct str place = STR("");
        if (at < nb && i)
            place = pg_text(d->mem, " AFTER %L", after[i - 1]);
        else if (at < nb)
            place = pg_text(d->mem, " BEFORE %L", before[0]);
        pg_ddl(d, ST_COMMIT, "ALTER TYPE %S ADD VALUE %L%S", id, after[i], place);
    }
    ddl_hazard(d, HZ_NO_TRANSACTION, c->after->path,
               "a new label can be used after the commit only");
    return 0;
}

static int enum_retype(struct ddl *d, const struct change *c, struct err *e)
{
    return pg_retype(d, c->after->path, e);
}

static void brief(const struct obj *o, struct strbuf *out)
{
    uint32_t n;
    struct str *labels = pg_list(out->mem, obj_raw(o, "labels"), &n);
    for (uint32_t i = 0; i < n; i++)
        sql_fmt(out, &pg_dialect, "%s%L", i ? ", " : "", labels[i]);
}

ALTER(create, "enum.create", enum_create, "CREATE TYPE AS ENUM");
ALTER(drop, "enum.drop", enum_drop, "DROP TYPE");
static const struct alter retype = {.name = "enum.retype",
                                    .fn = enum_retype,
                                    .rebuilds = PG_TYPE_DEPENDANTS,
                                    .rebuilds_ahead = true,
                                    .doc = "a new type, columns converted by way of text"};
static const struct alter labels = {
    .name = "enum.add", .fn = enum_add, .applies = only_adds, .other = &retype, .doc = "ADD VALUE"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_ACL,
    PG_COMMENT,
    {"labels", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &labels, 1, false, 0, "labels in their order"},
    PG_OWNER,
};
/* clang-format on */

const struct kind_desc pg_enum_kind = {
    .name = "enum",
    .parents = "schema",
    .rank = 20,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .brief = brief,
    .doc = "enum type",
};
