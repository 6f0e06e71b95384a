#ifndef SNAP_DRIVERS_MONGODB_EJSON_H
#define SNAP_DRIVERS_MONGODB_EJSON_H

/* What the readers share: BSON (bson.c), JSON (ejson_read.c) and its wrappers (ejson_wrap.c). */

#include "drivers/mongodb/value.h"

/* Makes the value that a document means, in place, where it is a wrapper. NULL: done, or it is a
 * document as it stands; otherwise what is wrong with it. */
const char *mg_unwrap(struct arena *mem, struct mv *doc);

/* The options of a regular expression: a set of letters, which BSON wants in order. A copy where
 * they are not. */
struct str mg_sorted_letters(struct arena *mem, struct str s);

#endif
