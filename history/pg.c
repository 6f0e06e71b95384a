/*
 * The operations of a history over PostgreSQL. What gives no rows is sent on without waiting for
 * the answer, and the answers are read together: a state of many facts takes as many statements.
 *
 * Locks are advisory: whoever writes to an environment holds the lock of it, and that of everything
 * with others; history_keep holds that of everything alone. So checks of different environments
 * wait for each other nowhere: paths and bodies, which they share, are written before their
 * transactions begin, in short ones of their own and in the order of their keys.
 */

#include "history/pg.h"

#include <stdlib.h>
#include <time.h>

#include "core/clock.h"
#include "core/interrupt.h"

enum { OID_INT8 = 20, OID_TEXT = 25, OID_BYTEA = 17, WAIT_STEP_MS = 20 };
static const char EVERYTHING[] = "snap_history";

int hpg_fails(struct pg *p, const PGresult *r, struct err *e)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *words = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    struct str label = p->store.label;
    if (PQstatus(p->conn) == CONNECTION_BAD || !state)
        return err_set(e, E_CONNECTION_LOST, "%.*s: the connection to the history ended",
                       STR_ARG(label));
    if (!words)
        words = state;
    if (strncmp(state, "XX", 2) == 0 || strncmp(state, "42P01", 5) == 0 ||
        strncmp(state, "42703", 5) == 0)
        return store_damaged(&p->store, words, e);
    if (strncmp(state, "42501", 5) == 0) {
        err_set(e, E_NO_PRIVILEGE, "%.*s: %s", STR_ARG(label), words);
        return err_hint(e, "the role needs the schema snap_history: as a superuser, CREATE SCHEMA "
                           "snap_history AUTHORIZATION the role");
    }
    if (strncmp(state, "55P03", 5) == 0 || strncmp(state, "40P01", 5) == 0)
        return err_set(e, E_HISTORY_LOCKED, "%.*s: %s", STR_ARG(label), words);
    if (strncmp(state, "57014", 5) == 0)
        return err_set(e, E_TIMEOUT, "%.*s: %s", STR_ARG(label), words);
    if (strncmp(state, "57P", 3) == 0)
        return err_set(e, E_CONNECTION_LOST, "%.*s: %s", STR_ARG(label), words);
    err_set(e, p->store.writes ? E_WRITE_FAILED : E_CANNOT_OPEN, "%.*s: %s", STR_ARG(label), words);
    return err_hint(e, "what the history held before is whole");
}

/* Reads the answers to what was sent. The first failure is the one that is told. */
static int drain(struct pg *p, struct err *e)
{
    int failed = 0;
    unsigned at = 0;
    if (PQpipelineStatus(p->conn) == PQ_PIPELINE_OFF)
        return 0;
    if (!PQpipelineSync(p->conn))
        return hpg_fails(p, NULL, e);
    for (bool synced = false; !synced;) {
        PGresult *r = PQgetResult(p->conn);
        ExecStatusType st = PQresultStatus(r);
        synced = st == PGRES_PIPELINE_SYNC;
        if (r && st == PGRES_FATAL_ERROR && !failed)
            failed = hpg_fails(p, r, e);
        if (r && !synced && at < p->pending && p->one[at++] && st == PGRES_COMMAND_OK &&
            strcmp(PQcmdTuples(r), "1") != 0 && !failed)
            failed = store_not_one(&p->store, e);
        PQclear(r);
        if (PQstatus(p->conn) == CONNECTION_BAD)
            return failed ? failed : hpg_fails(p, NULL, e);
    }
    p->pending = 0;
    if (!PQexitPipelineMode(p->conn) && !failed)
        failed = hpg_fails(p, NULL, e);
    return failed;
}

int hpg_run(struct pg *p, const char *sql, struct err *e)
{
    if (drain(p, e))
        return -1;
    PGresult *r = PQexec(p->conn, sql);
    ExecStatusType st = PQresultStatus(r);
    int rc = st == PGRES_COMMAND_OK || st == PGRES_TUPLES_OK ? 0 : hpg_fails(p, r, e);
    PQclear(r);
    return rc;
}

/* Parameters as the wire wants them. */
struct params {
    const char *value[STORE_MAX_ARGS];
    int length[STORE_MAX_ARGS], format[STORE_MAX_ARGS];
    Oid type[STORE_MAX_ARGS];
    unsigned char bytes[STORE_MAX_ARGS][16];
};

static void put_word(unsigned char *out, uint64_t v)
{
    for (size_t i = 0; i < 8; i++)
        out[i] = (unsigned char)(v >> (56 - 8 * i));
}

