/* Checking many databases: what each worker does for its target, what is kept of it, and the exit
 * status. */

#include "cli/many.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "cli/journal.h"
#include "cli/pool.h"
#include "cli/tell.h"
#include "core/escape.h"
#include "core/record.h"

enum { MAX_CONFIG = 1 << 20 };

struct run {
    struct many *m;
    struct journal *journal;
    uint32_t *left; /* targets of which nothing is known yet */
    uint32_t nleft;
};

int many_open(struct context *own, const struct target *t, struct source_spec *spec,
              unsigned *facets, struct opened *o, struct err *e)
{
    if (context_source(own, t->name, spec, e) || context_open_one(own, spec, false, facets, o, e) ||
        source_catalog(o, own->mem, e) || context_ledger(own, o->catalog, e))
        return -1;
    return context_check_filters(own, o, NULL, *facets, e);
}

static void put_catalog(struct strbuf *out, const struct catalog *cat, unsigned facets)
{
    record_hash(out, "key", record_key(cat, facets, out->mem));
}

/* What comes after a check, `status` of it: -1 with the error in e where it could not be told. What
 * fails later leaves what was seen as it is. */
static int after(struct context *own, const struct drift_result *r, int status, struct err *late,
                 struct err *e)
{
    struct err all = *e;
    *late = (struct err){0};
    if (drift_after(own, r, 1, status, &all) >= 0)
        return 0;
    if (status < 0 || all.code == E_INTERRUPTED) {
        *e = all;
        return -1;
    }
    *late = all;
    return 0;
}

static void put_late(struct strbuf *out, const struct err *late)
{
    if (late->code != E_OK)
        record_error(out, "late", late);
}

static int read_alone(struct context *own, const struct target *t, const struct drift_target *what,
                      struct strbuf *out, struct err *e)
{
    struct source_spec spec;
    struct opened o = {0};
    struct drift_result r = {.target = *what};
    struct err late;
    unsigned facets;
    int64_t start = clock_ms();
    int rc = many_open(own, t, &spec, &facets, &o, e);
    r.ms = clock_ms() - start;
    if (rc)
        r.why = *e;
    rc = after(own, &r, rc, &late, e);
    if (!rc) {
        put_catalog(out, o.catalog, facets);
        put_late(out, &late);
        record_text(out, "name", t->name);
        record_hash(out, "print", o.catalog->fingerprint);
        record_text(out, "version", o.catalog->version);
    }
    source_close(&o);
    return rc;
}

static void put_findings(struct strbuf *out, const struct drift_findings *f, enum drift_verdict v,
                         const char *key)
{
    record_number(out, key, f ? drift_count(f, v, false) : 0);
}

static int check(struct context *own, const struct target *t, const struct drift_target *what,
                 struct strbuf *out, struct err *e)
{
    struct drift_result r;
    struct err late;
    uint32_t passed = 0;
    if (after(own, &r, drift_check(own, what, &r, e), &late, e))
        return -1;
    for (uint32_t i = 0; r.found && i < r.found->n; i++)
        passed += r.found->v[i].rule != NULL;
    put_findings(out, r.found, VERDICT_CONFLICT, "conflict");
    put_findings(out, r.found, VERDICT_DRIFT, "drift");
    record_number(out, "fails", r.fails);
    record_number(out, "judged", r.found != NULL);
    if (r.live)
        put_catalog(out, r.live, r.changes ? r.changes->facets : r.live->facets);
    else
        record_hash(out, "key", r.fingerprint);
    put_late(out, &late);
    record_text(out, "name", t->name);
    record_number(out, "passed", passed);
    put_findings(out, r.found, VERDICT_PENDING, "pending");
    record_hash(out, "print", r.fingerprint);
    record_text(out, "version", r.live ? r.live->version : r.changes->to.version);
    return 0;
}

/* In a worker. */
static void check_target(void *arg, uint32_t job, struct strbuf *out)
{
    struct run *r = arg;
    const struct target *t = &r->m->targets.v[r->left[job]];
    struct context own;
    struct drift_target what;
    struct err e, none;
    sb_char(out, '{');
    int rc = target_context(r->m->ctx, t, &own, &e);
    budget_anew(&own); /* each target has the time of --timeout */
    /* with neither baseline nor history it is only compared with the others */
    if (!rc && drift_target(&own, t->name, &what, &none))
        rc = none.code == E_USAGE ? read_alone(&own, t, &what, out, &e) : (e = none, -1);
    else if (!rc)
        rc = check(&own, t, &what, out, &e);
    if (rc) {
        sb_cut(out, 1);
        record_error(out, "error", &e);
        record_text(out, "name", t->name);
    }
    sb_char(out, '}');
}

