/* Annotations in the log of a GitHub workflow: a command for each finding, at its line of the
 * baseline. No name and no text can begin a command or a property of its own. */

#include "core/escape.h"
#include "emit/told.h"

static void put_property(struct strbuf *b, const char *head, struct str value)
{
    sb_c(b, head);
    esc_github(b, value, true);
}

static void put_one(struct strbuf *b, const struct emit_in *in, const struct told *t)
{
    static const char *const commands[] = {"notice", "warning", "error"};
    sb_printf(b, "::%s ", commands[t->severity]);
    if (t->line) {
        put_property(b, "file=", in->findings->baseline);
        sb_printf(b, ",line=%u,", t->line);
    }
    put_property(b, "title=",
                 arena_printf(b->mem, "%.*s: %s", STR_ARG(told_env(in)),
                              t->finding ? verdict_name(t->finding->verdict)
                                         : verdict_name(VERDICT_DIFFERS)));
    sb_c(b, "::");
    esc_github(b, t->object, false);
    sb_c(b, ": ");
    esc_github(b, t->what, false);
    if (t->finding && t->finding->verdict != VERDICT_DIFFERS) {
        sb_c(b, " (");
        esc_github(b, told_verdict(t->finding, b->mem), false);
        sb_c(b, ")");
    }
    sb_char(b, '\n');
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    uint32_t n;
    struct told *v = told_list(in, &n);
    (void)second;
    (void)e;
    for (uint32_t i = 0; i < n; i++)
        if (v[i].part == PART_OPEN)
            put_one(out, in, &v[i]);
    /* a run shows ten of each kind: what is in this one is the sum */
    put_property(out, "::notice title=", told_env(in));
    sb_c(out, "::");
    struct str counts = told_counts(in);
    esc_github(out, counts.n ? counts : STR("nothing differs"), false);
    for (uint32_t i = 0; i < in->findings->nnotes; i++) {
        sb_c(out, "; rule ");
        esc_github(out, told_note(&in->findings->notes[i], in->mem), false);
    }
    sb_char(out, '\n');
    return 0;
}

const struct emitter emitter_github = {
    .name = "github",
    .doc = "annotations of a GitHub workflow",
    .use = EMIT_DIFF | EMIT_FINDINGS,
    .several = {"", "", ""},
    .run = run,
};
