/*
 * The history on a file: what was recorded comes back byte for byte, from check to check only what
 * changed is written, and what happened to an object is told.
 */

#include <sqlite3.h>

#include "history/history.h"
#include "snapshot/snapshot.h"
#include "tests/harness/folder.h"
#include "tests/harness/schema.h"
#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

static const struct engine *const engines[] = {&engine_toy, NULL};

static struct history *open_it(struct arena *mem, const char *path, enum history_use use)
{
    struct history_options opt = {.engines = engines, .use = use};
    struct history *h;
    struct err e = {0};
    assert_ok(history_open(str_c(path), &opt, mem, &h, &e), e);
    return h;
}

static void record(struct history *h, const char *env, const char *time, const struct catalog *live)
{
    struct history_run run = {.env = str_c(env),
                              .time = str_c(time),
                              .live = live,
                              .source = STR("toy://x"),
                              .baseline = STR("git:main")};
    struct err e = {0};
    if (!live)
        run.failed = STR("ACCESS_DENIED");
    assert_ok(history_record(h, &run, &e), e);
}

static struct str text_of(struct arena *mem, const struct catalog *cat)
{
    struct strbuf b = sb_new(mem, 0);
    snapshot_text(cat, &b);
    return sb_view(&b);
}

static const char first[] =
    "make box:a color=blue {slot:s size=3} {slot:t} {seal:k rule=even slot=s}\n"
    "make box:a/tag:x text=hot on=s\nmake link:l goes=box:a",
                  second[] = "make box:a color=red {slot:s size=3} {seal:k rule=even slot=s}\n"
                             "make box:a-b\nmake link:l goes=box:a",
                  third[] =
                      "make box:a color=red {slot:s size=3} {slot:t} {seal:k rule=even slot=s}";

static void what_is_recorded_comes_back_to_the_byte(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "h.db");
    const char *const scripts[] = {first, second, third};
    const char *const times[] = {"2026-11-01T02:00:00Z", "2026-11-02T02:00:00Z",
                                 "2026-11-03T02:00:00Z"};
    struct str want[3];
    struct err e = {0};
    struct history *h = open_it(mem, path, HISTORY_WRITE);
    for (size_t i = 0; i < 3; i++) {
        struct catalog *cat = toy_read(mem, scripts[i]);
        if (i == 1)
            cat_add_ledger(cat, "odd", STR("th\ning"), STR("box:a"), STR("text"), "not modelled");
        assert_ok(cat_finish(cat, &e), e);
        want[i] = text_of(mem, cat);
        record(h, "prod", times[i], cat);
    }
    history_close(h);
    h = open_it(mem, path, HISTORY_READ);
    for (size_t i = 0; i < 3; i++) {
        struct catalog *cat;
        struct history_state at;
        assert_ok(history_catalog(h, STR("prod"), str_c(times[i]), mem, &cat, &at, &e), e);
        assert_str(text_of(mem, cat), arena_cstr(mem, want[i]));
        assert_int_equal(at.id, i + 1);
        struct str day = str_sub(str_c(times[i]), 0, 10);
        assert_ok(history_catalog(h, STR("prod"), day, mem, &cat, &at, &e), e);
        assert_int_equal(at.id, i + 1);
    }
    struct catalog *cat;
    assert_err(history_catalog(h, STR("prod"), STR("2026-10"), mem, &cat, NULL, &e), e,
               E_HISTORY_NONE);
    assert_err(history_catalog(h, STR("prod"), STR("yesterday"), mem, &cat, NULL, &e), e,
               E_BAD_VALUE);
    assert_err(history_catalog(h, STR("test"), STR_NULL, mem, &cat, NULL, &e), e, E_HISTORY_NONE);
    history_close(h);
    assert_int_equal(folder_count(folder), 1);
    folder_remove(mem, folder);
}

