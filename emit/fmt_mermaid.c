/* A schema as a Mermaid diagram: of a diff, the tables that change with their neighbours. */

#include "core/escape.h"
#include "emit/mermaid.h"

enum { MAX_TABLES = 60 };

/* Signs that Mermaid would read even in a comment are left out of it. */
static void put_comment(struct strbuf *out, const char *before, struct str text)
{
    struct strbuf safe = sb_new(out->mem, 0);
    esc_terminal(&safe, text);
    sb_c(out, before);
    for (size_t i = 0; i < safe.n; i++)
        if (safe.p[i] != '%' && safe.p[i] != '{' && safe.p[i] != '}')
            sb_char(out, safe.p[i]);
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    struct picture p = picture_of(in);
    uint32_t left_out;
    bool *chosen = picture_choose(&p, MAX_TABLES, &left_out);
    (void)second;
    (void)e;
    if (in->changes) {
        struct report r = report_make(in->changes, in->mem);
        r.renamed = in->nrenames;
        put_comment(out, "%% changes that turn ", in->changes->from.label);
        put_comment(out, " into ", in->changes->to.label);
        sb_c(out, "\n%% ");
        report_summary(out, &r);
        sb_char(out, '\n');
        for (uint32_t i = 0; i < in->nrenames; i++) {
            put_comment(out, "%% ", in->renames[i]);
            sb_char(out, '\n');
        }
    } else {
        put_comment(out, "%% ", in->to->label);
        sb_char(out, '\n');
    }
    if (left_out)
        sb_printf(out, "%%%% %u tables more are not shown\n", left_out);
    mermaid_diagram(out, &p, chosen);
    return 0;
}

const struct emitter emitter_mermaid = {
    .name = "mermaid",
    .ext = ".mmd,.mermaid",
    .doc = "a diagram of tables and what points where, changes marked",
    .use = EMIT_DIFF | EMIT_PICTURE,
    .run = run,
};
