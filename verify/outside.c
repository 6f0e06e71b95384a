/* A changelog run by another program. What it did is read from the database: the schema, and the
 * ids that it has put down there. */

#include "core/interrupt.h"
#include "verify/internal.h"

struct outsider {
    const struct outside *by;
    const struct engine *eng;
    const struct verify_options *opt;
    struct arena *mem;
    struct session *s;
    struct reach at;
    VEC(struct catalog *) states; /* before the first changeSet, and after each */
    VEC(struct str) ids;          /* of the changeSets, in the order in which they ran */
};

struct applied {
    struct arena *mem;
    struct str *v;
    uint32_t n, cap;
};

static void put_id(void *ctx, struct str id)
{
    struct applied *a = ctx;
    VEC_PUSH(a->mem, *a, arena_str(a->mem, id));
}

static int read_ids(const struct outsider *o, struct applied *out, struct err *e)
{
    *out = (struct applied){.mem = o->mem};
    return o->eng->live->applied(o->s, put_id, out, e);
}

static int read_state(const struct outsider *o, struct catalog **out, struct err *e)
{
    return scratch_read(o->eng, o->s, o->opt, NULL, 0, false, o->mem, out, e) ||
                   cat_cut(*out, o->opt, e)
               ? -1
               : 0;
}

/* The id that is there now and was not before. */
static struct str new_id(const struct outsider *o, const struct applied *now)
{
    for (uint32_t i = 0; i < now->n; i++) {
        bool old = false;
        for (uint32_t k = 0; k < o->ids.n; k++)
            old = old || str_eq(o->ids.v[k], now->v[i]);
        if (!old)
            return now->v[i];
    }
    return STR("?");
}

static int call(const struct outsider *o, enum outside_call what, struct err *e)
{
    if (interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    return o->by->run(o->by->ctx, what, &o->at, e);
}

static int check(const struct outsider *o, const struct catalog *want, const char *when,
                 struct str id, struct err *e)
{
    struct catalog *read;
    struct changes *changes;
    if (read_state(o, &read, e) || scratch_diff(want, read, o->opt->facets, o->mem, &changes, e))
        return -1;
    if (!changes->n)
        return 0;
    return err_set(e, E_VERIFY_FAILED, "%s%.*s: %.*s", when, STR_ARG(id),
                   STR_ARG(first_difference(changes, o->mem)));
}

/* Ahead, one changeSet after the other, until none is left. */
static int ahead(struct outsider *o, struct err *e)
{
    struct catalog *state;
    if (read_state(o, &state, e))
        return -1;
    VEC_PUSH(o->mem, o->states, state);
    for (;;) {
        struct applied now;
        if (call(o, OUTSIDE_ONE, e)) {
            if (e->code == E_VERIFY_FAILED)
                err_wrap(e, "changeSet %u", o->ids.n + 1);
            return -1;
        }
        if (read_ids(o, &now, e))
            return -1;
        if (now.n <= o->ids.n)
            return 0;
        struct str id = new_id(o, &now);
        VEC_PUSH(o->mem, o->ids, id);
        if (read_state(o, &state, e))
            return -1;
        VEC_PUSH(o->mem, o->states, state);
    }
}

static int back(struct outsider *o, struct outside_report *out, struct err *e)
{
    for (uint32_t i = o->ids.n; i > 0; i--) {
        if (call(o, OUTSIDE_BACK, e)) {
            if (e->code == E_VERIFY_FAILED)
                err_wrap(e, "undoing changeSet %.*s", STR_ARG(o->ids.v[i - 1]));
            return -1;
        }
        if (check(o, o->states.v[i - 1], "undoing changeSet ", o->ids.v[i - 1], e))
            return -1;
        out->undone++;
    }
    return 0;
}

static int run(struct outsider *o, const struct catalog *from, const struct catalog *to,
               struct outside_report *out, struct err *e)
{
    if (scratch_build(from, to, o->opt, o->mem, &o->s, e) ||
        o->eng->live->reach(o->s, o->mem, &o->at, e) || ahead(o, e))
        return -1;
    const struct catalog *end = o->states.v[o->ids.n];
    out->steps = o->ids.n;
    out->fingerprint = end->fingerprint;
    if (to && check(o, to, "at the end it is not the wanted state", STR(""), e))
        return -1;
    if (back(o, out, e) || call(o, OUTSIDE_ALL, e))
        return -1;
    return check(o, end, "when all is done again it is another state", STR(""), e);
}

int verify_outside(const struct outside *by, const struct catalog *from, const struct catalog *to,
                   const struct verify_options *opt, struct arena *mem, struct outside_report *out,
                   struct err *e)
{
    struct verify_options options = *opt;
    struct outsider o = {.by = by, .eng = from->eng, .opt = &options, .mem = mem};
    const struct live_ops *live = o.eng->live;
    options.outside = true;
    *out = (struct outside_report){0};
    if (!live || !live->reach || !live->applied)
        return err_set(e, E_CANNOT_VERIFY, "%s: no other program can work on a scratch database",
                       o.eng->title);
    int rc = run(&o, from, to, out, e);
    if (o.s)
        live->close(o.s);
    return rc;
}
