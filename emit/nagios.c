/* The line of a monitoring plugin and its exit status, by the guidelines of monitoring-plugins.org:
 * 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN; behind a bar the numbers. */

#include "emit/tell.h"

#include "core/escape.h"

enum { NAMED = 3, NAME_ROOM = 100 };

/* Text that ends neither the line nor the part before the numbers. */
static void put_safe(struct strbuf *out, struct str s)
{
    struct strbuf safe = sb_new(out->mem, 0);
    esc_terminal(&safe, s);
    struct str text = sb_view(&safe);
    for (size_t i = 0; i < text.n; i++)
        sb_char(out, text.p[i] == '|' ? '/' : text.p[i]);
}

/* A name of a number: no quote, no equals sign. */
static void put_label(struct strbuf *out, struct str env, const char *what)
{
    struct strbuf safe = sb_new(out->mem, 0);
    put_safe(&safe, env);
    struct str text = sb_view(&safe);
    sb_char(out, '\'');
    for (size_t i = 0; i < text.n; i++)
        sb_char(out, text.p[i] == '\'' || text.p[i] == '=' ? '_' : text.p[i]);
    sb_printf(out, " %s'", what);
}

/* It fails the run, and does not come or go with another that does. */
static bool is_failing(const struct drift_findings *f, uint32_t i)
{
    const struct drift_finding *with = f->v[i].fails ? drift_carrier(f, i) : NULL;
    return f->v[i].fails && !(with && with->fails);
}

static uint32_t failing(const struct drift_findings *f)
{
    uint32_t n = 0;
    for (uint32_t i = 0; f && i < f->n; i++)
        n += is_failing(f, i);
    return n;
}

static uint32_t count(const struct drift_findings *f, enum drift_verdict v)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < f->n; i++)
        n += f->v[i].verdict == v && !f->v[i].rule && !drift_carrier(f, i);
    return n;
}

/* Drift that --fail-on leaves out, and rules that somebody should look at. */
static uint32_t doubtful(const struct drift_findings *f)
{
    uint32_t n = f ? f->nnotes : 0;
    for (uint32_t i = 0; f && i < f->n; i++)
        n += !f->v[i].fails && !f->v[i].rule && !drift_carrier(f, i) &&
             (f->v[i].verdict == VERDICT_DRIFT || f->v[i].verdict == VERDICT_CONFLICT);
    return n;
}

static void put_names(struct strbuf *out, const struct drift_findings *f)
{
    uint32_t named = 0;
    for (uint32_t i = 0; f && i < f->n; i++) {
        struct strbuf name = sb_new(out->mem, 0);
        if (!is_failing(f, i))
            continue;
        if (named == NAMED) {
            sb_c(out, ", ...");
            return;
        }
        obj_human(&name, change_obj(f->v[i].change));
        sb_c(out, named++ ? ", " : " (");
        size_t n = sb_view(&name).n;
        while (n > NAME_ROOM && ((unsigned char)sb_view(&name).p[n - 1] & 0x80))
            n--;
        put_safe(out, str_sub(sb_view(&name), 0, n > NAME_ROOM ? NAME_ROOM : n));
    }
}

static void put_numbers(struct strbuf *out, const struct tell_env *env)
{
    const struct drift_findings *f = env->found;
    static const enum drift_verdict verdicts[] = {VERDICT_DRIFT, VERDICT_CONFLICT, VERDICT_PENDING};
    for (size_t i = 0; f && i < sizeof verdicts / sizeof *verdicts; i++) {
        sb_char(out, ' ');
        put_label(out, env->name, verdict_name(verdicts[i]));
        sb_printf(out, "=%u;;;0", count(f, verdicts[i]));
    }
    sb_char(out, ' ');
    put_label(out, env->name, "time");
    sb_printf(out, "=%lld.%03ds;;;0", (long long)(env->ms / 1000), (int)(env->ms % 1000));
}

static void put_error(struct strbuf *out, const struct err *e)
{
    sb_printf(out, "%s: ", err_name(e->code));
    put_safe(out, str_c(e->msg));
}

int tell_nagios(const struct tell_env *v, uint32_t n, const struct err *e, struct strbuf *out)
{
    static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    struct strbuf text = sb_new(out->mem, 0), numbers = sb_new(out->mem, 0);
    uint32_t drifted = 0, odd = 0, told = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t fails = failing(v[i].found);
        drifted += fails;
        odd += doubtful(v[i].found);
        told += v[i].known;
        if (fails) {
            sb_printf(&text, "%s%u drift%s in ", sb_view(&text).n ? "; " : "", fails,
                      fails == 1 ? "" : "s");
            put_safe(&text, v[i].name);
            put_names(&text, v[i].found);
            if (sb_view(&text).n)
                sb_char(&text, ')');
        }
        if (v[i].known)
            put_numbers(&numbers, &v[i]);
    }
    int status = drifted ? 2 : e ? 3 : odd ? 1 : 0;
    if (e) {
        sb_c(&text, sb_view(&text).n ? "; " : "");
        put_error(&text, e);
    } else if (!drifted) {
        sb_printf(&text, "%u environment%s", told, told == 1 ? "" : "s");
        if (odd)
            sb_printf(&text, ", %u to look at", odd);
        else
            sb_c(&text, " without drift");
    }
    sb_printf(out, "SNAP DRIFT %s - %.*s", words[status], STR_ARG(sb_view(&text)));
    if (sb_view(&numbers).n)
        sb_printf(out, " |%.*s", STR_ARG(sb_view(&numbers)));
    sb_char(out, '\n');
    return status;
}
