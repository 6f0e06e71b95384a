#ifndef SNAP_CORE_SUGGEST_H
#define SNAP_CORE_SUGGEST_H

/* "Did you mean": the word of a comma separated list that is nearest to what was typed. */

#include "core/str.h"

/* The nearest word, when no more than a third of it, or one letter, has to be changed or when it
 * begins with what was typed; else the absent str. */
struct str suggest_word(struct str typed, const char *list);

#endif
