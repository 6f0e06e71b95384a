/* The first and the last line of a snapshot file. */

#include "snapshot/head.h"

#include "tests/harness/mini.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static const char good_head[] =
    "{\"snap\":1,\"engine\":\"mini\",\"version\":\"V\",\"model\":3,\"facets\":[\"structure\"],"
    "\"captured\":[\"structure\",\"order\"],\"scope\":{\"include\":[\"table:a\"]},"
    "\"visibility\":\"complete\",\"objects\":[";

static int parse(struct arena *mem, struct str line, struct head *out, struct err *e)
{
    return head_parse(line, STR("x.json"), mini_engines, mem, out, e);
}

static void a_head(void **state)
{
    struct head h;
    struct err e = {0};
    assert_ok(parse(*state, str_c(good_head), &h, &e), e);
    assert_ptr_equal(h.eng, &engine_mini);
    assert_str(h.version, "V");
    assert_str(h.scope, "{\"include\":[\"table:a\"]}");
    assert_int_equal(h.model, 3);
    assert_int_equal(h.facets, F_STRUCTURE);
    assert_int_equal(h.captured, F_STRUCTURE | F_ORDER);
}

static void bad_heads(void **state)
{
    static const struct {
        const char *what, *with;
        enum err_code code;
    } rows[] = {
        {"\"snap\":1", "\"snap\":\"1\"", E_SNAPSHOT_SYNTAX},
        {"\"snap\":1", "\"snap\":1.0", E_SNAPSHOT_SYNTAX},
        {"\"snap\":1", "\"snap\":9223372036854775807", E_SNAPSHOT_VERSION},
        {"\"snap\":1", "\"snap\":2", E_SNAPSHOT_VERSION},
        {"\"engine\":\"mini\"", "\"engine\":7", E_UNKNOWN_ENGINE},
        {"\"engine\":\"mini\",", "", E_UNKNOWN_ENGINE},
        {"\"engine\":\"mini\"", "\"engine\":\"mini\",\"more\":1", E_SNAPSHOT_SYNTAX},
        {"\"version\":\"V\"", "\"version\":1", E_SNAPSHOT_SYNTAX},
        {"\"version\":\"V\",", "", E_SNAPSHOT_SYNTAX},
        {"\"model\":3", "\"model\":0", E_SNAPSHOT_VERSION},
        {"\"model\":3", "\"model\":8", E_SNAPSHOT_VERSION},
        {"\"model\":3", "\"model\":65539", E_SNAPSHOT_VERSION},
        {"\"model\":3,", "", E_SNAPSHOT_VERSION},
        {"[\"structure\"]", "[\"nothing\"]", E_SNAPSHOT_SYNTAX},
        {"[\"structure\"]", "[7]", E_SNAPSHOT_SYNTAX},
        {"[\"structure\"]", "\"structure\"", E_SNAPSHOT_SYNTAX},
        {"[\"structure\",\"order\"]", "[\"order\",\"structure\"]", E_SNAPSHOT_SYNTAX},
        {"[\"structure\",\"order\"]", "[\"order\",\"order\"]", E_SNAPSHOT_SYNTAX},
        {"\"captured\":[\"structure\",\"order\"],", "", E_SNAPSHOT_SYNTAX},
        {"{\"include\":[\"table:a\"]}", "[]", E_SNAPSHOT_SYNTAX},
        {"{\"include\":[\"table:a\"]}", "{\"only\":[]}", E_SNAPSHOT_SYNTAX},
        {"{\"include\":[\"table:a\"]}", "{\"include\":\"table:a\"}", E_SNAPSHOT_SYNTAX},
        {"\"complete\"", "\"partial\"", E_SNAPSHOT_SYNTAX},
        {"\"visibility\":\"complete\",", "", E_SNAPSHOT_SYNTAX},
        {",\"objects\":[", ",\"objects\":[ ", E_SNAPSHOT_SYNTAX},
        {"{\"snap\":1", "[\"snap\":1", E_SNAPSHOT_SYNTAX},
        {"\"engine\":\"mini\"", "\"engine\":\"mini\",\"engine\":\"mini\"", E_SNAPSHOT_DUPLICATE},
    };
    struct arena *mem = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct head h;
        struct err e = {0};
        struct str line = swapped(mem, str_c(good_head), rows[i].what, rows[i].with);
        if (parse(mem, line, &h, &e) != -1 || e.code != rows[i].code || !says(&e, "line 1"))
            fail_msg("%s: %s %s", line.p, err_name(e.code), e.msg);
    }
}

