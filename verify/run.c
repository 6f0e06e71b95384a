/* Statements of a step on a scratch database. */

#include "core/interrupt.h"
#include "core/relation.h"
#include "verify/internal.h"

struct catalog *cat_unfiltered(const struct catalog *cat, struct arena *mem)
{
    struct catalog *copy = NEW(mem, struct catalog);
    *copy = *cat;
    copy->v = NEW_ARRAY(mem, struct obj, cat->n);
    for (uint32_t i = 0; i < cat->n; i++) {
        copy->v[i] = cat->v[i];
        copy->v[i].flags &= (uint16_t)~OBJ_IGNORED;
    }
    copy->cap = cat->n;
    return copy;
}

struct catalog *cat_without_data(const struct catalog *cat, const struct verify_options *opt,
                                 struct arena *mem)
{
    struct catalog *copy = cat_unfiltered(cat, mem);
    struct str last = STR_NULL; /* the last table that was left out */
    uint32_t n = 0;
    if (!opt->filter || !opt->filter->data.n)
        return copy;
    for (uint32_t i = 0; i < copy->n; i++) {
        struct str path = copy->v[i].path;
        if (last.n && path_within(path, last))
            continue;
        if (role_of(cat->eng, &copy->v[i]) == ROLE_TABLE &&
            data_takes(&opt->filter->data, cat, path, mem))
            last = path;
        else
            copy->v[n++] = copy->v[i];
    }
    copy->n = n;
    return copy;
}

/* Whether the column is the same at both ends of the plan. */
static bool column_stays(const struct plan *plan, struct str path)
{
    const struct obj *was = cat_find(plan->states[plan->nrenames], path);
    const struct obj *is = cat_find(plan->to, path);
    return was && is && str_eq(was->a, is->a);
}

static bool in_transit(const struct plan *plan, const struct change *c, struct arena *mem)
{
    struct str table, key, raw;
    if (!data_is_row(plan->eng, change_obj(c)->path, &table))
        return false;
    if (c->op != OP_ALTER) /* between old rows and new ones there may be none */
        return (obj_kind(plan->eng, change_obj(c))->flags & KF_ROWS) != 0;
    for (uint32_t i = 0; i < c->nattrs; i++)
        for (int side = 0; side < 2; side++) {
            struct str map = side ? c->attrs[i].after : c->attrs[i].before;
            struct str other = side ? c->attrs[i].before : c->attrs[i].after;
            struct jc_iter it = jc_iter(map);
            while (jc_next(&it, &key, &raw)) {
                struct str name = jc_text(mem, arena_printf(mem, "\"%.*s\"", STR_ARG(key))), was, k;
                struct jc_iter twin = jc_iter(other);
                bool same = false;
                while (!same && jc_next(&twin, &k, &was))
                    same = str_eq(k, key) && str_eq(was, raw);
                if (!same && column_stays(plan, path_join(mem, table, STR("column"), name)))
                    return false;
            }
        }
    return true;
}

void without_transit(const struct plan *plan, struct changes *c, struct arena *mem)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n; i++)
        if (!in_transit(plan, &c->v[i], mem))
            c->v[n++] = c->v[i];
    c->n = n;
}

int cat_cut(struct catalog *cat, const struct verify_options *opt, struct err *e)
{
    filter_apply(opt->filter, cat);
    for (size_t i = 0; i < 2; i++)
        if (opt->scope[i])
            filter_apply(opt->scope[i], cat);
    return cat_finish(cat, e);
}

/* A list with a transaction around it, as a deployer runs a changeset. */
static struct stmt *wrapped(const struct engine *eng, const struct stmt *list, uint32_t *n,
                            struct arena *mem)
{
    struct stmt *out = NEW_ARRAY(mem, struct stmt, *n + 2);
    uint32_t k = 0;
    out[k++] = (struct stmt){.lang = LANG_SQL, .text = str_c(eng->begin)};
    for (uint32_t i = 0; i < *n; i++)
        out[k++] = list[i];
    out[k++] = (struct stmt){.lang = LANG_SQL, .text = str_c(eng->commit)};
    *n = k;
    return out;
}

void plan_replay_step(const struct plan *p, uint32_t i, struct arena *mem, struct replay_step *out)
{
    const struct step *s = &p->v[i];
    bool own_tx;
    *out = (struct replay_step){.id = s->title};
    out->fwd = step_script(p, s, false, mem, &out->nfwd, &own_tx);
    out->back = step_script(p, s, true, mem, &out->nback, &own_tx);
    if (!own_tx && p->eng->begin) {
        out->fwd = wrapped(p->eng, out->fwd, &out->nfwd, mem);
        out->back = wrapped(p->eng, out->back, &out->nback, mem);
    }
}

int run_statements(const struct engine *eng, struct session *s, const struct replay_step *step,
                   bool back, struct err *e)
{
    const struct stmt *list = back ? step->back : step->fwd;
    uint32_t n = back ? step->nback : step->nfwd;
    if (eng->live->reset && eng->live->reset(s, e))
        return -1;
    for (uint32_t i = 0; i < n; i++) {
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (eng->live->exec(s, &list[i], e) == 0)
            continue;
        struct str head = str_sub(list[i].text, 0, 120);
        char why[512];
        snprintf(why, sizeof why, "%.500s", e->msg);
        if (e->code == E_VERIFY_FAILED)
            err_set(e, E_VERIFY_FAILED, "%s (in: %.*s%s)", why, STR_ARG(head),
                    head.n < list[i].text.n ? " ..." : "");
        return -1;
    }
    return 0;
}
