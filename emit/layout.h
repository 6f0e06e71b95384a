#ifndef SNAP_EMIT_LAYOUT_H
#define SNAP_EMIT_LAYOUT_H

/*
 * Where the boxes of a picture stand: in layers from left to right, who points at something right
 * of it; boxes without a link below. Numbers are whole, so one input has one picture.
 */

#include "core/arena.h"

struct box {
    int32_t w, h; /* in */
    int32_t x, y; /* out: its upper left corner */
};
struct arrow {
    uint32_t from, to; /* boxes: who points, at whom; one that points at itself is passed over */
};

/* Places n boxes; the size of the whole in *w and *h. */
void layout(struct box *boxes, uint32_t n, const struct arrow *arrows, uint32_t narrows,
            struct arena *mem, int32_t *w, int32_t *h);

#endif
