/* What happened to objects, from the ranges of their facts; and which object a name means. */

#include <stdlib.h>

#include "history/sight.h"

static int by_path(const void *a, const void *b)
{
    const struct range *x = a, *y = b;
    int c = path_cmp(x->path, y->path);
    return c ? c : x->since < y->since ? -1 : x->since > y->since;
}

static int take_ranges(struct history *h, struct rows *r, struct arena *mem, struct ranges *out,
                       struct err *e)
{
    struct store *s = h->store;
    int rc;
    while ((rc = s->ops->next(r, e)) == 1) {
        struct obj o = {0};
        if (!body_cut(s->ops->text(r, 3), &o))
            return store_damaged(s, "a fact cannot be read", e);
        struct range one = {rows_str(s, r, 0, mem), arena_str(mem, o.a), arena_str(mem, o.src),
                            s->ops->num(r, 1), s->ops->num(r, 2)};
        VEC_PUSH(mem, *out, one);
    }
    if (!rc && out->n)
        qsort(out->v, out->n, sizeof *out->v, by_path);
    return rc;
}

int all_ranges(struct history *h, int64_t env, int64_t from, struct arena *mem, struct ranges *out,
               struct err *e)
{
    static const char sql[] =
        "SELECT p.text, f.since, f.until, b.text FROM fact f JOIN path p ON p.id = f.path JOIN "
        "body b ON b.id = f.body WHERE f.env = $1 AND (f.since >= $2 OR f.until >= $2)";
    const struct store_arg args[] = {A_NUM(env), A_NUM(from)};
    struct rows *r;
    int rc = h->store->ops->query(h->store, sql, args, 2, &r, e);
    if (!rc)
        rc = take_ranges(h, r, mem, out, e);
    h->store->ops->done(r);
    return rc;
}

/* Of one path and what is below it: '0' follows '/'. The paths are gone through first, as they are
 * fewer and narrower than the facts. */
static int ranges_of(struct history *h, int64_t env, struct str path, struct arena *mem,
                     struct ranges *out, struct err *e)
{
    static const char sql[] =
        "SELECT p.text, f.since, f.until, b.text FROM path p CROSS JOIN fact f CROSS JOIN body b "
        "WHERE (p.text = $1 OR (p.text >= $2 AND p.text < $3)) AND f.env = $4 AND f.path = p.id "
        "AND b.id = f.body";
    const struct store_arg args[] = {A_STR(path), A_STR(arena_printf(mem, "%.*s/", STR_ARG(path))),
                                     A_STR(arena_printf(mem, "%.*s0", STR_ARG(path))), A_NUM(env)};
    struct rows *r;
    int rc = h->store->ops->query(h->store, sql, args, 4, &r, e);
    if (!rc)
        rc = take_ranges(h, r, mem, out, e);
    h->store->ops->done(r);
    return rc;
}

static void put_event(struct arena *mem, struct events *out, int64_t state, const struct range *was,
                      const struct range *is)
{
    struct str path = is ? is->path : was->path;
    struct history_event ev = {.state = (uint64_t)state,
                               .op = !was  ? OP_ADD
                                     : !is ? OP_DROP
                                           : OP_ALTER,
                               .path = path,
                               .kind = path_kind(path),
                               .before = was ? was->a : STR_NULL,
                               .after = is ? is->a : STR_NULL,
                               .src_before = was ? was->src : STR_NULL,
                               .src_after = is ? is->src : STR_NULL};
    VEC_PUSH(mem, *out, ev);
}

/* Events from state `from` on; what began before the first state that is kept began with it. */
static void make_events(const struct ranges *in, int64_t from, int64_t first, struct arena *mem,
                        struct events *out)
{
    for (uint32_t i = 0; i < in->n; i++) {
        const struct range *is = &in->v[i];
        const struct range *was = i && str_eq(is[-1].path, is->path) ? is - 1 : NULL;
        const struct range *next = i + 1 < in->n && str_eq(is[1].path, is->path) ? is + 1 : NULL;
        int64_t since = is->since < first ? first : is->since;
        if (was && was->until != is->since)
            was = NULL;
        if (since >= from && !(was && str_eq(was->a, is->a)))
            put_event(mem, out, since, was, is);
        if (is->until >= from && is->until && !(next && next->since == is->until))
            put_event(mem, out, is->until, is, NULL);
    }
}

static int newest_first(const void *a, const void *b)
{
    const struct history_event *x = a, *y = b;
    if (x->state != y->state)
        return x->state > y->state ? -1 : 1;
    return path_cmp(x->path, y->path);
}

