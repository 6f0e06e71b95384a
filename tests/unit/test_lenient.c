/* Snapshots that were merged or edited: what may be stale, and what is checked all the same. */

#include "tests/harness/mini.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static int lenient(struct str text, struct arena *mem, struct catalog **out, struct err *e)
{
    *e = (struct err){0};
    return snapshot_read_lenient(text, STR("x.json"), mini_engines, mem, out, e);
}

/* Mended, it is what the writer makes of the same facts. */
static void mends(void **state)
{
    static const char *const rows[][2] = {
        {"\"count\":4", "\"count\":99"},
        {"\"fingerprint\":\"2", "\"fingerprint\":\"3"},
        {"\"digest\":\"5", "\"digest\":\"6"},
        {"\"one\"}},\n", "\"one\"}}\n"},
        {"\"one\"}},\n", "\"one\"}},\n\n"},
        {"\"one\"}},\n", "\"one\"}} , \r\n"},
        {"{\"path\":\"table:b\"", "{\"path\":\"table:a\",\"a\":{\"comment\":\"one\"}},\n{\"path\":"
                                  "\"table:b\""},
        {"{\"path\":\"table:a\",\"a\":{\"comment\":\"one\"}},\n{\"path\":\"table:a/check:#1\"",
         "{\"path\":\"table:a/check:#1\""},
    };
    struct arena *mem = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct catalog *cat;
        struct strbuf b = sb_new(mem, 0);
        struct err e;
        struct str text = swapped(mem, mini_text(mem), rows[i][0], rows[i][1]);
        if (i == 7) /* the parent stands last */
            text = swapped(
                mem, text, "{\"strict\":true}}\n",
                "{\"strict\":true}},\n{\"path\":\"table:a\",\"a\":{\"comment\":\"one\"}}\n");
        assert_ok(lenient(text, mem, &cat, &e), e);
        snapshot_text(cat, &b);
        assert_true(str_eq(sb_view(&b), mini_text(mem)));
    }
}

static void keeps_the_head(void **state)
{
    struct arena *mem = *state;
    struct catalog *cat;
    struct err e;
    struct str text =
        swapped(mem, mini_text(mem), "\"scope\":{}", "\"scope\":{\"exclude\":[\"a\"]}");
    text = swapped(mem, text, "\"facets\":[\"structure\",", "\"facets\":[");
    assert_ok(lenient(text, mem, &cat, &e), e);
    assert_str(cat->scope, "{\"exclude\":[\"a\"]}");
    assert_str(cat->version, "Mini 1");
    assert_int_equal(cat->facets, F_DEFAULT & ~(unsigned)F_STRUCTURE);
    assert_int_equal(cat->captured, F_CAPTURED);
    assert_int_equal(cat->nledger, 2);
}

static void still_refuses(void **state)
{
    static const struct {
        const char *what, *with;
        enum err_code code;
        const char *says;
    } rows[] = {
        {"{\"snap\":1", "<<<<<<< ours\n{\"snap\":1", E_SNAPSHOT_SYNTAX, "line 1"},
        {"{\"path\":\"table:b\"", "<<<<<<< ours\n{\"path\":\"table:b\"", E_SNAPSHOT_SYNTAX,
         "line 5: a conflict mark"},
        {"{\"path\":\"table:b\"", "=======\n{\"path\":\"table:b\"", E_SNAPSHOT_SYNTAX, "conflict"},
        {"{\"path\":\"table:b\"", ">>>>>>> theirs\n{\"path\":\"table:b\"", E_SNAPSHOT_SYNTAX,
         "settle"},
        {"{\"path\":\"table:b\"", "{\"pat\":\"table:b\"", E_SNAPSHOT_SYNTAX, "line 5: this is no"},
        {"\"strict\":true", "\"strict\":1", E_SNAPSHOT_ATTRIBUTE, "line 5"},
        {"\"path\":\"table:b\"", "\"path\":\"view:b\"", E_SNAPSHOT_KIND, "line 5"},
        {"\"path\":\"table:b\"", "\"path\":\"table:a\"", E_SNAPSHOT_DUPLICATE, "table:a twice"},
        {"{\"path\":\"table:a\",\"a\":{\"comment\":\"one\"}},\n", "", E_SNAPSHOT_SYNTAX,
         "table:a/check:#1 stands without"},
        {"\"path\":\"table:b\"", "\"path\":\"table:b/column:c\"", E_SNAPSHOT_ATTRIBUTE, "strict"},
        {"],\"ledger\":[", "],\"ledger\":7,[", E_SNAPSHOT_SYNTAX, "ledger"},
        {"{\"snap\":1", "{\"snap\":9", E_SNAPSHOT_VERSION, "format 9"},
    };
    struct arena *mem = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct catalog *cat;
        struct err e;
        struct str text = swapped(mem, mini_text(mem), rows[i].what, rows[i].with);
        if (lenient(text, mem, &cat, &e) != -1 || e.code != rows[i].code || !says(&e, rows[i].says))
            fail_msg("%s: %s %s", rows[i].with, err_name(e.code), e.msg);
    }
}

static void cut_short(void **state)
{
    struct arena *mem = *state;
    struct str text = mini_text(mem);
    for (size_t n = 0; n + 1 < text.n; n++) {
        struct catalog *cat;
        struct err e;
        if (lenient(str_sub(text, 0, n), mem, &cat, &e) != -1 || e.code == E_OK)
            fail_msg("%zu bytes", n);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(mends),
        TEST(keeps_the_head),
        TEST(still_refuses),
        TEST(cut_short),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
