/* Escapers: hostile names must not act on a terminal nor break out of JSON, Markdown or a comment.
 */

#include "core/escape.h"

#include <string.h>

#include "tests/harness/unit.h"

typedef void escape_fn(struct strbuf *out, struct str s);

static struct str run(struct arena *a, escape_fn *fn, struct str s)
{
    struct strbuf out = sb_new(a, 0);
    fn(&out, s);
    return sb_view(&out);
}

/* Every way to change what a terminal shows, and what must come of it. */
static const struct {
    const char *in, *out;
} hostile[] = {
    {"\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"},
    {"\x1b]0;title\a", "\\x1b]0;title\\x07"},
    {"a\rb\bc\vd\fe", "a\\x0db\\x08c\\x0bd\\x0ce"},
    {"\x7f", "\\x7f"},
    {"\xc2\x9b"
     "31m",
     "\\xc2\\x9b31m"},                                            /* C1: CSI in one character */
    {"\xc2\x80\xc2\x9f\xc2\xa0", "\\xc2\\x80\\xc2\\x9f\xc2\xa0"}, /* C1 ends before NBSP */
    {"\xe2\x80\xae"
     "drop",
     "\\xe2\\x80\\xaedrop"},                                          /* right-to-left override */
    {"\xe2\x81\xa6x\xe2\x81\xa9", "\\xe2\\x81\\xa6x\\xe2\\x81\\xa9"}, /* isolates */
    {"\xe2\x80\x8b\xef\xbb\xbf", "\\xe2\\x80\\x8b\\xef\\xbb\\xbf"},   /* no width at all */
    {"\xd8\x9c", "\\xd8\\x9c"},                                       /* Arabic letter mark */
    {"\xe2\x80\xa8\xe2\x80\xa9", "\\xe2\\x80\\xa8\\xe2\\x80\\xa9"},   /* line separators */
    {"\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81"},                     /* a tag */
    {"\xff\xfe", "\\xff\\xfe"},
    {"a\xc3", "a\\xc3"},
    {"\x80z", "\\x80z"},
    {"\xe2\x82z", "\\xe2\\x82z"},
    {"\xed\xa0\x80", "\\xed\\xa0\\x80"},
};

static void no_escape_sequence_passes(void **state)
{
    escape_fn *const fns[] = {esc_terminal, esc_terminal_text, esc_sql_comment};
    for (size_t f = 0; f < 3; f++)
        for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++)
            assert_str(run(*state, fns[f], str_c(hostile[i].in)), hostile[i].out);
}

static void nul_is_shown(void **state)
{
    assert_str(run(*state, esc_terminal, (struct str){"a\0b", 3}), "a\\x00b");
    assert_str(run(*state, esc_terminal_text, (struct str){"\0", 1}), "\\x00");
    assert_str(run(*state, esc_sql_comment, (struct str){"\0", 1}), "\\x00");
    assert_str(run(*state, esc_terminal, STR_NULL), "");
}

static void text_for_people_stays(void **state)
{
    static const char text[] = "Stra\xc3\x9f"
                               "e \\x41 \xe6\x97\xa5\xe6\x9c\xac \xf0\x9f\x98\x80 ~";
    assert_str(run(*state, esc_terminal, str_c(text)), text);
    assert_str(run(*state, esc_terminal_text, str_c(text)), text);
    assert_str(run(*state, esc_sql_comment, str_c(text)), text);
}

static void lines_stay_only_where_asked(void **state)
{
    assert_str(run(*state, esc_terminal, STR("a\n\tb")), "a\\x0a\\x09b");
    assert_str(run(*state, esc_terminal_text, STR("a\n\tb\r\n")), "a\n\tb\\x0d\n");
    /* A name with a newline must not end the comment and begin a statement. */
    assert_str(run(*state, esc_sql_comment, STR("x\nDROP TABLE y;")), "x\\x0aDROP TABLE y;");
}

static void every_byte_alone_is_harmless(void **state)
{
    escape_fn *const fns[] = {esc_terminal, esc_terminal_text, esc_sql_comment, esc_markdown};
    for (int c = 0; c < 256; c++) {
        char in[2] = {(char)c, 'z'};
        for (size_t f = 0; f < 4; f++) {
            struct str out = run(*state, fns[f], (struct str){in, 2});
            assert_true(str_is_utf8(out));
            for (size_t i = 0; i < out.n; i++) {
                bool line = fns[f] == esc_terminal_text && (out.p[i] == '\n' || out.p[i] == '\t');
                assert_true(line || (out.p[i] >= 0x20 && out.p[i] < 0x7f));
            }
        }
    }
}

