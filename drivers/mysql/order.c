/* The order of a table's columns. */

#include "drivers/mysql/table.h"

void my_keep_places(struct arena *mem, const uint32_t *place, uint32_t n, bool *stays)
{
    uint32_t *best = NEW_ARRAY(mem, uint32_t, n + 1), *before = NEW_ARRAY(mem, uint32_t, n + 1);
    uint32_t end = n;
    for (uint32_t i = 0; i < n; i++) {
        stays[i] = false;
        if (place[i] == UINT32_MAX)
            continue;
        best[i] = 1;
        before[i] = n;
        for (uint32_t k = 0; k < i; k++)
            if (place[k] != UINT32_MAX && place[k] < place[i] && best[k] + 1 > best[i])
                best[i] = best[k] + 1, before[i] = k;
        if (end == n || best[i] > best[end])
            end = i;
    }
    for (; end < n; end = before[end])
        stays[end] = true;
}

uint32_t my_place_of(const struct obj *const *list, uint32_t n, struct str path)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(list[i]->path, path))
            return i;
    return UINT32_MAX;
}

bool my_ends_there(const bool *stays, uint32_t i, uint32_t n)
{
    for (uint32_t k = i + 1; k < n; k++)
        if (stays[k])
            return false;
    return true;
}

void my_put_place(struct strbuf *out, const struct obj *const *list, uint32_t i)
{
    if (i == 0) {
        sb_c(out, " FIRST");
        return;
    }
    sb_c(out, " AFTER ");
    my_put_name(out, my_name(out->mem, list[i - 1]->path));
}
