/* Times and names of a history as people write them, and how well a deployer's row names an object.
 */

#include "cli/blame.h"
#include "core/deployed.h"

#include "tests/harness/folder.h"
#include "tests/harness/schema.h"
#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

static void times_are_understood(void **state)
{
    static const struct {
        const char *text, *first, *last;
    } rows[] = {
        {"2026-11-01", "2026-11-01T00:00:00Z", "2026-11-01T23:59:59Z"},
        {"2026-11-01T02:00", "2026-11-01T02:00:00Z", "2026-11-01T02:00:59Z"},
        {"2026-11-01 02:00", "2026-11-01T02:00:00Z", "2026-11-01T02:00:59Z"},
        {"2026-11-01T02:00:07", "2026-11-01T02:00:07Z", "2026-11-01T02:00:07Z"},
        {"2026-11-01T02:00:07Z", "2026-11-01T02:00:07Z", "2026-11-01T02:00:07Z"},
        {"2026-11-01T02:00+01:00", "2026-11-01T01:00:00Z", "2026-11-01T01:00:59Z"},
        {"2026-01-01T00:30:00+0100", "2025-12-31T23:30:00Z", "2025-12-31T23:30:00Z"},
        {"2024-02-28T23:30-0130", "2024-02-29T01:00:00Z", "2024-02-29T01:00:59Z"},
        {"1969-12-31T23:59:59", "1969-12-31T23:59:59Z", "1969-12-31T23:59:59Z"},
        {"2100-03-01T00:00:00+00:01", "2100-02-28T23:59:00Z", "2100-02-28T23:59:00Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct when when;
        struct err e = {0};
        assert_ok(history_when(str_c(rows[i].text), *state, &when, &e), e);
        assert_str(when.first, rows[i].first);
        assert_str(when.last, rows[i].last);
    }
}

static void what_is_no_time_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "2026",
        "2026-11",
        "2026-1-1",
        "2026-13-01",
        "2026-02-29",
        "2026-11-31",
        "0000-01-01",
        "2026-11-01T",
        "2026-11-01T2",
        "2026-11-01Z",
        "2026-11-01T24:00",
        "2026-11-01T02:60",
        "2026-11-01T02:00:60",
        "2026-11-01T02:00+24:00",
        "2026-11-01T02:00+1:00",
        "2026-11-01T02:00x",
        "yesterday",
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct when when;
        struct err e = {0};
        assert_int_equal(history_when(str_c(rows[i]), *state, &when, &e), -1);
        assert_int_equal(e.code, E_BAD_VALUE);
    }
}

static void an_environment_may_have_a_time(void **state)
{
    static const struct {
        const char *text, *env, *time;
    } rows[] = {
        {"prod", "prod", NULL},
        {"prod@2026-11-01", "prod", "2026-11-01T23:59:59Z"},
        {"postgresql://u@h/db", "postgresql://u@h/db", NULL},
        {"postgresql://u@h/db@2026-11-01T02:00", "postgresql://u@h/db", "2026-11-01T02:00:59Z"},
        {"postgresql://u@10.0.0.1/db", "postgresql://u@10.0.0.1/db", NULL},
        {"a@1.db", "a@1.db", NULL},
        {"me@", "me@", NULL},
        {"@2026-11-01", "", "2026-11-01T23:59:59Z"},
    };
    struct history_name name;
    struct err e = {0};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_ok(history_name(str_c(rows[i].text), *state, &name, &e), e);
        assert_str(name.env, rows[i].env);
        assert_true(str_is_null(name.time) == !rows[i].time);
        if (rows[i].time)
            assert_str(name.time, rows[i].time);
    }
    assert_int_equal(history_name(STR("prod@2026"), *state, &name, &e), -1);
    assert_int_equal(e.code, E_BAD_VALUE);
}

