/*
 * A plan as a script, with the script that takes it back. Steps run in one transaction as long as
 * they can; settings of the session stand before it, and what can run in no transaction stands
 * outside.
 */

#include "core/escape.h"
#include "emit/report.h"

struct sql_script {
    const struct emit_in *in;
    const struct engine *eng;
    struct strbuf *out;
    bool open; /* a transaction is */
};

static void put_comment(const struct sql_script *s, struct str text)
{
    sb_c(s->out, "-- ");
    esc_sql_comment(s->out, text);
    sb_char(s->out, '\n');
}

static void put_stmt(const struct sql_script *s, struct str text)
{
    if (s->eng->shell)
        s->eng->shell(text, s->out);
    else
        sb_str(s->out, text);
    sb_c(s->out, ";\n");
}

static void commit(struct sql_script *s)
{
    if (s->open)
        put_stmt(s, str_c(s->eng->commit));
    s->open = false;
}

/* A statement that is not yet the last one of its kind in the list. */
static bool stands_before(const struct stmt *list, uint32_t n, struct str text)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(list[i].text, text))
            return true;
    return false;
}

struct settings {
    struct stmt *v;
    uint32_t n, cap;
};

/* Settings of steps [from, to), each once, in order. */
static struct settings collect(const struct sql_script *s, uint32_t from, uint32_t to, bool back,
                               unsigned flag)
{
    const struct plan *p = s->in->plan;
    struct settings list = {0};
    for (uint32_t i = from; i < to; i++) {
        const struct step *st = &p->v[back ? p->n - 1 - i : i];
        const struct stmt *v = back ? st->back : st->fwd;
        for (uint32_t k = 0; k < (back ? st->nback : st->nfwd); k++)
            if ((v[k].flags & flag) && !stands_before(list.v, list.n, v[k].text))
                VEC_PUSH(s->in->mem, list, v[k]);
    }
    return list;
}

static bool has_flag(const struct sql_script *s, uint32_t i, bool back, unsigned flag)
{
    const struct plan *p = s->in->plan;
    const struct step *st = &p->v[back ? p->n - 1 - i : i];
    const struct stmt *v = back ? st->back : st->fwd;
    for (uint32_t k = 0; k < (back ? st->nback : st->nfwd); k++)
        if (v[k].flags & flag)
            return true;
    return false;
}

static void put_step_head(const struct sql_script *s, const struct step *st, uint32_t number,
                          bool back)
{
    const struct hazard *hz = back ? st->back_hz : st->hz;
    uint32_t n = back ? st->nback_hz : st->nhz;
    sb_char(s->out, '\n');
    put_comment(s, arena_printf(s->in->mem, "step %u%s%s: %s%.*s", number, st->phase ? ", " : "",
                                phase_name(st->phase), back ? "undo: " : "", STR_ARG(st->title)));
    for (uint32_t k = 0; k < n; k++)
        put_comment(s, arena_printf(s->in->mem, "! %s: %.*s: %.*s", hazard_name(hz[k].code),
                                    STR_ARG(hz[k].object), STR_ARG(hz[k].detail)));
    if (back && st->rev == REV_SCHEMA)
        put_comment(s, STR("! this restores the schema and not the rows or values that were lost"));
    if (back && st->rev == REV_CLOSE)
        put_comment(s, STR("! this is not exact: rowids, counters or how values are written may "
                           "differ from before"));
}

/* The statements of a step that stand in the transaction; late ones last. */
static void put_body(const struct sql_script *s, const struct step *st, bool back)
{
    const struct stmt *v = back ? st->back : st->fwd;
    uint32_t n = back ? st->nback : st->nfwd;
    const unsigned outside = ST_SETTING | ST_SETTING_END | ST_NO_TX | ST_LOCAL;
    for (int late = 0; late < 2; late++)
        for (uint32_t k = 0; k < n; k++)
            if (!(v[k].flags & outside) && ((v[k].flags & ST_LATE) != 0) == (late != 0))
                put_stmt(s, v[k].text);
}

