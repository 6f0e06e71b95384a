#ifndef SNAP_CORE_VERSION_H
#define SNAP_CORE_VERSION_H

/*
 * The version of a catalog, a text for people: "A 1", or "A 1 as B 2" for what a server A 1 holds
 * in the words in which B 2 writes it down.
 */

#include "core/arena.h"
#include "core/str.h"

struct str version_as(struct arena *mem, struct str version, struct str words);
/* Whose words they are: "B 2"; of "A 1" it is all. */
struct str version_words(struct str version);
/* Whose schema it is: "A 1". */
struct str version_own(struct str version);

#endif
