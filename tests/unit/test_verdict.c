/* The verdict of three states: what both sides last agreed on, the baseline, and live; for each
 * facet, against a table written by hand. See drift/verdict.c. */

#include "drift/drift.h"
#include "tests/harness/unit.h"

#define ATTR(word, bit)                                                                            \
    {                                                                                              \
        .name = word, .type = A_TEXT, .facet = bit                                                 \
    }
/* One attribute for each facet, by name. */
static const struct attr_desc attrs[] = {
    ATTR("acl", F_ACL),         ATTR("comments", F_COMMENTS),  ATTR("counters", F_COUNTERS),
    ATTR("data", F_DATA),       ATTR("order", F_ORDER),        ATTR("owner", F_OWNER),
    ATTR("pragmas", F_PRAGMAS), ATTR("sharding", F_SHARDING),  ATTR("stats", F_STATS),
    ATTR("storage", F_STORAGE), ATTR("structure", F_STRUCTURE)};
static const struct kind_desc thing = {
    .name = "thing", .parents = "", .facet = F_STRUCTURE, .attrs = attrs, .nattrs = FACET_COUNT};
static const struct kind_desc *const kinds[] = {&thing};
static const struct engine engine_things = {.name = "things", .kinds = kinds, .nkinds = 1};

enum { ALL = (1 << FACET_COUNT) - 1, GONE = -1 };

/* A thing whose attribute of the facet has a value, and another one in each other facet. */
static struct str body(struct arena *mem, unsigned facet, int value)
{
    struct strbuf b = sb_new(mem, 0);
    sb_char(&b, '{');
    for (size_t i = 0; i < FACET_COUNT; i++) {
        jc_put_key(&b, str_c(attrs[i].name));
        sb_printf(&b, "\"%d\"", attrs[i].facet == facet ? value : 7);
    }
    sb_char(&b, '}');
    return sb_view(&b);
}

static const struct obj *state(struct arena *mem, unsigned facet, int value)
{
    struct obj *o = NEW(mem, struct obj);
    *o = (struct obj){.path = STR("thing:a"), .a = body(mem, facet, value)};
    return value == GONE ? NULL : o;
}

struct row {
    int base, before, after;
    enum drift_verdict want;
};

static void expect(struct arena *mem, unsigned facet, const struct row *r, struct agreed base,
                   const char *what)
{
    enum drift_verdict got =
        drift_verdict_of(&engine_things, facet, ALL, &base, state(mem, facet, r->before),
                         state(mem, facet, r->after));
    if (got != r->want)
        fail_msg("%s, %s: base %d, baseline %d, live %d: %s, wanted %s", facet_name(facet), what,
                 r->base, r->before, r->after, verdict_name(got), verdict_name(r->want));
}

/* What both agreed on is 0, or that there was nothing. */
static const struct row rows[] = {
    {0, 0, 0, VERDICT_NONE},          {0, 0, GONE, VERDICT_DRIFT},
    {0, 0, 1, VERDICT_DRIFT},         {0, GONE, 0, VERDICT_PENDING},
    {0, GONE, GONE, VERDICT_NONE},    {0, GONE, 1, VERDICT_CONFLICT},
    {0, 1, 0, VERDICT_PENDING},       {0, 1, GONE, VERDICT_CONFLICT},
    {0, 1, 1, VERDICT_NONE},          {0, 1, 2, VERDICT_CONFLICT},
    {GONE, GONE, GONE, VERDICT_NONE}, {GONE, GONE, 1, VERDICT_DRIFT},
    {GONE, 1, GONE, VERDICT_PENDING}, {GONE, 1, 1, VERDICT_NONE},
    {GONE, 1, 2, VERDICT_CONFLICT},
};

static void every_combination_in_every_facet(void **st)
{
    for (int bit = 0; bit < FACET_COUNT; bit++)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            unsigned facet = 1u << bit;
            struct agreed base = {.known = true,
                                  .there = rows[i].base != GONE,
                                  .a = body(*st, facet, rows[i].base),
                                  .facets = ALL};
            expect(*st, facet, &rows[i], base, "known");
        }
}

/* Where nothing is known, or that facet was not looked at, what differs is drift. */
static void what_is_not_known_is_not_made_up(void **st)
{
    for (int bit = 0; bit < FACET_COUNT; bit++)
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            unsigned facet = 1u << bit;
            struct row r = rows[i];
            struct agreed base = {.known = true,
                                  .there = r.base != GONE,
                                  .a = body(*st, facet, r.base),
                                  .facets = ALL & ~facet};
            r.want = r.want == VERDICT_NONE ? VERDICT_NONE : VERDICT_DRIFT;
            expect(*st, facet, &r, base, "facet not looked at");
            expect(*st, facet, &r, (struct agreed){.known = false}, "unknown");
        }
}