static void put_no_tx(struct sql_script *s, const struct step *st, bool back)
{
    const struct stmt *v = back ? st->back : st->fwd;
    commit(s);
    put_comment(s, STR("not in a transaction:"));
    for (uint32_t k = 0; k < (back ? st->nback : st->nfwd); k++)
        put_stmt(s, v[k].text);
}

/* Where the transaction that begins with step i ends. */
static uint32_t segment_end(const struct sql_script *s, uint32_t i, bool back)
{
    while (i < s->in->plan->n && !has_flag(s, i, back, ST_NO_TX))
        if (has_flag(s, i++, back, ST_COMMIT) || s->in->plan->online)
            break;
    return i;
}

/* Steps [from, to), none of which stands outside a transaction: settings, begin, all, commit. */
static void put_segment(struct sql_script *s, uint32_t from, uint32_t to, bool back)
{
    const struct plan *p = s->in->plan;
    struct settings first = collect(s, from, to, back, ST_SETTING);
    struct settings last = collect(s, from, to, back, ST_SETTING_END);
    struct settings local = collect(s, from, to, back, ST_LOCAL);
    if (first.n + local.n || s->eng->begin)
        sb_char(s->out, '\n');
    for (uint32_t i = 0; i < first.n; i++)
        put_stmt(s, first.v[i].text);
    if (s->eng->begin)
        put_stmt(s, str_c(s->eng->begin));
    for (uint32_t i = 0; i < local.n; i++)
        put_stmt(s, local.v[i].text);
    s->open = s->eng->begin;
    for (uint32_t i = from; i < to; i++) {
        uint32_t at = back ? p->n - 1 - i : i;
        const struct step *st = &p->v[at];
        put_step_head(s, st, at + 1, back);
        if (back && st->rev == REV_NONE && s->in->allow_lossy)
            put_comment(s, STR("impossible, and left empty on request"));
        else
            put_body(s, st, back);
    }
    if (s->open || last.n)
        sb_char(s->out, '\n');
    commit(s);
    for (uint32_t i = 0; i < last.n; i++)
        put_stmt(s, last.v[i].text);
}

static void put_script(const struct emit_in *in, bool back, struct strbuf *out)
{
    const struct plan *p = in->plan;
    struct sql_script s = {in, p->eng, out, false};
    if (p->eng->script_head)
        sb_c(out, p->eng->script_head);
    if (p->eng->online_head && p->online)
        sb_c(out, p->eng->online_head);
    put_comment(
        &s, arena_printf(in->mem, "%s %.*s %s %.*s", back ? "Takes back what turned" : "Turns",
                         STR_ARG(in->changes->from.label), "into", STR_ARG(in->changes->to.label)));
    if (p->eng->script_run)
        put_comment(&s, arena_printf(in->mem, "Run it with: %s", p->eng->script_run));
    if (in->proof.n)
        put_comment(&s, in->proof);
    for (uint32_t i = 0, end; i < p->n; i = end) {
        end = segment_end(&s, i, back);
        if (end > i) {
            put_segment(&s, i, end, back);
            continue;
        }
        const struct step *st = &p->v[back ? p->n - 1 - i : i];
        put_step_head(&s, st, (back ? p->n - 1 - i : i) + 1, back);
        put_no_tx(&s, st, back);
        end = i + 1;
    }
    if (!p->n)
        put_comment(&s, STR("0 changes"));
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    (void)e;
    put_script(in, false, out);
    if (second)
        put_script(in, true, second);
    return 0;
}

const struct emitter emitter_sql = {
    .name = "sql",
    .ext = ".sql",
    .doc = "script for the engine's own shell, with its rollback script",
    .use = EMIT_CHANGELOG | EMIT_SNAPSHOT | EMIT_ROLLBACK,
    .langs = 1 << LANG_SQL,
    .run = run,
};
