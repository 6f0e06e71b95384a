#ifndef SNAP_HISTORY_LITE_H
#define SNAP_HISTORY_LITE_H

/* The history as a SQLite file: what the files of this backend share. */

#include <sqlite3.h>

#include "history/store.h"

enum { LITE_STMTS = 64, LITE_APPLICATION = 0x736e6148 /* "snaH" */ };

struct rows {
    struct lite *db;
    sqlite3_stmt *stmt;
};
struct lite {
    struct store store;
    sqlite3 *db;
    const char *path;
    unsigned wait_ms;
    int64_t since_ms; /* when the wait for a lock began; 0: none does */
    bool in_tx;
    struct {
        const char *sql;
        struct rows rows;
    } stmts[LITE_STMTS];
    unsigned nstmts;
};

extern const struct store_ops hlite_ops;
/* The error of the last call as one of ours. Returns -1. */
int hlite_fails(struct lite *l, struct err *e);
/* The compiled statement of a text, ready to be bound; NULL and the error. */
struct rows *hlite_compiled(struct lite *l, const char *sql, struct err *e);
int hlite_run(struct lite *l, const char *sql, struct err *e);
/* One number of a statement. */
int hlite_number(struct lite *l, const char *sql, int64_t *out, struct err *e);
/* The tables, one statement each; NULL ends. */
extern const char *const hlite_tables[];
/* Opens the file and sets what every connection has; nothing is read. */
int hlite_connect(struct lite *l, int flags, struct err *e);

#endif