static void put_params(struct params *out, const struct store_arg *args, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        const struct store_arg *a = &args[i];
        out->format[i] = 1;
        out->value[i] = (const char *)out->bytes[i];
        out->length[i] = a->type == ARG_INT ? 8 : 16;
        out->type[i] = a->type == ARG_INT ? OID_INT8 : a->type == ARG_HASH ? OID_BYTEA : OID_TEXT;
        put_word(out->bytes[i], a->type == ARG_INT ? (uint64_t)a->i : a->h.hi);
        put_word(out->bytes[i] + 8, a->h.lo);
        if (a->type == ARG_TEXT) {
            out->value[i] = str_is_null(a->s) ? NULL : a->s.p;
            out->length[i] = (int)a->s.n;
        }
    }
}

/* The name under which a statement was compiled. */
static int compiled(struct pg *p, const char *sql, const struct params *params, unsigned n,
                    char name[16], struct err *e)
{
    unsigned at = 0;
    while (at < p->nstmts && p->stmts[at] != sql)
        at++;
    snprintf(name, 16, "h%u", at);
    if (at < p->nstmts)
        return 0;
    if (at == PG_STMTS)
        BUG("too many statements");
    if (drain(p, e))
        return -1;
    PGresult *r = PQprepare(p->conn, name, sql, (int)n, params->type);
    int rc = PQresultStatus(r) == PGRES_COMMAND_OK ? 0 : hpg_fails(p, r, e);
    PQclear(r);
    if (!rc)
        p->stmts[p->nstmts++] = sql;
    return rc;
}

/* Sends a statement on. `one`: it must write one row. */
static int send(struct pg *p, const char *sql, const struct store_arg *args, unsigned n, bool one,
                struct err *e)
{
    struct params params;
    char name[16];
    put_params(&params, args, n);
    if ((p->pending == PG_PENDING && drain(p, e)) || compiled(p, sql, &params, n, name, e))
        return -1;
    if (PQpipelineStatus(p->conn) == PQ_PIPELINE_OFF && !PQenterPipelineMode(p->conn))
        return hpg_fails(p, NULL, e);
    if (!PQsendQueryPrepared(p->conn, name, (int)n, params.value, params.length, params.format, 1))
        return hpg_fails(p, NULL, e);
    p->one[p->pending] = one;
    if (++p->pending < PG_PENDING)
        return 0;
    return interrupt_seen() ? err_set(e, E_INTERRUPTED, "interrupted") : drain(p, e);
}

/* The transaction begins with the first statement that writes. */
static int write_on(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
                    bool one, struct err *e)
{
    struct pg *p = (struct pg *)s;
    if (p->writing && !p->in_tx) {
        if (hpg_run(p, "BEGIN", e))
            return -1;
        p->in_tx = true;
    }
    return send(p, sql, args, n, one, e);
}

static int pg_exec(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
                   struct err *e)
{
    return write_on(s, sql, args, n, false, e);
}

static int pg_exec_one(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
                       struct err *e)
{
    return write_on(s, sql, args, n, true, e);
}

static int pg_query(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
                    struct rows **out, struct err *e)
{
    struct pg *p = (struct pg *)s;
    struct params params;
    char name[16];
    unsigned at = 0;
    *out = NULL;
    put_params(&params, args, n);
    if (drain(p, e) || compiled(p, sql, &params, n, name, e))
        return -1;
    while (at < PG_RESULTS && p->rows[at].result)
        at++;
    if (at == PG_RESULTS)
        BUG("too many results");
    struct rows *r = &p->rows[at];
    r->db = p;
    r->at = -1;
    r->result =
        PQexecPrepared(p->conn, name, (int)n, params.value, params.length, params.format, 1);
    *out = r->result ? r : NULL;
    return PQresultStatus(r->result) == PGRES_TUPLES_OK ? 0 : hpg_fails(p, r->result, e);
}