/* "3 ~ box:a 2026-11-02T.. > 2026-11-03T..\n" without what is the same in all times. */
static struct str log_text(struct arena *mem, struct history *h, const char *path, uint32_t most)
{
    struct history_event *v;
    uint32_t n;
    struct err e = {0};
    struct strbuf b = sb_new(mem, 0);
    assert_ok(history_log(h, STR("prod"), str_c(path), most, mem, &v, &n, &e), e);
    for (uint32_t i = 0; i < n; i++)
        sb_printf(&b, "%llu %c %.*s %.*s-%.*s\n", (unsigned long long)v[i].state, "+-~"[v[i].op],
                  STR_ARG(v[i].path), STR_ARG(str_sub(v[i].not_before, 8, 10)),
                  STR_ARG(str_sub(v[i].time, 8, 10)));
    return sb_view(&b);
}

static void a_log_tells_between_which_checks_it_came(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "h.db");
    struct history *h = open_it(mem, path, HISTORY_WRITE);
    record(h, "prod", "2026-11-01T02:00:00Z", toy_read(mem, first));
    record(h, "prod", "2026-11-02T02:00:00Z", toy_read(mem, first));
    record(h, "prod", "2026-11-03T02:00:00Z", toy_read(mem, second));
    record(h, "prod", "2026-11-04T02:00:00Z", NULL);
    record(h, "prod", "2026-11-05T02:00:00Z", toy_read(mem, third));
    assert_str(log_text(mem, h, "box:a/slot:t", 0), "3 + box:a/slot:t 03-05\n"
                                                    "2 - box:a/slot:t 02-03\n"
                                                    "1 + box:a/slot:t -01\n");
    assert_str(log_text(mem, h, "box:a/slot:t", 2), "3 + box:a/slot:t 03-05\n"
                                                    "2 - box:a/slot:t 02-03\n");
    assert_str(log_text(mem, h, "box:a-b", 0), "3 - box:a-b 03-05\n2 + box:a-b 02-03\n");
    assert_str(log_text(mem, h, NULL, 3), "3 ~ box:a 03-05\n3 + box:a/slot:t 03-05\n"
                                          "3 - box:a-b 03-05\n");
    struct history_state *states;
    struct history_env *envs;
    uint32_t n;
    struct err e = {0};
    assert_ok(history_states(h, STR("prod"), mem, &states, &n, &e), e);
    assert_int_equal(n, 3);
    assert_int_equal(states[0].runs, 2);
    assert_str(states[0].last, "2026-11-02T02:00:00Z");
    assert_str(states[2].not_before, "2026-11-03T02:00:00Z");
    assert_int_equal(states[2].dropped, 2);
    assert_ok(history_envs(h, mem, &envs, &n, &e), e);
    assert_int_equal(n, 1);
    assert_int_equal(envs[0].runs, 5);
    assert_int_equal(envs[0].states, 3);
    assert_str(envs[0].engine, "toy");
    assert_true(str_is_null(envs[0].failed));
    history_close(h);
    folder_remove(mem, folder);
}

static struct history_finding finding(uint64_t id, const char *path)
{
    return (struct history_finding){.id = {id, 1},
                                    .path = str_c(path),
                                    .object = STR("box a"),
                                    .facet = F_STRUCTURE,
                                    .verdict = VERDICT_DRIFT,
                                    .severity = SEV_ERROR,
                                    .base_known = true,
                                    .base_there = true,
                                    .base_a = STR("{}"),
                                    .base_facets = F_DEFAULT};
}

static void record_findings(struct history *h, struct arena *mem, const char *time,
                            const struct history_finding *v, uint32_t n)
{
    struct history_run run = {.env = STR("prod"),
                              .time = str_c(time),
                              .live = toy_read(mem, first),
                              .findings = v,
                              .nfindings = n};
    struct err e = {0};
    assert_ok(history_record(h, &run, &e), e);
}

