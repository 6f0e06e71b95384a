#ifndef SNAP_CLI_LIQUIBASE_H
#define SNAP_CLI_LIQUIBASE_H

/* The real Liquibase as a second executor of `snap verify`. */

#include "cli/context.h"

/* Whether --with asks for it. E_BAD_VALUE for any other program. */
int liquibase_wanted(const struct context *ctx, bool *wanted, struct err *e);
/* Runs the changelog `path` by it on a scratch database made from FROM. */
int liquibase_verify(struct context *ctx, const struct sides *s, const char *path,
                     struct outside_report *out, struct err *e);

#endif
