/* Findings from check to check, and what deployers wrote down. */

#include "history/store.h"

/* Open ones that the run does not see any more are closed. */
static int close_gone(struct history *h, int64_t env, const struct history_run *run,
                      struct arena *tmp, struct err *e)
{
    static const char open[] = "SELECT id FROM finding WHERE env = $1 AND closed IS NULL";
    static const char end[] =
        "UPDATE finding SET closed = $1 WHERE env = $2 AND id = $3 AND closed IS NULL";
    struct store *s = h->store;
    const struct store_arg arg = A_NUM(env);
    VEC(struct hash128) ids = {0};
    struct rows *r;
    int rc = s->ops->query(s, open, &arg, 1, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1) {
        struct hash128 id = rows_hash(s, r, 0);
        VEC_PUSH(tmp, ids, id);
        rc = 0;
    }
    s->ops->done(r);
    for (uint32_t i = 0; !rc && i < ids.n; i++) {
        uint32_t at = 0;
        while (at < run->nfindings && !hash_eq(run->findings[at].id, ids.v[i]))
            at++;
        const struct store_arg args[] = {A_STR(run->time), A_NUM(env), A_ID(ids.v[i])};
        if (at == run->nfindings)
            rc = s->ops->exec_one(s, end, args, 3, e);
    }
    return rc;
}

static int put_finding(struct store *s, int64_t env, const struct history_finding *f, struct err *e)
{
    static const char again[] =
        "UPDATE finding SET path = $1, object = $2, facet = $3, verdict = $4, severity = $5, "
        "passed = $6, base = $7, base_a = $8, base_facets = $9, told = CASE WHEN $10 = 1 THEN 1 "
        "ELSE told END WHERE env = $11 AND id = $12 AND closed IS NULL";
    static const char fresh[] =
        "INSERT INTO finding (path, object, facet, verdict, severity, passed, base, base_a, "
        "base_facets, told, env, id, since, not_before) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, "
        "$10, $11, $12, $13, $14 WHERE NOT EXISTS (SELECT 1 FROM finding WHERE env = $11 AND id = "
        "$12 AND closed IS NULL)";
    const struct store_arg args[] = {A_STR(f->path),
                                     A_STR(f->object),
                                     A_NUM(f->facet),
                                     A_NUM(f->verdict),
                                     A_NUM(f->severity),
                                     A_NUM(f->passed),
                                     A_NUM(!f->base_known  ? 0
                                           : f->base_there ? 2
                                                           : 1),
                                     A_STR(f->base_a),
                                     A_NUM(f->base_facets),
                                     A_NUM(f->told),
                                     A_NUM(env),
                                     A_ID(f->id),
                                     A_STR(f->since),
                                     A_STR(f->not_before)};
    return s->ops->exec(s, again, args, 12, e) || s->ops->exec(s, fresh, args, 14, e) ? -1 : 0;
}

int findings_record(struct history *h, int64_t env, const struct history_run *run, struct err *e)
{
    struct arena *tmp = arena_new(0);
    int rc = close_gone(h, env, run, tmp, e);
    for (uint32_t i = 0; !rc && i < run->nfindings; i++) {
        struct history_finding f = run->findings[i];
        if (!f.since.n)
            f.since = run->time;
        f.object = store_plain(f.object, tmp);
        rc = put_finding(h->store, env, &f, e);
    }
    arena_free(tmp);
    return rc;
}

int history_told(struct history *h, struct str env, const struct hash128 *ids, uint32_t n,
                 struct err *e)
{
    static const char sql[] = "UPDATE finding SET told = 1 WHERE env = (SELECT id FROM env WHERE "
                              "name = $1) AND id = $2 AND closed IS NULL";
    struct store *s = h->store;
    int rc = s->ops->begin(s, env, e);
    for (uint32_t i = 0; !rc && i < n; i++) {
        const struct store_arg args[] = {A_STR(env), A_ID(ids[i])};
        rc = s->ops->exec(s, sql, args, 2, e);
    }
    if (!rc)
        rc = s->ops->commit(s, e);
    if (rc)
        s->ops->rollback(s);
    return rc;
}

static void read_finding(struct store *s, struct rows *r, struct arena *mem,
                         struct history_finding *f)
{
    int64_t base = s->ops->num(r, 7);
    f->id = rows_hash(s, r, 0);
    f->path = rows_str(s, r, 1, mem);
    f->object = rows_str(s, r, 2, mem);
    f->facet = (unsigned)s->ops->num(r, 3);
    f->verdict = (enum drift_verdict)s->ops->num(r, 4);
    f->severity = (enum drift_severity)s->ops->num(r, 5);
    f->passed = s->ops->num(r, 6) != 0;
    f->base_known = base != 0;
    f->base_there = base == 2;
    f->base_a = rows_str(s, r, 8, mem);
    f->base_facets = (unsigned)s->ops->num(r, 9);
    f->told = s->ops->num(r, 10) != 0;
    f->since = rows_str(s, r, 11, mem);
    f->not_before = rows_str(s, r, 12, mem);
}

static int by_path(const void *a, const void *b)
{
    const struct history_finding *x = a, *y = b;
    int c = path_cmp(x->path, y->path);
    return c ? c : x->facet < y->facet ? -1 : x->facet > y->facet;
}

/* The time of the last check that could read live. */
static int last_read(struct store *s, struct str env, struct arena *mem, struct str *time,
                     struct err *e)
{
    static const char sql[] = "SELECT last FROM env WHERE name = $1";
    const struct store_arg arg = A_STR(env);
    struct rows *r;
    bool got;
    int rc = store_row(s, sql, &arg, 1, &r, &got, e);
    *time = got ? rows_str(s, r, 0, mem) : STR_NULL;
    s->ops->done(r);
    return rc;
}

int history_open_findings(struct history *h, struct str env, struct arena *mem,
                          struct history_finding **out, uint32_t *n, struct str *time,
                          struct err *e)
{
    static const char sql[] =
        "SELECT f.id, f.path, f.object, f.facet, f.verdict, f.severity, f.passed, f.base, f.base_a,"
        " f.base_facets, f.told, f.since, f.not_before FROM finding f JOIN env e ON e.id = f.env "
        "WHERE e.name = $1 AND f.closed IS NULL";
    struct store *s = h->store;
    const struct store_arg arg = A_STR(env);
    VEC(struct history_finding) v = {0};
    struct rows *r = NULL;
    int rc = env_seen(h, env, e);
    if (!rc)
        rc = last_read(s, env, mem, time, e);
    if (!rc)
        rc = s->ops->query(s, sql, &arg, 1, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1) {
        struct history_finding f = {0};
        read_finding(s, r, mem, &f);
        VEC_PUSH(mem, v, f);
        rc = 0;
    }
    s->ops->done(r);
    if (v.n)
        qsort(v.v, v.n, sizeof *v.v, by_path);
    *out = v.v;
    *n = v.n;
    return rc;
}
