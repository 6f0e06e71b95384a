/* Choosing an output format. */

#include "emit/emit.h"

const struct emitter *emitter_find(struct str name, unsigned use)
{
    for (const struct emitter *const *e = all_emitters; *e; e++)
        if (((*e)->use & use) && str_eq_c(name, (*e)->name))
            return *e;
    return NULL;
}

const struct emitter *emitter_by_ext(struct str file, unsigned use)
{
    for (const struct emitter *const *e = all_emitters; *e; e++) {
        struct str rest = str_c((*e)->ext), ext;
        while (((*e)->use & use) && str_cut(&rest, ',', &ext))
            if (str_ends(file, ext))
                return *e;
    }
    return NULL;
}

void emitter_names(struct strbuf *out, unsigned use)
{
    for (const struct emitter *const *e = all_emitters; *e; e++) {
        if (!((*e)->use & use))
            continue;
        if (out->n)
            sb_c(out, ", ");
        sb_c(out, (*e)->name);
    }
}
