/*
 * A plan as migrations for Flyway: V<version>__<words>.sql with U<version>__<words>.sql, which
 * takes it back. Flyway gives each file a transaction, so steps share one as long as they can; what
 * brings its own, and every step of an engine whose DDL ends transactions, is a file of its own.
 * Beside it NAME.conf says what holds for it alone: no transaction, no placeholders.
 */

#include "core/escape.h"
#include "emit/cut.h"
#include "emit/report.h"

enum { MAX_WORDS = 60 };

struct writer {
    const struct emit_in *in;
    const struct plan *plan;
    struct arena *mem;
    struct err *e;
};

static void put_comment(struct strbuf *out, struct str text)
{
    sb_c(out, "-- ");
    esc_sql_comment(out, text);
    sb_char(out, '\n');
}

/* What a file is called by: letters, digits and single underscores. */
static struct str words_of(struct writer *w, uint32_t from, uint32_t to)
{
    struct strbuf b = sb_new(w->mem, 0);
    struct str text = w->in->comment;
    if (!text.n)
        text =
            to - from == 1 ? w->plan->v[from].title : arena_printf(w->mem, "%u changes", to - from);
    for (size_t i = 0; i < text.n && b.n < MAX_WORDS; i++) {
        char c = ascii_lower(text.p[i]);
        if (ascii_is_alpha(c) || ascii_is_digit(c))
            sb_char(&b, c);
        else if (b.n && b.p[b.n - 1] != '_')
            sb_char(&b, '_');
    }
    while (b.n && b.p[b.n - 1] == '_')
        sb_cut(&b, b.n - 1);
    return b.n ? sb_view(&b) : STR("change");
}

/* What Flyway reads in another way than the server, or loses. */
static const char *flyway_why(const struct engine *eng, struct str text)
{
    const struct lexing with = {.escapes = true, .backquotes = true};
    const struct lexing without = {.backquotes = true};
    if (str_find(text, STR("\xef\xbb\xbf")) < text.n)
        return "the character U+FEFF, which Flyway takes out of files";
    if (eng->escapes_seen && !cut_is_closed(text, with) && cut_is_closed(text, without))
        return "a backslash at the end of a text in quotes, which Flyway takes for an escape";
    return NULL;
}

/* As JDBC takes it, and then as Flyway cuts it: by the words of the engine's shell. */
static int put_stmt(struct writer *w, struct strbuf *out, const struct step *step, struct str text,
                    bool own_tx)
{
    const struct engine *eng = w->plan->eng;
    struct strbuf spelled = sb_new(w->mem, 0);
    if (own_tx && eng->plain_begin && str_eq_c(text, eng->begin))
        text = str_c(eng->plain_begin);
    else if (own_tx && eng->plain_commit && str_eq_c(text, eng->commit))
        text = str_c(eng->plain_commit);
    if (eng->spell && !eng->spell(text, &spelled)) {
        err_set(w->e, E_UNSUPPORTED_CHANGE,
                "%.*s: a text in it holds a carriage return or another character that the driver "
                "would change",
                STR_ARG(step->title));
        return err_hint(w->e, "--format sql keeps it");
    }
    if (eng->spell)
        text = sb_view(&spelled);
    const char *why = flyway_why(eng, text);
    if (why) {
        err_set(w->e, E_UNSUPPORTED_CHANGE, "%.*s: a text in it holds %s", STR_ARG(step->title),
                why);
        return err_hint(w->e, "--format sql keeps it");
    }
    if (eng->shell)
        eng->shell(text, out);
    else
        sb_str(out, text);
    sb_c(out, ";\n");
    return 0;
}

static void put_step_head(struct writer *w, struct strbuf *out, const struct step *s, bool back)
{
    const struct hazard *hz = back ? s->back_hz : s->hz;
    uint32_t n = back ? s->nback_hz : s->nhz;
    sb_char(out, '\n');
    put_comment(out, arena_printf(w->mem, "%s%.*s", back ? "undo: " : "", STR_ARG(s->title)));
    for (uint32_t k = 0; k < n; k++)
        put_comment(out, arena_printf(w->mem, "! %s: %.*s: %.*s", hazard_name(hz[k].code),
                                      STR_ARG(hz[k].object), STR_ARG(hz[k].detail)));
    if (back && s->rev == REV_SCHEMA)
        put_comment(out,
                    STR("! this restores the schema and not the rows or values that were lost"));
    if (back && s->rev == REV_CLOSE)
        put_comment(out, STR("! this is not exact: rowids, counters or how values are written may "
                             "differ from before"));
}

