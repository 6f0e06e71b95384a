/* Hashes: the same on every machine, whole or in parts, in hex and back. */

#include "core/hash.h"

#include <string.h>

#include "tests/harness/unit.h"

static struct str hex(struct arena *a, struct hash128 h)
{
    struct strbuf b = sb_new(a, 0);
    hash_hex(&b, h, HASH_HEX);
    return sb_view(&b);
}

static void known_values(void **state)
{
    /* As xxhsum -H2 prints them: files must be the same everywhere and for ever. */
    assert_str(hex(*state, hash_bytes(STR(""))), "99aa06d3014798d86001c324468d497f");
    assert_str(hex(*state, hash_bytes(STR_NULL)), "99aa06d3014798d86001c324468d497f");
    assert_str(hex(*state, hash_bytes(STR("abc"))), "06b05ab6733a618578af5f94892f3950");
}

static void equality(void **state)
{
    (void)state;
    struct hash128 a = {1, 2}, b = {1, 3}, c = {2, 2};
    assert_true(hash_eq(a, a));
    assert_false(hash_eq(a, b));
    assert_false(hash_eq(a, c));
}

static void one_byte_makes_another_hash(void **state)
{
    (void)state;
    assert_false(hash_eq(hash_bytes(STR("abc")), hash_bytes(STR("abd"))));
    assert_false(hash_eq(hash_bytes(STR("abc")), hash_bytes((struct str){"abc\0", 4})));
}

static void mixing(void **state)
{
    struct hash128 a = {UINT64_C(0x0102030405060708), UINT64_C(0x090a0b0c0d0e0f10)}, b = {3, 4};
    assert_false(hash_eq(hash_mix(a, b), hash_mix(b, a)));
    assert_false(hash_eq(hash_mix(a, b), a));
    /* Big-endian: the bytes in the order in which they are written. */
    struct str bytes = {"\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17\20"
                        "\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0\4",
                        32};
    assert_str(hex(*state, hash_mix(a, b)), arena_cstr(*state, hex(*state, hash_bytes(bytes))));
}

static void hex_digits(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    struct hash128 h = {UINT64_C(0x0123456789abcdef), UINT64_C(0xfedcba9876543210)};
    hash_hex(&b, h, 5);
    sb_char(&b, ' ');
    hash_hex(&b, h, 0);
    hash_hex(&b, h, 18);
    sb_char(&b, ' ');
    hash_hex(&b, h, 99);
    assert_str(sb_view(&b), "01234 0123456789abcdeffe 0123456789abcdeffedcba9876543210");
}

static void parsing(void **state)
{
    static const char *const bad[] = {"",
                                      "0",
                                      "0123456789abcdeffedcba987654321",
                                      "0123456789abcdeffedcba98765432100",
                                      "0123456789ABCDEFfedcba9876543210",
                                      "0123456789abcdeg0123456789abcdef",
                                      " 123456789abcdef0123456789abcdef",
                                      "0123456789abcde/0123456789abcdef",
                                      "0123456789abcde:0123456789abcdef",
                                      "0123456789abcde`0123456789abcdef"};
    struct hash128 h = {0, 0};
    (void)state;
    assert_true(hash_parse(STR("0123456789abcdeffedcba9876543210"), &h));
    assert_true(h.hi == UINT64_C(0x0123456789abcdef) && h.lo == UINT64_C(0xfedcba9876543210));
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct hash128 kept = {7, 8};
        assert_false(hash_parse(str_c(bad[i]), &kept));
        assert_true(kept.hi == 7 && kept.lo == 8);
    }
    assert_false(hash_parse(STR_NULL, &h));
}

static void parts_equal_the_whole(void **state)
{
    char text[1000];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 7);
    struct str all = {text, sizeof text};
    for (size_t step = 1; step < 400; step += 37) {
        struct hasher *h = hasher_new(*state);
        for (size_t at = 0; at < all.n; at += step)
            hasher_add(h, str_sub(all, at, at + step));
        hasher_add(h, STR_NULL);
        hasher_add(h, STR(""));
        assert_true(hash_eq(hasher_done(h), hash_bytes(all)));
        /* Looking does not end it. */
        assert_true(hash_eq(hasher_done(h), hash_bytes(all)));
    }
}

static void begun_anew(void **state)
{
    struct hasher *h = hasher_new(*state);
    assert_true(hash_eq(hasher_done(h), hash_bytes(STR(""))));
    hasher_add(h, STR("abc"));
    hasher_reset(h);
    hasher_add(h, STR("xyz"));
    assert_true(hash_eq(hasher_done(h), hash_bytes(STR("xyz"))));
}

static void many_at_once(void **state)
{
    /* The state of one wants a stricter alignment than the arena gives. */
    struct hasher *h[20];
    for (size_t i = 0; i < 20; i++) {
        arena_alloc(*state, i * 3);
        h[i] = hasher_new(*state);
        hasher_add(h[i], STR("ab"));
    }
    for (size_t i = 0; i < 20; i++) {
        hasher_add(h[i], STR("c"));
        assert_true(hash_eq(hasher_done(h[i]), hash_bytes(STR("abc"))));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(known_values), TEST(equality), TEST(one_byte_makes_another_hash), TEST(mixing),
        TEST(hex_digits),   TEST(parsing),  TEST(parts_equal_the_whole),       TEST(begun_anew),
        TEST(many_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