static void findings_stay_open_until_a_check_misses_them(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "h.db");
    struct history *h = open_it(mem, path, HISTORY_WRITE);
    struct history_finding v[] = {finding(2, "box:b"), finding(1, "box:a")}, *open;
    struct history_env *envs;
    struct str time;
    struct err e = {0};
    uint32_t n;
    assert_ok(history_open_findings(h, STR("prod"), mem, &open, &n, &time, &e), e);
    assert_true(n == 0 && str_is_null(time));
    record_findings(h, mem, "2026-11-01T02:00:00Z", v, 2);
    assert_ok(history_told(h, STR("prod"), &v[0].id, 1, &e), e);
    v[0].since = STR("2026-11-02T02:00:00Z"); /* what is known already keeps its own */
    v[1].verdict = VERDICT_CONFLICT;
    v[1].passed = true;
    record_findings(h, mem, "2026-11-02T02:00:00Z", v, 2);
    assert_ok(history_open_findings(h, STR("prod"), mem, &open, &n, &time, &e), e);
    assert_int_equal(n, 2);
    assert_str(time, "2026-11-02T02:00:00Z");
    assert_str(open[0].path, "box:a");
    assert_true(open[0].passed && open[0].verdict == VERDICT_CONFLICT && !open[0].told);
    assert_true(open[1].told && open[1].base_there && open[1].base_facets == F_DEFAULT);
    assert_str(open[1].since, "2026-11-01T02:00:00Z");
    assert_str(open[1].base_a, "{}");
    assert_ok(history_envs(h, mem, &envs, &n, &e), e);
    assert_true(envs[0].open[VERDICT_DRIFT] == 1 && envs[0].passed == 1);
    record(h, "prod", "2026-11-03T02:00:00Z", NULL); /* who could not look closes nothing */
    assert_ok(history_open_findings(h, STR("prod"), mem, &open, &n, &time, &e), e);
    assert_int_equal(n, 2);
    record_findings(h, mem, "2026-11-04T02:00:00Z", v + 1, 1);
    v[0].since = STR_NULL;
    record_findings(h, mem, "2026-11-05T02:00:00Z", v, 2);
    assert_ok(history_open_findings(h, STR("prod"), mem, &open, &n, &time, &e), e);
    assert_true(n == 2 && !open[1].told);
    assert_str(open[1].since, "2026-11-05T02:00:00Z");
    history_close(h);
    folder_remove(mem, folder);
}

static void what_deployers_wrote_is_told_between_checks(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "h.db");
    struct history *h = open_it(mem, path, HISTORY_WRITE);
    struct deployed v[] = {
        {.tool = STR("liquibase"), .id = STR("1"), .author = STR("a\xff"), .order = 1},
        {.tool = STR("liquibase"), .id = STR("2"), .author = STR("b"), .order = 2}};
    struct deployed *got;
    struct err e = {0};
    uint32_t n;
    for (uint32_t i = 0; i < 3; i++) {
        struct history_run run = {.env = STR("prod"),
                                  .time = arena_printf(mem, "2026-11-0%uT02:00:00Z", i + 1),
                                  .live = toy_read(mem, first),
                                  .deployed = v,
                                  .ndeployed = i < 2 ? 1 : 2};
        assert_ok(history_record(h, &run, &e), e);
    }
    assert_ok(history_deployments(h, STR("prod"), STR("2026-11-02T02:00:00Z"), STR_NULL, mem, &got,
                                  &n, &e),
              e);
    assert_int_equal(n, 1);
    assert_str(got[0].id, "2");
    assert_ok(history_deployments(h, STR("prod"), STR_NULL, STR("2026-11-02T02:00:00Z"), mem, &got,
                                  &n, &e),
              e);
    assert_int_equal(n, 1);
    assert_str(got[0].author, "a\\xff");
    assert_true(str_is_null(got[0].file));
    history_close(h);
    folder_remove(mem, folder);
}

