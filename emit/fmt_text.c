/* A diff for a terminal: what git users expect, at most 100 columns wide. Glyphs carry the meaning,
 * colour only adds to it. */

#include <string.h>

#include "core/escape.h"
#include "emit/report.h"
#include "emit/told.h"

enum { WIDTH = 100, MAX_NAME = 28, LONG_NAME = 76 };

struct writer {
    const struct emit_in *in;
    const struct changes *c;
    struct arena *mem;
    struct strbuf *out;
    enum drift_part part; /* of the findings, where there are any */
};

static const char *const marks[] = {"+", "-", "~"};
static const char *const colors[] = {"\033[32m", "\033[31m", "\033[33m"};

static void paint(const struct writer *w, const char *color)
{
    if (w->in->color)
        sb_c(w->out, color);
}

static void plain(const struct writer *w)
{
    paint(w, "\033[0m");
}

/* Text of a database, cut to the columns that are left on its line. */
static void put_cut(const struct writer *w, struct str text, size_t used)
{
    struct strbuf safe = sb_new(w->mem, 0);
    esc_terminal(&safe, text);
    struct str s = sb_view(&safe);
    size_t room = used < WIDTH ? WIDTH - used : 0;
    if (esc_width(s) <= room) {
        sb_str(w->out, s);
        return;
    }
    room = room > 3 ? room - 3 : 0;
    size_t n = 0, width = 0;
    while (n < s.n) {
        size_t len = 1;
        while (n + len < s.n && ((unsigned char)s.p[n + len] & 0xc0) == 0x80)
            len++;
        width += esc_width(str_sub(s, n, n + len));
        if (width > room)
            break;
        n += len;
    }
    sb_str(w->out, str_sub(s, 0, n));
    sb_c(w->out, "...");
}

static void put_padded(const struct writer *w, struct str text, size_t width)
{
    struct strbuf safe = sb_new(w->mem, 0);
    esc_terminal(&safe, text);
    size_t n = esc_width(sb_view(&safe));
    sb_str(w->out, sb_view(&safe));
    sb_pad(w->out, ' ', n < width ? width - n : 0);
}

static void put_hex8(const struct writer *w, struct hash128 h)
{
    hash_hex(w->out, h, 8);
}

static void put_side(const struct writer *w, const struct side *s, size_t width)
{
    put_padded(w, s->label, width);
    sb_c(w->out, "  ");
    put_padded(w, s->version, 0);
    sb_c(w->out, "  ");
    put_hex8(w, s->fingerprint);
    sb_c(w->out, "  ");
    report_count(w->out, s->objects, "fact");
    sb_char(w->out, '\n');
}

static size_t label_width(const struct writer *w, struct str text)
{
    struct strbuf safe = sb_new(w->mem, 0);
    esc_terminal(&safe, text);
    return esc_width(sb_view(&safe));
}

static void put_head(const struct writer *w)
{
    const struct changes *c = w->c;
    size_t a = label_width(w, c->from.label), b = label_width(w, c->to.label);
    size_t width = a > b ? a : b;
    if (w->in->title)
        sb_printf(w->out, "%s\n", w->in->title);
    put_side(w, &c->from, width);
    put_side(w, &c->to, width);
    sb_c(w->out, "changes that turn ");
    put_padded(w, c->from.label, 0);
    sb_c(w->out, " into ");
    put_padded(w, c->to.label, 0);
    sb_c(w->out, "\n\n");
}

/* Widths of the columns of a group's lines. */
struct columns {
    size_t kind, name;
};

static struct columns measure(const struct writer *w, const struct report_group *g)
{
    struct columns cols = {0, 0};
    for (uint32_t i = 0; i < g->nlines; i++) {
        const struct obj *o = change_obj(g->lines[i].change);
        struct str kind = path_kind(o->path);
        size_t name = label_width(w, report_name(o, w->mem));
        cols.kind = kind.n > cols.kind ? kind.n : cols.kind;
        cols.name = name > cols.name && name <= MAX_NAME ? name : cols.name;
    }
    return cols;
}

