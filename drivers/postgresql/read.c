/*
 * Reading a database: one set-based query for each kind of object, each a file in queries/, whose
 * rows become facts by the names of their columns; then pg_depend, whose rows become deps.
 */

#include "drivers/postgresql/conn.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "drivers/postgresql/acl.h"
#include "drivers/postgresql/ask.h"
#include "drivers/postgresql/ledger.h"
#include "drivers/postgresql/rows.h"
#include "drivers/postgresql/versions.h"
#include "drivers/sql/query.h"
#include "drivers/sql/rowmap.h"

enum { MAX_TRIES = 8, MARK_SIZE = 80 };

/* Which fact an object of the catalogs is. */
struct ident {
    uint32_t class, oid;
    int32_t sub;
    uint32_t fact; /* index in the catalog */
};

/* A row of pg_depend. */
struct edge {
    struct ident from, to;
    char type;
};

struct reader {
    struct session *s;
    struct catalog *cat;
    struct arena *mem; /* for the time of the reading */
    VEC(struct ident) idents;
    VEC(struct edge) edges;
    struct strbuf missing; /* objects that are no facts */
};

static int by_ident(const void *a, const void *b)
{
    const struct ident *x = a, *y = b;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    if (x->oid != y->oid)
        return x->oid < y->oid ? -1 : 1;
    return x->sub < y->sub ? -1 : x->sub > y->sub;
}

static uint32_t oid_of(struct str s)
{
    int64_t n = 0;
    return str_int(s, &n) ? (uint32_t)n : 0;
}

static void note_ident(struct reader *r, struct str class, struct str oid, struct str sub,
                       uint32_t fact)
{
    int64_t column = 0;
    if (str_is_null(class) || str_is_null(oid))
        return;
    str_int(sub, &column);
    struct ident one = {oid_of(class), oid_of(oid), (int32_t)column, fact};
    VEC_PUSH(r->mem, r->idents, one);
}

/* Columns of a result that are the driver's own. */
struct own {
    int class, oid, sub, class2, oid2, acl, dflt, owner, fallback_owner;
};

static struct own own_columns(const struct rowmap *m)
{
    struct own o = {
        rowmap_column(m, "!class"),   rowmap_column(m, "!oid"),  rowmap_column(m, "!sub"),
        rowmap_column(m, "!class2"),  rowmap_column(m, "!oid2"), rowmap_column(m, "acl"),
        rowmap_column(m, "!default"), rowmap_column(m, "owner"), rowmap_column(m, "!owner")};
    return o;
}

static struct str at(const struct str *values, int column)
{
    return column < 0 ? STR_NULL : values[column];
}

static int read_row(struct reader *r, const struct rowmap *m, const struct own *o,
                    struct str *values, struct err *e)
{
    struct fact f;
    struct str order = STR_NULL;
    struct arena_mark mark = arena_mark(r->mem);
    if (o->acl >= 0) {
        struct str owner = o->owner >= 0 ? values[o->owner] : at(values, o->fallback_owner);
        values[o->acl] = pg_acl_map(r->mem, values[o->acl], at(values, o->dflt), owner, &order);
    }
    if (rowmap_fact(m, values, &f, e))
        return -1;
    if (!str_is_null(order))
        fact_src_raw(&f, "who", order);
    fact_end(&f);
    arena_release(r->mem, mark);
    note_ident(r, at(values, o->class), at(values, o->oid), at(values, o->sub), r->cat->n - 1);
    note_ident(r, at(values, o->class2), at(values, o->oid2), STR("0"), r->cat->n - 1);
    return 0;
}

/* The answer to one query of a kind. */
struct rows_of {
    struct reader *r;
    struct rowmap map;
    struct own own;
};

static int kind_row(void *ctx, const PGresult *row, struct err *e)
{
    struct rows_of *k = ctx;
    const char *names[ROWMAP_MAX];
    struct str values[ROWMAP_MAX];
    uint32_t n = (uint32_t)PQnfields(row);
    for (uint32_t i = 0; i < n && i < ROWMAP_MAX && !k->map.n; i++)
        names[i] = arena_cstr(k->r->mem, str_c(PQfname(row, (int)i)));
    if (!k->map.n) {
        rowmap_begin(&k->map, k->r->cat, names, n);
        k->own = own_columns(&k->map);
    }
    for (uint32_t i = 0; i < n; i++)
        values[i] = pg_value(row, 0, (int)i);
    return read_row(k->r, &k->map, &k->own, values, e);
}

static int take_kind(struct reader *r, struct err *e)
{
    struct rows_of k = {.r = r};
    return pg_pipe_take(r->s, kind_row, &k, e);
}

