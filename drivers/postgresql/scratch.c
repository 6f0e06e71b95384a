/* Scratch databases: each a new one on the private server of this process, with stub roles. */

#include "drivers/postgresql/conn.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/interrupt.h"
#include "drivers/postgresql/script.h"
#include "drivers/postgresql/server.h"
#include "drivers/postgresql/versions.h"
#include "drivers/sql/lex.h"

enum { MAX_STUBS = 1000, MAX_ROLES = 4096 };

/* Sessions that are open, and databases made so far, on the server of this process. */
static unsigned open_sessions, made;

static bool class_is(const PGresult *r, const char *class)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    return state && strncmp(state, class, 2) == 0;
}

/* The server lacks something: an extension, a library, room. */
static bool is_lacking(const PGresult *r, const char *words)
{
    return class_is(r, "53") || class_is(r, "58") ||
           (class_is(r, "0A") && strncmp(words, "extension ", 10) == 0);
}

/* A statement's failure is the proof's, but for what is not the statement's fault. */
static int failed(struct session *s, PGresult *r, struct err *e)
{
    struct err why;
    const char *primary = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *words = primary ? primary : PQerrorMessage(s->db);
    pg_error(s, r, "a statement", &why);
    if (why.code == E_TIMEOUT || why.code == E_INTERRUPTED || why.code == E_BUSY)
        *e = why;
    else if (PQstatus(s->db) == CONNECTION_BAD)
        err_set(e, E_CANNOT_VERIFY, "the scratch server has ended: %s", words);
    else if (is_lacking(r, words))
        err_set(e, E_CANNOT_VERIFY, "the scratch server: %s", words);
    else
        err_set(e, E_VERIFY_FAILED, "%s", words);
    PQclear(r);
    return -1;
}

/* role "NAME" does not exist: a stub for it, so that the statement can be tried again; one in a
 * transaction, which is undone, with all of this. */
static bool add_stub(struct session *s, const PGresult *r)
{
    struct str words = str_c(PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
    struct str head = STR("role \""), tail = STR("\" does not exist");
    struct err none;
    if (s->place || !class_is(r, "42") || !str_starts(words, head) || !str_ends(words, tail))
        return false;
    struct str name = arena_str(s->mem, str_sub(words, head.n, words.n - tail.n));
    if (PQtransactionStatus(s->db) != PQTRANS_IDLE && pg_exec(s, "ROLLBACK", &none))
        return false;
    return pg_exec(s, pg_text(s->mem, "CREATE ROLE %I", name).p, &none) == 0;
}

/* What the session has prepared for itself is gone. */
static bool drops_prepared(const char *tag)
{
    return strcmp(tag, "DISCARD ALL") == 0 || strcmp(tag, "DEALLOCATE ALL") == 0;
}

/* What became of a statement: done; it waits for rows; a role that it missed has been made, and it
 * is to be run again. */
enum outcome { DONE, WANTS_ROWS, AGAIN };

/* COPY from or to a file or a program of the server's machine: no part of a schema, and done with
 * the rights of the account that runs the server. */
static bool leaves_server(struct str sql)
{
    struct lexer l = lex_open(sql);
    int depth = 0;
    if (!tok_is(lex_next(&l), "COPY"))
        return false;
    for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l)) {
        depth += tok_is_op(t, "(") - tok_is_op(t, ")");
        struct tok next = lex_peek(&l);
        if (depth == 0 && (tok_is(t, "FROM") || tok_is(t, "TO")) && !tok_is(next, "STDIN") &&
            !tok_is(next, "STDOUT"))
            return true;
    }
    return false;
}

/* `stubs`: how many roles may still be made. */
static int run_one(struct session *s, struct str sql, unsigned *stubs, enum outcome *out,
                   struct err *e)
{
    if (leaves_server(sql))
        return err_set(e, E_VERIFY_FAILED,
                       "COPY with a file or a program of the server is not run");
    struct arena_mark mark = arena_mark(s->mem);
    s->pinned = false;
    PGresult *r = pg_run(s, arena_cstr(s->mem, sql), true);
    ExecStatusType status = PQresultStatus(r);
    bool stub = status == PGRES_FATAL_ERROR && stubs && *stubs > 0 && add_stub(s, r);
    arena_release(s->mem, mark);
    *out = stub ? AGAIN : status == PGRES_COPY_IN ? WANTS_ROWS : DONE;
    if (stub) {
        --*stubs;
        PQclear(r);
        return 0;
    }
    if (status == PGRES_COMMAND_OK && drops_prepared(PQcmdStatus(r)))
        s->prepared[0] = s->prepared[1] = false;
    if (*out == WANTS_ROWS || status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ||
        status == PGRES_EMPTY_QUERY) {
        PQclear(r);
        return 0;
    }
    return failed(s, r, e);
}

