/* CREATE INDEX, VIEW, TRIGGER and VIRTUAL TABLE taken apart; see drivers/sqlite/parse.h. */

#include "drivers/sqlite/canon.h"
#include "drivers/sqlite/cursor.h"
#include "drivers/sqlite/parse.h"
#include "tests/harness/unit.h"

static struct str joined(struct arena *mem, const struct str *v, uint32_t n)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < n; i++)
        sb_printf(&b, "%s%.*s", i ? "|" : "", STR_ARG(v[i]));
    return sb_view(&b);
}

static struct lite_index index_of(struct arena *mem, const char *sql)
{
    struct lite_names *known = lite_names_new(mem);
    struct lite_index x;
    lite_names_add(known, STR("a"));
    lite_names_add(known, STR("b c"));
    if (!lite_parse_index(mem, str_c(sql), known, &x))
        fail_msg("is not understood: %s", sql);
    return x;
}

static void indexes(void **state)
{
    struct arena *mem = *state;
    struct lite_index x = index_of(mem, "CREATE INDEX I1 ON \"T x\" (A, \"b c\" DESC);");
    assert_str(x.name, "I1");
    assert_str(x.table, "T x");
    assert_false(x.unique);
    assert_str(joined(mem, x.terms, x.nterms), "a|\"b c\" desc");
    assert_true(str_is_null(x.where));
    x = index_of(mem, "create unique index if not exists main.i on t(a) where A > 1 -- x\n ;;");
    assert_true(x.unique);
    assert_str(x.name, "i");
    assert_str(x.where, "A > 1 -- x");
}

static void terms_of_indexes(void **state)
{
    static const char *const rows[][2] = {
        {"a ASC", "a"},
        {"\"A\"", "a"},
        {"a COLLATE NoCase ASC", "a collate nocase"},
        {"a COLLATE \"b c\" DESC", "a collate \"b c\" desc"},
        {"Lower(A)", "lower(a)"},
        {"(A + 1) DESC", "(a + 1) desc"},
        {"a COLLATE x || 'Y' COLLATE z", "a collate x || 'Y' collate z"},
        {"a COLLATE x || 'Y'", "a collate x || 'Y'"},
        {"\"nope\"", "\"nope\""},
        {"desc", "desc"},
        {"desc desc", "desc desc"},
        {"nope", "nope"},
        {"coalesce(a, (1), ',')", "coalesce(a, (1), ',')"},
    };
    struct arena *mem = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str sql = arena_printf(mem, "CREATE INDEX i ON t (%s)", rows[i][0]);
        struct lite_index x = index_of(mem, arena_cstr(mem, sql));
        assert_int_equal(x.nterms, 1);
        assert_str(x.terms[0], rows[i][1]);
    }
}

static void bad_indexes(void **state)
{
    static const char *const bad[] = {"",
                                      "CREATE TABLE t (a)",
                                      "CREATE INDEX i t (a)",
                                      "CREATE INDEX i ON t",
                                      "CREATE INDEX i ON t ()",
                                      "CREATE INDEX i ON t (a,)",
                                      "CREATE INDEX i ON t (a COLLATE 1)",
                                      "CREATE INDEX i ON t (a autoincrement)",
                                      "CREATE INDEX i ON t (a) x",
                                      "CREATE INDEX i ON t (a 'b)",
                                      "CREATE INDEX i ON t (a (b)"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct lite_index x;
        if (lite_parse_index(*state, str_c(bad[i]), NULL, &x))
            fail_msg("passes for an index: %s", bad[i]);
    }
}

static void views(void **state)
{
    struct arena *mem = *state;
    struct lite_view v;
    assert_true(
        lite_parse_view(mem, STR("CREATE VIEW \"V x\" (A, \"b c\") AS /* q */ SELECT 1, 2 ;"), &v));
    assert_str(v.name, "V x");
    assert_str(joined(mem, v.columns, v.ncolumns), "A|b c");
    assert_str(v.query, "SELECT 1, 2");
    assert_true(lite_parse_view(
        mem, STR("create temp view if not exists s.v as with x as (select 1) select * from x"),
        &v));
    assert_str(v.name, "v");
    assert_int_equal(v.ncolumns, 0);
    assert_str(v.query, "with x as (select 1) select * from x");
    assert_true(lite_parse_view(mem, STR("CREATE TEMPORARY VIEW v AS SELECT 1"), &v));
}