static void put_hint(const struct writer *w, const struct rename_hint *hint)
{
    const struct obj *old = w->c->v[hint->drop].before;
    struct strbuf text = sb_new(w->mem, 0), from = sb_new(w->mem, 0);
    path_quote_name(&from, path_kind(old->path), obj_name(w->mem, old));
    sb_printf(&text, "perhaps renamed from %.*s (%.*s): --rename", STR_ARG(sb_view(&from)),
              STR_ARG(hint->why));
    sb_c(w->out, "      ");
    put_cut(w, sb_view(&text), 6);
    sb_char(w->out, '\n');
}

/* Where the end of a long value differs, its beginning says nothing: the start of what is shown of
 * both. */
static size_t first_shown(struct str a, struct str b)
{
    size_t n = 0;
    while (n < a.n && n < b.n && a.p[n] == b.p[n])
        n++;
    n = n > WIDTH / 2 ? n - WIDTH / 5 : 0;
    while (n && ((unsigned char)a.p[n] & 0xc0) == 0x80)
        n--;
    return n;
}

/* Both values on lines of their own, so that what differs can be seen. */
static void put_long_attr(const struct writer *w, const struct change *c,
                          const struct attr_change *a)
{
    struct strbuf was = sb_new(w->mem, 0), now = sb_new(w->mem, 0);
    report_value(&was, c, a->attr, a->before);
    report_value(&now, c, a->attr, a->after);
    size_t from = first_shown(sb_view(&was), sb_view(&now));
    const char *dots = from ? "..." : "";
    sb_printf(w->out, "%s\n        -  %s", a->attr->name, dots);
    put_cut(w, str_from(sb_view(&was), from), 11 + strlen(dots));
    sb_printf(w->out, "\n        +  %s", dots);
    put_cut(w, str_from(sb_view(&now), from), 11 + strlen(dots));
}

static void put_attr(const struct writer *w, const struct change *c, const struct attr_change *a,
                     size_t used)
{
    struct strbuf b = sb_new(w->mem, 0);
    sb_printf(&b, "%s ", a->attr->name);
    report_value(&b, c, a->attr, a->before);
    sb_c(&b, " -> ");
    report_value(&b, c, a->attr, a->after);
    if (used + label_width(w, sb_view(&b)) > WIDTH)
        put_long_attr(w, c, a);
    else
        put_cut(w, sb_view(&b), used);
}

static void put_body(const struct writer *w, const struct change *c, const struct attr_change *a)
{
    struct str before, after;
    uint32_t n;
    report_bodies(c, a, w->mem, &before, &after);
    struct diff_line *lines = report_line_diff(before, after, w->mem, &n);
    for (uint32_t i = 0; i < n; i++) {
        if (lines[i].mark == ' ')
            continue;
        paint(w, colors[lines[i].mark == '-']);
        sb_printf(w->out, "      %c  ", lines[i].mark);
        put_cut(w, lines[i].text, 9);
        plain(w);
        sb_char(w->out, '\n');
    }
}

static void trim_end(struct strbuf *out)
{
    while (out->n && out->p[out->n - 1] == ' ')
        sb_cut(out, out->n - 1);
}

/* What changed of an object; the first attribute stands on the line that is begun, the others below
 * it. `used`: columns taken on that line. */
static void put_attrs(const struct writer *w, const struct change *c, size_t used)
{
    bool first = true;
    for (uint32_t i = 0; i < c->nattrs; i++) {
        const struct attr_change *a = &c->attrs[i];
        if ((a->attr->flags & AF_DERIVED) || a->attr->type == A_BODY)
            continue;
        if (!first)
            sb_pad(w->out, ' ', used);
        put_attr(w, c, a, used);
        sb_char(w->out, '\n');
        first = false;
    }
    if (first) {
        trim_end(w->out);
        sb_char(w->out, '\n');
    }
    for (uint32_t i = 0; i < c->nattrs; i++)
        if (c->attrs[i].attr->type == A_BODY)
            put_body(w, c, &c->attrs[i]);
}

static void put_hazards(const struct writer *w, unsigned bits, size_t indent)
{
    for (unsigned i = 1; i < HAZARD_COUNT; i++) {
        enum hazard_code code = (enum hazard_code)i;
        struct strbuf name = sb_new(w->mem, 0);
        if (!(bits & 1u << code))
            continue;
        for (const char *p = hazard_name(code); *p; p++)
            sb_char(&name, *p == '_' ? ' ' : ascii_lower(*p));
        sb_pad(w->out, ' ', indent);
        paint(w, "\033[35m");
        sb_c(w->out, "! ");
        put_cut(w, arena_printf(w->mem, "%.*s: %s", STR_ARG(sb_view(&name)), hazard_doc(code)),
                indent + 2);
        plain(w);
        sb_char(w->out, '\n');
    }
}

