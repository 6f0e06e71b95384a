#ifndef SNAP_EMIT_MERMAID_H
#define SNAP_EMIT_MERMAID_H

/* An entity relationship diagram in Mermaid's language, for its own file or a block of Markdown. */

#include "emit/picture.h"

/* The diagram of the tables that are `in`; those of a diff carry their mark. It stays below the
 * 50,000 characters that Mermaid reads: where whole tables are too much, columns without a key or
 * a change are left out, then tables from the end. What is left out is said in a comment. */
void mermaid_diagram(struct strbuf *out, const struct picture *p, const bool *in);

#endif
