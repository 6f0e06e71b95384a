/*
 * What holds of every pair of schemas: tried on random ones from fixed seeds. The judge of plans is
 * here the toy's own executor and diff, not verify/.
 */

#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"
#include "verify/verify.h"

enum { PAIRS = 200, SHUFFLES = 1200 };

/* xorshift: the same numbers everywhere. */
static uint64_t seed;
static unsigned below(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)((seed >> 11) % n);
}

static void maybe(struct strbuf *b, unsigned percent, const char *text)
{
    if (below(100) < percent)
        sb_c(b, text);
}

static const char *pick(const char *const *words, unsigned n)
{
    return words[below(n)];
}

static void put_box(struct strbuf *b, char name)
{
    static const char *const sizes[] = {"", " size=3", " size=9", " size=12"};
    static const char *const seals[] = {" rule=odd", " rule='a < 3'", " rule=even"};
    char slots[8];
    unsigned n = 0, first = below(6), count = 1 + below(5);
    sb_printf(b, "make box:%c", name);
    maybe(b, 40, " color=blue");
    maybe(b, 20, " material=oak");
    maybe(b, 20, " note='it''s {one}'");
    for (unsigned i = 0; i < count; i++)
        slots[n++] = (char)('s' + (first + i * 5) % 6);
    for (unsigned i = 0; i < n; i++) {
        sb_printf(b, " {slot:%c%s", slots[i], pick(sizes, 4));
        maybe(b, 20, " lined=true");
        maybe(b, 30, " label='l m'");
        sb_char(b, '}');
    }
    for (char k = 'k'; k < 'n'; k++) {
        if (below(3))
            continue;
        sb_printf(b, " {seal:%c%s", k, pick(seals, 3));
        if (below(2))
            sb_printf(b, " slot=%c", slots[below(n)]);
        sb_char(b, '}');
    }
    sb_char(b, '\n');
    for (char t = 'x'; t <= 'z'; t++) {
        unsigned kind = below(4);
        if (kind > 1)
            continue;
        sb_printf(b, "make box:%c/%s:%c text=%c", name, kind ? "badge" : "tag", t,
                  (char)('p' + below(2)));
        if (!kind && below(2))
            sb_printf(b, " on=%c", slots[below(n)]);
        maybe(b, kind ? 0 : 30, " pinned=true");
        sb_char(b, '\n');
    }
}

/* A schema as a script. Names are few, so that two schemas have much in common, and are taken for
 * other kinds on the other side. */
static const char *random_script(struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    struct str made[16];
    unsigned n = 0;
    for (char name = 'a'; name < 'i'; name++) {
        unsigned kind = below(6);
        struct str path = STR_NULL;
        if (kind < 2) {
            put_box(&b, name);
            path = arena_printf(mem, "box:%c", name);
        } else if (kind == 2) {
            path = arena_printf(mem, "link:%c", name);
            sb_printf(&b, "make link:%c", name);
            if (n) {
                sb_c(&b, " goes=");
                sb_str(&b, made[below(n)]);
            }
            maybe(&b, 30, " color=x");
            sb_char(&b, '\n');
        } else if (kind == 3) {
            path = arena_printf(mem, "wire:%c", name);
            sb_printf(&b, "make wire:%c body='see wire:%c and box:%c/slot:%c'\n", name,
                      (char)('a' + below(8)), (char)('a' + below(8)), (char)('s' + below(6)));
        }
        if (path.n)
            made[n++] = path;
    }
    for (char name = 'a'; name < 'c'; name++)
        if (below(2)) {
            sb_printf(&b, "make lamp:%c deep=%u", name, below(3));
            maybe(&b, 50, " lit=true");
            sb_char(&b, '\n');
        }
    return b.p;
}

struct pair {
    const char *text[2];
    struct catalog *side[2];
    unsigned facets;
};

static struct pair random_pair(struct arena *mem, unsigned number)
{
    struct pair p = {.facets = F_DEFAULT | F_PRAGMAS | (number % 2 ? F_ORDER : 0u)};
    seed = 0x9e3779b97f4a7c15ull * (number + 1);
    for (int s = 0; s < 2; s++) {
        p.text[s] = random_script(mem);
        p.side[s] = toy_read_in(mem, p.text[s], p.facets);
    }
    return p;
}

