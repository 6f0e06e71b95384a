/*
 * Connections: opening a file that may be hostile, locked, in WAL mode or no database at all, and
 * turning SQLite's codes into named errors. Reads only.
 */

#include "drivers/sqlite/live.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/interrupt.h"
#include "core/out.h"

enum { DEFAULT_BUSY_MS = 5000, DEFAULT_TIMEOUT_MS = 60000, PROGRESS_OPS = 10000 };

/* What went wrong with the file, for the codes that say so. */
static int file_error(struct session *s, int code, const char *what, struct err *e)
{
    const char *text = sqlite3_errmsg(s->db);
    switch (code & 0xff) {
    case SQLITE_NOTADB:
        err_set(e, E_NOT_A_DATABASE, "%.*s is no SQLite database: %s", STR_ARG(s->label), text);
        return err_hint(e, "it may be encrypted, or a file of another program");
    case SQLITE_CORRUPT:
        if (strstr(text, "malformed database schema")) {
            err_set(e, E_MALFORMED_SCHEMA, "%.*s: %s", STR_ARG(s->label), text);
            return err_hint(e, "?lenient=1 behind the file's URL reads what can be read: "
                               "sqlite:FILE?lenient=1");
        }
        return err_set(e, E_CORRUPT, "%.*s: %s: %s", STR_ARG(s->label), what, text);
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return err_set(e, E_BUSY, "%.*s is locked by a writer", STR_ARG(s->label));
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        err_set(e, E_CANNOT_OPEN, "%.*s: %s", STR_ARG(s->label), text);
        return err_hint(e, "a journal may be left of a writer that died: opening it once with "
                           "sqlite3 recovers it; sqlite:FILE?immutable=1 reads without");
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_IOERR:
        return err_set(e, E_CANNOT_OPEN, "%.*s: %s: %s", STR_ARG(s->label), what, text);
    default:
        return 0;
    }
}

int lite_error(struct session *s, const char *what, struct err *e)
{
    int code = sqlite3_extended_errcode(s->db);
    if ((code & 0xff) == SQLITE_NOMEM)
        return err_set(e, E_OUT_OF_MEMORY, "%.*s: SQLite has no memory", STR_ARG(s->label));
    if ((code & 0xff) == SQLITE_INTERRUPT && interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    if ((code & 0xff) == SQLITE_INTERRUPT)
        return err_set(e, E_TIMEOUT, "%.*s: %s took too long", STR_ARG(s->label), what);
    if (file_error(s, code, what, e))
        return -1;
    return err_set(e, E_CORRUPT, "%.*s: %s: %s", STR_ARG(s->label), what, sqlite3_errmsg(s->db));
}

int lite_errcode(struct session *s)
{
    int code = sqlite3_extended_errcode(s->db);
    return code == SQLITE_IOERR_NOMEM ? SQLITE_NOMEM : code & 0xff;
}

void lite_passed_over(struct session *s)
{
    int code = lite_errcode(s);
    if (code == SQLITE_NOMEM || code == SQLITE_INTERRUPT || code == SQLITE_IOERR ||
        code == SQLITE_CORRUPT)
        s->starved = code;
}

int lite_starved(struct session *s, struct err *e)
{
    int code = s->starved;
    s->starved = 0;
    if (!code)
        return 0;
    if (interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (code == SQLITE_INTERRUPT)
        return err_set(e, E_TIMEOUT, "%.*s: reading the schema took too long", STR_ARG(s->label));
    if (code == SQLITE_IOERR)
        return err_set(e, E_CANNOT_OPEN, "%.*s: the file cannot be read", STR_ARG(s->label));
    if (code == SQLITE_CORRUPT)
        return err_set(e, E_CORRUPT, "%.*s: the file is damaged, or cannot be read whole",
                       STR_ARG(s->label));
    return err_set(e, E_OUT_OF_MEMORY, "%.*s: SQLite has no memory", STR_ARG(s->label));
}

int lite_prepare(struct session *s, const char *sql, sqlite3_stmt **out, struct err *e)
{
    *out = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, out, NULL) == SQLITE_OK)
        return 0;
    return lite_error(s, "reading the schema", e);
}

int lite_step(struct session *s, sqlite3_stmt *stmt, struct err *e)
{
    int rc = sqlite3_step(stmt);
    if (rc == SQLITE_ROW)
        return 1;
    return rc == SQLITE_DONE ? 0 : lite_error(s, "reading the schema", e);
}

