/* What a proof notes of each step, for an evidence. */

#include "verify/internal.h"

const char *proof_rows_name(enum proof_rows r)
{
    static const char *const names[] = {"odd", "plain", "small", "none"};
    return names[r];
}

/* Of all that was read, in the facets and filters of the options. */
static int fingerprint_of(const struct prover *p, const struct catalog *cat, struct hash128 *out,
                          struct err *e)
{
    struct arena *mem = arena_new(0);
    struct catalog *copy = cat_unfiltered(cat, mem);
    copy->mem = mem;
    int rc = cat_cut(copy, p->opt, e);
    *out = copy->fingerprint;
    arena_free(mem);
    return rc;
}

static uint64_t count_rows(const struct engine *eng, const struct digests *d)
{
    uint64_t rows = 0;
    int64_t n;
    for (uint32_t i = 0; i < d->n; i++)
        if (rows_is_count(eng, d->v[i].path) &&
            str_int(str_sub(d->v[i].text, 0, str_chr(d->v[i].text, ' ')), &n) && n > 0)
            rows += (uint64_t)n;
    return rows;
}

int record_step(const struct prover *p, uint32_t i, bool back, const struct transition *t,
                struct err *e)
{
    if (!p->opt->record)
        return 0;
    struct step_record *r = &p->report->record[i];
    enum proof_rows kind = t->emptied ? ROWS_NONE : (enum proof_rows)p->plain;
    if (kind > r->kind)
        r->kind = kind;
    if (back) {
        r->is_undone = true;
        return fingerprint_of(p, t->is, &r->undone, e);
    }
    if (r->is_after)
        return 0; /* the first time counts: check_state holds the others against it */
    r->is_after = true;
    r->rows = count_rows(p->eng, t->before);
    return fingerprint_of(p, t->was, &r->before, e) || fingerprint_of(p, t->is, &r->after, e) ? -1
                                                                                              : 0;
}
