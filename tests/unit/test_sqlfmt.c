/* Formatting of SQL with quoting; see drivers/sql/sqlfmt.h. */

#include "drivers/postgresql/postgresql.h"
#include "drivers/sql/sqlfmt.h"

#include <string.h>

#include "tests/harness/crash.h"
#include "tests/harness/unit.h"

static bool is_keyword(struct str name)
{
    return str_eq_fold(name, STR("select"));
}
static const struct sql_dialect plain = {'"', is_keyword, NULL}, ticks = {'`', is_keyword, NULL};

static struct str ident(struct arena *mem, const struct sql_dialect *dia, struct str name)
{
    struct strbuf b = sb_new(mem, 0);
    sql_ident(&b, dia, name);
    return sb_view(&b);
}

static void identifiers(void **state)
{
    static const char *const rows[][2] = {{"a", "a"},
                                          {"A_1", "A_1"},
                                          {"_", "_"},
                                          {"1a", "\"1a\""},
                                          {"", "\"\""},
                                          {"a b", "\"a b\""},
                                          {"a\"b", "\"a\"\"b\""},
                                          {"a`b", "\"a`b\""},
                                          {"SELECT", "\"SELECT\""},
                                          {"selects", "selects"},
                                          {"a$b", "\"a$b\""},
                                          {"\xc3\xa4", "\"\xc3\xa4\""},
                                          {"a;--", "\"a;--\""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(ident(*state, &plain, str_c(rows[i][0])), rows[i][1]);
    assert_str(ident(*state, &ticks, STR("a`b\"")), "`a``b\"`");
    assert_str(ident(*state, &ticks, STR("select")), "`select`");
    assert_int_equal(ident(*state, &plain, (struct str){"a\0b", 3}).n, 5);
}

static void in_brackets(struct strbuf *out, struct str text)
{
    sb_printf(out, "[%.*s]", STR_ARG(text));
}

static void literals(void **state)
{
    static const char *const rows[][2] = {
        {"a", "'a'"}, {"", "''"}, {"it's", "'it''s'"}, {"''", "''''''"}, {"a\\'", "'a\\'''"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0);
        sql_literal(&b, &plain, str_c(rows[i][0]));
        assert_str(sb_view(&b), rows[i][1]);
    }
    static const struct sql_dialect own = {'"', NULL, in_brackets};
    struct strbuf b = sb_new(*state, 0);
    sql_literal(&b, &own, STR("it's"));
    sql_fmt(&b, &own, " %L", STR("b"));
    assert_str(sb_view(&b), "[it's] [b]");
    struct strbuf pg = sb_new(*state, 0);
    sql_literal(&pg, &pg_dialect, STR("it's"));
    sql_literal(&pg, &pg_dialect, STR("a\\b'\\"));
    assert_str(sb_view(&pg), "'it''s'E'a\\\\b''\\\\'");
}

static void every_directive(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    sql_fmt(&b, &plain, "%I = %L, %S %s %d%%", STR("a b"), STR("it's"), STR("x'1'"), "y'2'",
            (int64_t)-9223372036854775807);
    assert_str(sb_view(&b), "\"a b\" = 'it''s', x'1' y'2' -9223372036854775807%");
    sql_fmt(&b, &plain, "");
    sql_fmt(&b, &plain, "!");
    assert_true(str_ends(sb_view(&b), STR("07%!")));
}

static void bad_directive(void *arg)
{
    struct strbuf *b = arg;
    sql_fmt(b, &plain, "%x", 1);
}

static void an_unknown_directive_aborts(void **state)
{
    char said[200];
    struct strbuf b = sb_new(*state, 0);
    assert_true(aborts(bad_directive, &b, said, sizeof said));
    assert_non_null(strstr(said, "unknown directive in sql_fmt"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(identifiers),
        TEST(literals),
        TEST(every_directive),
        TEST(an_unknown_directive_aborts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
