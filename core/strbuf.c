/* Growing text; see strbuf.h. */

#include "core/strbuf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/err.h"

struct strbuf sb_new(struct arena *a, size_t max)
{
    return (struct strbuf){.mem = a, .max = max ? max : SB_MAX};
}

/* Room for n more bytes and the NUL; false when the maximum is reached. */
static bool sb_room(struct strbuf *b, size_t n)
{
    if (b->over || n > b->max - b->n) {
        b->over = true;
        return false;
    }
    if (b->p && b->cap - b->n > n)
        return true;
    size_t cap = b->cap ? b->cap * 2 : 64;
    while (cap - b->n <= n)
        cap *= 2;
    b->p = arena_grow(b->mem, b->p, b->cap, cap);
    b->cap = cap;
    return true;
}

void sb_put(struct strbuf *b, const char *p, size_t n)
{
    if (!sb_room(b, n))
        return;
    if (n)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void sb_str(struct strbuf *b, struct str s)
{
    sb_put(b, s.p, s.n);
}

void sb_c(struct strbuf *b, const char *s)
{
    sb_put(b, s, strlen(s));
}

void sb_char(struct strbuf *b, char c)
{
    sb_put(b, &c, 1);
}

void sb_pad(struct strbuf *b, char c, size_t n)
{
    if (!sb_room(b, n))
        return;
    memset(b->p + b->n, c, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void sb_printf(struct strbuf *b, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        BUG("bad format");
    if (sb_room(b, (size_t)n)) {
        vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
}

void sb_int(struct strbuf *b, int64_t v)
{
    sb_printf(b, "%" PRId64, v);
}

void sb_cut(struct strbuf *b, size_t n)
{
    if (n >= b->n)
        return;
    b->n = n;
    b->p[n] = '\0';
}

struct str sb_view(const struct strbuf *b)
{
    return (struct str){b->p ? b->p : "", b->n};
}
