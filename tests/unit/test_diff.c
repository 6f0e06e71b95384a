/* The merge join and the comparison of attributes; see diff/diff.c. */

#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

static void equal_schemas_have_no_changes(void **state)
{
    struct arena *mem = *state;
    const char *script = "make box:a color=blue {slot:s size=3}\nmake link:l goes=box:a";
    struct changes *c = toy_diff(mem, toy_read(mem, script), toy_read(mem, script));
    assert_int_equal(c->n, 0);
    assert_ptr_equal(c->eng, &engine_toy);
    assert_int_equal(c->facets, F_DEFAULT);
    assert_int_equal(c->from.objects, 3);
    assert_int_equal(c->to.objects, 3);
    assert_str(c->from.label, "toy");
    assert_str(c->to.version, "Toy 1");
    assert_true(hash_eq(c->from.fingerprint, c->to.fingerprint));
    assert_false(c->ledgers_differ);
}

static void both_empty(void **state)
{
    assert_str(toy_changes(*state, "", ""), "");
}

static void changes_come_in_path_order(void **state)
{
    struct arena *mem = *state;
    assert_str(toy_changes(mem, "make box:b {slot:x}\nmake wire:w body=old\nmake box:d",
                           "make box:a {slot:y}\nmake wire:w body=new\nmake box:d"),
               "+ box:a\n+ box:a/slot:y\n- box:b\n- box:b/slot:x\n~ wire:w body\n");
    /* a byte sort would put a-b between a and what is below it */
    assert_str(toy_changes(mem, "make box:a\nmake box:a-b {slot:x}", "make box:a {slot:y}"),
               "+ box:a/slot:y\n- box:a-b\n- box:a-b/slot:x\n");
}

static void one_side_is_empty(void **state)
{
    struct arena *mem = *state;
    assert_str(toy_changes(mem, "", "make box:a {slot:y}"), "+ box:a\n+ box:a/slot:y\n");
    assert_str(toy_changes(mem, "make box:a {slot:y}", ""), "- box:a\n- box:a/slot:y\n");
}

static void an_alter_lists_its_attributes_in_table_order(void **state)
{
    struct arena *mem = *state;
    struct changes *c = toy_diff(mem, toy_read(mem, "make box:a note=n material=oak color=blue"),
                                 toy_read(mem, "make box:a color=green material=ash"));
    assert_str(toy_changes_text(mem, c), "~ box:a color material note\n");
    assert_int_equal(c->v[0].facets, F_STRUCTURE | F_COMMENTS);
    assert_str(c->v[0].attrs[0].before, "\"blue\"");
    assert_str(c->v[0].attrs[0].after, "\"green\"");
    assert_true(str_is_null(c->v[0].attrs[2].after));
    assert_string_equal(c->v[0].attrs[0].attr->name, "color");
    assert_str(c->v[0].before->path, "box:a");
}

static void what_is_written_as_the_default_is_equal(void **state)
{
    assert_str(toy_changes(*state, "make box:a color=red", "make box:a"), "");
    assert_str(toy_changes(*state, "make box:a {slot:s lined=false size=8}", "make box:a {slot:s}"),
               "");
}

static void a_facet_out_of_effect_is_not_compared(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = toy_read(mem, "make box:a note=one"), *b = toy_read(mem, "make box:a");
    struct changes *c;
    struct err e;
    assert_ok(diff_catalogs(a, b, F_STRUCTURE, mem, &c, &e), e);
    assert_int_equal(c->n, 0);
    assert_ok(diff_catalogs(a, b, F_STRUCTURE | F_COMMENTS, mem, &c, &e), e);
    assert_int_equal(c->n, 1);
    assert_int_equal(c->v[0].facets, F_COMMENTS);
}

/* The facts' hashes are over what was in effect when they were read. */
/* The box itself is of a facet that is not compared, its note is. */
static void an_attribute_is_compared_without_its_kind(void **state)
{
    struct arena *mem = *state;
    const char *from = "make box:a color=blue note=n\nmake box:b note=m\nmake box:c note=k";
    const char *to = "make box:a color=green note=o\nmake box:b";
    struct changes *c =
        toy_diff(mem, toy_read_in(mem, from, F_COMMENTS), toy_read_in(mem, to, F_COMMENTS));
    assert_str(toy_changes_text(mem, c), "~ box:a note\n~ box:b note\n");
    assert_int_equal(c->from.objects, 3);
    assert_int_equal(c->to.objects, 1);
}

