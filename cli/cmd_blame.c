/* snap blame [ENV] OBJECT: since when each attribute and part of an object is as it is, and which
 * changeSet may have made it so. */

#include "cli/blame.h"

#include <stdlib.h>

#include "core/escape.h"

enum { WIDTH = 100 };

/* Since when an attribute has its value. */
struct attribute {
    struct str key, value; /* absent: it is not set any more */
    const struct history_event *since;
};
/* One fact, now or before it was dropped. */
struct part {
    struct str path;
    const struct history_event *made, *dropped; /* the last time; dropped NULL: it is there */
    struct attribute *v;                        /* by name */
    uint32_t n, cap;
};

struct blaming {
    struct context *ctx;
    struct arena *mem;
    struct history *h;
    struct str env, object;
    const struct engine *eng;
    struct blamer *blamer;
    struct part *parts; /* by path */
    uint32_t n, cap;
    bool json;
};

/* ---- from events to parts ---- */

static int by_path_and_state(const void *a, const void *b)
{
    const struct history_event *x = a, *y = b;
    int order = path_cmp(x->path, y->path);
    return order ? order : x->state < y->state ? -1 : x->state > y->state;
}

static void put_attribute(struct blaming *w, struct part *p, struct str key, struct str value,
                          const struct history_event *since)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (str_eq(p->v[i].key, key)) {
            p->v[i].value = value;
            p->v[i].since = since ? since : p->v[i].since;
            return;
        }
    if (p->n == p->cap)
        p->v = vec_grow(w->mem, p->v, &p->cap, sizeof *p->v);
    p->v[p->n++] = (struct attribute){key, value, since ? since : p->made};
}

static bool is_same(const struct blaming *w, const struct history_event *ev, struct str key)
{
    char *name = arena_cstr(w->mem, key);
    return ev->op == OP_ALTER &&
           history_same(w->eng, ev->path, key, jc_get(ev->before, name), jc_get(ev->after, name));
}

static void take_event(struct blaming *w, struct part *p, const struct history_event *ev)
{
    struct jc_iter it = jc_iter(ev->after);
    struct str key, value;
    if (ev->op == OP_DROP) {
        p->dropped = ev;
        return;
    }
    if (ev->op == OP_ADD) {
        p->made = ev;
        p->dropped = NULL;
        p->n = 0;
    }
    while (jc_next(&it, &key, &value))
        put_attribute(w, p, key, value, is_same(w, ev, key) ? NULL : ev);
    for (it = jc_iter(ev->before); ev->op == OP_ALTER && jc_next(&it, &key, &value);)
        if (str_is_null(jc_get(ev->after, arena_cstr(w->mem, key))))
            put_attribute(w, p, key, STR_NULL, ev);
}

static int find_parts(struct blaming *w, struct err *e)
{
    VEC(struct history_event) all = {0};
    struct str *paths;
    uint32_t npaths;
    if (history_object(w->ctx, w->h, w->env, w->object, &paths, &npaths, e))
        return -1;
    for (uint32_t i = 0; i < npaths; i++) {
        struct history_event *v;
        uint32_t n;
        bool inside = false;
        for (uint32_t k = 0; k < npaths; k++)
            inside = inside || (k != i && path_within(paths[i], paths[k]));
        if (inside)
            continue;
        if (history_log(w->h, w->env, paths[i], 0, w->mem, &v, &n, e))
            return -1;
        for (uint32_t k = 0; k < n; k++)
            VEC_PUSH(w->mem, all, v[k]);
    }
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_path_and_state);
    for (uint32_t i = 0; i < all.n; i++) {
        if (!w->n || !str_eq(w->parts[w->n - 1].path, all.v[i].path)) {
            if (w->n == w->cap)
                w->parts = vec_grow(w->mem, w->parts, &w->cap, sizeof *w->parts);
            w->parts[w->n++] = (struct part){.path = all.v[i].path};
        }
        take_event(w, &w->parts[w->n - 1], &all.v[i]);
    }
    return 0;
}