static void fails_for(const struct pair *p, const char *why)
{
    fail_msg("%s\n%.900s---\n%.900s", why, p->text[0], p->text[1]);
}

/* Runs a body for each pair in an arena of its own. */
static void for_pairs(void (*body)(struct arena *mem, const struct pair *p))
{
    for (unsigned i = 0; i < PAIRS; i++) {
        struct arena *mem = arena_new(0);
        struct pair p = random_pair(mem, i);
        body(mem, &p);
        arena_free(mem);
    }
}

static void self(struct arena *mem, const struct pair *p)
{
    struct catalog *again = toy_read_in(mem, p->text[0], p->facets);
    assert_int_equal(toy_diff(mem, p->side[0], p->side[0])->n, 0);
    assert_int_equal(toy_diff(mem, p->side[0], again)->n, 0);
    assert_true(hash_eq(p->side[0]->fingerprint, again->fingerprint));
}
static void a_schema_does_not_differ_from_itself(void **state)
{
    (void)state;
    for_pairs(self);
}

static void fingerprints(struct arena *mem, const struct pair *p)
{
    bool equal = hash_eq(p->side[0]->fingerprint, p->side[1]->fingerprint);
    assert_int_equal(equal, toy_diff(mem, p->side[0], p->side[1])->n == 0);
}
static void equal_fingerprint_and_empty_diff_are_the_same(void **state)
{
    (void)state;
    for_pairs(fingerprints);
}

static const struct obj *same_fact(const struct obj *a, const struct obj *b)
{
    assert_int_equal(a == NULL, b == NULL);
    if (a) {
        assert_true(str_eq(a->path, b->path));
        assert_true(str_eq(a->a, b->a));
    }
    return a;
}

static void mirror(struct arena *mem, const struct pair *p)
{
    static const enum op swapped[] = {OP_DROP, OP_ADD, OP_ALTER};
    struct changes *there = toy_diff(mem, p->side[0], p->side[1]);
    struct changes *back = toy_diff(mem, p->side[1], p->side[0]);
    assert_int_equal(there->n, back->n);
    for (uint32_t i = 0; i < there->n; i++) {
        const struct change *x = &there->v[i], *y = &back->v[i];
        assert_int_equal(y->op, swapped[x->op]);
        same_fact(x->before, y->after);
        same_fact(x->after, y->before);
        assert_int_equal(x->facets, y->facets);
        assert_int_equal(x->nattrs, y->nattrs);
        assert_true(x->op != OP_ALTER || x->nattrs > 0);
        for (uint32_t k = 0; k < x->nattrs; k++) {
            assert_ptr_equal(x->attrs[k].attr, y->attrs[k].attr);
            assert_true(str_eq(x->attrs[k].before, y->attrs[k].after));
            assert_true(str_eq(x->attrs[k].after, y->attrs[k].before));
        }
    }
}
static void a_diff_mirrors_the_diff_of_the_swapped_sides(void **state)
{
    (void)state;
    for_pairs(mirror);
}

/* Every difference that one can see by looking up each path is a change, and nothing else is. */
static void complete(struct arena *mem, const struct pair *p)
{
    struct changes *c = toy_diff(mem, p->side[0], p->side[1]);
    uint32_t seen = 0, want = 0;
    for (int s = 0; s < 2; s++)
        for (uint32_t i = 0; i < p->side[s]->n; i++) {
            const struct obj *o = &p->side[s]->v[i], *other = cat_find(p->side[!s], o->path);
            bool list = str_eq(path_kind(o->path), STR("box")); /* its list may differ by the way */
            want += !other || (!s && !list && !str_eq(o->a, other->a));
        }
    for (uint32_t i = 0; i < c->n; i++) {
        assert_true(!i || path_cmp(change_obj(&c->v[i - 1])->path, change_obj(&c->v[i])->path) < 0);
        bool list = str_eq(path_kind(change_obj(&c->v[i])->path), STR("box"));
        seen += !list || c->v[i].op != OP_ALTER;
    }
    assert_int_equal(seen, want);
}
static void a_diff_is_complete(void **state)
{
    (void)state;
    for_pairs(complete);
}