static void hashes_of_other_facets_are_not_used(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = toy_read_in(mem, "make box:a color=blue note=one", F_COMMENTS);
    struct catalog *b = toy_read_in(mem, "make box:a color=green note=one", F_COMMENTS);
    struct changes *c;
    struct err e;
    assert_true(hash_eq(a->v[0].hash, b->v[0].hash));
    assert_ok(diff_catalogs(a, b, F_STRUCTURE, mem, &c, &e), e);
    assert_str(toy_changes_text(mem, c), "~ box:a color\n");
}

static void a_kind_of_another_facet_is_not_compared(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = toy_read(mem, "make lamp:x lit=true deep=1\nmake lamp:gone");
    struct catalog *b = toy_read(mem, "make lamp:x deep=2\nmake lamp:new");
    struct changes *c;
    struct err e;
    assert_ok(diff_catalogs(a, b, F_DEFAULT, mem, &c, &e), e);
    assert_int_equal(c->n, 0);
    assert_int_equal(c->from.objects, 0);
    assert_ok(diff_catalogs(a, b, F_PRAGMAS, mem, &c, &e), e);
    assert_str(toy_changes_text(mem, c), "- lamp:gone\n+ lamp:new\n~ lamp:x deep lit\n");
}

static void a_facet_that_was_not_captured_is_refused(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = toy_read(mem, "make box:a hits=1");
    struct catalog *b = toy_read_in(mem, "make box:a hits=2", F_DEFAULT | F_COUNTERS);
    struct changes *c;
    struct err e;
    a->label = STR("old.json");
    assert_err(diff_catalogs(a, b, F_COUNTERS | F_STRUCTURE, mem, &c, &e), e, E_FACET_MISSING);
    assert_non_null(strstr(e.msg, "old.json does not hold the facet counters"));
    assert_err(diff_catalogs(b, a, F_COUNTERS, mem, &c, &e), e, E_FACET_MISSING);
    a->captured |= F_COUNTERS;
    assert_ok(diff_catalogs(a, b, F_COUNTERS | F_STRUCTURE, mem, &c, &e), e);
    assert_str(toy_changes_text(mem, c), "~ box:a hits\n");
}

static void two_engines_are_refused(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = toy_read(mem, ""), *b = toy_read(mem, "");
    struct engine other = engine_toy;
    struct changes *c;
    struct err e;
    other.title = "Other";
    b->eng = &other;
    assert_err(diff_catalogs(a, b, F_DEFAULT, mem, &c, &e), e, E_ENGINE_MISMATCH);
    assert_non_null(strstr(e.msg, "is Toy and toy is Other"));
}

static struct str in_order(struct arena *mem, const char *from, const char *to)
{
    unsigned facets = F_DEFAULT | F_ORDER;
    return toy_changes_text(
        mem, toy_diff(mem, toy_read_in(mem, from, facets), toy_read_in(mem, to, facets)));
}

static void order_counts_among_what_both_sides_have(void **state)
{
    struct arena *mem = *state;
    assert_str(in_order(mem, "make box:a {slot:x} {slot:y}", "make box:a {slot:y} {slot:x}"),
               "~ box:a slots\n");
    assert_str(
        in_order(mem, "make box:a {slot:x} {slot:z}", "make box:a {slot:x} {slot:y} {slot:z}"),
        "+ box:a/slot:y\n");
    assert_str(in_order(mem, "make box:a {slot:x} {slot:y}", "make box:a {slot:y} {slot:z}"),
               "- box:a/slot:x\n+ box:a/slot:z\n");
    assert_str(in_order(mem, "make box:a", "make box:a {slot:z}"), "+ box:a/slot:z\n");
    assert_str(in_order(mem, "make box:a {slot:p} {slot:x} {slot:y} {slot:q}",
                        "make box:a {slot:n} {slot:y} {slot:m} {slot:x}"),
               "~ box:a slots\n+ box:a/slot:m\n+ box:a/slot:n\n- box:a/slot:p\n- box:a/slot:q\n");
}

