/* snap log [ENV [OBJECT]]: what the checks of an environment saw, newest first. */

#include "cli/blame.h"

#include <stdlib.h>

#include "cli/keep.h"
#include "core/escape.h"

enum { WIDTH = 100, SHOWN = 40 };

/* One state, with what changed to it. */
struct entry {
    const struct history_state *state;
    const struct history_event *events; /* in path order; of the first state of an environment only
                                           where an object is asked for */
    uint32_t n;
};

struct log {
    struct context *ctx;
    struct arena *mem;
    struct history *h;
    struct str env, object; /* object absent: all */
    const struct engine *eng;
    struct history_state *states; /* oldest first */
    uint32_t nstates;
    struct entry *entries; /* newest first */
    uint32_t n;
    struct str since, until; /* or absent */
    uint64_t most;           /* entries; 0: all */
    bool json, stat;
    struct blamer *blamer;
};

/* ---- environments ---- */

static void env_lines(struct strbuf *b, const struct history_env *env, struct arena *mem)
{
    struct strbuf line = sb_new(mem, 0);
    size_t width = esc_width(env->name);
    esc_terminal(&line, env->name);
    if (width > 30) { /* what is known of it goes on a line of its own */
        history_cut(b, sb_view(&line), WIDTH);
        sb_char(b, '\n');
        sb_cut(&line, 0);
        width = 0;
    }
    sb_pad(&line, ' ', width < 16 ? 16 - width : 1);
    if (str_is_null(env->last)) {
        sb_c(&line, "  never read");
    } else {
        sb_printf(&line, "  %.*s to %.*s  %llu check%s, %llu state%s", STR_ARG(env->first),
                  STR_ARG(env->last), (unsigned long long)env->runs, env->runs == 1 ? "" : "s",
                  (unsigned long long)env->states, env->states == 1 ? "" : "s");
        uint32_t open = 0;
        for (int i = VERDICT_DIFFERS; i <= VERDICT_CONFLICT; i++)
            open += i == VERDICT_PENDING ? 0 : env->open[i];
        if (open)
            sb_printf(&line, ", %u open", open);
    }
    history_cut(b, sb_view(&line), WIDTH);
    sb_char(b, '\n');
    if (str_is_null(env->failed))
        return;
    sb_cut(&line, 0);
    esc_terminal(&line, env->failed);
    sb_c(b, "                  the last check failed at ");
    sb_str(b, env->failed_time);
    sb_c(b, ": ");
    history_cut(b, sb_view(&line), 34);
    sb_char(b, '\n');
}

static void env_json(struct strbuf *b, const struct history_env *env, struct arena *mem)
{
    sb_char(b, '{');
    const struct blame_text texts[] = {{"name", env->name},
                                       {"engine", env->engine},
                                       {"version", env->version},
                                       {"first", env->first},
                                       {"last", env->last},
                                       {"failed", env->failed},
                                       {"failed_time", env->failed_time}};
    blame_put_texts(b, texts, sizeof texts / sizeof *texts, mem);
    sb_printf(b, ",\"runs\":%llu,\"states\":%llu,\"drift\":%u,\"conflict\":%u,\"pending\":%u,",
              (unsigned long long)env->runs, (unsigned long long)env->states,
              env->open[VERDICT_DRIFT], env->open[VERDICT_CONFLICT], env->open[VERDICT_PENDING]);
    sb_printf(b, "\"passed\":%u", env->passed);
    blame_put_text(b, "source", env->source, mem);
    blame_put_text(b, "baseline", env->baseline, mem);
    sb_c(b, "}");
}

static int list_envs(struct log *l, struct strbuf *out, struct err *e)
{
    struct history_env *v;
    uint32_t n;
    if (history_all_envs(l->ctx, &v, &n, e))
        return -1;
    if (l->json)
        sb_c(out, "{\"snap_log\":1,\"environments\":[");
    for (uint32_t i = 0; i < n; i++) {
        if (l->json)
            sb_c(out, i ? ",\n" : "\n");
        (l->json ? env_json : env_lines)(out, &v[i], l->mem);
    }
    if (l->json)
        sb_c(out, "\n]}\n");
    else if (!n)
        sb_c(out, "no check is written down yet\n");
    return 0;
}

/* ---- entries ---- */

static int by_state_and_path(const void *a, const void *b)
{
    const struct history_event *x = a, *y = b;
    if (x->state != y->state)
        return x->state > y->state ? -1 : 1;
    return path_cmp(x->path, y->path);
}

static bool is_asked(const struct log *l, const struct history_state *s)
{
    return (!l->since.n || str_cmp(s->first, l->since) >= 0) &&
           (!l->until.n || str_cmp(s->first, l->until) <= 0);
}

