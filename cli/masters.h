#ifndef SNAP_CLI_MASTERS_H
#define SNAP_CLI_MASTERS_H

/* Master changelogs as files. */

#include "changelog/master.h"
#include "cli/context.h"
#include "core/emitter.h"

/* Files of the machine. */
extern const struct log_io master_io;
bool master_is_folder(struct context *ctx, struct str path);
/* A master, or a folder as includeAll reads it, with all that it includes. Paths begin at
 * --search-path, else at the working directory. See master_read. */
int context_master(struct context *ctx, struct str path, bool lenient, struct master *out,
                   struct err *e);

/* Checks --id-template and --ticket, before anything is read. E_USAGE, E_BAD_VALUE. */
int ids_check(const struct context *ctx, struct err *e);
/* Ids of the steps by the template, none of them in `seen`; NULL when there is no template. */
int ids_make(struct context *ctx, const struct plan *plan, const struct str *seen, uint32_t nseen,
             const struct str **out, struct err *e);
/* Before the plan of in->plan is written: leaves out of it what --against holds, and gives the
 * steps ids that neither FROM nor that master has. *left_out: how many steps. */
int ids_settle(struct context *ctx, const struct sides *s, struct emit_in *in, uint32_t *left_out,
               struct err *e);

#endif
