/* Pages of one environment: what is open, its timeline by states, months and large states on pages
 * of their own, the list of its objects; see site_parts.h. */

#include "emit/site_parts.h"

static void object_link(struct strbuf *out, const struct site_job *job, const struct site_group *g)
{
    sb_c(out, "<a href=\"");
    site_name(out, SITE_OBJECT, job->env->name, g->top);
    sb_printf(out, "#s%llu\">", (unsigned long long)job->d.states[g->state].id);
    html_text(out, site_title(out->mem, job, site_top_find(job, g->top)));
    sb_c(out, "</a>");
}

static void draw_part(struct strbuf *out, const struct site_job *job, const struct site_event *ev)
{
    struct strbuf brief = sb_new(out->mem, 0);
    sb_c(out, "<li>");
    site_op(out, ev->op);
    sb_char(out, ' ');
    html_text(out, site_human(out->mem, ev->path, ev->op == OP_DROP ? ev->before : ev->after));
    site_event_brief(&brief, job, ev);
    if (brief.n) {
        sb_c(out, " <span class=\"small\">");
        sb_str(out, sb_view(&brief));
        sb_c(out, "</span>");
    }
    sb_c(out, "</li>\n");
}

enum { MOST_PARTS = 12 };

/* One object of one state: it comes, goes, or what of it changes. */
static void draw_group(struct strbuf *out, const struct site_job *job, const struct site_group *g)
{
    const struct site_event *whole = g->whole;
    struct strbuf inside = sb_new(out->mem, 0);
    uint32_t shown = 0;
    sb_c(out, "<li>");
    site_op(out, whole ? whole->op : OP_ALTER);
    sb_char(out, ' ');
    object_link(out, job, g);
    const struct site_event *first = whole ? whole : &job->d.events[g->from];
    if (first->looked != LOOKED_AT) {
        sb_c(out, " <span class=\"small dim\">");
        site_looked(out, first);
        sb_c(out, "</span>");
    }
    if (whole && whole->op != OP_ALTER) {
        site_inside(&inside, job, g);
        if (inside.n)
            sb_printf(out, " <span class=\"small dim\">with %.*s</span>",
                      STR_ARG(sb_view(&inside)));
        sb_c(out, "</li>\n");
        return;
    }
    if (whole) {
        sb_c(out, " <span class=\"small\">");
        site_event_brief(out, job, whole);
        sb_c(out, "</span>");
    }
    for (uint32_t i = g->from; i < g->from + g->n; i++) {
        if (&job->d.events[i] == whole || shown++ >= MOST_PARTS)
            continue;
        sb_c(out, shown == 1 ? "\n<ul>\n" : "");
        draw_part(out, job, &job->d.events[i]);
    }
    if (shown > MOST_PARTS)
        sb_printf(out, "<li class=\"dim\">and %u more, on its page</li>\n", shown - MOST_PARTS);
    sb_c(out, shown ? "</ul>\n" : "");
    sb_c(out, "</li>\n");
}

static void draw_counts(struct strbuf *out, const struct site_counts *c)
{
    static const struct {
        enum op op;
        const char *class, *sign, *word;
    } parts[] = {{OP_ADD, "add", "+", "added"},
                 {OP_DROP, "drop", "−", "dropped"},
                 {OP_ALTER, "mod", "~", "changed"}};
    for (size_t i = 0; i < 3; i++)
        if (c->of[parts[i].op])
            sb_printf(out, "<span class=\"g %s\">%s%u</span> <span class=\"dim\">%s</span> ",
                      parts[i].class, parts[i].sign, c->of[parts[i].op], parts[i].word);
}

static void draw_checks(struct strbuf *out, const struct site_state *s, bool newest)
{
    sb_c(out, "<p class=\"small dim\">");
    report_count(out, s->runs, "check");
    sb_c(out, " saw it");
    if (s->runs > 1) {
        sb_c(out, newest ? ", the last " : ", until ");
        site_time(out, s->last);
    }
    sb_c(out, "</p>\n");
}

/* `most` objects of the state, 0: all. */
static void draw_groups(struct strbuf *out, const struct site_job *job, uint32_t state,
                        uint32_t most)
{
    uint32_t from = job->state_at[state], n = job->state_at[state + 1] - from;
    if (!n)
        return;
    sb_c(out, "<ul class=\"ch\">\n");
    for (uint32_t i = 0; i < n && (!most || i < most); i++)
        draw_group(out, job, &job->groups[job->by_state[from + i]]);
    if (most && n > most) {
        struct strbuf id = sb_new(out->mem, 0);
        sb_printf(&id, "%llu", (unsigned long long)job->d.states[state].id);
        sb_c(out, "<li><a href=\"");
        site_name(out, SITE_STATE, job->env->name, sb_view(&id));
        sb_printf(out, "\">and %u more objects</a></li>\n", n - most);
    }
    sb_c(out, "</ul>\n");
}

