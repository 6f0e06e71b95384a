/* A diff for a pull request or a ticket. */

#include "core/escape.h"
#include "emit/report.h"
#include "emit/told.h"

static void put_obj(struct strbuf *b, struct str text)
{
    esc_markdown(b, text);
}

static void put_attr(struct strbuf *b, const struct change *c, const struct attr_change *a)
{
    struct strbuf before = sb_new(b->mem, 0), after = sb_new(b->mem, 0);
    report_value(&before, c, a->attr, a->before);
    report_value(&after, c, a->attr, a->after);
    esc_markdown(b, str_c(a->attr->name));
    sb_c(b, " ");
    esc_markdown(b, sb_view(&before));
    sb_c(b, " → ");
    esc_markdown(b, sb_view(&after));
}

static void put_what(struct strbuf *b, const struct changes *c, const struct change *one,
                     struct arena *mem)
{
    bool first = true;
    if (one->op != OP_ALTER) {
        put_obj(b, report_brief(c, change_obj(one), mem));
        return;
    }
    for (uint32_t i = 0; i < one->nattrs; i++) {
        if (one->attrs[i].attr->flags & AF_DERIVED)
            continue;
        if (!first)
            sb_c(b, "; ");
        first = false;
        if (one->attrs[i].attr->type == A_BODY)
            sb_printf(b, "%s differs", one->attrs[i].attr->name);
        else
            put_attr(b, one, &one->attrs[i]);
    }
}

/* What comes with the change, by name; what loses rows in bold. */
static void put_hazards(struct strbuf *b, unsigned bits, const char *head, const char *tail)
{
    bool first = true;
    for (unsigned i = 1; i < HAZARD_COUNT; i++) {
        enum hazard_code code = (enum hazard_code)i;
        bool worst = hazard_severity(code) == 3;
        if (!(bits & 1u << code))
            continue;
        sb_c(b, first ? head : ", ");
        sb_c(b, worst ? "**" : "");
        for (const char *p = hazard_name(code); *p; p++)
            sb_char(b, *p == '_' ? ' ' : ascii_lower(*p));
        sb_c(b, worst ? "**" : "");
        first = false;
    }
    sb_c(b, first ? "" : tail);
}

/* Findings of an object in the part of the report that is written. */
struct part {
    const struct drift_findings *f; /* NULL: nobody judged */
    enum drift_part part;
};

static void put_verdicts(struct strbuf *b, const struct part *p, const struct change *c,
                         const char *tail)
{
    uint32_t n = 0;
    const struct drift_finding *v = p->f ? drift_of(p->f, change_obj(c)->path, &n) : NULL;
    bool first = true;
    for (uint32_t i = 0; i < n; i++) {
        if (drift_part(&v[i]) != p->part)
            continue;
        sb_c(b, first ? "" : "; ");
        first = false;
        esc_markdown(b, told_verdict(&v[i], b->mem));
    }
    sb_c(b, first ? "" : tail);
}

static void put_row(struct strbuf *b, const struct changes *c, const struct change *one,
                    const struct part *p, struct arena *mem)
{
    static const char *const words[] = {"added", "dropped", "changed"};
    const struct obj *o = change_obj(one);
    struct strbuf kind = sb_new(mem, 0);
    report_kind(&kind, path_kind(o->path));
    sb_printf(b, "| %s | %.*s | ", words[one->op], STR_ARG(sb_view(&kind)));
    put_obj(b, report_name(o, mem));
    sb_c(b, " | ");
    put_what(b, c, one, mem);
    sb_c(b, " | ");
    put_hazards(b, one->hazards, "", p->f ? "; " : " ");
    put_verdicts(b, p, one, " ");
    sb_c(b, "|\n");
}

