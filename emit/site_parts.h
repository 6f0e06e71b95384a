#ifndef SNAP_EMIT_SITE_PARTS_H
#define SNAP_EMIT_SITE_PARTS_H

/* What the pages of a history are made of. */

#include "emit/html.h"
#include "emit/report.h"
#include "emit/site.h"

enum {
    SITE_NEWEST = 40,   /* states on the page of an environment; older ones have a page per month */
    SITE_MOST = 40,     /* objects that the timeline names of one state */
    SITE_LINES = 400,   /* of a body on each side that are compared */
    SITE_CONTEXT = 3,   /* equal lines around those that differ */
    SITE_VALUE = 96,    /* a longer value is compared by lines, too */
    SITE_PAGE = 3 << 20 /* bytes of a page behind which no more values are written out */
};

/* The changes of one object, a table with what lies below it, in one state. */
struct site_group {
    struct str top;
    uint32_t state;
    uint32_t from, n;               /* in the events */
    const struct site_event *whole; /* the object itself comes, goes or changes; or NULL */
};
/* What one state shows: an object that comes or goes counts once, with all that it brings along. */
struct site_counts {
    uint32_t of[OP_ALTER + 1];
};
/* An object that has a page: it changed, or something of it is open. */
struct site_top {
    struct str path;
    uint32_t from, n; /* its groups */
};
/* All about one environment while its pages are made. */
struct site_job {
    struct arena *mem;
    const struct site *site;
    const struct site_env *env;
    struct site_detail d;
    struct site_group *groups; /* by object, newest state first */
    uint32_t ngroups;
    struct site_top *tops; /* in path order */
    uint32_t ntops;
    struct site_counts *counts; /* by state */
    /* Indexes of groups by state, and where those of a state begin: one more than there are states.
     */
    uint32_t *by_state, *state_at;
};
/* Whether anything differs that counts: that a table has one column more shows by the column, not
 * by its list of them. */
bool site_shows(const struct site_job *job, const struct site_event *ev, struct arena *tmp);
/* Sorts the events of job->d that show and makes the groups. */
void site_group_events(struct site_job *job);

/* Names of pages, with .html; what they are about: an environment, one of its months ("2026-11"),
 * its objects, one state, an object. */
enum site_page { SITE_ENV, SITE_MONTH, SITE_OBJECTS, SITE_STATE, SITE_OBJECT };
void site_name(struct strbuf *out, enum site_page page, struct str env, struct str what);
/* The page where a state of the timeline stands. */
void site_state_name(struct strbuf *out, const struct site_job *job, uint32_t state);
struct str site_month(const struct site_job *job, uint32_t state);

/* Head and end of a page. `env` may be absent. */
void site_begin(struct strbuf *out, struct str title, struct str env, const char *script);
void site_end(struct strbuf *out);
/* "2026-11-21 02:00" of "2026-11-21T02:00:00Z". */
void site_time(struct strbuf *out, struct str time);
/* A sign and the word of it. */
void site_op(struct strbuf *out, enum op op);
void site_verdict(struct strbuf *out, enum drift_verdict v, bool passed);
/* Name of an object with these attributes for people: "index orders.note_idx"; of the object of a
 * group; the same without its kind. */
struct str site_human(struct arena *mem, struct str path, struct str a);
struct str site_title(struct arena *mem, const struct site_job *job, const struct site_top *t);
struct str site_short(struct arena *mem, const struct obj *o);
/* A name that links to the object's page, where it has one. */
void site_object(struct strbuf *out, const struct site_job *job, struct str top, struct str name);
/* What a path belongs to, and its page: NULL where it has none. */
struct str site_top(const struct site_job *job, struct str path);
const struct site_top *site_top_find(const struct site_job *job, struct str top);
/* Whether it is quiet, what is open, or why it could not be read, in signs and words. */
void site_status(struct strbuf *out, const struct site_env *env);
/* "3 columns, 1 index" of what comes or goes with the group's own object. */
void site_inside(struct strbuf *out, const struct site_job *job, const struct site_group *g);
/* Everything that changes in one event, values before and after, as a list. */
void site_event_rows(struct strbuf *out, const struct site_job *job, const struct site_event *ev);
/* The same in a line: names of attributes, and short values. */
void site_event_brief(struct strbuf *out, const struct site_job *job, const struct site_event *ev);
/* Two texts line by line, those around what differs; what is left out is said. */
void site_lines(struct strbuf *out, struct str before, struct str after);
/* That the check before the state did not look at it, where that is so. */
void site_looked(struct strbuf *out, const struct site_event *ev);
/* What was deployed between the checks. */
void site_deployed(struct strbuf *out, const struct site_state *s);
/* Open findings at or below a path as a table, or nothing. Absent: all, those of one object and
 * night as one. */
void site_findings(struct strbuf *out, const struct site_job *job, struct str below);

/* When something changed, and how much, as a picture; site_life.c. */
void site_life(struct strbuf *out, const struct site_job *job);

/* site_env.c, site_object.c: pages of one environment. */
int site_env_pages(struct site_job *job, page_fn *put, void *ctx, struct err *e);
int site_object_pages(struct site_job *job, page_fn *put, void *ctx, struct err *e);
/* One page by a function, in memory of its own; none is written where only names are wanted. */
struct site_view {
    const struct site_job *job;
    uint32_t from, n; /* of what it shows */
    struct str what;
};
typedef void site_draw_fn(struct strbuf *out, const struct site_view *view);
int site_put(const struct site_view *view, struct str name, site_draw_fn *draw, page_fn *put,
             void *ctx, struct err *e);

/* site_index.c, site_search.c */
struct site_last {
    struct str time; /* of the newest change; absent: none */
};
void site_index(struct strbuf *out, const struct site *site, const struct site_last *last);
/* What can be found: collected from each environment in turn. */
struct site_found;
struct site_found *site_found_new(struct arena *mem, const struct site *site);
void site_found_add(struct site_found *f, const struct site_job *job, uint32_t env);
void site_search(struct strbuf *out, struct site_found *f);

#endif
