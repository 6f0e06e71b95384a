/*
 * Formatted SQL of Liquibase as the tree of YAML: the forms that snap writes. What is another form
 * is refused by its line, since Liquibase searches such lines by expressions of its own.
 */

#include "changelog/doc.h"
#include "changelog/forms.h"
#include "core/step.h"
#include "core/strbuf.h"

struct set {
    struct node *map, *last; /* NULL: before the first */
    struct str end;          /* the word between statements, or absent */
    bool cut, cut_back;
    struct strbuf text, undo;
    bool has_undo;
    unsigned line;
};

struct parser {
    const struct engine *eng;
    struct arena *mem;
    struct str label;
    struct err *e;
    struct node *list, *last;
    struct set set;
    unsigned line;
};

/* Appends a member to a list (key absent) or map; *last is its last member so far, NULL at first.
 */
static struct node *node_add(struct arena *mem, struct node *up, struct node **last, struct str key,
                             enum node_type type, unsigned line)
{
    struct node_list list = {up, *last};
    node_append(&list, node_made(mem, type, key, line));
    *last = list.last;
    return list.last;
}

static int foreign(const struct parser *p, const char *what)
{
    err_set(p->e, E_CHANGELOG_FOREIGN, "%.*s line %u: %s", STR_ARG(p->label), p->line, what);
    return err_hint(p->e, "snap reads the formatted SQL that it writes");
}

static struct node *add_text(const struct parser *p, struct node *map, struct node **last,
                             struct str key, struct str text)
{
    struct node *n = node_add(p->mem, map, last, key, NODE_SCALAR, p->line);
    n->text = text;
    return n;
}

static void put_change(const struct parser *p, struct node *list, struct node **last,
                       struct str text)
{
    struct node *inner = NULL, *members = NULL;
    struct node *item = node_add(p->mem, list, last, STR_NULL, NODE_MAP, p->set.line);
    struct node *sql = node_add(p->mem, item, &inner, STR("sql"), NODE_MAP, p->set.line);
    add_text(p, sql, &members, STR("sql"), arena_str(p->mem, str_trim(text)));
    add_text(p, sql, &members, STR("splitStatements"), STR("false"));
    add_text(p, sql, &members, STR("stripComments"), STR("false"));
}

/* The text of one direction as single statements. */
static void put_changes(struct parser *p, const char *key, struct str text, bool cut)
{
    struct node *last = NULL;
    struct node *list =
        node_add(p->mem, p->set.map, &p->set.last, str_c(key), NODE_LIST, p->set.line);
    struct strbuf one = sb_new(p->mem, 0);
    struct str rest = text, line;
    struct script script = {.rest = text};
    if (!cut && p->eng && p->eng->many_at_once && p->eng->lang == LANG_SQL) {
        while (p->eng->split(&script, &line))
            put_change(p, list, &last, line);
        return;
    }
    while (str_cut(&rest, '\n', &line)) {
        if (cut && str_eq(str_trim(line), p->set.end)) {
            put_change(p, list, &last, sb_view(&one));
            sb_cut(&one, 0);
            continue;
        }
        sb_str(&one, line);
        sb_char(&one, '\n');
    }
    if (str_trim(sb_view(&one)).n)
        put_change(p, list, &last, sb_view(&one));
}

static int end_set(struct parser *p)
{
    struct set *s = &p->set;
    if (!s->map)
        return 0;
    if ((s->cut || s->cut_back) && !s->end.n)
        return foreign(p, "statements are cut without an endDelimiter");
    put_changes(p, "changes", sb_view(&s->text), s->cut);
    struct str undo = str_trim(sb_view(&s->undo));
    if (s->has_undo && str_eq_fold(undo, STR("empty")))
        add_text(p, s->map, &s->last, STR("rollback"), undo);
    else if (s->has_undo)
        put_changes(p, "rollback", sb_view(&s->undo), s->cut_back);
    return 0;
}

/* "value" or value, cut off *rest. */
static bool take_value(struct str *rest, struct str *out)
{
    size_t end;
    if (str_starts(*rest, STR("\""))) {
        end = str_chr(str_from(*rest, 1), '"') + 1;
        if (end >= rest->n)
            return false;
        *out = str_sub(*rest, 1, end);
        *rest = str_from(*rest, end + 1);
        return true;
    }
    end = str_chr(*rest, ' ');
    *out = str_sub(*rest, 0, end);
    *rest = str_from(*rest, end);
    return out->n > 0;
}

/* splitStatements and the like; other keys are members of the changeSet. */
static bool take_attribute(struct parser *p, struct str key, struct str value)
{
    struct set *s = &p->set;
    bool yes = str_eq(value, STR("true"));
    if (str_eq(key, STR("splitStatements")))
        s->cut = yes;
    else if (str_eq(key, STR("rollbackSplitStatements")))
        s->cut_back = yes;
    else if (str_eq(key, STR("endDelimiter")) || str_eq(key, STR("rollbackEndDelimiter")))
        s->end = value;
    else if (str_eq(key, STR("stripComments")))
        return !yes;
    else
        add_text(p, s->map, &s->last, key, value);
    return true;
}

