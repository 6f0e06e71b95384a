/* A plan as a script and the script that takes it back: order, transactions, comments. */

#include "emit/emit.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

static struct str script_of(struct plan *p, const struct emit_in *how, struct arena *mem,
                            struct str *back)
{
    struct emit_in in = how ? *how : (struct emit_in){0};
    in.mem = mem;
    in.plan = p;
    in.changes = p->changes;
    return emitted(emitter_find(STR("sql"), EMIT_CHANGELOG), &in, back);
}

static void both_ways(void **state)
{
    struct plan *p = sql_plan(*state, "CREATE TABLE t (a INT); CREATE TABLE u (x)",
                              "CREATE TABLE t (a INT, b TEXT); CREATE VIEW v AS SELECT 1 AS a");
    struct emit_in in = {.proof = STR("proof: words\n\x1b")};
    struct str back, text = script_of(p, &in, *state, &back);
    assert_str(text, ".bail on\n"
                     "-- Turns from.db into to.db\n"
                     "-- Run it with: sqlite3 DATABASE < SCRIPT\n"
                     "-- proof: words\\x0a\\x1b\n"
                     "\n"
                     "BEGIN IMMEDIATE;\n"
                     "\n"
                     "-- step 1: add column t.b\n"
                     "ALTER TABLE t ADD COLUMN b TEXT;\n"
                     "\n"
                     "-- step 2: create view v\n"
                     "CREATE VIEW v AS SELECT 1 AS a;\n"
                     "\n"
                     "-- step 3: drop table u\n"
                     "-- ! DATA_LOSS: table u: its rows are lost\n"
                     "DROP TABLE u;\n"
                     "\n"
                     "COMMIT;\n");
    assert_str(back, ".bail on\n"
                     "-- Takes back what turned from.db into to.db\n"
                     "-- Run it with: sqlite3 DATABASE < SCRIPT\n"
                     "-- proof: words\\x0a\\x1b\n"
                     "\n"
                     "BEGIN IMMEDIATE;\n"
                     "\n"
                     "-- step 3: undo: drop table u\n"
                     "-- ! this restores the schema and not the rows or values that were lost\n"
                     "CREATE TABLE u (\n"
                     "  x\n"
                     ");\n"
                     "\n"
                     "-- step 2: undo: create view v\n"
                     "DROP VIEW v;\n"
                     "\n"
                     "-- step 1: undo: add column t.b\n"
                     "-- ! DATA_LOSS: column t.b: its values are lost\n"
                     "-- ! REWRITE: table t: DROP COLUMN rewrites every row\n"
                     "ALTER TABLE t DROP COLUMN b;\n"
                     "\n"
                     "COMMIT;\n");
}

static void nothing(void **state)
{
    struct plan *p = sql_plan(*state, "CREATE TABLE t (a)", "CREATE TABLE t (a)");
    struct str back, text = script_of(p, NULL, *state, &back);
    assert_true(str_ends(text, STR("\n-- 0 changes\n")));
    assert_true(str_ends(back, STR("\n-- 0 changes\n")));
    script_of(p, NULL, *state, NULL);
}

/* A plan made by hand: settings, what stands in no transaction, what is late, what is impossible.
 */
static struct plan by_hand(struct arena *mem, const struct engine *eng)
{
    static struct stmt one[] = {{.text = {"LATE", 4}, .flags = ST_LATE},
                                {.text = {"SET x", 5}, .flags = ST_SETTING},
                                {.text = {"A", 1}},
                                {.text = {"SET y", 5}, .flags = ST_SETTING},
                                {.text = {"UNSET x", 7}, .flags = ST_SETTING_END}};
    static struct stmt alone[] = {{.text = {"VACUUM", 6}, .flags = ST_NO_TX}};
    static struct stmt last[] = {{.text = {"B", 1}}, {.text = {"SET x", 5}, .flags = ST_SETTING}};
    static struct stmt never[] = {{.text = {"NEVER", 5}}};
    struct step *v = NEW_ARRAY(mem, struct step, 3);
    struct changes *c = NEW(mem, struct changes);
    c->from.label = STR("f");
    c->to.label = STR("t\n.shell rm");
    v[0] = (struct step){.title = STR("one"), .fwd = one, .nfwd = 5, .back = last, .nback = 2};
    v[1] = (struct step){
        .title = STR("two\nDROP TABLE x;"), .fwd = alone, .nfwd = 1, .back = last, .nback = 2};
    v[2] = (struct step){
        .title = STR("three"), .fwd = last, .nfwd = 2, .back = never, .nback = 1, .rev = REV_NONE};
    return (struct plan){.eng = eng, .changes = c, .v = v, .n = 3};
}

static void transactions(void **state)
{
    static const struct engine eng = {
        .name = "e", .title = "E", .begin = "BEGIN", .commit = "COMMIT"};
    struct plan p = by_hand(*state, &eng);
    struct emit_in in = {.allow_lossy = true};
    struct str back, text = script_of(&p, &in, *state, &back);
    assert_str(text, "-- Turns f into t\\x0a.shell rm\n"
                     "\n"
                     "SET x;\n"
                     "SET y;\n"
                     "BEGIN;\n"
                     "\n"
                     "-- step 1: one\n"
                     "A;\n"
                     "LATE;\n"
                     "\n"
                     "COMMIT;\n"
                     "UNSET x;\n"
                     "\n"
                     "-- step 2: two\\x0aDROP TABLE x;\n"
                     "-- not in a transaction:\n"
                     "VACUUM;\n"
                     "\n"
                     "SET x;\n"
                     "BEGIN;\n"
                     "\n"
                     "-- step 3: three\n"
                     "B;\n"
                     "\n"
                     "COMMIT;\n");
    assert_str(back, "-- Takes back what turned f into t\\x0a.shell rm\n"
                     "\n"
                     "SET x;\n"
                     "BEGIN;\n"
                     "\n"
                     "-- step 3: undo: three\n"
                     "-- impossible, and left empty on request\n"
                     "\n"
                     "-- step 2: undo: two\\x0aDROP TABLE x;\n"
                     "B;\n"
                     "\n"
                     "-- step 1: undo: one\n"
                     "B;\n"
                     "\n"
                     "COMMIT;\n");
    in.allow_lossy = false;
    script_of(&p, &in, *state, &back);
    assert_true(str_find(back, STR("-- step 3: undo: three\nNEVER;\n")) < back.n);
}

/* A name in a comment stays in its line. */
static void hostile(void **state)
{
    struct arena *mem = *state;
    struct plan *p = sql_plan(mem, nasty_sql(mem, false), nasty_sql(mem, true));
    struct str back, text = script_of(p, NULL, mem, &back), rest, line;
    size_t comments = 0;
    for (int turn = 0; turn < 2; turn++) {
        rest = turn ? back : text;
        while (str_cut(&rest, '\n', &line))
            if (str_starts(line, STR("-- "))) {
                comments++;
                if (acts_on_terminal(line))
                    fail_msg("%.*s", STR_ARG(line));
            }
    }
    assert_true(comments > 2 * p->n);
    /* each statement of the plan stands in it, byte for byte */
    for (uint32_t i = 0; i < p->n; i++)
        for (uint32_t k = 0; k < p->v[i].nfwd; k++)
            assert_true(str_find(text, p->v[i].fwd[k].text) < text.n);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(both_ways),
        TEST(nothing),
        TEST(transactions),
        TEST(hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
