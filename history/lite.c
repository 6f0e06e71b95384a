/*
 * The operations of a history over SQLite. A statement is compiled once per handle; what fails
 * leaves the transaction to be rolled back by the caller.
 */

#include "history/lite.h"

#include <time.h>

#include "core/clock.h"
#include "core/interrupt.h"

enum { PROGRESS_OPS = 10000, WAIT_STEP_MS = 20, MAX_TEXT = 512 << 20 };

static int cannot_write(struct lite *l, int code, struct err *e)
{
    err_set(e, E_WRITE_FAILED, "%s: %s", l->path, sqlite3_errmsg(l->db));
    if ((code & 0xff) == SQLITE_FULL)
        return err_hint(e, "make room; what the history held before is whole");
    if ((code & 0xff) == SQLITE_READONLY)
        return err_hint(e, "the account that runs snap needs the right to write the file and in "
                           "its folder; what the history held before is whole");
    return err_hint(e, "look at the disk; what the history held before is whole");
}

int hlite_fails(struct lite *l, struct err *e)
{
    int code = sqlite3_extended_errcode(l->db);
    switch (code & 0xff) {
    case SQLITE_NOMEM:
        return err_set(e, E_OUT_OF_MEMORY, "%s: SQLite has no memory", l->path);
    case SQLITE_INTERRUPT:
        return err_set(e, E_INTERRUPTED, "interrupted");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        return err_set(e, E_HISTORY_LOCKED, "%s: another process writes to the history", l->path);
    case SQLITE_NOTADB:
        return err_set(e, E_NOT_A_DATABASE, "%s is no history: %s", l->path, sqlite3_errmsg(l->db));
    case SQLITE_TOOBIG:
        return err_set(e, E_LIMIT, "%s: an object is larger than a history holds", l->path);
    case SQLITE_FULL:
        return cannot_write(l, code, e);
    case SQLITE_READONLY:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
        if (code == SQLITE_IOERR_NOMEM)
            return err_set(e, E_OUT_OF_MEMORY, "%s: SQLite has no memory", l->path);
        if (l->store.writes && code != SQLITE_IOERR_READ)
            return cannot_write(l, code, e);
        return err_set(e, E_CANNOT_OPEN, "%s: %s", l->path, sqlite3_errmsg(l->db));
    default:
        return store_damaged(&l->store, sqlite3_errmsg(l->db), e);
    }
}

