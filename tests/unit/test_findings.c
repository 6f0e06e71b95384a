/* Findings in the formats for people and for programs: each in the part where it belongs, and no
 * text that ends what it stands in. */

#include "core/escape.h"
#include "drift/drift.h"
#include "emit/emit.h"
#include "emit/told.h"
#include "tests/harness/schema.h"
#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

#define LIT(text)                                                                                  \
    {                                                                                              \
        text, sizeof(text) - 1                                                                     \
    }

static const struct ignore_rule rule = {
    .match = LIT("link:*"), .reason = LIT("a ]]> | <reason>"), .owner = LIT("me"), .most = 1};

/* A drift with data loss, a conflict that is known, one that is pending and one that is let pass.
 */
static struct emit_in sample(struct arena *mem)
{
    struct catalog *from = toy_read(mem, "make box:a color=red {slot:s} {slot:t}\nmake box:b "
                                         "color=red\nmake link:l goes=box:a\nmake box:p");
    struct catalog *to =
        toy_read(mem, "make box:a color=blue {slot:s}\nmake box:b color=blue\nmake link:l "
                      "goes=box:b\nmake link:m goes=box:b");
    struct drift_request req = {.changes = toy_diff(mem, from, to),
                                .rules = &rule,
                                .nrules = 1,
                                .env = STR("prod"),
                                .baseline = STR("a b:c.json")};
    struct drift_findings *f;
    struct err e;
    assert_ok(drift_judge(&req, mem, &f, &e), e);
    for (uint32_t i = 0; i < f->n; i++) {
        struct str path = change_obj(f->v[i].change)->path;
        f->v[i].rule = path_within(path, STR("link:m")) ? &rule : NULL;
        f->v[i].fails = !f->v[i].rule;
        f->v[i].since = STR("2026-11-20T02:00:00Z");
        f->v[i].fresh = !path_within(path, STR("box:b"));
        if (f->v[i].fresh)
            f->v[i].not_before = STR("2026-11-19T02:00:00Z");
        if (path_within(path, STR("box:b")))
            f->v[i].verdict = VERDICT_CONFLICT;
        if (path_within(path, STR("box:p"))) {
            f->v[i].verdict = VERDICT_PENDING;
            f->v[i].fails = false;
        }
    }
    static struct rule_note notes[] = {{&rule, RULE_UNUSED, 0}, {&rule, RULE_EXCEEDED, 2}};
    static struct resolved gone[] = {{{1, 2},
                                      LIT("box z"),
                                      LIT("box:z"),
                                      F_STRUCTURE,
                                      VERDICT_DRIFT,
                                      LIT("2026-11-18T02:00:00Z")}};
    f->notes = notes;
    f->nnotes = 2;
    f->resolved = gone;
    f->nresolved = 1;
    f->has_history = true;
    f->last = STR("2026-11-19T02:00:00Z");
    return (struct emit_in){
        .mem = mem, .changes = req.changes, .from = from, .to = to, .findings = f};
}

static struct str written(struct emit_in *in, const char *format)
{
    return emitted(emitter_find(str_c(format), EMIT_DIFF), in, NULL);
}

static bool holds(struct str text, const char *words)
{
    return str_find(text, str_c(words)) < text.n;
}

static void parts(void **state)
{
    struct emit_in in = sample(*state);
    uint32_t n;
    assert_int_equal(drift_part_count(in.findings, PART_PENDING), 1);
    assert_int_equal(drift_part_count(in.findings, PART_PASSED), 1);
    assert_str(told_title(&in),
               arena_printf(*state,
                            "drift: prod is not what its baseline says (from a b:c.json "
                            "to %.*s)",
                            STR_ARG(in.changes->to.label))
                   .p);
    struct told_passed *passed = told_passed(in.findings, *state, &n);
    assert_int_equal(n, 1);
    assert_ptr_equal(passed->rule, &rule);
    /* no change is lost between the parts, and none of what is pending has a hazard */
    uint32_t all = told_changes(&in, PART_OPEN)->n + told_changes(&in, PART_PASSED)->n;
    struct changes *pending = told_changes(&in, PART_PENDING);
    assert_int_equal(all + pending->n, in.changes->n);
    for (uint32_t i = 0; i < pending->n; i++)
        assert_int_equal(pending->v[i].hazards, 0);
    /* what fails the run is to be looked at, whatever else it is */
    struct drift_finding f = {.verdict = VERDICT_PENDING, .rule = &rule, .fails = true};
    assert_int_equal(drift_part(&f), PART_OPEN);
}

static void for_people(void **state)
{
    struct emit_in in = sample(*state);
    struct str text = written(&in, "text"), mark = written(&in, "markdown");
    assert_true(
        str_starts(text, STR("drift: prod is not what its baseline says (from a b:c.json")));
    assert_true(holds(text, "= conflict, error, known since 2026-11-20T02:00:00Z\n"));
    assert_true(holds(text, "= drift, error, new, came after 2026-11-19T02:00:00Z\n"));
    assert_true(holds(text, "\npending: the baseline is ahead"));
    assert_true(holds(text, "\nlet pass by rules\n  1 by link:* (a ]]> | <reason>; owner: me)\n"));
    assert_true(holds(text, "  exceeded: link:* (a ]]> | <reason>; owner: me) may let 1 pass and "
                            "fits 2\n"));
    assert_true(holds(text, "\nresolved since 2026-11-19T02:00:00Z\n  box z (drift since "
                            "2026-11-18T02:00:00Z)\n"));
    assert_true(holds(mark, "- 1 by link:\\* \\(a \\]\\]&gt; \\| &lt;reason&gt;; owner: me\\)\n"));
    assert_true(holds(mark, "## Resolved since the last check\n\n- box z "));
    in.findings = NULL;
    assert_false(holds(written(&in, "text"), "drift"));
    assert_false(holds(written(&in, "json"), "\"drift\""));
}

