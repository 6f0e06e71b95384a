/* A toy database in memory, and the statements that change it. Each is checked as a server would.
 */

#include "tests/harness/toy/toy.h"

/* PATH key=value ...: of a statement, or of what stands in its braces. */
struct clause {
    struct str path;
    struct toy_pair attr[TOY_ATTRS];
    uint32_t nattrs;
};
struct command {
    struct str verb;
    struct clause main;
    VEC(struct clause) inner;
};

static int bad(struct err *e, const char *what, struct str about)
{
    return err_set(e, E_VERIFY_FAILED, "%s: %.*s", what, STR_ARG(about));
}

struct toy_thing *toy_find(struct session *s, struct str path)
{
    for (uint32_t i = 0; i < s->now.things.n; i++)
        if (str_eq(s->now.things.v[i].path, path))
            return &s->now.things.v[i];
    return NULL;
}

struct str toy_attr(const struct toy_thing *t, const char *key)
{
    for (uint32_t i = 0; i < t->nattrs; i++)
        if (str_eq_c(t->attr[i].key, key))
            return t->attr[i].value;
    return STR_NULL;
}

static int set_attr(struct session *s, struct toy_thing *t, struct toy_pair pair, struct err *e)
{
    int kind = engine_kind(&engine_toy, path_kind(t->path));
    uint32_t i = 0;
    if (!kind_attr(engine_toy.kinds[kind], pair.key))
        return bad(e, "no such attribute", pair.key);
    while (i < t->nattrs && !str_eq(t->attr[i].key, pair.key))
        i++;
    if (!pair.value.n) {
        if (i < t->nattrs)
            t->attr[i] = t->attr[--t->nattrs];
        return 0;
    }
    if (i == TOY_ATTRS)
        return bad(e, "too many attributes", t->path);
    t->nattrs += i == t->nattrs;
    t->attr[i] = (struct toy_pair){arena_str(s->mem, pair.key), arena_str(s->mem, pair.value)};
    return 0;
}

static struct str word(struct str *rest, const char *stops)
{
    size_t n = 0;
    *rest = str_trim(*rest);
    while (n < rest->n && !strchr(stops, rest->p[n]))
        n++;
    struct str w = str_sub(*rest, 0, n);
    *rest = str_from(*rest, n);
    return w;
}

static struct str quoted(struct arena *mem, struct str *rest)
{
    struct strbuf b = sb_new(mem, 0);
    size_t i = 1;
    while (i < rest->n) {
        bool quote = rest->p[i] == '\'', twice = i + 1 < rest->n && rest->p[i + 1] == '\'';
        i += quote ? 1 : 0;
        if (quote && !twice)
            break;
        sb_char(&b, rest->p[i++]);
    }
    *rest = str_from(*rest, i);
    return sb_view(&b);
}

static int parse_clause(struct arena *mem, struct str *rest, struct clause *c, struct err *e)
{
    *c = (struct clause){.path = word(rest, " {}")};
    for (*rest = str_trim(*rest); rest->n && rest->p[0] != '{' && rest->p[0] != '}';
         *rest = str_trim(*rest)) {
        struct toy_pair pair = {.key = word(rest, "= {}")};
        if (!rest->n || rest->p[0] != '=' || c->nattrs == TOY_ATTRS)
            return bad(e, "syntax", *rest);
        *rest = str_from(*rest, 1);
        bool quotes = rest->n && rest->p[0] == '\'', none = !rest->n || rest->p[0] == ' ';
        pair.value = quotes ? quoted(mem, rest) : none ? STR("") : word(rest, " {}");
        c->attr[c->nattrs++] = pair;
    }
    return 0;
}

/* The first word of the rest is an attribute, not a path: settings have none. */
static bool has_no_path(struct str rest)
{
    struct str copy = rest, first = word(&copy, " {}");
    return str_chr(first, '=') < str_chr(first, ':');
}

