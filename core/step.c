/* States of a plan, and the statements of a step in the order in which they run. */

#include "core/step.h"

#include <stdlib.h>

const char *reversal_name(enum reversal r)
{
    static const char *const names[] = {"exact", "order", "close", "schema", "none"};
    return names[r];
}

const char *phase_name(enum phase p)
{
    static const char *const names[] = {"", "expand", "contract"};
    return names[p];
}

/* One path's part in one step. */
struct touch {
    struct str path;
    uint32_t step;
    const struct member *member;
};

static int by_path_step(const void *a, const void *b)
{
    const struct touch *x = a, *y = b;
    int c = path_cmp(x->path, y->path);
    return c ? c : x->step < y->step ? -1 : x->step > y->step;
}

struct view plan_state(const struct plan *p, uint32_t i, struct arena *mem)
{
    if (i <= p->nrenames)
        return (struct view){p->states[i], NULL, 0};
    VEC(struct touch) all = {0};
    for (uint32_t s = p->nrenames; s < p->n; s++)
        for (uint32_t k = 0; k < p->v[s].nmembers; k++) {
            const struct member *m = &p->v[s].members[k];
            struct touch t = {(m->before ? m->before : m->after)->path, s, m};
            VEC_PUSH(mem, all, t);
        }
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_path_step);
    struct view_entry *over = NEW_ARRAY(mem, struct view_entry, all.n);
    uint32_t n = 0;
    for (uint32_t k = 0; k < all.n; k++) {
        const struct touch *t = &all.v[k];
        /* A path may be in two steps (dropped, then created): the last one that has run counts. */
        if (!n || !str_eq(over[n - 1].path, t->path))
            over[n++] = (struct view_entry){t->path, t->member->before};
        if (t->step < i)
            over[n - 1].obj = t->member->after;
    }
    return (struct view){p->states[p->nrenames], over, n};
}

bool step_back_loses(const struct step *s, const struct hazard *h)
{
    bool made = false;
    if (hazard_severity(h->code) != 3)
        return false;
    for (uint32_t i = 0; i < s->nmembers; i++) {
        const struct member *m = &s->members[i];
        if (m->before && str_eq(m->before->path, h->path))
            return true;
        made = made || (!m->before && path_within(h->path, m->after->path));
    }
    return !made;
}

bool step_own_tx(const struct step *s)
{
    for (uint32_t i = 0; i < s->nfwd; i++)
        if (s->fwd[i].flags & (ST_SETTING | ST_SETTING_END | ST_NO_TX))
            return true;
    for (uint32_t i = 0; i < s->nback; i++)
        if (s->back[i].flags & (ST_SETTING | ST_SETTING_END | ST_NO_TX))
            return true;
    return false;
}

/* Copies the statements whose flags, under mask, equal want. */
static void take(struct stmt *to, uint32_t *n, const struct stmt *from, uint32_t nfrom,
                 unsigned mask, unsigned want)
{
    for (uint32_t i = 0; i < nfrom; i++)
        if ((from[i].flags & mask) == want)
            to[(*n)++] = from[i];
}

struct stmt *step_script(const struct plan *p, const struct step *s, bool back, struct arena *mem,
                         uint32_t *n, bool *own_tx)
{
    const struct stmt *from = back ? s->back : s->fwd;
    uint32_t nfrom = back ? s->nback : s->nfwd, body = 0;
    struct stmt *list = NEW_ARRAY(mem, struct stmt, nfrom + 2);
    const unsigned outside = ST_SETTING | ST_SETTING_END | ST_NO_TX;
    *n = 0;
    *own_tx = step_own_tx(s);
    for (uint32_t i = 0; i < nfrom; i++)
        body += !(from[i].flags & outside);
    bool wrap = *own_tx && body > 1 && p->eng->begin;
    take(list, n, from, nfrom, ST_SETTING, ST_SETTING);
    take(list, n, from, nfrom, ST_NO_TX, ST_NO_TX);
    if (wrap)
        list[(*n)++] = (struct stmt){.lang = LANG_SQL, .text = str_c(p->eng->begin)};
    take(list, n, from, nfrom, outside | ST_LOCAL, ST_LOCAL);
    take(list, n, from, nfrom, outside | ST_LOCAL | ST_LATE, 0);
    take(list, n, from, nfrom, outside | ST_LATE, ST_LATE);
    if (wrap)
        list[(*n)++] = (struct stmt){.lang = LANG_SQL, .text = str_c(p->eng->commit)};
    take(list, n, from, nfrom, ST_SETTING_END, ST_SETTING_END);
    return list;
}
