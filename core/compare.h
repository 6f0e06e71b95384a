#ifndef SNAP_CORE_COMPARE_H
#define SNAP_CORE_COMPARE_H

/* When two values, or two facts of one path, are the same. */

#include "core/catalog.h"

/* Two values of one attribute, canonical JSON or absent, by the rule of its row. */
bool attr_same(const struct attr_desc *row, struct str a, struct str b);
/* Two facts of one kind in the facets given; NULL is the same as NULL alone. */
bool obj_same(const struct engine *eng, const struct obj *a, const struct obj *b, unsigned facets);

#endif
