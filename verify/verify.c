/* The replay: forward, back and forward again for each step, then everything back. */

#include "verify/internal.h"

#include <stdlib.h>

enum {
    READ_ALL_BELOW = 3000, /* facts: up to here the whole schema is read after each step */
    READ_ALL_WORK = 40000, /* and as long as facts times steps are fewer */
};

static int take_digests(struct prover *p, const struct catalog *cat, struct arena *mem,
                        struct digests *out, struct err *e)
{
    return rows_digest(p->eng, p->s, cat_without_data(cat, p->opt, mem), mem, out, e);
}

/* Facts of a view, all (NULL) or those of some objects, as a catalog. */
static struct catalog *catalog_of_view(const struct prover *p, const struct view *v,
                                       const struct tops *only, struct arena *mem)
{
    struct catalog *cat = cat_new(mem, p->eng, p->opt->facets, STR("the plan"));
    struct view_iter it = view_iter(v, STR(""));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        if (only && !tops_hold(only, engine_top(p->eng, o->path)))
            continue;
        cat_add_own(cat, o);
        cat->v[cat->n - 1].flags &= (uint16_t)~OBJ_IGNORED;
    }
    cat->captured = ~0u;
    cat->version = p->plan->to->version;
    return cat;
}

static int by_ends(const void *a, const void *b)
{
    const struct top_edge *x = a, *y = b;
    int c = str_cmp(x->from, y->from);
    return c ? c : str_cmp(x->to, y->to);
}

static void note_edges(struct prover *p, const struct catalog *cat)
{
    for (uint32_t i = 0; i < cat->n; i++) {
        struct jc_iter it = jc_iter(cat->v[i].deps);
        struct str key, raw, top = engine_top(p->eng, cat->v[i].path);
        while (jc_next(&it, &key, &raw)) {
            struct str other = engine_top(p->eng, jc_text(p->mem, raw));
            struct top_edge to = {top, other}, back = {other, top};
            if (str_eq(top, other))
                continue;
            VEC_PUSH(p->mem, p->edges, to);
            VEC_PUSH(p->mem, p->edges, back);
        }
    }
}

/* Which top objects need one another, on either side of the plan. */
static void find_edges(struct prover *p)
{
    note_edges(p, p->plan->states[p->plan->nrenames]);
    note_edges(p, p->plan->to);
    if (p->edges.n)
        qsort(p->edges.v, p->edges.n, sizeof *p->edges.v, by_ends);
}

/* What a step touches with what needs it and what it needs: a foreign key or a trigger may carry
 * there what happens to its rows. */
static struct tops near(const struct prover *p, uint32_t i, struct arena *mem)
{
    struct tops own = lay_touched(p, i, mem), all = {0};
    for (uint32_t k = 0; k < own.n; k++) {
        uint32_t lo = 0, hi = p->edges.n;
        VEC_PUSH(mem, all, own.v[k]);
        while (lo < hi) {
            uint32_t mid = lo + (hi - lo) / 2;
            if (str_cmp(p->edges.v[mid].from, own.v[k]) < 0)
                lo = mid + 1;
            else
                hi = mid;
        }
        for (; lo < p->edges.n && str_eq(p->edges.v[lo].from, own.v[k]); lo++)
            VEC_PUSH(mem, all, p->edges.v[lo].to);
    }
    tops_sort(&all);
    return all;
}

/* Everything, where the schema is small or a file is replayed. */
static bool reads_all(const struct prover *p, uint32_t i)
{
    return p->full || !p->plan || i < p->plan->nrenames;
}

/* Reads what step i touches and what hangs together with it, or everything. */
static int read_touched(struct prover *p, uint32_t i, struct arena *mem, struct catalog **out,
                        struct err *e)
{
    struct tops only = reads_all(p, i) ? (struct tops){0} : near(p, i, mem);
    return scratch_read(p->eng, p->s, p->opt, only.v, only.n, false, mem, out, e);
}

/* Links of two objects are whole at both ends of a plan; between them they are not looked at. */
static void without_links(struct changes *c)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        bool links = c->v[i].op == OP_ALTER;
        for (uint32_t k = 0; k < c->v[i].nattrs; k++)
            links = links && (c->v[i].attrs[k].attr->flags & AF_LINK);
        if (!links)
            c->v[n++] = c->v[i];
    }
    c->n = n;
}

