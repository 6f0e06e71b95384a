/* Which tables foreign keys refer to: asked for many tables of a plan, found out once. */

#include "drivers/mysql/table.h"

#include <stdlib.h>

/* A foreign key, by the name of the table that it refers to. */
struct reference {
    struct str table, path;
};
struct references {
    struct reference *v;
    uint32_t n, cap;
};

static int by_table(const void *a, const void *b)
{
    return str_cmp(((const struct reference *)a)->table, ((const struct reference *)b)->table);
}

/* Whether the key refers to a table of its own schema. */
static bool is_inside(const struct obj *o)
{
    return my_is_kind(o, "foreign_key") && str_is_null(obj_raw(o, "ref_schema"));
}

/* Those of all states of a plan: each foreign key stands in one of these catalogs. */
static struct references *find_all(const struct ddl *d)
{
    const struct catalog *const cats[] = {d->origin, d->goal, d->before->base, d->after->base};
    struct references *all = NEW(d->mem, struct references);
    *all = (struct references){0};
    for (size_t c = 0; c < sizeof cats / sizeof *cats; c++) {
        bool known = !cats[c];
        for (size_t k = 0; k < c; k++)
            known = known || cats[k] == cats[c];
        for (uint32_t i = 0; !known && i < cats[c]->n; i++) {
            const struct obj *o = &cats[c]->v[i];
            struct reference one = {STR(""), o->path};
            if (!is_inside(o))
                continue;
            one.table = obj_text(d->mem, o, "ref_table");
            VEC_PUSH(d->mem, *all, one);
        }
    }
    if (all->n)
        qsort(all->v, all->n, sizeof *all->v, by_table);
    return all;
}

bool my_is_referred(const struct ddl *d, const struct view *v, struct str table)
{
    const struct references *all = d->notes ? *d->notes : NULL;
    struct str name = my_name(d->mem, table);
    uint32_t lo = 0;
    if (!all)
        all = find_all(d);
    if (d->notes)
        *d->notes = (void *)all;
    for (uint32_t hi = all->n; lo < hi;) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (str_cmp(all->v[mid].table, name) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < all->n && str_eq(all->v[lo].table, name); lo++) {
        const struct obj *o = view_get(v, all->v[lo].path);
        if (o && is_inside(o) && str_eq(obj_text(d->mem, o, "ref_table"), name) &&
            !path_within(o->path, table))
            return true;
    }
    return false;
}
