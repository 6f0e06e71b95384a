/* Keys of PostgreSQL in words of every engine: the server's own definitions taken apart. */

#include "core/relation.h"

#include "drivers/postgresql/postgresql.h"
#include "drivers/sql/lex.h"

/* "a", "a DESC", "a COLLATE x ops NULLS FIRST" are columns; what begins otherwise or has a
 * parenthesis is an expression. The server quotes what is no plain lower case name. */
static struct term read_term(struct arena *mem, struct str text)
{
    struct lexer l = lex_open(text);
    struct term term = {.text = text};
    struct tok name = lex_next(&l), t = name;
    bool plain = tok_is_name(name) && name.type != T_STRING;
    if (tok_is_op(lex_peek(&l), "("))
        plain = false;
    for (; t.type != T_END; t = lex_next(&l))
        term.desc = term.desc || (tok_is(t, "desc") && t.type == T_WORD);
    if (plain)
        term.column = tok_name(mem, name);
    return term;
}

/* The terms of a list, cut at commas outside of parentheses. */
static struct term *read_terms(struct arena *mem, struct str list, uint32_t *n)
{
    VEC(struct term) terms = {0};
    struct lexer l = lex_open(list);
    int depth = 0;
    size_t from = 0;
    for (;;) {
        struct tok t = lex_next(&l);
        bool end = t.type == T_END;
        depth += tok_is_op(t, "(") || tok_is_op(t, "[");
        depth -= tok_is_op(t, ")") || tok_is_op(t, "]");
        if (!end && !(depth == 0 && tok_is_op(t, ",")))
            continue;
        struct str one = str_trim(str_sub(list, from, end ? list.n : t.at));
        if (one.n) {
            struct term term = read_term(mem, one);
            VEC_PUSH(mem, terms, term);
        }
        from = t.at + t.text.n;
        if (end)
            break;
    }
    *n = terms.n;
    return terms.v;
}

/* The text in the next parentheses outside of which `l` stands; false: none. */
static bool next_list(struct lexer *l, struct str *inside)
{
    struct tok t = lex_peek(l);
    while (t.type != T_END && !tok_is_op(t, "(")) {
        lex_next(l);
        t = lex_peek(l);
    }
    return t.type != T_END && lex_parens(l, inside);
}

/* Behind ON DELETE and ON UPDATE: one or two words. */
static struct str action(struct lexer *l)
{
    struct tok t = lex_next(l);
    if (tok_is(t, "cascade"))
        return STR("cascade");
    if (tok_is(t, "restrict"))
        return STR("restrict");
    if (!tok_is(t, "set"))
        return STR_NULL;
    return tok_is(lex_next(l), "null") ? STR("set null") : STR("set default");
}

/* s.t, each in quotes where it needs them. */
static struct str table_path(struct lexer *l, struct arena *mem)
{
    struct str schema = tok_name(mem, lex_next(l));
    lex_next(l);
    return path_join(mem, path_join(mem, STR_NULL, STR("schema"), schema), STR("table"),
                     tok_name(mem, lex_next(l)));
}

/* FOREIGN KEY (a) REFERENCES s.t(b) MATCH FULL ON UPDATE CASCADE ON DELETE SET NULL (a) ... */
static void foreign_key(struct str def, struct arena *mem, struct relation *r)
{
    struct lexer l = lex_open(def);
    struct str inside = STR_NULL;
    uint32_t n;
    if (next_list(&l, &inside))
        r->terms = read_terms(mem, inside, &r->nterms);
    lex_next(&l);
    r->ref = table_path(&l, mem);
    if (!lex_parens(&l, &inside))
        return;
    struct term *terms = read_terms(mem, inside, &n);
    r->ref_columns = NEW_ARRAY(mem, struct str, n);
    for (uint32_t i = 0; i < n; i++)
        r->ref_columns[r->nref++] = terms[i].column;
    for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l)) {
        if (!tok_is(t, "on"))
            continue;
        bool update = tok_is(lex_next(&l), "update");
        *(update ? &r->on_update : &r->on_delete) = action(&l);
    }
}

static void column(const struct catalog *cat, const struct obj *o, struct arena *mem,
                   struct relation *r)
{
    const struct obj *d = cat_find(cat, path_join(mem, o->path, STR("default"), STR("#")));
    if (d)
        r->dflt = obj_text(mem, d, "default");
    r->counts = !str_is_null(obj_raw(o, "identity")) || str_starts(r->dflt, STR("nextval("));
}

static void key(struct str def, struct arena *mem, struct relation *r)
{
    struct lexer l = lex_open(def);
    struct str inside;
    lex_next(&l);
    if (next_list(&l, &inside))
        r->terms = read_terms(mem, inside, &r->nterms);
}

/* CREATE [UNIQUE] INDEX x ON [ONLY] s.t USING method (...) INCLUDE (...): btree and hash find equal
 * values, of the others only some classes do. Liquibase 4 does not tell the method. */
static void an_index(const struct obj *o, struct str def, struct arena *mem, struct relation *r)
{
    struct lexer l = lex_open(def);
    struct tok t = lex_next(&l);
    struct str inside;
    r->unique = tok_is(lex_peek(&l), "unique");
    while (t.type != T_END && !tok_is(t, "using") && !tok_is_op(lex_peek(&l), "(")) {
        r->extra = r->extra || tok_is(t, "only");
        t = lex_next(&l);
    }
    bool told = tok_is(t, "using");
    t = told ? lex_next(&l) : t;
    r->special = (told && !tok_is(t, "btree") && !tok_is(t, "hash")) || obj_true(o, "invalid");
    r->extra = r->extra || (told && !tok_is(t, "btree")) || !str_is_null(obj_raw(o, "options")) ||
               !str_is_null(obj_raw(o, "tablespace")) || !str_is_null(obj_raw(o, "part_of"));
    if (next_list(&l, &inside))
        r->terms = read_terms(mem, inside, &r->nterms);
    r->extra = r->extra || lex_next(&l).type != T_END;
}

static void partition(const struct catalog *cat, const struct obj *o, struct arena *mem,
                      struct relation *r)
{
    const struct obj *p = cat_find(cat, path_join(mem, o->path, STR("partition"), STR("#")));
    struct lexer l = lex_open(p ? obj_text(mem, p, "of") : STR(""));
    if (p)
        r->whole = table_path(&l, mem);
}

void pg_relate(const struct catalog *cat, const struct obj *o, struct arena *mem,
               struct relation *r)
{
    struct str def = obj_text(mem, o, "def");
    if (r->role == ROLE_TABLE)
        partition(cat, o, mem, r);
    if (r->role == ROLE_COLUMN)
        column(cat, o, mem, r);
    if (r->role == ROLE_FOREIGN_KEY)
        foreign_key(def, mem, r);
    if (r->role == ROLE_PRIMARY_KEY || r->role == ROLE_UNIQUE)
        key(def, mem, r);
    if (r->role == ROLE_INDEX)
        an_index(o, def, mem, r);
}
