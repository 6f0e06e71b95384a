/*
 * Phases of an online plan. What widens a schema comes first, while the old programs run; what
 * narrows it (drops, rules for rows, types) last, as far as the graph allows.
 */

#include "diff/internal.h"

static bool narrows_attr(const struct attr_change *a)
{
    /* a rule that goes is no narrowing */
    bool comes = a->after.n && !(str_is_null(a->after));
    return (a->attr->flags & AF_CONVERTS) || ((a->attr->flags & AF_GUARDS) && comes);
}

/* A tie goes before the rest, and comes after it. */
static bool narrows(const struct planner *p, const struct unit_member *m)
{
    const struct item *item = &p->items.v[m->item];
    const struct kind_desc *kind = item_kind(p, m->item);
    const struct obj *o = item_obj(p, m->item);
    if (kind->flags & KF_TIE)
        return m->part != PART_DROP;
    if (m->part == PART_DROP)
        return !item->replace;
    if (m->part == PART_CREATE)
        return (kind->flags & KF_GUARDS) && cat_find(p->from, path_parent(o->path));
    for (uint32_t i = 0; i < item->change->nattrs; i++)
        if (narrows_attr(&item->change->attrs[i]))
            return true;
    return false;
}

/* A tie that becomes another is between what comes before and what comes after: then nothing moves.
 */
static bool ties_change(const struct planner *p)
{
    for (uint32_t i = 0; i < p->items.n; i++) {
        const struct change *c = p->items.v[i].change;
        for (uint32_t k = 0; k < c->nattrs; k++)
            if (c->attrs[k].attr->flags & AF_TIES)
                return true;
    }
    return false;
}

void plan_phases(struct planner *p)
{
    bool all = ties_change(p);
    for (uint32_t u = 0; u < p->units.n; u++) {
        struct unit *unit = &p->units.v[u];
        unit->phase = all ? PHASE_CONTRACT : PHASE_EXPAND;
        unit->first_phase = unit->phase;
        for (uint32_t m = 0; m < unit->members.n; m++)
            if (narrows(p, &unit->members.v[m]))
                unit->phase = PHASE_CONTRACT;
    }
}
