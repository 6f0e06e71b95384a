/* Canonical JSON: what passes the check, what is made canonical, and scanning of canonical bytes.
 */

#include "core/json.h"

#include <string.h>

#include "core/escape.h"
#include "tests/harness/unit.h"

static struct str canon(struct arena *a, const char *text)
{
    struct strbuf out = sb_new(a, 0);
    struct err e = {0};
    assert_ok(jc_canon(str_c(text), &out, &e), e);
    return sb_view(&out);
}

static void made_canonical(void **state)
{
    assert_str(canon(*state, " { \"b\" : 1 , \"a\" : [ true , false , null ] } "),
               "{\"a\":[true,false,null],\"b\":1}");
    assert_str(canon(*state, "\"\\u0041\\u00e4\\/\\u000a\\u001b\""), "\"A\xc3\xa4/\\n\\u001B\"");
    assert_str(canon(*state, "[-0,9223372036854775807,-9223372036854775808]"),
               "[0,9223372036854775807,-9223372036854775808]");
    assert_str(canon(*state, "[]"), "[]");
    assert_str(canon(*state, "{}"), "{}");
    assert_str(canon(*state, "[{},[],\"\"]"), "[{},[],\"\"]");
    /* Keys by bytes: capitals, then small letters, then what is beyond ASCII. */
    assert_str(canon(*state, "{\"\xc3\xa4\":1,\"a\":2,\"B\":3,\"aa\":4,\"\":5}"),
               "{\"\":5,\"B\":3,\"a\":2,\"aa\":4,\"\xc3\xa4\":1}");
    assert_str(canon(*state, "\"\\ud83d\\ude00\""), "\"\xf0\x9f\x98\x80\"");
}

static void not_made_canonical(void **state)
{
    static const struct {
        const char *text;
        enum err_code code;
    } rows[] = {
        {"", E_SNAPSHOT_SYNTAX},
        {" ", E_SNAPSHOT_SYNTAX},
        {"{", E_SNAPSHOT_SYNTAX},
        {"{\"a\":}", E_SNAPSHOT_SYNTAX},
        {"[1,]", E_SNAPSHOT_SYNTAX},
        {"[1] x", E_SNAPSHOT_SYNTAX},
        {"{} {}", E_SNAPSHOT_SYNTAX},
        {"'a'", E_SNAPSHOT_SYNTAX},
        {"1.5", E_SNAPSHOT_SYNTAX},
        {"1e3", E_SNAPSHOT_SYNTAX},
        {"[1.0]", E_SNAPSHOT_SYNTAX},
        {"{\"a\":{\"b\":0.5}}", E_SNAPSHOT_SYNTAX},
        {"NaN", E_SNAPSHOT_SYNTAX},
        {"01", E_SNAPSHOT_SYNTAX},
        {"+1", E_SNAPSHOT_SYNTAX},
        {"9223372036854775808", E_SNAPSHOT_SYNTAX},
        {"\"\xff\"", E_SNAPSHOT_SYNTAX},
        {"\"a\nb\"", E_SNAPSHOT_SYNTAX},
        {"\"\xed\xa0\x80\"", E_SNAPSHOT_SYNTAX},
        {"\"\\ud800\"", E_SNAPSHOT_SYNTAX},
        {"\"\\u0000\"", E_SNAPSHOT_SYNTAX},
        {"{\"\\u0000\":1}", E_SNAPSHOT_SYNTAX},
        {"\"open", E_SNAPSHOT_SYNTAX},
        {"{\"a\":1,\"a\":2}", E_SNAPSHOT_DUPLICATE},
        {"[{\"a\":1,\"\\u0061\":2}]", E_SNAPSHOT_DUPLICATE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf out = sb_new(*state, 0);
        struct err e = {0};
        assert_err(jc_canon(str_c(rows[i].text), &out, &e), e, rows[i].code);
        assert_true(e.msg[0] != '\0');
    }
    struct strbuf out = sb_new(*state, 0);
    struct err e = {0};
    assert_err(jc_canon(STR_NULL, &out, &e), e, E_SNAPSHOT_SYNTAX);
    assert_err(jc_canon((struct str){"[]\0", 3}, &out, &e), e, E_SNAPSHOT_SYNTAX);
}

static struct str nested(struct arena *a, const char *open, const char *close, int n)
{
    struct strbuf b = sb_new(a, 0);
    for (int i = 0; i < n; i++)
        sb_c(&b, open);
    for (int i = 0; i < n; i++)
        sb_c(&b, close);
    return sb_view(&b);
}

static void depth(void **state)
{
    struct err e = {0};
    assert_ok(jc_check(*state, nested(*state, "[", "]", JC_MAX_DEPTH), &e), e);
    assert_err(jc_check(*state, nested(*state, "[", "]", JC_MAX_DEPTH + 1), &e), e,
               E_SNAPSHOT_LIMIT);
    assert_err(jc_check(*state, nested(*state, "[", "]", 1000), &e), e, E_SNAPSHOT_LIMIT);
    /* Deeper than the parser goes itself. */
    assert_err(jc_check(*state, nested(*state, "[", "]", 100000), &e), e, E_SNAPSHOT_LIMIT);
    struct str objects = nested(*state, "{\"a\":[", "]}", 8);
    assert_ok(jc_check(*state, objects, &e), e);
    objects = nested(*state, "{\"a\":[", "]}", 9);
    assert_err(jc_check(*state, objects, &e), e, E_SNAPSHOT_LIMIT);
}

static void checked(void **state)
{
    static const char *const good[] = {"{}",
                                       "[]",
                                       "1",
                                       "-1",
                                       "0",
                                       "true",
                                       "null",
                                       "\"\"",
                                       "\"a\\\"\\\\\\n\\u0001\"",
                                       "{\"a\":{\"b\":[1,\"x\"]},\"b\":false}",
                                       "\"\xc3\xa4/\x7f\""};
    static const char *const bad[] = {" {}",
                                      "{} ",
                                      "{\"a\": 1}",
                                      "{\"b\":1,\"a\":2}",
                                      "[1, 2]",
                                      "\"\\u0041\"",
                                      "\"\\/\"",
                                      "\"\\u001b\"",
                                      "\"\\u000A\"",
                                      "-0",
                                      "[{\"b\":1,\"a\":2}]",
                                      "\"\\u00e4\""};
    struct err e = {0};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_ok(jc_check(*state, str_c(good[i]), &e), e);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_err(jc_check(*state, str_c(bad[i]), &e), e, E_SNAPSHOT_SYNTAX);
        assert_non_null(strstr(e.msg, "canonical"));
    }
    assert_err(jc_check(*state, STR("{\"a\":1,\"a\":1}"), &e), e, E_SNAPSHOT_DUPLICATE);
}

