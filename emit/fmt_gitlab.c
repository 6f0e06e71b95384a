/* The code quality report of GitLab: one list of what somebody has to look at. What is pending or
 * let pass is none of its degradations and is not in it. */

#include "core/escape.h"
#include "emit/told.h"

static const char *severity_of(const struct told *t)
{
    if (t->severity != SEV_ERROR)
        return t->severity == SEV_NOTE ? "info" : "minor";
    bool loses = t->finding && (t->finding->change->hazards & 1u << HZ_DATA_LOSS);
    return loses ? "critical" : "major";
}

static void put_text(struct strbuf *b, const char *key, struct str text)
{
    struct strbuf shown = sb_new(b->mem, 0);
    esc_terminal(&shown, text);
    sb_c(b, key);
    esc_json_quiet(b, sb_view(&shown));
}

static void put_one(struct strbuf *b, const struct emit_in *in, const struct told *t)
{
    struct str env = told_env(in), place = in->findings->baseline;
    struct str verdict = t->finding ? told_verdict(t->finding, b->mem) : STR("differs");
    put_text(b, "{\"description\":",
             arena_printf(b->mem, "%.*s: %.*s: %.*s (%.*s)", STR_ARG(env), STR_ARG(t->object),
                          STR_ARG(t->what), STR_ARG(verdict)));
    put_text(b, ",\"check_name\":", t->rule);
    sb_c(b, ",\"fingerprint\":\"");
    /* two environments may drift alike, and the report knows a fingerprint once */
    hash_hex(b, hash_mix(hash_bytes(env), t->id), HASH_HEX);
    sb_printf(b, "\",\"severity\":\"%s\",\"location\":{\"path\":", severity_of(t));
    put_text(b, "", place.n ? place : in->changes->from.label);
    sb_printf(b, ",\"lines\":{\"begin\":%u}}}", t->line ? t->line : 1);
}

/* Lists of several environments become one: the mark between two stands before what comes. */
static bool is_begun(const struct strbuf *b)
{
    struct str s = str_trim(sb_view(b));
    return s.n && s.p[s.n - 1] == '}';
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    uint32_t n;
    struct told *v = told_list(in, &n);
    (void)second;
    (void)e;
    if (!in->part)
        sb_char(out, '[');
    for (uint32_t i = 0; i < n; i++) {
        if (v[i].part != PART_OPEN)
            continue;
        sb_c(out, is_begun(out) ? ",\n" : "\n");
        put_one(out, in, &v[i]);
    }
    if (!in->part)
        sb_c(out, "\n]\n");
    return 0;
}

const struct emitter emitter_gitlab = {
    .name = "gitlab",
    .doc = "code quality report of GitLab",
    .use = EMIT_DIFF | EMIT_FINDINGS,
    .several = {"[", "", "\n]\n"},
    .run = run,
};
