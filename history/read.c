/* Reading a history: environments, states, and the schema that was in effect at a time. */

#include "history/sight.h"

static void read_env(struct store *s, struct rows *r, struct arena *mem, struct history_env *env)
{
    struct str head = s->ops->text(r, 12);
    env->name = rows_str(s, r, 0, mem);
    env->first = rows_str(s, r, 1, mem);
    env->last = rows_str(s, r, 2, mem);
    env->failed = rows_str(s, r, 3, mem);
    env->failed_time = rows_str(s, r, 4, mem);
    env->source = rows_str(s, r, 5, mem);
    env->baseline = rows_str(s, r, 6, mem);
    env->baseline_fingerprint = rows_hash(s, r, 7);
    env->runs = (uint64_t)s->ops->num(r, 8);
    env->states = (uint64_t)s->ops->num(r, 9);
    env->fingerprint = rows_hash(s, r, 10);
    env->version = rows_str(s, r, 11, mem);
    env->engine = jc_surely(head, NULL) ? jc_text(mem, jc_get(head, "engine")) : STR_NULL;
    if (env->engine.n)
        env->engine = arena_str(mem, env->engine);
}

/* Adds what is open of each environment; both are in the order of names. */
static int count_open(struct store *s, struct history_env *v, uint32_t n, struct err *e)
{
    static const char sql[] =
        "SELECT e.name, f.verdict, f.passed, count(*) FROM finding f JOIN env e ON e.id = f.env "
        "WHERE f.closed IS NULL GROUP BY e.name, f.verdict, f.passed ORDER BY e.name";
    uint32_t at = 0;
    struct rows *r;
    int rc = s->ops->query(s, sql, NULL, 0, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1) {
        struct str name = s->ops->text(r, 0);
        int64_t verdict = s->ops->num(r, 1);
        uint32_t many = (uint32_t)s->ops->num(r, 3);
        while (at < n && !str_eq(v[at].name, name))
            at++;
        if (at < n && s->ops->num(r, 2))
            v[at].passed += many;
        else if (at < n && verdict >= 0 && verdict <= VERDICT_CONFLICT)
            v[at].open[verdict] += many;
        rc = 0;
    }
    s->ops->done(r);
    return rc;
}

int history_envs(struct history *h, struct arena *mem, struct history_env **out, uint32_t *n,
                 struct err *e)
{
    static const char sql[] =
        "SELECT e.name, e.first, e.last, e.failed, e.failed_time, e.source, e.baseline, "
        "e.baseline_print, e.runs, (SELECT count(*) FROM state c WHERE c.env = e.id), "
        "s.fingerprint, s.version, b.text FROM env e LEFT JOIN state s ON s.env = e.id AND s.id = "
        "(SELECT max(m.id) FROM state m WHERE m.env = e.id) LEFT JOIN body b ON b.id = s.head "
        "WHERE e.runs > 0 ORDER BY e.name";
    struct store *s = h->store;
    VEC(struct history_env) v = {0};
    struct rows *r;
    int rc = s->ops->query(s, sql, NULL, 0, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1) {
        struct history_env env = {0};
        read_env(s, r, mem, &env);
        VEC_PUSH(mem, v, env);
        rc = 0;
    }
    s->ops->done(r);
    if (!rc)
        rc = count_open(s, v.v, v.n, e);
    *out = v.v;
    *n = v.n;
    return rc;
}

#define STATE_COLUMNS                                                                              \
    "SELECT s.id, s.first, s.last, s.before, s.runs, s.fingerprint, s.facts, s.added, s.dropped, " \
    "s.changed, s.version "

static void read_state(struct store *s, struct rows *r, struct arena *mem, struct history_state *st)
{
    st->id = (uint64_t)s->ops->num(r, 0);
    st->first = rows_str(s, r, 1, mem);
    st->last = rows_str(s, r, 2, mem);
    st->not_before = rows_str(s, r, 3, mem);
    st->runs = (uint64_t)s->ops->num(r, 4);
    st->fingerprint = rows_hash(s, r, 5);
    st->facts = (uint64_t)s->ops->num(r, 6);
    st->added = (uint32_t)s->ops->num(r, 7);
    st->dropped = (uint32_t)s->ops->num(r, 8);
    st->changed = (uint32_t)s->ops->num(r, 9);
    st->version = rows_str(s, r, 10, mem);
}