static void an_object_is_named_more_or_less(void **state)
{
    static const struct {
        const char *id, *text, *file, *path;
        unsigned want;
    } rows[] = {
        {"1", "createTable tableName=orders", "db/c.yaml", "table:orders", 3},
        {"1", "createTable tableName=Orders", "db/c.yaml", "table:orders", 3},
        {"1", "addColumn tableName=orders", "db/c.yaml", "table:orders/column:total", 1},
        {"1", "drop column total", "db/c.yaml", "table:orders/column:total", 2},
        {"orders-total", "sql", "db/c.yaml", "table:orders/column:total", 3},
        {"1", "sql", "db/orders/c.yaml", "table:orders", 0},
        {"2", "drop items", "V2__drop_items.sql", "table:items", 3},
        {"2", "", "V2__drop_items.sql", "table:items", 3},
        {"2", "add order items", "V2.sql", "table:order_items", 3},
        {"2", "addColumn tableName=order_items2", "c.yaml", "table:order_items", 0},
        {"2", "reorders", "c.yaml", "table:orders", 0},
        {"2", "check of orders", "c.yaml", "table:orders/check:#12ab", 1},
        {"2", "sql", "c.yaml", "table:", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct deployed d = {
            .id = str_c(rows[i].id), .text = str_c(rows[i].text), .file = str_c(rows[i].file)};
        unsigned got = blame_score(&engine_sqlite, &d, str_c(rows[i].path), *state);
        if (got != rows[i].want)
            fail_msg("%s | %s | %s for %s: %u", rows[i].id, rows[i].text, rows[i].file,
                     rows[i].path, got);
    }
}

static void a_guess_is_said_to_be_one(void **state)
{
    struct deployed v[7];
    struct strbuf out = sb_new(*state, 0);
    for (int i = 0; i < 7; i++)
        v[i] = (struct deployed){.tool = STR("liquibase"), .id = STR("a\x1b[31m"), .order = 1};
    v[0].tool = STR("flyway");
    v[0].id = STR("");
    const struct blame many = {BLAME_ONE_OF, v, 7}, one = {BLAME_NAMED, v, 1};
    blame_text(&out, &one, 2, *state);
    assert_str(sb_view(&out), "  probably Flyway's repeatable script\n");
    sb_cut(&out, 0);
    blame_text(&out, &many, 0, *state);
    assert_str(sb_view(&out), "perhaps one of 7 that were deployed in between:\n"
                              "  Flyway's repeatable script\n  changeSet a\\x1b[31m\n"
                              "  changeSet a\\x1b[31m\n  changeSet a\\x1b[31m\n"
                              "  changeSet a\\x1b[31m\n  and 2 more (-f json has all)\n");
    sb_cut(&out, 0);
    blame_json(&out, &many, *state);
    assert_true(str_find(sb_view(&out), STR("\"guess\":true")) < out.n);
    assert_true(str_chr(sb_view(&out), '\x1b') == out.n);
}

static void put_row(void *ctx, const struct deployed *d)
{
    struct strbuf *b = ctx;
    const struct str parts[] = {d->tool,       d->id,   d->author, d->file,
                                d->deployment, d->text, d->when,   d->how};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        sb_printf(b, "%s%.*s", i ? "|" : "", STR_ARG(str_is_null(parts[i]) ? STR("-") : parts[i]));
    sb_printf(b, "|%llu\n", (unsigned long long)d->order);
}

/* Tables of old releases lack columns; one without an id is no deployer's. */
static void tables_of_any_release_are_read(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    struct err e = {0};
    struct session *s = NULL;
    const struct scratch_want want = {0};
    const struct live_ops *live = engine_sqlite.live;
    assert_ok(live->scratch(&want, *state, &s, &e), e);
    assert_ok(live->deployments(s, put_row, &b, &e), e);
    assert_int_equal(b.n, 0);
    assert_ok(live->script(
                  s,
                  STR("CREATE TABLE databaseChangeLog (Id TEXT, Author TEXT, FileName TEXT, "
                      "OrderExecuted INT); INSERT INTO databaseChangeLog VALUES ('a', 'b', 'c', 7);"
                      "CREATE TABLE flyway_schema_history (installed_rank INT, version TEXT, "
                      "description TEXT, type TEXT, script TEXT, installed_by TEXT, installed_on "
                      "TEXT, success INT); INSERT INTO flyway_schema_history VALUES (1, '1', 'd', "
                      "'SQL', 'V1.sql', 'me', 'then', 1), (2, NULL, 'r', 'SQL', 'R__r.sql', 'me', "
                      "'then', 0);"),
                  STR("x"), &e),
              e);
    assert_ok(live->deployments(s, put_row, &b, &e), e);
    assert_str(sb_view(&b), "liquibase|a|b|c|-|-|-|-|7\n"
                            "flyway|1|me|V1.sql|-|d|then|SQL|1\n"
                            "flyway||me|R__r.sql|-|r|then|FAILED|2\n");
    sb_cut(&b, 0);
    assert_ok(live->script(s,
                           STR("DROP TABLE flyway_schema_history; DROP TABLE databaseChangeLog; "
                               "CREATE TABLE databaseChangeLog (author TEXT)"),
                           STR("x"), &e),
              e);
    assert_ok(live->deployments(s, put_row, &b, &e), e);
    assert_int_equal(b.n, 0);
    live->close(s);
}

/* A script that failed has left what it did before, where DDL ends a transaction. */
static void what_failed_is_by_hand_only_where_it_was_undone(void **state)
{
    static const char *const words[] = {
        "probably Flyway's 2 by me in V2__box_b.sql, which failed: box b\n",
        "by hand: no deployer wrote anything down in between\n"};
    struct arena *mem = *state;
    const struct engine *const engines[] = {&engine_toy, NULL};
    struct history_options opt = {.engines = engines, .use = HISTORY_WRITE};
    struct context ctx = {.mem = mem};
    char *folder = folder_new(mem), *path = folder_path(mem, folder, "h.db");
    struct deployed failed = {.tool = STR("flyway"),
                              .id = STR("2"),
                              .author = STR("me"),
                              .file = STR("V2__box_b.sql"),
                              .text = STR("box b"),
                              .how = STR("FAILED")};
    struct history *h;
    struct history_event *v;
    struct err e = {0};
    uint32_t n;
    assert_ok(history_open(str_c(path), &opt, mem, &h, &e), e);
    for (unsigned i = 0; i < 2; i++) {
        struct history_run run = {.env = STR("prod"),
                                  .time = arena_printf(mem, "2026-11-0%uT02:00:00Z", i + 1),
                                  .live =
                                      toy_read(mem, i ? "make box:a\nmake box:b" : "make box:a"),
                                  .deployed = &failed,
                                  .ndeployed = i};
        assert_ok(history_record(h, &run, &e), e);
    }
    assert_ok(history_log(h, STR("prod"), STR("box:b"), 0, mem, &v, &n, &e), e);
    assert_int_equal(n, 1);
    for (unsigned i = 0; i < 2; i++) {
        struct engine eng = engine_toy;
        struct strbuf b = sb_new(mem, 0);
        struct blame blame;
        eng.begin = i ? "BEGIN" : NULL;
        assert_ok(blame_event(blamer_new(&ctx, h, STR("prod"), &eng, false), v, &blame, &e), e);
        blame_text(&b, &blame, 0, mem);
        assert_str(sb_view(&b), words[i]);
    }
    history_close(h);
    folder_remove(mem, folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(times_are_understood),
        TEST(what_is_no_time_is_refused),
        TEST(an_environment_may_have_a_time),
        TEST(an_object_is_named_more_or_less),
        TEST(a_guess_is_said_to_be_one),
        TEST(tables_of_any_release_are_read),
        TEST(what_failed_is_by_hand_only_where_it_was_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
