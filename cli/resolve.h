#ifndef SNAP_CLI_RESOLVE_H
#define SNAP_CLI_RESOLVE_H

/* snap drift --resolve DIR: the three ways out of a drift, each tried before it is written. */

#include "cli/drift.h"

/* Writes into the folder, which is made where it is missing:
 *   revert.yaml       brings live back to the baseline,
 *   incorporate.yaml  brings the baseline to live, for the team's own changelog,
 *   ignore.yml        rules that let exactly these findings pass.
 * All are about drift and conflicts that no rule lets pass; what is pending stays so. Both
 * changelogs are proven on a scratch database, the rules by judging again. What cannot be proven is
 * not written: its old file goes, the others are written, and the first error is returned. */
int resolve_write(struct context *ctx, const struct drift_result *r, struct str folder,
                  struct err *e);

#endif
