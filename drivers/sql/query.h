#ifndef SNAP_DRIVERS_SQL_QUERY_H
#define SNAP_DRIVERS_SQL_QUERY_H

/*
 * The queries in drivers/ENGINE/queries/NAME.sql, built in. A line that ends with `-- 14+` is only
 * for servers of at least that major version, with `-- <14` only for older ones.
 */

#include "core/arena.h"

struct sql_query {
    const char *engine, *name, *text;
};
/* In the order of their files' names; ends with a row of NULL. */
extern const struct sql_query sql_queries[];

/* The text for a server of that major version, as a C string. NULL when there is no such query. */
char *sql_query(struct arena *mem, const char *engine, const char *name, int version);

#endif
