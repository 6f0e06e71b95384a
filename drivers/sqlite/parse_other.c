/* CREATE INDEX, VIEW, TRIGGER and VIRTUAL TABLE. */

#include "drivers/sqlite/cursor.h"
#include "drivers/sqlite/parse.h"

bool lite_parse_index(struct arena *mem, struct str sql, const struct lite_names *known,
                      struct lite_index *out)
{
    struct cursor c = cur_open(mem, sql);
    *out = (struct lite_index){.where = STR_NULL};
    cur_expect(&c, "create");
    out->unique = cur_accept(&c, "unique");
    cur_expect(&c, "index");
    out->name = cur_object_name(&c);
    cur_expect(&c, "on");
    out->table = cur_name(&c);
    out->terms = cur_terms(&c, known, &out->nterms, NULL);
    if (cur_accept(&c, "where"))
        out->where = cur_rest(&c);
    else if (c.tok.type != T_END && !tok_is_op(c.tok, ";"))
        c.bad = true;
    return !c.bad;
}

bool lite_parse_view(struct arena *mem, struct str sql, struct lite_view *out)
{
    struct cursor c = cur_open(mem, sql);
    *out = (struct lite_view){0};
    cur_expect(&c, "create");
    if (!cur_accept(&c, "temp"))
        (void)cur_accept(&c, "temporary");
    cur_expect(&c, "view");
    out->name = cur_object_name(&c);
    if (tok_is_op(c.tok, "("))
        out->columns = cur_names(&c, false, &out->ncolumns);
    cur_expect(&c, "as");
    out->query = cur_rest(&c);
    return !c.bad && out->query.n > 0;
}

static void trigger_event(struct cursor *c, struct lite_trigger *out)
{
    static const char *const events[] = {"delete", "insert", "update"};
    for (size_t i = 0; i < 3; i++)
        if (cur_accept(c, events[i]))
            out->event = str_c(events[i]);
    if (!out->event.n)
        c->bad = true;
    if (!cur_accept(c, "of"))
        return;
    VEC(struct str) names = {0};
    do {
        struct str name = lite_fold(c->mem, cur_name(c));
        VEC_PUSH(c->mem, names, name);
    } while (cur_accept_op(c, ","));
    out->columns = names.v;
    out->ncolumns = names.n;
}

/* BEGIN may also be a name inside WHEN: the body's is followed by a statement. */
static bool begins_body(const struct cursor *c)
{
    static const char *const words[] = {"select", "insert", "update", "delete", "with", "replace"};
    struct tok next = lex_peek(&c->lex);
    if (!tok_is(c->tok, "begin"))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (tok_is(next, words[i]))
            return true;
    return false;
}

static void trigger_when(struct cursor *c, struct lite_trigger *out)
{
    size_t from = c->tok.at;
    while (!c->bad && !begins_body(c)) {
        if (tok_is_op(c->tok, "("))
            (void)cur_parens(c);
        else
            cur_step(c);
    }
    out->when = cur_text(c, from);
}

bool lite_parse_trigger(struct arena *mem, struct str sql, struct lite_trigger *out)
{
    struct cursor c = cur_open(mem, sql);
    *out = (struct lite_trigger){.when = STR_NULL, .timing = STR_NULL};
    cur_expect(&c, "create");
    if (!cur_accept(&c, "temp"))
        (void)cur_accept(&c, "temporary");
    cur_expect(&c, "trigger");
    out->name = cur_object_name(&c);
    if (cur_accept(&c, "before")) {
        out->timing = STR("before");
    } else if (cur_accept(&c, "after")) {
        out->timing = STR("after");
    } else if (cur_accept(&c, "instead")) {
        cur_expect(&c, "of");
        out->timing = STR("instead of");
    }
    trigger_event(&c, out);
    cur_expect(&c, "on");
    out->table = cur_object_name(&c);
    if (cur_accept(&c, "for")) {
        cur_expect(&c, "each");
        cur_expect(&c, "row");
        out->for_each_row = true;
    }
    if (cur_accept(&c, "when"))
        trigger_when(&c, out);
    if (!begins_body(&c))
        c.bad = true;
    out->body = cur_rest(&c);
    return !c.bad;
}

/* Module arguments are split at commas outside parentheses and otherwise free text, from their
 * first token to the last. SQLite passes over an empty one. */
static void module_args(struct cursor *c, struct lite_virtual *out)
{
    VEC(struct str) args = {0};
    struct str inside = cur_parens(c);
    struct lexer l = lex_open(inside);
    size_t from = 0, to = 0, depth = 0;
    for (;;) {
        struct tok t = lex_next(&l);
        depth += tok_is_op(t, "(");
        depth -= depth && tok_is_op(t, ")");
        if (t.type != T_END && (depth || !tok_is_op(t, ","))) {
            from = to ? from : t.at;
            to = t.at + t.text.n;
            continue;
        }
        if (to)
            VEC_PUSH(c->mem, args, str_sub(inside, from, to));
        to = 0;
        if (t.type == T_END)
            break;
    }
    out->args = args.v;
    out->nargs = args.n;
}

bool lite_parse_virtual(struct arena *mem, struct str sql, struct lite_virtual *out)
{
    struct cursor c = cur_open(mem, sql);
    *out = (struct lite_virtual){0};
    cur_expect(&c, "create");
    cur_expect(&c, "virtual");
    cur_expect(&c, "table");
    out->name = cur_object_name(&c);
    cur_expect(&c, "using");
    out->module = lite_fold(mem, cur_name(&c));
    if (tok_is_op(c.tok, "("))
        module_args(&c, out);
    if (c.tok.type != T_END && !tok_is_op(c.tok, ";"))
        c.bad = true;
    return !c.bad;
}