static void draw_state(struct strbuf *out, const struct site_job *job, uint32_t state,
                       uint32_t most)
{
    const struct site_state *s = &job->d.states[state];
    sb_printf(out, "<section class=\"st\" id=\"s%llu\">\n<div><h3><a href=\"#s%llu\">",
              (unsigned long long)s->id, (unsigned long long)s->id);
    site_time(out, s->first);
    sb_c(out, "</a></h3>\n");
    if (s->not_before.n) {
        sb_c(out, "<p class=\"small dim\">after ");
        site_time(out, s->not_before);
        sb_c(out, "</p>\n");
    }
    sb_c(out, "</div>\n<div>\n<p>");
    if (state && job->state_at[state + 1] > job->state_at[state]) {
        draw_counts(out, &job->counts[state]);
    } else if (state && s->rescoped.n) {
        sb_c(out, "No object changed.");
    } else if (state) {
        sb_c(out, "No object: the server's version, what is compared or what is not modelled "
                  "changed.");
    } else {
        sb_c(out, "The first state that the history holds: ");
        report_count(out, s->facts, "fact");
    }
    sb_c(out, "</p>\n");
    if (s->rescoped.n) {
        sb_c(out, "<p class=\"small dim\">The scope of the checks changed: ");
        html_text(out, s->rescoped);
        sb_c(out, "</p>\n");
    }
    draw_groups(out, job, state, most);
    site_deployed(out, s);
    draw_checks(out, s, state + 1 == job->d.nstates);
    sb_c(out, "</div>\n</section>\n");
}

static void term(struct strbuf *out, const char *word, struct str text)
{
    if (!text.n)
        return;
    sb_printf(out, "<dt>%s</dt><dd>", word);
    html_text(out, text);
    sb_c(out, "</dd>\n");
}

static void draw_terms(struct strbuf *out, const struct site_env *env)
{
    struct strbuf hash = sb_new(out->mem, 0);
    sb_c(out, "<dl class=\"terms\">\n");
    term(out, "server", env->version.n ? env->version : env->engine);
    term(out, "source", env->source);
    term(out, "baseline", env->baseline);
    sb_c(out, "<dt>checks</dt><dd>");
    sb_printf(out, "%llu", (unsigned long long)env->runs);
    if (env->first.n) {
        sb_c(out, ", from ");
        site_time(out, env->first);
        sb_c(out, " to ");
        site_time(out, env->last);
    }
    sb_c(out, "</dd>\n<dt>states</dt><dd>");
    sb_printf(out, "%llu</dd>\n", (unsigned long long)env->states);
    if (env->last.n) {
        hash_hex(&hash, env->fingerprint, 16);
        sb_printf(out, "<dt>fingerprint</dt><dd><code>%.*s</code></dd>\n", STR_ARG(sb_view(&hash)));
    }
    sb_c(out, "</dl>\n");
}

/* Months with states, newest first, each a page of its own where the newest states are not all. */
static void draw_months(struct strbuf *out, const struct site_job *job)
{
    if (job->d.nstates <= SITE_NEWEST)
        return;
    sb_c(out, "<h2>All months</h2>\n<ul class=\"months\">\n");
    for (uint32_t end = job->d.nstates, i; end; end = i) {
        struct str month = site_month(job, end - 1);
        for (i = end; i && str_eq(site_month(job, i - 1), month);)
            i--;
        sb_c(out, "<li><a href=\"");
        site_name(out, SITE_MONTH, job->env->name, month);
        sb_c(out, "\">");
        html_text(out, month);
        sb_printf(out, "</a> <span class=\"dim\">%u</span></li>\n", end - i);
    }
    sb_c(out, "</ul>\n");
}

static void draw_env(struct strbuf *out, const struct site_view *view)
{
    const struct site_job *job = view->job;
    uint32_t n = job->d.nstates;
    site_begin(out, job->env->name, job->env->name, NULL);
    sb_c(out, "<p class=\"sum\">");
    site_status(out, job->env);
    sb_c(out, "</p>\n");
    draw_terms(out, job->env);
    site_findings(out, job, STR_NULL);
    sb_c(out, "<h2>Timeline</h2>\n");
    site_life(out, job);
    if (!n)
        sb_c(out, "<p>No check could read it yet.</p>\n");
    for (uint32_t i = n; i && n - i < SITE_NEWEST; i--)
        draw_state(out, job, i - 1, SITE_MOST);
    draw_months(out, job);
    site_end(out);
}

static void draw_month(struct strbuf *out, const struct site_view *view)
{
    struct strbuf title = sb_new(out->mem, 0);
    sb_printf(&title, "%.*s in %.*s", STR_ARG(view->job->env->name), STR_ARG(view->what));
    site_begin(out, sb_view(&title), view->job->env->name, NULL);
    sb_c(out, "<p class=\"sum\">");
    report_count(out, view->n, "state");
    sb_c(out, ", newest first</p>\n");
    for (uint32_t i = view->from + view->n; i > view->from; i--)
        draw_state(out, view->job, i - 1, SITE_MOST);
    draw_months(out, view->job);
    site_end(out);
}

