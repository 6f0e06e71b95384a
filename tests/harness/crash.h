#ifndef SNAP_TESTS_HARNESS_CRASH_H
#define SNAP_TESTS_HARNESS_CRASH_H

/* Code that ends the program, as a value that a test can look at. */

#include <stdbool.h>
#include <stddef.h>

/* True when fn aborts. Runs in this process, so that coverage and sanitizers see it. What fn wrote
 * to standard error goes into said, up to cap bytes with the NUL. */
bool aborts(void (*fn)(void *arg), void *arg, char *said, size_t cap);
/* Runs fn in a child. Gives the exit status, 128 + the number of the signal that ended it, or -1
 * when fn came back; said as above. */
int ends_with(void (*fn)(void *arg), void *arg, char *said, size_t cap);

#endif
