/* The first page of a history: environments, who equals whom; see site_parts.h. */

#include "emit/site_parts.h"

#include <stdlib.h>

enum { MOST_IN_GRID = 16 };

static void env_link(struct strbuf *out, const struct site_env *env)
{
    sb_c(out, "<a href=\"");
    site_name(out, SITE_ENV, env->name, STR_NULL);
    sb_c(out, "\">");
    html_text(out, env->name);
    sb_c(out, "</a>");
}

/* Fingerprints of two engines are of different things. */
static bool equals(const struct site_env *a, const struct site_env *b)
{
    return str_eq(a->engine, b->engine) && hash_eq(a->fingerprint, b->fingerprint);
}

static bool is_unknown(struct hash128 h)
{
    return !h.hi && !h.lo;
}

static void cell(struct strbuf *out, const char *head, struct str text)
{
    sb_printf(out, "<td data-h=\"%s\">", head);
    html_text(out, text);
    sb_c(out, "</td>");
}

static void time_cell(struct strbuf *out, const char *head, struct str time)
{
    sb_c(out, "<td");
    if (time.n)
        sb_printf(out, " data-h=\"%s\"", head);
    sb_char(out, '>');
    site_time(out, time);
    sb_c(out, "</td>");
}

static void draw_row(struct strbuf *out, const struct site_env *env, const struct site_last *last)
{
    struct strbuf count = sb_new(out->mem, 0);
    sb_c(out, "<tr><td>");
    env_link(out, env);
    sb_c(out, "</td><td>");
    site_status(out, env);
    if (!is_unknown(env->baseline_fingerprint) && env->last.n)
        sb_c(out, hash_eq(env->baseline_fingerprint, env->fingerprint)
                      ? "<br><span class=\"small dim\">= its baseline</span>"
                      : "<br><span class=\"small dim\">≠ its baseline</span>");
    sb_c(out, "</td>");
    time_cell(out, "last check", env->last);
    time_cell(out, "last change", last->time);
    sb_printf(&count, "%llu", (unsigned long long)env->states);
    cell(out, "states", sb_view(&count));
    cell(out, "server", env->version.n ? env->version : env->engine);
    sb_c(out, "</tr>\n");
}

/* Nothing for anybody to look at. */
static bool is_calm(const struct site_env *env)
{
    return !env->failed.n && !env->open[VERDICT_DRIFT] && !env->open[VERDICT_CONFLICT];
}

/* Those that want somebody's eyes first, each lot by name. */
static void draw_envs(struct strbuf *out, const struct site *site, const struct site_last *last)
{
    sb_c(out, "<div class=\"scroll\"><table class=\"env\">\n<tr><th>environment</th><th>open</th>"
              "<th>last check</th><th>last change</th><th>states</th><th>server</th></tr>\n");
    for (int calm = 0; calm < 2; calm++)
        for (uint32_t i = 0; i < site->nenvs; i++)
            if (is_calm(&site->envs[i]) == (calm > 0))
                draw_row(out, &site->envs[i], &last[i]);
    sb_c(out, "</table></div>\n");
}

/* Environments of one fingerprint: `n` of them, the first by its place. */
struct same {
    uint32_t first, n;
};

static int largest_first(const void *a, const void *b)
{
    const struct same *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return x->first < y->first ? -1 : 1;
}

struct keyed {
    const struct site_env *env;
    uint32_t at;
};

static int by_fingerprint(const void *a, const void *b)
{
    const struct keyed *x = a, *y = b;
    int order = str_cmp(x->env->engine, y->env->engine);
    if (order)
        return order;
    if (x->env->fingerprint.hi != y->env->fingerprint.hi)
        return x->env->fingerprint.hi < y->env->fingerprint.hi ? -1 : 1;
    if (x->env->fingerprint.lo != y->env->fingerprint.lo)
        return x->env->fingerprint.lo < y->env->fingerprint.lo ? -1 : 1;
    return x->at < y->at ? -1 : 1;
}

