/* The live half of the toy engine: sessions on databases in memory, and what can go wrong there. */

#include "tests/harness/toy/toy.h"

#include "core/fact.h"

struct toy_faults toy_faults;
unsigned toy_sessions, toy_statements;

static struct session *new_session(void)
{
    struct arena *mem = arena_new(0);
    struct session *s = NEW(mem, struct session);
    s->mem = mem;
    toy_sessions++;
    return s;
}

static void close_session(struct session *s)
{
    if (!s)
        return;
    toy_sessions--;
    arena_free(s->mem);
}

static int run_script(struct session *s, struct str text, struct str label, struct err *e)
{
    struct script rest = {.rest = text};
    struct str stmt;
    while (engine_toy.split(&rest, &stmt))
        if (toy_run(s, stmt, e))
            return err_wrap(e, "%.*s", STR_ARG(label));
    return 0;
}

/* The place of a database is the script that makes it. */
static int open_session(const struct source *src, struct arena *mem, struct session **out,
                        struct err *e)
{
    (void)mem;
    *out = new_session();
    if (run_script(*out, src->place, src->text, e) == 0)
        return 0;
    close_session(*out);
    *out = NULL;
    return -1;
}

/* True at the call that is to fail. */
static bool fails(unsigned *countdown, const char *what, struct err *e)
{
    if (!*countdown || --*countdown)
        return false;
    err_set(e, toy_faults.code ? toy_faults.code : E_BUSY, "%s is broken", what);
    return true;
}

static void put_attr(struct fact *f, const struct attr_desc *row, struct str value)
{
    struct str one, items[16];
    int64_t n = 0;
    size_t k = 0;
    if (row->type == A_BOOL)
        fact_bool(f, row->name, str_eq(value, STR("true")));
    else if (row->type == A_INT && str_int(value, &n))
        fact_int(f, row->name, n);
    else if (row->type == A_LIST) {
        while (k < 16 && str_cut(&value, ',', &one))
            items[k++] = one;
        fact_list(f, row->name, items, k);
    } else
        fact_text(f, row->name, value);
}

/* What it needs: where it goes, the slot it hangs on, paths among the words of its body. */
static void put_deps(struct session *s, struct fact *f, const struct toy_thing *t)
{
    static const char *const keys[] = {"goes", "body"};
    struct str on = toy_attr(t, "on"), one;
    if (!str_is_null(on))
        fact_dep(f, path_join(f->cat->mem, path_parent(t->path), STR("slot"), on));
    for (int k = 0; k < 2; k++) {
        struct str rest = toy_attr(t, keys[k]);
        while (str_cut(&rest, k ? ' ' : ',', &one)) {
            if (path_is_valid(one) && toy_find(s, one))
                fact_dep(f, one);
            else if (path_is_valid(one))
                fact_dep(f, arena_printf(f->cat->mem, "!no %.*s", STR_ARG(one)));
        }
    }
}

static void put_fact(struct session *s, struct catalog *cat, const struct toy_thing *t,
                     bool no_deps)
{
    struct fact f;
    VEC(struct str) slots = {0};
    bool box = str_eq(path_kind(t->path), STR("box"));
    fact_begin(&f, cat, arena_cstr(cat->mem, path_kind(t->path)), path_parent(t->path),
               path_name(cat->mem, t->path));
    for (uint32_t i = 0; i < t->nattrs; i++)
        put_attr(&f, kind_attr(f.kind, t->attr[i].key), t->attr[i].value);
    for (uint32_t i = 0; box && i < s->now.things.n; i++) {
        struct str path = s->now.things.v[i].path;
        if (str_eq(path_parent(path), t->path) && str_eq(path_kind(path), STR("slot"))) {
            struct str name = path_name(cat->mem, path);
            VEC_PUSH(cat->mem, slots, name);
        }
    }
    if (slots.n)
        fact_list(&f, "slots", slots.v, slots.n);
    if (!no_deps)
        put_deps(s, &f, t);
    fact_end(&f);
}

static int introspect(struct session *s, const struct scope *scope, struct catalog *cat,
                      struct err *e)
{
    if (fails(&toy_faults.read_fails, "introspect", e))
        return -1;
    cat->version = STR("Toy 1");
    for (uint32_t i = 0; i < s->now.things.n; i++) {
        const struct toy_thing *t = &s->now.things.v[i];
        bool wanted = !scope->only;
        for (uint32_t k = 0; k < scope->nonly && !wanted; k++)
            wanted = str_eq(path_top(t->path), scope->only[k]);
        if (wanted)
            put_fact(s, cat, t, scope->no_deps);
    }
    return 0;
}