/* What the change means: a line for each of its findings in this part of the report. */
static void put_verdicts(const struct writer *w, const struct change *c, size_t indent)
{
    uint32_t n = 0;
    const struct drift_finding *v =
        w->in->findings ? drift_of(w->in->findings, change_obj(c)->path, &n) : NULL;
    for (uint32_t i = 0; i < n; i++) {
        if (drift_part(&v[i]) != w->part)
            continue;
        sb_pad(w->out, ' ', indent);
        paint(w, v[i].verdict == VERDICT_CONFLICT ? "\033[1;31m" : "\033[36m");
        sb_c(w->out, "= ");
        put_cut(w, told_verdict(&v[i], w->mem), indent + 2);
        plain(w);
        sb_char(w->out, '\n');
    }
}

static void put_line(const struct writer *w, const struct report_line *line, struct columns cols)
{
    const struct change *c = line->change;
    const struct obj *o = change_obj(c);
    struct strbuf kind = sb_new(w->mem, 0);
    struct str name = report_name(o, w->mem), brief = report_brief(w->c, o, w->mem);
    report_kind(&kind, path_kind(o->path));
    sb_c(w->out, "  ");
    paint(w, colors[c->op]);
    sb_c(w->out, marks[c->op]);
    plain(w);
    sb_char(w->out, ' ');
    put_padded(w, sb_view(&kind), cols.kind);
    sb_c(w->out, "  ");
    size_t used = 4 + cols.kind + 2;
    if (cols.name || name.n) {
        put_cut(w, name, used);
        size_t width = label_width(w, name);
        sb_pad(w->out, ' ', width < cols.name ? cols.name - width : 0);
        sb_c(w->out, "  ");
        used += (width > cols.name ? width : cols.name) + 2;
    }
    if (used > LONG_NAME && (c->op == OP_ALTER || brief.n)) {
        trim_end(w->out);
        sb_char(w->out, '\n');
        sb_pad(w->out, ' ', used = 8);
    }
    if (c->op == OP_ALTER) {
        if (!name.n && brief.n) {
            put_cut(w, brief, used);
            sb_char(w->out, '\n');
            sb_pad(w->out, ' ', used = 8);
        }
        put_attrs(w, c, used);
    } else {
        put_cut(w, brief, used);
        trim_end(w->out);
        sb_char(w->out, '\n');
    }
    if (line->hint && w->in->show_hints)
        put_hint(w, line->hint);
    put_hazards(w, c->hazards, 6);
    put_verdicts(w, c, 6);
}

static void put_group_head(const struct writer *w, const struct report_group *g)
{
    const struct obj *o = g->whole ? change_obj(g->whole) : NULL;
    enum op op = g->whole ? g->whole->op : OP_ALTER;
    struct strbuf name = sb_new(w->mem, 0), rest = sb_new(w->mem, 0);
    if (o)
        obj_human(&name, o);
    else
        path_human(&name, g->top);
    paint(w, colors[op]);
    sb_c(w->out, marks[op]);
    plain(w);
    sb_char(w->out, ' ');
    paint(w, "\033[1m");
    put_cut(w, sb_view(&name), 2);
    plain(w);
    size_t used = 2 + label_width(w, sb_view(&name));
    if (o && op != OP_ALTER) {
        report_inside(&rest, w->c, g);
        struct str brief = report_brief(w->c, o, w->mem);
        if (brief.n)
            sb_printf(&rest, "%s%.*s", rest.n ? ", " : "", STR_ARG(brief));
    }
    if (rest.n && used > LONG_NAME) {
        sb_c(w->out, "\n      ");
        put_cut(w, sb_view(&rest), 6);
    } else if (rest.n) {
        size_t pad = used < 56 ? 58 - used : 2;
        sb_pad(w->out, ' ', pad);
        put_cut(w, sb_view(&rest), used + pad);
    }
    sb_char(w->out, '\n');
    if (op == OP_ALTER && g->whole) {
        size_t at = w->out->n;
        sb_c(w->out, "      ");
        put_attrs(w, g->whole, 6);
        /* a body stands on lines of its own: no empty line before it */
        if (w->out->n > at && w->out->p[at] == '\n') {
            struct str tail = arena_str(w->mem, str_from(sb_view(w->out), at + 1));
            sb_cut(w->out, at);
            sb_str(w->out, tail);
        }
    }
}

