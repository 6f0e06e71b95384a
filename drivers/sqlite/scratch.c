/*
 * Scratch databases: in memory, or a temporary file where a PRAGMA needs one. Functions and
 * collations that only the application knows get stubs, so that a schema which uses them can be
 * built and compared.
 */

#include "drivers/sqlite/live.h"

#include <string.h>

#include "core/interrupt.h"
#include "core/out.h"
#include "drivers/sql/lex.h"

enum { MAX_STUBS = 64 };

static void stub_function(sqlite3_context *ctx, int n, sqlite3_value **args)
{
    (void)n;
    (void)args;
    sqlite3_result_null(ctx);
}

static int stub_collation(void *ctx, int na, const void *a, int nb, const void *b)
{
    (void)ctx;
    int n = na < nb ? na : nb, c = n ? memcmp(a, b, (size_t)n) : 0;
    return c ? c : na - nb;
}

static void collation_needed(void *ctx, sqlite3 *db, int encoding, const char *name)
{
    (void)ctx;
    sqlite3_create_collation_v2(db, name, encoding, NULL, stub_collation, NULL);
}

/* VACUUM attaches a nameless database of its own; a file is never attached. */
static int refuse_files(void *ctx, int action, const char *file, const char *b, const char *db,
                        const char *by)
{
    (void)ctx;
    (void)b;
    (void)db;
    (void)by;
    return action == SQLITE_ATTACH && (!file || *file) ? SQLITE_DENY : SQLITE_OK;
}

struct session *lite_scratch_open(struct arena *mem, const char *path, struct err *e)
{
    struct session *s = NEW(mem, struct session);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    s->mem = arena_new(0);
    s->label = STR("the scratch database");
    s->scratch = true;
    s->path = path;
    if (sqlite3_open_v2(path, &s->db, flags, NULL) != SQLITE_OK) {
        bool memory = !s->db || lite_errcode(s) == SQLITE_NOMEM;
        err_set(e, memory ? E_OUT_OF_MEMORY : E_CANNOT_VERIFY, "no scratch database: %s",
                memory ? "SQLite has no memory" : sqlite3_errmsg(s->db));
        lite_close(s);
        return NULL;
    }
    lite_guard(s, 0);
    s->deadline_ms = 0;
    /* Nothing here can do harm, and what an application may call in a CHECK must work. */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, NULL);
    sqlite3_set_authorizer(s->db, refuse_files, NULL);
    sqlite3_collation_needed(s->db, NULL, collation_needed);
    sqlite3_exec(s->db, "PRAGMA journal_mode = memory; PRAGMA synchronous = off", NULL, NULL, NULL);
    return s;
}

/* A page size can only be changed in a file. */
static bool wants_file(const struct catalog *cat)
{
    return cat &&
           (cat_find(cat, STR("pragma:page_size")) || cat_find(cat, STR("pragma:auto_vacuum")));
}

int lite_scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
                 struct err *e)
{
    int64_t deadline_ms = want->timeout_ms ? clock_ms() + want->timeout_ms : 0;
    bool file = want->outside || wants_file(want->from) || wants_file(want->to);
    char *path = NULL;
    if (file && out_scratch(mem, &path, e))
        return -1;
    *out = lite_scratch_open(mem, file ? path : ":memory:", e);
    if (!*out) {
        if (file)
            out_scratch_remove(path);
        return -1;
    }
    (*out)->remove = file;
    (*out)->deadline_ms = deadline_ms;
    if (want->from && want->to) {
        (*out)->like[0] = want->from;
        (*out)->like[1] = want->to;
    }
    return 0;
}

int lite_reach(struct session *s, struct arena *mem, struct reach *out, struct err *e)
{
    (void)e;
    *out = (struct reach){.url = arena_printf(mem, "jdbc:sqlite:%s", s->path)};
    return 0;
}

static bool in_name(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_' || c == '$' || (unsigned char)c > 127;
}

/* Whether a value of JSON holds the name as a word; a letter before it may belong to an escape. */
static bool text_names(struct str text, struct str name)
{
    for (size_t i = 0; i + name.n <= text.n; i++) {
        bool begins = i == 0 || !in_name(text.p[i - 1]) || (i > 1 && text.p[i - 2] == '\\');
        bool ends = i + name.n == text.n || !in_name(text.p[i + name.n]);
        if (begins && ends && str_eq_fold(str_sub(text, i, i + name.n), name))
            return true;
    }
    return false;
}

/* What neither schema names is no function of the application, but a mistake. */
static bool is_named(const struct session *s, struct str name)
{
    bool found = !s->like[0] || !s->like[1];
    for (int side = 0; side < 2 && !found; side++)
        for (uint32_t i = 0; i < s->like[side]->n && !found; i++)
            found = text_names(s->like[side]->v[i].src, name) ||
                    text_names(s->like[side]->v[i].a, name);
    return found;
}

/* "no such function: NAME": a stub for it, so that the statement can be tried again. */
static bool add_stub(struct session *s)
{
    static const char words[] = "no such function: ";
    const char *text = sqlite3_errmsg(s->db), *hit = strstr(text, words);
    if (!hit || strncmp(hit + strlen(words), "snap_irreversible", 17) == 0)
        return false;
    char *name = arena_cstr(s->mem, str_c(hit + strlen(words)));
    if (!is_named(s, str_c(name)))
        return false;
    return sqlite3_create_function_v2(s->db, name, -1,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
                                      stub_function, NULL, NULL, NULL) == SQLITE_OK;
}

