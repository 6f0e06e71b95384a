/* Products that are known through Liquibase snapshots alone: facts, changes and what is refused. */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diff/diff.h"
#include "snapshot/liquibase.h"
#include "snapshot/snapshot.h"

#include "tests/harness/unit.h"

extern const struct engine *const all_engines[];

#define CORE "liquibase.structure.core."

/* A snapshot of one table t with a primary key on `Id`, a column `x` with these attributes, and
 * more objects. */
static struct catalog *snapshot(struct arena *mem, const char *product, const char *key,
                                const char *x, const char *more)
{
    char name[] = "/tmp/snap-unit-XXXXXX";
    struct str text = arena_printf(
        mem,
        "snapshot:\n  database: {shortName: %s, productVersion: '9', majorVersion: '9'}\n"
        "  objects:\n    " CORE "Schema:\n    - schema: {name: s, default: true, snapshotId: s1}\n"
        "    " CORE "Table:\n    - table: {name: T, schema: " CORE "Schema#s1, snapshotId: t1,"
        " columns: [" CORE "Column#c1, " CORE "Column#c2]}\n    " CORE "Column:\n"
        "    - column: {name: Id, nullable: false, relation: " CORE "Table#t1, snapshotId: c1,"
        " type: {typeName: int, columnSize: '10!{java.lang.Integer}'}}\n"
        "    - column: {relation: " CORE "Table#t1, snapshotId: c2, %s}\n"
        "    " CORE "PrimaryKey:\n    - primaryKey: {name: %s, table: " CORE "Table#t1,"
        " snapshotId: p1, columns: [" CORE "Column#c1]}\n%s",
        product, x, key, more);
    struct lb_snapshot *in;
    struct catalog *cat;
    struct err e = {0};
    int fd = mkstemp(name);
    unlink(name);
    assert_int_equal(write(fd, text.p, text.n), text.n);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    if (liquibase_read(fd, STR("x"), mem, &in, &e) ||
        liquibase_catalog(in, all_engines, STR(""), F_DEFAULT, mem, &cat, &e) ||
        cat_finish(cat, &e))
        fail_msg("%s", e.msg);
    close(fd);
    return cat;
}

#define TYPE(t) "type: {typeName: " t "}"

static struct str fact_of(const struct catalog *cat, const char *path)
{
    const struct obj *o = cat_find(cat, str_c(path));
    return o ? o->a : STR("none");
}

/* Statements ahead and back of the whole plan, or the error. */
static struct str planned(struct arena *mem, const struct catalog *a, const struct catalog *b)
{
    struct changes *changes;
    struct plan *plan;
    struct err e = {0};
    struct strbuf out = sb_new(mem, 0);
    const struct catalog **states = NEW(mem, const struct catalog *);
    struct plan_request req = {.states = states, .to = b, .facets = F_DEFAULT};
    *states = a;
    assert_int_equal(diff_catalogs(a, b, F_DEFAULT, mem, &changes, &e), 0);
    req.changes = changes;
    if (plan_make(&req, mem, &plan, &e))
        return arena_printf(mem, "%s", e.msg);
    for (uint32_t i = 0; i < plan->n; i++)
        for (int back = 0; back < 2; back++) {
            const struct stmt *v = back ? plan->v[i].back : plan->v[i].fwd;
            uint32_t n = back ? plan->v[i].nback : plan->v[i].nfwd;
            sb_c(&out, back ? " | " : i ? "\n" : "");
            for (uint32_t k = 0; k < n; k++) {
                assert_int_equal(v[k].lang, LANG_CHANGE);
                assert_int_equal(jc_check(mem, v[k].text, &e), 0); /* canonical */
                sb_str(&out, v[k].text);
            }
        }
    return sb_view(&out);
}

static void types_have_one_spelling(void **state)
{
    static const struct {
        const char *product, *type, *want;
    } types[] = {
        {"mssql", "type: {typeName: nvarchar, columnSize: 2147483647}", "nvarchar(max)"},
        {"mssql", "type: {typeName: datetime2, columnSize: 23, decimalDigits: 3}", "datetime2(3)"},
        {"mssql", "type: {typeName: decimal, columnSize: 10, decimalDigits: 2}", "decimal(10, 2)"},
        {"mssql", "type: {typeName: bit, columnSize: 1}", "bit"},
        {"oracle", "type: {typeName: VARCHAR, columnSize: 5, columnSizeUnit: CHAR}",
         "VARCHAR2(5 CHAR)"},
        {"oracle", "type: {typeName: NVARCHAR, columnSize: 5, columnSizeUnit: CHAR}",
         "NVARCHAR2(5)"},
        {"oracle", "type: {typeName: NUMBER, columnSize: 10, decimalDigits: 0}", "NUMBER(10)"},
        {"oracle", "type: {typeName: DATE, columnSize: 7}", "DATE"},
        {"oracle", "type: {typeName: TIMESTAMP(6), columnSize: 11}", "TIMESTAMP(6)"},
        {"h2", "type: {typeName: INTEGER, columnSize: 32}", "INTEGER"},
        {"h2", "type: {typeName: CHARACTER VARYING, columnSize: 9}", "CHARACTER VARYING(9)"},
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct catalog *cat =
            snapshot(*state, types[i].product, "pk",
                     arena_cstr(*state, arena_printf(*state, "name: x, %s", types[i].type)), "");
        const char *path =
            str_eq_c(STR("mssql"), types[i].product) ? "table:t/column:x" : "table:T/column:x";
        assert_str(obj_text(*state, cat_find(cat, str_c(path)), "type"), types[i].want);
    }
}