static const struct rename_hint *hint_of_group(const struct writer *w, const struct report_group *g)
{
    for (uint32_t i = 0; g->whole && i < w->c->nhints; i++)
        if (&w->c->v[w->c->hints[i].add] == g->whole)
            return &w->c->hints[i];
    return NULL;
}

static void put_group(const struct writer *w, const struct report_group *g)
{
    struct columns cols = measure(w, g);
    put_group_head(w, g);
    const struct rename_hint *hint = hint_of_group(w, g);
    if (hint && w->in->show_hints)
        put_hint(w, hint);
    if (g->whole)
        put_hazards(w, g->whole->hazards, 4);
    if (g->whole)
        put_verdicts(w, g->whole, 4);
    for (uint32_t i = 0; i < g->nlines; i++)
        put_line(w, &g->lines[i], cols);
    trim_end(w->out);
}

static void put_names(const struct writer *w, const struct report *r)
{
    for (uint32_t i = 0; i < r->ngroups; i++) {
        const struct report_group *g = &r->groups[i];
        struct strbuf name = sb_new(w->mem, 0);
        enum op op = g->whole ? g->whole->op : OP_ALTER;
        if (g->whole)
            obj_human(&name, change_obj(g->whole));
        else
            path_human(&name, g->top);
        sb_printf(w->out, "%c\t", "ADM"[op]);
        put_padded(w, sb_view(&name), 0);
        sb_char(w->out, '\n');
    }
}

static void put_stat(const struct writer *w, const struct report *r)
{
    for (uint32_t i = 0; i < r->ngroups; i++) {
        const struct report_group *g = &r->groups[i];
        struct strbuf name = sb_new(w->mem, 0);
        uint32_t n[3] = {0, 0, 0};
        path_human(&name, g->top);
        if (g->whole)
            n[g->whole->op]++;
        for (uint32_t k = 0; k < g->nlines; k++)
            n[g->lines[k].change->op]++;
        sb_char(w->out, ' ');
        put_cut(w, sb_view(&name), WIDTH - 50);
        size_t width = label_width(w, sb_view(&name));
        sb_pad(w->out, ' ', width < 50 ? 50 - width : 0);
        sb_printf(w->out, " | %3u ", n[0] + n[1] + n[2]);
        static const enum op shown[] = {OP_ADD, OP_ALTER, OP_DROP};
        for (size_t k = 0; k < 3; k++) {
            paint(w, colors[shown[k]]);
            sb_pad(w->out, marks[shown[k]][0], n[shown[k]] < 30 ? n[shown[k]] : 30);
            plain(w);
        }
        sb_char(w->out, '\n');
    }
    sb_char(w->out, ' ');
    report_summary(w->out, r);
    sb_char(w->out, '\n');
}

/* What a Liquibase snapshot leaves open is said in every report. */
static void put_untold(const struct writer *w)
{
    static const char *const lines[][2] = {
        {"not compared, as a Liquibase snapshot does not tell it: ", " (-f json lists all)\n"},
        {"compared in part: ", " (-f json says what of each is not)\n"},
    };
    for (int part = 0; part < 2; part++) {
        size_t was = w->out->n;
        sb_c(w->out, lines[part][0]);
        size_t head = w->out->n;
        report_untold(w->out, w->c, part);
        if (w->out->n == head)
            sb_cut(w->out, was);
        else
            sb_c(w->out, lines[part][1]);
    }
}

static void put_same(const struct writer *w)
{
    put_padded(w, w->c->from.label, 0);
    sb_c(w->out, " and ");
    put_padded(w, w->c->to.label, 0);
    sb_c(w->out, " are the same: ");
    report_count(w->out, w->c->to.objects, "fact");
    sb_c(w->out, ", fingerprint ");
    put_hex8(w, w->c->to.fingerprint);
    sb_char(w->out, '\n');
    put_untold(w);
}

