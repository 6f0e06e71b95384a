/* How long something takes, deadlines, and times as texts. */

#include "core/clock.h"

#include <time.h>

int64_t clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_days(int64_t year, int64_t month, int64_t day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

bool clock_is_day(int64_t year, int64_t month, int64_t day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return year >= 1 && month >= 1 && month <= 12 && day >= 1 &&
           day <= lengths[month - 1] + (leap && month == 2);
}

static bool digits(struct str text, size_t at, size_t n, int64_t *out)
{
    *out = 0;
    for (size_t i = at; i < at + n; i++) {
        if (i >= text.n || !ascii_is_digit(text.p[i]))
            return false;
        *out = *out * 10 + (text.p[i] - '0');
    }
    return true;
}

bool clock_day(struct str text, int64_t *days)
{
    int64_t year, month, day;
    if (!digits(text, 0, 4, &year) || !digits(text, 5, 2, &month) || !digits(text, 8, 2, &day) ||
        text.p[4] != '-' || text.p[7] != '-' || !clock_is_day(year, month, day))
        return false;
    *days = clock_days(year, month, day);
    return true;
}

int64_t clock_seconds(struct str utc)
{
    int64_t days, hour, minute, second;
    if (!clock_day(utc, &days) || !digits(utc, 11, 2, &hour) || !digits(utc, 14, 2, &minute) ||
        !digits(utc, 17, 2, &second))
        return 0;
    return ((days * 24 + hour) * 60 + minute) * 60 + second;
}

struct str clock_utc(int64_t seconds, struct arena *mem)
{
    time_t t = (time_t)seconds;
    struct tm tm;
    if (!gmtime_r(&t, &tm) || tm.tm_year < -1900 || tm.tm_year > 9999 - 1900)
        return STR_NULL;
    /* strftime does not fill a year with zeros everywhere */
    return arena_printf(mem, "%04d-%02d-%02dT%02d:%02d:%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
                        tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
}