int pg_scratch_exec(struct session *s, const struct stmt *stmt, struct err *e)
{
    enum outcome out = DONE;
    if (!s->scratch)
        BUG("a statement for a database that is not ours");
    int rc = run_one(s, stmt->text, NULL, &out, e);
    if (!rc && out == WANTS_ROWS) {
        pg_copy_none(s);
        rc = err_set(e, E_VERIFY_FAILED, "COPY from the client is no change of a schema");
    }
    /* A failed step leaves its transaction open: the next one starts clean, as a new connection. */
    struct err why;
    if (rc && PQtransactionStatus(s->db) != PQTRANS_IDLE && pg_exec(s, "ROLLBACK", &why))
        *e = why;
    return rc;
}

/* Statements that people write find their objects as in a connection of theirs, and policies hold
 * for owners of views as there; how texts are read stays as it is pinned. */
int pg_scratch_reset(struct session *s, struct err *e)
{
    s->pinned = false;
    if (pg_at_rest(s, e) || pg_exec(s, "RESET search_path; RESET row_security", e))
        return -1;
    s->pinned = false;
    return 0;
}

/* The rows of a COPY, which end with a line \. ; a schema needs none of them. */
static void skip_rows(struct str *rest)
{
    struct str line;
    (void)str_cut(rest, '\n', &line); /* of the statement itself */
    while (str_cut(rest, '\n', &line))
        if (str_eq(str_trim(line), STR("\\.")))
            return;
}

static int script_failed(struct session *s, struct str label, int line, struct err *e)
{
    struct str why = arena_str(s->mem, str_c(e->msg));
    bool sql_error = e->code == E_VERIFY_FAILED;
    err_set(e, sql_error ? E_MALFORMED_SCHEMA : e->code, "%.*s line %d: %.*s", STR_ARG(label), line,
            STR_ARG(why));
    return sql_error ? err_hint(e, "the script must run on an empty database of its own") : -1;
}

/* What psql does is not done here; what only sets psql up is passed over. */
static int no_psql_line(struct str text, struct str rest, struct str label, struct err *e)
{
    struct str line = pg_psql_line(rest), word;
    if (str_is_null(line))
        return 0;
    (void)str_cut(&line, ' ', &word);
    err_set(e, E_MALFORMED_SCHEMA, "%.*s line %d: %.*s is for psql alone", STR_ARG(label),
            str_line(text, word.p), STR_ARG(word));
    return err_hint(e, "name the folder of the scripts, or write SQL in its place");
}

/* A script that has said where its objects go (pg_dump empties search_path) goes on in the next. */
int pg_script(struct session *s, struct str text, struct str label, struct err *e)
{
    struct script rest = {.rest = text};
    struct str sql, begin = text; /* of what a failure undoes */
    enum outcome out;
    unsigned stubs = MAX_STUBS;
    if (str_starts(text, STR("\xef\xbb\xbf")))
        rest.rest = str_from(text, 3);
    if (pg_at_rest(s, e) || pg_exec(s, "SET search_path = public, pg_catalog", e))
        return -1;
    for (;;) {
        if (no_psql_line(text, rest.rest, label, e))
            return -1;
        if (PQtransactionStatus(s->db) == PQTRANS_IDLE)
            begin = rest.rest;
        if (!pg_split(&rest, &sql))
            break;
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (run_one(s, sql, &stubs, &out, e))
            return script_failed(s, label, str_line(text, sql.p), e);
        if (out == WANTS_ROWS) {
            pg_copy_none(s);
            skip_rows(&rest.rest);
        }
        rest.rest = out == AGAIN ? begin : rest.rest;
    }
    if (PQtransactionStatus(s->db) != PQTRANS_IDLE && pg_exec(s, "ROLLBACK", e))
        return -1;
    return pg_scratch_reset(s, e);
}

