/*
 * Opening a history in a PostgreSQL database: the schema snap_history, made by the first that
 * writes. Passwords come by the ways of libpq and stand in no message.
 */

#include "core/interrupt.h"
#include "history/pg.h"

enum { CONNECT_MS = 15000, LEAST_MS = 2000 };

#define TEXT "text COLLATE \"C\""

/* clang-format off */
static const char *const tables[] = {
    "CREATE TABLE snap_history.env (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name " TEXT
    " NOT NULL UNIQUE, checked " TEXT ", first " TEXT ", last " TEXT ", failed " TEXT ", failed_time "
    TEXT ", source " TEXT ", baseline " TEXT ", baseline_print bytea, runs bigint NOT NULL DEFAULT 0)",
    "CREATE TABLE snap_history.path (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, hash bytea "
    "NOT NULL UNIQUE, text " TEXT " NOT NULL)",
    "CREATE TABLE snap_history.body (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, hash bytea "
    "NOT NULL UNIQUE, text " TEXT " NOT NULL)",
    "CREATE TABLE snap_history.state (env bigint NOT NULL, id bigint NOT NULL, first " TEXT
    " NOT NULL, last " TEXT " NOT NULL, before " TEXT ", runs bigint NOT NULL, head bigint NOT NULL, "
    "ledger bigint NOT NULL, fingerprint bytea NOT NULL, version " TEXT " NOT NULL, facts bigint NOT "
    "NULL, added bigint NOT NULL, dropped bigint NOT NULL, changed bigint NOT NULL, PRIMARY KEY (env, "
    "id))",
    "CREATE TABLE snap_history.fact (env bigint NOT NULL, path bigint NOT NULL, since bigint NOT NULL, "
    "until bigint, body bigint NOT NULL, PRIMARY KEY (env, path, since))",
    "CREATE TABLE snap_history.finding (env bigint NOT NULL, id bytea NOT NULL, since " TEXT " NOT "
    "NULL, closed " TEXT ", path " TEXT " NOT NULL, object " TEXT " NOT NULL, facet bigint NOT NULL, "
    "verdict bigint NOT NULL, severity bigint NOT NULL, not_before " TEXT ", base bigint NOT NULL, "
    "base_a " TEXT ", base_facets bigint NOT NULL, passed bigint NOT NULL, told bigint NOT NULL, "
    "PRIMARY KEY (env, id, since))",
    "CREATE TABLE snap_history.deployed (env bigint NOT NULL, hash bytea NOT NULL, seen " TEXT " NOT "
    "NULL, tool " TEXT " NOT NULL, pos bigint NOT NULL, id " TEXT " NOT NULL, author " TEXT ", file "
    TEXT ", deployment " TEXT ", text " TEXT ", ran " TEXT ", how " TEXT ", PRIMARY KEY (env, hash))",
    "CREATE TABLE snap_history.meta (format bigint NOT NULL)",
    0};
/* clang-format on */

static void no_notice(void *ctx, const PGresult *r)
{
    (void)ctx;
    (void)r;
}

/* The URL without what is secret in it. */
static struct str label_of(PQconninfoOption *parts, struct arena *mem)
{
    const char *host = NULL, *port = NULL, *name = NULL;
    for (PQconninfoOption *o = parts; o && o->keyword; o++) {
        host = strcmp(o->keyword, "host") == 0 && o->val ? o->val : host;
        port = strcmp(o->keyword, "port") == 0 && o->val ? o->val : port;
        name = strcmp(o->keyword, "dbname") == 0 && o->val ? o->val : name;
    }
    return arena_printf(mem, "postgresql://%s%s%s%s%s", host ? host : "", port ? ":" : "",
                        port ? port : "", name ? "/" : "", name ? name : "");
}

static int refused(struct pg *p, struct err *e)
{
    struct str words = str_c(PQerrorMessage(p->conn)), line = STR("");
    str_cut(&words, '\n', &line);
    struct str label = p->store.label;
    if (p->timeout_ms && str_find(line, STR("timeout expired")) < line.n)
        return err_set(e, E_TIMEOUT, "the history %.*s: %.*s", STR_ARG(label), STR_ARG(line));
    if (PQconnectionNeedsPassword(p->conn) || PQconnectionUsedPassword(p->conn) ||
        str_find(line, STR("FATAL:  role")) < line.n) {
        err_set(e, E_ACCESS_DENIED, "the history %.*s: %.*s", STR_ARG(label), STR_ARG(line));
        return err_hint(e, "~/.pgpass, PGPASSWORD or the URL give the password");
    }
    if (str_find(line, STR("SSL")) < line.n || str_find(line, STR("certificate")) < line.n)
        return err_set(e, E_TLS_FAILED, "the history %.*s: %.*s", STR_ARG(label), STR_ARG(line));
    err_set(e, E_CANNOT_OPEN, "the history %.*s: %.*s", STR_ARG(label), STR_ARG(line));
    return err_hint(e, "psql with the same URL shows whether the server can be reached");
}

