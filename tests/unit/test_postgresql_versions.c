/* What hangs on the server's version; see drivers/postgresql/versions.h. */

#include "core/fact.h"
#include "drivers/postgresql/versions.h"
#include "tests/harness/unit.h"

static void levels(void **state)
{
    (void)state;
    assert_int_equal(pg_level(STR("PostgreSQL 15.20")), 15);
    assert_int_equal(pg_level(STR("PostgreSQL 19devel (untested)")), 19);
    assert_int_equal(pg_level(STR("PostgreSQL 12.22 as PostgreSQL 18.4")), 18);
    assert_int_equal(pg_level(STR("PostgreSQL")), 0); /* of `empty` */
    assert_int_equal(pg_level(STR("")), 0);
}

static void what_is_untested_says_so(void **state)
{
    static const char *const rows[][3] = {
        {"15.20 (Debian 15.20-0)", "PostgreSQL 15.20 (Debian 15.20-0) on x86_64",
         "PostgreSQL 15.20"},
        {"19.1", "PostgreSQL 19.1 on x86_64", "PostgreSQL 19.1 (untested)"},
        {"13.0.0", "CockroachDB CCL v23.1.11", "CockroachDB (untested) as PostgreSQL 13.0.0"},
        {"15.2-YB-2.25", "PostgreSQL 15.2-YB-2.25",
         "YugabyteDB (untested) as PostgreSQL 15.2-YB-2.25"},
        {"16.3", "PostgreSQL 16.3 on x86_64 AlloyDB", "AlloyDB (untested) as PostgreSQL 16.3"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(pg_version_words(*state, str_c(rows[i][0]), str_c(rows[i][1])), rows[i][2]);
}

static struct catalog *with(struct arena *mem, const char *version, const char *kind,
                            const char *parent, const char *name, const char *acl, const char *own)
{
    struct catalog *cat = cat_new(mem, &engine_postgresql, F_DEFAULT, STR("x"));
    struct fact f;
    struct err e;
    cat->version = str_c(version);
    fact_begin(&f, cat, kind, str_c(parent), str_c(name));
    fact_raw(&f, "acl", str_c(acl));
    fact_text(&f, "owner", str_c(own));
    fact_src(&f, "initial", STR("t"));
    fact_end(&f);
    assert_int_equal(cat_finish(cat, &e), 0);
    return cat;
}

static void what_a_server_brings_is_carried(void **state)
{
    struct arena *mem = *state;
    struct catalog *old = with(mem, "PostgreSQL 12.22", "schema", "", "public",
                               "{\"app\":\"USAGE\",\"public\":\"CREATE,USAGE\"}", "root");
    struct catalog *new = with(mem, "PostgreSQL 18.4", "schema", "", "public",
                               "{\"app\":\"USAGE\",\"public\":\"USAGE\"}", "pg_database_owner");
    struct str was = arena_str(mem, old->v[0].a);
    pg_carry(old, new, mem);
    assert_str(old->v[0].a, arena_cstr(mem, new->v[0].a));
    struct catalog *again = with(mem, "PostgreSQL 12.22", "schema", "", "public",
                                 "{\"public\":\"CREATE,USAGE\"}", "root");
    pg_carry(new, again, mem);
    assert_str(new->v[0].a, arena_cstr(mem, was));
}

static void maintain_goes_with_all(void **state)
{
    struct arena *mem = *state;
    struct catalog *old =
        with(mem, "PostgreSQL 12.22", "table", "schema:public", "t",
             "{\"\":\"SELECT\",\"all\":\"DELETE,INSERT,REFERENCES,SELECT,TRIGGER,TRUNCATE,UPDATE\","
             "\"some\":\"SELECT,UPDATE\"}",
             "root");
    struct catalog *new =
        with(mem, "PostgreSQL 18.4", "table", "schema:public", "u", "{\"x\":\"SELECT\"}", "root");
    struct str was = arena_str(mem, old->v[0].a);
    pg_carry(old, new, mem);
    assert_str(old->v[0].a,
               "{\"acl\":{\"\":\"MAINTAIN,SELECT\",\"all\":\"DELETE,INSERT,MAINTAIN,REFERENCES,"
               "SELECT,TRIGGER,TRUNCATE,UPDATE\",\"some\":\"SELECT,UPDATE\"},\"owner\":\"root\"}");
    old->version = STR("PostgreSQL 18.4");
    new->version = STR("PostgreSQL 16.14");
    pg_carry(old, new, mem);
    assert_str(old->v[0].a, arena_cstr(mem, was));
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(levels), TEST(what_is_untested_says_so),
                                       TEST(what_a_server_brings_is_carried),
                                       TEST(maintain_goes_with_all)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
