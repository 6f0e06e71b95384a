/* What the engines' tables say, for `snap features` and docs/objects.md. */

#include "cli/context.h"

#include <string.h>

static const char *alter_name(const struct alter *a)
{
    return a ? a->name : "-";
}

/* "column.add, else table.rebuild" */
static void put_chain(struct strbuf *b, const struct alter *a)
{
    if (!a) {
        sb_c(b, "drop and create");
        return;
    }
    for (bool first = true; a; a = a->other, first = false)
        sb_printf(b, "%s%s", first ? "" : ", else ", a->name);
}

enum { FEATURES_WIDTH = 100 };

/* A chain behind its word; where the line is full it goes on under its begin. */
static void put_chain_text(struct strbuf *b, const char *word, int indent, const struct alter *a)
{
    size_t from = b->n, begin;
    sb_printf(b, "%*s ", indent, word);
    begin = b->n - from;
    if (!a)
        sb_c(b, "drop and create");
    for (bool first = true; a; a = a->other, first = false) {
        size_t wants = strlen(a->name) + (first ? 0 : strlen(", else "));
        sb_c(b, first ? "" : ",");
        if (!first && b->n - from + wants > FEATURES_WIDTH) {
            sb_char(b, '\n');
            from = b->n;
            sb_pad(b, ' ', begin);
        } else if (!first) {
            sb_char(b, ' ');
        }
        sb_printf(b, "%s%s", first ? "" : "else ", a->name);
    }
    sb_char(b, '\n');
}

static void put_kind_text(struct strbuf *b, const struct kind_desc *k)
{
    sb_printf(b, "\n%s: %s\n", k->name, k->doc);
    put_chain_text(b, "create:", 9, k->create);
    put_chain_text(b, "drop:", 9, k->drop);
    if (k->rename)
        put_chain_text(b, "rename:", 9, k->rename);
    for (size_t i = 0; i < k->nattrs; i++) {
        const struct attr_desc *a = &k->attrs[i];
        sb_printf(b, "  %-16s %-10s %s\n", a->name, facet_name(a->facet), a->doc);
        put_chain_text(b, "change:", 29, a->alter);
    }
}

static void put_kind_markdown(struct strbuf *b, const struct kind_desc *k)
{
    struct strbuf create = sb_new(b->mem, 0), drop = sb_new(b->mem, 0);
    put_chain(&create, k->create);
    put_chain(&drop, k->drop);
    sb_printf(b, "\n### %s\n\n%s. Create: %.*s. Drop: %.*s. Rename: %s.\n", k->name, k->doc,
              STR_ARG(sb_view(&create)), STR_ARG(sb_view(&drop)), alter_name(k->rename));
    sb_c(b, "\n| attribute | facet | meaning | a change is made by |\n|---|---|---|---|\n");
    for (size_t i = 0; i < k->nattrs; i++) {
        const struct attr_desc *a = &k->attrs[i];
        struct strbuf chain = sb_new(b->mem, 0);
        put_chain(&chain, a->alter);
        sb_printf(b, "| `%s` | %s | %s | %.*s |\n", a->name, facet_name(a->facet), a->doc,
                  STR_ARG(sb_view(&chain)));
    }
}

void features_text(struct strbuf *out, struct str engine, bool markdown)
{
    for (const struct engine *const *e = all_engines; *e; e++) {
        if (engine.n && !str_eq_c(engine, (*e)->name))
            continue;
        const char *live = (*e)->live        ? "live databases and snapshots"
                           : (*e)->no_driver ? "Liquibase snapshots only, nothing is proven"
                                             : "snapshots only (built without the client library)";
        if (markdown)
            sb_printf(out, "\n## %s\n\nModel %d. URL schemes: %s.\n", (*e)->title, (*e)->model,
                      (*e)->schemes);
        else
            sb_printf(out, "%s (%s): %s, model %d\n", (*e)->title, (*e)->schemes, live,
                      (*e)->model);
        if ((*e)->tested)
            sb_printf(out, "%sested on %s; other versions are untested.\n", markdown ? "T" : "  t",
                      (*e)->tested);
        for (size_t k = 0; k < (*e)->nkinds; k++) {
            if (markdown)
                put_kind_markdown(out, (*e)->kinds[k]);
            else
                put_kind_text(out, (*e)->kinds[k]);
        }
    }
}
