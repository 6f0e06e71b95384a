/*
 * Writing a check down: live is compared with the last state fact by fact, in path order and by
 * hash, and only what changed is written. One transaction.
 */

#include <stdlib.h>

#include "history/store.h"

/* A fact of the last state. */
struct old {
    struct str path;
    struct hash128 body;
};
/* A fact that changed: one of the two is missing where it came or went. */
struct delta {
    const struct old *old;
    const struct obj *obj;
    struct hash128 body;
};
struct recording {
    struct history *h;
    struct store *s;
    const struct history_run *run;
    struct arena *tmp;
    int64_t env, state; /* state: the last one, 0: none */
    struct hash128 head, ledger;
    struct str last; /* of that state */
    struct str first_read;
    VEC(struct old) old;
    VEC(struct delta) delta;
    VEC(struct str) bodies;
    VEC(struct str) paths;
    uint32_t facts, added, dropped, changed;
};

static int by_path(const void *a, const void *b)
{
    return path_cmp(((const struct old *)a)->path, ((const struct old *)b)->path);
}

static int load_old(struct recording *rec, struct err *e)
{
    static const char sql[] = "SELECT p.text, b.hash FROM fact f JOIN path p ON p.id = f.path "
                              "JOIN body b ON b.id = f.body WHERE f.env = $1 AND f.until IS NULL";
    struct store *s = rec->s;
    const struct store_arg arg = A_NUM(rec->env);
    struct rows *r;
    int rc = s->ops->query(s, sql, &arg, 1, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1) {
        struct old old = {rows_str(s, r, 0, rec->tmp), rows_hash(s, r, 1)};
        VEC_PUSH(rec->tmp, rec->old, old);
        rc = 0;
    }
    s->ops->done(r);
    if (!rc && rec->old.n)
        qsort(rec->old.v, rec->old.n, sizeof *rec->old.v, by_path);
    return rc;
}

/* The attributes that a key stands for. */
static int attrs_of(struct recording *rec, struct hash128 body, struct str *out, struct err *e)
{
    static const char sql[] = "SELECT text FROM body WHERE hash = $1";
    const struct store_arg arg = A_ID(body);
    struct rows *r;
    bool got;
    struct obj o = {0};
    int rc = store_row(rec->s, sql, &arg, 1, &r, &got, e);
    struct str text = got ? rows_str(rec->s, r, 0, rec->tmp) : STR("");
    rec->s->ops->done(r);
    if (!rc && !body_cut(text, &o))
        rc = store_damaged(rec->s, "a body is missing", e);
    *out = o.a;
    return rc;
}

static int note(struct recording *rec, const struct old *old, const struct obj *o,
                struct hash128 body, struct str text, struct err *e)
{
    struct delta d = {old, o, body};
    VEC_PUSH(rec->tmp, rec->delta, d);
    if (!o) {
        rec->dropped++;
        return 0;
    }
    struct str copy = arena_str(rec->tmp, text);
    VEC_PUSH(rec->tmp, rec->bodies, copy);
    if (!old) {
        rec->added++;
        VEC_PUSH(rec->tmp, rec->paths, o->path);
        return 0;
    }
    struct str before;
    if (attrs_of(rec, old->body, &before, e))
        return -1;
    rec->changed += !str_eq(before, o->a);
    return 0;
}

/* Both sides in path order. */
static int merge(struct recording *rec, struct err *e)
{
    const struct catalog *cat = rec->run->live;
    struct strbuf b = sb_new(rec->tmp, 0);
    uint32_t at = 0;
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *o = &cat->v[i];
        if (o->flags & OBJ_IGNORED)
            continue;
        int c = -1;
        while (at < rec->old.n && (c = path_cmp(rec->old.v[at].path, o->path)) < 0)
            if (note(rec, &rec->old.v[at++], NULL, (struct hash128){0, 0}, STR_NULL, e))
                return -1;
        const struct old *old = at < rec->old.n && c == 0 ? &rec->old.v[at++] : NULL;
        struct str text = body_of(o, &b);
        struct hash128 key = text_key(text);
        rec->facts++;
        if ((!old || !hash_eq(old->body, key)) && note(rec, old, o, key, text, e))
            return -1;
    }
    while (at < rec->old.n)
        if (note(rec, &rec->old.v[at++], NULL, (struct hash128){0, 0}, STR_NULL, e))
            return -1;
    return 0;
}

