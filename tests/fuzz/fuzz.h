#ifndef SNAP_TESTS_FUZZ_FUZZ_H
#define SNAP_TESTS_FUZZ_FUZZ_H

/* What the fuzz targets share. A target that finds something calls BUG, which aborts. */

#include <stddef.h>
#include <stdint.h>

#include "core/engine.h"
#include "core/err.h"
#include "core/strbuf.h"

extern const struct engine *const all_engines[];
extern const struct engine engine_sqlite;
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input as text, with what follows it out of bounds for the address sanitizer. */
static inline struct str fuzz_text(const uint8_t *data, size_t size)
{
    return (struct str){(const char *)data, size};
}

#endif