int states_load(struct history *h, int64_t env, struct arena *mem, struct history_state **out,
                uint32_t *n, struct err *e)
{
    static const char sql[] = STATE_COLUMNS "FROM state s WHERE s.env = $1 ORDER BY s.id";
    struct store *s = h->store;
    const struct store_arg arg = A_NUM(env);
    VEC(struct history_state) v = {0};
    struct rows *r;
    int rc = s->ops->query(s, sql, &arg, 1, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1) {
        struct history_state st = {0};
        read_state(s, r, mem, &st);
        VEC_PUSH(mem, v, st);
        rc = 0;
    }
    s->ops->done(r);
    *out = v.v;
    *n = v.n;
    return rc;
}

/* The end of what a time cut short says; absent: the end of all times. Absent too, where it is
 * none, with *ok false. */
static struct str time_end(struct str time, struct arena *mem, bool *ok)
{
    static const char form[] = "0000-00-00T00:00:00Z", last[] = "9999-12-31T23:59:59Z";
    *ok = time.n < sizeof form;
    for (size_t i = 0; *ok && i < time.n; i++)
        *ok = form[i] == '0' ? ascii_is_digit(time.p[i])
                             : time.p[i] == form[i] || (form[i] == 'T' && time.p[i] == ' ');
    if (!*ok)
        return STR_NULL;
    char *text = arena_cstr(mem, STR("9999-12-31T23:59:59Z"));
    for (size_t i = 0; i < time.n; i++)
        text[i] = form[i] == '0' ? time.p[i] : last[i];
    return (struct str){text, sizeof form - 1};
}

struct picked {
    struct history_state state;
    struct str head, ledger;
};

static int pick_state(struct history *h, struct str env, int64_t number, struct str time,
                      struct arena *mem, struct picked *out, struct err *e)
{
    static const char sql[] = STATE_COLUMNS
        ", h.text, l.text FROM state s JOIN body h ON h.id = s.head JOIN body l ON l.id = s.ledger "
        "WHERE s.env = $1 AND s.first <= $2 ORDER BY s.id DESC LIMIT 1";
    bool ok;
    struct str end = time_end(time, mem, &ok);
    if (!ok) {
        err_set(e, E_BAD_VALUE, "%.*s is no time", STR_ARG(time));
        return err_hint(e, "a time is 2026-11-01T02:00:00Z in UTC, or the beginning of it");
    }
    const struct store_arg args[] = {A_NUM(number), A_STR(end)};
    struct rows *r;
    bool got;
    int rc = store_row(h->store, sql, args, 2, &r, &got, e);
    if (got) {
        read_state(h->store, r, mem, &out->state);
        out->head = rows_str(h->store, r, 11, mem);
        out->ledger = rows_str(h->store, r, 12, mem);
    }
    h->store->ops->done(r);
    if (rc || got)
        return rc;
    return err_set(e, E_HISTORY_NONE, "%.*s holds nothing of %.*s that is as old as %.*s",
                   STR_ARG(h->store->label), STR_ARG(env), STR_ARG(time.n ? time : end));
}

static bool is_canonical(struct str text, struct arena *tmp)
{
    struct err ignored;
    return !text.n || jc_surely(text, NULL) || jc_check(tmp, text, &ignored) == 0;
}

static int add_fact(struct history *h, struct rows *r, struct catalog *cat, struct arena *tmp,
                    struct err *e)
{
    struct store *s = h->store;
    struct obj o = {.path = s->ops->text(r, 0)};
    int kind = path_is_valid(o.path) ? engine_kind(cat->eng, path_kind(o.path)) : -1;
    if (kind < 0 || !body_cut(s->ops->text(r, 1), &o) || !is_canonical(o.a, tmp) ||
        !is_canonical(o.deps, tmp) || !is_canonical(o.src, tmp))
        return store_damaged(s, "a fact cannot be read", e);
    o.kind = (uint16_t)kind;
    cat_add(cat, &o);
    return 0;
}

