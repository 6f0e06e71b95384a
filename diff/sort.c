/*
 * The order of units: Kahn's algorithm with a heap, so that one input has one answer. Soft edges
 * give way in a circle.
 */

#include <stdlib.h>

#include "diff/internal.h"

/* The queue of units that nothing holds back: a binary heap. */
struct heap {
    const struct planner *p;
    uint32_t *v;
    uint32_t n;
};

static int unit_cmp(const struct planner *p, uint32_t a, uint32_t b)
{
    const struct unit *x = &p->units.v[a], *y = &p->units.v[b];
    if (x->phase != y->phase)
        return x->phase < y->phase ? -1 : 1;
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
    uint32_t *waits;      /* edges into a unit that still count */
    uint32_t *first;      /* first edge out of a unit */
    uint32_t *soft_waits; /* those of them that are soft */
    bool *done, *free;    /* free: its soft edges have given way */
};

static void release(struct sorter *s, uint32_t unit)
{
    for (uint32_t i = s->first[unit]; i < s->first[unit + 1]; i++) {
        const struct edge *e = &s->p->edges.v[i];
        s->soft_waits[e->after] -= e->soft && !s->free[e->after];
        if (e->soft && s->free[e->after])
            continue;
        if (--s->waits[e->after] == 0)
            heap_push(&s->heap, e->after);
    }
}

/* A walk along edges between units that are not placed, so deep as there are units. */
struct walk {
    uint32_t unit, at; /* next edge to look at */
};

/* The unit that a depth-first walk over all leaves last: what can reach it can be reached from it,
 * so nothing outside its circle holds that back. */
static uint32_t last_left(struct sorter *s, bool *seen, struct walk *stack)
{
    uint32_t last = 0;
    for (uint32_t u = 0; u < s->p->units.n; u++) {
        uint32_t depth = 0;
        if (s->done[u] || seen[u])
            continue;
        seen[u] = true;
        stack[depth++] = (struct walk){u, s->first[u]};
        while (depth) {
            struct walk *top = &stack[depth - 1];
            if (top->at == s->first[top->unit + 1]) {
                last = top->unit;
                depth--;
                continue;
            }
            const struct edge *e = &s->p->edges.v[top->at++];
            if (s->done[e->after] || seen[e->after] || (e->soft && s->free[e->after]))
                continue;
            seen[e->after] = true;
            stack[depth++] = (struct walk){e->after, s->first[e->after]};
        }
    }
    return last;
}

/* Marks what reaches the unit. */
static void reach(const struct sorter *s, uint32_t unit, bool *in)
{
    in[unit] = true;
    for (bool news = true; news;) {
        news = false;
        for (uint32_t i = s->p->edges.n; i-- > 0;) {
            const struct edge *e = &s->p->edges.v[i];
            if (s->done[e->before] || in[e->before] || !in[e->after] ||
                (e->soft && s->free[e->after]))
                continue;
            in[e->before] = true;
            news = true;
        }
    }
}

/* Nothing is free: in a circle that nothing outside holds back, the soft edges into one unit give
 * way, the first in order of those that wait for no hard one. */
static bool give_way(struct sorter *s)
{
    uint32_t n = s->p->units.n, best = n;
    bool *seen = NEW_ARRAY(s->p->mem, bool, n), *in = NEW_ARRAY(s->p->mem, bool, n);
    reach(s, last_left(s, seen, NEW_ARRAY(s->p->mem, struct walk, n)), in);
    for (uint32_t u = 0; u < n; u++)
        if (in[u] && !s->done[u] && s->soft_waits[u] && s->soft_waits[u] == s->waits[u] &&
            (best == n || unit_cmp(s->p, u, best) < 0))
            best = u;
    if (best == n)
        return false;
    s->free[best] = true;
    s->waits[best] = s->soft_waits[best] = 0;
    heap_push(&s->heap, best);
    return true;
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
        s->soft_waits[p->edges.v[i].after] += p->edges.v[i].soft;
        s->first[p->edges.v[i].before + 1]++;
    }
    for (uint32_t u = 0; u < p->units.n; u++)
        s->first[u + 1] += s->first[u];
}

int plan_order(struct planner *p, uint32_t **order, bool **stuck, struct err *e)
{
    uint32_t n = p->units.n, placed = 0;
    struct sorter s = {.p = p};
    if (p->req->online)
        plan_phases(p);
    s.waits = NEW_ARRAY(p->mem, uint32_t, n);
    s.soft_waits = NEW_ARRAY(p->mem, uint32_t, n);
    s.free = NEW_ARRAY(p->mem, bool, n);
    s.first = NEW_ARRAY(p->mem, uint32_t, n + 1);
    s.done = NEW_ARRAY(p->mem, bool, n);
    s.heap = (struct heap){p, NEW_ARRAY(p->mem, uint32_t, n), 0};
    *order = NEW_ARRAY(p->mem, uint32_t, n);
    count_edges(&s);
    for (uint32_t u = 0; u < n; u++)
        if (!s.waits[u])
            heap_push(&s.heap, u);
    while (placed < n) {
        if (!s.heap.n && !give_way(&s)) {
            *stuck = NEW_ARRAY(p->mem, bool, n);
            for (uint32_t u = 0; u < n; u++)
                (*stuck)[u] = !s.done[u];
            return circle(&s, e);
        }
        uint32_t unit = heap_pop(&s.heap);
        s.done[unit] = true;
        (*order)[placed++] = unit;
        release(&s, unit);
    }
    return 0;
}
