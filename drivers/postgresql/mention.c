/*
 * What the text of an object names though the server keeps no dependency: bodies of functions are
 * texts to it until they run. A plan may run them: for a CHECK, a default, an index expression.
 */

#include "drivers/postgresql/postgresql.h"

#include <stdlib.h>

static const char *const called_kinds =
    "function,aggregate,table,view,matview,sequence,enum,domain,composite,range";

struct str pg_called(struct arena *mem, const struct obj *o)
{
    struct str kind = path_kind(o->path), name = path_name(mem, o->path);
    if (str_eq(kind, STR("column")))
        return o->path; /* for its default */
    if (!word_in(called_kinds, kind))
        return STR_NULL;
    bool routine = str_eq(kind, STR("function")) || str_eq(kind, STR("aggregate"));
    return routine ? str_sub(name, 0, str_chr(name, '(')) : name;
}

static bool is_word(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_' || c == '$' || (c & 0x80);
}

/* Every word of the text, and what stands in double quotes: more than it uses. */
static void words(struct arena *mem, struct str text, struct name_uses *out)
{
    uint32_t n = 0;
    for (size_t i = 0, end; i < text.n; i = end) {
        for (end = i; end < text.n && is_word(text.p[end]);)
            end++;
        struct str word = str_sub(text, i, end);
        if (text.p[i] == '"') {
            end = i + 1 + str_chr(str_from(text, i + 1), '"');
            word = str_sub(text, i + 1, end);
        }
        if (word.n) {
            char *lower = arena_alloc(mem, word.n);
            for (size_t k = 0; k < word.n; k++)
                lower[k] = text.p[i] == '"' ? word.p[k] : ascii_lower(word.p[k]);
            struct str name = {lower, word.n};
            VEC_PUSH(mem, *out, name);
        }
        end += end == i || (end < text.n && text.p[i] == '"');
    }
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, str_order);
    for (uint32_t i = 0; i < out->n; i++)
        if (!i || !str_eq(out->v[i], out->v[n - 1]))
            out->v[n++] = out->v[i];
    out->n = n;
}

void pg_uses(struct arena *mem, const struct obj *o, struct name_uses *out)
{
    if (str_eq(path_kind(o->path), STR("function")))
        words(mem, obj_text(mem, o, "def"), out);
    if (str_eq(path_kind(o->path), STR("default"))) {
        struct str column = path_parent(o->path); /* whose type changes first, or not any more */
        VEC_PUSH(mem, *out, column);
    }
}
