#ifndef SNAP_CORE_ESCAPE_H
#define SNAP_CORE_ESCAPE_H

/*
 * A name or text from a database is data: nothing in it may act on a terminal or break a file.
 * One escaper per place where text goes. Formats with an own grammar (YAML, HTML) keep theirs in
 * emit/.
 */

#include "core/strbuf.h"

/* The length of the character at s[at], and which it is; 1 with *cp = UINT32_MAX where it is none.
 */
size_t utf8_char(struct str s, size_t at, uint32_t *cp);
/* For a terminal or log line: C0 (also tab and newline), DEL, C1, bidi controls, line separators
 * and invalid UTF-8 as \xNN of each byte; a backslash stays as it is. */
void esc_terminal(struct strbuf *out, struct str s);
/* The same, but newlines and tabs stay (for multi-line text that is printed as such). */
void esc_terminal_text(struct strbuf *out, struct str s);
/* The same as esc_terminal into a fixed buffer of 4 bytes or more; a text that does not fit with
 * some room to spare is cut between characters, with "..." at its end. */
void esc_terminal_fixed(char *dst, size_t cap, struct str s);
/* Columns that the text takes on a terminal when printed by esc_terminal: one per character,
 * two for East Asian wide and emoji, none for combining marks. */
size_t esc_width(struct str s);
/* A JSON string with its quotes: `"`, `\` and controls escaped, all else as it is. The text must
 * be UTF-8. */
void esc_json(struct strbuf *out, struct str s);
/* The same for readers of YAML as well: what is not in ASCII as \uXXXX, but for characters above
 * U+FFFF, which stand as they are (libyaml knows no halves of them). */
void esc_json_yaml(struct strbuf *out, struct str s);
/* Text of an XML element, or with `attribute` the value of one between double quotes; what acts on
 * a reader, or would be normalised, is a reference. false: it holds a character that XML 1.0 has no
 * form for (controls, U+FFFE, U+FFFF, or no UTF-8); what was appended is then no use. */
bool esc_xml(struct strbuf *out, struct str s, bool attribute);
/* Text inside an XML comment: one line, controls as esc_terminal, no two hyphens in a row. */
void esc_xml_comment(struct strbuf *out, struct str s);
/* JSON text that means the same and acts on nobody: in its strings what esc_terminal shows as bytes
 * is \uXXXX, and so is the $ of ${, which changelogs take for a parameter. */
void esc_json_text(struct strbuf *out, struct str json);
/* A JSON string with its quotes that acts on nobody, as esc_json_text has it; what is no UTF-8
 * stands in it as esc_terminal shows it. */
void esc_json_quiet(struct strbuf *out, struct str s);
/* The message of a workflow command of GitHub, or with `property` the value of one of its
 * properties: controls as esc_terminal, what would end it as %XX. */
void esc_github(struct strbuf *out, struct str s, bool property);
/* The path of a file as a URI reference: %XX for each byte that is none of letters, digits, - . _ ~
 * and /; file:// before one that begins with /. */
void esc_uri(struct strbuf *out, struct str path);
/* For a Markdown table cell or paragraph: controls as esc_terminal, and the characters that mean
 * something to Markdown or HTML with a backslash or as an entity. */
void esc_markdown(struct strbuf *out, struct str s);
/* Text for a `-- ` comment of a SQL script: one line, controls as esc_terminal. */
void esc_sql_comment(struct strbuf *out, struct str s);
/* %20 and the like of a URL decoded, in the arena; what is no code stays. Ends with a NUL. */
struct str url_decode(struct arena *mem, struct str s);
/* Overwrites in place, with '*', the password in every URL in the text (scheme://user:PASSWORD@)
 * and the values of password keys in a query. */
void redact_urls(char *text);

#endif