/* The events of one object, and its parts: those of all its paths, one list. */
static int object_events(struct log *l, struct history_event **out, uint32_t *n, struct err *e)
{
    VEC(struct history_event) all = {0};
    struct str *paths;
    uint32_t npaths;
    if (history_object(l->ctx, l->h, l->env, l->object, &paths, &npaths, e))
        return -1;
    for (uint32_t i = 0; i < npaths; i++) {
        struct history_event *v;
        uint32_t k;
        bool inside = false;
        for (uint32_t j = 0; j < npaths; j++)
            inside = inside || (i != j && path_within(paths[i], paths[j]));
        if (inside)
            continue;
        if (history_log(l->h, l->env, paths[i], 0, l->mem, &v, &k, e))
            return -1;
        for (uint32_t j = 0; j < k; j++)
            VEC_PUSH(l->mem, all, v[j]);
    }
    *out = all.v;
    *n = all.n;
    return 0;
}

/* The events of the newest states that are asked for: all that the first one holds is no news. */
static int all_events(struct log *l, struct history_event **out, uint32_t *n, struct err *e)
{
    uint64_t want = 0, entries = 0;
    *n = 0;
    for (uint32_t i = l->nstates; i > 1 && !(l->most && entries == l->most); i--) {
        const struct history_state *s = &l->states[i - 1];
        want += (uint64_t)s->added + s->dropped + s->changed;
        entries += is_asked(l, s);
        if (l->since.n && str_cmp(s->first, l->since) < 0)
            break;
    }
    if (!want)
        return 0;
    return history_log(l->h, l->env, STR_NULL, want > UINT32_MAX ? 0 : (uint32_t)want, l->mem, out,
                       n, e);
}

static int find_entries(struct log *l, struct err *e)
{
    struct history_event *v = NULL;
    uint32_t n = 0, at = 0;
    bool object = l->object.n > 0;
    if (object ? object_events(l, &v, &n, e) : all_events(l, &v, &n, e))
        return -1;
    uint32_t all = n;
    n = 0;
    for (uint32_t i = 0; i < all; i++)
        if (!history_is_nothing(l->eng, &v[i], l->mem))
            v[n++] = v[i];
    if (n)
        qsort(v, n, sizeof *v, by_state_and_path);
    l->entries = NEW_ARRAY(l->mem, struct entry, l->nstates);
    for (uint32_t i = l->nstates; i > 0 && !(l->most && l->n == l->most); i--) {
        const struct history_state *s = &l->states[i - 1];
        struct entry one = {.state = s};
        while (at < n && v[at].state > s->id)
            at++;
        one.events = at < n ? &v[at] : NULL;
        while (at < n && v[at].state == s->id) {
            one.n++;
            at++;
        }
        if (is_asked(l, s) && (!object || one.n)) {
            one.n = object || i > 1 ? one.n : 0;
            l->entries[l->n++] = one;
        }
    }
    return 0;
}

/* ---- text ---- */

/* Attributes that differ, as name: before -> after. */
static void put_attributes(const struct engine *eng, struct strbuf *out,
                           const struct history_event *ev, struct arena *mem)
{
    const struct str sides[] = {ev->before, ev->after};
    bool any = false;
    for (int side = 0; side < 2; side++) {
        struct jc_iter it = jc_iter(sides[side]);
        struct str key, value;
        while (jc_next(&it, &key, &value)) {
            char *name = arena_cstr(mem, key);
            struct str other = jc_get(sides[!side], name);
            if (history_same(eng, ev->path, key, value, other) || (side && !str_is_null(other)))
                continue;
            sb_c(out, any ? ", " : "  ");
            sb_printf(out, "%s: ", name);
            history_value(out, side ? STR_NULL : value, mem);
            sb_c(out, " -> ");
            history_value(out, side ? value : other, mem);
            any = true;
        }
    }
}

/* Where a check in between did not look at it, the check of the entry is not the one before. */
static void put_looked(struct strbuf *out, const struct history_event *ev,
                       const struct history_state *s)
{
    if (str_is_null(ev->not_before))
        sb_c(out, "  (no check before looked at it)");
    else if (!str_eq(ev->not_before, s->not_before))
        sb_printf(out, "  (last looked at by the check of %.*s)", STR_ARG(ev->not_before));
}

static void put_event(const struct engine *eng, struct strbuf *out, const struct history_event *ev,
                      const struct history_state *s, struct arena *mem)
{
    struct strbuf line = sb_new(mem, 0), safe = sb_new(mem, 0);
    path_human(&line, ev->path);
    esc_terminal(&safe, sb_view(&line));
    if (!str_is_null(s->not_before))
        put_looked(&safe, ev, s);
    if (ev->op == OP_ALTER)
        put_attributes(eng, &safe, ev, mem);
    sb_printf(out, "    %c ", "ADM"[ev->op]);
    history_cut(out, sb_view(&safe), WIDTH - 6);
    sb_char(out, '\n');
}

