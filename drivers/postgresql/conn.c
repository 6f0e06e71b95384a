/* A session: how it is pinned, how statements are run, what errors mean. */

#include "drivers/postgresql/conn.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "core/interrupt.h"

/* Below the server's deadlock_timeout of one second: where a read and somebody's DDL wait for one
 * another, the read gives way and is made again. */
enum { LOOK_MS = 200, STATEMENT_MS = 60000, LOCK_MS = 900 };

/* Everything that changes how the server writes a schema down, or that a role's or a database's
 * settings may have moved; `since` a version. */
static const struct {
    const char *name, *value;
    int since;
} pins[] = {{"search_path", "pg_catalog", 0},
            {"datestyle", "'ISO, MDY'", 0},
            {"intervalstyle", "postgres", 0},
            {"timezone", "'UTC'", 0},
            {"lc_monetary", "'C'", 0},
            {"extra_float_digits", "1", 0},
            {"quote_all_identifiers", "off", 0},
            {"bytea_output", "hex", 0},
            {"xmlbinary", "base64", 0},
            {"xmloption", "content", 0},
            {"standard_conforming_strings", "on", 0},
            {"client_min_messages", "error", 0},
            {"row_security", "off", 0},
            {"idle_in_transaction_session_timeout", "0", 0},
            {"transaction_timeout", "0", 17},
            {"jit", "off", 0},
            {"plan_cache_mode", "force_generic_plan", 0}};

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

/* The object went while it was asked about, or the picture could not be kept. */
static bool is_torn(const PGresult *r)
{
    static const char *const states[] = {"XX000", "42P01", "42704", "42883",
                                         "3F000", "40001", "40P01", "42P17"};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (sqlstate_is(r, states[i]))
            return true;
    return false;
}

static int too_late(struct session *s, const char *what, struct err *e)
{
    bool late = s->deadline_ms && clock_ms() > s->deadline_ms;
    if (s->scratch)
        return err_set(e, E_TIMEOUT, "the scratch database took longer than --timeout allows");
    err_set(e, E_TIMEOUT, "%.*s: %s took longer than %s allows", STR_ARG(s->label), what,
            late ? "--timeout" : "--statement-timeout");
    return late ? -1 : err_hint(e, "--statement-timeout gives each query more time");
}

