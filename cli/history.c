/* Reading a history: places, times, names of environments and objects, and the source
 * history:ENV@TIME. */

#include "cli/history.h"

#include <string.h>

#include "core/compare.h"
#include "core/escape.h"
#include "core/suggest.h"

/* ---- times ---- */

/* Digits by a pattern: 0 stands for one, all else for itself; the numbers go to v. */
static bool take(struct str *rest, const char *pattern, int64_t *v)
{
    size_t n = strlen(pattern);
    int64_t number = 0;
    if (rest->n < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        bool digit = ascii_is_digit(rest->p[i]);
        if (pattern[i] == '0' ? !digit : rest->p[i] != pattern[i])
            return false;
        if (!digit)
            continue;
        number = number * 10 + (rest->p[i] - '0');
        if (i + 1 == n || pattern[i + 1] != '0') {
            *v++ = number;
            number = 0;
        }
    }
    *rest = str_from(*rest, n);
    return true;
}

/* Seconds that the clock is ahead of UTC. */
static bool take_zone(struct str *rest, int64_t *ahead)
{
    int64_t v[2] = {0, 0};
    char sign = rest->n ? rest->p[0] : 'Z';
    *ahead = 0;
    if (str_eq(*rest, STR("Z")))
        *rest = STR("");
    if (!rest->n)
        return true;
    if (!take(rest, "+00:00", v) && !take(rest, "-00:00", v) && !take(rest, "+0000", v) &&
        !take(rest, "-0000", v))
        return false;
    if (v[0] > 99) { /* +0100 is one number */
        v[1] = v[0] % 100;
        v[0] /= 100;
    }
    *ahead = (sign == '-' ? -1 : 1) * (v[0] * 3600 + v[1] * 60);
    return v[0] < 24 && v[1] < 60;
}

int history_when(struct str text, struct arena *mem, struct when *out, struct err *e)
{
    int64_t day[3], time[2] = {0, 0}, second[1] = {0}, ahead = 0, span = 86400;
    struct str rest = text;
    bool good = take(&rest, "0000-00-00", day) && clock_is_day(day[0], day[1], day[2]);
    if (good && rest.n) {
        good = take(&rest, "T00:00", time) || take(&rest, " 00:00", time);
        span = good && take(&rest, ":00", second) ? 1 : 60;
        good = good && time[0] < 24 && time[1] < 60 && second[0] < 60 && take_zone(&rest, &ahead);
    }
    if (!good || rest.n) {
        err_set(e, E_BAD_VALUE, "%.*s is no time", STR_ARG(text));
        return err_hint(e, "2026-11-01, 2026-11-01T02:00 or 2026-11-01T02:00:00, in UTC, or with "
                           "+01:00 behind");
    }
    int64_t at = clock_days(day[0], day[1], day[2]) * 86400 + time[0] * 3600 + time[1] * 60 +
                 second[0] - ahead;
    out->first = clock_utc(at, mem);
    out->last = clock_utc(at + span - 1, mem);
    return 0;
}

static bool begins_with_year(struct str text)
{
    size_t n = 0;
    while (n < text.n && ascii_is_digit(text.p[n]))
        n++;
    return n == 4 && (n == text.n || text.p[n] == '-');
}

int history_name(struct str text, struct arena *mem, struct history_name *out, struct err *e)
{
    size_t at = text.n;
    struct when when;
    *out = (struct history_name){text, STR_NULL};
    while (at && text.p[at - 1] != '@')
        at--;
    /* u@10.0.0.1/db and a@1.db are names */
    if (!at || !begins_with_year(str_from(text, at)))
        return 0;
    if (history_when(str_from(text, at), mem, &when, e))
        return -1;
    *out = (struct history_name){str_sub(text, 0, at - 1), when.last};
    return 0;
}

/* ---- places ---- */

/* --history of a command that writes one: none is written, and history:ENV is read all the same. */
static struct str asked_for(const struct context *ctx)
{
    struct str asked = opt(ctx, OPT_HISTORY);
    bool none = str_eq(asked, STR("none")) && !(ctx->cmd.command->bit & C_HISTORY);
    return none ? STR_NULL : asked;
}

