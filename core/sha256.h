#ifndef SNAP_CORE_SHA256_H
#define SNAP_CORE_SHA256_H

/* SHA-256 (FIPS 180-4, by nettle): what an evidence says of files and statements. The fingerprints
 * of schemas are another thing, see core/hash.h. */

#include "core/arena.h"

enum { SHA256_HEX = 64, SHA256_BYTES = 32 };

void sha256_bytes(struct str text, unsigned char out[SHA256_BYTES]);

/* 64 lower case hex digits, in the arena. */
struct str sha256_hex(struct arena *mem, struct str text);
/* Whether the text is such digits. */
bool sha256_is_hex(struct str text);

#endif
