/* Opening sources of every kind, and cutting two sides to one scope. */

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/harness/folder.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static const struct filter no_filter;

static int open_as(struct arena *mem, const char *text, const struct filter *f, struct opened *out,
                   struct err *e)
{
    struct source_spec spec;
    struct source_options opt = {all_engines, f, F_DEFAULT, 1000, NULL, NULL, NULL};
    *e = (struct err){0};
    *out = (struct opened){0};
    if (source_parse(str_c(text), all_engines, mem, &spec, e))
        return -1;
    if (!spec.eng && spec.kind != SRC_SNAPSHOT && spec.kind != SRC_GIT)
        spec.eng = &engine_sqlite;
    return source_open(&spec, &opt, mem, out, e);
}

/* The paths that count, each with a blank behind. */
static struct str paths(struct arena *mem, struct opened *o)
{
    struct strbuf b = sb_new(mem, 0);
    struct err e = {0};
    assert_ok(source_catalog(o, mem, &e), e);
    assert_ok(source_catalog(o, mem, &e), e); /* a second time it is there */
    for (uint32_t i = 0; i < o->catalog->n; i++)
        if (!(o->catalog->v[i].flags & OBJ_IGNORED))
            sb_printf(&b, "%.*s ", STR_ARG(o->catalog->v[i].path));
    return sb_view(&b);
}

static void database(const char *path, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* A snapshot file of a schema, less what the filter leaves out. */
static char *snapshot_file(struct arena *mem, const char *folder, const char *name, const char *sql,
                           const struct filter *f)
{
    struct catalog *cat = sql_catalog(mem, sql, "x");
    struct strbuf b = sb_new(mem, 0);
    struct err e = {0};
    char *path = folder_path(mem, folder, name);
    filter_apply(f, cat);
    assert_ok(cat_finish(cat, &e), e);
    snapshot_text(cat, &b);
    file_put(path, sb_view(&b).p);
    return path;
}

static void databases_and_scripts(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *db = folder_path(mem, folder, "a.db");
    struct opened o;
    struct err e;
    database(db, "CREATE TABLE b (x); CREATE TABLE a (y); CREATE TABLE databasechangelog (id)");
    assert_ok(open_as(mem, db, &no_filter, &o, &e), e);
    assert_str(paths(mem, &o), "table:a table:a/column:y table:b table:b/column:x ");
    assert_int_equal(o.catalog->n, 6);
    assert_null(o.reader);
    source_close(&o);
    unlink(db);
    file_put(folder_path(mem, folder, "2.sql"), "CREATE INDEX i ON t (a);");
    file_put(folder_path(mem, folder, "1.sql"), "CREATE TABLE t (a);");
    file_put(folder_path(mem, folder, "x.txt"), "no SQL");
    file_put(folder_path(mem, folder, ".3.sql"), "no SQL either");
    assert_ok(open_as(mem, folder, &no_filter, &o, &e), e);
    assert_str(paths(mem, &o), "table:t table:t/column:a table:t/index:i ");
    assert_ok(open_as(mem, folder_path(mem, folder, "1.sql"), &no_filter, &o, &e), e);
    assert_str(paths(mem, &o), "table:t table:t/column:a ");
    assert_int_equal(open_as(mem, folder_path(mem, folder, "2.sql"), &no_filter, &o, &e), -1);
    assert_true(says(&e, "2.sql"));
    assert_err(open_as(mem, "sqlite:none.sql", &no_filter, &o, &e), e, E_NO_SUCH_FILE);
    assert_err(open_as(mem, "sqlite:none.db", &no_filter, &o, &e), e, E_NO_SUCH_FILE);
    folder_remove(mem, folder);
    folder = folder_new(mem);
    assert_err(open_as(mem, folder, &no_filter, &o, &e), e, E_NO_SUCH_FILE);
    assert_true(says(&e, "holds no .sql file"));
    folder_remove(mem, folder);
}

static void nothing(void **state)
{
    struct opened o;
    struct err e;
    assert_ok(open_as(*state, "empty", &no_filter, &o, &e), e);
    assert_str(paths(*state, &o), "");
    assert_str(o.stream->version, "SQLite");
    assert_int_equal(o.stream->captured, ~0u); /* it lacks no facet */
}

static void snapshots(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem);
    struct opened o;
    struct err e;
    char *path =
        snapshot_file(mem, folder, "a.json", "CREATE TABLE t (a); CREATE TABLE u (b)", &no_filter);
    assert_ok(open_as(mem, path, &no_filter, &o, &e), e);
    assert_non_null(o.reader);
    assert_null(o.catalog);
    assert_false(o.partial);
    assert_str(paths(mem, &o), "table:t table:t/column:a table:u table:u/column:b ");
    source_close(&o);
    source_close(&o);
    struct str no = STR("table:u");
    struct filter f = {.exclude = &no, .nexclude = 1};
    assert_ok(open_as(mem, path, &f, &o, &e), e);
    assert_str(paths(mem, &o), "table:t table:t/column:a ");
    source_close(&o);
    char *offline = arena_cstr(mem, arena_printf(mem, "offline:sqlite?snapshot=%s", path));
    assert_ok(open_as(mem, offline, &no_filter, &o, &e), e);
    assert_str(paths(mem, &o), "table:t table:t/column:a table:u table:u/column:b ");
    source_close(&o);
    assert_err(open_as(mem, "offline:sqlite?snapshot=none.json", &no_filter, &o, &e), e,
               E_NO_SUCH_FILE);
    assert_true(says(&e, "looked for it in /"));
    assert_err(open_as(mem, "offline:sqlite?snapshot=/none.json", &no_filter, &o, &e), e,
               E_NO_SUCH_FILE);
    assert_err(open_as(mem, "offline:sqlite?snapshot=/etc/passwd/x", &no_filter, &o, &e), e,
               E_CANNOT_OPEN);
    file_put(path, swapped(mem, file_text(mem, path), "table:u", "table:v").p);
    assert_ok(open_as(mem, path, &no_filter, &o, &e), e);
    assert_err(source_catalog(&o, mem, &e), e, E_SNAPSHOT_ORDER);
    source_close(&o);
    assert_err(open_as(mem, path, &f, &o, &e), e, E_SNAPSHOT_ORDER);
    source_close(&o);
    folder_remove(mem, folder);
}

