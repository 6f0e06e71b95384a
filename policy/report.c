/* Findings for people, for programs and for a pull request. */

#include "core/escape.h"
#include "policy/internal.h"

static const char *severity(const struct policy_finding *f)
{
    return f->rule->severity == POLICY_ERROR ? "error" : "warning";
}

static struct str about(const struct policy_report *r, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    sb_printf(&b, "%.*s  %s", STR_ARG(r->label), r->engine);
    if (r->changes)
        sb_c(&b, "  what the change makes, alters and does");
    if (r->env.n)
        sb_printf(&b, ", for %.*s", STR_ARG(r->env));
    return sb_view(&b);
}

static void put_plural(struct strbuf *out, uint32_t n, const char *what)
{
    sb_printf(out, "%u %s%s", n, what, n == 1 ? "" : "s");
}

static void put_totals(const struct policy_report *r, struct strbuf *out)
{
    put_plural(out, r->errors, "error");
    sb_c(out, ", ");
    put_plural(out, r->warnings, "warning");
    sb_c(out, "; ");
    put_plural(out, r->judged, "object");
    sb_c(out, " judged by ");
    put_plural(out, r->policy->n - r->nidle, "rule");
    for (uint32_t i = 0; i < r->nidle; i++) {
        sb_c(out, i ? ", " : "; nothing to judge for ");
        esc_terminal(out, r->idle[i]);
    }
    if (r->nunjudged) {
        sb_printf(out, "; not modelled and not judged: %.*s ", STR_ARG(r->unjudged->kind));
        esc_terminal(out, r->unjudged->name);
        if (r->nunjudged > 1)
            sb_printf(out, " and %u more", r->nunjudged - 1);
    }
    sb_char(out, '\n');
}

static void put_place(struct strbuf *out, const struct policy_finding *f)
{
    esc_terminal(out, f->source);
    if (f->line)
        sb_printf(out, ":%u", f->line);
}

void policy_text(const struct policy_report *r, struct strbuf *out, struct arena *mem)
{
    esc_terminal(out, about(r, mem));
    sb_char(out, '\n');
    for (uint32_t i = 0; i < r->n; i++) {
        const struct policy_finding *f = &r->v[i];
        sb_printf(out, "\n%s: ", severity(f));
        esc_terminal(out, f->rule->id);
        sb_c(out, ": ");
        esc_terminal(out, f->object);
        sb_char(out, ' ');
        esc_terminal(out, f->message);
        if (f->expected.n) {
            sb_c(out, "\n    expected: ");
            esc_terminal(out, f->expected);
        }
        if (f->rule->reason.n) {
            sb_c(out, "\n    why: ");
            esc_terminal(out, f->rule->reason);
        }
        sb_c(out, "\n    in ");
        put_place(out, f);
        sb_c(out, "; the rule: ");
        esc_terminal(out, r->policy->file);
        sb_printf(out, ":%u\n", f->rule->line);
    }
    sb_c(out, r->n ? "\n" : "");
    put_totals(r, out);
}

static void put(struct strbuf *b, const char *key, struct str value)
{
    struct strbuf safe = sb_new(b->mem, 0);
    jc_put_key(b, str_c(key));
    if (!str_is_utf8(value))
        esc_terminal(&safe, value);
    esc_json(b, safe.n ? sb_view(&safe) : value);
}

static void json_finding(const struct policy_finding *f, struct strbuf *out)
{
    sb_char(out, '{');
    put(out, "rule", f->rule->id);
    put(out, "type", str_c(policy_type_name(f->rule->type)));
    put(out, "severity", str_c(severity(f)));
    put(out, "path", f->path);
    put(out, "object", f->object);
    put(out, "message", f->message);
    if (f->expected.n)
        put(out, "expected", f->expected);
    if (f->rule->reason.n)
        put(out, "reason", f->rule->reason);
    put(out, "source", f->source);
    if (f->line)
        sb_printf(out, ",\"line\":%u", f->line);
    if (f->step)
        sb_printf(out, ",\"step\":%u", f->step);
    sb_printf(out, ",\"ruleLine\":%u}", f->rule->line);
}

void policy_json(const struct policy_report *r, struct strbuf *out, struct arena *mem)
{
    (void)mem;
    sb_char(out, '{');
    put(out, "judged", r->label);
    put(out, "engine", str_c(r->engine));
    sb_printf(out, ",\"change\":%s", r->changes ? "true" : "false");
    if (r->env.n)
        put(out, "environment", r->env);
    put(out, "rules", r->policy->file);
    jc_put_key(out, STR("findings"));
    sb_char(out, '[');
    for (uint32_t i = 0; i < r->n; i++) {
        sb_c(out, i ? ",\n" : "\n");
        json_finding(&r->v[i], out);
    }
    sb_char(out, ']');
    jc_put_key(out, STR("idleRules"));
    jc_put_list(out, r->idle, r->nidle);
    jc_put_key(out, STR("notJudged"));
    sb_char(out, '[');
    for (uint32_t i = 0; i < r->nunjudged; i++) {
        sb_c(out, i ? ",{" : "{");
        put(out, "kind", r->unjudged[i].kind);
        put(out, "name", r->unjudged[i].name);
        put(out, "why", r->unjudged[i].why);
        sb_char(out, '}');
    }
    sb_char(out, ']');
    sb_printf(out, ",\"errors\":%u,\"warnings\":%u,\"objects\":%u}\n", r->errors, r->warnings,
              r->judged);
}

void policy_markdown(const struct policy_report *r, struct strbuf *out, struct arena *mem)
{
    struct strbuf totals = sb_new(mem, 0);
    sb_c(out, "## Rules: ");
    esc_markdown(out, about(r, mem));
    sb_c(out,
         r->n ? "\n\n| | rule | object | finding | expected | why |\n|---|---|---|---|---|---|\n"
              : "\n");
    for (uint32_t i = 0; i < r->n; i++) {
        const struct policy_finding *f = &r->v[i];
        struct str cells[] = {f->rule->id, f->object, f->message, f->expected, f->rule->reason};
        sb_printf(out, "| %s |", severity(f));
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++) {
            sb_char(out, ' ');
            esc_markdown(out, cells[k]);
            sb_c(out, " |");
        }
        sb_char(out, '\n');
    }
    put_totals(r, &totals);
    sb_char(out, '\n');
    esc_markdown(out, str_trim(sb_view(&totals)));
    sb_char(out, '\n');
}
