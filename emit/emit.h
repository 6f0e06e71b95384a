#ifndef SNAP_EMIT_EMIT_H
#define SNAP_EMIT_EMIT_H

/* Output formats by name or by the ending of a file. */

#include "core/emitter.h"

/* All formats of this build; NULL ends (made by the Makefile). */
extern const struct emitter *const all_emitters[];

/* The format of a name that can be used for `use`, or NULL. */
const struct emitter *emitter_find(struct str name, unsigned use);
/* The format that the ending of a file name stands for, or NULL. */
const struct emitter *emitter_by_ext(struct str file, unsigned use);
/* Names of the formats for `use`, comma separated. */
void emitter_names(struct strbuf *out, unsigned use);

#endif