static int begin_set(struct parser *p, struct str line)
{
    struct str rest = line, author, id, key, value;
    struct node *inner = NULL;
    if (end_set(p))
        return -1;
    if (!str_starts(rest, STR("\"")) || !take_value(&rest, &author) ||
        !str_starts(rest, STR(":\"")))
        return foreign(p, "a changeset wants \"author\":\"id\"");
    rest = str_from(rest, 1);
    if (!take_value(&rest, &id))
        return foreign(p, "a changeset wants \"author\":\"id\"");
    p->set = (struct set){.cut = true, .cut_back = true, .line = p->line};
    p->set.text = sb_new(p->mem, 0);
    p->set.undo = sb_new(p->mem, 0);
    struct node *item = node_add(p->mem, p->list, &p->last, STR_NULL, NODE_MAP, p->line);
    p->set.map = node_add(p->mem, item, &inner, STR("changeSet"), NODE_MAP, p->line);
    add_text(p, p->set.map, &p->set.last, STR("id"), id);
    add_text(p, p->set.map, &p->set.last, STR("author"), author);
    for (rest = str_trim(rest); rest.n; rest = str_trim(rest)) {
        size_t colon = str_chr(rest, ':');
        key = str_sub(rest, 0, colon);
        rest = str_from(rest, colon + 1);
        if (!take_value(&rest, &value) || !take_attribute(p, key, value))
            return foreign(p, "an attribute that snap does not write");
    }
    return 0;
}

static bool starts_word(struct str line, struct str word, struct str *rest)
{
    if (!str_starts(line, word))
        return false;
    *rest = str_from(line, word.n);
    return true;
}

/* A line that Liquibase would look at as one of its own though snap writes no such line. */
static bool is_other_word(struct str line)
{
    struct str rest = str_trim(line);
    static const char words[] = "changeset,rollback,property,comment,validchecksum,ignore,"
                                "precondition,liquibase,tagdatabase,include";
    struct str list = str_c(words), word;
    if (!str_starts(rest, STR("-")))
        return str_starts(rest, STR("/*")) &&
               str_eq_fold(str_sub(str_trim(str_from(rest, 2)), 0, 9), STR("liquibase"));
    while (str_starts(rest, STR("-")))
        rest = str_from(rest, 1);
    rest = str_trim(rest);
    while (str_cut(&list, ',', &word))
        if (str_eq_fold(str_sub(rest, 0, word.n), word))
            return true;
    return false;
}

static void put_property(struct parser *p)
{
    struct node *inner = NULL, *members = NULL;
    struct node *item = node_add(p->mem, p->list, &p->last, STR_NULL, NODE_MAP, p->line);
    struct node *map = node_add(p->mem, item, &inner, STR("property"), NODE_MAP, p->line);
    add_text(p, map, &members, STR("name"), STR("snap.d"));
    add_text(p, map, &members, STR("value"), STR("${"));
}

static int take_line(struct parser *p, struct str line)
{
    struct str rest;
    if (starts_word(line, STR("--changeset "), &rest))
        return begin_set(p, rest);
    if (!p->set.map && str_eq(line, STR("--property name:snap.d value:${ global:false"))) {
        put_property(p);
        return 0;
    }
    if (p->set.map && starts_word(line, STR("--rollback "), &rest)) {
        p->set.has_undo = true;
        sb_str(&p->set.undo, rest);
        sb_char(&p->set.undo, '\n');
        return 0;
    }
    if (p->set.map && starts_word(line, STR("--comment "), &rest))
        return 0;
    if (is_other_word(line))
        return foreign(p, "an instruction that snap does not write");
    if (!p->set.map)
        return str_trim(line).n && !str_starts(line, STR("--"))
                   ? foreign(p, "a statement before the first changeset")
                   : 0;
    sb_str(&p->set.text, line);
    sb_char(&p->set.text, '\n');
    return 0;
}

int sql_form(struct str text, struct str label, const struct engine *eng, struct arena *mem,
             struct node **out, struct err *e)
{
    struct parser p = {.eng = eng, .mem = mem, .label = label, .e = e};
    struct str rest = text, line;
    struct node *last = NULL;
    bool head = false;
    *out = NEW(mem, struct node);
    (*out)->type = NODE_MAP;
    p.list = node_add(mem, *out, &last, STR("databaseChangeLog"), NODE_LIST, 1);
    while (str_cut(&rest, '\n', &line)) {
        p.line++;
        if (line.n && line.p[line.n - 1] == '\r')
            line = str_sub(line, 0, line.n - 1);
        if (!head) {
            head = str_trim(line).n > 0; /* the line that says what it is */
            continue;
        }
        if (take_line(&p, line))
            return -1;
    }
    return end_set(&p);
}
