/* Grouping of changes and words for them; see report.h. */

#include "emit/report.h"

#include <stdlib.h>
#include <string.h>

struct ordered {
    struct report_line line;
    const struct engine *eng;
};

static int by_rank(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    const struct obj *o = change_obj(x->line.change), *p = change_obj(y->line.change);
    int rank = obj_kind(x->eng, o)->rank - obj_kind(y->eng, p)->rank;
    if (rank || x->line.change->position != y->line.change->position)
        return rank ? rank : x->line.change->position < y->line.change->position ? -1 : 1;
    return path_cmp(o->path, p->path);
}

/* Comes or goes with something above it that comes or goes. */
static bool is_inside(const struct changes *c, uint32_t i, uint32_t from)
{
    struct str path = change_obj(&c->v[i])->path;
    for (uint32_t k = from; k < i && !c->v[i].apart; k++)
        if (c->v[k].op != OP_ALTER && c->v[k].op == c->v[i].op &&
            path_within(path, change_obj(&c->v[k])->path))
            return true;
    return false;
}

static const struct rename_hint *hint_of(const struct changes *c, uint32_t i)
{
    for (uint32_t k = 0; k < c->nhints; k++)
        if (c->hints[k].add == i)
            return &c->hints[k];
    return NULL;
}

static void count(struct report *r, const struct change *c)
{
    r->added += c->op == OP_ADD;
    r->changed += c->op == OP_ALTER;
    r->dropped += c->op == OP_DROP;
    r->destructive += (c->hazards & 1u << HZ_DATA_LOSS) != 0;
}

static uint32_t group_end(const struct changes *c, uint32_t from)
{
    struct str top = engine_top(c->eng, change_obj(&c->v[from])->path);
    uint32_t end = from;
    while (end < c->n && str_eq(engine_top(c->eng, change_obj(&c->v[end])->path), top))
        end++;
    return end;
}

static void fill_group(struct report *r, struct report_group *g, const struct changes *c,
                       uint32_t from, uint32_t end, struct arena *mem)
{
    struct ordered *lines = NEW_ARRAY(mem, struct ordered, end - from);
    g->top = engine_top(c->eng, change_obj(&c->v[from])->path);
    for (uint32_t i = from; i < end; i++) {
        const struct change *one = &c->v[i];
        if (is_inside(c, i, from)) {
            g->inside++;
            continue;
        }
        count(r, one);
        g->hazards |= one->hazards;
        if (str_eq(change_obj(one)->path, g->top))
            g->whole = one;
        else
            lines[g->nlines++] = (struct ordered){{one, hint_of(c, i)}, c->eng};
    }
    if (g->nlines)
        qsort(lines, g->nlines, sizeof *lines, by_rank);
    g->lines = NEW_ARRAY(mem, struct report_line, g->nlines);
    for (uint32_t i = 0; i < g->nlines; i++)
        g->lines[i] = lines[i].line;
}

struct report report_make(const struct changes *c, struct arena *mem)
{
    struct report r = {0};
    VEC(struct report_group) groups = {0};
    for (uint32_t i = 0, end; i < c->n; i = end) {
        struct report_group g = {0};
        end = group_end(c, i);
        fill_group(&r, &g, c, i, end, mem);
        VEC_PUSH(mem, groups, g);
    }
    r.groups = groups.v;
    r.ngroups = groups.n;
    return r;
}

void report_kind(struct strbuf *out, struct str tag)
{
    for (size_t i = 0; i < tag.n; i++)
        sb_char(out, tag.p[i] == '_' ? ' ' : tag.p[i]);
}

void report_count(struct strbuf *out, uint64_t n, const char *word)
{
    struct str w = str_c(word);
    sb_printf(out, "%llu ", (unsigned long long)n);
    bool es = n != 1 && (str_ends(w, STR("x")) || str_ends(w, STR("ch")));
    bool ies = n != 1 && str_ends(w, STR("key")) == false && str_ends(w, STR("y"));
    sb_str(out, ies ? str_sub(w, 0, w.n - 1) : w);
    sb_c(out, n == 1 ? "" : ies ? "ies" : es ? "es" : "s");
}

