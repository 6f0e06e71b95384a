/* What stands about one object, and lists of them; see html.h. */

#include "core/escape.h"
#include "emit/html.h"

static void put_kind(struct strbuf *out, const struct obj *o)
{
    struct strbuf kind = sb_new(out->mem, 0);
    report_kind(&kind, path_kind(o->path));
    html_text(out, sb_view(&kind));
}

static void cell(struct strbuf *out, const char *class, struct str text)
{
    sb_printf(out, *class ? "<td class=\"%s\">" : "<td>", class);
    html_text(out, text);
    sb_c(out, "</td>");
}

static void put_key_words(struct strbuf *out, const struct pic_column *c)
{
    sb_c(out, "<td class=\"w dim\">");
    sb_c(out, c->primary ? "PK " : "");
    sb_c(out, c->foreign ? "FK " : "");
    sb_c(out, c->unique && !c->primary ? "UK" : "");
    sb_c(out, "</td>");
}

/* Of what comes or goes with its table the table's own mark, `whole`, says enough. */
static void put_change(struct strbuf *out, const struct picture *p, enum mark whole,
                       const struct pic_part *part)
{
    struct strbuf what = sb_new(out->mem, 0);
    picture_what(&what, p, part);
    if (part->mark != whole || part->mark == MARK_CHANGED)
        html_mark(out, part->mark);
    sb_c(out, what.n ? " " : "");
    html_text(out, sb_view(&what));
    sb_c(out, what.n && part->rel.comment.n ? "<br>" : "");
    html_text(out, part->rel.comment);
    sb_c(out, "</td></tr>\n");
}

static void put_column(struct strbuf *out, const struct picture *p, const struct pic_table *t,
                       const struct pic_column *c)
{
    const struct relation *r = &c->part.rel;
    sb_printf(out, c->part.mark == MARK_SAME ? "<tr%s>" : "<tr class=\"%s\">",
              mark_word(c->part.mark));
    put_key_words(out, c);
    cell(out, "n", r->name);
    cell(out, "n", r->type);
    sb_c(out, r->notnull ? "<td class=\"w\">not null</td>" : "<td></td>");
    sb_c(out, "<td class=\"n\">");
    if (r->generated.n)
        sb_c(out, "= ");
    html_text(out, r->generated.n ? r->generated : r->dflt);
    if (r->counts && !r->dflt.n)
        sb_c(out, "<span class=\"dim\">numbered</span>");
    sb_c(out, "</td><td>");
    put_change(out, p, t->part.mark, &c->part);
}

static void put_columns(struct strbuf *out, const struct picture *p, const struct pic_table *t)
{
    if (!t->ncolumns)
        return;
    sb_c(out, "<h3>Columns</h3>\n<div class=\"scroll\"><table>\n<tr><th></th><th>name</th>"
              "<th>type</th><th></th><th>default</th><th></th></tr>\n");
    for (uint32_t i = 0; i < t->ncolumns; i++)
        put_column(out, p, t, &t->columns[i]);
    sb_c(out, "</table></div>\n");
}

/* Where a foreign key points, as a link where that is there. */
static void put_target(struct strbuf *out, const struct picture *p, const struct relation *r,
                       enum html_form form)
{
    uint32_t to = picture_table(p, r->ref);
    sb_c(out, " → ");
    if (to < p->ntables) {
        html_table_link(out, form, &p->tables[to]);
    } else {
        struct strbuf name = sb_new(out->mem, 0);
        path_dotted(&name, r->ref);
        html_text(out, sb_view(&name));
    }
    for (uint32_t i = 0; i < r->nref; i++) {
        sb_c(out, i ? ", " : " (");
        html_text(out, r->ref_columns[i]);
    }
    sb_c(out, r->nref ? ")" : "");
    if (r->on_delete.n)
        sb_c(out, ", on delete ");
    html_text(out, r->on_delete);
    if (r->on_update.n)
        sb_c(out, ", on update ");
    html_text(out, r->on_update);
}