static int put_step(struct writer *w, struct strbuf *out, const struct step *s, bool back)
{
    uint32_t n;
    bool own_tx;
    struct stmt *list = step_script(w->plan, s, back, w->mem, &n, &own_tx);
    put_step_head(w, out, s, back);
    if (back && s->rev == REV_NONE && w->in->allow_lossy) {
        put_comment(out, STR("impossible, and left empty on request"));
        return 0;
    }
    for (uint32_t i = 0; i < n; i++)
        if (put_stmt(w, out, s, list[i].text, own_tx))
            return -1;
    return 0;
}

static void add_file(struct writer *w, struct str name, struct str text)
{
    struct emit_file file = {name, text};
    VEC_PUSH(w->mem, *w->in->files, file);
}

/* One direction of steps [from, to) as a file, with what Flyway should know of it. */
static int put_file(struct writer *w, uint32_t from, uint32_t to, bool back, struct str name)
{
    struct strbuf out = sb_new(w->mem, 0), conf = sb_new(w->mem, 0);
    if (w->in->proof.n)
        put_comment(&out, w->in->proof);
    for (uint32_t i = from; i < to; i++)
        if (put_step(w, &out, &w->plan->v[back ? to - 1 - (i - from) : i], back))
            return -1;
    if (out.over)
        return err_set(w->e, E_LIMIT, "the migration is larger than 1 GiB");
    add_file(w, name, sb_view(&out));
    if (w->plan->eng->begin && step_own_tx(&w->plan->v[from]))
        sb_c(&conf, "executeInTransaction=false\n");
    if (str_find(sb_view(&out), STR("${")) < out.n)
        sb_c(&conf, "placeholderReplacement=false\n");
    if (conf.n)
        add_file(w, arena_printf(w->mem, "%.*s.conf", STR_ARG(name)), sb_view(&conf));
    return 0;
}

static bool commits(const struct step *s)
{
    for (uint32_t i = 0; i < s->nfwd; i++)
        if (s->fwd[i].flags & ST_COMMIT)
            return true;
    for (uint32_t i = 0; i < s->nback; i++)
        if (s->back[i].flags & ST_COMMIT)
            return true;
    return false;
}

/* Behind the last step that shares the transaction of step i. */
static uint32_t group_end(const struct plan *p, uint32_t i)
{
    uint32_t end = i + 1;
    if (!p->eng->begin || p->online || step_own_tx(&p->v[i]))
        return end;
    while (end < p->n && !commits(&p->v[end - 1]) && !step_own_tx(&p->v[end]))
        end++;
    return end;
}

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    struct writer w = {in, in->plan, in->mem, e};
    uint64_t version = in->version;
    (void)out, (void)second;
    if (in->tag.n) {
        err_set(e, E_USAGE, "--tag: Flyway knows no tags");
        return err_hint(e, "leave it out: the version is what an undo goes back to");
    }
    for (uint32_t i = 0, end; i < in->plan->n; i = end, version++) {
        end = group_end(in->plan, i);
        struct str words = words_of(&w, i, end);
        for (int back = 0; back < 2; back++) {
            struct str name = arena_printf(in->mem, "%c%llu__%.*s.sql", back ? 'U' : 'V',
                                           (unsigned long long)version, STR_ARG(words));
            if (put_file(&w, i, end, back != 0, name))
                return -1;
        }
    }
    return 0;
}

const struct emitter emitter_flyway = {
    .name = "flyway",
    .doc = "migrations for Flyway with their undo scripts, in the folder -o",
    .use = EMIT_CHANGELOG | EMIT_FILES,
    .langs = 1 << LANG_SQL,
    .run = run,
};