static void take_record(struct many *m, struct many_result *r, struct str record)
{
    struct arena *mem = m->ctx->mem;
    struct err why;
    *r = (struct many_result){.known = true};
    if (record_to_error(jc_get(record, "error"), mem, &why)) {
        r->why = NEW(mem, struct err);
        *r->why = why;
        return;
    }
    if (record_to_error(jc_get(record, "late"), mem, &why)) {
        r->late = NEW(mem, struct err);
        *r->late = why;
    }
    r->key = record_to_hash(jc_get(record, "key"), mem);
    r->fingerprint = record_to_hash(jc_get(record, "print"), mem);
    r->judged = jc_int(jc_get(record, "judged"));
    r->fails = jc_int(jc_get(record, "fails"));
    r->drift = (uint32_t)jc_int(jc_get(record, "drift"));
    r->conflict = (uint32_t)jc_int(jc_get(record, "conflict"));
    r->pending = (uint32_t)jc_int(jc_get(record, "pending"));
    r->passed = (uint32_t)jc_int(jc_get(record, "passed"));
    r->version = arena_str(mem, jc_text(mem, jc_get(record, "version")));
}

/* Where there is no more room for the journal, the others are checked all the same; half of one
 * must not stay for a later run. */
static void keep_record(struct run *r, struct str record)
{
    struct err full;
    if (journal_add(r->journal, record, &full) == 0)
        return;
    say(r->m->ctx, "what is found cannot be kept for --resume: %s", full.msg);
    journal_end(r->journal);
    r->journal = NULL;
}

static int done(void *arg, uint32_t job, struct str record, const char *why, struct err *e)
{
    struct run *r = arg;
    struct many_result *result = &r->m->results[r->left[job]];
    (void)e;
    if (why) {
        *result = (struct many_result){.known = true, .why = NEW(r->m->ctx->mem, struct err)};
        err_set(result->why, E_PARTIAL, "%s", why);
        return 0;
    }
    take_record(r->m, result, record);
    /* what failed is tried again */
    if (!result->why && !result->late)
        keep_record(r, record);
    return 0;
}

