#ifndef SNAP_EMIT_EMIT_H
#define SNAP_EMIT_EMIT_H

/* Output formats by name or by the ending of a file. */

#include "core/emitter.h"
#include "core/engine.h"

/* All formats of this build; NULL ends (made by the Makefile). */
extern const struct emitter *const all_emitters[];

/* The format of a name that can be used for `use`, or NULL. */
const struct emitter *emitter_find(struct str name, unsigned use);
/* The format that the ending of a file name stands for, or NULL. */
const struct emitter *emitter_by_ext(struct str file, unsigned use);
/* E_UNKNOWN_FORMAT where it does not write statements of the engine's language; the hint names the
 * script format that does. */
int emitter_fits(const struct emitter *em, const struct engine *eng, struct err *e);
/* Names of the formats for `use`, comma separated. */
void emitter_names(struct strbuf *out, unsigned use);

/* How many changes a report of them names: what comes or goes with its owner is no change by
 * itself. */
uint32_t emit_count(const struct changes *c, struct arena *mem);

/* What a plan does while it runs: locks, rewrites, scans, index builds, and what can go wrong. */
struct explain {
    struct arena *mem;
    const struct plan *plan;
    const struct rel_size *sizes; /* of the objects that are touched; NULL: not asked */
    uint32_t nsizes;
    const struct probed *probed; /* one for each step; NULL: not probed */
};
/* For people, at most 100 columns. */
void explain_text(const struct explain *in, struct strbuf *out);
/* One document, a step per line. */
void explain_json(const struct explain *in, struct strbuf *out);

#endif
