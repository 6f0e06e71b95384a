/* Typed trees: makers, access, comparison; see value.h. */

#include "drivers/mongodb/value.h"

#include <math.h>

#include "drivers/mongodb/decimal.h"

struct mv *mv_new(struct arena *mem, enum mv_type type)
{
    struct mv *v = NEW(mem, struct mv);
    v->type = type;
    return v;
}

struct mv *mv_int(struct arena *mem, int64_t i)
{
    struct mv *v = mv_new(mem, i >= INT32_MIN && i <= INT32_MAX ? MV_INT32 : MV_INT64);
    v->i = i;
    return v;
}

struct mv *mv_bool(struct arena *mem, bool b)
{
    struct mv *v = mv_new(mem, MV_BOOL);
    v->i = b;
    return v;
}

struct mv *mv_text(struct arena *mem, struct str text)
{
    struct mv *v = mv_new(mem, MV_STRING);
    v->text = text;
    return v;
}

struct mv *mv_copy(struct arena *mem, const struct mv *v)
{
    struct mv *copy = mv_new(mem, v->type);
    *copy = *v;
    copy->first = copy->last = copy->next = NULL;
    copy->n = 0;
    for (const struct mv *m = v->first; m; m = m->next)
        mv_add(copy, m->key, mv_copy(mem, m));
    return copy;
}

struct mv *mv_add(struct mv *to, struct str key, struct mv *v)
{
    v->key = key;
    v->next = NULL;
    if (to->last)
        to->last->next = v;
    else
        to->first = v;
    to->last = v;
    to->n++;
    return v;
}

struct mv *mv_take(struct mv *doc, const char *key)
{
    if (!doc || doc->type != MV_DOCUMENT)
        return NULL;
    struct mv *before = NULL, *m = doc->first;
    while (m && !str_eq_c(m->key, key)) {
        before = m;
        m = m->next;
    }
    if (!m)
        return NULL;
    if (before)
        before->next = m->next;
    else
        doc->first = m->next;
    if (doc->last == m)
        doc->last = before;
    doc->n--;
    m->next = NULL;
    return m;
}

const struct mv *mv_get_str(const struct mv *v, struct str key)
{
    if (!v || v->type != MV_DOCUMENT)
        return NULL;
    const struct mv *m = v->first;
    while (m && !str_eq(m->key, key))
        m = m->next;
    return m;
}

const struct mv *mv_get(const struct mv *v, const char *key)
{
    return mv_get_str(v, str_c(key));
}

bool mv_is_number(const struct mv *v)
{
    return v && (v->type == MV_INT32 || v->type == MV_INT64 || v->type == MV_DOUBLE ||
                 v->type == MV_DECIMAL);
}

static const unsigned char *decimal(const struct mv *v)
{
    return (const unsigned char *)v->text.p;
}

bool mv_whole(const struct mv *v, int64_t *out)
{
    if (!mv_is_number(v))
        return false;
    if (v->type == MV_DECIMAL)
        return mg_decimal_whole(decimal(v), out);
    if (v->type == MV_DOUBLE) {
        if (!(v->d >= -0x1p63 && v->d < 0x1p63) || (double)(int64_t)v->d < v->d ||
            (double)(int64_t)v->d > v->d)
            return false;
        *out = (int64_t)v->d;
        return true;
    }
    *out = v->i;
    return true;
}

bool mv_truth(const struct mv *v)
{
    int64_t whole;
    if (v && v->type == MV_BOOL)
        return v->i != 0;
    return mv_is_number(v) && !(mv_whole(v, &whole) && whole == 0);
}

struct str mv_string(const struct mv *v)
{
    return v && v->type == MV_STRING ? v->text : STR_NULL;
}

void mv_put_number(struct strbuf *out, const struct mv *v)
{
    if (!mv_is_number(v))
        return;
    if (v->type == MV_DOUBLE)
        mg_double_words(out, v->d);
    else if (v->type == MV_DECIMAL)
        mg_decimal_words(out, decimal(v));
    else
        sb_int(out, v->i);
}

static bool same_members(const struct mv *a, const struct mv *b)
{
    const struct mv *x = a->first, *y = b->first;
    for (; x && y; x = x->next, y = y->next)
        if (!str_eq(x->key, y->key) || !mv_same(x, y))
            return false;
    return !x && !y;
}

bool mv_same(const struct mv *a, const struct mv *b)
{
    if (!a || !b || a->type != b->type)
        return a == b;
    if (a->type == MV_DOUBLE)
        return (isnan(a->d) && isnan(b->d)) ||
               (a->d == b->d && signbit(a->d) == signbit(b->d)); /* 0.0 is not -0.0 */
    if (a->type == MV_DECIMAL)
        return mg_decimal_same(decimal(a), decimal(b));
    return a->i == b->i && str_eq(a->text, b->text) && str_eq(a->more, b->more) &&
           same_members(a, b);
}

int mv_cmp(struct arena *mem, const struct mv *a, const struct mv *b)
{
    struct arena_mark mark = arena_mark(mem);
    int order = str_cmp(mv_json(mem, a), mv_json(mem, b));
    arena_release(mem, mark);
    return order;
}

struct str mv_json(struct arena *mem, const struct mv *v)
{
    struct strbuf out = sb_new(mem, 0);
    mv_put_json(&out, v);
    return sb_view(&out);
}

struct str mv_pretty(struct arena *mem, const struct mv *v)
{
    struct strbuf out = sb_new(mem, 0);
    mv_put_pretty(&out, v);
    return sb_view(&out);
}
