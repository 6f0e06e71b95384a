/* What a source of the command line is understood as. */

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/harness/folder.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static int parse(struct arena *mem, const char *text, struct source_spec *out, struct err *e)
{
    *e = (struct err){0};
    return source_parse(str_c(text), all_engines, mem, out, e);
}

static void words(void **state)
{
    struct source_spec s;
    struct err e;
    assert_ok(parse(*state, "empty", &s, &e), e);
    assert_int_equal(s.kind, SRC_EMPTY);
    assert_null(s.eng);
    assert_ok(parse(*state, "-", &s, &e), e);
    assert_int_equal(s.kind, SRC_SNAPSHOT);
    assert_str(s.live.place, "-");
    assert_ok(parse(*state, "git:main~1:a/b:c.json", &s, &e), e);
    assert_int_equal(s.kind, SRC_GIT);
    assert_str(s.rev, "main~1");
    assert_str(s.path, "a/b:c.json");
    assert_str(s.label, "git:main~1:a/b:c.json");
}

static void urls(void **state)
{
    static const struct {
        const char *text;
        enum source_kind kind;
        const char *place;
    } rows[] = {
        {"sqlite:a.db", SRC_LIVE, "a.db"},
        {"SQLite:a.db", SRC_LIVE, "a.db"},
        {"jdbc:sqlite:a b.db", SRC_LIVE, "a b.db"},
        {"sqlite:///abs/a.db", SRC_LIVE, "/abs/a.db"},
        {"sqlite:/abs/a.db", SRC_LIVE, "/abs/a.db"},
        {"sqlite:a%20b%3Fc.db", SRC_LIVE, "a b?c.db"},
        {"sqlite:100%.db", SRC_LIVE, "100%.db"},
        {"sqlite:a%2", SRC_LIVE, "a%2"},
        {"sqlite:a%zz", SRC_LIVE, "a%zz"},
        {"sqlite:a.sql", SRC_SCRIPT, "a.sql"},
        {"sqlite:a.js", SRC_LIVE, "a.js"}, /* scripts of this engine are SQL */
        {"offline:sqlite?snapshot=x.json", SRC_SNAPSHOT, "x.json"},
        {"offline:SQLITE?version=3&snapshot=a%26b&catalog=c", SRC_SNAPSHOT, "a&b"},
        {"offline:sqlite?changeLogFile=x.csv&outputLiquibaseSql=all&snapshot=y", SRC_SNAPSHOT, "y"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source_spec s;
        struct err e;
        assert_ok(parse(*state, rows[i].text, &s, &e), e);
        assert_int_equal(s.kind, rows[i].kind);
        assert_ptr_equal(s.eng, &engine_sqlite);
        assert_str(s.live.place, rows[i].place);
        assert_str(s.label, rows[i].text);
    }
    struct source_spec s;
    struct err e;
    assert_ok(parse(*state, "sqlite:a.db?immutable=1&lenient", &s, &e), e);
    assert_int_equal(s.live.nkeys, 2);
    assert_str(s.live.keys[0].key, "immutable");
    assert_str(s.live.keys[0].value, "1");
    assert_str(s.live.keys[1].value, "1"); /* a key alone says yes */
}

static void faults(void **state)
{
    static const struct {
        const char *text;
        enum err_code code;
        const char *says;
    } rows[] = {
        {"sqlite:a.db?imutable=1", E_UNKNOWN_URL_KEY, "did you mean immutable?"},
        {"sqlite:a.db?zzzzzz", E_UNKNOWN_URL_KEY, "known keys: "},
        {"sqlite:", E_BAD_VALUE, ""},
        {"sqlite:?immutable=1", E_BAD_VALUE, "names no database"},
        {"offline:sqlite", E_BAD_VALUE, "offline:sqlite?snapshot=FILE"},
        {"offline:oracel?snapshot=x", E_UNKNOWN_ENGINE, "oracle"},
        {"offline:sqlite?snapsho=x", E_UNKNOWN_URL_KEY, "did you mean snapshot?"},
        {"git:main", E_BAD_VALUE, "git:REV:PATH"},
        {"git::x", E_BAD_VALUE, "git:REV:PATH"},
        {"git:main:", E_BAD_VALUE, "git:REV:PATH"},
        {"git:-x:y", E_BAD_VALUE, "git:REV:PATH"},
        {"nothing://h/d", E_UNKNOWN_ENGINE, "scheme"},
        {"jdbc:nothing:x", E_UNKNOWN_ENGINE, "scheme"},
        {"no/such/file", E_NO_SUCH_FILE, "nothing was made"},
        {"/etc/passwd/x", E_NO_SUCH_FILE, "/etc/passwd/x"},
        {"/etc/passwd", E_NOT_A_DATABASE, "encrypted"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct source_spec s;
        struct err e;
        int rc = parse(*state, rows[i].text, &s, &e);
        if (i == 2) /* an empty rest is no URL: it is a file of that name */
            assert_int_equal(rc, -1);
        else if (rc != -1 || e.code != rows[i].code || !says(&e, rows[i].says))
            fail_msg("%s: %s %s %s", rows[i].text, err_name(e.code), e.msg, e.hint);
    }
}

static void no_password_is_repeated(void **state)
{
    static const char *const texts[] = {"sqlite:a.db?password=hunter2", "jdbc:sqlite:a?x=hunter2",
                                        "pg://u:hunter2@h/d", "jdbc:pg://h/d?password=hunter2",
                                        "offline:sqlite?password=hunter2"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct source_spec s;
        struct err e;
        assert_int_equal(parse(*state, texts[i], &s, &e), -1);
        assert_false(says(&e, "hunter2"));
    }
}

/* What a plain path is, its first bytes tell. */
static void files(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem);
    const char *names[] = {"a.sql", "snap", "zero", "db", "text", "fifo", "a.js", "db.js"};
    char *path[8];
    struct source_spec s;
    struct err e;
    for (size_t i = 0; i < 8; i++)
        path[i] = folder_path(mem, folder, names[i]);
    file_put(path[0], "CREATE TABLE t (a)");
    file_put(path[1], "{\"snap\":1");
    file_put(path[2], "");
    file_put(path[3], "SQLite format 3");
    assert_int_equal(truncate(path[3], 4096), 0);
    file_put(path[4], "{\"other\":1");
    assert_int_equal(mkfifo(path[5], 0600), 0);
    static const enum source_kind kinds[] = {SRC_SCRIPT, SRC_SNAPSHOT, SRC_LIVE, SRC_LIVE};
    for (size_t i = 0; i < 4; i++) {
        assert_ok(parse(mem, path[i], &s, &e), e);
        assert_int_equal(s.kind, kinds[i]);
        assert_ptr_equal(s.eng, kinds[i] == SRC_LIVE ? &engine_sqlite : NULL);
    }
    assert_err(parse(mem, path[4], &s, &e), e, E_NOT_A_DATABASE);
    assert_ok(parse(mem, path[5], &s, &e), e); /* does not wait for a writer */
    assert_int_equal(s.kind, SRC_SNAPSHOT);
    assert_ok(parse(mem, folder, &s, &e), e);
    assert_int_equal(s.kind, SRC_SCRIPT);
    assert_int_equal(parse(mem, arena_printf(mem, "sqlite:%s", folder).p, &s, &e), 0);
    assert_int_equal(s.kind, SRC_SCRIPT);
    file_put(path[6], "db.runCommand()");
    assert_ok(parse(mem, path[6], &s, &e), e);
    assert_int_equal(s.kind, SRC_SCRIPT);
    assert_int_equal(s.eng->lang, LANG_COMMAND); /* the only one */
    file_put(path[7], "SQLite format 3");
    assert_int_equal(truncate(path[7], 4096), 0);
    assert_ok(parse(mem, path[7], &s, &e), e);
    assert_int_equal(s.kind, SRC_LIVE);
    folder_remove(mem, folder);
}

static void beside(void **state)
{
    static const char *const rows[][2] = {
        {"a.db", "/etc/x/a.db"},
        {"../a.db", "/etc/x/../a.db"},
        {"/a.db", "/a.db"},
        {"sqlite:a.db?immutable=1", "sqlite:/etc/x/a.db?immutable=1"},
        {"sqlite:/a.db", "sqlite:/a.db"},
        {"sqlite:///a.db", "sqlite:///a.db"},
        {"jdbc:sqlite:a.db", "jdbc:sqlite:/etc/x/a.db"},
        {"git:main:a.json", "git:main:a.json"},
        {"offline:sqlite?snapshot=a", "offline:sqlite?snapshot=a"},
        {"pg://h/d", "pg://h/d"},
        {"jdbc:pg://h/d", "jdbc:pg://h/d"},
        {"empty", "empty"},
        {"-", "-"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(source_beside(str_c(rows[i][0]), STR("/etc/x"), all_engines, *state),
                   rows[i][1]);
    assert_str(source_beside(STR("a.db"), STR(""), all_engines, *state), "a.db");
}

static void reading_files(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "x");
    struct strbuf b = sb_new(mem, 0);
    struct str text;
    struct err e = {0};
    sb_pad(&b, 'x', 100000);
    file_put(path, sb_view(&b).p);
    assert_ok(file_read(path, 100000, mem, &text, &e), e);
    assert_true(str_eq(text, sb_view(&b)));
    assert_err(file_read(path, 99999, mem, &text, &e), e, E_LIMIT);
    assert_err(file_read(folder, 10, mem, &text, &e), e, E_CANNOT_OPEN);
    assert_true(says(&e, "is a directory"));
    assert_err(file_read(folder_path(mem, folder, "none"), 10, mem, &text, &e), e, E_NO_SUCH_FILE);
    assert_err(file_read(folder_path(mem, path, "none"), 10, mem, &text, &e), e, E_CANNOT_OPEN);
    assert_err(file_read("/proc/self/mem", 10, mem, &text, &e), e, E_CANNOT_OPEN);
    folder_remove(mem, folder);
}

static void first_bytes(void **state)
{
    (void)state;
    assert_true(snapshot_is(STR("{\"snap\":1,")));
    assert_false(snapshot_is(STR("{\"snap\"")));
    assert_false(snapshot_is(STR(" {\"snap\":1")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(words), TEST(urls),   TEST(faults),        TEST(no_password_is_repeated),
        TEST(files), TEST(beside), TEST(reading_files), TEST(first_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