static void draw_group(struct strbuf *out, const struct keyed *v, uint32_t n)
{
    sb_c(out, "<li>");
    if (n > 2)
        sb_printf(out, "<span class=\"dim\">%u alike:</span> ", n);
    for (uint32_t i = 0; i < n; i++) {
        sb_c(out, i ? " <span class=\"g add\">=</span> " : "");
        env_link(out, v[i].env);
    }
    sb_c(out, n == 1 ? " <span class=\"dim\">like no other</span></li>\n" : "</li>\n");
}

static void draw_groups(struct strbuf *out, const struct site *site)
{
    struct keyed *v = NEW_ARRAY(out->mem, struct keyed, site->nenvs), *sorted;
    struct same *groups = NEW_ARRAY(out->mem, struct same, site->nenvs);
    uint32_t n = 0, ngroups = 0;
    for (uint32_t i = 0; i < site->nenvs; i++)
        if (site->envs[i].last.n)
            v[n++] = (struct keyed){&site->envs[i], i};
    if (n < 2)
        return;
    qsort(v, n, sizeof *v, by_fingerprint);
    for (uint32_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && equals(v[i].env, v[end].env);)
            end++;
        groups[ngroups++] = (struct same){i, end - i};
    }
    sorted = v;
    qsort(groups, ngroups, sizeof *groups, largest_first);
    sb_c(out, "<h2>Who equals whom</h2>\n<p>");
    report_count(out, n, "environment");
    sb_c(out, ngroups == 1 ? ", all the same, " : " in ");
    if (ngroups > 1)
        sb_printf(out, "%u groups of the same schema, ", ngroups);
    sb_c(out, "as of their last checks</p>\n<ul class=\"ch\">\n");
    for (uint32_t i = 0; i < ngroups; i++)
        draw_group(out, sorted + groups[i].first, groups[i].n);
    sb_c(out, "</ul>\n");
}

static void draw_grid(struct strbuf *out, const struct site *site)
{
    if (site->nenvs < 2 || site->nenvs > MOST_IN_GRID)
        return;
    sb_c(out, "<div class=\"scroll fit\"><table class=\"eq\">\n<tr><td></td>");
    for (uint32_t i = 0; i < site->nenvs; i++) {
        sb_c(out, "<th scope=\"col\">");
        html_text(out, site->envs[i].name);
        sb_c(out, "</th>");
    }
    sb_c(out, "</tr>\n");
    for (uint32_t i = 0; i < site->nenvs; i++) {
        sb_c(out, "<tr><th scope=\"row\">");
        html_text(out, site->envs[i].name);
        sb_c(out, "</th>");
        for (uint32_t k = 0; k < site->nenvs; k++) {
            bool known = site->envs[i].last.n && site->envs[k].last.n;
            sb_c(out, i == k                                   ? "<td>·</td>"
                      : !known                                 ? "<td>?</td>"
                      : equals(&site->envs[i], &site->envs[k]) ? "<td class=\"yes\">=</td>"
                                                               : "<td class=\"no\">≠</td>");
        }
        sb_c(out, "</tr>\n");
    }
    sb_c(out, "</table></div>\n");
}

static void draw_total(struct strbuf *out, const struct site *site)
{
    uint64_t drift = 0, failed = 0;
    for (uint32_t i = 0; i < site->nenvs; i++) {
        drift += site->envs[i].open[VERDICT_DRIFT] || site->envs[i].open[VERDICT_CONFLICT];
        failed += site->envs[i].failed.n > 0; /* it may have drift from before as well */
    }
    sb_c(out, "<p class=\"sum\">");
    report_count(out, site->nenvs, "environment");
    if (drift)
        sb_printf(out, " · <span class=\"g bad\">▲ %llu with drift</span>",
                  (unsigned long long)drift);
    if (failed)
        sb_printf(out, " · <span class=\"g bad\">! %llu could not be read</span>",
                  (unsigned long long)failed);
    sb_c(out, drift || failed ? "</p>\n" : " · <span class=\"g ok\">✓ no open drift</span></p>\n");
}

void site_index(struct strbuf *out, const struct site *site, const struct site_last *last)
{
    site_begin(out, STR("Schema history"), STR_NULL, NULL);
    draw_total(out, site);
    draw_envs(out, site, last);
    draw_groups(out, site);
    draw_grid(out, site);
    site_end(out);
}
