/* Rules on a change: what it makes or alters, and what its steps do. */

#include <stdlib.h>

#include "policy/internal.h"

static struct policy_report *new_report(const struct policy *p, struct arena *mem)
{
    struct policy_report *r = NEW(mem, struct policy_report);
    r->policy = p;
    r->env = STR_NULL;
    return r;
}

static void count(struct policy_report *r)
{
    for (uint32_t i = 0; i < r->n; i++)
        *(r->v[i].rule->severity == POLICY_ERROR ? &r->errors : &r->warnings) += 1;
}

int policy_judge_state(const struct policy *p, const struct catalog *cat, struct arena *mem,
                       struct policy_report **out, struct err *e)
{
    struct policy_report *r = *out = new_report(p, mem);
    r->label = cat->label;
    r->engine = cat->eng->title;
    if (policy_state(p, cat, r, mem, e))
        return -1;
    for (uint32_t i = 0; i < p->n; i++)
        if (p->v[i].type == POLICY_FORBID)
            policy_idle(r, &p->v[i], mem);
    count(r);
    return 0;
}

/* Where in the order of paths the changes at or below a path begin. */
static uint32_t first_change(const struct changes *c, struct str path)
{
    uint32_t lo = 0, hi = c->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (path_cmp(change_obj(&c->v[mid])->path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* A confirmed rename gives the object a new name; what lies below it keeps its own. */
static bool is_renamed(const struct plan *plan, struct str path)
{
    for (uint32_t i = 0; i < plan->nrenames; i++)
        for (uint32_t k = 0; k < plan->v[i].nmembers; k++) {
            const struct member *m = &plan->v[i].members[k];
            if (m->before && m->after && str_eq(m->after->path, path) &&
                !str_eq(path_name_raw(m->before->path), path_name_raw(path)))
                return true;
        }
    return false;
}

/* Whether the change makes the object or alters it; a rule about a whole table also looks at what
 * lies in it. */
static bool is_touched(const struct plan *plan, const struct policy_finding *f)
{
    const struct changes *c = plan->changes;
    uint32_t at = first_change(c, f->path);
    bool whole = f->rule->type == POLICY_PRIMARY_KEY;
    if (at < c->n && path_within(change_obj(&c->v[at])->path, f->path) &&
        (whole || str_eq(change_obj(&c->v[at])->path, f->path)))
        return true;
    return is_renamed(plan, f->path);
}

static int by_rule_and_path(const void *a, const void *b)
{
    const struct policy_finding *x = a, *y = b;
    if (x->rule != y->rule)
        return x->rule < y->rule ? -1 : 1;
    return path_cmp(x->path, y->path);
}

/* The path of an object of FROM behind the confirmed renames, of itself or of what it lies in. */
static struct str path_now(const struct plan *plan, struct str path, struct arena *mem)
{
    for (uint32_t i = 0; i < plan->nrenames; i++)
        for (uint32_t k = 0; k < plan->v[i].nmembers; k++) {
            const struct member *m = &plan->v[i].members[k];
            if (!m->before || !m->after || !path_within(path, m->before->path))
                continue;
            struct str below = str_from(path, m->before->path.n);
            path = arena_printf(mem, "%.*s%.*s", STR_ARG(m->after->path), STR_ARG(below));
            break;
        }
    return path;
}

/* Both judged by themselves: what was wrong before the change and is not touched by it is nobody's
 * news. */
static int judge_change(const struct policy *p, const struct plan *plan, struct policy_report *r,
                        struct arena *mem, struct err *e)
{
    struct policy_report *was = new_report(p, mem), *is = new_report(p, mem);
    if (policy_state(p, plan->states[0], was, mem, e) || policy_state(p, plan->to, is, mem, e))
        return -1;
    for (uint32_t i = 0; i < was->n && plan->nrenames; i++)
        was->v[i].path = path_now(plan, was->v[i].path, mem);
    if (was->n)
        qsort(was->v, was->n, sizeof *was->v, by_rule_and_path);
    for (uint32_t i = 0; i < is->n; i++) {
        bool old = was->n && bsearch(&is->v[i], was->v, was->n, sizeof *was->v, by_rule_and_path);
        if (!old || is_touched(plan, &is->v[i]))
            policy_add(r, is->v[i], mem);
    }
    r->judged = plan->nrenames;
    for (uint32_t i = 0; i < plan->changes->n; i++)
        r->judged += plan->changes->v[i].op != OP_DROP;
    r->idle = is->idle;
    r->nidle = is->nidle;
    r->idle_cap = is->idle_cap;
    r->unjudged = is->unjudged;
    r->nunjudged = is->nunjudged;
    return 0;
}

int policy_judge_plan(const struct policy *p, const struct plan *plan, struct str env,
                      struct arena *mem, struct policy_report **out, struct err *e)
{
    struct policy_report *r = *out = new_report(p, mem);
    r->label = plan->changes->to.label;
    r->changes = true;
    r->env = env;
    r->engine = plan->eng->title;
    if (judge_change(p, plan, r, mem, e))
        return -1;
    policy_steps(p, plan, r, mem);
    if (r->n)
        qsort(r->v, r->n, sizeof *r->v, by_rule_and_path);
    count(r);
    return 0;
}

static bool has_word(const struct policy_list *list, const char *word)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (str_eq_c(list->v[i], word))
            return true;
    return false;
}

/* Whether the rule holds for the environment. */
static bool is_for(const struct policy_rule *rule, struct str env)
{
    bool any = !rule->in.n;
    for (uint32_t i = 0; i < rule->in.n; i++)
        any = any || str_eq(rule->in.v[i], STR("*")) ||
              (!str_is_null(env) && str_eq(rule->in.v[i], env));
    return any;
}

struct found {
    const struct policy_rule *rule;
    const struct plan *plan;
    uint32_t step;
    struct policy_report *r;
    struct arena *mem;
};

/* False: the rule does not look there. */
static bool forbidden(struct found *f, struct str path, struct str object, const char *word,
                      struct str detail, const char *expected)
{
    const struct step *s = &f->plan->v[f->step];
    struct strbuf human = sb_new(f->mem, 0);
    if (!policy_looks_at(f->rule, f->plan->eng, path, f->mem))
        return false;
    if (object.n)
        sb_str(&human, object);
    else
        path_human(&human, path);
    struct str message =
        arena_printf(f->mem, "is in step %u (%.*s), which is %s%s%.*s", f->step + 1,
                     STR_ARG(s->title), word, detail.n ? ": " : "", STR_ARG(detail));
    policy_add(f->r,
               (struct policy_finding){.rule = f->rule,
                                       .path = path,
                                       .object = sb_view(&human),
                                       .message = message,
                                       .expected = str_c(expected),
                                       .source = f->plan->changes->to.label,
                                       .step = f->step + 1},
               f->mem);
    return true;
}

static void judge_hazards(struct found *f, const struct step *s)
{
    bool destructive = has_word(&f->rule->steps, "destructive");
    for (uint32_t i = 0; i < s->nhz; i++) {
        const struct hazard *h = &s->hz[i];
        bool loses = hazard_severity(h->code) == 3;
        if (has_word(&f->rule->steps, hazard_name(h->code)) || (loses && destructive))
            forbidden(f, h->path, h->object, hazard_name(h->code), h->detail,
                      hazard_safer(h->code));
    }
}

/* An object that stays, but goes and comes within the plan, is nothing that a user loses. */
static bool is_breaking(const struct member *m)
{
    const struct change *c = m->change;
    return c && (c->op == OP_DROP || (c->op == OP_ALTER && c->nattrs));
}

static void judge_breaking(struct found *f, const struct step *s)
{
    bool rename = f->step < f->plan->nrenames;
    if (!has_word(&f->rule->steps, "breaking"))
        return;
    if (rename) {
        forbidden(f, s->subject, STR(""), "breaking", STR("a rename"),
                  "a new object beside the old one");
        return;
    }
    for (uint32_t i = 0; i < s->nmembers; i++) {
        const struct member *m = &s->members[i];
        if (!is_breaking(m))
            continue;
        bool drop = m->change->op == OP_DROP;
        if (forbidden(f, change_obj(m->change)->path, STR(""), "breaking",
                      drop ? STR("it goes") : STR("it changes"), "a change that only adds"))
            return; /* the first that the rule looks at */
    }
}

static void judge_step(struct found *f)
{
    const struct step *s = &f->plan->v[f->step];
    judge_hazards(f, s);
    judge_breaking(f, s);
    if (s->rev == REV_NONE && has_word(&f->rule->steps, "irreversible"))
        forbidden(f, s->subject, STR(""), "irreversible", s->rev_why, "a step with a way back");
}

/* Whether `only` fits anything on one side of the plan. */
static bool looks_at_any(const struct policy_rule *rule, const struct plan *plan, struct arena *mem)
{
    const struct catalog *sides[] = {plan->states[0], plan->to};
    bool any = !rule->only.n;
    for (int k = 0; k < 2; k++)
        for (uint32_t i = 0; i < sides[k]->n && !any; i++)
            any = policy_looks_at(rule, plan->eng, sides[k]->v[i].path, mem);
    return any;
}

void policy_steps(const struct policy *p, const struct plan *plan, struct policy_report *r,
                  struct arena *mem)
{
    for (uint32_t i = 0; i < p->n; i++) {
        if (p->v[i].type != POLICY_FORBID)
            continue;
        if (!is_for(&p->v[i], r->env) || !looks_at_any(&p->v[i], plan, mem)) {
            policy_idle(r, &p->v[i], mem);
            continue;
        }
        for (uint32_t k = 0; k < plan->n; k++) {
            struct found f = {.rule = &p->v[i], .plan = plan, .step = k, .r = r, .mem = mem};
            judge_step(&f);
        }
    }
}
