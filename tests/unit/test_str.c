/* Byte strings: comparison, search, cutting, numbers, UTF-8. */

#include "core/str.h"

#include "tests/harness/unit.h"

#include <stdlib.h>

/* Only to show that nothing here follows the locale. */
#undef setlocale
#include <locale.h>

static void absent_and_empty(void **state)
{
    (void)state;
    assert_true(str_is_null(STR_NULL));
    assert_true(str_is_null(str_c(NULL)));
    assert_false(str_is_null(STR("")));
    assert_false(str_is_null(str_c("")));
    assert_int_equal(str_c("abc").n, 3);
    assert_true(str_eq(STR_NULL, STR("")));
    const char *text = "hello";
    assert_str(str_range(text + 1, text + 3), "el");
}

static void equality(void **state)
{
    (void)state;
    assert_true(str_eq(STR("abc"), STR("abc")));
    assert_false(str_eq(STR("abc"), STR("abd")));
    assert_false(str_eq(STR("abc"), STR("ab")));
    assert_true(str_eq((struct str){"a\0b", 3}, (struct str){"a\0b", 3}));
    assert_false(str_eq((struct str){"a\0b", 3}, (struct str){"a\0c", 3}));
    assert_true(str_eq_c(STR("x"), "x"));
    assert_false(str_eq_c((struct str){"x\0", 2}, "x"));
}

static void equality_without_case(void **state)
{
    (void)state;
    assert_true(str_eq_fold(STR("Select"), STR("sELECT")));
    assert_false(str_eq_fold(STR("select"), STR("selec")));
    assert_false(str_eq_fold(STR("a@"), STR("a`")));
    /* Only ASCII letters: Ä and ä stay two. */
    assert_false(str_eq_fold(STR("\xc3\x84"), STR("\xc3\xa4")));
    assert_true(str_eq_fold_c(STR("ID"), "id"));
    assert_true(str_eq_fold(STR_NULL, STR("")));
}

static void order_is_by_bytes(void **state)
{
    (void)state;
    assert_true(str_cmp(STR("a"), STR("b")) < 0);
    assert_true(str_cmp(STR("b"), STR("a")) > 0);
    assert_int_equal(str_cmp(STR("a"), STR("a")), 0);
    assert_true(str_cmp(STR("a"), STR("ab")) < 0);
    assert_true(str_cmp(STR("ab"), STR("a")) > 0);
    assert_true(str_cmp(STR_NULL, STR("a")) < 0);
    assert_int_equal(str_cmp(STR_NULL, STR("")), 0);
    /* Bytes above 0x7f are large and not negative; capitals come first. */
    assert_true(str_cmp(STR("\xff"), STR("a")) > 0);
    assert_true(str_cmp(STR("Z"), STR("a")) < 0);
}

static void locale_changes_nothing(void **state)
{
    static const char *const names[] = {"tr_TR.UTF-8", "de_DE.UTF-8", "C.UTF-8", "C.utf8", "C"};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!setlocale(LC_ALL, names[i]))
            continue;
        assert_true(str_eq_fold(STR("TITLE"), STR("title")));
        assert_true(str_cmp(STR("Z"), STR("a")) < 0);
        assert_true(str_cmp(STR("\xc3\xa4"), STR("z")) > 0);
        assert_int_equal(ascii_lower('I'), 'i');
        assert_false(ascii_is_alpha('\xe4'));
        assert_false(ascii_is_space('\xa0'));
    }
    setlocale(LC_ALL, "C");
}

static void starts_and_ends(void **state)
{
    (void)state;
    assert_true(str_starts(STR("table:a"), STR("table:")));
    assert_true(str_starts(STR("a"), STR("")));
    assert_true(str_starts(STR_NULL, STR("")));
    assert_false(str_starts(STR("ta"), STR("table")));
    assert_true(str_ends(STR("x.yaml"), STR(".yaml")));
    assert_false(str_ends(STR("yaml"), STR(".yaml")));
    assert_false(str_ends(STR("x.yam"), STR(".yaml")));
    assert_true(str_ends(STR("x"), STR("")));
}

