#ifndef SNAP_CORE_CLOCK_H
#define SNAP_CORE_CLOCK_H

#include <stdint.h>

/* Milliseconds of a clock that only goes forward: for how long something takes, and for deadlines.
 */
int64_t clock_ms(void);

#endif
