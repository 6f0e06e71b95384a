#ifndef SNAP_CLI_DRIFT_H
#define SNAP_CLI_DRIFT_H

/* One environment of snap drift, and what came of it: shared by the check, the messages about it
 * and the check of many databases. */

#include "cli/context.h"
#include "drift/drift.h"
#include "history/history.h"

struct drift_target {
    struct str source;              /* as it was named: an environment, or a source */
    struct str env;                 /* the same as it is shown and kept: without a password */
    struct str baseline;            /* a source; absent: none, and live is only written down */
    struct str history;             /* its place; absent: none is kept */
    const struct config_env *known; /* NULL: not of snap.yml */
    bool whole;                     /* both sides are wanted as catalogs: for a picture */
};

struct drift_result {
    struct drift_target target;
    struct err why;                     /* code other than E_NONE: it could not be told */
    const struct drift_findings *found; /* NULL then, and where there is no baseline */
    const struct changes *changes;
    const struct catalog *live; /* NULL where only streams were compared; so is the next */
    const struct catalog *from; /* the baseline */
    struct sides sides;         /* closed: what they were, and their scopes */
    struct hash128 fingerprint; /* of live */
    bool fails;                 /* exit 1 */
    bool recorded;              /* it is in the history, durably */
    struct err late;            /* other than E_OK: what failed after that; the verdict stands */
    int64_t ms;                 /* how long it took */
    struct str time;            /* UTC, of the check */
};

/* Checks one environment and writes it down. -1 and the error in e and out->why where it could not
 * be told (that, too, is written down where there is a history). Prints nothing. */
int drift_check(struct context *ctx, const struct drift_target *target, struct drift_result *out,
                struct err *e);
/* What is to be checked, of an environment or a source as it was named: its baseline and history by
 * the options and snap.yml. E_USAGE where it has neither; E_BAD_VALUE: --fail-on. */
int drift_target(struct context *ctx, struct str env, struct drift_target *out, struct err *e);
/* Appends the report of one check in a format that shows a diff; `part`: of several in one file. */
int drift_report(struct context *ctx, const struct emitter *em, const struct drift_result *one,
                 bool color, bool part, struct strbuf *out, struct err *e);
/* The path of the first side where it is a file whose lines can be shown, or absent. */
struct str drift_file_of(struct context *ctx, const struct sides *s);
/* Now, UTC, "2026-11-22T02:00:00Z": SOURCE_DATE_EPOCH or the clock. E_BAD_VALUE. */
int drift_now(struct arena *mem, struct str *out, struct err *e);

#endif
