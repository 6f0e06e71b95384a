/* Groups of equal databases. */

#include "drift/drift.h"

#include "tests/harness/unit.h"

static struct group_member member(const char *name, uint64_t print)
{
    return (struct group_member){str_c(name), {print, print}, 99};
}

static void the_largest_group_comes_first_and_ties_go_by_name(void **state)
{
    struct arena *mem = *state;
    struct group_member v[] = {member("e", 7), member("d", 1), member("c", 9),
                               member("b", 1), member("a", 7), member("f", 1)};
    uint32_t n;
    struct group *g = drift_groups(v, 6, mem, &n);
    assert_int_equal(n, 3);
    assert_int_equal(g[0].n, 3);
    assert_int_equal(g[0].first, 3); /* b */
    assert_int_equal(g[1].n, 2);
    assert_int_equal(g[1].first, 4); /* a */
    assert_int_equal(g[2].n, 1);
    assert_int_equal(g[2].first, 2);
    static const uint32_t want[] = {1, 0, 2, 0, 1, 0};
    for (int i = 0; i < 6; i++)
        assert_int_equal(v[i].group, want[i]);
}

static void groups_of_one_size_are_in_the_order_of_their_names(void **state)
{
    struct arena *mem = *state;
    struct group_member v[] = {member("z", 1), member("a", 3), member("m", 2)};
    uint32_t n;
    struct group *g = drift_groups(v, 3, mem, &n);
    assert_int_equal(n, 3);
    assert_int_equal(g[0].first, 1);
    assert_int_equal(g[1].first, 2);
    assert_int_equal(g[2].first, 0);
}

static void nothing_is_no_group(void **state)
{
    struct arena *mem = *state;
    uint32_t n = 5;
    drift_groups(NULL, 0, mem, &n);
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_largest_group_comes_first_and_ties_go_by_name),
        TEST(groups_of_one_size_are_in_the_order_of_their_names),
        TEST(nothing_is_no_group),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
