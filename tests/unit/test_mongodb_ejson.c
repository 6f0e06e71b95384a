/* Extended JSON to typed trees and back. tests/mongodb/literals.tsv holds what must be exact. */

#include "tests/harness/mongodb.h"

#include <stdio.h>
#include <string.h>

/* Each literal gives the BSON that the Java driver makes of it, and the BSON gives the literal. */
static void literals(void **state)
{
    static char line[65536];
    FILE *f = fopen("tests/mongodb/literals.tsv", "r");
    int rows = 0;
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        struct str rest = str_c(line), name, json, hex;
        if (line[0] == '#')
            continue;
        assert_true(str_cut(&rest, '\t', &name) && str_cut(&rest, '\t', &json) &&
                    str_cut(&rest, '\n', &hex));
        struct arena_mark mark = arena_mark(*state);
        struct str text = arena_printf(*state, "{\"v\":%.*s}", STR_ARG(json));
        struct mv *doc = value_of(*state, text.p), *again;
        struct err e = {0};
        if (!str_eq(hex_of(*state, doc), hex))
            fail_msg("%.*s: <%.*s>", STR_ARG(name), STR_ARG(hex_of(*state, doc)));
        assert_ok(mv_from_bson(*state, bytes_of(*state, hex), &again, &e), e);
        assert_str(mv_json(*state, again), text.p);
        assert_true(mv_same(doc, again) && mv_has_json(*state, again));
        assert_true(mv_same(doc, value_of(*state, mv_pretty(*state, doc).p)));
        arena_release(*state, mark);
        rows++;
    }
    (void)fclose(f);
    assert_true(rows >= 90);
}

