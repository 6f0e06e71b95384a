/* SQL text as tokens; see drivers/sql/lex.h. */

#include "drivers/sql/lex.h"
#include "tests/harness/unit.h"

/* Every token as "type<text> ". */
static struct str tokens(struct arena *mem, struct str sql)
{
    static const char *const names[] = {"end", "word",  "quoted", "string", "blob",
                                        "num", "param", "op",     "bad"};
    struct strbuf b = sb_new(mem, 0);
    struct lexer l = lex_open(sql);
    for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l)) {
        assert_true(str_eq(t.text, str_sub(sql, t.at, t.at + t.text.n)));
        assert_true(t.text.n > 0);
        sb_printf(&b, "%s%s<%.*s>", b.n ? " " : "", names[t.type], STR_ARG(t.text));
    }
    return sb_view(&b);
}

static void gives(struct arena *mem, const char *sql, const char *want)
{
    assert_str(tokens(mem, str_c(sql)), want);
}

static void names_and_words(void **state)
{
    struct arena *mem = *state;
    gives(mem, "select A_1 $x", "word<select> word<A_1> param<$x>");
    gives(mem, "a$b _x \xc3\xa4z", "word<a$b> word<_x> word<\xc3\xa4z>");
    gives(mem, "\"a b\" `c` [d e]", "quoted<\"a b\"> quoted<`c`> quoted<[d e]>");
    gives(mem, "a.b", "word<a> op<.> word<b>");
}

static void doubled_quotes_stay_inside(void **state)
{
    struct arena *mem = *state;
    gives(mem, "'it''s'x", "string<'it''s'> word<x>");
    gives(mem, "\"a\"\"b\"", "quoted<\"a\"\"b\">");
    gives(mem, "`a``b`", "quoted<`a``b`>");
    /* brackets know no doubling */
    gives(mem, "[a]]", "quoted<[a]> bad<]>");
    gives(mem, "'' \"\" []", "string<''> quoted<\"\"> quoted<[]>");
}

static void quotes_that_are_not_closed(void **state)
{
    struct arena *mem = *state;
    gives(mem, "a 'b c", "word<a> bad<'b c>");
    gives(mem, "\"b''", "bad<\"b''>");
    gives(mem, "[x'", "bad<[x'>");
    gives(mem, "x'ab", "bad<x'ab>");
    gives(mem, "'a''", "bad<'a''>");
}

static void blobs_and_numbers(void **state)
{
    struct arena *mem = *state;
    gives(mem, "x'0aF' X'' x '1'", "blob<x'0aF'> blob<X''> word<x> string<'1'>");
    gives(mem, "1 1.5 .5 5. 1e3 1.5E-7 1e+2",
          "num<1> num<1.5> num<.5> num<5.> num<1e3> num<1.5E-7> "
          "num<1e+2>");
    /* hexadecimal digits hold e, and no exponent */
    gives(mem, "0xFe+1", "num<0xFe> op<+> num<1>");
    gives(mem, "1_000 1-2", "num<1_000> num<1> op<-> num<2>");
    gives(mem, "1e", "num<1e>");
}

static void parameters(void **state)
{
    struct arena *mem = *state;
    gives(mem, "? ?12 :a @b $c #1", "param<?> param<?12> param<:a> param<@b> param<$c> param<#1>");
    gives(mem, "a::b", "word<a> op<::> word<b>");
    gives(mem, ":", "bad<:>");
}

static void operators_the_longest_first(void **state)
{
    struct arena *mem = *state;
    gives(mem, "a->>b->c||d", "word<a> op<->>> word<b> op<->> word<c> op<||> word<d>");
    gives(mem,
          "<= >= <> != == << >> ::", "op<<=> op<>=> op<<>> op<!=> op<==> op<<<> op<>>> op<::>");
    gives(mem, "<<=", "op<<<> op<=>");
    gives(mem, "a|b&c~d%e!",
          "word<a> op<|> word<b> op<&> word<c> op<~> word<d> op<%> word<e> op<!>");
    gives(mem, "(a,b);*/", "op<(> word<a> op<,> word<b> op<)> op<;> op<*> op</>");
}

