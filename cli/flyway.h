#ifndef SNAP_CLI_FLYWAY_H
#define SNAP_CLI_FLYWAY_H

/* Folders of Flyway's migrations: V<version>__<words>.sql, and U<version>__<words>.sql. */

#include "changelog/changelog.h"
#include "cli/context.h"

/* The version behind all those of the folder (of undo scripts, too: an end in between leaves some
 * without their migration) and, where FROM is a database, all that Flyway has recorded in it.
 * E_CANNOT_OPEN: the folder. */
int flyway_next(struct context *ctx, const struct sides *s, struct str folder, uint64_t *next,
                struct err *e);
/* Writes the files, none of which may be there; where one fails, those before it go again. */
int flyway_write(struct context *ctx, struct str folder, const struct emit_files *files,
                 struct err *e);
/* The migrations of a folder that FROM has not recorded, in their order, each with its undo script
 * as a step of its own; *text is what was read. E_CHANGELOG_FOREIGN: one has no undo script, or
 * two have one version. */
int flyway_read(struct context *ctx, const struct sides *s, const char *folder, struct replay *out,
                struct str *text, struct err *e);

#endif
