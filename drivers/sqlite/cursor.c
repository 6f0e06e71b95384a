/* Token cursor for CREATE statements; see cursor.h. */

#include "drivers/sqlite/cursor.h"

struct cursor cur_open(struct arena *mem, struct str sql)
{
    struct cursor c = {.mem = mem, .lex = lex_open(sql)};
    c.tok = lex_next(&c.lex);
    return c;
}

void cur_step(struct cursor *c)
{
    if (c->tok.type == T_END || c->tok.type == T_BAD)
        c->bad = true;
    if (c->bad)
        return;
    c->end = c->tok.at + c->tok.text.n;
    c->tok = lex_next(&c->lex);
}

bool cur_accept(struct cursor *c, const char *keyword)
{
    if (c->bad || !tok_is(c->tok, keyword))
        return false;
    cur_step(c);
    return true;
}

bool cur_accept_op(struct cursor *c, const char *op)
{
    if (c->bad || !tok_is_op(c->tok, op))
        return false;
    cur_step(c);
    return true;
}

void cur_expect(struct cursor *c, const char *keyword)
{
    if (!cur_accept(c, keyword))
        c->bad = true;
}

void cur_expect_op(struct cursor *c, const char *op)
{
    if (!cur_accept_op(c, op))
        c->bad = true;
}

struct str cur_name(struct cursor *c)
{
    if (!tok_is_name(c->tok))
        c->bad = true;
    if (c->bad)
        return STR("");
    struct str name = tok_name(c->mem, c->tok);
    cur_step(c);
    return name;
}

struct str cur_object_name(struct cursor *c)
{
    if (cur_accept(c, "if")) {
        cur_expect(c, "not");
        cur_expect(c, "exists");
    }
    struct str name = cur_name(c);
    return cur_accept_op(c, ".") ? cur_name(c) : name;
}

struct str cur_parens(struct cursor *c)
{
    struct str inside = STR("");
    if (!c->bad)
        c->lex.at = c->tok.at;
    if (c->bad || !lex_parens(&c->lex, &inside)) {
        c->bad = true;
        return STR("");
    }
    c->end = c->lex.at;
    c->tok = lex_next(&c->lex);
    return inside;
}

struct str cur_text(const struct cursor *c, size_t from)
{
    return str_sub(c->lex.sql, from, c->end);
}

struct str cur_rest(const struct cursor *c)
{
    struct str rest = str_trim(str_from(c->lex.sql, c->tok.at));
    while (rest.n && rest.p[rest.n - 1] == ';')
        rest = str_trim(str_sub(rest, 0, rest.n - 1));
    return rest;
}

struct str cur_canon(const struct cursor *c, struct str text, const struct lite_names *known)
{
    struct strbuf b = sb_new(c->mem, 0);
    lite_canon(&b, text, known);
    return sb_view(&b);
}

struct str *cur_names(struct cursor *c, bool fold, uint32_t *n)
{
    VEC(struct str) names = {0};
    cur_expect_op(c, "(");
    do {
        struct str name = cur_name(c);
        VEC_PUSH(c->mem, names, fold ? lite_fold(c->mem, name) : name);
    } while (cur_accept_op(c, ","));
    cur_expect_op(c, ")");
    *n = names.n;
    return names.v;
}

/* One term: its expression is [from, *end); what follows is COLLATE and ASC or DESC. */
static struct str term_text(struct cursor *c, const struct lite_names *known, struct str expr,
                            struct str collate, bool desc)
{
    struct strbuf b = sb_new(c->mem, 0);
    struct lexer l = lex_open(expr);
    struct tok t = lex_next(&l);
    bool alone = tok_is_name(t) && lex_next(&l).type == T_END;
    struct str folded = lite_fold(c->mem, tok_name(c->mem, t));
    bool is_name = alone && (t.type == T_WORD || !known || lite_names_has(known, folded));
    if (is_name)
        lite_canon_name(&b, folded);
    else
        lite_canon(&b, expr, known);
    if (!str_is_null(collate)) {
        sb_c(&b, " collate ");
        lite_canon_name(&b, lite_fold(c->mem, collate));
    }
    if (desc)
        sb_c(&b, " desc");
    return sb_view(&b);
}

/* Takes one term up to the comma or parenthesis that ends it. */
static struct str term(struct cursor *c, const struct lite_names *known)
{
    size_t from = c->tok.at, expr_end = from;
    struct str collate = STR_NULL;
    bool desc = false;
    while (!c->bad && !tok_is_op(c->tok, ",") && !tok_is_op(c->tok, ")") &&
           !tok_is(c->tok, "autoincrement")) {
        bool begun = expr_end > from; /* DESC may be the name of a column */
        if (begun && cur_accept(c, "collate")) {
            collate = cur_name(c);
        } else if (begun && (tok_is(c->tok, "asc") || tok_is(c->tok, "desc"))) {
            desc = tok_is(c->tok, "desc");
            cur_step(c);
        } else {
            if (tok_is_op(c->tok, "("))
                (void)cur_parens(c);
            else
                cur_step(c);
            /* COLLATE in the middle belongs to the expression. */
            collate = STR_NULL;
            expr_end = c->end;
        }
    }
    if (expr_end == from)
        c->bad = true;
    return term_text(c, known, str_sub(c->lex.sql, from, expr_end), collate, desc);
}

struct str *cur_terms(struct cursor *c, const struct lite_names *known, uint32_t *n,
                      bool *autoincrement)
{
    VEC(struct str) terms = {0};
    cur_expect_op(c, "(");
    do {
        struct str one = term(c, known);
        VEC_PUSH(c->mem, terms, one);
    } while (cur_accept_op(c, ","));
    if (autoincrement)
        *autoincrement = cur_accept(c, "autoincrement");
    cur_expect_op(c, ")");
    *n = terms.n;
    return terms.v;
}
