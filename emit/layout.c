/* Layers, order within them, places; see layout.h. */

#include "emit/layout.h"

enum {
    MARGIN = 12,
    GAP_X = 72, /* room for the lines between two layers */
    GAP_Y = 20,
    COLUMN = 1100, /* a layer that is taller goes on in a column beside */
    ROW = 1400,    /* boxes without links: so wide are their rows */
    SWEEPS = 6,
};

struct graph {
    struct box *boxes;
    uint32_t n;
    const struct arrow *arrows;
    uint32_t narrows;
    bool *back;     /* of an arrow: left out, or there would be a circle */
    bool *linked;   /* of a box */
    uint32_t *rank; /* of a box: its layer */
    uint32_t nranks;
    uint32_t *order; /* boxes with links, by layer and place in it */
    uint32_t norder;
    struct arena *mem;
};

/* Marks arrows that close a circle: a walk in depth with a stack of its own. */
static void break_circles(struct graph *g)
{
    enum { NEW, OPEN, DONE };
    uint8_t *state = NEW_ARRAY(g->mem, uint8_t, g->n);
    uint32_t *stack = NEW_ARRAY(g->mem, uint32_t, g->n);
    uint32_t *next = NEW_ARRAY(g->mem, uint32_t, g->n);
    for (uint32_t root = 0; root < g->n; root++) {
        uint32_t depth = 0;
        if (state[root] != NEW)
            continue;
        stack[depth++] = root;
        state[root] = OPEN;
        while (depth) {
            uint32_t at = stack[depth - 1], i = next[at];
            while (i < g->narrows && g->arrows[i].from != at)
                i++;
            next[at] = i + 1;
            if (i >= g->narrows) {
                state[at] = DONE;
                depth--;
                continue;
            }
            uint32_t to = g->arrows[i].to;
            g->back[i] = state[to] == OPEN;
            if (state[to] == NEW) {
                state[to] = OPEN;
                stack[depth++] = to;
            }
        }
    }
}

/* The longest way to a box that points at nothing. */
static void rank_boxes(struct graph *g)
{
    for (bool moved = true; moved;) {
        moved = false;
        for (uint32_t i = 0; i < g->narrows; i++) {
            const struct arrow *a = &g->arrows[i];
            if (g->back[i] || a->from == a->to || g->rank[a->from] > g->rank[a->to])
                continue;
            g->rank[a->from] = g->rank[a->to] + 1;
            moved = true;
        }
    }
    for (uint32_t i = 0; i < g->n; i++)
        if (g->linked[i] && g->rank[i] >= g->nranks)
            g->nranks = g->rank[i] + 1;
}

/* Mean place of the boxes that a box is linked with, in thousandths; its own where none is. */
static int64_t mean_of(const struct graph *g, uint32_t box, const int64_t *place)
{
    int64_t sum = 0, n = 0;
    for (uint32_t i = 0; i < g->narrows; i++) {
        uint32_t a = g->arrows[i].from, b = g->arrows[i].to;
        if (a == b || (a != box && b != box))
            continue;
        sum += place[a == box ? b : a];
        n++;
    }
    return n ? sum / n : place[box];
}

/* Boxes by layer; a few times each layer in the order of what its boxes are linked with. */
static void order_boxes(struct graph *g)
{
    int64_t *place = NEW_ARRAY(g->mem, int64_t, g->n), *mean = NEW_ARRAY(g->mem, int64_t, g->n);
    for (uint32_t rank = 0; rank < g->nranks; rank++)
        for (uint32_t i = 0; i < g->n; i++)
            if (g->linked[i] && g->rank[i] == rank)
                g->order[g->norder++] = i;
    for (uint32_t sweep = 0; sweep < SWEEPS; sweep++) {
        for (uint32_t i = 0, in = 0; i < g->norder; i++) {
            in = i && g->rank[g->order[i]] == g->rank[g->order[i - 1]] ? in + 1 : 0;
            place[g->order[i]] = (int64_t)in * 1000;
        }
        for (uint32_t i = 0; i < g->norder; i++)
            mean[g->order[i]] = mean_of(g, g->order[i], place);
        for (uint32_t i = 1; i < g->norder; i++)
            for (uint32_t k = i; k > 0; k--) {
                uint32_t a = g->order[k - 1], b = g->order[k];
                if (g->rank[a] != g->rank[b] || mean[a] <= mean[b])
                    break;
                g->order[k - 1] = b;
                g->order[k] = a;
            }
    }
}

