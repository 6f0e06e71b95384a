/* Composite types that stand alone, and their attributes. */

#include "drivers/postgresql/column.h"
#include "drivers/postgresql/retype.h"

#include <stdlib.h>

static struct str attribute_clause(struct ddl *d, const struct obj *o)
{
    struct str collation = obj_text(d->mem, o, "collation");
    struct str clause =
        pg_text(d->mem, "%S %S", pg_last(d->mem, o->path), obj_text(d->mem, o, "type"));
    return collation.n ? pg_text(d->mem, "%S COLLATE %S", clause, collation) : clause;
}

static void attribute_comment(struct ddl *d, const struct obj *o)
{
    if (!str_is_null(obj_raw(o, "comment")) && (d->facets & F_COMMENTS))
        pg_comment(d, "COLUMN", pg_id(d->mem, o), obj_text(d->mem, o, "comment"));
}

struct placed {
    const struct obj *o;
    int64_t place;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* The attributes in the order in which they stand on the server: first those of the list, then what
 * was added since. Values go to a new type by way of text, where the order is all that counts. */
static struct placed *attributes(struct ddl *d, const struct obj *type, uint32_t *n)
{
    uint32_t listed;
    struct str *names = pg_list(d->mem, obj_raw(type, "attributes"), &listed);
    VEC(struct placed) list = {0};
    struct view_iter it = view_iter(d->after, type->path);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct placed one = {o, 0};
        uint32_t at = 0;
        if (o == type || !str_eq(path_kind(o->path), STR("attribute")))
            continue;
        while (at < listed && !str_eq(names[at], path_name(d->mem, o->path)))
            at++;
        str_int(obj_src(d->mem, o, "place"), &one.place);
        one.place = at < listed ? at : (int64_t)listed + one.place;
        VEC_PUSH(d->mem, list, one);
    }
    if (list.n)
        qsort(list.v, list.n, sizeof *list.v, by_place);
    *n = list.n;
    return list.v;
}

static int composite_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    uint32_t n;
    struct placed *list = attributes(d, c->after, &n);
    struct str id = pg_id(d->mem, c->after);
    struct strbuf b = sb_new(d->mem, 0);
    for (uint32_t i = 0; i < n; i++)
        sql_fmt(&b, &pg_dialect, "%s\n    %S", i ? "," : "", attribute_clause(d, list[i].o));
    pg_ddl(d, 0, "CREATE TYPE %S AS (%S%s)", id, sb_view(&b), b.n ? "\n" : "");
    for (uint32_t i = 0; i < n; i++)
        attribute_comment(d, list[i].o);
    pg_dress(d, "TYPE", id, c->after);
    return 0;
}

static int composite_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP TYPE %S", pg_id(d->mem, c->before));
    return 0;
}

static int attribute_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "ALTER TYPE %S ADD ATTRIBUTE %S CASCADE", pg_table_of(d->mem, c->after->path),
           attribute_clause(d, c->after));
    attribute_comment(d, c->after);
    pg_column_followers(d, c->after);
    return 0;
}

static int attribute_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "ALTER TYPE %S DROP ATTRIBUTE %S CASCADE", pg_table_of(d->mem, c->before->path),
           pg_last(d->mem, c->before->path));
    return 0;
}

/* The server refuses where a column of a table is of the type. Columns of typed tables follow, and
 * their defaults with them. */
static int attribute_type(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = c->after;
    struct str owner = path_parent(o->path), collation = obj_text(d->mem, o, "collation");
    const struct obj *type = view_get(d->before, owner);
    bool in_use = type && pg_type_in_use(d, d->before, type);
    pg_column_defaults(d, d->before, o->path, false);
    if (in_use && pg_retype(d, owner, e))
        return -1;
    if (collation.n)
        collation = pg_text(d->mem, " COLLATE %S", collation);
    if (!in_use)
        pg_ddl(d, 0, "ALTER TYPE %S ALTER ATTRIBUTE %S TYPE %S%S CASCADE",
               pg_table_of(d->mem, o->path), pg_last(d->mem, o->path), obj_text(d->mem, o, "type"),
               collation);
    pg_column_defaults(d, d->after, o->path, true);
    return 0;
}

static bool holds(const struct str *names, uint32_t n, struct str name)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(names[i], name))
            return true;
    return false;
}

/* Whether DROP and ADD ATTRIBUTE lead to the order: the server appends. A row is read by position,
 * so that the order is part of the type. */
