/* Making facts: canonical bytes whatever the order of the calls, defaults left out. */

#include "core/fact.h"

#include "core/escape.h"
#include "tests/harness/crash.h"
#include "tests/harness/mini.h"
#include "tests/harness/unit.h"

static void attributes_come_sorted(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct fact f;
    fact_begin(&f, cat, "column", STR("table:t"), STR("a/b"));
    fact_text(&f, "type", STR("int"));
    fact_bool(&f, "notnull", true);
    fact_int(&f, "position", -3);
    fact_text(&f, "default", STR("'\"\x1b'"));
    fact_list(&f, "tags", (const struct str[]){STR("z"), STR("a")}, 2);
    fact_end(&f);
    assert_int_equal(cat->n, 1);
    const struct obj *o = &cat->v[0];
    assert_str(o->path, "table:t/column:a~1b");
    assert_str(o->a, "{\"default\":\"'\\\"\\u001B'\",\"notnull\":true,\"position\":-3,"
                     "\"tags\":[\"z\",\"a\"],\"type\":\"int\"}");
    assert_int_equal(o->kind, MINI_COLUMN);
    assert_int_equal(o->flags, 0);
    assert_true(str_is_null(o->src));
    assert_true(str_is_null(o->deps));
    struct err e = {0};
    assert_ok(jc_check(*state, o->a, &e), e);
}

static void defaults_are_left_out(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct fact f;
    fact_begin(&f, cat, "column", STR("table:t"), STR("c"));
    fact_text(&f, "type", STR("text"));
    fact_text(&f, "default", STR_NULL);
    fact_bool(&f, "notnull", false);
    fact_int(&f, "position", 0);
    fact_list(&f, "tags", NULL, 0);
    fact_end(&f);
    assert_str(cat->v[0].a, "{}");
    /* An empty text is not an absent one. */
    fact_begin(&f, cat, "column", STR("table:t"), STR("d"));
    fact_text(&f, "default", STR(""));
    fact_end(&f);
    assert_str(cat->v[1].a, "{\"default\":\"\"}");
}

static void raw_values(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct fact f;
    fact_begin(&f, cat, "column", STR("table:t"), STR("c"));
    fact_raw(&f, "tags", STR("[\"x\"]"));
    fact_raw(&f, "type", STR("\"text\""));
    fact_raw(&f, "notnull", STR("false"));
    fact_end(&f);
    assert_str(cat->v[0].a, "{\"tags\":[\"x\"]}");
}

static void source_text(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct fact f;
    fact_begin(&f, cat, "table", STR(""), STR("t"));
    fact_src(&f, "def", STR("CREATE TABLE \"t\"(\n)"));
    fact_src(&f, "missing", STR_NULL);
    fact_src_list(&f, "rest", NULL, 0);
    fact_src_list(&f, "parts", (const struct str[]){STR("a"), STR("b")}, 2);
    fact_end(&f);
    assert_str(cat->v[0].a, "{}");
    assert_str(cat->v[0].src, "{\"def\":\"CREATE TABLE \\\"t\\\"(\\n)\",\"parts\":[\"a\",\"b\"],"
                              "\"rest\":[]}");
    assert_str(obj_src(*state, &cat->v[0], "def"), "CREATE TABLE \"t\"(\n)");
}

static void needs_come_sorted_and_once(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct fact f;
    fact_begin(&f, cat, "check", STR("table:t"), STR("#1"));
    fact_dep(&f, STR("table:t/column:b"));
    fact_dep(&f, STR("table:t-u"));
    fact_dep(&f, STR("!no function f"));
    fact_dep(&f, STR("table:t/column:b"));
    fact_dep(&f, STR("table:t"));
    fact_end(&f);
    assert_str(cat->v[0].deps,
               "[\"!no function f\",\"table:t\",\"table:t/column:b\",\"table:t-u\"]");
}

static void many_needs(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct fact f;
    fact_begin(&f, cat, "check", STR("table:t"), STR("#1"));
    for (int i = 2000; i > 0; i--)
        fact_dep(&f, arena_printf(*state, "table:t%04d", i));
    fact_end(&f);
    assert_int_equal(jc_count(cat->v[0].deps), 2000);
    assert_true(str_starts(cat->v[0].deps, STR("[\"table:t0001\",\"table:t0002\"")));
}

static void what_was_lent_may_go(void **state)
{
    struct arena *tmp = arena_new(0);
    struct catalog *cat = mini_cat(*state);
    struct fact f;
    cat->tmp = tmp;
    fact_begin(&f, cat, "column", arena_str(tmp, STR("table:t")), arena_str(tmp, STR("c")));
    fact_text(&f, "type", arena_str(tmp, STR("int")));
    fact_src(&f, "def", arena_str(tmp, STR("c int")));
    fact_dep(&f, arena_str(tmp, STR("table:u")));
    f.flags |= OBJ_IGNORED;
    fact_end(&f);
    arena_free(tmp);
    assert_str(cat->v[0].path, "table:t/column:c");
    assert_str(cat->v[0].a, "{\"type\":\"int\"}");
    assert_str(cat->v[0].src, "{\"def\":\"c int\"}");
    assert_str(cat->v[0].deps, "[\"table:u\"]");
    assert_int_equal(cat->v[0].flags, OBJ_IGNORED);
}

static void a_long_text(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct strbuf text = sb_new(*state, 0);
    struct fact f;
    sb_pad(&text, '\n', 10000);
    fact_begin(&f, cat, "check", STR("table:t"), STR("#1"));
    fact_text(&f, "expr", sb_view(&text));
    fact_end(&f);
    assert_true(str_eq(obj_text(*state, &cat->v[0], "expr"), sb_view(&text)));
}

static void unknown_attribute(void *mem)
{
    struct fact f;
    fact_begin(&f, mini_cat(mem), "table", STR(""), STR("t"));
    fact_bool(&f, "strikt", true);
}

static void unknown_kind(void *mem)
{
    struct fact f;
    fact_begin(&f, mini_cat(mem), "tabel", STR(""), STR("t"));
}

static void too_many_rows(void *mem)
{
    static const struct kind_desc wide = {.name = "wide", .nattrs = FACT_MAX_ATTRS + 1};
    static const struct kind_desc *const kinds[] = {&wide};
    static const struct engine eng = {.name = "wide", .kinds = kinds, .nkinds = 1};
    struct fact f;
    fact_begin(&f, cat_new(mem, &eng, F_DEFAULT, STR("x")), "wide", STR(""), STR("t"));
}

static void what_the_table_does_not_list_aborts(void **state)
{
    char said[200];
    assert_true(aborts(unknown_attribute, *state, said, sizeof said));
    assert_non_null(strstr(said, "strikt"));
    assert_true(aborts(unknown_kind, *state, said, sizeof said));
    assert_non_null(strstr(said, "tabel"));
    assert_true(aborts(too_many_rows, *state, said, sizeof said));
    assert_non_null(strstr(said, "too many"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(attributes_come_sorted),
                                       TEST(defaults_are_left_out),
                                       TEST(raw_values),
                                       TEST(source_text),
                                       TEST(needs_come_sorted_and_once),
                                       TEST(many_needs),
                                       TEST(what_was_lent_may_go),
                                       TEST(a_long_text),
                                       TEST(what_the_table_does_not_list_aborts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
