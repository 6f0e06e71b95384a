#ifndef SNAP_EMIT_HTML_H
#define SNAP_EMIT_HTML_H

/*
 * Pages of HTML that need nothing but themselves: no script, no font, no picture from elsewhere;
 * their own policy forbids all of that. Light and dark as the reader's system has it, printable,
 * readable on a phone.
 */

#include "emit/picture.h"

/* How pages name one another: one page with anchors for all objects, or for those that change; or a
 * page for each object. */
enum html_form { HTML_ONE, HTML_DIFF, HTML_PAGES };

/* Text: & < > and quotes as entities, controls as esc_terminal shows them; many lines: newlines and
 * tabs stay. */
void html_text(struct strbuf *out, struct str text);
void html_lines(struct strbuf *out, struct str text);
/* The head of a page up to <main>, with the title as its first heading; and the end. `lead` stands
 * above the heading and is HTML already. */
void html_begin(struct strbuf *out, struct str title, struct str lead);
void html_end(struct strbuf *out);
/* The same of a page that has more than these: rules behind the common ones, a form, a script. */
struct html_head {
    struct str title, lead;
    const char *style;  /* or NULL */
    const char *script; /* the source of the one script that may run, as the policy names it
                           ("'sha256-...'"); or NULL */
    bool form; /* forms may be sent to pages of the same folder ('self' alone does not say so of
                  file: everywhere) */
};
void html_begin_with(struct strbuf *out, const struct html_head *head);
/* A name for the object that is the same in every run: letters, digits, - and _, and a hash of its
 * path, so that no two have one and none means anything to a file system or a URL. */
void html_slug(struct strbuf *out, struct str path);
/* "#slug" or "slug.html" */
void html_href(struct strbuf *out, enum html_form form, struct str path);
/* <a href>name</a> of an object. */
void html_link(struct strbuf *out, enum html_form form, struct str path, struct str text);
/* The same of a table, by its title; without a link where the page has no place for it. */
void html_table_link(struct strbuf *out, enum html_form form, const struct pic_table *t);
/* A small word that says the mark; nothing for MARK_SAME. */
void html_mark(struct strbuf *out, enum mark mark);
/* Two texts side by side, line by line. */
void html_side_by_side(struct strbuf *out, struct str before, struct str after);
/* Hazards by name, each with what it means as its title. */
void html_hazards(struct strbuf *out, unsigned bits);

/* html_schema.c. All about a table: columns, keys, what else lies below it, who points at it. */
void html_table(struct strbuf *out, const struct picture *p, uint32_t table, enum html_form form);
/* All about another object: its text, and what lies below it. */
void html_other(struct strbuf *out, const struct picture *p, const struct pic_part *part,
                enum html_form form);
/* A list of tables with their sizes, and of the other objects. */
void html_index(struct strbuf *out, const struct picture *p, enum html_form form);

/* svg.c. The tables that are `in` as an inline picture, `center` (or p->ntables) set off; each box
 * links to its table. */
void svg_picture(struct strbuf *out, const struct picture *p, const bool *in, uint32_t center,
                 enum html_form form);

#endif