static int edge_row(void *ctx, const PGresult *row, struct err *e)
{
    struct reader *r = ctx;
    uint32_t v[6];
    (void)e;
    for (int i = 0; i < 6; i++)
        v[i] = oid_of(pg_value(row, 0, i));
    struct edge one = {
        {v[0], v[1], (int32_t)v[2], 0}, {v[3], v[4], (int32_t)v[5], 0}, pg_value(row, 0, 6).p[0]};
    VEC_PUSH(r->mem, r->edges, one);
    return 0;
}

static int by_edge(const void *a, const void *b)
{
    const struct edge *x = a, *y = b;
    int c = by_ident(&x->from, &y->from);
    return c ? c : by_ident(&x->to, &y->to);
}

static const struct ident *find_exact(const struct reader *r, struct ident id)
{
    return r->idents.n ? bsearch(&id, r->idents.v, r->idents.n, sizeof id, by_ident) : NULL;
}

/* The first edge of an object of the catalogs. */
static uint32_t first_edge(const struct reader *r, struct ident id)
{
    uint32_t lo = 0, hi = r->edges.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (by_ident(&r->edges.v[mid].from, &id) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* The fact that an object of the catalogs is, or is a part of: the rule of a view, the row type of
 * a table, the index of a constraint, a member of an extension. */
static const struct ident *find_fact(const struct reader *r, struct ident id)
{
    for (int hops = 0; hops < 6; hops++) {
        const struct ident *hit = find_exact(r, id);
        if (hit)
            return hit;
        struct ident whole = {id.class, id.oid, 0, 0}, next = {0, 0, 0, 0};
        if (id.sub && (hit = find_exact(r, whole)))
            return hit;
        for (uint32_t i = first_edge(r, whole);
             i < r->edges.n && by_ident(&r->edges.v[i].from, &whole) == 0; i++)
            if (r->edges.v[i].type == 'i' || r->edges.v[i].type == 'x')
                next = r->edges.v[i].to;
        if (!next.oid)
            return NULL;
        id = next;
    }
    return NULL;
}

/* One dep: fact `from` needs fact `to`. */
struct dep {
    uint32_t from, to;
};

static int by_dep(const void *a, const void *b)
{
    const struct dep *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->to < y->to ? -1 : x->to > y->to;
}

static int by_text(const void *a, const void *b)
{
    return path_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void put_deps(struct reader *r, const struct dep *v, uint32_t n)
{
    struct arena_mark mark = arena_mark(r->mem);
    struct str *list = NEW_ARRAY(r->mem, struct str, n);
    struct obj *o = &r->cat->v[v[0].from];
    struct strbuf b = sb_new(r->mem, 0);
    uint32_t used = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct str path = r->cat->v[v[i].to].path;
        if ((i == 0 || v[i].to != v[i - 1].to) && !path_within(o->path, path) &&
            !path_within(path, o->path))
            list[used++] = path;
    }
    if (used) {
        qsort(list, used, sizeof *list, by_text);
        jc_put_list(&b, list, used);
        o->deps = arena_str(r->cat->mem, sb_view(&b));
    }
    arena_release(r->mem, mark);
}

static void make_deps(struct reader *r)
{
    VEC(struct dep) deps = {0};
    if (r->edges.n)
        qsort(r->edges.v, r->edges.n, sizeof *r->edges.v, by_edge);
    for (uint32_t i = 0; i < r->edges.n; i++) {
        const struct edge *edge = &r->edges.v[i];
        const struct ident *from = edge->type == 'x' ? NULL : find_fact(r, edge->from);
        const struct ident *to = from ? find_fact(r, edge->to) : NULL;
        if (!to || from->fact == to->fact)
            continue;
        struct dep one = {from->fact, to->fact};
        VEC_PUSH(r->mem, deps, one);
    }
    if (deps.n)
        qsort(deps.v, deps.n, sizeof *deps.v, by_dep);
    for (uint32_t i = 0, k; i < deps.n; i = k) {
        for (k = i; k < deps.n && deps.v[k].from == deps.v[i].from;)
            k++;
        put_deps(r, deps.v + i, k - i);
    }
}

static struct str path_of(const void *ctx, uint32_t class, uint32_t oid, int32_t sub)
{
    const struct reader *r = ctx;
    struct ident id = {class, oid, sub, 0}, whole = {class, oid, 0, 0};
    const struct ident *hit = find_exact(r, id);
    hit = hit || !sub ? hit : find_exact(r, whole);
    return hit ? r->cat->v[hit->fact].path : STR_NULL;
}

static int keep_mark(void *ctx, const PGresult *row, struct err *e)
{
    (void)e;
    snprintf(ctx, MARK_SIZE, "%s %s", PQgetvalue(row, 0, 0), PQgetvalue(row, 0, 1));
    return 0;
}

/* Number and hash of the catalog rows in scope, in the picture of the transaction. */
static int watermark(struct session *s, char *mark, struct err *e)
{
    if (pg_pipe_open(s, e) || pg_ask(s, "watermark", e) || pg_pipe_sync(s, e))
        return -1;
    int rc = pg_pipe_take(s, keep_mark, mark, e);
    pg_pipe_skip(s);
    return pg_pipe_close(s, rc ? &(struct err){0} : e) ? -1 : rc;
}

/* Everything is sent at once; with `mark` the watermark, too. Who only compares needs neither deps
 * nor the ledger. */
static int send_reading(const struct asking *a, bool mark, bool deps, struct err *e)
{
    struct session *s = a->s;
    if (pg_pipe_open(s, e) || (mark && pg_ask(s, "watermark", e)))
        return -1;
    for (const struct sql_query *q = sql_queries; q->text; q++)
        if (pg_is_kind(q) && pg_ask_kind(a, q->name, e))
            return -1;
    if (deps && (pg_ask(s, "inventory", e) || pg_ask(s, "ledger", e) || pg_ask(s, "depend", e)))
        return -1;
    return pg_pipe_sync(s, e);
}

static int take_reading(struct reader *r, char *mark, bool deps, struct err *e)
{
    if (mark && pg_pipe_take(r->s, keep_mark, mark, e))
        return -1;
    for (const struct sql_query *q = sql_queries; q->text; q++)
        if (pg_is_kind(q) && take_kind(r, e))
            return -1;
    if (!deps)
        return 0;
    if (r->idents.n)
        qsort(r->idents.v, r->idents.n, sizeof *r->idents.v, by_ident);
    if (pg_take_ledger(r->s, &r->missing, r->cat, path_of, r, e) ||
        pg_pipe_take(r->s, edge_row, r, e))
        return -1;
    make_deps(r);
    return 0;
}

/* `mark` takes the watermark of the picture; NULL: it is not wanted. */
static int read_once(struct session *s, const struct scope *scope, struct catalog *cat, char *mark,
                     struct err *e)
{
    struct reader r = {.s = s, .cat = cat, .mem = arena_new(0)};
    struct asking a;
    bool deps = !scope->no_deps;
    r.missing = sb_new(r.mem, 0);
    cat->tmp = r.mem;
    int rc = s->ahead ? 0 : pg_asking(&a, s, scope, r.mem, e);
    if (!rc && !s->ahead)
        rc = send_reading(&a, mark != NULL, deps, e);
    s->ahead = false;
    if (!rc) {
        rc = take_reading(&r, mark, deps, e);
        pg_pipe_skip(s);
    }
    if (PQpipelineStatus(s->db) != PQ_PIPELINE_OFF && pg_pipe_close(s, rc ? &(struct err){0} : e))
        rc = -1;
    if (!rc)
        rc = pg_name_missing(s, &r.missing, cat, r.mem, path_of, &r, e);
    if (!rc && scope->data.n)
        rc = pg_read_data(s, scope, cat, e);
    cat->tmp = cat->mem;
    arena_free(r.mem);
    return rc;
}

/* A pause before the next try, in which others get on; false: no time is left. */
static bool pause_for(const struct session *s, unsigned tries)
{
    long ms = 10 + (long)(tries * 37 % 11 + tries * 5) * 5;
    struct timespec pause = {ms / 1000, ms % 1000 * 1000000L};
    if (s->deadline_ms && clock_ms() + ms >= s->deadline_ms)
        return false;
    nanosleep(&pause, NULL);
    return true;
}

enum { HOLDER_MS = 2000 };

/* Names who keeps the read waiting: the server says only that it waited. The time that the read had
 * may be up by then. */
static int busy(struct session *s, struct err *e)
{
    PGresult *r;
    struct err none;
    s->deadline_ms = s->deadline_ms ? clock_ms() + HOLDER_MS : 0;
    if (pg_begin(s, &none) ||
        pg_query(s,
                 "SELECT n.nspname || '.' || c.relname, l.pid, concat_ws(', ', coalesce(nullif("
                 "a.application_name, ''), 'no application_name'), to_char(a.query_start, "
                 "'\"query of\" YYYY-MM-DD HH24:MI:SS \"UTC\"')) FROM pg_locks l "
                 "JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = "
                 "c.relnamespace LEFT JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.granted "
                 "AND l.mode = 'AccessExclusiveLock' AND l.pid <> pg_backend_pid() AND l.database "
                 "= (SELECT oid FROM pg_database WHERE datname = current_database()) AND c.relkind "
                 "IN ('r', 'p', 'v', 'm', 'f') ORDER BY 2, 1 LIMIT 1",
                 &r, &none))
        return -1;
    if (PQntuples(r))
        err_wrap(e, "%.*s is locked by process %.*s (%.*s)", STR_ARG(pg_value(r, 0, 0)),
                 STR_ARG(pg_value(r, 0, 1)), STR_ARG(pg_value(r, 0, 2)));
    PQclear(r);
    return -1;
}

/* Functions that write a definition down see the catalogs as they are now and not as they were when
 * the transaction began (measured: a mixture of two states): what was read counts only when the
 * catalogs that they look at were the same at its beginning, in the transaction's picture, and
 * after it, in the picture of the next transaction. That one is the beginning of the next try.
 * *waiting: the last wait for a lock that was given up. */
static int try_at_rest(struct session *s, const struct scope *scope, struct catalog *cat,
                       struct err *waiting, struct err *e)
{
    char before[MARK_SIZE] = "", after[MARK_SIZE];
    unsigned tries = 0, most = s->tries ? s->tries : MAX_TRIES;
    bool ahead = s->ahead;
    if (!ahead && s->used && pg_begin(s, e))
        return -1;
    s->used = true;
    do {
        cat->n = 0;
        cat->nledger = 0;
        int rc = read_once(s, scope, cat, before[0] ? NULL : before, e);
        /* who waits long for the answers to be taken has statements that seem to take long */
        bool waited = rc && ahead && e->code == E_TIMEOUT;
        most += waited;
        ahead = false;
        if (rc && e->code == E_BUSY)
            *waiting = *e;
        if (rc && e->code != E_TORN && e->code != E_BUSY && !waited)
            return -1;
        if (pg_begin(s, rc ? &(struct err){0} : e) ||
            watermark(s, after, rc ? &(struct err){0} : e))
            return -1;
        if (!rc && strcmp(before, after) == 0)
            return 0;
        if (!rc)
            err_set(e, E_TORN, "%.*s changed while it was read, %u times", STR_ARG(s->label),
                    tries + 1);
        memcpy(before, after, sizeof before);
    } while (++tries < most && pause_for(s, tries));
    return -1;
}

/* Where the time was spent on waiting for a lock, that is what is wrong. */
static int read_at_rest(struct session *s, const struct scope *scope, struct catalog *cat,
                        struct err *e)
{
    struct err waiting = {0};
    if (try_at_rest(s, scope, cat, &waiting, e) == 0)
        return 0;
    if (e->code == E_TIMEOUT && waiting.code == E_BUSY)
        *e = waiting;
    return e->code == E_BUSY ? busy(s, e) : -1;
}

/* What was asked for alone; the queries read all. */
static void cut_to(struct catalog *cat, const struct scope *scope)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < cat->n; i++) {
        bool take = !scope->only;
        for (uint32_t k = 0; k < scope->nonly && !take; k++)
            take = str_eq(engine_top(cat->eng, cat->v[i].path), scope->only[k]);
        if (take)
            cat->v[n++] = cat->v[i];
    }
    cat->n = n;
}

