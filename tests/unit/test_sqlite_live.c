/*
 * The live half of the SQLite driver, and what the engine says of itself: opening files, scratch
 * databases, needs of views and triggers, rows, scripts.
 */

#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>

#include "diff/diff.h"
#include "drivers/sqlite/sqlite.h"
#include "snapshot/snapshot.h"
#include "tests/harness/folder.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"
#include "verify/verify.h"

/* A session on a file with these keys of the URL. */
static int open_file(struct arena *mem, const char *path, const struct url_key *keys, uint32_t n,
                     struct session **out, struct err *e)
{
    struct source src = {.text = str_c(path), .place = str_c(path), .keys = keys, .nkeys = n};
    *out = NULL;
    int rc = engine_sqlite.live->open(&src, mem, out, e);
    if (rc) {
        engine_sqlite.live->close(*out);
        *out = NULL;
    }
    return rc;
}

static void make_file(const char *path, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static struct catalog *read_session(struct arena *mem, struct session *s, unsigned facets)
{
    struct scope scope = {.facets = facets};
    struct catalog *cat = cat_new(mem, &engine_sqlite, facets, STR("x"));
    struct err e = {0};
    assert_ok(engine_sqlite.live->introspect(s, &scope, cat, &e), e);
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

static struct session *scratch(struct arena *mem, const char *sql)
{
    struct scratch_want want = {0};
    struct session *s;
    struct err e = {0};
    assert_ok(engine_sqlite.live->scratch(&want, mem, &s, &e), e);
    assert_ok(engine_sqlite.live->script(s, str_c(sql), STR("x.sql"), &e), e);
    return s;
}

static void a_file_is_read_and_not_changed(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "a ?#%.db");
    struct session *s;
    struct err e = {0};
    make_file(path, "PRAGMA journal_mode = wal; CREATE TABLE t (a)");
    assert_int_equal(folder_count(folder), 1);
    assert_ok(open_file(mem, path, NULL, 0, &s, &e), e);
    struct catalog *cat = read_session(mem, s, F_DEFAULT);
    assert_int_equal(cat->n, 2);
    assert_true(str_starts(cat->version, STR("SQLite 3.")));
    engine_sqlite.live->cancel(s);
    engine_sqlite.live->close(s);
    engine_sqlite.live->close(NULL);
    engine_sqlite.live->cancel(NULL);
    assert_int_equal(folder_count(folder), 1);
    folder_remove(mem, folder);
}

static void a_file_that_moves_meanwhile_is_torn(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "a.db");
    struct scope scope = {.facets = F_DEFAULT};
    struct session *s;
    struct err e = {0};
    make_file(path, "PRAGMA journal_mode = wal; CREATE TABLE t (a)");
    assert_ok(open_file(mem, path, NULL, 0, &s, &e), e);
    make_file(path, "CREATE TABLE u (a)");
    struct catalog *cat = cat_new(mem, &engine_sqlite, F_DEFAULT, STR("x"));
    assert_err(engine_sqlite.live->introspect(s, &scope, cat, &e), e, E_TORN);
    engine_sqlite.live->close(s);
    folder_remove(mem, folder);
}

static void files_that_are_no_database(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "a.db");
    struct session *s;
    struct err e = {0};
    assert_err(open_file(mem, path, NULL, 0, &s, &e), e, E_NO_SUCH_FILE);
    assert_int_equal(folder_count(folder), 0);
    assert_err(open_file(mem, folder, NULL, 0, &s, &e), e, E_CANNOT_OPEN);
    assert_true(says(&e, "a directory"));
    file_put(path, "hello, I am text and long enough");
    assert_err(open_file(mem, path, NULL, 0, &s, &e), e, E_NOT_A_DATABASE);
    file_put(path, "");
    assert_ok(open_file(mem, path, NULL, 0, &s, &e), e);
    assert_int_equal(read_session(mem, s, F_DEFAULT)->n, 0);
    engine_sqlite.live->close(s);
    folder_remove(mem, folder);
}

