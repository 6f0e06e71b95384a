#ifndef SNAP_DRIVERS_MONGODB_LIVE_H
#define SNAP_DRIVERS_MONGODB_LIVE_H

/*
 * The live half: connections, and commands over them.
 *
 * The client library finds the server that a URL means, says hello and logs in (wire.c,
 * connect.c). The commands after that are messages of our own over its stream (conn.c): it swallows
 * "no such collection" of listIndexes, does not compare the numbers of answers, and has one request
 * on its way at a time.
 */

#include <mongoc/mongoc.h>

#include "core/engine.h"
#include "drivers/mongodb/mongodb.h"
#include "drivers/mongodb/uri.h"

/* Numbers of servers' errors: error_codes.yml of the server. */
enum {
    MG_UNAUTHORIZED = 13,
    MG_NO_NAMESPACE = 26,
    MG_CURSOR_GONE = 43,
    MG_NO_COMMAND = 59,
    MG_NOT_SUPPORTED = 115,
    MG_IS_VIEW = 166,
    MG_UNKNOWN_FIELD = 40415,
};

/* What a server said of itself. */
struct mg_server {
    struct str version; /* "7.0.12" */
    struct str product; /* "MongoDB", "FerretDB 2.7.0" */
    int wire;           /* maxWireVersion */
    bool sharded;       /* behind a mongos */
    bool replica_set;
    bool secondary;
};

/* Why a wait ended before the server said something. */
enum mg_stop { MG_GOES, MG_SIGNAL, MG_LATE, MG_SILENT };
/* What became of the connections that were tried, the more telling ones last. */
enum mg_refusal {
    MG_TAKEN,
    MG_NO_NAME,    /* the DNS does not know it */
    MG_REFUSED,    /* nobody listens there */
    MG_UNANSWERED, /* nothing came in time */
    MG_ENDED,      /* by the server */
    MG_GARBLED,    /* what came is no message of the wire protocol */
    MG_NO_TLS
};

struct mg_wire;

struct session {
    struct arena *mem;
    mongoc_client_t *client;
    mongoc_stream_t *stream; /* of the server that was chosen; NULL: not connected, or lost */
    struct mg_wire *wires;   /* all that are open */
    struct mg_uri uri;
    struct str label;    /* the source, without secrets */
    struct str database; /* as named in the URL */
    struct mg_server server;
    enum mg_stop stop;
    enum mg_refusal refusal;
    bool chosen;         /* a server was found: what fails is the login */
    struct str why;      /* in words */
    int32_t sent, stale; /* numbers of the last message, and of the first whose answer nobody wants;
                            0: none */
    unsigned timeout_ms, connect_ms, statement_ms, tries;
    int64_t deadline_ms;        /* of CLOCK_MONOTONIC; 0: none */
    int64_t call_end_ms;        /* the same, of the call that runs */
    bool scratch;               /* a database of ours, which may be changed */
    char made[64];              /* scratch: its name */
    const struct source *place; /* scratch: its server */
    bool closing;               /* a signal does not end its calls any more */
};

/* wire.c. Opens a connection, by TLS where the URL wants it: a mongoc_stream_initiator_t. What it
 * waits for ends with a signal, or when the time is up. */
mongoc_stream_t *mg_wire_open(const mongoc_uri_t *uri, const mongoc_host_list_t *host,
                              void *session, bson_error_t *error);
/* The open connection to "host:port" for messages of our own, or NULL. */
mongoc_stream_t *mg_wire_to(const struct session *s, const char *place);
/* Ends all of them: async-signal-safe. */
void mg_cancel(struct session *s);
/* guard.c. Puts a stream over another that lets only whole messages through which are what they
 * say: the library reads past the end of others (measured, 1.23). It ends the one below with it. */
mongoc_stream_t *mg_guard(struct session *s, mongoc_stream_t *below);

/* connect.c. Connects and says hello; `database` absent: the source's own, which must be named. */
int mg_connect(struct session *s, const struct source *src, struct str database, struct err *e);
/* Ends the connection, nothing else. */
void mg_disconnect(struct session *s);
int mg_open(const struct source *src, struct arena *mem, struct session **out, struct err *e);
void mg_close(struct session *s);
/* Before one more try; false: a signal, or no time is left. */
bool mg_pause(const struct session *s, unsigned tries);

/* conn.c. Runs a command on a database (absent: the session's) and gives the reply, parsed by our
 * own walker, in `mem`. A reply whose `ok` is not true, or that holds writeErrors, is an error:
 * *code (may be NULL) is the server's number then, 0 for what did not come from it. The server's
 * words go into the message, without secrets. */
int mg_run(struct session *s, struct str database, const struct mv *command, struct arena *mem,
           struct mv **reply, int *code, struct err *e);
/* What a server says, without the password: some repeat what they got. */
struct str mg_said(struct session *s, struct str words);
/* The same for a command that gives a cursor: `each` is called for every document of it, which
 * lives until the call returns. */
typedef int mg_each_fn(void *ctx, const struct mv *doc, struct err *e);
int mg_each(struct session *s, struct str database, const struct mv *command, mg_each_fn *each,
            void *ctx, int *code, struct err *e);
/* Many commands that give a cursor each, many on their way at once: ask(ctx, i, mem) makes one,
 * put( ctx, i, docs, n, code) takes all its documents, in any order; code: 26 or 166 where the
 * collection is gone, else 0. Any other error of the server is one, E_HIDDEN where the role may not
 * ask. */
typedef struct mv *mg_ask_fn(void *ctx, uint32_t i, struct arena *mem);
typedef int mg_answer_fn(void *ctx, uint32_t i, const struct mv *const *docs, uint32_t n, int code,
                         struct err *e);
int mg_many(struct session *s, uint32_t n, mg_ask_fn *ask, mg_answer_fn *put, void *ctx, int *code,
            struct err *e);

/* mg_each on the session's database, for documents that are data: as many as there are. */
int mg_stream(struct session *s, const struct mv *command, mg_each_fn *each, void *ctx, int *code,
              struct err *e);
/* infer.c, for live_ops.infer. */
int mg_infer_look(struct session *s, const struct infer_want *want, struct arena *mem,
                  struct strbuf *out, struct err *e);

/* read.c. The server is to end a command by itself, in the time that a query may take. */
void mg_limit(const struct session *s, struct arena *mem, struct mv *command);
int mg_introspect(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e);
/* rows.c */
int mg_fill(struct session *s, const struct catalog *cat, struct err *e);
int mg_empty(struct session *s, const struct catalog *cat, struct err *e);
int mg_rows(struct session *s, const struct catalog *cat, struct arena *mem,
            void (*put)(void *ctx, struct str path, struct str digest), void *ctx, struct err *e);
int mg_sizes(struct session *s, struct rel_size *v, uint32_t n, struct err *e);
int mg_applied(struct session *s, void (*put)(void *ctx, struct str id), void *ctx, struct err *e);
int mg_deployments(struct session *s, void (*put)(void *ctx, const struct deployed *d), void *ctx,
                   struct err *e);
/* scratch.c */
int mg_scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
               struct err *e);
int mg_scratch_exec(struct session *s, const struct stmt *stmt, struct err *e);
int mg_script(struct session *s, struct str text, struct str label, struct err *e);
void mg_scratch_closed(struct session *s);

#endif
