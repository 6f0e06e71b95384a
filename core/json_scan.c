/*
 * A quick look at JSON that is nearly always canonical: one pass, no memory. What it does not take
 * is looked at again by the library, which also says what is wrong.
 */

#include "core/json.h"

#include <string.h>

enum { MOST_DIGITS = 18 }; /* within 64 bits, whatever they are */

struct scan {
    const unsigned char *p, *end;
};

static bool scan_value(struct scan *s, const char *const *order, int depth);

/* The bytes of one character beyond ASCII; 0: it is none. */
static size_t character(const unsigned char *p, const unsigned char *end)
{
    size_t n = *p < 0xc2 ? 0 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : *p < 0xf5 ? 4 : 0;
    if (!n || (size_t)(end - p) < n)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f)) /* too long; a surrogate */
        return 0;
    if ((*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
        return 0;
    return n;
}

/* *plain: it holds no escape. */
static bool scan_string(struct scan *s, struct str *text, bool *plain)
{
    const unsigned char *p = s->p;
    if (p == s->end || *p++ != '"')
        return false;
    const unsigned char *from = p;
    *plain = true;
    while (p < s->end && *p != '"') {
        if (*p == '\\') {
            if (p + 1 == s->end || !p[1] || !strchr("bfnrt\"\\", p[1]))
                return false;
            *plain = false;
            p += 2;
        } else if (*p < 0x20) {
            return false;
        } else if (*p < 0x80) {
            p++;
        } else {
            size_t n = character(p, s->end);
            if (!n)
                return false;
            p += n;
        }
    }
    if (p >= s->end)
        return false;
    *text = str_range((const char *)from, (const char *)p);
    s->p = p + 1;
    return true;
}

static bool scan_number(struct scan *s)
{
    const unsigned char *p = s->p + (*s->p == '-'), *from = p;
    while (p < s->end && *p >= '0' && *p <= '9')
        p++;
    size_t n = (size_t)(p - from);
    if (!n || n > MOST_DIGITS || (*from == '0' && (n > 1 || from != s->p)))
        return false;
    s->p = p;
    return true;
}

static bool scan_word(struct scan *s, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n) != 0)
        return false;
    s->p += n;
    return true;
}

/* Where the key stands among those that are left; NULL: not there. */
static const char *const *place_of(const char *const *order, struct str key)
{
    while (*order && !str_eq_c(key, *order))
        order++;
    return *order ? order + 1 : NULL;
}

static bool scan_object(struct scan *s, const char *const *order, int depth)
{
    struct str last = STR_NULL, key;
    bool plain;
    s->p++;
    if (s->p < s->end && *s->p == '}') {
        s->p++;
        return true;
    }
    for (;;) {
        if (!scan_string(s, &key, &plain) || !plain || s->p == s->end || *s->p++ != ':')
            return false;
        if (order ? !(order = place_of(order, key)) : !str_is_null(last) && str_cmp(last, key) >= 0)
            return false;
        last = key;
        if (!scan_value(s, NULL, depth + 1) || s->p == s->end)
            return false;
        if (*s->p == '}')
            break;
        if (*s->p++ != ',')
            return false;
    }
    s->p++;
    return true;
}

static bool scan_list(struct scan *s, int depth)
{
    s->p++;
    if (s->p < s->end && *s->p == ']') {
        s->p++;
        return true;
    }
    for (;;) {
        if (!scan_value(s, NULL, depth + 1) || s->p == s->end)
            return false;
        if (*s->p == ']')
            break;
        if (*s->p++ != ',')
            return false;
    }
    s->p++;
    return true;
}

static bool scan_value(struct scan *s, const char *const *order, int depth)
{
    struct str text;
    bool plain;
    if (s->p == s->end || depth > JC_MAX_DEPTH)
        return false;
    switch (*s->p) {
    case '{':
        return scan_object(s, order, depth);
    case '[':
        return !order && scan_list(s, depth);
    case '"':
        return !order && scan_string(s, &text, &plain);
    case 't':
        return !order && scan_word(s, "true");
    case 'f':
        return !order && scan_word(s, "false");
    case 'n':
        return !order && scan_word(s, "null");
    default:
        return !order && scan_number(s);
    }
}

bool jc_surely(struct str text, const char *const *keys)
{
    struct scan s = {(const unsigned char *)text.p, (const unsigned char *)text.p + text.n};
    return text.n && scan_value(&s, keys, 1) && s.p == s.end;
}
