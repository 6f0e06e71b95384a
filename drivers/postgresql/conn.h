#ifndef SNAP_DRIVERS_POSTGRESQL_CONN_H
#define SNAP_DRIVERS_POSTGRESQL_CONN_H

/* The live half: a connection, and what is asked over it. */

#include <libpq-fe.h>

#include "core/clock.h"
#include "core/engine.h"
#include "drivers/postgresql/postgresql.h"

struct session {
    struct arena *mem; /* lives as long as the session */
    bool own_mem;      /* and ends with it; else the caller's */
    struct str says;   /* version() of a server that is not ours */
    PGconn *db;
    PGcancel *cancel;
    struct str label;
    int version;                       /* major: 15 */
    unsigned timeout_ms;               /* of everything; 0: none */
    unsigned statement_ms, connect_ms; /* of one statement, of connecting; 0: the default */
    unsigned tries;                    /* of connecting and of reading; 0: the default */
    bool used;                         /* read once: its transaction has a picture already
                                        */
    bool scratch;                      /* a database of ours, which may be changed */
    int64_t deadline_ms;               /* of CLOCK_MONOTONIC, for all that is done; 0: none */
    bool counted;                      /* scratch: among the open ones */
    bool pinned;                       /* scratch: nothing ran since pg_pin that may set things */
    char database[64];                 /* scratch: its name */
    const struct source *place;        /* scratch: the server it is on, where that is not ours */
    PGresult *watched;                 /* relations as they were at pg_watch */
    bool ahead;                        /* what pg_introspect takes is asked for already */
    bool prepared[2];                  /* scratch: queries of everything, of a part; see ask.h */
};

/* connect.c. Connects with libpq's own parameters (ends with NULL keys). A scratch session is
 * pinned then, any other is in a transaction, see pg_begin. Errors: CANNOT_OPEN, ACCESS_DENIED,
 * TLS_FAILED, CONNECTION_LOST, INTERRUPTED. */
int pg_connect(struct session *s, const char *const *keys, const char *const *values,
               struct err *e);
/* The same to a database of the server that a source names; absent: the source's own. */
int pg_connect_place(struct session *s, const struct source *place, struct str database,
                     struct err *e);
int pg_open(const struct source *src, struct arena *mem, struct session **out, struct err *e);
void pg_close(struct session *s);
void pg_cancel(struct session *s);
/* Settings that everything read depends on, and the limits, for the session. */
int pg_pin(struct session *s, struct err *e);
/* A scratch session as it is read: whatever statements have set is gone. */
int pg_at_rest(struct session *s, struct err *e);
/* Ends the transaction that there may be and begins a read-only one with those settings, with a
 * picture of its own. A session that is not ours sets nothing outside a transaction: behind a
 * pooler it would reach others. */
int pg_begin(struct session *s, struct err *e);
/* The last result of one statement (`one`: several are an error) or of several; NULL: it could not
 * be sent. A signal and the deadline cancel it. */
PGresult *pg_run(struct session *s, const char *sql, bool one);
/* Ends a COPY that waits for rows. */
void pg_copy_none(struct session *s);
/* One statement or several, no result wanted. */
int pg_exec(struct session *s, const char *sql, struct err *e);
/* A query; *out is freed by PQclear. */
int pg_query(struct session *s, const char *sql, PGresult **out, struct err *e);
/*
 * A pipeline: queries are sent ahead, and their answers taken in the same order, one by one; a sync
 * ends a section, of which what follows an error is not done. Between open and close nothing else
 * is sent. Each takes one statement.
 */
typedef int pg_row_fn(void *ctx, const PGresult *row, struct err *e);
int pg_pipe_open(struct session *s, struct err *e);
int pg_pipe_send(struct session *s, const char *sql, struct err *e);
int pg_pipe_sync(struct session *s, struct err *e);
/* Hands the rows of the next answer over, each as a result of its own. */
int pg_pipe_take(struct session *s, pg_row_fn *row, void *ctx, struct err *e);
/* Takes what is left of the section. */
void pg_pipe_skip(struct session *s);
/* Behind the last section. */
int pg_pipe_close(struct session *s, struct err *e);
/* The server's last error as ours: `what` was being done. Returns -1. */
int pg_error(struct session *s, const PGresult *r, const char *what, struct err *e);
struct str pg_value(const PGresult *r, int row, int column);

/* read.c */
int pg_ahead(struct session *s, const struct scope *scope, struct err *e);
int pg_introspect(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e);
/* row_read.c: the rows of the tables that the scope names; the other facts are complete. */
int pg_read_data(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e);
/* watch.c */
int pg_sizes(struct session *s, struct rel_size *v, uint32_t n, struct err *e);
int pg_watch(struct session *s, struct err *e);
int pg_watched(struct session *s, struct arena *mem, struct effect **out, uint32_t *n,
               struct err *e);
/* scratch.c */
int pg_scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
               struct err *e);
int pg_scratch_exec(struct session *s, const struct stmt *stmt, struct err *e);
int pg_scratch_reset(struct session *s, struct err *e);
int pg_reach(struct session *s, struct arena *mem, struct reach *out, struct err *e);
int pg_script(struct session *s, struct str text, struct str label, struct err *e);
void pg_scratch_closed(struct session *s);

#endif
