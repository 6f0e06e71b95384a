#ifndef SNAP_DRIVERS_POSTGRESQL_SERVER_H
#define SNAP_DRIVERS_POSTGRESQL_SERVER_H

/* The private throwaway server on which scratch databases are made. */

#include "core/err.h"

/*
 * Starts it, or finds the one that this process has started: one serves the whole
 * command, but where another version is asked for, when no session may be open any more. `major`:
 * the version to look for first, 0: the newest that is installed. *folder is where its socket is.
 * E_CANNOT_VERIFY where none is installed or it does not start; E_TIMEOUT behind deadline_ms (of
 * CLOCK_MONOTONIC; 0: none).
 *
 * It ends, and its folder goes, when this process ends, however that happens.
 */
int pg_server_start(int major, int64_t deadline_ms, const char **folder, struct err *e);

#endif
