/* What one change of a history says: values before and after, texts line by line; see
 * site_parts.h. */

#include "core/compare.h"
#include "emit/site_parts.h"

#include <string.h>

/* One attribute that differs. */
struct differs {
    const struct attr_desc *row; /* NULL: the engine's tables do not know it */
    struct str key, before, after;
};
struct differing {
    VEC(struct differs) all;
};

static const struct kind_desc *kind_of(const struct site_job *job, struct str path)
{
    int kind = job->env->eng ? engine_kind(job->env->eng, path_kind(path)) : -1;
    return kind < 0 ? NULL : job->env->eng->kinds[kind];
}

static struct obj object_of(const struct site_job *job, struct str path, struct str a)
{
    int kind = job->env->eng ? engine_kind(job->env->eng, path_kind(path)) : -1;
    return (struct obj){.path = path, .a = a, .kind = (uint16_t)(kind < 0 ? 0 : kind)};
}

static void one(struct differing *d, const struct kind_desc *kind, struct arena *mem,
                struct differs v)
{
    v.row = kind ? kind_attr(kind, v.key) : NULL;
    bool same = v.row ? attr_same(v.row, v.before, v.after)
                      : str_eq(v.before, v.after) && str_is_null(v.before) == str_is_null(v.after);
    if (!same)
        VEC_PUSH(mem, d->all, v);
}

/* The attributes of both sides are sorted by key: a merge. */
static struct differing differing(const struct site_job *job, const struct site_event *ev,
                                  struct arena *mem)
{
    struct differing d = {0};
    const struct kind_desc *kind = kind_of(job, ev->path);
    struct jc_iter left = jc_iter(ev->before), right = jc_iter(ev->after);
    struct str lk, lv, rk, rv;
    bool l = jc_next(&left, &lk, &lv), r = jc_next(&right, &rk, &rv);
    while (l || r) {
        int order = !r ? -1 : !l ? 1 : str_cmp(lk, rk);
        one(&d, kind, mem,
            (struct differs){.key = order <= 0 ? lk : rk,
                             .before = order <= 0 ? lv : STR_NULL,
                             .after = order >= 0 ? rv : STR_NULL});
        if (order <= 0)
            l = jc_next(&left, &lk, &lv);
        if (order >= 0)
            r = jc_next(&right, &rk, &rv);
    }
    return d;
}

bool site_shows(const struct site_job *job, const struct site_event *ev, struct arena *tmp)
{
    return ev->op != OP_ALTER || differing(job, ev, tmp).all.n;
}

static struct str value(const struct site_event *ev, const struct differs *v, struct str raw,
                        struct arena *mem)
{
    struct strbuf out = sb_new(mem, 0);
    struct obj o = {.path = ev->path};
    struct change c = {.op = ev->op, .before = &o, .after = &o};
    if (v->row)
        report_value(&out, &c, v->row, raw);
    else
        sb_str(&out, str_is_null(raw) ? STR("none") : jc_text(mem, raw));
    return sb_view(&out);
}

static bool is_long(struct str text)
{
    return text.n > SITE_VALUE || str_chr(text, '\n') < text.n;
}

static void label(struct strbuf *out, const struct differs *v)
{
    struct strbuf word = sb_new(out->mem, 0);
    report_kind(&word, v->key);
    html_text(out, sb_view(&word));
}

static void inline_value(struct strbuf *out, const char *tag, struct str text)
{
    sb_printf(out, "<%s><code>", tag);
    html_text(out, text.n ? text : STR("\"\""));
    sb_printf(out, "</code></%s>", tag);
}

/* A body as its author wrote it, where that is known of both sides. */
static void own_text(const struct site_event *ev, const struct differs *v, struct arena *mem,
                     struct str *before, struct str *after)
{
    struct obj from = {.src = ev->src_before}, to = {.src = ev->src_after};
    struct str was = obj_src(mem, &from, "sql"), is = obj_src(mem, &to, "sql");
    bool told = (was.n || ev->op == OP_ADD) && (is.n || ev->op == OP_DROP) && !str_eq(was, is);
    if (!told || !v->row || v->row->type != A_BODY)
        return;
    *before = was;
    *after = is;
}

