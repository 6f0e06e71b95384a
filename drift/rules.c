/* Rules that let findings pass, and what is to be said of them. */

#include "core/pattern.h"
#include "drift/internal.h"

bool drift_rule_fits(const struct engine *eng, const struct ignore_rule *rule, struct str path,
                     struct arena *mem)
{
    return pattern_covers(eng, &rule->match, 1, path, mem);
}

bool drift_rule_is_for(const struct ignore_rule *r, struct str env)
{
    for (uint32_t i = 0; i < r->nenvs; i++)
        if (str_eq(r->envs[i], env))
            return true;
    return r->nenvs == 0;
}

static bool takes(const struct drift_request *req, const struct ignore_rule *r,
                  const struct drift_finding *f, struct arena *mem)
{
    return (!r->facets || (r->facets & f->facet)) && (!r->ops || (r->ops & 1u << f->change->op)) &&
           drift_rule_fits(req->changes->eng, r, change_obj(f->change)->path, mem);
}

bool drift_rule_is_over(const struct ignore_rule *r, struct str now)
{
    return r->expires.n && now.n && str_cmp(str_sub(now, 0, 10), r->expires) > 0;
}

/* The findings that a rule is asked about: those that no rule before it has taken. */
struct asked {
    uint32_t *v, n;
    uint32_t count; /* less what is pending, and what comes or goes with another */
};

static struct asked ask(const struct drift_request *req, const struct ignore_rule *r,
                        const struct drift_findings *f, uint32_t *room, struct arena *mem)
{
    struct asked out = {room, 0, 0};
    struct str whole = STR_NULL;
    for (uint32_t i = 0; i < f->n; i++) {
        const struct drift_finding *one = &f->v[i];
        struct str path = change_obj(one->change)->path;
        if (one->rule || !takes(req, r, one, mem))
            continue;
        out.v[out.n++] = i;
        bool inside = whole.n && path_within(path, whole) && !str_eq(path, whole);
        if (one->verdict == VERDICT_PENDING || inside)
            continue;
        out.count++;
        if (one->change->op != OP_ALTER)
            whole = path;
    }
    return out;
}

static void note(struct drift_findings *f, const struct ignore_rule *r, int what, uint32_t count)
{
    struct rule_note *n = &f->notes[f->nnotes++];
    n->rule = r;
    n->count = count;
    n->what = what;
}

void rules_apply(const struct drift_request *req, struct drift_findings *f, struct arena *mem)
{
    uint32_t *room = NEW_ARRAY(mem, uint32_t, f->n);
    f->notes = NEW_ARRAY(mem, struct rule_note, req->nrules);
    for (uint32_t i = 0; i < req->nrules; i++) {
        const struct ignore_rule *r = &req->rules[i];
        if (!drift_rule_is_for(r, req->env))
            continue;
        struct arena_mark mark = arena_mark(mem);
        struct asked a = ask(req, r, f, room, mem);
        arena_release(mem, mark);
        if (drift_rule_is_over(r, req->now))
            note(f, r, RULE_EXPIRED, a.count);
        else if (r->most && a.count > r->most)
            note(f, r, RULE_EXCEEDED, a.count);
        else if (!a.n && !r->preset.n)
            note(f, r, RULE_UNUSED, 0);
        else
            for (uint32_t k = 0; k < a.n; k++)
                f->v[a.v[k]].rule = r;
    }
}