static void a_malformed_schema_is_read_leniently(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "a.db");
    struct url_key keys[] = {{STR("lenient"), STR("1")}, {STR("immutable"), STR("on")}};
    struct scope scope = {.facets = F_DEFAULT};
    struct session *s;
    struct err e = {0};
    make_file(path, "CREATE TABLE good (a); CREATE TABLE bad (a); PRAGMA writable_schema = on; "
                    "UPDATE sqlite_schema SET sql = 'not sql' WHERE name = 'bad'");
    int rc = open_file(mem, path, NULL, 0, &s, &e);
    if (!rc) {
        struct catalog *cat = cat_new(mem, &engine_sqlite, F_DEFAULT, STR("x"));
        rc = engine_sqlite.live->introspect(s, &scope, cat, &e);
        engine_sqlite.live->close(s);
    }
    assert_err(rc, e, E_MALFORMED_SCHEMA);
    assert_true(says(&e, "bad"));
    assert_ok(open_file(mem, path, keys, 2, &s, &e), e);
    struct catalog *cat = read_session(mem, s, F_DEFAULT);
    assert_non_null(cat_find(cat, STR("table:good")));
    assert_null(cat_find(cat, STR("table:bad")));
    assert_int_equal(cat->nledger, 1);
    assert_str(cat->ledger[0].name, "bad");
    engine_sqlite.live->close(s);
    folder_remove(mem, folder);
}

static void needs(const struct catalog *cat, const char *path, const char *want)
{
    const struct obj *o = cat_find(cat, str_c(path));
    assert_non_null(o);
    assert_str(o->deps.n ? o->deps : STR("[]"), want);
}

static void what_views_and_triggers_need(void **state)
{
    struct arena *mem = *state;
    struct catalog *cat = sql_catalog(
        mem,
        "CREATE TABLE t (a, b); CREATE TABLE u (x REFERENCES t (a)); "
        "CREATE VIEW v AS SELECT a FROM t; CREATE VIEW w AS SELECT v.a, u.x FROM v, u; "
        "CREATE VIEW lost AS SELECT z FROM gone; CREATE VIEW none AS SELECT 1; "
        "CREATE VIEW odd AS SELECT strange(a) FROM t; "
        "CREATE TRIGGER tr AFTER UPDATE OF a ON t BEGIN INSERT INTO u VALUES (new.b); END; "
        "CREATE TRIGGER tv INSTEAD OF INSERT ON v BEGIN DELETE FROM t; END",
        "a.db");
    needs(cat, "view:v", "[\"table:t\",\"table:t/column:a\"]");
    needs(cat, "view:none", "[]");
    needs(cat, "view:w", "[\"table:u\",\"table:u/column:x\",\"view:v\"]");
    needs(cat, "view:lost", "[\"!no such table: main.gone\"]");
    needs(cat, "view:odd", "[\"!no such function: strange\",\"table:t\"]");
    needs(cat, "table:t/trigger:tr",
          "[\"table:t\",\"table:t/column:a\",\"table:t/column:b\",\"table:u\"]");
    needs(cat, "view:v/trigger:tv", "[\"table:t\"]");
}

static void keep_digest(void *ctx, struct str path, struct str digest)
{
    struct strbuf *b = ctx;
    sb_printf(b, "%.*s=%.*s\n", STR_ARG(path), STR_ARG(digest));
}

static struct str rows_of(struct arena *mem, struct session *s, const struct catalog *cat)
{
    struct strbuf b = sb_new(mem, 0);
    struct err e = {0};
    assert_ok(engine_sqlite.live->rows(s, cat, mem, keep_digest, &b, &e), e);
    return sb_view(&b);
}

