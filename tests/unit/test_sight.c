/*
 * Checks that did not look at the same: what one of them left out did not come or go, and what
 * changed meanwhile is told by the next one that looks.
 */

#include "history/history.h"
#include "snapshot/snapshot.h"
#include "tests/harness/folder.h"
#include "tests/harness/schema.h"
#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

static const struct engine *const engines[] = {&engine_toy, NULL};

struct nights {
    struct arena *mem;
    struct history *h;
    char *folder;
    unsigned night;
};

static struct nights begin(struct arena *mem)
{
    struct nights n = {.mem = mem, .folder = folder_new(mem)};
    struct history_options opt = {.engines = engines, .use = HISTORY_WRITE};
    struct err e = {0};
    assert_ok(history_open(str_c(folder_path(mem, n.folder, "h.db")), &opt, mem, &n.h, &e), e);
    return n;
}

static void end(struct nights *n)
{
    struct err e = {0};
    assert_ok(history_check(n->h, &e), e);
    history_close(n->h);
    folder_remove(n->mem, n->folder);
}

static void record(struct nights *n, struct catalog *cat)
{
    struct history_run run = {.env = STR("prod"),
                              .time = arena_printf(n->mem, "2026-11-%02uT02:00:00Z", ++n->night),
                              .live = cat,
                              .baseline = STR("base.json")};
    struct err e = {0};
    assert_ok(history_record(n->h, &run, &e), e);
}

/* A check with --exclude and --include, each absent or one pattern. */
static void look(struct nights *n, const char *script, const char *exclude, const char *include)
{
    struct str out = exclude ? str_c(exclude) : STR_NULL, in = include ? str_c(include) : STR_NULL;
    struct filter f = {
        .exclude = &out, .nexclude = exclude != NULL, .include = &in, .ninclude = include != NULL};
    struct catalog *cat = toy_read(n->mem, script);
    struct err e = {0};
    assert_ok(cat_finish(cat, &e), e);
    filter_apply(&f, cat);
    assert_ok(cat_finish(cat, &e), e);
    record(n, cat);
}

/* "3-box:a 02-03 " for each event, newest first; and the counts hold the same. */
static struct str told(struct nights *n, const char *path)
{
    struct history_event *v;
    struct history_state *states;
    uint32_t k, nstates, counted = 0;
    struct err e = {0};
    struct strbuf b = sb_new(n->mem, 0);
    assert_ok(history_log(n->h, STR("prod"), str_c(path), 0, n->mem, &v, &k, &e), e);
    for (uint32_t i = 0; i < k; i++) {
        if (v[i].state > 1)
            sb_printf(&b, "%llu%c%.*s %.*s-%.*s ", (unsigned long long)v[i].state, "+-~"[v[i].op],
                      STR_ARG(v[i].path), STR_ARG(str_sub(v[i].not_before, 8, 10)),
                      STR_ARG(str_sub(v[i].time, 8, 10)));
    }
    assert_ok(history_states(n->h, STR("prod"), n->mem, &states, &nstates, &e), e);
    for (uint32_t i = 0; i < nstates; i++)
        counted += states[i].added + states[i].dropped + states[i].changed;
    if (!path)
        assert_int_equal(counted, k);
    return sb_view(&b);
}

static const char both[] = "make box:a\nmake box:b color=blue {slot:s size=3}",
                  other[] = "make box:a\nmake box:b color=red {slot:s size=3}",
                  one[] = "make box:a",
                  more[] = "make box:a\nmake box:b color=blue {slot:s size=3} {slot:t}";

static void what_was_left_out_was_not_dropped(void **state)
{
    struct nights n = begin(*state);
    struct history_state *v;
    struct err e = {0};
    struct catalog *cat;
    uint32_t k;
    look(&n, both, NULL, NULL);
    look(&n, both, "box:b", NULL);
    look(&n, both, NULL, NULL);
    assert_str(told(&n, NULL), "");
    assert_str(told(&n, "box:b"), "");
    assert_ok(history_states(n.h, STR("prod"), n.mem, &v, &k, &e), e);
    assert_int_equal(k, 3);
    assert_true(str_is_null(v[0].rescoped));
    assert_str(v[1].rescoped, "--exclude box:b");
    assert_str(v[2].rescoped, "everything");
    assert_true(!v[1].dropped && !v[2].added);
    assert_ok(history_catalog(n.h, STR("prod"), STR("2026-11-02"), n.mem, &cat, NULL, &e), e);
    assert_true(!cat_find(cat, STR("box:b")) &&
                str_eq(cat->scope, STR("{\"exclude\":[\"box:b\"]}")));
    end(&n);
}

static void what_happened_meanwhile_is_told_when_it_is_looked_at_again(void **state)
{
    struct nights n = begin(*state);
    look(&n, both, NULL, NULL);
    look(&n, both, NULL, NULL);
    look(&n, both, "box:b", NULL);
    look(&n, other, "box:b", NULL);
    look(&n, other, NULL, NULL); /* the box another color */
    assert_str(told(&n, NULL), "3~box:b 02-05 ");
    look(&n, other, "box:b", NULL);
    look(&n, one, NULL, NULL); /* it is gone */
    assert_str(told(&n, NULL), "5-box:b 05-07 5-box:b/slot:s 05-07 3~box:b 02-05 ");
    look(&n, one, "box:b", NULL);
    look(&n, more, NULL, NULL); /* and there again */
    assert_str(told(&n, "box:b/slot:t"), "7+box:b/slot:t 07-09 ");
    look(&n, one, NULL, NULL); /* while all is looked at */
    assert_str(told(&n, "box:b/slot:t"), "8-box:b/slot:t 09-10 7+box:b/slot:t 07-09 ");
    end(&n);
}

