/* What people and monitoring are told after a check: names that are markup where they are shown,
 * what other checks wrote, and texts that are too long. */

#include "core/json.h"
#include "drift/drift.h"
#include "emit/tell.h"
#include "tests/harness/schema.h"
#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

static struct tell_env checked(struct arena *mem, const char *name, const char *from,
                               const char *to)
{
    struct drift_request req = {.env = str_c(name)};
    struct drift_findings *f;
    struct err e;
    req.changes = toy_diff(mem, toy_read(mem, from), toy_read(mem, to));
    assert_ok(drift_judge(&req, mem, &f, &e), e);
    for (uint32_t i = 0; i < f->n; i++) {
        f->v[i].verdict = VERDICT_DRIFT;
        f->v[i].fails = true;
    }
    return (struct tell_env){.name = str_c(name),
                             .known = true,
                             .found = f,
                             .changes = req.changes,
                             .time = STR("2026-11-22T02:00:00Z"),
                             .ms = 1234};
}

static bool holds(struct str text, const char *words)
{
    return str_find(text, str_c(words)) < text.n;
}

static void a_monitor_reads_one_line(void **state)
{
    struct err e;
    struct strbuf b = sb_new(*state, 0);
    struct tell_env v[] = {checked(*state, "a|b='1'", "make box:a color=red",
                                   "make box:a color=red {slot:s}\nmake box:b {slot:t}"),
                           checked(*state, "calm", "make box:a color=red", "make box:a color=red")};
    /* the new box comes with its slot */
    assert_int_equal(tell_nagios(v, 2, NULL, &b), 2);
    assert_true(str_starts(sb_view(&b), STR("SNAP DRIFT CRITICAL - 2 drifts in a/b='1' (")));
    assert_true(holds(sb_view(&b), "| 'a/b__1_ drift'=2;;;0 'a/b__1_ conflict'=0;;;0"));
    assert_true(holds(sb_view(&b), " 'calm time'=1.234s;;;0\n"));
    sb_cut(&b, 0);
    assert_int_equal(tell_nagios(&v[1], 1, NULL, &b), 0);
    assert_true(str_starts(sb_view(&b), STR("SNAP DRIFT OK - 1 environment without drift |")));
    sb_cut(&b, 0);
    err_set(&e, E_NO_SUCH_FILE, "x|y\n");
    assert_int_equal(tell_nagios(NULL, 0, &e, &b), 3);
    assert_str(sb_view(&b), "SNAP DRIFT UNKNOWN - NO_SUCH_FILE: x/y\\x0a\n");
}

static void metrics_keep_what_others_wrote(void **state)
{
    struct tell_env drifted = checked(*state, "q\"\\\n", "make box:a color=red", "make box:b");
    struct tell_env unknown = {.name = drifted.name, .time = STR("2026-11-23T02:00:00Z"), .ms = 5};
    struct metrics *m = metrics_new(*state);
    assert_true(metrics_read(m, STR("# HELP x\nsnap_drift_up{env=\"z}\\\"\"} 1\n")));
    metrics_put(m, &drifted);
    struct str text = metrics_text(m);
    assert_true(holds(text, "# TYPE snap_drift_up gauge\nsnap_drift_up{env=\"q\\\"\\\\\\n\"} 1\n"
                            "snap_drift_up{env=\"z}\\\"\"} 1\n"));
    assert_true(holds(text, ",verdict=\"drift\",severity=\"error\"} 2\n"));
    /* read back, the same comes out again */
    m = metrics_new(*state);
    assert_true(metrics_read(m, text));
    assert_true(str_eq(metrics_text(m), text));
    /* a check that could not tell: what was seen last stays, findings are unknown */
    metrics_put(m, &unknown);
    text = metrics_text(m);
    assert_true(holds(text, "snap_drift_up{env=\"q\\\"\\\\\\n\"} 0\n"));
    assert_true(holds(
        text, "snap_drift_last_success_timestamp_seconds{env=\"q\\\"\\\\\\n\"} 1795312800\n"));
    assert_true(
        holds(text, "snap_drift_last_check_timestamp_seconds{env=\"q\\\"\\\\\\n\"} 1795399200\n"));
    assert_false(holds(text, "severity="));
    static const char *const foreign[] = {"up 1\n", "snap_drift_new{env=\"a\"} 1\n",
                                          "snap_drift_up{env=\"a} 1\n"};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        assert_false(metrics_read(metrics_new(*state), str_c(foreign[i])));
}

static struct tell_news news_of(struct arena *mem, const struct tell_env *env)
{
    const struct drift_finding **v = NEW_ARRAY(mem, const struct drift_finding *, env->found->n);
    for (uint32_t i = 0; i < env->found->n; i++)
        v[i] = &env->found->v[i];
    return (struct tell_news){env->name, v, env->found->n, env->found->n + 1};
}

static void a_message_is_text_and_no_markup(void **state)
{
    struct tell_env env = checked(*state, "<!here> ```{{x", "", "make box:a");
    struct tell_news news = news_of(*state, &env);
    struct strbuf slack = sb_new(*state, 0), teams = sb_new(*state, 0);
    tell_slack(&news, &slack);
    tell_teams(&news, &teams);
    struct str title = jc_text(*state, jc_get(sb_view(&slack), "text"));
    assert_str(title, "drift: 1 new in &lt;!here&gt; `\xe2\x80\x8b`\xe2\x80\x8b`{{x, 2 in all");
    assert_true(holds(sb_view(&slack), "```\\n+ box a: structure (drift)\\n```"));
    assert_true(holds(sb_view(&teams), "{\xe2\x80\x8b{x"));
    assert_true(holds(sb_view(&teams), "\"text\":\"+ box a: structure (drift)\","));
}

static void a_message_that_is_too_long_says_how_much_is_left_out(void **state)
{
    struct strbuf boxes = sb_new(*state, 0), slack = sb_new(*state, 0), teams = sb_new(*state, 0);
    for (int i = 0; i < 1000; i++)
        sb_printf(&boxes, "make box:b%04d\n", i);
    struct tell_env env = checked(*state, "prod", "", sb_view(&boxes).p);
    struct tell_news news = news_of(*state, &env);
    tell_slack(&news, &slack);
    tell_teams(&news, &teams);
    assert_true(sb_view(&slack).n > 2500 && sb_view(&slack).n < 3500);
    /* as it is sent: short names are mostly grammar */
    assert_true(sb_view(&teams).n > 20000 && sb_view(&teams).n < 25000);
    assert_true(holds(sb_view(&slack), " more\\n```"));
    assert_true(holds(sb_view(&teams), " more\""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_monitor_reads_one_line),
        TEST(metrics_keep_what_others_wrote),
        TEST(a_message_is_text_and_no_markup),
        TEST(a_message_that_is_too_long_says_how_much_is_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