/* A table that came or went says so for its columns. */
static bool is_inside(const struct entry *en, uint32_t i)
{
    const struct history_event *ev = &en->events[i];
    for (uint32_t k = i; k > 0; k--) {
        const struct history_event *above = &en->events[k - 1];
        if (ev->op != OP_ALTER && above->op == ev->op && path_within(ev->path, above->path))
            return true;
        if (!str_eq(path_top(above->path), path_top(ev->path)))
            return false;
    }
    return false;
}

/* Blames are told once for changes that have the same. */
static int put_blames(struct log *l, const struct entry *en, struct strbuf *out, struct err *e)
{
    VEC(struct str) told = {0};
    for (uint32_t i = 0; i < en->n && i < SHOWN; i++) {
        struct blame b;
        struct strbuf text = sb_new(l->mem, 0);
        bool again = false;
        if (is_inside(en, i))
            continue;
        if (blame_event(l->blamer, &en->events[i], &b, e))
            return -1;
        blame_text(&text, &b, 4, l->mem);
        for (uint32_t k = 0; k < told.n; k++)
            again = again || str_eq(told.v[k], sb_view(&text));
        if (again)
            continue;
        VEC_PUSH(l->mem, told, sb_view(&text));
        sb_str(out, sb_view(&text));
    }
    return 0;
}

/* How much is told of an entry, by operation. What the first check saw is only counted. */
struct counts {
    uint32_t of[OP_ALTER + 1];
};
static struct counts count(const struct entry *en)
{
    struct counts c = {{0}};
    if (!en->n && str_is_null(en->state->not_before))
        c.of[OP_ADD] = en->state->added;
    for (uint32_t i = 0; i < en->n; i++)
        c.of[en->events[i].op]++;
    return c;
}

static void put_head(const struct log *l, const struct entry *en, struct strbuf *out)
{
    const struct history_state *s = en->state;
    const struct counts c = count(en);
    sb_str(out, s->first);
    if (str_is_null(s->not_before)) {
        sb_printf(out, "  the first check: %llu facts", (unsigned long long)s->facts);
    } else {
        if (!l->object.n || l->stat)
            sb_printf(out, "  %u added, %u changed, %u dropped", c.of[OP_ADD], c.of[OP_ALTER],
                      c.of[OP_DROP]);
        sb_printf(out, "  since the check of %.*s", STR_ARG(s->not_before));
    }
    sb_char(out, '\n');
    if (str_is_null(s->rescoped))
        return;
    struct strbuf line = sb_new(l->mem, 0);
    sb_c(&line, "the scope of the checks changed: ");
    esc_terminal(&line, s->rescoped);
    sb_c(out, "    ");
    history_cut(out, sb_view(&line), WIDTH - 4);
    sb_char(out, '\n');
}

static int put_entry(struct log *l, const struct entry *en, struct strbuf *out, struct err *e)
{
    uint32_t shown = 0, left = 0;
    put_head(l, en, out);
    if (l->stat)
        return 0;
    for (uint32_t i = 0; i < en->n; i++) {
        if (is_inside(en, i))
            continue;
        if (shown == SHOWN)
            left++;
        else
            put_event(l->eng, out, &en->events[i], en->state, l->mem);
        shown += shown < SHOWN;
    }
    if (left)
        sb_printf(out, "    and %u more (-f json has all)\n", left);
    if (en->n && put_blames(l, en, out, e))
        return -1;
    sb_char(out, '\n');
    return 0;
}

/* ---- JSON ---- */

static void json_side(struct strbuf *out, const char *key, struct str raw)
{
    sb_printf(out, ",\"%s\":", key);
    if (str_is_null(raw))
        sb_c(out, "null");
    else
        esc_json_text(out, raw);
}

static int json_event(struct log *l, const struct history_event *ev, struct strbuf *out,
                      struct err *e)
{
    static const char *const ops[] = {[OP_ADD] = "add", [OP_DROP] = "drop", [OP_ALTER] = "alter"};
    struct strbuf name = sb_new(l->mem, 0);
    struct blame b;
    path_human(&name, ev->path);
    sb_printf(out, "{\"op\":\"%s\"", ops[ev->op]);
    blame_put_text(out, "path", ev->path, l->mem);
    blame_put_text(out, "object", sb_view(&name), l->mem);
    blame_put_text(out, "not_before", ev->not_before, l->mem);
    json_side(out, "before", ev->before);
    json_side(out, "after", ev->after);
    if (blame_event(l->blamer, ev, &b, e))
        return -1;
    sb_c(out, ",\"blame\":{");
    blame_json(out, &b, l->mem);
    sb_c(out, "}}");
    return 0;
}

