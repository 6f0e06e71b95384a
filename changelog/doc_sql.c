/*
 * Changelogs in formatted SQL in the shape of YAML's; see doc.h. The marks are comments:
 * `--changeset AUTHOR:ID key:value ...` begins a changeSet, `--rollback` and others stand in it.
 * Liquibase's reader looks at lines and nothing else, so a mark inside of a text counts, too.
 */

#include "changelog/doc.h"
#include "core/strbuf.h"

struct reading {
    struct log_doc *doc;
    struct arena *mem;
    struct err *e;
    struct node_list items;
    struct node *set; /* the changeSet that is read; NULL before the first */
    struct node_list members;
    struct node *sql;
    struct node_list sql_keys;
    struct strbuf body, back;
    bool has_back, in_back; /* in_back: inside of a comment of several lines */
    unsigned line, body_line;
    struct str comment;
};

/* What follows a mark's word: "-- changeset x" gives "x" for "changeset". */
static bool mark(struct str line, const char *word, struct str *rest)
{
    struct str s = str_trim(line);
    size_t n = str_c(word).n;
    if (!str_starts(s, STR("--")))
        return false;
    s = str_trim(str_from(s, 2));
    if (!str_eq_fold_c(str_sub(s, 0, n), word))
        return false;
    s = str_from(s, n);
    if (s.n && !ascii_is_space(s.p[0]) && s.p[0] != ':')
        return false;
    *rest = str_trim(s);
    return true;
}

/* A word up to a blank, or what stands in quotes. */
static struct str cut_word(struct str *rest, char end)
{
    struct str s = *rest;
    if (s.n && (s.p[0] == '"' || s.p[0] == '\'')) {
        size_t close = str_chr(str_from(s, 1), s.p[0]);
        struct str word = str_sub(s, 1, 1 + close);
        *rest = str_from(s, close + 2);
        return word;
    }
    size_t n = 0;
    while (n < s.n && s.p[n] != end && (end != ' ' || !ascii_is_space(s.p[n])))
        n++;
    *rest = str_from(s, n);
    return str_sub(s, 0, n);
}

/* key:value pairs. */
static void read_keys(struct reading *r, struct str rest)
{
    while ((rest = str_trim(rest)).n) {
        size_t colon = str_chr(rest, ':'), blank = 0;
        while (blank < rest.n && !ascii_is_space(rest.p[blank]))
            blank++;
        if (colon >= blank) { /* a word that is no pair */
            rest = str_from(rest, blank);
            continue;
        }
        struct str key = str_sub(rest, 0, colon), value;
        rest = str_from(rest, colon + 1);
        value = cut_word(&rest, ' ');
        bool of_sql = str_eq(key, STR("splitStatements")) || str_eq(key, STR("stripComments")) ||
                      str_eq(key, STR("endDelimiter"));
        if (str_eq(key, STR("context")))
            key = STR("contextFilter");
        node_append(of_sql && r->set ? &r->sql_keys : &r->members,
                    node_scalar(r->mem, key, value, r->line));
    }
}

static bool is_nothing(struct str back)
{
    struct str s = str_trim(back);
    return !s.n || str_eq_fold(s, STR("empty")) || str_eq_fold(s, STR("not required"));
}

static void put_rollback(struct reading *r)
{
    struct str back = str_trim(sb_view(&r->back));
    if (!r->has_back)
        return;
    if (is_nothing(back)) {
        node_append(&r->members, node_scalar(r->mem, STR("rollback"), STR("empty"), r->set->line));
        return;
    }
    struct node *list = node_made(r->mem, NODE_LIST, STR("rollback"), r->set->line);
    struct node *item = node_made(r->mem, NODE_MAP, STR(""), r->set->line);
    struct node *sql = node_made(r->mem, NODE_MAP, STR("sql"), r->set->line);
    struct node_list a = {list, NULL}, b = {item, NULL}, c = {sql, NULL};
    node_append(&a, item);
    node_append(&b, sql);
    node_append(&c, node_scalar(r->mem, STR("sql"), arena_str(r->mem, back), r->set->line));
    node_append(&r->members, list);
}

static void end_set(struct reading *r, size_t at)
{
    if (!r->set)
        return;
    struct str text = str_trim(sb_view(&r->body));
    if (r->comment.n)
        node_append(&r->members, node_scalar(r->mem, STR("comment"), r->comment, r->set->line));
    node_append(&r->sql_keys,
                node_scalar(r->mem, STR("sql"), arena_str(r->mem, text), r->body_line));
    struct node *list = node_made(r->mem, NODE_LIST, STR("changes"), r->body_line);
    struct node *item = node_made(r->mem, NODE_MAP, STR(""), r->body_line);
    struct node_list a = {list, NULL}, b = {item, NULL};
    node_append(&a, item);
    node_append(&b, r->sql);
    node_append(&r->members, list);
    put_rollback(r);
    r->set->to = at;
    r->items.last->to = at;
    r->set = NULL;
}

