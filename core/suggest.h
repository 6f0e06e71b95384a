#ifndef SNAP_CORE_SUGGEST_H
#define SNAP_CORE_SUGGEST_H

/* "Did you mean": the word of a comma separated list that is nearest to what was typed. */

#include "core/str.h"

/* The nearest word, when no more than a third of it has to be changed; else the absent str. */
struct str suggest_word(struct str typed, const char *list);

#endif
