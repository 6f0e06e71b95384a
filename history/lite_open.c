/*
 * Opening a history file, which may be missing, of another program, of a newer snap, damaged, or
 * just being written. A file that is not a history is not even opened by SQLite, which might take
 * up its journal.
 */

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history/lite.h"

/* clang-format off */
const char *const hlite_tables[] = {
    "CREATE TABLE env (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, checked TEXT, first TEXT,"
    " last TEXT, failed TEXT, failed_time TEXT, source TEXT, baseline TEXT, baseline_print BLOB,"
    " runs INTEGER NOT NULL DEFAULT 0)",
    "CREATE TABLE path (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, text TEXT NOT NULL)",
    "CREATE TABLE body (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, text TEXT NOT NULL)",
    "CREATE TABLE state (env INTEGER NOT NULL, id INTEGER NOT NULL, first TEXT NOT NULL,"
    " last TEXT NOT NULL, before TEXT, runs INTEGER NOT NULL, head INTEGER NOT NULL,"
    " ledger INTEGER NOT NULL, fingerprint BLOB NOT NULL, version TEXT NOT NULL,"
    " facts INTEGER NOT NULL, added INTEGER NOT NULL, dropped INTEGER NOT NULL,"
    " changed INTEGER NOT NULL, PRIMARY KEY (env, id)) WITHOUT ROWID",
    "CREATE TABLE fact (env INTEGER NOT NULL, path INTEGER NOT NULL, since INTEGER NOT NULL,"
    " until INTEGER, body INTEGER NOT NULL, PRIMARY KEY (env, path, since)) WITHOUT ROWID",
    "CREATE TABLE finding (env INTEGER NOT NULL, id BLOB NOT NULL, since TEXT NOT NULL,"
    " closed TEXT, path TEXT NOT NULL, object TEXT NOT NULL, facet INTEGER NOT NULL,"
    " verdict INTEGER NOT NULL, severity INTEGER NOT NULL, not_before TEXT,"
    " base INTEGER NOT NULL, base_a TEXT, base_facets INTEGER NOT NULL, passed INTEGER NOT NULL,"
    " told INTEGER NOT NULL, PRIMARY KEY (env, id, since)) WITHOUT ROWID",
    "CREATE TABLE deployed (env INTEGER NOT NULL, hash BLOB NOT NULL, seen TEXT NOT NULL,"
    " tool TEXT NOT NULL, pos INTEGER NOT NULL, id TEXT NOT NULL, author TEXT, file TEXT,"
    " deployment TEXT, text TEXT, ran TEXT, how TEXT, PRIMARY KEY (env, hash)) WITHOUT ROWID",
    0};
/* clang-format on */

enum { HEADER = 100, AT_APPLICATION = 68 };

/* By errno. */
static int no_room(const char *path, struct err *e)
{
    err_set(e, E_WRITE_FAILED, "%s: %s", path, strerror(errno));
    return err_hint(e, "the account that runs snap needs a folder there, and the right to write "
                       "in it; --history and history: name another place");
}

/* The folders above the file. */
static int make_folders(const char *path, struct arena *mem, struct err *e)
{
    char *copy = arena_cstr(mem, str_c(path));
    for (char *slash = copy; (slash = strchr(slash + 1, '/'));) {
        *slash = '\0';
        if (mkdir(copy, 0777) && errno != EEXIST)
            return no_room(copy, e);
        *slash = '/';
    }
    return 0;
}

static int no_history(struct lite *l, const char *what, struct err *e)
{
    err_set(e, E_NOT_A_DATABASE, "%s is no history: %s", l->path, what);
    return err_hint(e, "name another file for the history; this one is left as it is");
}

static int no_file(struct lite *l, bool empty, struct err *e)
{
    err_set(e, E_NO_SUCH_FILE, empty ? "the history %s is empty" : "there is no history %s",
            l->path);
    return err_hint(e, "a check that writes one makes it: snap drift");
}

static int is_beside(struct lite *l, const char *suffix)
{
    struct stat st;
    struct str name = arena_printf(l->store.mem, "%s%s", l->path, suffix);
    return stat(name.p, &st) == 0 && st.st_size > 0;
}

