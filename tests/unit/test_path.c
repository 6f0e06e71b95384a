/* Paths of facts: their order, their parts, names with any character, and how people read them. */

#include "core/path.h"

#include "tests/harness/unit.h"

static void a_parent_comes_before_its_subtree_and_both_before_the_next(void **state)
{
    static const char *const sorted[] = {"",
                                         "table:a",
                                         "table:a/check:#1",
                                         "table:a/column:b",
                                         "table:a/column:b/x:y",
                                         "table:a/column:b!",
                                         "table:a!",
                                         "table:a-b",
                                         "table:a.b/column:c",
                                         "table:ab",
                                         "table:\xc3\xa4",
                                         "view:a"};
    size_t n = sizeof sorted / sizeof *sorted;
    (void)state;
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < n; k++) {
            int c = path_cmp(str_c(sorted[i]), str_c(sorted[k]));
            if (i < k ? c >= 0 : i > k ? c <= 0 : c != 0)
                fail_msg("<%s> against <%s> gives %d", sorted[i], sorted[k], c);
        }
}

static void a_slash_is_below_every_byte(void **state)
{
    (void)state;
    for (int c = 1; c < 256; c++) {
        char other[4] = {'a', (char)c, 'z', 0};
        if (c == '/')
            continue;
        assert_true(path_cmp(STR("a/z"), (struct str){other, 3}) < 0);
        assert_true(path_cmp((struct str){other, 3}, STR("a/z")) > 0);
    }
}

static void parts(void **state)
{
    struct str p = STR("table:a/column:b:c");
    (void)state;
    assert_str(path_parent(p), "table:a");
    assert_str(path_parent(STR("table:a")), "");
    assert_str(path_parent(STR("")), "");
    assert_str(path_parent(STR("a:b/c:d/e:f")), "a:b/c:d");
    assert_str(path_top(p), "table:a");
    assert_str(path_top(STR("table:a")), "table:a");
    assert_str(path_kind(p), "column");
    assert_str(path_kind(STR("table:a")), "table");
    assert_str(path_name_raw(p), "b:c");
    assert_str(path_name_raw(STR("table:a~1b")), "a~1b");
}

static void within(void **state)
{
    (void)state;
    assert_true(path_within(STR("table:a"), STR("table:a")));
    assert_true(path_within(STR("table:a/column:b"), STR("table:a")));
    assert_true(path_within(STR("table:a/column:b/x:y"), STR("table:a")));
    assert_false(path_within(STR("table:ab"), STR("table:a")));
    assert_false(path_within(STR("table:a-b/column:c"), STR("table:a")));
    assert_false(path_within(STR("table:a"), STR("table:a/column:b")));
    assert_false(path_within(STR("view:a"), STR("table:a")));
}

static void any_name_comes_back(void **state)
{
    static const char *const names[] = {"a",        "a/b",    "~",    "~0",   "~1",
                                        "/",        "a~/~b",  "a:b",  " ",    "#1",
                                        "\xc3\xa4", "'\"`[]", "a\nb", "~~//", "table:x/column:y"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct str p = path_join(*state, STR("table:t"), STR("column"), str_c(names[i]));
        assert_true(path_is_valid(p));
        assert_str(path_name(*state, p), names[i]);
        assert_str(path_parent(p), "table:t");
        assert_str(path_kind(p), "column");
    }
    struct str nul = path_join(*state, STR(""), STR("t"), (struct str){"a\0b", 3});
    assert_true(str_eq(path_name(*state, nul), (struct str){"a\0b", 3}));
}

static void joining(void **state)
{
    assert_str(path_join(*state, STR(""), STR("table"), STR("a")), "table:a");
    assert_str(path_join(*state, STR_NULL, STR("table"), STR("a")), "table:a");
    assert_str(path_join(*state, STR("table:a"), STR("column"), STR("b/c~d")),
               "table:a/column:b~1c~0d");
    struct strbuf name = sb_new(*state, 0);
    sb_pad(&name, '/', 10000);
    struct str p = path_join(*state, STR(""), STR("table"), sb_view(&name));
    assert_int_equal(p.n, 20006);
    assert_true(str_eq(path_name(*state, p), sb_view(&name)));
}

