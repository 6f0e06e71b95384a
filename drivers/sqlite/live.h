#ifndef SNAP_DRIVERS_SQLITE_LIVE_H
#define SNAP_DRIVERS_SQLITE_LIVE_H

/* The live half of the SQLite driver: what its files share. */

#include <sqlite3.h>
#include <sys/stat.h>

#include "core/clock.h"
#include "drivers/sqlite/sqlite.h"

struct session {
    sqlite3 *db;
    struct arena *mem; /* its own, freed with it */
    struct str label;
    bool scratch;
    bool lenient;     /* read what can be read of a malformed schema */
    bool guarded;     /* opened as immutable by our own choice: it must not move meanwhile */
    struct stat stat; /* then: as it was when opened */
    const char *path; /* of the file; NULL in memory */
    bool remove;      /* it is a temporary file of ours */
    const struct catalog *like[2]; /* scratch: the schemas that it is for, where both are known */
    int starved;         /* SQLite's code of a failure passed over that lay not in the object */
    int64_t deadline_ms; /* on the monotonic clock; 0: none */
};

/* The error of the last call as one of ours; `what` says what was tried. Returns -1. */
int lite_error(struct session *s, const char *what, struct err *e);
/* Compiles; -1 with the error set. */
int lite_prepare(struct session *s, const char *sql, sqlite3_stmt **out, struct err *e);
/* Steps: 1 a row, 0 the end, -1 with the error set. */
int lite_step(struct session *s, sqlite3_stmt *stmt, struct err *e);
/* SQLite's primary code of the last failure; SQLITE_NOMEM too where a file's page found no memory.
 */
int lite_errcode(struct session *s);
/* After a failure that is passed over (an object that cannot be asked about): notes whether it was
 * for want of memory, by an interrupt or damage, which must not pass for an answer. */
void lite_passed_over(struct session *s);
/* The noted failure as an error; 0 when there is none. */
int lite_starved(struct session *s, struct err *e);
/* Runs statements that give no rows. */
int lite_exec(struct session *s, const char *sql, struct err *e);
/* Text of a column, in place until the next step; absent for NULL. */
struct str lite_column_text(sqlite3_stmt *stmt, int column);

/* Limits, defences and the timeout of a fresh connection. */
void lite_guard(struct session *s, unsigned timeout_ms);

/* An empty in-memory database with the guards of a scratch: stub functions and collations come as
 * they are missed. NULL and the error set on failure. */
struct session *lite_scratch_open(struct arena *mem, const char *path, struct err *e);
/* Runs one statement on a scratch; a function that is missed gets a stub and it is tried again. */
int lite_scratch_exec(struct session *s, struct str sql, struct err *e);

/* Objects of sqlite_schema as they were read. */
struct lite_row {
    struct str type, name, table, sql;
    bool shadow, virtual_table, view;
};
struct lite_rows {
    struct lite_row *v;
    uint32_t n, cap;
};

/* row_read.c: the rows of the tables that the scope names; the other facts are complete. */
int lite_read_data(struct session *s, const struct scope *scope, struct catalog *cat,
                   struct err *e);

/* deps.c: what views and triggers need, found out by preparing them on a scratch database. */
struct lite_deps;
struct lite_deps *lite_deps_open(struct session *s, const struct lite_rows *rows,
                                 const struct lite_names *paths, struct err *e);
/* Paths that the view or trigger needs, or "!why" with what its text names; in the session's arena.
 */
struct str *lite_deps_of(struct lite_deps *d, const struct lite_row *row, uint32_t *n);
/* E_OUT_OF_MEMORY and the like when an answer was given for want of memory. */
int lite_deps_close(struct lite_deps *d, struct err *e);

/* The entries of live_ops in the other files. */
int lite_introspect(struct session *s, const struct scope *scope, struct catalog *cat,
                    struct err *e);
int lite_scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
                 struct err *e);
int lite_scratch_stmt(struct session *s, const struct stmt *stmt, struct err *e);
int lite_reset(struct session *s, struct err *e);
int lite_reach(struct session *s, struct arena *mem, struct reach *out, struct err *e);
int lite_script(struct session *s, struct str text, struct str label, struct err *e);
int lite_fill(struct session *s, const struct catalog *cat, struct err *e);
int lite_refill(struct session *s, const struct catalog *cat, unsigned plain, struct err *e);
int lite_empty(struct session *s, const struct catalog *cat, struct err *e);
int lite_digest(struct session *s, const struct catalog *cat, struct arena *mem,
                void (*put)(void *ctx, struct str path, struct str digest), void *ctx,
                struct err *e);
int lite_applied(struct session *s, void (*put)(void *ctx, struct str id), void *ctx,
                 struct err *e);
int lite_deployments(struct session *s, void (*put)(void *ctx, const struct deployed *d), void *ctx,
                     struct err *e);
int lite_versions(struct session *s, void (*put)(void *ctx, struct str version), void *ctx,
                  struct err *e);
void lite_close(struct session *s);

#endif
