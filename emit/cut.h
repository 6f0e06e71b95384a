#ifndef SNAP_EMIT_CUT_H
#define SNAP_EMIT_CUT_H

/* How programs that cut scripts into statements see the end of one. */

#include "core/str.h"

/* What such a program takes for quotes besides ' and ". */
struct lexing {
    bool escapes;    /* a backslash in them stands before a character that ends nothing */
    bool backquotes; /* ` are quotes, too */
};
/* Whether a statement ends outside of quotes and comments, and behind the END of each BEGIN. */
bool cut_ends_plain(struct str s, struct lexing how);
/* The same without BEGIN and END. */
bool cut_is_closed(struct str s, struct lexing how);

#endif
