/*
 * Fuzz target: the reader of changelogs and scripts. Every statement of what it accepts, either
 * way, has a text; what it refuses it refuses with words. The first byte chooses between a script,
 * its rollback and YAML.
 */

#include "tests/fuzz/fuzz.h"

#include "snapshot/snapshot.h"

static void have_text(const struct stmt *stmts, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_is_null(stmts[i].text))
            BUG("a statement without text");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *mem = arena_new(0);
    struct replay replay;
    struct err e = {0};
    struct str text = fuzz_text(data, size), rollback = STR_NULL, label = STR("x.yaml");
    if (size && data[0] == '\x01') {
        text = str_from(text, 1);
        size_t half = str_chr(text, '\x01');
        rollback = str_from(text, half < text.n ? half + 1 : half);
        text = str_sub(text, 0, half);
        label = STR("x.sql");
    }
    if (changelog_read(text, rollback, label, &engine_sqlite, mem, &replay, &e) == 0) {
        for (uint32_t i = 0; i < replay.n; i++) {
            have_text(replay.v[i].fwd, replay.v[i].nfwd);
            have_text(replay.v[i].back, replay.v[i].nback);
        }
    } else if (!e.msg[0]) {
        BUG("an error without words");
    }
    arena_free(mem);
    return 0;
}
