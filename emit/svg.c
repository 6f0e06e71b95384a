/* Tables and what points where, drawn as inline SVG; see html.h. Colours come from the page. */

#include "core/escape.h"
#include "emit/html.h"
#include "emit/layout.h"

enum {
    MAX_ROWS = 14,
    NAME_COLUMNS = 28, /* of characters that are shown of a name, of a type */
    TYPE_COLUMNS = 22,
    HEAD = 26,
    ROW = 18,
    PAD = 8,
    KEY = 22,
    MIN_WIDTH = 110,
};

struct row {
    const struct pic_column *column;
    struct str name, type;
};
struct node {
    uint32_t table;
    struct str title;
    struct row rows[MAX_ROWS];
    uint32_t nrows, more; /* columns that are not shown */
    int32_t name_width;
};
struct drawing {
    struct strbuf *b;
    const struct picture *p;
    struct node *nodes;
    struct box *boxes;
    uint32_t *node_of; /* of a table, or UINT32_MAX */
    uint32_t n;
    enum html_form form;
};

/* 12 px of a monospaced font are 7.2 px wide; a bit more, since fonts differ. */
static int32_t width(struct str text)
{
    return (int32_t)(esc_width(text) * 37 / 5);
}

/* So many columns of a text, with dots where it is cut. */
static struct str fitted(struct arena *mem, struct str text, size_t columns)
{
    struct strbuf safe = sb_new(mem, 0);
    size_t end = 0;
    esc_terminal(&safe, text);
    struct str s = sb_view(&safe);
    if (esc_width(s) <= columns)
        return s;
    for (size_t i = 1; i <= s.n; i++)
        if ((i == s.n || ((unsigned char)s.p[i] & 0xc0) != 0x80) &&
            esc_width(str_sub(s, 0, i)) < columns)
            end = i;
    return arena_printf(mem, "%.*s…", STR_ARG(str_sub(s, 0, end)));
}

static bool matters(const struct pic_column *c)
{
    return c->primary || c->foreign || c->part.mark != MARK_SAME;
}

/* Columns that are shown: all, or those that matter and the first others. */
static void choose_rows(struct node *node, const struct pic_table *t, struct arena *mem)
{
    uint32_t spare = MAX_ROWS, left;
    for (uint32_t i = 0; i < t->ncolumns && spare; i++)
        spare -= matters(&t->columns[i]);
    left = spare;
    for (uint32_t i = 0; i < t->ncolumns; i++) {
        const struct pic_column *c = &t->columns[i];
        if (node->nrows == MAX_ROWS || (!matters(c) && !left)) {
            node->more++;
            continue;
        }
        left -= !matters(c);
        node->rows[node->nrows++] = (struct row){c, fitted(mem, c->part.rel.name, NAME_COLUMNS),
                                                 fitted(mem, c->part.rel.type, TYPE_COLUMNS)};
    }
}

static void measure(struct drawing *d, uint32_t i)
{
    struct node *node = &d->nodes[i];
    const struct pic_table *t = &d->p->tables[node->table];
    int32_t type_width = 0, wide;
    node->title = fitted(d->b->mem, t->title, 40);
    choose_rows(node, t, d->b->mem);
    for (uint32_t k = 0; k < node->nrows; k++) {
        int32_t w = width(node->rows[k].name), v = width(node->rows[k].type);
        node->name_width = w > node->name_width ? w : node->name_width;
        type_width = v > type_width ? v : type_width;
    }
    wide = KEY + node->name_width + (type_width ? 14 + type_width : 0);
    wide = width(node->title) + 6 > wide ? width(node->title) + 6 : wide;
    wide = wide < MIN_WIDTH ? MIN_WIDTH : wide;
    d->boxes[i].w = wide + 2 * PAD;
    d->boxes[i].h = HEAD + ROW * (int32_t)(node->nrows + (node->more > 0)) + (node->nrows ? 4 : 0);
}

static void put_row(struct drawing *d, const struct node *node, const struct row *row, int32_t x,
                    int32_t y, int32_t w)
{
    struct strbuf *b = d->b;
    const char *key = row->column->primary ? "PK" : row->column->foreign ? "FK" : "";
    enum mark mark = row->column->part.mark;
    if (mark != MARK_SAME)
        sb_printf(b, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>",
                  mark_word(mark), x + 1, y, w - 2, ROW);
    if (*key)
        sb_printf(b, "<text class=\"dim\" x=\"%d\" y=\"%d\">%s</text>", x + PAD, y + 13, key);
    sb_printf(b, "<text x=\"%d\" y=\"%d\">", x + PAD + KEY, y + 13);
    html_text(b, row->name);
    sb_c(b, "</text>");
    if (row->type.n) {
        sb_printf(b, "<text class=\"dim\" x=\"%d\" y=\"%d\">",
                  x + PAD + KEY + node->name_width + 14, y + 13);
        html_text(b, row->type);
        sb_c(b, "</text>");
    }
    sb_char(b, '\n');
}

