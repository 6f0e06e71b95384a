/* When two values, or two facts of one path, are the same; see compare.h. */

#include "core/compare.h"

/* The next item of `it` that the other list has too. */
static bool next_common(struct jc_iter *it, struct str other, struct str *value)
{
    struct str key;
    while (jc_next(it, &key, value))
        if (jc_has(other, *value))
            return true;
    return false;
}

/* Equal when the names that both lists have stand in one order. */
static bool same_order(struct str a, struct str b)
{
    struct jc_iter x = jc_iter(a), y = jc_iter(b);
    struct str v, w;
    for (;;) {
        bool more = next_common(&x, b, &v), also = next_common(&y, a, &w);
        if (more != also || (more && !str_eq(v, w)))
            return false;
        if (!more)
            return true;
    }
}

bool attr_same(const struct attr_desc *row, struct str a, struct str b)
{
    if (str_eq(a, b) && str_is_null(a) == str_is_null(b))
        return true;
    return row->cmp == CMP_ORDER && same_order(a, b);
}

bool obj_same(const struct engine *eng, const struct obj *a, const struct obj *b, unsigned facets)
{
    if (!a || !b)
        return !a && !b;
    const struct kind_desc *kind = obj_kind(eng, a);
    for (size_t i = 0; i < kind->nattrs; i++) {
        const struct attr_desc *row = &kind->attrs[i];
        if ((row->facet & facets) && !attr_same(row, obj_raw(a, row->name), obj_raw(b, row->name)))
            return false;
    }
    return true;
}