static void standard_input(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem);
    char *path = snapshot_file(mem, folder, "a.json", "CREATE TABLE t (a)", &no_filter);
    struct opened o;
    struct err e;
    int old = dup(0), fd = open(path, O_RDONLY);
    dup2(fd, 0);
    close(fd);
    assert_ok(open_as(mem, "-", &no_filter, &o, &e), e);
    assert_str(paths(mem, &o), "table:t table:t/column:a ");
    source_close(&o);
    assert_int_equal(fcntl(0, F_GETFD), 0); /* it is not ours to close */
    dup2(old, 0);
    close(old);
    folder_remove(mem, folder);
}

static void other_engines(void **state)
{
    struct arena *mem = *state;
    struct source_spec spec = {.kind = SRC_LIVE, .eng = &engine_mini, .label = STR("m")};
    struct source_options opt = {all_engines, &no_filter, F_DEFAULT, 0, NULL, NULL, NULL};
    struct opened o;
    struct err e = {0};
    assert_err(source_open(&spec, &opt, mem, &o, &e), e, E_NO_CLIENT);
    spec.kind = SRC_SCRIPT;
    assert_err(source_open(&spec, &opt, mem, &o, &e), e, E_NO_CLIENT);
    assert_true(says(&e, "Mini"));
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "m.json");
    file_put(path, mini_text(mem).p);
    spec = (struct source_spec){
        .kind = SRC_SNAPSHOT, .eng = &engine_sqlite, .live = {.place = str_c(path)}};
    opt.engines = mini_engines;
    assert_err(source_open(&spec, &opt, mem, &o, &e), e, E_ENGINE_MISMATCH);
    assert_true(says(&e, "holds a schema of Mini"));
    source_close(&o);
    folder_remove(mem, folder);
}