static void a_check_keeps_no_memory(void **state)
{
    struct err e = {0};
    static const char *const keys[] = {"a", NULL};
    arena_alloc(*state, 1);
    size_t used = arena_used(*state);
    assert_ok(jc_check(*state, STR("{\"a\":[1,2,3]}"), &e), e);
    assert_err(jc_check(*state, STR("{\"a\":["), &e), e, E_SNAPSHOT_SYNTAX);
    assert_ok(jc_check_ordered(*state, STR("{\"a\":[1,2,3]}"), keys, &e), e);
    assert_err(jc_check_ordered(*state, STR("{"), keys, &e), e, E_SNAPSHOT_SYNTAX);
    assert_int_equal(arena_used(*state), used);
}

static void checked_in_another_order(void **state)
{
    static const char *const keys[] = {"path", "a", "src", NULL};
    static const char *const good[] = {"{}", "{\"path\":1}", "{\"path\":1,\"src\":2}",
                                       "{\"path\":\"x\",\"a\":{\"b\":1,\"c\":[]},\"src\":{}}"};
    static const struct {
        const char *text;
        enum err_code code;
    } bad[] = {
        {"{\"a\":1,\"path\":1}", E_SNAPSHOT_SYNTAX},
        {"{\"path\":1,\"other\":2}", E_SNAPSHOT_SYNTAX},
        {"{\"other\":2}", E_SNAPSHOT_SYNTAX},
        {"{\"path\": 1}", E_SNAPSHOT_SYNTAX},
        {"{\"path\":{\"b\":1,\"a\":2}}", E_SNAPSHOT_SYNTAX},
        {"{\"path\":1.5}", E_SNAPSHOT_SYNTAX},
        {"[]", E_SNAPSHOT_SYNTAX},
        {"[1]", E_SNAPSHOT_SYNTAX},
        {"\"path\"", E_SNAPSHOT_SYNTAX},
        {"null", E_SNAPSHOT_SYNTAX},
        {"", E_SNAPSHOT_SYNTAX},
        {"{\"path\":1,\"path\":1}", E_SNAPSHOT_DUPLICATE},
        {"{\"a\":[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]}", E_SNAPSHOT_LIMIT},
    };
    struct err e = {0};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_ok(jc_check_ordered(*state, str_c(good[i]), keys, &e), e);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_err(jc_check_ordered(*state, str_c(bad[i].text), keys, &e), e, bad[i].code);
}

