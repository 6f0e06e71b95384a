/* Findings as SARIF 2.1.0: a run for the environment, a result for each finding at its line of the
 * baseline, with a fingerprint that stays the same from night to night. */

#include <string.h>

#include "core/escape.h"
#include "emit/told.h"

#ifndef SNAP_VERSION
#define SNAP_VERSION "0.1.0"
#endif

static void put(struct strbuf *b, const char *key, struct str text)
{
    sb_c(b, key);
    esc_json_quiet(b, text);
}

/* Text of a message: brackets begin a link there and braces a placeholder, unless they are escaped
 * (3.11.5 and 3.11.6 of the standard). */
static void put_message(struct strbuf *b, const char *key, struct str text)
{
    struct strbuf shown = sb_new(b->mem, 0), safe = sb_new(b->mem, 0);
    esc_terminal(&shown, text);
    for (size_t i = 0; i < shown.n; i++) {
        char c = shown.p[i];
        if (strchr("\\[]", c))
            sb_char(&safe, '\\');
        if (c == '{' || c == '}')
            sb_char(&safe, c);
        sb_char(&safe, c);
    }
    sb_printf(b, "%s{\"text\":", key);
    esc_json_quiet(b, sb_view(&safe));
    sb_char(b, '}');
}

/* The rules that the run has results of, each once, by name. */
struct rules {
    struct str *v;
    uint32_t n;
};

static struct rules rules_of(const struct told *v, uint32_t n, struct arena *mem)
{
    struct rules r = {NEW_ARRAY(mem, struct str, n), 0};
    for (uint32_t i = 0; i < n; i++) {
        uint32_t at = 0;
        while (at < r.n && str_cmp(r.v[at], v[i].rule) < 0)
            at++;
        if (at < r.n && str_eq(r.v[at], v[i].rule))
            continue;
        memmove(r.v + at + 1, r.v + at, (r.n - at) * sizeof *r.v);
        r.v[at] = v[i].rule;
        r.n++;
    }
    return r;
}

static uint32_t rule_index(const struct rules *r, struct str rule)
{
    uint32_t i = 0;
    while (!str_eq(r->v[i], rule))
        i++;
    return i;
}

static void put_rules(struct strbuf *b, const struct rules *r)
{
    sb_c(b, "[");
    for (uint32_t i = 0; i < r->n; i++) {
        size_t slash = str_chr(r->v[i], '/');
        struct str op = str_from(r->v[i], slash + 1);
        const char *word = str_eq(op, STR("add"))      ? "There is something that was not there"
                           : str_eq(op, STR("drop"))   ? "Something is not there any more"
                           : str_eq(op, STR("rename")) ? "Something has another name"
                                                       : "Something has changed";
        put(b, i ? ",\n{\"id\":" : "\n{\"id\":", r->v[i]);
        sb_printf(b, ",\"shortDescription\":{\"text\":\"%s (%.*s)\"}}", word,
                  STR_ARG(str_sub(r->v[i], 0, slash)));
    }
    sb_c(b, "]");
}