/* A NUL ends no text here: what stands behind it is seen. */
static void bytes_behind_nul(void **state)
{
    static const char line[] = "{\"snap\":1}\0,\"objects\":[";
    struct head h;
    struct err e = {0};
    assert_err(parse(*state, (struct str){line, sizeof line - 1}, &h, &e), e, E_SNAPSHOT_SYNTAX);
}

#define HASH_A "00112233445566778899aabbccddeeff"
#define HASH_B "ffeeddccbbaa99887766554433221100"
static const char good_foot[] =
    "{\"objects\":[],\"ledger\":[{\"kind\":\"k\",\"name\":\"n\\\"]\",\"hash\":\"" HASH_A
    "\",\"why\":\"w\"},{\"kind\":\"l\",\"name\":\"\",\"hash\":\"" HASH_B
    "\",\"why\":\"\"}],\"count\":12,\"fingerprint\":\"" HASH_A "\",\"digest\":\"" HASH_B "\"}";

static void a_foot(void **state)
{
    struct foot f;
    struct err e = {0};
    assert_ok(foot_parse(str_c(good_foot), STR("x"), *state, &f, &e), e);
    assert_int_equal(f.count, 12);
    assert_int_equal(f.nledger, 2);
    assert_str(f.ledger[0].kind, "k");
    assert_str(f.ledger[0].name, "n\"]");
    assert_str(f.ledger[0].why, "w");
    assert_true(f.ledger[0].hash.hi == 0x0011223344556677 && f.digest.lo == 0x7766554433221100);
    assert_true(hash_eq(f.ledger[0].hash, f.fingerprint) && hash_eq(f.ledger[1].hash, f.digest));
    struct str none = STR("{\"objects\":[],\"ledger\":[],\"count\":0,\"fingerprint\":\"" HASH_A
                          "\",\"digest\":\"" HASH_B "\"}");
    assert_ok(foot_parse(none, STR("x"), *state, &f, &e), e);
    assert_int_equal(f.nledger, 0);
}

static void bad_feet(void **state)
{
    static const char *const rows[][2] = {
        {"\"ledger\":[", "\"ledger\":{"},
        {"\"kind\":\"k\",\"name\"", "\"name\":\"k\",\"kind\""},
        {"\"kind\":\"k\"", "\"kind\":null"},
        {"\"why\":\"w\"", "\"why\":true"},
        {",\"why\":\"w\"", ""},
        {"\"hash\":\"00", "\"hash\":\"zz"},
        {"\"hash\":\"00", "\"hash\":\"0"},
        {"w\"},{", "w\"}{"},
        {"w\"},{", "w\"}, {"},
        {"w\"},{", "w\"};{"},
        {"\"}],\"count\"", "\"},],\"count\""},
        {"\"count\":12", "\"count\":12.0"},
        {"\"count\":12", "\"count\":-12"},
        {"\"count\":12", "\"count\":true"},
        {"\"count\":12,", ""},
        {"\"count\":12", "\"count\":99999999999999999999"},
        {"\"fingerprint\":\"00", "\"fingerprint\":\"0"},
        {"\"fingerprint\":\"" HASH_A "\"", "\"fingerprint\":12"},
        {"\"digest\":\"ff", "\"digest\":\"FG"},
        {",\"digest\":\"" HASH_B "\"", ""},
        {"100\"}", "100\"}}"},
        {"100\"}", "100\""},
    };
    struct arena *mem = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct foot f;
        struct err e = {0};
        struct str text = swapped(mem, str_c(good_foot), rows[i][0], rows[i][1]);
        if (foot_parse(text, STR("x.json"), mem, &f, &e) != -1 || e.code != E_SNAPSHOT_SYNTAX ||
            !says(&e, "x.json"))
            fail_msg("%s: %s %s", text.p, err_name(e.code), e.msg);
    }
    struct foot f;
    struct err e = {0};
    static const char nul[] = "{\"objects\":[],\"ledger\":[],\"count\":0,\"fingerprint\":\"" HASH_A
                              "\",\"digest\":\"" HASH_B "\"}\0\n";
    assert_err(foot_parse((struct str){nul, sizeof nul - 1}, STR("x"), mem, &f, &e), e,
               E_SNAPSHOT_SYNTAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_head), TEST(bad_heads), TEST(bytes_behind_nul), TEST(a_foot), TEST(bad_feet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
