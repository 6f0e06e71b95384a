#ifndef SNAP_CLI_TARGETS_H
#define SNAP_CLI_TARGETS_H

/*
 * The file of snap drift --targets, one target a line:
 *
 *     NAME=SRC [baseline=SRC] [schemas=LIST] [map-schema=OLD=NEW] [include=KIND:GLOB] [exclude=...]
 *     SRC, or a glob of files
 *     # comment
 *
 * Paths are relative to its folder.
 */

#include "cli/context.h"

enum { TARGETS_MOST = 100000 };

struct target_option {
    enum option_id id;
    struct str value;
};
struct target {
    struct str name;   /* each once */
    struct str source; /* an environment of snap.yml, or a source */
    const struct target_option *options;
    uint32_t noptions;
    uint32_t line;
};
struct target_list {
    struct target *v; /* by name */
    uint32_t n;
    struct str folder;    /* of the file */
    struct hash128 print; /* of what it says */
};
/* Reads it, - for standard input. E_NO_SUCH_FILE, E_CANNOT_OPEN, E_BAD_VALUE: a line that is none;
 * E_CONFIG_SECRET, E_LIMIT. */
int targets_read(struct context *ctx, struct str path, struct target_list *out, struct err *e);
/* Leaves the part of "I/N": which one a target is in hangs on its name alone. E_BAD_VALUE. */
int targets_shard(struct target_list *t, struct str shard, struct err *e);
/* A context of its own for a target, in which its name is an environment: for a worker, or for one
 * side of a comparison. */
int target_context(const struct context *ctx, const struct target *t, struct context *out,
                   struct err *e);

#endif
