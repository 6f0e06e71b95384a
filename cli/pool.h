#ifndef SNAP_CLI_POOL_H
#define SNAP_CLI_POOL_H

/* Jobs in processes of their own, so many at a time. What a worker breaks, it breaks for itself
 * alone; its memory goes with it; what it found comes back through a pipe as one record. */

#include "core/strbuf.h"

struct err;

enum { POOL_RECORD = 4 << 20, POOL_MOST = 256 };

struct pool {
    unsigned workers; /* at a time, up to POOL_MOST */
    uint32_t njobs;
    void *ctx;
    /* In a worker: appends what came of the job. */
    void (*work)(void *ctx, uint32_t job, struct strbuf *record);
    /* In the parent, as jobs end, in no order. `why`, NULL where the record is whole, says what
     * became of the worker. The record is valid during the call. */
    int (*done)(void *ctx, uint32_t job, struct str record, const char *why, struct err *e);
};
/* 0 when every job is done. -1: `done` failed, or E_INTERRUPTED, E_LIMIT; no worker is left then.
 * 1: this is a worker, its record is on its way, and all that is left to it is to end the program
 * the usual way: the caller returns up to main and prints nothing. */
int pool_run(const struct pool *p, struct arena *mem, struct err *e);
/* -j: a number from 1 to POOL_MOST; absent: the number of CPUs, at most 8. E_BAD_VALUE. */
int pool_workers(struct str text, unsigned *out, struct err *e);

#endif
