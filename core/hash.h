#ifndef SNAP_CORE_HASH_H
#define SNAP_CORE_HASH_H

/* XXH3-128: decides whether to look further or not; it is no protection against forgery. */

#include "core/strbuf.h"

struct hash128 {
    uint64_t hi, lo;
};

enum { HASH_HEX = 32 };

struct hash128 hash_bytes(struct str s);
bool hash_eq(struct hash128 a, struct hash128 b);
/* Mixes b into a, order matters: for roll-ups. */
struct hash128 hash_mix(struct hash128 a, struct hash128 b);
/* The first `digits` (up to 32) hex digits. */
void hash_hex(struct strbuf *out, struct hash128 h, size_t digits);
/* Reads 32 hex digits; false when it is something else. */
bool hash_parse(struct str s, struct hash128 *out);

/* A hash over parts, equal to hash_bytes of their concatenation. */
struct hasher;
struct hasher *hasher_new(struct arena *a);
void hasher_add(struct hasher *h, struct str part);
struct hash128 hasher_done(struct hasher *h);
void hasher_reset(struct hasher *h);

#endif