static void row(struct strbuf *out, const struct site_event *ev, const struct differs *v)
{
    struct str before = value(ev, v, v->before, out->mem), after = value(ev, v, v->after, out->mem);
    own_text(ev, v, out->mem, &before, &after);
    sb_c(out, "<dt>");
    label(out, v);
    sb_c(out, "</dt><dd>");
    if (is_long(before) || is_long(after)) {
        /* a text that was not there has no lines, rather than the word for it */
        site_lines(out, str_is_null(v->before) ? STR("") : before,
                   str_is_null(v->after) ? STR("") : after);
    } else {
        if (ev->op != OP_ADD)
            inline_value(out, "del", before);
        sb_c(out, ev->op == OP_ALTER ? " → " : "");
        if (ev->op != OP_DROP)
            inline_value(out, "ins", after);
    }
    sb_c(out, "</dd>\n");
}

void site_event_rows(struct strbuf *out, const struct site_job *job, const struct site_event *ev)
{
    struct differing d = differing(job, ev, out->mem);
    bool any = false, derived = true;
    if (out->n > SITE_PAGE) {
        sb_c(out, "<p class=\"dim\">This page has grown too long: the values are left out here. "
                  "<code>snap show</code> has them.</p>\n");
        return;
    }
    /* what follows from the other attributes is told only where nothing else is */
    for (uint32_t i = 0; i < d.all.n; i++)
        derived = derived && d.all.v[i].row && (d.all.v[i].row->flags & AF_DERIVED);
    for (uint32_t i = 0; i < d.all.n; i++) {
        const struct differs *v = &d.all.v[i];
        if (!derived && v->row && (v->row->flags & AF_DERIVED))
            continue;
        sb_c(out, any ? "" : "<dl>\n");
        any = true;
        row(out, ev, v);
    }
    sb_c(out, any ? "</dl>\n" : "");
}

void site_event_brief(struct strbuf *out, const struct site_job *job, const struct site_event *ev)
{
    const struct kind_desc *kind = kind_of(job, ev->path);
    struct obj o = object_of(job, ev->path, ev->op == OP_DROP ? ev->before : ev->after);
    struct strbuf brief = sb_new(out->mem, 0);
    if (ev->op != OP_ALTER) {
        if (kind && kind->brief)
            kind->brief(&o, &brief);
        struct str text = sb_view(&brief);
        html_text(out, is_long(text) ? STR("") : text);
        return;
    }
    struct differing d = differing(job, ev, out->mem);
    for (uint32_t i = 0, n = 0; i < d.all.n; i++) {
        const struct differs *v = &d.all.v[i];
        struct str before = value(ev, v, v->before, out->mem);
        struct str after = value(ev, v, v->after, out->mem);
        if (d.all.n > 1 && v->row && (v->row->flags & AF_DERIVED))
            continue;
        sb_c(out, n++ ? "; " : "");
        label(out, v);
        if (is_long(before) || is_long(after) || (v->row && v->row->type == A_BODY))
            continue; /* the object's page has it, line by line */
        sb_char(out, ' ');
        inline_value(out, "del", before);
        sb_c(out, " → ");
        inline_value(out, "ins", after);
    }
}

void site_inside(struct strbuf *out, const struct site_job *job, const struct site_group *g)
{
    const struct engine *eng = job->env->eng;
    bool any = false;
    for (uint16_t k = 0; eng && k < eng->nkinds; k++) {
        struct strbuf word = sb_new(out->mem, 0);
        uint32_t n = 0;
        for (uint32_t i = g->from; i < g->from + g->n; i++)
            n += &job->d.events[i] != g->whole &&
                 str_eq_c(path_kind(job->d.events[i].path), eng->kinds[k]->name);
        if (!n)
            continue;
        report_kind(&word, str_c(eng->kinds[k]->name));
        sb_c(out, any ? ", " : "");
        any = true;
        report_count(out, n, sb_view(&word).p);
    }
}