static int late(struct err *e)
{
    return err_set(e, E_TIMEOUT, "the scratch database took longer than --timeout allows");
}

/* SQLite's words, for a caller that decides what they mean. */
static int failed(struct session *s, struct err *e)
{
    lite_passed_over(s);
    switch (lite_errcode(s)) {
    case SQLITE_INTERRUPT:
        return interrupt_seen() ? err_set(e, E_INTERRUPTED, "interrupted") : late(e);
    case SQLITE_NOMEM:
        return err_set(e, E_OUT_OF_MEMORY, "SQLite has no memory");
    default:
        break;
    }
    /* A module of another program is not this one's to load. */
    bool module = str_starts(str_c(sqlite3_errmsg(s->db)), STR("no such module: "));
    return err_set(e, module ? E_CANNOT_VERIFY : E_VERIFY_FAILED, "%s", sqlite3_errmsg(s->db));
}

/* Only the first of several statements would run: text that holds more must not pass for it. */
static bool holds_more(struct str sql, const char *tail)
{
    struct lexer l = lex_open(str_from(sql, (size_t)(tail - sql.p)));
    struct tok t = lex_next(&l);
    while (tok_is_op(t, ";"))
        t = lex_next(&l);
    return t.type != T_END;
}

static bool is_vacuum(struct str sql)
{
    struct lexer l = lex_open(sql);
    bool vacuum = tok_is(lex_next(&l), "vacuum");
    for (struct tok t = lex_next(&l); vacuum && t.type != T_END; t = lex_next(&l))
        vacuum = !tok_is(t, "into");
    return vacuum;
}

static int run_one(struct session *s, struct str sql, bool *more)
{
    sqlite3_stmt *stmt = NULL;
    const char *tail = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql.p, (int)sql.n, &stmt, &tail);
    *more = rc == SQLITE_OK && holds_more(sql, tail);
    if (*more)
        rc = SQLITE_ERROR;
    while (rc == SQLITE_OK || rc == SQLITE_ROW)
        rc = stmt ? sqlite3_step(stmt) : SQLITE_DONE;
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE ? 0 : -1;
}

int lite_scratch_exec(struct session *s, struct str sql, struct err *e)
{
    bool more = false;
    if (s->deadline_ms && clock_ms() > s->deadline_ms)
        return late(e);
    /* VACUUM attaches a database of its own; a script must not attach any. */
    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, is_vacuum(sql));
    int rc = run_one(s, sql, &more);
    for (unsigned stubs = 0; rc && !more && stubs < MAX_STUBS && add_stub(s); stubs++)
        rc = run_one(s, sql, &more);
    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
    if (more)
        return err_set(e, E_VERIFY_FAILED, "more than one statement where one should stand");
    return rc ? failed(s, e) : 0;
}

int lite_scratch_stmt(struct session *s, const struct stmt *stmt, struct err *e)
{
    if (!s->scratch)
        BUG("a statement for a database that is not ours");
    int rc = lite_scratch_exec(s, stmt->text, e);
    /* A failed step leaves its transaction open: the next one starts clean, as a new connection. */
    struct err why;
    if (rc && !sqlite3_get_autocommit(s->db) && lite_exec(s, "ROLLBACK", &why))
        *e = why;
    return rc;
}

int lite_reset(struct session *s, struct err *e)
{
    return lite_exec(s, "PRAGMA foreign_keys = on; PRAGMA legacy_alter_table = off", e);
}

/* One statement of a script; its failure is the script's, with the place. */
static int script_exec(struct session *s, struct str sql, struct str label, int line, struct err *e)
{
    if (lite_scratch_exec(s, sql, e) == 0)
        return 0;
    struct str why = arena_str(s->mem, str_c(e->msg));
    bool sql_error = e->code == E_VERIFY_FAILED;
    err_set(e, sql_error ? E_MALFORMED_SCHEMA : e->code, "%.*s line %d: %.*s", STR_ARG(label), line,
            STR_ARG(why));
    return !sql_error ? -1 : err_hint(e, "the script must run on an empty database of its own");
}

int lite_script(struct session *s, struct str text, struct str label, struct err *e)
{
    struct script rest = {.rest = text};
    struct str sql;
    if (str_starts(text, STR("\xef\xbb\xbf")))
        rest.rest = str_from(text, 3);
    while (engine_sqlite.split(&rest, &sql)) {
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (str_starts(sql, STR("."))) {
            err_set(e, E_MALFORMED_SCHEMA, "%.*s line %d: %.*s: a command of the shell, not of SQL",
                    STR_ARG(label), str_line(text, sql.p), STR_ARG(sql));
            return err_hint(e, "put the statements in the file; a folder of .sql files is read in "
                               "the order of the names");
        }
        if (script_exec(s, sql, label, str_line(text, sql.p), e))
            return -1;
    }
    /* What the script has begun and not ended. */
    if (!sqlite3_get_autocommit(s->db) &&
        script_exec(s, STR("COMMIT"), label, str_line(text, text.p + text.n), e))
        return -1;
    /* What a dump wrote into sqlite_schema by hand, its virtual tables, is not yet seen. */
    return lite_exec(s, "PRAGMA writable_schema = reset", e);
}