/* A part that was dropped is told where the whole is gone; else only what there is. */
static bool is_told(const struct blaming *w, const struct part *p)
{
    bool any = false;
    for (uint32_t i = 0; i < w->n; i++)
        any = any || !w->parts[i].dropped;
    return !p->dropped || !any;
}

/* ---- text ---- */

static int put_event(struct blaming *w, const char *what, const struct history_event *ev,
                     struct strbuf *out, struct err *e)
{
    struct blame b;
    if (blame_event(w->blamer, ev, &b, e))
        return -1;
    if (str_is_null(ev->not_before))
        sb_printf(out, "    %s at or before %.*s, the first check that looked at it\n", what,
                  STR_ARG(ev->time));
    else
        sb_printf(out, "    %s between %.*s and %.*s\n", what, STR_ARG(ev->not_before),
                  STR_ARG(ev->time));
    blame_text(out, &b, 6, w->mem);
    return 0;
}

/* Whether the parts came together: one line for both is enough. */
static bool came_with(const struct part *p, const struct part *above)
{
    return !p->dropped == !above->dropped && p->made && above->made &&
           p->made->state == above->made->state &&
           (!p->dropped || p->dropped->state == above->dropped->state);
}

static const struct part *part_above(const struct blaming *w, const struct part *p)
{
    struct str parent = path_parent(p->path);
    for (const struct part *q = p; parent.n && q > w->parts; q--)
        if (str_eq(q[-1].path, parent))
            return &q[-1];
    return NULL;
}

/* The changes of attributes since it was made, those of one check together. */
static int put_changes(struct blaming *w, const struct part *p, struct strbuf *out, struct err *e)
{
    for (uint32_t i = 0; i < p->n && !p->dropped; i++) {
        const struct history_event *since = p->v[i].since;
        struct strbuf line = sb_new(w->mem, 0);
        bool told = since == p->made;
        for (uint32_t k = 0; k < i; k++)
            told = told || p->v[k].since == since;
        if (told)
            continue;
        for (uint32_t k = i; k < p->n; k++)
            if (p->v[k].since == since) {
                sb_printf(&line, "%s%.*s: ", line.n ? ", " : "", STR_ARG(p->v[k].key));
                history_value(&line, p->v[k].value, w->mem);
            }
        sb_c(out, "  ");
        history_cut(out, sb_view(&line), WIDTH - 2);
        sb_char(out, '\n');
        if (put_event(w, "so", since, out, e))
            return -1;
    }
    return 0;
}

static int put_part(struct blaming *w, const struct part *p, struct strbuf *out, struct err *e)
{
    const struct part *above = part_above(w, p);
    bool with = above && came_with(p, above), changed = false;
    struct strbuf name = sb_new(w->mem, 0), safe = sb_new(w->mem, 0);
    for (uint32_t i = 0; i < p->n; i++)
        changed = changed || (p->v[i].since != p->made && !p->dropped);
    path_human(&name, p->path);
    esc_terminal(&safe, sb_view(&name));
    history_cut(out, sb_view(&safe), WIDTH - 24);
    sb_c(out, with ? "  came with it\n" : "\n");
    if (with && !changed)
        return 0;
    if (!with && p->made && put_event(w, "made", p->made, out, e))
        return -1;
    if (p->dropped && !with && put_event(w, "dropped", p->dropped, out, e))
        return -1;
    return put_changes(w, p, out, e);
}

/* ---- JSON ---- */

static int json_event(struct blaming *w, const char *key, const struct history_event *ev,
                      struct strbuf *out, struct err *e)
{
    struct blame b;
    sb_printf(out, ",\"%s\":", key);
    if (!ev) {
        sb_c(out, "null");
        return 0;
    }
    if (blame_event(w->blamer, ev, &b, e))
        return -1;
    sb_char(out, '{');
    blame_put_text(out, "time", ev->time, w->mem);
    blame_put_text(out, "not_before", ev->not_before, w->mem);
    sb_char(out, ',');
    blame_json(out, &b, w->mem);
    sb_char(out, '}');
    return 0;
}

