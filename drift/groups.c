/* Databases of a check of many, put into groups of equal fingerprints. */

#include "drift/drift.h"

#include <stdlib.h>

static int by_name(const void *a, const void *b)
{
    const struct group_member *const *x = a, *const *y = b;
    return str_cmp((*x)->name, (*y)->name);
}

static int by_fingerprint(const void *a, const void *b)
{
    const struct group_member *const *x = a, *const *y = b;
    struct hash128 p = (*x)->fingerprint, q = (*y)->fingerprint;
    if (p.hi != q.hi)
        return p.hi < q.hi ? -1 : 1;
    if (p.lo != q.lo)
        return p.lo < q.lo ? -1 : 1;
    return by_name(a, b);
}

/* One group while they are put in order: its members stand at v[first] and behind it. */
struct range {
    uint32_t first, n;
    struct str name;
};

static int by_size(const void *a, const void *b)
{
    const struct range *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return str_cmp(x->name, y->name);
}

struct group *drift_groups(struct group_member *v, uint32_t n, struct arena *mem, uint32_t *ngroups)
{
    struct group_member **order = NEW_ARRAY(mem, struct group_member *, n);
    struct range *ranges = NEW_ARRAY(mem, struct range, n);
    uint32_t count = 0;
    for (uint32_t i = 0; i < n; i++)
        order[i] = &v[i];
    if (n)
        qsort(order, n, sizeof *order, by_fingerprint);
    for (uint32_t i = 0; i < n; i++) {
        if (i && hash_eq(order[i]->fingerprint, order[i - 1]->fingerprint))
            ranges[count - 1].n++;
        else
            ranges[count++] = (struct range){i, 1, order[i]->name};
    }
    if (count)
        qsort(ranges, count, sizeof *ranges, by_size);
    struct group *groups = NEW_ARRAY(mem, struct group, count);
    for (uint32_t g = 0; g < count; g++) {
        groups[g] = (struct group){ranges[g].n, (uint32_t)(order[ranges[g].first] - v)};
        for (uint32_t i = 0; i < ranges[g].n; i++)
            order[ranges[g].first + i]->group = g;
    }
    *ngroups = count;
    return groups;
}