/* The facet that moved is the only one with a verdict of its own. */
static void facets_do_not_mix(void **st)
{
    struct agreed base = {
        .known = true, .there = true, .a = body(*st, F_COMMENTS, 0), .facets = ALL};
    const struct obj *before = state(*st, F_COMMENTS, 1), *after = state(*st, F_OWNER, 3);
    /* the comment: 0, baseline 1, live 7; the owner: 7, 7, 3 */
    assert_int_equal(drift_verdict_of(&engine_things, F_COMMENTS, ALL, &base, before, after),
                     VERDICT_CONFLICT);
    assert_int_equal(drift_verdict_of(&engine_things, F_OWNER, ALL, &base, before, after),
                     VERDICT_DRIFT);
    assert_int_equal(drift_verdict_of(&engine_things, F_ACL, ALL, &base, before, after),
                     VERDICT_NONE);
}

/* Who drops an object drops all of it: what moved there in a facet that is compared counts. */
static void a_drop_counts_every_facet(void **st)
{
    struct agreed base = {
        .known = true, .there = true, .a = body(*st, F_COMMENTS, 0), .facets = ALL};
    const struct obj *moved = state(*st, F_COMMENTS, 1);
    assert_int_equal(drift_verdict_of(&engine_things, F_STRUCTURE, ALL, &base, NULL, moved),
                     VERDICT_CONFLICT);
    assert_int_equal(drift_verdict_of(&engine_things, F_STRUCTURE, F_STRUCTURE, &base, NULL, moved),
                     VERDICT_PENDING);
}

/* One change of a thing between two values of a facet, judged with a memory. */
struct night {
    struct drift_memory memory;
    struct agreed last;
};

static int last(void *ctx, struct str path, struct arena *mem, struct agreed *out, struct err *e)
{
    const struct night *n = ctx;
    (void)path;
    (void)mem;
    (void)e;
    *out = n->last;
    return 0;
}

static struct drift_findings *judge(struct arena *mem, struct night *n, unsigned facet, int before,
                                    int after, const char *now)
{
    struct change *c = NEW(mem, struct change);
    struct changes *all = NEW(mem, struct changes);
    struct drift_findings *out;
    struct err e;
    *c = (struct change){.op = before == GONE  ? OP_ADD
                               : after == GONE ? OP_DROP
                                               : OP_ALTER,
                         .before = state(mem, facet, before),
                         .after = state(mem, facet, after)};
    c->facets = c->op == OP_ALTER ? facet : F_STRUCTURE;
    *all = (struct changes){
        .eng = &engine_things, .v = c, .n = before != after, .facets = ALL & ~F_STATS};
    n->memory.ctx = n;
    n->memory.last = last;
    struct drift_request req = {
        .changes = all, .memory = &n->memory, .env = STR("e"), .now = str_c(now)};
    assert_ok(drift_judge(&req, mem, &out, &e), e);
    return out;
}

/* What a check leaves for the next one. */
static void remember(struct arena *mem, struct night *n, const struct drift_findings *f,
                     unsigned facet, int live, const char *now)
{
    struct open_finding *open = NEW_ARRAY(mem, struct open_finding, f->n);
    for (uint32_t i = 0; i < f->n; i++)
        open[i] = (struct open_finding){.id = f->v[i].id,
                                        .path = STR("thing:a"),
                                        .facet = f->v[i].facet,
                                        .verdict = f->v[i].verdict,
                                        .since = f->v[i].since,
                                        .not_before = f->v[i].not_before,
                                        .base = f->v[i].base};
    n->memory.open = open;
    n->memory.nopen = f->n;
    n->memory.last_time = str_c(now);
    n->last = (struct agreed){
        .known = true, .there = live != GONE, .a = body(mem, facet, live), .facets = ALL};
}

/* baseline, live, verdict of each night; equal ones have none. */
struct step {
    int before, after;
    enum drift_verdict want;
    bool fresh;
    uint32_t resolved;
};

static void run_nights(struct arena *mem, unsigned facet, const struct step *steps, size_t nsteps)
{
    static const char *const times[] = {"2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z",
                                        "2026-01-03T00:00:00Z", "2026-01-04T00:00:00Z",
                                        "2026-01-05T00:00:00Z", "2026-01-06T00:00:00Z"};
    struct night n = {0};
    for (size_t i = 0; i < nsteps; i++) {
        const struct step *s = &steps[i];
        struct drift_findings *f = judge(mem, &n, facet, s->before, s->after, times[i]);
        assert_int_equal(f->n, s->want != VERDICT_NONE);
        assert_int_equal(f->nresolved, s->resolved);
        if (f->n && (f->v[0].verdict != s->want || f->v[0].fresh != s->fresh))
            fail_msg("%s, night %zu: %s%s", facet_name(facet), i, verdict_name(f->v[0].verdict),
                     f->v[0].fresh ? ", fresh" : "");
        if (f->n && s->fresh)
            assert_str(f->v[0].since, times[i]);
        if (f->n && s->fresh && i)
            assert_str(f->v[0].not_before, times[i - 1]);
        remember(mem, &n, f, facet, s->after, times[i]);
    }
}