/* What other writers write, as snap writes it. */
static const struct {
    const char *text, *json;
} read_as[] = {
    {" { \"a\" : [ 1 , true , false , null ] } ", "{\"a\":[1,true,false,null]}"},
    {"\t\r\n7\n", "7"},
    {"-0", "0"},
    {"2147483647", "2147483647"},
    {"2147483648", "{\"$numberLong\":\"2147483648\"}"},
    {"-2147483649", "{\"$numberLong\":\"-2147483649\"}"},
    {"-9223372036854775808", "{\"$numberLong\":\"-9223372036854775808\"}"},
    {"1.0", "{\"$numberDouble\":\"1.0\"}"},
    {"-0.0", "{\"$numberDouble\":\"-0.0\"}"},
    {"1e3", "{\"$numberDouble\":\"1000.0\"}"},
    {"1E-2", "{\"$numberDouble\":\"0.01\"}"},
    {"25e+1", "{\"$numberDouble\":\"250.0\"}"},
    {"1e-400", "{\"$numberDouble\":\"0.0\"}"},
    {"{\"$numberInt\":\"5\"}", "5"},
    {"{\"$numberDouble\":\"5\"}", "{\"$numberDouble\":\"5.0\"}"},
    {"{\"$numberDecimal\":\"1.50e2\"}", "{\"$numberDecimal\":\"150\"}"},
    {"{\"$date\":\"1970-01-01T00:00:01Z\"}", "{\"$date\":{\"$numberLong\":\"1000\"}}"},
    {"{\"$date\":\"1970-01-02T00:00:00.123456789+00:00\"}",
     "{\"$date\":{\"$numberLong\":\"86400123\"}}"},
    {"{\"$date\":\"2000-02-29T23:59:59.9-01:30\"}",
     "{\"$date\":{\"$numberLong\":\"951874199900\"}}"},
    {"{\"$date\":\"1969-12-31T23:59:59.999+0000\"}", "{\"$date\":{\"$numberLong\":\"-1\"}}"},
    {"{\"$date\":\"0000-01-01T00:00Z\"}", "{\"$date\":{\"$numberLong\":\"-62167219200000\"}}"},
    {"{\"$date\":\"9999-12-31T23:59:59.999Z\"}",
     "{\"$date\":{\"$numberLong\":\"253402300799999\"}}"},
    {"{\"$date\":\"1970-01-02\"}", "{\"$date\":{\"$numberLong\":\"86400000\"}}"},
    {"{\"$date\":42}", "{\"$date\":{\"$numberLong\":\"42\"}}"},
    {"{\"$binary\":\"AQI=\",\"$type\":\"0\"}",
     "{\"$binary\":{\"base64\":\"AQI=\",\"subType\":\"00\"}}"},
    {"{\"$type\":128,\"$binary\":\"AQI=\"}",
     "{\"$binary\":{\"base64\":\"AQI=\",\"subType\":\"80\"}}"},
    {"{\"$binary\":{\"subType\":\"5\",\"base64\":\"AQID\"}}",
     "{\"$binary\":{\"base64\":\"AQID\",\"subType\":\"05\"}}"},
    {"{\"$uuid\":\"00112233-4455-6677-8899-AABBCCDDEEFF\"}",
     "{\"$binary\":{\"base64\":\"ABEiM0RVZneImaq7zN3u/w==\",\"subType\":\"04\"}}"},
    {"{\"$oid\":\"ABCDEF012345678901234567\"}", "{\"$oid\":\"abcdef012345678901234567\"}"},
    {"{\"$regularExpression\":{\"options\":\"xi\",\"pattern\":\"a/b\"}}",
     "{\"$regularExpression\":{\"pattern\":\"a/b\",\"options\":\"ix\"}}"},
    {"{\"$scope\":{\"a\":1},\"$code\":\"f\"}", "{\"$code\":\"f\",\"$scope\":{\"a\":1}}"},
    {"{\"$timestamp\":{\"i\":4294967295,\"t\":0}}", "{\"$timestamp\":{\"t\":0,\"i\":4294967295}}"},
    /* What is no wrapper. */
    {"{\"$regex\":\"a\",\"$options\":\"i\"}", "{\"$regex\":\"a\",\"$options\":\"i\"}"},
    {"{\"$type\":\"00\"}", "{\"$type\":\"00\"}"},
    {"{\"$ref\":\"a\",\"$id\":1}", "{\"$ref\":\"a\",\"$id\":1}"},
    {"{\"$scope\":{}}", "{\"$scope\":{}}"},
    {"{\"$Date\":1}", "{\"$Date\":1}"},
    {"{\"date\":{\"$dat\":1}}", "{\"date\":{\"$dat\":1}}"},
    /* Text. */
    {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\\"\\\\/\\b\\f\\n\\r\\t\""},
    {"\"\\u0041\\u00e4\\u20AC\\ud83D\\uDE00\"", "\"A\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\""},
    {"\"\\u0000\x7f\xc2\x80\xc2\x85\xc2\xa0\xe2\x80\xa8\xef\xbb\xbf\"",
     "\"\\u0000\\u007f\\u0080\\u0085\xc2\xa0\\u2028\\ufeff\""},
    {"\"\xe2\x80\xae\xe2\x81\xa6\xef\xbf\xbe\xf3\xa0\x80\x81\"",
     "\"\\u202e\\u2066\\ufffe\\udb40\\udc01\""},
    {"\"$ ${ $${ {$ $\"", "\"$ \\u0024{ $\\u0024{ {$ $\""},
    {"{\"${a\":1,\"\\u2028\":2}", "{\"\\u0024{a\":1,\"\\u2028\":2}"},
};

static void read_and_written(void **state)
{
    for (size_t i = 0; i < sizeof read_as / sizeof *read_as; i++) {
        struct mv *v = value_of(*state, read_as[i].text);
        assert_str(mv_json(*state, v), read_as[i].json);
        assert_true(mv_same(v, value_of(*state, read_as[i].json)));
        assert_true(mv_has_json(*state, v));
    }
}

static const char beyond[] = "a whole number beyond 64 bits at line 1, column 1",
                  infinite[] = "a number beyond the largest double at line 1, column 1",
                  half[] = "half of a surrogate pair at line 1, column 2",
                  early[] = "the text ends too early", value[] = "a value was expected",
                  tail[] = "text after the value", twin[] = "a key that stands twice";

