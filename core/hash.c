/* XXH3-128 in its canonical (big-endian) form, so that files are the same on every machine. */

#include "core/hash.h"

/* for the size of the state: it lives in the arena and not in malloc */
#define XXH_STATIC_LINKING_ONLY
#include <xxhash.h>

struct hasher {
    XXH3_state_t *state;
};

static struct hash128 from_xxh(XXH128_hash_t h)
{
    return (struct hash128){h.high64, h.low64};
}

struct hash128 hash_bytes(struct str s)
{
    return from_xxh(XXH3_128bits(s.p, s.n));
}

bool hash_eq(struct hash128 a, struct hash128 b)
{
    return a.hi == b.hi && a.lo == b.lo;
}

struct hash128 hash_mix(struct hash128 a, struct hash128 b)
{
    unsigned char bytes[32];
    const uint64_t words[4] = {a.hi, a.lo, b.hi, b.lo};
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)(words[i / 8] >> (56 - 8 * (i % 8)));
    return hash_bytes((struct str){(const char *)bytes, sizeof bytes});
}

void hash_hex(struct strbuf *out, struct hash128 h, size_t digits)
{
    for (size_t i = 0; i < digits && i < HASH_HEX; i++) {
        uint64_t word = i < 16 ? h.hi : h.lo;
        sb_char(out, "0123456789abcdef"[word >> (60 - 4 * (i % 16)) & 15]);
    }
}

bool hash_parse(struct str s, struct hash128 *out)
{
    uint64_t words[2] = {0, 0};
    if (s.n != HASH_HEX)
        return false;
    for (size_t i = 0; i < HASH_HEX; i++) {
        char c = s.p[i];
        if (!ascii_is_digit(c) && (c < 'a' || c > 'f'))
            return false;
        uint64_t v = (uint64_t)(ascii_is_digit(c) ? c - '0' : c - 'a' + 10);
        words[i / 16] = words[i / 16] << 4 | v;
    }
    *out = (struct hash128){words[0], words[1]};
    return true;
}

struct hasher *hasher_new(struct arena *a)
{
    struct hasher *h = NEW(a, struct hasher);
    /* XXH3_state_t wants an alignment of 64 bytes, more than the arena gives. */
    char *raw = arena_alloc(a, sizeof *h->state + 64);
    h->state = (XXH3_state_t *)(void *)(raw + (64 - (uintptr_t)raw % 64) % 64);
    hasher_reset(h);
    return h;
}

void hasher_reset(struct hasher *h)
{
    XXH3_INITSTATE(h->state);
    (void)XXH3_128bits_reset(h->state);
}

void hasher_add(struct hasher *h, struct str part)
{
    if (part.n)
        (void)XXH3_128bits_update(h->state, part.p, part.n);
}

struct hash128 hasher_done(struct hasher *h)
{
    return from_xxh(XXH3_128bits_digest(h->state));
}
