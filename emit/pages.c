/* Pages of a schema; see pages.h. */

#include "emit/pages.h"

#include "emit/html.h"
#include "emit/page_markdown.h"

enum { MAX_IN_PICTURE = 40, MAX_NEIGHBOURS = 24 };

static const struct pages_form forms[] = {{"html", ".html", "index.html"},
                                          {"markdown", ".md", "index.md"}};
const char pages_names[] = "html, markdown";

const struct pages_form *pages_find(struct str name)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (str_eq_c(name, forms[i].name))
            return &forms[i];
    return NULL;
}

/* The table, what it points at and who points at it. */
static bool *neighbours(const struct picture *p, uint32_t table, struct arena *mem)
{
    bool *in = NEW_ARRAY(mem, bool, p->ntables);
    uint32_t n = 1;
    in[table] = true;
    for (uint32_t i = 0; i < p->nlinks && n < MAX_NEIGHBOURS; i++) {
        const struct pic_link *l = &p->links[i];
        uint32_t other = l->from == table ? l->to : l->from;
        if ((l->from != table && l->to != table) || in[other])
            continue;
        in[other] = true;
        n++;
    }
    return in;
}

static struct str lead(const struct picture *p, struct str here, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    sb_c(&b, "<p class=\"dim\"><a href=\"index.html\">");
    html_text(&b, p->to->label);
    sb_c(&b, "</a> / ");
    html_text(&b, here);
    sb_c(&b, "</p>\n");
    return sb_view(&b);
}

static struct str human(const struct obj *o, struct arena *mem)
{
    struct strbuf name = sb_new(mem, 0);
    obj_human(&name, o);
    return sb_view(&name);
}

static void html_index_page(struct strbuf *b, const struct picture *p)
{
    uint32_t left_out;
    bool *in = picture_choose(p, MAX_IN_PICTURE, &left_out);
    html_begin(b, p->to->label, STR_NULL);
    sb_c(b, "<p class=\"dim\">");
    html_text(b, p->to->version);
    sb_c(b, "</p>\n");
    if (!left_out)
        svg_picture(b, p, in, p->ntables, HTML_PAGES);
    else
        sb_printf(b,
                  "<p class=\"dim\">%u tables are too many for one picture; the page of a table "
                  "shows its neighbours.</p>\n",
                  p->ntables);
    html_index(b, p, HTML_PAGES);
    html_end(b);
}

/* What a page is about: a table, another object, or all. */
struct about {
    uint32_t table;              /* or p->ntables */
    const struct pic_part *part; /* or NULL */
};

static void html_page(struct strbuf *b, const struct picture *p, struct about what)
{
    if (what.table < p->ntables) {
        const struct pic_table *t = &p->tables[what.table];
        html_begin(b, t->title, lead(p, t->title, b->mem));
        html_table(b, p, what.table, HTML_PAGES);
        sb_c(b, "<h3>Neighbours</h3>\n");
        svg_picture(b, p, neighbours(p, what.table, b->mem), what.table, HTML_PAGES);
    } else if (what.part) {
        struct str name = human(what.part->obj, b->mem);
        html_begin(b, name, lead(p, name, b->mem));
        html_other(b, p, what.part, HTML_PAGES);
    } else {
        html_index_page(b, p);
        return;
    }
    html_end(b);
}

static void markdown_page(struct strbuf *b, const struct picture *p, struct about what)
{
    if (what.table < p->ntables)
        markdown_table(b, p, what.table, neighbours(p, what.table, b->mem));
    else if (what.part)
        markdown_other(b, p, what.part);
    else
        markdown_index(b, p);
}

/* What all pages of one call need. */
struct job {
    struct picture p;
    const struct pages_form *form;
    page_fn *put;
    void *ctx;
};

/* One page, in memory of its own. */
static int one_page(const struct job *j, struct about what, struct err *e)
{
    struct arena *mem = arena_new(0);
    struct strbuf name = sb_new(mem, 0), text = sb_new(mem, 0);
    const struct obj *o = what.table < j->p.ntables ? j->p.tables[what.table].part.obj
                          : what.part               ? what.part->obj
                                                    : NULL;
    if (o) {
        html_slug(&name, o->path);
        sb_c(&name, j->form->ext);
    } else {
        sb_c(&name, j->form->index);
    }
    if (j->form == &forms[0])
        html_page(&text, &j->p, what);
    else
        markdown_page(&text, &j->p, what);
    int rc = j->put(j->ctx, sb_view(&name), sb_view(&text), e);
    arena_free(mem);
    return rc;
}

int pages_write(const struct catalog *cat, const struct pages_form *form, struct arena *mem,
                page_fn *put, void *ctx, struct err *e)
{
    struct job j = {picture_make(NULL, cat, NULL, mem), form, put, ctx};
    for (uint32_t i = 0; i < j.p.ntables; i++)
        if (one_page(&j, (struct about){i, NULL}, e))
            return -1;
    for (uint32_t i = 0; i < j.p.nothers; i++)
        if (one_page(&j, (struct about){j.p.ntables, &j.p.others[i]}, e))
            return -1;
    return one_page(&j, (struct about){j.p.ntables, NULL}, e);
}
