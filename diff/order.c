/*
 * Edges between units: what each needs, the names that they free and take, and what their texts
 * mention.
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
        if (unit->at_owner && !unit_is_rows(p, unit)) {
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

/* Needs of the list `deps` that are not in `other`. */
static void need_list(struct planner *p, const struct touches *t, const struct need *need,
                      struct str deps, struct str other)
{
    struct jc_iter it = jc_iter(deps);
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        struct str dep = jc_text(p->mem, raw);
        if (!str_starts(dep, STR("!")) && !jc_has(other, raw))
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
    /* what goes late does not hold up a change of its parent, and so what comes after that */
    if (m->part == PART_DROP && own_parent && !(kind->flags & KF_LATE_DROP))
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

typedef VEC(struct named) names_list;

static void add_name(struct planner *p, names_list *all, struct str path, uint32_t unit,
                     enum part part)
{
    int kind = engine_kind(p->eng, path_kind(path));
    const char *names = kind < 0 ? NULL : p->eng->kinds[kind]->names;
    if (!names)
        return;
    struct str scope = names[0] == '/' ? STR("") : path_top(path);
    struct named one = {
        arena_printf(p->mem, "%s/%.*s/%.*s", names, STR_ARG(scope), STR_ARG(path_name_raw(path))),
        unit, part};
    VEC_PUSH(p->mem, *all, one);
}

/* The names that a member frees and takes: its own, and that of a part that is no fact. */
static void add_names(struct planner *p, names_list *all, const struct unit_member *m,
                      uint32_t unit)
{
    const struct change *c = p->items.v[m->item].change;
    const struct kind_desc *kind = item_kind(p, m->item);
    struct str was = STR_NULL, is = STR_NULL;
    if (m->part != PART_ALTER)
        add_name(p, all, change_obj(c)->path, unit, m->part);
    if (!kind->takes)
        return;
    if (m->part != PART_CREATE && c->before)
        was = kind->takes(p->mem, c->before);
    if (m->part != PART_DROP && c->after)
        is = kind->takes(p->mem, c->after);
    if (was.n && !str_eq(was, is))
        add_name(p, all, was, unit, PART_DROP);
    if (is.n && !str_eq(was, is))
        add_name(p, all, is, unit, PART_CREATE);
}

static void name_edges(struct planner *p)
{
    names_list all = {0};
    for (uint32_t u = 0; u < p->units.n; u++)
        for (uint32_t m = 0; m < p->units.v[u].members.n; m++)
            add_names(p, &all, &p->units.v[u].members.v[m], u);
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_key);
    /* drops sort before creates of the same key */
    for (uint32_t i = 0; i < all.n; i++)
        for (uint32_t k = i + 1; k < all.n && str_eq(all.v[i].key, all.v[k].key); k++)
            if (all.v[i].part == PART_DROP && all.v[k].part == PART_CREATE)
                add_edge(p, all.v[i].unit, all.v[k].unit, false);
}

/* A name by which texts may call what a unit changes. */
struct called {
    struct str name;
    uint32_t item;
};

static int by_called(const void *a, const void *b)
{
    const struct called *x = a, *y = b;
    int c = str_cmp(x->name, y->name);
    return c ? c : x->item < y->item ? -1 : x->item > y->item;
}

struct mentions {
    struct planner *p;
    const struct touches *t;
    VEC(struct called) names; /* sorted */
};

/* What the text uses, as paths of items; once each. */
static void mentioned(const struct mentions *m, const struct obj *o, struct called **out,
                      uint32_t *n)
{
    struct name_uses uses = {0};
    VEC(struct called) list = {0};
    if (o)
        m->p->eng->uses(m->p->mem, o, &uses);
    for (uint32_t i = 0; i < uses.n; i++) {
        uint32_t lo = 0, hi = m->names.n;
        while (lo < hi) {
            uint32_t mid = lo + (hi - lo) / 2;
            if (str_cmp(m->names.v[mid].name, uses.v[i]) < 0)
                lo = mid + 1;
            else
                hi = mid;
        }
        for (; lo < m->names.n && str_eq(m->names.v[lo].name, uses.v[i]); lo++)
            VEC_PUSH(m->p->mem, list, m->names.v[lo]);
    }
    *out = list.v;
    *n = list.n;
}

