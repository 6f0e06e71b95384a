/* Rows across a step: what stands on both sides must hold the same, unless the step says otherwise
 * by a hazard. */

#include "verify/internal.h"

#include <stdlib.h>

static void put_digest(void *ctx, struct str path, struct str text)
{
    struct digests *d = ctx;
    struct digest one = {arena_str(d->mem, path), arena_str(d->mem, text)};
    VEC_PUSH(d->mem, *d, one);
}

static int by_path(const void *a, const void *b)
{
    return path_cmp(((const struct digest *)a)->path, ((const struct digest *)b)->path);
}

int rows_digest(const struct engine *eng, struct session *s, const struct catalog *cat,
                struct arena *mem, struct digests *out, struct err *e)
{
    *out = (struct digests){.mem = mem};
    if (eng->live->rows && eng->live->rows(s, cat, mem, put_digest, out, e))
        return -1;
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_path);
    return 0;
}

static const struct kind_desc *kind_of(const struct engine *eng, struct str path)
{
    int kind = engine_kind(eng, path_kind(path));
    return kind < 0 ? NULL : eng->kinds[kind];
}

bool rows_is_count(const struct engine *eng, struct str path)
{
    const struct kind_desc *kind = kind_of(eng, path);
    return kind && !(kind->flags & KF_INLINE);
}

/* A hazard of this direction says so, of the object or of what it lies in; path absent: of any. */
static bool hazard_says(const struct rows_step *st, struct str path, enum hazard_code code)
{
    const struct step *s = &st->plan->v[st->i];
    const struct hazard *list = st->back ? s->back_hz : s->hz;
    uint32_t n = st->back ? s->nback_hz : s->nhz;
    for (uint32_t k = 0; k < n; k++)
        if (list[k].code == code && (str_is_null(path) || path_within(path, list[k].path)))
            return true;
    return false;
}

/* Whether what is stored there may change. A digest that is no object's own, as that of the row
 * which a value stands in, changes with the rowids too. */
static bool may_convert(const struct rows_step *st, struct str path)
{
    const struct step *s = &st->plan->v[st->i];
    bool own = kind_of(st->plan->eng, path) != NULL;
    if (st->i < st->plan->nrenames || hazard_says(st, path, HZ_CONVERT) ||
        (!own && hazard_says(st, path, HZ_ROWID_CHANGES)))
        return true;
    for (uint32_t k = 0; k < s->nmembers; k++) {
        const struct member *m = &s->members[k];
        if (!m->before || !m->after || !path_within(path, m->before->path))
            continue;
        for (uint32_t a = 0; a < m->change->nattrs; a++)
            if (m->change->attrs[a].attr->flags & AF_CONVERTS)
                return true;
    }
    return false;
}

static bool fewer(const struct digest *x, const struct digest *y)
{
    return !str_eq(str_sub(x->text, 0, str_chr(x->text, ' ')),
                   str_sub(y->text, 0, str_chr(y->text, ' ')));
}

static bool may_change(const struct rows_step *st, const struct engine *eng, const struct digest *x,
                       const struct digest *y)
{
    if (st->plan &&
        (hazard_says(st, x->path, HZ_DATA_LOSS) || hazard_says(st, x->path, HZ_ROWS_MOVE) ||
         hazard_says(st, STR_NULL, HZ_TRIGGERS_FIRE))) /* what a trigger writes is anywhere */
        return true;
    if (rows_is_count(eng, x->path) && fewer(x, y))
        return false;
    return !st->plan || may_convert(st, x->path); /* a changelog of any make: counts must stay */
}

/* Values that are not there any more, of a thing inside another, without a word about it. */
static bool is_missed(const struct rows_step *st, const struct engine *eng, const struct digest *x)
{
    const struct kind_desc *kind = kind_of(eng, x->path);
    return st->plan && st->i >= st->plan->nrenames && kind && (kind->flags & KF_INLINE) &&
           !hazard_says(st, x->path, HZ_DATA_LOSS);
}

int rows_compare(const struct rows_step *st, const struct engine *eng, const struct digests *before,
                 const struct digests *after, struct err *e)
{
    uint32_t a = 0, b = 0;
    while (a < before->n) {
        const struct digest *x = &before->v[a];
        const struct digest *y = b < after->n ? &after->v[b] : NULL;
        int c = y ? path_cmp(x->path, y->path) : -1;
        a += c <= 0;
        b += c >= 0;
        bool bad = c < 0   ? is_missed(st, eng, x)
                   : c > 0 ? false
                           : !str_eq(x->text, y->text) && !may_change(st, eng, x, y);
        if (!bad)
            continue;
        struct strbuf name = sb_new(before->mem, 0);
        path_human(&name, x->path);
        if (c < 0)
            return err_set(e, E_VERIFY_FAILED, "the values of %.*s are lost, and no hazard says so",
                           STR_ARG(sb_view(&name)));
        return err_set(e, E_VERIFY_FAILED, "the rows of %.*s changed: %.*s, then %.*s",
                       STR_ARG(sb_view(&name)), STR_ARG(x->text), STR_ARG(y->text));
    }
    return 0;
}