/* Stacks the boxes of each layer; returns the right end, the lower end in *bottom. */
static int32_t place_layers(struct graph *g, int32_t *bottom)
{
    int32_t x = MARGIN, widest = 0, y = MARGIN, tallest = 0;
    uint32_t column = 0;
    uint32_t *begin = NEW_ARRAY(g->mem, uint32_t, g->norder + 1);
    int32_t *height = NEW_ARRAY(g->mem, int32_t, g->norder + 1);
    for (uint32_t i = 0; i < g->norder; i++) {
        struct box *b = &g->boxes[g->order[i]];
        bool layer = i && g->rank[g->order[i]] != g->rank[g->order[i - 1]];
        if (layer || (i && y + b->h > COLUMN && y > MARGIN)) {
            x += widest + (layer ? GAP_X : GAP_X / 2);
            widest = 0;
            y = MARGIN;
            begin[++column] = i;
        }
        b->x = x;
        b->y = y;
        y += b->h + GAP_Y;
        height[column] = y - GAP_Y - MARGIN;
        widest = b->w > widest ? b->w : widest;
        tallest = height[column] > tallest ? height[column] : tallest;
    }
    for (uint32_t c = 0, i = 0; g->norder && c <= column; c++)
        for (uint32_t end = c < column ? begin[c + 1] : g->norder; i < end; i++)
            g->boxes[g->order[i]].y += (tallest - height[c]) / 2;
    *bottom = g->norder ? MARGIN + tallest : 0;
    return g->norder ? x + widest : 0;
}

/* Boxes without links, in rows. */
static int32_t place_rest(struct graph *g, int32_t right, int32_t *bottom)
{
    int32_t x = MARGIN, y = *bottom ? *bottom + 2 * GAP_Y : MARGIN, tall = 0;
    int32_t limit = right > ROW / 2 ? right : ROW / 2;
    for (uint32_t i = 0; i < g->n; i++) {
        struct box *b = &g->boxes[i];
        if (g->linked[i])
            continue;
        if (x > MARGIN && x + b->w > limit) {
            x = MARGIN;
            y += tall + GAP_Y;
            tall = 0;
        }
        b->x = x;
        b->y = y;
        x += b->w + GAP_Y;
        tall = b->h > tall ? b->h : tall;
        right = b->x + b->w > right ? b->x + b->w : right;
        *bottom = y + tall > *bottom ? y + tall : *bottom;
    }
    return right;
}

void layout(struct box *boxes, uint32_t n, const struct arrow *arrows, uint32_t narrows,
            struct arena *mem, int32_t *w, int32_t *h)
{
    struct graph g = {.boxes = boxes, .n = n, .arrows = arrows, .narrows = narrows, .mem = mem};
    g.back = NEW_ARRAY(mem, bool, narrows);
    g.linked = NEW_ARRAY(mem, bool, n);
    g.rank = NEW_ARRAY(mem, uint32_t, n);
    g.order = NEW_ARRAY(mem, uint32_t, n);
    for (uint32_t i = 0; i < narrows; i++)
        if (arrows[i].from != arrows[i].to)
            g.linked[arrows[i].from] = g.linked[arrows[i].to] = true;
    break_circles(&g);
    rank_boxes(&g);
    order_boxes(&g);
    *h = 0;
    *w = place_layers(&g, h);
    *w = place_rest(&g, *w, h) + MARGIN;
    *h += MARGIN;
}
