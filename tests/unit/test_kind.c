/* Facets by name, and look-ups in tables of kinds. */

#include "core/kind.h"

#include "tests/harness/mini.h"
#include "tests/harness/unit.h"

static void names_and_bits(void **state)
{
    static const char *const names[FACET_COUNT] = {"structure", "comments", "owner", "acl",
                                                   "storage",   "order",    "stats", "counters",
                                                   "pragmas",   "sharding", "data"};
    (void)state;
    for (unsigned i = 0; i < FACET_COUNT; i++) {
        assert_string_equal(facet_name(1u << i), names[i]);
        assert_int_equal(facet_bit(str_c(names[i])), 1u << i);
    }
    assert_string_equal(facet_name(0), "?");
    assert_string_equal(facet_name(F_ACL | F_OWNER), "?");
    assert_string_equal(facet_name(1u << FACET_COUNT), "?");
    assert_int_equal(facet_bit(STR("ACL")), 0);
    assert_int_equal(facet_bit(STR("")), 0);
    assert_int_equal(facet_bit(STR("acls")), 0);
    assert_int_equal(F_DATA, 1 << (FACET_COUNT - 1));
}

static void what_is_captured(void **state)
{
    (void)state;
    assert_int_equal(F_DEFAULT & F_CAPTURED, F_DEFAULT);
    assert_int_equal(F_CAPTURED & (F_STATS | F_COUNTERS), 0);
    assert_int_equal(F_CAPTURED >> FACET_COUNT, 0);
    assert_true(F_CAPTURED & F_ORDER);
}

static void parsed(void **state)
{
    static const struct {
        const char *text;
        unsigned want;
    } rows[] = {
        {"structure", F_STRUCTURE},
        {"structure,acl", F_STRUCTURE | F_ACL},
        {" structure , acl ", F_STRUCTURE | F_ACL},
        {"acl,acl", F_ACL},
        {"+order", F_DEFAULT | F_ORDER},
        {" +order", F_DEFAULT | F_ORDER},
        {"-acl", F_DEFAULT & ~(unsigned)F_ACL},
        {"+order,-acl", (F_DEFAULT | F_ORDER) & ~(unsigned)F_ACL},
        {"-acl,+acl", F_DEFAULT},
        {"-stats", F_DEFAULT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned out = 0;
        struct str bad;
        if (!facet_parse(str_c(rows[i].text), F_DEFAULT, &out, &bad))
            fail_msg("<%s> is refused", rows[i].text);
        assert_int_equal(out, rows[i].want);
    }
}

static void refused(void **state)
{
    static const struct {
        const char *text, *bad;
    } rows[] = {
        {"", ""},
        {"structure,", ""},
        {"structure,,acl", ""},
        {"nope", "nope"},
        {"acl,nope", "nope"},
        {"+nope", "+nope"},
        {"+", "+"},
        {"+order,acl", "acl"},
        {"structure,-acl", "-acl"},
        {"structure,+acl", "+acl"},
        {"+ acl", "+ acl"},
        {"ACL", "ACL"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned out = 4711;
        struct str bad = STR_NULL;
        if (facet_parse(str_c(rows[i].text), F_DEFAULT, &out, &bad))
            fail_msg("<%s> is taken", rows[i].text);
        assert_str(bad, rows[i].bad);
        assert_int_equal(out, 4711);
    }
}

static void listed(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    facet_list(&b, 0);
    assert_str(sb_view(&b), "");
    facet_list(&b, F_ORDER | F_STRUCTURE | F_SHARDING);
    assert_str(sb_view(&b), "structure,order,sharding");
    /* And parsed again. */
    for (unsigned facets = 1; facets < 1u << FACET_COUNT; facets++) {
        unsigned out;
        struct str bad;
        sb_cut(&b, 0);
        facet_list(&b, facets);
        assert_true(facet_parse(sb_view(&b), 0, &out, &bad));
        assert_int_equal(out, facets);
    }
}

static void attributes_by_name(void **state)
{
    const struct kind_desc *k = engine_mini.kinds[MINI_COLUMN];
    (void)state;
    assert_ptr_equal(kind_attr(k, STR("default")), &k->attrs[0]);
    assert_ptr_equal(kind_attr(k, STR("type")), &k->attrs[k->nattrs - 1]);
    assert_null(kind_attr(k, STR("typ")));
    assert_null(kind_attr(k, STR("")));
    assert_null(kind_attr(engine_mini.kinds[MINI_COUNTER], STR("type")));
}

static void words(void **state)
{
    (void)state;
    assert_true(word_in("table,view", STR("table")));
    assert_true(word_in("table,view", STR("view")));
    assert_false(word_in("table,view", STR("tab")));
    assert_false(word_in("table,view", STR("table,view")));
    assert_false(word_in("table", STR("tables")));
    assert_false(word_in(NULL, STR("table")));
    assert_false(word_in("", STR("table")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(names_and_bits), TEST(what_is_captured),   TEST(parsed), TEST(refused),
        TEST(listed),         TEST(attributes_by_name), TEST(words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
