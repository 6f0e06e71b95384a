#ifndef SNAP_DRIVERS_POSTGRESQL_ASK_H
#define SNAP_DRIVERS_POSTGRESQL_ASK_H

/*
 * How the queries of a reading are put to the server. A scratch database is read again and again:
 * its session prepares each query once, which the planning of so many joins is worth, and is asked
 * for the rows of some objects alone.
 */

#include "drivers/postgresql/conn.h"

struct asking {
    struct session *s;
    struct str part; /* what cuts the queries down: arguments of the prepared ones; or absent */
};

/* Whether a query is of a kind, one of those that give facts, in the order of the list. */
struct sql_query;
bool pg_is_kind(const struct sql_query *q);
/* Gets ready to ask for `scope`; texts live in `mem`. Before a pipeline. */
int pg_asking(struct asking *a, struct session *s, const struct scope *scope, struct arena *mem,
              struct err *e);
/* Sends a query of a kind, in a pipeline; its rows hold at least those of the scope. */
int pg_ask_kind(const struct asking *a, const char *name, struct err *e);
/* Sends any other query, whole. */
int pg_ask(struct session *s, const char *name, struct err *e);

#endif