/* Strings that hold everything that could be taken for structure. */
#define TRICKY                                                                                     \
    "{\"a\":\"},]\\\"{[\\\\\",\"b\":[{\"c\":\"]\"},[],{}],\"c\":-12,\"d\":true,\"e\":\"\"}"

static void members_by_key(void **state)
{
    struct str o = STR(TRICKY);
    struct err e = {0};
    assert_ok(jc_check(*state, o, &e), e);
    assert_str(jc_get(o, "a"), "\"},]\\\"{[\\\\\"");
    assert_str(jc_get(o, "b"), "[{\"c\":\"]\"},[],{}]");
    assert_str(jc_get(o, "c"), "-12");
    assert_str(jc_get(o, "d"), "true");
    assert_str(jc_get(o, "e"), "\"\"");
    assert_true(str_is_null(jc_get(o, "f")));
    assert_true(str_is_null(jc_get(o, "")));
    assert_true(str_is_null(jc_get(STR("[\"a\"]"), "a")));
    assert_true(str_is_null(jc_get(STR("\"a\""), "a")));
    assert_true(str_is_null(jc_get(STR("{}"), "a")));
    assert_true(str_is_null(jc_get(STR_NULL, "a")));
}

static void stepping(void **state)
{
    struct jc_iter it = jc_iter(STR("{\"x\\\"y\":[1,2],\"z\":{\"k\":\"}\"}}"));
    struct str k, v;
    (void)state;
    assert_true(it.object);
    assert_true(jc_next(&it, &k, &v));
    assert_str(k, "x\\\"y");
    assert_str(v, "[1,2]");
    assert_true(jc_next(&it, &k, &v));
    assert_str(k, "z");
    assert_str(v, "{\"k\":\"}\"}");
    assert_false(jc_next(&it, &k, &v));
    it = jc_iter(STR("[\"a,b\",17,null]"));
    assert_false(it.object);
    assert_true(jc_next(&it, &k, &v));
    assert_str(k, "");
    assert_str(v, "\"a,b\"");
    assert_true(jc_next(&it, &k, &v));
    assert_str(v, "17");
    assert_true(jc_next(&it, &k, &v));
    assert_str(v, "null");
    assert_false(jc_next(&it, &k, &v));
    assert_false(jc_next(&it, &k, &v));
}

static void counting(void **state)
{
    (void)state;
    assert_int_equal(jc_count(STR("{}")), 0);
    assert_int_equal(jc_count(STR("[]")), 0);
    assert_int_equal(jc_count(STR("[[],[]]")), 2);
    assert_int_equal(jc_count(STR(TRICKY)), 5);
    assert_int_equal(jc_count(STR("\"abc\"")), 0);
    assert_int_equal(jc_count(STR("17")), 0);
    assert_int_equal(jc_count(STR_NULL), 0);
}

static void text_and_back(void **state)
{
    /* Every character below 0x100 through the escaper and back. */
    struct strbuf all = sb_new(*state, 0), raw = sb_new(*state, 0);
    struct err e = {0};
    for (int c = 1; c < 0x80; c++)
        sb_char(&all, (char)c);
    sb_c(&all, "\xc3\xa4\xf0\x9f\x98\x80");
    esc_json(&raw, sb_view(&all));
    assert_ok(jc_check(*state, sb_view(&raw), &e), e);
    assert_true(str_eq(jc_text(*state, sb_view(&raw)), sb_view(&all)));
    assert_true(str_eq(jc_text(*state, STR("\"a\\u0000b\"")), (struct str){"a\0b", 3}));
    assert_str(jc_text(*state, STR("\"\\u001B\\u007F\\u001f\"")), "\x1b\x7f\x1f");
    assert_str(jc_text(*state, STR("\"a\\/b\"")), "a/b");
    assert_str(jc_text(*state, STR("\"\"")), "");
    assert_str(jc_text(*state, STR("17")), "17");
    assert_str(jc_text(*state, STR("[\"a\"]")), "[\"a\"]");
    assert_true(str_is_null(jc_text(*state, STR_NULL)));
}

static void ten_thousand_members(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    struct err e = {0};
    sb_char(&b, '{');
    for (int i = 10000; i < 20000; i++) {
        struct strbuf key = sb_new(*state, 0);
        sb_int(&key, i);
        jc_put_key(&b, sb_view(&key));
        esc_json(&b, sb_view(&key));
    }
    sb_char(&b, '}');
    assert_ok(jc_check(*state, sb_view(&b), &e), e);
    assert_int_equal(jc_count(sb_view(&b)), 10000);
    assert_str(jc_get(sb_view(&b), "19999"), "\"19999\"");
}

