#ifndef SNAP_CORE_COMMAND_H
#define SNAP_CORE_COMMAND_H

/*
 * Statements of LANG_COMMAND as texts: documents of Extended JSON, and the script for the shell
 * that runs them one by one. What a document means is the driver's business.
 */

#include "core/step.h"

/* Appends one document without the blanks between its parts; false where the text is none: it does
 * not begin and end with one and the same pair of braces, a string is open, a word stands in it
 * that JSON does not have, or a ${, which would be a parameter of a changelog. */
bool command_line(struct str json, struct strbuf *out);

/* A script in the forms that emit/fmt_mongosh.c writes: empty lines, comments of a line, and calls
 *     db.runCommand(EJSON.parse('...', {relaxed: false}));
 * or db.adminCommand, where '...' may be ['...',
 *     '...'].join('')
 */
struct command_script {
    struct str rest;
    struct str label; /* for messages */
    unsigned line;    /* of `rest`, from 0 */
};
/* The next command as a statement, its text in `mem`; *more is false at the end.
 * E_CHANGELOG_FOREIGN for a line of any other form. */
int command_next(struct command_script *s, struct arena *mem, struct stmt *out, bool *more,
                 struct err *e);

#endif