int hlite_run(struct lite *l, const char *sql, struct err *e)
{
    return sqlite3_exec(l->db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : hlite_fails(l, e);
}

int hlite_number(struct lite *l, const char *sql, int64_t *out, struct err *e)
{
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(l->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    *out = rc == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    int failed = rc == SQLITE_ROW || rc == SQLITE_DONE ? 0 : hlite_fails(l, e);
    sqlite3_finalize(stmt);
    return failed;
}

static int on_progress(void *ctx)
{
    (void)ctx;
    return interrupt_seen();
}

/* Waits for another writer, as long as the options say; a signal ends it. */
static int on_busy(void *ctx, int times)
{
    struct lite *l = ctx;
    if (!times)
        l->since_ms = clock_ms();
    int64_t left = l->since_ms + l->wait_ms - clock_ms();
    if (left <= 0 || interrupt_seen())
        return 0;
    struct timespec t = {0, (left < WAIT_STEP_MS ? left : WAIT_STEP_MS) * 1000000L};
    nanosleep(&t, NULL);
    return 1;
}

int hlite_connect(struct lite *l, int flags, struct err *e)
{
    int rc =
        sqlite3_open_v2(l->path, &l->db, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, NULL);
    if (!l->db)
        return err_set(e, E_OUT_OF_MEMORY, "%s: SQLite has no memory", l->path);
    if (rc != SQLITE_OK)
        return hlite_fails(l, e);
    sqlite3_busy_handler(l->db, on_busy, l);
    sqlite3_progress_handler(l->db, PROGRESS_OPS, on_progress, l);
    sqlite3_db_config(l->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(l->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(l->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(l->db, SQLITE_LIMIT_LENGTH, MAX_TEXT);
    return 0;
}

struct rows *hlite_compiled(struct lite *l, const char *sql, struct err *e)
{
    for (unsigned i = 0; i < l->nstmts; i++)
        if (l->stmts[i].sql == sql)
            return &l->stmts[i].rows;
    if (l->nstmts == LITE_STMTS)
        BUG("too many statements");
    struct rows *r = &l->stmts[l->nstmts].rows;
    r->db = l;
    if (sqlite3_prepare_v3(l->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &r->stmt, NULL) !=
        SQLITE_OK) {
        hlite_fails(l, e);
        return NULL;
    }
    l->stmts[l->nstmts++].sql = sql;
    return r;
}

static int bind(sqlite3_stmt *stmt, int at, const struct store_arg *a)
{
    if (a->type == ARG_INT)
        return sqlite3_bind_int64(stmt, at, a->i);
    if (a->type == ARG_TEXT)
        return str_is_null(a->s)
                   ? sqlite3_bind_null(stmt, at)
                   : sqlite3_bind_text64(stmt, at, a->s.p, a->s.n, SQLITE_STATIC, SQLITE_UTF8);
    unsigned char bytes[16];
    for (size_t i = 0; i < 16; i++)
        bytes[i] = (unsigned char)((i < 8 ? a->h.hi : a->h.lo) >> (56 - 8 * (i % 8)));
    return sqlite3_bind_blob(stmt, at, bytes, sizeof bytes, SQLITE_TRANSIENT);
}

static int lite_query(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
                      struct rows **out, struct err *e)
{
    struct lite *l = (struct lite *)s;
    struct rows *r = *out = hlite_compiled(l, sql, e);
    if (!r)
        return -1;
    for (unsigned i = 0; i < n; i++)
        if (bind(r->stmt, (int)i + 1, &args[i]) != SQLITE_OK)
            return hlite_fails(l, e);
    return 0;
}

static int lite_next(struct rows *r, struct err *e)
{
    int rc = sqlite3_step(r->stmt);
    if (rc == SQLITE_ROW)
        return 1;
    return rc == SQLITE_DONE ? 0 : hlite_fails(r->db, e);
}

static int64_t lite_num(struct rows *r, int column)
{
    return sqlite3_column_int64(r->stmt, column);
}

static struct str lite_text(struct rows *r, int column)
{
    if (sqlite3_column_type(r->stmt, column) == SQLITE_NULL)
        return STR_NULL;
    const char *p = sqlite3_column_blob(r->stmt, column);
    return p ? (struct str){p, (size_t)sqlite3_column_bytes(r->stmt, column)} : STR("");
}

static void lite_done(struct rows *r)
{
    if (!r)
        return;
    sqlite3_reset(r->stmt);
    sqlite3_clear_bindings(r->stmt);
}

static int lite_exec(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
                     struct err *e)
{
    struct rows *r;
    int rc = lite_query(s, sql, args, n, &r, e);
    if (!rc)
        rc = lite_next(r, e) < 0 ? -1 : 0;
    lite_done(r);
    return rc;
}

static int lite_exec_one(struct store *s, const char *sql, const struct store_arg *args, unsigned n,
                         struct err *e)
{
    if (lite_exec(s, sql, args, n, e))
        return -1;
    return sqlite3_changes(((struct lite *)s)->db) == 1 ? 0 : store_not_one(s, e);
}

static int lite_put_texts(struct store *s, const char *sql, const struct str *texts, uint32_t n,
                          struct err *e)
{
    for (uint32_t i = 0; i < n; i++) {
        const struct store_arg args[] = {A_ID(text_key(texts[i])), A_STR(texts[i])};
        if (lite_exec(s, sql, args, 2, e))
            return -1;
    }
    return 0;
}

static int lite_begin(struct store *s, struct str env, struct err *e)
{
    struct lite *l = (struct lite *)s;
    (void)env;
    if (hlite_run(l, "BEGIN IMMEDIATE", e))
        return -1;
    l->in_tx = true;
    return 0;
}

static int lite_commit(struct store *s, struct err *e)
{
    struct lite *l = (struct lite *)s;
    if (hlite_run(l, "COMMIT", e))
        return -1;
    l->in_tx = false;
    return 0;
}

static void lite_rollback(struct store *s)
{
    struct lite *l = (struct lite *)s;
    if (l->in_tx && !sqlite3_get_autocommit(l->db))
        sqlite3_exec(l->db, "ROLLBACK", NULL, NULL, NULL);
    l->in_tx = false;
}

static int lite_shrink(struct store *s, struct err *e)
{
    struct lite *l = (struct lite *)s;
    int64_t pages, unused;
    if (hlite_number(l, "PRAGMA page_count", &pages, e) ||
        hlite_number(l, "PRAGMA freelist_count", &unused, e))
        return -1;
    if (unused * 10 < pages)
        return 0;
    return hlite_run(l, "VACUUM", e) || hlite_run(l, "PRAGMA wal_checkpoint(TRUNCATE)", e) ? -1 : 0;
}

static int lite_sound(struct store *s, struct err *e)
{
    struct lite *l = (struct lite *)s;
    sqlite3_stmt *stmt = NULL;
    int rc = sqlite3_prepare_v2(l->db, "PRAGMA integrity_check(1)", -1, &stmt, NULL);
    if (rc == SQLITE_OK)
        rc = sqlite3_step(stmt);
    int failed = 0;
    if (rc != SQLITE_ROW) {
        failed = hlite_fails(l, e);
    } else {
        const char *said = (const char *)sqlite3_column_text(stmt, 0);
        if (!said || strcmp(said, "ok") != 0)
            failed = store_damaged(s, said ? said : "no answer", e);
    }
    sqlite3_finalize(stmt);
    return failed;
}

static void lite_close(struct store *s)
{
    struct lite *l = (struct lite *)s;
    for (unsigned i = 0; i < l->nstmts; i++)
        sqlite3_finalize(l->stmts[i].rows.stmt);
    l->nstmts = 0;
    sqlite3_close(l->db);
    l->db = NULL;
}

const struct store_ops hlite_ops = {
    .exec = lite_exec,
    .exec_one = lite_exec_one,
    .query = lite_query,
    .next = lite_next,
    .num = lite_num,
    .text = lite_text,
    .done = lite_done,
    .begin = lite_begin,
    .commit = lite_commit,
    .rollback = lite_rollback,
    .put_texts = lite_put_texts,
    .shrink = lite_shrink,
    .sound = lite_sound,
    .close = lite_close,
};
