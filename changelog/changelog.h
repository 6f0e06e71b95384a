#ifndef SNAP_CHANGELOG_CHANGELOG_H
#define SNAP_CHANGELOG_CHANGELOG_H

/*
 * Changelogs that were written before: read back to be replayed.
 */

#include "core/ddl.h"

/* One changeset of a changelog, or the whole of a script, to be replayed. */
struct replay_step {
    struct str id;
    struct stmt *fwd, *back;
    uint32_t nfwd, nback;
    bool no_rollback;  /* none is given, or it is "empty" */
    struct str author; /* or absent */
};
struct replay {
    struct replay_step *v;
    uint32_t n;
};
/* Reads a changelog of ours (Liquibase YAML, JSON, XML, formatted SQL, or a script; `rollback` is
 * the text of the script's rollback or absent). E_CHANGELOG_SYNTAX, E_CHANGELOG_FOREIGN,
 * SNAPSHOT_LIMIT. */
int changelog_read(struct str text, struct str rollback, struct str label, const struct engine *eng,
                   struct arena *mem, struct replay *out, struct err *e);

#endif