/* The last state of the environment. */
static int load_state(struct recording *rec, struct err *e)
{
    static const char sql[] =
        "SELECT s.id, h.hash, l.hash, s.last FROM state s JOIN body h ON h.id = s.head "
        "JOIN body l ON l.id = s.ledger WHERE s.env = $1 ORDER BY s.id DESC LIMIT 1";
    const struct store_arg arg = A_NUM(rec->env);
    struct rows *r;
    bool got;
    int rc = store_row(rec->s, sql, &arg, 1, &r, &got, e);
    if (got) {
        rec->state = rec->s->ops->num(r, 0);
        rec->head = rows_hash(rec->s, r, 1);
        rec->ledger = rows_hash(rec->s, r, 2);
        rec->last = rows_str(rec->s, r, 3, rec->tmp);
    }
    rec->s->ops->done(r);
    return rc;
}

static int write_facts(struct recording *rec, struct err *e)
{
    static const char end[] = "UPDATE fact SET until = $1 WHERE env = $2 AND until IS NULL AND "
                              "path = (SELECT id FROM path WHERE hash = $3)";
    static const char begin[] = "INSERT INTO fact (env, path, since, body) SELECT $1, p.id, $2, "
                                "b.id FROM path p, body b WHERE p.hash = $3 AND b.hash = $4";
    for (uint32_t i = 0; i < rec->delta.n; i++) {
        const struct delta *d = &rec->delta.v[i];
        struct hash128 path = text_key(d->old ? d->old->path : d->obj->path);
        const struct store_arg ends[] = {A_NUM(rec->state + 1), A_NUM(rec->env), A_ID(path)};
        const struct store_arg begins[] = {A_NUM(rec->env), A_NUM(rec->state + 1), A_ID(path),
                                           A_ID(d->body)};
        if ((d->old && rec->s->ops->exec_one(rec->s, end, ends, 3, e)) ||
            (d->obj && rec->s->ops->exec_one(rec->s, begin, begins, 4, e)))
            return -1;
    }
    return 0;
}

static int write_state(struct recording *rec, struct str head, struct str ledger, struct err *e)
{
    static const char put_body[] =
        "INSERT INTO body (hash, text) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    static const char put_path[] =
        "INSERT INTO path (hash, text) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    static const char sql[] =
        "INSERT INTO state (env, id, first, last, before, runs, head, ledger, fingerprint, "
        "version, facts, added, dropped, changed) SELECT $1, $2, $3, $3, $4, 1, h.id, l.id, $5, "
        "$6, $7, $8, $9, $10 FROM body h, body l WHERE h.hash = $11 AND l.hash = $12";
    VEC_PUSH(rec->tmp, rec->bodies, head);
    VEC_PUSH(rec->tmp, rec->bodies, ledger);
    struct store *s = rec->s;
    if (s->ops->put_texts(s, put_body, rec->bodies.v, rec->bodies.n, e) ||
        s->ops->put_texts(s, put_path, rec->paths.v, rec->paths.n, e) || write_facts(rec, e))
        return -1;
    const struct catalog *cat = rec->run->live;
    const struct store_arg args[] = {
        A_NUM(rec->env),     A_NUM(rec->state + 1),  A_STR(rec->run->time),
        A_STR(rec->last),    A_ID(cat->fingerprint), A_STR(store_plain(cat->version, rec->tmp)),
        A_NUM(rec->facts),   A_NUM(rec->added),      A_NUM(rec->dropped),
        A_NUM(rec->changed), A_ID(text_key(head)),   A_ID(text_key(ledger))};
    return s->ops->exec_one(s, sql, args, 12, e);
}

static int record_live(struct recording *rec, struct err *e)
{
    static const char again[] =
        "UPDATE state SET last = $1, runs = runs + 1 WHERE env = $2 AND id = $3";
    struct str head = head_of(rec->run->live, rec->tmp);
    struct str ledger = ledger_of(rec->run->live, rec->tmp);
    if (load_state(rec, e) || load_old(rec, e) || merge(rec, e))
        return -1;
    bool same = rec->state && !rec->delta.n && hash_eq(rec->head, text_key(head)) &&
                hash_eq(rec->ledger, text_key(ledger));
    if (!same)
        return write_state(rec, head, ledger, e);
    const struct store_arg args[] = {A_STR(rec->run->time), A_NUM(rec->env), A_NUM(rec->state)};
    return rec->s->ops->exec_one(rec->s, again, args, 3, e);
}