/* A text as lines, all of them or as many as there is room for. */
struct lines {
    VEC(struct str) all;
};

static struct lines lines_of(struct str text, struct arena *mem)
{
    struct lines l = {0};
    struct str line;
    while (str_cut(&text, '\n', &line))
        VEC_PUSH(mem, l.all, line);
    return l;
}

static struct str joined(const struct lines *l, uint32_t from, uint32_t to)
{
    if (from >= to)
        return STR("");
    return str_range(l->all.v[from].p, l->all.v[to - 1].p + l->all.v[to - 1].n);
}

static void line(struct strbuf *out, const char *class, const char *sign, struct str text)
{
    sb_printf(out, "<tr%s><td>%s</td><td>", class, sign);
    html_text(out, text);
    sb_c(out, "</td></tr>\n");
}

static void skipped(struct strbuf *out, uint32_t n, const char *what)
{
    if (n)
        sb_printf(out, "<tr class=\"k\"><td></td><td>… %u %s line%s</td></tr>\n", n, what,
                  n == 1 ? "" : "s");
}

static void kept(struct strbuf *out, const struct lines *l, uint32_t from, uint32_t to)
{
    for (uint32_t i = from; i < to; i++)
        line(out, "", "", l->all.v[i]);
}

/* What lies between the equal ends. Of equal lines in it those next to a change are shown. */
static void middle(struct strbuf *out, struct str before, struct str after)
{
    uint32_t n;
    struct diff_line *d = report_line_diff(before, after, out->mem, &n);
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && d[end].mark == d[i].mark;)
            end++;
        bool cut = d[i].mark == ' ' && end - i > 2 * SITE_CONTEXT + 1;
        for (uint32_t k = i; k < end; k++) {
            if (cut && k == i + SITE_CONTEXT) {
                k = end - SITE_CONTEXT;
                skipped(out, k - i - SITE_CONTEXT, "equal");
            }
            line(out,
                 d[k].mark == '+'   ? " class=\"a\""
                 : d[k].mark == '-' ? " class=\"d\""
                                    : "",
                 d[k].mark == '+'   ? "+"
                 : d[k].mark == '-' ? "−"
                                    : "",
                 d[k].text);
        }
    }
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

void site_lines(struct strbuf *out, struct str before, struct str after)
{
    struct lines a = lines_of(before, out->mem), b = lines_of(after, out->mem);
    uint32_t head = 0, tail = 0, na = a.all.n, nb = b.all.n;
    while (head < na && head < nb && str_eq(a.all.v[head], b.all.v[head]))
        head++;
    while (tail < na - head && tail < nb - head &&
           str_eq(a.all.v[na - tail - 1], b.all.v[nb - tail - 1]))
        tail++;
    uint32_t enda = least(na - tail, head + SITE_LINES), endb = least(nb - tail, head + SITE_LINES);
    uint32_t first = head > SITE_CONTEXT ? head - SITE_CONTEXT : 0;
    uint32_t after_it = least(tail, SITE_CONTEXT);
    bool cut = enda < na - tail || endb < nb - tail;
    sb_c(out, "<div class=\"scroll\"><table class=\"ud\">\n");
    skipped(out, first, "equal");
    kept(out, &b, first, head);
    middle(out, joined(&a, head, enda), joined(&b, head, endb));
    if (cut) {
        skipped(out, na - tail - enda, "more old");
        skipped(out, nb - tail - endb, "more new");
        sb_c(out, "<tr class=\"k\"><td></td><td>… cut here: <code>snap show</code> has the whole "
                  "text</td></tr>\n");
    }
    kept(out, &b, nb - tail, nb - tail + after_it);
    skipped(out, tail - after_it, "equal");
    sb_c(out, "</table></div>\n");
}