static void drift_stays_drift(void **st)
{
    static const struct step steps[] = {
        {0, 0, VERDICT_NONE, false, 0},    {0, 1, VERDICT_DRIFT, true, 0},
        {0, 1, VERDICT_DRIFT, false, 0},   {0, 2, VERDICT_DRIFT, true, 0},
        {3, 2, VERDICT_CONFLICT, true, 0}, {3, 3, VERDICT_NONE, false, 1}};
    for (int bit = 0; bit < FACET_COUNT; bit++)
        if (1u << bit != F_STATS)
            run_nights(*st, 1u << bit, steps, sizeof steps / sizeof *steps);
}

static void pending_stays_pending(void **st)
{
    static const struct step steps[] = {
        {0, 0, VERDICT_NONE, false, 0},    {1, 0, VERDICT_PENDING, true, 0},
        {1, 0, VERDICT_PENDING, false, 0}, {2, 0, VERDICT_PENDING, true, 0},
        {2, 2, VERDICT_NONE, false, 1},    {2, 0, VERDICT_DRIFT, true, 0}};
    static const struct step existence[] = {
        {GONE, GONE, VERDICT_NONE, false, 0}, {1, GONE, VERDICT_PENDING, true, 0},
        {1, GONE, VERDICT_PENDING, false, 0}, {1, 1, VERDICT_NONE, false, 1},
        {GONE, 1, VERDICT_PENDING, true, 0},  {GONE, 1, VERDICT_PENDING, false, 0}};
    run_nights(*st, F_OWNER, steps, sizeof steps / sizeof *steps);
    run_nights(*st, F_STRUCTURE, existence, sizeof existence / sizeof *existence);
}

static void drift_of_existence_stays(void **st)
{
    static const struct step steps[] = {
        {0, 0, VERDICT_NONE, false, 0},       {0, GONE, VERDICT_DRIFT, true, 0},
        {0, GONE, VERDICT_DRIFT, false, 0},   {1, GONE, VERDICT_CONFLICT, true, 0},
        {GONE, GONE, VERDICT_NONE, false, 1}, {GONE, 5, VERDICT_DRIFT, true, 0}};
    run_nights(*st, F_STRUCTURE, steps, sizeof steps / sizeof *steps);
}

/* A facet that this check did not compare leaves its finding as it is. */
static void what_was_not_looked_at_is_not_resolved(void **st)
{
    struct night n = {0};
    struct drift_findings *f = judge(*st, &n, F_OWNER, 0, 1, "2026-01-01T00:00:00Z");
    remember(*st, &n, f, F_OWNER, 1, "2026-01-01T00:00:00Z");
    n.memory.open[0].facet = F_STATS;
    f = judge(*st, &n, F_OWNER, 0, 0, "2026-01-02T00:00:00Z");
    assert_int_equal(f->nresolved, 0);
    n.memory.open[0].facet = F_OWNER;
    f = judge(*st, &n, F_OWNER, 0, 0, "2026-01-02T00:00:00Z");
    assert_int_equal(f->nresolved, 1);
    assert_int_equal(f->resolved[0].was, VERDICT_DRIFT);
    assert_str(f->resolved[0].since, "2026-01-01T00:00:00Z");
}

/* A facet that the last check did not compare may have been so before it. */
static void what_was_not_looked_at_may_be_older(void **st)
{
    struct night n = {0};
    struct drift_findings *f = judge(*st, &n, F_OWNER, 0, 0, "2026-01-01T00:00:00Z");
    remember(*st, &n, f, F_OWNER, 0, "2026-01-01T00:00:00Z");
    n.last.facets = ALL & ~F_OWNER;
    f = judge(*st, &n, F_OWNER, 0, 1, "2026-01-02T00:00:00Z");
    assert_int_equal(f->v[0].verdict, VERDICT_DRIFT);
    assert_true(f->v[0].fresh && str_is_null(f->v[0].not_before));
    /* one that stood open while nobody looked, and is another one now */
    remember(*st, &n, f, F_OWNER, 1, "2026-01-02T00:00:00Z");
    n.last = (struct agreed){0};
    f = judge(*st, &n, F_OWNER, 0, 2, "2026-01-03T00:00:00Z");
    assert_true(f->v[0].fresh && str_is_null(f->v[0].not_before));
}

/* Whoever drops an object has not mended its comment. */
static void a_drop_resolves_nothing_of_the_object(void **st)
{
    struct night n = {0};
    struct drift_findings *f = judge(*st, &n, F_OWNER, 0, 1, "2026-01-01T00:00:00Z");
    remember(*st, &n, f, F_OWNER, 1, "2026-01-01T00:00:00Z");
    f = judge(*st, &n, F_OWNER, 0, GONE, "2026-01-02T00:00:00Z");
    assert_int_equal(f->n, 1);
    assert_int_equal(f->v[0].verdict, VERDICT_DRIFT);
    assert_int_equal(f->nresolved, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_combination_in_every_facet),
        TEST(what_is_not_known_is_not_made_up),
        TEST(facets_do_not_mix),
        TEST(a_drop_counts_every_facet),
        TEST(drift_stays_drift),
        TEST(pending_stays_pending),
        TEST(drift_of_existence_stays),
        TEST(what_was_not_looked_at_is_not_resolved),
        TEST(what_was_not_looked_at_may_be_older),
        TEST(a_drop_resolves_nothing_of_the_object),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
