/* Deployments, findings and groups of events on the pages of a history; see site_parts.h. */

#include "emit/site_parts.h"

#include <stdlib.h>

struct sorted {
    struct site_event ev;
    struct str top;
};

/* By object, newest state first, then in path order. */
static int by_object(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int order = path_cmp(x->top, y->top);
    if (order)
        return order;
    if (x->ev.state != y->ev.state)
        return x->ev.state > y->ev.state ? -1 : 1;
    return path_cmp(x->ev.path, y->ev.path);
}

static void make_groups(struct site_job *job, const struct sorted *v, uint32_t n)
{
    VEC(struct site_group) groups = {0};
    for (uint32_t i = 0, end; i < n; i = end) {
        struct site_group g = {.top = v[i].top, .state = v[i].ev.state, .from = i};
        for (end = i; end < n && v[end].ev.state == g.state && str_eq(v[end].top, g.top); end++)
            if (str_eq(v[end].ev.path, g.top))
                g.whole = &job->d.events[end];
        g.n = end - i;
        VEC_PUSH(job->mem, groups, g);
    }
    job->groups = groups.v;
    job->ngroups = groups.n;
}

/* Groups stay in the order of their objects: a sort by counting. */
static void index_states(struct site_job *job)
{
    uint32_t n = job->d.nstates, *at = NEW_ARRAY(job->mem, uint32_t, (size_t)n + 1);
    uint32_t *next = NEW_ARRAY(job->mem, uint32_t, (size_t)n + 1);
    job->by_state = NEW_ARRAY(job->mem, uint32_t, job->ngroups);
    for (uint32_t i = 0; i < job->ngroups; i++)
        at[job->groups[i].state + 1]++;
    for (uint32_t i = 0; i < n; i++)
        next[i + 1] = at[i + 1] += at[i];
    for (uint32_t i = 0; i < job->ngroups; i++)
        job->by_state[next[job->groups[i].state]++] = i;
    job->state_at = at;
}

static void count(struct site_job *job)
{
    job->counts = NEW_ARRAY(job->mem, struct site_counts, job->d.nstates);
    for (uint32_t i = 0; i < job->ngroups; i++) {
        const struct site_group *g = &job->groups[i];
        struct site_counts *c = &job->counts[g->state];
        if (g->whole && g->whole->op != OP_ALTER)
            c->of[g->whole->op]++;
        else
            for (uint32_t k = g->from; k < g->from + g->n; k++)
                c->of[job->d.events[k].op]++;
    }
}

/* Leaves out events that show nothing. */
static void keep_shown(struct site_job *job)
{
    struct arena *tmp = arena_new(0);
    uint32_t n = 0;
    for (uint32_t i = 0; i < job->d.nevents; i++) {
        struct arena_mark mark = arena_mark(tmp);
        if (site_shows(job, &job->d.events[i], tmp))
            job->d.events[n++] = job->d.events[i];
        arena_release(tmp, mark);
    }
    job->d.nevents = n;
    arena_free(tmp);
}

void site_group_events(struct site_job *job)
{
    keep_shown(job);
    uint32_t n = job->d.nevents;
    struct sorted *v = NEW_ARRAY(job->mem, struct sorted, n);
    for (uint32_t i = 0; i < n; i++) {
        v[i].ev = job->d.events[i];
        v[i].top = job->env->eng ? engine_top(job->env->eng, v[i].ev.path) : path_top(v[i].ev.path);
    }
    if (n)
        qsort(v, n, sizeof *v, by_object);
    for (uint32_t i = 0; i < n; i++)
        job->d.events[i] = v[i].ev;
    make_groups(job, v, n);
    index_states(job);
    count(job);
}

static void deployment(struct strbuf *out, const struct deployed *d)
{
    sb_c(out, "<li>");
    html_text(out, d->tool);
    if (d->id.n) {
        sb_c(out, " <code>");
        html_text(out, d->id);
        sb_c(out, "</code>");
    }
    struct {
        const char *word;
        struct str text;
    } parts[] = {{" by ", d->author},
                 {" of ", d->file},
                 {", deployment ", d->deployment},
                 {": ", d->text},
                 {", ", d->how}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        sb_c(out, parts[i].text.n ? parts[i].word : "");
        html_text(out, parts[i].text);
    }
    if (d->when.n) {
        sb_c(out, " <span class=\"dim\">");
        site_time(out, d->when);
        sb_c(out, "</span>");
    }
    sb_c(out, "</li>\n");
}

enum { MOST_DEPLOYED = 50 };

void site_deployed(struct strbuf *out, const struct site_state *s)
{
    if (!s->ndeployed)
        return;
    sb_c(out,
         "<p class=\"small dim\">Deployed between these checks</p>\n<ul class=\"dep small\">\n");
    for (uint32_t i = 0; i < s->ndeployed && i < MOST_DEPLOYED; i++)
        deployment(out, &s->deployed[i]);
    if (s->ndeployed > MOST_DEPLOYED)
        sb_printf(out, "<li>and %u more</li>\n", s->ndeployed - MOST_DEPLOYED);
    sb_c(out, "</ul>\n");
}

static void finding_object(struct strbuf *out, const struct site_job *job,
                           const struct site_finding *f)
{
    struct str top = job->env->eng ? engine_top(job->env->eng, f->path) : path_top(f->path);
    struct str name = f->object.n ? f->object : site_human(out->mem, f->path, STR_NULL);
    uint32_t first;
    site_object(out, job, top, name, site_groups_of(job, top, &first) > 0);
}

static void finding(struct strbuf *out, const struct site_job *job, const struct site_finding *f)
{
    sb_c(out, "<tr><td>");
    site_verdict(out, f->verdict, f->passed);
    sb_c(out, "</td><td>");
    finding_object(out, job, f);
    sb_printf(out, "</td><td data-h=\"facet\">%s</td><td data-h=\"severity\">%s</td><td>",
              facet_name(f->facet), severity_name(f->severity));
    if (f->not_before.n) {
        sb_c(out, "after ");
        site_time(out, f->not_before);
        sb_c(out, ", ");
    }
    sb_c(out, f->since.n ? "seen " : "");
    site_time(out, f->since);
    sb_c(out, "</td></tr>\n");
}

void site_findings(struct strbuf *out, const struct site_job *job, struct str below)
{
    bool any = false;
    for (uint32_t i = 0; i < job->d.nfindings; i++) {
        const struct site_finding *f = &job->d.findings[i];
        if (below.n && !path_within(f->path, below))
            continue;
        sb_c(out, any ? ""
                      : "<h2>Open findings</h2>\n<div class=\"scroll\"><table "
                        "class=\"env\">\n<tr><th>verdict</th>"
                        "<th>object</th><th>facet</th><th>severity</th><th>since</th></tr>\n");
        any = true;
        finding(out, job, f);
    }
    sb_c(out, any ? "</table></div>\n" : "");
}