/* Soft edges for what one side's text uses and the other's (n `less`) does not. */
static void mention_side(const struct mentions *m, const struct need *need, const struct called *v,
                         uint32_t n, const struct called *less, uint32_t nless)
{
    for (uint32_t i = 0; i < n; i++) {
        bool both = false;
        for (uint32_t k = 0; k < nless && !both; k++)
            both = less[k].item == v[i].item;
        if (!both)
            need_path(m->p, m->t, need, item_obj(m->p, v[i].item)->path);
    }
}

/* A call that fits two overloads takes the one that goes, which then could not go: it is gone
 * before the new one is there, where nothing needs both. */
static void overload_edges(const struct mentions *m)
{
    struct planner *p = m->p;
    for (uint32_t i = 0; i < m->names.n; i++)
        for (uint32_t k = i + 1; k < m->names.n && str_eq(m->names.v[i].name, m->names.v[k].name);
             k++) {
            uint32_t a = m->names.v[i].item, b = m->names.v[k].item;
            if (p->items.v[a].change->op == OP_ADD)
                a = b, b = m->names.v[i].item;
            uint32_t gone = p->items.v[a].unit[0], made = p->items.v[b].unit[1];
            if (p->items.v[a].change->op == OP_DROP && p->items.v[b].change->op == OP_ADD &&
                item_kind(p, a) == item_kind(p, b) && gone != NO_UNIT && made != NO_UNIT &&
                str_eq(path_parent(item_obj(p, a)->path), path_parent(item_obj(p, b)->path)))
                add_edge(p, gone, made, true);
        }
}

static void mention_edges(struct planner *p, const struct touches *t)
{
    struct mentions m = {.p = p, .t = t};
    if (!p->eng->uses)
        return;
    for (uint32_t i = 0; i < p->items.n; i++) {
        struct called one = {p->eng->called(p->mem, item_obj(p, i)), i};
        if (one.name.n)
            VEC_PUSH(p->mem, m.names, one);
    }
    if (m.names.n)
        qsort(m.names.v, m.names.n, sizeof *m.names.v, by_called);
    overload_edges(&m);
    for (uint32_t u = 0; u < p->units.n; u++)
        for (uint32_t k = 0; k < p->units.v[u].members.n; k++) {
            const struct unit_member *um = &p->units.v[u].members.v[k];
            const struct change *c = p->items.v[um->item].change;
            struct called *was, *is;
            uint32_t nwas, nis;
            mentioned(&m, um->part == PART_CREATE ? NULL : c->before, &was, &nwas);
            mentioned(&m, um->part == PART_DROP ? NULL : c->after, &is, &nis);
            struct need make = {u, true, true, false}, gone = {u, false, true, false};
            mention_side(&m, &make, is, nis, was, nwas);
            mention_side(&m, &gone, was, nwas, is, nis);
        }
}

void plan_edges(struct planner *p)
{
    struct touches t = all_touches(p);
    for (uint32_t u = 0; u < p->units.n; u++)
        for (uint32_t m = 0; m < p->units.v[u].members.n; m++)
            needs_of(p, &t, u, &p->units.v[u].members.v[m]);
    name_edges(p);
    mention_edges(p, &t);
    plan_rows_edges(p);
    for (uint32_t i = 0; i < p->items.n; i++)
        if (p->items.v[i].replace && p->items.v[i].unit[0] != NO_UNIT &&
            p->items.v[i].unit[1] != NO_UNIT)
            add_edge(p, p->items.v[i].unit[0], p->items.v[i].unit[1], false);
}