static void put_location(struct strbuf *b, const struct emit_in *in, const struct told *t)
{
    sb_c(b, ",\"locations\":[{");
    if (t->line) {
        sb_c(b, "\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"");
        esc_uri(b, in->findings->baseline);
        sb_printf(b, "\"},\"region\":{\"startLine\":%u}}%s", t->line, t->path.n ? "," : "");
    }
    if (t->path.n) {
        put(b,
            "\"logicalLocations\":[{\"name\":", obj_name(b->mem, change_obj(t->finding->change)));
        put(b, ",\"fullyQualifiedName\":", t->path);
        put(b, ",\"kind\":", path_kind(t->path));
        sb_c(b, "}]");
    }
    sb_c(b, "}]");
}

/* Every result has the list where one has: absent would say that nobody knows. */
static void put_suppressions(struct strbuf *b, const struct told *t)
{
    sb_c(b, ",\"suppressions\":[");
    if (t->part == PART_PASSED) {
        struct strbuf shown = sb_new(b->mem, 0);
        esc_terminal(&shown, told_rule(t->finding->rule, b->mem));
        put(b,
            "{\"kind\":\"external\",\"status\":\"accepted\",\"justification\":", sb_view(&shown));
        sb_char(b, '}');
    }
    sb_char(b, ']');
}

static void put_properties(struct strbuf *b, const struct told *t)
{
    const struct drift_finding *f = t->finding;
    put(b, ",\"properties\":{\"verdict\":", str_c(verdict_name(f ? f->verdict : VERDICT_DIFFERS)));
    if (f && f->since.n)
        put(b, ",\"since\":", f->since);
    if (f && f->not_before.n)
        put(b, ",\"notBefore\":", f->not_before);
    sb_printf(b, ",\"fails\":%s}", !f || f->fails ? "true" : "false");
}

static void put_result(struct strbuf *b, const struct emit_in *in, const struct told *t,
                       const struct rules *rules)
{
    bool pending = t->part == PART_PENDING;
    put(b, "{\"ruleId\":", t->rule);
    sb_printf(b, ",\"ruleIndex\":%u", rule_index(rules, t->rule));
    /* what is no failure has no level */
    sb_printf(b, ",\"kind\":\"%s\",\"level\":\"%s\"", pending ? "informational" : "fail",
              pending ? "none" : severity_name(t->severity));
    put_message(b, ",\"message\":",
                arena_printf(b->mem, "%.*s: %.*s", STR_ARG(t->object), STR_ARG(t->what)));
    if (t->line || t->path.n)
        put_location(b, in, t);
    sb_c(b, ",\"partialFingerprints\":{\"snapFinding/v1\":\"");
    hash_hex(b, t->id, HASH_HEX);
    sb_c(b, "\"}");
    if (in->findings->has_history && t->finding)
        sb_printf(b, ",\"baselineState\":\"%s\"", t->finding->fresh ? "new" : "unchanged");
    put_suppressions(b, t);
    put_properties(b, t);
    sb_char(b, '}');
}

static void put_run_properties(struct strbuf *b, const struct emit_in *in)
{
    const struct drift_findings *f = in->findings;
    put(b, ",\"properties\":{\"environment\":", told_env(in));
    put(b, ",\"from\":", in->changes->from.label);
    put(b, ",\"to\":", in->changes->to.label);
    sb_c(b, ",\"rules\":[");
    for (uint32_t i = 0; i < f->nnotes; i++)
        put(b, i ? "," : "", told_note(&f->notes[i], b->mem));
    sb_c(b, "],\"resolved\":[");
    for (uint32_t i = 0; i < f->nresolved; i++) {
        put(b, i ? ",{\"path\":" : "{\"path\":", f->resolved[i].path);
        sb_c(b, ",\"id\":\"");
        hash_hex(b, f->resolved[i].id, HASH_HEX);
        sb_c(b, "\"}");
    }
    sb_c(b, "]}");
}

#define HEAD                                                                                       \
    "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\","        \
    "\"runs\":["
#define TAIL "]}\n"

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    uint32_t n;
    struct told *v = told_list(in, &n);
    struct rules rules = rules_of(v, n, in->mem);
    struct strbuf category = sb_new(in->mem, 0);
    (void)second;
    (void)e;
    sb_c(out, in->part ? "" : HEAD);
    sb_printf(out, "{\"tool\":{\"driver\":{\"name\":\"snap\",\"version\":\"%s\",\"rules\":",
              SNAP_VERSION);
    put_rules(out, &rules);
    /* what stands before the last slash is what one run replaces of the one before it */
    sb_c(&category, "snap/");
    for (size_t i = 0; i < told_env(in).n; i++)
        sb_char(&category, told_env(in).p[i] == '/' ? '_' : told_env(in).p[i]);
    sb_char(&category, '/');
    put(out, "}},\"automationDetails\":{\"id\":", sb_view(&category));
    sb_c(out, "},\"invocations\":[{\"executionSuccessful\":true}],\"results\":[");
    for (uint32_t i = 0; i < n; i++) {
        sb_c(out, i ? ",\n" : "\n");
        put_result(out, in, &v[i], &rules);
    }
    sb_c(out, "]");
    put_run_properties(out, in);
    sb_char(out, '}');
    sb_c(out, in->part ? "" : TAIL);
    return 0;
}

const struct emitter emitter_sarif = {
    .name = "sarif",
    .ext = ".sarif",
    .doc = "results for code scanning, SARIF 2.1.0",
    .use = EMIT_DIFF | EMIT_FINDINGS,
    .several = {HEAD, ",\n", TAIL},
    .run = run,
};