struct str *history_places(const struct context *ctx, uint32_t *n)
{
    const struct config *c = &ctx->config;
    VEC(struct str) v = {0};
    struct str asked = asked_for(ctx);
    if (asked.n)
        VEC_PUSH(ctx->mem, v, asked);
    for (uint32_t i = 0; i < c->nenvs && !asked.n; i++) {
        struct str place = c->envs[i].drift.given ? c->envs[i].drift.history : STR_NULL;
        bool twice = !place.n;
        for (uint32_t k = 0; k < v.n; k++)
            twice = twice || str_eq(v.v[k], place);
        if (!twice)
            VEC_PUSH(ctx->mem, v, place);
    }
    if (!v.n) {
        bool here = !c->folder.n || str_eq(c->folder, STR("."));
        VEC_PUSH(ctx->mem, v,
                 here ? STR(".snap/history.db")
                      : arena_printf(ctx->mem, "%.*s/.snap/history.db", STR_ARG(c->folder)));
    }
    *n = v.n;
    return v.v;
}

int history_place(const struct context *ctx, struct str env, struct str *out, struct err *e)
{
    const struct config_env *known = env.n ? config_env(&ctx->config, env) : NULL;
    uint32_t n;
    *out = history_places(ctx, &n)[0];
    if (!asked_for(ctx).n && known && known->drift.given)
        *out = known->drift.history;
    if (out->n && !str_eq(*out, STR("none")))
        return 0;
    err_set(e, E_USAGE, "of %.*s no history is kept",
            STR_ARG(env.n ? env : STR("any environment")));
    return err_hint(e, "--history PLACE names one; history: in the drift: entry of snap.yml");
}

static int open_place(struct context *ctx, struct str place, struct history **out, struct err *e)
{
    const struct history_options ho = {.engines = all_engines, .use = HISTORY_READ, .quick = true};
    return history_open(place, &ho, ctx->mem, out, e);
}

int history_all_envs(struct context *ctx, struct history_env **out, uint32_t *n, struct err *e)
{
    VEC(struct history_env) all = {0};
    uint32_t nplaces, opened = 0;
    struct str none, *places = history_places(ctx, &nplaces);
    struct err first = {0};
    if (history_place(ctx, STR_NULL, &none, e))
        return -1;
    for (uint32_t i = 0; i < nplaces; i++) {
        struct history *h;
        struct history_env *v;
        uint32_t k;
        struct err one;
        if (open_place(ctx, places[i], &h, &one)) {
            first = first.code ? first : one;
            if (one.code == E_NO_SUCH_FILE) /* never checked yet */
                continue;
            *e = one;
            return -1;
        }
        opened++;
        int rc = history_envs(h, ctx->mem, &v, &k, e);
        history_close(h);
        if (rc)
            return -1;
        for (uint32_t j = 0; j < k; j++)
            VEC_PUSH(ctx->mem, all, v[j]);
    }
    *out = all.v;
    *n = all.n;
    if (opened)
        return 0;
    *e = first;
    return -1;
}

int history_reading(struct context *ctx, struct str env, struct history **out, struct err *e)
{
    struct str place;
    if (history_place(ctx, env, &place, e))
        return -1;
    if (open_place(ctx, place, out, e) == 0)
        return 0;
    return e->code != E_NO_SUCH_FILE || e->hint[0]
               ? -1
               : err_hint(e, "snap drift ENV --history PLACE keeps one; so does a drift: entry of "
                             "snap.yml");
}

/* ---- environments and times ---- */

