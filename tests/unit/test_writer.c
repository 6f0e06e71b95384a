/* The writer: the same bytes on every run, in every locale and time zone. */

#include <time.h>

/* The product must not call it; a test has to. */
#undef setlocale
#include <locale.h>

#include "core/escape.h"
#include "tests/harness/folder.h"
#include "tests/harness/mini.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

#define ALL_DEFAULT "[\"structure\",\"comments\",\"owner\",\"acl\",\"storage\"]"
#define ALL_CAPTURED                                                                               \
    "[\"structure\",\"comments\",\"owner\",\"acl\",\"storage\",\"order\",\"pragmas\","             \
    "\"sharding\"]"

static void every_byte(void **state)
{
    assert_str(
        mini_text(*state),
        "{\"snap\":1,\"engine\":\"mini\",\"version\":\"Mini 1\",\"model\":7,\"facets\":" ALL_DEFAULT
        ",\"captured\":" ALL_CAPTURED ",\"scope\":{},\"visibility\":\"complete\",\"objects\":[\n"
        "{\"path\":\"table:a\",\"a\":{\"comment\":\"one\"}},\n"
        "{\"path\":\"table:a/check:#1\",\"a\":{\"expr\":\"b > 0\"},"
        "\"deps\":[\"!no such thing\",\"table:a/column:b\"]},\n"
        "{\"path\":\"table:a/column:b\",\"a\":{\"notnull\":true,\"tags\":[\"p\",\"q\"],"
        "\"type\":\"int\"},\"src\":{\"def\":\"b INT NOT NULL\",\"words\":[\"b\"]}},\n"
        "{\"path\":\"table:b\",\"a\":{\"strict\":true}}\n"
        "],\"ledger\":[\n"
        "{\"kind\":\"gadget\",\"name\":\"g\\\\xff\",\"hash\":"
        "\"7edbd71cb4f5656722400b2504b3919f\",\"why\":\"not modelled\"},\n"
        "{\"kind\":\"gadget\",\"name\":\"h\",\"hash\":"
        "\"f323d71d06fece55b735091473c166bd\",\"why\":\"\"}],\"count\":4,"
        "\"fingerprint\":\"21659db1958a3e0962036f6de871d388\",\"digest\":"
        "\"5cb2000b6b9d35a7ae6a1a5719c2ec68\"}\n");
}

static void nothing_at_all(void **state)
{
    struct arena *mem = *state;
    struct catalog *cat = mini_cat(mem), *got;
    struct strbuf b = sb_new(mem, 0);
    struct err e = {0};
    assert_ok(cat_finish(cat, &e), e);
    snapshot_text(cat, &b);
    assert_true(str_ends(str_sub(sb_view(&b), 0, str_find(sb_view(&b), STR(",\"finger"))),
                         STR("\"objects\":[\n],\"ledger\":[],\"count\":0")));
    assert_ok(snapshot_read(sb_view(&b), mem, &got, &e), e);
    assert_int_equal(got->n, 0);
}

/* Facts and ledger come in any order; a filter's facts are left out and the scope says so. */
static void order_and_filters(void **state)
{
    static const char *const paths[] = {"table:b", "table:a/column:x", "table:a-b", "table:a",
                                        "table:a/column:x-y"};
    struct arena *mem = *state;
    struct str first = STR_NULL;
    struct err e = {0};
    for (size_t turn = 0; turn < 5; turn++) {
        struct catalog *cat = mini_cat(mem);
        struct strbuf b = sb_new(mem, 0);
        for (size_t i = 0; i < 5; i++)
            mini_add(cat, paths[(i * 2 + turn) % 5], "{}");
        cat_add_ledger(cat, "x", turn & 1 ? STR("n") : STR("m"), STR_NULL, STR("t"), "");
        cat_add_ledger(cat, "x", turn & 1 ? STR("m") : STR("n"), STR_NULL, STR("t"), "");
        assert_ok(cat_finish(cat, &e), e);
        snapshot_text(cat, &b);
        assert_true(!turn || str_eq(sb_view(&b), first));
        first = sb_view(&b);
    }
    struct catalog *cat = mini_sample(mem);
    struct str no = STR("table:a");
    struct filter f = {.exclude = &no, .nexclude = 1};
    struct strbuf b = sb_new(mem, 0);
    struct catalog *got;
    filter_apply(&f, cat);
    assert_ok(cat_finish(cat, &e), e);
    snapshot_text(cat, &b);
    assert_true(str_find(sb_view(&b), STR("\"scope\":{\"exclude\":[\"table:a\"]}")) < b.n);
    assert_true(str_find(sb_view(&b), STR("\"path\":\"table:a")) == b.n);
    assert_true(str_find(sb_view(&b), STR("\"count\":1,")) < b.n);
    assert_ok(snapshot_read(sb_view(&b), mem, &got, &e), e);
    assert_int_equal(got->n, 1);
}

