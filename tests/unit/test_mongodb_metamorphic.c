/* What does not matter gives one normal form, one change that matters another: 10,000 pairs of
 * random specs from fixed seeds. */

#include "drivers/mongodb/canon.h"
#include "tests/harness/mongo_spec.h"
#include "tests/harness/unit.h"

enum { PAIRS = 10000 };
#define HOW(i, k) ((uint64_t)(i)*4 + (k))

typedef struct str canon_fn(struct arena *mem, const struct mv *v);
typedef struct mv *make_fn(struct spec *s);

static struct mv *validator(struct spec *s)
{
    return spec_query(s, 2, true);
}
static struct mv *filter(struct spec *s)
{
    return spec_query(s, 1, false);
}
static struct mv *pipeline(struct spec *s)
{
    return spec_pipeline(s, 2);
}

static const struct {
    const char *name;
    make_fn *make;
    canon_fn *canon;
    uint32_t share; /* of 20 */
} kinds[] = {
    {"validator", validator, mg_canon_query, 9},
    {"filter", filter, mg_canon_query, 4},
    {"pipeline", pipeline, mg_canon_pipeline, 3},
    {"collation", spec_collation, mg_canon_collation, 3},
    {"projection", spec_projection, mg_canon_projection, 1},
};

struct made {
    struct str raw, canon;
    struct spec spec;
};

static struct made make(struct arena *mem, uint32_t kind, uint64_t what, uint64_t how,
                        uint32_t change)
{
    struct made m = {.spec = spec_new(mem, what, how, change)};
    struct mv *v = kinds[kind].make(&m.spec);
    m.raw = mv_json(mem, v);
    m.canon = kinds[kind].canon(mem, v);
    return m;
}

static void one_pair(struct arena *mem, uint32_t kind, uint32_t i)
{
    struct made a = make(mem, kind, i, HOW(i, 0), UINT32_MAX);
    struct made b = make(mem, kind, i, HOW(i, 1), UINT32_MAX);
    if (!str_eq(a.canon, b.canon))
        fail_msg("%s %u: should be one\n%.*s\n%.*s\n%.*s\n%.*s", kinds[kind].name, i,
                 STR_ARG(a.raw), STR_ARG(b.raw), STR_ARG(a.canon), STR_ARG(b.canon));
    assert_int_equal(a.spec.points, b.spec.points);
    struct spec dice = spec_new(mem, i, HOW(i, 2), 0);
    struct made c = make(mem, kind, i, HOW(i, 3), spec_how(&dice, a.spec.points));
    assert_non_null(c.spec.changed);
    if (str_eq(a.canon, c.canon))
        fail_msg("%s %u: should be two (%s)\n%.*s\n%.*s\n%.*s", kinds[kind].name, i, c.spec.changed,
                 STR_ARG(a.raw), STR_ARG(c.raw), STR_ARG(a.canon));
    struct mv *again;
    struct err e = {0};
    assert_ok(mv_from_json(mem, a.canon, &again, &e), e);
    struct str twice = kinds[kind].canon(mem, again);
    if (!str_eq(a.canon, twice))
        fail_msg("%s %u: should stay\n%.*s\n%.*s", kinds[kind].name, i, STR_ARG(a.canon),
                 STR_ARG(twice));
}

static void shuffles_and_changes(void **state)
{
    struct arena *mem = *state;
    uint32_t done[5] = {0};
    for (uint32_t i = 0; i < PAIRS; i++) {
        uint32_t kind = 0, at = i % 20;
        while (at >= kinds[kind].share)
            at -= kinds[kind++].share;
        struct arena_mark mark = arena_mark(mem);
        one_pair(mem, kind, i);
        arena_release(mem, mark);
        done[kind]++;
    }
    for (uint32_t k = 0; k < 5; k++)
        assert_int_equal(done[k], PAIRS / 20 * kinds[k].share);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(shuffles_and_changes)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