static void what_was_never_looked_at_has_no_time_before(void **state)
{
    struct nights n = begin(*state);
    look(&n, more, "slot:t", NULL);
    look(&n, more, NULL, NULL);
    assert_str(told(&n, NULL), "2+box:b/slot:t -02 ");
    look(&n, both, NULL, NULL);
    assert_str(told(&n, NULL), "3~box:b 02-03 3-box:b/slot:t 02-03 2+box:b/slot:t -02 ");
    end(&n);
}

/* The box is there for the sake of its slot alone: when that goes, nobody looks at the box. */
static void what_came_along_with_an_included_object_does_not_go_with_it(void **state)
{
    struct nights n = begin(*state);
    look(&n, both, NULL, "slot:s");
    look(&n, one, NULL, "slot:s");
    assert_str(told(&n, NULL), "2-box:b/slot:s 01-02 ");
    look(&n, both, NULL, "slot:s");
    assert_str(told(&n, NULL), "3+box:b/slot:s 02-03 2-box:b/slot:s 01-02 ");
    look(&n, both, NULL, NULL);
    look(&n, both, NULL, "box:a");
    look(&n, one, NULL, NULL);
    assert_str(told(&n, "box:b"), "6-box:b 04-06 6-box:b/slot:s 04-06 3+box:b/slot:s 02-03 "
                                  "2-box:b/slot:s 01-02 ");
    end(&n);
}

static void filters_of_both_sides_count(void **state)
{
    struct nights n = begin(*state);
    struct str a = STR("box:a"), b = STR("box:b");
    struct filter first = {.exclude = &a, .nexclude = 1}, second = {.exclude = &b, .nexclude = 1};
    struct history_state *v;
    struct err e = {0};
    uint32_t k;
    look(&n, both, NULL, NULL);
    struct catalog *cat = toy_read(n.mem, both);
    filter_apply(&first, cat);
    filter_apply(&second, cat);
    assert_ok(cat_finish(cat, &e), e);
    record(&n, cat);
    look(&n, both, NULL, NULL);
    assert_str(told(&n, NULL), "");
    assert_ok(history_states(n.h, STR("prod"), n.mem, &v, &k, &e), e);
    assert_str(v[1].rescoped, "--exclude box:a --exclude box:b");
    end(&n);
}

static void facets(struct nights *n, const char *script, unsigned captured)
{
    struct catalog *cat = toy_read_in(n->mem, script, captured);
    struct err e = {0};
    cat->captured = captured;
    assert_ok(cat_finish(cat, &e), e);
    record(n, cat);
}

static void attributes_that_one_side_did_not_capture_are_no_change(void **state)
{
    struct nights n = begin(*state);
    struct history_event *v;
    struct err e = {0};
    uint32_t k;
    facets(&n, "make box:a color=blue", F_DEFAULT);
    facets(&n, "make box:a color=blue hits=5", F_DEFAULT | F_COUNTERS);
    assert_str(told(&n, NULL), "");
    facets(&n, "make box:a color=blue", F_DEFAULT);
    assert_str(told(&n, NULL), "");
    facets(&n, "make box:a color=red", F_DEFAULT);
    facets(&n, "make box:a color=red hits=7", F_DEFAULT | F_COUNTERS);
    assert_str(told(&n, NULL), "5~box:a 02-05 4~box:a 03-04 ");
    assert_ok(history_log(n.h, STR("prod"), STR_NULL, 1, n.mem, &v, &k, &e), e);
    assert_int_equal(k, 1);
    assert_str(jc_get(v[0].before, "hits"), "5");
    assert_str(jc_get(v[0].after, "hits"), "7");
    assert_true(str_eq(jc_get(v[0].before, "color"), jc_get(v[0].after, "color")));
    end(&n);
}

static void the_last_state_of_what_was_not_looked_at_is_not_known(void **state)
{
    struct nights n = begin(*state);
    struct err e = {0};
    struct str a;
    bool known, there;
    unsigned seen;
    look(&n, both, NULL, NULL);
    look(&n, both, "box:b", NULL);
    assert_ok(history_last(n.h, STR("prod"), STR("box:b"), n.mem, &known, &there, &a, &seen, &e),
              e);
    assert_true(!known && !there);
    assert_ok(history_last(n.h, STR("prod"), STR("box:c"), n.mem, &known, &there, &a, &seen, &e),
              e);
    assert_true(known && !there);
    end(&n);
}

/* What is older than asked is forgotten, and what was known by it alone. */
static void what_is_forgotten_is_as_never_looked_at(void **state)
{
    struct nights n = begin(*state);
    struct err e = {0};
    look(&n, both, NULL, NULL);
    look(&n, both, "box:b", NULL);
    look(&n, other, NULL, NULL);
    assert_str(told(&n, NULL), "3~box:b 01-03 ");
    assert_ok(history_keep(n.h, STR("prod"), 2, 0, STR("2026-11-04T02:00:00Z"), &e), e);
    assert_str(told(&n, NULL), "3+box:b -03 3+box:b/slot:s -03 2+box:a -02 ");
    end(&n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_was_left_out_was_not_dropped),
        TEST(what_happened_meanwhile_is_told_when_it_is_looked_at_again),
        TEST(what_was_never_looked_at_has_no_time_before),
        TEST(what_came_along_with_an_included_object_does_not_go_with_it),
        TEST(filters_of_both_sides_count),
        TEST(attributes_that_one_side_did_not_capture_are_no_change),
        TEST(the_last_state_of_what_was_not_looked_at_is_not_known),
        TEST(what_is_forgotten_is_as_never_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
