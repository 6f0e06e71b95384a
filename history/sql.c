/* Short forms over a store: keys, copies, one row, and what an environment is called inside. */

#include "core/sha256.h"
#include "history/store.h"

static uint64_t word_of(const unsigned char *p)
{
    uint64_t v = 0;
    for (size_t i = 0; i < 8; i++)
        v = v << 8 | p[i];
    return v;
}

/* Not the hash of fingerprints: of two bodies under one key the second would be lost, and whoever
 * can make objects must not be able to make two such. */
struct hash128 text_key(struct str text)
{
    unsigned char sum[SHA256_BYTES];
    sha256_bytes(text, sum);
    return (struct hash128){word_of(sum), word_of(sum + 8)};
}

struct hash128 rows_hash(struct store *s, struct rows *r, int column)
{
    struct str raw = s->ops->text(r, column);
    if (raw.n != 16)
        return (struct hash128){0, 0};
    const unsigned char *p = (const unsigned char *)raw.p;
    return (struct hash128){word_of(p), word_of(p + 8)};
}

struct str rows_str(struct store *s, struct rows *r, int column, struct arena *mem)
{
    return arena_str(mem, s->ops->text(r, column));
}

int store_row(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
              struct rows **out, bool *got, struct err *e)
{
    *got = false;
    *out = NULL;
    if (s->ops->query(s, sql, args, n, out, e))
        return -1;
    int rc = s->ops->next(*out, e);
    *got = rc == 1;
    return rc < 0 ? -1 : 0;
}

int store_damaged(const struct store *s, const char *what, struct err *e)
{
    err_set(e, E_HISTORY_CORRUPT, "%.*s: %s", STR_ARG(s->label), what);
    return err_hint(e, "%s", s->mend);
}

int store_not_one(const struct store *s, struct err *e)
{
    return store_damaged(s, "a row that was to be written, or one that it names, is missing", e);
}

int env_number(struct history *h, struct str env, int64_t *out, struct err *e)
{
    static const char sql[] = "SELECT id FROM env WHERE name = $1 AND runs > 0";
    const struct store_arg arg = A_STR(env);
    struct rows *r;
    bool got;
    int rc = store_row(h->store, sql, &arg, 1, &r, &got, e);
    *out = got ? h->store->ops->num(r, 0) : 0;
    h->store->ops->done(r);
    if (rc || got)
        return rc;
    return err_set(e, E_HISTORY_NONE, "%.*s holds nothing of the environment %.*s",
                   STR_ARG(h->store->label), STR_ARG(env));
}

int env_seen(struct history *h, struct str env, struct err *e)
{
    static const char sql[] = "SELECT checked FROM env WHERE name = $1";
    if (!h->store->writes)
        return 0;
    for (uint32_t i = 0; i < h->seen.n; i++)
        if (str_eq(h->seen.v[i].env, env))
            return 0;
    const struct store_arg arg = A_STR(env);
    struct rows *r;
    bool got;
    int rc = store_row(h->store, sql, &arg, 1, &r, &got, e);
    struct seen seen = {arena_str(h->mem, env), STR_NULL};
    if (got)
        seen.checked = rows_str(h->store, r, 0, h->mem);
    h->store->ops->done(r);
    if (!rc)
        VEC_PUSH(h->mem, h->seen, seen);
    return rc;
}

int history_checked(struct history *h, struct str env, struct str *time, struct err *e)
{
    *time = STR_NULL;
    int rc = env_seen(h, env, e);
    for (uint32_t i = 0; i < h->seen.n; i++)
        if (str_eq(h->seen.v[i].env, env))
            *time = h->seen.v[i].checked;
    return rc;
}