int lite_exec(struct session *s, const char *sql, struct err *e)
{
    if (sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK)
        return 0;
    return lite_error(s, sql, e);
}

struct str lite_column_text(sqlite3_stmt *stmt, int column)
{
    const char *p = (const char *)sqlite3_column_text(stmt, column);
    return (struct str){p, p ? (size_t)sqlite3_column_bytes(stmt, column) : 0};
}

static int on_progress(void *ctx)
{
    const struct session *s = ctx;
    return interrupt_seen() || (s->deadline_ms && clock_ms() > s->deadline_ms);
}

void lite_guard(struct session *s, unsigned timeout_ms)
{
    s->deadline_ms = clock_ms() + (timeout_ms ? timeout_ms : DEFAULT_TIMEOUT_MS);
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, timeout_ms ? (int)timeout_ms : DEFAULT_BUSY_MS);
    sqlite3_progress_handler(s->db, PROGRESS_OPS, on_progress, s);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(s->db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_limit(s->db, SQLITE_LIMIT_LENGTH, 256 << 20);
    sqlite3_limit(s->db, SQLITE_LIMIT_TRIGGER_DEPTH, 16);
}

/* Nothing of a foreign file is run: reading the schema, and no more, is allowed. Modules of virtual
 * tables prepare their writes when they connect; the file is open for reading only. */
static int authorize(void *ctx, int action, const char *a, const char *b, const char *db,
                     const char *by)
{
    (void)ctx;
    (void)a;
    (void)b;
    (void)db;
    (void)by;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_PRAGMA:
    case SQLITE_TRANSACTION:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        return SQLITE_OK;
    default:
        return SQLITE_DENY;
    }
}

/* With an untrusted schema SQLite refuses to read an index or a generated column that calls a
 * function not marked innocuous; in 3.40 those of JSON are not. This connection has SQLite's own
 * functions and no other, and nothing is computed while a schema is read: such a schema is then
 * read as a trusted one. What SQLite calls DIRECTONLY stays refused. */
static void allow_functions(struct session *s)
{
    sqlite3_stmt *x = NULL;
    if (sqlite3_prepare_v2(s->db, "SELECT 1 FROM sqlite_schema", -1, &x, NULL) != SQLITE_OK &&
        strstr(sqlite3_errmsg(s->db), "unsafe use of"))
        sqlite3_db_config(s->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 1, NULL);
    sqlite3_finalize(x);
}

/* A key of the URL that is a flag: alone, or with a word for yes or no. */
static int key_is_on(const struct source *src, const char *key, bool *on, struct err *e)
{
    *on = false;
    for (uint32_t i = 0; i < src->nkeys; i++) {
        struct str value = src->keys[i].value;
        if (!str_eq_c(src->keys[i].key, key))
            continue;
        *on = word_in("1,true,yes,on", value);
        if (!*on && !word_in("0,false,no,off", value))
            return err_set(e, E_BAD_VALUE, "%.*s: %s takes 1 or 0, not %.*s", STR_ARG(src->text),
                           key, STR_ARG(value));
    }
    return 0;
}

/* Looks at the file before SQLite does: it must exist (SQLite would make it), be a file, and be one
 * of SQLite's. *wal: its header says WAL mode. */
static int look_at_file(struct session *s, bool *wal, struct err *e)
{
    unsigned char head[100];
    *wal = false;
    int fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        bool named = str_find(s->label, str_c(s->path)) < s->label.n;
        err_set(e, missing ? E_NO_SUCH_FILE : E_CANNOT_OPEN, "%.*s%s%s: %s", STR_ARG(s->label),
                named ? "" : ": ", named ? "" : s->path, strerror(errno));
        return missing ? err_hint(e, "looked for %s; nothing was made", s->path) : -1;
    }
    int rc = fstat(fd, &s->stat);
    ssize_t n = rc || !S_ISREG(s->stat.st_mode) ? 0 : pread(fd, head, sizeof head, 0);
    int why = errno;
    close(fd);
    if (rc || n < 0)
        return err_set(e, E_CANNOT_OPEN, "%.*s: %s", STR_ARG(s->label), strerror(why));
    if (!S_ISREG(s->stat.st_mode))
        return err_set(e, E_CANNOT_OPEN, "%.*s is %s", STR_ARG(s->label),
                       S_ISDIR(s->stat.st_mode) ? "a directory" : "no regular file");
    bool magic = n >= 16 && memcmp(head, "SQLite format 3", 16) == 0;
    if (n > 0 && !magic) {
        err_set(e, E_NOT_A_DATABASE, "%.*s is no SQLite database", STR_ARG(s->label));
        return err_hint(e, "it may be encrypted, damaged, or a file of another program");
    }
    *wal = n >= 20 && (head[18] == 2 || head[19] == 2);
    return 0;
}

