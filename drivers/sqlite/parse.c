/* CREATE TABLE, clause by clause, after the grammar of SQLite (parse.y of 3.40). */

#include "drivers/sqlite/parse.h"

#include "drivers/sqlite/cursor.h"

const char *const lite_clause_names[5] = {"collate", "default", "generated", "not null", "null"};
enum clause { C_COLLATE, C_DEFAULT, C_GENERATED, C_NOTNULL, C_NULL };

struct table_reader {
    struct cursor c;
    VEC(struct lite_column) columns;
    VEC(struct lite_constraint) constraints;
};

static struct str lower_word(struct cursor *c)
{
    struct str word = c->tok.type == T_WORD ? lite_fold(c->mem, c->tok.text) : STR("");
    if (!word.n)
        c->bad = true;
    cur_step(c);
    return word;
}

/* [ON CONFLICT word] */
static struct str conflict(struct cursor *c)
{
    if (!tok_is(c->tok, "on"))
        return STR_NULL;
    cur_step(c);
    cur_expect(c, "conflict");
    return lower_word(c);
}

/* CASCADE | RESTRICT | SET NULL | SET DEFAULT | NO ACTION */
static struct str action(struct cursor *c)
{
    struct str word = lower_word(c);
    if (!str_eq(word, STR("set")) && !str_eq(word, STR("no")))
        return word;
    struct str second = lower_word(c);
    return arena_printf(c->mem, "%.*s %.*s", STR_ARG(word), STR_ARG(second));
}

/* [NOT] DEFERRABLE [INITIALLY word]; nothing when it does not stand here. */
static struct str deferrable(struct cursor *c)
{
    struct lexer ahead = c->lex;
    bool negated = tok_is(c->tok, "not") && tok_is(lex_next(&ahead), "deferrable");
    if (!negated && !tok_is(c->tok, "deferrable"))
        return STR_NULL;
    size_t from = c->tok.at;
    if (negated)
        cur_step(c);
    cur_step(c);
    if (cur_accept(c, "initially"))
        cur_step(c);
    return cur_canon(c, cur_text(c, from), NULL);
}

/* What follows REFERENCES. */
static void references(struct cursor *c, struct lite_constraint *k)
{
    k->ref_table = cur_name(c);
    if (tok_is_op(c->tok, "("))
        k->ref_columns = cur_names(c, false, &k->nref_columns);
    for (;;) {
        if (cur_accept(c, "on")) {
            bool on_delete = tok_is(c->tok, "delete"), on_update = tok_is(c->tok, "update");
            cur_step(c);
            struct str what = action(c);
            if (on_delete)
                k->on_delete = what;
            else if (on_update)
                k->on_update = what;
        } else if (cur_accept(c, "match")) {
            k->match = lite_fold(c->mem, cur_name(c));
        } else {
            break;
        }
    }
    struct str defer = deferrable(c);
    if (!str_is_null(defer))
        k->deferrable = defer;
}

static void add_constraint(struct table_reader *r, struct lite_constraint *k, size_t from)
{
    k->src = cur_text(&r->c, from);
    VEC_PUSH(r->c.mem, r->constraints, *k);
}

/* The name of a column as the one canonical term of an inline key. */
static void own_term(struct table_reader *r, struct lite_constraint *k, struct str column,
                     bool canonical)
{
    struct strbuf b = sb_new(r->c.mem, 0);
    struct str folded = lite_fold(r->c.mem, column);
    if (canonical)
        lite_canon_name(&b, folded);
    k->terms = NEW(r->c.mem, struct str);
    k->terms[0] = canonical ? sb_view(&b) : folded;
    k->nterms = 1;
}

static void column_primary_key(struct table_reader *r, struct lite_constraint *k, struct str column)
{
    struct cursor *c = &r->c;
    k->kind = LITE_PRIMARY_KEY;
    cur_expect(c, "key");
    own_term(r, k, column, true);
    if (cur_accept(c, "desc")) {
        k->inline_desc = true;
        k->terms[0] = arena_printf(c->mem, "%.*s desc", STR_ARG(k->terms[0]));
    } else {
        (void)cur_accept(c, "asc");
    }
    k->conflict = conflict(c);
    k->autoincrement = cur_accept(c, "autoincrement");
}

