#ifndef SNAP_CLI_CHANGELOG_SOURCE_H
#define SNAP_CLI_CHANGELOG_SOURCE_H

/* changelog:FILE as a source: the schema that a Liquibase changelog makes of nothing, by the replay
 * of snap verify on a scratch database. */

#include "cli/context.h"

bool changelog_is_source(struct str text);
/* Understands it; its engine is that of the other side, its facts are not made yet. */
int changelog_source(struct context *ctx, struct str text, struct source_spec *out, struct err *e);
/* Makes the facts of such a source, once its engine is known; nothing is done to any other, or
 * twice. `like`: the other side, whose server's version is wanted, or NULL. E_CHANGELOG_FOREIGN: a
 * changeSet that snap does not replay, or that runs in some contexts only; what master_read and the
 * scratch database say. */
int changelog_build(struct context *ctx, struct source_spec *spec, unsigned facets,
                    const struct catalog *like, struct err *e);

#endif