static void draw_large(struct strbuf *out, const struct site_view *view)
{
    struct strbuf title = sb_new(out->mem, 0), time = sb_new(out->mem, 0);
    sb_str(&time, view->job->d.states[view->from].first);
    sb_printf(&title, "%.*s at %.*s", STR_ARG(view->job->env->name), STR_ARG(sb_view(&time)));
    site_begin(out, sb_view(&title), view->job->env->name, NULL);
    draw_state(out, view->job, view->from, 0);
    site_end(out);
}

/* Objects of the newest state by kind; those that ever changed are links. */
static void draw_now(struct strbuf *out, const struct site_job *job)
{
    const struct catalog *now = job->d.now;
    for (uint16_t k = 0; now && k < now->eng->nkinds; k++) {
        bool any = false;
        for (uint32_t i = 0; i < now->n; i++) {
            const struct obj *o = &now->v[i];
            if (o->kind != k || !str_eq(engine_top(now->eng, o->path), o->path))
                continue;
            if (!any) {
                struct strbuf kind = sb_new(out->mem, 0);
                report_kind(&kind, path_kind(o->path));
                sb_c(out, "<h3 class=\"kind\">");
                html_text(out, sb_view(&kind));
                sb_c(out, "</h3>\n<ul class=\"list\">\n");
            }
            any = true;
            sb_c(out, "<li>");
            site_object(out, job, o->path, site_short(out->mem, o));
            sb_c(out, "</li>\n");
        }
        sb_c(out, any ? "</ul>\n" : "");
    }
}

static void draw_gone(struct strbuf *out, const struct site_job *job)
{
    bool any = false;
    for (uint32_t i = 0; i < job->ntops; i++) {
        const struct site_top *t = &job->tops[i];
        if (job->d.now && cat_find(job->d.now, t->path))
            continue;
        sb_c(out, any ? "" : "<h2>Not there now</h2>\n<ul class=\"list\">\n");
        any = true;
        sb_c(out, "<li>");
        site_object(out, job, t->path, site_title(out->mem, job, t));
        sb_c(out, "</li>\n");
    }
    sb_c(out, any ? "</ul>\n" : "");
}

static void draw_objects(struct strbuf *out, const struct site_view *view)
{
    struct strbuf title = sb_new(out->mem, 0);
    sb_printf(&title, "Objects of %.*s", STR_ARG(view->job->env->name));
    site_begin(out, sb_view(&title), view->job->env->name, NULL);
    sb_c(out,
         "<p class=\"dim\">A link leads to what has changed; the others are as the first state "
         "has them.</p>\n");
    draw_now(out, view->job);
    draw_gone(out, view->job);
    site_end(out);
}

static int put_large(struct site_job *job, page_fn *put, void *ctx, struct err *e)
{
    for (uint32_t i = 0; i < job->d.nstates; i++) {
        struct strbuf id = sb_new(job->mem, 0), name = sb_new(job->mem, 0);
        if (job->state_at[i + 1] - job->state_at[i] <= SITE_MOST)
            continue;
        sb_printf(&id, "%llu", (unsigned long long)job->d.states[i].id);
        site_name(&name, SITE_STATE, job->env->name, sb_view(&id));
        if (site_put(&(struct site_view){job, i, 1, sb_view(&id)}, sb_view(&name), draw_large, put,
                     ctx, e))
            return -1;
    }
    return 0;
}

int site_env_pages(struct site_job *job, page_fn *put, void *ctx, struct err *e)
{
    struct strbuf env = sb_new(job->mem, 0), objects = sb_new(job->mem, 0);
    site_name(&env, SITE_ENV, job->env->name, STR_NULL);
    site_name(&objects, SITE_OBJECTS, job->env->name, STR_NULL);
    struct site_view all = {.job = job};
    if (site_put(&all, sb_view(&env), draw_env, put, ctx, e) ||
        site_put(&all, sb_view(&objects), draw_objects, put, ctx, e) || put_large(job, put, ctx, e))
        return -1;
    for (uint32_t i = 0, end; job->d.nstates > SITE_NEWEST && i < job->d.nstates; i = end) {
        struct strbuf name = sb_new(job->mem, 0);
        struct str month = site_month(job, i);
        for (end = i; end < job->d.nstates && str_eq(site_month(job, end), month);)
            end++;
        site_name(&name, SITE_MONTH, job->env->name, month);
        if (site_put(&(struct site_view){job, i, end - i, month}, sb_view(&name), draw_month, put,
                     ctx, e))
            return -1;
    }
    return 0;
}