/* A database in WAL mode wants files beside it. Without a log to read it is opened as immutable, so
 * that nothing is made there; with one, SQLite needs the -shm file or a place for it. */
static int look_at_wal(struct session *s, bool *immutable, struct err *e)
{
    struct stat st;
    char *wal = arena_cstr(s->mem, arena_printf(s->mem, "%s-wal", s->path));
    char *shm = arena_cstr(s->mem, arena_printf(s->mem, "%s-shm", s->path));
    char *folder = arena_cstr(s->mem, str_c(s->path)), *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    if (stat(wal, &st) != 0 || st.st_size == 0) {
        *immutable = s->guarded = stat(shm, &st) != 0;
        return 0;
    }
    if (access(shm, R_OK) == 0 || access(slash ? folder : ".", W_OK) == 0)
        return 0;
    err_set(e, E_CANNOT_OPEN,
            "%.*s has a write-ahead log that cannot be read: there is no -shm file and none may "
            "be made",
            STR_ARG(s->label));
    return err_hint(e, "sqlite:FILE?immutable=1 reads the database as it was before the log");
}

/* file: URI of a path, with everything that means something in it escaped. Two slashes at its begin
 * would be those of a host. */
static char *uri_of(struct session *s, bool immutable)
{
    struct strbuf b = sb_new(s->mem, 0);
    sb_c(&b, "file:");
    const char *start = s->path;
    while (start[0] == '/' && start[1] == '/')
        start++;
    for (const char *p = start; *p; p++) {
        bool plain = ascii_is_alpha(*p) || ascii_is_digit(*p) || strchr("/._-", *p);
        if (plain)
            sb_char(&b, *p);
        else
            sb_printf(&b, "%%%02x", (unsigned char)*p);
    }
    sb_c(&b, immutable ? "?mode=ro&immutable=1" : "?mode=ro");
    return arena_cstr(s->mem, sb_view(&b));
}

static int lite_open(const struct source *src, struct arena *mem, struct session **out,
                     struct err *e)
{
    struct session *s = NEW(mem, struct session);
    bool wal, immutable;
    s->mem = arena_new(0);
    s->label = src->text;
    s->path = arena_cstr(s->mem, src->place);
    *out = s;
    if (key_is_on(src, "immutable", &immutable, e) || key_is_on(src, "lenient", &s->lenient, e))
        return -1;
    if (look_at_file(s, &wal, e) || (wal && !immutable && look_at_wal(s, &immutable, e)))
        return -1;
    int flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(uri_of(s, immutable), &s->db, flags, NULL) != SQLITE_OK)
        return s->db ? lite_error(s, "opening it", e)
                     : err_set(e, E_OUT_OF_MEMORY, "SQLite has no memory");
    lite_guard(s, src->timeout_ms);
    /* DEFENSIVE would refuse writable_schema, which is how a malformed schema is read. */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_DEFENSIVE, !s->lenient, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    allow_functions(s);
    sqlite3_set_authorizer(s->db, authorize, NULL);
    if (s->lenient && lite_exec(s, "PRAGMA writable_schema = on", e))
        return -1;
    return lite_exec(s, "PRAGMA mmap_size = 0; PRAGMA cell_size_check = on", e);
}

void lite_close(struct session *s)
{
    if (!s)
        return;
    sqlite3_close_v2(s->db);
    s->db = NULL;
    if (s->remove)
        out_scratch_remove(s->path);
    s->remove = false;
    arena_free(s->mem);
    s->mem = NULL;
}

static void lite_cancel(struct session *s)
{
    if (s && s->db)
        sqlite3_interrupt(s->db);
}

extern const struct live_ops lite_live;
const struct live_ops lite_live = {
    .open = lite_open,
    .introspect = lite_introspect,
    .scratch = lite_scratch,
    .exec = lite_scratch_stmt,
    .reach = lite_reach,
    .reset = lite_reset,
    .script = lite_script,
    .fill = lite_fill,
    .refill = lite_refill,
    .empty = lite_empty,
    .rows = lite_digest,
    .applied = lite_applied,
    .deployments = lite_deployments,
    .versions = lite_versions,
    .cancel = lite_cancel,
    .close = lite_close,
};