static void bad_views(void **state)
{
    static const char *const bad[] = {"",
                                      "CREATE VIEW",
                                      "CREATE VIEW v",
                                      "CREATE VIEW v AS",
                                      "CREATE VIEW v AS ;",
                                      "CREATE VIEW v (a AS SELECT 1",
                                      "CREATE VIEW v () AS SELECT 1",
                                      "CREATE VIEW v SELECT 1",
                                      "CREATE TABLE v AS SELECT 1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct lite_view v;
        if (lite_parse_view(*state, str_c(bad[i]), &v))
            fail_msg("passes for a view: %s", bad[i]);
    }
}

static struct lite_trigger trigger(struct arena *mem, const char *sql)
{
    struct lite_trigger t;
    if (!lite_parse_trigger(mem, str_c(sql), &t))
        fail_msg("is not understood: %s", sql);
    return t;
}

static void triggers(void **state)
{
    struct arena *mem = *state;
    struct lite_trigger t = trigger(
        mem, "CREATE TRIGGER \"Tr x\" BEFORE UPDATE OF A, \"B c\" ON main.\"T x\" FOR EACH ROW "
             "WHEN new.a > (old.b) BEGIN SELECT 1; END;");
    assert_str(t.name, "Tr x");
    assert_str(t.table, "T x");
    assert_str(t.timing, "before");
    assert_str(t.event, "update");
    assert_str(joined(mem, t.columns, t.ncolumns), "a|b c");
    assert_true(t.for_each_row);
    assert_str(t.when, "new.a > (old.b)");
    assert_str(t.body, "BEGIN SELECT 1; END");
    t = trigger(mem, "create trigger if not exists tr delete on t begin delete from t; end");
    assert_true(str_is_null(t.timing) && str_is_null(t.when));
    assert_str(t.event, "delete");
    assert_false(t.for_each_row);
    assert_int_equal(t.ncolumns, 0);
    t = trigger(mem,
                "CREATE TEMP TRIGGER tr AFTER INSERT ON t BEGIN INSERT INTO t VALUES (1); END");
    assert_str(t.timing, "after");
    assert_str(t.event, "insert");
    t = trigger(mem, "CREATE TEMPORARY TRIGGER tr INSTEAD OF UPDATE ON v BEGIN SELECT 1; END");
    assert_str(t.timing, "instead of");
}

static void begin_may_be_a_name(void **state)
{
    static const char *const heads[] = {"select 1",      "insert into x", "update x",
                                        "delete from x", "with y",        "replace into x"};
    struct arena *mem = *state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct str sql = arena_printf(
            mem, "CREATE TRIGGER tr INSERT ON t WHEN begin > 1 BEGIN %s; END", heads[i]);
        struct lite_trigger t = trigger(mem, arena_cstr(mem, sql));
        assert_str(t.when, "begin > 1");
    }
}

static void bad_triggers(void **state)
{
    static const char *const bad[] = {"",
                                      "CREATE TRIGGER tr ON t BEGIN SELECT 1; END",
                                      "CREATE TRIGGER tr INSTEAD INSERT ON t BEGIN SELECT 1; END",
                                      "CREATE TRIGGER tr INSERT t BEGIN SELECT 1; END",
                                      "CREATE TRIGGER tr INSERT ON t",
                                      "CREATE TRIGGER tr INSERT ON t SELECT 1",
                                      "CREATE TRIGGER tr INSERT ON t FOR ROW BEGIN SELECT 1; END",
                                      "CREATE TRIGGER tr INSERT ON t WHEN a",
                                      "CREATE TRIGGER tr INSERT ON t WHEN (a BEGIN SELECT 1; END",
                                      "CREATE TRIGGER tr INSERT ON t BEGIN x",
                                      "CREATE TRIGGER tr UPDATE OF 1 ON t BEGIN SELECT 1; END"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct lite_trigger t;
        if (lite_parse_trigger(*state, str_c(bad[i]), &t))
            fail_msg("passes for a trigger: %s", bad[i]);
    }
}

