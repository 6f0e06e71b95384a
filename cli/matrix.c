/* snap diff --matrix: each source is read by a worker, which tells its fingerprint; those that are
 * not surely equal are compared as snap diff compares two. */

#include "cli/matrix.h"

#include <string.h>

#include "cli/pool.h"
#include "core/escape.h"
#include "core/record.h"
#include "emit/matrix.h"

enum { MATRIX_MOST = 100, MATRIX_PATTERNS = 62 };

struct matrix_run {
    struct context *ctx;
    struct matrix *m;
    struct pair {
        uint32_t a, b; /* classes */
    } * pairs;
    uint64_t unfit; /* bits of the first patterns of --include: those that fit no source */
    struct err *e;
};

static int read_one(struct context *ctx, struct str text, struct strbuf *out, struct err *e)
{
    struct source_spec spec;
    struct opened o = {0};
    unsigned facets;
    int rc = context_source(ctx, text, &spec, e) ||
             context_open_one(ctx, &spec, false, &facets, &o, e) ||
             source_catalog(&o, ctx->mem, e) || context_ledger(ctx, o.catalog, e);
    if (!rc) {
        uint64_t unfit = 0;
        for (uint32_t i = 0; i < ctx->filter.ninclude && i < MATRIX_PATTERNS; i++)
            unfit |= (uint64_t)!filter_pattern_fits(ctx->filter.include[i], o.catalog) << i;
        record_number(out, "facts", o.stream->count ? o.stream->count : o.catalog->n);
        record_hash(out, "key", record_key(o.catalog, facets, ctx->mem));
        record_hash(out, "print", o.catalog->fingerprint);
        record_number(out, "unfit", unfit);
        record_text(out, "version", o.catalog->version);
    }
    source_close(&o);
    return rc ? -1 : 0;
}

/* In a worker. */
static void read_source(void *arg, uint32_t job, struct strbuf *out)
{
    struct matrix_run *r = arg;
    struct err e;
    sb_char(out, '{');
    if (read_one(r->ctx, str_c(r->ctx->cmd.args[job]), out, &e))
        record_error(out, "error", &e);
    sb_char(out, '}');
}

static int worker_died(struct err *e, const char *why)
{
    return err_set(e, E_PARTIAL, "%s", why);
}

static int take_source(void *arg, uint32_t job, struct str record, const char *why, struct err *e)
{
    struct matrix_run *r = arg;
    struct matrix_source *s = &r->m->v[job];
    struct arena *mem = r->ctx->mem;
    (void)e;
    if (why)
        worker_died(&s->why, why);
    else if (!record_to_error(jc_get(record, "error"), mem, &s->why)) {
        s->facts = (uint64_t)jc_int(jc_get(record, "facts"));
        s->key = record_to_hash(jc_get(record, "key"), mem);
        r->unfit &= (uint64_t)jc_int(jc_get(record, "unfit"));
        s->fingerprint = record_to_hash(jc_get(record, "print"), mem);
        s->version = arena_str(mem, jc_text(mem, jc_get(record, "version")));
    }
    return 0;
}

static int compare_two(struct context *ctx, struct str a, struct str b, struct strbuf *out,
                       struct err *e)
{
    struct sides s = {0};
    struct changes *c;
    int rc = context_sides(ctx, a, b, &s, e) ||
             diff_streams(s.opened[0].stream, s.opened[1].stream, s.facets, ctx->mem, &c, e) ||
             context_ledgers(ctx, c, e);
    if (!rc)
        record_number(out, "changes", emit_count(c, ctx->mem));
    sides_close(&s);
    return rc ? -1 : 0;
}

/* In a worker. */
static void compare_pair(void *arg, uint32_t job, struct strbuf *out)
{
    struct matrix_run *r = arg;
    const struct matrix *m = r->m;
    const char **args = r->ctx->cmd.args;
    struct err e;
    sb_char(out, '{');
    if (compare_two(r->ctx, str_c(args[m->first[r->pairs[job].a]]),
                    str_c(args[m->first[r->pairs[job].b]]), out, &e))
        record_error(out, "error", &e);
    sb_char(out, '}');
}

static int take_pair(void *arg, uint32_t job, struct str record, const char *why, struct err *e)
{
    struct matrix_run *r = arg;
    struct matrix *m = r->m;
    uint32_t a = r->pairs[job].a, b = r->pairs[job].b;
    struct err *cell = &m->whys[a * m->nclasses + b];
    bool told = !why && !record_to_error(jc_get(record, "error"), r->ctx->mem, cell);
    (void)e;
    if (why)
        worker_died(cell, why);
    m->failed += !told;
    m->cells[a * m->nclasses + b] = m->cells[b * m->nclasses + a] =
        told ? jc_int(jc_get(record, "changes")) : -1;
    return 0;
}

static void find_classes(struct matrix *m, struct arena *mem)
{
    m->first = NEW_ARRAY(mem, uint32_t, m->n);
    for (uint32_t i = 0; i < m->n; i++) {
        uint32_t k = 0;
        if (m->v[i].why.code) {
            m->failed++;
            continue;
        }
        while (k < m->nclasses && !hash_eq(m->v[m->first[k]].key, m->v[i].key))
            k++;
        m->v[i].class = k;
        if (k == m->nclasses)
            m->first[m->nclasses++] = i;
    }
}

/* A group takes a class that equals all that are in it: a source of which a part is left out may
 * equal two that do not equal each other. */
