/* BSON to typed trees and back: each type byte for byte, and what is refused. */

#include "tests/harness/mongodb.h"

#include <string.h>

/* A document of one member, without its length and its end: type, key, value. */
static struct str document(struct arena *mem, const char *members)
{
    struct str inner = bytes_of(mem, str_c(members));
    struct strbuf out = sb_new(mem, 0);
    sb_char(&out, (char)(unsigned char)(inner.n + 5));
    sb_pad(&out, '\0', 3);
    sb_str(&out, inner);
    sb_char(&out, '\0');
    return sb_view(&out);
}

static const struct {
    const char *members, *json;
} values[] = {
    {"", "{}"},
    {"016100000000000000f83f", "{\"a\":{\"$numberDouble\":\"1.5\"}}"},
    {"026100030000006200630000", NULL}, /* two bytes too many: the next member has no name */
    {"0261000200000062"
     "00",
     "{\"a\":\"b\"}"},
    {"026100040000006200"
     "6300",
     "{\"a\":\"b\\u0000c\"}"},
    {"03610005000000"
     "00",
     "{\"a\":{}}"},
    {"0461000c0000001030000100000000", "{\"a\":[1]}"},
    {"05610002000000"
     "800102",
     "{\"a\":{\"$binary\":{\"base64\":\"AQI=\",\"subType\":\"80\"}}}"},
    {"05610006000000"
     "02020000000102",
     "{\"a\":{\"$binary\":{\"base64\":\"AQI=\",\"subType\":\"02\"}}}"},
    {"066100", "{\"a\":{\"$undefined\":true}}"},
    {"0761000102030405060708090a0b0c", "{\"a\":{\"$oid\":\"0102030405060708090a0b0c\"}}"},
    {"08610000", "{\"a\":false}"},
    {"08610001", "{\"a\":true}"},
    {"096100ffffffffffffffff", "{\"a\":{\"$date\":{\"$numberLong\":\"-1\"}}}"},
    {"0a6100", "{\"a\":null}"},
    {"0b6100620069"
     "7800",
     "{\"a\":{\"$regularExpression\":{\"pattern\":\"b\",\"options\":\"ix\"}}}"},
    {"0c6100020000006200"
     "0102030405060708090a0b0c",
     "{\"a\":{\"$dbPointer\":{\"$ref\":\"b\",\"$id\":{\"$oid\":\"0102030405060708090a0b0c\"}}}}"},
    {"0d6100020000006200", "{\"a\":{\"$code\":\"b\"}}"},
    {"0e6100020000006200", "{\"a\":{\"$symbol\":\"b\"}}"},
    {"0f61000f000000020000006200"
     "0500000000",
     "{\"a\":{\"$code\":\"b\",\"$scope\":{}}}"},
    {"106100ffffffff", "{\"a\":-1}"},
    {"1161000100000002000000", "{\"a\":{\"$timestamp\":{\"t\":2,\"i\":1}}}"},
    {"126100ffffffffffffff7f", "{\"a\":{\"$numberLong\":\"9223372036854775807\"}}"},
    {"136100010000000000000000000000"
     "00004030",
     "{\"a\":{\"$numberDecimal\":\"1\"}}"},
    {"7f6100", "{\"a\":{\"$maxKey\":1}}"},
    {"ff6100", "{\"a\":{\"$minKey\":1}}"},
    {"1000000000000a"
     "00",
     "{\"\":0,\"\":null}"},
};

