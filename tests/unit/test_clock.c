/* Days and times of the calendar, as numbers and as texts. */

#include "core/clock.h"
#include "tests/harness/unit.h"

static void a_time_is_the_same_as_number_and_as_text(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } rows[] = {{"1970-01-01T00:00:00Z", 0},           {"2000-02-29T12:00:00Z", 951825600},
                {"2024-02-29T23:59:59Z", 1709251199},  {"2100-03-01T00:00:00Z", 4107542400},
                {"1969-12-31T23:59:59Z", -1},          {"0001-01-01T00:00:00Z", -62135596800},
                {"9999-12-31T23:59:59Z", 253402300799}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(clock_seconds(str_c(rows[i].text)), rows[i].seconds);
        assert_str(clock_utc(rows[i].seconds, *state), rows[i].text);
    }
    assert_true(str_is_null(clock_utc(253402300800, *state)));
}

/* Every day of 400 years follows the one before. */
static void days_follow_one_another(void **state)
{
    int64_t next = clock_days(1900, 1, 1), n;
    for (int64_t year = 1900; year < 2300; year++)
        for (int64_t month = 1; month <= 12; month++)
            for (int64_t day = 1; day <= 31; day++)
                if (clock_is_day(year, month, day)) {
                    assert_int_equal(clock_days(year, month, day), next);
                    next++;
                }
    assert_int_equal(next - clock_days(1900, 1, 1), 146097);
    assert_true(clock_day(STR("2026-12-31 and more"), &n));
    assert_int_equal(n, clock_days(2026, 12, 31));
    (void)state;
}

static void what_is_no_day(void **state)
{
    static const char *const rows[] = {"",           "2026-12-3",  "2026-13-01", "2026-00-10",
                                       "2026-02-29", "1900-02-29", "2026-04-31", "2026/04/30",
                                       "0000-01-01", "+026-01-01", "2026-01-00"};
    int64_t n;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (clock_day(str_c(rows[i]), &n))
            fail_msg("%s is a day", rows[i]);
    assert_int_equal(clock_seconds(STR("2026-01-01T1x:00:00Z")), 0);
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_time_is_the_same_as_number_and_as_text),
        TEST(days_follow_one_another),
        TEST(what_is_no_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
