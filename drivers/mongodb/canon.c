/* Normal forms: the entry points, what they share, and those that are short. See canon.h. */

#include "drivers/mongodb/canon.h"

#include <math.h>
#include <stdlib.h>

#include "drivers/mongodb/canon_parts.h"

/* --- shared --- */

struct mv *mgc_again(struct arena *mem, const struct mv *v)
{
    struct mv *c = NEW(mem, struct mv);
    *c = *v;
    c->next = NULL;
    return c;
}

static bool is_whole(const struct mv *v)
{
    if (v->type == MV_INT32 || v->type == MV_INT64)
        return true;
    return v->type == MV_DOUBLE && fabs(v->d) <= 9007199254740992.0 && floor(v->d) == v->d;
}

struct mv *mgc_literal(struct arena *mem, const struct mv *v)
{
    if (is_whole(v)) {
        struct mv *n = mv_int(mem, v->type == MV_DOUBLE ? (int64_t)v->d : v->i);
        n->key = v->key;
        return n;
    }
    if (v->type != MV_DOCUMENT && v->type != MV_ARRAY)
        return mgc_again(mem, v);
    struct mv *out = mv_new(mem, v->type);
    out->key = v->key;
    for (const struct mv *m = v->first; m; m = m->next)
        mv_add(out, m->key, mgc_literal(mem, m));
    return out;
}

struct mv *mgc_element(struct arena *mem, const struct mv *v)
{
    bool nested = v->type == MV_DOCUMENT || v->type == MV_ARRAY;
    bool minus_0 = v->type == MV_DOUBLE && v->d == 0 && signbit(v->d);
    return nested || minus_0 ? mgc_again(mem, v) : mgc_literal(mem, v);
}

struct item {
    const struct mv *v;
    struct str text;
    uint32_t at;
};

static int item_order(const void *a, const void *b)
{
    const struct item *x = a, *y = b;
    int c = str_cmp(x->text, y->text);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

struct mv *mgc_by_key(struct arena *mem, const struct mv *doc)
{
    struct item *v = NEW_ARRAY(mem, struct item, doc->n);
    uint32_t n = 0;
    for (const struct mv *m = doc->first; m; m = m->next, n++)
        v[n] = (struct item){m, m->key, n};
    qsort(v, n, sizeof *v, item_order);
    struct mv *out = mv_new(mem, MV_DOCUMENT);
    for (uint32_t i = 0; i < n; i++)
        mv_add(out, v[i].v->key, mgc_again(mem, v[i].v));
    return out;
}

struct mv *mgc_sorted(struct arena *mem, const struct mv *array, bool once)
{
    struct item *v = NEW_ARRAY(mem, struct item, array->n);
    uint32_t n = 0;
    for (const struct mv *m = array->first; m; m = m->next, n++)
        v[n] = (struct item){m, mv_json(mem, m), n};
    qsort(v, n, sizeof *v, item_order);
    struct mv *out = mv_new(mem, MV_ARRAY);
    for (uint32_t i = 0; i < n; i++)
        if (!once || i == 0 || !str_eq(v[i].text, v[i - 1].text))
            mv_add(out, STR_NULL, mgc_again(mem, v[i].v));
    return out;
}

struct mv *mgc_alone(struct arena *mem, const struct mv *set)
{
    return mgc_again(mem, set->n == 1 ? set->first : set);
}

bool mgc_has_members(const struct mv *v, enum mv_type type)
{
    return v->type == type && v->n > 0;
}

bool mgc_all(const struct mv *v, enum mv_type type)
{
    for (const struct mv *m = v->first; m; m = m->next)
        if (m->type != type)
            return false;
    return true;
}

/* --- a pipeline --- */

static struct mv *pipeline(struct arena *mem, const struct mv *v);

/* What holds a query or a pipeline, in what stage. "*": any member. */
static const struct {
    const char *stage, *member;
    bool query;
} nested[] = {
    {"$facet", "*", false},
    {"$lookup", "pipeline", false},
    {"$unionWith", "pipeline", false},
    {"$graphLookup", "restrictSearchWithMatch", true},
    {"$geoNear", "query", true},
};

/* A count or a direction: every server reads it as a whole number, however it is spelled. */
static struct mv *number(struct arena *mem, const struct mv *v)
{
    return is_whole(v) ? mgc_literal(mem, v) : mgc_again(mem, v);
}

static struct mv *stage_member(struct arena *mem, struct str stage, const struct mv *v)
{
    if (str_eq_c(stage, "$sort"))
        return number(mem, v);
    for (size_t i = 0; i < sizeof nested / sizeof *nested; i++)
        if (str_eq_c(stage, nested[i].stage) &&
            (nested[i].member[0] == '*' || str_eq_c(v->key, nested[i].member)))
            return nested[i].query ? mgc_query_as_is(mem, v) : pipeline(mem, v);
    return mgc_again(mem, v);
}

static struct mv *stage_body(struct arena *mem, const struct mv *body)
{
    if (str_eq_c(body->key, "$match"))
        return mgc_query_as_is(mem, body);
    if (str_eq_c(body->key, "$limit") || str_eq_c(body->key, "$skip"))
        return number(mem, body);
    if (body->type != MV_DOCUMENT)
        return mgc_again(mem, body);
    struct mv *out = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = body->first; m; m = m->next)
        mv_add(out, m->key, stage_member(mem, body->key, m));
    return out;
}

