/* Lists of changeSets, held against one another. It knows ids and sums, no statement. */

#include "verify/steps.h"

#include <stdlib.h>

#include "verify/internal.h"

static struct str *sums_of(const struct stmt *list, uint32_t n, struct arena *mem)
{
    struct str *out = NEW_ARRAY(mem, struct str, n + 1);
    for (uint32_t i = 0; i < n; i++)
        out[i] = sha256_hex(mem, list[i].text);
    return out;
}

static struct step_sum sum_of(const struct replay_step *s, struct str title, struct arena *mem)
{
    return (struct step_sum){.id = s->id,
                             .author = s->author,
                             .title = title,
                             .fwd = sums_of(s->fwd, s->nfwd, mem),
                             .back = sums_of(s->back, s->nback, mem),
                             .nfwd = s->nfwd,
                             .nback = s->nback};
}

void sums_of_replay(const struct replay *replay, const struct plan *titles, struct arena *mem,
                    struct step_sums *out)
{
    *out = (struct step_sums){NEW_ARRAY(mem, struct step_sum, replay->n + 1), replay->n};
    for (uint32_t i = 0; i < replay->n; i++)
        out->v[i] =
            sum_of(&replay->v[i], titles && i < titles->n ? titles->v[i].title : STR_NULL, mem);
}

void sums_of_plan(const struct plan *plan, struct arena *mem, struct step_sums *out)
{
    *out = (struct step_sums){NEW_ARRAY(mem, struct step_sum, plan->n + 1), plan->n};
    for (uint32_t i = 0; i < plan->n; i++) {
        struct replay_step step;
        struct strbuf id = sb_new(mem, 0);
        plan_replay_step(plan, i, mem, &step);
        out->v[i] = sum_of(&step, plan->v[i].title, mem);
        hash_hex(&id, plan->v[i].id, 16);
        if (plan->v[i].repeat)
            sb_printf(&id, ".%u", plan->v[i].repeat);
        out->v[i].id = sb_view(&id);
    }
}

/* The place of the first difference of two lists from 1; 0 where only their lengths differ. */
static bool list_differs(const struct str *want, uint32_t nwant, const struct str *got,
                         uint32_t ngot, uint32_t *place)
{
    *place = 0;
    if (nwant != ngot)
        return true;
    for (uint32_t i = 0; i < nwant; i++)
        if (!str_eq(want[i], got[i])) {
            *place = i + 1;
            return true;
        }
    return false;
}

static bool same_statements(const struct step_sum *a, const struct step_sum *b)
{
    uint32_t place;
    return !list_differs(a->fwd, a->nfwd, b->fwd, b->nfwd, &place) &&
           !list_differs(a->back, a->nback, b->back, b->nback, &place);
}

/* A list sorted by id, for look-ups. */
struct by_id {
    struct str id;
    uint32_t at;
};

static int id_order(const void *a, const void *b)
{
    const struct by_id *x = a, *y = b;
    int c = str_cmp(x->id, y->id);
    return c ? c : (x->at > y->at) - (x->at < y->at);
}

static struct by_id *sorted(const struct step_sums *s, struct arena *mem)
{
    struct by_id *out = NEW_ARRAY(mem, struct by_id, s->n + 1);
    for (uint32_t i = 0; i < s->n; i++)
        out[i] = (struct by_id){s->v[i].id, i};
    if (s->n)
        qsort(out, s->n, sizeof *out, id_order);
    return out;
}

const struct step_sum *sums_twice(const struct step_sums *got, struct arena *mem)
{
    const struct by_id *list = sorted(got, mem);
    uint32_t first = got->n;
    for (uint32_t i = 1; i < got->n; i++)
        if (str_eq(list[i].id, list[i - 1].id) && list[i].at < first &&
            str_eq(got->v[list[i].at].author, got->v[list[i - 1].at].author))
            first = list[i].at;
    return first < got->n ? &got->v[first] : NULL;
}

/* Which of `got` stands for each of `want`: by id, else by statements. STEP_NONE: none. */

struct pairs {
    const struct step_sums *want, *got;
    uint32_t *of_want, *of_got;
};