static bool order_follows(const struct ddl *d, const struct change *c)
{
    uint32_t nwas, nis, at = 0;
    struct str *was = pg_list(d->mem, obj_raw(c->before, "attributes"), &nwas);
    struct str *is = pg_list(d->mem, obj_raw(c->after, "attributes"), &nis);
    for (uint32_t i = 0; i < nwas; i++)
        if (holds(is, nis, was[i]) && !str_eq(is[at++], was[i]))
            return false;
    for (uint32_t i = at; i < nis; i++)
        if (holds(was, nwas, is[i]))
            return false;
    return true;
}

/* What goes, then what comes in its order. */
static int composite_attributes(struct ddl *d, const struct change *c, struct err *e)
{
    uint32_t nwas, nis;
    struct str *was = pg_list(d->mem, obj_raw(c->before, "attributes"), &nwas);
    struct str *is = pg_list(d->mem, obj_raw(c->after, "attributes"), &nis);
    for (uint32_t i = 0; i < nwas; i++) {
        struct str path = path_join(d->mem, c->before->path, STR("attribute"), was[i]);
        struct change gone = {.op = OP_DROP, .before = view_get(d->before, path)};
        if (!holds(is, nis, was[i]) && attribute_drop(d, &gone, e))
            return -1;
    }
    for (uint32_t i = 0; i < nis; i++) {
        struct str path = path_join(d->mem, c->after->path, STR("attribute"), is[i]);
        struct change come = {.op = OP_ADD, .after = view_get(d->after, path)};
        if (!holds(was, nwas, is[i]) && attribute_create(d, &come, e))
            return -1;
    }
    return 0;
}

/* Comes and goes with the list of its type. */
static struct str with_list(const struct ddl *d, const struct change *c)
{
    struct str type = path_parent(change_obj(c)->path);
    bool whole = d->origin && d->goal;
    const struct obj *was = whole ? cat_find(d->origin, type) : view_get(d->before, type);
    const struct obj *is = whole ? cat_find(d->goal, type) : view_get(d->after, type);
    bool differs = was && is && !str_eq(obj_raw(was, "attributes"), obj_raw(is, "attributes"));
    return differs ? type : STR_NULL;
}

static void brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "type"));
}

ALTER(create, "composite.create", composite_create, "CREATE TYPE AS");
ALTER(drop, "composite.drop", composite_drop, "DROP TYPE");
static const struct alter order = {.name = "composite.order",
                                   .fn = composite_attributes,
                                   .applies = order_follows,
                                   .other = &alter_replace,
                                   .doc = "ADD ATTRIBUTE, DROP ATTRIBUTE CASCADE"};
ALTER(a_create_own, "attribute.create", attribute_create, "ADD ATTRIBUTE CASCADE");
ALTER(a_drop_own, "attribute.drop", attribute_drop, "DROP ATTRIBUTE CASCADE");
static const struct alter a_create = {.name = "attribute.create_in_list",
                                      .rides = with_list,
                                      .other = &a_create_own,
                                      .doc = "ADD ATTRIBUTE of the type"};
static const struct alter a_drop = {.name = "attribute.drop_in_list",
                                    .rides = with_list,
                                    .other = &a_drop_own,
                                    .doc = "DROP ATTRIBUTE of the type"};
static const struct alter a_type = {.name = "attribute.type",
                                    .fn = attribute_type,
                                    .rebuilds = PG_TYPE_DEPENDANTS,
                                    .rebuilds_ahead = true,
                                    .doc = "ALTER ATTRIBUTE TYPE CASCADE, or a new type"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_ACL,
    {"attributes", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &order, 1, false, 0, "names of the attributes in their order"},
    PG_COMMENT,
    PG_OWNER,
};
static const struct attr_desc a_attrs[] = {
    {"collation", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &a_type, 1, false, AF_CONVERTS, "collation other than the type's"},
    PG_COMMENT,
    {"type",      A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, &a_type, 1, true,  AF_CONVERTS, "data type as the server writes it"},
};
/* clang-format on */

const struct kind_desc pg_composite_kind = {
    .name = "composite",
    .parents = "schema",
    .rank = 22,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .doc = "composite type",
};

const struct kind_desc pg_attribute_kind = {
    .name = "attribute",
    .parents = "composite",
    .flags = KF_INLINE | KF_CASCADE | KF_DATA,
    .rank = 22,
    .facet = F_STRUCTURE,
    .attrs = a_attrs,
    .nattrs = sizeof a_attrs / sizeof *a_attrs,
    .create = &a_create,
    .drop = &a_drop,
    .rename = &pg_rename,
    .brief = brief,
    .ordered_by = "attributes",
    .doc = "attribute of a composite type",
};
