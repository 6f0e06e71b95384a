/*
 * Metrics in the text format of Prometheus, a file for any number of environments: what other
 * checks wrote of other environments stays.
 *
 * The text format: prometheus.io, exposition formats. In a label's value \, " and newline are
 * escaped; all series of a metric stand together, behind one HELP and one TYPE.
 */

#include "emit/tell.h"

#include <stdlib.h>

#include "core/clock.h"

enum metric { UP, FINDINGS, PASSED, CHECKED, SUCCEEDED, DURATION, OBJECTS, METRICS };
static const struct {
    const char *name, *help;
} rows[METRICS] = {
    [UP] = {"snap_drift_up", "Whether the last check could tell (1) or not (0)."},
    [FINDINGS] = {"snap_drift_findings", "Findings of the last check that no rule lets pass."},
    [PASSED] = {"snap_drift_ignored_findings", "Findings of the last check that a rule lets pass."},
    [CHECKED] = {"snap_drift_last_check_timestamp_seconds", "When the last check was."},
    [SUCCEEDED] = {"snap_drift_last_success_timestamp_seconds",
                   "When the last check that could tell was."},
    [DURATION] = {"snap_drift_duration_seconds", "How long the last check took."},
    [OBJECTS] = {"snap_drift_objects", "Facts of the schema at the last check that could tell."},
};

/* The lines of one environment, by metric; those of a file in their order. */
struct series {
    struct str env; /* as it stands in the file, escaped */
    struct strbuf lines[METRICS];
};
struct metrics {
    struct arena *mem;
    struct series *v;
    uint32_t n, cap;
};

static struct str escaped(struct arena *mem, struct str s)
{
    struct strbuf b = sb_new(mem, 0);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '\n')
            sb_c(&b, "\\n");
        else {
            if (s.p[i] == '\\' || s.p[i] == '"')
                sb_char(&b, '\\');
            sb_char(&b, s.p[i]);
        }
    return sb_view(&b);
}

static struct series *series_of(struct metrics *m, struct str env)
{
    for (uint32_t i = 0; i < m->n; i++)
        if (str_eq(m->v[i].env, env))
            return &m->v[i];
    struct series s = {.env = env};
    for (int i = 0; i < METRICS; i++)
        s.lines[i] = sb_new(m->mem, 0);
    VEC_PUSH(m->mem, *m, s);
    return &m->v[m->n - 1];
}

/* One line of the old file: false where it is none of ours. */
static bool take_line(struct metrics *m, struct str line)
{
    static const char label[] = "{env=\"";
    if (!line.n || line.p[0] == '#')
        return true;
    struct str name = str_sub(line, 0, str_chr(line, '{'));
    struct str env = str_from(line, name.n + sizeof label - 1);
    if (!str_starts(str_from(line, name.n), str_c(label)))
        return false;
    size_t n = 0;
    while (n < env.n && env.p[n] != '"')
        n += env.p[n] == '\\' ? 2 : 1;
    for (int i = 0; n < env.n && i < METRICS; i++)
        if (str_eq_c(name, rows[i].name)) {
            struct strbuf *out = &series_of(m, str_sub(env, 0, n))->lines[i];
            sb_str(out, line);
            sb_char(out, '\n');
            return true;
        }
    return false;
}

struct metrics *metrics_new(struct arena *mem)
{
    struct metrics *m = NEW(mem, struct metrics);
    *m = (struct metrics){.mem = mem};
    return m;
}

bool metrics_read(struct metrics *m, struct str text)
{
    struct str line;
    while (str_cut(&text, '\n', &line))
        if (!take_line(m, line))
            return false;
    return true;
}

static void put(struct series *s, enum metric which, struct str more, int64_t n)
{
    sb_printf(&s->lines[which], "%s{env=\"%.*s\"%.*s} %lld\n", rows[which].name, STR_ARG(s->env),
              STR_ARG(more), (long long)n);
}

/* Counted as people count: what comes or goes with another is one with that, unless it is worse. */
static bool is_counted(const struct drift_findings *f, uint32_t i)
{
    const struct drift_finding *with = drift_carrier(f, i);
    return !with || with->severity < f->v[i].severity;
}

static void put_findings(struct metrics *m, struct series *s, const struct drift_findings *f)
{
    static const enum drift_verdict verdicts[] = {VERDICT_DRIFT, VERDICT_PENDING, VERDICT_CONFLICT};
    for (size_t v = 0; v < sizeof verdicts / sizeof *verdicts; v++)
        for (unsigned sev = SEV_NOTE; sev <= SEV_ERROR; sev++) {
            uint32_t n = 0;
            for (uint32_t i = 0; i < f->n; i++)
                n += f->v[i].verdict == verdicts[v] && f->v[i].severity == sev && !f->v[i].rule &&
                     is_counted(f, i);
            struct str more =
                arena_printf(m->mem, ",verdict=\"%s\",severity=\"%s\"", verdict_name(verdicts[v]),
                             severity_name((enum drift_severity)sev));
            put(s, FINDINGS, more, n);
        }
    put(s, PASSED, STR(""), drift_part_count(f, PART_PASSED));
}

void metrics_put(struct metrics *m, const struct tell_env *env)
{
    struct series *s = series_of(m, escaped(m->mem, env->name));
    for (int i = 0; i < METRICS; i++)
        if (env->known || (i != SUCCEEDED && i != OBJECTS))
            s->lines[i] = sb_new(m->mem, 0);
    put(s, UP, STR(""), env->known);
    put(s, CHECKED, STR(""), clock_seconds(env->time));
    sb_printf(&s->lines[DURATION], "%s{env=\"%.*s\"} %lld.%03d\n", rows[DURATION].name,
              STR_ARG(s->env), (long long)(env->ms / 1000), (int)(env->ms % 1000));
    if (!env->known)
        return;
    put(s, SUCCEEDED, STR(""), clock_seconds(env->time));
    if (env->found)
        put_findings(m, s, env->found);
    if (env->changes)
        put(s, OBJECTS, STR(""), (int64_t)env->changes->to.objects);
}

static int by_env(const void *a, const void *b)
{
    return str_cmp(((const struct series *)a)->env, ((const struct series *)b)->env);
}

struct str metrics_text(struct metrics *m)
{
    struct strbuf out = sb_new(m->mem, 0);
    if (m->n)
        qsort(m->v, m->n, sizeof *m->v, by_env);
    for (int i = 0; i < METRICS; i++) {
        sb_printf(&out, "# HELP %s %s\n# TYPE %s gauge\n", rows[i].name, rows[i].help,
                  rows[i].name);
        for (uint32_t k = 0; k < m->n; k++)
            sb_str(&out, sb_view(&m->v[k].lines[i]));
    }
    return sb_view(&out);
}
