#ifndef SNAP_CORE_INTERRUPT_H
#define SNAP_CORE_INTERRUPT_H

/* The signal flag: SIGINT, SIGTERM and SIGHUP set it; long loops and drivers look at it and unwind,
 * so that nothing is left half written. */

#include <stdbool.h>

/* Installs the handlers. SIGPIPE is ignored: a write then fails with EPIPE. */
void interrupt_install(void);
/* The number of the signal, or 0. */
int interrupt_signal(void);
static inline bool interrupt_seen(void)
{
    return interrupt_signal() != 0;
}

#endif