static void places_are_those_of_the_side_where_it_stands(void **state)
{
    struct arena *mem = *state;
    struct changes *c = toy_diff(
        mem, toy_read(mem, "make box:a {slot:p} {slot:q size=1} {slot:r}\nmake wire:w body=x"),
        toy_read(mem, "make box:a {slot:q size=2} {slot:z} {slot:y}\nmake wire:w body=y"));
    assert_str(toy_changes_text(mem, c),
               "- box:a/slot:p\n~ box:a/slot:q size\n- box:a/slot:r\n+ box:a/slot:y\n"
               "+ box:a/slot:z\n~ wire:w body\n");
    static const uint32_t want[] = {1, 1, 3, 3, 2, 0};
    for (uint32_t i = 0; i < c->n; i++)
        assert_int_equal(c->v[i].position, want[i]);
}

static void a_slot_that_no_list_names_has_no_place(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = toy_read(mem, "make box:a"), *b = toy_read(mem, "make box:a {slot:s}");
    b->v[0].a = STR("{}");
    struct changes *c = toy_diff(mem, a, b);
    assert_int_equal(c->n, 1);
    assert_int_equal(c->v[0].position, 0);
}

static void ignored_facts_are_neither_missing_nor_new(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = toy_read(mem, "make box:a\nmake box:b color=blue\nmake box:c");
    struct catalog *b = toy_read(mem, "make box:b color=green\nmake box:c color=blue\nmake box:d");
    struct changes *c;
    a->v[0].flags = a->v[1].flags = OBJ_IGNORED;
    b->v[1].flags = b->v[2].flags = OBJ_IGNORED;
    c = toy_diff(mem, a, b);
    assert_int_equal(c->n, 0);
    assert_int_equal(c->from.objects, 1);
    assert_int_equal(c->to.objects, 1);
}

extern const struct engine engine_postgresql;

static void put(struct catalog *cat, const char *path, unsigned flags)
{
    int kind = engine_kind(cat->eng, path_kind(str_c(path)));
    struct obj o = {.path = str_c(path), .a = STR("{}"), .kind = (uint16_t)kind};
    o.flags = (uint16_t)flags;
    cat_add(cat, &o);
}

/* A schema goes with what is in it, but not with what is left out of the comparison. */
static void what_holds_an_ignored_fact_stays(void **state)
{
    struct err e;
    struct catalog *a = cat_new(*state, &engine_postgresql, F_DEFAULT, STR("a"));
    struct catalog *none = cat_new(*state, &engine_postgresql, F_DEFAULT, STR("none"));
    put(a, "schema:a", 0);
    put(a, "schema:b", 0);
    put(a, "schema:b/table:books", OBJ_IGNORED);
    put(a, "schema:b/table:t", 0);
    put(a, "schema:c", 0);
    put(a, "schema:c/table:t", 0);
    assert_ok(cat_finish(a, &e), e);
    assert_ok(cat_finish(none, &e), e);
    for (uint32_t i = 0; i < a->n; i++)
        if (str_ends(a->v[i].path, STR("books")))
            a->v[i].flags = OBJ_IGNORED;
    assert_str(toy_changes_text(*state, toy_diff(*state, a, none)),
               "- schema:a\n- schema:b/table:t\n- schema:c\n- schema:c/table:t\n");
    assert_str(toy_changes_text(*state, toy_diff(*state, none, a)),
               "+ schema:a\n+ schema:b\n+ schema:b/table:t\n+ schema:c\n+ schema:c/table:t\n");
    a->v[3].flags = OBJ_IGNORED;
    assert_str(toy_changes_text(*state, toy_diff(*state, none, a)),
               "+ schema:a\n+ schema:c\n+ schema:c/table:t\n");
}

