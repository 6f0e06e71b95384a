/* One page of HTML: what changes, with a picture of the tables; or a whole schema. */

#include "emit/html.h"
#include "emit/told.h"

enum { MAX_IN_PICTURE = 40 };

/* What a page is made of. */
struct page {
    struct strbuf *b;
    const struct emit_in *in;
    const struct picture *p;
    enum drift_part part; /* of the findings, where there are any */
    bool again;           /* its objects may have stood above: no anchors */
};

static void put_side(struct strbuf *b, const char *word, const struct side *s)
{
    struct strbuf hash = sb_new(b->mem, 0);
    hash_hex(&hash, s->fingerprint, 8);
    sb_printf(b, "<dt>%s</dt><dd><code>", word);
    html_text(b, s->label);
    sb_c(b, "</code> <span class=\"dim\">");
    html_text(b, s->version);
    sb_printf(b, ", %llu facts, %.*s", (unsigned long long)s->objects, STR_ARG(sb_view(&hash)));
    if (s->ledger)
        sb_printf(b, ", %u not modelled", s->ledger);
    sb_c(b, "</span></dd>\n");
}

static void put_cell(struct strbuf *b, const struct change *c, const struct attr_desc *row,
                     struct str raw, const char *side)
{
    struct strbuf value = sb_new(b->mem, 0);
    report_value(&value, c, row, raw);
    sb_printf(b, "<td class=\"n%s\">", side);
    html_text(b, sb_view(&value));
    sb_c(b, "</td>");
}

static void put_anchor(struct page *g, struct str path)
{
    if (g->again)
        return;
    sb_c(g->b, " id=\"");
    html_slug(g->b, path);
    sb_char(g->b, '"');
}

/* What the change means, one for each of its findings in this part. */
static void put_verdicts(struct page *g, const struct change *c)
{
    uint32_t n = 0;
    const struct drift_findings *f = g->in->findings;
    const struct drift_finding *v = f ? drift_of(f, change_obj(c)->path, &n) : NULL;
    for (uint32_t i = 0; i < n; i++) {
        if (drift_part(&v[i]) != g->part)
            continue;
        const char *word = verdict_name(v[i].verdict);
        struct str text = told_verdict(&v[i], g->b->mem);
        sb_printf(g->b, "<span class=\"v %s\">%s</span><span class=\"dim\">", word, word);
        html_text(g->b, str_from(text, str_find(text, STR(" "))));
        sb_c(g->b, "</span> ");
    }
}

static void row_head(struct page *g, const struct report_line *line, enum mark mark)
{
    const struct obj *o = change_obj(line->change);
    struct strbuf kind = sb_new(g->b->mem, 0);
    report_kind(&kind, path_kind(o->path));
    sb_printf(g->b, "<tr class=\"%s\"", mark_word(mark));
    put_anchor(g, o->path);
    sb_c(g->b, "><td class=\"w\">");
    html_mark(g->b, mark);
    sb_c(g->b, "</td><td class=\"w\">");
    html_text(g->b, sb_view(&kind));
    sb_c(g->b, "</td><td class=\"n\">");
    struct str name = report_name(o, g->b->mem), parent = path_parent(o->path);
    if (!name.n && !str_eq(parent, engine_top(g->in->changes->eng, o->path)))
        name = path_name(g->b->mem, parent); /* a column's default has its name */
    html_text(g->b, name);
    sb_c(g->b, "</td>");
}

static void put_hint(struct page *g, const struct report_line *line)
{
    const struct rename_hint *hint = line->hint;
    if (!hint || !g->in->show_hints)
        return;
    sb_c(g->b, "<p class=\"dim\">perhaps renamed from ");
    html_text(g->b, report_name(change_obj(&g->in->changes->v[hint->drop]), g->b->mem));
    sb_c(g->b, " (");
    html_text(g->b, hint->why);
    sb_c(g->b, ")</p>");
}

