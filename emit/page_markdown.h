#ifndef SNAP_EMIT_PAGE_MARKDOWN_H
#define SNAP_EMIT_PAGE_MARKDOWN_H

/* Pages of a schema in Markdown, with Mermaid diagrams. Links go to html_slug(path).md. */

#include "emit/picture.h"

/* A table; `near` are the tables of its diagram. */
void markdown_table(struct strbuf *out, const struct picture *p, uint32_t table, const bool *near);
void markdown_other(struct strbuf *out, const struct picture *p, const struct pic_part *part);
void markdown_index(struct strbuf *out, const struct picture *p);

#endif