static int json_part(struct blaming *w, const struct part *p, struct strbuf *out, struct err *e)
{
    struct strbuf name = sb_new(w->mem, 0);
    path_human(&name, p->path);
    sb_char(out, '{');
    blame_put_text(out, "path", p->path, w->mem);
    blame_put_text(out, "object", sb_view(&name), w->mem);
    if (json_event(w, "made", p->made, out, e) || json_event(w, "dropped", p->dropped, out, e))
        return -1;
    sb_c(out, ",\"attributes\":[");
    for (uint32_t i = 0; i < p->n; i++) {
        sb_c(out, i ? ",{" : "{");
        blame_put_text(out, "name", p->v[i].key, w->mem);
        sb_c(out, ",\"value\":");
        if (str_is_null(p->v[i].value))
            sb_c(out, "null");
        else
            esc_json_text(out, p->v[i].value);
        if (json_event(w, "since", p->v[i].since, out, e))
            return -1;
        sb_char(out, '}');
    }
    sb_c(out, "]}");
    return 0;
}

static int tell(struct blaming *w, struct strbuf *out, struct err *e)
{
    bool first = true;
    if (w->json) {
        sb_c(out, "{\"snap_blame\":1");
        blame_put_text(out, "environment", w->env, w->mem);
        blame_put_text(out, "wanted", w->object, w->mem);
        sb_c(out, ",\"facts\":[");
    }
    for (uint32_t i = 0; i < w->n; i++) {
        if (!is_told(w, &w->parts[i]))
            continue;
        if (w->json)
            sb_c(out, first ? "\n" : ",\n");
        first = false;
        if ((w->json ? json_part : put_part)(w, &w->parts[i], out, e))
            return -1;
    }
    sb_c(out, w->json ? "\n]}\n" : "");
    return 0;
}

/* ---- which ---- */

/* With one environment in the history its name may be left out. */
static int find_env(struct blaming *w, struct err *e)
{
    struct history_env *v;
    uint32_t n;
    if (history_envs(w->h, w->mem, &v, &n, e))
        return -1;
    if (!w->env.n && n != 1) {
        err_set(e, n ? E_USAGE : E_HISTORY_NONE,
                n ? "of which environment is %.*s?" : "no check is written down, so none of %.*s",
                STR_ARG(w->object));
        return err_hint(e, "snap blame ENV OBJECT; snap log lists the environments");
    }
    w->env = w->env.n ? w->env : v[0].name;
    return history_engine(w->ctx, w->h, w->env, &w->eng, e);
}

static int run(struct blaming *w, struct strbuf *out, struct err *e)
{
    if (find_env(w, e) || find_parts(w, e))
        return -1;
    w->blamer = blamer_new(w->ctx, w->h, w->env, w->eng, true);
    return tell(w, out, e);
}

int cmd_blame(struct context *ctx, struct err *e)
{
    struct blaming w = {.ctx = ctx, .mem = ctx->mem};
    struct strbuf out = sb_new(ctx->mem, 0);
    struct str format = opt(ctx, OPT_FORMAT);
    w.env = ctx->cmd.nargs > 1 ? context_shown(ctx, str_c(ctx->cmd.args[0])) : STR_NULL;
    w.object = str_c(ctx->cmd.args[ctx->cmd.nargs - 1]);
    w.json = str_eq(format, STR("json"));
    if (format.n && !w.json && !str_eq(format, STR("text"))) {
        err_set(e, E_UNKNOWN_FORMAT, "snap blame has no format %.*s", STR_ARG(format));
        return err_hint(e, "formats: text, json");
    }
    if (history_reading(ctx, w.env, &w.h, e))
        return -1;
    int rc = run(&w, &out, e);
    history_close(w.h);
    return rc ? rc : context_write(ctx, opt(ctx, OPT_OUTPUT), sb_view(&out), true, e);
}
