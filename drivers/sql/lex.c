/* SQL tokens as SQLite's tokenizer sees them, which is a superset of what the standard allows. */

#include "drivers/sql/lex.h"

#include <string.h>

struct lexer lex_open(struct str sql)
{
    return (struct lexer){sql, 0};
}

static bool is_word_byte(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

/* Skips blanks and comments; an unterminated comment runs to the end, as in SQLite. */
static size_t skip_blank(struct str s, size_t at)
{
    for (;;) {
        while (at < s.n && (ascii_is_space(s.p[at]) || s.p[at] == '\0'))
            at++;
        struct str rest = str_from(s, at);
        if (str_starts(rest, STR("--"))) {
            at += str_chr(rest, '\n');
        } else if (str_starts(rest, STR("/*"))) {
            size_t end = str_find(str_from(rest, 2), STR("*/"));
            at = end + 2 >= rest.n ? s.n : at + 2 + end + 2;
        } else {
            return at;
        }
        if (at >= s.n)
            return s.n;
    }
}

/* End of a quoted text that opens at s.p[at]; 0 when it is not closed. Doubled quotes stay inside.
 */
static size_t quoted_end(struct str s, size_t at, char close)
{
    for (size_t i = at + 1; i < s.n; i++) {
        if (s.p[i] != close)
            continue;
        if (close == ']' || i + 1 >= s.n || s.p[i + 1] != close)
            return i + 1;
        i++;
    }
    return 0;
}

static size_t number_end(struct str s, size_t at)
{
    size_t i = at;
    bool hex = s.p[at] == '0' && at + 1 < s.n && ascii_lower(s.p[at + 1]) == 'x';
    while (i < s.n) {
        bool sign = i + 1 < s.n && (s.p[i + 1] == '+' || s.p[i + 1] == '-');
        if (!hex && sign && ascii_lower(s.p[i]) == 'e')
            i += 2;
        else if (is_word_byte(s.p[i]) || s.p[i] == '.')
            i++;
        else
            break;
    }
    return i;
}

static size_t op_len(struct str rest)
{
    static const char *const ops[] = {
        "->>", "->", "||", "<<", ">>", "<=", ">=", "<>", "!=", "==", "::", "|", "&"};
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (str_starts(rest, str_c(ops[i])))
            return strlen(ops[i]);
    return strchr("()+-*/%<>=.,;~!", rest.p[0]) ? 1 : 0;
}

static struct tok make(struct lexer *l, enum tok_type type, size_t from, size_t to)
{
    l->at = to;
    return (struct tok){type, str_sub(l->sql, from, to), from};
}

static struct tok quoted(struct lexer *l, size_t at, char close, enum tok_type type)
{
    size_t end = quoted_end(l->sql, at, close);
    return end ? make(l, type, at, end) : make(l, T_BAD, at, l->sql.n);
}

static struct tok blob(struct lexer *l, size_t at)
{
    size_t end = quoted_end(l->sql, at + 1, '\'');
    return end ? make(l, T_BLOB, at, end) : make(l, T_BAD, at, l->sql.n);
}

struct tok lex_next(struct lexer *l)
{
    struct str s = l->sql;
    size_t at = skip_blank(s, l->at);
    if (at >= s.n)
        return make(l, T_END, s.n, s.n);
    char c = s.p[at], next = at + 1 < s.n ? s.p[at + 1] : '\0';
    if (c == '\'')
        return quoted(l, at, c, T_STRING);
    if (c == '"' || c == '`')
        return quoted(l, at, c, T_QUOTED);
    if (c == '[')
        return quoted(l, at, ']', T_QUOTED);
    if (ascii_lower(c) == 'x' && next == '\'')
        return blob(l, at);
    if (ascii_is_digit(c) || (c == '.' && ascii_is_digit(next)))
        return make(l, T_NUMBER, at, number_end(s, at));
    size_t end = at + 1;
    if (c == '?' || c == '@' || c == '#' || c == '$' || (c == ':' && is_word_byte(next))) {
        while (end < s.n && is_word_byte(s.p[end]))
            end++;
        return make(l, T_PARAM, at, end);
    }
    if (is_word_byte(c)) {
        while (end < s.n && is_word_byte(s.p[end]))
            end++;
        return make(l, T_WORD, at, end);
    }
    size_t n = op_len(str_from(s, at));
    return n ? make(l, T_OP, at, at + n) : make(l, T_BAD, at, at + 1);
}

struct tok lex_peek(const struct lexer *l)
{
    struct lexer copy = *l;
    return lex_next(&copy);
}

bool tok_is(struct tok t, const char *keyword)
{
    return t.type == T_WORD && str_eq_fold_c(t.text, keyword);
}

bool tok_is_op(struct tok t, const char *op)
{
    return t.type == T_OP && str_eq_c(t.text, op);
}

bool tok_is_name(struct tok t)
{
    return t.type == T_WORD || t.type == T_QUOTED || t.type == T_STRING;
}

struct str tok_name(struct arena *a, struct tok t)
{
    if ((t.type != T_QUOTED && t.type != T_STRING) || t.text.n < 2)
        return t.text;
    struct str inner = str_sub(t.text, 1, t.text.n - 1);
    char quote = t.text.p[0];
    if (quote == '[' || str_chr(inner, quote) == inner.n)
        return inner;
    char *p = arena_alloc(a, inner.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < inner.n; i++) {
        p[n++] = inner.p[i];
        i += inner.p[i] == quote;
    }
    p[n] = '\0';
    return (struct str){p, n};
}

bool lex_parens(struct lexer *l, struct str *inside)
{
    struct tok open = lex_next(l);
    size_t depth = 1;
    if (!tok_is_op(open, "("))
        return false;
    for (;;) {
        struct tok t = lex_next(l);
        if (t.type == T_END || t.type == T_BAD)
            return false;
        depth += tok_is_op(t, "(");
        depth -= tok_is_op(t, ")");
        if (!depth) {
            *inside = str_sub(l->sql, open.at + 1, t.at);
            return true;
        }
    }
}

bool lex_liquibase_ends(struct str s, size_t at)
{
    unsigned char c = (unsigned char)s.p[at], next = at + 1 < s.n ? (unsigned char)s.p[at + 1] : 0;
    struct str rest = str_from(s, at);
    if (c < 0x20)
        return c != '\t' && c != '\n';
    if (c == 0xc2)
        return next < 0xa0 && next != 0x85;
    return c == 0x7f || str_starts(rest, STR("\xef\xbf\xbe")) ||
           str_starts(rest, STR("\xef\xbf\xbf"));
}
