#ifndef SNAP_DRIVERS_MYSQL_SERVER_H
#define SNAP_DRIVERS_MYSQL_SERVER_H

/* The private throwaway server on which scratch databases are made. */

#include "core/arena.h"
#include "core/err.h"

/*
 * Starts it, or finds the one that this process has started. `version`: of the source, "MariaDB
 * 10.11.19": the server is of the same flavour, and of the same version where that is installed;
 * absent: any. `folds`: it has lower_case_table_names=1. Where another one is asked for, no session
 * may be open any more. *path is its socket, on which root needs no password. E_CANNOT_VERIFY where
 * none is installed or it does not start; E_TIMEOUT behind deadline_ms (of CLOCK_MONOTONIC; 0:
 * none).
 */
int my_server_start(struct str version, bool folds, int64_t deadline_ms, const char **path,
                    struct err *e);

#endif
