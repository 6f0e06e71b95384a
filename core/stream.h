#ifndef SNAP_CORE_STREAM_H
#define SNAP_CORE_STREAM_H

/*
 * Facts one after the other in path order, from a catalog in memory or from a file of any size. A
 * fact's texts are valid until the next call of `next`.
 */

#include "core/catalog.h"

struct stream {
    const struct engine *eng;
    struct str label, version;
    unsigned facets;   /* in effect: obj.hash covers these */
    unsigned captured; /* facets that the facts hold */
    bool liquibase;    /* as in struct catalog */
    struct str untold;
    uint64_t count; /* facts so far that are compared */

    /* The next fact: 1, 0 at the end, -1 on error. A fact from a file is only cut apart, not yet
     * checked; `line` then holds its bytes. */
    int (*next)(struct stream *s, struct obj *o, struct str *line, struct err *e);
    /* Checks the fact that `next` gave last, strictly; NULL where facts are always sound. Not
     * needed for a line whose twin on the other side was checked. */
    int (*check)(struct stream *s, const struct obj *o, struct str line, struct err *e);
    /* What is known at the end only; valid after next gave 0. */
    struct hash128 fingerprint;
    const struct ledger_entry *ledger;
    uint32_t nledger;
    void *impl;
};

/* A catalog that cat_finish has sorted. */
struct stream stream_of_catalog(const struct catalog *cat, struct arena *mem);

#endif
