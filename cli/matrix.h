#ifndef SNAP_CLI_MATRIX_H
#define SNAP_CLI_MATRIX_H

/* snap diff --matrix: who equals whom among several sources. Shown by emit/matrix.h. */

#include "cli/context.h"

int cmd_matrix(struct context *ctx, struct err *e);

#endif