int pg_error(struct session *s, const PGresult *r, const char *what, struct err *e)
{
    struct str words = server_words(r, s->db);
    if (interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (PQstatus(s->db) == CONNECTION_BAD || sqlstate_is(r, "57P01"))
        return err_set(e, E_CONNECTION_LOST, "%.*s: %s: %.*s", STR_ARG(s->label), what,
                       STR_ARG(words));
    if (sqlstate_is(r, "57014"))
        return too_late(s, what, e);
    if (sqlstate_is(r, "55P03")) {
        err_set(e, E_BUSY, "%.*s: %s: another session holds a lock", STR_ARG(s->label), what);
        return err_hint(e, "run it again when that session is done, or with more --retries");
    }
    if (sqlstate_is(r, "42501"))
        return err_set(e, E_NO_PRIVILEGE, "%.*s: %s: %.*s", STR_ARG(s->label), what,
                       STR_ARG(words));
    if (sqlstate_is(r, "22021")) {
        err_set(e, E_NOT_UNDERSTOOD, "%.*s: %s: %.*s", STR_ARG(s->label), what, STR_ARG(words));
        return err_hint(e, "a name or a text of the schema is no UTF-8, nor can be converted");
    }
    if (is_torn(r))
        return err_set(e, E_TORN, "%.*s: %s: %.*s", STR_ARG(s->label), what, STR_ARG(words));
    return err_set(e, E_CANNOT_OPEN, "%.*s: %s: %.*s", STR_ARG(s->label), what, STR_ARG(words));
}

/* Waits for the server's answer; a signal, or the end of the time given, cancels the statement, to
 * which the server answers too. */
static void await(struct session *s)
{
    bool told = false;
    char why[256];
    while (PQisBusy(s->db)) {
        bool unsent = PQflush(s->db) == 1;
        struct pollfd p = {PQsocket(s->db), (short)(unsent ? POLLIN | POLLOUT : POLLIN), 0};
        bool late = s->deadline_ms && clock_ms() > s->deadline_ms;
        if (!told && (late || interrupt_seen()))
            told = PQcancel(s->cancel, why, sizeof why);
        int ready = poll(&p, 1, LOOK_MS);
        if (ready > 0 && p.revents != POLLOUT && !PQconsumeInput(s->db))
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

static int unsent(struct session *s, struct err *e)
{
    return pg_error(s, NULL, "reading the schema", e);
}

/* What cannot be written without waiting is written while answers are awaited: else both ends could
 * wait for the other to read. */
int pg_pipe_open(struct session *s, struct err *e)
{
    if (!PQenterPipelineMode(s->db) || PQsetnonblocking(s->db, 1))
        return unsent(s, e);
    return 0;
}

int pg_pipe_send(struct session *s, const char *sql, struct err *e)
{
    return PQsendQueryParams(s->db, sql, 0, NULL, NULL, NULL, NULL, 0) ? 0 : unsent(s, e);
}

int pg_pipe_sync(struct session *s, struct err *e)
{
    return PQpipelineSync(s->db) ? 0 : unsent(s, e);
}

int pg_pipe_take(struct session *s, pg_row_fn *row, void *ctx, struct err *e)
{
    PGresult *r;
    int rc = 0;
    PQsetSingleRowMode(s->db);
    while (await(s), (r = PQgetResult(s->db))) {
        ExecStatusType status = PQresultStatus(r);
        if (status == PGRES_SINGLE_TUPLE)
            rc = rc ? rc : row(ctx, r, e);
        else if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
            rc = rc ? rc : pg_error(s, r, "reading the schema", e);
        PQclear(r);
        /* of a connection that has ended it would give errors for ever */
        if (PQstatus(s->db) == CONNECTION_BAD)
            return rc ? rc : pg_error(s, NULL, "reading the schema", e);
    }
    return rc;
}

void pg_pipe_skip(struct session *s)
{
    bool end = false;
    while (!end && PQstatus(s->db) == CONNECTION_OK) {
        await(s);
        PGresult *r = PQgetResult(s->db);
        end = PQresultStatus(r) == PGRES_PIPELINE_SYNC;
        PQclear(r);
    }
}

int pg_pipe_close(struct session *s, struct err *e)
{
    return PQexitPipelineMode(s->db) && !PQsetnonblocking(s->db, 0) ? 0 : unsent(s, e);
}

/* Settings of the session, or of the transaction (LOCAL). A scratch session has its deadline, and
 * its scripts set what they like. */
static void put_settings(const struct session *s, bool local, struct strbuf *sql)
{
    const char *set = local ? "SET LOCAL" : "SET";
    unsigned ms = s->statement_ms ? s->statement_ms : STATEMENT_MS, lock = LOCK_MS;
    for (size_t i = 0; i < sizeof pins / sizeof *pins; i++)
        if (s->version >= pins[i].since)
            sb_printf(sql, "%s %s = %s; ", set, pins[i].name, pins[i].value);
    /* a wait for a lock ends before the time is up, and so is told from work that takes long */
    int64_t left = s->deadline_ms ? s->deadline_ms - clock_ms() : ms;
    left = left < ms ? left : ms;
    if (left / 4 * 3 < lock)
        lock = left > 4 ? (unsigned)(left / 4 * 3) : 1;
    sb_printf(sql, "%s statement_timeout = %u; %s lock_timeout = %u", set, s->scratch ? 0 : ms, set,
              s->scratch ? 0 : lock);
}

int pg_pin(struct session *s, struct err *e)
{
    struct strbuf sql = sb_new(s->mem, 0);
    put_settings(s, false, &sql);
    s->pinned = pg_exec(s, sb_view(&sql).p, e) == 0;
    return s->pinned ? 0 : -1;
}

int pg_at_rest(struct session *s, struct err *e)
{
    if (!s->scratch || s->pinned)
        return 0;
    return pg_exec(s, "RESET SESSION AUTHORIZATION; RESET ALL", e) || pg_pin(s, e) ? -1 : 0;
}

int pg_begin(struct session *s, struct err *e)
{
    struct strbuf sql = sb_new(s->mem, 0);
    sb_c(&sql, "ROLLBACK; BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; ");
    put_settings(s, true, &sql);
    return pg_exec(s, sb_view(&sql).p, e);
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
    PQclear(s->watched);
    s->watched = NULL;
    s->cancel = NULL;
    s->db = NULL;
    pg_scratch_closed(s);
    if (s->own_mem)
        arena_free(s->mem);
    s->own_mem = false;
}