static uint32_t find_id(const struct by_id *list, uint32_t n, struct str id)
{
    uint32_t lo = 0, hi = n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (str_cmp(list[mid].id, id) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < n && str_eq(list[lo].id, id) ? list[lo].at : STEP_NONE;
}

static void join(struct pairs *p, uint32_t want, uint32_t got)
{
    p->of_want[want] = got;
    p->of_got[got] = want;
}

static void pair_up(struct pairs *p, struct arena *mem)
{
    const struct by_id *ids = sorted(p->got, mem);
    uint32_t nwant = p->want->n, ngot = p->got->n, at = 0;
    p->of_want = NEW_ARRAY(mem, uint32_t, nwant + 1);
    p->of_got = NEW_ARRAY(mem, uint32_t, ngot + 1);
    for (uint32_t i = 0; i < nwant; i++)
        p->of_want[i] = STEP_NONE;
    for (uint32_t i = 0; i < ngot; i++)
        p->of_got[i] = STEP_NONE;
    for (uint32_t i = 0; i < nwant; i++) {
        uint32_t g = find_id(ids, ngot, p->want->v[i].id);
        if (g != STEP_NONE && p->of_got[g] == STEP_NONE)
            join(p, i, g);
    }
    /* under other ids, from where the last one was found */
    for (uint32_t i = 0; i < nwant; i++)
        for (uint32_t k = 0; k < ngot && p->of_want[i] == STEP_NONE; k++, at++)
            if (p->of_got[at % ngot] == STEP_NONE &&
                same_statements(&p->want->v[i], &p->got->v[at % ngot]))
                join(p, i, at % ngot);
}

uint32_t *sums_pairs(const struct step_sums *want, const struct step_sums *got, struct arena *mem)
{
    struct pairs p = {.want = want, .got = got};
    pair_up(&p, mem);
    return p.of_got;
}

/* What differs in the statements of one pair. */
static bool altered(const struct step_sum *want, const struct step_sum *got, struct finding *f)
{
    struct finding one = {.kind = FINDING_ALTERED, .step = got};
    if (list_differs(want->fwd, want->nfwd, got->fwd, got->nfwd, &one.stmt)) {
        one.wanted = want->nfwd;
        one.given = got->nfwd;
    } else if (list_differs(want->back, want->nback, got->back, got->nback, &one.stmt)) {
        one.back = true;
        one.wanted = want->nback;
        one.given = got->nback;
    } else {
        return false;
    }
    *f = one;
    return true;
}

static void note(struct finding *first, const struct finding *one)
{
    if (first->kind)
        first->more++;
    else
        *first = *one;
}

/* The first that stands before one that it should come after. */
static void find_moved(const struct pairs *p, struct finding *out)
{
    uint32_t next = 0;
    for (uint32_t g = 0; g < p->got->n; g++) {
        if (p->of_got[g] == STEP_NONE)
            continue;
        while (next < p->want->n && (p->of_want[next] == STEP_NONE || p->of_want[next] < g))
            next++;
        if (next >= p->want->n || p->of_got[g] == next)
            continue;
        struct finding one = {
            .kind = FINDING_MOVED, .step = &p->got->v[g], .other = &p->want->v[next]};
        note(out, &one);
        return; /* the others follow from it */
    }
}

struct finding sums_compare(const struct step_sums *want, const struct step_sums *got,
                            struct arena *mem)
{
    struct finding out = {0}, one;
    struct pairs p = {.want = want, .got = got};
    uint32_t same = 0;
    pair_up(&p, mem);
    const struct step_sum *twice = sums_twice(got, mem);
    if (twice) {
        one = (struct finding){.kind = FINDING_TWICE, .step = twice};
        note(&out, &one);
    }
    for (uint32_t i = 0; i < want->n; i++) {
        if (p.of_want[i] == STEP_NONE)
            continue;
        bool differs = altered(&want->v[i], &got->v[p.of_want[i]], &one);
        if (differs)
            note(&out, &one);
        same += !differs;
    }
    for (uint32_t i = 0; i < want->n; i++) {
        one = (struct finding){.kind = FINDING_MISSING, .step = &want->v[i]};
        if (p.of_want[i] == STEP_NONE)
            note(&out, &one);
    }
    for (uint32_t i = 0; i < got->n; i++) {
        one = (struct finding){.kind = FINDING_EXTRA, .step = &got->v[i]};
        if (p.of_got[i] == STEP_NONE && &got->v[i] != twice)
            note(&out, &one);
    }
    find_moved(&p, &out);
    out.same = same;
    return out;
}

static void put_step(const struct step_sum *s, struct strbuf *out)
{
    sb_printf(out, "changeSet %.*s", STR_ARG(s->id));
    if (s->title.n)
        sb_printf(out, " (%.*s)", STR_ARG(s->title));
}

static void put_altered(const struct finding *f, struct strbuf *out)
{
    const char *where = f->back ? " of its rollback" : "";
    if (f->stmt)
        sb_printf(out, " was altered: statement %u%s is another", f->stmt, where);
    else
        sb_printf(out, " was altered: it has %u statement%s%s, not %u", f->given,
                  f->given == 1 ? "" : "s", f->back ? " in its rollback" : "", f->wanted);
}

void finding_text(const struct finding *f, struct strbuf *out)
{
    if (!f->kind)
        return;
    put_step(f->step, out);
    switch (f->kind) {
    case FINDING_TWICE:
        sb_c(out, " stands twice");
        break;
    case FINDING_ALTERED:
        put_altered(f, out);
        break;
    case FINDING_MISSING:
        sb_c(out, " is missing");
        break;
    case FINDING_EXTRA:
        sb_c(out, " is none of the changes");
        break;
    case FINDING_MOVED:
        sb_c(out, " stands too early: before ");
        put_step(f->other, out);
        break;
    case FINDING_NONE:
        break;
    }
    if (f->more)
        sb_printf(out, ", and %u more differ%s", f->more, f->more == 1 ? "s" : "");
}