/* Holds what was read against what was planned (or, for a file, seen) as state `want`. */
static int check_state(struct prover *p, uint32_t step, uint32_t want, const struct catalog *read,
                       struct arena *mem, struct err *e)
{
    struct catalog *expected;
    struct changes *changes;
    if (p->plan) {
        bool all = reads_all(p, step);
        struct tops only = all ? (struct tops){0} : near(p, step, mem);
        struct view v = plan_state(p->plan, want, mem);
        expected = catalog_of_view(p, &v, all ? NULL : &only, mem);
        if (cat_finish(expected, e))
            return -1;
    } else if (!p->seen[want]) {
        return scratch_read(p->eng, p->s, p->opt, NULL, 0, false, p->mem, &p->seen[want], e);
    } else {
        expected = p->seen[want];
    }
    if (scratch_diff(expected, read, p->opt->facets, mem, &changes, e))
        return -1;
    if (want > 0 && want < p->n) {
        without_links(changes);
        if (p->plan)
            without_transit(p->plan, changes, mem);
    }
    if (!changes->n)
        return 0;
    return err_set(e, E_VERIFY_FAILED, "%.*s", STR_ARG(first_difference(changes, mem)));
}

/* The rows stop this direction: a hazard, where the plan does not know it. */
static void note_data_dependent(struct prover *p, uint32_t i, bool back, const struct err *why)
{
    if (!p->plan)
        return;
    struct step *s = &p->plan->v[i];
    uint32_t *n = back ? &s->nback_hz : &s->nhz;
    struct hazard **list = back ? &s->back_hz : &s->hz;
    for (uint32_t k = 0; k < *n; k++)
        if ((*list)[k].code == HZ_DATA_DEPENDENT)
            return; /* the plan knows */
    struct hazard *more = NEW_ARRAY(p->mem, struct hazard, *n + 1);
    for (uint32_t k = 0; k < *n; k++)
        more[k] = (*list)[k];
    more[*n] = (struct hazard){HZ_DATA_DEPENDENT, s->title, arena_str(p->mem, str_c(why->msg)),
                               s->subject};
    *list = more;
    ++*n;
}

/* Ends what a failed step has left open. What runs in no transaction may have done its part by
 * then: it cannot be tried again from there, but from the begin of everything. */
static int end_failed(struct prover *p, uint32_t i, bool back, const struct catalog *was,
                      struct arena *mem, const struct err *why, struct err *e)
{
    const struct live_ops *live = p->eng->live;
    struct catalog *is;
    struct changes *changes;
    if ((live->reset && live->reset(p->s, e)) || read_touched(p, i, mem, &is, e) ||
        diff_catalogs(was, is, p->opt->facets, mem, &changes, e))
        return -1;
    p->half_done = changes->n > 0;
    if (p->half_done)
        note_data_dependent(p, i, back, why), *e = *why;
    return p->half_done ? -1 : 0;
}

/* Runs one direction. Where only the rows stop it, it is tried with plainer ones, and at last with
 * none, in the tables that it touches or in all (*emptied). *before: the digests of the rows that
 * it took. */
static int run_step(struct prover *p, uint32_t i, bool back, const struct catalog *cat,
                    struct arena *mem, struct digests *before, enum emptied *emptied, struct err *e)
{
    struct replay_step step;
    struct err why, last;
    const struct live_ops *live = p->eng->live;
    if (p->plan)
        plan_replay_step(p->plan, i, mem, &step);
    else
        step = p->replay->v[i];
    p->report->statements += back ? step.nback : step.nfwd;
    *emptied = NONE_EMPTY;
    if (take_digests(p, cat, mem, before, e))
        return -1;
    if (run_statements(p->eng, p->s, &step, back, &why) == 0)
        return 0;
    *e = why;
    if (why.code != E_VERIFY_FAILED || !live->empty || !live->fill)
        return -1;
    last = why;
    for (unsigned plain = p->plain + 1;; plain++) {
        if (end_failed(p, i, back, cat, mem, &last, e))
            return -1;
        if (!live->refill || plain > MOST_PLAIN)
            ++*emptied;
        if ((*emptied ? lay_none(p, i, *emptied, mem, e) : lay_anew(p, plain, mem, e)) ||
            take_digests(p, cat, mem, before, e))
            return -1;
        if (run_statements(p->eng, p->s, &step, back, &last) == 0)
            break;
        *e = last;
        if (*emptied == ALL_EMPTY || e->code != E_VERIFY_FAILED)
            return -1;
    }
    note_data_dependent(p, i, back, &why);
    if (*emptied && !p->emptied[i]) {
        p->emptied[i] = true;
        p->report->data_dependent++;
    }
    return 0;
}

static struct str step_name(const struct prover *p, uint32_t i)
{
    return p->plan ? p->plan->v[i].title : p->replay->v[i].id;
}