/* A record of an earlier run. */
static void take_old(void *arg, struct str record)
{
    struct run *r = arg;
    struct many *m = r->m;
    struct str name = jc_text(m->ctx->mem, jc_get(record, "name"));
    uint32_t low = 0, high = m->targets.n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (str_cmp(m->targets.v[middle].name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < m->targets.n && str_eq(m->targets.v[low].name, name))
        take_record(m, &m->results[low], record);
}

/* A baseline that is a file, as it is now: one that was written anew makes old results worthless.
 */
static void put_file(struct strbuf *b, struct str baseline)
{
    struct stat st;
    if (baseline.n && stat(arena_cstr(b->mem, baseline), &st) == 0)
        sb_printf(b, "\nfile %llu %lld %lld.%09ld", (unsigned long long)st.st_ino,
                  (long long)st.st_size, (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
}

static void put_baselines(struct strbuf *b, const struct many *m)
{
    const struct config *c = &m->ctx->config;
    put_file(b, opt(m->ctx, OPT_BASELINE));
    for (uint32_t i = 0; i < c->nenvs; i++)
        put_file(b, c->envs[i].drift.baseline);
    for (uint32_t i = 0; i < m->targets.n; i++)
        for (uint32_t k = 0; k < m->targets.v[i].noptions; k++)
            if (m->targets.v[i].options[k].id == OPT_BASELINE)
                put_file(b, m->targets.v[i].options[k].value);
}

/* Everything that the results hang on: the targets, the options, snap.yml, files of baselines. */
static struct hash128 print_of(const struct many *m)
{
    static const enum option_id other[] = {OPT_JOBS,   OPT_RESUME,  OPT_OUTPUT,
                                           OPT_FORMAT, OPT_QUIET,   OPT_COLOR,
                                           OPT_DEBUG,  OPT_VERBOSE, OPT_NO_PAGER};
    const struct option_values *v = &m->ctx->cmd.given;
    struct arena *mem = m->ctx->mem;
    struct hasher *h = hasher_new(mem);
    struct strbuf b = sb_new(mem, 0);
    hash_hex(&b, m->targets.print, HASH_HEX);
    for (unsigned id = 0; id < OPTION_COUNT; id++) {
        bool left_out = false;
        for (size_t i = 0; i < sizeof other / sizeof *other; i++)
            left_out = left_out || other[i] == id;
        for (uint32_t i = 0; i < v->n[id] && !left_out; i++)
            sb_printf(&b, "\n%u %.*s", id, STR_ARG(v->v[id][i]));
    }
    put_baselines(&b, m);
    struct str config = STR("");
    struct err none;
    if (m->ctx->config.path.n &&
        file_read(arena_cstr(mem, m->ctx->config.path), MAX_CONFIG, mem, &config, &none))
        config = STR("");
    hasher_add(h, config);
    hasher_add(h, sb_view(&b));
    return hasher_done(h);
}

static int open_journal(struct run *r, struct err *e)
{
    struct context *ctx = r->m->ctx;
    struct str beside = ctx->config.path.n ? ctx->config.folder : r->m->targets.folder;
    bool resume = opt_on(ctx, OPT_RESUME);
    struct journal_want want = {.folder = arena_printf(ctx->mem, "%.*s/.snap", STR_ARG(beside)),
                                .print = print_of(r->m),
                                .resume = resume,
                                .now = (int64_t)time(NULL),
                                .take = take_old,
                                .ctx = r};
    if (journal_open(&want, ctx->mem, &r->journal, e) == 0)
        return 0;
    if (resume || e->code != E_WRITE_FAILED)
        return -1;
    say(ctx, "what is found cannot be kept for --resume: %s", e->msg);
    return 0;
}

/* 1 in a worker. */
static int check_all(struct many *m, unsigned workers, struct err *e)
{
    struct run r = {.m = m, .left = NEW_ARRAY(m->ctx->mem, uint32_t, m->targets.n)};
    m->results = NEW_ARRAY(m->ctx->mem, struct many_result, m->targets.n);
    if (open_journal(&r, e))
        return -1;
    for (uint32_t i = 0; i < m->targets.n; i++)
        if (!m->results[i].known)
            r.left[r.nleft++] = i;
    say(m->ctx, "%u targets, %u to check, %u at a time", m->targets.n, r.nleft, workers);
    struct pool pool = {workers, r.nleft, &r, check_target, done};
    int rc = pool_run(&pool, m->ctx->mem, e);
    if (rc == 1)
        return 1;
    if (rc)
        journal_close(r.journal);
    else
        m->journal = r.journal;
    return rc;
}

static void group_all(struct many *m)
{
    struct arena *mem = m->ctx->mem;
    m->members = NEW_ARRAY(mem, struct group_member, m->targets.n);
    m->of = NEW_ARRAY(mem, uint32_t, m->targets.n);
    bool differ = false, compared = false;
    for (uint32_t i = 0; i < m->targets.n; i++) {
        const struct many_result *r = &m->results[i];
        if (r->why) {
            m->failed++;
            continue;
        }
        m->of[m->nmembers] = i;
        m->members[m->nmembers++] = (struct group_member){m->targets.v[i].name, r->key, 0};
        m->fails = m->fails || r->fails;
        m->late += r->late != NULL;
    }
    m->groups = drift_groups(m->members, m->nmembers, mem, &m->ngroups);
    m->near = NEW_ARRAY(mem, struct many_near, m->ngroups);
    /* those that have no baseline must equal each other */
    for (uint32_t i = 0, first = 0; i < m->nmembers; i++) {
        if (m->results[m->of[i]].judged)
            continue;
        differ = differ || (compared && m->members[i].group != first);
        first = compared ? first : m->members[i].group;
        compared = true;
    }
    struct fail_on fail_on;
    struct err none;
    bool never = fail_on_parse(opt(m->ctx, OPT_FAIL_ON), &fail_on, &none) == 0 && fail_on.never;
    m->fails = m->fails || (differ && !never);
}

static int find_format(struct many *m, struct err *e)
{
    static const char *const names[] = {"text", "markdown", "json"};
    struct str name = opt(m->ctx, OPT_FORMAT);
    const struct emitter *by_ext = emitter_by_ext(opt(m->ctx, OPT_OUTPUT), EMIT_DIFF);
    if (!name.n && by_ext)
        name = str_c(by_ext->name);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (!name.n || str_eq_c(name, names[i])) {
            m->format = (enum many_format)i;
            return 0;
        }
    err_set(e, E_UNKNOWN_FORMAT, "snap drift --targets has no format %.*s", STR_ARG(name));
    return err_hint(e, "formats: text, markdown, json");
}

static bool has_baseline(const struct many *m, const struct target *t,
                         const struct config_env *known)
{
    for (uint32_t i = 0; i < t->noptions; i++)
        if (t->options[i].id == OPT_BASELINE && t->options[i].value.n)
            return true;
    return opt(m->ctx, OPT_BASELINE).n || (known && known->drift.baseline.n);
}

/* People are told of what is not as a baseline has it, and of nothing else: of a target that has
 * none nobody would hear. */
static int check_told(const struct many *m, struct err *e)
{
    struct context *ctx = m->ctx;
    const struct target *silent = NULL;
    uint32_t told = 0, nsilent = 0;
    for (uint32_t i = 0; i < m->targets.n; i++) {
        const struct target *t = &m->targets.v[i];
        struct drift_target what = {.known = config_env(&ctx->config, t->source)};
        const struct config_tell *tell = what.known ? &what.known->drift.tell : NULL;
        if (tell_check(ctx, &what, e))
            return err_wrap(e, "%.*s", STR_ARG(t->name));
        if (!opt(ctx, OPT_NOTIFY).n && !(tell && (tell->nnotify || tell->webhook)))
            continue;
        told += has_baseline(m, t, what.known);
        if (!has_baseline(m, t, what.known)) {
            silent = silent ? silent : t;
            nsilent++;
        }
    }
    if (nsilent && !told && opt(ctx, OPT_NOTIFY).n) {
        err_set(e, E_USAGE,
                "snap drift --targets: --notify tells of nothing, as no target has a "
                "baseline");
        return err_hint(e, "--baseline, or baseline= in the lines of targets; those without are "
                           "compared with each other, which the report shows");
    }
    if (!nsilent || ctx->quiet)
        return 0;
    struct strbuf name = sb_new(ctx->mem, 0);
    esc_terminal(&name, silent->name);
    fprintf(stderr, "snap: nobody is told of %s", sb_view(&name).p);
    if (nsilent > 1)
        fprintf(stderr, " and %u more", nsilent - 1);
    fprintf(stderr, ": %s no baseline to differ from\n", nsilent > 1 ? "they have" : "it has");
    return 0;
}

static int prepare(struct many *m, unsigned *workers, struct err *e)
{
    struct context *ctx = m->ctx;
    struct fail_on fail_on;
    const char *other = ctx->cmd.nargs                     ? "other environments"
                        : opt_on(ctx, OPT_UPDATE_BASELINE) ? "--update-baseline"
                        : opt_on(ctx, OPT_NAGIOS)          ? "--nagios"
                        : opt(ctx, OPT_RESOLVE).n          ? "--resolve"
                                                           : NULL;
    if (other)
        return err_set(e, E_USAGE, "snap drift --targets takes no %s", other);
    if (find_format(m, e) || pool_workers(opt(ctx, OPT_JOBS), workers, e) ||
        fail_on_parse(opt(ctx, OPT_FAIL_ON), &fail_on, e) || context_check_outputs(ctx, e) ||
        targets_read(ctx, opt(ctx, OPT_TARGETS), &m->targets, e))
        return -1;
    return targets_shard(&m->targets, opt(ctx, OPT_SHARD), e) ? -1 : check_told(m, e);
}

/* What failed after a check leaves it in the report. */
static int late_of(const struct many *m, struct err *e)
{
    const struct err *first = NULL;
    const char *name = NULL;
    for (uint32_t i = 0; i < m->targets.n && !first; i++) {
        first = m->results[i].late;
        name = m->targets.v[i].name.p;
    }
    if (!first)
        return 0;
    err_set(e, first->code, "%u of %u targets %s; the first: %s: %.600s", m->late, m->targets.n,
            first->code == E_NOTIFY_FAILED ? "could not be told of"
                                           : "were checked and failed later",
            name, first->msg);
    return first->hint[0] ? err_hint(e, "%s", first->hint) : -1;
}

static int status_of(const struct many *m, struct err *e)
{
    for (uint32_t i = 0; i < m->targets.n; i++)
        if (m->results[i].why)
            return err_set(e, E_PARTIAL,
                           "%u of %u targets could not be checked; the first: %s: %.600s",
                           m->failed, m->targets.n, m->targets.v[i].name.p, m->results[i].why->msg);
    return late_of(m, e) ? -1 : m->fails;
}

int cmd_many(struct context *ctx, struct err *e)
{
    struct many m = {.ctx = ctx};
    struct str file = opt(ctx, OPT_OUTPUT);
    unsigned workers;
    if (prepare(&m, &workers, e) || budget_begin(ctx, e))
        return -1;
    int rc = check_all(&m, workers, e);
    if (rc)
        return rc == 1 ? 0 : -1;
    group_all(&m);
    bool to_file = file.n && !str_eq(file, STR("-"));
    bool told = to_file || (!ctx->quiet && (m.fails || m.failed || m.late));
    rc = told ? many_near(&m, workers, e) : 0;
    if (!rc && told) {
        struct strbuf out = sb_new(ctx->mem, 0);
        many_show(&m, &out);
        rc = context_write(ctx, file, sb_view(&out), true, e);
    }
    if (rc == 1)
        return 0;
    if (rc)
        journal_close(m.journal);
    else
        journal_end(m.journal);
    return rc ? -1 : status_of(&m, e);
}
