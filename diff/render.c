/*
 * One transition between two states as statements. The same code renders both directions of a step:
 * the back side is the transition the other way round, on the states of that moment.
 */

#include <stdlib.h>
#include <string.h>

#include "diff/internal.h"

#ifdef SNAP_TEST_HOOKS
const char *plan_break_alter;
bool plan_break_back;
#endif

enum { MAX_ALTERS = 16 };

/* A member in this direction. */
struct task {
    const struct change *change; /* as seen in this direction */
    const struct kind_desc *kind;
    enum part part;
    struct str owner;
    const struct alter *alters[MAX_ALTERS]; /* what makes it, each once */
    uint32_t nalters;
    bool returns; /* dropped, to be made again by another step */
    bool done;
};

/* An owner that one call makes. */
struct owner_call {
    struct str path;
    const struct alter *alter;
    bool done;
};

struct renderer {
    const struct transition *t;
    struct ddl d;
    struct task *tasks;
    uint32_t ntasks;
    struct owner_call *owners;
    uint32_t nowners;
};

/* The change that a member is in this direction. */
static const struct change *as_seen(const struct renderer *r, const struct member *m)
{
    bool back = r->t->back;
    struct change *c = NEW(r->d.mem, struct change);
    *c = *m->change;
    c->before = back ? m->after : m->before;
    c->after = back ? m->before : m->after;
    c->op = !c->before ? OP_ADD : !c->after ? OP_DROP : OP_ALTER;
    if (!back || c->op != OP_ALTER)
        return c;
    struct attr_change *attrs = NEW_ARRAY(r->d.mem, struct attr_change, c->nattrs);
    for (uint32_t i = 0; i < c->nattrs; i++)
        attrs[i] = (struct attr_change){c->attrs[i].attr, c->attrs[i].after, c->attrs[i].before};
    c->attrs = attrs;
    return c;
}

/* Drops: what was made last goes first. Creates: by rank, then place, then path. */
static int by_order(const void *a, const void *b)
{
    const struct task *x = a, *y = b;
    if (x->part != y->part)
        return (int)x->part - (int)y->part;
    int sign = x->part == PART_DROP ? -1 : 1;
    if (x->kind->rank != y->kind->rank)
        return x->kind->rank < y->kind->rank ? -sign : sign;
    if (x->change->position != y->change->position)
        return x->change->position < y->change->position ? -sign : sign;
    return sign * path_cmp(change_obj(x->change)->path, change_obj(y->change)->path);
}

static struct str owner_path(const struct engine *eng, struct str path)
{
    for (;;) {
        int kind = engine_kind(eng, path_kind(path));
        struct str parent = path_parent(path);
        if (kind < 0 || !(eng->kinds[kind]->flags & KF_INLINE) || !parent.n)
            return path;
        path = parent;
    }
}

static void make_tasks(struct renderer *r)
{
    r->tasks = NEW_ARRAY(r->d.mem, struct task, r->t->nmembers);
    for (uint32_t i = 0; i < r->t->nmembers; i++) {
        const struct change *c = as_seen(r, &r->t->members[i]);
        enum part part = c->op == OP_DROP ? PART_DROP : c->op == OP_ADD ? PART_CREATE : PART_ALTER;
        r->tasks[r->ntasks++] =
            (struct task){.change = c,
                          .kind = obj_kind(r->t->eng, change_obj(c)),
                          .part = part,
                          .returns = part == PART_DROP && r->t->members[i].change->op == OP_ALTER,
                          .owner = owner_path(r->t->eng, change_obj(c)->path)};
    }
    if (r->ntasks)
        qsort(r->tasks, r->ntasks, sizeof *r->tasks, by_order);
}

/* Another task of this transition does the same to an ancestor, and this one goes with it. */
static bool is_covered(const struct renderer *r, const struct task *t)
{
    unsigned need = t->part == PART_CREATE ? KF_INLINE : KF_CASCADE;
    struct str path = change_obj(t->change)->path;
    if (t->part == PART_ALTER || !(t->kind->flags & need))
        return false;
    for (uint32_t i = 0; i < r->ntasks; i++) {
        struct str other = change_obj(r->tasks[i].change)->path;
        if (r->tasks[i].part == t->part && other.n < path.n && path_within(path, other))
            return true;
    }
    return false;
}

