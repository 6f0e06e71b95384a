#ifndef SNAP_CLI_HISTORY_H
#define SNAP_CLI_HISTORY_H

/* Reading a history from the command line: where it is, which environment, time and object. */

#include "cli/context.h"
#include "history/history.h"

/* A time as people write it: 2026-11-01, 2026-11-01T02:00, 2026-11-01T02:00:00, with Z or +01:00
 * behind; without, it is UTC. first and last are the ends of what it names, in the history's form.
 */
struct when {
    struct str first, last;
};
/* E_BAD_VALUE. */
int history_when(struct str text, struct arena *mem, struct when *out, struct err *e);

/* ENV or ENV@TIME; time absent: the newest. What begins with a year behind the last @ is a time:
 * other names may have an @ and a digit. */
struct history_name {
    struct str env, time;
};
int history_name(struct str text, struct arena *mem, struct history_name *out, struct err *e);

/* The histories that --history or the drift: entries of snap.yml name, each once; else
 * .snap/history.db beside snap.yml or, without one, in the working directory. At least one. */
struct str *history_places(const struct context *ctx, uint32_t *n);
/* Where the history of an environment is: --history, the drift: entry of snap.yml, else the first
 * of history_places, as for an absent env. E_USAGE where none is kept. */
int history_place(const struct context *ctx, struct str env, struct str *out, struct err *e);
/* Opens it for reading; without a file the hint says how one comes to be. */
int history_reading(struct context *ctx, struct str env, struct history **out, struct err *e);
/* The environments of all these histories; one without a file is passed over beside others. */
int history_all_envs(struct context *ctx, struct history_env **out, uint32_t *n, struct err *e);
/* The state of an environment at a time; where there is none, the hint names what there is. */
int history_state_at(struct context *ctx, struct history *h, const struct history_name *name,
                     struct catalog **out, struct history_state *at, struct err *e);
/* The engine of an environment, without reading a state. E_HISTORY_NONE, E_UNKNOWN_ENGINE. */
int history_engine(struct context *ctx, struct history *h, struct str env,
                   const struct engine **out, struct err *e);
/* The paths that a name for people means; at least one. E_HISTORY_NONE with likely names. */
int history_object(struct context *ctx, struct history *h, struct str env, struct str object,
                   struct str **paths, uint32_t *n, struct err *e);

/* history:ENV[@TIME] as a source. */
bool history_is_source(struct str text);
int history_source(struct context *ctx, struct str text, struct source_spec *out, struct err *e);

/* Whether two values of an attribute of the object of a path are the same by the engine's rule: a
 * new column at the end changes no order of columns. */
bool history_same(const struct engine *eng, struct str path, struct str key, struct str a,
                  struct str b);
/* Whether an event is no change but for such. */
bool history_is_nothing(const struct engine *eng, const struct history_event *ev,
                        struct arena *mem);

/* A raw value for people: text without quotes, lists as (a, b); "none" for absent. What acts on a
 * terminal is shown as its bytes. */
void history_value(struct strbuf *out, struct str raw, struct arena *mem);
/* Appends the text cut to `room` columns, "..." behind it. */
void history_cut(struct strbuf *out, struct str safe, size_t room);

#endif
