/*
 * Statements as Liquibase and the drivers leave them. The text of a program is a fact byte by byte
 * and has no other spelling, so what would change, or is not taken, is not written:
 *   - Liquibase takes carriage returns out of SQL, and cuts every statement into tokens, even where
 *     it is not to be split: it knows strings, comments without #, names in quotes without a
 *     newline, and ends at a control character that stands in none of them;
 *   - MySQL's driver knows strings and comments and no names in backquotes: what it takes for
 *     {fn ...} outside of quotes is replaced, a brace that is not closed refused.
 * Tried on 4.28 and 5.0.4, Connector/J 9.4, MariaDB's 3.5.
 */

#include "drivers/mysql/mysql.h"
#include "drivers/sql/lex.h"

#include <string.h>

/* Whether the text stands at a place. */
static bool stands(struct str s, size_t at, const char *text)
{
    return str_starts(str_from(s, at), str_c(text));
}

/* Behind the next mark, or the end. */
static size_t behind(struct str s, size_t at, const char *mark)
{
    struct str rest = str_from(s, at);
    size_t found = str_find(rest, str_c(mark));
    return found < rest.n ? at + found + strlen(mark) : s.n;
}

/* ---- Liquibase ---- */

/* End of a string that opens at a place, by the longest way to close it; 0: it is none. */
static size_t string_end(struct str s, size_t at)
{
    char q = s.p[at];
    size_t end = 0, i = at + 1;
    while (i < s.n) {
        char next = '\0';
        if (i + 1 < s.n)
            next = s.p[i + 1];
        if (s.p[i] == q) {
            end = i + 1;
            if (next != q)
                return end;
            i += 2;
        } else if (s.p[i] == '\\') {
            if (next == q)
                end = i + 2;
            if (!next || !strchr("ntbrf\\0'\"", ascii_lower(next)))
                return end;
            i += 2;
        } else {
            i++;
        }
    }
    return end;
}

/* `name`, [name]: in one line; 0: it is none. */
static size_t name_end(struct str s, size_t at)
{
    char close = s.p[at] == '[' ? ']' : s.p[at];
    size_t i = at + 1;
    if (i < s.n && close == ']' && ascii_is_digit(s.p[i]))
        return 0;
    while (i < s.n && s.p[i] != close && s.p[i] != '\n')
        i++;
    return i > at + 1 && i < s.n && s.p[i] == close ? i + 1 : 0;
}

static bool liquibase_takes(struct str s)
{
    for (size_t at = 0, end; at < s.n; at = end) {
        char c = s.p[at];
        end = 0;
        if (c == '\'' || c == '"')
            end = string_end(s, at);
        else if (c == '`' || c == '[')
            end = name_end(s, at);
        else if (stands(s, at, "--"))
            end = at + str_chr(str_from(s, at), '\n');
        else if (stands(s, at, "/*") && str_find(str_from(s, at + 2), STR("*/")) < s.n - at - 2)
            end = behind(s, at + 2, "*/");
        if (!end && lex_liquibase_ends(s, at))
            return false;
        end = end ? end : at + 1;
    }
    return true;
}

/* ---- MySQL's driver ---- */

static bool is_escape(struct str inside)
{
    static const char *const words[] = {"d", "t", "fn", "oj", "escape", "call", "?"};
    inside = str_trim(inside);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq_fold_c(str_sub(inside, 0, str_c(words[i]).n), words[i]))
            return true;
    return false;
}

/* A brace outside of what the driver takes for quotes: {x} is kept, where nothing in it may be read
 * in another way. Behind it, or 0. */
static size_t kept_brace(struct str s, size_t at)
{
    size_t end = at + 1;
    while (end < s.n && !strchr("{}'\"\\/#-", s.p[end]))
        end++;
    if (end == s.n || s.p[end] != '}' || is_escape(str_sub(s, at + 1, end)))
        return 0;
    return end + 1;
}

/* End of what the driver takes for quoted. */
static size_t driver_quoted(struct str s, size_t at)
{
    size_t i = at + 1;
    while (i < s.n) {
        if (s.p[i] == '\\')
            i += 2;
        else if (s.p[i] != s.p[at])
            i++;
        else if (i + 1 < s.n && s.p[i + 1] == s.p[at])
            i += 2;
        else
            return i + 1;
    }
    return s.n;
}

static bool driver_keeps(struct str s)
{
    size_t at = str_chr(s, '{');
    if (str_chr(str_from(s, at), '}') == s.n - at)
        return true; /* it does not look */
    for (at = 0; at < s.n;) {
        char c = s.p[at];
        if (c == '\\')
            at += 2;
        else if (c == '\'' || c == '"')
            at = driver_quoted(s, at);
        else if (c == '#' || stands(s, at, "-- "))
            at = behind(s, at, "\n");
        else if (stands(s, at, "/*"))
            at = behind(s, at + 2, "*/");
        else if (c != '{')
            at++;
        else if ((at = kept_brace(s, at)) == 0)
            return false;
    }
    return true;
}

bool my_spell(struct str sql, struct strbuf *out)
{
    if (str_chr(sql, '\r') < sql.n || !liquibase_takes(sql) || !driver_keeps(sql))
        return false;
    sb_str(out, sql);
    return true;
}
