/* Scripts and statements as text; see drivers/postgresql/script.h. */

#include "drivers/postgresql/script.h"
#include "tests/harness/unit.h"

static struct str spelled(struct arena *mem, struct str sql)
{
    struct strbuf b = sb_new(mem, 0);
    assert_true(pg_spell(sql, &b));
    return sb_view(&b);
}

static void for_a_changelog(void **state)
{
    static const char *const rows[][2] = {
        {"SELECT 'it''s', E'a\\\\b', \"q\"\"q\"", "SELECT 'it''s', E'a\\\\b', \"q\"\"q\""},
        {"AS 'a\tb\nc\\'", "AS E'a\tb\nc\\\\'"},
        {"AS 'it''s \\ a\r\nb'", "AS E'it''s \\\\ a\\r\nb'"},
        {"AS E'a\\\\\rb\\\r\\n'", "AS E'a\\\\\\rb\\r\\n'"},
        {"AS $f$it's \\ a\rb$f$", "AS E'it''s \\\\ a\\rb'"},
        {"AS $$a\x01\xc2\x85\xef\xbf\xbe$$", "AS E'a\\u0001\\u0085\\ufffe'"},
        {"AS $$\xe2\x80\xa8 \xc3\xa9 it's $1$$", "AS $$\xe2\x80\xa8 \xc3\xa9 it's $1$$"},
        {"DROP TABLE \"a\rb\\c\"\"\x7f\"", "DROP TABLE U&\"a\\000Db\\\\c\"\"\\007F\""},
        {"a\r\nb\rc\fd", "a\n\nb\nc\nd"},
        {"a -- x\ry\n /* x\ry\v ? */ b", "a -- x y\n /* x\ny\v ? */ b"},
        {"a ? '?' AND $$?$$", "DO $snap$ BEGIN EXECUTE $sql$a ? '?' AND $$?$$$sql$; END $snap$"},
        {"a ? '$sql$\r'", "DO $snap$ BEGIN EXECUTE $sql1$a ? E'$sql$\\r'$sql1$; END $snap$"},
        {"a '?' AND $$?$$ -- ?", "a '?' AND $$?$$ -- ?"},
    };
    static const char *const lost[] = {
        "a\x01", "a\xc2\x85",  "U&'a\r'",      "U&\"a\r\"",
        "x'\r'", "'a\r'\n'b'", "a ? '$snap$'", "CREATE INDEX CONCURRENTLY i ON t (a) WHERE b ? 'c'",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(spelled(*state, str_c(rows[i][0])), rows[i][1]);
    for (size_t i = 0; i < sizeof lost / sizeof *lost; i++) {
        struct strbuf b = sb_new(*state, 0);
        if (pg_spell(str_c(lost[i]), &b))
            fail_msg("%s: %s", lost[i], b.p);
    }
}

static void for_the_shell(void **state)
{
    static const char *const rows[][2] = {
        {"a::text", "a::text"},
        {"a[1:n]", "a[1: n]"},
        {"a[1:\"USER\"]", "a[1: \"USER\"]"},
        {"a[1:2]", "a[1:2]"},
        {"':n' \":n\" $$:n$$", "':n' \":n\" $$:n$$"},
        {"a := b", "a := b"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0);
        pg_shell(str_c(rows[i][0]), &b);
        assert_str(sb_view(&b), rows[i][1]);
    }
}

/* The statements of a script, each in brackets. */
static struct str parts(struct arena *mem, const char *text)
{
    struct script rest = {.rest = str_c(text)};
    struct str one;
    struct strbuf b = sb_new(mem, 0);
    while (pg_split(&rest, &one))
        sb_printf(&b, "<%.*s>", STR_ARG(one));
    return sb_view(&b);
}

static void statements(void **state)
{
    static const char *const rows[][2] = {
        {"a; b ;; c", "<a><b><c>"},
        {"\\set x 1\na;\n\\echo y\n-- c;\n/* ; */ b", "<a><b>"},
        {"a $x$;$x$ ';' \";\" E'\\';' $1; b", "<a $x$;$x$ ';' \";\" E'\\';' $1><b>"},
        {"a$b$;c$b$", "<a$b$><c$b$>"},
        {"CREATE FUNCTION f() BEGIN ATOMIC a; SELECT CASE b END; END; c",
         "<CREATE FUNCTION f() BEGIN ATOMIC a; SELECT CASE b END; END><c>"},
        {"CREATE RULE r DO (a; b); c", "<CREATE RULE r DO (a; b)><c>"},
        {"BEGIN; a; END; b", "<BEGIN><a><END><b>"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(parts(*state, rows[i][0]), rows[i][1]);
    assert_str(pg_psql_line(STR("-- x\n\\set a b\n\\i other.sql\nSELECT")), "\\i other.sql");
    assert_true(str_is_null(pg_psql_line(STR("\\restrict x\n\\connect y\nSELECT\n\\i x"))));
}

static void a_block_of_begin_atomic_is_seen(void **state)
{
    (void)state;
    assert_true(
        pg_has_block(STR("CREATE FUNCTION f() RETURNS int begin /* x */ atomic SELECT 1; END")));
    assert_false(
        pg_has_block(STR("BEGIN; SELECT 'BEGIN ATOMIC', \"begin atomic\" -- begin atomic")));
    assert_false(pg_has_block(STR("CREATE FUNCTION f() RETURNS int AS $$ BEGIN ATOMIC $$")));
    assert_false(pg_has_block(STR("SELECT xbegin atomic")));
    assert_false(pg_has_block(STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(for_a_changelog), TEST(for_the_shell), TEST(statements),
                                       TEST(a_block_of_begin_atomic_is_seen)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