/* Names in order, each once. */
struct names {
    struct arena *mem;
    struct str *v;
    uint32_t n, cap;
};

static void collect_roles(const struct catalog *cat, struct names *out)
{
    struct str names[MAX_ROLES];
    for (uint32_t i = 0; cat && i < cat->n; i++) {
        uint32_t n = pg_roles_of(out->mem, &cat->v[i], names, MAX_ROLES);
        for (uint32_t k = 0; k < n; k++)
            VEC_PUSH(out->mem, *out, names[k]);
    }
}

/* Runs a query and puts its first column into out. */
static int query_names(struct session *s, const char *sql, struct names *out, struct err *e)
{
    PGresult *r;
    if (pg_query(s, sql, &r, e))
        return -1;
    for (int i = 0; i < PQntuples(r); i++)
        VEC_PUSH(out->mem, *out, arena_str(out->mem, pg_value(r, i, 0)));
    PQclear(r);
    return 0;
}

static bool holds(const struct names *list, struct str name)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (str_eq(list->v[i], name))
            return true;
    return false;
}

/* What only a superuser may own. */
static void collect_superusers(const struct catalog *cat, struct names *out)
{
    for (uint32_t i = 0; cat && i < cat->n; i++) {
        struct str owner = obj_text(out->mem, &cat->v[i], "owner");
        if (owner.n && word_in("event_trigger,fdw,subscription", path_kind(cat->v[i].path)))
            VEC_PUSH(out->mem, *out, owner);
    }
}

/* Roles that the facts name exist as stubs without login. Those that the server brings (pg_...)
 * cannot be made. */
static int stub_roles(struct session *s, const struct scratch_want *want, struct err *e)
{
    struct names need = {.mem = s->mem}, have = need, super = need;
    struct strbuf sql = sb_new(s->mem, 0);
    collect_roles(want->from, &need);
    collect_roles(want->to, &need);
    collect_superusers(want->from, &super);
    collect_superusers(want->to, &super);
    if (!need.n)
        return 0;
    if (query_names(s, "SELECT rolname FROM pg_roles", &have, e))
        return -1;
    qsort(need.v, need.n, sizeof *need.v, str_order);
    for (uint32_t i = 0; i < need.n; i++)
        if ((i == 0 || !str_eq(need.v[i], need.v[i - 1])) && !holds(&have, need.v[i]) &&
            !str_starts(need.v[i], STR("pg_")))
            sql_fmt(&sql, &pg_dialect, "CREATE ROLE %I; ", need.v[i]);
    for (uint32_t i = 0; i < super.n; i++) /* the stub may be there from another session */
        sql_fmt(&sql, &pg_dialect, "ALTER ROLE %I SUPERUSER; ", super.v[i]);
    return sql.n ? pg_exec(s, sql.p, e) : 0;
}

static void collect_spaces(const struct scratch_want *want, struct names *out)
{
    const struct catalog *const sides[] = {want->from, want->to};
    for (int side = 0; side < 2; side++)
        for (uint32_t i = 0; sides[side] && i < sides[side]->n; i++) {
            struct str name = obj_text(out->mem, &sides[side]->v[i], "tablespace");
            if (name.n && !holds(out, name))
                VEC_PUSH(out->mem, *out, name);
        }
}

/* Tablespaces that the facts name are folders inside the scratch server's own. */
static int stub_spaces(struct session *s, const struct scratch_want *want, struct err *e)
{
    struct names need = {.mem = s->mem}, have = {.mem = s->mem};
    collect_spaces(want, &need);
    if (!need.n)
        return 0;
    if (query_names(s, "SELECT spcname FROM pg_tablespace", &have, e) ||
        pg_exec(s, "SET allow_in_place_tablespaces = on", e))
        return -1;
    for (uint32_t i = 0; i < need.n; i++)
        if (!holds(&have, need.v[i]) &&
            pg_exec(s, pg_text(s->mem, "CREATE TABLESPACE %I LOCATION ''", need.v[i]).p, e))
            return -1;
    return 0;
}