static void parts_are_cut_to_the_length(void **state)
{
    (void)state;
    assert_str(str_from(STR("hello"), 2), "llo");
    assert_str(str_from(STR("hello"), 5), "");
    assert_int_equal(str_from(STR("hello"), 99).n, 0);
    assert_int_equal(str_from(STR("hello"), SIZE_MAX).n, 0);
    assert_true(str_is_null(str_from(STR_NULL, 3)));
    assert_str(str_sub(STR("hello"), 1, 3), "el");
    assert_str(str_sub(STR("hello"), 3, 99), "lo");
    assert_str(str_sub(STR("hello"), 4, 2), "");
    assert_str(str_sub(STR("hello"), 99, 100), "");
    assert_true(str_is_null(str_sub(STR_NULL, 0, 3)));
}

static void finding(void **state)
{
    (void)state;
    assert_int_equal(str_chr(STR("a/b/c"), '/'), 1);
    assert_int_equal(str_chr(STR("abc"), '/'), 3);
    assert_int_equal(str_chr(STR_NULL, '/'), 0);
    assert_int_equal(str_chr((struct str){"a\0/", 3}, '/'), 2);
    assert_int_equal(str_find(STR("hello world"), STR("o w")), 4);
    assert_int_equal(str_find(STR("aaab"), STR("aab")), 1);
    assert_int_equal(str_find(STR("hello"), STR("x")), 5);
    assert_int_equal(str_find(STR("hell"), STR("llo")), 4);
    /* What would be found only past the end is not. */
    assert_int_equal(str_find(str_sub(STR("hello"), 0, 4), STR("llo")), 4);
    assert_int_equal(str_find(STR("hello"), STR("")), 0);
    assert_int_equal(str_find(STR("lo"), STR("hello")), 2);
    assert_int_equal(str_find(STR_NULL, STR("a")), 0);
    assert_int_equal(str_find(STR("hello"), STR("o")), 4);
}

static void lines(void **state)
{
    (void)state;
    struct str text = STR("a\nb\n\nc");
    assert_int_equal(str_line(text, text.p), 1);
    assert_int_equal(str_line(text, text.p + 1), 1);
    assert_int_equal(str_line(text, text.p + 2), 2);
    assert_int_equal(str_line(text, text.p + 5), 4);
}

static void trimming(void **state)
{
    (void)state;
    assert_str(str_trim(STR(" \t\r\n a b \f\v ")), "a b");
    assert_str(str_trim(STR("   ")), "");
    assert_str(str_trim(STR("")), "");
    assert_true(str_is_null(str_trim(STR_NULL)));
    /* A no-break space is a character of two bytes and stays. */
    assert_str(str_trim(STR("\xc2\xa0x")), "\xc2\xa0x");
}

static void cutting(void **state)
{
    struct str rest = STR("a,,b,"), part;
    (void)state;
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, "a");
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, "");
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, "b");
    assert_true(str_cut(&rest, ',', &part));
    assert_str(part, "");
    assert_false(str_cut(&rest, ',', &part));
    assert_true(str_is_null(rest));
    rest = STR("");
    assert_true(str_cut(&rest, ',', &part));
    assert_false(str_cut(&rest, ',', &part));
}

static void integers(void **state)
{
    static const struct {
        const char *text;
        int64_t value;
    } good[] = {{"0", 0},
                {"-0", 0},
                {"+7", 7},
                {"007", 7},
                {"9223372036854775807", INT64_MAX},
                {"-9223372036854775808", INT64_MIN}};
    static const char *const bad[] = {"",
                                      "-",
                                      "+",
                                      "--1",
                                      "1 ",
                                      " 1",
                                      "1.0",
                                      "0x10",
                                      "1e3",
                                      "a",
                                      "9223372036854775808",
                                      "-9223372036854775809",
                                      "99999999999999999999999"};
    int64_t v;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        v = -42;
        assert_true(str_int(str_c(good[i].text), &v));
        assert_true(v == good[i].value);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (str_int(str_c(bad[i]), &v))
            fail_msg("taken for a number: <%s>", bad[i]);
    assert_false(str_int(STR_NULL, &v));
    assert_false(str_int((struct str){"1\0", 2}, &v));
}