static int load_facts(struct history *h, int64_t env, uint64_t state, struct catalog *cat,
                      struct err *e)
{
    static const char sql[] =
        "SELECT p.text, b.text FROM fact f JOIN path p ON p.id = f.path JOIN body b ON b.id = "
        "f.body WHERE f.env = $1 AND f.since <= $2 AND (f.until IS NULL OR f.until > $2)";
    struct store *s = h->store;
    const struct store_arg args[] = {A_NUM(env), A_NUM(state)};
    struct arena *tmp = arena_new(0);
    struct rows *r;
    int rc = s->ops->query(s, sql, args, 2, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1)
        rc = add_fact(h, r, cat, tmp, e);
    s->ops->done(r);
    arena_free(tmp);
    return rc;
}

int history_catalog(struct history *h, struct str env, struct str time, struct arena *mem,
                    struct catalog **out, struct history_state *at, struct err *e)
{
    struct picked got = {0};
    int64_t number;
    if (env_number(h, env, &number, e) || pick_state(h, env, number, time, mem, &got, e))
        return -1;
    struct str label = arena_printf(mem, "history:%.*s@%.*s", STR_ARG(env),
                                    STR_ARG(time.n ? time : got.state.last));
    struct catalog *cat;
    if (catalog_begin(h, got.head, got.ledger, label, mem, &cat, e) ||
        load_facts(h, number, got.state.id, cat, e))
        return -1;
    if (cat_finish(cat, e) || cat->n != got.state.facts ||
        !hash_eq(cat->fingerprint, got.state.fingerprint))
        return store_damaged(h->store,
                             arena_printf(mem, "state %llu of %.*s is not what was recorded",
                                          (unsigned long long)got.state.id, STR_ARG(env))
                                 .p,
                             e);
    if (at)
        *at = got.state;
    *out = cat;
    return 0;
}

int history_last(struct history *h, struct str env, struct str path, struct arena *mem, bool *known,
                 bool *there, struct str *a, unsigned *facets, struct err *e)
{
    static const char state[] =
        "SELECT s.env, b.text FROM state s JOIN env e ON e.id = s.env JOIN body b ON b.id = s.head "
        "WHERE e.name = $1 AND e.baseline <> '' ORDER BY s.id DESC LIMIT 1";
    static const char fact[] =
        "SELECT b.text FROM fact f JOIN body b ON b.id = f.body WHERE f.env = $1 AND f.until IS "
        "NULL AND f.path = (SELECT id FROM path WHERE hash = $2)";
    struct store *s = h->store;
    const struct store_arg arg = A_STR(env);
    struct rows *r = NULL;
    *known = *there = false;
    *a = STR_NULL;
    *facets = 0;
    int rc = env_seen(h, env, e);
    if (!rc)
        rc = store_row(s, state, &arg, 1, &r, known, e);
    if (!*known) {
        s->ops->done(r);
        return rc;
    }
    const struct store_arg args[] = {A_NUM(s->ops->num(r, 0)), A_ID(text_key(path))};
    struct sight sight;
    int bad = sight_of(h, s->ops->text(r, 1), mem, &sight, e);
    *facets = sight.captured & sight.facets;
    s->ops->done(r);
    if (bad)
        return -1;
    rc = store_row(s, fact, args, 2, &r, there, e);
    struct obj o = {0};
    if (*there && !body_cut(rows_str(s, r, 0, mem), &o))
        rc = store_damaged(s, "a fact cannot be read", e);
    *a = o.a;
    s->ops->done(r);
    if (!*there && sight.eng)
        *known = sight_looks(&sight, path, mem) && !str_is_null(sight_origin(&sight, path));
    return rc;
}