/* From which state on there are as many events as are wanted. */
static uint64_t state_from(const struct history_state *v, uint32_t n, uint32_t most)
{
    uint64_t events = 0;
    for (uint32_t i = n; most && i-- > 0;) {
        events += (uint64_t)v[i].added + v[i].dropped + v[i].changed;
        if (events >= most)
            return v[i].id;
    }
    return n ? v[0].id : 0;
}

static void put_times(struct events *ev, const struct history_state *v, uint32_t n)
{
    uint32_t at = n;
    for (uint32_t i = 0; i < ev->n; i++) {
        while (at && (at == n || v[at].id != ev->v[i].state))
            at--;
        ev->v[i].time = v[at].first;
        ev->v[i].not_before = v[at].not_before;
    }
}

/* Where all checks looked at the same, two ranges that touch are a change, and what moved since the
 * state from which there are enough is all that is read. */
static int plain_events(struct history *h, int64_t env, struct str path, uint32_t most,
                        const struct history_state *states, uint32_t n, struct arena *mem,
                        struct events *out, struct err *e)
{
    struct ranges ranges = {0};
    int64_t first = (int64_t)states[0].id;
    int64_t from = str_is_null(path) ? (int64_t)state_from(states, n, most) : first;
    int rc = str_is_null(path) ? all_ranges(h, env, from == first ? 0 : from, mem, &ranges, e)
                               : ranges_of(h, env, path, mem, &ranges, e);
    if (rc)
        return rc;
    make_events(&ranges, from, first, mem, out);
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, newest_first);
    put_times(out, states, n);
    return 0;
}

int history_log(struct history *h, struct str env, struct str path, uint32_t most,
                struct arena *mem, struct history_event **out, uint32_t *n, struct err *e)
{
    struct history_state *states;
    uint32_t nstates;
    int64_t number;
    struct ranges ranges = {0};
    struct events events = {0};
    struct sights sights;
    *out = NULL;
    *n = 0;
    if (env_number(h, env, &number, e) || states_load(h, number, mem, &states, &nstates, e) ||
        sights_load(h, number, nstates, mem, &sights, e))
        return -1;
    if (!nstates)
        return 0;
    int rc = sights.plain ? plain_events(h, number, path, most, states, nstates, mem, &events, e)
             : str_is_null(path) ? all_ranges(h, number, 0, mem, &ranges, e)
                                 : ranges_of(h, number, path, mem, &ranges, e);
    if (rc)
        return -1;
    if (!sights.plain)
        sights_events(&sights, states, nstates, &ranges, mem, &events);
    if (!sights.plain && events.n)
        qsort(events.v, events.n, sizeof *events.v, newest_first);
    *out = events.v;
    *n = most && events.n > most ? most : events.n;
    return 0;
}

/* The counts of each state anew, of what is told as an event. */
static int count_events(struct history *h, int64_t env, const struct sights *sights,
                        struct history_state *v, uint32_t n, struct err *e)
{
    struct arena *tmp = arena_new(0);
    struct ranges ranges = {0};
    struct events events = {0};
    uint32_t at = n;
    int rc = all_ranges(h, env, 0, tmp, &ranges, e);
    if (!rc)
        sights_events(sights, v, n, &ranges, tmp, &events);
    if (events.n)
        qsort(events.v, events.n, sizeof *events.v, newest_first);
    for (uint32_t i = 0; !rc && i < n; i++)
        v[i].added = v[i].dropped = v[i].changed = 0;
    for (uint32_t i = 0; i < events.n; i++) {
        while (at && (at == n || v[at].id != events.v[i].state))
            at--;
        v[at].added += events.v[i].op == OP_ADD;
        v[at].dropped += events.v[i].op == OP_DROP;
        v[at].changed += events.v[i].op == OP_ALTER;
    }
    arena_free(tmp);
    return rc;
}

int history_states(struct history *h, struct str env, struct arena *mem, struct history_state **out,
                   uint32_t *n, struct err *e)
{
    int64_t number;
    struct sights sights;
    *out = NULL;
    *n = 0;
    if (env_number(h, env, &number, e) || states_load(h, number, mem, out, n, e) ||
        sights_load(h, number, *n, mem, &sights, e))
        return -1;
    for (uint32_t i = 1; i < *n; i++)
        if (sights.of[i] != sights.of[i - 1])
            (*out)[i].rescoped =
                sight_words(&sights.v[sights.of[i]], &sights.v[sights.of[i - 1]], mem);
    return sights.plain ? 0 : count_events(h, number, &sights, *out, *n, e);
}
