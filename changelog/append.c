/* One changelog behind another: XML, formatted SQL, and the look at the result; see append.h. */

#include "changelog/append.h"

#include "markup/xml_tree.h"

struct append_style append_style_of(struct str text)
{
    size_t end = str_chr(text, '\n');
    bool crlf = end < text.n && end && text.p[end - 1] == '\r';
    return (struct append_style){crlf ? "\r\n" : "\n"};
}

size_t append_line_start(struct str text, size_t at)
{
    while (at && text.p[at - 1] != '\n')
        at--;
    return at;
}

size_t append_line_end(struct str text, size_t at)
{
    if (at && at <= text.n && text.p[at - 1] == '\n')
        return at;
    while (at < text.n && text.p[at] != '\n')
        at++;
    return at < text.n ? at + 1 : at;
}

void append_lines(struct strbuf *out, struct str text, int shift, unsigned keep,
                  struct append_style style)
{
    struct str rest = text, line;
    for (unsigned i = 0; rest.n && str_cut(&rest, '\n', &line); i++) {
        if (str_ends(line, STR("\r")))
            line = str_sub(line, 0, line.n - 1);
        if (i >= keep && shift > 0 && line.n)
            sb_pad(out, ' ', (size_t)shift);
        for (int k = 0; i >= keep && k > shift && line.n && line.p[0] == ' '; k--)
            line = str_from(line, 1);
        sb_str(out, line);
        sb_c(out, style.eol);
    }
}

/* A file of which only a part would arrive is not added: what else it says counts for the whole of
 * a file. */
static int check_items(const struct log_doc *diff, struct err *e)
{
    for (const struct node *item = diff->items->first; item; item = item->next)
        for (const struct node *n = item->first; n; n = n->next)
            if (!str_eq(n->key, STR("changeSet")) && !str_eq(n->key, STR("property"))) {
                err_set(e, E_CHANGELOG_FORM, "%.*s line %u: %.*s is for a whole file",
                        STR_ARG(diff->label), n->line, STR_ARG(n->key));
                return err_hint(e, "changeSets and properties are added");
            }
    return 0;
}