static void put_part(struct strbuf *out, const struct picture *p, enum mark whole,
                     const struct pic_part *part, enum html_form form)
{
    const struct relation *r = &part->rel;
    struct strbuf terms = sb_new(out->mem, 0);
    bool key = r->role >= ROLE_PRIMARY_KEY && r->role <= ROLE_FOREIGN_KEY;
    sb_printf(out, part->mark == MARK_SAME ? "<tr%s>" : "<tr class=\"%s\">", mark_word(part->mark));
    sb_c(out, "<td class=\"w\">");
    sb_c(out, r->role == ROLE_INDEX && r->unique ? "unique " : "");
    put_kind(out, part->obj);
    sb_c(out, "</td>");
    cell(out, "n", r->name);
    sb_c(out, "<td class=\"n\">");
    if (key) {
        picture_terms(&terms, r);
        html_text(out, sb_view(&terms));
    } else if (r->role == ROLE_CHECK) {
        html_text(out, r->text);
    } else if (r->role == ROLE_OTHER && p->to->eng) {
        struct changes only = {.eng = p->eng};
        html_text(out, report_brief(&only, part->obj, out->mem));
    }
    if (r->role == ROLE_FOREIGN_KEY)
        put_target(out, p, r, form);
    if (r->where.n) {
        sb_c(out, " where ");
        html_text(out, r->where);
    }
    sb_c(out, "</td><td>");
    put_change(out, p, whole, part);
}

/* `whole`: the mark of what they are parts of. */
static void put_parts(struct strbuf *out, const struct picture *p, enum mark whole,
                      const struct pic_part *parts, uint32_t n, enum html_form form)
{
    if (!n)
        return;
    sb_c(out, "<h3>Keys, indexes and more</h3>\n<div class=\"scroll\"><table>\n<tr><th>kind</th>"
              "<th>name</th><th></th><th></th></tr>\n");
    for (uint32_t i = 0; i < n; i++)
        put_part(out, p, whole, &parts[i], form);
    sb_c(out, "</table></div>\n");
    for (uint32_t i = 0; i < n; i++) {
        const struct relation *r = &parts[i].rel;
        if (r->role != ROLE_TRIGGER || !r->text.n)
            continue;
        sb_c(out, "<pre>");
        html_lines(out, r->text);
        sb_c(out, "</pre>\n");
    }
}

static void put_referrers(struct strbuf *out, const struct picture *p, uint32_t table,
                          enum html_form form)
{
    bool any = false;
    for (uint32_t i = 0; i < p->nlinks; i++) {
        const struct pic_link *l = &p->links[i];
        struct strbuf terms = sb_new(out->mem, 0);
        if (l->to != table)
            continue;
        sb_c(out, any ? "" : "<h3>Referenced by</h3>\n<ul class=\"list\">\n");
        any = true;
        picture_terms(&terms, &l->key->rel);
        sb_c(out, "<li>");
        html_table_link(out, form, &p->tables[l->from]);
        sb_char(out, ' ');
        html_text(out, sb_view(&terms));
        sb_char(out, ' ');
        html_mark(out, l->key->mark);
        sb_c(out, "</li>\n");
    }
    sb_c(out, any ? "</ul>\n" : "");
}

/* Views and routines that say that they need the table or something of it. */
static void put_users(struct strbuf *out, const struct picture *p, struct str path,
                      enum html_form form)
{
    bool any = false;
    for (uint32_t i = 0; i < p->nothers; i++) {
        const struct obj *o = p->others[i].obj;
        struct jc_iter it = jc_iter(o->deps);
        struct strbuf name = sb_new(out->mem, 0);
        struct str key, raw;
        bool uses = false;
        while (!uses && jc_next(&it, &key, &raw))
            uses = path_within(jc_text(out->mem, raw), path);
        if (!uses)
            continue;
        obj_human(&name, o);
        sb_c(out, any ? "" : "<h3>Used by</h3>\n<ul class=\"list\">\n");
        any = true;
        sb_c(out, "<li>");
        if (form == HTML_DIFF && p->others[i].mark == MARK_SAME)
            html_text(out, sb_view(&name));
        else
            html_link(out, form, o->path, sb_view(&name));
        sb_c(out, "</li>\n");
    }
    sb_c(out, any ? "</ul>\n" : "");
}