void report_inside(struct strbuf *out, const struct changes *c, const struct report_group *g)
{
    for (size_t k = 0; k < c->eng->nkinds; k++) {
        struct strbuf word = sb_new(out->mem, 0);
        uint32_t n = 0;
        for (uint32_t i = 0; i < c->n; i++) {
            const struct obj *o = change_obj(&c->v[i]);
            n += o->kind == k && !str_eq(o->path, g->top) && path_within(o->path, g->top);
        }
        if (!n)
            continue;
        report_kind(&word, str_c(c->eng->kinds[k]->name));
        if (out->n)
            sb_c(out, ", ");
        report_count(out, n, sb_view(&word).p);
    }
}

struct str report_name(const struct obj *o, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    if (path_is_unnamed(o->path))
        return STR("");
    path_quote_name(&b, path_kind(o->path), obj_name(mem, o));
    return sb_view(&b);
}

/* The first change at the path or behind it. */
static uint32_t first_at(const struct changes *c, struct str path)
{
    uint32_t lo = 0, hi = c->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (path_cmp(change_obj(&c->v[mid])->path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* What is written inside a part of an object and has no name of its own, the default of a column,
 * is shown with it when it comes or goes. */
struct str report_brief(const struct changes *c, const struct obj *o, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    const struct kind_desc *kind = obj_kind(c->eng, o);
    uint32_t own = first_at(c, o->path);
    if (kind->brief)
        kind->brief(o, &b);
    bool whole = str_eq(engine_top(c->eng, o->path), o->path);
    for (uint32_t i = own + 1;
         !whole && i < c->n && path_within(change_obj(&c->v[i])->path, o->path); i++) {
        const struct obj *part = change_obj(&c->v[i]);
        const struct kind_desc *inside = obj_kind(c->eng, part);
        if (c->v[i].op == OP_ALTER || c->v[i].op != c->v[own].op || !inside->brief ||
            !(inside->flags & KF_INLINE) || !str_eq(path_parent(part->path), o->path) ||
            !path_is_unnamed(part->path))
            continue;
        sb_c(&b, b.n ? " " : "");
        report_kind(&b, path_kind(part->path));
        sb_char(&b, ' ');
        inside->brief(part, &b);
    }
    return sb_view(&b);
}

void report_value(struct strbuf *out, const struct change *c, const struct attr_desc *row,
                  struct str raw)
{
    struct jc_iter it = jc_iter(raw);
    struct str key, value;
    bool first = true;
    if (str_is_null(raw) && row->dflt)
        raw = str_c(row->dflt);
    if (str_is_null(raw) && strcmp(row->name, "name") == 0) {
        sb_str(out, path_name(out->mem, change_obj(c)->path));
        return;
    }
    if (str_is_null(raw)) {
        sb_c(out, row->type == A_BOOL ? "no" : "none");
        return;
    }
    if (row->type == A_BOOL) {
        sb_c(out, "yes");
        return;
    }
    if (raw.p[0] != '[' && raw.p[0] != '{') {
        struct str text = jc_text(out->mem, raw);
        sb_str(out, text.n ? text : STR("none"));
        return;
    }
    sb_char(out, '(');
    while (jc_next(&it, &key, &value)) {
        if (!first)
            sb_c(out, ", ");
        first = false;
        if (it.object)
            sb_printf(out, "%.*s: ", STR_ARG(key));
        sb_str(out, jc_text(out->mem, value));
    }
    sb_char(out, ')');
}

void report_summary(struct strbuf *out, const struct report *r)
{
    static const char *const words[] = {" added", " changed", " dropped"};
    uint32_t n[] = {r->added, r->changed, r->dropped};
    if (r->renamed) {
        report_count(out, r->renamed, "rename");
        if (!r->ngroups)
            return;
        sb_c(out, "; ");
    }
    report_count(out, (uint64_t)n[0] + n[1] + n[2], "change");
    sb_c(out, " in ");
    report_count(out, r->ngroups, "object");
    const char *before = ": ";
    for (size_t i = 0; i < 3; i++) {
        if (!n[i])
            continue;
        sb_printf(out, "%s%u%s", before, n[i], words[i]);
        before = ", ";
    }
    if (r->destructive)
        sb_printf(out, " (%u destructive)", r->destructive);
}

void report_bodies(const struct change *c, const struct attr_change *a, struct arena *mem,
                   struct str *before, struct str *after)
{
    *before = obj_src(mem, c->before, "sql");
    *after = obj_src(mem, c->after, "sql");
    if (!before->n || !after->n || str_eq(*before, *after)) {
        *before = jc_text(mem, a->before);
        *after = jc_text(mem, a->after);
    }
}

static struct str *split_lines(struct str text, struct arena *mem, uint32_t *n)
{
    VEC(struct str) lines = {0};
    struct str rest = text, line;
    while (str_cut(&rest, '\n', &line)) {
        if (line.n && line.p[line.n - 1] == '\r')
            line.n--;
        VEC_PUSH(mem, lines, line);
    }
    *n = lines.n;
    return lines.v;
}

enum { MAX_LINES = 2000 };

/* Longest common subsequence by the textbook table; bodies are short, and long ones are shown
 * whole. */
struct diff_line *report_line_diff(struct str a, struct str b, struct arena *mem, uint32_t *n)
{
    uint32_t na, nb;
    struct str *x = split_lines(a, mem, &na), *y = split_lines(b, mem, &nb);
    struct diff_line *out = NEW_ARRAY(mem, struct diff_line, (size_t)na + nb);
    bool table = na <= MAX_LINES && nb <= MAX_LINES;
    uint16_t *len = NEW_ARRAY(mem, uint16_t, table ? ((size_t)na + 1) * (nb + 1) : 1);
    size_t w = (size_t)nb + 1;
    uint32_t i = 0, k = 0;
    for (uint32_t r = na; table && r-- > 0;)
        for (uint32_t c = nb; c-- > 0;) {
            uint16_t down = len[(r + 1) * w + c], right = len[r * w + c + 1];
            len[r * w + c] = str_eq(x[r], y[c]) ? (uint16_t)(len[(r + 1) * w + c + 1] + 1)
                             : down > right     ? down
                                                : right;
        }
    *n = 0;
    while (i < na || k < nb) {
        bool same = i < na && k < nb && str_eq(x[i], y[k]);
        if (table && same) {
            out[(*n)++] = (struct diff_line){' ', x[i++]};
            k++;
        } else if (k == nb || (i < na && (!table || len[(i + 1) * w + k] >= len[i * w + k + 1]))) {
            out[(*n)++] = (struct diff_line){'-', x[i++]};
        } else {
            out[(*n)++] = (struct diff_line){'+', y[k++]};
        }
    }
    return out;
}

enum { SHOWN_UNTOLD = 8, SHOWN_PART = 16 };

void report_untold(struct strbuf *out, const struct changes *c, bool part)
{
    struct jc_iter it = jc_iter(c->from.untold.n ? c->from.untold : c->to.untold);
    struct str key, value;
    size_t n = 0, shown = part ? SHOWN_PART : SHOWN_UNTOLD;
    while (jc_next(&it, &key, &value)) {
        struct str name = str_sub(value, 1, value.n - 1);
        size_t what = str_find(name, STR(": "));
        if ((what < name.n) == part && n++ < shown)
            sb_printf(out, "%s%.*s", n > 1 ? ", " : "", STR_ARG(str_sub(name, 0, what)));
    }
    if (n > shown)
        sb_printf(out, " and %zu more", n - shown);
}