static void every_type(void **state)
{
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct str bytes = document(*state, values[i].members);
        struct strbuf again = sb_new(*state, 0);
        struct mv *doc = NULL;
        struct err e = {0};
        if (!values[i].json) {
            assert_err(mv_from_bson(*state, bytes, &doc, &e), e, E_NOT_UNDERSTOOD);
            continue;
        }
        assert_ok(mv_from_bson(*state, bytes, &doc, &e), e);
        assert_str(mv_json(*state, doc), values[i].json);
        mv_put_bson(&again, doc);
        assert_true(str_eq(sb_view(&again), bytes));
        /* Each byte less is an error, in a copy of its own so that reading past it is one too. */
        for (size_t n = 0; n < bytes.n; n++) {
            struct arena *alone = arena_new(0);
            char *p = malloc(n ? n : 1);
            assert_non_null(p);
            memcpy(p, bytes.p, n);
            assert_err(mv_from_bson(alone, (struct str){p, n}, &doc, &e), e, E_NOT_UNDERSTOOD);
            free(p);
            arena_free(alone);
        }
    }
}

static const struct {
    const char *hex, *message;
} refused[] = {
    {"", "cut short at byte 0"},
    {"0400000000", "a document whose length does not fit at byte 0"},
    {"0600000000", "a document whose length does not fit at byte 0"},
    {"ffffffff00", "a document whose length does not fit at byte 0"},
    {"0500000001", "a document without an end at byte 0"},
    {"050000000000", "bytes after the end at byte 5"},
    {"080000000a616200", "a name without an end at byte 5"},
    {"080000000aff0000", "a name that is no UTF-8 at byte 5"},
    {"0a0000000aeda0800000", "a name that is no UTF-8 at byte 5"},
    {"0800000014610000", "a value of an unknown type at byte 7"},
    {"0800000000610000", "a value of an unknown type at byte 7"},
    {"0900000008610002"
     "00",
     "a boolean that is neither true nor false at byte 8"},
    {"0b00000010610001020300", "cut short at byte 7"},
    {"0b000000106100010200", "a document whose length does not fit at byte 0"},
    {"0d000000026100000000000000", "a string whose length does not fit at byte 11"},
    {"0d000000026100030000006200", "a string whose length does not fit at byte 11"},
    {"0e00000002610002000000626300", "a string without an end at byte 11"},
    {"0e000000026100ffffffff620000", "a string whose length does not fit at byte 11"},
    {"0e00000002610002000000ff0000", "a string that is no UTF-8 at byte 11"},
    {"1000000002610004000000c3006300"
     "00",
     "a string that is no UTF-8 at byte 11"},
    {"0e00000005610003000000000100", "a binary whose length does not fit at byte 12"},
    {"0d000000056100ffffffff0000", "a binary whose length does not fit at byte 12"},
    {"0f00000005610002000000020102"
     "00",
     "a binary whose length does not fit at byte 12"},
    {"120000000561000500000002020000000100", "a binary of two lengths at byte 16"},
    {"0a0000000b6100620000", "a name without an end at byte 9"},
    {"0d000000036100060000000000", "a document whose length does not fit at byte 7"},
    {"0d000000036100040000000000", "a document whose length does not fit at byte 7"},
    {"17000000"
     "0f6100"
     "0f000000"
     "02000000"
     "6200"
     "0500000001"
     "00",
     "a document without an end at byte 17"},
    {"18000000"
     "0f6100"
     "10000000"
     "02000000"
     "6200"
     "0500000000"
     "00"
     "00",
     "code whose length does not fit at byte 22"},
    {"17000000"
     "0f6100"
     "03000000"
     "02000000"
     "6200"
     "0500000000"
     "00",
     "code whose length does not fit at byte 7"},
    {"17000000"
     "0f6100"
     "0e000000"
     "02000000"
     "6200"
     "0500000000"
     "00",
     "a document whose length does not fit at byte 17"},
};

static void refused_by_name(void **state)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        struct mv *doc;
        struct err e = {0};
        struct str bytes = bytes_of(*state, str_c(refused[i].hex));
        assert_err(mv_from_bson(*state, bytes, &doc, &e), e, E_NOT_UNDERSTOOD);
        struct str want = arena_printf(*state, "BSON that cannot be read: %s", refused[i].message);
        assert_string_equal(e.msg, want.p);
        assert_true(e.hint[0] != '\0');
    }
}