/* A clause of a column that is a constraint of its own; false when none stands here. `name` is the
 * CONSTRAINT name before it, which began at `from`. */
static bool column_constraint(struct table_reader *r, struct str column, struct str name,
                              size_t from)
{
    struct cursor *c = &r->c;
    struct lite_constraint k = {.name = name, .column = (int)r->columns.n};
    if (cur_accept(c, "primary")) {
        column_primary_key(r, &k, column);
    } else if (cur_accept(c, "unique")) {
        k.kind = LITE_UNIQUE;
        own_term(r, &k, column, true);
        k.conflict = conflict(c);
    } else if (cur_accept(c, "check")) {
        k.kind = LITE_CHECK;
        k.expr = cur_parens(c);
    } else if (cur_accept(c, "references")) {
        k.kind = LITE_FOREIGN_KEY;
        own_term(r, &k, column, false);
        references(c, &k);
    } else {
        return false;
    }
    add_constraint(r, &k, from);
    return true;
}

static void column_default(struct cursor *c, struct lite_column *col)
{
    size_t from = c->tok.at;
    if (tok_is_op(c->tok, "(")) {
        (void)cur_parens(c);
    } else {
        if (!cur_accept_op(c, "+"))
            (void)cur_accept_op(c, "-");
        cur_step(c);
    }
    struct strbuf b = sb_new(c->mem, 0);
    lite_canon_default(&b, cur_text(c, from));
    col->dflt = b.n ? sb_view(&b) : STR_NULL;
}

static void column_generated(struct cursor *c, struct lite_column *col)
{
    col->generated = cur_parens(c);
    col->stored = cur_accept(c, "stored");
    if (!col->stored)
        (void)cur_accept(c, "virtual");
}

/* A clause that belongs to the column itself; its index in lite_clause_names, or -1. */
static int column_clause(struct cursor *c, struct lite_column *col)
{
    if (cur_accept(c, "default")) {
        column_default(c, col);
        return C_DEFAULT;
    }
    if (cur_accept(c, "collate")) {
        struct strbuf b = sb_new(c->mem, 0);
        lite_canon_name(&b, lite_fold(c->mem, cur_name(c)));
        col->collate = sb_view(&b);
        return C_COLLATE;
    }
    if (tok_is(c->tok, "generated") || tok_is(c->tok, "as")) {
        if (cur_accept(c, "generated"))
            cur_expect(c, "always");
        cur_expect(c, "as");
        column_generated(c, col);
        return C_GENERATED;
    }
    if (cur_accept(c, "not")) {
        cur_expect(c, "null");
        col->notnull = true;
        col->notnull_conflict = conflict(c);
        return C_NOTNULL;
    }
    if (cur_accept(c, "null")) {
        (void)conflict(c);
        return C_NULL;
    }
    return -1;
}

/* Words that begin a clause and so end the type before them. */
static bool ends_type(const struct cursor *c)
{
    static const char *const words[] = {"constraint", "primary", "not",       "null",
                                        "unique",     "check",   "default",   "collate",
                                        "references", "as",      "deferrable"};
    struct lexer ahead = c->lex;
    if (!tok_is_name(c->tok))
        return true;
    /* elsewhere it is a word of the type */
    if (tok_is(c->tok, "generated") && tok_is(lex_next(&ahead), "always"))
        return tok_is(lex_next(&ahead), "as");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (tok_is(c->tok, words[i]))
            return true;
    return false;
}

static bool is_quote(char ch)
{
    return ch == '"' || ch == '\'' || ch == '`' || ch == '[';
}

/* The type as SQLite keeps it (tried on 3.40): quotes around the whole are taken off; of a text
 * that begins with a quoted word only that word is left. */
