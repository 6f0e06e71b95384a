/* The report for a terminal: its lines, its colours, its width, and names that try to break it. */

#include "core/escape.h"
#include "emit/emit.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static struct str text_of(struct changes *c, const struct emit_in *how, struct arena *mem)
{
    struct emit_in in = how ? *how : (struct emit_in){0};
    in.mem = mem;
    in.changes = c;
    return emitted(emitter_find(STR("text"), EMIT_DIFF), &in, NULL);
}

/* Without the two lines whose versions and fingerprints are not what a test is about. */
static struct str without_head(struct str text)
{
    size_t at = str_find(text, STR("changes that turn "));
    return str_from(text, at);
}

static const char from[] = "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT, note TEXT);\n"
                           "CREATE INDEX ia ON a (x);\n"
                           "CREATE TABLE gone (p, q);\n"
                           "CREATE VIEW v AS SELECT id\nFROM a\nWHERE x = 1;\n";
static const char to[] = "CREATE TABLE a (id INTEGER PRIMARY KEY, x NUMERIC(5,2), remark TEXT);\n"
                         "CREATE INDEX ia ON a (x DESC);\n"
                         "CREATE TABLE fresh (p, q);\n"
                         "CREATE VIEW v AS SELECT id\nFROM a\nWHERE x = 2;\n";

static void a_report(void **state)
{
    struct emit_in in = {.show_hints = true};
    assert_str(
        without_head(text_of(sql_changes(*state, from, to), &in, *state)),
        "changes that turn from.db into to.db\n"
        "\n"
        "~ table a\n"
        "  ~ column  x       type text -> numeric(5,2)\n"
        "      ! rewrite: every row of the table is copied while others wait\n"
        "  - column  note    text\n"
        "      ! data loss: rows or values are lost; the rollback restores the schema and not "
        "the rows\n"
        "      ! rewrite: every row of the table is copied while others wait\n"
        "  + column  remark  text\n"
        "      perhaps renamed from note (same attributes, same place): --rename\n"
        "  ~ index   ia      columns (x) -> (x desc)\n"
        "+ table fresh                                             2 columns\n"
        "      perhaps renamed from gone (100 % of what it holds is the same): --rename\n"
        "- table gone                                              2 columns\n"
        "    ! data loss: rows or values are lost; the rollback restores the schema and not "
        "the rows\n"
        "~ view v\n"
        "      -  WHERE x = 1\n"
        "      +  WHERE x = 2\n"
        "\n"
        "7 changes in 4 objects: 2 added, 3 changed, 2 dropped (2 destructive)    unmodelled: "
        "none\n");
    /* hints only when they are asked for */
    struct str text = text_of(sql_changes(*state, from, to), NULL, *state);
    assert_true(str_find(text, STR("perhaps")) == text.n);
}

static void head(void **state)
{
    struct changes *c = sql_changes(*state, "CREATE TABLE a (x)", "CREATE TABLE b (x)");
    struct emit_in in = {.title = "drift: words"};
    c->from.label = STR("a\x1b[31m\xff.db");
    c->from.version = STR("\x1b[2JEvil \xe2\x80\xae");
    struct str text = text_of(c, &in, *state), first, second, rest = text;
    assert_false(acts_on_terminal(text));
    str_cut(&rest, '\n', &first);
    assert_str(first, "drift: words");
    str_cut(&rest, '\n', &first);
    str_cut(&rest, '\n', &second);
    assert_true(str_starts(first, STR("a\\x1b[31m\\xff.db  \\x1b[2JEvil \\xe2\\x80\\xae  ")));
    assert_true(
        str_starts(second, STR("to.db             SQLite "))); /* labels stand in a column */
    assert_true(str_ends(second, STR("  2 facts")));
}

static void same(void **state)
{
    struct changes *c = sql_changes(*state, from, from);
    struct str text = text_of(c, NULL, *state);
    assert_true(str_starts(text, STR("from.db and to.db are the same: ")));
    assert_true(str_find(text, STR(" facts, fingerprint ")) < text.n);
    assert_int_equal(str_chr(text, '\n'), text.n - 1);
}

static void short_forms(void **state)
{
    struct changes *c = sql_changes(*state, from, to);
    struct emit_in in = {.detail = DETAIL_NAMES};
    assert_str(text_of(c, &in, *state), "M\ttable a\nA\ttable fresh\nD\ttable gone\nM\tview v\n");
    in.detail = DETAIL_STAT;
    struct str text = text_of(c, &in, *state);
    assert_true(
        str_starts(text, STR(" table a                                            |   4 +~~-\n")));
    assert_true(
        str_find(text, STR("\n table fresh                                        |   1 +\n")) <
        text.n);
    assert_true(str_find(text, STR("\n 7 changes in 4 objects: 2 added, 3 changed, 2 dropped")) <
                text.n);
}

