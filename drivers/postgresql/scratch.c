/* Scratch databases: on a private server, with stub roles. */

#include "drivers/postgresql/conn.h"

#include <string.h>

#include "core/interrupt.h"
#include "drivers/sql/lex.h"

/* A statement's failure is the proof's, but for what is not the statement's fault. */
static int failed(struct session *s, PGresult *r, struct err *e)
{
    struct err why;
    pg_error(s, r, "the scratch database", &why);
    if ((why.code != E_CANNOT_OPEN && why.code != E_TORN) || PQstatus(s->db) == CONNECTION_BAD)
        *e = why;
    else
        err_set(e, E_VERIFY_FAILED, "%s",
                PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY)
                    ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY)
                    : PQerrorMessage(s->db));
    PQclear(r);
    return -1;
}

/* PQexecParams takes one statement only. */
static int run_one(struct session *s, struct str sql, struct err *e)
{
    PGresult *r = PQexecParams(s->db, arena_cstr(s->mem, sql), 0, NULL, NULL, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
        PQclear(r);
        return 0;
    }
    return failed(s, r, e);
}

int pg_scratch_exec(struct session *s, const struct stmt *stmt, struct err *e)
{
    if (!s->scratch)
        BUG("a statement for a database that is not ours");
    int rc = run_one(s, stmt->text, e);
    struct err why;
    /* A failed step leaves its transaction open: the next one starts clean, as a new connection. */
    if (rc && PQtransactionStatus(s->db) != PQTRANS_IDLE && pg_exec(s, "ROLLBACK", &why))
        *e = why;
    return rc;
}

int pg_scratch_reset(struct session *s, struct err *e)
{
    return pg_exec(s, "RESET check_function_bodies; SET search_path = pg_catalog", e);
}

int pg_script(struct session *s, struct str text, struct str label, struct err *e)
{
    struct str rest = text, sql;
    if (pg_exec(s, "SET search_path = public, pg_catalog", e))
        return -1;
    while (engine_postgresql.split(&rest, &sql)) {
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (run_one(s, sql, e) == 0)
            continue;
        int line = 1;
        for (const char *p = text.p; p < sql.p; p++)
            line += *p == '\n';
        struct str why = arena_str(s->mem, str_c(e->msg));
        bool sql_error = e->code == E_VERIFY_FAILED;
        err_set(e, sql_error ? E_MALFORMED_SCHEMA : e->code, "%.*s line %d: %.*s", STR_ARG(label),
                line, STR_ARG(why));
        return sql_error ? err_hint(e, "the script must run on an empty database of its own") : -1;
    }
    return pg_exec(s, "ROLLBACK; RESET SESSION AUTHORIZATION; SET search_path = pg_catalog", e);
}

/* Roles that the facts name as owner or in grants exist as stubs without login. */
static int stub_roles(struct session *s, const struct catalog *cat, struct err *e)
{
    for (uint32_t i = 0; cat && i < cat->n; i++) {
        struct str names[64];
        uint32_t n = pg_roles_of(s->mem, &cat->v[i], names, 64);
        for (uint32_t k = 0; k < n; k++) {
            struct str sql =
                pg_text(s->mem,
                        "DO $$ BEGIN CREATE ROLE %I; EXCEPTION WHEN duplicate_object OR "
                        "reserved_name THEN NULL; END $$",
                        names[k]);
            if (pg_exec(s, sql.p, e))
                return -1;
        }
    }
    return 0;
}

int pg_scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
               struct err *e)
{
    struct session *s = NEW(mem, struct session);
    *s = (struct session){.mem = mem,
                          .label = STR("the scratch database"),
                          .timeout_ms = want->timeout_ms,
                          .scratch = true};
    *out = s;
    if (pg_server_start(mem, &s->server, e))
        return -1;
    const char *keys[] = {"host", "user", "dbname", "application_name", NULL};
    const char *values[] = {pg_server_socket(s->server), "postgres", "postgres", "snap", NULL};
    if (pg_connect(s, keys, values, e) || stub_roles(s, want->from, e) ||
        stub_roles(s, want->to, e))
        return -1;
    return pg_exec(s, "SET client_min_messages = error", e);
}
