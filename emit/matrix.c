/* The grid of snap diff --matrix for people, for Markdown and as JSON. */

#include "emit/matrix.h"

#include "core/escape.h"
#include "core/record.h"

enum { WIDTH = 100, GAP = 2 };

int matrix_format(struct str name, enum matrix_format *out, struct err *e)
{
    static const char *const names[] = {"text", "markdown", "json"};
    *out = MATRIX_TEXT;
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq_c(name, names[i])) {
            *out = (enum matrix_format)i;
            return 0;
        }
    if (!name.n)
        return 0;
    err_set(e, E_UNKNOWN_FORMAT, "snap diff --matrix has no format %.*s", STR_ARG(name));
    return err_hint(e, "formats: text, markdown, json");
}

void matrix_group(struct strbuf *out, uint32_t group)
{
    char name[8];
    size_t n = sizeof name;
    for (uint64_t left = (uint64_t)group + 1; left; left = (left - 1) / 26)
        name[--n] = (char)('A' + (left - 1) % 26);
    sb_put(out, name + n, sizeof name - n);
}

/* Changes between two sources; -1: it could not be told. */
static int64_t count(const struct matrix *m, uint32_t a, uint32_t b)
{
    if (m->v[a].why.code || m->v[b].why.code)
        return -1;
    return m->cells[m->v[a].class * m->nclasses + m->v[b].class];
}

static struct str shown(struct arena *mem, struct str text)
{
    struct strbuf b = sb_new(mem, 0);
    esc_terminal(&b, text);
    return sb_view(&b);
}

/* "=", a number, "?" or, of a source with itself, ".". */
static struct str cell(const struct matrix *m, uint32_t a, uint32_t b, struct arena *mem)
{
    int64_t n = count(m, a, b);
    if (n < 0)
        return STR("?");
    if (a == b)
        return STR(".");
    return n ? arena_printf(mem, "%lld", (long long)n) : STR("=");
}

static void put_left(struct strbuf *out, struct str text, size_t width)
{
    size_t n = esc_width(text);
    sb_str(out, text);
    sb_pad(out, ' ', n < width ? width - n : 0);
}

static void put_right(struct strbuf *out, struct str text, size_t width)
{
    size_t n = esc_width(text);
    sb_pad(out, ' ', n < width ? width - n : 0);
    sb_str(out, text);
}

/* Its name, or its number in the list. */
static struct str head(const struct matrix *m, uint32_t i, bool names, struct arena *mem)
{
    return names ? shown(mem, m->v[i].label) : arena_printf(mem, "%u", i + 1);
}

static size_t column_width(const struct matrix *m, uint32_t i, bool names, struct arena *mem)
{
    size_t width = esc_width(head(m, i, names, mem));
    for (uint32_t row = 0; row < m->n; row++) {
        size_t n = cell(m, row, i, mem).n;
        width = n > width ? n : width;
    }
    return width + GAP;
}

static size_t first_width(const struct matrix *m, bool names, struct arena *mem)
{
    size_t width = 0;
    for (uint32_t i = 0; i < m->n; i++) {
        size_t n = esc_width(head(m, i, names, mem));
        width = n > width ? n : width;
    }
    return width;
}

static bool fits(const struct matrix *m, bool names, struct arena *mem)
{
    size_t width = first_width(m, names, mem);
    for (uint32_t i = 0; i < m->n; i++)
        width += column_width(m, i, names, mem);
    return width <= WIDTH;
}

static void put_grid(struct strbuf *out, const struct matrix *m, bool names, struct arena *mem)
{
    size_t first = first_width(m, names, mem);
    size_t *widths = NEW_ARRAY(mem, size_t, m->n);
    sb_pad(out, ' ', first);
    for (uint32_t i = 0; i < m->n; i++) {
        widths[i] = column_width(m, i, names, mem);
        put_right(out, head(m, i, names, mem), widths[i]);
    }
    sb_char(out, '\n');
    for (uint32_t row = 0; row < m->n; row++) {
        put_left(out, head(m, row, names, mem), first);
        for (uint32_t i = 0; i < m->n; i++)
            put_right(out, cell(m, row, i, mem), widths[i]);
        sb_char(out, '\n');
    }
    sb_char(out, '\n');
}

/* One line a source: number, group, name, and what it holds. */
static void put_sources(struct strbuf *out, const struct matrix *m, struct arena *mem)
{
    size_t width = 0;
    for (uint32_t i = 0; i < m->n; i++) {
        size_t n = esc_width(shown(mem, m->v[i].label));
        width = n > width ? n : width;
    }
    for (uint32_t i = 0; i < m->n; i++) {
        const struct matrix_source *s = &m->v[i];
        struct strbuf group = sb_new(mem, 0);
        if (!s->why.code)
            matrix_group(&group, s->group);
        put_right(out, arena_printf(mem, "%u", i + 1), 3);
        sb_c(out, "  ");
        put_left(out, s->why.code ? STR("?") : sb_view(&group), 3);
        put_left(out, shown(mem, s->label), width);
        if (s->why.code) {
            sb_printf(out, "  %s\n", err_name(s->why.code));
            continue;
        }
        sb_printf(out, "  %.*s  ", STR_ARG(shown(mem, s->version)));
        hash_hex(out, s->fingerprint, 8);
        sb_printf(out, "  %llu fact%s\n", (unsigned long long)s->facts, s->facts == 1 ? "" : "s");
    }
    sb_char(out, '\n');
}

