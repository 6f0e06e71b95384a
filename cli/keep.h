#ifndef SNAP_CLI_KEEP_H
#define SNAP_CLI_KEEP_H

/* What a history is kept for: how much stays of it, whether it is sound, how it is mended. */

#include "cli/context.h"
#include "history/history.h"

/* --keep: "400" states, "90d", or both with a comma; 0: no such bound. E_BAD_VALUE. */
int keep_parse(struct str text, uint32_t *states, uint32_t *days, struct err *e);
/* Cuts the history of the environment to --keep, where that is given. Another check that writes is
 * no error: the next one cuts. */
int keep_after(struct context *ctx, struct history *h, struct str env, struct str now,
               struct err *e);
/* snap log --check, snap log --repair. */
int keep_check(struct context *ctx, struct str env, struct err *e);
int keep_repair(struct context *ctx, struct str env, struct err *e);

#endif