static void begin_set(struct reading *r, struct str author, struct str id, size_t at)
{
    struct node *item = node_made(r->mem, NODE_MAP, STR(""), r->line);
    struct node_list one = {item, NULL};
    r->set = node_made(r->mem, NODE_MAP, STR("changeSet"), r->line);
    r->sql = node_made(r->mem, NODE_MAP, STR("sql"), r->line);
    item->from = r->set->from = at;
    node_append(&one, r->set);
    node_append(&r->items, item);
    r->members = (struct node_list){r->set, NULL};
    r->sql_keys = (struct node_list){r->sql, NULL};
    r->body = sb_new(r->mem, 0);
    r->back = sb_new(r->mem, 0);
    r->has_back = r->in_back = false;
    r->comment = STR("");
    r->body_line = r->line;
    node_append(&r->members, node_scalar(r->mem, STR("id"), id, r->line));
    node_append(&r->members, node_scalar(r->mem, STR("author"), author, r->line));
}

static int read_head(struct reading *r, struct str rest, size_t at)
{
    struct str author = cut_word(&rest, ':'), id;
    if (!rest.n || rest.p[0] != ':')
        return err_set(r->e, E_CHANGELOG_SYNTAX, "%.*s line %u: --changeset wants AUTHOR:ID",
                       STR_ARG(r->doc->label), r->line);
    rest = str_from(rest, 1);
    id = cut_word(&rest, ' ');
    begin_set(r, str_trim(author), id, at);
    read_keys(r, rest);
    return 0;
}

/* key:value pairs as a member of a map. */
static void put_keys(struct reading *r, struct node_list *up, const char *key, struct str rest)
{
    struct node *map = node_made(r->mem, NODE_MAP, str_c(key), r->line);
    node_append(up, map);
    struct node_list keep = r->members; /* with the map, where it is `up` */
    r->members = (struct node_list){map, NULL};
    read_keys(r, rest);
    r->members = keep;
}

static void put_property(struct reading *r, struct str rest, struct str line, size_t at)
{
    struct node *item = node_made(r->mem, NODE_MAP, STR(""), r->line);
    struct node_list a = {item, NULL};
    put_keys(r, &a, "property", rest);
    item->from = at;
    item->to = at + line.n;
    node_append(&r->items, item);
}

static void put_line(struct reading *r, struct strbuf *b, struct str line)
{
    if (b == &r->body && !b->n && str_trim(line).n)
        r->body_line = r->line;
    sb_str(b, line);
    sb_char(b, '\n');
}

/* A line of a changeSet. */
static void read_inner(struct reading *r, struct str line)
{
    struct str rest, word = str_trim(line);
    if (r->in_back) {
        r->in_back = !str_ends(word, STR("*/"));
        put_line(r, &r->back, r->in_back ? line : str_sub(word, 0, word.n - 2));
    } else if (mark(line, "rollback", &rest)) {
        r->has_back = true;
        put_line(r, &r->back, rest);
    } else if (mark(line, "comment", &rest)) {
        r->comment = str_trim(rest.n && rest.p[0] == ':' ? str_from(rest, 1) : rest);
    } else if (str_eq_fold(word, STR("/* liquibase rollback"))) {
        r->has_back = r->in_back = true;
    } else if (mark(line, "preconditions", &rest)) {
        put_keys(r, &r->members, "preConditions", rest);
    } else if (!mark(line, "validchecksum", &rest) &&
               !mark(line, "precondition-sql-check", &rest)) {
        put_line(r, &r->body, line);
    }
}

static bool is_head(struct str line, struct str *rest)
{
    struct str s;
    if (!mark(line, "liquibase", &s))
        return false;
    if (!str_eq_fold(str_sub(s, 0, 9), STR("formatted")))
        return false;
    s = str_trim(str_from(s, 9));
    *rest = str_trim(str_from(s, 3));
    return str_eq_fold(str_sub(s, 0, 3), STR("sql"));
}

/* A script as it is: Liquibase gives it an id of its own. */
static void read_raw(struct reading *r, struct str text)
{
    r->doc->raw = true;
    begin_set(r, STR("includeAll"), STR("raw"), 0);
    sb_str(&r->body, text);
    end_set(r, r->doc->text.n);
}

/* Keys of the header, as items of their own. */
static void read_header(struct reading *r, struct str keys)
{
    struct node *item = node_made(r->mem, NODE_MAP, STR(""), r->line);
    struct node_list a = {item, NULL};
    r->members = a;
    read_keys(r, keys);
    if (item->first)
        node_append(&r->items, item);
}

int log_read_sql(struct log_doc *out, struct arena *mem, struct err *e)
{
    struct reading r = {.doc = out, .mem = mem, .e = e};
    struct str rest = out->text, line, found;
    bool head = false;
    if (str_starts(rest, STR("\xef\xbb\xbf")))
        rest = str_from(rest, 3);
    out->items = node_made(mem, NODE_LIST, STR(""), 1);
    r.items = (struct node_list){out->items, NULL};
    struct str whole = rest;
    while (str_cut(&rest, '\n', &line)) {
        size_t at = (size_t)(line.p - out->text.p);
        r.line++;
        if (str_ends(line, STR("\r")))
            line = str_sub(line, 0, line.n - 1);
        if (!head && str_trim(line).n) {
            if (!is_head(line, &found)) {
                read_raw(&r, whole);
                return 0;
            }
            head = true;
            read_header(&r, found);
        } else if (!r.in_back && mark(line, "changeset", &found)) {
            end_set(&r, at);
            if (read_head(&r, found, at))
                return -1;
        } else if (!r.set && mark(line, "property", &found)) {
            put_property(&r, found, line, at);
        } else if (r.set) {
            read_inner(&r, line);
        }
    }
    end_set(&r, out->text.n);
    return 0;
}