/* A fence longer than any run of backticks in the text. */
static size_t fence_for(struct str text)
{
    size_t longest = 2, run = 0;
    for (size_t i = 0; i < text.n; i++) {
        run = text.p[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest + 1;
}

static void put_body(struct strbuf *b, const struct change *c, const struct attr_change *a,
                     struct arena *mem)
{
    struct str before, after;
    uint32_t n;
    report_bodies(c, a, mem, &before, &after);
    size_t fence = fence_for(before), other = fence_for(after);
    fence = other > fence ? other : fence;
    struct diff_line *lines = report_line_diff(before, after, mem, &n);
    sb_char(b, '\n');
    sb_pad(b, '`', fence);
    sb_c(b, "diff\n");
    for (uint32_t i = 0; i < n; i++) {
        sb_char(b, lines[i].mark);
        esc_terminal(b, lines[i].text);
        sb_char(b, '\n');
    }
    sb_pad(b, '`', fence);
    sb_char(b, '\n');
}

static void put_bodies(struct strbuf *b, const struct change *c, struct arena *mem)
{
    for (uint32_t i = 0; c && i < c->nattrs; i++)
        if (c->attrs[i].attr->type == A_BODY)
            put_body(b, c, &c->attrs[i], mem);
}

static void put_group(struct strbuf *b, const struct changes *c, const struct report_group *g,
                      const struct part *p, struct arena *mem)
{
    static const char *const words[] = {"added", "dropped", "changed"};
    struct strbuf name = sb_new(mem, 0), inside = sb_new(mem, 0);
    if (g->whole)
        obj_human(&name, change_obj(g->whole));
    else
        path_human(&name, g->top);
    sb_c(b, "\n### ");
    esc_markdown(b, sb_view(&name));
    sb_printf(b, " — %s", words[g->whole ? g->whole->op : OP_ALTER]);
    if (g->whole && g->whole->op != OP_ALTER)
        put_hazards(b, g->whole->hazards, ", ", "");
    sb_char(b, '\n');
    report_inside(&inside, c, g);
    if (g->whole && g->whole->op != OP_ALTER && inside.n)
        sb_printf(b, "\n%.*s\n", STR_ARG(sb_view(&inside)));
    if (g->whole && g->whole->op != OP_ALTER && p->f) {
        sb_char(b, '\n');
        put_verdicts(b, p, g->whole, "\n");
    }
    bool rows = g->nlines || (g->whole && g->whole->op == OP_ALTER);
    if (rows)
        sb_c(b, "\n| | kind | name | what | |\n|---|---|---|---|---|\n");
    if (g->whole && g->whole->op == OP_ALTER)
        put_row(b, c, g->whole, p, mem);
    for (uint32_t i = 0; i < g->nlines; i++)
        put_row(b, c, g->lines[i].change, p, mem);
    put_bodies(b, g->whole, mem);
    for (uint32_t i = 0; i < g->nlines; i++)
        put_bodies(b, g->lines[i].change, mem);
}

static void put_part(struct strbuf *b, const struct emit_in *in, enum drift_part which,
                     const char *head)
{
    struct changes *c = told_changes(in, which);
    struct report r = report_make(c, in->mem);
    struct part p = {in->findings, which};
    sb_c(b, c->n ? head : "");
    for (uint32_t i = 0; i < r.ngroups; i++)
        put_group(b, c, &r.groups[i], &p, in->mem);
}

static void put_item(struct strbuf *b, bool first, const char *head, struct str text)
{
    sb_c(b, first ? head : "");
    sb_c(b, "- ");
    esc_markdown(b, text);
    sb_char(b, '\n');
}

static void put_lists(struct strbuf *b, const struct emit_in *in)
{
    const struct drift_findings *f = in->findings;
    uint32_t n;
    struct told_passed *v = told_passed(f, in->mem, &n);
    for (uint32_t i = 0; i < n; i++)
        put_item(
            b, i == 0, "\n## Let pass by rules\n\n",
            arena_printf(in->mem, "%u by %.*s", v[i].n, STR_ARG(told_rule(v[i].rule, in->mem))));
    for (uint32_t i = 0; i < f->nnotes; i++)
        put_item(b, i == 0, "\n## Rules to look at\n\n", told_note(&f->notes[i], in->mem));
    for (uint32_t i = 0; i < f->nresolved; i++)
        put_item(b, i == 0, "\n## Resolved since the last check\n\n",
                 told_resolved(&f->resolved[i], in->mem));
}

static void put_findings(struct strbuf *b, const struct emit_in *in)
{
    struct str counts = told_counts(in);
    sb_c(b, "## ");
    esc_markdown(b, told_title(in));
    sb_c(b, "\n\n");
    esc_markdown(b, counts.n ? counts : STR("Nothing differs"));
    sb_c(b, ".\n");
    if (in->findings->last.n) {
        sb_c(b, "\nLast check: ");
        esc_markdown(b, in->findings->last);
        sb_c(b, "\n");
    }
    put_part(b, in, PART_OPEN, "");
    put_part(b, in, PART_PENDING,
             "\n## Pending: the baseline is ahead; what is dropped is not there yet\n");
    put_lists(b, in);
}

static void put_untold(struct strbuf *out, const struct changes *c)
{
    if (!c->from.untold.n && !c->to.untold.n)
        return;
    sb_c(out, "\nNot compared, as a Liquibase snapshot does not tell it: ");
    report_untold(out, c, false);
    sb_c(out, ". Compared in part: ");
    report_untold(out, c, true);
    sb_c(out, ".\n");
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    const struct changes *c = in->changes;
    struct report r = report_make(c, in->mem);
    r.renamed = in->nrenames;
    (void)second;
    (void)e;
    if (in->findings) {
        put_findings(out, in);
        put_untold(out, c);
        return 0;
    }
    sb_c(out, "## Changes that turn ");
    esc_markdown(out, c->from.label);
    sb_c(out, " into ");
    esc_markdown(out, c->to.label);
    sb_c(out, "\n\n");
    for (uint32_t i = 0; i < in->nrenames; i++) {
        sb_c(out, "- ");
        esc_markdown(out, in->renames[i]);
        sb_c(out, i + 1 < in->nrenames ? "\n" : "\n\n");
    }
    if (c->n || in->nrenames)
        report_summary(out, &r);
    else
        sb_c(out, "None: both are the same");
    sb_c(out, ".\n");
    put_untold(out, c);
    for (uint32_t i = 0; i < r.ngroups; i++)
        put_group(out, c, &r.groups[i], &(struct part){0}, in->mem);
    return 0;
}

const struct emitter emitter_markdown = {
    .name = "markdown",
    .ext = ".md",
    .doc = "for a pull request",
    .use = EMIT_DIFF,
    .several = {"", "\n", ""},
    .run = run,
};
