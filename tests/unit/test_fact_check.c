/* One fact's line: cut apart by its layout, checked against the tables of its engine. */

#include "tests/harness/mini.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static int check(struct arena *mem, const char *line, struct obj *o, struct err *e)
{
    if (fact_cut(&engine_mini, str_c(line), o))
        return err_set(e, E_USAGE, "not cut");
    o->path = jc_text(mem, o->path);
    return fact_check(&engine_mini, o, str_c(line), STR("x.json"), 17, mem, e);
}

static void cutting(void **state)
{
    struct obj o;
    (void)state;
    struct str line = STR("{\"path\":\"table:a/column:b\",\"a\":{\"notnull\":true},"
                          "\"deps\":[\"table:c\"],\"src\":{\"def\":\"x,}\\\"\"}}");
    assert_int_equal(fact_cut(&engine_mini, line, &o), 0);
    assert_str(o.path, "\"table:a/column:b\"");
    assert_str(o.a, "{\"notnull\":true}");
    assert_str(o.deps, "[\"table:c\"]");
    assert_str(o.src, "{\"def\":\"x,}\\\"\"}");
    assert_int_equal(o.kind, MINI_COLUMN);
    assert_int_equal(fact_cut(&engine_mini, STR("{\"path\":\"other:a\",\"a\":{}}"), &o), 0);
    assert_int_equal(o.kind, UINT16_MAX);
    assert_true(str_is_null(o.src) && str_is_null(o.deps));
}

static void no_facts(void **state)
{
    static const char *const lines[] = {"",
                                        "{",
                                        "{}",
                                        "[]",
                                        "null",
                                        "<<<<<<< ours",
                                        "{\"path\":\"table:a\"}",
                                        "{\"a\":{}}",
                                        "{\"path\":7,\"a\":{}}",
                                        "{\"path\":\"table:a\",\"a\":7}",
                                        "{\"path\":\"table:a\",\"a\":\"\"}",
                                        "[\"path\",\"a\"]"};
    struct obj o;
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (fact_cut(&engine_mini, str_c(lines[i]), &o) != -1)
            fail_msg("%s", lines[i]);
}

static void sound(void **state)
{
    static const char *const lines[] = {
        "{\"path\":\"table:a\",\"a\":{}}",
        "{\"path\":\"table:a~0~1\",\"a\":{\"comment\":\"\",\"strict\":true}}",
        "{\"path\":\"table:a/column:b\",\"a\":{\"default\":\"\",\"position\":-7,\"tags\":[\"\"]}}",
        "{\"path\":\"table:a/check:c\",\"a\":{},\"deps\":[]}",
        "{\"path\":\"table:a/check:c\",\"a\":{},\"deps\":[\"!no x\",\"table:a\",\"table:b\"]}",
        "{\"path\":\"table:a\",\"a\":{},\"src\":{\"a\":\"x\",\"b\":[\"y\"]}}",
        "{\"path\":\"row_counter:a\",\"a\":{}}",
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct obj o;
        struct err e = {0};
        assert_ok(check(*state, lines[i], &o, &e), e);
    }
}