static void ten_thousand_characters(void **state)
{
    struct strbuf in = sb_new(*state, 0), limited = sb_new(*state, 100);
    sb_pad(&in, '\x1b', 10000);
    struct str out = run(*state, esc_terminal, sb_view(&in));
    assert_int_equal(out.n, 40000);
    assert_memory_equal(out.p + 39992, "\\x1b\\x1b", 8);
    esc_terminal(&limited, sb_view(&in));
    assert_true(limited.over);
    assert_int_equal(esc_width(sb_view(&in)), 40000);
}

static void fixed(void **state)
{
    char dst[16];
    (void)state;
    esc_terminal_fixed(dst, sizeof dst, STR(""));
    assert_string_equal(dst, "");
    esc_terminal_fixed(dst, sizeof dst, STR_NULL);
    assert_string_equal(dst, "");
    esc_terminal_fixed(dst, sizeof dst, STR("a\x1b\xc3\xa4"));
    assert_string_equal(dst, "a\\x1b\xc3\xa4");
    esc_terminal_fixed(dst, sizeof dst, STR("0123456789abcdefgh"));
    assert_string_equal(dst, "0123456789ab...");
    /* A character is there whole or not at all. */
    esc_terminal_fixed(dst, sizeof dst, STR("0123456789a\xc3\xa4xxxxxx"));
    assert_string_equal(dst, "0123456789a...");
    esc_terminal_fixed(dst, sizeof dst, STR("0123456789\x1bxxxxxxx"));
    assert_string_equal(dst, "0123456789...");
}

static void fixed_never_writes_past_the_end(void **state)
{
    char dst[40];
    (void)state;
    for (size_t cap = 4; cap < 30; cap++) {
        memset(dst, '#', sizeof dst);
        esc_terminal_fixed(dst, cap,
                           STR("ab\x1b\xc3\xa4\xff"
                               "cd\x7f\xe2\x82\xac\x1b\x1b\x1b\x1b\x1b"));
        assert_true(strlen(dst) < cap);
        assert_true(str_is_utf8(str_c(dst)));
        for (size_t i = cap; i < sizeof dst; i++)
            assert_int_equal(dst[i], '#');
    }
}

static void widths(void **state)
{
    (void)state;
    assert_int_equal(esc_width(STR_NULL), 0);
    assert_int_equal(esc_width(STR("abc")), 3);
    assert_int_equal(esc_width(STR("\xc3\xa4")), 1);
    assert_int_equal(esc_width(STR("a\xcc\x88")), 1);                /* combining mark */
    assert_int_equal(esc_width(STR("\xe6\x97\xa5\xe6\x9c\xac")), 4); /* East Asian */
    assert_int_equal(esc_width(STR("\xea\xb0\x80")), 2);             /* Hangul */
    assert_int_equal(esc_width(STR("\xf0\x9f\x98\x80")), 2);         /* emoji */
    assert_int_equal(esc_width(STR("\xef\xbc\xa1")), 2);             /* full width A */
    /* As it is printed: four columns for each byte that is escaped. */
    assert_int_equal(esc_width(STR("\x1b")), 4);
    assert_int_equal(esc_width(STR("\xe2\x80\xae")), 12);
    assert_int_equal(esc_width((struct str){"\0", 1}), 4);
}

static void json(void **state)
{
    assert_str(run(*state, esc_json, STR("")), "\"\"");
    assert_str(run(*state, esc_json, STR_NULL), "\"\"");
    assert_str(run(*state, esc_json, STR("a\"b\\c/d")), "\"a\\\"b\\\\c/d\"");
    assert_str(run(*state, esc_json, STR("\b\f\n\r\t")), "\"\\b\\f\\n\\r\\t\"");
    assert_str(run(*state, esc_json, STR("\x01\x1b\x1f\x7f")), "\"\\u0001\\u001B\\u001F\x7f\"");
    assert_str(run(*state, esc_json, (struct str){"a\0b", 3}), "\"a\\u0000b\"");
    assert_str(run(*state, esc_json, STR("\xc3\xa4\xf0\x9f\x98\x80")),
               "\"\xc3\xa4\xf0\x9f\x98\x80\"");
    assert_str(run(*state, esc_json, STR("\",\"x\":\"")), "\"\\\",\\\"x\\\":\\\"\"");
}