static void rows_are_put_in_and_taken_out(void **state)
{
    struct arena *mem = *state;
    struct session *s = scratch(mem, "CREATE TABLE p (id INTEGER PRIMARY KEY, n TEXT NOT NULL); "
                                     "CREATE TABLE c (a REFERENCES p, b INT CHECK (b > 0), g AS "
                                     "(b + 1)); CREATE TABLE w (k INT PRIMARY KEY, x ANY) WITHOUT "
                                     "ROWID, STRICT; CREATE VIRTUAL TABLE f USING fts5(a, b)");
    struct catalog *cat = read_session(mem, s, F_DEFAULT);
    struct err e = {0};
    struct str empty = rows_of(mem, s, cat);
    assert_true(str_find(empty, STR("table:p=0 rows")) < empty.n);
    assert_ok(engine_sqlite.live->fill(s, cat, &e), e);
    struct str full = rows_of(mem, s, cat);
    assert_false(str_eq(empty, full));
    assert_true(str_find(full, STR("table:p=0 rows")) == full.n);
    assert_true(str_find(full, STR("column:g")) == full.n);
    assert_true(str_find(full, STR("the index fits")) < full.n);
    struct stmt touch = {.text =
                             STR("UPDATE p SET n = n || 'x' WHERE id = (SELECT max(id) FROM p)")};
    assert_ok(engine_sqlite.live->exec(s, &touch, &e), e);
    struct str touched = rows_of(mem, s, cat);
    assert_false(str_eq(full, touched));
    assert_ok(engine_sqlite.live->empty(s, cat, &e), e);
    assert_true(str_eq(rows_of(mem, s, cat), empty));
    for (unsigned plain = 1; plain <= 2; plain++) {
        assert_ok(engine_sqlite.live->refill(s, cat, plain, &e), e);
        full = rows_of(mem, s, cat);
        assert_true(str_find(full, STR("table:p=0 rows")) == full.n);
        assert_ok(engine_sqlite.live->empty(s, cat, &e), e);
    }
    engine_sqlite.live->close(s);
}

static void statements_of_a_scratch(void **state)
{
    struct arena *mem = *state;
    struct session *s = scratch(mem, "CREATE TABLE t (a)");
    struct err e = {0};
    struct stmt stub = {.text = STR("INSERT INTO t SELECT strange(1, stranger())")};
    struct stmt two = {.text = STR("DELETE FROM t; DELETE FROM t")};
    struct stmt attach = {.text = STR("ATTACH ':memory:' AS x")};
    struct stmt vacuum = {.text = STR("VACUUM;")};
    struct stmt refused = {.text = STR("SELECT snap_irreversible('why')")};
    struct stmt begin = {.text = STR("BEGIN")}, wrong = {.text = STR("SELECT nothing")};
    assert_ok(engine_sqlite.live->exec(s, &stub, &e), e);
    assert_err(engine_sqlite.live->exec(s, &two, &e), e, E_VERIFY_FAILED);
    assert_err(engine_sqlite.live->exec(s, &attach, &e), e, E_VERIFY_FAILED);
    assert_ok(engine_sqlite.live->exec(s, &vacuum, &e), e);
    assert_err(engine_sqlite.live->exec(s, &refused, &e), e, E_VERIFY_FAILED);
    assert_ok(engine_sqlite.live->exec(s, &begin, &e), e);
    assert_err(engine_sqlite.live->exec(s, &wrong, &e), e, E_VERIFY_FAILED);
    /* the failure has ended the transaction */
    assert_ok(engine_sqlite.live->exec(s, &begin, &e), e);
    assert_ok(engine_sqlite.live->reset(s, &e), e);
    engine_sqlite.live->close(s);
}

static void scripts_say_where_they_fail(void **state)
{
    struct arena *mem = *state;
    struct scratch_want want = {0};
    struct session *s;
    struct err e = {0};
    assert_ok(engine_sqlite.live->scratch(&want, mem, &s, &e), e);
    assert_err(engine_sqlite.live->script(s,
                                          STR("\xef\xbb\xbf"
                                              "CREATE TABLE t (a);\n\nCREATE TABLE t (a);"),
                                          STR("x.sql"), &e),
               e, E_MALFORMED_SCHEMA);
    assert_true(says(&e, "x.sql line 3"));
    assert_err(engine_sqlite.live->script(s, STR("\n.read other.sql\n"), STR("x.sql"), &e), e,
               E_MALFORMED_SCHEMA);
    assert_true(says(&e, "line 2: .read other.sql"));
    /* a transaction that the script has left open, and that cannot be committed */
    assert_err(engine_sqlite.live->script(s,
                                          STR("PRAGMA foreign_keys = on;\n"
                                              "CREATE TABLE c (x REFERENCES c (y) "
                                              "DEFERRABLE INITIALLY DEFERRED, y UNIQUE);\n"
                                              "BEGIN; INSERT INTO c VALUES (1, 2);\n"),
                                          STR("x.sql"), &e),
               e, E_MALFORMED_SCHEMA);
    assert_true(says(&e, "x.sql line 4: FOREIGN KEY constraint failed"));
    engine_sqlite.live->close(s);
}

