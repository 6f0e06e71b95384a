/* Confirmed renames on a scratch database; see verify/rename.c. */

#include "core/fact.h"
#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"
#include "verify/verify.h"

static const struct filter no_filter;
static const struct verify_options options = {.facets = F_DEFAULT, .filter = &no_filter};

static int toy_setup(void **state)
{
    toy_faults = (struct toy_faults){0};
    return arena_setup(state);
}
static int toy_teardown(void **state)
{
    toy_faults = (struct toy_faults){0};
    arena_teardown(state);
    return toy_sessions != 0;
}
#define TOY_TEST(name) cmocka_unit_test_setup_teardown(name, toy_setup, toy_teardown)

/* What was tried. */
struct tried {
    const struct catalog **states;
    struct plan_rename *renames;
    struct rename_list list;
    struct err e;
};

/* "from=to;from=to" */
static int try_all(struct arena *mem, const struct catalog *from, const char *specs,
                   struct tried *out)
{
    struct rename_spec list[4];
    struct str rest = str_c(specs), one;
    uint32_t n = 0;
    while (n < 4 && rest.n && str_cut(&rest, ';', &one)) {
        size_t cut = str_chr(one, '=');
        list[n++] = (struct rename_spec){str_sub(one, 0, cut), str_from(one, cut + 1)};
    }
    out->list = (struct rename_list){list, n};
    return verify_renames(from, &out->list, &options, mem, &out->states, &out->renames, &out->e);
}

static const char script[] =
    "make box:a {slot:s} {slot:t} {seal:k rule=r slot=s}\nmake box:a/tag:x on=s\n"
    "make box:b {slot:t} {slot:b}\nmake link:l goes=box:a\nmake wire:w body='see box:a now'";

static void none_are_none(void **state)
{
    struct arena *mem = *state;
    struct catalog *from = toy_read(mem, script);
    struct tried t;
    toy_statements = 0;
    assert_ok(try_all(mem, from, "", &t), t.e);
    assert_ptr_equal(t.states[0], from);
    assert_int_equal(toy_statements, 0);
}

static void the_state_is_read_after_each(void **state)
{
    struct arena *mem = *state;
    struct catalog *from = toy_read(mem, script);
    struct tried t;
    from->label = STR("old");
    from->version = STR("Toy 7");
    assert_ok(try_all(mem, from, "a=C;slot c.s = u;b.t=v", &t), t.e);
    assert_ptr_equal(t.states[0], from);
    assert_non_null(cat_find(t.states[1], STR("box:c/slot:s")));
    assert_null(cat_find(t.states[1], STR("box:a")));
    assert_str(obj_raw(cat_find(t.states[1], STR("link:l")), "goes"), "[\"box:c\"]");
    assert_str(cat_find(t.states[1], STR("link:l"))->deps, "[\"box:c\"]");
    assert_str(obj_raw(cat_find(t.states[1], STR("wire:w")), "body"), "\"see box:c now\"");
    assert_str(obj_raw(cat_find(t.states[2], STR("box:c/seal:k")), "slot"), "\"u\"");
    assert_non_null(cat_find(t.states[3], STR("box:b/slot:v")));
    assert_str(t.states[3]->label, "old");
    assert_str(t.states[3]->version, "Toy 7");
    assert_str(t.renames[0].before->path, "box:a");
    assert_str(t.renames[0].after->path, "box:c");
    assert_str(obj_raw(t.renames[0].after, "name"), "\"C\"");
    assert_str(t.renames[1].after->path, "box:c/slot:u");
}

/* "a>b c>d": what was renamed, in order. */
static struct str order(struct arena *mem, const char *specs)
{
    struct strbuf b = sb_new(mem, 0);
    struct tried t;
    assert_ok(try_all(mem, toy_read(mem, script), specs, &t), t.e);
    for (uint32_t i = 0; i < t.list.n; i++)
        sb_printf(&b, "%s%.*s>%.*s", i ? " " : "", STR_ARG(obj_name(mem, t.renames[i].before)),
                  STR_ARG(obj_name(mem, t.renames[i].after)));
    return sb_view(&b);
}

static void names_that_are_taken(void **state)
{
    struct arena *mem = *state;
    /* a chain goes from its end */
    assert_str(order(mem, "a=b;b=c"), "b>c a>b");
    assert_str(order(mem, "a.s=t;a.t=u"), "t>u s>t");
    assert_str(order(mem, "b=c;a=b"), "b>c a>b");
    /* a circle by a name for a while, and what comes before it into one of its names */
    assert_str(order(mem, "a=b;b=a"), "a>snap_swap b>a snap_swap>b");
    assert_str(order(mem, "a.s=t;a.t=s"), "s>snap_swap t>s snap_swap>t");
    assert_str(order(mem, "a.s=x;a=b;b=a"), "s>x a>snap_swap b>a snap_swap>b");
}

