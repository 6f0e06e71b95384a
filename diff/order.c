/*
 * The order of units: edges from what each needs, then Kahn's algorithm with a heap, so that one
 * input has one answer.
 */

#include <stdlib.h>
#include <string.h>

#include "diff/internal.h"

/* What a unit does to a path. */
struct touch {
    struct str path;
    uint32_t unit;
    enum part part;
};

struct touches {
    struct touch *v;
    uint32_t n, cap;
};

static int by_path(const void *a, const void *b)
{
    const struct touch *x = a, *y = b;
    int c = path_cmp(x->path, y->path);
    return c ? c : x->unit < y->unit ? -1 : x->unit > y->unit;
}

static struct touches all_touches(struct planner *p)
{
    struct touches t = {0};
    for (uint32_t u = 0; u < p->units.n; u++) {
        const struct unit *unit = &p->units.v[u];
        if (unit->at_owner) {
            struct touch whole = {unit->subject, u, PART_ALTER};
            VEC_PUSH(p->mem, t, whole);
        }
        for (uint32_t m = 0; m < unit->members.n; m++) {
            struct touch one = {item_obj(p, unit->members.v[m].item)->path, u,
                                unit->members.v[m].part};
            VEC_PUSH(p->mem, t, one);
        }
    }
    if (t.n)
        qsort(t.v, t.n, sizeof *t.v, by_path);
    return t;
}

