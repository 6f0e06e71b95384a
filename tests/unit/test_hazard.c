/* The table of hazards. */

#include "core/hazard.h"

#include "tests/harness/unit.h"

static void rows(void **state)
{
    (void)state;
    assert_string_equal(hazard_name(HZ_NONE), "NONE");
    assert_int_equal(hazard_severity(HZ_NONE), 0);
    assert_string_equal(hazard_doc(HZ_NONE), "");
    assert_string_equal(hazard_safer(HZ_NONE), "");
    assert_string_equal(hazard_name(HZ_DATA_LOSS), "DATA_LOSS");
    assert_int_equal(hazard_severity(HZ_DATA_LOSS), 3);
    assert_string_equal(hazard_safer(HZ_DATA_LOSS), "copy the data away first");
    assert_string_equal(hazard_name(HZ_NO_TRANSACTION), "NO_TRANSACTION");
    assert_int_equal(hazard_severity(HZ_INDEX_BUILD), 1);
    assert_string_equal(hazard_doc(HZ_INDEX_BUILD), "the table is read whole while others wait");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(rows)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