static const struct {
    const char *text, *message;
} refused[] = {
    {"", early},
    {" \n ", "the text ends too early at line 2, column 2"},
    {"{", early},
    {"[", early},
    {"[1", early},
    {"[1,", early},
    {"{\"a\"", early},
    {"{\"a\":", early},
    {"{\"a\":1", early},
    {"{\"a\":1,", early},
    {"\"a", "a string without an end at line 1, column 1"},
    {"\"\\", early},
    {"\"\\u12", early},
    {"-", early},
    {"1.", early},
    {"1e", early},
    {"nul", value},
    {"True", value},
    {"NaN", value},
    {"-Infinity", value},
    {"+1", value},
    {".5", value},
    {"01", tail},
    {"0x10", tail},
    {"1.e5", "a digit was expected"},
    {"1e+", early},
    {"'a'", value},
    {"[1,]", value},
    {"[1 2]", "a comma or ] was expected at line 1, column 4"},
    {"{,}", "a string was expected at line 1, column 2"},
    {"{\"a\":1,}", "a string was expected at line 1, column 8"},
    {"{a:1}", "a string was expected at line 1, column 2"},
    {"{\"a\" 1}", "a colon was expected at line 1, column 6"},
    {"{\n\"a\":1\n\"b\":2}", "a comma or } was expected at line 3, column 1"},
    {"{} {}", tail},
    {"1 // a", tail},
    {"9223372036854775808", beyond},
    {"-9223372036854775809", beyond},
    {"1e309", infinite},
    {"-1e999999999999999999999", infinite},
    {"\"\\x\"", "an unknown escape at line 1, column 3"},
    {"\"\\u12g4\"", "\\u without four hexadecimal digits at line 1, column 6"},
    {"\"\\ud800\"", half},
    {"\"\\ud800\\n\"", half},
    {"\"\\ud800\\u0041\"", half},
    {"\"\\ude00\\ud83d\"", half},
    {"\"a\nb\"", "a control character in a string at line 1, column 3"},
    {"\"\x01\"", "a control character in a string at line 1, column 2"},
    {"\"\xff\"", "text that is no UTF-8 at line 1, column 2"},
    {"\"\xed\xa0\x80\"", "text that is no UTF-8 at line 1, column 2"},
    {"\"\xc0\x80\"", "text that is no UTF-8 at line 1, column 2"},
    {"\"a\\n\xe2\x82\"", "text that is no UTF-8 at line 1, column 5"},
    {"{\"\\u0000\":1}", "a key with a NUL at line 1, column 2"},
    {"{\"a\":1,\"a\":2}", twin},
    {"[{\"a\":1,\"b\":1,\"\\u0061\":2}]", twin},
    {"{\"1\":1,\"2\":1,\"3\":1,\"4\":1,\"5\":1,\"6\":1,\"7\":1,\"8\":1,\"9\":1,\"10\":1,\"11\":1,"
     "\"12\":1,\"13\":1,\"5\":1}",
     twin},
};

static void refused_by_name(void **state)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct mv *v;
        struct err e = {0};
        assert_err(mv_from_json(*state, str_c(refused[i].text), &v, &e), e, E_NOT_UNDERSTOOD);
        if (!strstr(e.msg, refused[i].message) || !strstr(e.msg, "Extended JSON"))
            fail_msg("<%s>: %s", refused[i].text, e.msg);
        assert_non_null(strstr(e.hint, "Extended JSON v2"));
    }
}

