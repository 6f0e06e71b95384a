/* Changes as people read them: groups, words, values, line diffs; and choosing a format. */

#include "emit/report.h"

#include "emit/emit.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static void counts(void **state)
{
    static const struct {
        uint64_t n;
        const char *word, *want;
    } rows[] = {
        {0, "change", "0 changes"},
        {1, "change", "1 change"},
        {2, "index", "2 indexes"},
        {1, "index", "1 index"},
        {3, "primary key", "3 primary keys"},
        {2, "match", "2 matches"},
        {2, "entry", "2 entries"},
        {1, "entry", "1 entry"},
        {18446744073709551615u, "fact", "18446744073709551615 facts"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0);
        report_count(&b, rows[i].n, rows[i].word);
        assert_str(sb_view(&b), rows[i].want);
    }
    struct strbuf b = sb_new(*state, 0);
    report_kind(&b, STR("foreign_key"));
    assert_str(sb_view(&b), "foreign key");
}

static void values(void **state)
{
    static const struct {
        enum attr_type type;
        const char *dflt, *raw, *want;
    } rows[] = {
        {A_BOOL, NULL, NULL, "no"},
        {A_BOOL, NULL, "true", "yes"},
        {A_TEXT, NULL, NULL, "none"},
        {A_TEXT, NULL, "\"\"", "none"},
        {A_TEXT, NULL, "\"a\\nb\"", "a\nb"},
        {A_TEXT, "\"x\"", NULL, "x"},
        {A_INT, NULL, "-7", "-7"},
        {A_LIST, NULL, "[\"a\",\"b\"]", "(a, b)"},
        {A_LIST, NULL, "[]", "()"},
        {A_MAP, NULL, "{\"k\":\"v\",\"l\":\"w\"}", "(k: v, l: w)"},
    };
    struct obj o = {.path = STR("k:own~1name"), .a = STR("{}")};
    struct change c = {.op = OP_ALTER, .before = &o, .after = &o};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct attr_desc row = {.name = "x", .type = rows[i].type, .dflt = rows[i].dflt};
        struct strbuf b = sb_new(*state, 0);
        report_value(&b, &c, &row, str_c(rows[i].raw));
        assert_str(sb_view(&b), rows[i].want);
    }
    /* a name that is not written is the path's */
    struct attr_desc name = {.name = "name", .type = A_TEXT};
    struct strbuf b = sb_new(*state, 0);
    report_value(&b, &c, &name, STR_NULL);
    assert_str(sb_view(&b), "own/name");
}

static struct str line_diff(struct arena *mem, const char *a, const char *b)
{
    uint32_t n;
    struct diff_line *v = report_line_diff(str_c(a), str_c(b), mem, &n);
    struct strbuf out = sb_new(mem, 0);
    for (uint32_t i = 0; i < n; i++)
        sb_printf(&out, "%c%.*s,", v[i].mark, STR_ARG(v[i].text));
    return sb_view(&out);
}

static void line_diffs(void **state)
{
    assert_str(line_diff(*state, "a\nb\nc", "a\nx\nc"), " a,-b,+x, c,");
    assert_str(line_diff(*state, "a", "a\nb"), " a,+b,");
    assert_str(line_diff(*state, "a\nb", "c"), "-a,-b,+c,");
    assert_str(line_diff(*state, "a\r\nb", "a\nb"), " a, b,");
    assert_str(line_diff(*state, "b\na\nb\na", "a\nb\na\nb"), "-b, a, b, a,+b,");
    /* too long for the table: everything goes and comes */
    struct strbuf a = sb_new(*state, 0);
    for (int i = 0; i < 2001; i++)
        sb_c(&a, "x\n");
    uint32_t n;
    struct diff_line *v = report_line_diff(sb_view(&a), STR("x"), *state, &n);
    assert_int_equal(n, 2003); /* with the empty one behind the last newline */
    assert_true(v[0].mark == '-' && v[2001].mark == '-' && v[2002].mark == '+');
}