int pg_ahead(struct session *s, const struct scope *scope, struct err *e)
{
    struct asking a;
    if (pg_asking(&a, s, scope, s->mem, e) || send_reading(&a, true, !scope->no_deps, e))
        return -1;
    s->ahead = true;
    return 0;
}

int pg_introspect(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e)
{
    const char *number = PQparameterStatus(s->db, "server_version");
    cat->version = pg_version_words(cat->mem, str_c(number ? number : ""), s->says);
    int rc = !s->scratch        ? read_at_rest(s, scope, cat, e)
             : pg_at_rest(s, e) ? -1
                                : read_once(s, scope, cat, NULL, e);
    cut_to(cat, scope);
    return rc;
}

const struct live_ops pg_live = {
    .open = pg_open,
    .introspect = pg_introspect,
    .ahead = pg_ahead,
    .scratch = pg_scratch,
    .exec = pg_scratch_exec,
    .reach = pg_reach,
    .reset = pg_scratch_reset,
    .script = pg_script,
    .fill = pg_fill,
    .refill = pg_refill,
    .empty = pg_empty,
    .rows = pg_digest,
    .sizes = pg_sizes,
    .watch = pg_watch,
    .watched = pg_watched,
    .applied = pg_applied,
    .deployments = pg_deployments,
    .versions = pg_versions,
    .cancel = pg_cancel,
    .close = pg_close,
};
