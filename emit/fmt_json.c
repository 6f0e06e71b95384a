/* A diff as one JSON document, a change per line, for programs. */

#include "core/escape.h"
#include "emit/report.h"
#include "emit/told.h"

/* A label is what a user typed, so it may be no UTF-8, which JSON cannot hold. */
static void put(struct strbuf *b, const char *key, struct str value)
{
    struct strbuf safe = sb_new(b->mem, 0);
    jc_put_key(b, str_c(key));
    if (!str_is_utf8(value))
        esc_terminal(&safe, value);
    esc_json(b, safe.n ? sb_view(&safe) : value);
}

static void put_raw(struct strbuf *b, const char *key, struct str raw)
{
    jc_put_key(b, str_c(key));
    sb_str(b, str_is_null(raw) ? STR("null") : raw);
}

static void put_side(struct strbuf *b, const char *key, const struct side *s)
{
    jc_put_key(b, str_c(key));
    sb_char(b, '{');
    put(b, "label", s->label);
    put(b, "version", s->version);
    sb_printf(b, ",\"facts\":%llu,\"fingerprint\":\"", (unsigned long long)s->objects);
    hash_hex(b, s->fingerprint, HASH_HEX);
    sb_printf(b, "\",\"unmodelled\":%u}", s->ledger);
}

static void put_attrs(struct strbuf *b, const struct change *c, unsigned facets)
{
    jc_put_key(b, STR("attributes"));
    sb_char(b, '[');
    bool first = true;
    for (uint32_t i = 0; i < c->nattrs; i++) {
        if (!(c->attrs[i].attr->facet & facets))
            continue;
        sb_c(b, first ? "{" : ",{");
        first = false;
        put(b, "name", str_c(c->attrs[i].attr->name));
        put_raw(b, "before", c->attrs[i].before);
        put_raw(b, "after", c->attrs[i].after);
        sb_char(b, '}');
    }
    sb_char(b, ']');
}

static void put_hazards(struct strbuf *b, unsigned bits)
{
    bool first = true;
    jc_put_key(b, STR("hazards"));
    sb_char(b, '[');
    for (unsigned i = 1; i < HAZARD_COUNT; i++) {
        enum hazard_code code = (enum hazard_code)i;
        if (!(bits & 1u << code))
            continue;
        if (!first)
            sb_char(b, ',');
        first = false;
        esc_json(b, str_c(hazard_name(code)));
    }
    sb_char(b, ']');
}

static const char *const ops[] = {"add", "drop", "alter"};

static void put_change(struct strbuf *b, const struct change *c, struct arena *mem)
{
    const struct obj *o = change_obj(c);
    struct strbuf facets = sb_new(mem, 0);
    sb_char(b, '{');
    put(b, "op", str_c(ops[c->op]));
    put(b, "path", o->path);
    put(b, "kind", path_kind(o->path));
    put(b, "name", obj_name(mem, o));
    facet_list(&facets, c->facets);
    put(b, "facets", sb_view(&facets));
    if (c->op == OP_ALTER)
        put_attrs(b, c, ~0u);
    else
        put_raw(b, c->op == OP_ADD ? "after" : "before", o->a);
    put_hazards(b, c->hazards);
    sb_char(b, '}');
}

static void put_renames(struct strbuf *b, const struct changes *c)
{
    jc_put_key(b, STR("likelyRenames"));
    sb_char(b, '[');
    for (uint32_t i = 0; i < c->nhints; i++) {
        sb_c(b, i ? ",\n{" : "\n{");
        put(b, "from", c->v[c->hints[i].drop].before->path);
        put(b, "to", c->v[c->hints[i].add].after->path);
        sb_printf(b, ",\"percent\":%u", c->hints[i].percent);
        put(b, "why", c->hints[i].why);
        sb_char(b, '}');
    }
    sb_c(b, "]");
}

static void put_id(struct strbuf *b, struct hash128 id)
{
    sb_c(b, "{\"id\":\"");
    hash_hex(b, id, HASH_HEX);
    sb_char(b, '"');
}

static void put_text(struct strbuf *b, const char *key, struct str text)
{
    if (text.n)
        put(b, key, text);
}

static void put_rule(struct strbuf *b, const struct ignore_rule *rule)
{
    jc_put_key(b, STR("rule"));
    sb_char(b, '{');
    put(b, "match", rule->match);
    put_text(b, "reason", rule->reason);
    put_text(b, "owner", rule->owner);
    put_text(b, "expires", rule->expires);
    put_text(b, "preset", rule->preset);
    sb_char(b, '}');
}