static void the_last_state_of_an_object_is_known(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "h.db");
    struct history *h = open_it(mem, path, HISTORY_WRITE);
    struct err e = {0};
    struct str a, *paths;
    bool known, there;
    unsigned facets;
    uint32_t n;
    assert_ok(history_last(h, STR("prod"), STR("box:a"), mem, &known, &there, &a, &facets, &e), e);
    assert_true(!known && !there && str_is_null(a));
    record(h, "prod", "2026-11-01T02:00:00Z", toy_read(mem, first));
    record(h, "prod", "2026-11-02T02:00:00Z", toy_read(mem, third));
    assert_ok(history_last(h, STR("prod"), STR("box:a"), mem, &known, &there, &a, &facets, &e), e);
    assert_true(known && there && (facets & F_STRUCTURE));
    assert_true(str_eq(a, cat_find(toy_read(mem, third), STR("box:a"))->a));
    assert_ok(history_last(h, STR("prod"), STR("link:l"), mem, &known, &there, &a, &facets, &e), e);
    assert_true(known && !there && str_is_null(a));
    assert_ok(history_find(h, STR("prod"), STR("a"), mem, &paths, &n, &e), e);
    assert_true(n == 1);
    assert_str(paths[0], "box:a");
    assert_ok(history_find(h, STR("prod"), STR("slot a.T"), mem, &paths, &n, &e), e);
    assert_true(n == 1);
    assert_str(paths[0], "box:a/slot:t");
    assert_ok(history_find(h, STR("prod"), STR("nothing"), mem, &paths, &n, &e), e);
    assert_int_equal(n, 0);
    history_close(h);
    folder_remove(mem, folder);
}

/* Two checks of one environment at once: what the second judged by is not true any more. */
static void a_check_that_was_overtaken_is_not_written(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "h.db");
    struct history *one = open_it(mem, path, HISTORY_WRITE),
                   *two = open_it(mem, path, HISTORY_WRITE);
    struct history_finding *open;
    struct str time;
    struct err e = {0};
    uint32_t n;
    record(one, "prod", "2026-11-01T02:00:00Z", toy_read(mem, first));
    assert_ok(history_open_findings(two, STR("prod"), mem, &open, &n, &time, &e), e);
    record(one, "prod", "2026-11-02T02:00:00Z", toy_read(mem, second));
    struct history_run run = {
        .env = STR("prod"), .time = STR("2026-11-03T02:00:00Z"), .live = toy_read(mem, third)};
    assert_err(history_record(two, &run, &e), e, E_HISTORY_LOCKED);
    record(one, "prod", "2026-11-04T02:00:00Z", toy_read(mem, third));
    history_close(one);
    history_close(two);
    folder_remove(mem, folder);
}

/* Days are counted by the calendar, over the end of February. */
static void what_is_kept_is_counted_in_states_and_days(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "h.db");
    const char *const times[] = {"2024-02-27T02:00:00Z", "2024-02-28T02:00:00Z",
                                 "2024-02-29T02:00:00Z", "2024-03-01T02:00:00Z"};
    struct history *h = open_it(mem, path, HISTORY_WRITE);
    struct history_state *v;
    struct err e = {0};
    uint32_t n;
    for (uint32_t i = 0; i < 4; i++)
        record(h, "prod", times[i], toy_read(mem, i % 2 ? second : first));
    assert_ok(history_keep(h, STR("prod"), 0, 0, str_c(times[3]), &e), e);
    assert_ok(history_keep(h, STR("prod"), 1, 3, str_c(times[3]), &e), e);
    assert_ok(history_states(h, STR("prod"), mem, &v, &n, &e), e);
    assert_int_equal(n, 4);
    assert_ok(history_keep(h, STR("prod"), 0, 2, str_c(times[3]), &e), e);
    assert_ok(history_states(h, STR("prod"), mem, &v, &n, &e), e);
    assert_int_equal(n, 3);
    assert_true(v[0].id == 2 && str_is_null(v[0].not_before) && v[0].added == v[0].facts);
    assert_ok(history_keep(h, STR_NULL, 2, 0, str_c(times[3]), &e), e);
    assert_ok(history_states(h, STR("prod"), mem, &v, &n, &e), e);
    assert_int_equal(n, 2);
    assert_ok(history_check(h, &e), e);
    history_close(h);
    folder_remove(mem, folder);
}

