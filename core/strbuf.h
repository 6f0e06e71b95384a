#ifndef SNAP_CORE_STRBUF_H
#define SNAP_CORE_STRBUF_H

/*
 * A growing text in an arena. Always ends with a NUL that is not counted. Each buffer has a
 * maximum: what does not fit is left out and `over` is set, to be checked once at the end.
 */

#include <stdarg.h>

#include "core/arena.h"
#include "core/str.h"

struct strbuf {
    struct arena *mem;
    char *p;
    size_t n, cap, max;
    bool over;
};

enum { SB_MAX = 1 << 30 };

/* An empty buffer in `a` that holds up to max bytes (0: SB_MAX). */
struct strbuf sb_new(struct arena *a, size_t max);
void sb_put(struct strbuf *b, const char *p, size_t n);
void sb_str(struct strbuf *b, struct str s);
void sb_c(struct strbuf *b, const char *s);
void sb_char(struct strbuf *b, char c);
void sb_pad(struct strbuf *b, char c, size_t n);
void sb_printf(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void sb_int(struct strbuf *b, int64_t v);
/* Cuts to n bytes; n past the end changes nothing. */
void sb_cut(struct strbuf *b, size_t n);
/* The text so far; valid until the next write. */
struct str sb_view(const struct strbuf *b);

#endif