static void the_kind_may_be_left_out(void **state)
{
    struct arena *mem = *state;
    static const char *const good[] = {
        "box a=z",           "box:a=z",   "a.s=z",      "slot a.s=z", "A=z",
        "\"a\"=z",           "a.\"s\"=z", " box  a =z", "slot:a.s=z", "slot b.b=z",
        "\"a\".\"s\"=\"z\"", "s=z" /* what it lies in, too, where that is clear */};
    struct catalog *from = toy_read(mem, script);
    struct tried t;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_ok(try_all(mem, from, good[i], &t), t.e);
        assert_str(path_name_raw(t.renames[0].after->path), "z");
    }
    /* the last part of a new name counts */
    assert_ok(try_all(mem, from, "a.s=a.z", &t), t.e);
    assert_str(t.renames[0].after->path, "box:a/slot:z");
    assert_ok(try_all(mem, from, "a.s=\"p.\"\"q\"", &t), t.e);
    assert_str(t.renames[0].after->path, "box:a/slot:p.\"q");
}

static void what_is_not_there_is_named(void **state)
{
    struct arena *mem = *state;
    static const struct {
        const char *spec;
        enum err_code code;
        const char *msg;
    } cases[] = {
        {"q=z", E_RENAME_UNKNOWN, "--rename q: toy holds nothing of that name that can be renamed"},
        {"slot a=z", E_RENAME_UNKNOWN, NULL},
        {"l=z", E_RENAME_UNKNOWN, NULL}, /* links have no rename */
        {"a.a.s=z", E_RENAME_UNKNOWN, NULL},
        {"\"a=z", E_BAD_VALUE, "--rename \"a: not a name"},
        {"=z", E_BAD_VALUE, NULL},
        {"a..s=z", E_BAD_VALUE, NULL},
        {"\"a\"s=z", E_BAD_VALUE, NULL},
        {"a=", E_BAD_VALUE, "--rename:  is no name"},
        {"a=\"", E_BAD_VALUE, NULL},
        {"a.=z", E_BAD_VALUE, NULL},
        {"a.b.c.d.e.f.g.h.i=z", E_BAD_VALUE, NULL},
    };
    struct catalog *from = toy_read(mem, script);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct tried t;
        assert_err(try_all(mem, from, cases[i].spec, &t), t.e, cases[i].code);
        if (cases[i].msg)
            assert_string_equal(t.e.msg, cases[i].msg);
    }
}

/* Two kinds that can be renamed and share a name. */
static void what_is_not_clear_is_refused(void **state)
{
    struct arena *mem = *state;
    struct kind_desc gate = toy_gate_kind;
    struct engine eng = engine_toy;
    const struct kind_desc *kinds[9];
    struct catalog *from = toy_read(mem, "make box:a\nmake gate:a");
    struct rename_spec spec = {STR("a"), STR("z")}, end = {STR("t"), STR("z")};
    struct tried t;
    memcpy(kinds, engine_toy.kinds, sizeof kinds);
    gate.rename = toy_box_kind.rename;
    kinds[7] = &gate;
    eng.kinds = kinds;
    from->eng = &eng;
    assert_err(try_all(mem, from, "a=z", &t), t.e, E_RENAME_UNKNOWN);
    assert_string_equal(t.e.msg, "--rename a: there is more than one");
    assert_non_null(strstr(t.e.hint, "with its kind: box a, gate a"));
    /* of those in snap.yml too, though one that fits nothing is passed over */
    assert_true(verify_rename_applies(from, NULL, &spec, mem));
    assert_false(verify_rename_applies(from, NULL, &end, mem));
    from = toy_read(mem, script);
    assert_err(try_all(mem, from, "t=z", &t), t.e, E_RENAME_UNKNOWN);
    assert_string_equal(t.e.hint, "write one of them in full, with its kind: slot a.t, slot b.t");
    from = toy_read(mem, "make box:a\nmake gate:a");
    from->eng = &eng;
    spec.from = STR("gate a");
    assert_true(verify_rename_applies(from, NULL, &spec, mem));
    assert_ok(try_all(mem, from, "gate a=z", &t), t.e);
}

static void whether_one_applies(void **state)
{
    struct arena *mem = *state;
    struct catalog *from = toy_read(mem, script);
    struct rename_spec there = {STR("a.s"), STR("z")}, not_there = {STR("a.q"), STR("z")};
    assert_true(verify_rename_applies(from, NULL, &there, mem));
    assert_false(verify_rename_applies(from, NULL, &not_there, mem));
    assert_false(verify_rename_applies(from, from, &there, mem));
    struct rename_spec moved = {STR("a.s"), STR("b.z")}, whole = {STR("a.s"), STR("a.z")};
    assert_false(verify_rename_applies(from, NULL, &moved, mem));
    assert_true(verify_rename_applies(from, NULL, &whole, mem));
}

static int breaks(struct ddl *d, const struct change *c, struct err *e)
{
    (void)d;
    (void)c;
    return err_set(e, E_UNSUPPORTED_CHANGE, "not today");
}