static int no_env(struct context *ctx, struct history *h, struct str env, struct err *e)
{
    struct history_env *v;
    uint32_t n;
    struct strbuf names = sb_new(ctx->mem, 0), list = sb_new(ctx->mem, 200);
    struct err why = *e;
    if (history_envs(h, ctx->mem, &v, &n, e))
        return -1;
    *e = why;
    for (uint32_t i = 0; i < n; i++) {
        if (str_eq(v[i].name, env))
            return -1; /* it is there: the error is of something else */
        sb_printf(&names, "%s%.*s", i ? "," : "", STR_ARG(v[i].name));
        if (list.n < 150)
            sb_printf(&list, "%s%.*s", i ? ", " : "", STR_ARG(v[i].name));
    }
    struct str near = suggest_word(env, sb_view(&names).p);
    err_set(e, E_HISTORY_NONE, "the history holds no environment %.*s", STR_ARG(env));
    if (near.n)
        return err_hint(e, "did you mean %.*s?", STR_ARG(near));
    return n ? err_hint(e, "it holds %.*s", STR_ARG(sb_view(&list)))
             : err_hint(e, "it holds none yet: snap drift ENV writes the first");
}

int history_state_at(struct context *ctx, struct history *h, const struct history_name *name,
                     struct catalog **out, struct history_state *at, struct err *e)
{
    struct history_state *v;
    uint32_t n;
    if (history_catalog(h, name->env, name->time, ctx->mem, out, at, e) == 0)
        return 0;
    if (e->code != E_HISTORY_NONE || no_env(ctx, h, name->env, e) != -1 ||
        e->code != E_HISTORY_NONE || str_is_null(name->time))
        return -1;
    struct err why = *e;
    if (history_states(h, name->env, ctx->mem, &v, &n, e) || !n) {
        *e = why;
        return -1;
    }
    err_set(e, E_HISTORY_NONE, "the history of %.*s holds nothing as old as %.*s",
            STR_ARG(name->env), STR_ARG(name->time));
    return err_hint(e, "its first check was at %.*s, the last one at %.*s", STR_ARG(v[0].first),
                    STR_ARG(v[n - 1].last));
}

int history_engine(struct context *ctx, struct history *h, struct str env,
                   const struct engine **out, struct err *e)
{
    struct history_env *v;
    uint32_t n;
    *out = NULL;
    if (history_envs(h, ctx->mem, &v, &n, e))
        return -1;
    for (uint32_t i = 0; i < n; i++) {
        if (!str_eq(v[i].name, env))
            continue;
        for (const struct engine *const *eng = all_engines; *eng; eng++)
            if (str_eq_c(v[i].engine, (*eng)->name))
                *out = *eng;
        if (*out)
            return 0;
        if (str_is_null(v[i].engine))
            return err_set(e, E_HISTORY_NONE, "no check could read %.*s yet", STR_ARG(env));
        return err_set(e, E_UNKNOWN_ENGINE, "%.*s is of %.*s, which this build does not know",
                       STR_ARG(env), STR_ARG(v[i].engine));
    }
    err_set(e, E_HISTORY_NONE, "the history holds no environment %.*s", STR_ARG(env));
    return no_env(ctx, h, env, e);
}

/* ---- objects ---- */

/* Names of the newest state that look like it. */
static int no_object(struct context *ctx, struct history *h, struct str env, struct str object,
                     struct err *e)
{
    struct catalog *cat;
    struct strbuf names = sb_new(ctx->mem, 0);
    struct err none;
    err_set(e, E_HISTORY_NONE, "%.*s never had %.*s", STR_ARG(env), STR_ARG(object));
    if (history_catalog(h, env, STR_NULL, ctx->mem, &cat, NULL, &none))
        return -1;
    for (uint32_t i = 0; i < cat->n; i++) {
        struct strbuf one = sb_new(ctx->mem, 0);
        if (!str_eq(engine_top(cat->eng, cat->v[i].path), cat->v[i].path))
            continue;
        path_dotted(&one, cat->v[i].path);
        struct str name = sb_view(&one);
        sb_printf(&names, "%s%.*s", names.n ? "," : "", STR_ARG(name));
        while (str_chr(name, '.') < name.n)
            name = str_from(name, str_chr(name, '.') + 1);
        if (name.n < one.n)
            sb_printf(&names, ",%.*s", STR_ARG(name));
    }
    struct str near = suggest_word(object, names.n ? sb_view(&names).p : "");
    return near.n ? err_hint(e, "did you mean %.*s?", STR_ARG(near))
                  : err_hint(e, "an object is named as in a report: orders, table:orders, index "
                                "orders.note_idx");
}

