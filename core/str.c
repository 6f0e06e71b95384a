/* Comparison, search and cutting of byte strings. Knows nothing of memory or of SQL. */

#include "core/str.h"

#include <string.h>

struct str str_c(const char *s)
{
    return (struct str){s, s ? strlen(s) : 0};
}

struct str str_range(const char *p, const char *end)
{
    return (struct str){p, (size_t)(end - p)};
}

bool str_is_null(struct str s)
{
    return s.p == NULL;
}

bool str_eq(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

bool str_eq_c(struct str a, const char *b)
{
    return str_eq(a, str_c(b));
}

bool str_eq_fold(struct str a, struct str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (ascii_lower(a.p[i]) != ascii_lower(b.p[i]))
            return false;
    return true;
}

bool str_eq_fold_c(struct str a, const char *b)
{
    return str_eq_fold(a, str_c(b));
}

int str_cmp(struct str a, struct str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int c = n ? memcmp(a.p, b.p, n) : 0;
    if (c)
        return c;
    return a.n < b.n ? -1 : a.n > b.n;
}

int str_order(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool str_starts(struct str s, struct str prefix)
{
    return s.n >= prefix.n && str_eq(str_sub(s, 0, prefix.n), prefix);
}

bool str_ends(struct str s, struct str suffix)
{
    return s.n >= suffix.n && str_eq(str_from(s, s.n - suffix.n), suffix);
}

struct str str_from(struct str s, size_t from)
{
    if (from > s.n)
        from = s.n;
    return (struct str){s.p ? s.p + from : NULL, s.n - from};
}

struct str str_sub(struct str s, size_t from, size_t to)
{
    if (to > s.n)
        to = s.n;
    if (from > to)
        from = to;
    return (struct str){s.p ? s.p + from : NULL, to - from};
}

size_t str_chr(struct str s, char c)
{
    const char *hit = s.n ? memchr(s.p, c, s.n) : NULL;
    return hit ? (size_t)(hit - s.p) : s.n;
}

size_t str_find(struct str s, struct str needle)
{
    if (needle.n == 0)
        return 0;
    for (size_t at = 0; at + needle.n <= s.n; at++) {
        at += str_chr(str_from(s, at), needle.p[0]);
        if (at + needle.n > s.n)
            break;
        if (memcmp(s.p + at, needle.p, needle.n) == 0)
            return at;
    }
    return s.n;
}

int str_line(struct str text, const char *at)
{
    int line = 1;
    for (const char *p = text.p; p < at; p++)
        line += *p == '\n';
    return line;
}

struct str str_trim(struct str s)
{
    while (s.n && ascii_is_space(s.p[0]))
        s = str_from(s, 1);
    while (s.n && ascii_is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

bool str_cut(struct str *rest, char c, struct str *part)
{
    if (str_is_null(*rest))
        return false;
    size_t at = str_chr(*rest, c);
    *part = str_sub(*rest, 0, at);
    *rest = at < rest->n ? str_from(*rest, at + 1) : STR_NULL;
    return true;
}

bool str_has_word(struct str list, struct str word)
{
    struct str one;
    while (str_cut(&list, ',', &one))
        if (str_eq(one, word))
            return true;
    return false;
}

bool str_int(struct str s, int64_t *out)
{
    bool minus = s.n && s.p[0] == '-';
    size_t i = (s.n && (s.p[0] == '-' || s.p[0] == '+')) ? 1 : 0;
    uint64_t limit = minus ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t v = 0;
    if (i == s.n)
        return false;
    for (; i < s.n; i++) {
        if (!ascii_is_digit(s.p[i]))
            return false;
        uint64_t digit = (uint64_t)(s.p[i] - '0');
        if (v > (limit - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *out = minus ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

/* Length of the well-formed sequence at p, 0 when there is none (RFC 3629, no surrogates). */
static size_t utf8_len(const unsigned char *p, size_t n)
{
    static const struct {
        unsigned char lo, hi, second_lo, second_hi, len;
    } rows[] = {
        {0x01, 0x7f, 0, 0, 1},       {0xc2, 0xdf, 0x80, 0xbf, 2}, {0xe0, 0xe0, 0xa0, 0xbf, 3},
        {0xe1, 0xec, 0x80, 0xbf, 3}, {0xed, 0xed, 0x80, 0x9f, 3}, {0xee, 0xef, 0x80, 0xbf, 3},
        {0xf0, 0xf0, 0x90, 0xbf, 4}, {0xf1, 0xf3, 0x80, 0xbf, 4}, {0xf4, 0xf4, 0x80, 0x8f, 4}};
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        if (p[0] < rows[r].lo || p[0] > rows[r].hi)
            continue;
        size_t len = rows[r].len;
        if (len > n || (len > 1 && (p[1] < rows[r].second_lo || p[1] > rows[r].second_hi)))
            return 0;
        for (size_t i = 2; i < len; i++)
            if (p[i] < 0x80 || p[i] > 0xbf)
                return 0;
        return len;
    }
    return 0;
}

bool str_is_utf8(struct str s)
{
    const unsigned char *p = (const unsigned char *)s.p;
    for (size_t i = 0; i < s.n;) {
        size_t len = p[i] && p[i] < 0x80 ? 1 : utf8_len(p + i, s.n - i);
        if (!len)
            return false;
        i += len;
    }
    return true;
}