static struct str without_line_ends(struct str s)
{
    while (s.n && (s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

enum { MAX_DEPTH = 64 };

/* Whether two trees are the same but for line ends at the end of texts. */
static bool same_tree(const struct node *a, const struct node *b)
{
    const struct node *stack[MAX_DEPTH][2];
    unsigned depth = 0;
    for (;;) {
        if (a->type != b->type || !str_eq(a->key, b->key) ||
            !str_eq(without_line_ends(a->text), without_line_ends(b->text)) ||
            !a->first != !b->first || depth == MAX_DEPTH)
            return false;
        if (a->first) {
            stack[depth][0] = a;
            stack[depth++][1] = b;
            a = a->first;
            b = b->first;
            continue;
        }
        while (depth && !a->next && !b->next) {
            depth--;
            a = stack[depth][0];
            b = stack[depth][1];
        }
        if (!depth)
            return true;
        if (!a->next || !b->next)
            return false;
        a = a->next;
        b = b->next;
    }
}

/* An item that is looked at for its order: properties of XML and SQL stand in front. */
static bool counts(const struct log_doc *d, const struct node *item)
{
    return d->form == LOG_YAML || d->form == LOG_JSON || !node_get(item, "property");
}

static bool has_property(const struct log_doc *d, const struct node *wanted)
{
    for (const struct node *item = d->items->first; item; item = item->next) {
        const struct node *p = node_get(item, "property");
        if (p && str_eq(node_word(p, "name"), node_word(wanted, "name")) &&
            str_eq(node_word(p, "value"), node_word(wanted, "value")))
            return true;
    }
    return false;
}

/* The items of both, in order, and nothing else. */
static bool holds_both(const struct log_doc *all, const struct log_doc *a, const struct log_doc *b)
{
    const struct node *n = all->items->first;
    const struct log_doc *parts[] = {a, b};
    for (int i = 0; i < 2; i++)
        for (const struct node *item = parts[i]->items->first; item; item = item->next) {
            if (!counts(all, item)) {
                if (!has_property(all, node_get(item, "property")))
                    return false;
                continue;
            }
            while (n && !counts(all, n))
                n = n->next;
            if (!n || !same_tree(n, item))
                return false;
            n = n->next;
        }
    while (n && !counts(all, n))
        n = n->next;
    return !n;
}

static bool is_blank(struct str s)
{
    return !str_trim(s).n;
}

/* Where the first element begins, with the comments before it. */
static size_t xml_begin(const struct log_doc *d, size_t first)
{
    for (;;) {
        struct str before = str_trim(str_sub(d->text, d->root_from, first));
        if (!str_ends(before, STR("-->")))
            return append_line_start(d->text, first);
        size_t at = (size_t)(before.p - d->text.p) + before.n - 3;
        while (at > d->root_from && !str_starts(str_from(d->text, at), STR("<!--")))
            at--;
        if (at == d->root_from)
            return first;
        first = at;
    }
}

/* Prefixes that the added elements use have to be known in the master. */
static int check_prefixes(const struct log_doc *master, const struct log_doc *diff,
                          struct arena *mem, struct err *e)
{
    struct xml_node *a, *b;
    if (xml_tree(master->text, master->label, mem, &a, e) ||
        xml_tree(diff->text, diff->label, mem, &b, e))
        return -1;
    for (uint32_t i = 0; i < b->nattrs; i++) {
        bool known = !b->attrs[i].prefixed || str_eq(b->attrs[i].name, STR("xsi")) ||
                     str_eq(b->attrs[i].name, STR("schemaLocation"));
        struct str use = arena_printf(mem, "<%.*s:", STR_ARG(b->attrs[i].name));
        for (uint32_t k = 0; k < a->nattrs && !known; k++)
            known = a->attrs[k].prefixed && str_eq(a->attrs[k].name, b->attrs[i].name) &&
                    str_eq(a->attrs[k].value, b->attrs[i].value);
        if (!known && str_find(diff->text, use) < diff->text.n)
            return err_set(e, E_CHANGELOG_FORM, "%.*s uses the prefix %.*s, which %.*s has not",
                           STR_ARG(diff->label), STR_ARG(b->attrs[i].name), STR_ARG(master->label));
    }
    return 0;
}

static const struct node *first_set(const struct log_doc *d)
{
    for (const struct node *n = d->items->first; n; n = n->next)
        if (node_get(n, "changeSet"))
            return n;
    return NULL;
}

/* XML's schema wants properties before changeSets, and in SQL what stands behind a changeSet is a
 * part of it. Those that the master has not, as lines. */
static struct str properties(const struct log_doc *master, const struct log_doc *diff,
                             struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    for (const struct node *item = diff->items->first; item; item = item->next) {
        const struct node *p = node_get(item, "property");
        if (!p || has_property(master, p))
            continue;
        size_t line = append_line_start(diff->text, item->from);
        bool own = is_blank(str_sub(diff->text, line, item->from));
        append_lines(&b, str_sub(diff->text, own ? line : item->from, item->to), 0, 0,
                     append_style_of(master->text));
    }
    return sb_view(&b);
}

/* Where properties go: before the first item that runs; `otherwise` where there is none. */
static size_t front_of(const struct log_doc *d, size_t otherwise)
{
    for (const struct node *n = d->items->first; n; n = n->next)
        if (n->to && !node_get(n, "property") && !node_get(n, "preConditions")) {
            size_t line = append_line_start(d->text, n->from);
            return is_blank(str_sub(d->text, line, n->from)) ? line : n->from;
        }
    return otherwise;
}

/* The name of the root with its prefix, as its tag has it. */
static struct str root_name(const struct log_doc *d)
{
    size_t n = d->root_from + 1;
    while (n < d->text.n && !ascii_is_space(d->text.p[n]) && d->text.p[n] != '/' &&
           d->text.p[n] != '>')
        n++;
    return str_sub(d->text, d->root_from + 1, n);
}

static int append_xml(const struct log_doc *master, const struct log_doc *diff, struct strbuf *out,
                      struct err *e)
{
    struct append_style style = append_style_of(master->text);
    const struct node *first = first_set(diff);
    struct str text = master->text, added;
    if (check_prefixes(master, diff, out->mem, e))
        return -1;
    size_t from = xml_begin(diff, first->from);
    added = str_sub(diff->text, from, diff->root_close);
    while (added.n && ascii_is_space(added.p[added.n - 1]))
        added.n--;
    if (master->root_close == master->root_to) { /* <databaseChangeLog/> */
        struct str open = str_sub(text, 0, master->root_to);
        sb_str(out, str_sub(open, 0, open.n - 2));
        sb_printf(out, ">%s", style.eol);
        sb_str(out, properties(master, diff, out->mem));
        append_lines(out, added, 0, 0, style);
        sb_printf(out, "</%.*s>", STR_ARG(root_name(master)));
        sb_str(out, str_from(text, master->root_to));
        return 0;
    }
    size_t line = append_line_start(text, master->root_close), at = master->root_close;
    if (is_blank(str_sub(text, line, at)))
        at = line;
    size_t front = front_of(master, at);
    sb_str(out, str_sub(text, 0, front));
    sb_str(out, properties(master, diff, out->mem));
    sb_str(out, str_sub(text, front, at));
    if (at != line)
        sb_c(out, style.eol);
    append_lines(out, added, 0, 0, style);
    sb_str(out, str_from(text, at));
    return 0;
}

static int append_sql(const struct log_doc *master, const struct log_doc *diff, struct strbuf *out,
                      struct err *e)
{
    struct append_style style = append_style_of(master->text);
    bool empty = is_blank(master->text);
    for (int i = 0; i < 2; i++) {
        const struct log_doc *d = i ? diff : master;
        if (d->raw)
            return err_set(e, E_CHANGELOG_FORM,
                           "%.*s does not begin with \"--liquibase formatted sql\"",
                           STR_ARG(d->label));
    }
    if (empty) {
        sb_str(out, master->text);
        append_lines(out, diff->text, 0, 0, style);
        return 0;
    }
    size_t front = front_of(master, master->text.n);
    sb_str(out, str_sub(master->text, 0, front));
    if (front && master->text.p[front - 1] != '\n')
        sb_c(out, style.eol);
    sb_str(out, properties(master, diff, out->mem));
    sb_str(out, str_from(master->text, front));
    if (front < master->text.n && master->text.p[master->text.n - 1] != '\n')
        sb_c(out, style.eol);
    sb_c(out, style.eol);
    append_lines(out, str_from(diff->text, first_set(diff)->from), 0, 0, style);
    return 0;
}

static bool is_yaml(const struct log_doc *d)
{
    return d->form == LOG_YAML || d->form == LOG_JSON;
}

int append_text(const struct log_doc *master, const struct log_doc *diff, struct arena *mem,
                struct str *out, struct err *e)
{
    struct strbuf text = sb_new(mem, 0);
    struct log_doc all;
    if (master->form != diff->form && !(is_yaml(master) && is_yaml(diff))) {
        err_set(e, E_CHANGELOG_FORM, "%.*s is %s and %.*s is %s", STR_ARG(master->label),
                log_form_name(master->form), STR_ARG(diff->label), log_form_name(diff->form));
        return err_hint(e, "snap changelog --format writes the other form");
    }
    if (check_items(diff, e))
        return -1;
    *out = master->text;
    if (!first_set(diff))
        return 0;
    if (master->form == LOG_XML   ? append_xml(master, diff, &text, e)
        : master->form == LOG_SQL ? append_sql(master, diff, &text, e)
                                  : append_yaml(master, diff, &text, e))
        return -1;
    if (text.over)
        return err_set(e, E_LIMIT, "%.*s would be larger than 1 GiB", STR_ARG(master->label));
    *out = sb_view(&text);
    if (log_doc_read(*out, master->label, mem, &all, e) || !holds_both(&all, master, diff)) {
        err_set(e, E_CHANGELOG_FORM,
                "%.*s: behind its own changeSets those of %.*s would be read as something else",
                STR_ARG(master->label), STR_ARG(diff->label));
        return err_hint(e, "nothing was written; write %.*s anew with snap changelog",
                        STR_ARG(diff->label));
    }
    return 0;
}
