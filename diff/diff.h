#ifndef SNAP_DIFF_DIFF_H
#define SNAP_DIFF_DIFF_H

/*
 * From two schemas to changes, and from changes to a plan. Knows no kind and no engine by name: all
 * it needs stands in the rows of the engine's tables.
 */

#include "core/ddl.h"
#include "core/stream.h"

/* The changes that turn `from` into `to`, in the facets given. Memory holds what differs, not what
 * is there. E_ENGINE_MISMATCH, E_FACET_MISSING, and whatever the streams say. */
int diff_streams(struct stream *from, struct stream *to, unsigned facets, struct arena *mem,
                 struct changes **out, struct err *e);
/* The same for two catalogs. */
int diff_catalogs(const struct catalog *from, const struct catalog *to, unsigned facets,
                  struct arena *mem, struct changes **out, struct err *e);

/* Fills c->hints: drops and adds that look like one object, at least `percent` alike. */
void diff_rename_hints(struct changes *c, unsigned percent, struct arena *mem);

/* A rename that the user has confirmed, as a step that has been tried: states[i] is what was read
 * before it, states[i + 1] after it. */
struct plan_rename {
    const struct obj *before, *after; /* after: the same object under its new name */
};
/* The new name for an object: a copy of `o` with another name. */
const struct obj *obj_renamed(struct arena *mem, const struct engine *eng, const struct obj *o,
                              struct str name);

struct plan_request {
    const struct changes *changes; /* from states[nrenames] to `to` */
    const struct catalog **states; /* nrenames + 1 of them; states[0] is FROM */
    const struct plan_rename *renames;
    uint32_t nrenames;
    const struct catalog *to;
    unsigned facets;
    bool online;   /* forms that let others go on; what narrows comes last */
    bool recreate; /* what no statement changes is dropped and made anew, rows and all */
    const struct backfill *backfill;
    uint32_t nbackfill;
};
/* The plan: steps in order, both directions rendered. E_UNSUPPORTED_CHANGE, E_CYCLE. */
int plan_make(const struct plan_request *req, struct arena *mem, struct plan **out, struct err *e);

/* Marks steps whose ids are among those that the target has seen already (.2, .3 ...). `seen`:
 * texts, with or without a " (description)" behind. */
void plan_mark_repeats(struct plan *p, const struct str *seen, uint32_t nseen, struct arena *mem);

#ifdef SNAP_TEST_HOOKS
/* For the test that breaks each handler: the name of an alter whose statements are left out in one
 * direction. NULL for none. */
extern const char *plan_break_alter;
extern bool plan_break_back;
#endif

#endif
