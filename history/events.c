/*
 * Events over states that did not look at the same: each object is followed through the states that
 * looked at it, and of each of its facets through those that captured it. What the others do not
 * hold says nothing.
 */

#include "history/sight.h"

struct walk {
    const struct sights *sights;
    const struct history_state *states;
    uint32_t n;
    struct arena *mem, *tmp;
    struct events *out;
    const struct range *v; /* of one path, by the states */
    uint32_t nv;
    const struct kind_desc *kind; /* of it, or NULL */
    struct str origin;            /* whose life is followed, see sight_origin */
    signed char *looks;           /* of each sight: 1, 0; -1: not asked yet */
};
/* What is known of the object so far. */
struct known {
    bool any, there;
    uint32_t at;       /* the last state that looked at it */
    struct str a, src; /* also attributes that later states did not capture */
    unsigned facets;   /* of which something is known */
    int64_t model;     /* what this one does not capture is not known */
    uint32_t facet_at[FACET_COUNT];
};

/* Index of the first state that is not before this number. */
static uint32_t state_at(const struct walk *w, int64_t id)
{
    uint32_t lo = 0, hi = w->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if ((int64_t)w->states[mid].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static bool is_kept(const struct walk *w, struct str key, unsigned facets, int64_t model)
{
    const struct attr_desc *attr = w->kind ? kind_attr(w->kind, key) : NULL;
    return !attr || ((attr->facet & facets) && attr->since <= model);
}

/* The attributes of these facets that the model knows. */
static struct str masked(const struct walk *w, struct str a, unsigned facets, int64_t model)
{
    struct jc_iter it = jc_iter(a);
    struct strbuf b = sb_new(w->mem, 0);
    struct str key, value;
    sb_char(&b, '{');
    while (jc_next(&it, &key, &value))
        if (is_kept(w, key, facets, model)) {
            jc_put_key(&b, key);
            sb_str(&b, value);
        }
    sb_char(&b, '}');
    return sb_view(&b);
}

/* Both, which share no key, in the order of keys. */
static struct str joined(const struct walk *w, struct str x, struct str y)
{
    struct jc_iter its[] = {jc_iter(x), jc_iter(y)};
    struct strbuf b = sb_new(w->mem, 0);
    struct str key[2], value[2];
    bool more[2];
    for (int i = 0; i < 2; i++)
        more[i] = jc_next(&its[i], &key[i], &value[i]);
    sb_char(&b, '{');
    while (more[0] || more[1]) {
        int i = !more[0] || (more[1] && str_cmp(key[1], key[0]) < 0);
        jc_put_key(&b, key[i]);
        sb_str(&b, value[i]);
        more[i] = jc_next(&its[i], &key[i], &value[i]);
    }
    sb_char(&b, '}');
    return sb_view(&b);
}

static void put_event(struct walk *w, uint32_t state, struct str not_before,
                      const struct history_event *like)
{
    struct history_event ev = *like;
    ev.state = w->states[state].id;
    ev.time = w->states[state].first;
    ev.not_before = not_before;
    ev.path = w->v[0].path;
    ev.kind = path_kind(ev.path);
    VEC_PUSH(w->mem, *w->out, ev);
}

/* The last check of the state that looked last. */
static struct str last_look(const struct walk *w, const struct known *k)
{
    return k->any ? w->states[k->at].last : STR_NULL;
}

/* The last check before which nothing of what differs now was looked at. */
static struct str last_same(const struct walk *w, const struct known *k, struct str a,
                            unsigned facets, int64_t model)
{
    uint32_t oldest = k->at;
    for (unsigned i = 0; i < FACET_COUNT; i++)
        if ((facets & 1u << i) && k->facet_at[i] < oldest &&
            !str_eq(masked(w, k->a, 1u << i, model), masked(w, a, 1u << i, model)))
            oldest = k->facet_at[i];
    return w->states[oldest].last;
}

/* A state that holds it: what came, or what changed of what both know. */
static void take(struct walk *w, struct known *k, uint32_t state, const struct range *is)
{
    const struct sight *sight = &w->sights->v[w->sights->of[state]];
    bool whole = k->facets == sight->captured && k->model == sight->model;
    unsigned both = k->facets & sight->captured;
    int64_t model = k->model < sight->model ? k->model : sight->model;
    if (!k->there) {
        struct history_event ev = {.op = OP_ADD, .after = is->a, .src_after = is->src};
        put_event(w, state, last_look(w, k), &ev);
        k->facets = 0;
    } else if (!str_eq(k->a, is->a)) {
        struct str before = whole ? k->a : masked(w, k->a, both, model);
        struct str after = whole ? is->a : masked(w, is->a, both, model);
        struct history_event ev = {.op = OP_ALTER,
                                   .before = before,
                                   .after = after,
                                   .src_before = k->src,
                                   .src_after = is->src};
        if (!str_eq(before, after))
            put_event(w, state, last_same(w, k, is->a, both, model), &ev);
    }
    unsigned others = k->facets & ~sight->captured;
    k->a = k->there && others ? joined(w, masked(w, k->a, others, INT64_MAX), is->a) : is->a;
    k->src = is->src;
    k->there = k->any = true;
    k->at = state;
    k->facets |= sight->captured;
    k->model = sight->model;
    for (unsigned i = 0; i < FACET_COUNT; i++)
        if (sight->captured & 1u << i)
            k->facet_at[i] = state;
}

/* One that does not hold it. */
static void miss(struct walk *w, struct known *k, uint32_t state)
{
    uint32_t sight = w->sights->of[state];
    const struct sight *v = &w->sights->v[sight];
    struct str table, path = w->v[0].path;
    if (w->looks[sight] < 0) {
        struct arena_mark mark = arena_mark(w->tmp);
        w->looks[sight] = sight_looks(v, path, w->tmp);
        arena_release(w->tmp, mark);
    }
    /* Which rows are read hangs on more than names; who could read one looks for it. So it is with
     * everything where the engine is not known. */
    bool could =
        k->there && w->sights->of[k->at] == sight && (!v->eng || data_is_row(v->eng, path, &table));
    if (!w->looks[sight] && !could)
        return;
    if (k->there) {
        struct history_event ev = {.op = OP_DROP, .before = k->a, .src_before = k->src};
        put_event(w, state, last_look(w, k), &ev);
    }
    k->there = false;
    k->any = true;
    k->at = state;
}

static void follow(struct walk *w)
{
    struct known k = {0};
    uint32_t at = 0;
    for (uint32_t i = 0; i < w->n; i++) {
        struct str origin = sight_origin(&w->sights->v[w->sights->of[i]], w->v[0].path);
        while (at < w->nv && w->v[at].until && state_at(w, w->v[at].until) <= i)
            at++;
        if (str_is_null(origin) || !str_eq(origin, w->origin))
            continue;
        if (at < w->nv && state_at(w, w->v[at].since) <= i)
            take(w, &k, i, &w->v[at]);
        else
            miss(w, &k, i);
    }
}

/* The lives of all that stood under the path. */
static void follow_path(struct walk *w)
{
    const struct sights *sights = w->sights;
    for (uint32_t i = 0; i < sights->n; i++)
        w->looks[i] = -1;
    for (uint32_t i = 0; i < sights->n; i++) {
        bool again = false;
        w->origin = sight_origin(&sights->v[i], w->v[0].path);
        for (uint32_t k = 0; k < i; k++) {
            struct str other = sight_origin(&sights->v[k], w->v[0].path);
            again = again || (!str_is_null(other) && str_eq(other, w->origin));
        }
        if (!again && !str_is_null(w->origin))
            follow(w);
    }
}

void sights_events(const struct sights *sights, const struct history_state *states, uint32_t n,
                   const struct ranges *in, struct arena *mem, struct events *out)
{
    struct walk w = {.sights = sights, .states = states, .n = n, .mem = mem, .out = out};
    w.tmp = arena_new(0);
    w.looks = NEW_ARRAY(w.tmp, signed char, sights->n);
    for (uint32_t i = 0; n && i < in->n; i += w.nv) {
        const struct engine *eng = sights->v[sights->of[n - 1]].eng;
        int kind = eng ? engine_kind(eng, path_kind(in->v[i].path)) : -1;
        w.v = &in->v[i];
        w.kind = kind >= 0 ? eng->kinds[kind] : NULL;
        w.nv = 1;
        while (i + w.nv < in->n && str_eq(w.v[w.nv].path, w.v[0].path))
            w.nv++;
        follow_path(&w);
    }
    arena_free(w.tmp);
}