static struct str unquoted_type(struct arena *mem, struct str text)
{
    struct lexer l = lex_open(text);
    size_t inside = 1;
    if (text.n < 2 || !is_quote(text.p[0]))
        return text;
    while (inside + 1 < text.n && !is_quote(text.p[inside]))
        inside++;
    return inside + 1 < text.n ? tok_name(mem, lex_next(&l)) : str_sub(text, 1, text.n - 1);
}

/* SQLite takes GENERATED ALWAYS off the end of a type, whatever follows. */
static struct str without_generated(struct str type)
{
    static const char words[] = "generated always";
    size_t n = sizeof words - 1;
    if (str_eq_c(type, words))
        return STR("");
    bool ends = type.n > n && str_ends(type, str_c(words)) && type.p[type.n - n - 1] == ' ';
    return ends ? str_sub(type, 0, type.n - n - 1) : type;
}

static void column_type(struct cursor *c, struct lite_column *col)
{
    size_t from = c->tok.at;
    bool any = false;
    while (!c->bad && !ends_type(c)) {
        cur_step(c);
        any = true;
    }
    if (any && tok_is_op(c->tok, "("))
        (void)cur_parens(c);
    struct strbuf b = sb_new(c->mem, 0);
    if (any)
        lite_canon_type(&b, unquoted_type(c->mem, cur_text(c, from)));
    col->type = without_generated(sb_view(&b));
}

/* A name with nothing behind it: SQLite takes it and forgets it. */
static bool name_says_nothing(const struct cursor *c)
{
    return tok_is(c->tok, "constraint") || tok_is_op(c->tok, ",") || tok_is_op(c->tok, ")");
}

/* Appends a clause of the column to the text that is its own. */
static void keep_src(struct strbuf *src, struct str text)
{
    if (src->n)
        sb_char(src, ' ');
    sb_str(src, text);
}

/* DEFERRABLE that stands apart from its REFERENCES: it belongs to the foreign key before it. */
static bool late_deferrable(struct table_reader *r, size_t from)
{
    struct str defer = deferrable(&r->c);
    if (str_is_null(defer))
        return false;
    struct lite_constraint *k = r->constraints.n ? &r->constraints.v[r->constraints.n - 1] : NULL;
    if (!k || k->kind != LITE_FOREIGN_KEY || k->column != (int)r->columns.n) {
        r->c.bad = true;
        return true;
    }
    k->deferrable = defer;
    k->src = arena_printf(r->c.mem, "%.*s %.*s", STR_ARG(k->src), STR_ARG(cur_text(&r->c, from)));
    return true;
}

static void column(struct table_reader *r)
{
    struct cursor *c = &r->c;
    struct lite_column col = {0};
    struct strbuf src = sb_new(c->mem, 0);
    size_t from = c->tok.at;
    col.name = cur_name(c);
    column_type(c, &col);
    keep_src(&src, cur_text(c, from));
    while (!c->bad && !tok_is_op(c->tok, ",") && !tok_is_op(c->tok, ")")) {
        struct str name = STR_NULL;
        from = c->tok.at;
        if (cur_accept(c, "constraint"))
            name = cur_name(c);
        if (!str_is_null(name) && name_says_nothing(c))
            continue;
        if (column_constraint(r, col.name, name, from))
            continue;
        if (late_deferrable(r, from))
            continue;
        int clause = column_clause(c, &col);
        if (clause < 0) {
            c->bad = true;
            break;
        }
        col.constraint_name[clause] = name;
        keep_src(&src, cur_text(c, from));
    }
    col.src = sb_view(&src);
    VEC_PUSH(c->mem, r->columns, col);
}

static void table_foreign_key(struct cursor *c, struct lite_constraint *k)
{
    k->kind = LITE_FOREIGN_KEY;
    cur_expect(c, "key");
    k->terms = cur_names(c, true, &k->nterms);
    cur_expect(c, "references");
    references(c, k);
}

