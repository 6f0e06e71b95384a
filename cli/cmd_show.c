/* snap show ENV[@TIME] [OBJECT]: a schema, or an object with its parts, as it was then. */

#include "cli/history.h"

#include "core/escape.h"

enum { WIDTH = 100 };

struct show {
    struct context *ctx;
    struct arena *mem;
    struct history_name name;
    struct str object;
    struct catalog *cat;
    struct history_state at;
    struct str *paths; /* of the object at that time */
    uint32_t npaths;
    bool above; /* with the schema that it is in, as --include has it */
};

static bool is_wanted(const struct show *s, const struct obj *o)
{
    for (uint32_t i = 0; i < s->npaths; i++)
        if (path_within(o->path, s->paths[i]) || (s->above && path_within(s->paths[i], o->path)))
            return true;
    return !s->object.n;
}

/* ---- as facts ---- */

static void put_fact(struct strbuf *out, const struct obj *o, struct arena *mem)
{
    struct strbuf name = sb_new(mem, 0), safe = sb_new(mem, 0);
    struct jc_iter it = jc_iter(o->a);
    struct str key, value;
    obj_human(&name, o);
    esc_terminal(&safe, sb_view(&name));
    history_cut(out, sb_view(&safe), WIDTH);
    sb_char(out, '\n');
    while (jc_next(&it, &key, &value)) {
        struct strbuf line = sb_new(mem, 0);
        sb_printf(&line, "%.*s: ", STR_ARG(key));
        history_value(&line, value, mem);
        sb_c(out, "    ");
        history_cut(out, sb_view(&line), WIDTH - 4);
        sb_char(out, '\n');
    }
}

static int as_facts(const struct show *s, struct err *e)
{
    struct strbuf out = sb_new(s->mem, 0), head = sb_new(s->mem, 0);
    struct arena *tmp = arena_new(0);
    esc_terminal(&head, s->name.env);
    history_cut(&out, sb_view(&head), WIDTH - 50);
    sb_printf(&out, "  %.*s", STR_ARG(s->at.first));
    if (!str_eq(s->at.first, s->at.last))
        sb_printf(&out, " to %.*s", STR_ARG(s->at.last));
    sb_c(&out, "\n");
    for (uint32_t i = 0; i < s->cat->n; i++) {
        struct arena_mark mark = arena_mark(tmp);
        struct strbuf fact = sb_new(tmp, 0);
        if (s->cat->v[i].flags & OBJ_IGNORED)
            continue;
        put_fact(&fact, &s->cat->v[i], tmp);
        sb_str(&out, sb_view(&fact));
        arena_release(tmp, mark);
    }
    arena_free(tmp);
    for (uint32_t i = 0; i < s->cat->nledger && !s->object.n; i++) {
        struct strbuf name = sb_new(s->mem, 0);
        sb_printf(&name, "not modelled: %.*s ", STR_ARG(s->cat->ledger[i].kind));
        esc_terminal(&name, s->cat->ledger[i].name);
        history_cut(&out, sb_view(&name), WIDTH);
        sb_char(&out, '\n');
    }
    return context_write(s->ctx, opt(s->ctx, OPT_OUTPUT), sb_view(&out), true, e);
}

/* ---- which ---- */

/* What is left of the paths that the name ever meant; what else there is does not count. */
static int cut_to_object(struct show *s, struct history *h, struct err *e)
{
    uint32_t kept = 0;
    struct strbuf scope = sb_new(s->mem, 0);
    if (history_object(s->ctx, h, s->name.env, s->object, &s->paths, &s->npaths, e))
        return -1;
    for (uint32_t i = 0; i < s->npaths; i++)
        if (cat_find(s->cat, s->paths[i]))
            s->paths[kept++] = s->paths[i];
    s->npaths = kept;
    if (!kept) {
        err_set(e, E_HISTORY_NONE, "%.*s had no %.*s at %.*s", STR_ARG(s->name.env),
                STR_ARG(s->object), STR_ARG(s->at.first));
        return err_hint(e, "snap log %.*s '%.*s' says when it came and went", STR_ARG(s->name.env),
                        STR_ARG(s->object));
    }
    for (uint32_t i = 0; i < s->cat->n; i++)
        if (!is_wanted(s, &s->cat->v[i]))
            s->cat->v[i].flags |= OBJ_IGNORED;
    sb_c(&scope, "{\"include\":[");
    for (uint32_t i = 0; i < kept; i++) {
        struct strbuf pattern = sb_new(s->mem, 0);
        struct str rest = s->paths[i], segment;
        sb_str(&pattern, path_kind(s->paths[i]));
        for (char mark = ':'; str_cut(&rest, '/', &segment); mark = '.') {
            sb_char(&pattern, mark);
            sb_str(&pattern, path_name(s->mem, segment));
        }
        sb_c(&scope, i ? "," : "");
        esc_json(&scope, sb_view(&pattern));
    }
    sb_c(&scope, "]}");
    s->cat->scope = sb_view(&scope);
    s->cat->nledger = 0; /* it is of the whole */
    return cat_finish(s->cat, e);
}

static int find(struct show *s, struct err *e)
{
    struct history *h;
    struct catalog *cat;
    if (history_reading(s->ctx, s->name.env, &h, e))
        return -1;
    int rc = history_state_at(s->ctx, h, &s->name, &cat, &s->at, e);
    s->cat = rc ? NULL : cat;
    if (!rc && s->object.n)
        rc = cut_to_object(s, h, e);
    history_close(h);
    return rc;
}

int cmd_show(struct context *ctx, struct err *e)
{
    struct show s = {.ctx = ctx, .mem = ctx->mem};
    struct str format = opt(ctx, OPT_FORMAT);
    const struct emitter *em;
    bool facts = str_eq(format, STR("text")) || (!format.n && !opt(ctx, OPT_OUTPUT).n);
    s.above = !facts && (!format.n || str_eq(format, STR("json")));
    s.object = ctx->cmd.nargs > 1 ? str_c(ctx->cmd.args[1]) : STR_NULL;
    if ((!facts && snapshot_format(ctx, &em, e)) ||
        history_name(str_c(ctx->cmd.args[0]), ctx->mem, &s.name, e) || find(&s, e))
        return -1;
    s.cat->label = arena_printf(ctx->mem, "%.*s@%.*s", STR_ARG(s.name.env), STR_ARG(s.at.first));
    return facts ? as_facts(&s, e) : snapshot_as(ctx, s.cat, em, e);
}