static void types(void **state)
{
    (void)state;
    assert_true(jc_is_string(STR("\"\"")));
    assert_false(jc_is_string(STR("[]")));
    assert_false(jc_is_string(STR_NULL));
    assert_true(jc_is_list(STR("[]")));
    assert_false(jc_is_list(STR("{}")));
    assert_false(jc_is_list(STR_NULL));
    assert_true(jc_is_true(STR("true")));
    assert_false(jc_is_true(STR("false")));
    assert_false(jc_is_true(STR("\"true\"")));
    assert_false(jc_is_true(STR_NULL));
    assert_true(jc_int(STR("-9223372036854775808")) == INT64_MIN);
    assert_int_equal(jc_int(STR("\"7\"")), 0);
    assert_int_equal(jc_int(STR("true")), 0);
    assert_int_equal(jc_int(STR_NULL), 0);
}

static void members_by_bytes(void **state)
{
    (void)state;
    assert_true(jc_has(STR("[\"a\",\"b\"]"), STR("\"b\"")));
    assert_false(jc_has(STR("[\"a\",\"b\"]"), STR("b")));
    assert_false(jc_has(STR("[\"ab\"]"), STR("\"a\"")));
    assert_true(jc_has(STR("{\"a\":1}"), STR("1")));
    assert_false(jc_has(STR("{\"a\":1}"), STR("\"a\"")));
    assert_false(jc_has(STR("[]"), STR("\"a\"")));
    assert_false(jc_has(STR_NULL, STR("\"a\"")));
}

static void writing(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    const struct str items[] = {STR("b"), STR("a\"]"), STR("")};
    jc_put_list(&b, items, 0);
    jc_put_list(&b, items, 3);
    assert_str(sb_view(&b), "[][\"b\",\"a\\\"]\",\"\"]");
    sb_cut(&b, 0);
    jc_put_key(&b, STR("first"));
    assert_str(sb_view(&b), "\"first\":");
    sb_cut(&b, 0);
    sb_c(&b, "[{");
    jc_put_key(&b, STR("a\"b"));
    sb_c(&b, "[]");
    jc_put_key(&b, STR("c"));
    assert_str(sb_view(&b), "[{\"a\\\"b\":[],\"c\":");
}

/* What the quick look takes is canonical; what is canonical it mostly takes. */
static void quick_look(void **state)
{
    static const char seed[] =
        "{\"a\":{\"b\":[1,-20,\"x\\n\\\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\",true,"
        "false,null,[],{}],\"c\":0},\"deps\":[\"p\",\"q\"]}";
    static const char bytes[] = "{}[]\",:\\0-19antu\xc3\xed\xa0\xff \x1f";
    static const char *const keys[] = {"a", "deps", "src", NULL};
    uint32_t random = 7, taken = 0;
    assert_true(jc_surely(str_c(seed), NULL));
    assert_true(jc_surely(str_c(seed), keys));
    assert_false(jc_surely(STR("{\"deps\":1,\"a\":1}"), keys));
    assert_false(jc_surely(STR("{\"b\":1}"), keys));
    assert_false(jc_surely(STR("[1]"), keys));
    for (int i = 0; i < 60000; i++) {
        struct arena_mark mark = arena_mark(*state);
        char *text = arena_cstr(*state, str_c(seed));
        size_t n = sizeof seed - 1;
        for (int k = 0; k < 1 + i % 3; k++) {
            random = random * 1664525 + 1013904223;
            size_t at = (random >> 8) % n;
            if (i % 4 == 0)
                memmove(text + at, text + at + 1, n-- - at);
            else
                text[at] = bytes[(random >> 3) % (sizeof bytes - 1)];
        }
        struct strbuf out = sb_new(*state, 0);
        struct err e = {0};
        struct str made = {text, n};
        if (jc_surely(made, NULL)) {
            taken++;
            assert_ok(jc_canon(made, &out, &e), e);
            assert_str(sb_view(&out), text);
        }
        arena_release(*state, mark);
    }
    assert_true(taken > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(quick_look),
                                       TEST(made_canonical),
                                       TEST(not_made_canonical),
                                       TEST(depth),
                                       TEST(checked),
                                       TEST(a_check_keeps_no_memory),
                                       TEST(checked_in_another_order),
                                       TEST(members_by_key),
                                       TEST(stepping),
                                       TEST(counting),
                                       TEST(text_and_back),
                                       TEST(ten_thousand_members),
                                       TEST(types),
                                       TEST(members_by_bytes),
                                       TEST(writing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
