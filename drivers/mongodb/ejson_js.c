/* What JavaScript's reader of Extended JSON makes of a value; see value.h. Measured on js-bson 6,
 * which mongosh is made with. */

#include "drivers/mongodb/value.h"

/* Milliseconds to either side of 1970 that a Date of JavaScript holds. */
static const int64_t date_limit = 8640000000000000;

/* An array index of JavaScript: such keys stand in front of all others, by size. */
static bool is_index(struct str key, int64_t *out)
{
    if (!key.n || !ascii_is_digit(key.p[0]) || (key.p[0] == '0' && key.n > 1))
        return false;
    return key.n <= 10 && str_int(key, out) && *out < UINT32_MAX;
}

static bool keeps_order(const struct mv *doc)
{
    int64_t last = -1, index;
    bool others = false;
    for (const struct mv *m = doc->first; m; m = m->next) {
        if (!is_index(m->key, &index)) {
            others = true;
            continue;
        }
        if (others || index < last)
            return false;
        last = index;
    }
    return true;
}

/* {"$regex": text} is taken for a regular expression, and what stands beside it is dropped. */
static bool keeps_regex(const struct mv *doc)
{
    const struct mv *regex = mv_get(doc, "$regex"), *options = mv_get(doc, "$options");
    if (!regex || regex->type == MV_REGEX)
        return true;
    return regex->type == MV_STRING && (options ? options->type == MV_STRING : true) &&
           doc->n == (options ? 2 : 1);
}

/* Letters that it takes; for others it fails. */
static bool has_known_options(const struct mv *v)
{
    for (size_t i = 0; i < v->more.n; i++)
        if (str_chr(STR("ilmsux"), v->more.p[i]) == 6)
            return false;
    return true;
}

bool mv_has_js(const struct mv *v)
{
    if (v->type == MV_UNDEFINED || v->type == MV_DBPOINTER)
        return false;
    if (v->type == MV_DATE)
        return v->i >= -date_limit && v->i <= date_limit;
    if (v->type == MV_REGEX)
        return has_known_options(v);
    if (v->type == MV_DOCUMENT && (!keeps_order(v) || !keeps_regex(v) || mv_get(v, "_bsontype") ||
                                   (mv_get(v, "$ref") && mv_get(v, "$id"))))
        return false;
    for (const struct mv *m = v->first; m; m = m->next)
        if (!mv_has_js(m))
            return false;
    return true;
}