static void hostile_texts(void **state)
{
    static const char hostile[] =
        "q\"b\\n\nt\te\x1b[31m\x01\x7f\xc2\x9b\xe2\x80\xae\xf0\x9f\x98\x80";
    struct arena *mem = *state;
    struct catalog *cat = mini_cat(mem), *got;
    struct strbuf body = sb_new(mem, 0), text = sb_new(mem, 0);
    struct str name = str_c(hostile);
    struct err e = {0};
    sb_c(&body, "{\"comment\":");
    esc_json(&body, name);
    sb_char(&body, '}');
    mini_add(cat, path_join(mem, STR(""), STR("table"), name).p, sb_view(&body).p);
    cat->version = str_c(hostile);
    assert_ok(cat_finish(cat, &e), e);
    snapshot_text(cat, &text);
    for (size_t i = 0; i < text.n; i++)
        assert_true((unsigned char)text.p[i] >= 0x20 || text.p[i] == '\n');
    assert_ok(snapshot_read(sb_view(&text), mem, &got, &e), e);
    assert_str(got->version, hostile);
    assert_str(path_name(mem, got->v[0].path), hostile);
    assert_str(obj_text(mem, &got->v[0], "comment"), hostile);
}

/* A file gets the bytes that the text has, however many pieces they are written in. */
static void files(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "x.json");
    struct catalog *cat = mini_cat(mem);
    struct strbuf text = sb_new(mem, 0);
    struct out *o;
    struct err e = {0};
    for (int i = 0; i < 20000; i++)
        mini_add(cat, arena_printf(mem, "table:t%05d", i).p, "{\"comment\":\"words and words\"}");
    assert_ok(cat_finish(cat, &e), e);
    snapshot_text(cat, &text);
    assert_true(text.n > 4 * (256 << 10));
    assert_ok(out_open(mem, path, &o, &e), e);
    assert_ok(snapshot_write(cat, o, &e), e);
    assert_ok(out_commit(o, &e), e);
    assert_true(str_eq(file_text(mem, path), sb_view(&text)));
    assert_ok(out_open(mem, "/dev/full", &o, &e), e);
    assert_err(snapshot_write(cat, o, &e), e, E_WRITE_FAILED);
    out_abort(o);
    assert_ok(out_open(mem, "/dev/full", &o, &e), e);
    assert_err(snapshot_write(mini_sample(mem), o, &e), e, E_WRITE_FAILED);
    out_abort(o);
    folder_remove(mem, folder);
}

static void locales_and_time_zones(void **state)
{
    static const char *const locales[] = {"C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8", "POSIX"};
    static const char *const zones[] = {"UTC", "Pacific/Kiritimati", "America/St_Johns"};
    struct arena *mem = *state;
    struct str want = mini_text(mem);
    for (size_t i = 0; i < sizeof locales / sizeof *locales; i++)
        for (size_t k = 0; k < 3; k++) {
            (void)setlocale(LC_ALL, locales[i]); /* one that is not installed changes nothing */
            setenv("TZ", zones[k], 1);
            tzset();
            assert_true(str_eq(mini_text(mem), want));
        }
    (void)setlocale(LC_ALL, "C");
    unsetenv("TZ");
    tzset();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_byte),    TEST(nothing_at_all), TEST(order_and_filters),
        TEST(hostile_texts), TEST(files),          TEST(locales_and_time_zones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
