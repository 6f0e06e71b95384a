#ifndef SNAP_CLI_REMEMBER_H
#define SNAP_CLI_REMEMBER_H

/* A drift check and its history: what earlier checks left, and what this one writes down. */

#include "cli/drift.h"

struct memory {
    struct history *history;
    struct str env;
    struct drift_memory memory;
    struct history_finding *open; /* those of the last check */
    uint32_t nopen;
};

/* Opens the history of a target for writing, reads what the last check left, and tells the time,
 * which is behind that check's. `began`: when live was begun to be read, or absent. What
 * history_open says, E_HISTORY_TIME, E_BAD_VALUE; E_HISTORY_LOCKED: another check came between. */
int memory_begin(struct context *ctx, const struct drift_target *t, struct str began,
                 struct memory *r, struct str *time, struct err *e);
/* Whether the filter takes the path in; neither side need have it. */
bool filter_takes(const struct filter *f, const struct engine *eng, struct str path,
                  struct arena *mem);
/* Writes a check down that read live; found is NULL where there is no baseline. Findings of the
 * last check that this one could not see again stay open. */
int memory_write(struct context *ctx, struct memory *r, const struct drift_request *req,
                 const struct drift_findings *found, const struct source_spec *spec,
                 const struct catalog *live, struct err *e);
/* Cuts the history to --keep, once the check is written down. What fails is not the check's. */
int memory_keep(struct context *ctx, struct memory *r, struct str now, struct err *e);
/* Writes down that a check could not be made, where there is a history; its own errors are
 * passed over, `why` is what is told. */
void memory_failure(struct context *ctx, const struct drift_target *t, const struct err *why);
void memory_close(struct memory *r);

#endif
