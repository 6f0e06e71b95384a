/*
 * Fuzz target: sources as a user writes them. What is understood has a label, and no message and no
 * label repeats a password.
 */

#include "tests/fuzz/fuzz.h"

#include "snapshot/snapshot.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *mem = arena_new(0);
    struct source_spec spec;
    struct err e = {0};
    /* On the command line there is no NUL. */
    struct str text = arena_str(mem, fuzz_text(data, size));
    text.n = str_chr(text, '\0');
    if (source_parse(text, all_engines, mem, &spec, &e) == 0 && str_is_null(spec.label))
        BUG("a source without a label");
    if (e.code && !e.msg[0])
        BUG("an error without words");
    struct strbuf url = sb_new(mem, 0);
    for (size_t i = 0; i < text.n; i++)
        if (ascii_is_alpha(text.p[i]) || ascii_is_digit(text.p[i]))
            sb_char(&url, text.p[i]);
    struct str host = sb_view(&url);
    struct str hidden = arena_printf(mem, "sqlite://me:se-cret@%.*s?nokey=1", STR_ARG(host));
    struct err told = {0};
    if (source_parse(hidden, all_engines, mem, &spec, &told) == 0
            ? str_find(spec.label, STR("se-cret")) < spec.label.n
            : str_find(str_c(told.msg), STR("se-cret")) < str_c(told.msg).n)
        BUG("a password is told");
    arena_free(mem);
    return 0;
}
