#ifndef SNAP_EMIT_SITE_H
#define SNAP_EMIT_SITE_H

/*
 * What a history holds as pages that link to one another: environments and who equals whom, the
 * timeline of each, its open findings, the history of each object that changed, a page to search.
 * One page has a script, which only leaves lines out of what stands there; all else needs none.
 * The same history gives the same names and bytes.
 */

#include "core/deployed.h"
#include "core/drift.h"
#include "emit/pages.h"

struct site_state {
    uint64_t id;
    struct str first, last; /* the checks that saw it */
    struct str not_before;  /* the last check before; absent: there was none */
    uint64_t runs, facts;
    struct hash128 fingerprint;
    struct str version;
    struct str rescoped; /* what its checks looked at, where the state before's looked at other
                            things; or absent */
    const struct deployed *deployed; /* first seen by the check that saw the state first */
    uint32_t ndeployed;
};
struct site_event {
    uint32_t state; /* index into the states */
    enum op op;
    struct str path;
    /* Where the check before the state did not look at it: since when it may be so. */
    enum { LOOKED_AT, LOOKED_EARLIER, LOOKED_NEVER } looked;
    struct str not_before;            /* LOOKED_EARLIER: the last check that did */
    struct str before, after;         /* attributes, canonical JSON; absent where it is not there */
    struct str src_before, src_after; /* the engine's own text of them, as in struct obj */
};
struct site_finding {
    struct str path, object;
    unsigned facet;
    enum drift_verdict verdict;
    enum drift_severity severity;
    struct str since, not_before;
    bool passed;
};
/* What the first page says of an environment. */
struct site_env {
    struct str name, engine, version, source, baseline;
    const struct engine *eng; /* NULL: one that this build does not know */
    struct str first, last;   /* checks that could read it; absent: none could */
    struct str failed, failed_time;
    uint64_t runs, states;
    struct hash128 fingerprint, baseline_fingerprint; /* all 0: unknown */
    uint32_t open[VERDICT_CONFLICT + 1];
    uint32_t passed;
};
/* What its own pages need. */
struct site_detail {
    const struct site_state *states; /* oldest first */
    uint32_t nstates;
    struct site_event *events; /* any order; none of the first state, which is all new */
    uint32_t nevents;
    const struct site_finding *findings;
    uint32_t nfindings;
    const struct catalog *now; /* the newest state; NULL: no check could read it */
};
/* Reads it all into `mem`, which lives as long as the pages of this environment are made. */
typedef int site_load_fn(void *ctx, uint32_t env, struct arena *mem, struct site_detail *out,
                         struct err *e);
struct site {
    const struct site_env *envs; /* by name */
    uint32_t nenvs;
    site_load_fn *load;
    void *ctx;
    bool names; /* only names are wanted: the texts are empty */
};
int site_write(const struct site *site, struct arena *mem, page_fn *put, void *ctx, struct err *e);

#endif
