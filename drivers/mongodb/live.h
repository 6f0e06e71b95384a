#ifndef SNAP_DRIVERS_MONGODB_LIVE_H
#define SNAP_DRIVERS_MONGODB_LIVE_H

/* The live half: connections, and commands over them. */

#include <mongoc/mongoc.h>

#include "core/engine.h"
#include "drivers/mongodb/mongodb.h"

/* What a server said of itself, and what it was seen to take. */
struct mg_server {
    struct str version; /* "7.0.12" */
    struct str product; /* "MongoDB", "FerretDB 2.7.0", "Amazon DocumentDB", "Azure Cosmos DB" */
    int wire;           /* maxWireVersion */
    bool sharded;       /* behind a mongos */
    bool replica_set;
};

struct session {
    struct arena *mem;
    mongoc_client_pool_t *pool;
    mongoc_client_t *client; /* the one for commands one by one */
    struct str label;        /* the source, without secrets */
    struct str database;     /* as named in the URL */
    struct mg_server server;
    unsigned timeout_ms, connect_ms, statement_ms, tries;
    int64_t deadline_ms; /* of CLOCK_MONOTONIC; 0: none */
    bool scratch;        /* a database of ours, which may be changed */
    char made[64];       /* scratch: its name */
    bool closing;        /* a signal does not end its calls any more */
};

/* connect.c. Connects and says hello; `database` absent: the source's own, which must be named. */
int mg_connect(struct session *s, const struct source *src, struct str database, struct err *e);
int mg_open(const struct source *src, struct arena *mem, struct session **out, struct err *e);
void mg_close(struct session *s);
void mg_cancel(struct session *s);

/* conn.c. Runs a command on a database (absent: the session's) and gives the reply, parsed by our
 * own walker, in `mem`. A reply whose `ok` is not true, or that holds writeErrors, is an error:
 * *code (may be NULL) is the server's number then, 0 for what did not come from it. The server's
 * words go into the message, without secrets. */
int mg_run(struct session *s, struct str database, const struct mv *command, struct arena *mem,
           struct mv **reply, int *code, struct err *e);
/* The same for a command that gives a cursor: `each` is called for every document of it, which
 * lives until the call returns. */
typedef int mg_each_fn(void *ctx, const struct mv *doc, struct err *e);
int mg_each(struct session *s, struct str database, const struct mv *command, mg_each_fn *each,
            void *ctx, int *code, struct err *e);
/* listIndexes of many collections over several connections at once: put(ctx, i, docs, n, code) for
 * each, in any order, from this thread; code: the server's error (26: it is gone), else 0. */
typedef int mg_indexes_fn(void *ctx, uint32_t i, const struct mv *const *docs, uint32_t n, int code,
                          struct err *e);
int mg_list_indexes(struct session *s, const struct str *collections, uint32_t n, bool build_info,
                    mg_indexes_fn *put, void *ctx, struct err *e);

/* read.c */
int mg_introspect(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e);
/* rows.c */
int mg_fill(struct session *s, const struct catalog *cat, struct err *e);
int mg_empty(struct session *s, const struct catalog *cat, struct err *e);
int mg_rows(struct session *s, const struct catalog *cat, struct arena *mem,
            void (*put)(void *ctx, struct str path, struct str digest), void *ctx, struct err *e);
int mg_sizes(struct session *s, struct rel_size *v, uint32_t n, struct err *e);
int mg_applied(struct session *s, void (*put)(void *ctx, struct str id), void *ctx, struct err *e);
/* scratch.c */
int mg_scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
               struct err *e);
int mg_scratch_exec(struct session *s, const struct stmt *stmt, struct err *e);
int mg_script(struct session *s, struct str text, struct str label, struct err *e);
void mg_scratch_closed(struct session *s);

#endif