/* Each wrapper with a part that is wrong, missing or too many. */
static const char *const bad_wrappers[] = {
    "{\"$oid\":\"\"}",
    "{\"$oid\":\"0123456789abcdef0123456\"}",
    "{\"$oid\":\"0123456789abcdef0123456g\"}",
    "{\"$oid\":\"0123456789abcdef012345678\"}",
    "{\"$oid\":1}",
    "{\"$oid\":\"0123456789abcdef01234567\",\"a\":1}",
    "{\"a\":1,\"$oid\":\"0123456789abcdef01234567\"}",
    "{\"$symbol\":1}",
    "{\"$symbol\":\"a\",\"a\":1}",
    "{\"$numberInt\":1}",
    "{\"$numberInt\":\"2147483648\"}",
    "{\"$numberInt\":\"1.0\"}",
    "{\"$numberLong\":1}",
    "{\"$numberLong\":\"\"}",
    "{\"$numberLong\":\"9223372036854775808\"}",
    "{\"$numberLong\":\"1\",\"$numberInt\":\"1\"}",
    "{\"$numberDouble\":1.5}",
    "{\"$numberDouble\":\"\"}",
    "{\"$numberDouble\":\"nan\"}",
    "{\"$numberDouble\":\"1e309\"}",
    "{\"$numberDouble\":\"0x10\"}",
    "{\"$numberDouble\":\"1 \"}",
    "{\"$numberDecimal\":1}",
    "{\"$numberDecimal\":\"\"}",
    "{\"$numberDecimal\":\"1E+6145\"}",
    "{\"$numberDecimal\":\"12345678901234567890123456789012345\"}",
    "{\"$date\":\"\"}",
    "{\"$date\":1.5}",
    "{\"$date\":true}",
    "{\"$date\":\"1970-13-01T00:00:00Z\"}",
    "{\"$date\":\"1970-00-01T00:00:00Z\"}",
    "{\"$date\":\"1970-02-29T00:00:00Z\"}",
    "{\"$date\":\"1900-02-29T00:00:00Z\"}",
    "{\"$date\":\"1970-04-31T00:00:00Z\"}",
    "{\"$date\":\"1970-01-00T00:00:00Z\"}",
    "{\"$date\":\"1970-01-01T24:00:00Z\"}",
    "{\"$date\":\"1970-01-01T00:60:00Z\"}",
    "{\"$date\":\"1970-01-01T00:00:60Z\"}",
    "{\"$date\":\"1970-01-01T00:00:00\"}",
    "{\"$date\":\"1970-01-01T00:00:00.Z\"}",
    "{\"$date\":\"1970-01-01T00:00:00.1234567891Z\"}",
    "{\"$date\":\"1970-01-01T00:00:00+1\"}",
    "{\"$date\":\"1970-01-01T00:00:00+01:\"}",
    "{\"$date\":\"1970-01-01T00:00:00+24:00\"}",
    "{\"$date\":\"1970-01-01T00:00:00Zx\"}",
    "{\"$date\":\"1970-01-01 00:00:00Z\"}",
    "{\"$date\":\"970-01-01T00:00:00Z\"}",
    "{\"$date\":{\"$numberLong\":\"1\"},\"a\":1}",
    "{\"$date\":{\"a\":1}}",
    "{\"$binary\":\"AQI=\"}",
    "{\"$binary\":{\"base64\":\"AQI=\"}}",
    "{\"$binary\":{\"base64\":\"AQI=\",\"subType\":0}}",
    "{\"$binary\":{\"base64\":\"AQI=\",\"subType\":\"\"}}",
    "{\"$binary\":{\"base64\":\"AQI=\",\"subType\":\"000\"}}",
    "{\"$binary\":{\"base64\":\"AQI=\",\"subType\":\"0g\"}}",
    "{\"$binary\":{\"base64\":\"AQI=\",\"subType\":\"ffffffffffffffffff\"}}",
    "{\"$binary\":{\"base64\":\"AQI\",\"subType\":\"00\"}}",
    "{\"$binary\":{\"base64\":\"AQI*\",\"subType\":\"00\"}}",
    "{\"$binary\":{\"base64\":\"A===\",\"subType\":\"00\"}}",
    "{\"$binary\":{\"base64\":\"AQ==AQI=\",\"subType\":\"00\"}}",
    "{\"$binary\":{\"base64\":1,\"subType\":\"00\"}}",
    "{\"$binary\":{\"base64\":\"\",\"subType\":\"00\",\"a\":1}}",
    "{\"$binary\":\"\",\"$type\":256}",
    "{\"$binary\":\"\",\"$type\":\"00\",\"a\":1}",
    "{\"$binary\":\"\",\"$type\":-1}",
    "{\"$binary\":\"\",\"a\":\"00\"}",
    "{\"$uuid\":\"00112233445566778899aabbccddeeff\"}",
    "{\"$uuid\":\"0011223-34455-6677-8899-aabbccddeeff\"}",
    "{\"$uuid\":\"00112233-4455-6677-8899-aabbccddeefg\"}",
    "{\"$regularExpression\":\"a\"}",
    "{\"$regularExpression\":{\"pattern\":\"a\"}}",
    "{\"$regularExpression\":{\"pattern\":\"a\",\"options\":1}}",
    "{\"$regularExpression\":{\"pattern\":1,\"options\":\"\"}}",
    "{\"$regularExpression\":{\"pattern\":\"a\\u0000\",\"options\":\"\"}}",
    "{\"$regularExpression\":{\"pattern\":\"a\",\"options\":\"\\u0000\"}}",
    "{\"$timestamp\":{\"t\":1}}",
    "{\"$timestamp\":{\"t\":-1,\"i\":1}}",
    "{\"$timestamp\":{\"t\":1,\"i\":4294967296}}",
    "{\"$timestamp\":{\"t\":1.0,\"i\":1}}",
    "{\"$timestamp\":{\"t\":1,\"i\":1,\"a\":1}}",
    "{\"$code\":1}",
    "{\"$code\":\"f\",\"a\":1}",
    "{\"$code\":\"f\",\"$scope\":1}",
    "{\"$code\":\"f\",\"$scope\":[]}",
    "{\"$code\":\"f\",\"$scope\":{},\"a\":1}",
    "{\"$dbPointer\":{\"$ref\":\"a\",\"$id\":1}}",
    "{\"$dbPointer\":{\"$ref\":1,\"$id\":{\"$oid\":\"0123456789abcdef01234567\"}}}",
    "{\"$minKey\":\"1\"}",
    "{\"$minKey\":2}",
    "{\"$maxKey\":true}",
    "{\"$undefined\":false}",
    "{\"$undefined\":1}",
};