static void names_that_a_server_made_up_are_none(void **state)
{
    static const char x[] = "name: x, defaultValue: '5!{java.lang.Integer}', "
                            "defaultValueConstraintName: %s, " TYPE("int");
    struct arena *mem = *state;
    struct catalog *a = snapshot(mem, "mssql", "PK__T__3214EC07A30C649F",
                                 arena_cstr(mem, arena_printf(mem, x, "DF__T__x__3B75D760")), "");
    struct catalog *b = snapshot(mem, "mssql", "PK__T__AABBCCDD11223344",
                                 arena_cstr(mem, arena_printf(mem, x, "DF_T_x")), "");
    struct catalog *c =
        snapshot(mem, "mssql", "PK_T", arena_cstr(mem, arena_printf(mem, x, "DF_five")), "");
    assert_true(hash_eq(a->fingerprint, b->fingerprint));
    assert_str(planned(mem, a, b), "");
    assert_str(fact_of(c, "table:t/primary_key:#"), "{\"columns\":[\"id\"],\"name\":\"PK_T\"}");
    assert_str(obj_text(mem, cat_find(c, STR("table:t/column:x")), "default_name"), "DF_five");
}

static void a_size_that_is_not_written_is_no_secret(void **state)
{
    static const struct {
        const char *product, *type, *size;
    } rows[] = {{"db2", "DECFLOAT", "16"}, {"snowflake", "TEXT", "10"}, {"h2", "INTEGER", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct str x = arena_printf(*state, "name: x, type: {typeName: %s, columnSize: %s}",
                                    rows[i].type, rows[i].size ? rows[i].size : "32");
        struct catalog *cat = snapshot(*state, rows[i].product, "pk", arena_cstr(*state, x), "");
        assert_str(obj_text(*state, cat_find(cat, STR("table:T/column:x")), "type"), rows[i].type);
        assert_int_equal(cat->nledger, rows[i].size ? 1 : 0);
    }
}

static void a_name_that_only_begins_so_is_the_users(void **state)
{
    static const struct {
        const char *product, *name;
        bool own;
    } rows[] = {
        {"mssql", "PK__T__A30C649", true}, {"mssql", "PK__T__3214EC07A30C649F", false},
        {"oracle", "SYS_C0012345", false}, {"oracle", "SYS_CUSTOMERS_PK", true},
        {"oracle", "SYS_C", true},         {"h2", "CONSTRAINT_8F", false},
        {"h2", "PRIMARY_KEY_4", false},    {"h2", "CONSTRAINT_1A2B3C4D_0", false},
        {"h2", "CONSTRAINT_ORDERS", true}, {"h2", "PRIMARY_KEY_", true},
        {"h2", "U_INDEX_2", true},         {"h2", "A_CONSTRAINT_8F", true},
        {"hsqldb", "SYS_PK_10092", false}, {"hsqldb", "SYS_USERS_PK", true},
        {"db2", "SQL231231231231", false}, {"db2", "SQL_KEY", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct catalog *cat =
            snapshot(*state, rows[i].product, rows[i].name, "name: x, " TYPE("INT"), "");
        bool lower = str_eq_c(STR("mssql"), rows[i].product);
        const struct obj *key =
            cat_find(cat, lower ? STR("table:t/primary_key:#") : STR("table:T/primary_key:#"));
        assert_non_null(key);
        if (str_is_null(obj_raw(key, "name")) == rows[i].own)
            fail_msg("%s %s", rows[i].product, rows[i].name);
    }
}

static void a_retyped_column_keeps_not_null_and_default(void **state)
{
    static const char x[] = "name: x, nullable: false, defaultValue: \"it's\", type: {typeName: "
                            "varchar, columnSize: %d}";
    struct arena *mem = *state;
    struct str small = arena_printf(mem, x, 5), large = arena_printf(mem, x, 9);
    struct catalog *a = snapshot(mem, "mssql", "pk", arena_cstr(mem, small), "");
    struct catalog *b = snapshot(mem, "mssql", "pk", arena_cstr(mem, large), "");
#define ON "\"columnName\":\"x\""
#define DROP(t) "{\"dropDefaultValue\":{\"columnDataType\":\"" t "\"," ON ",\"tableName\":\"T\"}}"
#define TO(t) "{\"modifyDataType\":{" ON ",\"newDataType\":\"" t "\",\"tableName\":\"T\"}}"
#define NO(t) "{\"addNotNullConstraint\":{\"columnDataType\":\"" t "\"," ON ",\"tableName\":\"T\"}}"
#define ADD(t)                                                                                     \
    "{\"addDefaultValue\":{\"columnDataType\":\"" t "\"," ON                                       \
    ",\"defaultValue\":\"it's\",\"tableName\":\"T\"}}"
#define ALL(was, is) DROP(was) TO(is) NO(is) ADD(is)
    assert_str(planned(mem, a, b),
               ALL("varchar(5)", "varchar(9)") " | " ALL("varchar(9)", "varchar(5)"));
    a = snapshot(mem, "oracle", "pk", arena_cstr(mem, small), "");
    b = snapshot(mem, "oracle", "pk", arena_cstr(mem, large), "");
    assert_str(planned(mem, a, b), TO("VARCHAR2(9)") " | " TO("VARCHAR2(5)"));
}

static void what_no_change_does_is_refused(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = snapshot(mem, "oracle", "pk", "name: x, " TYPE("DATE"), "");
    struct catalog *b =
        snapshot(mem, "oracle", "pk",
                 "name: x, autoIncrementInformation: {startWith: 1}, " TYPE("DATE"), "");
    struct catalog *c = snapshot(mem, "oracle", "pk", "name: x, odd: 7, " TYPE("DATE"), "");
    struct catalog *d = snapshot(mem, "oracle", "pk", "name: y, computed: true, " TYPE("DATE"), "");
    assert_str(planned(mem, a, b), "column T.x: no change type changes how a column that is there "
                                   "is numbered");
    assert_int_equal(c->nledger, 1);
    assert_str(c->ledger[0].name, "column.odd of x");
    assert_true(str_find(planned(mem, a, d), STR("it is computed")) < planned(mem, a, d).n);
}

static void two_products_are_two(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = snapshot(mem, "h2", "pk", "name: x, " TYPE("DATE"), "");
    struct catalog *b = snapshot(mem, "hsqldb", "pk", "name: x, " TYPE("DATE"), "");
    struct err e = {0};
    assert_ptr_equal(a->eng, b->eng);
    assert_err(a->eng->comparable(a, b, mem, &e), e, E_CANNOT_COMPARE);
    assert_int_equal(a->eng->comparable(a, a, mem, &e), 0);
    assert_str(a->eng->dbms_of(mem, a->version), "h2");
}

static void a_rename_reaches_keys_and_lists(void **state)
{
    struct arena *mem = *state;
    struct catalog *a = snapshot(mem, "h2", "pk", "name: x, " TYPE("DATE"), ""), *now;
    const struct obj *column = cat_find(a, STR("table:T/column:Id"));
    struct err e = {0};
    const struct obj *after = obj_renamed(mem, a->eng, column, STR("Key"));
    assert_int_equal(a->eng->renamed(a, column, after, mem, &now, &e), 0);
    assert_str(fact_of(now, "table:T"), "{\"columns\":[\"Key\",\"x\"]}");
    assert_str(obj_raw(cat_find(now, STR("table:T/primary_key:#")), "columns"), "[\"Key\"]");
    assert_str(cat_find(now, STR("table:T/primary_key:#"))->deps, "[\"table:T/column:Key\"]");
    assert_err(a->eng->renamed(a, column, cat_find(a, STR("table:T/column:x")), mem, &now, &e), e,
               E_UNSUPPORTED_CHANGE);
}

static void a_url_is_refused_without_its_password(void **state)
{
    struct source_spec spec;
    struct err e = {0};
    assert_err(source_parse(STR("jdbc:sqlserver://h;user=sa;password=hunter2"), all_engines, *state,
                            &spec, &e),
               e, E_NO_DRIVER);
    assert_null(strstr(e.msg, "hunter2"));
    assert_non_null(strstr(e.hint, "offline:mssql?snapshot=FILE"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(types_have_one_spelling),
        TEST(names_that_a_server_made_up_are_none),
        TEST(a_name_that_only_begins_so_is_the_users),
        TEST(a_size_that_is_not_written_is_no_secret),
        TEST(a_retyped_column_keeps_not_null_and_default),
        TEST(what_no_change_does_is_refused),
        TEST(two_products_are_two),
        TEST(a_rename_reaches_keys_and_lists),
        TEST(a_url_is_refused_without_its_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