/* Another check of the environment since this handle first asked about it would make what it
 * judged by untrue. */
static int check_time(struct recording *rec, struct str checked, struct err *e)
{
    const struct history_run *run = rec->run;
    for (uint32_t i = 0; i < rec->h->seen.n; i++) {
        const struct seen *seen = &rec->h->seen.v[i];
        if (str_eq(seen->env, run->env) && !str_eq(seen->checked, checked)) {
            err_set(e, E_HISTORY_LOCKED, "%.*s: another check of %.*s was written meanwhile",
                    STR_ARG(rec->s->label), STR_ARG(run->env));
            return err_hint(e, "nothing of this one was written down: check again");
        }
    }
    if (checked.n && str_cmp(run->time, checked) <= 0)
        return err_set(
            e, E_HISTORY_TIME, "%.*s: the last check of %.*s was at %.*s, and now is %.*s",
            STR_ARG(rec->s->label), STR_ARG(run->env), STR_ARG(checked), STR_ARG(run->time));
    return 0;
}

static int find_env(struct recording *rec, struct err *e)
{
    static const char make[] = "INSERT INTO env (name) VALUES ($1) ON CONFLICT DO NOTHING";
    static const char find[] = "SELECT id, checked FROM env WHERE name = $1";
    const struct store_arg arg = A_STR(rec->run->env);
    struct rows *r = NULL;
    bool got = false;
    int rc = store_row(rec->s, find, &arg, 1, &r, &got, e);
    if (!rc && !got) {
        rec->s->ops->done(r);
        r = NULL;
        rc = rec->s->ops->exec(rec->s, make, &arg, 1, e);
        if (!rc)
            rc = store_row(rec->s, find, &arg, 1, &r, &got, e);
    }
    struct str checked = STR_NULL;
    if (got) {
        rec->env = rec->s->ops->num(r, 0);
        checked = rows_str(rec->s, r, 1, rec->tmp);
    }
    rec->s->ops->done(r);
    return rc ? rc : check_time(rec, checked, e);
}

static int write_env(struct recording *rec, struct err *e)
{
    static const char sql[] =
        "UPDATE env SET checked = $1, first = CASE WHEN $2 IS NULL THEN coalesce(first, $1) ELSE "
        "first END, last = CASE WHEN $2 IS NULL THEN $1 ELSE last END, failed = $2, failed_time = "
        "CASE WHEN $2 IS NULL THEN NULL ELSE $1 END, source = $3, baseline = CASE WHEN $2 IS NULL "
        "THEN $4 ELSE baseline END, baseline_print = CASE WHEN $2 IS NULL THEN $5 ELSE "
        "baseline_print END, runs = runs + 1 WHERE id = $6";
    const struct history_run *run = rec->run;
    struct str failed = run->live ? STR_NULL : run->failed.n ? run->failed : STR("?");
    const struct store_arg args[] = {A_STR(run->time),
                                     A_STR(failed),
                                     A_STR(store_plain(run->source, rec->tmp)),
                                     A_STR(store_plain(run->baseline, rec->tmp)),
                                     A_ID(run->baseline_fingerprint),
                                     A_NUM(rec->env)};
    return rec->s->ops->exec_one(rec->s, sql, args, 6, e);
}

static void remember(struct history *h, const struct history_run *run)
{
    struct str time = arena_str(h->mem, run->time);
    for (uint32_t i = 0; i < h->seen.n; i++)
        if (str_eq(h->seen.v[i].env, run->env))
            h->seen.v[i].checked = time;
}

int history_record(struct history *h, const struct history_run *run, struct err *e)
{
    struct recording rec = {.h = h, .s = h->store, .run = run, .tmp = arena_new(0)};
    int rc = h->store->ops->begin(h->store, run->env, e);
    if (!rc)
        rc = find_env(&rec, e);
    if (!rc && run->live)
        rc = record_live(&rec, e);
    if (!rc && run->live)
        rc = findings_record(h, rec.env, run, e);
    if (!rc)
        rc = deployed_record(h, rec.env, run, e);
    if (!rc)
        rc = write_env(&rec, e);
    if (!rc)
        rc = h->store->ops->commit(h->store, e);
    if (rc)
        h->store->ops->rollback(h->store);
    else
        remember(h, run);
    arena_free(rec.tmp);
    return rc;
}
