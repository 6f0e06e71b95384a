/* Snapshots of Liquibase as a neutral model, and what they take from another schema. */

#include <stdlib.h>
#include <unistd.h>

#include "snapshot/liquibase.h"

#include "tests/harness/unit.h"

extern const struct engine *const all_engines[];

#define CORE "liquibase.structure.core."
#define HEAD                                                                                       \
    "snapshot:\n  database: {shortName: sqlite, productVersion: 3.50.3, majorVersion: '3'}\n"

static int file_of(struct str text)
{
    char name[] = "/tmp/snap-unit-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    unlink(name);
    assert_int_equal(write(fd, text.p, text.n), text.n);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

static int read_text(struct arena *mem, struct str text, struct lb_snapshot **out, struct err *e)
{
    int fd = file_of(text);
    *e = (struct err){0};
    int rc = liquibase_read(fd, STR("x.yaml"), mem, out, e);
    close(fd);
    return rc;
}

static const char table[] =
    HEAD "  objects:\n"
         "    " CORE "Table:\n"
         "    - table: {name: t, snapshotId: t1, columns: [" CORE "Column#c1, " CORE "Column#c9]}\n"
         "    " CORE "Column:\n"
         "    - column:\n"
         "        name: a\n"
         "        nullable: false\n"
         "        order: 1!{java.lang.Integer}\n"
         "        relation: " CORE "Table#t1\n"
         "        remarks: ~\n"
         "        defaultValue: \"a }!{ b\"\n"
         "        snapshotId: c1\n"
         "        type: {typeName: VARCHAR, columnSize: '20!{java.lang.Integer}'}\n"
         "  snapshotControl: {snapshotControl: {includedType: [" CORE "Table]}}\n";

static void values_and_references(void **state)
{
    struct lb_snapshot *in;
    struct err e;
    uint32_t at = 0, n;
    int64_t number;
    assert_int_equal(read_text(*state, str_c(table), &in, &e), 0);
    assert_str(in->short_name, "sqlite");
    assert_int_equal(in->major, 3);
    assert_int_equal(in->minor, -1);
    const struct lb_object *t = lb_next(in, "Table", &at);
    assert_non_null(t);
    assert_null(lb_next(in, "Table", &at));
    /* a reference to nothing is a text, and no column */
    const struct lb_object *const *cols = lb_columns(in, t, *state, &n);
    assert_int_equal(n, 1);
    const struct lb_map *c = &cols[0]->attrs;
    assert_str(lb_text(c, "name"), "a");
    assert_false(lb_bool(c, "nullable", true));
    assert_true(lb_int(c, "order", &number) && number == 1);
    assert_ptr_equal(lb_ref(c, "relation"), t);
    assert_null(lb_get(c, "remarks"));
    assert_str(lb_text(c, "defaultValue"), "a }!{ b");
    assert_true(lb_int(lb_map(c, "type"), "columnSize", &number) && number == 20);
    assert_true(lb_included(in, "Table"));
    assert_false(lb_included(in, "View"));
}

static void lines_around_it_are_passed_over(void **state)
{
    static const char *const around[][2] = {
        {"", ""},
        {"Starting Liquibase at 12:00 {x}\n\n", "Liquibase command 'snapshot' was executed.\n"},
        {"\xef\xbb\xbf note\n", "\n\n: : {{{\n"},
    };
    for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
        static const char json[] =
            "{\n \"snapshot\": {\"database\": {\"shortName\": \"mysql\"}}\n}\n";
        struct lb_snapshot *in;
        struct err e;
        struct str yaml = arena_printf(*state, "%s%s%s", around[i][0], table, around[i][1]);
        struct str flow = arena_printf(*state, "%s%s%s", around[i][0], json, around[i][1]);
        assert_int_equal(read_text(*state, yaml, &in, &e), 0);
        assert_int_equal(in->n, 2);
        assert_true(liquibase_is(yaml) && liquibase_is(flow));
        assert_int_equal(read_text(*state, flow, &in, &e), 0);
        assert_str(in->short_name, "mysql");
    }
    assert_false(liquibase_is(STR("{\"snap\":1,")));
    assert_false(liquibase_is(STR("databaseChangeLog:\n")));
}

static void odd_texts_are_decoded(void **state)
{
    struct lb_snapshot *in;
    struct err e;
    uint32_t at = 0;
    static const char text[] = HEAD "  objects:\n    a.Table:\n"
                                    "    - table: {!!binary \"bmFtZQ==\": !!binary \"4oKs\\n \"}\n";
    assert_int_equal(read_text(*state, str_c(text), &in, &e), 0);
    assert_str(lb_text(&lb_next(in, "Table", &at)->attrs, "name"), "\xe2\x82\xac");
}

