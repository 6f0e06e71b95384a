/*
 * Scratch databases: in memory, or a temporary file where a PRAGMA needs one. Functions and
 * collations that only the application knows get stubs, so that a schema which uses them can be
 * built and compared.
 */

#include "drivers/sqlite/live.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/interrupt.h"

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

struct session *lite_scratch_open(struct arena *mem, const char *path, struct err *e)
{
    struct session *s = NEW(mem, struct session);
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    s->mem = arena_new(0);
    s->label = STR("the scratch database");
    s->scratch = true;
    s->path = path;
    if (sqlite3_open_v2(path, &s->db, flags, NULL) != SQLITE_OK) {
        err_set(e, E_CANNOT_VERIFY, "no scratch database: %s",
                s->db ? sqlite3_errmsg(s->db) : "out of memory");
        lite_close(s);
        return NULL;
    }
    lite_guard(s, 0);
    s->deadline_ms = 0;
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
    if (!wants_file(want->from) && !wants_file(want->to)) {
        *out = lite_scratch_open(mem, ":memory:", e);
        return *out ? 0 : -1;
    }
    const char *dir = getenv("TMPDIR");
    char *path =
        arena_cstr(mem, arena_printf(mem, "%s/snap_scratch_XXXXXX", dir && *dir ? dir : "/tmp"));
    int fd = mkstemp(path);
    if (fd < 0)
        return err_set(e, E_CANNOT_VERIFY, "no scratch database: %s: %s", path, strerror(errno));
    close(fd);
    *out = lite_scratch_open(mem, path, e);
    if (!*out) {
        unlink(path);
        return -1;
    }
    (*out)->remove = true;
    return 0;
}

/* "no such function: NAME": a stub for it, so that the statement can be tried again. */
static bool add_stub(struct session *s)
{
    static const char words[] = "no such function: ";
    const char *text = sqlite3_errmsg(s->db), *hit = strstr(text, words);
    if (!hit || strncmp(hit + strlen(words), "snap_irreversible", 17) == 0)
        return false;
    char *name = arena_cstr(s->mem, str_c(hit + strlen(words)));
    return sqlite3_create_function_v2(s->db, name, -1,
                                      SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, NULL,
                                      stub_function, NULL, NULL, NULL) == SQLITE_OK;
}

/* SQLite's words, for a caller that decides what they mean. */
static int failed(struct session *s, struct err *e)
{
    if (sqlite3_errcode(s->db) == SQLITE_INTERRUPT && interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (sqlite3_errcode(s->db) == SQLITE_NOMEM)
        return err_set(e, E_OUT_OF_MEMORY, "SQLite has no memory");
    return err_set(e, E_VERIFY_FAILED, "%s", sqlite3_errmsg(s->db));
}

static int run_one(struct session *s, struct str sql)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql.p, (int)sql.n, &stmt, NULL);
    while (rc == SQLITE_OK || rc == SQLITE_ROW)
        rc = stmt ? sqlite3_step(stmt) : SQLITE_DONE;
    sqlite3_finalize(stmt);
    return rc == SQLITE_DONE ? 0 : -1;
}

int lite_scratch_exec(struct session *s, struct str sql, struct err *e)
{
    for (unsigned stubs = 0; run_one(s, sql) != 0; stubs++)
        if (stubs == 64 || !add_stub(s))
            return failed(s, e);
    return 0;
}

int lite_scratch_stmt(struct session *s, const struct stmt *stmt, struct err *e)
{
    if (!s->scratch)
        BUG("a statement for a database that is not ours");
    int rc = lite_scratch_exec(s, stmt->text, e);
    /* A failed step leaves its transaction open: the next one starts clean, as a new connection. */
    if (rc && !sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
    return rc;
}

void lite_reset(struct session *s)
{
    sqlite3_exec(s->db, "PRAGMA foreign_keys = on; PRAGMA legacy_alter_table = off", NULL, NULL,
                 NULL);
}

static int line_of(struct str text, const char *at)
{
    int line = 1;
    for (const char *p = text.p; p < at; p++)
        line += *p == '\n';
    return line;
}

int lite_script(struct session *s, struct str text, struct str label, struct err *e)
{
    struct str rest = text, sql;
    if (str_starts(rest, STR("\xef\xbb\xbf")))
        rest = str_from(rest, 3);
    while (engine_sqlite.split(&rest, &sql)) {
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (lite_scratch_exec(s, sql, e) == 0)
            continue;
        struct str why = arena_str(s->mem, str_c(e->msg));
        err_set(e, e->code == E_VERIFY_FAILED ? E_MALFORMED_SCHEMA : e->code, "%.*s line %d: %.*s",
                STR_ARG(label), line_of(text, sql.p), STR_ARG(why));
        return err_hint(e, "the script must run on an empty database of its own");
    }
    if (!sqlite3_get_autocommit(s->db))
        sqlite3_exec(s->db, "COMMIT", NULL, NULL, NULL);
    return 0;
}
