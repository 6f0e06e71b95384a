/* Writes the evidence of a proof. One step is one line, so that two evidences can be compared by
 * lines. */

#include "verify/evidence.h"

#include "core/escape.h"

static void put_text(struct strbuf *out, struct arena *mem, struct str text)
{
    struct strbuf raw = sb_new(mem, 0), safe = sb_new(mem, 0);
    if (!str_is_utf8(text))
        esc_terminal(&safe, text);
    esc_json(&raw, safe.n ? sb_view(&safe) : text);
    esc_json_text(out, sb_view(&raw));
}

static void put_hash(struct strbuf *out, struct hash128 h)
{
    sb_char(out, '"');
    hash_hex(out, h, HASH_HEX);
    sb_char(out, '"');
}

static void put_sums(struct strbuf *out, const struct str *list, uint32_t n)
{
    sb_char(out, '[');
    for (uint32_t i = 0; i < n; i++)
        sb_printf(out, "%s\"%.*s\"", i ? "," : "", STR_ARG(list[i]));
    sb_char(out, ']');
}

static void put_input(struct strbuf *out, struct arena *mem, const struct evidence_input *in)
{
    sb_printf(out, "{\"role\":\"%s\",\"name\":", in->role);
    put_text(out, mem, in->name);
    sb_c(out, ",\"fingerprint\":");
    put_hash(out, in->cat->fingerprint);
    sb_c(out, ",\"version\":");
    put_text(out, mem, in->cat->version);
    if (in->sha256.n)
        sb_printf(out, ",\"digest\":{\"sha256\":\"%.*s\"}", STR_ARG(in->sha256));
    sb_char(out, '}');
}

/* How well the rollback restored: a plan knows what is lost, of a file only the schema is seen. */
static const char *class_of(const struct evidence *ev, uint32_t i, const struct step_record *r)
{
    if (!r->is_undone)
        return reversal_name(REV_NONE);
    if (ev->plan && i < ev->plan->n)
        return reversal_name(ev->plan->v[i].rev);
    return reversal_name(hash_eq(r->undone, r->before) ? REV_EXACT : REV_CLOSE);
}

static void put_step(struct strbuf *out, struct arena *mem, const struct evidence *ev, uint32_t i,
                     const struct step_record *r)
{
    const struct step_sum *s = &ev->sums->v[i];
    sb_c(out, "{\"id\":");
    put_text(out, mem, s->id);
    if (s->title.n) {
        sb_c(out, ",\"title\":");
        put_text(out, mem, s->title);
    }
    sb_c(out, ",\"before\":");
    put_hash(out, r->before);
    sb_c(out, ",\"after\":");
    put_hash(out, r->after);
    sb_c(out, ",\"statements\":");
    put_sums(out, s->fwd, s->nfwd);
    sb_printf(out, ",\"rollback\":{\"class\":\"%s\"", class_of(ev, i, r));
    if (r->is_undone) {
        sb_c(out, ",\"reached\":");
        put_hash(out, r->undone);
    }
    sb_c(out, ",\"statements\":");
    put_sums(out, s->back, s->nback);
    sb_printf(out, "},\"rows\":{\"there\":%llu,\"kind\":\"%s\"},\"dataDependent\":%s}",
              (unsigned long long)r->rows, proof_rows_name(r->kind),
              r->kind == ROWS_ODD ? "false" : "true");
}

/* What stands behind the proven steps changes nothing: a tag. */
static struct step_record record_of(const struct evidence *ev, uint32_t i)
{
    const struct verify_report *r = ev->report;
    if (i < r->steps)
        return r->record[i];
    return (struct step_record){.before = r->fingerprint,
                                .after = r->fingerprint,
                                .undone = r->fingerprint,
                                .is_after = true,
                                .is_undone = true};
}

static void put_steps(struct strbuf *out, struct arena *mem, const struct evidence *ev)
{
    sb_c(out, "    \"steps\": [");
    for (uint32_t i = 0; i < ev->sums->n; i++) {
        struct step_record r = record_of(ev, i);
        sb_c(out, i ? ",\n      " : "\n      ");
        put_step(out, mem, ev, i, &r);
    }
    sb_c(out, ev->sums->n ? "\n    ],\n" : "],\n");
}

static void put_facets(struct strbuf *out, unsigned facets)
{
    bool first = true;
    for (unsigned i = 0; i < FACET_COUNT; i++) {
        if (!(facets & 1u << i))
            continue;
        sb_printf(out, "%s\"%s\"", first ? "" : ",", facet_name(1u << i));
        first = false;
    }
}

static void put_head(struct strbuf *out, struct arena *mem, const struct evidence *ev)
{
    sb_c(out, "{\n  \"_type\": \"" EVIDENCE_STATEMENT "\",\n  \"subject\": [");
    for (uint32_t i = 0; i < ev->nsubject; i++) {
        sb_c(out, i ? ",\n    {\"name\":" : "\n    {\"name\":");
        put_text(out, mem, ev->subject[i].name);
        sb_printf(out, ",\"digest\":{\"sha256\":\"%.*s\"}}", STR_ARG(ev->subject[i].sha256));
    }
    sb_c(out, "\n  ],\n  \"predicateType\": \"" EVIDENCE_PREDICATE "\",\n  \"predicate\": {\n");
}

void evidence_write(const struct evidence *ev, struct arena *mem, struct strbuf *out)
{
    put_head(out, mem, ev);
    sb_printf(out, "    \"tool\": {\"name\":\"snap\",\"version\":\"%s\",\"command\":\"%s\"},\n",
              SNAP_VERSION, ev->command);
    sb_printf(out, "    \"engine\": {\"name\":\"%s\",\"scratch\":", ev->eng->name);
    put_text(out, mem, ev->report->server);
    sb_c(out, "},\n    \"inputs\": [");
    for (uint32_t i = 0; i < 2; i++) {
        if (!ev->input[i].cat)
            continue;
        sb_c(out, i ? ",\n      " : "\n      ");
        put_input(out, mem, &ev->input[i]);
    }
    sb_c(out, "\n    ],\n    \"facets\": [");
    put_facets(out, ev->facets);
    sb_c(out, "],\n    \"options\": [");
    for (uint32_t i = 0; i < ev->noptions; i++) {
        sb_c(out, i ? "," : "");
        put_text(out, mem, ev->options[i]);
    }
    sb_c(out, "],\n");
    put_steps(out, mem, ev);
    const struct verify_report *r = ev->report;
    sb_c(out, "    \"result\": {\"proven\":true,\"reached\":");
    put_hash(out, r->fingerprint);
    sb_c(out, ",\"undone\":");
    put_hash(out, r->undone);
    sb_printf(out,
              ",\"tablesWithRows\":%u,\"statementsRun\":%u,\"oneWay\":%u,\"withoutRows\":%u}\n",
              r->tables, r->statements, r->one_way, r->data_dependent);
    sb_c(out, "  }\n}\n");
}