static void blanks_and_comments(void **state)
{
    struct arena *mem = *state;
    gives(mem, " a\t\n\r\f b ", "word<a> word<b>");
    gives(mem, "a -- b\nc", "word<a> word<c>");
    gives(mem, "a /* b\n-- */ c/**/d", "word<a> word<c> word<d>");
    gives(mem, "a/*/b*/c", "word<a> word<c>");
    gives(mem, "a --", "word<a>");
    gives(mem, "a /* never closed", "word<a>");
    gives(mem, "a /*", "word<a>");
    gives(mem, "a /* x *", "word<a>");
    gives(mem, "-1 - -1", "op<-> num<1> op<-> op<-> num<1>");
    gives(mem, "", "");
    assert_str(tokens(mem, (struct str){"a\0b", 3}), "word<a> word<b>");
}

static void what_begins_nothing(void **state)
{
    struct arena *mem = *state;
    gives(mem, "a { \\ \x01", "word<a> bad<{> bad<\\> bad<\x01>");
}

static void the_end_stays_the_end(void **state)
{
    struct lexer l = lex_open(STR("a "));
    (void)state;
    assert_int_equal(lex_next(&l).type, T_WORD);
    for (int i = 0; i < 3; i++) {
        struct tok t = lex_next(&l);
        assert_int_equal(t.type, T_END);
        assert_int_equal(t.at, 2);
    }
}

static void peeking_takes_nothing(void **state)
{
    struct lexer l = lex_open(STR("a b"));
    (void)state;
    assert_str(lex_peek(&l).text, "a");
    assert_str(lex_next(&l).text, "a");
    assert_str(lex_peek(&l).text, "b");
    assert_str(lex_next(&l).text, "b");
}

static struct tok first(const char *sql)
{
    struct lexer l = lex_open(str_c(sql));
    return lex_next(&l);
}

static void keywords_in_any_case(void **state)
{
    (void)state;
    assert_true(tok_is(first("SeLect"), "select"));
    assert_false(tok_is(first("selects"), "select"));
    assert_false(tok_is(first("\"select\""), "select"));
    assert_false(tok_is(first("'select'"), "select"));
    assert_true(tok_is_op(first("("), "("));
    assert_false(tok_is_op(first("'('"), "("));
    assert_false(tok_is_op(first("<="), "<"));
}

static void names_without_their_quotes(void **state)
{
    static const char *const rows[][2] = {
        {"a", "a"},         {"\"a b\"", "a b"}, {"`a`", "a"},
        {"[a\"b]", "a\"b"}, {"'a''b'", "a'b"},  {"\"a\"\"\"\"b\"", "a\"\"b"},
        {"``", ""},         {"\"a`b\"", "a`b"}, {"\"\"\"\"", "\""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_str(tok_name(*state, first(rows[i][0])), rows[i][1]);
        assert_true(tok_is_name(first(rows[i][0])));
    }
    assert_str(tok_name(*state, first("12")), "12");
    assert_false(tok_is_name(first("12")));
    assert_false(tok_is_name(first("x'00'")));
    assert_false(tok_is_name(first("")));
}

static void balanced_parentheses(void **state)
{
    struct lexer l = lex_open(STR(" (a, (b) ')' \"(\" /* ) */ [)] ) c"));
    struct str inside;
    (void)state;
    assert_true(lex_parens(&l, &inside));
    assert_str(inside, "a, (b) ')' \"(\" /* ) */ [)] ");
    assert_str(lex_next(&l).text, "c");
    l = lex_open(STR("()"));
    assert_true(lex_parens(&l, &inside));
    assert_str(inside, "");
}

static void parentheses_that_do_not_balance(void **state)
{
    static const char *const bad[] = {"",     "a",      "a (b)", "(",      "(a",
                                      "((a)", "(a 'b)", ")(",    "(a { b)"};
    struct str inside;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct lexer l = lex_open(str_c(bad[i]));
        if (lex_parens(&l, &inside))
            fail_msg("passes for balanced: <%s>", bad[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_and_words),
        TEST(doubled_quotes_stay_inside),
        TEST(quotes_that_are_not_closed),
        TEST(blobs_and_numbers),
        TEST(parameters),
        TEST(operators_the_longest_first),
        TEST(blanks_and_comments),
        TEST(what_begins_nothing),
        TEST(the_end_stays_the_end),
        TEST(peeking_takes_nothing),
        TEST(keywords_in_any_case),
        TEST(names_without_their_quotes),
        TEST(balanced_parentheses),
        TEST(parentheses_that_do_not_balance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
