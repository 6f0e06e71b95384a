#ifndef SNAP_CORE_PATTERN_H
#define SNAP_CORE_PATTERN_H

/* Patterns that name objects: KIND:GLOB, where GLOB may hold * and ?. */

#include "core/engine.h"
#include "core/path.h"

/* Whether the glob fits the whole text. Bytes: who ignores case folds both before. */
bool glob_match(struct str glob, struct str text);
/* The kind in front of the colon. */
struct str pattern_kind(struct str pattern);
/* Whether the pattern names the object of this path: its kind is the same, and the glob fits the
 * dotted names of the path or the last name alone, in the case that the engine gives them. */
bool pattern_names(const struct engine *eng, struct str pattern, struct str path,
                   struct arena *mem);
/* Whether one of the patterns names the object or something above it. */
bool pattern_covers(const struct engine *eng, const struct str *patterns, uint32_t n,
                    struct str path, struct arena *mem);

#endif