static void refused_wrappers(void **state)
{
    for (size_t i = 0; i < sizeof bad_wrappers / sizeof *bad_wrappers; i++) {
        struct mv *v;
        struct err e = {0};
        struct str text = arena_printf(*state, "[1,\n %s]", bad_wrappers[i]);
        if (mv_from_json(*state, text, &v, &e) == 0)
            fail_msg("taken: %s", bad_wrappers[i]);
        assert_int_equal(e.code, E_NOT_UNDERSTOOD);
        if (!strstr(e.msg, " at line 2, column 2") || !strstr(e.msg, "read: $"))
            fail_msg("<%s>: %s", bad_wrappers[i], e.msg);
    }
}

static struct str nested(struct arena *mem, const char *open, const char *inner, const char *close,
                         unsigned n)
{
    struct strbuf out = sb_new(mem, 0);
    for (unsigned i = 0; i < n; i++)
        sb_c(&out, open);
    sb_c(&out, inner);
    for (unsigned i = 0; i < n; i++)
        sb_c(&out, close);
    return sb_view(&out);
}

/* A wrapper adds no level; code with a scope adds one. */
static void depth(void **state)
{
    static const struct {
        const char *open, *inner, *close;
    } ways[] = {{"[", "1", "]"},
                {"{\"a\":", "{\"$date\":{\"$numberLong\":\"1\"}}", "}"},
                {"{\"$code\":\"f\",\"$scope\":{\"a\":", "1", "}}"}};
    static const unsigned depths[] = {60, 120, 249, 250, 251, 252, 1000, 200000};
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        for (size_t k = 0; k < sizeof depths / sizeof *depths; k++) {
            /* A scope is one level, the code around it another. */
            unsigned n = i == 2 ? depths[k] / 2 : depths[k];
            struct mv *v;
            struct err e = {0};
            struct str text = nested(*state, ways[i].open, ways[i].inner, ways[i].close, n);
            if (depths[k] <= 250 || n <= 125) {
                assert_ok(mv_from_json(*state, text, &v, &e), e);
                assert_true(str_eq(mv_json(*state, v), text));
                assert_true(mv_has_json(*state, v));
            } else {
                assert_err(mv_from_json(*state, text, &v, &e), e, E_NOT_UNDERSTOOD);
                assert_non_null(strstr(e.msg, "nested too deeply"));
            }
        }
}

