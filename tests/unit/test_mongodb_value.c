/* Typed trees: makers, access, comparison; numbers and their texts. */

#undef setlocale
#include "tests/harness/mongodb.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#include "drivers/mongodb/decimal.h"

static struct str words(struct arena *mem, const struct mv *v)
{
    struct strbuf out = sb_new(mem, 0);
    mv_put_number(&out, v);
    return sb_view(&out);
}

static void makers(void **state)
{
    struct mv *doc = mv_new(*state, MV_DOCUMENT);
    mv_add(doc, STR("a"), mv_int(*state, INT32_MAX));
    mv_add(doc, STR("b"), mv_int(*state, (int64_t)INT32_MAX + 1));
    mv_add(doc, STR("c"), mv_bool(*state, true));
    struct mv *list = mv_add(doc, STR("d"), mv_new(*state, MV_ARRAY));
    mv_add(list, STR_NULL, mv_text(*state, STR("x")));
    assert_int_equal(doc->n, 4);
    assert_str(
        mv_json(*state, doc),
        "{\"a\":2147483647,\"b\":{\"$numberLong\":\"2147483648\"},\"c\":true,\"d\":[\"x\"]}");
    struct mv *copy = mv_copy(*state, doc);
    assert_true(mv_same(doc, copy));
    mv_add(list, STR_NULL, mv_int(*state, 1));
    assert_false(mv_same(doc, copy));
    assert_int_equal(copy->last->n, 1);
    mv_add(copy, STR("e"), mv_new(*state, MV_NULL));
    assert_int_equal(doc->n, 4);
}

static void taken(void **state)
{
    struct mv *doc = value_of(*state, "{\"a\":1,\"b\":2,\"c\":3}");
    assert_null(mv_take(doc, "d"));
    assert_null(mv_take(NULL, "a"));
    assert_null(mv_take(value_of(*state, "[1]"), "a"));
    struct mv *b = mv_take(doc, "b");
    assert_int_equal(b->i, 2);
    assert_null(b->next);
    assert_str(mv_json(*state, doc), "{\"a\":1,\"c\":3}");
    assert_int_equal(mv_take(doc, "c")->i, 3);
    mv_add(doc, STR("z"), b);
    assert_str(mv_json(*state, doc), "{\"a\":1,\"z\":2}");
    assert_int_equal(mv_take(doc, "a")->i, 1);
    assert_int_equal(mv_take(doc, "z")->i, 2);
    assert_true(doc->n == 0 && !doc->first && !doc->last);
    mv_add(doc, STR("a"), mv_int(*state, 4));
    assert_str(mv_json(*state, doc), "{\"a\":4}");
}

static void read_access(void **state)
{
    const struct mv *doc = value_of(*state, "{\"a\":{\"b\":\"x\"},\"\":1,\"c\":[1]}");
    assert_str(mv_string(mv_get(mv_get(doc, "a"), "b")), "x");
    assert_int_equal(mv_get_str(doc, STR(""))->i, 1);
    assert_null(mv_get(doc, "b"));
    assert_null(mv_get(NULL, "b"));
    assert_null(mv_get(mv_get(doc, "c"), ""));
    assert_true(str_is_null(mv_string(NULL)));
    assert_true(str_is_null(mv_string(doc)));
    assert_true(str_is_null(mv_string(value_of(*state, "{\"$symbol\":\"a\"}"))));
}