/* A row for what comes or goes, one for each attribute that changes. */
static void put_line(struct page *g, const struct report_line *line)
{
    static const enum mark marks[] = {MARK_ADDED, MARK_DROPPED, MARK_CHANGED};
    const struct change *c = line->change;
    uint32_t rows = 0;
    if (c->op != OP_ALTER) {
        struct str brief = report_brief(g->in->changes, change_obj(c), g->b->mem);
        row_head(g, line, marks[c->op]);
        sb_c(g->b, "<td></td>");
        for (int side = 0; side < 2; side++) {
            sb_c(g->b, "<td class=\"n\">");
            if ((c->op == OP_DROP) == (side == 0))
                html_text(g->b, brief);
            sb_c(g->b, "</td>");
        }
        sb_c(g->b, "<td>");
        put_verdicts(g, c);
        html_hazards(g->b, c->hazards);
        put_hint(g, line);
        sb_c(g->b, "</td></tr>\n");
        return;
    }
    for (uint32_t i = 0; i < c->nattrs; i++) {
        const struct attr_desc *a = c->attrs[i].attr;
        if (a->flags & AF_DERIVED)
            continue;
        if (rows++ == 0)
            row_head(g, line, MARK_CHANGED);
        else
            sb_c(g->b, "<tr class=\"changed\"><td></td><td></td><td></td>");
        sb_printf(g->b, "<td class=\"w dim\">%s</td>", a->name);
        if (a->type == A_BODY) {
            sb_c(g->b, "<td colspan=\"2\">differs, see below</td>");
        } else {
            put_cell(g->b, c, a, c->attrs[i].before, g->in->findings ? " from" : "");
            put_cell(g->b, c, a, c->attrs[i].after, g->in->findings ? " to" : "");
        }
        sb_c(g->b, "<td>");
        if (rows == 1)
            put_verdicts(g, c);
        html_hazards(g->b, rows == 1 ? c->hazards : 0);
        sb_c(g->b, "</td></tr>\n");
    }
}

static void put_bodies(struct page *g, const struct change *c)
{
    for (uint32_t i = 0; c && c->op == OP_ALTER && i < c->nattrs; i++) {
        struct str before, after;
        if (c->attrs[i].attr->type != A_BODY)
            continue;
        report_bodies(c, &c->attrs[i], g->b->mem, &before, &after);
        html_side_by_side(g->b, before, after);
    }
}

/* What comes or goes as a whole: its columns and keys, or its text. */
static void put_whole(struct page *g, const struct report_group *group)
{
    const struct obj *o = change_obj(group->whole);
    struct strbuf inside = sb_new(g->b->mem, 0);
    uint32_t table = picture_table(g->p, o->path);
    report_inside(&inside, g->in->changes, group);
    sb_c(g->b, "<p>");
    html_text(g->b, sb_view(&inside));
    sb_char(g->b, ' ');
    put_verdicts(g, group->whole);
    html_hazards(g->b, group->whole->hazards);
    sb_c(g->b, "</p>\n");
    if (table < g->p->ntables) {
        html_table(g->b, g->p, table, HTML_DIFF);
        return;
    }
    for (uint32_t i = 0; i < g->p->nothers; i++)
        if (str_eq(g->p->others[i].obj->path, o->path))
            html_other(g->b, g->p, &g->p->others[i], HTML_DIFF);
}

static struct str group_name(struct page *g, const struct report_group *group)
{
    struct strbuf name = sb_new(g->b->mem, 0);
    if (group->whole)
        obj_human(&name, change_obj(group->whole));
    else
        path_human(&name, group->top);
    return sb_view(&name);
}

static enum mark group_mark(const struct report_group *group)
{
    static const enum mark marks[] = {MARK_ADDED, MARK_DROPPED, MARK_CHANGED};
    return group->whole ? marks[group->whole->op] : MARK_CHANGED;
}

