#ifndef SNAP_CORE_CLOCK_H
#define SNAP_CORE_CLOCK_H

#include "core/arena.h"
#include "core/str.h"

/* Milliseconds of a clock that only goes forward: for how long something takes, and for deadlines.
 */
int64_t clock_ms(void);
/* Days from 1970-01-01 to a date of the Gregorian calendar. */
int64_t clock_days(int64_t year, int64_t month, int64_t day);
/* Whether there is such a day, from the year 1 on. */
bool clock_is_day(int64_t year, int64_t month, int64_t day);
/* The day that a text begins with, "2026-12-31", from 1970-01-01; false where there is none. */
bool clock_day(struct str text, int64_t *days);
/* Seconds since 1970 of "2026-11-22T02:00:00Z"; 0 where it is no such time. */
int64_t clock_seconds(struct str utc);
/* "2026-11-22T02:00:00Z" of seconds since 1970; absent outside of the years 0 to 9999. */
struct str clock_utc(int64_t seconds, struct arena *mem);

#endif