static int scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
                   struct err *e)
{
    (void)want;
    (void)mem;
    if (toy_faults.no_scratch)
        return err_set(e, E_CANNOT_VERIFY, "there is no room for a scratch database");
    *out = new_session();
    return toy_faults.also_empty ? toy_run(*out, str_c(toy_faults.also_empty), e) : 0;
}

static bool begins(struct str stmt, const char *with)
{
    return with && str_starts(stmt, str_c(with));
}

static bool is_chosen(const struct toy_faults *f, struct str text)
{
    return begins(text, f->skip) || begins(text, f->fail) || begins(text, f->after) ||
           begins(text, f->lose);
}

static int exec(struct session *s, const struct stmt *stmt, struct err *e)
{
    const struct toy_faults f = toy_faults;
    struct str text = stmt->text;
    toy_statements++;
    if (!is_chosen(&f, text))
        return toy_run(s, text, e);
    if (f.spare) {
        toy_faults.spare--;
        return toy_run(s, text, e);
    }
    if (f.once)
        toy_faults = (struct toy_faults){0};
    if (begins(text, f.skip))
        return 0;
    if (begins(text, f.fail))
        return err_set(e, f.code ? f.code : E_VERIFY_FAILED, "the toy is broken");
    if (toy_run(s, text, e))
        return -1;
    for (uint32_t i = 0; begins(text, f.lose) && i < s->now.things.n; i++)
        s->now.things.v[i].rows = 0;
    return begins(text, f.after) ? toy_run(s, str_c(f.also), e) : 0;
}

static int reset(struct session *s, struct err *e)
{
    (void)e;
    if (s->in_tx)
        s->now = s->saved;
    s->in_tx = s->quiet = false;
    return 0;
}

static int fill(struct session *s, const struct catalog *cat, struct err *e)
{
    if (fails(&toy_faults.fill_fails, "fill", e))
        return -1;
    for (uint32_t i = 0; i < cat->n; i++) {
        struct toy_thing *t = toy_find(s, cat->v[i].path);
        bool box = t && str_eq(path_kind(t->path), STR("box")), takes = box;
        for (uint32_t k = 0; k < s->now.things.n && takes; k++)
            takes = !path_within(s->now.things.v[k].path, t->path) ||
                    !str_eq(toy_attr(&s->now.things.v[k], "rule"), STR("empty"));
        for (uint32_t k = 0; k < s->now.things.n && takes; k++)
            if (str_eq(path_parent(s->now.things.v[k].path), t->path))
                s->now.things.v[k].cell =
                    toy_cell(s, &s->now.things.v[k], STR("12345678901234567890"));
        if (takes)
            t->rows = 2;
    }
    return 0;
}

static int empty(struct session *s, const struct catalog *cat, struct err *e)
{
    (void)cat;
    if (fails(&toy_faults.empty_fails, "empty", e))
        return -1;
    for (uint32_t i = 0; i < s->now.things.n; i++) {
        s->now.things.v[i].rows = 0;
        s->now.things.v[i].cell = STR("");
    }
    return 0;
}

static int rows(struct session *s, const struct catalog *cat, struct arena *mem,
                void (*put)(void *ctx, struct str path, struct str digest), void *ctx,
                struct err *e)
{
    if (fails(&toy_faults.rows_fails, "rows", e))
        return -1;
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct toy_thing *t = toy_find(s, cat->v[i].path);
        if (t && str_eq(path_kind(t->path), STR("box")))
            put(ctx, t->path, arena_printf(mem, "%u rows", t->rows));
        if (t && str_eq(path_kind(t->path), STR("slot")))
            put(ctx, t->path, t->cell);
    }
    return 0;
}

static void cancel(struct session *s)
{
    (void)s;
}

const struct live_ops toy_live = {
    .open = open_session,
    .introspect = introspect,
    .scratch = scratch,
    .exec = exec,
    .reset = reset,
    .script = run_script,
    .fill = fill,
    .empty = empty,
    .rows = rows,
    .cancel = cancel,
    .close = close_session,
};