#ifdef SNAP_TEST_HOOKS
static bool is_broken(const struct renderer *r, const struct alter *alter)
{
    return plan_break_alter && str_eq(str_c(alter->name), str_c(plan_break_alter)) &&
           plan_break_back == r->t->back;
}
#endif

static int call(struct renderer *r, const struct alter *alter, const struct change *c,
                struct err *e)
{
    uint32_t had = r->d.stmts.n;
    int rc = alter->fn(&r->d, c, e);
#ifdef SNAP_TEST_HOOKS
    if (!rc && is_broken(r, alter))
        r->d.stmts.n = had;
#else
    (void)had;
#endif
    return rc;
}

/* What died with the owner and stands on both sides is made again. */
static int recreate(struct renderer *r, const struct alter *alter, struct str owner, struct err *e)
{
    struct view_iter it = view_iter(r->d.after, owner);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        const struct kind_desc *kind = obj_kind(r->t->eng, o);
        if (!word_in(alter->recreates, str_c(kind->name)) || !view_get(r->d.before, o->path))
            continue;
        uint32_t nhazards = r->d.hazards.n, nstmts = r->d.stmts.n;
        struct change c = {.op = OP_ADD, .after = o};
        if (call(r, kind->create, &c, e))
            return -1;
        r->d.hazards.n = nhazards; /* nothing new: it was there */
        for (uint32_t i = nstmts; i < r->d.stmts.n; i++)
            r->d.stmts.v[i].typed = NULL; /* part of one step, in one form */
    }
    return 0;
}

/* The one call for an owner, with what it destroys made again after it. */
static int call_owner(struct renderer *r, const struct alter *alter, struct str owner,
                      struct err *e)
{
    r->d.owner = owner;
    if (call(r, alter, NULL, e))
        return -1;
    return alter->recreates ? recreate(r, alter, owner, e) : 0;
}

static int no_statement(const struct task *t, struct arena *mem, struct err *e)
{
    struct strbuf name = sb_new(mem, 0);
    obj_human(&name, change_obj(t->change));
    return err_set(e, E_UNSUPPORTED_CHANGE, "%.*s: there is no statement for it",
                   STR_ARG(sb_view(&name)));
}

static const struct alter *first_alter(const struct task *t, uint32_t attr)
{
    if (t->part == PART_ALTER)
        return t->change->attrs[attr].attr->alter;
    return t->part == PART_CREATE ? t->kind->create : t->kind->drop;
}

static uint32_t first_alters(const struct task *t)
{
    return t->part == PART_ALTER ? t->change->nattrs : 1;
}

static void note_owner(struct renderer *r, const struct task *t, const struct alter *alter)
{
    for (uint32_t i = 0; i < r->nowners; i++)
        if (str_eq(r->owners[i].path, t->owner))
            return;
    r->owners[r->nowners++] = (struct owner_call){t->owner, alter, false};
}

/* What makes the task; an alter at the owner is noted there. */
static int resolve(struct renderer *r, struct task *t, struct err *e)
{
    for (uint32_t i = 0; i < first_alters(t); i++) {
        struct str carrier;
        const struct alter *alter = alter_resolve(&r->d, first_alter(t, i), t->change, &carrier);
        bool known = false;
        if (!alter)
            return no_statement(t, r->d.mem, e);
        for (uint32_t k = 0; k < t->nalters; k++)
            known = known || t->alters[k] == alter;
        if (known || !str_is_null(carrier))
            continue;
        if (t->nalters == MAX_ALTERS)
            BUG("a change that needs more than 16 statements of its own");
        t->alters[t->nalters++] = alter;
        if (alter->at_owner)
            note_owner(r, t, alter);
    }
    return 0;
}