static struct session *opened(struct arena *mem, const char *script)
{
    struct source src = {.text = STR("toy"), .place = str_c(script)};
    struct session *s;
    struct err e;
    assert_ok(toy_live.open(&src, mem, &s, &e), e);
    return s;
}

static void run(struct session *s, const struct plan *p, uint32_t step, bool back,
                const struct pair *pair)
{
    struct arena *mem = arena_new(0);
    uint32_t n;
    bool own;
    struct err e;
    struct stmt *list = step_script(p, &p->v[step], back, mem, &n, &own);
    assert_ok(toy_live.reset(s, &e), e);
    for (uint32_t i = 0; i < n; i++)
        if (toy_live.exec(s, &list[i], &e))
            fail_msg("%.*s: %s\n%s---\n%s", STR_ARG(list[i].text), e.msg, pair->text[0],
                     pair->text[1]);
    arena_free(mem);
}

/* What the session holds is state `i` of the plan. */
static void holds(struct session *s, const struct plan *p, uint32_t i, const struct pair *pair)
{
    struct arena *mem = arena_new(0);
    struct scope scope = {.facets = pair->facets};
    struct catalog *read = cat_new(mem, &engine_toy, pair->facets, STR("read"));
    struct catalog *want = cat_new(mem, &engine_toy, pair->facets, STR("want"));
    struct view v = plan_state(p, i, mem);
    struct view_iter it = view_iter(&v, STR(""));
    struct err e;
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        cat_add(want, o);
    assert_ok(toy_live.introspect(s, &scope, read, &e), e);
    assert_ok(cat_finish(read, &e), e);
    assert_ok(cat_finish(want, &e), e);
    struct changes *c = toy_diff(mem, want, read);
    if (c->n)
        fail_msg("state %u:\n%.*s\nof\n%s---\n%s", i, STR_ARG(toy_changes_text(mem, c)),
                 pair->text[0], pair->text[1]);
    arena_free(mem);
}

static struct plan *plan_of(struct arena *mem, const struct pair *p)
{
    struct plan *plan;
    struct err e;
    if (toy_try_plan(mem, p->side[0], p->side[1], &plan, &e))
        fails_for(p, e.msg);
    return plan;
}

static void apply(struct arena *mem, const struct pair *p)
{
    struct plan *plan = plan_of(mem, p);
    struct session *s = opened(mem, p->text[0]);
    struct scope scope = {.facets = p->facets};
    struct catalog *read = cat_new(mem, &engine_toy, p->facets, STR("read"));
    struct err e;
    for (uint32_t i = 0; i < plan->n; i++) {
        run(s, plan, i, false, p);
        holds(s, plan, i + 1, p);
    }
    assert_ok(toy_live.introspect(s, &scope, read, &e), e);
    assert_ok(cat_finish(read, &e), e);
    assert_int_equal(toy_diff(mem, read, p->side[1])->n, 0);
    toy_live.close(s);
}
static void applying_gives_the_wanted_schema(void **state)
{
    (void)state;
    for_pairs(apply);
}

static void undo(struct arena *mem, const struct pair *p)
{
    struct plan *plan = plan_of(mem, p);
    for (uint32_t prefix = 1; prefix <= plan->n; prefix++) {
        struct session *s = opened(mem, p->text[0]);
        for (uint32_t i = 0; i < prefix; i++)
            run(s, plan, i, false, p);
        for (uint32_t i = prefix; i-- > 0;) {
            run(s, plan, i, true, p);
            holds(s, plan, i, p);
        }
        toy_live.close(s);
    }
}
static void undoing_each_prefix_gives_the_first_schema(void **state)
{
    (void)state;
    for_pairs(undo);
}

static void proof(struct arena *mem, const struct pair *p)
{
    static const struct filter none;
    struct verify_options opt = {.facets = p->facets, .filter = &none};
    struct plan *plan = plan_of(mem, p);
    struct verify_report report;
    struct err e;
    if (verify_plan(plan, p->side[0], p->side[1], &opt, mem, &report, &e))
        fails_for(p, e.msg);
    assert_true(report.steps == plan->n);
    if (p->facets & F_ORDER) /* all of TO then, not only what is compared of it */
        assert_true(hash_eq(report.fingerprint, p->side[1]->fingerprint));
}
static void every_plan_is_proven(void **state)
{
    (void)state;
    for_pairs(proof);
}