static int named(const struct prover *p, uint32_t i, bool back, struct err *e)
{
    if (e->code != E_VERIFY_FAILED)
        return -1;
    err_wrap(e, "step %u of %u, %s%.*s", i + 1, p->n, back ? "undoing: " : "",
             STR_ARG(step_name(p, i)));
    return -1;
}

static bool is_impossible(const struct prover *p, uint32_t i)
{
    return p->plan && p->plan->v[i].rev == REV_NONE;
}

static void forget(struct prover *p)
{
    if (p->now_mem)
        arena_free(p->now_mem);
    p->now_mem = NULL;
    p->now = NULL;
}

/* The step of a plan that tells what the rows may lose. */
static struct rows_step rows_step_of(const struct prover *p, uint32_t i, bool back)
{
    const struct verify_options *o = p->opt;
    if (p->plan || !o->like || o->like_step[i] >= o->like->n)
        return (struct rows_step){p->plan, i, back};
    return (struct rows_step){o->like, o->like_step[i], back};
}

/* One transition and its checks. Where everything is read, what was there after one transition is
 * there before the next: between them only rows change. */
static int transition(struct prover *p, uint32_t i, bool back, struct err *e)
{
    struct arena *mem = arena_new(0), *after_mem = arena_new(0);
    struct digests before, after;
    struct catalog *was = p->now, *is = NULL;
    enum emptied emptied = NONE_EMPTY;
    const struct rows_step st = rows_step_of(p, i, back);
    int rc = was ? 0 : read_touched(p, i, mem, &was, e);
    if (!rc)
        rc = run_step(p, i, back, was, mem, &before, &emptied, e);
    if (!rc)
        rc = read_touched(p, i, after_mem, &is, e);
    if (!rc)
        rc = check_state(p, i, back ? i : i + 1, is, mem, e);
    if (!rc)
        rc = take_digests(p, is, mem, &after, e);
    if (!rc)
        rc = rows_compare(&st, p->eng, &before, &after, e);
    const struct transition t = {was, is, &before, emptied != NONE_EMPTY};
    if (!rc)
        rc = record_step(p, i, back, &t, e);
    if (!rc && emptied)
        rc = lay_back(p, i, emptied, mem, e);
    forget(p);
    arena_free(mem);
    if (!rc && p->full) {
        p->now = is;
        p->now_mem = after_mem;
        return 0;
    }
    arena_free(after_mem);
    return rc ? named(p, i, back, e) : 0;
}

/* The next step gets the rows that show most again. */
static int refresh_rows(struct prover *p, struct err *e)
{
    struct arena *mem = arena_new(0);
    int rc = p->plain != p->least ? lay_anew(p, p->least, mem, e) : 0;
    arena_free(mem);
    return rc;
}

static void tell(const struct prover *p, uint32_t done)
{
    if (p->opt->progress)
        p->opt->progress(p->opt->progress_ctx, done, 2 * p->n);
}

/* The whole schema against a catalog; without one (NULL) only its fingerprint is taken. */
static int check_end(struct prover *p, const struct catalog *want, const char *what, struct err *e)
{
    struct arena *mem = arena_new(0);
    struct catalog *read;
    struct changes *changes;
    int rc = scratch_read(p->eng, p->s, p->opt, NULL, 0, false, mem, &read, e);
    if (!rc)
        rc = cat_cut(read, p->opt, e);
    if (!rc && want)
        rc = scratch_diff(want, read, p->opt->facets, mem, &changes, e);
    if (!rc && want && changes->n)
        rc = err_set(e, E_VERIFY_FAILED, "%s: %.*s", what, STR_ARG(first_difference(changes, mem)));
    if (!rc) {
        p->report->fingerprint = read->fingerprint;
        p->report->server = arena_str(p->mem, read->version);
    }
    arena_free(mem);
    return rc;
}

static int forward_all(struct prover *p, struct err *e)
{
    for (uint32_t i = 0; i < p->n; i++) {
        if (refresh_rows(p, e) || transition(p, i, false, e))
            return -1;
        p->report->one_way += is_impossible(p, i);
        if (!is_impossible(p, i) && (transition(p, i, true, e) || transition(p, i, false, e)))
            return -1;
        tell(p, i + 1);
    }
    return 0;
}

/* As far back as there is a way. */
static int back_all(struct prover *p, uint32_t *reached, struct err *e)
{
    for (*reached = p->n; *reached > 0; --*reached) {
        if (is_impossible(p, *reached - 1))
            return 0;
        if (transition(p, *reached - 1, true, e))
            return -1;
        tell(p, 2 * p->n - *reached + 1);
    }
    return 0;
}

