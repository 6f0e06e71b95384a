/*
 * One changelog behind another in YAML or JSON; see append.h. A list in lines takes lines, moved to
 * its column; a list in brackets takes items in brackets.
 */

#include "changelog/append.h"

#include "core/escape.h"

enum { MAX_DEPTH = 64 };

/* Column of a place; what stands before it on its line is blank, "- " or a byte order mark. */
static int column(struct str text, size_t at)
{
    size_t line = append_line_start(text, at);
    if (!line && at >= 3 && str_starts(text, STR("\xef\xbb\xbf")))
        line = 3;
    return (int)(at - line);
}

/* Blanks at the begin of the line on which a place stands. */
static int indent_of(struct str text, size_t at)
{
    size_t line = append_line_start(text, at), n = line;
    while (n < text.n && text.p[n] == ' ')
        n++;
    return (int)(n - line);
}

static bool is_comment(struct str line)
{
    struct str s = str_trim(line);
    return !s.n || s.p[0] == '#';
}

/* Where lines are put behind what ends at `at`: at the end of the file, before "..." or before
 * another key of the root. */
static size_t tail_of(struct str text, size_t at)
{
    size_t behind = append_line_end(text, at), p = behind;
    while (p < text.n) {
        size_t end = p;
        while (end < text.n && text.p[end] != '\n')
            end++;
        struct str line = str_sub(text, p, end);
        if (str_starts(line, STR("...")))
            return p;
        if (!is_comment(line))
            return behind;
        p = end < text.n ? end + 1 : end;
    }
    return text.n;
}

/* A list in lines with the comments before its first item. */
static struct str block_text(const struct log_doc *d)
{
    size_t from = append_line_start(d->text, d->list->from);
    size_t end = append_line_end(d->text, d->list->to);
    while (from) {
        size_t above = append_line_start(d->text, from - 1);
        struct str line = str_sub(d->text, above, from);
        if (!is_comment(line) || above == 0)
            break;
        from = above;
    }
    while (from < d->list->from &&
           !str_trim(str_sub(d->text, from, append_line_end(d->text, from + 1))).n)
        from = append_line_end(d->text, from + 1);
    return str_sub(d->text, from, end);
}

/* true, false, null and numbers mean themselves without quotes. */
static bool is_word(const struct node *n)
{
    int64_t number;
    if (!n->plain)
        return false;
    return str_eq(n->text, STR("true")) || str_eq(n->text, STR("false")) ||
           str_eq(n->text, STR("null")) ||
           (n->text.n && n->text.n < 18 && str_int(n->text, &number) && n->text.p[0] != '+' &&
            (n->text.p[0] != '0' || n->text.n == 1));
}

static void put_key(struct strbuf *out, const struct node *n, bool map)
{
    if (!map)
        return;
    esc_json_yaml(out, n->key);
    sb_c(out, ": ");
}

/* An item of lines in brackets, on one line. */
static int put_brackets(struct strbuf *out, const struct node *item)
{
    const struct node *stack[MAX_DEPTH];
    unsigned depth = 0;
    const struct node *n = item;
    for (;;) {
        bool map = depth && stack[depth - 1]->type == NODE_MAP;
        put_key(out, n, map);
        if (n->type == NODE_SCALAR) {
            if (is_word(n) || (n->plain && !n->text.n))
                sb_str(out, n->text.n ? n->text : STR("null"));
            else
                esc_json_yaml(out, n->text);
        } else {
            sb_char(out, n->type == NODE_MAP ? '{' : '[');
            if (n->first) {
                if (depth == MAX_DEPTH)
                    return -1;
                stack[depth++] = n;
                n = n->first;
                continue;
            }
            sb_char(out, n->type == NODE_MAP ? '}' : ']');
        }
        while (depth && !n->next) {
            n = stack[--depth];
            sb_char(out, n->type == NODE_MAP ? '}' : ']');
        }
        if (!depth)
            return 0;
        sb_c(out, ", ");
        n = n->next;
    }
}

/* One item of the added list in brackets; lines of it after the first are moved. */
static int put_item(struct strbuf *out, const struct log_doc *d, const struct node *item, int at,
                    struct append_style style)
{
    struct strbuf lines = sb_new(out->mem, 0);
    if (!item->flow)
        return put_brackets(out, item);
    append_lines(&lines, str_sub(d->text, item->from, item->to),
                 at - indent_of(d->text, item->from), 1, style);
    struct str text = sb_view(&lines);
    sb_str(out, str_sub(text, 0, text.n - str_c(style.eol).n));
    return 0;
}