/* A plan of many steps, of which the first would lose rows of another table by ON DELETE CASCADE
 * when foreign keys were left on. */
static struct plan *plan_beside(struct arena *mem)
{
    struct strbuf to = sb_new(mem, 0);
    const char *child = "CREATE TABLE c (x REFERENCES p (id) ON DELETE CASCADE);";
    sb_printf(&to, "CREATE TABLE p (id INTEGER PRIMARY KEY, a CHECK (a <> 'q')); %s", child);
    for (int i = 0; i < 200; i++)
        sb_printf(&to, "CREATE TABLE t%d (a, b, c);", i);
    struct str from = arena_printf(mem, "CREATE TABLE p (id INTEGER PRIMARY KEY, a); %s", child);
    return sql_plan(mem, from.p, to.p);
}

static void rows_beside_a_step_are_watched(void **state)
{
    struct arena *mem = *state;
    struct plan *plan = plan_beside(mem);
    struct filter filter = {0};
    struct verify_options opt = {.facets = F_DEFAULT, .filter = &filter};
    struct verify_report report;
    struct err e = {0};
    const struct catalog *from = plan->states[0], *to = plan->to;
    assert_ok(verify_plan(plan, from, to, &opt, mem, &report, &e), e);
    uint32_t found = 0;
    for (uint32_t i = 0; i < plan->v[0].nfwd; i++)
        if (str_eq(plan->v[0].fwd[i].text, STR("PRAGMA foreign_keys = off"))) {
            plan->v[0].fwd[i].text = STR("PRAGMA foreign_keys = on");
            found++;
        }
    assert_int_equal(found, 1);
    assert_err(verify_plan(plan, from, to, &opt, mem, &report, &e), e, E_VERIFY_FAILED);
    assert_true(says(&e, "the rows of table c changed"));
}

static void a_page_size_wants_a_file(void **state)
{
    struct arena *mem = *state;
    struct catalog *cat = cat_new(mem, &engine_sqlite, F_DEFAULT | F_PRAGMAS, STR("x"));
    struct scratch_want want = {.to = cat};
    struct session *s;
    struct err e = {0};
    lite_pragma_fact(cat, "page_size", STR("8192"));
    assert_ok(cat_finish(cat, &e), e);
    assert_ok(engine_sqlite.live->scratch(&want, mem, &s, &e), e);
    assert_ok(engine_sqlite.live->script(s, STR("PRAGMA page_size = 8192; VACUUM"), STR("x"), &e),
              e);
    struct catalog *got = read_session(mem, s, F_DEFAULT | F_PRAGMAS);
    assert_non_null(cat_find(got, STR("pragma:page_size")));
    engine_sqlite.live->close(s);
}

static void keep_id(void *ctx, struct str id)
{
    struct strbuf *b = ctx;
    sb_printf(b, "%.*s ", STR_ARG(id));
}

static void changesets_that_a_deployer_has_recorded(void **state)
{
    struct arena *mem = *state;
    struct strbuf b = sb_new(mem, 0);
    struct err e = {0};
    struct session *s = scratch(mem, "CREATE TABLE t (a)");
    assert_ok(engine_sqlite.live->applied(s, keep_id, &b, &e), e);
    assert_int_equal(b.n, 0);
    assert_ok(engine_sqlite.live->script(
                  s,
                  STR("CREATE TABLE DATABASECHANGELOG (ID TEXT); INSERT INTO DATABASECHANGELOG "
                      "VALUES ('a'), ('b')"),
                  STR("x"), &e),
              e);
    assert_ok(engine_sqlite.live->applied(s, keep_id, &b, &e), e);
    assert_str(sb_view(&b), "a b ");
    engine_sqlite.live->close(s);
}