static void put_group(struct page *g, const struct report_group *group)
{
    bool alter = group->whole && group->whole->op == OP_ALTER;
    /* the object's own row has the anchor where it has one */
    sb_c(g->b, "<section>\n<h2");
    if (!alter)
        put_anchor(g, group->top);
    sb_char(g->b, '>');
    html_text(g->b, group_name(g, group));
    sb_char(g->b, ' ');
    html_mark(g->b, group_mark(group));
    sb_c(g->b, "</h2>\n");
    if (group->whole && !alter)
        put_whole(g, group);
    if (alter || group->nlines) {
        struct report_line whole = {.change = group->whole};
        sb_printf(g->b,
                  "<div class=\"scroll\"><table%s>\n<tr><th></th><th>kind</th><th>name</th>"
                  "<th>what</th><th>before</th><th>after</th><th></th></tr>\n",
                  g->in->findings ? " class=\"ch\"" : "");
        if (alter)
            put_line(g, &whole);
        for (uint32_t i = 0; i < group->nlines; i++)
            put_line(g, &group->lines[i]);
        sb_c(g->b, "</table></div>\n");
    }
    put_bodies(g, group->whole);
    for (uint32_t i = 0; i < group->nlines; i++)
        put_bodies(g, group->lines[i].change);
    sb_c(g->b, "</section>\n");
}

static void put_contents(struct page *g, const struct report *r)
{
    if (r->ngroups < 2)
        return;
    sb_c(g->b, "<ul class=\"list\">\n");
    for (uint32_t i = 0; i < r->ngroups; i++) {
        sb_c(g->b, "<li>");
        html_mark(g->b, group_mark(&r->groups[i]));
        sb_char(g->b, ' ');
        html_link(g->b, HTML_ONE, r->groups[i].top, group_name(g, &r->groups[i]));
        sb_c(g->b, "</li>\n");
    }
    sb_c(g->b, "</ul>\n");
}

static void put_hazard_list(struct page *g, const struct report *r)
{
    unsigned bits = 0;
    for (uint32_t i = 0; i < r->ngroups; i++)
        bits |= r->groups[i].hazards;
    if (!bits)
        return;
    sb_c(g->b, "<h2>Hazards</h2>\n<dl>\n");
    for (unsigned i = 1; i < HAZARD_COUNT; i++) {
        if (!(bits & 1u << i))
            continue;
        sb_c(g->b, "<dt>");
        html_hazards(g->b, 1u << i);
        sb_c(g->b, "</dt><dd>");
        html_text(g->b, str_c(hazard_doc((enum hazard_code)i)));
        sb_c(g->b, ". <span class=\"dim\">Safer: ");
        html_text(g->b, str_c(hazard_safer((enum hazard_code)i)));
        sb_c(g->b, ".</span></dd>\n");
    }
    sb_c(g->b, "</dl>\n");
}

/* The tables that change and their neighbours, as far as all of them have a place on this page. */
static void put_picture(struct page *g)
{
    uint32_t left_out, touched = 0;
    bool *in = picture_choose(g->p, MAX_IN_PICTURE, &left_out);
    for (uint32_t i = 0; i < g->p->ntables; i++)
        touched += g->p->tables[i].part.mark != MARK_SAME;
    if (g->in->changes && !touched)
        return;
    svg_picture(g->b, g->p, in, g->p->ntables, g->in->changes ? HTML_DIFF : HTML_ONE);
    if (left_out)
        sb_printf(g->b, "<p class=\"dim\">%u tables more are not in the picture</p>\n", left_out);
}

static void diff_page(struct page *g)
{
    const struct changes *c = g->in->changes;
    struct report r = report_make(c, g->b->mem);
    struct strbuf title = sb_new(g->b->mem, 0), summary = sb_new(g->b->mem, 0);
    r.renamed = g->in->nrenames;
    if (g->in->title)
        sb_c(&title, g->in->title);
    else
        sb_printf(&title, "Changes that turn %.*s into %.*s", STR_ARG(c->from.label),
                  STR_ARG(c->to.label));
    html_begin(g->b, sb_view(&title), STR_NULL);
    sb_c(g->b, "<dl>\n");
    put_side(g->b, "from", &c->from);
    put_side(g->b, "to", &c->to);
    sb_c(g->b, "</dl>\n<p>");
    if (c->n || g->in->nrenames)
        report_summary(&summary, &r);
    else
        sb_c(&summary, "None: both are the same");
    html_text(g->b, sb_view(&summary));
    sb_c(g->b, ".</p>\n");
    for (uint32_t i = 0; i < g->in->nrenames; i++) {
        sb_c(g->b, "<p>");
        html_text(g->b, g->in->renames[i]);
        sb_c(g->b, "</p>\n");
    }
    put_contents(g, &r);
    put_picture(g);
    for (uint32_t i = 0; i < r.ngroups; i++)
        put_group(g, &r.groups[i]);
    put_hazard_list(g, &r);
    html_end(g->b);
}

