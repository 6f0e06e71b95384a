/* Connections by libpq: where to, how sessions are pinned, what errors mean. */

#include "drivers/postgresql/conn.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/escape.h"
#include "core/interrupt.h"

enum { MAX_KEYS = 40, LOOK_MS = 200 };

/* Everything that changes how the server writes a schema down, or that a role's settings may have
 * moved. */
static const char pinned[] =
    "SET search_path = pg_catalog; SET datestyle = 'ISO, MDY'; SET intervalstyle = postgres; "
    "SET extra_float_digits = 1; SET quote_all_identifiers = off; SET bytea_output = hex; "
    "SET timezone = 'UTC'; SET xmloption = content; SET standard_conforming_strings = on; "
    "SET client_min_messages = error; SET row_security = off; SET "
    "idle_in_transaction_session_timeout = 0";

struct str pg_value(const PGresult *r, int row, int column)
{
    if (PQgetisnull(r, row, column))
        return STR_NULL;
    return (struct str){PQgetvalue(r, row, column), (size_t)PQgetlength(r, row, column)};
}

static struct str first_line(const char *text)
{
    struct str s = str_trim(str_c(text ? text : "no answer"));
    return str_trim(str_sub(s, 0, str_chr(s, '\n')));
}

static struct str server_words(const PGresult *r, PGconn *db)
{
    const char *primary = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    return first_line(primary ? primary : PQerrorMessage(db));
}

static bool sqlstate_is(const PGresult *r, const char *state)
{
    const char *got = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    return got && strcmp(got, state) == 0;
}

int pg_error(struct session *s, const PGresult *r, const char *what, struct err *e)
{
    struct str words = server_words(r, s->db);
    if (interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (PQstatus(s->db) == CONNECTION_BAD)
        return err_set(e, E_CANNOT_OPEN, "%.*s: %s: the connection was lost: %.*s",
                       STR_ARG(s->label), what, STR_ARG(words));
    if (sqlstate_is(r, "57014") && s->scratch)
        return err_set(e, E_TIMEOUT, "the scratch database took longer than --timeout allows");
    if (sqlstate_is(r, "57014"))
        return err_set(e, E_TIMEOUT, "%.*s: %s took too long", STR_ARG(s->label), what);
    if (sqlstate_is(r, "55P03"))
        return err_set(e, E_BUSY, "%.*s: %s: another session holds a lock", STR_ARG(s->label),
                       what);
    /* Something went while it was asked about. */
    if (sqlstate_is(r, "XX000") || sqlstate_is(r, "42P01") || sqlstate_is(r, "42704") ||
        sqlstate_is(r, "42883"))
        return err_set(e, E_TORN, "%.*s: %s: %.*s", STR_ARG(s->label), what, STR_ARG(words));
    return err_set(e, E_CANNOT_OPEN, "%.*s: %s: %.*s", STR_ARG(s->label), what, STR_ARG(words));
}

int64_t pg_now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Waits for the server's answer; a signal, or the end of the time given, cancels the statement, to
 * which the server answers too. */
static void await(struct session *s)
{
    bool told = false;
    char why[256];
    while (PQisBusy(s->db)) {
        struct pollfd p = {PQsocket(s->db), POLLIN, 0};
        bool late = s->deadline_ms && pg_now_ms() > s->deadline_ms;
        if (!told && (late || interrupt_seen()))
            told = PQcancel(s->cancel, why, sizeof why);
        int ready = poll(&p, 1, LOOK_MS);
        if (ready > 0 && !PQconsumeInput(s->db))
            return;
        if (ready < 0 && errno != EINTR)
            return;
    }
}

PGresult *pg_run(struct session *s, const char *sql, bool one)
{
    PGresult *last = NULL, *r;
    int sent =
        one ? PQsendQueryParams(s->db, sql, 0, NULL, NULL, NULL, NULL, 0) : PQsendQuery(s->db, sql);
    if (!sent)
        return NULL;
    for (;;) {
        await(s);
        r = PQgetResult(s->db);
        if (!r)
            return last;
        PQclear(last);
        last = r;
        ExecStatusType status = PQresultStatus(r);
        if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH ||
            PQstatus(s->db) == CONNECTION_BAD)
            return last;
    }
}

void pg_copy_none(struct session *s)
{
    PGresult *r;
    PQputCopyEnd(s->db, NULL);
    while ((r = PQgetResult(s->db)))
        PQclear(r);
}

int pg_query(struct session *s, const char *sql, PGresult **out, struct err *e)
{
    *out = NULL;
    PGresult *r = pg_run(s, sql, false);
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
        *out = r;
        return 0;
    }
    pg_error(s, r, "reading the schema", e);
    PQclear(r);
    return -1;
}

int pg_exec(struct session *s, const char *sql, struct err *e)
{
    PGresult *r;
    int rc = pg_query(s, sql, &r, e);
    PQclear(r);
    return rc;
}

