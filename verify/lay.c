/* Rows on the scratch database of a proof: which tables get them, and how plain they are. */

#include "verify/internal.h"

struct catalog *lay_read(struct prover *p, struct arena *mem, struct err *e)
{
    struct catalog *cat;
    return scratch_read(p->eng, p->s, p->opt, NULL, 0, false, mem, &cat, e) ? NULL : cat;
}

/* Objects that a step touches. */
struct tops lay_touched(const struct prover *p, uint32_t i, struct arena *mem)
{
    const struct step *s = &p->plan->v[i];
    struct tops t = {0};
    for (uint32_t k = 0; k < s->nmembers; k++) {
        struct str top = engine_top(p->eng, change_obj(s->members[k].change)->path);
        VEC_PUSH(mem, t, top);
    }
    tops_sort(&t);
    return t;
}

/* The part of what is there that step i touches; all of it where that cannot be told. */
static struct catalog *part_touched(const struct prover *p, uint32_t i, const struct catalog *all,
                                    struct arena *mem)
{
    struct catalog *part = cat_unfiltered(all, mem);
    uint32_t n = 0;
    if (!p->plan || i < p->plan->nrenames)
        return part;
    struct tops only = lay_touched(p, i, mem);
    for (uint32_t k = 0; k < part->n; k++)
        if (tops_hold(&only, engine_top(p->eng, part->v[k].path)))
            part->v[n++] = part->v[k];
    part->n = n;
    return part;
}

/* What a tie that one end of the plan has holds together with something else, and the tie is not
 * there now: it is on its way, and rows put into it now could be such as it never held. */
static void add_untied(const struct prover *p, const struct catalog *end,
                       const struct catalog *other, const struct catalog *all, struct tops *out,
                       struct arena *mem)
{
    for (uint32_t i = 0; i < end->n; i++) {
        const struct obj *o = &end->v[i];
        if ((obj_kind(p->eng, o)->flags & KF_TIE) && !cat_find(other, o->path) &&
            !cat_find(all, o->path))
            VEC_PUSH(mem, *out, engine_top(p->eng, o->path));
    }
}

/* What the plan itself has made is empty where it is run. */
static void add_new(const struct prover *p, const struct catalog *all, struct tops *out,
                    struct arena *mem)
{
    for (uint32_t i = 0; i < all->n; i++) {
        unsigned flags = obj_kind(p->eng, &all->v[i])->flags;
        if ((flags & KF_DATA) && !(flags & KF_INLINE) &&
            !cat_find(p->plan->states[p->plan->nrenames], all->v[i].path))
            VEC_PUSH(mem, *out, engine_top(p->eng, all->v[i].path));
    }
}

/* The part of what is there that is given new rows. */
static struct catalog *to_fill(const struct prover *p, const struct catalog *all, struct arena *mem)
{
    struct catalog *part = cat_unfiltered(all, mem);
    struct tops untied = {0};
    uint32_t n = 0;
    if (!p->plan)
        return part;
    const struct catalog *from = p->plan->states[p->plan->nrenames], *to = p->plan->to;
    add_untied(p, from, to, all, &untied, mem);
    add_untied(p, to, from, all, &untied, mem);
    add_new(p, all, &untied, mem);
    tops_sort(&untied);
    for (uint32_t k = 0; k < part->n; k++)
        if (!tops_hold(&untied, engine_top(p->eng, part->v[k].path)))
            part->v[n++] = part->v[k];
    part->n = n;
    return part;
}

int lay_rows(const struct prover *p, const struct catalog *cat, unsigned plain, struct err *e)
{
    const struct live_ops *live = p->eng->live;
    if (plain > MOST_PLAIN || !live->fill)
        return 0;
    struct arena *mem = arena_new(0);
    cat = cat_without_data(cat, p->opt, mem);
    int rc = plain ? live->refill(p->s, cat, plain, e) : live->fill(p->s, cat, e);
    arena_free(mem);
    return rc;
}

/* Other rows everywhere. */
int lay_anew(struct prover *p, unsigned plain, struct arena *mem, struct err *e)
{
    const struct catalog *all = lay_read(p, mem, e);
    if (!all || p->eng->live->empty(p->s, cat_without_data(all, p->opt, mem), e))
        return -1;
    p->plain = plain;
    return lay_rows(p, to_fill(p, all, mem), plain, e);
}

int lay_none(struct prover *p, uint32_t i, enum emptied which, struct arena *mem, struct err *e)
{
    const struct catalog *all = lay_read(p, mem, e);
    if (!all)
        return -1;
    all = cat_without_data(all, p->opt, mem);
    return p->eng->live->empty(
        p->s, which == TOUCHED_EMPTY ? part_touched(p, i, all, mem) : cat_unfiltered(all, mem), e);
}

int lay_back(struct prover *p, uint32_t i, enum emptied which, struct arena *mem, struct err *e)
{
    const struct catalog *all = lay_read(p, mem, e);
    if (!all)
        return -1;
    all = to_fill(p, all, mem);
    return lay_rows(p, which == TOUCHED_EMPTY ? part_touched(p, i, all, mem) : all, p->least, e);
}
