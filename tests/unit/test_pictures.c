/* Pictures of schemas: what is marked, what stands where, what no name can break. */

#include "emit/emit.h"
#include "emit/layout.h"
#include "emit/pages.h"
#include "emit/picture.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

#include <string.h>

static struct str shown(struct arena *mem, const char *format, const char *from, const char *to)
{
    struct catalog *a = sql_catalog(mem, from, "from.db"), *b = sql_catalog(mem, to, "to.db");
    struct changes *c = sql_changes(mem, from, to);
    struct emit_in in = {.mem = mem, .changes = c, .from = a, .to = b};
    return emitted(emitter_find(str_c(format), EMIT_PICTURE), &in, NULL);
}

static struct str schema(struct arena *mem, const char *format, const char *sql)
{
    struct emit_in in = {.mem = mem, .to = sql_catalog(mem, sql, "x.db")};
    return emitted(emitter_find(str_c(format), EMIT_PICTURE), &in, NULL);
}

#define BEFORE                                                                                     \
    "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT); CREATE TABLE c (p INT NOT NULL REFERENCES "  \
    "p, \"odd \"\"x\" UNIQUE); CREATE TABLE gone (x)"
#define AFTER                                                                                      \
    "CREATE TABLE p (id INTEGER PRIMARY KEY, a INT, b TEXT DEFAULT 'x'); CREATE TABLE c (p INT "   \
    "NOT NULL REFERENCES p, \"odd \"\"x\" UNIQUE); CREATE TABLE fresh (c INT PRIMARY KEY "         \
    "REFERENCES c (\"odd \"\"x\"))"

static void a_diagram_marks_changes(void **state)
{
    assert_str(shown(*state, "mermaid", BEFORE, AFTER),
               "%% changes that turn from.db into to.db\n"
               "%% 4 changes in 3 objects: 2 added, 1 changed, 1 dropped (1 destructive)\n"
               "erDiagram\n"
               "    t-c[\"c\"] {\n"
               "        int p FK\n"
               "        any odd__x UK \"odd #34;x\"\n"
               "    }\n"
               "    t-fresh[\"fresh (added)\"] {\n"
               "        int c PK, FK \"+ added\"\n"
               "    }\n"
               "    t-gone[\"gone (dropped)\"] {\n"
               "        any x \"- dropped\"\n"
               "    }\n"
               "    t-p[\"p\"] {\n"
               "        integer id PK\n"
               "        int a \"~ type text → int\"\n"
               "        text b \"+ added\"\n"
               "    }\n"
               "    t-p ||--o{ t-c : \"p\"\n"
               "    t-c ||--o| t-fresh : \"c (added)\"\n"
               "    class t-fresh added\n"
               "    classDef added fill:#dafbe1,stroke:#1a7f37,color:#0b2e13\n"
               "    class t-gone dropped\n"
               "    classDef dropped fill:#ffebe9,stroke:#cf222e,color:#43090d\n"
               "    class t-p changed\n"
               "    classDef changed fill:#fff8c5,stroke:#9a6700,color:#3b2300\n");
}

static void a_schema_in_dbml(void **state)
{
    assert_str(
        schema(
            *state, "dbml",
            "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT NOT NULL DEFAULT 'it''s', b AS (a || "
            "'`') ); CREATE INDEX i ON p (a DESC, b || '`') WHERE a > ''; CREATE TABLE c (x INT, y "
            "INT, FOREIGN KEY (x) REFERENCES p ON DELETE SET NULL, FOREIGN KEY (x) REFERENCES p "
            "(id), FOREIGN KEY (y) REFERENCES p (other), CHECK (x > 1)); CREATE VIEW v AS SELECT "
            "1"),
        "// x.db\n"
        "\n"
        "Table \"c\" {\n"
        "  \"x\" \"int\"\n"
        "  \"y\" \"int\"\n"
        "  // check: x > 1\n"
        "}\n"
        "\n"
        "Table \"p\" {\n"
        "  \"id\" \"integer\" [pk, increment]\n"
        "  \"a\" \"text\" [not null, default: `'it''s'`]\n"
        "  \"b\" \"any\" [note: 'generated: a || \\'`\\'']\n"
        "\n"
        "  indexes {\n"
        "    (\"a\", `b || '\"'`) [name: 'i', note: 'where a > \\'\\'']\n"
        "  }\n"
        "}\n"
        "\n"
        "Ref : \"c\".(\"x\") > \"p\".(\"id\") [delete: set null]\n"
        "// Ref : \"c\".(\"x\") > \"p\".(\"id\") // DBML takes these ends once\n"
        "// Ref : \"c\" > \"p\" // its columns are not both there\n"
        "\n"
        "// view v\n");
}

static bool holds(struct str text, const char *words)
{
    return str_find(text, str_c(words)) < text.n;
}

static void a_page_says_what_changes(void **state)
{
    struct str page = shown(*state, "html", BEFORE, AFTER);
    assert_true(
        holds(page, "4 changes in 3 objects: 2 added, 1 changed, 1 dropped (1 destructive)."));
    assert_true(holds(page, "<title>Changes that turn from.db into to.db</title>"));
    assert_true(holds(page, "<g class=\"changed\"><title>p</title>"));
    assert_true(holds(page, "<path class=\"added\""));
    assert_true(holds(page, "<span class=\"hz worst\""));
    /* a neighbour that does not change has no place on the page to go to */
    assert_true(holds(page, "\n<g class=\"\"><title>c</title>"));
}