static uint32_t lower(const struct touches *t, struct str path)
{
    uint32_t lo = 0, hi = t->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (path_cmp(t->v[mid].path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void add_edge(struct planner *p, uint32_t before, uint32_t after, bool soft)
{
    struct edge e = {before, after, soft};
    if (before != after)
        VEC_PUSH(p->mem, p->edges, e);
}

/* One need of a unit: it comes after what makes the path, or before what takes it away. */
struct need {
    uint32_t unit;
    bool creating, soft;
    bool stays; /* the needing object is altered, before and after */
};

static void edge_for(struct planner *p, const struct need *need, const struct touch *t)
{
    if (need->creating && t->part != PART_DROP)
        add_edge(p, t->unit, need->unit, need->soft);
    if (!need->creating && t->part != PART_CREATE)
        add_edge(p, need->unit, t->unit, need->soft);
}

/* Edges to whatever touches the path itself, an ancestor of it, or what is written inside it. */
static void need_path(struct planner *p, const struct touches *t, const struct need *need,
                      struct str path)
{
    for (uint32_t i = lower(t, path); i < t->n && path_within(t->v[i].path, path); i++)
        if (str_eq(t->v[i].path, path) || str_eq(owner_of(p, t->v[i].path), path))
            edge_for(p, need, &t->v[i]);
    for (struct str up = path_parent(path); up.n; up = path_parent(up))
        for (uint32_t i = lower(t, up); i < t->n && str_eq(t->v[i].path, up); i++)
            /* an ancestor that stays too may hold both what it needed and what it needs */
            if (need->creating || !need->stays || t->v[i].part != PART_ALTER)
                edge_for(p, need, &t->v[i]);
}

static bool list_has(struct str list, struct str item)
{
    struct jc_iter it = jc_iter(list);
    struct str key, value;
    while (jc_next(&it, &key, &value))
        if (str_eq(value, item))
            return true;
    return false;
}

/* Needs of the list `deps` that are not in `other`. */
static void need_list(struct planner *p, const struct touches *t, const struct need *need,
                      struct str deps, struct str other)
{
    struct jc_iter it = jc_iter(deps);
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        struct str dep = jc_text(p->mem, raw);
        if (!str_starts(dep, STR("!")) && !list_has(other, raw))
            need_path(p, t, need, dep);
    }
}

static void needs_of(struct planner *p, const struct touches *t, uint32_t unit,
                     const struct unit_member *m)
{
    const struct change *c = p->items.v[m->item].change;
    const struct kind_desc *kind = item_kind(p, m->item);
    struct need need = {unit, true, (kind->flags & KF_SOFT) != 0, m->part == PART_ALTER};
    struct str parent = path_parent(change_obj(c)->path);
    bool own_parent = parent.n && !(kind->flags & KF_INLINE);
    bool alter = m->part == PART_ALTER;
    struct str before = c->before ? c->before->deps : STR_NULL;
    struct str after = c->after ? c->after->deps : STR_NULL;
    if (m->part != PART_DROP)
        need_list(p, t, &need, after, alter ? before : STR_NULL);
    if (m->part == PART_CREATE && own_parent)
        need_path(p, t, &need, parent);
    need.creating = false;
    if (m->part != PART_CREATE)
        need_list(p, t, &need, before, alter ? after : STR_NULL);
    if (m->part == PART_DROP && own_parent)
        need_path(p, t, &need, parent);
}

/* A name that is freed by a drop and taken by a create. */
struct named {
    struct str key;
    uint32_t unit;
    enum part part;
};

static int by_key(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int c = str_cmp(x->key, y->key);
    return c ? c : (int)x->part - (int)y->part;
}

static void name_edges(struct planner *p)
{
    VEC(struct named) all = {0};
    for (uint32_t u = 0; u < p->units.n; u++)
        for (uint32_t m = 0; m < p->units.v[u].members.n; m++) {
            const struct unit_member *um = &p->units.v[u].members.v[m];
            const char *names = item_kind(p, um->item)->names;
            struct str path = item_obj(p, um->item)->path;
            if (!names || um->part == PART_ALTER)
                continue;
            struct str scope = names[0] == '/' ? STR("") : path_top(path);
            struct named one = {arena_printf(p->mem, "%s/%.*s/%.*s", names, STR_ARG(scope),
                                             STR_ARG(path_name_raw(path))),
                                u, um->part};
            VEC_PUSH(p->mem, all, one);
        }
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_key);
    /* drops sort before creates of the same key */
    for (uint32_t i = 0; i < all.n; i++)
        for (uint32_t k = i + 1; k < all.n && str_eq(all.v[i].key, all.v[k].key); k++)
            if (all.v[i].part == PART_DROP && all.v[k].part == PART_CREATE)
                add_edge(p, all.v[i].unit, all.v[k].unit, false);
}

void plan_edges(struct planner *p)
{
    struct touches t = all_touches(p);
    for (uint32_t u = 0; u < p->units.n; u++)
        for (uint32_t m = 0; m < p->units.v[u].members.n; m++)
            needs_of(p, &t, u, &p->units.v[u].members.v[m]);
    name_edges(p);
    for (uint32_t i = 0; i < p->items.n; i++)
        if (p->items.v[i].replace && p->items.v[i].unit[0] != NO_UNIT &&
            p->items.v[i].unit[1] != NO_UNIT)
            add_edge(p, p->items.v[i].unit[0], p->items.v[i].unit[1], false);
}

/* The queue of units that nothing holds back: a binary heap. */
struct heap {
    const struct planner *p;
    uint32_t *v;
    uint32_t n;
};

static int unit_cmp(const struct planner *p, uint32_t a, uint32_t b)
{
    const struct unit *x = &p->units.v[a], *y = &p->units.v[b];
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    struct str up_x = path_parent(x->subject), up_y = path_parent(y->subject);
    int c = path_cmp(up_x, up_y);
    if (c)
        return c;
    if (x->position != y->position)
        return x->position < y->position ? -1 : 1;
    c = path_cmp(x->subject, y->subject);
    return c ? c : a < b ? -1 : a > b;
}

static void swap(uint32_t *a, uint32_t *b)
{
    uint32_t t = *a;
    *a = *b;
    *b = t;
}

static void heap_push(struct heap *h, uint32_t unit)
{
    uint32_t i = h->n++;
    h->v[i] = unit;
    for (; i && unit_cmp(h->p, h->v[i], h->v[(i - 1) / 2]) < 0; i = (i - 1) / 2)
        swap(&h->v[i], &h->v[(i - 1) / 2]);
}

static uint32_t heap_pop(struct heap *h)
{
    uint32_t top = h->v[0], i = 0;
    h->v[0] = h->v[--h->n];
    for (;;) {
        uint32_t least = i;
        for (uint32_t kid = 2 * i + 1; kid <= 2 * i + 2 && kid < h->n; kid++)
            if (unit_cmp(h->p, h->v[kid], h->v[least]) < 0)
                least = kid;
        if (least == i)
            return top;
        swap(&h->v[i], &h->v[least]);
        i = least;
    }
}

static int by_before(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    if (x->before != y->before)
        return x->before < y->before ? -1 : 1;
    return x->after < y->after ? -1 : x->after > y->after;
}

struct sorter {
    struct planner *p;
    struct heap heap;
    uint32_t *waits; /* edges into a unit that still count */
    uint32_t *first; /* first edge out of a unit */
    bool *done;
    bool soft_gone;
};

static void release(struct sorter *s, uint32_t unit)
{
    for (uint32_t i = s->first[unit]; i < s->first[unit + 1]; i++) {
        const struct edge *e = &s->p->edges.v[i];
        if (s->soft_gone && e->soft)
            continue;
        if (--s->waits[e->after] == 0)
            heap_push(&s->heap, e->after);
    }
}

/* Nothing is free: the soft edges that are left give way. */
static void drop_soft(struct sorter *s)
{
    s->soft_gone = true;
    for (uint32_t i = 0; i < s->p->edges.n; i++) {
        const struct edge *e = &s->p->edges.v[i];
        if (e->soft && !s->done[e->before] && --s->waits[e->after] == 0)
            heap_push(&s->heap, e->after);
    }
}

static int circle(const struct sorter *s, struct err *e)
{
    struct strbuf names = sb_new(s->p->mem, 600);
    uint32_t shown = 0;
    for (uint32_t u = 0; u < s->p->units.n; u++) {
        if (s->done[u] || !s->p->units.v[u].members.n)
            continue;
        if (shown++)
            sb_c(&names, ", ");
        path_human(&names, s->p->units.v[u].subject);
    }
    return err_set(e, E_CYCLE, "these need one another: %.*s", STR_ARG(sb_view(&names)));
}

static void count_edges(struct sorter *s)
{
    struct planner *p = s->p;
    if (p->edges.n)
        qsort(p->edges.v, p->edges.n, sizeof *p->edges.v, by_before);
    for (uint32_t i = 0; i < p->edges.n; i++) {
        s->waits[p->edges.v[i].after]++;
        s->first[p->edges.v[i].before + 1]++;
    }
    for (uint32_t u = 0; u < p->units.n; u++)
        s->first[u + 1] += s->first[u];
}

int plan_order(struct planner *p, uint32_t **order, struct err *e)
{
    uint32_t n = p->units.n, placed = 0;
    struct sorter s = {.p = p};
    s.waits = NEW_ARRAY(p->mem, uint32_t, n);
    s.first = NEW_ARRAY(p->mem, uint32_t, n + 1);
    s.done = NEW_ARRAY(p->mem, bool, n);
    s.heap = (struct heap){p, NEW_ARRAY(p->mem, uint32_t, n), 0};
    *order = NEW_ARRAY(p->mem, uint32_t, n);
    count_edges(&s);
    for (uint32_t u = 0; u < n; u++)
        if (!s.waits[u])
            heap_push(&s.heap, u);
    while (placed < n) {
        if (!s.heap.n && !s.soft_gone)
            drop_soft(&s);
        if (!s.heap.n)
            return circle(&s, e);
        uint32_t unit = heap_pop(&s.heap);
        s.done[unit] = true;
        (*order)[placed++] = unit;
        release(&s, unit);
    }
    return 0;
}