static int pg_next(struct rows *r, struct err *e)
{
    if (interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    return ++r->at < PQntuples(r->result);
}

static int64_t pg_num(struct rows *r, int column)
{
    uint64_t v = 0;
    if (r->at < 0 || r->at >= PQntuples(r->result) || PQgetisnull(r->result, r->at, column))
        return 0;
    const unsigned char *p = (const unsigned char *)PQgetvalue(r->result, r->at, column);
    for (int i = 0; i < PQgetlength(r->result, r->at, column); i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

static struct str pg_text(struct rows *r, int column)
{
    if (PQgetisnull(r->result, r->at, column))
        return STR_NULL;
    return (struct str){PQgetvalue(r->result, r->at, column),
                        (size_t)PQgetlength(r->result, r->at, column)};
}

static void pg_done(struct rows *r)
{
    if (!r)
        return;
    PQclear(r->result);
    r->result = NULL;
}

/* Locks. */

static int64_t key_of(struct str name, struct arena *mem)
{
    return (int64_t)text_key(arena_printf(mem, "snap_history/%.*s", STR_ARG(name))).hi;
}

/* Tries until the time is up. */
static int lock(struct pg *p, const char *sql, int64_t key, struct err *e)
{
    int64_t until = clock_ms() + p->wait_ms;
    for (;;) {
        const struct store_arg arg = A_NUM(key);
        struct rows *r;
        bool got;
        int rc = store_row(&p->store, sql, &arg, 1, &r, &got, e);
        bool held = got && pg_num(r, 0);
        pg_done(r);
        if (rc || held)
            return rc;
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (clock_ms() >= until)
            return err_set(e, E_HISTORY_LOCKED, "%.*s: another check writes to the history",
                           STR_ARG(p->store.label));
        struct timespec t = {0, WAIT_STEP_MS * 1000000L};
        nanosleep(&t, NULL);
    }
}

int hpg_lock_all(struct pg *p, struct err *e)
{
    static const char sql[] = "SELECT pg_try_advisory_lock($1)";
    p->locked = true;
    return lock(p, sql, key_of(str_c(EVERYTHING), p->store.mem), e);
}

void hpg_unlock(struct pg *p)
{
    if (p->locked && PQstatus(p->conn) == CONNECTION_OK)
        PQclear(PQexec(p->conn, "SELECT pg_advisory_unlock_all()"));
    p->locked = false;
}

static int pg_begin(struct store *s, struct str env, struct err *e)
{
    static const char shared[] = "SELECT pg_try_advisory_lock_shared($1)",
                      alone[] = "SELECT pg_try_advisory_lock($1)",
                      make[] = "INSERT INTO env (name) VALUES ($1) ON CONFLICT DO NOTHING";
    struct pg *p = (struct pg *)s;
    int rc = 0;
    if (str_is_null(env)) {
        rc = hpg_lock_all(p, e);
    } else {
        /* The row of the environment is there before the transaction, so that no other check waits
         * for it. */
        const struct store_arg arg = A_STR(env);
        p->locked = true;
        rc = lock(p, alone, key_of(env, s->mem), e);
        if (!rc)
            rc = lock(p, shared, key_of(str_c(EVERYTHING), s->mem), e);
        if (!rc)
            rc = send(p, make, &arg, 1, false, e);
        if (!rc)
            rc = drain(p, e);
    }
    p->writing = rc == 0;
    if (rc)
        hpg_unlock(p);
    return rc;
}

static int pg_commit(struct store *s, struct err *e)
{
    struct pg *p = (struct pg *)s;
    if (drain(p, e))
        return -1;
    /* to the server a COMMIT of what has failed is no error */
    if (p->in_tx && PQtransactionStatus(p->conn) != PQTRANS_INTRANS)
        return err_set(e, E_WRITE_FAILED, "%.*s: the transaction has failed", STR_ARG(s->label));
    if (p->in_tx && hpg_run(p, "COMMIT", e))
        return -1;
    p->in_tx = p->writing = false;
    hpg_unlock(p);
    return 0;
}

static void pg_rollback(struct store *s)
{
    struct pg *p = (struct pg *)s;
    struct err ignored;
    (void)drain(p, &ignored);
    if (p->in_tx)
        PQclear(PQexec(p->conn, "ROLLBACK"));
    p->in_tx = p->writing = false;
    hpg_unlock(p);
}

struct keyed {
    struct hash128 key;
    struct str text;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    if (x->key.hi != y->key.hi)
        return x->key.hi < y->key.hi ? -1 : 1;
    return x->key.lo < y->key.lo ? -1 : x->key.lo > y->key.lo;
}

static int pg_put_texts(struct store *s, const char *sql, const struct str *texts, uint32_t n,
                        struct err *e)
{
    struct pg *p = (struct pg *)s;
    struct arena *tmp = arena_new(0);
    struct keyed *v = NEW_ARRAY(tmp, struct keyed, n);
    int rc = 0;
    for (uint32_t i = 0; i < n; i++)
        v[i] = (struct keyed){text_key(texts[i]), texts[i]};
    if (n)
        qsort(v, n, sizeof *v, by_key);
    for (uint32_t i = 0; !rc && i < n; i++) {
        const struct store_arg args[] = {A_ID(v[i].key), A_STR(v[i].text)};
        if (!i || !hash_eq(v[i].key, v[i - 1].key))
            rc = send(p, sql, args, 2, false, e);
    }
    if (!rc)
        rc = drain(p, e);
    arena_free(tmp);
    return rc;
}

/* The server gives room back by itself; this only hastens it. */
static int pg_shrink(struct store *s, struct err *e)
{
    return hpg_run((struct pg *)s, "VACUUM ANALYZE path, body, fact, state", e);
}

static void pg_close(struct store *s)
{
    struct pg *p = (struct pg *)s;
    for (unsigned i = 0; i < PG_RESULTS; i++)
        pg_done(&p->rows[i]);
    PQfinish(p->conn);
    p->conn = NULL;
}

const struct store_ops hpg_ops = {
    .exec = pg_exec,
    .exec_one = pg_exec_one,
    .query = pg_query,
    .next = pg_next,
    .num = pg_num,
    .text = pg_text,
    .done = pg_done,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .put_texts = pg_put_texts,
    .shrink = pg_shrink,
    .close = pg_close,
};