/* Value, the integer that it is or none, its truth, its words. */
static const struct {
    const char *json, *whole, *words;
    bool truth;
} numbers[] = {
    {"0", "0", "0", false},
    {"-1", "-1", "-1", true},
    {"9223372036854775807", "9223372036854775807", "9223372036854775807", true},
    {"0.0", "0", "0", false},
    {"-0.0", "0", "0", false},
    {"2.0", "2", "2", true},
    {"-0.5", NULL, "-0.5", true},
    {"2.5", NULL, "2.5", true},
    {"1e18", "1000000000000000000", "1000000000000000000", true},
    {"9007199254740993.0", "9007199254740992", "9007199254740992", true},
    {"9223372036854775808.0", NULL, "9.223372036854776e18", true},
    {"-9223372036854775808.0", "-9223372036854775808", "-9223372036854775808", true},
    {"1e300", NULL, "1e300", true},
    {"0.1", NULL, "0.1", true},
    {"1.5e-9", NULL, "1.5e-9", true},
    {"{\"$numberDouble\":\"NaN\"}", NULL, "NaN", true},
    {"{\"$numberDouble\":\"-Infinity\"}", NULL, "-Infinity", true},
    {"{\"$numberDecimal\":\"0\"}", "0", "0", false},
    {"{\"$numberDecimal\":\"-0.00\"}", "0", "0", false},
    {"{\"$numberDecimal\":\"0E+6111\"}", "0", "0", false},
    {"{\"$numberDecimal\":\"1.500\"}", NULL, "1.5", true},
    {"{\"$numberDecimal\":\"-7.00\"}", "-7", "-7", true},
    {"{\"$numberDecimal\":\"12E+3\"}", "12000", "12000", true},
    {"{\"$numberDecimal\":\"9223372036854775807\"}", "9223372036854775807", "9223372036854775807",
     true},
    /* 2^63: no int64, and the very number of a double. 10^300 is no double's; nor is a tenth. */
    {"{\"$numberDecimal\":\"9223372036854775808\"}", NULL, "9.223372036854776e18", true},
    {"{\"$numberDecimal\":\"9223372036854775809\"}", NULL, "9.223372036854775809e18m", true},
    {"{\"$numberDecimal\":\"1E+300\"}", NULL, "1e300m", true},
    {"{\"$numberDecimal\":\"0.1\"}", NULL, "0.1m", true},
    {"{\"$numberDecimal\":\"-1E-6176\"}", NULL, "-1e-6176m", true},
    {"{\"$numberDecimal\":\"1E+6111\"}", NULL, "1e6111m", true},
    {"{\"$numberDecimal\":\"NaN\"}", NULL, "NaN", true},
    {"{\"$numberDecimal\":\"-Infinity\"}", NULL, "-Infinity", true},
    {"true", NULL, "", true},
    {"false", NULL, "", false},
    {"null", NULL, "", false},
    {"\"1\"", NULL, "", false},
    {"[1]", NULL, "", false},
    {"{\"$date\":{\"$numberLong\":\"1\"}}", NULL, "", false},
};

static void as_numbers(void **state)
{
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const struct mv *v = value_of(*state, numbers[i].json);
        int64_t whole = 77;
        bool is_whole = mv_whole(v, &whole);
        struct str got = is_whole ? arena_printf(*state, "%lld", (long long)whole) : STR_NULL;
        if (is_whole != (numbers[i].whole != NULL) || !str_eq(got, str_c(numbers[i].whole)) ||
            mv_truth(v) != numbers[i].truth || mv_is_number(v) != (numbers[i].words[0] != '\0'))
            fail_msg("%s: %.*s", numbers[i].json, STR_ARG(got));
        assert_str(words(*state, v), numbers[i].words);
    }
    int64_t whole;
    assert_false(mv_truth(NULL) || mv_is_number(NULL) || mv_whole(NULL, &whole));
}

static void same(void **state)
{
    static const char *const all[] = {
        "1",
        "1.0",
        "{\"$numberLong\":\"1\"}",
        "{\"$numberDecimal\":\"1\"}",
        "{\"$numberDecimal\":\"1.0\"}",
        "0.0",
        "-0.0",
        "{\"$numberDouble\":\"NaN\"}",
        "{\"$numberDecimal\":\"NaN\"}",
        "{\"$numberDecimal\":\"Infinity\"}",
        "{\"$numberDecimal\":\"-Infinity\"}",
        "true",
        "null",
        "\"a\"",
        "\"a\\u0000\"",
        "{\"$symbol\":\"a\"}",
        "{\"$code\":\"a\"}",
        "{\"$code\":\"a\",\"$scope\":{}}",
        "{\"$code\":\"a\",\"$scope\":{\"a\":1}}",
        "[]",
        "[\"a\"]",
        "[\"a\",\"a\"]",
        "{}",
        "{\"a\":1}",
        "{\"a\":1,\"b\":2}",
        "{\"b\":2,\"a\":1}",
        "{\"$binary\":{\"base64\":\"\",\"subType\":\"00\"}}",
        "{\"$binary\":{\"base64\":\"\",\"subType\":\"01\"}}",
        "{\"$regularExpression\":{\"pattern\":\"a\",\"options\":\"\"}}",
        "{\"$regularExpression\":{\"pattern\":\"a\",\"options\":\"i\"}}",
        "{\"$timestamp\":{\"t\":1,\"i\":2}}",
        "{\"$timestamp\":{\"t\":2,\"i\":1}}",
        "{\"$minKey\":1}",
        "{\"$maxKey\":1}",
    };
    size_t n = sizeof all / sizeof *all;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            struct mv *a = value_of(*state, all[i]), *b = value_of(*state, all[k]);
            if (mv_same(a, b) != (i == k))
                fail_msg("%s and %s", all[i], all[k]);
            int order = mv_cmp(*state, a, b);
            assert_true((order == 0) == (i == k) && (order < 0) == (mv_cmp(*state, b, a) > 0));
        }
    assert_true(mv_same(NULL, NULL));
    assert_false(mv_same(NULL, value_of(*state, "null")));
    struct mv *nan = value_of(*state, "{\"$numberDouble\":\"NaN\"}"), *other = mv_copy(*state, nan);
    other->d = -nan->d;
    assert_true(mv_same(nan, other));
}

