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

static int by_top(const void *a, const void *b)
{
    const struct site_top *x = a, *y = b;
    int order = path_cmp(x->path, y->path);
    return order ? order : x->n > y->n ? -1 : x->n < y->n;
}

/* Objects with groups, then those with findings; of two of one path the one with groups stays. */
static void make_tops(struct site_job *job)
{
    VEC(struct site_top) tops = {0};
    for (uint32_t i = 0, end; i < job->ngroups; i = end) {
        struct site_top t = {.path = job->groups[i].top, .from = i};
        for (end = i; end < job->ngroups && str_eq(job->groups[end].top, t.path);)
            end++;
        t.n = end - i;
        VEC_PUSH(job->mem, tops, t);
    }
    for (uint32_t i = 0; i < job->d.nfindings; i++) {
        struct site_top t = {.path = site_top(job, job->d.findings[i].path)};
        VEC_PUSH(job->mem, tops, t);
    }
    if (tops.n)
        qsort(tops.v, tops.n, sizeof *tops.v, by_top);
    job->tops = tops.v;
    for (uint32_t i = 0; i < tops.n; i++)
        if (!job->ntops || !str_eq(tops.v[i].path, job->tops[job->ntops - 1].path))
            job->tops[job->ntops++] = tops.v[i];
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
        v[i].top = site_top(job, v[i].ev.path);
    }
    if (n)
        qsort(v, n, sizeof *v, by_object);
    for (uint32_t i = 0; i < n; i++)
        job->d.events[i] = v[i].ev;
    make_groups(job, v, n);
    index_states(job);
    count(job);
    make_tops(job);
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

static struct str finding_name(struct arena *mem, const struct site_finding *f)
{
    return f->object.n ? f->object : site_human(mem, f->path, STR_NULL);
}

/* `more`: how many of the same object and night are told with it. */
static void finding(struct strbuf *out, const struct site_job *job, const struct site_finding *f,
                    uint32_t more)
{
    sb_c(out, "<tr><td>");
    site_verdict(out, f->verdict, f->passed);
    sb_c(out, "</td><td>");
    site_object(out, job, site_top(job, f->path), finding_name(out->mem, f));
    if (more)
        sb_printf(out, " <span class=\"small dim\">and %u below it</span>", more);
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

/* Below the object of the other, and alike in all that a row says. */
static bool goes_with(const struct site_finding *f, const struct site_finding *first)
{
    return !str_eq(f->path, first->path) && path_within(f->path, first->path) &&
           f->facet == first->facet && f->verdict == first->verdict &&
           f->severity == first->severity && f->passed == first->passed &&
           str_eq(f->since, first->since);
}

enum { MOST_FINDINGS = 1000 };

void site_findings(struct strbuf *out, const struct site_job *job, struct str below)
{
    uint32_t rows = 0, left = 0;
    for (uint32_t i = 0, end; i < job->d.nfindings; i = end) {
        const struct site_finding *f = &job->d.findings[i];
        end = i + 1;
        if (below.n && !path_within(f->path, below))
            continue;
        while (!below.n && end < job->d.nfindings && goes_with(&job->d.findings[end], f))
            end++;
        if (rows >= MOST_FINDINGS) {
            left += end - i;
            continue;
        }
        sb_c(out, rows++ ? ""
                         : "<h2>Open findings</h2>\n<div class=\"scroll\"><table class=\"env\">\n"
                           "<tr><th>verdict</th><th>object</th><th>facet</th><th>severity</th>"
                           "<th>since</th></tr>\n");
        finding(out, job, f, end - i - 1);
    }
    sb_c(out, rows ? "</table></div>\n" : "");
    if (left)
        sb_printf(out, "<p>%u more are not listed here; <code>snap drift</code> tells them.</p>\n",
                  left);
}

void site_looked(struct strbuf *out, const struct site_event *ev)
{
    if (ev->looked == LOOKED_NEVER) {
        sb_c(out, "No check before looked at it. ");
    } else if (ev->looked == LOOKED_EARLIER) {
        sb_c(out, "Last looked at by the check of ");
        site_time(out, ev->not_before);
        sb_c(out, ". ");
    }
}
