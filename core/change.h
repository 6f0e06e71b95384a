#ifndef SNAP_CORE_CHANGE_H
#define SNAP_CORE_CHANGE_H

/* What differs: the changes that turn FROM into TO. Made by diff/, read by emit/ and the drivers.
 */

#include "core/catalog.h"
#include "core/hazard.h"

enum op { OP_ADD, OP_DROP, OP_ALTER };

struct attr_change {
    const struct attr_desc *attr;
    struct str before, after; /* canonical JSON; absent: not written, the default */
};

struct change {
    enum op op;
    const struct obj *before, *after; /* NULL where it does not exist */
    const struct attr_change *attrs;  /* OP_ALTER: in table order */
    uint32_t nattrs;
    unsigned facets;   /* that it touches */
    uint32_t position; /* place among its siblings on the side where it exists, from 1; 0: none */
    unsigned hazards;  /* what comes with it, as bits 1 << enum hazard_code */
    bool apart;        /* told by itself, although what holds it comes or goes with it */
};

/* Somebody may have renamed something: a drop and an add that look like one object. Shown, never
 * assumed. */
struct rename_hint {
    uint32_t drop, add; /* indexes into changes.v */
    unsigned percent;   /* how alike they are */
    struct str why;     /* "same type, same neighbours" */
};

/* One side of a comparison, for the head of a report. */
struct side {
    struct str label;   /* as the user named it */
    struct str version; /* "Engine 3.40.1" */
    uint64_t objects;
    struct hash128 fingerprint;
    uint32_t ledger;   /* unmodelled objects */
    struct str untold; /* JSON list of what this side does not tell, which is not compared: kinds,
                          kind.attribute, and either with ": what of it"; or absent */
};

struct changes {
    const struct engine *eng;
    struct change *v; /* in path order */
    uint32_t n;
    struct rename_hint *hints;
    uint32_t nhints;
    struct side from, to;
    unsigned facets;       /* compared */
    bool ledgers_differ;   /* what is unmodelled is not the same on both sides */
    struct str ledger_why; /* names the first such entry */
};

/* The object that stands for the change: after, or before when it is dropped. */
static inline const struct obj *change_obj(const struct change *c)
{
    return c->after ? c->after : c->before;
}

#endif
