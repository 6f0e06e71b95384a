/* "Did you mean": near words are found, far ones are not. */

#include "core/suggest.h"

#include "tests/harness/unit.h"

#define WORDS "diff,snapshot,changelog,verify,env,help,x,format"

static void near(void **state)
{
    (void)state;
    assert_str(suggest_word(STR("snapshto"), WORDS), "snapshot");   /* neighbours swapped */
    assert_str(suggest_word(STR("snpshot"), WORDS), "snapshot");    /* one missing */
    assert_str(suggest_word(STR("snapshoot"), WORDS), "snapshot");  /* one too many */
    assert_str(suggest_word(STR("snapzhot"), WORDS), "snapshot");   /* another one */
    assert_str(suggest_word(STR("SNAPSHOT"), WORDS), "snapshot");   /* capitals */
    assert_str(suggest_word(STR("chnagelgo"), WORDS), "changelog"); /* two swaps */
    assert_str(suggest_word(STR("diff"), WORDS), "diff");
    assert_str(suggest_word(STR("dif"), WORDS), "diff");
    assert_str(suggest_word(STR("snap"), WORDS), "snapshot"); /* its beginning */
    assert_str(suggest_word(STR("evn"), WORDS), "env");
}

static void far(void **state)
{
    (void)state;
    assert_true(str_is_null(suggest_word(STR("postgres"), WORDS)));
    assert_true(str_is_null(suggest_word(STR("nsaphsto"), "snapshot"))); /* three of eight */
    assert_true(str_is_null(suggest_word(STR("y"), WORDS)));
    assert_true(str_is_null(suggest_word(STR("sn"), WORDS)));
    assert_true(str_is_null(suggest_word(STR(""), WORDS)));
    assert_true(str_is_null(suggest_word(STR_NULL, WORDS)));
    assert_true(str_is_null(suggest_word(STR("diff"), "")));
    assert_true(str_is_null(suggest_word(STR("diff"), NULL)));
    assert_true(str_is_null(suggest_word(STR("diff"), ",,")));
}

static void the_nearest_wins_and_the_first_of_equals(void **state)
{
    (void)state;
    assert_str(suggest_word(STR("formats"), "formula,forma,format"), "format");
    assert_str(suggest_word(STR("abcd"), "abce,abcf"), "abce");
}

#define W16 "abcdefghijklmnop"
#define W64 W16 W16 W16 W16

static void long_words(void **state)
{
    char typed[10001];
    (void)state;
    memset(typed, 'a', 10000);
    typed[10000] = '\0';
    assert_true(str_is_null(suggest_word(str_c(typed), WORDS)));
    assert_true(str_is_null(suggest_word(STR(W64 "x"), W64)));
    assert_str(suggest_word(STR(W64), W64), W64);
    assert_true(str_is_null(suggest_word(STR(W64), W64 "x")));
    assert_str(suggest_word(STR("diff"), W64 "x,diff"), "diff");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(near), cmocka_unit_test(far),
                                       cmocka_unit_test(the_nearest_wins_and_the_first_of_equals),
                                       cmocka_unit_test(long_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
