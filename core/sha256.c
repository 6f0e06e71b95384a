/* SHA-256 as text. nettle takes no memory, reads no configuration and cannot fail. */

#include "core/sha256.h"

#include <nettle/sha2.h>

void sha256_bytes(struct str text, unsigned char out[SHA256_BYTES])
{
    struct sha256_ctx ctx;
    sha256_init(&ctx);
    if (text.n)
        sha256_update(&ctx, text.n, (const uint8_t *)text.p);
    sha256_digest(&ctx, SHA256_BYTES, out);
}

struct str sha256_hex(struct arena *mem, struct str text)
{
    static const char digits[] = "0123456789abcdef";
    unsigned char sum[SHA256_BYTES];
    char *hex = arena_alloc(mem, SHA256_HEX + 1);
    sha256_bytes(text, sum);
    for (size_t i = 0; i < sizeof sum; i++) {
        hex[2 * i] = digits[sum[i] >> 4];
        hex[2 * i + 1] = digits[sum[i] & 15];
    }
    hex[SHA256_HEX] = '\0';
    return (struct str){hex, SHA256_HEX};
}

bool sha256_is_hex(struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!ascii_is_digit(text.p[i]) && (text.p[i] < 'a' || text.p[i] > 'f'))
            return false;
    return text.n == SHA256_HEX;
}