static void put_full(const struct writer *w, const struct report *r)
{
    put_head(w);
    for (uint32_t i = 0; i < w->in->nrenames; i++) {
        paint(w, colors[OP_ALTER]);
        sb_c(w->out, "~ ");
        plain(w);
        put_cut(w, w->in->renames[i], 2);
        sb_char(w->out, '\n');
    }
    for (uint32_t i = 0; i < r->ngroups; i++)
        put_group(w, &r->groups[i]);
    sb_char(w->out, '\n');
    report_summary(w->out, r);
    uint32_t ledger = w->c->from.ledger > w->c->to.ledger ? w->c->from.ledger : w->c->to.ledger;
    sb_c(w->out, "    unmodelled: ");
    if (ledger)
        sb_printf(w->out, "%u", ledger);
    else
        sb_c(w->out, "none");
    sb_c(w->out, "\n");
    put_untold(w);
}

/* The changes of one part of the findings under a heading. */
static void put_part(const struct writer *w, enum drift_part part, const char *head)
{
    struct changes *c = told_changes(w->in, part);
    struct writer of = *w;
    struct report r = report_make(c, w->mem);
    of.c = c;
    of.part = part;
    sb_c(w->out, c->n ? head : "");
    for (uint32_t i = 0; i < r.ngroups; i++)
        put_group(&of, &r.groups[i]);
}

/* One line of the lists below the changes. */
static void put_item(const struct writer *w, struct str text)
{
    sb_c(w->out, "  ");
    put_padded(w, text, 0);
    sb_char(w->out, '\n');
}

static void put_passed(const struct writer *w)
{
    const struct drift_findings *f = w->in->findings;
    uint32_t nrules;
    struct told_passed *v = told_passed(f, w->mem, &nrules);
    sb_c(w->out, nrules ? "\nlet pass by rules\n" : "");
    for (uint32_t i = 0; i < nrules; i++)
        put_item(w,
                 arena_printf(w->mem, "%u by %.*s", v[i].n, STR_ARG(told_rule(v[i].rule, w->mem))));
    sb_c(w->out, f->nnotes ? "\nrules to look at\n" : "");
    for (uint32_t i = 0; i < f->nnotes; i++)
        put_item(w, told_note(&f->notes[i], w->mem));
    if (f->nresolved)
        sb_printf(w->out, "\nresolved since %.*s\n",
                  STR_ARG(f->last.n ? f->last : STR("the last check")));
    for (uint32_t i = 0; i < f->nresolved; i++)
        put_item(w, told_resolved(&f->resolved[i], w->mem));
}

static void put_findings(const struct writer *w)
{
    const struct changes *c = w->c;
    struct str counts = told_counts(w->in);
    size_t a = label_width(w, c->from.label), b = label_width(w, c->to.label);
    paint(w, "\033[1m");
    put_padded(w, told_title(w->in), 0);
    plain(w);
    sb_char(w->out, '\n');
    put_side(w, &c->from, a > b ? a : b);
    put_side(w, &c->to, a > b ? a : b);
    put_padded(w, counts.n ? counts : STR("nothing differs"), 0);
    sb_char(w->out, '\n');
    put_part(w, PART_OPEN, "\n");
    put_part(w, PART_PENDING, "\npending: the baseline is ahead; what is - is not there yet\n");
    put_passed(w);
    put_untold(w);
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    struct writer w = {.in = in, .c = in->changes, .mem = in->mem, .out = out};
    struct report r = report_make(in->changes, in->mem);
    r.renamed = in->nrenames;
    (void)second;
    (void)e;
    if (in->detail == DETAIL_NAMES)
        put_names(&w, &r);
    else if (in->findings && (in->changes->n || in->findings->nresolved || in->findings->nnotes))
        put_findings(&w);
    else if (!in->changes->n && !in->nrenames)
        put_same(&w);
    else if (in->detail == DETAIL_STAT)
        put_stat(&w, &r);
    else
        put_full(&w, &r);
    return 0;
}

const struct emitter emitter_text = {
    .name = "text",
    .ext = ".txt",
    .doc = "for a terminal",
    .use = EMIT_DIFF,
    .several = {"", "\n", ""},
    .run = run,
};
