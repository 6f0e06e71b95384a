/* Sets of objects, as engine_top has them. */

#include <stdlib.h>

#include "verify/internal.h"

void tops_sort(struct tops *t)
{
    uint32_t n = 0;
    if (t->n)
        qsort(t->v, t->n, sizeof *t->v, str_order);
    for (uint32_t i = 0; i < t->n; i++)
        if (!n || !str_eq(t->v[n - 1], t->v[i]))
            t->v[n++] = t->v[i];
    t->n = n;
}

bool tops_hold(const struct tops *t, struct str top)
{
    return t->n && bsearch(&top, t->v, t->n, sizeof *t->v, str_order);
}