static void put_box(struct drawing *d, uint32_t i, uint32_t center)
{
    const struct node *node = &d->nodes[i];
    const struct box *box = &d->boxes[i];
    const struct pic_table *t = &d->p->tables[node->table];
    int32_t y = box->y + HEAD + 2;
    bool link = d->form != HTML_DIFF || t->part.mark != MARK_SAME;
    if (link) {
        sb_c(d->b, "<a href=\"");
        html_href(d->b, d->form, t->part.obj->path);
        sb_c(d->b, "\">");
    }
    sb_printf(d->b, "<g class=\"%s%s\"><title>", mark_word(t->part.mark),
              node->table == center ? " center" : "");
    html_text(d->b, t->title);
    sb_printf(d->b,
              "</title><rect class=\"b\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>"
              "<rect class=\"h\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"3\"/>"
              "<text class=\"t\" x=\"%d\" y=\"%d\">",
              box->x, box->y, box->w, box->h, box->x + 1, box->y + 1, box->w - 2, HEAD - 2,
              box->x + PAD, box->y + 17);
    html_text(d->b, node->title);
    sb_c(d->b, "</text>\n");
    for (uint32_t k = 0; k < node->nrows; k++, y += ROW)
        put_row(d, node, &node->rows[k], box->x, y, box->w);
    if (node->more)
        sb_printf(d->b, "<text class=\"dim\" x=\"%d\" y=\"%d\">%u more</text>", box->x + PAD + KEY,
                  y + 13, node->more);
    sb_c(d->b, link ? "</g></a>\n" : "</g>\n");
}

/* Where a line meets a box: at the row of the column, else at its head. */
static int32_t height_of(const struct drawing *d, uint32_t i, struct str column)
{
    const struct node *node = &d->nodes[i];
    for (uint32_t k = 0; k < node->nrows; k++)
        if (str_eq(path_name(d->b->mem, node->rows[k].column->part.obj->path), column))
            return d->boxes[i].y + HEAD + 2 + (int32_t)k * ROW + ROW / 2;
    return d->boxes[i].y + HEAD / 2;
}

/* From who points to whom, with a bar at one and a fork at many. */
static void put_link(struct drawing *d, const struct pic_link *l)
{
    uint32_t a = d->node_of[l->from], z = d->node_of[l->to], n;
    const struct box *from = &d->boxes[a], *to = &d->boxes[z];
    struct str *targets = picture_ref_columns(d->p, l, &n);
    int32_t y1 = height_of(d, a, l->key->rel.nterms ? l->key->rel.terms[0].column : STR_NULL);
    int32_t y2 = height_of(d, z, n ? targets[0] : STR_NULL);
    bool left = to->x + to->w < from->x, right = from->x + from->w < to->x;
    int32_t x1 = left ? from->x : from->x + from->w, x2 = right ? to->x : to->x + to->w;
    int32_t bend = left || right ? (x1 > x2 ? x1 - x2 : x2 - x1) / 2 : 46;
    int32_t s1 = left ? -1 : 1, s2 = right ? -1 : 1;
    bend = bend < 30 ? 30 : bend;
    sb_printf(d->b, "<path class=\"%s\" d=\"M%d %dC%d %d %d %d %d %d\"><title>",
              mark_word(l->key->mark), x1, y1, x1 + s1 * bend, y1, x2 + s2 * bend, y2, x2, y2);
    html_text(d->b, d->p->tables[l->from].title);
    struct strbuf terms = sb_new(d->b->mem, 0);
    picture_terms(&terms, &l->key->rel);
    html_text(d->b, sb_view(&terms));
    sb_c(d->b, " → ");
    html_text(d->b, d->p->tables[l->to].title);
    sb_c(d->b, "</title></path>");
    if (l->one)
        sb_printf(d->b, "<path class=\"%s\" d=\"M%d %dv10\"/>", mark_word(l->key->mark),
                  x1 + s1 * 6, y1 - 5);
    else
        sb_printf(d->b, "<path class=\"%s\" d=\"M%d %dL%d %dL%d %d\"/>", mark_word(l->key->mark),
                  x1, y1 - 5, x1 + s1 * 9, y1, x1, y1 + 5);
    sb_printf(d->b, "<path class=\"%s\" d=\"M%d %dv10\"/>\n", mark_word(l->key->mark), x2 + s2 * 6,
              y2 - 5);
}

static void place(struct drawing *d, int32_t *w, int32_t *h)
{
    struct arrow *arrows = NEW_ARRAY(d->b->mem, struct arrow, d->p->nlinks);
    uint32_t n = 0;
    for (uint32_t i = 0; i < d->p->nlinks; i++) {
        uint32_t from = d->node_of[d->p->links[i].from], to = d->node_of[d->p->links[i].to];
        if (from != UINT32_MAX && to != UINT32_MAX)
            arrows[n++] = (struct arrow){from, to};
    }
    layout(d->boxes, d->n, arrows, n, d->b->mem, w, h);
}

void svg_picture(struct strbuf *out, const struct picture *p, const bool *in, uint32_t center,
                 enum html_form form)
{
    struct drawing d = {.b = out, .p = p, .form = form};
    int32_t w, h;
    d.nodes = NEW_ARRAY(out->mem, struct node, p->ntables);
    d.boxes = NEW_ARRAY(out->mem, struct box, p->ntables);
    d.node_of = NEW_ARRAY(out->mem, uint32_t, p->ntables);
    for (uint32_t i = 0; i < p->ntables; i++) {
        d.node_of[i] = in[i] ? d.n : UINT32_MAX;
        if (!in[i])
            continue;
        d.nodes[d.n].table = i;
        measure(&d, d.n++);
    }
    if (!d.n)
        return;
    place(&d, &w, &h);
    /* room for lines that leave a box to the right and come back */
    w += 40;
    sb_printf(out,
              "<div class=\"scroll\"><svg role=\"img\" width=\"%d\" height=\"%d\" "
              "viewBox=\"0 0 %d %d\"><title>tables and what points where</title>\n",
              w, h, w, h);
    for (uint32_t i = 0; i < p->nlinks; i++)
        if (in[p->links[i].from] && in[p->links[i].to])
            put_link(&d, &p->links[i]);
    for (uint32_t i = 0; i < d.n; i++)
        put_box(&d, i, center);
    sb_c(out, "</svg></div>\n");
}
