/* Choosing an output format. */

#include "emit/emit.h"

#include "emit/report.h"

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

static bool writes(const struct emitter *em, const struct engine *eng)
{
    return !em->langs || (em->langs & 1u << eng->lang);
}

int emitter_fits(const struct emitter *em, const struct engine *eng, struct err *e)
{
    if (writes(em, eng))
        return 0;
    err_set(e, E_UNKNOWN_FORMAT, "format %s: the statements of %s are %s", em->name, eng->title,
            engine_statements(eng));
    for (const struct emitter *const *other = all_emitters; *other; other++)
        if (((*other)->use & EMIT_ROLLBACK) && writes(*other, eng))
            return err_hint(e, "--format %s", (*other)->name);
    return err_hint(e, "--format liquibase-yaml");
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

uint32_t emit_count(const struct changes *c, struct arena *mem)
{
    struct report r = report_make(c, mem);
    return r.added + r.changed + r.dropped;
}