/* Tables that hold rows now. */
static int count_filled(struct prover *p, const struct catalog *cat, struct err *e)
{
    struct arena *mem = arena_new(0);
    struct digests d;
    int rc = take_digests(p, cat, mem, &d, e);
    for (uint32_t i = 0; !rc && i < d.n; i++)
        p->report->tables += cat_find(cat, d.v[i].path) && rows_is_count(p->eng, d.v[i].path) &&
                             !str_starts(d.v[i].text, STR("0 "));
    arena_free(mem);
    return rc;
}

static int prove(struct prover *p, const struct catalog *from, const struct catalog *to,
                 struct err *e)
{
    uint32_t reached = 0;
    if (scratch_build(from, to, p->opt, p->mem, &p->s, e))
        return -1;
    struct catalog *all = cat_unfiltered(from, p->mem);
    if (lay_rows(p, all, p->least, e))
        return -1;
    if (count_filled(p, all, e))
        return -1;
    if (p->seen && scratch_read(p->eng, p->s, p->opt, NULL, 0, false, p->mem, &p->seen[0], e))
        return -1;
    if (forward_all(p, e))
        return -1;
    if (check_end(p, to, "at the end it is not the wanted state", e))
        return -1;
    struct hash128 at_end = p->report->fingerprint;
    if (back_all(p, &reached, e))
        return -1;
    if ((reached == 0 || p->opt->record) &&
        check_end(p, reached ? NULL : from, "after undoing everything it is not as before", e))
        return -1;
    p->report->undone = p->report->fingerprint;
    p->report->fingerprint = at_end;
    return 0;
}

static int run_once(struct prover *p, const struct catalog *from, const struct catalog *to,
                    struct err *e)
{
    *p->report =
        (struct verify_report){.steps = p->n, .data_dependent = p->least > MOST_PLAIN ? p->n : 0};
    if (p->opt->record)
        p->report->record = NEW_ARRAY(p->mem, struct step_record, p->n);
    p->emptied = NEW_ARRAY(p->mem, bool, p->n);
    p->plain = p->least;
    for (uint32_t i = 0; i < p->n && p->least > MOST_PLAIN; i++)
        p->emptied[i] = true;
    int rc = prove(p, from, to, e);
    forget(p);
    if (p->s)
        p->eng->live->close(p->s);
    p->s = NULL;
    return rc;
}

/* With plainer rows, at last with none, where a step has stopped half-way. */
static int run_again(struct prover *p, const struct catalog *from, const struct catalog *to,
                     struct err *e)
{
    for (p->least = 0;; p->least = p->eng->live->refill ? p->least + 1 : MOST_PLAIN + 1) {
        p->half_done = false;
        int rc = run_once(p, from, to, e);
        if (!rc || !p->half_done || e->code != E_VERIFY_FAILED || p->least > MOST_PLAIN)
            return rc;
    }
}

static int run_prover(struct prover *p, const struct catalog *from, const struct catalog *to,
                      struct err *e)
{
    uint32_t facts = from->n + (to ? to->n : 0);
    p->full = p->opt->record || (facts < READ_ALL_BELOW && (uint64_t)facts * p->n < READ_ALL_WORK);
    if (p->plan && !p->full)
        find_edges(p);
    int rc = run_again(p, from, to, e);
    if (!rc || e->code != E_VERIFY_FAILED || p->full || !p->plan)
        return rc;
    /* A step may have harmed what it should not have touched: reading all after each names it. */
    struct err first = *e;
    p->full = true;
    rc = run_again(p, from, to, e);
    if (!rc)
        *e = first;
    return -1;
}

int verify_plan(struct plan *plan, const struct catalog *from, const struct catalog *to,
                const struct verify_options *opt, struct arena *mem, struct verify_report *out,
                struct err *e)
{
    struct prover p = {
        .eng = plan->eng, .opt = opt, .mem = mem, .plan = plan, .n = plan->n, .report = out};
    return run_prover(&p, from, to, e);
}

int verify_replay(const struct replay *replay, const struct catalog *from, const struct catalog *to,
                  const struct verify_options *opt, struct arena *mem, struct verify_report *out,
                  struct err *e)
{
    struct prover p = {
        .eng = from->eng, .opt = opt, .mem = mem, .replay = replay, .n = replay->n, .report = out};
    p.seen = NEW_ARRAY(mem, struct catalog *, replay->n + 1);
    return run_prover(&p, from, to, e);
}