static int put_items(struct strbuf *out, const struct log_doc *d, int at, const char *between,
                     struct append_style style)
{
    for (const struct node *item = d->items->first; item; item = item->next) {
        if (put_item(out, d, item, at, style))
            return -1;
        if (item->next)
            sb_c(out, between);
    }
    return 0;
}

/* "," and the line on which the next item begins. */
static const char *next_line(struct arena *mem, int col, struct append_style style)
{
    struct strbuf b = sb_new(mem, 0);
    sb_printf(&b, ",%s", style.eol);
    sb_pad(&b, ' ', (size_t)col);
    return sb_view(&b).p;
}

/* Behind the last item in brackets: on lines of their own where that one has its own. */
static int into_brackets(const struct log_doc *m, const struct log_doc *d, struct strbuf *out,
                         struct append_style style)
{
    const struct node *last = m->items->first;
    while (last->next)
        last = last->next;
    size_t line = append_line_start(m->text, last->from);
    bool own = line && !str_trim(str_sub(m->text, line, last->from)).n;
    int col = own ? column(m->text, last->from) : 0;
    const char *between = own ? next_line(out->mem, col, style) : ", ";
    sb_str(out, str_sub(m->text, 0, last->to));
    sb_c(out, between);
    if (put_items(out, d, col, between, style))
        return -1;
    sb_str(out, str_from(m->text, last->to));
    return 0;
}

/* Into [], or in place of null in brackets. */
static int into_empty_brackets(const struct log_doc *m, const struct log_doc *d, struct strbuf *out,
                               struct append_style style)
{
    bool list = m->list->type == NODE_LIST;
    int indent = indent_of(m->text, m->list->from), col = indent + 2;
    struct str rest = str_from(m->text, list ? m->list->from + 1 : m->list->to);
    sb_str(out, str_sub(m->text, 0, list ? m->list->from + 1 : m->list->from));
    if (!list)
        sb_c(out, m->list->from && m->text.p[m->list->from - 1] == ':' ? " [" : "[");
    sb_c(out, style.eol);
    sb_pad(out, ' ', (size_t)col);
    if (put_items(out, d, col, next_line(out->mem, col, style), style))
        return -1;
    if (!list || str_starts(rest, STR("]"))) {
        sb_c(out, style.eol);
        sb_pad(out, ' ', (size_t)indent);
    }
    if (!list)
        sb_char(out, ']');
    sb_str(out, rest);
    return 0;
}

/* Lines behind `tail`; `text` is the master as far as it stays. */
static int put_block(struct strbuf *out, struct str text, size_t tail, int col,
                     const struct log_doc *d, struct append_style style)
{
    sb_str(out, str_sub(text, 0, tail));
    if (tail && text.p[tail - 1] != '\n')
        sb_c(out, style.eol);
    if (!d->list->flow) {
        append_lines(out, block_text(d), col - column(d->text, d->list->from), 0, style);
    } else {
        for (const struct node *item = d->items->first; item; item = item->next) {
            sb_pad(out, ' ', (size_t)col);
            sb_c(out, "- ");
            if (put_item(out, d, item, col + 2, style))
                return -1;
            sb_c(out, style.eol);
        }
    }
    sb_str(out, str_from(text, tail));
    return 0;
}

/* In place of [] or null: the key's line stays, with a comment that stands behind it. */
static int into_nothing(const struct log_doc *m, const struct log_doc *d, struct strbuf *out,
                        struct append_style style)
{
    struct strbuf kept = sb_new(out->mem, 0);
    size_t from = m->list->from;
    while (from && m->list->to > m->list->from && m->text.p[from - 1] == ' ')
        from--;
    sb_str(&kept, str_sub(m->text, 0, from));
    sb_str(&kept, str_from(m->text, m->list->to));
    struct str text = sb_view(&kept);
    return put_block(out, text, tail_of(text, from), column(m->text, m->root->from), d, style);
}

int append_yaml(const struct log_doc *m, const struct log_doc *d, struct strbuf *out, struct err *e)
{
    struct append_style style = append_style_of(m->text);
    int rc;
    if (m->items->first && m->list->flow)
        rc = into_brackets(m, d, out, style);
    else if (m->items->first)
        rc = put_block(out, m->text, tail_of(m->text, m->list->to), column(m->text, m->list->from),
                       d, style);
    else if (m->root->flow || m->form == LOG_JSON)
        rc = into_empty_brackets(m, d, out, style);
    else
        rc = into_nothing(m, d, out, style);
    return rc ? err_set(e, E_LIMIT, "%.*s is nested too deeply", STR_ARG(d->label)) : 0;
}