int history_object(struct context *ctx, struct history *h, struct str env, struct str object,
                   struct str **paths, uint32_t *n, struct err *e)
{
    if (history_find(h, env, object, ctx->mem, paths, n, e))
        return e->code == E_HISTORY_NONE ? no_env(ctx, h, env, e) : -1;
    return *n ? 0 : no_object(ctx, h, env, object, e);
}

/* ---- as a source ---- */

bool history_is_source(struct str text)
{
    return str_starts(text, STR("history:"));
}

int history_source(struct context *ctx, struct str text, struct source_spec *out, struct err *e)
{
    struct history *h;
    struct history_name name;
    struct catalog *cat = NULL;
    *out = (struct source_spec){.kind = SRC_CATALOG, .label = arena_str(ctx->mem, text)};
    out->live.text = out->label;
    if (history_name(str_from(out->label, strlen("history:")), ctx->mem, &name, e))
        return -1;
    if (!name.env.n) {
        err_set(e, E_BAD_VALUE, "%.*s names no environment", STR_ARG(text));
        return err_hint(e, "write history:ENV or history:ENV@2026-11-01; snap log lists what there "
                           "is");
    }
    if (history_reading(ctx, name.env, &h, e))
        return -1;
    int rc = history_state_at(ctx, h, &name, &cat, NULL, e);
    history_close(h);
    out->catalog = cat;
    out->eng = cat ? cat->eng : NULL;
    return rc;
}

/* ---- values ---- */

bool history_same(const struct engine *eng, struct str path, struct str key, struct str a,
                  struct str b)
{
    int kind = engine_kind(eng, path_kind(path));
    const struct attr_desc *row = kind < 0 ? NULL : kind_attr(eng->kinds[kind], key);
    return row ? attr_same(row, a, b) : str_eq(a, b);
}

bool history_is_nothing(const struct engine *eng, const struct history_event *ev, struct arena *mem)
{
    const struct str sides[] = {ev->before, ev->after};
    if (ev->op != OP_ALTER)
        return false;
    for (int side = 0; side < 2; side++) {
        struct jc_iter it = jc_iter(sides[side]);
        struct str key, value;
        while (jc_next(&it, &key, &value))
            if (!history_same(eng, ev->path, key, value,
                              jc_get(sides[!side], arena_cstr(mem, key))))
                return false;
    }
    return true;
}

void history_value(struct strbuf *out, struct str raw, struct arena *mem)
{
    struct jc_iter it = jc_iter(raw);
    struct str key, value;
    bool list = jc_is_list(raw), map = raw.n && raw.p[0] == '{';
    if (str_is_null(raw)) {
        sb_c(out, "none");
        return;
    }
    if (!list && !map) {
        esc_terminal(out, jc_text(mem, raw));
        return;
    }
    sb_char(out, '(');
    for (bool first = true; jc_next(&it, &key, &value); first = false) {
        sb_c(out, first ? "" : ", ");
        if (map) {
            esc_terminal(out, key);
            sb_c(out, ": ");
        }
        esc_terminal(out, jc_text(mem, value));
    }
    sb_char(out, ')');
}

void history_cut(struct strbuf *out, struct str safe, size_t room)
{
    size_t n = 0;
    if (esc_width(safe) <= room) {
        sb_str(out, safe);
        return;
    }
    while (n < safe.n) {
        uint32_t cp;
        size_t len = utf8_char(safe, n, &cp);
        if (esc_width(str_sub(safe, 0, n + len)) + 3 > room)
            break;
        n += len;
    }
    sb_str(out, str_sub(safe, 0, n));
    sb_c(out, "...");
}
