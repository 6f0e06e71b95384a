/* Words of verdicts and severities; how many findings have one, and which part each is of. */

#include "core/drift.h"

const char *verdict_name(enum drift_verdict v)
{
    static const char *const names[] = {"none", "differs", "drift", "pending", "conflict"};
    return names[v];
}

static const char *const severities[] = {"note", "warning", "error"};

const char *severity_name(enum drift_severity s)
{
    return severities[s];
}

bool severity_parse(struct str word, enum drift_severity *out)
{
    for (unsigned i = 0; i < sizeof severities / sizeof *severities; i++)
        if (str_eq(word, str_c(severities[i]))) {
            *out = (enum drift_severity)i;
            return true;
        }
    return false;
}

uint32_t drift_count(const struct drift_findings *f, enum drift_verdict v, bool passed)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->n; i++)
        n += f->v[i].verdict == v && (f->v[i].rule != NULL) == passed;
    return n;
}

enum drift_part drift_part(const struct drift_finding *f)
{
    if (f->fails)
        return PART_OPEN;
    if (f->rule)
        return PART_PASSED;
    return f->verdict == VERDICT_PENDING ? PART_PENDING : PART_OPEN;
}

const struct drift_finding *drift_of(const struct drift_findings *f, struct str path, uint32_t *n)
{
    uint32_t lo = 0, hi = f->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (path_cmp(change_obj(f->v[mid].change)->path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    *n = 0;
    while (lo + *n < f->n && str_eq(change_obj(f->v[lo + *n].change)->path, path))
        ++*n;
    return *n ? &f->v[lo] : NULL;
}

const struct drift_finding *drift_carrier(const struct drift_findings *f, uint32_t i)
{
    const struct drift_finding *one = &f->v[i];
    struct str path = change_obj(one->change)->path;
    if (one->change->op == OP_ALTER)
        return NULL;
    for (struct str up = path_parent(path); up.n; up = path_parent(up)) {
        uint32_t n;
        const struct drift_finding *v = drift_of(f, up, &n);
        for (uint32_t k = 0; k < n; k++)
            if (v[k].change->op == one->change->op && v[k].verdict == one->verdict &&
                drift_part(&v[k]) == drift_part(one))
                return &v[k];
    }
    return NULL;
}

uint32_t drift_part_count(const struct drift_findings *f, enum drift_part part)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->n; i++)
        n += drift_part(&f->v[i]) == part && !drift_carrier(f, i);
    return n;
}
