/*
 * Metrics for Prometheus, as the textfile collector of node_exporter reads them: one file, whole or
 * not there, for any number of environments. What other checks wrote of other environments stays: a
 * lock on the folder keeps two of them from reading the same old file.
 *
 * The text format: prometheus.io, exposition formats. In a label's value \, " and newline are
 * escaped; all series of a metric stand together, behind one HELP and one TYPE.
 */

#include "cli/tell.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/interrupt.h"
#include "snapshot/snapshot.h"

enum { MAX_FILE = 16 << 20, LOCK_MS = 10000, LOOK_MS = 20 };

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

static int read_old(struct metrics *m, const char *path, struct err *e)
{
    struct str text, line;
    if (access(path, F_OK))
        return 0;
    if (file_read(path, MAX_FILE, m->mem, &text, e)) {
        e->code = E_WRITE_FAILED;
        return -1;
    }
    while (str_cut(&text, '\n', &line))
        if (!take_line(m, line)) {
            err_set(e, E_PROTECTED, "metrics: %s holds something else", path);
            return err_hint(e, "name a file of its own for snap's metrics");
        }
    return 0;
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

/* The series of one environment anew. A check that could not tell leaves what the last good one
 * saw, but no findings: these are unknown. */
static void put_env(struct metrics *m, const struct drift_result *r)
{
    struct series *s = series_of(m, escaped(m->mem, r->target.env));
    bool up = r->why.code == E_OK;
    struct str now = r->time;
    struct err none;
    if (!now.n && drift_now(m->mem, &now, &none))
        now = STR("1970-01-01T00:00:00Z");
    for (int i = 0; i < METRICS; i++)
        if (up || (i != SUCCEEDED && i != OBJECTS))
            s->lines[i] = sb_new(m->mem, 0);
    put(s, UP, STR(""), up);
    put(s, CHECKED, STR(""), clock_seconds(now));
    sb_printf(&s->lines[DURATION], "%s{env=\"%.*s\"} %lld.%03d\n", rows[DURATION].name,
              STR_ARG(s->env), (long long)(r->ms / 1000), (int)(r->ms % 1000));
    if (!up)
        return;
    put(s, SUCCEEDED, STR(""), clock_seconds(now));
    if (r->found)
        put_findings(m, s, r->found);
    if (r->changes)
        put(s, OBJECTS, STR(""), (int64_t)r->changes->to.objects);
}

static int by_env(const void *a, const void *b)
{
    return str_cmp(((const struct series *)a)->env, ((const struct series *)b)->env);
}

static struct str whole(struct metrics *m)
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

/* Locks the folder of the file: -1 where that cannot be had, which is no error by itself. */
static int lock_folder(const struct context *ctx, const char *path)
{
    const char *slash = strrchr(path, '/');
    size_t n = slash ? (size_t)(slash - path) : 0;
    struct str folder = !slash ? STR(".") : n ? (struct str){path, n} : STR("/");
    int64_t end = clock_ms() + budget_left(ctx, LOCK_MS);
    int fd = open(arena_cstr(ctx->mem, folder), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK && clock_ms() < end &&
           !interrupt_seen())
        (void)poll(NULL, 0, LOOK_MS);
    return fd;
}

static struct str place_of(const struct context *ctx, const struct drift_result *r)
{
    struct str given = opt(ctx, OPT_METRICS);
    return given.n ? given : r->target.known ? r->target.known->drift.tell.metrics : STR_NULL;
}

/* One file, with all environments of the run that name it. */
static int write_file(struct context *ctx, struct str place, const struct drift_result *v,
                      uint32_t n, struct err *e)
{
    struct metrics m = {.mem = ctx->mem};
    const char *path = arena_cstr(ctx->mem, place);
    if (context_check_output(ctx, place, false, e))
        return -1;
    int lock = lock_folder(ctx, path);
    int rc = read_old(&m, path, e);
    for (uint32_t i = 0; !rc && i < n; i++)
        if (str_eq(place_of(ctx, &v[i]), place))
            put_env(&m, &v[i]);
    if (!rc)
        rc = out_file(ctx->mem, path, whole(&m), e);
    if (lock >= 0)
        close(lock);
    return rc;
}

int drift_metrics(struct context *ctx, const struct drift_result *v, uint32_t n, struct err *e)
{
    for (uint32_t i = 0; i < n; i++) {
        struct str place = place_of(ctx, &v[i]);
        bool seen = false;
        for (uint32_t k = 0; k < i; k++)
            seen = seen || str_eq(place_of(ctx, &v[k]), place);
        if (place.n && !seen && write_file(ctx, place, v, n, e))
            return -1;
    }
    return 0;
}
