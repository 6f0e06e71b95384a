#ifndef SNAP_CORE_JSON_H
#define SNAP_CORE_JSON_H

/*
 * Canonical JSON: keys sorted by bytes, no blanks, UTF-8 as it is, `"`, `\` and controls escaped,
 * integers within 64 bits, no floats. File, memory and hash hold the same bytes, so reading an
 * attribute is a scan of bytes that are known to be canonical; only jc_check and jc_canon see
 * foreign ones. (The prefix is jc_ because json_ is jansson's.)
 */

#include "core/err.h"
#include "core/strbuf.h"

enum { JC_MAX_DEPTH = 16 };

/* Checks that `text` is one JSON value in canonical form; `mem` is for scratch. Errors:
 * E_SNAPSHOT_SYNTAX, E_SNAPSHOT_DUPLICATE (a key twice), E_SNAPSHOT_LIMIT (too deep). */
int jc_check(struct arena *mem, struct str text, struct err *e);
/* The same for an object whose keys must be among `keys` (NULL ends) and stand in that order; what
 * is inside them is canonical as ever. */
int jc_check_ordered(struct arena *mem, struct str text, const char *const *keys, struct err *e);
/* Whether the text surely is what jc_check (`keys` NULL) or jc_check_ordered takes; one of which
 * that is not sure may be as well. */
bool jc_surely(struct str text, const char *const *keys);
/* Parses any JSON value and writes its canonical form into out. Errors as jc_check. */
int jc_canon(struct str text, struct strbuf *out, struct err *e);

/* The functions below take canonical bytes only. */

/* The raw value of a key of an object; the absent str when it has none or is no object. */
struct str jc_get(struct str object, const char *key);
/* Steps through an object or a list. Start with jc_iter(value); anything else has no members. */
struct jc_iter {
    struct str rest;
    bool object;
};
struct jc_iter jc_iter(struct str value);
/* The next member; *key is the raw text between its quotes (empty in a list). */
bool jc_next(struct jc_iter *it, struct str *key, struct str *value);
/* Number of members of a list or object. */
size_t jc_count(struct str value);
/* Whether one of the members is these bytes. */
bool jc_has(struct str value, struct str raw);
/* The text of a raw string, unescaped, in the arena; a value that is no string as it is. */
struct str jc_text(struct arena *a, struct str raw);
bool jc_is_string(struct str raw);
bool jc_is_list(struct str raw);
bool jc_is_true(struct str raw);
/* An integer; 0 when the value is none. */
int64_t jc_int(struct str raw);

/* ["a","b"], in the order given. */
void jc_put_list(struct strbuf *out, const struct str *items, size_t n);
/* A comma unless the last byte opens an object or list; then "key": */
void jc_put_key(struct strbuf *out, struct str key);

#endif