/* Behind the common rules: verdicts; on a phone a change stands as lines, not as a row. */
static const char drift_style[] =
    ".v{display:inline-block;padding:0 7px;margin-right:2px;border-radius:4px;font-size:.78rem;"
    "font-weight:600;color:var(--bg);background:var(--mod)}\n"
    ".v.conflict{background:var(--drop)}.v.pending{background:var(--dim)}\n"
    "ul.plain{padding-left:1.2em;margin:.4em 0}ul.plain li{overflow-wrap:anywhere}\n"
    "@media (max-width:600px){table.ch,table.ch tbody{display:block}"
    "table.ch tr{display:grid;grid-template-columns:1fr 1fr;padding:6px 0;"
    "border-top:1px solid var(--line)}"
    "table.ch tr:first-child{display:none}table.ch td{border:0;padding:2px 8px;white-space:normal;"
    "overflow-wrap:anywhere;min-width:0}"
    "table.ch td:empty{display:none}table.ch td:last-child,table.ch td[colspan]{grid-column:1/-1}"
    "table.ch td.from::before{content:\"before: \";color:var(--dim)}"
    "table.ch td.to::before{content:\"after: \";color:var(--dim)}"
    "table.sbs{min-width:0;font-size:.7rem}.sbs td{padding:1px 4px}.hz{white-space:normal}}\n"
    "@media print{.v{color:inherit;background:none;border:1px solid}a{color:inherit}}\n";

static void put_row(struct page *g, const char *word, struct str text)
{
    if (!text.n)
        return;
    sb_printf(g->b, "<dt>%s</dt><dd>", word);
    html_text(g->b, text);
    sb_c(g->b, "</dd>\n");
}

/* The page with the changes of one part alone, and the picture of these. */
static struct page page_of(const struct page *g, enum drift_part part)
{
    struct arena *mem = g->b->mem;
    struct emit_in *in = NEW(mem, struct emit_in);
    struct picture *p = NEW(mem, struct picture);
    *in = *g->in;
    in->changes = told_changes(g->in, part);
    *p = picture_of(in);
    return (struct page){g->b, in, p, part, part != PART_OPEN};
}

static void put_part(const struct page *g, enum drift_part part, const char *head)
{
    struct page of = page_of(g, part);
    struct report r = report_make(of.in->changes, g->b->mem);
    sb_c(g->b, r.ngroups ? head : "");
    if (part == PART_OPEN) {
        put_contents(&of, &r);
        if (r.ngroups)
            put_picture(&of);
    }
    for (uint32_t i = 0; i < r.ngroups; i++)
        put_group(&of, &r.groups[i]);
    put_hazard_list(&of, &r);
}

/* Each rule with what it lets pass. */
static void put_passed(struct page *g)
{
    uint32_t n, nrules;
    struct told_passed *rules = told_passed(g->in->findings, g->b->mem, &nrules);
    struct told *v = told_list(g->in, &n);
    sb_c(g->b, nrules ? "<h2>Let pass by rules</h2>\n" : "");
    for (uint32_t i = 0; i < nrules; i++) {
        sb_printf(g->b, "<p>%u by ", rules[i].n);
        html_text(g->b, told_rule(rules[i].rule, g->b->mem));
        sb_c(g->b, "</p>\n<ul class=\"plain dim\">\n");
        for (uint32_t k = 0; k < n; k++) {
            if (v[k].part != PART_PASSED || v[k].finding->rule != rules[i].rule)
                continue;
            sb_c(g->b, "<li>");
            html_text(g->b, arena_printf(g->b->mem, "%.*s: %.*s", STR_ARG(v[k].object),
                                         STR_ARG(v[k].what)));
            sb_c(g->b, "</li>\n");
        }
        sb_c(g->b, "</ul>\n");
    }
}