static void utf8(void **state)
{
    static const char *const good[] = {"",
                                       "abc",
                                       "\x7f",
                                       "\xc2\x80",
                                       "\xdf\xbf",
                                       "\xe0\xa0\x80",
                                       "\xed\x9f\xbf",
                                       "\xee\x80\x80",
                                       "\xef\xbf\xbd",
                                       "\xf0\x90\x80\x80",
                                       "\xf4\x8f\xbf\xbf",
                                       "a\xc3\xa4z"};
    static const char *const bad[] = {"\x80",             /* a continuation alone */
                                      "\xc3",             /* cut off */
                                      "\xc3(",            /* second byte wrong */
                                      "\xc0\xaf",         /* two bytes for one of ASCII */
                                      "\xe0\x80\xaf",     /* three bytes for it */
                                      "\xe2\x82",         /* cut off after two */
                                      "\xe2\x82(",        /* third byte wrong */
                                      "\xed\xa0\x80",     /* a surrogate */
                                      "\xf0\x8f\xbf\xbf", /* four bytes for three */
                                      "\xf4\x90\x80\x80", /* beyond U+10FFFF */
                                      "\xf5\x80\x80\x80",
                                      "\xff",
                                      "abc\xfe"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(str_is_utf8(str_c(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (str_is_utf8(str_c(bad[i])))
            fail_msg("row %zu passes for UTF-8", i);
    assert_false(str_is_utf8((struct str){"a\0b", 3}));
    assert_true(str_is_utf8(STR_NULL));
}

static void sorting(void **state)
{
    struct str v[] = {STR("b"), STR("ab"), STR(""), STR("a"), STR("B")}, key = STR("ab");
    size_t n = sizeof v / sizeof *v;
    (void)state;
    qsort(v, n, sizeof *v, str_order);
    const char *want[] = {"", "B", "a", "ab", "b"};
    for (size_t i = 0; i < n; i++)
        assert_str(v[i], want[i]);
    assert_ptr_equal(bsearch(&key, v, n, sizeof *v, str_order), &v[3]);
}

static void words_of_a_list(void **state)
{
    (void)state;
    assert_true(str_has_word(STR("a"), STR("a")));
    assert_true(str_has_word(STR("a,bc,d"), STR("bc")));
    assert_true(str_has_word(STR("a,bc,d"), STR("d")));
    assert_false(str_has_word(STR("a,bc,d"), STR("b")));
    assert_false(str_has_word(STR("a,bc,d"), STR("a,bc")));
    assert_false(str_has_word(STR("a,bc,d"), STR("")));
    assert_false(str_has_word(STR_NULL, STR("")));
}

static void classes_of_ascii(void **state)
{
    (void)state;
    for (int c = 0; c < 256; c++) {
        char ch = (char)c;
        bool upper = c >= 'A' && c <= 'Z', lower = c >= 'a' && c <= 'z';
        assert_int_equal(ascii_lower(ch), upper ? (char)(c + 32) : ch);
        assert_int_equal(ascii_is_alpha(ch), upper || lower);
        assert_int_equal(ascii_is_digit(ch), c >= '0' && c <= '9');
        assert_int_equal(ascii_is_space(ch), c == ' ' || (c >= 9 && c <= 13));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(absent_and_empty),
                                       cmocka_unit_test(equality),
                                       cmocka_unit_test(equality_without_case),
                                       cmocka_unit_test(order_is_by_bytes),
                                       cmocka_unit_test(locale_changes_nothing),
                                       cmocka_unit_test(starts_and_ends),
                                       cmocka_unit_test(parts_are_cut_to_the_length),
                                       cmocka_unit_test(finding),
                                       cmocka_unit_test(lines),
                                       cmocka_unit_test(trimming),
                                       cmocka_unit_test(cutting),
                                       cmocka_unit_test(integers),
                                       cmocka_unit_test(utf8),
                                       cmocka_unit_test(sorting),
                                       cmocka_unit_test(words_of_a_list),
                                       cmocka_unit_test(classes_of_ascii)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