/* The first bytes of a file that is there. */
static int look(struct lite *l, int fd, off_t size, struct err *e)
{
    unsigned char head[HEADER] = {0};
    ssize_t n = pread(fd, head, sizeof head, 0);
    if (n < 0)
        return err_set(e, E_CANNOT_OPEN, "%s: %s", l->path, strerror(errno));
    /* A journal beside it may give it its first page back. */
    bool begun = is_beside(l, "-journal");
    uint32_t app = 0;
    for (size_t i = 0; i < 4; i++)
        app = app << 8 | head[AT_APPLICATION + i];
    if (size == 0 || app == LITE_APPLICATION)
        return 0;
    if (n < HEADER || memcmp(head, "SQLite format 3", 16) != 0)
        return begun ? 0 : no_history(l, "it is a file of another kind, or its head is damaged", e);
    return begun && !app ? 0 : no_history(l, "it is a SQLite database of another program", e);
}

/* Looks before SQLite does. *there is false where it may be made. */
static int check_file(struct lite *l, bool *there, struct err *e)
{
    struct stat st;
    *there = false;
    if (stat(l->path, &st)) {
        if (errno == ENOENT && l->store.writes)
            return 0;
        if (l->store.writes)
            return no_room(l->path, e);
        if (errno == ENOENT || errno == ENOTDIR)
            return no_file(l, false, e);
        return err_set(e, E_CANNOT_OPEN, "%s: %s", l->path, strerror(errno));
    }
    if (S_ISDIR(st.st_mode)) {
        err_set(e, E_NOT_A_DATABASE, "%s is a folder, not a history", l->path);
        return err_hint(e, "name a file in it: %s/history.db", l->path);
    }
    if (!S_ISREG(st.st_mode))
        return err_set(e, E_NOT_A_DATABASE, "%s is no file", l->path);
    int fd = open(l->path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return err_set(e, E_CANNOT_OPEN, "%s: %s", l->path, strerror(errno));
    int rc = look(l, fd, st.st_size, e);
    close(fd);
    *there = st.st_size > 0;
    return rc;
}

/* Makes the tables where there are none yet; another process may do the same. */
static int make_tables(struct lite *l, struct err *e)
{
    int64_t tables = 0;
    int rc = hlite_ops.begin(&l->store, STR_NULL, e);
    if (!rc)
        rc = hlite_number(l, "SELECT count(*) FROM sqlite_schema", &tables, e);
    for (size_t i = 0; !rc && !tables && hlite_tables[i]; i++)
        rc = hlite_run(l, hlite_tables[i], e);
    if (!rc && !tables) {
        struct str head =
            arena_printf(l->store.mem, "PRAGMA application_id = %d; PRAGMA user_version = %d",
                         LITE_APPLICATION, STORE_FORMAT);
        rc = hlite_run(l, head.p, e);
    }
    if (!rc)
        rc = hlite_ops.commit(&l->store, e);
    hlite_ops.rollback(&l->store);
    return rc;
}

static int check_tables(struct lite *l, struct err *e)
{
    int64_t app, version, tables;
    if (hlite_number(l, "PRAGMA application_id", &app, e) ||
        hlite_number(l, "PRAGMA user_version", &version, e) ||
        hlite_number(l, "SELECT count(*) FROM sqlite_schema WHERE sql IS NOT NULL", &tables, e))
        return -1;
    if (app != LITE_APPLICATION)
        return no_history(l, "it is a SQLite database of another program", e);
    if (version > STORE_FORMAT)
        return err_set(e, E_HISTORY_VERSION, "%s has format %lld; this snap knows %d", l->path,
                       (long long)version, STORE_FORMAT);
    uint32_t n = 0;
    while (hlite_tables[n]) {
        static const char same[] = "SELECT 1 FROM sqlite_schema WHERE sql = $1";
        const struct store_arg arg = A_STR(str_c(hlite_tables[n]));
        struct rows *r;
        bool got = false;
        int rc = store_row(&l->store, same, &arg, 1, &r, &got, e);
        hlite_ops.done(r);
        if (rc || !got)
            return rc ? rc : store_damaged(&l->store, "its tables are not those of a history", e);
        n++;
    }
    return tables == n ? 0 : store_damaged(&l->store, "it holds tables of somebody else", e);
}

/* What was killed while it made the file has left nothing in it, once the journal is played back.
 */
static int is_blank(struct lite *l, bool *blank, struct err *e)
{
    int64_t app, tables;
    if (hlite_number(l, "PRAGMA application_id", &app, e) ||
        hlite_number(l, "SELECT count(*) FROM sqlite_schema", &tables, e))
        return -1;
    *blank = app == 0 && tables == 0;
    return 0;
}

/* Readers see what was committed last and wait for nobody, where the file system takes a
 * write-ahead log; where it does not, the rollback journal stays, which is as safe. */
static int open_for_writing(struct lite *l, bool there, struct err *e)
{
    if (hlite_connect(l, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, e) ||
        hlite_run(l, "PRAGMA synchronous = FULL", e))
        return -1;
    bool blank = !there;
    if (there && is_blank(l, &blank, e))
        return -1;
    if ((blank && make_tables(l, e)) || check_tables(l, e))
        return -1;
    sqlite3_exec(l->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    return 0;
}

/* A reader opens as a writer does where it may, so that nothing is left beside the file when it
 * ends; in a folder that it may not write to the file alone is all that there is. */
static int open_for_reading(struct lite *l, struct err *e)
{
    const char *path = l->path;
    if (hlite_connect(l, SQLITE_OPEN_READWRITE, e))
        return -1;
    if (sqlite3_db_readonly(l->db, "main") == 1 && !is_beside(l, "-wal")) {
        struct strbuf url = sb_new(l->store.mem, 0);
        sb_c(&url, "file:");
        for (const char *p = path; *p; p++)
            if (*p == '%' || *p == '?' || *p == '#')
                sb_printf(&url, "%%%02x", (unsigned)(unsigned char)*p);
            else
                sb_char(&url, *p);
        sb_c(&url, "?immutable=1");
        sqlite3_close(l->db);
        l->path = url.p;
        int rc = hlite_connect(l, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, e);
        l->path = path;
        if (rc)
            return -1;
    }
    bool blank;
    if (hlite_run(l, "PRAGMA query_only = 1", e) || hlite_run(l, "BEGIN", e) ||
        is_blank(l, &blank, e))
        return -1;
    return blank ? no_file(l, true, e) : check_tables(l, e);
}

/* SQLite takes a page that was cut off for one that ends in zeros. Whoever reads has a lock by now,
 * so no writer is making the file longer. While there is a log, a page that was not written to its
 * end, on a disk that was full, is whole there. */
static int check_length(struct lite *l, struct err *e)
{
    struct stat st;
    int64_t page;
    if (hlite_number(l, "PRAGMA page_size", &page, e))
        return -1;
    if (stat(l->path, &st))
        return err_set(e, E_CANNOT_OPEN, "%s: %s", l->path, strerror(errno));
    return page && st.st_size % page && !is_beside(l, "-wal")
               ? store_damaged(&l->store, "its end is missing", e)
               : 0;
}

static int quick_check(struct lite *l, struct err *e)
{
    static const char sql[] = "SELECT quick_check FROM pragma_quick_check(1)";
    struct rows *r;
    bool got;
    int rc = store_row(&l->store, sql, NULL, 0, &r, &got, e);
    if (!rc && (!got || !str_eq(hlite_ops.text(r, 0), STR("ok")))) {
        struct str said = got ? hlite_ops.text(r, 0) : STR("no answer");
        rc = store_damaged(&l->store, arena_cstr(l->store.mem, said), e);
    }
    hlite_ops.done(r);
    return rc;
}

int hlite_open(struct str path, const struct history_options *opt, struct arena *mem,
               struct store **out, struct err *e)
{
    struct lite *l = NEW(mem, struct lite);
    bool there;
    l->store = (struct store){&hlite_ops, mem, arena_str(mem, path), opt->use == HISTORY_WRITE,
                              "snap log --repair makes a whole one of what is sound in it, and "
                              "keeps the damaged one beside it"};
    l->path = l->store.label.p;
    l->wait_ms = opt->lock_wait_ms;
    if (check_file(l, &there, e))
        return -1;
    if (!there && !l->store.writes)
        return no_file(l, true, e);
    int rc = l->store.writes && make_folders(l->path, mem, e) ? -1 : 0;
    if (!rc)
        rc = l->store.writes ? open_for_writing(l, there, e) : open_for_reading(l, e);
    if (!rc)
        rc = check_length(l, e);
    if (!rc && !opt->quick)
        rc = quick_check(l, e);
    if (rc)
        hlite_ops.close(&l->store);
    *out = rc ? NULL : &l->store;
    return rc;
}