/* A schema with an extension that is not installed here cannot be built. */
static int need_extensions(struct session *s, const struct catalog *cat, struct err *e)
{
    struct names have = {.mem = s->mem};
    for (uint32_t i = 0; cat && i < cat->n; i++) {
        const struct obj *o = &cat->v[i];
        if (!str_eq(path_kind(o->path), STR("extension")))
            continue;
        struct str name = path_name(s->mem, o->path), version = obj_text(s->mem, o, "version");
        if (!have.n && query_names(s,
                                   "SELECT name FROM pg_available_extensions UNION ALL "
                                   "SELECT name || ' ' || version "
                                   "FROM pg_available_extension_versions",
                                   &have, e))
            return -1;
        if (holds(&have, version.n ? pg_text(s->mem, "%S %S", name, version) : name))
            continue;
        err_set(e, E_CANNOT_VERIFY, "extension %.*s%s%.*s is not installed for the scratch server",
                STR_ARG(name), holds(&have, name) ? " in version " : "",
                STR_ARG(holds(&have, name) ? version : STR("")));
        return err_hint(e,
                        "install its package for PostgreSQL %d, or --no-verify writes without "
                        "the proof",
                        s->version);
    }
    return 0;
}

/* Databases and roles of sessions that are closed: the next one finds a server as new. Roles belong
 * to the whole server, so they can only go while nobody is there. */
static int clean(struct session *s, struct err *e)
{
    struct names old = {.mem = s->mem};
    struct err none;
    if (open_sessions || !made)
        return 0;
    if (query_names(s,
                    "SELECT format('DROP DATABASE %I', datname) FROM pg_database WHERE datname "
                    "NOT IN ('postgres', 'template0', 'template1')",
                    &old, e) ||
        query_names(s,
                    "SELECT format('DROP ROLE %I', rolname) FROM pg_roles WHERE rolname <> "
                    "current_user AND rolname !~ '^pg_'",
                    &old, e))
        return -1;
    for (uint32_t i = 0; i < old.n; i++)
        if (pg_exec(s, old.v[i].p, &none) && none.code == E_INTERRUPTED) {
            *e = none;
            return -1;
        }
    return 0;
}

static int connect_to(struct session *s, const char *folder, const char *database, struct err *e)
{
    const char *keys[] = {"host", "port", "user", "dbname", "application_name", "sslmode", NULL};
    const char *values[] = {folder, "5432", "postgres", database, "snap", "disable", NULL};
    return pg_connect(s, keys, values, e);
}

/* By a connection of its own, to the database that is always there. */
static int make_database(struct session *s, const char *folder, struct err *e)
{
    struct session maker = {.mem = s->mem,
                            .label = s->label,
                            .deadline_ms = s->deadline_ms,
                            .timeout_ms = s->timeout_ms,
                            .scratch = true};
    int rc = connect_to(&maker, folder, "postgres", e);
    if (!rc)
        rc = clean(&maker, e);
    snprintf(s->database, sizeof s->database, "snap_scratch_%u", ++made);
    if (!rc)
        rc = pg_exec(&maker,
                     pg_text(s->mem, "CREATE DATABASE %I TEMPLATE template0", str_c(s->database)).p,
                     e);
    pg_close(&maker);
    return rc;
}

enum { OLD_S = 24 * 60 * 60 };

/* A session on the configured server, to the database that its URL names. */
static int connect_maker(const struct session *s, struct session *maker, struct err *e)
{
    *maker = (struct session){.mem = s->mem,
                              .label = s->label,
                              .deadline_ms = s->deadline_ms,
                              .timeout_ms = s->timeout_ms,
                              .scratch = true};
    return pg_connect_place(maker, s->place, STR_NULL, e);
}

/* Databases that a command which was killed has left: their names say when they were made. */
static int sweep(struct session *maker, struct err *e)
{
    struct names old = {.mem = maker->mem};
    struct err none;
    struct str sql = pg_text(
        maker->mem,
        "SELECT format('DROP DATABASE %%I', datname) FROM pg_database WHERE datname ~ "
        "'^snap_scratch_[0-9]{1,15}_[0-9]+_[0-9]+$' AND split_part(datname, '_', 3)::bigint < "
        "extract(epoch FROM now()) - %d AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE "
        "a.datname = pg_database.datname)",
        OLD_S);
    if (query_names(maker, sql.p, &old, e))
        return -1;
    for (uint32_t i = 0; i < old.n; i++)
        (void)pg_exec(maker, old.v[i].p, &none); /* of another owner, or gone meanwhile */
    return 0;
}

