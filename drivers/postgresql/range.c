/* Range types, each with its multirange (14). */

#include "drivers/postgresql/retype.h"

static int range_create(struct ddl *d, const struct change *c, struct err *e)
{
    static const struct {
        const char *attr, *word;
    } parts[] = {{"opclass", "SUBTYPE_OPCLASS"},
                 {"collation", "COLLATION"},
                 {"canonical", "CANONICAL"},
                 {"subtype_diff", "SUBTYPE_DIFF"},
                 {"multirange", "MULTIRANGE_TYPE_NAME"}};
    struct str id = pg_id(d->mem, c->after);
    struct strbuf b = sb_new(d->mem, 0);
    (void)e;
    if (obj_raw(c->after, "canonical").n)
        pg_ddl(d, 0, "CREATE TYPE %S", id);
    pg_type_functions(d, c->after->path, true);
    sql_fmt(&b, &pg_dialect, "SUBTYPE = %S", obj_text(d->mem, c->after, "subtype"));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (obj_raw(c->after, parts[i].attr).n)
            sql_fmt(&b, &pg_dialect, ", %s = %S", parts[i].word,
                    obj_text(d->mem, c->after, parts[i].attr));
    pg_ddl(d, 0, "CREATE TYPE %S AS RANGE (%S)", id, sb_view(&b));
    pg_dress(d, "TYPE", id, c->after);
    return 0;
}

static int range_drop(struct ddl *d, const struct change *c, struct err *e)
{
    if (obj_raw(c->before, "canonical").n)
        return pg_type_drop_with_functions(d, c->before, e);
    pg_ddl(d, 0, "DROP TYPE %S", pg_id(d->mem, c->before));
    return 0;
}

static int range_retype(struct ddl *d, const struct change *c, struct err *e)
{
    return pg_retype(d, c->after->path, e);
}

/* A canonicalization function would hold the old type. */
static bool is_plain(const struct ddl *d, const struct change *c)
{
    (void)d;
    return !obj_raw(c->before, "canonical").n && !obj_raw(c->after, "canonical").n;
}

static void brief(const struct obj *o, struct strbuf *out)
{
    sb_printf(out, "of %.*s", STR_ARG(obj_text(out->mem, o, "subtype")));
}

ALTER(create, "range.create", range_create, "CREATE TYPE AS RANGE");
ALTER(drop, "range.drop", range_drop, "DROP TYPE");
static const struct alter retype = {.name = "range.retype",
                                    .fn = range_retype,
                                    .applies = is_plain,
                                    .other = &alter_replace,
                                    .rebuilds = PG_TYPE_DEPENDANTS,
                                    .rebuilds_ahead = true,
                                    .doc = "a new type, columns converted by way of text"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_ACL,
    {"canonical",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &retype, 1, false, 0, "canonicalization function"},
    {"collation",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &retype, 1, false, 0, "collation other than the subtype's"},
    PG_COMMENT,
    {"multirange",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &retype, 1, false, 0, "name of the multirange other than the usual one (14)"},
    {"opclass",      A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &retype, 1, false, 0, "operator class other than the subtype's default"},
    PG_OWNER,
    {"subtype",      A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, &retype, 1, false, AF_CONVERTS, "type of the bounds"},
    {"subtype_diff", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &retype, 1, false, 0, "difference function"},
};
/* clang-format on */

const struct kind_desc pg_range_kind = {
    .name = "range",
    .parents = "schema",
    .rank = 23,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .brief = brief,
    .doc = "range type",
};
