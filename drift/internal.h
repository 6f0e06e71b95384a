#ifndef SNAP_DRIFT_INTERNAL_H
#define SNAP_DRIFT_INTERNAL_H

/* What the files of drift/ share. */

#include "drift/drift.h"

/* What both sides last agreed on for a path: live as the last check saw it, and in each facet that
 * had an open finding then what that one keeps. `open` is sorted by path. *seen: the facets that
 * the last check looked at. */
int base_of(const struct drift_request *req, const struct open_finding *const *open, uint32_t nopen,
            struct str path, uint16_t kind, struct arena *mem, struct agreed *out, unsigned *seen,
            struct err *e);
/* The first of the open findings of a path, by index; nopen where there is none. */
uint32_t open_lower(const struct open_finding *const *open, uint32_t nopen, struct str path);

/* Gives each finding the first rule that lets it pass, and tells of rules to look at. */
void rules_apply(const struct drift_request *req, struct drift_findings *f, struct arena *mem);

#endif
