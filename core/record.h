#ifndef SNAP_CORE_RECORD_H
#define SNAP_CORE_RECORD_H

/* What goes through a pipe, into a journal or into a document for programs: canonical JSON objects,
 * keys in the order of their bytes. */

#include "core/catalog.h"
#include "core/err.h"
#include "core/hash.h"
#include "core/json.h"

/* A member of an open object. */
void record_text(struct strbuf *out, const char *key, struct str text);
void record_number(struct strbuf *out, const char *key, uint64_t n);
void record_hash(struct strbuf *out, const char *key, struct hash128 h);
/* {"code":"NO_SUCH_FILE","hint":"...","msg":"..."}, and back; false where it is none. */
void record_error(struct strbuf *out, const char *key, const struct err *e);
bool record_to_error(struct str raw, struct arena *mem, struct err *out);
/* What a catalog is in these facets: equal only where nothing differs that snap compares, or fails
 * to know. */
struct hash128 record_key(const struct catalog *cat, unsigned facets, struct arena *mem);
struct hash128 record_to_hash(struct str raw, struct arena *mem);

#endif