static int parse(struct arena *mem, struct str text, struct command *cmd, struct err *e)
{
    struct str rest = text;
    *cmd = (struct command){.verb = word(&rest, " ")};
    rest = str_trim(rest);
    if (has_no_path(rest))
        rest = arena_printf(mem, "- %.*s", STR_ARG(rest));
    if (parse_clause(mem, &rest, &cmd->main, e))
        return -1;
    while (rest.n && rest.p[0] == '{') {
        struct clause c;
        rest = str_from(rest, 1);
        if (parse_clause(mem, &rest, &c, e) || !rest.n || rest.p[0] != '}')
            return bad(e, "syntax", text);
        c.path =
            path_join(mem, path_top(cmd->main.path), path_kind(c.path), path_name(mem, c.path));
        VEC_PUSH(mem, cmd->inner, c);
        rest = str_trim(str_from(rest, 1));
    }
    return rest.n ? bad(e, "syntax", text) : 0;
}

struct str toy_cell(struct session *s, const struct toy_thing *slot, struct str digits)
{
    int64_t size = 8;
    str_int(toy_attr(slot, "size"), &size);
    return arena_str(s->mem, str_sub(digits, 0, (size_t)size));
}

static bool name_taken(struct session *s, struct str path, const char *names)
{
    for (uint32_t i = 0; names && i < s->now.things.n; i++) {
        struct str other = s->now.things.v[i].path;
        int kind = engine_kind(&engine_toy, path_kind(other));
        const char *its = engine_toy.kinds[kind]->names;
        bool near = names[0] == '/' || str_eq(path_top(other), path_top(path));
        if (its && near && str_eq(str_c(its), str_c(names)) &&
            str_eq(path_name_raw(other), path_name_raw(path)))
            return true;
    }
    return false;
}

/* What must hold of a new thing besides its own clause. */
static int check_new(struct session *s, const struct toy_thing *t, struct err *e)
{
    struct str goes = toy_attr(t, "goes"), on = toy_attr(t, "on"), slot = toy_attr(t, "slot"), one;
    struct str parent = path_parent(t->path);
    while (str_cut(&goes, ',', &one))
        if (!toy_find(s, one))
            return bad(e, "it goes to what is not there", one);
    if (!str_is_null(on) && !toy_find(s, path_join(s->mem, parent, STR("slot"), on)))
        return bad(e, "it hangs on a slot that is not there", on);
    if (!str_is_null(slot) && !toy_find(s, path_join(s->mem, parent, STR("slot"), slot)))
        return bad(e, "it stands on a slot that is not there", slot);
    if (str_eq(toy_attr(t, "rule"), STR("empty")) && toy_find(s, parent)->rows)
        return bad(e, "the rows break the rule of", t->path);
    return 0;
}

static int add_thing(struct session *s, const struct clause *c, struct err *e)
{
    struct toy_thing t = {.path = arena_str(s->mem, c->path), .cell = STR("")};
    struct str parent = path_parent(t.path);
    int kind = path_is_valid(t.path) ? engine_kind(&engine_toy, path_kind(t.path)) : -1;
    if (kind < 0 || !str_eq(path_kind(parent), str_c(engine_toy.kinds[kind]->parents)))
        return bad(e, "no such thing can be made", c->path);
    if (toy_find(s, t.path) || name_taken(s, t.path, engine_toy.kinds[kind]->names))
        return bad(e, "it is there already", c->path);
    if (parent.n && !toy_find(s, parent))
        return bad(e, "nothing to put it in", c->path);
    for (uint32_t i = 0; i < c->nattrs; i++)
        if (set_attr(s, &t, c->attr[i], e))
            return -1;
    if (check_new(s, &t, e))
        return -1;
    VEC_PUSH(s->mem, s->now.things, t);
    return 0;
}

static int add_all(struct session *s, const struct command *cmd, struct err *e)
{
    if (add_thing(s, &cmd->main, e))
        return -1;
    for (uint32_t i = 0; i < cmd->inner.n; i++)
        if (add_thing(s, &cmd->inner.v[i], e))
            return -1;
    return 0;
}

