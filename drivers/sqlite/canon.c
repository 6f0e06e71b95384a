/* Canonical spelling of SQLite text; see canon.h. Pure: no database is asked. */

#include "drivers/sqlite/canon.h"

#include <stdlib.h>
#include <string.h>

#include "core/hash.h"
#include "drivers/sql/lex.h"

/* sqlite3_keyword_name() of 3.40 to 3.54, sorted. Upper case: cannot stand as a name without quotes
 * (tried: as column, in CHECK and in SELECT). CURRENT_* can, but then it is the function. */
static const char *const keywords[] = {
    "abort",
    "action",
    "ADD",
    "after",
    "ALL",
    "ALTER",
    "always",
    "analyze",
    "AND",
    "AS",
    "asc",
    "attach",
    "AUTOINCREMENT",
    "before",
    "begin",
    "BETWEEN",
    "by",
    "cascade",
    "CASE",
    "CAST",
    "CHECK",
    "COLLATE",
    "column",
    "COMMIT",
    "conflict",
    "CONSTRAINT",
    "CREATE",
    "cross",
    "current",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "database",
    "DEFAULT",
    "DEFERRABLE",
    "deferred",
    "DELETE",
    "desc",
    "detach",
    "DISTINCT",
    "do",
    "DROP",
    "each",
    "ELSE",
    "end",
    "ESCAPE",
    "EXCEPT",
    "exclude",
    "exclusive",
    "EXISTS",
    "explain",
    "fail",
    "filter",
    "first",
    "following",
    "for",
    "FOREIGN",
    "FROM",
    "full",
    "generated",
    "glob",
    "GROUP",
    "groups",
    "HAVING",
    "if",
    "ignore",
    "immediate",
    "IN",
    "INDEX",
    "indexed",
    "initially",
    "inner",
    "INSERT",
    "instead",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "key",
    "last",
    "left",
    "like",
    "LIMIT",
    "match",
    "materialized",
    "natural",
    "no",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "nulls",
    "of",
    "offset",
    "ON",
    "OR",
    "ORDER",
    "others",
    "outer",
    "over",
    "partition",
    "plan",
    "pragma",
    "preceding",
    "PRIMARY",
    "query",
    "raise",
    "range",
    "recursive",
    "REFERENCES",
    "regexp",
    "reindex",
    "release",
    "rename",
    "replace",
    "restrict",
    "RETURNING",
    "right",
    "rollback",
    "row",
    "rows",
    "savepoint",
    "SELECT",
    "SET",
    "TABLE",
    "temp",
    "temporary",
    "THEN",
    "ties",
    "TO",
    "TRANSACTION",
    "trigger",
    "unbounded",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "vacuum",
    "VALUES",
    "view",
    "virtual",
    "WHEN",
    "WHERE",
    "window",
    "with",
    "without",
};

static int cmp_fold(const void *key, const void *row)
{
    struct str a = *(const struct str *)key, b = str_c(*(const char *const *)row);
    for (size_t i = 0; i < a.n && i < b.n; i++) {
        int d = (unsigned char)ascii_lower(a.p[i]) - (unsigned char)ascii_lower(b.p[i]);
        if (d)
            return d;
    }
    return a.n < b.n ? -1 : a.n > b.n;
}

static const char *keyword(struct str name)
{
    const char *const *hit =
        bsearch(&name, keywords, sizeof keywords / sizeof *keywords, sizeof *keywords, cmp_fold);
    return hit ? *hit : NULL;
}

bool lite_is_keyword(struct str name)
{
    return keyword(name) != NULL;
}

/* IF is no table and RAISE no column in an expression (3.40). */
bool lite_reserved(struct str version, struct str name)
{
    const char *word = keyword(name);
    (void)version;
    return (word && word[0] >= 'A' && word[0] <= 'Z') || str_eq_fold_c(name, "if") ||
           str_eq_fold_c(name, "raise");
}

const struct sql_dialect lite_dialect = {'"', lite_is_keyword, NULL};

struct str lite_fold(struct arena *a, struct str name)
{
    size_t i = 0;
    while (i < name.n && name.p[i] == ascii_lower(name.p[i]))
        i++;
    if (i == name.n)
        return name;
    char *p = arena_cstr(a, name);
    for (; i < name.n; i++)
        p[i] = ascii_lower(p[i]);
    return (struct str){p, name.n};
}

