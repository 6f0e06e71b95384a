#ifndef SNAP_EMIT_COMMAND_H
#define SNAP_EMIT_COMMAND_H

/* Commands (LANG_COMMAND) in files: the same document, on lines that people read. */

#include "emit/changeset.h"

/* Appends a document that stands on one line without blanks, over several where it is longer than
 * `width` bytes: a member a line, indented by two blanks a level, and what fits on a line stays on
 * one. Blanks change outside strings only, and nothing in the strings acts on a reader
 * (esc_json_text). */
void command_lines(struct strbuf *out, struct str json, size_t width);

/* Appends the statement to a changeSet's list of changes: runCommand or adminCommand, or, where
 * asked for, its typed form if that holds nothing which could be lost in it. */
void command_change(struct arena *mem, struct val *list, const struct stmt *s, bool typed);
/* The change that does nothing. */
void command_nothing(struct arena *mem, struct val *list);

#endif
