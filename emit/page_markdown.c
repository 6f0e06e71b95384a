/* Pages of a schema in Markdown; see page_markdown.h. */

#include "emit/page_markdown.h"

#include "core/escape.h"
#include "emit/html.h"
#include "emit/mermaid.h"

enum { MAX_IN_DIAGRAM = 60 };

static void put_link(struct strbuf *b, struct str path, struct str text)
{
    sb_char(b, '[');
    esc_markdown(b, text);
    sb_c(b, "](");
    html_slug(b, path);
    sb_c(b, ".md)");
}

static void put_kind(struct strbuf *b, const struct obj *o)
{
    struct strbuf kind = sb_new(b->mem, 0);
    report_kind(&kind, path_kind(o->path));
    esc_markdown(b, sb_view(&kind));
}

static void put_head(struct strbuf *b, const struct picture *p, struct str title, struct str text)
{
    sb_c(b, "[");
    esc_markdown(b, p->to->label);
    sb_c(b, "](index.md)\n\n# ");
    esc_markdown(b, title);
    sb_char(b, '\n');
    if (!text.n)
        return;
    sb_char(b, '\n');
    esc_markdown(b, text);
    sb_char(b, '\n');
}

/* Text of the engine, in a fence that is longer than any run of backticks in it. */
static void put_code(struct strbuf *b, struct str text)
{
    size_t longest = 2, run = 0;
    if (!text.n)
        return;
    for (size_t i = 0; i < text.n; i++) {
        run = text.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    sb_char(b, '\n');
    sb_pad(b, '`', longest + 1);
    sb_c(b, "sql\n");
    esc_terminal_text(b, text);
    sb_char(b, '\n');
    sb_pad(b, '`', longest + 1);
    sb_char(b, '\n');
}

static void put_diagram(struct strbuf *b, const struct picture *p, const bool *in)
{
    sb_c(b, "\n```mermaid\n");
    mermaid_diagram(b, p, in);
    sb_c(b, "```\n");
}

static void put_columns(struct strbuf *b, const struct pic_table *t)
{
    if (!t->ncolumns)
        return;
    sb_c(b, "\n## Columns\n\n| | name | type | | default | |\n|---|---|---|---|---|---|\n");
    for (uint32_t i = 0; i < t->ncolumns; i++) {
        const struct pic_column *c = &t->columns[i];
        const struct relation *r = &c->part.rel;
        sb_printf(b, "| %s%s%s| ", c->primary ? "PK " : "", c->foreign ? "FK " : "",
                  c->unique && !c->primary ? "UK " : "");
        esc_markdown(b, r->name);
        sb_c(b, " | ");
        esc_markdown(b, r->type);
        sb_c(b, r->notnull ? " | not null | " : " | | ");
        sb_c(b, r->generated.n ? "= " : r->counts && !r->dflt.n ? "numbered" : "");
        esc_markdown(b, r->generated.n ? r->generated : r->dflt);
        sb_c(b, " | ");
        esc_markdown(b, r->comment);
        sb_c(b, " |\n");
    }
}

static void put_target(struct strbuf *b, const struct picture *p, const struct relation *r)
{
    uint32_t to = picture_table(p, r->ref);
    struct strbuf name = sb_new(b->mem, 0);
    sb_c(b, " → ");
    if (to < p->ntables) {
        put_link(b, r->ref, p->tables[to].title);
    } else {
        path_dotted(&name, r->ref);
        esc_markdown(b, sb_view(&name));
    }
    for (uint32_t i = 0; i < r->nref; i++) {
        sb_c(b, i ? ", " : " (");
        esc_markdown(b, r->ref_columns[i]);
    }
    sb_c(b, r->nref ? ")" : "");
    if (r->on_delete.n)
        sb_c(b, ", on delete ");
    esc_markdown(b, r->on_delete);
    if (r->on_update.n)
        sb_c(b, ", on update ");
    esc_markdown(b, r->on_update);
}

static void put_part(struct strbuf *b, const struct picture *p, const struct pic_part *part)
{
    const struct relation *r = &part->rel;
    struct changes only = {.eng = p->eng};
    struct strbuf terms = sb_new(b->mem, 0);
    sb_c(b, r->role == ROLE_INDEX && r->unique ? "| unique " : "| ");
    put_kind(b, part->obj);
    sb_c(b, " | ");
    esc_markdown(b, r->name);
    sb_c(b, " | ");
    if (r->role >= ROLE_PRIMARY_KEY && r->role <= ROLE_FOREIGN_KEY)
        picture_terms(&terms, r);
    else if (r->role == ROLE_CHECK)
        sb_str(&terms, r->text);
    else if (r->role == ROLE_OTHER)
        sb_str(&terms, report_brief(&only, part->obj, b->mem));
    esc_markdown(b, sb_view(&terms));
    if (r->role == ROLE_FOREIGN_KEY)
        put_target(b, p, r);
    if (r->where.n) {
        sb_c(b, " where ");
        esc_markdown(b, r->where);
    }
    sb_c(b, " | ");
    esc_markdown(b, r->comment);
    sb_c(b, " |\n");
}

static void put_parts(struct strbuf *b, const struct picture *p, const struct pic_part *parts,
                      uint32_t n)
{
    if (n)
        sb_c(b, "\n## Keys, indexes and more\n\n| kind | name | | |\n|---|---|---|---|\n");
    for (uint32_t i = 0; i < n; i++)
        put_part(b, p, &parts[i]);
    for (uint32_t i = 0; i < n; i++)
        if (parts[i].rel.role == ROLE_TRIGGER)
            put_code(b, parts[i].rel.text);
}

static void put_settings(struct strbuf *b, const struct picture *p, const struct pic_part *part)
{
    struct strbuf value = sb_new(b->mem, 0);
    const char *name;
    bool any = false;
    for (size_t at = 0; (name = picture_setting(p, part, &at, &value)); sb_cut(&value, 0)) {
        sb_c(b, any ? "- " : "\n- ");
        any = true;
        esc_markdown(b, str_c(name));
        sb_c(b, ": ");
        esc_markdown(b, sb_view(&value));
        sb_char(b, '\n');
    }
}

static void put_referrers(struct strbuf *b, const struct picture *p, uint32_t table)
{
    bool any = false;
    for (uint32_t i = 0; i < p->nlinks; i++) {
        const struct pic_link *l = &p->links[i];
        struct strbuf terms = sb_new(b->mem, 0);
        if (l->to != table)
            continue;
        sb_c(b, any ? "- " : "\n## Referenced by\n\n- ");
        any = true;
        put_link(b, p->tables[l->from].part.obj->path, p->tables[l->from].title);
        picture_terms(&terms, &l->key->rel);
        sb_char(b, ' ');
        esc_markdown(b, sb_view(&terms));
        sb_char(b, '\n');
    }
}

void markdown_table(struct strbuf *out, const struct picture *p, uint32_t table, const bool *near)
{
    const struct pic_table *t = &p->tables[table];
    put_head(out, p, t->title, t->part.rel.comment);
    put_settings(out, p, &t->part);
    put_columns(out, t);
    put_parts(out, p, t->parts, t->nparts);
    put_referrers(out, p, table);
    sb_c(out, "\n## Neighbours\n");
    put_diagram(out, p, near);
}

void markdown_other(struct strbuf *out, const struct picture *p, const struct pic_part *part)
{
    uint32_t n;
    const struct pic_part *inside = picture_inside(p, part->obj->path, &n);
    struct strbuf name = sb_new(out->mem, 0);
    struct str text = obj_src(out->mem, part->obj, "sql");
    obj_human(&name, part->obj);
    put_head(out, p, sb_view(&name), part->rel.comment);
    put_settings(out, p, part);
    put_code(out, text.n ? text : part->rel.text);
    if (!(obj_kind(p->eng, part->obj)->flags & KF_HOLDER)) /* what it holds has pages of its own */
        put_parts(out, p, inside, n);
}

void markdown_index(struct strbuf *out, const struct picture *p)
{
    uint32_t left_out;
    bool *in = picture_choose(p, MAX_IN_DIAGRAM, &left_out);
    sb_c(out, "# ");
    esc_markdown(out, p->to->label);
    sb_c(out, "\n\n");
    esc_markdown(out, p->to->version);
    sb_char(out, '\n');
    if (p->ntables && !left_out)
        put_diagram(out, p, in);
    sb_printf(out, "\n## Tables (%u)\n\n", p->ntables);
    for (uint32_t i = 0; i < p->ntables; i++) {
        sb_c(out, "- ");
        put_link(out, p->tables[i].part.obj->path, p->tables[i].title);
        sb_char(out, '\n');
    }
    sb_c(out, p->nothers ? "\n## Other objects\n\n" : "");
    for (uint32_t i = 0; i < p->nothers; i++) {
        struct strbuf name = sb_new(out->mem, 0);
        obj_human(&name, p->others[i].obj);
        sb_c(out, "- ");
        put_link(out, p->others[i].obj->path, sb_view(&name));
        sb_char(out, '\n');
    }
}
