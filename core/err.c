/* The error table and the making of messages. Prints nothing. */

#include "core/err.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/escape.h"

static const struct {
    const char *name;
    int status;
    const char *doc, *hint;
} rows[ERR_COUNT] = {
    {"OK", 0, "no error", ""},
#define ERROR(code, status, doc, hint) {#code, status, doc, hint},
#include "core/errors.def"
#undef ERROR
};

const char *err_name(enum err_code code)
{
    return rows[code].name;
}

int err_exit_code(enum err_code code)
{
    return rows[code].status;
}

const char *err_doc(enum err_code code)
{
    return rows[code].doc;
}

const char *err_row_hint(enum err_code code)
{
    return rows[code].hint;
}

__attribute__((format(printf, 3, 0))) static void fill(char *dst, size_t cap, const char *fmt,
                                                       va_list ap)
{
    char raw[4096];
    vsnprintf(raw, sizeof raw, fmt, ap);
    redact_urls(raw);
    esc_terminal_fixed(dst, cap, str_c(raw));
}

int err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
    va_list ap;
    e->code = code;
    va_start(ap, fmt);
    fill(e->msg, sizeof e->msg, fmt, ap);
    va_end(ap);
    snprintf(e->hint, sizeof e->hint, "%s", rows[code].hint);
    return -1;
}

/* A list that has no room ends behind a word of it. */
static void end_at_word(char *text, size_t cap)
{
    size_t n = strlen(text);
    if (n + 4 < cap)
        return;
    for (n = cap - 5; n && text[n] != ' ' && text[n] != ',';)
        n--;
    if (n)
        memcpy(text + n, text[n] == ',' ? ",..." : " ...", 5);
}

int err_hint(struct err *e, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fill(e->hint, sizeof e->hint, fmt, ap);
    end_at_word(e->hint, sizeof e->hint);
    va_end(ap);
    return -1;
}

int err_wrap(struct err *e, const char *fmt, ...)
{
    char old[sizeof e->msg], both[2 * sizeof e->msg + 2];
    va_list ap;
    memcpy(old, e->msg, sizeof old);
    va_start(ap, fmt);
    fill(e->msg, sizeof e->msg, fmt, ap);
    va_end(ap);
    snprintf(both, sizeof both, "%s: %s", e->msg, old);
    esc_terminal_fixed(e->msg, sizeof e->msg, str_c(both)); /* is cut between characters */
    return -1;
}

_Noreturn void bug_at(const char *file, int line, const char *what)
{
    fprintf(stderr, "snap: BUG at %s:%d: %s\n", file, line, what);
    abort();
}