static void for_programs(void **state)
{
    struct emit_in in = sample(*state);
    struct str sarif = written(&in, "sarif"), junit = written(&in, "junit"),
               gitlab = written(&in, "gitlab"), github = written(&in, "github");
    assert_true(holds(sarif, "\"uri\":\"a%20b%3Ac.json\""));
    assert_true(holds(sarif, "\"justification\":\"link:* (a ]]> | <reason>; owner: me)\""));
    assert_true(holds(sarif, "\"kind\":\"informational\",\"level\":\"none\""));
    assert_true(holds(sarif, "\"baselineState\":\"unchanged\""));
    assert_true(holds(junit,
                      "<skipped type=\"structure/add\" message=\"let pass by link:* (a ]]&gt;"
                      " | &lt;reason&gt;; owner: me)\">"));
    assert_true(holds(junit, "<skipped type=\"structure/drop\" message=\"pending: "));
    assert_true(holds(gitlab, "\"severity\":\"critical\""));
    assert_false(holds(gitlab, "link m"));
    assert_true(holds(github, ",title=prod%3A conflict::box b: color red -> blue (conflict, "));
    assert_true(str_starts(github, STR("::error file=a b%3Ac.json,line=1,title=")));
    in.part = true;
    assert_false(holds(written(&in, "sarif"), "$schema"));
    assert_false(holds(written(&in, "junit"), "<?xml"));
    assert_true(str_starts(written(&in, "gitlab"), STR("\n{")));
}

/* A rename that was confirmed is no change, and is told. */
static void renames(void **state)
{
    struct arena *mem = *state;
    static const char *const formats[] = {"sarif", "junit", "gitlab", "github"};
    struct catalog *cat = toy_read(mem, "make box:a");
    struct drift_request req = {.changes = toy_diff(mem, cat, cat), .all_diff = true};
    struct str lines[] = {STR("box a renamed to b")};
    struct emit_in in = {.mem = mem, .changes = req.changes, .renames = lines, .nrenames = 1};
    struct drift_findings *f;
    struct err e;
    assert_ok(drift_judge(&req, mem, &f, &e), e);
    in.findings = f;
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        assert_true(holds(written(&in, formats[i]), "box a renamed to b"));
    assert_true(str_ends(written(&in, "github"), STR("::1 renamed\n")));
    in.nrenames = 0;
    assert_true(str_ends(written(&in, "github"), STR("::nothing differs\n")));
    assert_str(written(&in, "gitlab"), "[\n]\n");
}

/* What goes with an object is one with it, unless it is told in another way. */
static void carried(void **state)
{
    struct arena *mem = *state;
    uint32_t n;
    struct drift_request req = {.changes =
                                    toy_diff(mem, toy_read(mem, "make box:a {slot:s} {slot:t}"),
                                             toy_read(mem, "make box:b"))};
    struct drift_findings *f;
    struct err e;
    assert_ok(drift_judge(&req, mem, &f, &e), e);
    struct emit_in in = {.mem = mem, .changes = req.changes, .findings = f};
    struct told *v = told_list(&in, &n);
    assert_int_equal(n, 2);
    assert_str(v[0].path, "box:a");
    assert_true(holds(v[0].what, "dropped with 2 slots"));
    for (uint32_t i = 0; i < f->n; i++)
        if (str_eq(change_obj(f->v[i].change)->path, STR("box:a/slot:t"))) {
            f->v[i].rule = &rule;
            f->v[i].fails = false;
        }
    told_list(&in, &n);
    assert_int_equal(n, 3);
}

static void escapes(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    esc_github(&b, STR("50%0A\n::x,y"), false);
    assert_str(sb_view(&b), "50%250A\\x0a::x,y");
    sb_cut(&b, 0);
    esc_github(&b, STR("50%\r::x,y"), true);
    assert_str(sb_view(&b), "50%25\\x0d%3A%3Ax%2Cy");
    sb_cut(&b, 0);
    esc_uri(&b, STR("/a b/\xc3\xa4%?#.json"));
    assert_str(sb_view(&b), "file:///a%20b/%C3%A4%25%3F%23.json");
    sb_cut(&b, 0);
    esc_json_quiet(&b, STR("a\"\xe2\x80\xae\x1b${x}"));
    assert_str(sb_view(&b), "\"a\\\"\\u202E\\u001B\\u0024{x}\"");
    sb_cut(&b, 0);
    esc_json_quiet(&b, STR("\xff"));
    assert_str(sb_view(&b), "\"\\\\xff\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(parts),   TEST(for_people), TEST(for_programs),
        TEST(renames), TEST(carried),    TEST(escapes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
