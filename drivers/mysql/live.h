#ifndef SNAP_DRIVERS_MYSQL_LIVE_H
#define SNAP_DRIVERS_MYSQL_LIVE_H

/* The live half: a connection, and what is asked over it. */

#include <mysql.h>

#include "core/engine.h"
#include "drivers/mysql/mysql.h"

struct session {
    struct arena *mem;
    MYSQL *db;
    struct str label;
    struct str version;  /* "MariaDB 10.11.19" */
    struct str database; /* as named in the URL */
    bool mariadb;
    unsigned timeout_ms, connect_ms, statement_ms, tries;
    int64_t deadline_ms;        /* of CLOCK_MONOTONIC; 0: none */
    unsigned limit_ms;          /* for how long the server may say nothing; 0: for ever */
    bool silent;                /* it has said nothing for longer */
    bool scratch;               /* a database of ours, which may be changed */
    bool built;                 /* scratch: of a script, no side of a proof */
    bool grants;                /* scratch: there are some, or may be */
    bool no_grants;             /* else: they cannot be read */
    bool closing;               /* a signal does not end its calls any more */
    char made[64];              /* scratch: its name */
    struct str deployer;        /* scratch: gives it the settings of a deployer's session */
    const struct source *place; /* scratch: its server; NULL: the private one */
};

/* connect.c. Connects to the server that a source names; `database` absent: the source's own. */
int my_connect(struct session *s, const struct source *src, struct str database, struct err *e);
int my_open(const struct source *src, struct arena *mem, struct session **out, struct err *e);
/* Before one more try; false: a signal, or no time is left. */
bool my_pause(const struct session *s, unsigned tries);
/* conn.c */
void my_close(struct session *s);
void my_cancel(struct session *s);
/* For calls of the library that wait: what has come of the events wanted. */
int my_await(struct session *s, int want);
/* Everything that changes how the server writes a schema down. */
int my_pin(struct session *s, struct err *e);
/* Runs one statement; *out (freed by mysql_free_result) is NULL where it has no rows. NULL out: no
 * rows are wanted. */
int my_query(struct session *s, struct str sql, MYSQL_RES **out, struct err *e);
/* Several statements in one wait: hands the rows of each answer over, `index` says of which. A
 * statement that fails with an error of its own ends the batch: -1. */
typedef int my_row_fn(void *ctx, uint32_t index, MYSQL_ROW row, const unsigned long *lengths,
                      unsigned n, struct err *e);
int my_batch(struct session *s, struct str sql, my_row_fn *row, void *ctx, struct err *e);
/* Sets E_BUSY. Returns -1. */
int my_locked(struct session *s, const char *what, struct err *e);
/* Adds to E_BUSY who holds the lock, as far as the server tells. Returns -1. */
int my_busy(struct session *s, struct err *e);
/* The server's last error as ours. Returns -1. */
int my_error(struct session *s, const char *what, struct err *e);

/* read.c */
int my_introspect(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e);
/* row_read.c: the rows of the tables that the scope names; the other facts are complete. */
int my_read_data(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e);
/* rows.c */
int my_fill(struct session *s, const struct catalog *cat, struct err *e);
int my_refill(struct session *s, const struct catalog *cat, unsigned plain, struct err *e);
int my_empty(struct session *s, const struct catalog *cat, struct err *e);
int my_digest(struct session *s, const struct catalog *cat, struct arena *mem,
              void (*put)(void *ctx, struct str path, struct str digest), void *ctx, struct err *e);
int my_sizes(struct session *s, struct rel_size *v, uint32_t n, struct err *e);
int my_applied(struct session *s, void (*put)(void *ctx, struct str id), void *ctx, struct err *e);
int my_deployments(struct session *s, void (*put)(void *ctx, const struct deployed *d), void *ctx,
                   struct err *e);
int my_versions(struct session *s, void (*put)(void *ctx, struct str version), void *ctx,
                struct err *e);
/* scratch.c */
int my_scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
               struct err *e);
int my_scratch_exec(struct session *s, const struct stmt *stmt, struct err *e);
/* The error is the statement's own, not the connection's. */
bool my_is_statements(const struct err *e);
int my_tried(struct session *s, const struct stmt *stmt, struct arena *mem, struct effect **out,
             uint32_t *n, struct err *e);
int my_script(struct session *s, struct str text, struct str label, struct err *e);
int my_reset(struct session *s, struct err *e);
int my_reach(struct session *s, struct arena *mem, struct reach *out, struct err *e);
void my_scratch_closed(struct session *s);

#endif