static void find_groups(struct matrix *m, struct arena *mem)
{
    uint32_t *of = NEW_ARRAY(mem, uint32_t, m->nclasses);
    for (uint32_t c = 0; c < m->nclasses; c++) {
        bool fits = false;
        for (of[c] = 0; of[c] < m->ngroups && !fits; of[c] += !fits) {
            fits = true;
            for (uint32_t other = 0; other < c && fits; other++)
                fits = of[other] != of[c] || m->cells[c * m->nclasses + other] == 0;
        }
        m->ngroups += !fits;
    }
    for (uint32_t i = 0; i < m->n; i++)
        if (!m->v[i].why.code)
            m->v[i].group = of[m->v[i].class];
}

static int compare_all(struct matrix_run *r, unsigned workers, struct err *e)
{
    struct matrix *m = r->m;
    uint32_t n = 0;
    m->cells = NEW_ARRAY(r->ctx->mem, int64_t, mul_size(m->nclasses, m->nclasses));
    m->whys = NEW_ARRAY(r->ctx->mem, struct err, mul_size(m->nclasses, m->nclasses));
    r->pairs = NEW_ARRAY(r->ctx->mem, struct pair, mul_size(m->nclasses, m->nclasses));
    for (uint32_t a = 0; a < m->nclasses; a++)
        for (uint32_t b = a + 1; b < m->nclasses; b++)
            r->pairs[n++] = (struct pair){a, b};
    struct pool pairs = {workers, n, r, compare_pair, take_pair};
    return pool_run(&pairs, r->ctx->mem, e);
}

/* The first thing that could not be told, where all such end with one status; else E_PARTIAL. */
static int told_all(const struct matrix *m, struct err *e)
{
    const struct err *first = NULL;
    bool one_status = true;
    for (uint32_t i = 0; i < m->n + m->nclasses * m->nclasses; i++) {
        const struct err *one = i < m->n ? &m->v[i].why : &m->whys[i - m->n];
        if (!one->code)
            continue;
        first = first ? first : one;
        one_status = one_status && err_exit_code(one->code) == err_exit_code(first->code);
    }
    if (!first)
        return 0;
    if (one_status)
        *e = *first;
    else
        err_set(e, E_PARTIAL, "%u sources or pairs could not be told; the first: %.600s", m->failed,
                first->msg);
    return -1;
}

static int check_args(struct context *ctx, struct err *e)
{
    if (ctx->cmd.nargs < 2 || ctx->cmd.nargs > MATRIX_MOST) {
        err_set(e, E_USAGE, "snap diff --matrix takes from 2 to %d sources", MATRIX_MOST);
        return err_hint(e, "snap diff --matrix dev test prod; of more: snap drift --targets");
    }
    if (ctx->cmd.given.n[OPT_FORMAT] > 1)
        return err_set(e, E_USAGE, "snap diff --matrix writes one format");
    if (opt(ctx, OPT_RENAME).n || opt(ctx, OPT_FIND_RENAMES).p)
        return err_set(e, E_USAGE, "snap diff --matrix counts changes and confirms no renames");
    for (uint32_t i = 0; i < ctx->cmd.nargs; i++)
        if (strcmp(ctx->cmd.args[i], "-") == 0) {
            err_set(e, E_USAGE, "snap diff --matrix reads a source more than once, and not -");
            return err_hint(e, "put standard input into a file");
        }
    return context_check_outputs(ctx, e);
}

/* 1 in a worker. */
static int run(struct context *ctx, struct matrix *m, struct err *e)
{
    struct matrix_run r = {.ctx = ctx, .m = m, .unfit = UINT64_MAX};
    unsigned workers;
    if (check_args(ctx, e) || pool_workers(opt(ctx, OPT_JOBS), &workers, e))
        return -1;
    m->n = ctx->cmd.nargs;
    m->v = NEW_ARRAY(ctx->mem, struct matrix_source, m->n);
    for (uint32_t i = 0; i < m->n; i++) {
        char *label = arena_cstr(ctx->mem, str_c(ctx->cmd.args[i]));
        redact_urls(label);
        m->v[i].label = str_c(label);
    }
    struct pool sources = {workers, m->n, &r, read_source, take_source};
    int rc = pool_run(&sources, ctx->mem, e);
    if (rc)
        return rc;
    find_classes(m, ctx->mem);
    for (uint32_t i = 0; i < ctx->filter.ninclude && i < MATRIX_PATTERNS && m->nclasses; i++)
        if (r.unfit & (uint64_t)1 << i)
            return err_set(e, E_PATTERN_UNKNOWN, "--include %.*s fits nothing in any source",
                           STR_ARG(ctx->filter.include[i]));
    rc = compare_all(&r, workers, e);
    if (!rc)
        find_groups(m, ctx->mem);
    return rc;
}

int cmd_matrix(struct context *ctx, struct err *e)
{
    struct matrix m = {0};
    struct strbuf out = sb_new(ctx->mem, 0);
    struct str format = opt(ctx, OPT_FORMAT), file = opt(ctx, OPT_OUTPUT);
    enum matrix_format how;
    struct fail_on fail_on;
    size_t eq = str_chr(format, '=');
    if (eq < format.n) {
        file = str_from(format, eq + 1);
        format = str_sub(format, 0, eq);
    }
    if (matrix_format(format, &how, e) || fail_on_parse(opt(ctx, OPT_FAIL_ON), &fail_on, e))
        return -1;
    int rc = run(ctx, &m, e);
    if (rc)
        return rc == 1 ? 0 : -1;
    matrix_show(&m, how, ctx->mem, &out);
    bool to_file = file.n && !str_eq(file, STR("-"));
    if ((to_file || !ctx->quiet) && context_write(ctx, file, sb_view(&out), true, e))
        return -1;
    return told_all(&m, e) ? -1 : m.ngroups > 1 && !fail_on.never;
}