struct lite_names {
    struct arena *mem;
    struct str *slot; /* open addressing; cap is a power of two */
    uint32_t n, cap;
};

struct lite_names *lite_names_new(struct arena *a)
{
    struct lite_names *set = NEW(a, struct lite_names);
    set->mem = a;
    set->cap = 64;
    set->slot = NEW_ARRAY(a, struct str, set->cap);
    return set;
}

static uint32_t find_slot(const struct lite_names *set, struct str folded)
{
    uint32_t at = (uint32_t)hash_bytes(folded).lo & (set->cap - 1);
    while (!str_is_null(set->slot[at]) && !str_eq(set->slot[at], folded))
        at = (at + 1) & (set->cap - 1);
    return at;
}

void lite_names_add(struct lite_names *set, struct str name)
{
    if (set->n * 2 >= set->cap) {
        struct lite_names old = *set;
        set->cap *= 2;
        set->slot = NEW_ARRAY(set->mem, struct str, set->cap);
        for (uint32_t i = 0; i < old.cap; i++)
            if (!str_is_null(old.slot[i]))
                set->slot[find_slot(set, old.slot[i])] = old.slot[i];
    }
    struct str folded = lite_fold(set->mem, name);
    uint32_t at = find_slot(set, folded);
    if (str_is_null(set->slot[at])) {
        set->slot[at] = folded.p == name.p ? arena_str(set->mem, name) : folded;
        set->n++;
    }
}

bool lite_names_has(const struct lite_names *set, struct str folded)
{
    return set && !str_is_null(set->slot[find_slot(set, folded)]);
}

static bool is_plain_name(struct str name)
{
    if (!name.n || ascii_is_digit(name.p[0]) || name.p[0] == '$')
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!ascii_is_alpha(c) && !ascii_is_digit(c) && c != '_' && c != '$' &&
            (unsigned char)c < 0x80)
            return false;
    }
    return true;
}

static void put_quoted(struct strbuf *out, struct str name)
{
    sb_char(out, '"');
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '"')
            sb_char(out, '"');
        sb_char(out, name.p[i]);
    }
    sb_char(out, '"');
}

/* Words that mean something of themselves only without quotes. */
static bool is_special(struct str name)
{
    static const char *const words[] = {"true", "false", "current_date", "current_time",
                                        "current_timestamp"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_fold_c(name, words[i]))
            return true;
    return false;
}

/* May stand without quotes and then means the same. */
static bool is_bare(struct str name)
{
    const char *word = keyword(name);
    bool reserved = word && word[0] >= 'A' && word[0] <= 'Z';
    return is_plain_name(name) && !reserved && !is_special(name);
}

static void put_name(struct strbuf *out, struct str name)
{
    if (is_bare(name))
        sb_str(out, name);
    else
        put_quoted(out, name);
}

void lite_canon_name(struct strbuf *out, struct str folded)
{
    put_name(out, folded);
}

/* What stands around a token, as far as its spelling depends on it. */
struct canon_state {
    const struct lite_names *known;
    struct tok prev, next;
    bool in_type;   /* between AS and the end of a CAST */
    uint64_t casts; /* bit d: the parenthesis at depth d opened a CAST */
    unsigned depth;
};

static bool wants_blank(struct tok prev, struct tok t)
{
    if (prev.type == T_END || tok_is_op(prev, "(") || tok_is_op(prev, "."))
        return false;
    if (tok_is_op(t, ",") || tok_is_op(t, ")") || tok_is_op(t, ".") || tok_is_op(t, ";"))
        return false;
    bool name = prev.type == T_QUOTED || (prev.type == T_WORD && !keyword(prev.text));
    return !(tok_is_op(t, "(") && name);
}

/* Names that have no case of their own: of functions, types and collations, and SQLite's own. */
static bool is_caseless(const struct canon_state *st, struct tok t)
{
    static const char *const own[] = {"new", "old", "rowid", "_rowid_", "excluded"};
    if (tok_is_op(st->next, "(") || tok_is(st->prev, "collate") || st->in_type)
        return true;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (tok_is(t, own[i]))
            return true;
    return t.type == T_WORD && (is_special(t.text) || keyword(t.text));
}

