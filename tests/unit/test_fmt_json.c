/* The diff as JSON: one valid document, a change per line, every byte of every name in it. */

#include "emit/emit.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static struct str json_of(struct changes *c, const struct emit_in *how, struct arena *mem)
{
    struct emit_in in = how ? *how : (struct emit_in){0};
    in.mem = mem;
    in.changes = c;
    return emitted(emitter_find(STR("json"), EMIT_DIFF), &in, NULL);
}

/* Canonical JSON of the document, so that it can be looked into; fails when it is none. */
static struct str parsed(struct str text, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    struct err e = {0};
    assert_ok(jc_canon(text, &b, &e), e);
    return sb_view(&b);
}

static void a_document(void **state)
{
    struct changes *c = sql_changes(*state, "CREATE TABLE t (a INT, b TEXT); CREATE TABLE u (x)",
                                    "CREATE TABLE t (a TEXT, c TEXT); CREATE TABLE v (y, z)");
    struct str text = json_of(c, NULL, *state), doc = parsed(text, *state);
    assert_str(jc_get(doc, "engine"), "\"sqlite\"");
    assert_str(jc_get(doc, "same"), "false");
    assert_str(jc_get(jc_get(doc, "from"), "label"), "\"from.db\"");
    assert_str(jc_get(jc_get(doc, "to"), "facts"), "6");
    assert_str(jc_get(jc_get(doc, "to"), "unmodelled"), "0");
    assert_int_equal(jc_get(jc_get(doc, "to"), "fingerprint").n, HASH_HEX + 2);
    assert_int_equal(jc_count(jc_get(doc, "changes")), c->n);
    assert_str(jc_get(doc, "summary"),
               "{\"added\":2,\"changed\":1,\"destructive\":2,\"dropped\":2,\"objects\":3}");
    /* a line each, as they are */
    assert_true(
        str_find(text, STR("\n{\"op\":\"add\",\"path\":\"table:t/column:c\",\"kind\":\"column\","
                           "\"name\":\"c\",\"facets\":\"structure\",\"after\":{\"affinity\":"
                           "\"text\",\"type\":\"text\"},\"hazards\":[]},\n")) < text.n);
    assert_true(str_find(text, STR("\n{\"op\":\"drop\",\"path\":\"table:u\"")) < text.n);
    assert_true(str_find(text, STR("\"hazards\":[\"DATA_LOSS\"]")) < text.n);
    assert_true(str_find(text, STR("{\"name\":\"type\",\"before\":\"int\",\"after\":\"text\"}")) <
                text.n);
    assert_str(jc_get(doc, "likelyRenames").n > 2 ? STR("some") : STR("none"), "some");
    assert_true(str_find(text, STR("\n{\"from\":\"table:t/column:b\",\"to\":\"table:t/column:c\","
                                   "\"percent\":75,\"why\":")) < text.n);
}

/* A value that was not there is null. */
static void absent_values(void **state)
{
    struct changes *c =
        sql_changes(*state, "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT NOT NULL DEFAULT 1)");
    struct str text = json_of(c, NULL, *state);
    parsed(text, *state);
    assert_true(str_find(text, STR("{\"name\":\"default\",\"before\":null,\"after\":\"1\"}")) <
                text.n);
    assert_true(str_find(text, STR("{\"name\":\"notnull\",\"before\":null,\"after\":true}")) <
                text.n);
}

static void same(void **state)
{
    struct changes *c = sql_changes(*state, "CREATE TABLE t (a)", "CREATE TABLE t (a)");
    struct str doc = parsed(json_of(c, NULL, *state), *state);
    assert_str(jc_get(doc, "same"), "true");
    assert_str(jc_get(doc, "changes"), "[]");
    struct str line = STR("column t.a renamed to \"b\x1b\"");
    struct emit_in in = {.renames = &line, .nrenames = 1};
    doc = parsed(json_of(c, &in, *state), *state);
    assert_str(jc_get(doc, "same"), "false");
    assert_str(jc_get(doc, "renamed"), "[\"column t.a renamed to \\\"b\\u001B\\\"\"]");
}

static void labels_that_are_no_text(void **state)
{
    struct changes *c = sql_changes(*state, "CREATE TABLE t (a)", "CREATE TABLE t (a)");
    c->from.label = STR("a\xff\x1b.db");
    struct str doc = parsed(json_of(c, NULL, *state), *state);
    assert_str(jc_get(jc_get(doc, "from"), "label"), "\"a\\\\xff\\\\x1b.db\"");
}

static void hostile(void **state)
{
    struct arena *mem = *state;
    struct changes *c = sql_changes(mem, nasty_sql(mem, false), nasty_sql(mem, true));
    struct str text = json_of(c, NULL, mem), doc = parsed(text, mem);
    struct jc_iter it = jc_iter(jc_get(doc, "changes"));
    struct str key, value;
    size_t found = 0;
    for (size_t i = 0; i < text.n; i++)
        assert_true((unsigned char)text.p[i] >= 0x20 || text.p[i] == '\n');
    while (jc_next(&it, &key, &value)) {
        struct str name = jc_text(mem, jc_get(value, "name"));
        for (size_t i = 0; nasty[i]; i++)
            found += str_eq(name, arena_printf(mem, "more %s", nasty[i]));
    }
    size_t n = 0;
    while (nasty[n])
        n++;
    assert_int_equal(found, n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_document), TEST(absent_values), TEST(same), TEST(labels_that_are_no_text),
        TEST(hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
