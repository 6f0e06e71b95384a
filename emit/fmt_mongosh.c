/*
 * A plan of commands as a script for mongosh, with the script that takes it back: one call a
 * command, in forms that command_next (core/command.h) reads again. A document stands in the script
 * as text: EJSON.parse with relaxed: false keeps the types of numbers, which JavaScript does not
 * have. What its reader would still make something else of is refused. A call whose command fails
 * ends the script.
 */

#include "core/emitter.h"
#include "core/escape.h"
#include "emit/command.h"

enum { WIDTH = 90 };

struct shell_script {
    const struct emit_in *in;
    struct strbuf *out;
    bool back;
    struct err *e;
};

static void put_comment(const struct shell_script *s, struct str text)
{
    sb_c(s->out, "// ");
    esc_terminal(s->out, text);
    sb_char(s->out, '\n');
}

/* What acts on a reader is a JSON escape by now, so these two are all that a literal minds. */
static void put_literal(struct strbuf *out, struct str text)
{
    sb_char(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'' || text.p[i] == '\\')
            sb_char(out, '\\');
        sb_char(out, text.p[i]);
    }
    sb_char(out, '\'');
}

static int put_command(const struct shell_script *s, const struct step *st, const struct stmt *stmt)
{
    const struct engine *eng = s->in->plan->eng;
    struct strbuf text = sb_new(s->in->mem, 0);
    struct str rest, line;
    if (eng->shell_keeps && !eng->shell_keeps(stmt->text, s->in->mem)) {
        err_set(s->e, E_UNSUPPORTED_CHANGE,
                "%.*s: a value in its command is not what mongosh would make of it",
                STR_ARG(st->title));
        return err_hint(s->e, "snap changelog --format liquibase-yaml keeps it");
    }
    command_lines(&text, stmt->text, WIDTH);
    rest = sb_view(&text);
    bool one = str_chr(rest, '\n') == rest.n;
    sb_c(s->out, stmt->flags & ST_ADMIN ? "db.adminCommand" : "db.runCommand");
    sb_c(s->out, one ? "(EJSON.parse(" : "(EJSON.parse([\n");
    while (!one && str_cut(&rest, '\n', &line)) {
        sb_c(s->out, "  ");
        put_literal(s->out, line);
        sb_c(s->out, ",\n");
    }
    if (one)
        put_literal(s->out, rest);
    sb_c(s->out, one ? ", {relaxed: false}));\n" : "].join(''), {relaxed: false}));\n");
    return 0;
}

static void put_hazards(const struct shell_script *s, const struct step *st)
{
    const struct hazard *hz = s->back ? st->back_hz : st->hz;
    for (uint32_t k = 0; k < (s->back ? st->nback_hz : st->nhz); k++)
        put_comment(s, arena_printf(s->in->mem, "! %s: %.*s: %.*s", hazard_name(hz[k].code),
                                    STR_ARG(hz[k].object), STR_ARG(hz[k].detail)));
    if (s->back && st->rev == REV_SCHEMA)
        put_comment(s, STR("! this restores the schema and not the data that was lost"));
    if (s->back && st->rev == REV_CLOSE)
        put_comment(s, STR("! this is not exact"));
}

static int put_step(const struct shell_script *s, const struct step *st, uint32_t number)
{
    uint32_t n;
    bool own_tx;
    struct stmt *list = step_script(s->in->plan, st, s->back, s->in->mem, &n, &own_tx);
    sb_char(s->out, '\n');
    put_comment(s,
                arena_printf(s->in->mem, "step %u%s%s: %s%.*s", number, st->phase ? ", " : "",
                             phase_name(st->phase), s->back ? "undo: " : "", STR_ARG(st->title)));
    put_hazards(s, st);
    if (s->back && st->rev == REV_NONE && s->in->allow_lossy) {
        put_comment(s, STR("impossible, and left empty on request"));
        return 0;
    }
    if (!n)
        put_comment(s, STR("nothing to do"));
    for (uint32_t i = 0; i < n; i++)
        if (put_command(s, st, &list[i]))
            return -1;
    return 0;
}

static int put_script(const struct emit_in *in, bool back, struct strbuf *out, struct err *e)
{
    const struct plan *p = in->plan;
    const struct shell_script s = {in, out, back, e};
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
    for (uint32_t i = 0; i < p->n; i++) {
        uint32_t at = back ? p->n - 1 - i : i;
        if (put_step(&s, &p->v[at], at + 1))
            return -1;
    }
    if (!p->n)
        put_comment(&s, STR("0 changes"));
    return 0;
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    if (put_script(in, false, out, e))
        return -1;
    return second ? put_script(in, true, second, e) : 0;
}

const struct emitter emitter_mongosh = {
    .name = "mongosh",
    .ext = ".js",
    .doc = "script for mongosh, with its rollback script",
    .use = EMIT_CHANGELOG | EMIT_SNAPSHOT | EMIT_ROLLBACK,
    .langs = 1 << LANG_COMMAND,
    .run = run,
};