/* What one side's file leaves out is not missing on the other. */
static void alignment(void **state)
{
    static const char sql[] = "CREATE TABLE t (a); CREATE INDEX i ON t (a); CREATE TABLE u (b)";
    struct arena *mem = *state;
    char *folder = folder_new(mem);
    struct str no = STR("table:u"), index = STR("index:*");
    struct filter f = {.exclude = &no, .nexclude = 1}, part = {.exclude = &index, .nexclude = 1};
    char *a = snapshot_file(mem, folder, "a.json", sql, &f);
    char *b = snapshot_file(mem, folder, "b.json", sql, &no_filter);
    char *c = snapshot_file(mem, folder, "c.json", sql, &part);
    struct opened x, y;
    struct err e;
    assert_ok(open_as(mem, a, &no_filter, &x, &e), e);
    assert_ok(open_as(mem, b, &no_filter, &y, &e), e);
    assert_false(x.partial);
    assert_ok(source_align(&x, &y, mem, &e), e);
    assert_str(paths(mem, &y), "table:t table:t/column:a table:t/index:i ");
    assert_true(str_eq(paths(mem, &x), paths(mem, &y)));
    source_close(&x);
    source_close(&y);
    assert_ok(open_as(mem, b, &no_filter, &x, &e), e);
    assert_ok(open_as(mem, c, &no_filter, &y, &e), e);
    assert_true(y.partial);
    assert_str(y.scope.exclude[0], "index:*");
    assert_ok(source_align(&x, &y, mem, &e), e);
    assert_str(paths(mem, &x), "table:t table:t/column:a table:u table:u/column:b ");
    assert_true(str_eq(paths(mem, &x), paths(mem, &y)));
    assert_true(hash_eq(x.catalog->fingerprint, y.catalog->fingerprint));
    source_close(&x);
    source_close(&y);
    file_put(b, swapped(mem, file_text(mem, b), "table:u", "table:v").p);
    assert_ok(open_as(mem, b, &no_filter, &x, &e), e);
    assert_ok(open_as(mem, c, &no_filter, &y, &e), e);
    assert_err(source_align(&x, &y, mem, &e), e, E_SNAPSHOT_ORDER);
    source_close(&x);
    source_close(&y);
    folder_remove(mem, folder);
}

static void run(const char *folder, const char *const *words)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        char *argv[16];
        size_t n = 0;
        for (; words[n]; n++)
            argv[n] = (char *)(uintptr_t)words[n];
        argv[n] = NULL;
        if (folder && chdir(folder))
            _exit(1);
        execvp(argv[0], argv);
        _exit(127);
    }
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

#define ID "-c", "user.name=t", "-c", "user.email=t@t"

static void git(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), cwd[1024];
    char *path = snapshot_file(mem, folder, "a.json", "CREATE TABLE t (a)", &no_filter);
    struct opened o;
    struct err e;
    assert_non_null(getcwd(cwd, sizeof cwd));
    run(folder, (const char *[]){"git", "init", "-q", NULL});
    run(folder, (const char *[]){"git", "add", "a.json", NULL});
    run(folder, (const char *[]){"git", ID, "commit", "-q", "-m", "x", NULL});
    unlink(path);
    assert_int_equal(chdir(folder), 0);
    assert_ok(open_as(mem, "git:HEAD:a.json", &no_filter, &o, &e), e);
    assert_str(paths(mem, &o), "table:t table:t/column:a ");
    source_close(&o);
    assert_err(open_as(mem, "git:HEAD:b.json", &no_filter, &o, &e), e, E_GIT);
    assert_true(says(&e, "git:HEAD:b.json"));
    assert_err(open_as(mem, "git:none:a.json", &no_filter, &o, &e), e, E_GIT);
    char *tmp = getenv("TMPDIR"), *old_tmp = tmp ? arena_cstr(mem, str_c(tmp)) : NULL;
    char *old_path = arena_cstr(mem, str_c(getenv("PATH")));
    struct strbuf wide = sb_new(mem, 0);
    sb_pad(&wide, 'x', 5000);
    setenv("TMPDIR", "/no/such/folder", 1);
    assert_err(open_as(mem, "git:HEAD:a.json", &no_filter, &o, &e), e, E_CANNOT_OPEN);
    setenv("TMPDIR", sb_view(&wide).p, 1);
    assert_err(open_as(mem, "git:HEAD:a.json", &no_filter, &o, &e), e, E_CANNOT_OPEN);
    assert_true(says(&e, "TMPDIR is too long"));
    unsetenv("TMPDIR");
    setenv("PATH", "/no/such/folder", 1);
    assert_err(open_as(mem, "git:HEAD:a.json", &no_filter, &o, &e), e, E_GIT);
    assert_true(says(&e, "git is not installed"));
    setenv("PATH", old_path, 1);
    if (old_tmp)
        setenv("TMPDIR", old_tmp, 1);
    assert_int_equal(chdir(cwd), 0);
    run(NULL, (const char *[]){"rm", "-rf", folder, NULL});
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(databases_and_scripts), TEST(nothing),   TEST(snapshots), TEST(standard_input),
        TEST(other_engines),         TEST(alignment), TEST(git),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