/* What a role may not read is written down by each check anew; what it may read only once. */
static void what_was_hidden_goes_with_its_states(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "h.db");
    struct history *h = open_it(mem, path, HISTORY_WRITE);
    struct deployed v[] = {{.tool = STR("liquibase"), .id = STR("1")}, deployed_hidden("flyway")};
    struct deployed *got;
    struct err e = {0};
    uint32_t n;
    for (uint32_t i = 0; i < 4; i++) {
        struct history_run run = {.env = STR("prod"),
                                  .time = arena_printf(mem, "2026-11-0%uT02:00:00Z", i + 1),
                                  .live = toy_read(mem, i % 2 ? second : first),
                                  .deployed = v,
                                  .ndeployed = 2};
        v[1].when = run.time;
        assert_ok(history_record(h, &run, &e), e);
    }
    assert_ok(history_keep(h, STR("prod"), 2, 0, STR("2026-11-04T02:00:00Z"), &e), e);
    assert_ok(history_deployments(h, STR("prod"), STR_NULL, STR_NULL, mem, &got, &n, &e), e);
    assert_int_equal(n, 3);
    assert_str(got[0].id, "1");
    assert_str(got[1].when, "2026-11-03T02:00:00Z");
    history_close(h);
    folder_remove(mem, folder);
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

/* What a fact was to be ended or begun by is gone: nothing is written, and it is told at once. */
static void a_row_that_is_missing_is_told_by_the_check_that_needs_it(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "h.db");
    struct history *h = open_it(mem, path, HISTORY_WRITE);
    struct history_state *v;
    struct err e = {0};
    uint32_t n;
    record(h, "prod", "2026-11-01T02:00:00Z", toy_read(mem, first));
    run_sql(path, "UPDATE path SET hash = randomblob(16) WHERE text = 'box:a/slot:t'");
    struct history_run run = {
        .env = STR("prod"), .time = STR("2026-11-02T02:00:00Z"), .live = toy_read(mem, second)};
    assert_err(history_record(h, &run, &e), e, E_HISTORY_CORRUPT);
    run_sql(path, "CREATE TRIGGER lost BEFORE INSERT ON fact BEGIN SELECT raise(IGNORE); END");
    run.live = toy_read(mem, "make box:a color=blue {slot:s size=3} {slot:t} {seal:k rule=even "
                             "slot=s}\nmake box:a/tag:x text=hot on=s\nmake box:z");
    assert_err(history_record(h, &run, &e), e, E_HISTORY_CORRUPT);
    assert_ok(history_states(h, STR("prod"), mem, &v, &n, &e), e);
    assert_int_equal(n, 1);
    history_close(h);
    folder_remove(mem, folder);
}

/* A deployer's text may hold anything that its column took. */
static void a_text_with_a_nul_is_shown(void **state)
{
    struct arena *mem = *state;
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "h.db");
    struct history *h = open_it(mem, path, HISTORY_WRITE);
    struct deployed v = {.tool = STR("flyway"), .id = {"a\0b", 3}, .order = 1}, *got;
    struct history_run run = {.env = STR("prod"),
                              .time = STR("2026-11-01T02:00:00Z"),
                              .live = toy_read(mem, first),
                              .deployed = &v,
                              .ndeployed = 1};
    struct err e = {0};
    uint32_t n;
    assert_ok(history_record(h, &run, &e), e);
    assert_ok(history_deployments(h, STR("prod"), STR_NULL, STR_NULL, mem, &got, &n, &e), e);
    assert_int_equal(n, 1);
    assert_str(got[0].id, "a\\x00b");
    history_close(h);
    folder_remove(mem, folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_is_recorded_comes_back_to_the_byte),
        TEST(a_log_tells_between_which_checks_it_came),
        TEST(findings_stay_open_until_a_check_misses_them),
        TEST(what_deployers_wrote_is_told_between_checks),
        TEST(the_last_state_of_an_object_is_known),
        TEST(a_check_that_was_overtaken_is_not_written),
        TEST(what_is_kept_is_counted_in_states_and_days),
        TEST(what_was_hidden_goes_with_its_states),
        TEST(a_row_that_is_missing_is_told_by_the_check_that_needs_it),
        TEST(a_text_with_a_nul_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