static void groups(void **state)
{
    struct arena *mem = *state;
    struct changes *c = sql_changes(
        mem, "CREATE TABLE a (x, y); CREATE TABLE gone (p, q, r); CREATE INDEX g ON gone (p);",
        "CREATE TABLE a (x, z INT NOT NULL DEFAULT 0); CREATE INDEX ix ON a (z); CREATE VIEW v AS "
        "SELECT 1 "
        "AS one");
    struct report r = report_make(c, mem);
    struct strbuf b = sb_new(mem, 0);
    assert_int_equal(r.ngroups, 3);
    assert_str(r.groups[0].top, "table:a");
    assert_null(r.groups[0].whole);
    assert_int_equal(r.groups[0].nlines, 3);
    assert_true(r.groups[0].hazards & 1u << HZ_DATA_LOSS);
    assert_str(r.groups[1].top, "table:gone");
    assert_int_equal(r.groups[1].whole->op, OP_DROP);
    assert_int_equal(r.groups[1].nlines, 0);
    assert_int_equal(r.groups[1].inside, 4);
    report_inside(&b, c, &r.groups[1]);
    assert_str(sb_view(&b), "3 columns, 1 index");
    assert_int_equal(r.groups[2].whole->op, OP_ADD);
    sb_cut(&b, 0);
    report_summary(&b, &r);
    assert_str(sb_view(&b), "5 changes in 3 objects: 3 added, 2 dropped (2 destructive)");
    sb_cut(&b, 0);
    report_summary(&b, &(struct report){0});
    assert_str(sb_view(&b), "0 changes in 0 objects");
    sb_cut(&b, 0);
    report_summary(&b, &(struct report){.renamed = 2});
    assert_str(sb_view(&b), "2 renames");
    r.renamed = 1;
    sb_cut(&b, 0);
    report_summary(&b, &r);
    assert_true(str_starts(sb_view(&b), STR("1 rename; 5 changes in 3 objects: ")));
}

static void names(void **state)
{
    struct arena *mem = *state;
    struct catalog *cat =
        sql_catalog(mem, "CREATE TABLE t (\"a b\" INT PRIMARY KEY, UNIQUE (\"a b\"))", "x");
    const struct obj *column = cat_find(cat, STR("table:t/column:a b"));
    struct changes c = {.eng = cat->eng};
    assert_str(report_name(column, mem), "\"a b\"");
    assert_str(report_name(cat_find(cat, STR("table:t/primary_key:#")), mem), "");
    assert_true(report_brief(&c, column, mem).n > 0);
    struct kind_desc bare = {.name = "k", .parents = ""};
    const struct kind_desc *const kinds[] = {&bare};
    const struct engine eng = {.name = "e", .title = "E", .kinds = kinds, .nkinds = 1};
    struct changes other = {.eng = &eng};
    assert_str(report_brief(&other, &(struct obj){.path = STR("k:a"), .a = STR("{}")}, mem), "");
}

/* The engine's own text where both sides have it and it differs; else the compared one. */
static void bodies(void **state)
{
    struct obj a = {.path = STR("k:a"), .a = STR("{}"), .src = STR("{\"sql\":\"A x\"}")};
    struct obj b = {.path = STR("k:a"), .a = STR("{}"), .src = STR("{\"sql\":\"B\"}")};
    struct attr_change at = {.before = STR("\"a\""), .after = STR("\"b\"")};
    struct change c = {.op = OP_ALTER, .before = &a, .after = &b};
    struct str before, after;
    report_bodies(&c, &at, *state, &before, &after);
    assert_str(before, "A x");
    assert_str(after, "B");
    b.src = a.src;
    report_bodies(&c, &at, *state, &before, &after);
    assert_str(before, "a");
    assert_str(after, "b");
    b.src = STR_NULL;
    report_bodies(&c, &at, *state, &before, &after);
    assert_str(after, "b");
}

static void formats(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    emitter_names(&b, EMIT_DIFF);
    assert_str(sb_view(&b),
               "dbml, github, gitlab, html, json, junit, markdown, mermaid, sarif, text");
    sb_cut(&b, 0);
    emitter_names(&b, EMIT_CHANGELOG);
    assert_str(sb_view(&b), "flyway, liquibase-json, liquibase-sql, liquibase-xml, "
                            "liquibase-yaml, mongosh, sql");
    assert_string_equal(emitter_find(STR("sql"), EMIT_SNAPSHOT)->name, "sql");
    assert_null(emitter_find(STR("sql"), EMIT_DIFF));
    assert_null(emitter_find(STR("SQL"), EMIT_CHANGELOG));
    assert_string_equal(emitter_by_ext(STR("x.yml"), EMIT_CHANGELOG)->name, "liquibase-yaml");
    assert_string_equal(emitter_by_ext(STR("a.yaml"), EMIT_CHANGELOG)->name, "liquibase-yaml");
    assert_string_equal(emitter_by_ext(STR("a.json"), EMIT_DIFF)->name, "json");
    assert_string_equal(emitter_by_ext(STR("a.json"), EMIT_CHANGELOG)->name, "liquibase-json");
    assert_null(emitter_by_ext(STR("a.html"), EMIT_CHANGELOG));
    assert_null(emitter_by_ext(STR("yaml"), EMIT_CHANGELOG));
    assert_null(emitter_by_ext(STR_NULL, EMIT_CHANGELOG));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(counts), TEST(values), TEST(line_diffs), TEST(groups),
        TEST(names),  TEST(bodies), TEST(formats),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
