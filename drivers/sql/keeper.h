#ifndef SNAP_DRIVERS_SQL_KEEPER_H
#define SNAP_DRIVERS_SQL_KEEPER_H

/*
 * A private throwaway server from installed binaries, in a folder of its own. Between snap and the
 * server stands a keeper, a forked child that waits for the other end of a socket to close, which
 * the kernel does however snap ends; then it ends the server and removes the folder. Should the
 * keeper itself be killed, the kernel ends the server, and the next snap sweeps the folder.
 */

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/err.h"

struct keeper;

/* What an engine says of its servers. */
struct keeper_kind {
    const char *prefix;          /* of the folder's name, which ends with the keeper's number */
    const char *const *accounts; /* that may run it where we are root; NULL at the end */
    int end;                     /* the signal that ends a program at once */
    const char *hint;            /* to an error */
    /* In the keeper: makes what the server needs and runs it, by keeper_run. Returns when the last
     * program has ended; `making` where that was not the server. */
    char (*serve)(const struct keeper *k);
    char making;
    const char *maker; /* the program that makes, for the error */
    /* Whether the server answers. */
    bool (*ready)(const struct keeper *k);
};

struct keeper {
    const struct keeper_kind *kind;
    char folder[64], bin[256]; /* bin: the caller's, for serve */
    pid_t owner, pid;
    int sock; /* to the other process */
    uid_t uid;
    gid_t gid;
    struct keeper *next;
    bool listed;
};

/* Starts the server of k, whose kind and bin are set, and waits until it answers. E_CANNOT_VERIFY
 * where it does not start; E_TIMEOUT behind deadline_ms (of CLOCK_MONOTONIC; 0: none). It ends, and
 * its folder goes, when this process ends, however that happens; k must live as long. */
int keeper_start(struct keeper *k, int64_t deadline_ms, struct err *e);
/* Whether it was started by this process. */
bool keeper_serves(const struct keeper *k);
void keeper_stop(struct keeper *k);
/* For serve: runs a program as the server's account, in the folder, and waits for its end or for
 * snap's, which ends it. Its exit status; -1: snap has ended, or it was killed. */
int keeper_run(const struct keeper *k, const char *const *argv);
/* What a program prints when asked for its --version; "" where there is none. */
void keeper_version(const char *program, char *out, size_t n);

#endif
