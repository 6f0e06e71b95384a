/* The history of one object, a table with all that lies below it; see site_parts.h. */

#include "emit/site_parts.h"

static const char *class_of(enum op op)
{
    return op == OP_ADD ? "add" : op == OP_DROP ? "drop" : "mod";
}

static void draw_event(struct strbuf *out, const struct site_job *job, const struct site_event *ev)
{
    sb_printf(out, "<div class=\"ev %s\">\n<p>", class_of(ev->op));
    site_op(out, ev->op);
    sb_c(out, " <strong>");
    html_text(out, site_human(out->mem, ev->path, ev->op == OP_DROP ? ev->before : ev->after));
    sb_c(out, "</strong></p>\n");
    site_event_rows(out, job, ev);
    sb_c(out, "</div>\n");
}

static void draw_group(struct strbuf *out, const struct site_job *job, const struct site_group *g)
{
    const struct site_state *s = &job->d.states[g->state];
    sb_printf(out, "<section id=\"s%llu\">\n<h2>", (unsigned long long)s->id);
    site_time(out, s->first);
    sb_c(out, "</h2>\n<p class=\"small dim\">");
    const struct site_event *first = g->whole ? g->whole : &job->d.events[g->from];
    site_looked(out, first);
    if (s->not_before.n && first->looked == LOOKED_AT) {
        sb_c(out, "The check before, ");
        site_time(out, s->not_before);
        sb_c(out, ", did not see it. ");
    }
    sb_c(out, "<a href=\"");
    site_state_name(out, job, g->state);
    sb_c(out, "\">All that changed then</a></p>\n");
    site_deployed(out, s);
    for (uint32_t i = g->from; i < g->from + g->n; i++)
        draw_event(out, job, &job->d.events[i]);
    sb_c(out, "</section>\n");
}

/* Whether it is there now, since when it is known, how often it changed. */
static void draw_summary(struct strbuf *out, const struct site_job *job, const struct site_top *t)
{
    const struct site_group *oldest = t->n ? &job->groups[t->from + t->n - 1] : NULL;
    bool born = oldest && oldest->whole && oldest->whole->op == OP_ADD;
    bool there = job->d.now && cat_find(job->d.now, t->path);
    sb_c(out, "<p class=\"sum\">");
    sb_c(out, there    ? "<span class=\"g ok\">✓ there</span>"
              : oldest ? "<span class=\"g drop\">− no longer there</span>"
                       : "<span class=\"g drop\">− not there</span>");
    if (oldest) {
        sb_c(out, " · ");
        report_count(out, t->n, "change");
        sb_c(out, born ? " · first seen " : " · there since the first check, ");
        site_time(out, job->d.states[born ? oldest->state : 0].first);
    } else if (job->d.nstates) {
        sb_c(out, " · no change since the first check, ");
        site_time(out, job->d.states[0].first);
    }
    sb_c(out, "</p>\n");
}

/* Its pages of the other environments would need their histories: the search page has them all. */
static void draw_object(struct strbuf *out, const struct site_view *view)
{
    const struct site_job *job = view->job;
    const struct site_top *t = &job->tops[view->from];
    site_begin(out, site_title(out->mem, job, t), job->env->name, NULL);
    draw_summary(out, job, t);
    site_findings(out, job, t->path);
    for (uint32_t i = t->from; i < t->from + t->n; i++)
        draw_group(out, job, &job->groups[i]);
    site_end(out);
}

int site_object_pages(struct site_job *job, page_fn *put, void *ctx, struct err *e)
{
    for (uint32_t i = 0; i < job->ntops; i++) {
        struct strbuf name = sb_new(job->mem, 0);
        struct site_view view = {.job = job, .from = i, .n = 1};
        site_name(&name, SITE_OBJECT, job->env->name, job->tops[i].path);
        if (site_put(&view, sb_view(&name), draw_object, put, ctx, e))
            return -1;
    }
    return 0;
}
