#ifndef SNAP_TESTS_HARNESS_SCHEMA_H
#define SNAP_TESTS_HARNESS_SCHEMA_H

/* Schemas, snapshots and plans for tests in one call each. What goes wrong fails the test. */

#include "core/emitter.h"
#include "snapshot/snapshot.h"

extern const struct engine engine_mini;
/* All engines of the build, and the small one of mini.h alone; NULL ends. */
extern const struct engine *const all_engines[];
extern const struct engine engine_sqlite;
extern const struct engine *const mini_engines[];

/* The schema that a script of SQL makes, named `label`. */
struct catalog *sql_catalog(struct arena *mem, const char *sql, const char *label);
/* The changes and the plan between two of them. */
struct changes *sql_changes(struct arena *mem, const char *from, const char *to);
struct plan *sql_plan(struct arena *mem, const char *from, const char *to);
/* Names and texts that try to break formats, as SQL stores them; NULL ends. */
extern const char *const nasty[];
/* A schema whose names, defaults and bodies they are; `second` differs from the first in most. */
char *nasty_sql(struct arena *mem, bool second);
/* What a format writes; `second` may be NULL. in->mem, changes and plan are set by the caller. */
struct str emitted(const struct emitter *em, const struct emit_in *in, struct str *second);

/* A small schema of the engine of mini.h with everything that a file may hold, finished. */
struct catalog *mini_sample(struct arena *mem);
/* Its file. */
struct str mini_text(struct arena *mem);
/* A file descriptor to read the text from. */
int fd_of(struct str text);
/* Reads a snapshot named "x.json" whole, each fact checked. */
int snapshot_read(struct str text, struct arena *mem, struct catalog **out, struct err *e);
/* A text with the first `what` replaced. */
struct str swapped(struct arena *mem, struct str text, const char *what, const char *with);
/* Whether the message, or its hint, holds the words. */
bool says(const struct err *e, const char *words);
/* Whether a byte stands in the text that acts on a terminal: C0 but for newlines, DEL, C1 as UTF-8
 * writes it, controls of direction. */
bool acts_on_terminal(struct str text);
/* Columns of the longest line. */
size_t widest_line(struct str text);

#endif
