/* SHOW CREATE TABLE taken apart; see show.h. */

#include "drivers/mysql/show.h"

/* A byte 0 cannot be in a fact. */
static bool holds_nul(struct str text)
{
    return str_chr(text, '\0') < text.n;
}

static void set_rest(struct arena *mem, struct str *to, struct str text)
{
    *to = to->n ? arena_printf(mem, "%.*s %.*s", STR_ARG(*to), STR_ARG(text)) : text;
}

/* The tokens from one place to another as they are written. */
static struct str since(const struct my_lex *l, size_t from)
{
    return str_trim(str_sub(l->sql, from, l->at));
}

/* An option with a value behind = or a blank: COLUMN_FORMAT DYNAMIC, KEY_BLOCK_SIZE=8, `x`='y'. */
static struct str option_text(struct my_lex *l)
{
    size_t from = my_peek(l).at;
    my_next(l);
    if (my_is_op(my_peek(l), '='))
        my_next(l);
    my_next(l);
    return since(l, from);
}

/* What may stand behind a DEFAULT's expression. */
static bool ends_default(struct my_tok t)
{
    static const char *const words[] = {"ON",      "AUTO_INCREMENT",   "COMMENT",
                                        "CHECK",   "INVISIBLE",        "COLUMN_FORMAT",
                                        "STORAGE", "ENGINE_ATTRIBUTE", "SECONDARY_ENGINE_ATTRIBUTE",
                                        "WITHOUT"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (my_is(t, words[i]))
            return true;
    return t.type == MY_END;
}

/* An expression up to what may follow it; what stands in parentheses is passed over. */
static struct str expression(struct my_lex *l)
{
    size_t from = my_peek(l).at;
    struct str inside;
    bool first = true;
    while (first || !ends_default(my_peek(l))) {
        if (!my_parens(l, &inside) && my_next(l).type == MY_END)
            break;
        first = false;
    }
    return since(l, from);
}

static bool generated(struct my_lex *l, struct my_column *c)
{
    if (my_take(l, "ROW START") || my_take(l, "ROW END")) {
        c->generated =
            str_ends(str_sub(l->sql, 0, l->at), STR("START")) ? STR("ROW START") : STR("ROW END");
        return true;
    }
    if (!my_parens(l, &c->generated))
        return false;
    c->stored = my_take(l, "STORED") || my_take(l, "PERSISTENT");
    return c->stored || my_take(l, "VIRTUAL");
}

/* int(10) unsigned zerofill; double(5,2); enum('a','b'); text COMPRESSED */
static void column_type(struct arena *mem, struct my_lex *l, struct my_column *c)
{
    size_t from = my_peek(l).at;
    struct str inside;
    my_next(l);
    if (my_is(my_peek(l), "precision"))
        my_next(l);
    my_parens(l, &inside);
    while (my_is(my_peek(l), "unsigned") || my_is(my_peek(l), "zerofill"))
        my_next(l);
    c->type = since(l, from);
    if (my_take(l, "COMPRESSED"))
        c->type = arena_printf(mem, "%.*s COMPRESSED", STR_ARG(c->type));
}

/* One clause behind a column's type. */
static bool column_clause(struct arena *mem, struct my_lex *l, struct my_column *c)
{
    if (my_take(l, "CHARACTER SET"))
        c->charset = my_next(l).text;
    else if (my_take(l, "COLLATE"))
        c->collate = my_next(l).text;
    else if (my_take(l, "GENERATED ALWAYS AS"))
        return generated(l, c);
    else if (my_take(l, "NOT NULL"))
        c->notnull = true;
    else if (my_take(l, "NULL"))
        c->null_written = true;
    else if (my_take(l, "DEFAULT"))
        return (c->dflt = expression(l)).n > 0;
    else if (my_take(l, "ON UPDATE"))
        return (c->on_update = expression(l)).n > 0;
    else if (my_take(l, "AUTO_INCREMENT"))
        c->auto_increment = true;
    else if (my_take(l, "INVISIBLE"))
        c->invisible = true;
    else if (my_take(l, "WITHOUT SYSTEM VERSIONING"))
        c->unversioned = true;
    else if (my_take(l, "COMMENT"))
        return !holds_nul(c->comment = my_unquote(mem, my_next(l)));
    else if (my_take(l, "SRID"))
        c->srid = my_next(l).text;
    else if (my_take(l, "CHECK"))
        return my_parens(l, &c->check);
    else if (my_peek(l).type == MY_NAME || my_is(my_peek(l), "COLUMN_FORMAT") ||
             my_is(my_peek(l), "STORAGE") || my_is(my_peek(l), "ENGINE_ATTRIBUTE") ||
             my_is(my_peek(l), "SECONDARY_ENGINE_ATTRIBUTE") || my_is(my_peek(l), "REF_SYSTEM_ID"))
        set_rest(mem, &c->options, option_text(l));
    else if (my_take(l, "NOT SECONDARY"))
        set_rest(mem, &c->options, STR("NOT SECONDARY"));
    else
        return false;
    return true;
}

static bool column(struct arena *mem, struct str line, struct my_table *t)
{
    struct my_lex l = {line, 0};
    struct my_column c = {.text = line};
    c.name = my_unquote(mem, my_next(&l));
    column_type(mem, &l, &c);
    while (my_peek(&l).type != MY_END)
        if (!column_clause(mem, &l, &c))
            return false;
    VEC_PUSH(mem, t->columns, c);
    return true;
}

static struct str *parts_of(struct arena *mem, struct str inside, uint32_t *n)
{
    VEC(struct str) list = {0};
    struct str part;
    while (my_cut(&inside, &part))
        VEC_PUSH(mem, list, part);
    *n = list.n;
    return list.v;
}

/* The same as names without quotes. */
static struct str *names_of(struct arena *mem, struct str inside, uint32_t *n)
{
    struct str *list = parts_of(mem, inside, n);
    for (uint32_t i = 0; i < *n; i++) {
        struct my_lex l = {list[i], 0};
        list[i] = my_unquote(mem, my_next(&l));
    }
    return list;
}

static bool key(struct arena *mem, struct str line, struct my_table *t)
{
    static const char *const types[] = {"PRIMARY", "UNIQUE", "FULLTEXT", "SPATIAL", "VECTOR"};
    struct my_lex l = {line, 0};
    struct my_key k = {.type = STR(""), .text = line};
    struct str inside;
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (my_take(&l, types[i]))
            k.type = str_c(types[i]);
    if (!my_take(&l, "KEY"))
        return false;
    if (my_peek(&l).type == MY_NAME)
        k.name = my_unquote(mem, my_next(&l));
    if (!my_parens(&l, &inside))
        return false;
    k.parts = parts_of(mem, inside, &k.nparts);
    while (my_peek(&l).type != MY_END) {
        size_t from = my_peek(&l).at;
        if (my_take(&l, "COMMENT")) {
            k.comment = my_unquote(mem, my_next(&l));
            if (holds_nul(k.comment))
                return false;
        } else if (my_take(&l, "INVISIBLE") || my_take(&l, "IGNORED")) {
            k.hidden = true;
        } else if (my_take(&l, "WITH PARSER")) {
            my_next(&l);
            set_rest(mem, &k.options, since(&l, from));
        } else {
            set_rest(mem, &k.options, option_text(&l));
        }
    }
    VEC_PUSH(mem, t->keys, k);
    return true;
}

static struct str action(struct my_lex *l)
{
    size_t from = my_peek(l).at;
    if (!my_take(l, "SET NULL") && !my_take(l, "SET DEFAULT") && !my_take(l, "NO ACTION"))
        my_next(l);
    return since(l, from);
}

static bool foreign_key(struct arena *mem, struct my_lex *l, struct my_foreign_key *f)
{
    struct str inside;
    if (!my_parens(l, &inside))
        return false;
    f->columns = names_of(mem, inside, &f->ncolumns);
    if (!my_take(l, "REFERENCES"))
        return false;
    f->ref_table = my_unquote(mem, my_next(l));
    /* `schema`.`table`: the dot is a word byte */
    if (my_is(my_peek(l), ".")) {
        my_next(l);
        f->ref_schema = f->ref_table;
        f->ref_table = my_unquote(mem, my_next(l));
    }
    if (!my_parens(l, &inside))
        return false;
    f->ref_columns = names_of(mem, inside, &f->nref);
    while (my_peek(l).type != MY_END) {
        if (my_take(l, "ON DELETE"))
            f->on_delete = action(l);
        else if (my_take(l, "ON UPDATE"))
            f->on_update = action(l);
        else
            return false;
    }
    return true;
}

static bool constraint(struct arena *mem, struct str line, struct my_table *t)
{
    struct my_lex l = {line, 0};
    my_take(&l, "CONSTRAINT");
    struct str name = my_unquote(mem, my_next(&l));
    if (my_take(&l, "FOREIGN KEY")) {
        struct my_foreign_key f = {.name = name, .text = line};
        if (!foreign_key(mem, &l, &f))
            return false;
        VEC_PUSH(mem, t->foreign_keys, f);
        return true;
    }
    struct my_check c = {.name = name, .text = line};
    if (!my_take(&l, "CHECK") || !my_parens(&l, &c.expr))
        return false;
    c.not_enforced = my_take(&l, "NOT ENFORCED");
    VEC_PUSH(mem, t->checks, c);
    return my_peek(&l).type == MY_END;
}

static bool period(struct arena *mem, struct str line, struct my_table *t)
{
    struct my_lex l = {line, 0};
    struct my_period p = {.text = line};
    struct str inside;
    uint32_t n;
    my_take(&l, "PERIOD FOR");
    p.name = my_unquote(mem, my_next(&l));
    if (!my_parens(&l, &inside) || my_peek(&l).type != MY_END)
        return false;
    struct str *names = names_of(mem, inside, &n);
    if (n != 2)
        return false;
    p.from = names[0];
    p.to = names[1];
    VEC_PUSH(mem, t->periods, p);
    return true;
}

static bool element(struct arena *mem, struct str line, struct my_table *t)
{
    struct my_lex l = {line, 0};
    struct my_tok first = my_next(&l);
    if (first.type == MY_NAME)
        return column(mem, line, t);
    if (my_is(first, "CONSTRAINT"))
        return constraint(mem, line, t);
    if (my_is(first, "PERIOD"))
        return period(mem, line, t);
    return key(mem, line, t);
}

static void add_option(struct arena *mem, struct my_table *t, struct str key_text, struct str value)
{
    struct my_option o = {key_text, value};
    VEC_PUSH(mem, t->options, o);
}

/* The value of an option: a token, or a list in parentheses. */
static struct str option_value(struct my_lex *l)
{
    size_t from = my_peek(l).at;
    struct str inside;
    if (my_is_op(my_peek(l), '='))
        my_next(l), from = my_peek(l).at;
    if (!my_parens(l, &inside))
        my_next(l);
    return since(l, from);
}

/* An option of another engine, which is kept and has no effect, stands in a comment (MariaDB). */
static bool skips_comment(struct my_lex *l)
{
    struct str gap = str_sub(l->sql, l->at, my_peek(l).at);
    return str_find(gap, STR("/* ")) < gap.n;
}

static bool options(struct arena *mem, struct my_lex *l, struct my_table *t)
{
    for (;;) {
        size_t from = my_peek(l).at;
        if (skips_comment(l))
            return false;
        if (my_peek(l).type == MY_END)
            return true;
        if (my_take(l, "PARTITION BY")) {
            t->partition = my_uncommented(mem, str_from(l->sql, l->at));
            return true;
        }
        if (my_take(l, "WITH SYSTEM VERSIONING")) {
            t->versioned = true;
            continue;
        }
        my_take(l, "DEFAULT");
        if (my_take(l, "DATA DIRECTORY")) {
            add_option(mem, t, STR("DATA DIRECTORY"), option_value(l));
        } else if (my_take(l, "INDEX DIRECTORY")) {
            add_option(mem, t, STR("INDEX DIRECTORY"), option_value(l));
        } else {
            struct my_tok k = my_next(l);
            if (k.type != MY_WORD && k.type != MY_NAME)
                return false;
            add_option(mem, t, k.text, option_value(l));
        }
        struct my_lex value = {t->options.v[t->options.n - 1].value, 0};
        if (l->at <= from || holds_nul(my_unquote(mem, my_next(&value))))
            return false;
    }
}

bool my_show_table(struct arena *mem, struct str text, struct my_table *out, struct str *where)
{
    struct my_lex l = {text, 0};
    struct str body, line;
    *out = (struct my_table){0};
    *where = str_sub(text, 0, str_chr(text, '\n'));
    if (holds_nul(text) || !my_take(&l, "CREATE"))
        return false;
    if (!my_take(&l, "TABLE") && !my_take(&l, "TEMPORARY TABLE"))
        return false;
    out->name = my_unquote(mem, my_next(&l));
    if (!my_parens(&l, &body))
        return false;
    while (my_cut(&body, &line)) {
        *where = line;
        if (!element(mem, line, out))
            return false;
    }
    *where = str_from(text, l.at);
    return options(mem, &l, out);
}

struct str my_option(const struct my_table *t, const char *key_text)
{
    for (uint32_t i = 0; i < t->options.n; i++)
        if (str_eq_c(t->options.v[i].key, key_text))
            return t->options.v[i].value;
    return STR_NULL;
}