static void put_groups(struct strbuf *out, const struct matrix *m, struct arena *mem)
{
    for (uint32_t g = 0; g < m->ngroups; g++) {
        const char *before = ": ";
        sb_c(out, "group ");
        matrix_group(out, g);
        for (uint32_t i = 0; i < m->n; i++) {
            if (m->v[i].why.code || m->v[i].group != g)
                continue;
            sb_printf(out, "%s%.*s", before, STR_ARG(shown(mem, m->v[i].label)));
            before = ", ";
        }
        sb_char(out, '\n');
    }
}

static void put_whys(struct strbuf *out, const struct matrix *m, const char *bullet,
                     void (*esc)(struct strbuf *, struct str))
{
    for (uint32_t i = 0; i < m->n; i++)
        if (m->v[i].why.code) {
            sb_c(out, bullet);
            esc(out, m->v[i].label);
            sb_printf(out, ": %s: ", err_name(m->v[i].why.code));
            esc(out, str_c(m->v[i].why.msg));
            sb_char(out, '\n');
        }
    for (uint32_t k = 0; k < m->nclasses * m->nclasses; k++)
        if (m->whys[k].code) {
            sb_c(out, bullet);
            esc(out, m->v[m->first[k / m->nclasses]].label);
            sb_c(out, " and ");
            esc(out, m->v[m->first[k % m->nclasses]].label);
            sb_printf(out, ": %s: ", err_name(m->whys[k].code));
            esc(out, str_c(m->whys[k].msg));
            sb_char(out, '\n');
        }
}

static void put_verdict(struct strbuf *out, const struct matrix *m)
{
    if (m->ngroups == 1 && !m->failed)
        sb_printf(out, "%u sources, all the same\n", m->n);
    else
        sb_printf(out, "%u sources in %u group%s%s\n", m->n, m->ngroups, m->ngroups == 1 ? "" : "s",
                  m->failed ? "; what is marked ? could not be told" : "");
}

static void show_text(const struct matrix *m, struct arena *mem, struct strbuf *out)
{
    bool names = fits(m, true, mem);
    put_sources(out, m, mem);
    if (names || fits(m, false, mem))
        put_grid(out, m, names, mem);
    else
        put_groups(out, m, mem);
    put_whys(out, m, "? ", esc_terminal);
    put_verdict(out, m);
}

static void show_markdown(const struct matrix *m, struct arena *mem, struct strbuf *out)
{
    sb_c(out, "| | group |");
    for (uint32_t i = 0; i < m->n; i++) {
        sb_char(out, ' ');
        esc_markdown(out, m->v[i].label);
        sb_c(out, " |");
    }
    sb_c(out, "\n|---|---|");
    for (uint32_t i = 0; i < m->n; i++)
        sb_c(out, "--:|");
    for (uint32_t row = 0; row < m->n; row++) {
        sb_c(out, "\n| ");
        esc_markdown(out, m->v[row].label);
        sb_c(out, " | ");
        if (m->v[row].why.code)
            sb_char(out, '?');
        else
            matrix_group(out, m->v[row].group);
        sb_c(out, " |");
        for (uint32_t i = 0; i < m->n; i++) {
            struct str text = cell(m, row, i, mem);
            sb_printf(out, " %.*s |", STR_ARG(text));
        }
    }
    sb_c(out, "\n\n");
    put_whys(out, m, "- ? ", esc_markdown);
    put_verdict(out, m);
}

static void put_json_source(struct strbuf *out, const struct matrix_source *s)
{
    sb_char(out, '{');
    if (s->why.code)
        record_error(out, "error", &s->why);
    else {
        struct strbuf name = sb_new(out->mem, 0);
        matrix_group(&name, s->group);
        record_number(out, "facts", s->facts);
        record_hash(out, "fingerprint", s->fingerprint);
        record_text(out, "group", sb_view(&name));
    }
    record_text(out, "source", shown(out->mem, s->label));
    if (!s->why.code)
        record_text(out, "version", shown(out->mem, s->version));
    sb_char(out, '}');
}

static void show_json(const struct matrix *m, struct strbuf *out)
{
    sb_c(out, "{\"changes\":[");
    for (uint32_t row = 0; row < m->n; row++) {
        sb_c(out, row ? ",\n[" : "\n[");
        for (uint32_t i = 0; i < m->n; i++) {
            int64_t n = count(m, row, i);
            sb_c(out, i ? "," : "");
            if (n < 0)
                sb_c(out, "null");
            else
                sb_int(out, n);
        }
        sb_char(out, ']');
    }
    sb_printf(out, "],\"groups\":%u,\"same\":%s,\"sources\":[", m->ngroups,
              m->failed         ? "null"
              : m->ngroups == 1 ? "true"
                                : "false");
    for (uint32_t i = 0; i < m->n; i++) {
        sb_c(out, i ? ",\n" : "\n");
        put_json_source(out, &m->v[i]);
    }
    sb_c(out, "]}\n");
}

void matrix_show(const struct matrix *m, enum matrix_format how, struct arena *mem,
                 struct strbuf *out)
{
    if (how == MATRIX_TEXT)
        show_text(m, mem, out);
    else if (how == MATRIX_MARKDOWN)
        show_markdown(m, mem, out);
    else
        show_json(m, out);
}
