#ifndef SNAP_HISTORY_PG_H
#define SNAP_HISTORY_PG_H

/* The history in a PostgreSQL database: what the files of this backend share. */

#include <libpq-fe.h>

#include "history/store.h"

enum { PG_STMTS = 64, PG_RESULTS = 8, PG_PENDING = 256 };

struct rows {
    struct pg *db;
    PGresult *result; /* NULL: free */
    int at;
};
struct pg {
    struct store store;
    PGconn *conn;
    unsigned wait_ms, timeout_ms;
    bool in_tx, locked,
        writing;          /* writing: begin was called, and a transaction comes when needed */
    int64_t env_key;      /* of the lock that is held; 0: that of everything */
    unsigned pending;     /* statements sent whose answers were not read */
    bool one[PG_PENDING]; /* which of them must write one row */
    const char *stmts[PG_STMTS];
    unsigned nstmts;
    struct rows rows[PG_RESULTS];
};

extern const struct store_ops hpg_ops;
/* The error of an answer (NULL: of the connection) as one of ours. Returns -1. */
int hpg_fails(struct pg *p, const PGresult *r, struct err *e);
/* Runs statements that give no rows. */
int hpg_run(struct pg *p, const char *sql, struct err *e);
/* The lock of everything, alone; so that tables are made once. */
int hpg_lock_all(struct pg *p, struct err *e);
void hpg_unlock(struct pg *p);

#endif
