/* The rows of presets.def by the name of their preset. */

#include "drift/drift.h"

#define TEXT(s)                                                                                    \
    {                                                                                              \
        s, sizeof(s) - 1                                                                           \
    }
#define PRESET(name, fits, why) {.match = TEXT(fits), .reason = TEXT(why), .preset = TEXT(name)},
static const struct ignore_rule rows[] = {
#include "drift/presets.def"
};
#undef PRESET

enum { ROWS = sizeof rows / sizeof *rows };

const struct ignore_rule *drift_preset(struct str name, uint32_t *n)
{
    const struct ignore_rule *first = NULL;
    *n = 0;
    for (uint32_t i = 0; i < ROWS; i++)
        if (str_eq(name, rows[i].preset)) {
            first = first ? first : &rows[i];
            ++*n;
        }
    return first;
}

void drift_preset_names(struct strbuf *out)
{
    for (uint32_t i = 0; i < ROWS; i++)
        if (!i || !str_eq(rows[i].preset, rows[i - 1].preset))
            sb_printf(out, "%s%.*s", i ? ", " : "", STR_ARG(rows[i].preset));
}
