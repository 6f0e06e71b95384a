/* Which row makes a change; see diff/alter.c. */

#include "diff/internal.h"
#include "tests/harness/toy/toy.h"
#include "tests/harness/unit.h"

static int none(struct ddl *d, const struct change *c, struct err *e)
{
    (void)d;
    (void)c;
    (void)e;
    return 0;
}
static bool no(const struct ddl *d, const struct change *c)
{
    (void)d;
    (void)c;
    return false;
}
static bool when_dropped(const struct ddl *d, const struct change *c)
{
    (void)d;
    return c->op == OP_DROP;
}
static struct str on_x(const struct ddl *d, const struct change *c)
{
    (void)d;
    return c->op == OP_ADD ? STR("box:x") : STR_NULL;
}

static const struct alter last = {.name = "last", .fn = none};
static const struct alter picky = {
    .name = "picky", .fn = none, .applies = when_dropped, .other = &last};
static const struct alter never = {.name = "never", .fn = none, .applies = no, .other = &picky};
static const struct alter rider = {.name = "rider", .rides = on_x, .other = &never};
static const struct alter alone = {.name = "alone", .fn = none, .applies = no};
static const struct alter hollow = {.name = "hollow"};

static const char *resolved(const struct alter *alter, enum op op, struct str *carrier)
{
    struct ddl d = {0};
    struct change c = {.op = op};
    const struct alter *found = alter_resolve(&d, alter, &c, carrier);
    return found ? found->name : "none";
}

static void the_chain_is_followed(void **state)
{
    struct str carrier;
    (void)state;
    assert_string_equal(resolved(&last, OP_ALTER, &carrier), "last");
    assert_string_equal(resolved(&picky, OP_DROP, &carrier), "picky");
    assert_string_equal(resolved(&picky, OP_ALTER, &carrier), "last");
    assert_string_equal(resolved(&never, OP_DROP, &carrier), "picky");
    assert_true(str_is_null(carrier));
}

static void nothing_can(void **state)
{
    struct str carrier;
    (void)state;
    assert_string_equal(resolved(&alone, OP_ALTER, &carrier), "none");
    assert_string_equal(resolved(&hollow, OP_ALTER, &carrier), "none");
    assert_string_equal(resolved(NULL, OP_ALTER, &carrier), "none");
}

static void what_rides_names_its_carrier(void **state)
{
    struct str carrier;
    (void)state;
    assert_string_equal(resolved(&rider, OP_ADD, &carrier), "rider");
    assert_str(carrier, "box:x");
    assert_string_equal(resolved(&rider, OP_DROP, &carrier), "picky");
    assert_true(str_is_null(carrier));
    assert_string_equal(resolved(&rider, OP_ALTER, &carrier), "last");
}

static void a_chain_leads_to_its_members(void **state)
{
    (void)state;
    assert_true(alter_leads_to(&rider, &rider));
    assert_true(alter_leads_to(&rider, &last));
    assert_false(alter_leads_to(&last, &rider));
    assert_false(alter_leads_to(&rider, &alone));
    assert_false(alter_leads_to(NULL, &last));
}

/* The toy's own rows, on two schemas. */
static void the_state_decides(void **state)
{
    struct arena *mem = *state;
    unsigned facets = F_DEFAULT | F_ORDER;
    struct catalog *one = toy_read_in(mem, "make box:a {slot:s} {slot:t}", facets);
    struct catalog *two =
        toy_read_in(mem, "make box:a {slot:s} {slot:m} {slot:t} {slot:z}", facets);
    struct view before = {one, NULL, 0}, after = {two, NULL, 0};
    struct ddl d = {
        .mem = mem, .eng = &engine_toy, .before = &before, .after = &after, .facets = facets};
    struct str carrier;
    struct change middle = {.op = OP_ADD, .after = cat_find(two, STR("box:a/slot:m"))};
    struct change end = {.op = OP_ADD, .after = cat_find(two, STR("box:a/slot:z"))};
    const struct alter *add = toy_slot_kind.create;
    assert_string_equal(alter_resolve(&d, add, &middle, &carrier)->name, "box.rebuild");
    assert_string_equal(alter_resolve(&d, add, &end, &carrier)->name, "slot.add");
    d.facets = F_DEFAULT;
    assert_string_equal(alter_resolve(&d, add, &middle, &carrier)->name, "slot.add");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_chain_is_followed),
        TEST(nothing_can),
        TEST(what_rides_names_its_carrier),
        TEST(a_chain_leads_to_its_members),
        TEST(the_state_decides),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