static bool stands_on(const struct toy_thing *t, struct str path, const char *key)
{
    return str_eq(path_kind(path), STR("slot")) &&
           str_eq(path_parent(t->path), path_parent(path)) &&
           str_eq(toy_attr(t, key), path_name_raw(path));
}

static int drop(struct session *s, struct str path, struct err *e)
{
    uint32_t n = 0;
    if (!toy_find(s, path))
        return bad(e, "it is not there", path);
    if (str_eq(path_kind(path), STR("gate")))
        return bad(e, "a gate stays", path);
    for (uint32_t i = 0; i < s->now.things.n; i++)
        if (stands_on(&s->now.things.v[i], path, "on"))
            return bad(e, "a tag hangs on it", path);
    for (uint32_t i = 0; i < s->now.things.n; i++) {
        struct toy_thing *t = &s->now.things.v[i];
        if (!path_within(t->path, path) && !stands_on(t, path, "slot"))
            s->now.things.v[n++] = *t;
    }
    s->now.things.n = n;
    return 0;
}

/* All that is below the box goes; the rows stay, each in the slot of its name. */
static int rebuild(struct session *s, const struct command *cmd, struct err *e)
{
    struct toy_store old = s->now;
    const struct toy_thing *box = toy_find(s, cmd->main.path);
    if (!box)
        return bad(e, "it is not there", cmd->main.path);
    uint32_t rows = box->rows;
    s->now = (struct toy_store){{0}};
    for (uint32_t i = 0; i < old.things.n; i++)
        if (!path_within(old.things.v[i].path, cmd->main.path))
            VEC_PUSH(s->mem, s->now.things, old.things.v[i]);
    uint32_t first = s->now.things.n;
    struct command shell = {.main = cmd->main};
    if (add_all(s, &shell, e))
        return -1;
    s->now.things.v[first].rows = rows;
    for (uint32_t i = 0; i < cmd->inner.n; i++) {
        if (add_thing(s, &cmd->inner.v[i], e))
            return -1;
        struct toy_thing *t = &s->now.things.v[s->now.things.n - 1];
        for (uint32_t k = 0; k < old.things.n; k++)
            if (str_eq(old.things.v[k].path, t->path))
                t->cell = toy_cell(s, t, old.things.v[k].cell);
    }
    return 0;
}

/* A path after a rename, as it stands in a list or body. */
static struct str respelled(struct session *s, struct str text, char between, struct str from,
                            struct str to)
{
    struct strbuf b = sb_new(s->mem, 0);
    struct str rest = text, one;
    while (str_cut(&rest, between, &one)) {
        if (b.n)
            sb_char(&b, between);
        bool here = path_within(one, from);
        sb_str(&b, here ? to : one);
        if (here)
            sb_str(&b, str_from(one, from.n));
    }
    return sb_view(&b);
}

static int rename_thing(struct session *s, const struct command *cmd, struct err *e)
{
    struct str from = cmd->main.path, to = cmd->main.nattrs ? cmd->main.attr[0].value : STR("");
    struct str folded = engine_toy.fold(s->mem, to);
    struct toy_thing *t = toy_find(s, from);
    struct str path = path_join(s->mem, path_parent(from), path_kind(from), folded);
    if (!t || !to.n || toy_find(s, path))
        return bad(e, "it cannot be renamed", from);
    struct toy_pair name = {STR("name"), str_eq(folded, to) ? STR("") : to};
    if (str_eq(path_kind(from), STR("box")) && set_attr(s, t, name, e))
        return -1;
    for (uint32_t i = 0; i < s->now.things.n; i++) {
        t = &s->now.things.v[i];
        for (uint32_t k = 0; k < t->nattrs; k++) {
            struct toy_pair *a = &t->attr[k];
            bool list = str_eq(a->key, STR("goes")), body = str_eq(a->key, STR("body"));
            if (list || body)
                a->value = respelled(s, a->value, list ? ',' : ' ', from, path);
            else if (stands_on(t, from, "on") || stands_on(t, from, "slot"))
                a->value =
                    str_eq(a->key, STR("on")) || str_eq(a->key, STR("slot")) ? folded : a->value;
        }
    }
    for (uint32_t i = 0; i < s->now.things.n; i++)
        s->now.things.v[i].path = respelled(s, s->now.things.v[i].path, '\n', from, path);
    return 0;
}

