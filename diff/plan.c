/*
 * From changes to a plan: units, their order, then each rendered both ways on the states around it.
 */

#include "diff/internal.h"

#include <stdlib.h>
#include <string.h>

static struct member member_of(const struct planner *p, const struct unit_member *um)
{
    const struct change *c = p->items.v[um->item].change;
    return (struct member){c, um->part == PART_CREATE ? NULL : c->before,
                           um->part == PART_DROP ? NULL : c->after};
}

static int by_member_path(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    return path_cmp(change_obj(x->change)->path, change_obj(y->change)->path);
}

/* States as overlays whose entries the steps turn over, one by one. */
struct states {
    struct view_entry *entries[2]; /* before and after the step at hand */
    struct view view[2];
};

static uint32_t entry_of(const struct states *st, struct str path)
{
    uint32_t lo = 0, hi = st->view[0].nover;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (path_cmp(st->entries[0][mid].path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static void states_begin(struct states *st, const struct planner *p)
{
    for (int s = 0; s < 2; s++) {
        st->entries[s] = NEW_ARRAY(p->mem, struct view_entry, p->items.n);
        for (uint32_t i = 0; i < p->items.n; i++)
            st->entries[s][i] =
                (struct view_entry){item_obj(p, i)->path, p->items.v[i].change->before};
        st->view[s] = (struct view){p->from, st->entries[s], p->items.n};
    }
}

static void turn(struct states *st, int side, const struct step *s)
{
    for (uint32_t i = 0; i < s->nmembers; i++)
        st->entries[side][entry_of(st, change_obj(s->members[i].change)->path)].obj =
            s->members[i].after;
}

/* Nothing brings this step back: its rollback fails and says so. */
static void irreversible(const struct planner *p, struct step *s, const struct err *why)
{
    struct strbuf text = sb_new(p->mem, 0);
    s->rev = REV_NONE;
    s->rev_why = arena_str(p->mem, str_c(why->msg));
    s->nback = 0;
    if (!p->eng->refuse)
        return;
    p->eng->refuse(s->rev_why, &text);
    s->back = NEW(p->mem, struct stmt);
    s->back[0] = (struct stmt){.lang = p->eng->lang, .text = sb_view(&text)};
    s->nback = 1;
}

static enum reversal reversal_of(const struct step *s, bool lossy, bool order_differs)
{
    for (uint32_t i = 0; i < s->nhz; i++) {
        if (hazard_severity(s->hz[i].code) == 3)
            return REV_SCHEMA;
        lossy = lossy || s->hz[i].code == HZ_CONVERT || s->hz[i].code == HZ_COUNTER_LOST;
    }
    return lossy ? REV_CLOSE : order_differs ? REV_ORDER : REV_EXACT;
}

static int render_step(const struct planner *p, const struct unit *u, struct step *s,
                       const struct view *before, const struct view *after, struct err *e)
{
    struct transition t = {.eng = p->eng,
                           .before = before,
                           .after = after,
                           .members = s->members,
                           .nmembers = s->nmembers,
                           .facets = p->req->facets,
                           .online = p->req->online,
                           .recreate = p->req->recreate,
                           .backfill = p->req->backfill,
                           .nbackfill = p->req->nbackfill,
                           .notes = p->notes,
                           .origin = p->from,
                           .goal = p->req->to};
    struct rendered fwd, back;
    struct err why;
    if (render_transition(&t, p->mem, &fwd, e))
        return -1;
    s->fwd = fwd.stmts;
    s->nfwd = fwd.nstmts;
    s->hz = fwd.hazards;
    s->nhz = fwd.nhazards;
    s->fx = fwd.effects;
    s->nfx = fwd.neffects;
    s->title = step_title(p, u, fwd.at_owner);
    t.back = true;
    if (render_transition(&t, p->mem, &back, &why)) {
        irreversible(p, s, &why);
        return 0;
    }
    s->back = back.stmts;
    s->nback = back.nstmts;
    s->back_hz = back.hazards;
    s->nback_hz = back.nhazards;
    s->back_fx = back.effects;
    s->nback_fx = back.neffects;
    s->rev = reversal_of(s, fwd.lossy, back.order_differs);
    return 0;
}

static void fill_step(const struct planner *p, const struct unit *u, struct step *s)
{
    s->members = NEW_ARRAY(p->mem, struct member, u->members.n);
    s->nmembers = u->members.n;
    for (uint32_t i = 0; i < u->members.n; i++)
        s->members[i] = member_of(p, &u->members.v[i]);
    qsort(s->members, s->nmembers, sizeof *s->members, by_member_path);
    s->subject = u->subject;
    s->phase = u->phase;
    s->id = step_id(s->members, s->nmembers, p->mem);
}

static int add_step(const struct planner *p, const struct unit *u, struct states *st,
                    struct plan *plan, struct err *e)
{
    struct step *s = &plan->v[plan->n];
    turn(st, 1, s);
    if (render_step(p, u, s, &st->view[0], &st->view[1], e))
        return -1;
    turn(st, 0, s);
    plan->n++;
    return 0;
}

/* What differs between two states of one object, as a change. */
static struct change *change_between(const struct planner *p, const struct obj *before,
                                     const struct obj *after)
{
    const struct kind_desc *kind = obj_kind(p->eng, after);
    struct change *c = NEW(p->mem, struct change);
    struct attr_change *attrs = NEW_ARRAY(p->mem, struct attr_change, kind->nattrs);
    *c = (struct change){.op = OP_ALTER, .before = before, .after = after, .attrs = attrs};
    for (size_t i = 0; i < kind->nattrs; i++) {
        struct str was = obj_raw(before, kind->attrs[i].name);
        struct str is = obj_raw(after, kind->attrs[i].name);
        if (!str_eq(was, is))
            attrs[c->nattrs++] = (struct attr_change){&kind->attrs[i], was, is};
    }
    return c;
}

/* The states of one object through which a unit goes from step to step: its own two ends, and what
 * the engine has put between them. */
struct stages {
    const struct obj *v[MAX_STAGES + 2];
    uint32_t n;             /* steps; v[0] to v[n] are the states */
    const struct change *c; /* the whole, as this unit makes it */
};

static bool has_stages(const struct planner *p, const struct unit *u, struct stages *out)
{
    if (!p->eng->stages || u->at_owner || u->members.n != 1)
        return false;
    struct member m = member_of(p, u->members.v);
    if (!m.after && p->items.v[u->members.v[0].item].replace)
        return false;
    struct change *c = NEW(p->mem, struct change);
    *c = *m.change;
    c->before = m.before;
    c->after = m.after;
    c->op = !m.before ? OP_ADD : !m.after ? OP_DROP : OP_ALTER;
    *out = (struct stages){.v = {m.before}, .c = c};
    uint32_t n = p->eng->stages(c, p->from, p->req->online, p->mem, out->v + 1);
    if (n > MAX_STAGES)
        BUG("more states between two than there is room for");
    out->n = n + 1;
    out->v[out->n] = m.after;
    return n > 0;
}

/* What comes before a drop leaves the object there, for the programs that still use it. */
static enum phase phase_of(const struct unit *u, const struct stages *st, uint32_t i)
{
    return st->c->op == OP_DROP && i + 1 < st->n ? u->first_phase : u->phase;
}

/* A transition that leaves the attributes as they are belongs to the whole change, and is called
 * after it. */
static void stage_step(const struct planner *p, const struct unit *u, const struct stages *st,
                       uint32_t i, struct step *s)
{
    const struct obj *before = st->v[i], *after = st->v[i + 1];
    struct change *part = NEW(p->mem, struct change);
    bool same = before && after && str_eq(before->a, after->a);
    if (same)
        *part = *st->c;
    else if (before && after)
        part = change_between(p, before, after);
    part->op = !before ? OP_ADD : !after ? OP_DROP : OP_ALTER;
    part->before = before;
    part->after = after;
    s->members = NEW_ARRAY(p->mem, struct member, 2);
    s->members[0] = (struct member){part, before, after};
    s->members[1] = (struct member){st->c, st->c->before, st->c->after};
    s->nmembers = 1;
    s->subject = u->subject;
    s->phase = phase_of(u, st, i);
    s->id = step_id(s->members, same ? 2 : 1, p->mem);
}

/* One unit as several steps: of two they are its halves. */
static int add_stages(const struct planner *p, const struct unit *u, const struct stages *stages,
                      struct states *st, struct plan *plan, struct err *e)
{
    for (uint32_t i = 0; i < stages->n; i++) {
        struct step *s = &plan->v[plan->n];
        stage_step(p, u, stages, i, s);
        if (add_step(p, u, st, plan, e))
            return -1;
        s->title =
            stages->n == 2
                ? arena_printf(p->mem, "%.*s, %s half", STR_ARG(s->title), i ? "second" : "first")
                : arena_printf(p->mem, "%.*s, step %u of %u", STR_ARG(s->title), i + 1, stages->n);
    }
    return 0;
}

/* Room for all steps of one unit. */
static void make_room(struct plan *plan, uint32_t *cap, struct arena *mem)
{
    if (*cap - plan->n > MAX_STAGES)
        return;
    struct step *more = NEW_ARRAY(mem, struct step, (size_t)2 * *cap);
    memcpy(more, plan->v, plan->n * sizeof *more);
    plan->v = more;
    *cap *= 2;
}

static int render_all(struct planner *p, const uint32_t *order, struct plan *plan, uint32_t cap,
                      struct err *e)
{
    struct states st;
    states_begin(&st, p);
    for (uint32_t i = 0; i < p->units.n; i++) {
        const struct unit *u = &p->units.v[order[i]];
        struct stages stages;
        if (!u->members.n)
            continue;
        make_room(plan, &cap, p->mem);
        bool staged = has_stages(p, u, &stages);
        if (!staged)
            fill_step(p, u, &plan->v[plan->n]);
        if (staged ? add_stages(p, u, &stages, &st, plan, e) : add_step(p, u, &st, plan, e))
            return -1;
    }
    return 0;
}

/* A confirmed rename as a step between two states that were read. */
static int rename_step(const struct planner *p, uint32_t i, struct step *s, struct err *e)
{
    const struct plan_rename *r = &p->req->renames[i];
    struct change *c = NEW(p->mem, struct change);
    struct member *m = NEW(p->mem, struct member);
    struct view views[2] = {{p->req->states[i], NULL, 0}, {p->req->states[i + 1], NULL, 0}};
    const struct alter *alter = obj_kind(p->eng, r->before)->rename;
    struct strbuf title = sb_new(p->mem, 0);
    *c = (struct change){.op = OP_ALTER, .before = r->before, .after = r->after};
    *m = (struct member){c, r->before, r->after};
    for (int back = 0; back < 2; back++) {
        struct change seen = *c;
        struct ddl d = {.mem = p->mem,
                        .eng = p->eng,
                        .before = &views[back],
                        .after = &views[!back],
                        .facets = p->req->facets,
                        .online = p->req->online,
                        .recreate = p->req->recreate};
        seen.before = back ? r->after : r->before;
        seen.after = back ? r->before : r->after;
        if (alter->fn(&d, &seen, e))
            return -1;
#ifdef SNAP_TEST_HOOKS
        if (plan_break_alter && str_eq(str_c(alter->name), str_c(plan_break_alter)) &&
            plan_break_back == (back != 0))
            d.stmts.n = 0;
#endif
        if (p->eng->effects)
            p->eng->effects(&d);
        *(back ? &s->back : &s->fwd) = d.stmts.v;
        *(back ? &s->nback : &s->nfwd) = d.stmts.n;
        *(back ? &s->back_hz : &s->hz) = d.hazards.v;
        *(back ? &s->nback_hz : &s->nhz) = d.hazards.n;
        *(back ? &s->back_fx : &s->fx) = d.effects.v;
        *(back ? &s->nback_fx : &s->nfx) = d.effects.n;
    }
    s->members = m;
    s->nmembers = 1;
    s->subject = r->before->path;
    sb_c(&title, "rename ");
    obj_human(&title, r->before);
    sb_c(&title, " to ");
    path_quote_name(&title, path_kind(r->after->path), obj_name(p->mem, r->after));
    s->title = sb_view(&title);
    s->id = step_id(m, 1, p->mem);
    return 0;
}

/* What is not modelled and hangs on an object could go with it, and the proof would not see it. */
static int check_ledger(const struct plan *plan, const struct catalog *from, struct err *e)
{
    for (uint32_t i = 0; i < plan->n; i++)
        for (uint32_t k = 0; k < plan->v[i].nmembers; k++) {
            const struct member *m = &plan->v[i].members[k];
            struct str path = m->before ? m->before->path : m->after->path;
            for (uint32_t l = 0; l < from->nledger; l++) {
                const struct ledger_entry *entry = &from->ledger[l];
                if (!entry->on.n || !path_within(path, entry->on))
                    continue;
                err_set(e, E_UNSUPPORTED_CHANGE,
                        "%.*s: it could take along the %.*s %.*s, which is not modelled: %.*s",
                        STR_ARG(plan->v[i].title), STR_ARG(entry->kind), STR_ARG(entry->name),
                        STR_ARG(entry->why));
                return err_hint(e, "mend the %.*s or drop it by hand, then try again",
                                STR_ARG(entry->kind));
            }
        }
    return 0;
}

int plan_make(const struct plan_request *req, struct arena *mem, struct plan **out, struct err *e)
{
    struct planner p = {.req = req, .eng = req->to->eng, .mem = mem};
    struct plan *plan = NEW(mem, struct plan);
    uint32_t *order;
    p.from = req->states[req->nrenames];
    p.notes = NEW(mem, void *);
    *p.notes = NULL;
    p.from_view = (struct view){p.from, NULL, 0};
    p.to_view = (struct view){req->to, NULL, 0};
    if (plan_units(&p, e))
        return -1;
    bool *stuck;
    plan_edges(&p);
    if (plan_order(&p, &order, &stuck, e)) {
        if (!plan_split(&p, stuck))
            return -1;
        p.edges.n = 0;
        plan_edges(&p);
        if (plan_order(&p, &order, &stuck, e))
            return -1;
    }
    const uint32_t cap = req->nrenames + p.units.n + MAX_STAGES + 1;
    *plan = (struct plan){.eng = p.eng,
                          .changes = req->changes,
                          .v = NEW_ARRAY(mem, struct step, cap),
                          .online = req->online,
                          .nrenames = req->nrenames,
                          .states = req->states,
                          .to = req->to};
    for (; plan->n < req->nrenames; plan->n++)
        if (rename_step(&p, plan->n, &plan->v[plan->n], e))
            return -1;
    if (render_all(&p, order, plan, cap, e) || check_ledger(plan, req->states[0], e))
        return -1;
    *out = plan;
    return 0;
}
