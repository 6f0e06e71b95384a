/* Drops and adds that look like one object under two names: shown, never assumed. */

#include "diff/diff.h"

#include <string.h>

#include "core/escape.h"

/* How much of the shorter name stands at the ends of the other, in percent. */
static unsigned name_likeness(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n, head = 0, tail = 0;
    while (head < n && ascii_lower(a.p[head]) == ascii_lower(b.p[head]))
        head++;
    while (tail < n - head && ascii_lower(a.p[a.n - 1 - tail]) == ascii_lower(b.p[b.n - 1 - tail]))
        tail++;
    size_t longest = a.n > b.n ? a.n : b.n;
    return longest ? (unsigned)(100 * (head + tail) / longest) : 0;
}

/* Share of the attributes, less the name, that are equal; in percent. */
static unsigned attr_likeness(const struct kind_desc *kind, const struct obj *a,
                              const struct obj *b, unsigned facets)
{
    unsigned same = 0, all = 0;
    for (size_t i = 0; i < kind->nattrs; i++) {
        const struct attr_desc *row = &kind->attrs[i];
        struct str x = obj_raw(a, row->name), y = obj_raw(b, row->name);
        bool skip = !(row->facet & facets) || str_eq_c(STR("name"), row->name) ||
                    row->cmp == CMP_ORDER || (str_is_null(x) && str_is_null(y));
        if (skip)
            continue;
        all++;
        same += str_eq(x, y);
    }
    return all ? 100 * same / all : 100;
}

/* The changes strictly below change i: they follow it. */
static uint32_t subtree_end(const struct changes *c, uint32_t i)
{
    struct str top = change_obj(&c->v[i])->path;
    uint32_t end = i + 1;
    while (end < c->n && path_within(change_obj(&c->v[end])->path, top))
        end++;
    return end;
}

static struct str below(const struct changes *c, uint32_t i, struct str top)
{
    return str_from(change_obj(&c->v[i])->path, top.n);
}

/* Share of the children that stand equal on both sides, in percent; 100 * (2 * equal) / (all). */
static unsigned child_likeness(const struct changes *c, uint32_t drop, uint32_t add, bool *any)
{
    struct str from = change_obj(&c->v[drop])->path, to = change_obj(&c->v[add])->path;
    uint32_t i = drop + 1, k = add + 1, i_end = subtree_end(c, drop), k_end = subtree_end(c, add);
    uint32_t all = i_end - i + (k_end - k), equal = 0;
    while (i < i_end && k < k_end) {
        int order = path_cmp(below(c, i, from), below(c, k, to));
        bool same = order == 0 && hash_eq(change_obj(&c->v[i])->hash, change_obj(&c->v[k])->hash);
        equal += same;
        i += order <= 0;
        k += order >= 0;
    }
    *any = all > 0;
    return all ? 200 * equal / all : 0;
}

static unsigned likeness(const struct changes *c, uint32_t drop, uint32_t add, struct arena *mem,
                         struct str *why)
{
    const struct obj *a = c->v[drop].before, *b = c->v[add].after;
    const struct kind_desc *kind = obj_kind(c->eng, a);
    unsigned attrs = attr_likeness(kind, a, b, c->facets);
    unsigned names = name_likeness(obj_name(mem, a), obj_name(mem, b));
    bool children, place = c->v[drop].position && c->v[drop].position == c->v[add].position;
    unsigned inside = child_likeness(c, drop, add, &children);
    if (children) {
        *why = arena_printf(mem, "%u %% of what it holds is the same", inside);
        return inside * attrs / 100;
    }
    *why = attrs == 100 ? place ? STR("same attributes, same place") : STR("same attributes")
                        : STR("alike");
    if (attrs < 100)
        return attrs * (50 + (unsigned)place * 20 + names / 4) / 100;
    return 50 + (unsigned)place * 25 + names / 4;
}

static bool inside_change(const struct changes *c, uint32_t i)
{
    struct str path = change_obj(&c->v[i])->path;
    for (uint32_t k = i; k-- > 0;) {
        struct str other = change_obj(&c->v[k])->path;
        if (c->v[k].op == c->v[i].op && other.n < path.n && path_within(path, other))
            return true;
        if (!str_eq(engine_top(c->eng, other), engine_top(c->eng, path)))
            break;
    }
    return false;
}

static bool is_taken(const struct rename_hint *v, uint32_t n, uint32_t index)
{
    for (uint32_t i = 0; i < n; i++)
        if (v[i].drop == index || v[i].add == index)
            return true;
    return false;
}

struct candidates {
    struct rename_hint *v;
    uint32_t n, cap;
};

static void find_candidates(const struct changes *c, unsigned percent, struct arena *mem,
                            struct candidates *out)
{
    for (uint32_t i = 0; i < c->n; i++) {
        const struct obj *a = c->v[i].before;
        if (c->v[i].op != OP_DROP || !obj_kind(c->eng, a)->rename || inside_change(c, i))
            continue;
        for (uint32_t k = 0; k < c->n; k++) {
            const struct obj *b = c->v[k].after;
            if (c->v[k].op != OP_ADD || a->kind != b->kind ||
                !str_eq(path_parent(a->path), path_parent(b->path)))
                continue;
            struct rename_hint hint = {.drop = i, .add = k};
            hint.percent = likeness(c, i, k, mem, &hint.why);
            if (hint.percent >= percent)
                VEC_PUSH(mem, *out, hint);
        }
    }
}

static int by_percent(const void *x, const void *y)
{
    const struct rename_hint *a = x, *b = y;
    if (a->percent != b->percent)
        return a->percent > b->percent ? -1 : 1;
    if (a->drop != b->drop)
        return a->drop < b->drop ? -1 : 1;
    return a->add < b->add ? -1 : a->add > b->add;
}

void diff_rename_hints(struct changes *c, unsigned percent, struct arena *mem)
{
    struct candidates all = {0};
    uint32_t n = 0;
    find_candidates(c, percent, mem, &all);
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_percent);
    for (uint32_t i = 0; i < all.n; i++)
        if (!is_taken(all.v, n, all.v[i].drop) && !is_taken(all.v, n, all.v[i].add))
            all.v[n++] = all.v[i];
    c->hints = all.v;
    c->nhints = n;
}

const struct obj *obj_renamed(struct arena *mem, const struct engine *eng, const struct obj *o,
                              struct str name)
{
    struct obj *copy = NEW(mem, struct obj);
    struct strbuf a = sb_new(mem, 0);
    struct jc_iter it = jc_iter(o->a);
    struct str key, value, folded = eng->fold(mem, name);
    bool spelled = str_eq(folded, name); /* done with: the path says it all */
    *copy = *o;
    copy->path = path_join(mem, path_parent(o->path), path_kind(o->path), folded);
    sb_char(&a, '{');
    while (jc_next(&it, &key, &value)) {
        if (!spelled && str_cmp(key, STR("name")) >= 0) {
            jc_put_key(&a, STR("name"));
            esc_json(&a, name);
            spelled = true;
        }
        if (str_eq(key, STR("name")))
            continue;
        jc_put_key(&a, key);
        sb_str(&a, value);
    }
    if (!spelled) {
        jc_put_key(&a, STR("name"));
        esc_json(&a, name);
    }
    sb_char(&a, '}');
    copy->a = sb_view(&a);
    return copy;
}
