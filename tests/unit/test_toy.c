/*
 * A new engine is one folder: what the toy's folder gives is enough for snapshots, every output and
 * the reading of its own changelogs. And the toy refuses what a server would.
 */

#include "drift/drift.h"
#include "emit/emit.h"
#include "snapshot/snapshot.h"
#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"
#include "verify/verify.h"

static const char from_script[] =
    "make box:a {slot:s} {slot:t}\nmake box:a/tag:x text=p on=t\nmake link:l goes=box:a\n"
    "make box:gone\nmake wire:w body='see box:a\nand more'";
static const char to_script[] = "make box:a color=blue {slot:s size=3 label='it''s'} {slot:u}\n"
                                "make box:n name=N\nmake link:l goes=box:n\nmake wire:w body=none";

static void a_snapshot_is_read_back(void **state)
{
    static const struct engine *const engines[] = {&engine_toy, NULL};
    struct arena *mem = *state;
    struct catalog *cat = toy_read(mem, from_script), *back;
    struct strbuf text = sb_new(mem, 0);
    struct err e;
    snapshot_text(cat, &text);
    assert_ok(snapshot_read_lenient(sb_view(&text), STR("toy.json"), engines, mem, &back, &e), e);
    assert_int_equal(back->n, cat->n);
    assert_int_equal(toy_diff(mem, cat, back)->n, 0);
    assert_true(hash_eq(cat->fingerprint, back->fingerprint));
    assert_str(cat_find(back, STR("link:l"))->deps, "[\"box:a\"]");
}

static void every_output_writes_it(void **state)
{
    struct arena *mem = *state;
    unsigned written = 0;
    for (size_t i = 0; all_emitters[i]; i++) {
        struct strbuf out = sb_new(mem, 0), second = sb_new(mem, 0);
        struct plan *p = toy_plan(mem, from_script, to_script);
        struct emit_files files = {0};
        struct emit_in in = {.mem = mem,
                             .changes = p->changes,
                             .plan = p,
                             .from = p->states[0],
                             .to = p->to,
                             .author = STR("me"),
                             .files = &files};
        struct err e;
        if (emitter_fits(all_emitters[i], &engine_toy, &e))
            continue;
        if (!(all_emitters[i]->use & EMIT_CHANGELOG))
            in.plan = NULL;
        struct drift_request judged = {.changes = p->changes, .all_diff = true};
        struct drift_findings *found;
        assert_ok(drift_judge(&judged, mem, &found, &e), e);
        in.findings = all_emitters[i]->use & EMIT_FINDINGS ? found : NULL;
        assert_ok(all_emitters[i]->run(&in, &out, &second, &e), e);
        assert_true(out.n > 0 || files.n > 0);
        written++;
    }
    assert_true(written >= 4);
}

/* Written as YAML, read again, replayed. */
static void its_changelog_is_replayed(void **state)
{
    static const struct filter none;
    struct arena *mem = *state;
    struct catalog *from = toy_read(mem, from_script), *to = toy_read(mem, to_script);
    struct verify_options opt = {.facets = F_DEFAULT, .filter = &none};
    struct strbuf out = sb_new(mem, 0);
    struct plan *p = toy_plan(mem, from_script, to_script);
    struct emit_in in = {
        .mem = mem, .changes = p->changes, .plan = p, .author = STR("me"), .sql_only = true};
    struct verify_report report;
    struct replay replay;
    struct err e;
    for (size_t i = 0; all_emitters[i]; i++)
        if (str_eq(str_c(all_emitters[i]->name), STR("liquibase-yaml")))
            assert_ok(all_emitters[i]->run(&in, &out, NULL, &e), e);
    assert_ok(
        changelog_read(sb_view(&out), STR_NULL, STR("up.yaml"), &engine_toy, mem, &replay, &e), e);
    assert_int_equal(replay.n, p->n);
    assert_ok(verify_replay(&replay, from, to, &opt, mem, &report, &e), e);
    assert_true(hash_eq(report.fingerprint, to->fingerprint));
}

static void the_toy_refuses_what_a_server_would(void **state)
{
    struct arena *mem = *state;
    static const char *const bad[] = {
        "make comet:c",
        "make box",
        "make slot:s",
        "make box:a/slot:s {",
        "make box:b {slot:s",
        "make box:b color",
        "make box:b taste=x",
        "make box:a",
        "make wire:a",
        "make box:q/tag:t",
        "make box:a/badge:x",
        "make box:a/tag:y on=none",
        "make link:m goes=box:none",
        "add box:a {seal:k slot=none}",
        "add box:a/slot:z {seal:k slot=none}",
        "drop box:none",
        "drop box:a/slot:t",
        "drop gate:g",
        "set box:none color=x",
        "set lamp:y lit=true",
        "rename box:none to=x",
        "rename box:a to=gone",
        "rename box:a",
        "rebuild box:none",
        "rebuild box:a taste=x",
        "rebuild box:a {seal:k slot=none}",
        "check box:none",
        "spoil box:none",
        "fail why='no'",
        "dance",
        "begin\nbegin",
        "begin\nquiet value=on",
        "begin\ndeepen lamp:y deep=1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct str script =
            arena_printf(mem, "%s\nmake gate:g\nmake lamp:y\n%s", from_script, bad[i]);
        struct source src = {.text = STR("toy"), .place = script};
        struct session *s;
        struct err e;
        if (toy_live.open(&src, mem, &s, &e) == 0)
            fail_msg("it runs: %s", bad[i]);
        assert_int_equal(e.code, E_VERIFY_FAILED);
        assert_null(s);
    }
    toy_live.close(NULL);
    assert_int_equal(toy_sessions, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_snapshot_is_read_back),
        TEST(every_output_writes_it),
        TEST(its_changelog_is_replayed),
        TEST(the_toy_refuses_what_a_server_would),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