static void put_settings(struct strbuf *out, const struct picture *p, const struct pic_part *part)
{
    struct strbuf value = sb_new(out->mem, 0);
    const char *name;
    bool any = false;
    for (size_t at = 0; (name = picture_setting(p, part, &at, &value)); sb_cut(&value, 0)) {
        sb_c(out, any ? "" : "<dl>\n");
        any = true;
        sb_c(out, "<dt>");
        html_text(out, str_c(name));
        sb_c(out, "</dt><dd><code>");
        html_text(out, sb_view(&value));
        sb_c(out, "</code></dd>\n");
    }
    sb_c(out, any ? "</dl>\n" : "");
}

void html_table(struct strbuf *out, const struct picture *p, uint32_t table, enum html_form form)
{
    const struct pic_table *t = &p->tables[table];
    if (t->part.rel.comment.n) {
        sb_c(out, "<p>");
        html_text(out, t->part.rel.comment);
        sb_c(out, "</p>\n");
    }
    put_settings(out, p, &t->part);
    put_columns(out, p, t);
    put_parts(out, p, t->part.mark, t->parts, t->nparts, form);
    put_referrers(out, p, table, form);
    put_users(out, p, t->part.obj->path, form);
}

void html_other(struct strbuf *out, const struct picture *p, const struct pic_part *part,
                enum html_form form)
{
    uint32_t n;
    const struct pic_part *inside = picture_inside(p, part->obj->path, &n);
    struct str text = obj_src(out->mem, part->obj, "sql");
    if (part->rel.comment.n) {
        sb_c(out, "<p>");
        html_text(out, part->rel.comment);
        sb_c(out, "</p>\n");
    }
    put_settings(out, p, part);
    text = text.n ? text : part->rel.text;
    sb_c(out, text.n ? "<pre>" : "");
    html_lines(out, text);
    sb_c(out, text.n ? "</pre>\n" : "");
    if (!(obj_kind(p->eng, part->obj)->flags & KF_HOLDER)) /* what it holds has pages of its own */
        put_parts(out, p, part->mark, inside, n, form);
}

void html_index(struct strbuf *out, const struct picture *p, enum html_form form)
{
    sb_printf(out, "<h2>Tables <span class=\"dim\">%u</span></h2>\n<ul class=\"list\">\n",
              p->ntables);
    for (uint32_t i = 0; i < p->ntables; i++) {
        sb_c(out, "<li>");
        html_table_link(out, form, &p->tables[i]);
        sb_printf(out, " <span class=\"dim\">%u</span></li>\n", p->tables[i].ncolumns);
    }
    sb_c(out, "</ul>\n");
    for (uint16_t kind = 0; kind < p->eng->nkinds; kind++) {
        bool any = false;
        for (uint32_t i = 0; i < p->nothers; i++) {
            const struct obj *o = p->others[i].obj;
            struct strbuf name = sb_new(out->mem, 0);
            if (o->kind != kind)
                continue;
            if (!any) {
                sb_c(out, "<h3 class=\"kind\">");
                put_kind(out, o);
                sb_c(out, "</h3>\n<ul class=\"list\">\n");
            }
            any = true;
            if (path_parent(o->path).n) {
                path_dotted(&name, path_parent(o->path));
                sb_char(&name, '.');
            }
            path_quote_name(&name, path_kind(o->path), obj_name(out->mem, o));
            sb_c(out, "<li>");
            html_link(out, form, o->path, sb_view(&name));
            sb_c(out, "</li>\n");
        }
        sb_c(out, any ? "</ul>\n" : "");
    }
}