/* Everything that comes out, as one text: changes, hints, steps, ids. */
static struct str outcome(struct arena *mem, const struct catalog *from, const struct catalog *to)
{
    struct strbuf b = sb_new(mem, 0);
    struct changes *c = toy_diff(mem, from, to);
    struct plan *plan;
    struct err e;
    diff_rename_hints(c, 40, mem);
    sb_str(&b, toy_changes_text(mem, c));
    for (uint32_t i = 0; i < c->nhints; i++)
        sb_printf(&b, "%u %u %u\n", c->hints[i].drop, c->hints[i].add, c->hints[i].percent);
    assert_ok(toy_try_plan(mem, from, to, &plan, &e), e);
    sb_str(&b, toy_steps(plan, mem));
    for (uint32_t i = 0; i < plan->n; i++)
        hash_hex(&b, plan->v[i].id, HASH_HEX);
    hash_hex(&b, from->fingerprint, HASH_HEX);
    hash_hex(&b, to->fingerprint, HASH_HEX);
    return sb_view(&b);
}

static struct catalog *shuffled(struct arena *mem, const struct catalog *cat)
{
    struct catalog *copy = cat_new(mem, cat->eng, cat->facets, cat->label);
    struct err e;
    for (uint32_t i = 0; i < cat->n; i++)
        cat_add(copy, &cat->v[i]);
    for (uint32_t i = copy->n; i > 1; i--) {
        uint32_t k = below(i);
        struct obj o = copy->v[k];
        copy->v[k] = copy->v[i - 1];
        copy->v[i - 1] = o;
    }
    assert_ok(cat_finish(copy, &e), e);
    return copy;
}

static void the_order_of_input_does_not_matter(void **state)
{
    struct arena *mem = *state;
    unsigned done = 0;
    for (unsigned number = 0; done < SHUFFLES; number++) {
        struct pair p = random_pair(mem, 1000 + number % 12);
        struct str want = outcome(mem, p.side[0], p.side[1]);
        seed += 2 * number;
        for (unsigned i = 0; i < 50; i++, done++) {
            struct arena *one = arena_new(0);
            struct str got = outcome(one, shuffled(one, p.side[0]), shuffled(one, p.side[1]));
            if (!str_eq(got, want))
                fail_msg("shuffle %u:\n%.*s\n---\n%.*s", done, STR_ARG(got), STR_ARG(want));
            arena_free(one);
        }
    }
    assert_true(done >= 1000);
}

/* The random schemas hold what they are meant to: each kind of step stands in some plan. */
static void the_pairs_are_rich(void **state)
{
    static const char *const words[] = {
        "rebuild box", "made again later", "add slot",    "drop slot", "add seal",
        "create tag",  "drop tag",         "create wire", "drop box",  "change tag",
        "change lamp", "change wire",      "create link", "change box"};
    bool found[sizeof words / sizeof *words] = {0};
    for (unsigned i = 0; i < PAIRS; i++) {
        struct arena *mem = arena_new(0);
        struct pair p = random_pair(mem, i);
        struct str text = toy_steps(plan_of(mem, &p), mem);
        for (size_t w = 0; w < sizeof words / sizeof *words; w++)
            found[w] = found[w] || str_find(text, str_c(words[w])) < text.n;
        arena_free(mem);
    }
    (void)state;
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        if (!found[w])
            fail_msg("no plan says %s", words[w]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_schema_does_not_differ_from_itself),
        TEST(equal_fingerprint_and_empty_diff_are_the_same),
        TEST(a_diff_mirrors_the_diff_of_the_swapped_sides),
        TEST(a_diff_is_complete),
        TEST(applying_gives_the_wanted_schema),
        TEST(undoing_each_prefix_gives_the_first_schema),
        TEST(every_plan_is_proven),
        TEST(the_order_of_input_does_not_matter),
        TEST(the_pairs_are_rich),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