/* The statements of a script, with | between. */
static struct str cut(struct arena *mem, const char *script)
{
    struct strbuf b = sb_new(mem, 0);
    struct script rest = {.rest = str_c(script)};
    struct str one;
    while (engine_sqlite.split(&rest, &one))
        sb_printf(&b, "%s%.*s", b.n ? "|" : "", STR_ARG(one));
    return sb_view(&b);
}

static void scripts_are_cut_into_statements(void **state)
{
    static const char *const rows[][2] = {
        {"", ""},
        {" ;; -- nothing\n ;", ""},
        {"a; b ;c", "a|b|c"},
        {"a ';' \";\" [;] /* ; */; b", "a ';' \";\" [;]|b"},
        {"/* x */ a -- y\n; b", "a|b"},
        {"CREATE TRIGGER t INSERT ON t BEGIN a; b; END; c",
         "CREATE TRIGGER t INSERT ON t BEGIN a; b; END|c"},
        {"create temp trigger t BEGIN case x end; end ; c",
         "create temp trigger t BEGIN case x end; end|c"},
        {"CREATE TABLE trigger_ (a); b", "CREATE TABLE trigger_ (a)|b"},
        {".mode box\n.headers on\na;\n.read b\nc", "a|.read b|c"},
        {"a\n.b; c", "a\n.b|c"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(cut(*state, rows[i][0]), rows[i][1]);
}

static void texts_for_a_channel_that_loses_carriage_returns(void **state)
{
    static const char *const rows[][2] = {
        {"a\r\nb\rc", "a\nb\nc"},
        {"a\fb\vc", "a\nb\nc"},
        {"a -- x\ry\nb", "a -- x y\nb"},
        {"a /* x\ry\f */ b", "a /* x\ny\f */ b"},
        {"a /*/ \f */\fb", "a /*/ \f */\nb"},
        {"`a\tb` `c\x01` [d\x02]", "`a\tb` \"c\x01\" \"d\x02\""},
        {"'\x01' \"\x01\"", "'\x01' \"\x01\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0);
        assert_true(engine_sqlite.spell(str_c(rows[i][0]), &b));
        assert_str(sb_view(&b), rows[i][1]);
    }
    /* a carriage return in quotes; outside of them what Liquibase's lexer ends at */
    static const char *const lost[] = {"'a\rb'", "\"a\rb\"", "a\xef\xbf\xbf", "a\xc2\x80z",
                                       "\xc2\x9f"};
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
        struct strbuf b = sb_new(*state, 0);
        assert_false(engine_sqlite.spell(str_c(lost[i]), &b));
    }
    static const char *const kept[] = {"\"\xef\xbf\xbe\"", "[\xc2\x80]", "'\xc2\x9f'",
                                       "a\xc2\x85",        "\xc2\xa0",   "a /* \xef\xbf\xbf */"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        struct strbuf b = sb_new(*state, 0);
        assert_true(engine_sqlite.spell(str_c(kept[i]), &b));
        assert_str(sb_view(&b), kept[i]);
    }
}

static void what_a_database_looks_like(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    assert_true(engine_sqlite.is_database(STR(""), 0));
    assert_true(engine_sqlite.is_database((struct str){"SQLite format 3\0x", 17}, 4096));
    assert_false(engine_sqlite.is_database(STR("SQLite format 4"), 4096));
    assert_false(engine_sqlite.is_database(STR("x"), 1));
    engine_sqlite.refuse(STR("it's so"), &b);
    assert_str(sb_view(&b), "SELECT snap_irreversible('it''s so')");
    assert_str(engine_sqlite.fold(*state, STR("AbC")), "abc");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_is_read_and_not_changed),
        TEST(a_file_that_moves_meanwhile_is_torn),
        TEST(files_that_are_no_database),
        TEST(a_malformed_schema_is_read_leniently),
        TEST(what_views_and_triggers_need),
        TEST(rows_are_put_in_and_taken_out),
        TEST(statements_of_a_scratch),
        TEST(scripts_say_where_they_fail),
        TEST(rows_beside_a_step_are_watched),
        TEST(a_page_size_wants_a_file),
        TEST(changesets_that_a_deployer_has_recorded),
        TEST(scripts_are_cut_into_statements),
        TEST(texts_for_a_channel_that_loses_carriage_returns),
        TEST(what_a_database_looks_like),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
