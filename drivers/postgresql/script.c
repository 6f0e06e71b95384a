/*
 * Scripts: where quoted texts and statements end, as the server's own lexer has it, and what of a
 * script is for psql.
 */

#include <string.h>

#include "drivers/postgresql/script.h"

static bool is_ident(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

/* Length of a $tag$ at `at`, or 0; within a name a dollar is a letter as any other. */
static size_t dollar_tag(struct str s, size_t at)
{
    size_t i = at + 1;
    bool in_name = at > 0 && is_ident(s.p[at - 1]);
    while (i < s.n && is_ident(s.p[i]) && s.p[i] != '$')
        i++;
    bool digit = at + 1 < s.n && ascii_is_digit(s.p[at + 1]);
    return i < s.n && s.p[i] == '$' && !digit && !in_name ? i + 1 - at : 0;
}

size_t pg_skip_quoted(struct str s, size_t at)
{
    char c = s.p[at], next = at + 1 < s.n ? s.p[at + 1] : '\0';
    size_t i = at + 1;
    if (c == '-' && next == '-')
        return at + str_chr(str_from(s, at), '\n');
    if (c == '/' && next == '*') {
        int depth = 1;
        for (i = at + 2; i < s.n && depth; i++) {
            if (s.p[i] == '/' && i + 1 < s.n && s.p[i + 1] == '*')
                depth++, i++;
            else if (s.p[i] == '*' && i + 1 < s.n && s.p[i + 1] == '/')
                depth--, i++;
        }
        return i;
    }
    if (c == '$') {
        size_t n = dollar_tag(s, at);
        if (!n)
            return at;
        struct str tag = str_sub(s, at, at + n), rest = str_from(s, at + n);
        size_t hit = str_find(rest, tag);
        return hit == rest.n ? s.n : at + n + hit + n;
    }
    if (c != '\'' && c != '"')
        return at;
    bool escapes = c == '\'' && at > 0 && (s.p[at - 1] == 'E' || s.p[at - 1] == 'e') &&
                   (at < 2 || !is_ident(s.p[at - 2]));
    for (; i < s.n; i++) {
        if (escapes && s.p[i] == '\\')
            i++;
        else if (s.p[i] == c && i + 1 < s.n && s.p[i + 1] == c)
            i++;
        else if (s.p[i] == c)
            return i + 1;
    }
    return s.n;
}

static bool word_at(struct str s, size_t at, const char *word)
{
    size_t n = strlen(word);
    bool before = at > 0 && (ascii_is_alpha(s.p[at - 1]) || ascii_is_digit(s.p[at - 1]) ||
                             s.p[at - 1] == '_');
    struct str rest = str_from(s, at);
    if (before || rest.n < n || !str_eq_fold(str_sub(rest, 0, n), str_c(word)))
        return false;
    return rest.n == n ||
           !(ascii_is_alpha(rest.p[n]) || ascii_is_digit(rest.p[n]) || rest.p[n] == '_');
}

/* ATOMIC is a word only behind BEGIN, elsewhere a name as any other. */
static bool atomic_follows(struct str s, size_t begin)
{
    size_t i = begin + strlen("begin");
    while (i < s.n) {
        size_t past = ascii_is_space(s.p[i]) ? i + 1 : pg_skip_quoted(s, i);
        if (past == i)
            break;
        i = past;
    }
    return i < s.n && word_at(s, i, "atomic");
}

/* The end of the statement that begins at `at`: its semicolon, but for those inside parentheses and
 * inside BEGIN ATOMIC ... END. */
static size_t statement_end(struct str s, size_t at)
{
    int parens = 0, blocks = 0;
    bool atomic = false;
    for (size_t i = at; i < s.n;) {
        size_t past = pg_skip_quoted(s, i);
        if (past > i) {
            i = past;
            continue;
        }
        if (s.p[i] == '(')
            parens++;
        else if (s.p[i] == ')')
            parens--;
        else if (word_at(s, i, "begin") && atomic_follows(s, i))
            atomic = true, blocks++;
        else if (atomic && word_at(s, i, "case"))
            blocks++;
        else if (atomic && word_at(s, i, "end"))
            blocks--;
        else if (s.p[i] == ';' && parens <= 0 && blocks <= 0)
            return i;
        i++;
    }
    return s.n;
}

bool pg_has_block(struct str text)
{
    for (size_t i = 0; i < text.n;) {
        size_t past = pg_skip_quoted(text, i);
        if (past == i && word_at(text, i, "begin") && atomic_follows(text, i))
            return true;
        i = past > i ? past : i + 1;
    }
    return false;
}

/* The first byte of the next statement; what stands before it are blanks, comments, empty
 * statements and lines for psql. *meta: the first of these lines that does more than psql's own
 * settings. */
static size_t next_statement(struct str s, struct str *meta)
{
    static const char harmless[] =
        "\\restrict,\\unrestrict,\\connect,\\c,\\set,\\unset,\\echo,\\qecho,\\warn,\\pset,"
        "\\timing,\\encoding,\\x,\\a,\\t,\\H,\\o,\\q,\\.";
    size_t i = 0;
    *meta = STR_NULL;
    while (i < s.n) {
        size_t past = s.p[i] == '-' || s.p[i] == '/' ? pg_skip_quoted(s, i) : i;
        if (s.p[i] == '\\') {
            past = i + str_chr(str_from(s, i), '\n');
            struct str line = str_trim(str_sub(s, i, past)), rest = line, word;
            (void)str_cut(&rest, ' ', &word);
            if (str_is_null(*meta) && !word_in(harmless, word))
                *meta = line;
        } else if (ascii_is_space(s.p[i]) || s.p[i] == ';') {
            past = i + 1;
        }
        if (past == i)
            break;
        i = past;
    }
    return i;
}

struct str pg_psql_line(struct str script)
{
    struct str meta;
    (void)next_statement(script, &meta);
    return meta;
}

bool pg_split(struct script *script, struct str *stmt)
{
    struct str s = script->rest, meta;
    size_t i = next_statement(s, &meta);
    if (i >= s.n) {
        script->rest = STR_NULL;
        return false;
    }
    size_t end = statement_end(s, i);
    *stmt = str_trim(str_sub(s, i, end));
    script->rest = str_from(s, end + 1);
    return true;
}
