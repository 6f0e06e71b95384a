/* Fuzz target: snap.yml. What is understood has a name and a source for each environment. */

#include "tests/fuzz/fuzz.h"

#include "cli/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *mem = arena_new(0);
    struct config config = {0};
    struct err e = {0};
    const struct config_file file = {STR("/x/snap.yml"), STR("/x"), size & 1};
    if (config_parse(fuzz_text(data, size), &file, all_engines, mem, &config, &e) == 0) {
        for (uint32_t i = 0; i < config.nenvs; i++)
            if (!config.envs[i].name.n || str_is_null(config.envs[i].source))
                BUG("an environment without a name or a source");
    } else if (!e.msg[0]) {
        BUG("an error without words");
    }
    arena_free(mem);
    return 0;
}
