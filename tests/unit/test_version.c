/* Versions of servers as text. */

#include "core/version.h"

#include "tests/harness/unit.h"

static void in_whose_words(void **state)
{
    struct arena *mem = *state;
    struct str plain = STR("A 1"), both = version_as(mem, plain, STR("B 2"));
    assert_str(both, "A 1 as B 2");
    assert_str(version_words(plain), "A 1");
    assert_str(version_own(plain), "A 1");
    assert_str(version_words(both), "B 2");
    assert_str(version_own(both), "A 1");
    assert_str(version_words(version_as(mem, both, STR("C 3"))), "C 3");
    assert_str(version_own(version_as(mem, both, STR("C 3"))), "A 1");
    assert_str(version_words(STR("")), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(in_whose_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
