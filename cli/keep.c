/* How much stays of a history, whether it is sound, and how it is mended. */

#include "cli/keep.h"

#include "cli/history.h"

int keep_parse(struct str text, uint32_t *states, uint32_t *days, struct err *e)
{
    struct str rest = text, part;
    *states = *days = 0;
    while (str_cut(&rest, ',', &part)) {
        int64_t n = 0;
        bool is_days = str_ends(part, STR("d"));
        uint32_t *out = is_days ? days : states;
        if (!str_int(str_sub(part, 0, part.n - is_days), &n) || n < 1 || n > 1000000 || *out) {
            err_set(e, E_BAD_VALUE, "--keep takes no %.*s", STR_ARG(text));
            return err_hint(e, "--keep 400 keeps so many states, --keep 90d those of so many days, "
                               "--keep 400,90d what either keeps");
        }
        *out = (uint32_t)n;
    }
    return 0;
}

int keep_after(struct context *ctx, struct history *h, struct str env, struct str now,
               struct err *e)
{
    uint32_t states, days;
    struct str keep = opt(ctx, OPT_KEEP);
    if (!keep.n)
        return 0;
    if (keep_parse(keep, &states, &days, e))
        return -1;
    int rc = history_keep(h, env, states, days, now, e);
    return rc && e->code == E_HISTORY_LOCKED ? 0 : rc;
}

static int say_sound(struct context *ctx, struct err *e)
{
    return context_write(ctx, opt(ctx, OPT_OUTPUT),
                         STR("the history is sound: every state is what was recorded\n"), true, e);
}

int keep_check(struct context *ctx, struct str env, struct err *e)
{
    struct history *h;
    struct str place;
    if (history_place(ctx, env, &place, e))
        return -1;
    struct history_options o = {all_engines, HISTORY_READ, 0, false, 0};
    if (history_open(place, &o, ctx->mem, &h, e))
        return -1;
    int rc = history_check(h, e);
    history_close(h);
    return rc ? rc : say_sound(ctx, e);
}

int keep_repair(struct context *ctx, struct str env, struct err *e)
{
    struct str place;
    struct history_repaired done;
    struct history_options o = {all_engines, HISTORY_WRITE, 0, false, 0};
    if (history_place(ctx, env, &place, e) || history_repair(place, &o, ctx->mem, &done, e))
        return -1;
    if (done.sound)
        return say_sound(ctx, e);
    struct strbuf b = sb_new(ctx->mem, 0);
    sb_str(&b, place);
    sb_printf(&b, " is whole again: %llu states, %llu that were not whole are left out\n",
              (unsigned long long)done.states, (unsigned long long)done.lost);
    sb_c(&b, "the damaged file is now ");
    sb_str(&b, done.kept_as);
    sb_char(&b, '\n');
    return context_write(ctx, opt(ctx, OPT_OUTPUT), sb_view(&b), true, e);
}
