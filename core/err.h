#ifndef SNAP_CORE_ERR_H
#define SNAP_CORE_ERR_H

/*
 * What went wrong, as a value. A function that can fail for outside reasons returns 0 or -1 and
 * fills a struct err: the stable name (errors.def), a message that names the object and the
 * source, and a hint that says what to do. Nothing but cli/ prints it.
 */

#include <stdarg.h>
#include <stdbool.h>

#include "core/str.h"

enum err_code {
    E_OK,
#define ERROR(code, status, doc, hint) E_##code,
#include "core/errors.def"
#undef ERROR
    ERR_COUNT
};

struct err {
    enum err_code code;
    char msg[1024];
    char hint[512];
};

/* Sets code, message and the row's hint; returns -1, so: return err_set(e, E_X, "...", ...). The
 * message is made safe for a terminal and secrets in URLs are hidden. */
int err_set(struct err *e, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* Puts another hint in place of the row's; returns -1. */
int err_hint(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Puts "context: " in front of the message; returns -1. */
int err_wrap(struct err *e, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* The stable name ("NO_SUCH_FILE"), exit status, meaning and hint of a code. */
const char *err_name(enum err_code code);
int err_exit_code(enum err_code code);
const char *err_doc(enum err_code code);
const char *err_row_hint(enum err_code code);

/* A programming error: prints file and line, aborts. */
#define BUG(what) bug_at(__FILE__, __LINE__, (what))
_Noreturn void bug_at(const char *file, int line, const char *what);
/* Branches that cannot be taken; a build with checks aborts there. */
#ifdef NDEBUG
#define ALWAYS(x) (1)
#define NEVER(x) (0)
#else
#define ALWAYS(x) ((x) ? 1 : (BUG("not always: " #x), 0))
#define NEVER(x) ((x) ? (BUG("never: " #x), 1) : 0)
#endif

#endif
