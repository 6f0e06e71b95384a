/* What changeSets do, as text that can be compared; see master.h. */

#include "changelog/master.h"

#include <stdlib.h>

enum { MAX_DEPTH = 32 };

static struct str undo(struct str text, struct str want, struct arena *mem)
{
    struct str rest = text;
    struct strbuf b = sb_new(mem, 0);
    size_t at = str_find(rest, want);
    if (at == rest.n)
        return text;
    for (; at < rest.n; at = str_find(rest, want)) {
        sb_str(&b, str_sub(rest, 0, at));
        sb_c(&b, "${");
        rest = str_from(rest, at + want.n);
    }
    sb_str(&b, rest);
    return sb_view(&b);
}

struct str log_undo_dollar(struct str text, struct arena *mem)
{
    /* formatted SQL is expanded once, the others twice */
    text = undo(text, STR("${${snap.d}}${${snap.d}}snap.d}}"), mem);
    return undo(text, STR("${snap.d}"), mem);
}

const struct node *log_first_change(const struct log_set *s, bool rollback)
{
    const struct node *list = node_get(s->node, rollback ? "rollback" : "changes");
    return list && list->type == NODE_LIST ? list->first : NULL;
}

const struct node *log_next_change(const struct node *change_item)
{
    return change_item->next;
}

const struct node *log_change(const struct node *change_item)
{
    return change_item->type == NODE_MAP ? change_item->first : NULL;
}

struct str log_sql(const struct node *change)
{
    if (!change || !str_eq(change->key, STR("sql")))
        return STR_NULL;
    return change->type == NODE_SCALAR ? change->text : node_word(change, "sql");
}

/* How a statement is cut and sent, and remarks. */
static bool says_how(struct str key)
{
    static const char *const keys[] = {"splitStatements", "stripComments", "endDelimiter",
                                       "comment", "comments"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (str_eq_c(key, keys[i]))
            return true;
    return false;
}

static bool is_statement(struct str key)
{
    return str_eq(key, STR("sql")) || str_eq(key, STR("procedureText")) ||
           str_eq(key, STR("selectQuery"));
}

/* Line ends as \n, no blanks and no semicolon at the ends. */
static void put_scalar(struct strbuf *out, const struct node *n)
{
    struct str text = str_trim(log_undo_dollar(n->text, out->mem));
    while (is_statement(n->key) && text.n && text.p[text.n - 1] == ';')
        text = str_trim(str_sub(text, 0, text.n - 1));
    sb_char(out, '"');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\r')
            continue;
        if (text.p[i] == '"' || text.p[i] == '\\')
            sb_char(out, '\\');
        sb_char(out, text.p[i]);
    }
    sb_char(out, '"');
}

static int by_key(const void *a, const void *b)
{
    const struct node *const *x = a, *const *y = b;
    return str_cmp((*x)->key, (*y)->key);
}

struct frame {
    const struct node **v;
    uint32_t n, i;
    bool map;
};

static struct frame open_frame(const struct node *n, struct arena *mem)
{
    struct frame f = {.map = n->type == NODE_MAP};
    uint32_t count = 0;
    for (const struct node *k = n->first; k; k = k->next)
        count++;
    f.v = NEW_ARRAY(mem, const struct node *, count);
    for (const struct node *k = n->first; k; k = k->next) {
        bool nothing = k->type == NODE_SCALAR && !k->text.n;
        if (!f.map || !(says_how(k->key) || nothing))
            f.v[f.n++] = k;
    }
    if (f.map && f.n)
        qsort(f.v, f.n, sizeof *f.v, by_key);
    return f;
}

/* `- sql: TEXT` is short for a map with that one key. */
static bool is_short_sql(const struct node *n)
{
    return n->type == NODE_SCALAR && str_eq(n->key, STR("sql"));
}

void log_content(const struct node *changes, struct strbuf *out)
{
    struct frame stack[MAX_DEPTH];
    unsigned depth = 0;
    if (!changes || changes->type == NODE_SCALAR)
        return;
    stack[depth++] = open_frame(changes, out->mem);
    while (depth) {
        struct frame *f = &stack[depth - 1];
        if (f->i == f->n) {
            sb_char(out, f->map ? '}' : ']');
            depth--;
            continue;
        }
        const struct node *n = f->v[f->i++];
        if (f->map) {
            sb_str(out, n->key);
            sb_char(out, ':');
        }
        if (is_short_sql(n) && depth == 2) {
            sb_c(out, "{sql:");
            put_scalar(out, n);
            sb_c(out, "}");
        } else if (n->type == NODE_SCALAR || depth == MAX_DEPTH) {
            put_scalar(out, n);
        } else {
            sb_char(out, n->type == NODE_MAP ? '{' : '[');
            stack[depth++] = open_frame(n, out->mem);
        }
    }
}

bool log_same(const struct log_set *a, const struct log_set *b)
{
    return hash_eq(a->content, b->content) && log_meet(a, b);
}

int log_identity_cmp(const struct log_set *a, const struct log_set *b)
{
    int c = str_cmp(a->id, b->id);
    c = c ? c : str_cmp(a->author, b->author);
    return c ? c : str_cmp(a->file, b->file);
}

static int by_identity(const void *a, const void *b)
{
    const struct log_set *const *x = a, *const *y = b;
    int c = log_identity_cmp(*x, *y);
    return c ? c : *x < *y ? -1 : 1; /* sets stand in one array */
}

struct log_names log_names_of(const struct master *m, struct arena *mem)
{
    struct log_names names = {NEW_ARRAY(mem, const struct log_set *, m->n), m->n};
    for (uint32_t i = 0; i < m->n; i++)
        names.v[i] = &m->sets[i];
    if (m->n)
        qsort(names.v, names.n, sizeof *names.v, by_identity);
    return names;
}

const struct log_set *log_find(const struct log_names *names, const struct log_set *s)
{
    uint32_t low = 0, high = names->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (log_identity_cmp(names->v[mid], s) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    bool found = low < names->n && log_identity_cmp(names->v[low], s) == 0;
    return found ? names->v[low] : NULL;
}

/* Whether what a later set does to an object may undo or replace what was done to `own`. */
static bool undoes(const struct touch *later, const struct touch *own)
{
    bool above = later->verb == TOUCH_DROP && own->parent.n &&
                 str_has_word(STR("table,collection"), str_c(later->kind)) &&
                 str_eq(later->name, own->parent);
    return above ||
           (touch_same(later, own) && (later->verb != TOUCH_USE || own->verb == TOUCH_USE));
}

/* Whether a later set has to do with what the earlier one made or changed; where nothing is known
 * of that, any set has. */
static bool overtakes(const struct log_set *later, const struct touches *own)
{
    if (!own->n)
        return !later->idle;
    for (uint32_t i = 0; i < later->touches.n; i++)
        for (uint32_t k = 0; k < own->n; k++)
            if (undoes(&later->touches.v[i], &own->v[k]))
                return true;
    return false;
}

bool log_overtaken(const struct master *m, uint32_t i, const struct log_set *s)
{
    for (i++; i < m->n; i++)
        if (overtakes(&m->sets[i], &s->touches))
            return true;
    return false;
}

enum log_standing log_stands(const struct master *m, const struct log_set *s,
                             const struct log_set **which)
{
    uint32_t last = m->n;
    *which = NULL;
    for (uint32_t i = 0; i < m->n; i++)
        if (log_same(&m->sets[i], s))
            last = i;
    if (last == m->n)
        return STANDS_NOWHERE;
    *which = &m->sets[last];
    return log_overtaken(m, last, s) ? STANDS_OVERTAKEN : STANDS_THERE;
}