static void well_formed(void **state)
{
    static const char *const good[] = {"table:a", "a_b:c", "t:~0~1", "t:a/c:b",
                                       "t::",     "t: ",   "table:", "t:a/c:"};
    static const char *const bad[] = {
        "",      "/",    "table", ":a",   "t:a/", "/t:a",    "t:a//c:b", "Table:a",   "t1:a",
        "t-x:a", "t :a", "t:~",   "t:~2", "t:a~", "t:~/c:b", "t:a/b",    "\xc3\xa4:a"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        assert_true(path_is_valid(str_c(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (path_is_valid(str_c(bad[i])))
            fail_msg("passes for a path: <%s>", bad[i]);
    assert_false(path_is_valid(STR_NULL));
}

static void a_half_escape_is_left_as_it_is(void **state)
{
    assert_str(path_name(*state, STR("t:a~")), "a~");
}

static struct str shown(struct arena *a, void (*fn)(struct strbuf *, struct str), const char *path)
{
    struct strbuf b = sb_new(a, 0);
    fn(&b, str_c(path));
    return sb_view(&b);
}

static void for_people(void **state)
{
    assert_str(shown(*state, path_human, "table:orders"), "table orders");
    assert_str(shown(*state, path_human, "table:orders/column:total"), "column orders.total");
    assert_str(shown(*state, path_human, "table:orders/foreign_key:x"), "foreign key orders.x");
    assert_str(shown(*state, path_human, "table:orders/primary_key:#"), "primary key of orders");
    assert_str(shown(*state, path_human, "table:my orders/check:#2"), "check of \"my orders\"");
    assert_str(shown(*state, path_human, "table:t/check:#2e5f0a9b#3"), "check of t");
    assert_str(shown(*state, path_human, "table:#"), "table \"#\"");
    assert_str(shown(*state, path_human, "table:t/column:#n"), "column t.\"#n\"");
    assert_str(shown(*state, path_human, "table:t/check:##2"), "check t.\"##2\"");
    assert_str(shown(*state, path_dotted, "table:a/column:b~1c"), "a.\"b/c\"");
    assert_str(shown(*state, path_dotted, "table:a.b/column:A_9$"), "\"a.b\".A_9$");
}

static struct str quoted(struct arena *mem, const char *kind, const char *name)
{
    struct strbuf b = sb_new(mem, 0);
    path_quote_name(&b, str_c(kind), str_c(name));
    return sb_view(&b);
}

static void quoted_names(void **state)
{
    assert_str(quoted(*state, "table", "plain_9$"), "plain_9$");
    assert_str(quoted(*state, "table", ""), "\"\"");
    assert_str(quoted(*state, "table", "a b"), "\"a b\"");
    assert_str(quoted(*state, "table", "a\"b"), "\"a\"\"b\"");
    assert_str(quoted(*state, "table", "\xc3\xa4"), "\"\xc3\xa4\"");
    assert_str(quoted(*state, "table", "f(x)"), "\"f(x)\"");
    assert_str(quoted(*state, "operator", "+(x)"), "\"+(x)\"");
}

static void names_with_arguments(void **state)
{
    assert_str(quoted(*state, "function", "due(bigint, \"S\".s[])"), "due(bigint, \"S\".s[])");
    assert_str(quoted(*state, "aggregate", "due()"), "due()");
    assert_str(quoted(*state, "function", "a b(x)"), "\"a b\"(x)");
    assert_str(quoted(*state, "function", "a\"(b(x)"), "\"a\"\"(b\"(x)");
    assert_str(quoted(*state, "function", "due(numeric(1,2), \"a)(b\")"),
               "due(numeric(1,2), \"a)(b\")");
    assert_str(quoted(*state, "function", "(x)"), "\"\"(x)");
    assert_str(quoted(*state, "function", "none"), "none");
    assert_str(quoted(*state, "function", "odd)"), "\"odd)\"");
    assert_str(shown(*state, path_human, "schema:s/function:a b(x)"), "function s.\"a b\"(x)");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_parent_comes_before_its_subtree_and_both_before_the_next),
        TEST(a_slash_is_below_every_byte),
        TEST(parts),
        TEST(within),
        TEST(any_name_comes_back),
        TEST(joining),
        TEST(well_formed),
        TEST(a_half_escape_is_left_as_it_is),
        TEST(for_people),
        TEST(quoted_names),
        TEST(names_with_arguments)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