static void ledgers(void **state)
{
    struct arena *mem = *state;
    static const struct {
        const char *a, *b, *why;
    } cases[] = {
        {"x=1", "x=1", NULL},
        {"x=1", "x=2", "ghost x (unseen)"},
        {"x=1", "", "ghost x (unseen)"},
        {"", "y=1", "ghost y (unseen)"},
        {"x=1,z=1", "y=1,z=1", "ghost x (unseen)"},
        {"x=1,y=1", "x=1", "ghost y (unseen)"},
        {"y=1", "x=1,y=1", "ghost x (unseen)"},
        /* without a text: named alone */
        {"x", "", NULL},
        {"a,x=1,z", "x=1", NULL},
        {"y", "x,y=1", "ghost y (unseen)"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct catalog *side[2] = {toy_read(mem, ""), toy_read(mem, "")};
        struct err e;
        for (int s = 0; s < 2; s++) {
            struct str rest = str_c(s ? cases[i].b : cases[i].a), one;
            while (str_cut(&rest, ',', &one))
                if (one.n > 1)
                    cat_add_ledger(side[s], "ghost", str_sub(one, 0, 1), STR_NULL, one, "unseen");
                else if (one.n)
                    cat_name_outside(side[s], "ghost", one, "unseen");
            assert_ok(cat_finish(side[s], &e), e);
        }
        struct changes *c = toy_diff(mem, side[0], side[1]);
        assert_int_equal(c->ledgers_differ, cases[i].why != NULL);
        assert_str(c->ledger_why, cases[i].why);
        assert_int_equal(c->from.ledger, side[0]->nledger);
    }
}

static unsigned hazards(struct arena *mem, const char *from, const char *to, const char *path)
{
    struct changes *c = toy_diff(mem, toy_read(mem, from), toy_read(mem, to));
    for (uint32_t i = 0; i < c->n; i++)
        if (str_eq_c(change_obj(&c->v[i])->path, path))
            return c->v[i].hazards;
    fail_msg("%s has not changed", path);
    return 0;
}

static void hazards_come_with_changes(void **state)
{
    struct arena *mem = *state;
    const char *full = "make box:a {slot:s} {slot:t}\nmake box:a/tag:x text=1";
    assert_int_equal(hazards(mem, full, "", "box:a"), 1 << HZ_DATA_LOSS);
    assert_int_equal(hazards(mem, full, "", "box:a/slot:s"), 1 << HZ_DATA_LOSS);
    assert_int_equal(hazards(mem, "", full, "box:a"), 0);
    assert_int_equal(hazards(mem, "", full, "box:a/slot:s"), 0);
    assert_int_equal(hazards(mem, "", full, "box:a/tag:x"), 1 << HZ_INDEX_BUILD);
    assert_int_equal(
        hazards(mem, "make box:a {slot:s}", "make box:a {slot:s lined=true}", "box:a/slot:s"),
        1 << HZ_REWRITE);
    assert_int_equal(
        hazards(mem, "make box:a {slot:s}", "make box:a {slot:s size=9}", "box:a/slot:s"), 0);
    assert_int_equal(hazards(mem, full,
                             "make box:a {slot:s} {slot:t}\nmake box:a/tag:x text=1 pinned=true",
                             "box:a/tag:x"),
                     1 << HZ_REPOPULATE);
    /* a seal comes with its box, or by a rebuild of it */
    assert_int_equal(hazards(mem, "", "make box:a {seal:k rule=r}", "box:a/seal:k"), 0);
    assert_int_equal(hazards(mem, "make box:a", "make box:a {seal:k rule=r}", "box:a/seal:k"),
                     1 << HZ_REWRITE);
    /* nothing is known of how a replaced thing comes back */
    assert_int_equal(hazards(mem, "make box:a", "make box:a material=oak", "box:a"), 0);
}

/* A stream from a list of lines in one buffer that the next fact overwrites. */
struct lines {
    const char *const *path;
    uint32_t at, fail_at, bad_at, checked;
    char buf[64];
};

static int next_line(struct stream *s, struct obj *o, struct str *line, struct err *e)
{
    struct lines *l = s->impl;
    memset(l->buf, '?', sizeof l->buf);
    if (!l->path[l->at])
        return 0;
    if (l->fail_at == l->at + 1)
        return err_set(e, E_SNAPSHOT_SYNTAX, "line %u is torn", l->at + 1);
    snprintf(l->buf, sizeof l->buf, "%s", l->path[l->at++]);
    struct str text = str_c(l->buf);
    *o = (struct obj){.path = str_sub(text, 0, str_chr(text, ' ')),
                      .a = str_from(text, str_chr(text, ' ') + 1)};
    o->kind = (uint16_t)engine_kind(&engine_toy, path_kind(o->path));
    o->hash = hash_bytes(o->a);
    *line = text;
    return 1;
}

static int check_line(struct stream *s, const struct obj *o, struct str line, struct err *e)
{
    struct lines *l = s->impl;
    (void)o;
    (void)line;
    l->checked++;
    return l->bad_at == l->at ? err_set(e, E_SNAPSHOT_ATTRIBUTE, "line %u", l->at) : 0;
}

static struct stream stream_of(struct lines *l)
{
    return (struct stream){.eng = &engine_toy,
                           .label = STR("lines"),
                           .facets = F_DEFAULT,
                           .captured = F_CAPTURED,
                           .next = next_line,
                           .check = check_line,
                           .impl = l};
}

static const char *const lines_a[] = {"box:a {}", "box:b {\"color\":\"blue\"}", "box:c {}",
                                      "box:d {}", NULL};
static const char *const lines_b[] = {"box:a {}", "box:b {\"color\":\"green\"}", "box:d {}",
                                      "box:e {}", NULL};

static void streams_are_joined_and_kept(void **state)
{
    struct lines x = {.path = lines_a}, y = {.path = lines_b};
    struct stream a = stream_of(&x), b = stream_of(&y);
    struct changes *c;
    struct err e;
    assert_ok(diff_streams(&a, &b, F_DEFAULT, *state, &c, &e), e);
    assert_str(toy_changes_text(*state, c), "~ box:b color\n- box:c\n+ box:e\n");
    assert_str(c->v[0].before->a, "{\"color\":\"blue\"}");
    assert_str(c->v[0].attrs[0].after, "\"green\"");
    /* equal lines are checked on one side only */
    assert_int_equal(x.checked, 4);
    assert_int_equal(y.checked, 2);
}

static void errors_of_streams_come_out(void **state)
{
    struct changes *c;
    struct err e;
    for (uint32_t side = 0; side < 2; side++)
        for (uint32_t at = 1; at <= 4; at++)
            for (int bad = 0; bad < 2; bad++) {
                struct lines x = {.path = lines_a}, y = {.path = lines_b};
                struct stream a = stream_of(&x), b = stream_of(&y);
                struct lines *broken = side ? &y : &x;
                *(bad ? &broken->bad_at : &broken->fail_at) = at;
                if (bad && side && (at == 1 || at == 3))
                    continue; /* its twin was checked */
                assert_err(diff_streams(&a, &b, F_DEFAULT, *state, &c, &e), e,
                           bad ? E_SNAPSHOT_ATTRIBUTE : E_SNAPSHOT_SYNTAX);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(equal_schemas_have_no_changes),
        TEST(both_empty),
        TEST(changes_come_in_path_order),
        TEST(one_side_is_empty),
        TEST(an_alter_lists_its_attributes_in_table_order),
        TEST(what_is_written_as_the_default_is_equal),
        TEST(a_facet_out_of_effect_is_not_compared),
        TEST(an_attribute_is_compared_without_its_kind),
        TEST(hashes_of_other_facets_are_not_used),
        TEST(a_kind_of_another_facet_is_not_compared),
        TEST(a_facet_that_was_not_captured_is_refused),
        TEST(two_engines_are_refused),
        TEST(order_counts_among_what_both_sides_have),
        TEST(places_are_those_of_the_side_where_it_stands),
        TEST(a_slot_that_no_list_names_has_no_place),
        TEST(ignored_facts_are_neither_missing_nor_new),
        TEST(what_holds_an_ignored_fact_stays),
        TEST(ledgers),
        TEST(hazards_come_with_changes),
        TEST(streams_are_joined_and_kept),
        TEST(errors_of_streams_come_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
