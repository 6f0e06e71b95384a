/* Databases with equal fingerprints, put together. Knows names and fingerprints only. */

#include "drift/drift.h"

#include <stdlib.h>

static int hash_order(struct hash128 a, struct hash128 b)
{
    if (a.hi != b.hi)
        return a.hi < b.hi ? -1 : 1;
    return a.lo < b.lo ? -1 : a.lo > b.lo;
}

static int by_print(const void *a, const void *b)
{
    const struct group_member *const *x = a, *const *y = b;
    int c = hash_order((*x)->fingerprint, (*y)->fingerprint);
    return c ? c : str_cmp((*x)->name, (*y)->name);
}

/* A group and the place among the sorted members where it begins. */
struct run {
    struct group group;
    struct str name; /* of its first member */
    uint32_t at;
};

static int by_size(const void *a, const void *b)
{
    const struct run *x = a, *y = b;
    if (x->group.n != y->group.n)
        return x->group.n > y->group.n ? -1 : 1;
    return str_cmp(x->name, y->name);
}

struct group *drift_groups(struct group_member *v, uint32_t n, struct arena *mem, uint32_t *ngroups)
{
    struct group_member **sorted = NEW_ARRAY(mem, struct group_member *, n);
    struct run *runs = NEW_ARRAY(mem, struct run, n);
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++)
        sorted[i] = &v[i];
    if (n)
        qsort(sorted, n, sizeof(*sorted), by_print);
    for (uint32_t i = 0; i < n; i++) {
        if (!i || !hash_eq(sorted[i]->fingerprint, sorted[i - 1]->fingerprint))
            runs[count++] = (struct run){{0, (uint32_t)(sorted[i] - v)}, sorted[i]->name, i};
        runs[count - 1].group.n++;
    }
    if (count)
        qsort(runs, count, sizeof(*runs), by_size);
    struct group *groups = NEW_ARRAY(mem, struct group, count);
    for (uint32_t g = 0; g < count; g++) {
        groups[g] = runs[g].group;
        for (uint32_t i = 0; i < runs[g].group.n; i++)
            sorted[runs[g].at + i]->group = g;
    }
    *ngroups = count;
    return groups;
}
