/* Filters: what is left out is marked and stays. */

#include "tests/harness/mini.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

/* The paths that count under a filter, comma separated. */
static struct str left(struct arena *mem, const char *include, const char *exclude)
{
    static const char *const paths[] = {"table:orders",
                                        "table:orders/column:id",
                                        "table:orders/column:note",
                                        "table:orders/check:c",
                                        "table:tmp_1",
                                        "table:tmp_1/column:id",
                                        "table:DATABASECHANGELOG",
                                        "table:databasechangeloglock",
                                        "table:Flyway_Schema_History",
                                        "table:databasechangelog/column:id",
                                        "table:databasechangelogs",
                                        "row_counter:x"};
    struct catalog *cat = mini_cat(mem);
    struct str in = str_c(include), ex = str_c(exclude);
    struct filter f = {
        .include = &in, .exclude = &ex, .ninclude = include != NULL, .nexclude = exclude != NULL};
    struct strbuf b = sb_new(mem, 0);
    struct err e = {0};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        mini_add(cat, paths[i], "{}");
    assert_ok(cat_finish(cat, &e), e);
    assert_ok(filter_check(&f, &engine_mini, &e), e);
    filter_apply(&f, cat);
    for (uint32_t i = 0; i < cat->n; i++)
        if (!(cat->v[i].flags & OBJ_IGNORED))
            sb_printf(&b, "%s%.*s", b.n ? " " : "", STR_ARG(cat->v[i].path));
    assert_int_equal(cat->n, sizeof paths / sizeof *paths);
    sb_printf(&b, " %.*s", STR_ARG(cat->scope));
    return sb_view(&b);
}

#define ORDERS "table:orders table:orders/check:c table:orders/column:id table:orders/column:note"

static void no_filter(void **state)
{
    assert_str(left(*state, NULL, NULL),
               "row_counter:x " ORDERS " table:tmp_1 table:tmp_1/column:id {}");
}

static void exclude(void **state)
{
    assert_str(left(*state, NULL, "table:tmp_*"),
               "row_counter:x " ORDERS " {\"exclude\":[\"table:tmp_*\"]}");
    assert_str(left(*state, NULL, "column:*"), "row_counter:x table:orders table:orders/check:c "
                                               "table:tmp_1 {\"exclude\":[\"column:*\"]}");
    assert_str(left(*state, NULL, "column:orders.id"),
               "row_counter:x table:orders table:orders/check:c "
               "table:orders/column:note table:tmp_1 table:tmp_1/column:id "
               "{\"exclude\":[\"column:orders.id\"]}");
    assert_str(left(*state, "table:*", "table:*"),
               " {\"exclude\":[\"table:*\"],\"include\":[\"table:*\"]}");
}

/* What is above an included thing counts, and so does what is below it. */
static void include(void **state)
{
    assert_str(left(*state, "column:note", NULL),
               "table:orders table:orders/column:note {\"include\":[\"column:note\"]}");
    assert_str(left(*state, "table:ORDERS", NULL), ORDERS " {\"include\":[\"table:ORDERS\"]}");
    assert_str(left(*state, "table:*changelog*", NULL), " {\"include\":[\"table:*changelog*\"]}");
    assert_str(left(*state, "check:zzz", NULL), " {\"include\":[\"check:zzz\"]}");
}

/* The glob alone, by a table of one name. */
static void globs(void **state)
{
    static const struct {
        const char *glob, *name;
        bool fits;
    } rows[] = {
        {"a", "a", true},         {"a", "b", false},        {"a", "ab", false},
        {"ab", "a", false},       {"*", "", true},          {"*", "abc", true},
        {"a*c", "abbc", true},    {"a*c", "ac", true},      {"a*c", "acb", false},
        {"*a*b*", "xaybz", true}, {"*a*b*", "xbya", false}, {"a?c", "abc", true},
        {"a?c", "ac", false},     {"?", "", false},         {"**", "x", true},
        {"a**", "a", true},       {"A*", "abc", true},      {"abc", "ABC", true},
        {"*.x", "a.x", true},     {"a:b", "a:b", true},     {"*ab", "aab", true},
        {"*aab", "aaab", true},   {"[a]", "a", false},      {"a\\*", "a*", false},
    };
    struct arena *mem = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct catalog *cat = mini_cat(mem);
        struct str pattern = arena_printf(mem, "table:%s", rows[i].glob);
        struct filter f = {.include = &pattern, .ninclude = 1};
        struct obj o = mini_obj("table:a", "{}");
        struct err e = {0};
        o.path = path_join(mem, STR(""), STR("table"), str_c(rows[i].name));
        cat_add(cat, &o);
        assert_ok(cat_finish(cat, &e), e);
        filter_apply(&f, cat);
        if (!(cat->v[0].flags & OBJ_IGNORED) != rows[i].fits)
            fail_msg("%s %s", rows[i].glob, rows[i].name);
    }
}

static void bad_patterns(void **state)
{
    static const char *const bad[] = {"table",   "table:",          "", "view:x", ":x",
                                      "TABLE:x", "table:a*,table:b"};
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str p = str_c(bad[i]);
        struct filter in = {.include = &p, .ninclude = 1}, ex = {.exclude = &p, .nexclude = 1};
        struct err e = {0};
        assert_err(filter_check(&in, &engine_mini, &e), e, E_BAD_VALUE);
        assert_true(says(&e, "--include"));
        assert_err(filter_check(&ex, &engine_mini, &e), e, E_BAD_VALUE);
        assert_true(says(&e, "--exclude"));
    }
    struct str p = STR("view:x");
    struct filter in = {.include = &p, .ninclude = 1};
    struct err e = {0};
    assert_ok(filter_check(&in, NULL, &e), e); /* the engine is not known yet */
}

static void from_a_scope(void **state)
{
    struct filter f;
    struct err e = {0};
    assert_ok(filter_from_scope(STR("{\"exclude\":[\"table:a\"],\"include\":[\"column:\\\"\","
                                    "\"check:c\"]}"),
                                *state, &f, &e),
              e);
    assert_int_equal(f.nexclude, 1);
    assert_int_equal(f.ninclude, 2);
    assert_str(f.include[0], "column:\"");
    assert_true(filter_cuts_objects(&f, &engine_mini));
    f.ninclude = 0;
    assert_false(filter_cuts_objects(&f, &engine_mini));
    f.exclude = f.include;
    assert_true(filter_cuts_objects(&f, &engine_mini));
    struct str unknown = STR("view:x");
    f = (struct filter){.include = &unknown, .ninclude = 1};
    assert_true(filter_cuts_objects(&f, &engine_mini)); /* cannot be told, so it may */
    assert_ok(filter_from_scope(STR("{}"), *state, &f, &e), e);
    assert_int_equal(f.ninclude + f.nexclude, 0);
    assert_false(filter_cuts_objects(&f, &engine_mini));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(no_filter), TEST(exclude),      TEST(include),
        TEST(globs),     TEST(bad_patterns), TEST(from_a_scope),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