/* The call for the task's owner, when there is one and it does all of the task. */
static struct owner_call *owner_of_task(struct renderer *r, const struct task *t)
{
    for (uint32_t i = 0; i < r->nowners; i++) {
        bool all = str_eq(r->owners[i].path, t->owner);
        for (uint32_t k = 0; all && k < first_alters(t); k++)
            all = alter_leads_to(first_alter(t, k), r->owners[i].alter);
        if (all)
            return &r->owners[i];
    }
    return NULL;
}

/* The call for an owner, once. */
static int call_once(struct renderer *r, struct owner_call *owner, struct err *e)
{
    bool done = owner->done;
    owner->done = true;
    return done ? 0 : call_owner(r, owner->alter, owner->path, e);
}

static int run_task(struct renderer *r, struct task *t, struct err *e)
{
    struct owner_call *owner = owner_of_task(r, t);
    if (t->part == PART_DROP && obj_holds_data(t->kind, change_obj(t->change)))
        ddl_hazard(&r->d, HZ_DATA_LOSS, change_obj(t->change)->path, "its %ss are lost",
                   (t->kind->flags & KF_INLINE) ? "value" : engine_row(r->t->eng));
    /* what is granted is granted again where it is among the facts */
    if (t->returns && !(r->d.facets & F_ACL) && kind_is_granted(t->kind))
        ddl_hazard(&r->d, HZ_GRANTS_LOST, change_obj(t->change)->path,
                   "what is granted on it is not compared, and not granted again");
    if (owner)
        return call_once(r, owner, e);
    for (uint32_t k = 0; !owner && k < r->nowners; k++)
        if (str_eq(r->owners[k].path, t->owner))
            owner = &r->owners[k];
    for (uint32_t i = 0; i < t->nalters; i++) {
        /* a part of it may be the owner's, the rest is done by itself */
        bool at_owner = owner && alter_leads_to(t->alters[i], owner->alter);
        if (at_owner ? call_once(r, owner, e) : call(r, t->alters[i], t->change, e))
            return -1;
    }
    return 0;
}

/* Beside a statement that can stand in no transaction the others run one by one too, in order. */
static void stand_alone(struct ddl *d)
{
    bool any = false;
    for (uint32_t i = 0; i < d->stmts.n; i++)
        any = any || (d->stmts.v[i].flags & ST_NO_TX);
    for (uint32_t i = 0; any && i < d->stmts.n; i++)
        d->stmts.v[i].flags = ST_NO_TX;
}

int render_transition(const struct transition *t, struct arena *mem, struct rendered *out,
                      struct err *e)
{
    struct renderer r = {.t = t};
    r.d = (struct ddl){.mem = mem,
                       .eng = t->eng,
                       .before = t->back ? t->after : t->before,
                       .after = t->back ? t->before : t->after,
                       .facets = t->facets,
                       .online = t->online,
                       .recreate = t->recreate,
                       .backfill = t->backfill,
                       .nbackfill = t->nbackfill,
                       .notes = t->notes,
                       .origin = t->origin,
                       .goal = t->goal};
    make_tasks(&r);
    r.owners = NEW_ARRAY(mem, struct owner_call, r.ntasks);
    for (uint32_t i = 0; i < r.ntasks; i++) {
        r.tasks[i].done = is_covered(&r, &r.tasks[i]);
        if (!r.tasks[i].done && resolve(&r, &r.tasks[i], e))
            return -1;
    }
    for (uint32_t i = 0; i < r.ntasks; i++)
        if (!r.tasks[i].done && run_task(&r, &r.tasks[i], e))
            return -1;
    if (t->online)
        stand_alone(&r.d);
    if (t->eng->effects)
        t->eng->effects(&r.d);
    *out = (struct rendered){.stmts = r.d.stmts.v,
                             .nstmts = r.d.stmts.n,
                             .hazards = r.d.hazards.v,
                             .nhazards = r.d.hazards.n,
                             .effects = r.d.effects.v,
                             .neffects = r.d.effects.n,
                             .order_differs = r.d.order_differs,
                             .lossy = r.d.lossy,
                             .at_owner = r.nowners > 0};
    return 0;
}