static void put_item(struct page *g, bool first, const char *head, struct str text)
{
    if (first)
        sb_printf(g->b, "<h2>%s</h2>\n<ul class=\"plain\">\n", head);
    sb_c(g->b, "<li>");
    html_text(g->b, text);
    sb_c(g->b, "</li>\n");
}

static void put_lists(struct page *g)
{
    const struct drift_findings *f = g->in->findings;
    for (uint32_t i = 0; i < f->nnotes; i++)
        put_item(g, i == 0, "Rules to look at", told_note(&f->notes[i], g->b->mem));
    sb_c(g->b, f->nnotes ? "</ul>\n" : "");
    for (uint32_t i = 0; i < f->nresolved; i++)
        put_item(g, i == 0, "Resolved since the last check",
                 told_resolved(&f->resolved[i], g->b->mem));
    sb_c(g->b, f->nresolved ? "</ul>\n" : "");
}

static void drift_page(struct page *g)
{
    const struct changes *c = g->in->changes;
    struct str counts = told_counts(g->in);
    struct html_head head = {.title = told_title(g->in), .style = drift_style};
    html_begin_with(g->b, &head);
    sb_c(g->b, "<dl>\n");
    put_row(g, "environment", told_env(g->in));
    put_side(g->b, "baseline", &c->from);
    put_side(g->b, "live", &c->to);
    put_row(g, "last check", g->in->findings->last);
    sb_c(g->b, "</dl>\n<p>");
    html_text(g->b, counts.n ? counts : STR("nothing differs"));
    sb_c(g->b, ".</p>\n");
    put_part(g, PART_OPEN, "");
    put_part(g, PART_PENDING,
             "<h2>Pending: the baseline is ahead</h2>\n<p class=\"dim\">What shows as dropped "
             "is not there yet, what shows as added is still there.</p>\n");
    put_passed(g);
    put_lists(g);
    html_end(g->b);
}

static void object_head(struct page *g, struct str path, struct str name)
{
    sb_c(g->b, "<section>\n<h2 id=\"");
    html_slug(g->b, path);
    sb_c(g->b, "\">");
    html_text(g->b, name);
    sb_c(g->b, "</h2>\n");
}

static void schema_page(struct page *g)
{
    html_begin(g->b, g->p->to->label, STR_NULL);
    sb_c(g->b, "<p class=\"dim\">");
    html_text(g->b, g->p->to->version);
    sb_c(g->b, "</p>\n");
    put_picture(g);
    html_index(g->b, g->p, HTML_ONE);
    for (uint32_t i = 0; i < g->p->ntables; i++) {
        object_head(g, g->p->tables[i].part.obj->path, g->p->tables[i].title);
        html_table(g->b, g->p, i, HTML_ONE);
        sb_c(g->b, "</section>\n");
    }
    for (uint32_t i = 0; i < g->p->nothers; i++) {
        struct strbuf name = sb_new(g->b->mem, 0);
        obj_human(&name, g->p->others[i].obj);
        object_head(g, g->p->others[i].obj->path, sb_view(&name));
        html_other(g->b, g->p, &g->p->others[i], HTML_ONE);
        sb_c(g->b, "</section>\n");
    }
    html_end(g->b);
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    struct picture p = picture_of(in);
    struct page page = {.b = out, .in = in, .p = &p};
    (void)second;
    (void)e;
    if (in->changes && in->findings)
        drift_page(&page);
    else if (in->changes)
        diff_page(&page);
    else
        schema_page(&page);
    return 0;
}

const struct emitter emitter_html = {
    .name = "html",
    .ext = ".html,.htm",
    .doc = "one page with a picture of the tables, for a browser",
    .use = EMIT_DIFF | EMIT_PICTURE,
    .run = run,
};