static int json_entry(struct log *l, const struct entry *en, struct strbuf *out, struct err *e)
{
    const struct history_state *s = en->state;
    const struct counts c = count(en);
    sb_char(out, '{');
    blame_put_text(out, "time", s->first, l->mem);
    blame_put_text(out, "not_before", s->not_before, l->mem);
    blame_put_text(out, "last", s->last, l->mem);
    sb_printf(out, ",\"runs\":%llu,\"facts\":%llu,\"added\":%u,\"changed\":%u,\"dropped\":%u",
              (unsigned long long)s->runs, (unsigned long long)s->facts, c.of[OP_ADD],
              c.of[OP_ALTER], c.of[OP_DROP]);
    blame_put_text(out, "version", s->version, l->mem);
    blame_put_text(out, "scope_changed", s->rescoped, l->mem);
    sb_c(out, ",\"fingerprint\":\"");
    hash_hex(out, s->fingerprint, HASH_HEX);
    sb_c(out, "\",\"changes\":[");
    for (uint32_t i = 0; !l->stat && i < en->n; i++) {
        sb_c(out, i ? ",\n " : "\n ");
        if (json_event(l, &en->events[i], out, e))
            return -1;
    }
    sb_c(out, "]}");
    return 0;
}

static int tell(struct log *l, struct strbuf *out, struct err *e)
{
    if (l->json) {
        sb_c(out, "{\"snap_log\":1");
        blame_put_text(out, "environment", l->env, l->mem);
        blame_put_text(out, "wanted", l->object, l->mem);
        sb_c(out, ",\"states\":[");
    }
    for (uint32_t i = 0; i < l->n; i++) {
        if (l->json)
            sb_c(out, i ? ",\n" : "\n");
        if ((l->json ? json_entry : put_entry)(l, &l->entries[i], out, e))
            return -1;
    }
    if (l->json)
        sb_c(out, "\n]}\n");
    else if (out->n > 1 && !l->stat)
        sb_cut(out, out->n - 1); /* no empty line at the end */
    return 0;
}

/* ---- options ---- */

static int take_options(struct log *l, struct err *e)
{
    const struct context *ctx = l->ctx;
    struct str format = opt(ctx, OPT_FORMAT), most = opt(ctx, OPT_MAX_COUNT);
    struct when when;
    int64_t n = 0;
    l->json = str_eq(format, STR("json"));
    l->stat = opt_on(ctx, OPT_STAT);
    if (format.n && !l->json && !str_eq(format, STR("text"))) {
        err_set(e, E_UNKNOWN_FORMAT, "snap log has no format %.*s", STR_ARG(format));
        return err_hint(e, "formats: text, json");
    }
    if (most.n && (!str_int(most, &n) || n < 1))
        return err_set(e, E_BAD_VALUE, "--max-count takes a number from 1, not %.*s",
                       STR_ARG(most));
    l->most = (uint64_t)n;
    if (opt(ctx, OPT_SINCE).n) {
        if (history_when(opt(ctx, OPT_SINCE), l->mem, &when, e))
            return err_wrap(e, "--since");
        l->since = when.first;
    }
    if (opt(ctx, OPT_UNTIL).n) {
        if (history_when(opt(ctx, OPT_UNTIL), l->mem, &when, e))
            return err_wrap(e, "--until");
        l->until = when.last;
    }
    return 0;
}

static int run(struct log *l, struct strbuf *out, struct err *e)
{
    if (history_engine(l->ctx, l->h, l->env, &l->eng, e) ||
        history_states(l->h, l->env, l->mem, &l->states, &l->nstates, e))
        return -1;
    l->blamer = blamer_new(l->ctx, l->h, l->env, l->eng, false);
    return find_entries(l, e) || tell(l, out, e) ? -1 : 0;
}

int cmd_log(struct context *ctx, struct err *e)
{
    struct log l = {.ctx = ctx, .mem = ctx->mem};
    struct strbuf out = sb_new(ctx->mem, 0);
    l.env = ctx->cmd.nargs ? context_shown(ctx, str_c(ctx->cmd.args[0])) : STR_NULL;
    l.object = ctx->cmd.nargs > 1 ? str_c(ctx->cmd.args[1]) : STR_NULL;
    if (opt_on(ctx, OPT_REPAIR))
        return keep_repair(ctx, l.env, e);
    if (opt_on(ctx, OPT_CHECK_HISTORY))
        return keep_check(ctx, l.env, e);
    if (take_options(&l, e) || (l.env.n && history_reading(ctx, l.env, &l.h, e)))
        return -1;
    int rc = l.env.n ? run(&l, &out, e) : list_envs(&l, &out, e);
    history_close(l.h);
    return rc ? rc : context_write(ctx, opt(ctx, OPT_OUTPUT), sb_view(&out), true, e);
}
