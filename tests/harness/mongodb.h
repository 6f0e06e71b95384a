#ifndef SNAP_TESTS_HARNESS_MONGODB_H
#define SNAP_TESTS_HARNESS_MONGODB_H

/* Short forms for tests of typed trees. */

#include "drivers/mongodb/value.h"
#include "tests/harness/unit.h"

/* The value of an Extended JSON, which must be one. */
static inline struct mv *value_of(struct arena *mem, const char *text)
{
    struct mv *v = NULL;
    struct err e = {0};
    assert_ok(mv_from_json(mem, str_c(text), &v, &e), e);
    return v;
}

/* The bytes of a text of hexadecimal digits, in memory that ends where they do. */
static inline struct str bytes_of(struct arena *mem, struct str hex)
{
    struct strbuf out = sb_new(mem, 0);
    for (size_t i = 0; i + 1 < hex.n; i += 2) {
        char two[3] = {hex.p[i], hex.p[i + 1], '\0'};
        sb_char(&out, (char)(unsigned char)strtoul(two, NULL, 16));
    }
    return sb_view(&out);
}

/* The BSON of a document as hexadecimal digits. */
static inline struct str hex_of(struct arena *mem, const struct mv *doc)
{
    struct strbuf bytes = sb_new(mem, 0), out = sb_new(mem, 0);
    mv_put_bson(&bytes, doc);
    assert_false(bytes.over);
    for (size_t i = 0; i < bytes.n; i++)
        sb_printf(&out, "%02x", (unsigned char)bytes.p[i]);
    return sb_view(&out);
}

#endif