static void json_text(void **state)
{
    assert_str(run(*state, esc_json_text, STR("{\"a\":\"${b} $ {\\u0024{\"}")),
               "{\"a\":\"\\u0024{b} $ {\\u0024{\"}");
    assert_str(run(*state, esc_json_text, STR("\n{\"\x1b\x7f\xc2\x9b\xe2\x80\xa8\":\"\xc3\xa4\"}")),
               "\n{\"\\u001B\\u007F\\u009B\\u2028\":\"\xc3\xa4\"}");
    /* above U+FFFF as two halves; what is escaped already stays, an escaped quote ends nothing */
    assert_str(run(*state, esc_json_text, STR("\"\xf3\xa0\x81\x81\xf0\x9f\x98\x80\"")),
               "\"\\uDB40\\uDC41\xf0\x9f\x98\x80\"");
    assert_str(run(*state, esc_json_text, STR("\"\\\"${\\\\\"${")), "\"\\\"\\u0024{\\\\\"${");
}

static void markdown(void **state)
{
    assert_str(run(*state, esc_markdown, STR("a | b")), "a \\| b");
    assert_str(run(*state, esc_markdown, STR("<img src=x>&amp;")), "&lt;img src=x&gt;&amp;amp;");
    assert_str(run(*state, esc_markdown, STR("[x](y) ![z] `c` *b* _i_ #1 ~s~ $m$ @me")),
               "\\[x\\]\\(y\\) \\!\\[z\\] \\`c\\` \\*b\\* \\_i\\_ \\#1 \\~s\\~ \\$m\\$ \\@me");
    /* A newline would end the row of a table. */
    assert_str(run(*state, esc_markdown, STR("a\nb\x1b")), "a\\\\x0ab\\\\x1b");
    assert_str(run(*state, esc_markdown, STR("\xc3\xa4 plain.")), "\xc3\xa4 plain.");
}

static void markdown_tells_that_it_was_cut(void **state)
{
    struct strbuf out = sb_new(*state, 3);
    esc_markdown(&out, STR("abcdef"));
    assert_true(out.over);
}

static void passwords_in_urls(void **state)
{
    static const struct {
        const char *in, *out;
    } rows[] = {
        {"pg://me:secret@h:5432/db", "pg://me:******@h:5432/db"},
        {"jdbc:my://me:a:b@h/db", "jdbc:my://me:***@h/db"},
        {"pg://me:p@ss@h/db", "pg://me:****@h/db"},
        {"pg://me:p/ss@h/db", "pg://me:****@h/db"},
        {"pg://:pw@h", "pg://:**@h"},
        {"pg://me@h:80/db", "pg://me@h:80/db"},
        {"pg://h:80/db", "pg://h:80/db"},
        {"pg://h/db?password=x&a=b", "pg://h/db?password=*&a=b"},
        {"pg://h/db?a=b&PassWord=xyz", "pg://h/db?a=b&PassWord=***"},
        {"pg://h?pwd=x&passwd=y&sslpassword=z&key=k", "pg://h?pwd=*&passwd=*&sslpassword=*&key=*"},
        {"pg://h?nopwd=x", "pg://h?nopwd=x"},
        {"pg://h?password=", "pg://h?password="},
        {"m://h/d?tlsCertificateKeyFilePassword=xyz&a=b",
         "m://h/d?tlsCertificateKeyFilePassword=***&a=b"},
        {"m://h/?authMechanismProperties=AWS_SESSION_TOKEN:x",
         "m://h/?authMechanismProperties=*******************"},
        {"m://h?a&SESSION_TOKEN=x&b=password", "m://h?a&SESSION_TOKEN=*&b=password"},
        {"m://u:pp@h:1,h:2/d?key=k", "m://u:**@h:1,h:2/d?key=*"},
        {"'a://u:p@h' and \"b://v:q@i\"", "'a://u:*@h' and \"b://v:*@i\""},
        {"a://u:p@h b://v:q@i", "a://u:*@h b://v:*@i"},
        {"no url: me:secret@h", "no url: me:secret@h"},
        {"x://", "x://"},
        {"://u:p@h", "://u:*@h"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *text = arena_cstr(*state, str_c(rows[i].in));
        redact_urls(text);
        assert_string_equal(text, rows[i].out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(no_escape_sequence_passes),
                                       TEST(nul_is_shown),
                                       TEST(text_for_people_stays),
                                       TEST(lines_stay_only_where_asked),
                                       TEST(every_byte_alone_is_harmless),
                                       TEST(ten_thousand_characters),
                                       TEST(fixed),
                                       TEST(fixed_never_writes_past_the_end),
                                       TEST(widths),
                                       TEST(json),
                                       TEST(json_text),
                                       TEST(markdown),
                                       TEST(markdown_tells_that_it_was_cut),
                                       TEST(passwords_in_urls)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