static void virtual_tables(void **state)
{
    static const char *const rows[][3] = {
        {"CREATE VIRTUAL TABLE v USING FTS5(a, b UNINDEXED, tokenize = 'a,b (c')", "fts5",
         "a|b UNINDEXED|tokenize = 'a,b (c'"},
        {"create virtual table if not exists main.\"v\" using \"RTree\" (id, x0,x1) ;", "rtree",
         "id|x0|x1"},
        {"CREATE VIRTUAL TABLE v USING dbstat", "dbstat", ""},
        {"CREATE VIRTUAL TABLE v USING m()", "m", ""},
        {"CREATE VIRTUAL TABLE v USING m( /* a */ )", "m", ""},
        {"CREATE VIRTUAL TABLE v USING m(/* a */ b /* c, */ d -- e\n,,f)", "m", "b /* c, */ d|f"},
        {"CREATE VIRTUAL TABLE v USING m(f(1, (2)), c)", "m", "f(1, (2))|c"}};
    struct arena *mem = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lite_virtual v;
        assert_true(lite_parse_virtual(mem, str_c(rows[i][0]), &v));
        assert_str(v.name, "v");
        assert_str(v.module, rows[i][1]);
        assert_str(joined(mem, v.args, v.nargs), rows[i][2]);
    }
}

static void bad_virtual_tables(void **state)
{
    static const char *const bad[] = {"",
                                      "CREATE TABLE v (a)",
                                      "CREATE VIRTUAL TABLE v",
                                      "CREATE VIRTUAL TABLE v USING",
                                      "CREATE VIRTUAL TABLE v USING m(a",
                                      "CREATE VIRTUAL TABLE v USING m(a) b"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct lite_virtual v;
        if (lite_parse_virtual(*state, str_c(bad[i]), &v))
            fail_msg("passes for a virtual table: %s", bad[i]);
    }
}

static void an_error_of_the_cursor_stays(void **state)
{
    struct cursor c = cur_open(*state, STR("a ( b ) , c"));
    uint32_t n;
    cur_expect(&c, "x");
    assert_true(c.bad);
    assert_false(cur_accept(&c, "a") || cur_accept_op(&c, "("));
    assert_str(cur_name(&c), "");
    assert_str(cur_parens(&c), "");
    cur_step(&c);
    assert_str(c.tok.text, "a");
    (void)cur_names(&c, false, &n);
    assert_true(c.bad);
}

static void what_the_cursor_took(void **state)
{
    struct cursor c = cur_open(*state, STR(" a /* x */ b . \"C d\" (e, F) rest ; ; "));
    uint32_t n;
    size_t from = c.tok.at;
    assert_true(cur_accept(&c, "A"));
    assert_str(cur_text(&c, from), "a");
    assert_str(cur_object_name(&c), "C d");
    assert_str(cur_text(&c, from), "a /* x */ b . \"C d\"");
    struct str *names = cur_names(&c, true, &n);
    assert_str(joined(*state, names, n), "e|f");
    assert_str(cur_rest(&c), "rest");
    cur_step(&c);
    cur_step(&c);
    cur_step(&c);
    assert_false(c.bad);
    cur_step(&c);
    assert_true(c.bad);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(indexes),
        TEST(terms_of_indexes),
        TEST(bad_indexes),
        TEST(views),
        TEST(bad_views),
        TEST(triggers),
        TEST(begin_may_be_a_name),
        TEST(bad_triggers),
        TEST(virtual_tables),
        TEST(bad_virtual_tables),
        TEST(an_error_of_the_cursor_stays),
        TEST(what_the_cursor_took),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
