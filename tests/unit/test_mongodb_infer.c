/* Reports of what documents hold: what chance explains, what is said of two of them, validators. */

#include "tests/harness/mongodb.h"

#include <math.h>
#include <string.h>

#include "drivers/mongodb/sample_parts.h"

static void intervals(void **state)
{
    (void)state;
    static const struct {
        uint64_t k, n;
        double low, high;
    } rows[] = {
        {0, 10, 0, 0.2775327998628892},
        {10, 10, 0.7224672001371107, 1},
        {1, 10, 0.017876213095072868, 0.4041500267952385},
        {4, 1000, 0.0015565881404084308, 0.010239556277262253},
        {50, 100, 0.4038315303659956, 0.5961684696340044},
        {0, 0, 0, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double low, high;
        mg_wilson(rows[i].k, rows[i].n, &low, &high);
        assert_true(fabs(low - rows[i].low) < 1e-12 && fabs(high - rows[i].high) < 1e-12);
    }
}

/* Against sums of binomial coefficients in whole numbers. */
static void chances(void **state)
{
    (void)state;
    static const struct {
        struct share a, b;
        double p;
    } rows[] = {
        {{0, 1000, false}, {10, 1000, false}, 0.001909465165341615},
        {{0, 1000, false}, {30, 1000, false}, 1.4936655762609025e-09},
        {{1, 10, false}, {11, 14, false}, 0.002759456185220083},
        {{500, 1000, false}, {560, 1000, false}, 0.008193461025460338},
        {{0, 10, false}, {10, 10, false}, 1.082508822446903e-05},
        {{3, 50, false}, {3, 50, false}, 1},
        {{1000, 100000, true}, {0, 1000, false}, 8.634249482131572e-05},
        {{1000, 100000, true}, {20, 1000, false}, 0.00657671957545488},
        {{1000, 100000, true}, {5, 1000, false}, 0.1322790232145028},
        {{99000, 100000, true}, {1000, 1000, false}, 8.634249482131572e-05},
        {{50000, 100000, true}, {480, 1000, false}, 0.21744829320414097},
        /* What is known of all is certain. */
        {{0, 100000, true}, {0, 1000, false}, 1},
        {{0, 100000, true}, {1, 1000, false}, 0},
        {{100000, 100000, true}, {1000, 1000, false}, 1},
        {{100000, 100000, true}, {999, 1000, false}, 0},
        {{0, 10, true}, {1, 10, true}, 0},
        {{0, 10, true}, {0, 99, true}, 1},
        {{1, 10, false}, {0, 0, false}, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double p = mg_chance(rows[i].a, rows[i].b), turned = mg_chance(rows[i].b, rows[i].a);
        if (!(fabs(p - rows[i].p) <= 1e-7 * rows[i].p) || !(fabs(p - turned) <= 1e-7 * p))
            fail_msg("row %zu: %.12g, not %.12g", i, p, rows[i].p);
    }
}

/* The same numbers on every run. */
static uint64_t seed = 20260101;
static double chance(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (double)(seed >> 11) / 9007199254740992.0;
}

/* A document as a database holds them by the thousand: common fields, rare ones, a type that one in
 * `odd` has, fields that hang together. */
static struct mv *draw(struct arena *mem, double odd)
{
    struct mv *doc = mv_new(mem, MV_DOCUMENT);
    double kind = chance();
    mv_add(doc, STR("_id"), mv_int(mem, 1));
    mv_add(doc, STR("total"), chance() < odd ? mv_text(mem, STR("1")) : mv_int(mem, 1));
    if (kind < 0.5)
        mv_add(doc, STR("name"), mv_text(mem, STR("n")));
    if (chance() < 0.003)
        mv_add(doc, STR("rare"), mv_bool(mem, true));
    if (chance() < 0.01)
        mv_add(doc, STR("seldom"), mv_new(mem, chance() < 0.5 ? MV_NULL : MV_OBJECTID));
    struct mv *inner = mv_add(doc, STR("address"), mv_new(mem, MV_DOCUMENT));
    if (kind < 0.2)
        mv_add(inner, STR("street"), mv_text(mem, STR("s")));
    if (kind > 0.1)
        mv_add(inner, STR("city"), kind > 0.97 ? mv_new(mem, MV_NULL) : mv_text(mem, STR("c")));
    struct mv *list = mv_add(doc, STR("items"), mv_new(mem, MV_ARRAY));
    for (int i = (int)(3 * chance()); i > 0; i--) {
        struct mv *item = mv_add(list, STR_NULL, mv_new(mem, MV_DOCUMENT));
        mv_add(item, STR("qty"), chance() < 0.02 ? mv_new(mem, MV_DOUBLE) : mv_int(mem, 1));
    }
    return doc;
}

static struct str sample(struct arena *mem, int n, double odd, bool all)
{
    struct strbuf out = sb_new(mem, 0);
    struct mg_sample *s = mg_sample_new(mem, STR("orders"));
    for (int i = 0; i < n; i++)
        mg_sample_add(s, draw(mem, odd), 1);
    mg_report_begin(&out);
    mg_report_collection(&out, s, all, 100000);
    mg_report_end(&out);
    return sb_view(&out);
}

static uint32_t compared(struct arena *mem, struct str was, struct str is, struct str *said)
{
    struct strbuf out = sb_new(mem, 0);
    struct err e = {0};
    uint32_t n = 77;
    assert_ok(mg_infer.compare(was, is, mem, &out, &n, &e), e);
    *said = sb_view(&out);
    assert_int_equal(n == 0, said->n == 0);
    return n;
}

/* 1,000 samples of data that does not change, each compared with the one before and with a census:
 * not a word. */
static void no_false_alarm(void **state)
{
    enum { REPEATS = 1000, SIZE = 1000 };
    struct arena *turns[2] = {arena_new(0), arena_new(0)};
    struct str was = STR_NULL, all = sample(*state, 50000, 0.002, true), said;
    for (int i = 0; i <= REPEATS; i++) {
        struct arena *mine = turns[i % 2];
        arena_free(mine);
        mine = turns[i % 2] = arena_new(0);
        struct str is = sample(mine, SIZE, 0.002, false);
        if ((i && compared(mine, was, is, &said)) || compared(mine, all, is, &said))
            fail_msg("run %d: %.*s", i, STR_ARG(said));
        was = is;
    }
    arena_free(turns[0]);
    arena_free(turns[1]);
}

/* A type that one document in a hundred has is in a sample of 1,000, and against a census that had
 * none it is said to be new, in 99 of 100 runs and more; one that 6 in a hundred have, also against
 * a sample. */
static void rare_types_found(void **state)
{
    enum { REPEATS = 300 };
    struct str all = sample(*state, 20000, 0, true), some = sample(*state, 1000, 0, false), said;
    int found = 0, said_all = 0, said_some = 0;
    for (int i = 0; i < REPEATS; i++) {
        struct arena *mine = arena_new(0);
        struct str is = sample(mine, 1000, 0.01, false);
        size_t at = str_find(is, STR("{\"path\":\"total\""));
        struct str line = str_sub(is, at, at + str_chr(str_from(is, at), '\n'));
        found += str_find(line, STR("\"string\":")) < line.n ? 1 : 0;
        (void)compared(mine, all, is, &said);
        said_all +=
            str_find(said, STR("orders: total string was 0 of 20000, is ")) < said.n ? 1 : 0;
        (void)compared(mine, some, sample(mine, 1000, 0.06, false), &said);
        said_some += str_find(said, STR("total string was 0 % (0..0.4), is ")) < said.n ? 1 : 0;
        arena_free(mine);
    }
    assert_true(found >= 297 && said_all >= 297 && said_some >= 297);
}

/* A report of one collection from lines of its fields. */
static struct str report(struct arena *mem, int documents, bool all, const char *fields)
{
    return arena_printf(mem,
                        "{\"snap_infer\":1,\"engine\":\"mongodb\",\"collections\":[{"
                        "\"collection\":\"c\",\"documents\":%d,\"all\":%s,\"estimate\":-1,"
                        "\"more\":false,\"fields\":[%s],\"hash\":\"\"}]}",
                        documents, all ? "true" : "false", fields);
}

static const char old_one[] = "{\"path\":\"a\",\"in\":9000,\"documents\":9000,\"missing\":0,"
                              "\"types\":{\"object\":9000}},"
                              "{\"path\":\"a.b\",\"in\":9000,\"documents\":9000,\"missing\":0,"
                              "\"types\":{\"int\":9000}}";

static void what_is_said(void **state)
{
    static const struct {
        const char *fields, *said;
    } rows[] = {
        {old_one, ""},
        /* A new field, with what belongs to it; one that went. */
        {"{\"path\":\"a\",\"in\":9000,\"documents\":9000,\"missing\":0,\"types\":{\"object\":9000}}"
         ","
         "{\"path\":\"a.b\",\"in\":9000,\"documents\":9000,\"missing\":0,\"types\":{\"int\":9000}},"
         "{\"path\":\"a.n\",\"in\":9000,\"documents\":900,\"missing\":8100,"
         "\"types\":{\"object\":900}},"
         "{\"path\":\"a.n.m\",\"in\":900,\"documents\":900,\"missing\":0,\"types\":{\"int\":900}}",
         "c: a.n there was 0 % (0..<0.1), is 10 % (9.4..11)\n"},
        {"{\"path\":\"a\",\"in\":9000,\"documents\":9000,\"missing\":0,\"types\":{\"object\":9000}"
         "}",
         "c: a.b there was 100 % (>99.9..100), is 0 % (0..<0.1)\n"},
        /* The parent says it; what belongs to it is as it was where the parent is. */
        {"{\"path\":\"a\",\"in\":9000,\"documents\":4500,\"missing\":4500,"
         "\"types\":{\"object\":4500}},"
         "{\"path\":\"a.b\",\"in\":4500,\"documents\":4500,\"missing\":0,\"types\":{\"int\":4500}}",
         "c: a object was 100 % (>99.9..100), is 50 % (49..51)\n"
         "c: a missing was 0 % (0..<0.1), is 50 % (49..51)\n"},
        {"{\"path\":\"a\",\"in\":9000,\"documents\":9000,\"missing\":0,\"types\":{\"object\":9000}}"
         ","
         "{\"path\":\"a.b\",\"in\":9000,\"documents\":9000,\"missing\":0,"
         "\"types\":{\"int\":8000,\"long\":1000}}",
         "c: a.b int was 100 % (>99.9..100), is 89 % (88..90)\n"
         "c: a.b long was 0 % (0..<0.1), is 11 % (10..12)\n"},
        /* Names that one side has as one are not compared with those of the other. */
        {"{\"path\":\"a\",\"in\":9000,\"documents\":9000,\"missing\":0,\"types\":{\"object\":9000}}"
         ","
         "{\"path\":\"a.*\",\"in\":9000,\"documents\":9000,\"missing\":0,\"types\":{\"int\":9000}}",
         ""},
    };
    struct str was = report(*state, 9000, false, old_one), said;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        (void)compared(*state, was, report(*state, 9000, false, rows[i].fields), &said);
        assert_str(said, rows[i].said);
    }
    (void)compared(*state, report(*state, 0, false, ""), was, &said);
    assert_str(said, "");
}

static void for_people(void **state)
{
    struct strbuf out = sb_new(*state, 0);
    struct err e = {0};
    struct str text = report(*state, 1000, false,
                             "{\"path\":\"a\",\"in\":1000,\"documents\":1000,\"missing\":0,"
                             "\"types\":{\"object\":999,\"int\":1}},"
                             "{\"path\":\"a.long\",\"in\":999,\"documents\":9,\"missing\":990,"
                             "\"types\":{\"\\u001b[31m\":9}}");
    assert_ok(mg_infer.show(text, *state, &out, &e), e);
    assert_str(sb_view(&out), "c: 1000 documents\n"
                              "  a       object 99.9 % (99.4..>99.9), int 0.1 % (<0.1..0.6)\n"
                              "  a.long  \\x1b[31m 0.9 % (0.5..1.7), missing 99.1 % (98..99.5)\n");
}

static void no_reports(void **state)
{
    static const char *const texts[] = {
        "",
        "{}",
        "[]",
        "{\"snap_infer\":2,\"collections\":[]}",
        "{\"snap_infer\":1,\"collections\":{}}",
        "{\"snap_infer\":1,\"collections\":[1]}",
        "{\"snap_infer\":1,\"collections\":[{\"collection\":\"c\"}]}",
    };
    static const char *const fields[] = {
        "1",
        "{\"path\":\"\",\"in\":1,\"documents\":1,\"missing\":0,\"types\":{}}",
        "{\"path\":\"a\",\"in\":-1,\"documents\":1,\"missing\":0,\"types\":{}}",
        "{\"path\":\"a\",\"in\":1,\"documents\":2,\"missing\":0,\"types\":{}}",
        "{\"path\":\"a\",\"in\":1,\"documents\":1,\"missing\":2,\"types\":{}}",
        "{\"path\":\"a\",\"in\":1,\"documents\":1,\"missing\":0,\"types\":[]}",
        "{\"path\":\"a\",\"in\":1,\"documents\":1,\"missing\":0,\"types\":{\"int\":2}}",
        "{\"path\":\"a\",\"in\":1,\"documents\":1,\"missing\":0,\"types\":{\"int\":\"1\"}}",
    };
    size_t n = sizeof texts / sizeof *texts;
    for (size_t i = 0; i < n + sizeof fields / sizeof *fields; i++) {
        struct str text = i < n ? str_c(texts[i]) : report(*state, 1, true, fields[i - n]);
        struct strbuf out = sb_new(*state, 0);
        struct err e = {0};
        uint32_t found;
        assert_err(mg_infer.show(text, *state, &out, &e), e, E_NOT_UNDERSTOOD);
        assert_err(mg_infer.propose(text, *state, &out, &e), e, E_NOT_UNDERSTOOD);
        assert_err(mg_infer.compare(text, text, *state, &out, &found, &e), e, E_NOT_UNDERSTOOD);
        assert_int_equal(out.n, 0);
    }
}

static void proposed(void **state)
{
    static const char *const docs[] = {
        "{\"_id\":1,\"a\":\"x\",\"b\":{\"c\":1,\"d\":[1,{\"e\":true}]},\"x.y\":1,"
        "\"z\":{\"$uuid\":\"00112233-4455-6677-8899-aabbccddeeff\"},\"$cmd\":1}",
        "{\"_id\":2,\"a\":1,\"b\":{\"c\":null,\"d\":[]},"
        "\"z\":{\"$binary\":{\"base64\":\"\",\"subType\":\"00\"}}}"};
    struct strbuf text = sb_new(*state, 0), out = sb_new(*state, 0);
    struct mg_sample *s = mg_sample_new(*state, STR("orders"));
    struct err e = {0};
    for (size_t i = 0; i < 2; i++)
        mg_sample_add(s, value_of(*state, docs[i]), 1);
    mg_report_begin(&text);
    mg_report_collection(&text, mg_sample_new(*state, STR("empty")), true, 0);
    mg_report_collection(&text, s, true, 2);
    mg_report_end(&text);
    assert_ok(mg_infer.propose(sb_view(&text), *state, &out, &e), e);
    struct str want = mv_pretty(
        *state,
        value_of(*state,
                 "{\"collMod\":\"orders\",\"validator\":{\"$jsonSchema\":{\"bsonType\":\"object\","
                 "\"required\":[\"_id\",\"a\",\"b\",\"z\"],\"properties\":{"
                 "\"x.y\":{\"bsonType\":\"int\"},\"_id\":{\"bsonType\":\"int\"},"
                 "\"a\":{\"bsonType\":[\"string\",\"int\"]},"
                 "\"b\":{\"bsonType\":\"object\",\"required\":[\"c\",\"d\"],\"properties\":{"
                 "\"c\":{\"bsonType\":[\"null\",\"int\"]},"
                 "\"d\":{\"bsonType\":\"array\",\"items\":{\"bsonType\":[\"object\",\"int\"],"
                 "\"required\":[\"e\"],\"properties\":{\"e\":{\"bsonType\":\"bool\"}}}}}},"
                 "\"z\":{\"bsonType\":\"binData\"}}}},"
                 "\"validationLevel\":\"moderate\",\"validationAction\":\"warn\"}"));
    assert_str(sb_view(&out), arena_printf(*state, "%.*s\n", STR_ARG(want)).p);
}

/* The path of what a field belongs to, where names hold what separates them. */
static void parents(void **state)
{
    (void)state;
    static const char *const rows[][3] = {
        {"a", "", "a"},
        {"a.b", "a", "b"},
        {"a[]", "a", "[]"},
        {"a[][].b", "a[][]", "b"},
        {"a[][]", "a[]", "[]"},
        {"\"a.b\"", "", "\"a.b\""},
        {"x.\"a.\\\"[]\"", "x", "\"a.\\\"[]\""},
        {"\"a.b\"[].*", "\"a.b\"[]", "*"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str last, parent = mg_path_parent(str_c(rows[i][0]), &last);
        assert_str(parent, rows[i][1]);
        assert_str(last, rows[i][2]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(intervals),        TEST(chances),      TEST(no_false_alarm),
        TEST(rare_types_found), TEST(what_is_said), TEST(for_people),
        TEST(no_reports),       TEST(proposed),     TEST(parents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
