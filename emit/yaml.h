#ifndef SNAP_EMIT_YAML_H
#define SNAP_EMIT_YAML_H

/*
 * Scalars as Liquibase's reader (SnakeYAML) and yq both take them byte for byte. libyaml's emitter
 * cannot force the indentation digit of a block scalar, nor ASCII-only double quotes with \xNN, so
 * these few forms are written here.
 */

#include "core/strbuf.h"

/* "..." in ASCII with escapes. The text must be UTF-8. */
void yaml_quoted(struct strbuf *out, struct str text);
/* A block literal where the text allows (|2- with its digit), else yaml_quoted. `indent`: column of
 * the key that the value belongs to. */
void yaml_text(struct strbuf *out, struct str text, size_t indent);
/* Whether a block literal keeps every byte. */
bool yaml_block_ok(struct str text);

#endif