static int connect(struct pg *p, const char *url, struct err *e)
{
    static const char *const keys[] = {"connect_timeout", "application_name", "dbname",
                                       "client_encoding", "tcp_user_timeout", NULL};
    unsigned ms = p->timeout_ms, wait = ms && ms < CONNECT_MS ? ms : CONNECT_MS;
    const char *seconds = arena_printf(p->store.mem, "%u", (wait + 999) / 1000).p;
    const char *silent = arena_printf(p->store.mem, "%u", ms).p;
    const char *const values[] = {seconds, "snap history", url, "UTF8", ms ? silent : NULL, NULL};
    p->conn = PQconnectdbParams(keys, values, 1);
    if (!p->conn)
        return err_set(e, E_OUT_OF_MEMORY, "libpq has no memory");
    if (PQstatus(p->conn) != CONNECTION_OK)
        return interrupt_seen() ? err_set(e, E_INTERRUPTED, "interrupted") : refused(p, e);
    PQsetNoticeReceiver(p->conn, no_notice, NULL);
    const char *encoding = PQparameterStatus(p->conn, "server_encoding");
    if (!encoding || strcmp(encoding, "UTF8") != 0) {
        err_set(e, E_CANNOT_OPEN, "the history %.*s: the database is in the encoding %s",
                STR_ARG(p->store.label), encoding ? encoding : "?");
        return err_hint(e, "names of any kind need a database made WITH ENCODING 'UTF8'");
    }
    static const char own[] =
        "SET search_path = pg_catalog, snap_history; SET synchronous_commit = on; SET "
        "standard_conforming_strings = on";
    if (hpg_run(p, own, e))
        return -1;
    return ms ? hpg_run(p, arena_printf(p->store.mem, "SET statement_timeout = %u", ms).p, e) : 0;
}

/* 0: there is none. */
static int read_format(struct pg *p, int64_t *out, struct err *e)
{
    static const char there[] =
        "SELECT count(*) FROM pg_catalog.pg_class c JOIN "
        "pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname "
        "= 'snap_history' AND c.relname = 'meta'",
                      format[] = "SELECT max(format) FROM snap_history.meta";
    struct rows *r;
    bool got;
    *out = 0;
    int rc = store_row(&p->store, there, NULL, 0, &r, &got, e);
    bool is_there = got && hpg_ops.num(r, 0);
    hpg_ops.done(r);
    if (rc || !is_there)
        return rc;
    rc = store_row(&p->store, format, NULL, 0, &r, &got, e);
    *out = got ? hpg_ops.num(r, 0) : 0;
    hpg_ops.done(r);
    return rc;
}

/* Where somebody has made the schema for the role, it need not be allowed to make one. */
static int make_schema(struct pg *p, struct err *e)
{
    static const char sql[] =
        "SELECT count(*) FROM pg_catalog.pg_namespace WHERE nspname = 'snap_history'";
    struct rows *r;
    bool got;
    int rc = store_row(&p->store, sql, NULL, 0, &r, &got, e);
    bool there = got && hpg_ops.num(r, 0);
    hpg_ops.done(r);
    return rc || there ? rc : hpg_run(p, "CREATE SCHEMA snap_history", e);
}

static int make_tables(struct pg *p, struct err *e)
{
    int64_t format;
    if (hpg_lock_all(p, e))
        return -1;
    int rc = read_format(p, &format, e);
    if (!rc && !format) {
        p->in_tx = true;
        rc = hpg_run(p, "BEGIN", e);
        if (!rc)
            rc = make_schema(p, e);
        for (size_t i = 0; !rc && tables[i]; i++)
            rc = hpg_run(p, tables[i], e);
        if (!rc)
            rc = hpg_run(p, "INSERT INTO snap_history.meta VALUES (1); COMMIT", e);
        if (rc)
            hpg_ops.rollback(&p->store);
        p->in_tx = false;
    }
    hpg_unlock(p);
    return rc;
}

static int open_tables(struct pg *p, struct err *e)
{
    int64_t format;
    if (read_format(p, &format, e))
        return -1;
    if (!format && p->store.writes)
        return make_tables(p, e);
    if (!format) {
        err_set(e, E_NO_SUCH_FILE, "%.*s holds no history", STR_ARG(p->store.label));
        return err_hint(e, "a check that writes one makes it: snap drift");
    }
    if (format > STORE_FORMAT)
        return err_set(e, E_HISTORY_VERSION, "%.*s has format %lld; this snap knows %d",
                       STR_ARG(p->store.label), (long long)format, STORE_FORMAT);
    if (p->store.writes)
        return 0;
    return hpg_run(p, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", e);
}

int hpg_open(struct str url, const struct history_options *opt, struct arena *mem,
             struct store **out, struct err *e)
{
    struct pg *p = NEW(mem, struct pg);
    const char *text = arena_cstr(mem, url);
    char *ignored = NULL;
    PQconninfoOption *parts = PQconninfoParse(text, &ignored);
    p->store = (struct store){&hpg_ops, mem, label_of(parts, mem), opt->use == HISTORY_WRITE,
                              "restore the database from its backup"};
    p->wait_ms = opt->lock_wait_ms;
    /* that the time is up is written down, too */
    p->timeout_ms = opt->timeout_ms && opt->timeout_ms < LEAST_MS ? LEAST_MS : opt->timeout_ms;
    PQfreemem(ignored); /* it may hold the password */
    *out = NULL;
    if (!parts)
        return err_set(e, E_BAD_VALUE, "the URL of the history cannot be understood");
    PQconninfoFree(parts);
    if (connect(p, text, e) || open_tables(p, e)) {
        hpg_ops.close(&p->store);
        return -1;
    }
    *out = &p->store;
    return 0;
}
