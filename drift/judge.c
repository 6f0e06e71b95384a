/* From changes to findings: one for each facet that a change touches. */

#include "drift/internal.h"

#include <stdlib.h>

struct judge {
    const struct drift_request *req;
    struct arena *mem;
    const struct engine *eng;
    const struct open_finding **open; /* by path */
    bool *seen;                       /* of the same places: it is still there */
    uint32_t nopen;
    struct drift_findings *out;
    uint32_t cap;
};

static int by_path(const void *a, const void *b)
{
    const struct open_finding *const *x = a, *const *y = b;
    int c = path_cmp((*x)->path, (*y)->path);
    if (c)
        return c;
    return (*x)->facet < (*y)->facet ? -1 : (*x)->facet > (*y)->facet;
}

static int bit_of(unsigned facet)
{
    int bit = 0;
    while (facet >> (bit + 1))
        bit++;
    return bit;
}

static enum drift_severity severity_of(const struct drift_request *req, const struct change *c,
                                       unsigned facet)
{
    const struct severities *s = req->severities ? req->severities : &severities_default;
    return c->hazards & 1u << HZ_DATA_LOSS ? SEV_ERROR : s->of[bit_of(facet)];
}

/* Of things that no environment, file or night has of its own. */
static struct hash128 id_of(const struct engine *eng, const struct change *c, unsigned facet)
{
    struct hash128 none = {0, 0}, id = hash_bytes(change_obj(c)->path);
    id = hash_mix(id, hash_bytes(str_c(facet_name(facet))));
    id = hash_mix(id, c->before ? obj_hash(eng, c->before, facet) : none);
    return hash_mix(id, c->after ? obj_hash(eng, c->after, facet) : none);
}

/* Since when it is there, by the findings that were open; of what the last check has seen. */
static void date(struct judge *j, struct drift_finding *f, unsigned seen)
{
    const struct drift_memory *m = j->req->memory;
    struct str path = change_obj(f->change)->path;
    f->fresh = true;
    /* without a history a report is the same each night */
    f->since = m ? j->req->now : STR_NULL;
    /* a check that did not look at it cannot tell that it was not there yet */
    f->not_before = m && (seen & f->facet) ? m->last_time : STR_NULL;
    uint32_t i = open_lower(j->open, j->nopen, path);
    for (; i < j->nopen && str_eq(j->open[i]->path, path); i++) {
        /* what comes or goes takes all of its facets along: nothing of it is mended by that */
        if (j->open[i]->facet == f->facet || f->change->op != OP_ALTER)
            j->seen[i] = true;
        if (!hash_eq(j->open[i]->id, f->id))
            continue;
        f->fresh = false;
        f->since = j->open[i]->since;
        f->not_before = j->open[i]->not_before;
    }
}

static int judge_change(struct judge *j, const struct change *c, struct err *e)
{
    const struct obj *o = change_obj(c);
    struct agreed base;
    unsigned seen;
    if (base_of(j->req, j->open, j->nopen, o->path, o->kind, j->mem, &base, &seen, e))
        return -1;
    for (int bit = 0; bit < FACET_COUNT; bit++) {
        unsigned facet = 1u << bit;
        struct drift_finding f = {.change = c, .facet = facet, .base = base};
        if (!(c->facets & facet))
            continue;
        f.verdict = j->req->all_diff ? VERDICT_DIFFERS
                                     : drift_verdict_of(j->eng, facet, j->req->changes->facets,
                                                        &base, c->before, c->after);
        f.severity = severity_of(j->req, c, facet);
        f.id = id_of(j->eng, c, facet);
        date(j, &f, seen);
        if (j->out->n == j->cap)
            j->out->v = vec_grow(j->mem, j->out->v, &j->cap, sizeof *j->out->v);
        j->out->v[j->out->n++] = f;
    }
    return 0;
}

bool drift_looked_at(const struct drift_request *req, const struct open_finding *f)
{
    return (f->facet & req->changes->facets) &&
           (!req->looked_at || req->looked_at(req->looked_ctx, f->path));
}

/* What was open, could have been seen again, and was not. */
static void resolve(struct judge *j)
{
    struct drift_findings *out = j->out;
    out->resolved = NEW_ARRAY(j->mem, struct resolved, j->nopen);
    for (uint32_t i = 0; i < j->nopen; i++) {
        const struct open_finding *f = j->open[i];
        if (!j->seen[i] && drift_looked_at(j->req, f))
            out->resolved[out->nresolved++] =
                (struct resolved){f->id, f->object, f->path, f->facet, f->verdict, f->since};
    }
}

static bool fails(const struct fail_on *on, const struct drift_finding *f)
{
    bool breaking = f->change->op != OP_ADD;
    bool destructive = (f->change->hazards & 1u << HZ_DATA_LOSS) != 0;
    if (f->rule || on->never || f->severity < on->least || (on->facets && !(on->facets & f->facet)))
        return false;
    if (f->verdict == VERDICT_NONE || (f->verdict == VERDICT_PENDING && !on->pending))
        return false;
    return (!on->breaking && !on->destructive) || (on->breaking && breaking) ||
           (on->destructive && destructive);
}

int drift_judge(const struct drift_request *req, struct arena *mem, struct drift_findings **out,
                struct err *e)
{
    const struct drift_memory *m = req->memory;
    struct judge j = {.req = req, .mem = mem, .eng = req->changes->eng, .nopen = m ? m->nopen : 0};
    j.out = NEW(mem, struct drift_findings);
    j.open = NEW_ARRAY(mem, const struct open_finding *, j.nopen);
    j.seen = NEW_ARRAY(mem, bool, j.nopen);
    for (uint32_t i = 0; i < j.nopen; i++)
        j.open[i] = &m->open[i];
    if (j.nopen)
        qsort(j.open, j.nopen, sizeof *j.open, by_path);
    for (uint32_t i = 0; i < req->changes->n; i++)
        if (judge_change(&j, &req->changes->v[i], e))
            return -1;
    resolve(&j);
    j.out->changes = req->changes;
    j.out->env = req->env;
    j.out->baseline = req->baseline;
    j.out->last = m ? m->last_time : STR_NULL;
    j.out->has_history = m != NULL;
    rules_apply(req, j.out, mem);
    for (uint32_t i = 0; i < j.out->n; i++)
        j.out->v[i].fails = fails(&req->fail_on, &j.out->v[i]);
    *out = j.out;
    return 0;
}