/* A name as reports write it names the object, whatever is in it. */
static void any_name_as_it_is_written(void **state)
{
    static const char *const names[] = {"f(integer)", "f(\"x).y\",other.\"(\")", "a.b(integer)",
                                        "q\"(text)"};
    extern const struct engine engine_postgresql;
    struct arena *mem = *state;
    struct catalog *cat = cat_new(mem, &engine_postgresql, F_DEFAULT, STR("x"));
    struct err e;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct fact f;
        fact_begin(&f, cat, "function", STR("schema:public"), str_c(names[i]));
        fact_end(&f);
    }
    assert_ok(cat_finish(cat, &e), e);
    for (uint32_t i = 0; i < cat->n; i++) {
        struct strbuf text = sb_new(mem, 0);
        path_human(&text, cat->v[i].path);
        struct rename_spec spec = {sb_view(&text), STR("other")};
        if (!verify_rename_applies(cat, NULL, &spec, mem))
            fail_msg("<%.*s> is not found", STR_ARG(spec.from));
    }
}

static void errors_in_the_middle(void **state)
{
    struct arena *mem = *state;
    struct catalog *from = toy_read(mem, script);
    struct tried t;
    assert_err(try_all(mem, from, "a=b", &t), t.e, E_UNSUPPORTED_CHANGE);
    assert_string_equal(t.e.msg, "renaming box a: it cannot be renamed: box:a");
    for (unsigned n = 1;; n++) {
        toy_faults.read_fails = n;
        int rc = try_all(mem, from, "a=z;b=y", &t);
        assert_int_equal(toy_sessions, 0);
        if (rc == 0) {
            assert_int_equal(n, 4); /* once to see that it reads back, once after each */
            break;
        }
        assert_int_equal(t.e.code, E_BUSY);
    }
    toy_faults = (struct toy_faults){.no_scratch = true};
    assert_err(try_all(mem, from, "a=z", &t), t.e, E_CANNOT_VERIFY);
    toy_faults.no_scratch = false;
    static const struct alter broken = {.name = "broken", .fn = breaks};
    struct kind_desc box = toy_box_kind;
    struct engine eng = engine_toy;
    const struct kind_desc *kinds[9];
    memcpy(kinds, engine_toy.kinds, sizeof kinds);
    box.rename = &broken;
    kinds[0] = &box;
    eng.kinds = kinds;
    from->eng = &eng;
    assert_err(try_all(mem, from, "a=z", &t), t.e, E_UNSUPPORTED_CHANGE);
    assert_string_equal(t.e.msg, "not today");
}

/* From the confirmed name to the proof of the whole plan. */
static void a_plan_with_renames_is_proven(void **state)
{
    struct arena *mem = *state;
    struct catalog *from = toy_read(mem, script);
    struct catalog *to =
        toy_read(mem, "make box:z {slot:u label=q} {slot:t} {seal:k rule=r slot=u}\n"
                      "make box:z/tag:x on=u\nmake box:b {slot:t} {slot:b}\n"
                      "make link:l goes=box:z\nmake wire:w body='see box:z now'");
    struct verify_report report;
    struct tried t;
    struct plan *plan;
    assert_ok(try_all(mem, from, "a=z;z.s=u", &t), t.e);
    struct plan_request req = {.states = t.states,
                               .renames = t.renames,
                               .nrenames = 2,
                               .to = to,
                               .facets = F_DEFAULT,
                               .changes = toy_diff(mem, t.states[2], to)};
    assert_ok(plan_make(&req, mem, &plan, &t.e), t.e);
    assert_str(toy_steps(plan, mem),
               "rename box a to z = rename box:a to=z | rename box:z to=a\n"
               "rename slot z.s to u = rename box:z/slot:s to=u | rename box:z/slot:u to=s\n"
               "change slot z.u = set box:z/slot:u label=q | set box:z/slot:u label=\n");
    assert_ok(verify_plan(plan, from, to, &options, mem, &report, &t.e), t.e);
    assert_int_equal(report.steps, 3);
    toy_faults = (struct toy_faults){.skip = "rename box:z/slot:u"};
    assert_err(verify_plan(plan, from, to, &options, mem, &report, &t.e), t.e, E_VERIFY_FAILED);
    assert_string_equal(t.e.msg, "step 2 of 3, undoing: rename slot z.s to u: seal z.k differs in "
                                 "slot: wanted \"s\", got \"u\", and 3 more");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TOY_TEST(none_are_none),
        TOY_TEST(the_state_is_read_after_each),
        TOY_TEST(names_that_are_taken),
        TOY_TEST(the_kind_may_be_left_out),
        TOY_TEST(what_is_not_there_is_named),
        TOY_TEST(what_is_not_clear_is_refused),
        TOY_TEST(whether_one_applies),
        TOY_TEST(any_name_as_it_is_written),
        TOY_TEST(errors_in_the_middle),
        TOY_TEST(a_plan_with_renames_is_proven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
