/* The diff as Markdown: tables and code that no name and no text can break out of. */

#include "emit/emit.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static struct str markdown_of(struct changes *c, const struct emit_in *how, struct arena *mem)
{
    struct emit_in in = how ? *how : (struct emit_in){0};
    in.mem = mem;
    in.changes = c;
    return emitted(emitter_find(STR("markdown"), EMIT_DIFF), &in, NULL);
}

static void a_report(void **state)
{
    struct changes *c = sql_changes(
        *state,
        "CREATE TABLE a (x TEXT, y); CREATE TABLE gone (p); CREATE VIEW v AS SELECT 1\nAS a;",
        "CREATE TABLE a (x INT, z INT); CREATE TABLE \"b|c\" (p, q); CREATE VIEW v AS SELECT 2\nAS "
        "a;");
    assert_str(markdown_of(c, NULL, *state),
               "## Changes that turn from.db into to.db\n"
               "\n"
               "6 changes in 4 objects: 2 added, 2 changed, 2 dropped (2 destructive).\n"
               "\n"
               "### table a — changed\n"
               "\n"
               "| | kind | name | what | |\n"
               "|---|---|---|---|---|\n"
               "| changed | column | x | type text → int | rewrite |\n"
               "| dropped | column | y |  | **data loss**, rewrite |\n"
               "| added | column | z | int | |\n"
               "\n"
               "### table \"b\\|c\" — added\n"
               "\n"
               "2 columns\n"
               "\n"
               "### table gone — dropped, **data loss**\n"
               "\n"
               "1 column\n"
               "\n"
               "### view v — changed\n"
               "\n"
               "| | kind | name | what | |\n"
               "|---|---|---|---|---|\n"
               "| changed | view | v | query differs | |\n"
               "\n"
               "```diff\n"
               "-CREATE VIEW v AS SELECT 1\n"
               "+CREATE VIEW v AS SELECT 2\n"
               " AS a\n"
               "```\n");
}

static void same_and_renames(void **state)
{
    struct changes *c = sql_changes(*state, "CREATE TABLE t (a)", "CREATE TABLE t (a)");
    assert_str(markdown_of(c, NULL, *state),
               "## Changes that turn from.db into to.db\n\nNone: both are the same.\n");
    struct str lines[] = {STR("table *a* renamed to b"), STR("c <b>\n")};
    struct emit_in in = {.renames = lines, .nrenames = 2};
    struct str text = markdown_of(c, &in, *state);
    assert_true(str_find(text, STR("\n\n- table \\*a\\* renamed to b\n- c &lt;b&gt;\\\\x0a\n\n")) <
                text.n);
    c->from.label = STR("<script>\n# x");
    text = markdown_of(c, NULL, *state);
    assert_true(
        str_starts(text, STR("## Changes that turn &lt;script&gt;\\\\x0a\\# x into to.db\n")));
}

/* A fence is longer than every run of backticks in what it holds. */
static void fences(void **state)
{
    struct changes *c = sql_changes(*state, "CREATE VIEW v AS SELECT '``` ````' AS a;",
                                    "CREATE VIEW v AS SELECT '``' AS a, '\x1b[31m' AS b;");
    struct str text = markdown_of(c, NULL, *state);
    assert_true(str_find(text, STR("\n`````diff\n-CREATE VIEW v AS SELECT '``` ````' AS a\n")) <
                text.n);
    assert_true(str_ends(text, STR("\\x1b[31m' AS b\n`````\n")));
}

/* Outside of code: no HTML, no unescaped mark, and as many cells in a row as its table has. */
static void check_lines(struct str text)
{
    struct str rest = text, line, fence = STR_NULL;
    while (str_cut(&rest, '\n', &line)) {
        if (fence.n) {
            fence = str_eq(line, fence) ? STR_NULL : fence;
            assert_true(!fence.n || (line.n && strchr(" +-", line.p[0])));
            continue;
        }
        if (str_starts(line, STR("```"))) {
            fence = str_sub(line, 0, str_find(line, STR("diff")));
            continue;
        }
        unsigned bars = 0;
        struct str bold = STR("**data loss**");
        size_t mark = str_find(line, bold);
        for (size_t i = 0; i < line.n; i++) {
            if (i == mark || line.p[i] == '\\') {
                i += i == mark ? bold.n - 1 : 1;
                continue;
            }
            bool head = i < 4 && line.p[i] == '#';
            bars += line.p[i] == '|';
            if (!head && strchr("<>`*_$[]{}", line.p[i]))
                fail_msg("%zu: %.*s", i, STR_ARG(line));
        }
        assert_true(bars == 0 || bars == 6);
        assert_true(!bars || line.p[0] == '|');
    }
    assert_true(!fence.n);
}

static void hostile(void **state)
{
    struct arena *mem = *state;
    char *one = nasty_sql(mem, false), *two = nasty_sql(mem, true);
    struct str a = markdown_of(sql_changes(mem, one, two), NULL, mem);
    struct str b = markdown_of(sql_changes(mem, two, one), NULL, mem);
    assert_true(a.n > 10000 && b.n > 10000);
    assert_false(acts_on_terminal(a));
    assert_false(acts_on_terminal(b));
    check_lines(a);
    check_lines(b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_report),
        TEST(same_and_renames),
        TEST(fences),
        TEST(hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