/* The same numbers on every run. */
static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* Any double reads back as itself, and no text of fewer digits does. */
static void shortest(void **state)
{
    uint64_t seed = 88172645463325252u;
    for (int i = 0; i < 20000; i++) {
        struct arena_mark mark = arena_mark(*state);
        struct strbuf out = sb_new(*state, 0);
        uint64_t bits = next_random(&seed);
        double d, again;
        char fewer[64];
        /* Each fourth is below the normal ones. */
        bits = i % 4 ? bits : bits & 0x800fffffffffffff;
        memcpy(&d, &bits, sizeof d);
        if (isnan(d))
            continue;
        mg_double_put(&out, d);
        assert_true(mg_double_read(sb_view(&out), &again));
        assert_memory_equal(&d, &again, sizeof d);
        int digits = 0;
        for (size_t k = 0; k < out.n && out.p[k] != 'e'; k++)
            digits += ascii_is_digit(out.p[k]) ? 1 : 0;
        if (!isinf(d) && strchr(out.p, 'e') && digits > 1) {
            snprintf(fewer, sizeof fewer, "%.*e", digits - 2, d);
            assert_false(strtod(fewer, NULL) == d);
        }
        arena_release(*state, mark);
    }
}

static void doubles(void **state)
{
    static const struct {
        const char *text, *put;
    } rows[] = {
        {"1", "1.0"},
        {"-0", "-0.0"},
        {"+0012.50", "12.5"},
        {"1.", "1.0"},
        {".5", "0.5"},
        {"1e14", "100000000000000.0"},
        {"1e15", "1000000000000000.0"},
        {"1e17", "100000000000000000.0"},
        {"1e18", "1e18"},
        {"123456789012345678", "123456789012345680.0"},
        {"0.000001", "0.000001"},
        {"0.0000001", "1e-7"},
        {"1.7976931348623157e308", "1.7976931348623157e308"},
        {"4.9e-324", "5e-324"},
        {"2.2250738585072014e-308", "2.2250738585072014e-308"},
        {"1e-9999999999999999999999", "0.0"},
        {"0e9999999999999999999999", "0.0"},
        /* Half way between two doubles, and a bit beyond: the last digit decides. */
        {"9007199254740993", "9007199254740992.0"},
        {"9007199254740993.00000000000000000000000000000000000001", "9007199254740994.0"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf out = sb_new(*state, 0);
        double d;
        assert_true(mg_double_read(str_c(rows[i].text), &d));
        mg_double_put(&out, d);
        assert_str(sb_view(&out), rows[i].put);
    }
    /* More digits than decide a double: the one at the very end still does. */
    struct strbuf text = sb_new(*state, 0);
    double d;
    sb_c(&text, "9007199254740993.");
    sb_pad(&text, '0', 5000);
    assert_true(mg_double_read(sb_view(&text), &d) && d == 9007199254740992.0);
    sb_char(&text, '1');
    assert_true(mg_double_read(sb_view(&text), &d) && d == 9007199254740994.0);
    static const char *const bad[] = {"",   "-",   ".",   "e5",    "1e",  "1e+",  "1x",
                                      "1 ", "inf", "0x1", "1e309", "--1", "1.5.5"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(mg_double_read(str_c(bad[i]), &d));
}

/* By the texts of the specification: read, and put in its form. */
static void decimals(void **state)
{
    static const struct {
        const char *text, *put;
    } rows[] = {
        {"0", "0"},
        {"-0.0", "-0.0"},
        {"1.500", "1.500"},
        {"+12", "12"},
        {"0012", "12"},
        {".5", "0.5"},
        {"5.", "5"},
        {"1e3", "1E+3"},
        {"1E-6", "0.000001"},
        {"1E-7", "1E-7"},
        {"12.3E-8", "1.23E-7"},
        {"1.2E+3", "1.2E+3"},
        {"1E+6111", "1E+6111"},
        {"1E+6112", "1.0E+6112"},
        {"1E+6144", "1.000000000000000000000000000000000E+6144"},
        {"0E+7000", "0E+6111"},
        {"0E-7000", "0E-6176"},
        {"10E-6177", "1E-6176"},
        {"1E-6176", "1E-6176"},
        {"9999999999999999999999999999999999E+6111", "9.999999999999999999999999999999999E+6144"},
        {"12345678901234567890123456789012340", "1.234567890123456789012345678901234E+34"},
        {"nan", "NaN"},
        {"-NaN", "NaN"},
        {"inf", "Infinity"},
        {"-INFINITY", "-Infinity"},
    };
    static const char *const bad[] = {"",
                                      ".",
                                      "E1",
                                      "1E",
                                      "1 ",
                                      "x",
                                      "1E+6145",
                                      "11E-6177",
                                      "12345678901234567890123456789012341",
                                      "1E99999999999999999",
                                      "infin",
                                      "--1"};
    unsigned char bytes[MG_DECIMAL_BYTES];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf out = sb_new(*state, 0);
        assert_true(mg_decimal_read(str_c(rows[i].text), bytes));
        mg_decimal_put(&out, bytes);
        assert_str(sb_view(&out), rows[i].put);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (mg_decimal_read(str_c(bad[i]), bytes))
            fail_msg("taken: <%s>", bad[i]);
}

/* Encodings that are not canonical: 10^34 as coefficient, and one with the bits 11 in front. */
static void decimals_beyond(void **state)
{
    unsigned char bytes[MG_DECIMAL_BYTES];
    static const unsigned char beyond[][MG_DECIMAL_BYTES] = {
        {0, 0, 0, 0, 0x64, 0x8e, 0x8d, 0x37, 0xc0, 0x87, 0xad, 0xbe, 0x09, 0xed, 0x41, 0x30},
        {1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x6c}};
    for (size_t i = 0; i < 2; i++) {
        struct strbuf out = sb_new(*state, 0);
        mg_decimal_put(&out, beyond[i]);
        assert_str(sb_view(&out), "0");
        assert_true(mg_decimal_read(STR("0"), bytes) && mg_decimal_same(bytes, beyond[i]));
    }
}

/* Random coefficients and exponents come back bit for bit. */
static void decimals_back(void **state)
{
    uint64_t seed = 1234567;
    for (int i = 0; i < 5000; i++) {
        struct arena_mark mark = arena_mark(*state);
        struct strbuf text = sb_new(*state, 0), again = sb_new(*state, 0);
        unsigned char bytes[MG_DECIMAL_BYTES], back[MG_DECIMAL_BYTES];
        unsigned digits = 1 + (unsigned)(next_random(&seed) % 34);
        if (next_random(&seed) % 2)
            sb_char(&text, '-');
        sb_char(&text, (char)('1' + next_random(&seed) % 9));
        for (unsigned k = 1; k < digits; k++)
            sb_char(&text, (char)('0' + next_random(&seed) % 10));
        sb_printf(&text, "E%d", (int)(next_random(&seed) % 12288) - 6176);
        assert_true(mg_decimal_read(sb_view(&text), bytes));
        mg_decimal_put(&again, bytes);
        assert_true(mg_decimal_read(sb_view(&again), back));
        assert_memory_equal(bytes, back, sizeof bytes);
        arena_release(*state, mark);
    }
}

/* A comma for the point in the locale changes no text. */
static void in_any_locale(void **state)
{
    static const char *const names[] = {"C", "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "C.UTF-8"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)setlocale(LC_ALL, names[i]); /* one that is not installed changes nothing */
        const struct mv *v = value_of(*state, "[0.5,1e300,{\"$numberDecimal\":\"2.5\"}]");
        struct str json = mv_json(*state, v), number = words(*state, v->last);
        (void)setlocale(LC_ALL, "C");
        assert_str(json, "[{\"$numberDouble\":\"0.5\"},{\"$numberDouble\":\"1e300\"},"
                         "{\"$numberDecimal\":\"2.5\"}]");
        assert_str(number, "2.5");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(makers),        TEST(taken),         TEST(read_access),
        TEST(as_numbers),    TEST(same),          TEST(shortest),
        TEST(doubles),       TEST(decimals),      TEST(decimals_beyond),
        TEST(decimals_back), TEST(in_any_locale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
