/* Looking into a Liquibase snapshot; see lb_snapshot.h. */

#include "core/lb_snapshot.h"

#include <stdlib.h>

const struct lb_object *lb_next(const struct lb_snapshot *in, const char *class, uint32_t *at)
{
    while (*at < in->n) {
        const struct lb_object *o = &in->v[(*at)++];
        if (!o->referenced && str_eq_c(o->class, class))
            return o;
    }
    return NULL;
}

bool lb_included(const struct lb_snapshot *in, const char *class)
{
    for (uint32_t i = 0; i < in->nincluded; i++) {
        struct str full = in->included[i], name = str_c(class);
        if (full.n > name.n && full.p[full.n - name.n - 1] == '.' && str_ends(full, name))
            return true;
    }
    return !in->nincluded;
}

const struct lb_object *lb_default_schema(const struct lb_snapshot *in)
{
    uint32_t at = 0;
    for (const struct lb_object *o; (o = lb_next(in, "Schema", &at));)
        if (lb_bool(&o->attrs, "default", false))
            return o;
    return NULL;
}

const struct lb_object *const *lb_refs(const struct lb_object *o, const char *name,
                                       struct arena *mem, uint32_t *n)
{
    uint32_t all;
    const struct lb_value *items = lb_list(&o->attrs, name, &all);
    const struct lb_object **v = NEW_ARRAY(mem, const struct lb_object *, all);
    *n = 0;
    for (uint32_t i = 0; i < all; i++)
        if (items[i].type == LB_REF)
            v[(*n)++] = items[i].ref;
    return v;
}

struct placed {
    const struct lb_object *obj;
    int64_t order;
};

static int by_order(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return x->obj < y->obj ? -1 : 1;
}

const struct lb_object *const *lb_columns(const struct lb_snapshot *in,
                                          const struct lb_object *table, struct arena *mem,
                                          uint32_t *n)
{
    const struct lb_object *const *listed = lb_refs(table, "columns", mem, n), **v;
    VEC(struct placed) found = {0};
    uint32_t at = 0;
    if (*n)
        return listed;
    for (const struct lb_object *c; (c = lb_next(in, "Column", &at));) {
        struct placed one = {c, INT64_MAX};
        if (lb_ref(&c->attrs, "relation") != table)
            continue;
        if (!lb_int(&c->attrs, "order", &one.order))
            one.order = INT64_MAX;
        VEC_PUSH(mem, found, one);
    }
    if (found.n)
        qsort(found.v, found.n, sizeof *found.v, by_order);
    v = NEW_ARRAY(mem, const struct lb_object *, found.n);
    for (uint32_t i = 0; i < found.n; i++)
        v[i] = found.v[i].obj;
    *n = found.n;
    return v;
}

struct str lb_schema_of(const struct lb_snapshot *in, const struct lb_object *o,
                        struct str otherwise)
{
    static const char *const ways[] = {"table", "relation", "foreignKeyTable"};
    const struct lb_object *schema = lb_ref(&o->attrs, "schema");
    for (size_t i = 0; !schema && i < sizeof ways / sizeof *ways; i++) {
        const struct lb_object *table = lb_ref(&o->attrs, ways[i]);
        schema = table ? lb_ref(&table->attrs, "schema") : NULL;
    }
    schema = schema ? schema : lb_default_schema(in);
    struct str name = schema ? lb_text(&schema->attrs, "name") : STR_NULL;
    return name.n ? name : otherwise;
}

const struct lb_value *lb_get(const struct lb_map *m, const char *name)
{
    for (uint32_t i = 0; m && i < m->n; i++)
        if (str_eq_c(m->v[i].name, name))
            return &m->v[i].value;
    return NULL;
}

struct str lb_text(const struct lb_map *m, const char *name)
{
    const struct lb_value *v = lb_get(m, name);
    if (v && v->type == LB_BOOL)
        return v->yes ? STR("true") : STR("false");
    return v && v->type == LB_TEXT ? v->text : STR_NULL;
}

bool lb_bool(const struct lb_map *m, const char *name, bool otherwise)
{
    const struct lb_value *v = lb_get(m, name);
    if (v && v->type == LB_TEXT && str_eq_fold_c(v->text, "true"))
        return true;
    if (v && v->type == LB_TEXT && str_eq_fold_c(v->text, "false"))
        return false;
    return v && v->type == LB_BOOL ? v->yes : otherwise;
}

bool lb_int(const struct lb_map *m, const char *name, int64_t *out)
{
    const struct lb_value *v = lb_get(m, name);
    return v && v->type == LB_TEXT && str_int(v->text, out);
}

const struct lb_object *lb_ref(const struct lb_map *m, const char *name)
{
    const struct lb_value *v = lb_get(m, name);
    return v && v->type == LB_REF ? v->ref : NULL;
}

const struct lb_map *lb_map(const struct lb_map *m, const char *name)
{
    const struct lb_value *v = lb_get(m, name);
    return v && v->type == LB_MAP ? &v->map : NULL;
}

const struct lb_value *lb_list(const struct lb_map *m, const char *name, uint32_t *n)
{
    const struct lb_value *v = lb_get(m, name);
    bool list = v && v->type == LB_LIST;
    *n = list ? v->nitems : 0;
    return list ? v->items : NULL;
}

int lb_bad(const struct lb_snapshot *in, const struct lb_object *o, const char *what,
           const char *name, struct err *e)
{
    struct str called = lb_text(&o->attrs, "name");
    return err_set(e, E_LIQUIBASE_SNAPSHOT, "%.*s line %u: %.*s %.*s: %s %s", STR_ARG(in->label),
                   o->line, STR_ARG(o->class), STR_ARG(called.n ? called : o->id), what, name);
}

int lb_need_text(const struct lb_snapshot *in, const struct lb_object *o, const char *name,
                 struct str *out, struct err *e)
{
    *out = lb_text(&o->attrs, name);
    return str_is_null(*out) ? lb_bad(in, o, "has no text as its attribute", name, e) : 0;
}

int lb_need_ref(const struct lb_snapshot *in, const struct lb_object *o, const char *name,
                const struct lb_object **out, struct err *e)
{
    *out = lb_ref(&o->attrs, name);
    return *out ? 0 : lb_bad(in, o, "refers to nothing by its attribute", name, e);
}
