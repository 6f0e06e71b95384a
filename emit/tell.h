#ifndef SNAP_EMIT_TELL_H
#define SNAP_EMIT_TELL_H

/*
 * What is told after a check, in the forms of those who are told: a line for Nagios, metrics for
 * Prometheus, a message for Slack or Teams. Texts only: who is told, files and the network are the
 * caller's. Texts of the result are in the arena of `out`, or of the metrics.
 */

#include "core/drift.h"
#include "core/err.h"

/* One environment that was checked. */
struct tell_env {
    struct str name;
    bool known; /* the check could tell; false: found and changes are NULL */
    const struct drift_findings *found; /* NULL: there is no baseline either */
    const struct changes *changes;      /* or NULL */
    struct str time;                    /* UTC, of the check */
    int64_t ms;                         /* how long it took */
};

/* What a plugin of Nagios prints, one line, and its exit status. `e` NULL: all could be told. */
int tell_nagios(const struct tell_env *v, uint32_t n, const struct err *e, struct strbuf *out);

/* The series of environments, in the text format of Prometheus. */
struct metrics;
struct metrics *metrics_new(struct arena *mem);
/* Takes the series of a file that was written before; false: it holds something else. The text has
 * to live as long as the metrics. */
bool metrics_read(struct metrics *m, struct str text);
/* The series of one environment anew. A check that could not tell leaves what the last good one
 * saw, but no findings: these are unknown. */
void metrics_put(struct metrics *m, const struct tell_env *env);
/* The whole file: by metric, then by environment. */
struct str metrics_text(struct metrics *m);

/* Findings of one environment that nobody was told of. */
struct tell_news {
    struct str env;
    const struct drift_finding *const *v; /* without what comes or goes with one of them */
    uint32_t n;
    uint32_t open; /* findings that fail the run, told before or not */
};
/* The body of a message, JSON: as many findings as there is room for. */
void tell_slack(const struct tell_news *news, struct strbuf *out);
void tell_teams(const struct tell_news *news, struct strbuf *out);

#endif