/* What a server that is not ours lacks is not made there: roles and tablespaces are everybody's. */
static int need_all(struct session *s, const char *query, const char *what,
                    const struct names *need, struct err *e)
{
    struct names have = {.mem = s->mem};
    if (need->n && query_names(s, query, &have, e))
        return -1;
    for (uint32_t i = 0; i < need->n; i++)
        if (!holds(&have, need->v[i])) {
            err_set(e, E_CANNOT_VERIFY, "the scratch server has no %s %.*s", what,
                    STR_ARG(need->v[i]));
            return err_hint(e, "make it there, or write scratch: { postgresql: auto } in snap.yml");
        }
    return 0;
}

static int need_version(const struct session *s, int major, struct err *e)
{
    if (!major || s->version == major)
        return 0;
    err_set(e, E_CANNOT_VERIFY, "the scratch server is PostgreSQL %d and the schema is of %d",
            s->version, major);
    return err_hint(e, "name one of that version, or --no-verify writes without the proof");
}

static int make_on_place(struct session *s, const struct scratch_want *want, struct err *e)
{
    struct session maker;
    struct names roles = {.mem = s->mem}, spaces = {.mem = s->mem};
    collect_roles(want->from, &roles);
    collect_roles(want->to, &roles);
    collect_spaces(want, &spaces);
    snprintf(s->database, sizeof s->database, "snap_scratch_%lld_%ld_%u", (long long)time(NULL),
             (long)getpid(), ++made);
    int rc = connect_maker(s, &maker, e);
    if (!rc)
        rc = sweep(&maker, e);
    if (!rc)
        rc = need_all(&maker, "SELECT rolname FROM pg_roles", "role", &roles, e);
    if (!rc)
        rc = need_all(&maker, "SELECT spcname FROM pg_tablespace", "tablespace", &spaces, e);
    if (!rc)
        rc = pg_exec(&maker,
                     pg_text(s->mem, "CREATE DATABASE %I TEMPLATE template0", str_c(s->database)).p,
                     e);
    s->counted = !rc;
    pg_close(&maker);
    return rc ? rc : pg_connect_place(s, s->place, str_c(s->database), e);
}

static void drop_on_place(const struct session *s)
{
    struct session maker;
    struct err none;
    if (connect_maker(s, &maker, &none) == 0)
        (void)pg_exec(&maker, pg_text(s->mem, "DROP DATABASE %I", str_c(s->database)).p, &none);
    pg_close(&maker);
}

/* The schema public of a new database is the facts' own where there are facts: they say whether
 * there is one, whose it is and what may be done there. */
int pg_scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
               struct err *e)
{
    struct session *s = NEW(mem, struct session);
    const char *folder;
    unsigned from = want->from ? pg_level(want->from->version) : 0; /* 0 for `empty` */
    int major = (int)(from || !want->to ? from : pg_level(want->to->version));
    *s = (struct session){.mem = arena_new(0),
                          .own_mem = true,
                          .label = STR("the scratch database"),
                          .deadline_ms = want->timeout_ms ? clock_ms() + want->timeout_ms : 0,
                          .scratch = true};
    *out = s;
    s->place = want->place;
    if (s->place)
        return make_on_place(s, want, e) || need_extensions(s, want->from, e) ||
                       need_extensions(s, want->to, e) || need_version(s, major, e)
                   ? -1
               : want->from ? pg_exec(s, "DROP SCHEMA public", e)
                            : 0;
    if (pg_server_start(major, s->deadline_ms, &folder, e) || make_database(s, folder, e) ||
        connect_to(s, folder, s->database, e))
        return -1;
    open_sessions++;
    s->counted = true;
    if (need_extensions(s, want->from, e) || need_extensions(s, want->to, e) ||
        stub_roles(s, want, e) || stub_spaces(s, want, e))
        return -1;
    return want->from ? pg_exec(s, "DROP SCHEMA public", e) : 0;
}

void pg_scratch_closed(struct session *s)
{
    if (s->place && s->counted)
        drop_on_place(s);
    else
        open_sessions -= s->counted;
    s->counted = false;
}