static int set(struct session *s, const struct command *cmd, struct err *e)
{
    struct toy_thing *t = toy_find(s, cmd->main.path);
    if (!t)
        return bad(e, "it is not there", cmd->main.path);
    if (str_eq(path_kind(t->path), STR("lamp")) && !s->quiet && str_eq(cmd->verb, STR("set")))
        return bad(e, "it is not quiet", cmd->main.path);
    for (uint32_t i = 0; i < cmd->main.nattrs; i++)
        if (set_attr(s, t, cmd->main.attr[i], e))
            return -1;
    return 0;
}

static int spoil(struct session *s, struct str path, struct err *e)
{
    struct toy_thing *t = toy_find(s, path);
    if (!t)
        return bad(e, "it is not there", path);
    t->cell = STR("spoilt");
    return 0;
}

static struct toy_store copy_store(struct session *s)
{
    struct toy_store copy = {{0}};
    for (uint32_t i = 0; i < s->now.things.n; i++)
        VEC_PUSH(s->mem, copy.things, s->now.things.v[i]);
    return copy;
}

static int begin(struct session *s, struct err *e)
{
    if (s->in_tx)
        return bad(e, "begin", STR("in a transaction already"));
    s->saved = copy_store(s);
    s->in_tx = true;
    return 0;
}

static int settings(struct session *s, const struct command *cmd, struct err *e)
{
    struct str value = cmd->main.nattrs ? cmd->main.attr[0].value : STR("");
    if (str_eq(cmd->verb, STR("quiet"))) {
        if (s->in_tx)
            return bad(e, "quiet", STR("in a transaction"));
        s->quiet = str_eq(value, STR("on"));
        return 0;
    }
    if (str_eq(cmd->verb, STR("fail")))
        return err_set(e, E_VERIFY_FAILED, "%.*s", STR_ARG(value));
    return bad(e, "no such statement", cmd->verb);
}

static int change(struct session *s, const struct command *cmd, struct err *e)
{
    struct str v = cmd->verb;
    if (str_eq(v, STR("make")) || str_eq(v, STR("add")))
        return add_all(s, cmd, e);
    if (str_eq(v, STR("drop")))
        return drop(s, cmd->main.path, e);
    if (str_eq(v, STR("set")))
        return set(s, cmd, e);
    if (str_eq(v, STR("deepen")))
        return s->in_tx ? bad(e, "deepen", STR("in a transaction")) : set(s, cmd, e);
    if (str_eq(v, STR("rebuild")))
        return rebuild(s, cmd, e);
    if (str_eq(v, STR("rename")))
        return rename_thing(s, cmd, e);
    if (str_eq(v, STR("spoil"))) /* what a slot holds */
        return spoil(s, cmd->main.path, e);
    if (str_eq(v, STR("check")))
        return toy_find(s, cmd->main.path) ? 0 : bad(e, "it is not there", cmd->main.path);
    return settings(s, cmd, e);
}

int toy_run(struct session *s, struct str stmt, struct err *e)
{
    struct command cmd;
    if (str_eq(stmt, STR("begin")))
        return begin(s, e);
    if (str_eq(stmt, STR("commit"))) {
        s->in_tx = false;
        return 0;
    }
    struct toy_store before = s->in_tx ? s->saved : copy_store(s);
    if (parse(s->mem, stmt, &cmd, e) == 0 && change(s, &cmd, e) == 0)
        return 0;
    s->now = before; /* all of the transaction is undone */
    s->in_tx = false;
    return -1;
}
