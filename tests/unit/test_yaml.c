/* YAML scalars: libyaml reads back the same bytes, whatever they are. */

#include "emit/yaml.h"

#include "markup/yaml_tree.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static struct str quoted(struct arena *mem, const char *text)
{
    struct strbuf b = sb_new(mem, 0);
    yaml_quoted(&b, str_c(text));
    return sb_view(&b);
}

static struct str block(struct arena *mem, const char *text, size_t indent)
{
    struct strbuf b = sb_new(mem, 0);
    yaml_text(&b, str_c(text), indent);
    return sb_view(&b);
}

static void quotes(void **state)
{
    assert_str(quoted(*state, ""), "\"\"");
    assert_str(quoted(*state, "a b"), "\"a b\"");
    assert_str(quoted(*state, "q\" b\\ n\n t\t"), "\"q\\\" b\\\\ n\\n t\\t\"");
    assert_str(quoted(*state, "\r\x1b\x7f\x01"), "\"\\x0D\\x1B\\x7F\\x01\"");
    assert_str(quoted(*state, "\xc2\x85\xc3\xa9"), "\"\\x85\\xE9\"");
    assert_str(quoted(*state, "\xe2\x82\xac\xef\xbb\xbf"), "\"\\u20AC\\uFEFF\"");
    assert_str(quoted(*state, "\xf0\x9f\x98\x80"), "\"\\U0001F600\"");
}

static void blocks(void **state)
{
    assert_str(block(*state, "a", 0), "|2-\n  a");
    assert_str(block(*state, "a\n b\n\nc", 4), "|2-\n      a\n       b\n\n      c");
    assert_str(block(*state, "  a", 2), "|2-\n      a");
    assert_str(block(*state, "\n\na", 0), "|2-\n\n\n  a");
    assert_str(block(*state, "a\tb \xc3\xa9\xf0\x9f\x98\x80", 0),
               "|2-\n  a\tb \xc3\xa9\xf0\x9f\x98\x80");
    assert_str(block(*state, "a\n", 0), "\"a\\n\"");
    assert_str(block(*state, "", 0), "\"\"");
    assert_str(block(*state, "a\rb", 0), "\"a\\x0Db\"");
}

static void what_a_block_keeps(void **state)
{
    static const char *const no[] = {"",
                                     "\n",
                                     "a\n",
                                     "\r",
                                     "\x01",
                                     "\x1b",
                                     "\x7f",
                                     "\xc2\x85",
                                     "\xc2\x80",
                                     "\xe2\x80\xa8",
                                     "\xe2\x80\xa9",
                                     "\xef\xbb\xbf",
                                     "\xef\xbf\xbe",
                                     "\xef\xbf\xbf"};
    static const char *const yes[] = {
        "a", " ", "\t", "\na", "\xc2\xa0", "\xe2\x80\xa7", "\xf0\x9f\x98\x80"};
    (void)state;
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(yaml_block_ok(str_c(no[i])));
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(yaml_block_ok(str_c(yes[i])));
}

/* A scalar in a document, read by libyaml. */
static void reads_back(struct arena *mem, struct str text)
{
    static const char *const before[] = {"k: ", "a:\n  - b:\n      k: "};
    for (int form = 0; form < 4; form++) {
        struct strbuf doc = sb_new(mem, 0);
        struct node *root;
        struct err e = {0};
        sb_c(&doc, before[form / 2]);
        if (form & 1)
            yaml_text(&doc, text, form / 2 ? 6 : 0);
        else
            yaml_quoted(&doc, text);
        sb_c(&doc, form / 2 ? "\n      z: end\n" : "\nz: end\n");
        assert_ok(yaml_tree(sb_view(&doc), STR("x"), mem, &root, &e), e);
        const struct node *map = root;
        if (form / 2)
            map = node_get(node_get(root, "a")->first, "b");
        if (!str_eq(node_get(map, "k")->text, text) ||
            !str_eq(node_get(map, "z")->text, STR("end")))
            fail_msg("form %d: <%.*s>", form, STR_ARG(sb_view(&doc)));
        if (!(form & 1))
            assert_false(acts_on_terminal(sb_view(&doc)));
        for (size_t i = 0; i < doc.n; i++)
            assert_true((unsigned char)doc.p[i] >= 0x20 || doc.p[i] == '\n' || doc.p[i] == '\t');
    }
}

static const char *const bits[] = {"\n",
                                   "\n\n",
                                   " ",
                                   "  ",
                                   "\t",
                                   "a",
                                   ":",
                                   ": ",
                                   " #",
                                   "#",
                                   "-",
                                   "- ",
                                   "\"",
                                   "'",
                                   "\\",
                                   "${",
                                   "|",
                                   ">",
                                   "%",
                                   "&",
                                   "*",
                                   "!",
                                   "---",
                                   "...",
                                   "\r",
                                   "\x01",
                                   "\x1b",
                                   "\x7f",
                                   "\xc2\x85",
                                   "\xc2\xa0",
                                   "\xe2\x80\xa8",
                                   "\xe2\x80\xa9",
                                   "\xef\xbb\xbf",
                                   "\xef\xbf\xbf",
                                   "\xf0\x9f\x98\x80",
                                   "\xc3\xa9",
                                   "null",
                                   "true",
                                   "{",
                                   "}",
                                   "[",
                                   "]"};

static void libyaml_reads_it_back(void **state)
{
    struct arena *mem = arena_new(0);
    uint32_t seed = 1;
    (void)state;
    for (size_t i = 0; nasty[i]; i++)
        reads_back(mem, str_c(nasty[i]));
    for (int i = 0; i < 4000; i++) {
        struct arena_mark mark = arena_mark(mem);
        struct strbuf b = sb_new(mem, 0);
        for (unsigned n = (unsigned)i % 12; n > 0; n--) {
            seed = seed * 1103515245u + 12345u;
            sb_c(&b, bits[(seed >> 16) % (sizeof bits / sizeof *bits)]);
        }
        reads_back(mem, sb_view(&b));
        arena_release(mem, mark);
    }
    struct strbuf wide = sb_new(mem, 0);
    sb_pad(&wide, 'x', 10000);
    reads_back(mem, sb_view(&wide));
    arena_free(mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(quotes),
        TEST(blocks),
        TEST(what_a_block_keeps),
        TEST(libyaml_reads_it_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