/* One table constraint. */
static void table_constraint(struct table_reader *r)
{
    struct cursor *c = &r->c;
    struct lite_constraint k = {.name = STR_NULL, .column = -1};
    size_t from = c->tok.at;
    if (cur_accept(c, "constraint")) {
        k.name = cur_name(c);
        if (name_says_nothing(c))
            return;
    }
    if (cur_accept(c, "primary")) {
        k.kind = LITE_PRIMARY_KEY;
        cur_expect(c, "key");
        k.terms = cur_terms(c, NULL, &k.nterms, &k.autoincrement);
        k.conflict = conflict(c);
    } else if (cur_accept(c, "unique")) {
        k.kind = LITE_UNIQUE;
        k.terms = cur_terms(c, NULL, &k.nterms, NULL);
        k.conflict = conflict(c);
    } else if (cur_accept(c, "check")) {
        k.kind = LITE_CHECK;
        k.expr = cur_parens(c);
        k.conflict = conflict(c);
    } else if (cur_accept(c, "foreign")) {
        table_foreign_key(c, &k);
    } else {
        c->bad = true;
        return;
    }
    add_constraint(r, &k, from);
}

static bool begins_constraint(const struct cursor *c)
{
    return tok_is(c->tok, "constraint") || tok_is(c->tok, "primary") || tok_is(c->tok, "unique") ||
           tok_is(c->tok, "check") || tok_is(c->tok, "foreign");
}

/* WITHOUT ROWID and STRICT after the closing parenthesis. */
static void table_options(struct cursor *c, struct lite_table *out)
{
    while (!c->bad && c->tok.type != T_END && !tok_is_op(c->tok, ";")) {
        if (cur_accept(c, "without")) {
            cur_expect(c, "rowid");
            out->without_rowid = true;
        } else if (cur_accept(c, "strict")) {
            out->strict = true;
        } else {
            c->bad = true;
        }
        if (!cur_accept_op(c, ","))
            break;
    }
    (void)cur_accept_op(c, ";");
    if (c->tok.type != T_END)
        c->bad = true;
}

/* Expressions get their one spelling when all columns are known. */
static void canonical_expressions(struct table_reader *r, struct lite_table *t)
{
    struct lite_names *known = lite_names_new(r->c.mem);
    lite_names_add(known, t->name);
    lite_names_add(known, STR("rowid"));
    lite_names_add(known, STR("_rowid_"));
    lite_names_add(known, STR("oid"));
    for (uint32_t i = 0; i < t->ncolumns; i++)
        lite_names_add(known, t->columns[i].name);
    for (uint32_t i = 0; i < t->ncolumns; i++)
        if (!str_is_null(t->columns[i].generated))
            t->columns[i].generated = cur_canon(&r->c, t->columns[i].generated, known);
    for (uint32_t i = 0; i < t->nconstraints; i++)
        if (t->constraints[i].kind == LITE_CHECK)
            t->constraints[i].expr = cur_canon(&r->c, t->constraints[i].expr, known);
}

bool lite_parse_table(struct arena *mem, struct str sql, struct lite_table *out)
{
    struct table_reader r = {.c = cur_open(mem, sql)};
    struct cursor *c = &r.c;
    *out = (struct lite_table){0};
    cur_expect(c, "create");
    if (!cur_accept(c, "temp"))
        (void)cur_accept(c, "temporary");
    cur_expect(c, "table");
    out->name = cur_object_name(c);
    cur_expect_op(c, "(");
    do {
        if (begins_constraint(c))
            break;
        column(&r);
    } while (cur_accept_op(c, ","));
    /* the comma between table constraints may be missing */
    while (!c->bad && !tok_is_op(c->tok, ")")) {
        table_constraint(&r);
        (void)cur_accept_op(c, ",");
    }
    cur_expect_op(c, ")");
    table_options(c, out);
    out->columns = r.columns.v;
    out->ncolumns = r.columns.n;
    out->constraints = r.constraints.v;
    out->nconstraints = r.constraints.n;
    if (!c->bad)
        canonical_expressions(&r, out);
    return !c->bad && out->ncolumns > 0;
}