/* Documents that no text can carry. */
static void without_json(void **state)
{
    static const char *const keys[] = {"$oid",          "$numberInt",     "$numberLong",
                                       "$numberDouble", "$numberDecimal", "$date",
                                       "$uuid",         "$binary",        "$regularExpression",
                                       "$timestamp",    "$code",          "$symbol",
                                       "$dbPointer",    "$minKey",        "$maxKey",
                                       "$undefined"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        for (int first = 0; first < 2; first++) {
            struct mv *doc = mv_new(*state, MV_DOCUMENT), *list = mv_new(*state, MV_ARRAY);
            if (!first)
                mv_add(doc, STR("a"), mv_int(*state, 1));
            mv_add(doc, str_c(keys[i]), mv_text(*state, STR("1")));
            mv_add(list, STR_NULL, doc);
            assert_false(mv_has_json(*state, list));
            assert_true(mv_has_json(*state, mv_take(doc, keys[i])));
        }
    struct mv *regex = mv_new(*state, MV_REGEX);
    regex->text = STR("a");
    regex->more = STR("xi");
    assert_false(mv_has_json(*state, regex));
}

/* What mongosh reads back, and what not: as js-bson does it. */
static void javascript(void **state)
{
    static const char *const fine[] = {
        "{\"a\":1,\"b\":[{\"$date\":{\"$numberLong\":\"8640000000000000\"}}]}",
        "{\"0\":1,\"1\":1,\"10\":1,\"b\":1,\"01\":1,\"-1\":1,\"4294967295\":1}",
        "{\"a\":{\"$regex\":\"a\"}}",
        "{\"a\":{\"$options\":\"i\",\"$regex\":\"a\"}}",
        "{\"$regex\":{\"$regularExpression\":{\"pattern\":\"a\",\"options\":\"imx\"}},\"a\":1}",
        "{\"$code\":\"f\",\"$scope\":{\"a\":1}}",
    };
    static const char *const lost[] = {
        "{\"b\":1,\"0\":1}",
        "{\"1\":1,\"0\":1}",
        "{\"a\":[{\"b\":1,\"4294967294\":1}]}",
        "{\"a\":{\"$regex\":\"a\",\"$exists\":true}}",
        "{\"a\":{\"$regex\":\"a\",\"$options\":1}}",
        "{\"$regex\":1}",
        "{\"$ref\":\"a\",\"$id\":1}",
        "{\"_bsontype\":\"Long\"}",
        "{\"$undefined\":true}",
        "{\"$dbPointer\":{\"$ref\":\"a\",\"$id\":{\"$oid\":\"0123456789abcdef01234567\"}}}",
        "{\"$date\":{\"$numberLong\":\"8640000000000001\"}}",
        "{\"$date\":{\"$numberLong\":\"-8640000000000001\"}}",
        "{\"$regularExpression\":{\"pattern\":\"a\",\"options\":\"z\"}}",
        "{\"$code\":\"f\",\"$scope\":{\"a\":1,\"1\":1}}",
    };
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        if (!mv_has_js(value_of(*state, fine[i])))
            fail_msg("%s", fine[i]);
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++)
        if (mv_has_js(value_of(*state, lost[i])))
            fail_msg("%s", lost[i]);
}

static const char wide[] =
    "{\n"
    "  \"$jsonSchema\": {\n"
    "    \"bsonType\": \"object\",\n"
    "    \"required\": [\"name\", \"total\"],\n"
    "    \"properties\": {\n"
    "      \"name\": {\"bsonType\": \"string\", \"minLength\": 1},\n"
    "      \"total\": {\"bsonType\": \"decimal\", \"minimum\": {\"$numberDecimal\": \"0.50\"}}\n"
    "    }\n"
    "  },\n"
    "  \"list\": [\n"
    "    {\"a\": {\"$in\": [1, 2, {\"$numberLong\": \"3\"}]}, "
    "\"bbbbbbbbbbbbbbbbbbbb\": 0},\n"
    "    {},\n"
    "    []\n"
    "  ],\n"
    "  \"code\": {\"$code\": \"function() {\\n}\", \"$scope\": {\"a\": 1}}\n"
    "}";

static void pretty(void **state)
{
    assert_str(mv_pretty(*state, value_of(*state, wide)), wide);
    assert_str(mv_pretty(*state, value_of(*state, "{}")), "{}");
    assert_str(mv_pretty(*state, value_of(*state, "[ ]")), "[]");
    assert_str(mv_pretty(*state, value_of(*state, "\"a\"")), "\"a\"");
    /* 80 bytes with the comma that follows, and one more. */
    static const char text[] = "[{\"a\":\"%.*s\"},0]";
    static const char line[] =
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
    struct str fits = arena_printf(*state, text, 68, line),
               over = arena_printf(*state, text, 69, line);
    assert_int_equal(str_chr(str_from(mv_pretty(*state, value_of(*state, fits.p)), 2), '\n'), 80);
    assert_int_equal(str_chr(str_from(mv_pretty(*state, value_of(*state, over.p)), 2), '\n'), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(literals), TEST(read_and_written), TEST(refused_by_name), TEST(refused_wrappers),
        TEST(depth),    TEST(without_json),     TEST(javascript),      TEST(pretty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
