/* Three states decide: what both sides last agreed on, the baseline, and live. */

#include "core/compare.h"
#include "drift/internal.h"

enum drift_verdict drift_verdict_of(const struct engine *eng, unsigned facet, unsigned facets,
                                    const struct agreed *base, const struct obj *before,
                                    const struct obj *after)
{
    const struct obj *one = before ? before : after;
    struct obj was = {.a = base->a, .kind = one ? one->kind : 0};
    const struct obj *then = base->there ? &was : NULL;
    /* Who drops an object drops all of it: a comment that moved meanwhile counts. */
    unsigned by = before && after ? facet : (facets & base->facets) | facet;
    if (obj_same(eng, before, after, by))
        return VERDICT_NONE;
    if (!base->known || !(base->facets & facet))
        return VERDICT_DRIFT;
    if (obj_same(eng, then, after, by))
        return VERDICT_PENDING;
    return obj_same(eng, then, before, by) ? VERDICT_DRIFT : VERDICT_CONFLICT;
}

uint32_t open_lower(const struct open_finding *const *open, uint32_t nopen, struct str path)
{
    uint32_t lo = 0, hi = nopen;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (path_cmp(open[mid]->path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < nopen && str_eq(open[lo]->path, path) ? lo : nopen;
}

/* `a` with the attributes of one facet as `from` has them. */
static struct str with_facet(const struct engine *eng, uint16_t kind, struct str a, struct str from,
                             unsigned facet, struct arena *mem)
{
    const struct kind_desc *row = eng->kinds[kind];
    struct obj o = {.a = a, .kind = kind}, other = {.a = from, .kind = kind};
    for (size_t i = 0; i < row->nattrs; i++)
        if (row->attrs[i].facet & facet)
            o.a = obj_with(mem, eng, &o, row->attrs[i].name, obj_raw(&other, row->attrs[i].name));
    return o.a;
}

/* Takes what an open finding keeps of its facet over the last state of live. */
static void take_kept(const struct engine *eng, uint16_t kind, const struct open_finding *f,
                      struct agreed *out, struct arena *mem)
{
    if (!f->base.known || !(f->base.facets & f->facet)) {
        out->facets &= ~f->facet;
    } else if (!f->base.there || !out->there || !out->known) {
        *out = f->base; /* it came or went: then all of it is what the finding is about */
    } else {
        out->a = with_facet(eng, kind, out->a, f->base.a, f->facet, mem);
        out->facets |= f->facet;
    }
}

int base_of(const struct drift_request *req, const struct open_finding *const *open, uint32_t nopen,
            struct str path, uint16_t kind, struct arena *mem, struct agreed *out, unsigned *seen,
            struct err *e)
{
    const struct drift_memory *m = req->memory;
    *out = (struct agreed){0};
    *seen = 0;
    if (!m)
        return 0;
    if (m->last && m->last(m->ctx, path, mem, out, e))
        return -1;
    *seen = out->known ? out->facets : 0;
    for (uint32_t i = open_lower(open, nopen, path); i < nopen && str_eq(open[i]->path, path); i++)
        take_kept(req->changes->eng, kind, open[i], out, mem);
    return 0;
}