static void put_finding(struct strbuf *b, const struct drift_finding *f)
{
    const struct change *c = f->change;
    const struct obj *o = change_obj(c);
    put_id(b, f->id);
    put(b, "path", o->path);
    put(b, "kind", path_kind(o->path));
    put(b, "name", obj_name(b->mem, o));
    put(b, "facet", str_c(facet_name(f->facet)));
    put(b, "op", str_c(ops[c->op]));
    put(b, "verdict", str_c(verdict_name(f->verdict)));
    put(b, "severity", str_c(severity_name(f->severity)));
    if (c->op == OP_ALTER)
        put_attrs(b, c, f->facet);
    else
        put_raw(b, c->op == OP_ADD ? "after" : "before", o->a);
    if (f->rule)
        put_rule(b, f->rule);
    put_text(b, "since", f->since);
    put_text(b, "notBefore", f->not_before);
    if (c->before && c->before->line)
        sb_printf(b, ",\"line\":%u", c->before->line);
    sb_printf(b, ",\"fresh\":%s,\"fails\":%s}", f->fresh ? "true" : "false",
              f->fails ? "true" : "false");
}

static void put_resolved(struct strbuf *b, const struct resolved *r)
{
    put_id(b, r->id);
    put(b, "path", r->path);
    put(b, "object", r->object);
    if (r->facet)
        put(b, "facet", str_c(facet_name(r->facet)));
    put(b, "was", str_c(verdict_name(r->was)));
    put_text(b, "since", r->since);
    sb_char(b, '}');
}

static void put_findings(struct strbuf *b, const struct drift_findings *f)
{
    static const char *const what[] = {"expired", "unused", "exceeded"};
    sb_c(b, ",\"drift\":{");
    put(b, "environment", f->env);
    put_text(b, "baseline", f->baseline);
    put_text(b, "last", f->last);
    sb_printf(b, ",\"history\":%s,\"findings\":[", f->has_history ? "true" : "false");
    for (uint32_t i = 0; i < f->n; i++) {
        sb_c(b, i ? ",\n" : "\n");
        put_finding(b, &f->v[i]);
    }
    sb_c(b, "],\"notes\":[");
    for (uint32_t i = 0; i < f->nnotes; i++) {
        sb_c(b, i ? ",\n{" : "\n{");
        put(b, "what", str_c(what[f->notes[i].what]));
        sb_printf(b, ",\"count\":%u", f->notes[i].count);
        put_rule(b, f->notes[i].rule);
        sb_char(b, '}');
    }
    sb_c(b, "],\"resolved\":[");
    for (uint32_t i = 0; i < f->nresolved; i++) {
        sb_c(b, i ? ",\n" : "\n");
        put_resolved(b, &f->resolved[i]);
    }
    sb_c(b, "]}");
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    const struct changes *c = in->changes;
    struct report r = report_make(c, in->mem);
    (void)second;
    (void)e;
    sb_char(out, '{');
    put(out, "engine", str_c(c->eng->name));
    put_side(out, "from", &c->from);
    put_side(out, "to", &c->to);
    if (c->from.untold.n || c->to.untold.n)
        put_raw(out, "not_compared", c->from.untold.n ? c->from.untold : c->to.untold);
    sb_printf(out, ",\"same\":%s", c->n || in->nrenames ? "false" : "true");
    jc_put_key(out, STR("renamed"));
    jc_put_list(out, in->renames, in->nrenames);
    jc_put_key(out, STR("changes"));
    sb_char(out, '[');
    for (uint32_t i = 0; i < c->n; i++) {
        sb_c(out, i ? ",\n" : "\n");
        put_change(out, &c->v[i], in->mem);
    }
    sb_c(out, "]");
    put_renames(out, c);
    sb_printf(out,
              ",\"summary\":{\"added\":%u,\"changed\":%u,\"dropped\":%u,\"destructive\":%u,"
              "\"objects\":%u}",
              r.added, r.changed, r.dropped, r.destructive, r.ngroups);
    if (in->findings)
        put_findings(out, in->findings);
    sb_c(out, "}\n");
    return 0;
}

const struct emitter emitter_json = {
    .name = "json",
    .ext = ".json",
    .doc = "one document, a change per line",
    .use = EMIT_DIFF,
    .several = {"[", ",\n", "]\n"},
    .run = run,
};
