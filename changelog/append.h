#ifndef SNAP_CHANGELOG_APPEND_H
#define SNAP_CHANGELOG_APPEND_H

/*
 * The changeSets of one changelog put behind those of another, whose bytes stay as they are: its
 * comments, order, quotes, line ends and indentation.
 */

#include "changelog/master.h"

/* The text of `master` with the items of `diff` behind its own. YAML and JSON go into each other,
 * XML into XML, formatted SQL into formatted SQL. The result has been read again: it holds the
 * items of both, in order. E_CHANGELOG_FORM where they do not fit; what reading says. */
int append_text(const struct log_doc *master, const struct log_doc *diff, struct arena *mem,
                struct str *out, struct err *e);

/* Forms of their own. */
int append_yaml(const struct log_doc *master, const struct log_doc *diff, struct strbuf *out,
                struct err *e);
/* Text that is added has the line ends of the file that it goes to. */
struct append_style {
    const char *eol;
};
struct append_style append_style_of(struct str text);
/* Lines of text, each moved to the right by `shift` columns, or to the left where it is negative
 * and blanks stand there. The last line ends, too. The first `keep` lines stay. */
void append_lines(struct strbuf *out, struct str text, int shift, unsigned keep,
                  struct append_style style);
/* Where the line begins in which a place stands, and behind its end. */
size_t append_line_start(struct str text, size_t at);
size_t append_line_end(struct str text, size_t at);

#endif
