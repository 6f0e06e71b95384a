/* Defaults of columns: facts of their own, since they depend on other things than the column. */

#include "drivers/postgresql/column.h"

static bool column_takes_it(const struct ddl *d, const struct change *c, const struct obj **column)
{
    const struct obj *o = change_obj(c);
    *column = view_get(d->after, path_parent(o->path));
    return *column != NULL;
}

static int default_create(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *column;
    (void)e;
    if (column_takes_it(d, c, &column))
        pg_alter_column_only(d, column, "SET DEFAULT %S", obj_text(d->mem, c->after, "default"));
    return 0;
}

static int default_drop(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *column;
    (void)e;
    if (column_takes_it(d, c, &column) && !obj_raw(column, "identity").n)
        pg_alter_column_only(d, column, "DROP DEFAULT", STR_NULL);
    return 0;
}

static void default_brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "default"));
}

/* Where the type changes too, the old default must be gone before and the new one come after. */
static struct str with_type(const struct ddl *d, const struct change *c)
{
    struct str path = path_parent(change_obj(c)->path);
    const struct obj *was = view_get(d->before, path), *is = view_get(d->after, path);
    if (!c->before || !c->after)
        return STR_NULL; /* comes after the type's change, or goes before it */
    return was && is && pg_column_type_differs(was, is) ? path : STR_NULL;
}

ALTER(d_create_own, "default.create", default_create, "SET DEFAULT");
ALTER(d_drop_own, "default.drop", default_drop, "DROP DEFAULT");
static const struct alter d_create = {.name = "default.create_typed",
                                      .rides = with_type,
                                      .other = &d_create_own,
                                      .doc = "SET DEFAULT of another type"};
static const struct alter d_drop = {.name = "default.drop_typed",
                                    .rides = with_type,
                                    .other = &d_drop_own,
                                    .doc = "DROP DEFAULT of another type"};

/* clang-format off */
static const struct attr_desc default_attrs[] = {
    {"default", A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &d_create, 1, true, AF_FILLS, "default expression as the server writes it"},
};
/* clang-format on */

const struct kind_desc pg_default_kind = {
    .name = "default",
    .parents = "column",
    .flags = KF_INLINE | KF_CASCADE,
    .rank = 42,
    .facet = F_STRUCTURE,
    .attrs = default_attrs,
    .nattrs = sizeof default_attrs / sizeof *default_attrs,
    .create = &d_create,
    .drop = &d_drop,
    .brief = default_brief,
    .doc = "default of a column",
};
