/*
 * Bounded growth: what is older than asked is merged into the oldest state that stays. A fact that
 * began before that state keeps its number, which only means "at the latest then".
 */

#include "core/clock.h"
#include "history/sight.h"

/* The time so many days before; absent where `now` is no time. */
static struct str days_before(struct str now, uint32_t days, struct arena *mem)
{
    int64_t today;
    if (!clock_day(now, &today))
        return STR_NULL;
    struct str then = clock_utc((today - days) * 86400, mem);
    if (str_is_null(then))
        return STR_NULL;
    return arena_printf(mem, "%.*s%.*s", STR_ARG(str_sub(then, 0, 10)), STR_ARG(str_from(now, 10)));
}

/* Index of the oldest state that stays. */
static uint32_t oldest_kept(const struct history_state *v, uint32_t n, uint32_t states,
                            struct str cutoff)
{
    uint32_t at = states && n > states ? n - states : states ? 0 : n - 1;
    if (str_is_null(cutoff))
        return states ? at : 0;
    while (at > 0 && str_cmp(v[at - 1].last, cutoff) >= 0)
        at--;
    return at;
}

static int forget(struct history *h, struct str env, const struct history_state *oldest,
                  struct err *e)
{
    static const char *const sql[] = {
        "DELETE FROM state WHERE env = $1 AND id < $2",
        "DELETE FROM fact WHERE env = $1 AND until <= $2",
        "UPDATE state SET before = NULL, added = facts, dropped = 0, changed = 0 WHERE env = $1 "
        "AND id = $2"};
    static const char closed[] = "DELETE FROM finding WHERE env = $1 AND closed < $2",
                      hidden[] = "DELETE FROM deployed WHERE env = $1 AND seen < $2 AND how = "
                                 "'HIDDEN'"; /* one of each check; others would be new again */
    int64_t number;
    if (env_number(h, env, &number, e))
        return -1;
    const struct store_arg args[] = {A_NUM(number), A_NUM(oldest->id)};
    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
        if (h->store->ops->exec(h->store, sql[i], args, 2, e))
            return -1;
    const struct store_arg times[] = {A_NUM(number), A_STR(oldest->first)};
    return h->store->ops->exec(h->store, closed, times, 2, e) ||
                   h->store->ops->exec(h->store, hidden, times, 2, e)
               ? -1
               : 0;
}

/* Texts that nothing names any more. */
static int sweep(struct history *h, struct err *e)
{
    static const char *const sql[] = {
        "DELETE FROM path WHERE id IN (SELECT id FROM path EXCEPT SELECT path FROM fact)",
        "DELETE FROM body WHERE id IN (SELECT id FROM body EXCEPT SELECT body FROM fact EXCEPT "
        "SELECT head FROM state EXCEPT SELECT ledger FROM state)"};
    for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
        if (h->store->ops->exec(h->store, sql[i], NULL, 0, e))
            return -1;
    return 0;
}

enum { SWEEP_EVERY = 16 };

/* *much: room may be given back. To look for texts that nothing names reads everything, so that a
 * history which loses a state a night does it now and then. */
static int keep_env(struct history *h, struct str env, uint32_t states, struct str cutoff,
                    struct arena *tmp, bool *much, struct err *e)
{
    struct store *s = h->store;
    struct history_state *v;
    uint32_t n;
    int64_t number;
    int rc = s->ops->begin(s, env, e);
    if (!rc && (env_number(h, env, &number, e) || states_load(h, number, tmp, &v, &n, e)))
        rc = -1;
    uint32_t at = !rc && n ? oldest_kept(v, n, states, cutoff) : 0;
    if (!rc && at)
        rc = forget(h, env, &v[at], e);
    if (!rc)
        rc = s->ops->commit(s, e);
    if (rc)
        s->ops->rollback(s);
    *much |= at > 1 || (at && v[at].id % SWEEP_EVERY == 0);
    return rc;
}

static int give_back(struct history *h, struct err *e)
{
    struct store *s = h->store;
    int rc = s->ops->begin(s, STR_NULL, e);
    if (!rc)
        rc = sweep(h, e);
    if (!rc)
        rc = s->ops->commit(s, e);
    if (rc)
        s->ops->rollback(s);
    return rc ? rc : s->ops->shrink(s, e);
}

int history_keep(struct history *h, struct str env, uint32_t states, uint32_t days, struct str now,
                 struct err *e)
{
    struct arena *tmp = arena_new(0);
    struct str cutoff = days ? days_before(now, days, tmp) : STR_NULL;
    struct history_env one = {.name = env}, *envs = &one;
    uint32_t n = 1;
    bool much = false;
    int rc = 0;
    if (!states && !cutoff.n)
        n = 0;
    else if (str_is_null(env))
        rc = history_envs(h, tmp, &envs, &n, e);
    for (uint32_t i = 0; !rc && i < n; i++)
        rc = keep_env(h, envs[i].name, states, cutoff, tmp, &much, e);
    if (!rc && much)
        rc = give_back(h, e);
    arena_free(tmp);
    return rc;
}