/* n documents, each in the one before. */
static struct str nested(struct arena *mem, unsigned n)
{
    struct strbuf out = sb_new(mem, 0);
    for (unsigned i = n; i > 0; i--) {
        uint32_t length = 5 + 8 * (i - 1);
        for (int k = 0; k < 4; k++)
            sb_char(&out, (char)(unsigned char)(length >> (8 * k)));
        if (i > 1)
            sb_put(&out,
                   i % 2 ? "\x03k"
                         : "\x04"
                           "0",
                   3);
    }
    sb_pad(&out, '\0', n);
    return sb_view(&out);
}

static void depth(void **state)
{
    static const unsigned fine[] = {1, 60, 120, 249, 250}, deep[] = {251, 252, 600, 100000};
    struct mv *doc;
    struct err e = {0};
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++) {
        struct str bytes = nested(*state, fine[i]);
        struct strbuf again = sb_new(*state, 0);
        assert_ok(mv_from_bson(*state, bytes, &doc, &e), e);
        mv_put_bson(&again, doc);
        assert_true(mv_has_json(*state, doc));
        assert_true(mv_same(doc, mv_copy(*state, doc)));
        assert_int_equal(again.n, bytes.n);
    }
    for (size_t i = 0; i < sizeof deep / sizeof *deep; i++) {
        assert_err(mv_from_bson(*state, nested(*state, deep[i]), &doc, &e), e, E_NOT_UNDERSTOOD);
        assert_non_null(strstr(e.msg, "nested too deeply"));
    }
}

/* Trees that are made by hand: deeper than what is read they are still written whole, up to twice
 * the depth, and beyond that not at all rather than in part. */
static void depth_by_hand(void **state)
{
    struct mv *v = mv_int(*state, 1);
    for (unsigned n = 1; n <= 2 * MV_MAX_DEPTH + 1; n++) {
        struct mv *outer = mv_new(*state, MV_DOCUMENT);
        mv_add(outer, STR("a"), v);
        v = outer;
        struct strbuf bson = sb_new(*state, 0), json = sb_new(*state, 0), pretty = json;
        mv_put_bson(&bson, v);
        mv_put_json(&json, v);
        mv_put_pretty(&pretty, v);
        assert_int_equal(bson.over, n > 2 * MV_MAX_DEPTH);
        assert_int_equal(json.over, n > 2 * MV_MAX_DEPTH);
        assert_int_equal(pretty.over, n > 2 * MV_MAX_DEPTH);
        if (n % 50 <= 1)
            assert_int_equal(mv_has_json(*state, v), n <= MV_MAX_DEPTH);
    }
}

static void twice_a_key(void **state)
{
    struct mv *doc;
    struct err e = {0};
    struct str bytes = document(*state, "1061000100000010610002000000");
    assert_ok(mv_from_bson(*state, bytes, &doc, &e), e);
    assert_int_equal(doc->n, 2);
    assert_str(mv_json(*state, doc), "{\"a\":1,\"a\":2}");
    assert_false(mv_has_json(*state, doc));
    assert_int_equal(mv_get(doc, "a")->i, 1);
}

/* Options of a regular expression come in any order; the names of an array's members are its
 * positions, whatever stands there. */
static void normal_form(void **state)
{
    struct mv *doc;
    struct err e = {0};
    assert_ok(mv_from_bson(*state,
                           document(*state, "0b610062007869"
                                            "6d00"),
                           &doc, &e),
              e);
    assert_str(mv_json(*state, doc),
               "{\"a\":{\"$regularExpression\":{\"pattern\":\"b\",\"options\":\"imx\"}}}");
    assert_ok(mv_from_bson(*state,
                           document(*state, "0461000d00000010787800"
                                            "0100000000"),
                           &doc, &e),
              e);
    assert_str(hex_of(*state, doc), "140000000461000c000000103000010000000000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_type),    TEST(refused_by_name), TEST(depth),
        TEST(depth_by_hand), TEST(twice_a_key),     TEST(normal_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
