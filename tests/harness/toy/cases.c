/* Short forms for tests: schemas from scripts, changes and plans as text. */

#include "diff/internal.h"
#include "tests/harness/toy/toy.h"

static void must(int rc, const struct err *e)
{
    if (rc == 0)
        return;
    fprintf(stderr, "%s: %s\n", err_name(e->code), e->msg);
    abort();
}

struct catalog *toy_read_in(struct arena *mem, const char *script, unsigned facets)
{
    struct source src = {.text = STR("toy"), .place = str_c(script)};
    struct scope scope = {.facets = facets};
    struct session *s = NULL;
    struct err e;
    struct catalog *cat = cat_new(mem, &engine_toy, facets, STR("toy"));
    must(toy_live.open(&src, mem, &s, &e), &e);
    must(toy_live.introspect(s, &scope, cat, &e), &e);
    must(cat_finish(cat, &e), &e);
    toy_live.close(s);
    return cat;
}

struct catalog *toy_read(struct arena *mem, const char *script)
{
    return toy_read_in(mem, script, F_DEFAULT);
}

struct changes *toy_diff(struct arena *mem, const struct catalog *from, const struct catalog *to)
{
    struct changes *c = NULL;
    struct err e;
    must(diff_catalogs(from, to, from->facets, mem, &c, &e), &e);
    return c;
}

struct str toy_changes_text(struct arena *mem, const struct changes *c)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < c->n; i++) {
        sb_printf(&b, "%c %.*s", "+-~"[c->v[i].op], STR_ARG(change_obj(&c->v[i])->path));
        for (uint32_t k = 0; k < c->v[i].nattrs; k++)
            sb_printf(&b, " %s", c->v[i].attrs[k].attr->name);
        sb_char(&b, '\n');
    }
    return sb_view(&b);
}

struct str toy_changes(struct arena *mem, const char *from, const char *to)
{
    return toy_changes_text(mem, toy_diff(mem, toy_read(mem, from), toy_read(mem, to)));
}

int toy_try_plan(struct arena *mem, const struct catalog *from, const struct catalog *to,
                 struct plan **out, struct err *e)
{
    const struct catalog **states = NEW(mem, const struct catalog *);
    struct plan_request req = {.states = states, .to = to, .facets = from->facets};
    *states = from;
    req.changes = toy_diff(mem, from, to);
    return plan_make(&req, mem, out, e);
}

struct plan *toy_plan_in(struct arena *mem, const char *from, const char *to, unsigned facets)
{
    struct plan *p = NULL;
    struct err e;
    must(toy_try_plan(mem, toy_read_in(mem, from, facets), toy_read_in(mem, to, facets), &p, &e),
         &e);
    return p;
}

struct plan *toy_plan(struct arena *mem, const char *from, const char *to)
{
    return toy_plan_in(mem, from, to, F_DEFAULT);
}

static void put_statements(struct strbuf *b, const struct stmt *v, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (i)
            sb_c(b, "; ");
        sb_str(b, v[i].text);
    }
}

struct str toy_steps(const struct plan *p, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < p->n; i++) {
        sb_str(&b, p->v[i].title);
        sb_c(&b, " = ");
        put_statements(&b, p->v[i].fwd, p->v[i].nfwd);
        sb_c(&b, " | ");
        put_statements(&b, p->v[i].back, p->v[i].nback);
        sb_char(&b, '\n');
    }
    return sb_view(&b);
}

struct planner *toy_planner(struct arena *mem, const struct catalog *from, const struct catalog *to)
{
    const struct catalog **states = NEW(mem, const struct catalog *);
    struct plan_request *req = NEW(mem, struct plan_request);
    struct planner *p = NEW(mem, struct planner);
    *states = from;
    *req = (struct plan_request){.states = states, .to = to, .facets = from->facets};
    req->changes = toy_diff(mem, from, to);
    *p = (struct planner){.req = req, .eng = to->eng, .mem = mem, .from = from};
    p->from_view = (struct view){from, NULL, 0};
    p->to_view = (struct view){to, NULL, 0};
    return p;
}

struct str toy_units(const struct planner *p, const uint32_t *order)
{
    static const char *const words[] = {"drop", "create", "alter"};
    struct strbuf b = sb_new(p->mem, 0);
    for (uint32_t i = 0; i < p->units.n; i++) {
        const struct unit *u = &p->units.v[order ? order[i] : i];
        if (!u->members.n)
            continue;
        sb_printf(&b, "%s%.*s:", u->at_owner ? "!" : "", STR_ARG(u->subject));
        for (uint32_t m = 0; m < u->members.n; m++)
            sb_printf(&b, "%s %s %.*s", m ? "," : "", words[u->members.v[m].part],
                      STR_ARG(item_obj(p, u->members.v[m].item)->path));
        sb_char(&b, '\n');
    }
    return sb_view(&b);
}