static void put_name_token(struct strbuf *out, struct tok t, const struct canon_state *st)
{
    struct str name = tok_name(out->mem, t), folded = lite_fold(out->mem, name);
    if (t.type == T_WORD && (keyword(name) || is_special(name)))
        sb_str(out, folded);
    else if (is_caseless(st, t))
        put_name(out, folded);
    else if (!st->known)
        put_name(out, name);
    else if (t.type == T_WORD || lite_names_has(st->known, folded))
        put_name(out, folded);
    else {
        /* a string; told from a name that needs its quotes */
        if (!is_bare(folded))
            sb_c(out, "text ");
        put_quoted(out, name);
    }
}

static void put_token(struct strbuf *out, struct tok t, const struct canon_state *st)
{
    if (t.type == T_WORD || t.type == T_QUOTED) {
        put_name_token(out, t, st);
    } else if (t.type == T_NUMBER) {
        sb_str(out, lite_fold(out->mem, t.text));
    } else if (t.type == T_BLOB) {
        sb_char(out, 'x');
        sb_str(out, str_from(t.text, 1));
    } else {
        sb_str(out, t.text);
    }
}

static void step_state(struct canon_state *st, struct tok t)
{
    if (tok_is_op(t, "(")) {
        st->depth++;
        uint64_t bit = (uint64_t)1 << (st->depth & 63);
        st->casts = tok_is(st->prev, "cast") ? st->casts | bit : st->casts & ~bit;
    } else if (tok_is_op(t, ")") && st->depth) {
        st->depth--;
        st->in_type = false;
    }
    if (tok_is(t, "as") && st->depth && (st->casts >> (st->depth & 63) & 1))
        st->in_type = true;
    st->prev = t;
}

void lite_canon(struct strbuf *out, struct str text, const struct lite_names *known)
{
    struct lexer l = lex_open(text);
    struct canon_state st = {.known = known, .prev = {.type = T_END}};
    for (struct tok t = lex_next(&l); t.type != T_END; t = st.next) {
        st.next = lex_next(&l);
        if (wants_blank(st.prev, t))
            sb_char(out, ' ');
        put_token(out, t, &st);
        step_state(&st, t);
    }
}

struct str lite_unwrap(struct str text)
{
    for (;;) {
        struct lexer l = lex_open(text);
        struct str inside;
        if (!lex_parens(&l, &inside) || lex_next(&l).type != T_END)
            return str_trim(text);
        text = inside;
    }
}

void lite_canon_default(struct strbuf *out, struct str text)
{
    struct str bare = lite_unwrap(text);
    struct lexer l = lex_open(bare);
    struct tok t = lex_next(&l);
    bool alone = lex_next(&l).type == T_END;
    if (alone && tok_is(t, "null"))
        return;
    bool constant = t.type == T_WORD && is_special(t.text);
    if (alone && (t.type == T_QUOTED || (t.type == T_WORD && !constant)))
        put_quoted(out, tok_name(out->mem, t));
    else
        lite_canon(out, bare, NULL);
}

void lite_canon_type(struct strbuf *out, struct str text)
{
    struct lexer l = lex_open(text);
    struct tok prev = {.type = T_END};
    for (struct tok t = lex_next(&l); t.type != T_END; prev = t, t = lex_next(&l)) {
        bool glue = prev.type == T_END || prev.type == T_OP || t.type == T_OP;
        if (!glue)
            sb_char(out, ' ');
        sb_str(out, lite_fold(out->mem, tok_is_name(t) ? tok_name(out->mem, t) : t.text));
    }
}

const char *lite_affinity(struct str type)
{
    static const struct {
        const char *part, *affinity;
    } rules[] = {{"int", "integer"}, {"char", "text"}, {"clob", "text"}, {"text", "text"},
                 {"blob", "blob"},   {"real", "real"}, {"floa", "real"}, {"doub", "real"}};
    if (!type.n)
        return "blob";
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_find(type, str_c(rules[i].part)) < type.n)
            return rules[i].affinity;
    return "numeric";
}
