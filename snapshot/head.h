#ifndef SNAP_SNAPSHOT_HEAD_H
#define SNAP_SNAPSHOT_HEAD_H

/* First and last line of a snapshot file. */

#include "core/catalog.h"

struct head {
    const struct engine *eng;
    struct str version, scope;
    uint16_t model;
    unsigned facets, captured;
    bool liquibase; /* see struct catalog */
};
struct foot {
    struct ledger_entry *ledger;
    uint32_t nledger;
    uint64_t count;
    struct hash128 fingerprint, digest;
};

/* `line` ends with "objects":[. Errors: E_SNAPSHOT_SYNTAX, E_SNAPSHOT_VERSION, E_UNKNOWN_ENGINE. */
int head_parse(struct str line, struct str label, const struct engine *const *engines,
               struct arena *mem, struct head *out, struct err *e);
/* `text` is {"objects":[],"ledger":... } */
int foot_parse(struct str text, struct str label, struct arena *mem, struct foot *out,
               struct err *e);

#endif