static struct mv *pipeline(struct arena *mem, const struct mv *v)
{
    if (v->type != MV_ARRAY)
        return mgc_again(mem, v);
    struct mv *out = mv_new(mem, MV_ARRAY);
    for (const struct mv *stage = v->first; stage; stage = stage->next) {
        if (stage->type != MV_DOCUMENT) {
            mv_add(out, STR_NULL, mgc_again(mem, stage));
            continue;
        }
        struct mv *copy = mv_add(out, STR_NULL, mv_new(mem, MV_DOCUMENT));
        for (const struct mv *m = stage->first; m; m = m->next)
            mv_add(copy, m->key, stage_body(mem, m));
    }
    return out;
}

/* --- what is asked for --- */

/* The wildcardProjection of an index leaves _id out unless it is named, in both kinds of
 * projection. A member that is neither a bool nor a number (a path written as a document) stays
 * as it is. */
static struct mv *projection(struct arena *mem, const struct mv *v)
{
    if (v->type != MV_DOCUMENT)
        return mgc_again(mem, v);
    struct mv *all = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = v->first; m; m = m->next)
        mv_add(all, m->key,
               m->type == MV_BOOL || is_whole(m) ? mv_bool(mem, mv_truth(m)) : mgc_again(mem, m));
    if (!mv_get(all, "_id"))
        mv_add(all, STR("_id"), mv_bool(mem, false));
    return mgc_by_key(mem, all);
}

static struct mv *other(struct arena *mem, const struct mv *v)
{
    struct mv *all = mgc_literal(mem, v);
    return v->type == MV_DOCUMENT ? mgc_by_key(mem, all) : all;
}

static struct mv *definition(struct arena *mem, const struct mv *v)
{
    if (v->type != MV_DOCUMENT && v->type != MV_ARRAY)
        return mgc_literal(mem, v);
    struct mv *out = mv_new(mem, v->type);
    for (const struct mv *m = v->first; m; m = m->next)
        mv_add(out, m->key, definition(mem, m));
    return v->type == MV_DOCUMENT ? mgc_by_key(mem, out) : out;
}

/* Trees are made beside `mem`, which is left with the text alone. */
static struct str text_of(struct arena *mem, const struct mv *v,
                          struct mv *(*make)(struct arena *, const struct mv *))
{
    struct arena *tmp = arena_new(0);
    struct str s = arena_str(mem, mv_json(tmp, make(tmp, v)));
    arena_free(tmp);
    return s;
}

static bool is_nothing(const struct mv *v)
{
    return !v || (v->type == MV_DOCUMENT && v->n == 0);
}

struct str mg_canon_query(struct arena *mem, const struct mv *query)
{
    return is_nothing(query) ? STR_NULL : text_of(mem, query, mgc_query);
}

struct str mg_canon_pipeline(struct arena *mem, const struct mv *v)
{
    return v ? text_of(mem, v, pipeline) : STR_NULL;
}

struct str mg_canon_projection(struct arena *mem, const struct mv *v)
{
    return is_nothing(v) ? STR_NULL : text_of(mem, v, projection);
}

struct str mg_canon_other(struct arena *mem, const struct mv *doc)
{
    return is_nothing(doc) ? STR_NULL : text_of(mem, doc, other);
}

struct str mg_canon_definition(struct arena *mem, const struct mv *doc)
{
    return is_nothing(doc) ? STR_NULL : text_of(mem, doc, definition);
}

struct str mg_canon_collation(struct arena *mem, const struct mv *v)
{
    return is_nothing(v) || mgc_is_simple(v) ? STR_NULL : text_of(mem, v, mgc_collation);
}