/* A scratch session has its deadline, and its scripts set what they like. */
static int limits(struct session *s, struct err *e)
{
    char sql[160];
    unsigned ms = s->scratch ? 0 : s->timeout_ms ? s->timeout_ms : 60000;
    snprintf(sql, sizeof sql, "SET statement_timeout = %u; SET lock_timeout = %u", ms, ms);
    return pg_exec(s, sql, e);
}

int pg_pin(struct session *s, struct err *e)
{
    return pg_exec(s, pinned, e) || limits(s, e) ? -1 : 0;
}

int pg_connect(struct session *s, const char *const *keys, const char *const *values, struct err *e)
{
    s->db = PQconnectdbParams(keys, values, 1);
    if (!s->db || PQstatus(s->db) != CONNECTION_OK) {
        struct str words = first_line(s->db ? PQerrorMessage(s->db) : "out of memory");
        err_set(e, E_CANNOT_OPEN, "%.*s: %.*s", STR_ARG(s->label), STR_ARG(words));
        return err_hint(e, "psql with the same URL shows whether the server can be reached");
    }
    s->version = PQserverVersion(s->db) / 10000;
    s->cancel = PQgetCancel(s->db);
    if (s->version < 12)
        return err_set(e, E_CANNOT_OPEN, "%.*s: PostgreSQL %d is older than 12", STR_ARG(s->label),
                       s->version);
    if (PQsetClientEncoding(s->db, "UTF8"))
        return pg_error(s, NULL, "setting the encoding", e);
    return pg_pin(s, e);
}

/* Parameters of a connection, as libpq wants them. */
struct params {
    struct arena *mem;
    const char *keys[MAX_KEYS], *values[MAX_KEYS];
    uint32_t n;
};

static void param(struct params *p, const char *key, struct str value)
{
    if (!value.n || p->n + 1 >= MAX_KEYS)
        return;
    p->keys[p->n] = key;
    p->values[p->n++] = arena_cstr(p->mem, value);
}

/* user:password@host:port,host:port */
static void authority(struct params *p, struct str text)
{
    size_t at = text.n;
    for (size_t i = 0; i < text.n; i++)
        at = text.p[i] == '@' ? i : at;
    if (at < text.n) {
        struct str user = str_sub(text, 0, at);
        size_t colon = str_chr(user, ':');
        param(p, "user", url_decode(p->mem, str_sub(user, 0, colon)));
        param(p, "password", url_decode(p->mem, str_from(user, colon + 1)));
        text = str_from(text, at + 1);
    }
    struct strbuf hosts = sb_new(p->mem, 0), ports = sb_new(p->mem, 0);
    struct str one;
    for (bool any = false; str_cut(&text, ',', &one); any = true) {
        size_t close = str_starts(one, STR("[")) ? str_chr(one, ']') : 0;
        size_t colon = close + str_chr(str_from(one, close), ':');
        struct str host = str_sub(one, 0, colon);
        if (close)
            host = str_sub(host, 1, close);
        if (any) {
            sb_char(&hosts, ',');
            sb_char(&ports, ',');
        }
        sb_str(&hosts, url_decode(p->mem, host));
        sb_str(&ports, str_from(one, colon + 1));
    }
    param(p, "host", sb_view(&hosts));
    param(p, "port", sb_view(&ports));
}

static void parse_place(struct params *p, struct str raw)
{
    if (str_starts(raw, STR("//"))) {
        raw = str_from(raw, 2);
        size_t slash = str_chr(raw, '/');
        authority(p, str_sub(raw, 0, slash));
        param(p, "dbname", url_decode(p->mem, str_from(raw, slash + 1)));
    } else {
        param(p, "dbname", url_decode(p->mem, raw));
    }
}

int pg_open(const struct source *src, struct arena *mem, struct session **out, struct err *e)
{
    struct session *s = NEW(mem, struct session);
    struct params p = {.mem = mem};
    *s = (struct session){.mem = mem, .label = src->text, .timeout_ms = src->timeout_ms};
    *out = s;
    param(&p, "connect_timeout",
          src->timeout_ms ? arena_printf(mem, "%u", (src->timeout_ms + 999) / 1000) : STR("30"));
    parse_place(&p, src->raw);
    for (uint32_t i = 0; i < src->nkeys; i++)
        param(&p, arena_cstr(mem, src->keys[i].key), src->keys[i].value);
    param(&p, "application_name", STR("snap"));
    p.keys[p.n] = NULL;
    if (pg_connect(s, p.keys, p.values, e))
        return -1;
    return pg_exec(s, "SET default_transaction_read_only = on", e);
}

void pg_cancel(struct session *s)
{
    char why[256];
    if (s && s->cancel)
        PQcancel(s->cancel, why, sizeof why);
}

void pg_close(struct session *s)
{
    if (!s)
        return;
    if (s->cancel)
        PQfreeCancel(s->cancel);
    if (s->db)
        PQfinish(s->db);
    s->cancel = NULL;
    s->db = NULL;
    pg_scratch_closed(s);
    if (s->own_mem)
        arena_free(s->mem);
    s->own_mem = false;
}