static void colours(void **state)
{
    struct changes *c = sql_changes(*state, from, to);
    struct emit_in in = {.color = true};
    struct str plain = text_of(c, NULL, *state), text = text_of(c, &in, *state);
    struct strbuf bare = sb_new(*state, 0);
    assert_true(str_find(text, STR("\033[32m+\033[0m")) < text.n);
    assert_true(str_find(text, STR("\033[31m-\033[0m")) < text.n);
    /* colour only adds: without it, the same text */
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\033')
            while (text.p[i] != 'm')
                i++;
        else
            sb_char(&bare, text.p[i]);
    }
    assert_true(str_eq(sb_view(&bare), plain));
}

static void renames_and_ledger(void **state)
{
    struct changes *c = sql_changes(*state, from, from);
    struct str renamed = STR("column a.x\x1b renamed to y");
    struct emit_in in = {.renames = &renamed, .nrenames = 1};
    struct str text = without_head(text_of(c, &in, *state));
    assert_true(str_find(text, STR("\n~ column a.x\\x1b renamed to y\n")) < text.n);
    assert_true(str_ends(text, STR("    unmodelled: none\n")));
    c->to.ledger = 3;
    text = text_of(c, &in, *state);
    assert_true(str_ends(text, STR("    unmodelled: 3\n")));
}

static void bodies(void **state)
{
    struct changes *c = sql_changes(*state, from, to);
    struct str text = text_of(c, NULL, *state);
    assert_true(str_find(text, STR("~ view v\n      -  WHERE x = 1\n      +  WHERE x = 2\n")) <
                text.n);
}

/* A name is never left out, however long, and what stands behind it is seen. */
static void long_names(void **state)
{
    struct arena *mem = *state;
    static const size_t widths[] = {28, 29, 60, 70, 80, 92, 100, 300};
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        struct strbuf name = sb_new(mem, 0);
        sb_pad(&name, 'c', widths[i]);
        struct str after =
            arena_printf(mem, "CREATE TABLE t (a, %s TEXT DEFAULT 'words'); CREATE TABLE %s (p)",
                         sb_view(&name).p, sb_view(&name).p);
        struct str text = text_of(sql_changes(mem, "CREATE TABLE t (a)", after.p), NULL, mem);
        struct str shown = str_sub(sb_view(&name), 0, widths[i] < 80 ? widths[i] : 80);
        struct str column = arena_printf(mem, "  + column  %.*s", STR_ARG(shown));
        struct str table = arena_printf(mem, "\n+ table %.*s", STR_ARG(shown));
        if (str_find(text, column) == text.n || str_find(text, table) == text.n ||
            str_find(text, STR("text default 'words'\n")) == text.n ||
            str_find(text, STR("1 column\n")) == text.n || widest_line(text) > 100)
            fail_msg("%zu:\n%.*s", widths[i], STR_ARG(text));
    }
}

static void hostile(void **state)
{
    struct arena *mem = *state;
    char *one = nasty_sql(mem, false), *two = nasty_sql(mem, true);
    for (int turn = 0; turn < 2; turn++) {
        struct changes *c = turn ? sql_changes(mem, two, one) : sql_changes(mem, one, two);
        for (enum diff_detail d = DETAIL_FULL; d <= DETAIL_NAMES; d++) {
            struct emit_in in = {.detail = d, .show_hints = true};
            struct str text = text_of(c, &in, mem);
            struct strbuf no_tabs = sb_new(mem, 0);
            for (size_t i = 0; i < text.n; i++)
                if (d != DETAIL_NAMES || text.p[i] != '\t')
                    sb_char(&no_tabs, text.p[i]);
            assert_false(acts_on_terminal(sb_view(&no_tabs)));
            assert_true(c->n > 20 && text.n > 1000);
            struct str rest = text, line;
            while (d != DETAIL_NAMES && str_cut(&rest, '\n', &line))
                if (esc_width(line) > 100)
                    fail_msg("%zu columns: %.*s", esc_width(line), STR_ARG(line));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_report),           TEST(head),   TEST(same),       TEST(short_forms), TEST(colours),
        TEST(renames_and_ledger), TEST(bodies), TEST(long_names), TEST(hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