static void faulty(void **state)
{
    static const struct {
        const char *line;
        enum err_code code;
        const char *says;
    } rows[] = {
        {"{\"a\":{},\"path\":\"table:a\"}", E_SNAPSHOT_SYNTAX, "canonical"},
        {"{\"path\":\"table:a\",\"a\":{} }", E_SNAPSHOT_SYNTAX, "canonical"},
        {"{\"path\":\"table:a\",\"a\":{},\"b\":{}}", E_SNAPSHOT_SYNTAX, "canonical"},
        {"{\"path\":\"table:a\",\"a\":{},\"src\":{},\"deps\":[]}", E_SNAPSHOT_SYNTAX, "canonical"},
        {"{\"path\":\"table:a\",\"a\":{}}}", E_SNAPSHOT_SYNTAX, "JSON"},
        {"{\"path\":\"table:a\",\"a\":{}", E_SNAPSHOT_SYNTAX, "JSON"},
        {"{\"path\":\"table:a\",\"a\":{},\"a\":{}}", E_SNAPSHOT_DUPLICATE, "twice"},
        {"{\"path\":\"table:a~\",\"a\":{}}", E_SNAPSHOT_SYNTAX, "malformed"},
        {"{\"path\":\"table:a/\",\"a\":{}}", E_SNAPSHOT_SYNTAX, "malformed"},
        {"{\"path\":\"TABLE:a\",\"a\":{}}", E_SNAPSHOT_SYNTAX, "malformed"},
        {"{\"path\":\"view:a\",\"a\":{}}", E_SNAPSHOT_KIND, "Mini has no kind view"},
        {"{\"path\":\"column:a\",\"a\":{}}", E_SNAPSHOT_KIND, "does not belong below nothing"},
        {"{\"path\":\"table:a/table:b\",\"a\":{}}", E_SNAPSHOT_KIND, "does not belong below that"},
        {"{\"path\":\"table:a\",\"a\":{\"expr\":\"x\"}}", E_SNAPSHOT_ATTRIBUTE,
         "no attribute expr"},
        {"{\"path\":\"row_counter:a\",\"a\":{\"x\":1}}", E_SNAPSHOT_ATTRIBUTE, "no attribute x"},
        {"{\"path\":\"table:a\",\"a\":{\"comment\":1}}", E_SNAPSHOT_ATTRIBUTE, "wrong type"},
        {"{\"path\":\"table:a\",\"a\":{\"comment\":null}}", E_SNAPSHOT_ATTRIBUTE, "wrong type"},
        {"{\"path\":\"table:a\",\"a\":{\"comment\":[\"x\"]}}", E_SNAPSHOT_ATTRIBUTE, "wrong type"},
        {"{\"path\":\"table:a\",\"a\":{\"strict\":false}}", E_SNAPSHOT_ATTRIBUTE, "wrong type"},
        {"{\"path\":\"table:a\",\"a\":{\"strict\":\"true\"}}", E_SNAPSHOT_ATTRIBUTE, "wrong type"},
        {"{\"path\":\"table:a/column:b\",\"a\":{\"position\":\"1\"}}", E_SNAPSHOT_ATTRIBUTE,
         "type"},
        {"{\"path\":\"table:a/column:b\",\"a\":{\"position\":0}}", E_SNAPSHOT_ATTRIBUTE, "default"},
        {"{\"path\":\"table:a/column:b\",\"a\":{\"tags\":[]}}", E_SNAPSHOT_ATTRIBUTE, "wrong type"},
        {"{\"path\":\"table:a/column:b\",\"a\":{\"tags\":[1]}}", E_SNAPSHOT_ATTRIBUTE,
         "wrong type"},
        {"{\"path\":\"table:a/column:b\",\"a\":{\"tags\":\"x\"}}", E_SNAPSHOT_ATTRIBUTE, "type"},
        {"{\"path\":\"table:a\",\"a\":{},\"deps\":{}}", E_SNAPSHOT_SYNTAX, "deps is no list"},
        {"{\"path\":\"table:a\",\"a\":{},\"deps\":[1]}", E_SNAPSHOT_SYNTAX, "no path"},
        {"{\"path\":\"table:a\",\"a\":{},\"deps\":[\"x\"]}", E_SNAPSHOT_SYNTAX, "no path"},
        {"{\"path\":\"table:a\",\"a\":{},\"deps\":[\"table:c\",\"table:b\"]}", E_SNAPSHOT_ORDER,
         "deps"},
        {"{\"path\":\"table:a\",\"a\":{},\"deps\":[\"table:c\",\"table:c\"]}", E_SNAPSHOT_ORDER,
         "deps"},
        {"{\"path\":\"table:a\",\"a\":{},\"src\":[\"x\"]}", E_SNAPSHOT_SYNTAX, "src is no object"},
        {"{\"path\":\"table:a\",\"a\":{},\"src\":{\"x\":1}}", E_SNAPSHOT_SYNTAX, "src.x"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct obj o;
        struct err e = {0};
        if (check(*state, rows[i].line, &o, &e) != -1 || e.code != rows[i].code ||
            !says(&e, rows[i].says) || !says(&e, "x.json line 17"))
            fail_msg("%s: %s %s", rows[i].line, err_name(e.code), e.msg);
    }
}

/* A_MAP, A_SET and the others that the small engine does not use. */
static void each_type(void **state)
{
    static const char *const good[] = {"true",  "1",       "\"x\"",   "\"x\"",         "\"x\"",
                                       "\"x\"", "[\"x\"]", "[\"x\"]", "{\"k\":\"x\"}", "\"x\""};
    static const char *const wrong[] = {"1", "true", "1",   "[]",        "{}",
                                        "1", "{}",   "[1]", "{\"k\":1}", "1"};
    for (int type = A_BOOL; type <= A_REF; type++) {
        const struct attr_desc attr = {.name = "v", .type = (enum attr_type)type, .doc = ""};
        const struct kind_desc kind = {.name = "k", .parents = "", .attrs = &attr, .nattrs = 1};
        const struct kind_desc *const kinds[] = {&kind};
        const struct engine eng = {.name = "e", .title = "E", .kinds = kinds, .nkinds = 1};
        for (int k = 0; k < 3; k++) {
            const char *value = k == 0 ? good[type] : k == 1 ? wrong[type] : "{}";
            struct str line = arena_printf(*state, "{\"path\":\"k:a\",\"a\":{\"v\":%s}}", value);
            struct obj o;
            struct err e = {0};
            assert_int_equal(fact_cut(&eng, line, &o), 0);
            o.path = jc_text(*state, o.path);
            int rc = fact_check(&eng, &o, line, STR("x"), 1, *state, &e);
            if (rc != (k ? -1 : 0) || (k && e.code != E_SNAPSHOT_ATTRIBUTE))
                fail_msg("type %d: %s", type, value);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cutting), TEST(no_facts), TEST(sound), TEST(faulty), TEST(each_type),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
