#ifndef SNAP_TESTS_MONGODB_ANSWER_H
#define SNAP_TESTS_MONGODB_ANSWER_H

/* Answers of the scripted server to one command, as a server with that fixture gives them. */

#include <stdatomic.h>

#include "tests/mongodb/store.h"

/* What all connections share. */
struct shared {
    atomic_int connections, lists; /* how many so far; how often collections were listed */
    atomic_int seen[64];           /* by rule: how many commands it fitted */
    char gone[128], grown[128];    /* a collection dropped, and one made, since the start */
};

struct call {
    const struct store *store;
    struct shared *shared;
    const bson_t *command;
    const char *db, *name,
        *target; /* the command's name, and its value where that is text, or "" */
};

/* Fills `out`, without `ok` where it is well. */
void answer(const struct call *c, bson_t *out);
void answer_error(bson_t *out, int code, const char *name, const char *text);

#endif
