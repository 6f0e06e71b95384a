/*
 * Whether a history is sound: the database itself, the keys of its texts, and of every state
 * whether its facts still give the fingerprint that was recorded with it.
 */

#include <stdlib.h>

#include "core/interrupt.h"
#include "history/sight.h"

struct hashed {
    struct str path, a;
    int64_t since, until;
    struct hash128 hash;
    bool counts;
    uint16_t kind;
};
struct checking {
    struct history *h;
    struct arena *mem;
    VEC(struct hashed) v;
    const struct engine *eng;
    unsigned facets; /* that the hashes cover; 0: none are made yet */
};

static int by_path(const void *a, const void *b)
{
    const struct hashed *x = a, *y = b;
    int c = path_cmp(x->path, y->path);
    return c ? c : x->since < y->since ? -1 : x->since > y->since;
}

static int check_keys(struct history *h, const char *sql, struct err *e)
{
    struct store *s = h->store;
    struct rows *r;
    int rc = s->ops->query(s, sql, NULL, 0, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1)
        rc = hash_eq(rows_hash(s, r, 0), text_key(s->ops->text(r, 1)))
                 ? 0
                 : store_damaged(s, "a text is not the one that was written", e);
    s->ops->done(r);
    return rc;
}

static int load_ranges(struct checking *c, int64_t env, struct err *e)
{
    static const char sql[] =
        "SELECT p.text, b.text, f.since, f.until FROM fact f LEFT JOIN path p ON p.id = f.path "
        "LEFT JOIN body b ON b.id = f.body WHERE f.env = $1";
    struct store *s = c->h->store;
    const struct store_arg arg = A_NUM(env);
    struct rows *r;
    int rc = s->ops->query(s, sql, &arg, 1, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1) {
        struct obj o = {0};
        if (!body_cut(s->ops->text(r, 1), &o) || !path_is_valid(s->ops->text(r, 0))) {
            rc = store_damaged(s, "a fact names a text that is missing", e);
            break;
        }
        struct hashed one = {.path = rows_str(s, r, 0, c->mem),
                             .a = arena_str(c->mem, o.a),
                             .since = s->ops->num(r, 2),
                             .until = s->ops->num(r, 3)};
        VEC_PUSH(c->mem, c->v, one);
        rc = 0;
    }
    s->ops->done(r);
    if (!rc && c->v.n)
        qsort(c->v.v, c->v.n, sizeof *c->v.v, by_path);
    return rc;
}

/* The hashes that states of this engine and these facets are made of. */
static int make_hashes(struct checking *c, const struct catalog *like, struct err *e)
{
    if (c->eng == like->eng && c->facets == like->facets)
        return 0;
    for (uint32_t i = 0; i < c->v.n; i++) {
        struct hashed *one = &c->v.v[i];
        struct err ignored;
        int kind = engine_kind(like->eng, path_kind(one->path));
        one->kind = (uint16_t)kind;
        struct obj o = {.path = one->path, .a = one->a, .kind = one->kind};
        if (kind < 0 || (!jc_surely(o.a, NULL) && jc_check(c->mem, o.a, &ignored)))
            return store_damaged(c->h->store, "a fact cannot be read", e);
        one->hash = obj_hash(like->eng, &o, like->facets);
        one->counts = obj_in_facets(like->eng, &o, like->facets);
    }
    c->eng = like->eng;
    c->facets = like->facets;
    return 0;
}

/* Whether the facts in effect give the fingerprint of the state, each path once. */
static bool is_whole(const struct checking *c, const struct history_state *st, struct hasher *hash)
{
    uint64_t facts = 0;
    struct str last = STR_NULL;
    hasher_reset(hash);
    for (uint32_t i = 0; i < c->v.n; i++) {
        const struct hashed *one = &c->v.v[i];
        if (one->since > (int64_t)st->id || (one->until && one->until <= (int64_t)st->id))
            continue;
        if (facts++ && str_eq(last, one->path))
            return false;
        last = one->path;
        if (one->counts)
            fingerprint_add(hash, one->path, one->hash);
    }
    return facts == st->facts && hash_eq(hasher_done(hash), st->fingerprint);
}

/* An empty catalog with the engine and the facets of a state. */
static int load_head(struct checking *c, struct str env, int64_t number, uint64_t state,
                     struct catalog **out, struct err *e)
{
    static const char sql[] = "SELECT h.text, l.text FROM state s JOIN body h ON h.id = s.head "
                              "JOIN body l ON l.id = s.ledger WHERE s.env = $1 AND s.id = $2";
    struct store *s = c->h->store;
    const struct store_arg args[] = {A_NUM(number), A_NUM(state)};
    struct rows *r;
    bool got;
    int rc = store_row(s, sql, args, 2, &r, &got, e);
    if (!rc && !got)
        rc = store_damaged(s, "a state names a text that is missing", e);
    if (!rc)
        rc = catalog_begin(c->h, rows_str(s, r, 0, c->mem), rows_str(s, r, 1, c->mem), env, c->mem,
                           out, e);
    s->ops->done(r);
    return rc;
}

int env_check(struct history *h, struct str env, struct arena *mem, uint64_t **lost,
              uint32_t *nlost, struct err *e)
{
    struct checking c = {.h = h, .mem = arena_new(0)};
    struct hasher *hash = hasher_new(c.mem);
    struct history_state *v;
    uint32_t n = 0;
    int64_t number;
    VEC(uint64_t) out = {0};
    int rc = env_number(h, env, &number, e);
    if (!rc)
        rc = load_ranges(&c, number, e);
    if (!rc)
        rc = states_load(h, number, c.mem, &v, &n, e);
    for (uint32_t i = 0; !rc && i < n; i++) {
        struct catalog *like = NULL;
        rc = load_head(&c, env, number, v[i].id, &like, e);
        if (!rc)
            rc = make_hashes(&c, like, e);
        if (!rc && !is_whole(&c, &v[i], hash))
            VEC_PUSH(mem, out, v[i].id);
        if (!rc && interrupt_seen())
            rc = err_set(e, E_INTERRUPTED, "interrupted");
    }
    arena_free(c.mem);
    *lost = out.v;
    *nlost = out.n;
    return rc;
}

int history_check(struct history *h, struct err *e)
{
    static const char bodies[] = "SELECT hash, text FROM body",
                      paths[] = "SELECT hash, text FROM path";
    struct arena *tmp = arena_new(0);
    struct history_env *envs;
    uint32_t n = 0;
    int rc = h->store->ops->sound ? h->store->ops->sound(h->store, e) : 0;
    if (!rc && (check_keys(h, bodies, e) || check_keys(h, paths, e)))
        rc = -1;
    if (!rc)
        rc = history_envs(h, tmp, &envs, &n, e);
    for (uint32_t i = 0; !rc && i < n; i++) {
        uint64_t *lost;
        uint32_t nlost;
        rc = env_check(h, envs[i].name, tmp, &lost, &nlost, e);
        if (!rc && nlost)
            rc = store_damaged(h->store,
                               arena_printf(tmp, "state %llu of %.*s is not what was recorded",
                                            (unsigned long long)lost[0], STR_ARG(envs[i].name))
                                   .p,
                               e);
    }
    arena_free(tmp);
    return rc;
}
