/* A catalog with some facts replaced: look-up and walks over an overlay. */

#include "core/catalog.h"

#include "tests/harness/mini.h"
#include "tests/harness/unit.h"

static struct catalog *base(struct arena *mem)
{
    struct catalog *cat = mini_cat(mem);
    struct err e = {0};
    mini_add(cat, "table:a", "{}");
    mini_add(cat, "table:a/column:x", "{}");
    mini_add(cat, "table:a/column:z", "{}");
    mini_add(cat, "table:a-b", "{}");
    mini_add(cat, "table:c", "{}");
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

/* "path=attributes;" of each fact that a walk from `top` gives. */
static struct str walk(struct arena *mem, const struct view *v, const char *top)
{
    struct strbuf b = sb_new(mem, 0);
    struct view_iter it = view_iter(v, str_c(top));
    const struct obj *o;
    while ((o = view_next(&it)))
        sb_printf(&b, "%.*s=%.*s;", STR_ARG(o->path), STR_ARG(o->a));
    assert_null(view_next(&it));
    return sb_view(&b);
}

static void without_an_overlay(void **state)
{
    struct catalog *cat = base(*state);
    struct view v = {cat, NULL, 0};
    assert_str(walk(*state, &v, ""),
               "table:a={};table:a/column:x={};table:a/column:z={};table:a-b={};table:c={};");
    assert_str(walk(*state, &v, "table:a"), "table:a={};table:a/column:x={};table:a/column:z={};");
    assert_str(walk(*state, &v, "table:a/column:x"), "table:a/column:x={};");
    assert_str(walk(*state, &v, "table:c"), "table:c={};");
    assert_str(walk(*state, &v, "table:b"), "");
    assert_str(walk(*state, &v, "view:z"), "");
    assert_ptr_equal(view_get(&v, STR("table:c")), cat_find(cat, STR("table:c")));
    assert_null(view_get(&v, STR("table:b")));
}

static void replaced_hidden_and_added(void **state)
{
    struct catalog *cat = base(*state);
    struct obj y = mini_obj("table:a/column:y", "{\"type\":\"new\"}"),
               z = mini_obj("table:a/column:z", "{\"type\":\"int\"}"),
               d = mini_obj("table:d", "{}"), first = mini_obj("check:0", "{}");
    const struct view_entry over[] = {
        {first.path, &first}, {STR("table:a/column:x"), NULL}, {y.path, &y},
        {z.path, &z},         {STR("table:c"), NULL},          {d.path, &d},
    };
    struct view v = {cat, over, 6};
    assert_str(walk(*state, &v, ""),
               "check:0={};table:a={};table:a/column:y={\"type\":\"new\"};"
               "table:a/column:z={\"type\":\"int\"};table:a-b={};table:d={};");
    assert_str(walk(*state, &v, "table:a"), "table:a={};table:a/column:y={\"type\":\"new\"};"
                                            "table:a/column:z={\"type\":\"int\"};");
    assert_str(walk(*state, &v, "table:c"), "");
    assert_str(walk(*state, &v, "table:d"), "table:d={};");
    assert_ptr_equal(view_get(&v, STR("table:a/column:z")), &z);
    assert_ptr_equal(view_get(&v, STR("table:a/column:y")), &y);
    assert_ptr_equal(view_get(&v, STR("check:0")), &first);
    assert_null(view_get(&v, STR("table:a/column:x")));
    assert_null(view_get(&v, STR("table:c")));
    assert_ptr_equal(view_get(&v, STR("table:a")), &cat->v[0]);
}

static void over_nothing(void **state)
{
    struct catalog *cat = mini_cat(*state);
    struct err e = {0};
    struct obj t = mini_obj("table:t", "{}");
    const struct view_entry over[] = {{STR("table:gone"), NULL}, {t.path, &t}};
    struct view v = {cat, over, 2}, empty = {cat, NULL, 0};
    assert_ok(cat_finish(cat, &e), e);
    assert_str(walk(*state, &v, ""), "table:t={};");
    assert_str(walk(*state, &v, "table:gone"), "");
    assert_str(walk(*state, &empty, ""), "");
    assert_null(view_get(&empty, STR("table:t")));
}

static void everything_hidden(void **state)
{
    struct catalog *cat = base(*state);
    struct view_entry over[5];
    for (uint32_t i = 0; i < cat->n; i++)
        over[i] = (struct view_entry){cat->v[i].path, NULL};
    struct view v = {cat, over, cat->n};
    assert_str(walk(*state, &v, ""), "");
    assert_str(walk(*state, &v, "table:a"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(without_an_overlay), TEST(replaced_hidden_and_added),
                                       TEST(over_nothing), TEST(everything_hidden)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