static void refusals(void **state)
{
    static const struct {
        const char *text, *message;
        enum err_code code;
    } rows[] = {
        {HEAD "  a: &x [1]\n  b: *x\n", "x.yaml line 4: aliases are not taken",
         E_LIQUIBASE_SNAPSHOT},
        {HEAD "  database: {}\n", "x.yaml line 3: a key stands twice", E_LIQUIBASE_SNAPSHOT},
        {HEAD "  a: !!binary \"/w==\"\n", "x.yaml line 3: !!binary that is no text in Base64",
         E_LIQUIBASE_SNAPSHOT},
        {HEAD "  a: !!java.net.URL [x]\n", "x.yaml line 3: a tag other than !!binary",
         E_LIQUIBASE_SNAPSHOT},
        {HEAD "  a: !!java.net.URL x\n", "x.yaml line 3: a tag other than !!binary",
         E_LIQUIBASE_SNAPSHOT},
        {"snapshot: x\n", "x.yaml line 1: snapshot is no map", E_LIQUIBASE_SNAPSHOT},
        {"snapshot: {objects: {}}\n",
         "x.yaml line 1: database.shortName does not say which engine it is of",
         E_LIQUIBASE_SNAPSHOT},
        {HEAD "  objects: {a.Table: [x]}\n",
         "x.yaml line 3: an object that is no map of its attributes", E_LIQUIBASE_SNAPSHOT},
        {HEAD "  objects: {a.Table: [{table: {snapshotId: '1'}}, {table: {snapshotId: '1'}}]}\n",
         "x.yaml line 3: Table 1: shares with another object its snapshotId", E_LIQUIBASE_SNAPSHOT},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct lb_snapshot *in;
        struct err e;
        int rc = read_text(*state, str_c(rows[i].text), &in, &e);
        assert_int_equal(rc, rows[i].message ? -1 : 0);
        assert_int_equal(e.code, rows[i].code);
        if (rows[i].message)
            assert_string_equal(e.msg, rows[i].message);
    }
}

static void deep_nesting_is_a_limit(void **state)
{
    struct lb_snapshot *in;
    struct strbuf b = sb_new(*state, 0);
    struct err e;
    sb_c(&b, "{\"snapshot\":");
    sb_pad(&b, '[', 100);
    assert_int_equal(read_text(*state, sb_view(&b), &in, &e), -1);
    assert_int_equal(e.code, E_LIMIT);
}

static void many_keys_are_held_against_each_other(void **state)
{
    struct lb_snapshot *in;
    struct strbuf b = sb_new(*state, 0);
    struct err e;
    sb_c(&b, "{\"snapshot\": {\"database\": {\"shortName\": \"x\"}");
    for (int i = 0; i < 40; i++)
        sb_printf(&b, ", \"key %d\": 1", i);
    struct str most = arena_str(*state, sb_view(&b));
    assert_int_equal(read_text(*state, arena_printf(*state, "%.*s}}", STR_ARG(most)), &in, &e), 0);
    most = arena_printf(*state, "%.*s, \"key 3\": 2}}", STR_ARG(most));
    assert_int_equal(read_text(*state, most, &in, &e), -1);
}

/* Facts of the text, which must be made. */
static struct catalog *catalog_of(struct arena *mem, const char *text)
{
    struct lb_snapshot *in;
    struct catalog *cat;
    struct err e;
    if (read_text(mem, str_c(text), &in, &e) ||
        liquibase_catalog(in, all_engines, STR(""), F_DEFAULT, mem, &cat, &e) ||
        cat_finish(cat, &e))
        fail_msg("%s", e.msg);
    return cat;
}

static void a_missing_attribute_is_named(void **state)
{
    struct lb_snapshot *in;
    struct catalog *cat;
    struct err e;
    static const char text[] =
        HEAD "  objects: {a.Table: [{table: {snapshotId: t, columns: [a.Column#c]}}],\n"
             "    a.Column: [{column: {name: x, snapshotId: c}}]}\n";
    assert_int_equal(read_text(*state, str_c(text), &in, &e), 0);
    assert_int_equal(liquibase_catalog(in, all_engines, STR(""), F_DEFAULT, *state, &cat, &e), -1);
    assert_string_equal(e.msg, "x.yaml line 3: Table t: has no text as its attribute name");
}

static void the_engine_must_fit(void **state)
{
    struct lb_snapshot *in;
    struct catalog *cat;
    struct err e;
    assert_int_equal(read_text(*state, str_c(table), &in, &e), 0);
    assert_int_equal(liquibase_catalog(in, all_engines, STR("mysql"), F_DEFAULT, *state, &cat, &e),
                     -1);
    assert_int_equal(e.code, E_ENGINE_MISMATCH);
    in->short_name = STR("nosuch");
    assert_int_equal(liquibase_catalog(in, all_engines, STR(""), F_DEFAULT, *state, &cat, &e), -1);
    assert_int_equal(e.code, E_UNKNOWN_ENGINE);
}

