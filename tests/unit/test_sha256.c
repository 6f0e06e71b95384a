/* SHA-256: the answers that FIPS 180-4 gives; see core/sha256.c. */

#include <string.h>

#include "core/sha256.h"
#include "tests/harness/unit.h"

static void answers_of_the_standard(void **state)
{
    struct arena *mem = *state;
    struct str million = {arena_alloc(mem, 1000000), 1000000};
    memset((char *)(uintptr_t)million.p, 'a', million.n);
    assert_str(sha256_hex(mem, STR("")),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_str(sha256_hex(mem, STR_NULL),
               "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_str(sha256_hex(mem, STR("abc")),
               "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_str(sha256_hex(mem, million),
               "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void what_is_a_sum(void **state)
{
    struct arena *mem = *state;
    struct str sum = sha256_hex(mem, STR("abc"));
    assert_true(sha256_is_hex(sum));
    assert_false(sha256_is_hex(str_sub(sum, 0, 63)));
    assert_false(sha256_is_hex(STR("")));
    for (const char *bad = "g/:`G "; *bad; bad++)
        assert_false(sha256_is_hex(arena_printf(mem, "%.*s%c", 63, sum.p, *bad)));
    assert_false(
        sha256_is_hex(STR("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(answers_of_the_standard), TEST(what_is_a_sum)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