static void no_name_breaks_out(void **state)
{
    static const char *const formats[] = {"html", "mermaid", "dbml"};
    struct arena *mem = *state;
    for (size_t i = 0; i < 3; i++) {
        struct str text = shown(mem, formats[i], nasty_sql(mem, false), nasty_sql(mem, true));
        if (acts_on_terminal(text))
            fail_msg("%s holds what acts on a terminal", formats[i]);
        assert_true(text.n > 1000);
        assert_false(holds(text, "%%{"));
        if (i == 0)
            assert_false(holds(text, "<script") || holds(text, "<img") || holds(text, "<b>"));
    }
}

static void what_lies_in_others_is_shown(void **state)
{
    const char *sql = "CREATE TABLE t (a REFERENCES nowhere (b)); CREATE VIEW v AS SELECT a FROM t;"
                      "CREATE TRIGGER x INSTEAD OF INSERT ON v BEGIN SELECT 'inside'; END;";
    struct str html = schema(*state, "html", sql), dbml = schema(*state, "dbml", sql);
    assert_true(holds(html, "SELECT &#39;inside&#39;"));
    assert_true(holds(dbml, "// trigger v.x\n"));
    assert_true(holds(dbml, "  // foreign key: (a) > nowhere, which is not there\n"));
}

static void boxes_stand_in_layers(void **state)
{
    struct box b[5] = {
        {50, 40, 0, 0}, {60, 40, 0, 0}, {50, 80, 0, 0}, {10, 10, 0, 0}, {70, 20, 0, 0}};
    /* 1 and 2 point at 0; 2 at 1; 0 at 2 closes a circle; 4 at itself alone */
    const struct arrow a[] = {{1, 0}, {2, 0}, {2, 1}, {0, 2}, {4, 4}};
    int32_t w, h;
    layout(b, 5, a, 5, *state, &w, &h);
    for (int i = 0; i < 5; i++) {
        assert_true(b[i].x >= 0 && b[i].x + b[i].w <= w && b[i].y >= 0 && b[i].y + b[i].h <= h);
        for (int k = 0; k < i; k++)
            assert_true(b[i].x + b[i].w <= b[k].x || b[k].x + b[k].w <= b[i].x ||
                        b[i].y + b[i].h <= b[k].y || b[k].y + b[k].h <= b[i].y);
    }
    assert_true(b[3].y > b[2].y && b[4].y > b[2].y);
}

static void many_boxes_do_not_touch(void **state)
{
    enum { N = 60 };
    struct box b[N];
    struct arrow a[N];
    int32_t w, h;
    for (uint32_t i = 0; i < N; i++) {
        b[i] = (struct box){100 + (int32_t)(i * 37 % 90), 40 + (int32_t)(i * 53 % 200), 0, 0};
        a[i] = (struct arrow){i, (i * 7 + 3) % N};
    }
    layout(b, N, a, N, *state, &w, &h);
    for (int i = 0; i < N; i++)
        for (int k = 0; k < i; k++)
            assert_true(b[i].x + b[i].w <= b[k].x || b[k].x + b[k].w <= b[i].x ||
                        b[i].y + b[i].h <= b[k].y || b[k].y + b[k].h <= b[i].y);
}

struct collected {
    struct arena *mem;
    struct strbuf names;
    uint32_t fail_at, n;
};

static int collect(void *ctx, struct str name, struct str text, struct err *e)
{
    struct collected *c = ctx;
    if (++c->n == c->fail_at)
        return err_set(e, E_WRITE_FAILED, "no room");
    assert_true(text.n > 0);
    for (size_t i = 0; i < name.n; i++)
        assert_non_null(strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.", name.p[i]));
    sb_printf(&c->names, "%.*s\n", STR_ARG(name));
    return 0;
}

static void pages_have_names_of_their_own(void **state)
{
    struct arena *mem = *state;
    struct catalog *cat = sql_catalog(
        mem, "CREATE TABLE \"a b\" (x); CREATE TABLE \"a/b\" (x); CREATE VIEW v AS SELECT 1",
        "x.db");
    struct collected c = {mem, sb_new(mem, 0), 0, 0};
    struct err e = {0};
    assert_null(pages_find(STR("pdf")));
    assert_ok(pages_write(cat, pages_find(STR("html")), mem, collect, &c, &e), e);
    assert_int_equal(c.n, 4);
    assert_true(str_starts(sb_view(&c.names), STR("table-a-b-")));
    assert_true(str_ends(sb_view(&c.names), STR(".html\nindex.html\n")));
    struct str rest = sb_view(&c.names), one, two;
    assert_true(str_cut(&rest, '\n', &one) && str_cut(&rest, '\n', &two) && !str_eq(one, two));
    c = (struct collected){mem, sb_new(mem, 0), 2, 0};
    assert_err(pages_write(cat, pages_find(STR("markdown")), mem, collect, &c, &e), e,
               E_WRITE_FAILED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_diagram_marks_changes),      TEST(a_schema_in_dbml),
        TEST(a_page_says_what_changes),     TEST(no_name_breaks_out),
        TEST(what_lies_in_others_is_shown), TEST(boxes_stand_in_layers),
        TEST(many_boxes_do_not_touch),      TEST(pages_have_names_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