/* The same table with what such a snapshot cannot tell. */
static struct catalog *richer(struct arena *mem, const struct catalog *like)
{
    struct catalog *cat = cat_new(mem, like->eng, F_DEFAULT, STR("live"));
    struct err e;
    for (uint32_t i = 0; i < like->n; i++) {
        struct obj o = like->v[i];
        if (str_eq_c(path_kind(o.path), "column"))
            o.a = obj_with(mem, like->eng, &o, "collate", STR("\"nocase\""));
        cat_add(cat, &o);
    }
    struct obj check = {.path = STR("table:t/check:#1"),
                        .a = STR("{\"expr\":\"a > 0\"}"),
                        .src = STR("{\"def\":\"check(a>0)\"}")};
    check.kind = (uint16_t)engine_kind(like->eng, STR("check"));
    cat_add(cat, &check);
    assert_int_equal(cat_finish(cat, &e), 0);
    return cat;
}

static void what_it_does_not_tell_is_taken(void **state)
{
    struct catalog *told = catalog_of(*state, table), *live = richer(*state, told);
    struct err e;
    assert_true(told->liquibase);
    assert_false(hash_eq(told->fingerprint, live->fingerprint));
    assert_int_equal(source_complete(told, live, *state, &e), 0);
    assert_true(hash_eq(told->fingerprint, live->fingerprint));
    assert_true(str_find(told->untold, STR("\"check\"")) < told->untold.n);
    assert_true(str_find(told->untold, STR("\"column.collate\"")) < told->untold.n);
}

static void what_it_tells_stays(void **state)
{
    struct catalog *told = catalog_of(*state, table), *live = richer(*state, told);
    struct err e;
    for (uint32_t i = 0; i < live->n; i++)
        if (str_eq_c(path_kind(live->v[i].path), "column"))
            live->v[i].a = obj_with(*state, live->eng, &live->v[i], "type", STR("\"int\""));
    assert_int_equal(cat_finish(live, &e), 0);
    assert_int_equal(source_complete(told, live, *state, &e), 0);
    const struct obj *column = cat_find(told, STR("table:t/column:a"));
    assert_str(obj_text(*state, column, "type"), "varchar(20)");
    assert_str(obj_text(*state, column, "collate"), "nocase");
    /* and it is written out with both */
    struct str def = obj_src(*state, column, "def");
    assert_true(str_find(def, STR("varchar(20)")) < def.n);
    assert_true(str_find(def, STR("nocase")) < def.n);
}

/* Liquibase looks at one schema unless it is told others, and at no materialized view. */
static void what_it_did_not_look_at_is_not_gone(void **state)
{
    static const char text[] =
        "snapshot:\n  database: {shortName: postgresql, productVersion: '15.1'}\n"
        "  objects: {a.Schema: [{schema: {name: public, default: true, snapshotId: s}}],\n"
        "    a.Table: [{table: {name: 'x!{y.z}', schema: a.Schema#s, snapshotId: t}}]}\n";
    static const struct {
        const char *kind, *path;
        bool stays;
    } rows[] = {
        {"schema", "schema:public", true},
        {"matview", "schema:public/matview:m", true},
        {"index", "schema:public/matview:m/index:i", true},
        {"table", "schema:public/table:gone", false},
        {"index", "schema:public/table:gone/index:i", false},
        {"check", "schema:public/table:gone/check:c", false},
        {"table", "schema:public/table:x!{y.z}", true},
        {"schema", "schema:x", true},
        {"table", "schema:x/table:t", true},
        {"column", "schema:x/table:t/column:a", true},
    };
    struct catalog *told = catalog_of(*state, text);
    struct catalog *live = cat_new(*state, told->eng, F_DEFAULT, STR("live"));
    struct err e;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct obj o = {.path = str_c(rows[i].path), .a = STR("{}")};
        o.kind = (uint16_t)engine_kind(told->eng, str_c(rows[i].kind));
        cat_add(live, &o);
    }
    assert_int_equal(cat_finish(live, &e), 0);
    assert_int_equal(source_complete(told, live, *state, &e), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!cat_find(told, str_c(rows[i].path)) == rows[i].stays)
            fail_msg("%s", rows[i].path);
}

static void every_prefix_ends_well(void **state)
{
    struct str whole = str_c(table);
    for (size_t n = 0; n < whole.n; n++) {
        struct arena *mem = arena_new(0);
        struct lb_snapshot *in;
        struct catalog *cat;
        struct err e;
        if (read_text(mem, str_sub(whole, 0, n), &in, &e) == 0)
            (void)liquibase_catalog(in, all_engines, STR(""), F_DEFAULT, mem, &cat, &e);
        else
            assert_true(e.code != E_OK && e.msg[0]);
        arena_free(mem);
    }
    (void)state;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_and_references),
        TEST(lines_around_it_are_passed_over),
        TEST(odd_texts_are_decoded),
        TEST(refusals),
        TEST(deep_nesting_is_a_limit),
        TEST(many_keys_are_held_against_each_other),
        TEST(a_missing_attribute_is_named),
        TEST(the_engine_must_fit),
        TEST(what_it_does_not_tell_is_taken),
        TEST(what_it_tells_stays),
        TEST(what_it_did_not_look_at_is_not_gone),
        TEST(every_prefix_ends_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
