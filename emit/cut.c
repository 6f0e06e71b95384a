/* The ends of statements as others see them; see cut.h. */

#include "emit/cut.h"

static bool is_letter(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_' || c == '$';
}

/* The end of what begins at `at` with a quote or comment, or with none of these; s.n + 1 where it
 * does not end. */
static size_t token_end(struct str s, size_t at, struct lexing how)
{
    char c = s.p[at], next = at + 1 < s.n ? s.p[at + 1] : 0;
    size_t i = at + 1;
    if (c == '-' && next == '-')
        return at + str_chr(str_from(s, at), '\n');
    if (c == '/' && next == '*') {
        size_t end = str_find(str_from(s, at + 2), STR("*/"));
        return at + 2 + end < s.n ? at + 4 + end : s.n + 1;
    }
    if (c != '\'' && c != '"' && !(c == '`' && how.backquotes))
        return at + 1;
    while (i < s.n && s.p[i] != c)
        i += s.p[i] == '\\' && how.escapes ? 2 : 1;
    return i < s.n ? i + 1 : s.n + 1;
}

bool cut_is_closed(struct str s, struct lexing how)
{
    for (size_t i = 0; i < s.n; i = token_end(s, i, how))
        if (token_end(s, i, how) > s.n)
            return false;
    return true;
}

bool cut_ends_plain(struct str s, struct lexing how)
{
    long blocks = 0;
    for (size_t i = 0, end; i < s.n; i = end) {
        end = token_end(s, i, how);
        if (end > s.n)
            return false;
        if (!is_letter(s.p[i]) || (i && is_letter(s.p[i - 1])))
            continue;
        while (end < s.n && is_letter(s.p[end]))
            end++;
        struct str word = str_sub(s, i, end);
        blocks += str_eq_fold(word, STR("BEGIN"));
        blocks -= blocks && str_eq_fold(word, STR("END"));
    }
    return blocks == 0;
}
