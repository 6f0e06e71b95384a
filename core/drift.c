/* Words of verdicts and severities, and how many findings have one. */

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
