/* Facts of each engine in words of every engine: keys, what they point at, columns. */

#include "core/relation.h"

#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

extern const struct engine engine_postgresql, engine_mysql, engine_mongodb;

/* "a b! (expr desc)": columns by name, ! behind what falls, expressions in parentheses. */
static struct str terms_text(struct arena *mem, const struct relation *r)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < r->nterms; i++) {
        bool column = !str_is_null(r->terms[i].column);
        sb_c(&b, i ? " " : "");
        sb_c(&b, column ? "" : "(");
        sb_str(&b, column ? r->terms[i].column : r->terms[i].text);
        sb_c(&b, column ? "" : ")");
        sb_c(&b, r->terms[i].desc ? "!" : "");
    }
    return sb_view(&b);
}

static struct str target_text(struct arena *mem, const struct relation *r)
{
    struct strbuf b = sb_new(mem, 0);
    sb_str(&b, r->ref);
    for (uint32_t i = 0; i < r->nref; i++) {
        sb_c(&b, i ? "," : " ");
        sb_str(&b, r->ref_columns[i]);
    }
    sb_printf(&b, "; %.*s; %.*s", STR_ARG(r->on_delete), STR_ARG(r->on_update));
    return sb_view(&b);
}

static struct relation look(const struct catalog *cat, const char *path, struct arena *mem)
{
    const struct obj *o = cat_find(cat, str_c(path));
    if (!o)
        fail_msg("no %s", path);
    return relation_of(cat, o, mem);
}

static struct catalog *facts(struct arena *mem, const struct engine *eng, const char *const *lines)
{
    struct catalog *cat = cat_new(mem, eng, F_DEFAULT, STR("x"));
    struct err e = {0};
    for (; *lines; lines += 2) {
        struct obj o = {.path = str_c(lines[0]), .a = str_c(lines[1])};
        o.kind = (uint16_t)engine_kind(eng, path_kind(o.path));
        cat_add(cat, &o);
    }
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

static void definitions_of_a_server_are_taken_apart(void **state)
{
    static const char *const lines[] = {
        "schema:s/table:t",
        "{\"columns\":[\"b\",\"a\"],\"comment\":\"rows\"}",
        "schema:s/table:t/column:a",
        "{\"notnull\":true,\"type\":\"integer\"}",
        "schema:s/table:t/column:a/default:#",
        "{\"default\":\"nextval('s.q'::regclass)\"}",
        "schema:s/table:t/column:b",
        "{\"type\":\"text\"}",
        "schema:s/table:t/foreign_key:f",
        "{\"def\":\"FOREIGN KEY (a, \\\"B, (\\\") REFERENCES \\\"S x\\\".u(x, y) MATCH FULL ON "
        "UPDATE SET "
        "NULL ON DELETE SET DEFAULT (a) DEFERRABLE\"}",
        "schema:s/table:t/index:i",
        "{\"def\":\"CREATE UNIQUE INDEX \\\"i (\\\" ON ONLY s.t USING btree (a DESC, "
        "lower((b)::text), "
        "\\\"x\\\"\\\"y\\\" COLLATE \\\"C\\\" text_ops DESC NULLS LAST, ((a + 1))) INCLUDE (b)\","
        "\"where\":\"(a > 1)\"}",
        "schema:s/table:t/primary_key:p",
        "{\"def\":\"PRIMARY KEY (a, b) INCLUDE (c)\"}",
        NULL};
    struct arena *mem = *state;
    struct catalog *cat = facts(mem, &engine_postgresql, lines);
    struct relation r = look(cat, "schema:s/table:t/foreign_key:f", mem);
    uint32_t n;
    assert_str(terms_text(mem, &r), "a B, (");
    assert_str(target_text(mem, &r), "schema:S x/table:u x,y; set default; set null");
    r = look(cat, "schema:s/table:t/index:i", mem);
    assert_str(terms_text(mem, &r), "a! (lower((b)::text)) x\"y! (((a + 1)))");
    assert_true(r.unique);
    assert_str(r.where, "(a > 1)");
    r = look(cat, "schema:s/table:t/primary_key:p", mem);
    assert_str(terms_text(mem, &r), "a b");
    r = look(cat, "schema:s/table:t/column:a", mem);
    assert_true(r.counts && r.notnull);
    assert_str(r.type, "integer");
    r = look(cat, "schema:s/table:t", mem);
    assert_int_equal(r.role, ROLE_TABLE);
    assert_str(r.comment, "rows");
    const struct obj **columns =
        relation_columns(cat, cat_find(cat, STR("schema:s/table:t")), mem, &n);
    assert_int_equal(n, 2);
    assert_str(columns[0]->path, "schema:s/table:t/column:b");
}

static void keys_of_files(void **state)
{
    struct arena *mem = *state;
    struct catalog *cat = sql_catalog(
        mem,
        "CREATE TABLE p (Id INTEGER PRIMARY KEY, \"a b\" TEXT DEFAULT 'x', UNIQUE (\"a b\" COLLATE "
        "nocase DESC)); CREATE TABLE c (x INT REFERENCES P ON DELETE SET NULL, y TEXT PRIMARY KEY);"
        "CREATE INDEX i ON c (x desc, y || 'z') WHERE x > 1",
        "x.db");
    struct relation r = look(cat, "table:p/column:id", mem);
    assert_true(r.counts);
    assert_str(r.name, "Id");
    r = look(cat, "table:c/column:y", mem);
    assert_false(r.counts);
    r = look(cat, "table:c/index:i", mem);
    assert_str(terms_text(mem, &r), "x! (y || 'z')");
    assert_false(r.unique);
    for (uint32_t i = 0; i < cat->n; i++) {
        r = relation_of(cat, &cat->v[i], mem);
        if (r.role == ROLE_UNIQUE)
            assert_str(terms_text(mem, &r), "a b!");
        if (r.role == ROLE_FOREIGN_KEY) {
            assert_str(terms_text(mem, &r), "x");
            assert_str(target_text(mem, &r), "table:p; set null; ");
            assert_true(str_is_null(r.name));
        }
    }
}

static void parts_of_keys(void **state)
{
    static const char *const lines[] = {
        "table:t",
        "{}",
        "table:t/column:a",
        "{\"auto_increment\":true,\"type\":\"int\"}",
        "table:t/foreign_key:f",
        "{\"columns\":[\"a\"],\"on_delete\":\"SET "
        "NULL\",\"ref_columns\":[\"b\"],\"ref_schema\":\"o\","
        "\"ref_table\":\"u\"}",
        "table:t/index:i",
        "{\"parts\":[\"`a` DESC\",\"`b``c`\",\"`d`(10)\",\"(`a` + 1)\"],\"type\":\"UNIQUE\"}",
        "table:t/primary_key:#",
        "{\"parts\":[\"`a`\"]}",
        NULL};
    struct arena *mem = *state;
    struct catalog *cat = facts(mem, &engine_mysql, lines);
    struct relation r = look(cat, "table:t/index:i", mem);
    assert_str(terms_text(mem, &r), "a! b`c (`d`(10)) ((`a` + 1))");
    assert_true(r.unique);
    r = look(cat, "table:t/foreign_key:f", mem);
    assert_str(target_text(mem, &r), "schema:o/table:u b; set null; ");
    r = look(cat, "table:t/column:a", mem);
    assert_true(r.counts);
    r = look(cat, "table:t/primary_key:#", mem);
    assert_true(r.unique && str_is_null(r.name));
}

static void fields_of_documents(void **state)
{
    static const char *const lines[] = {"collection:c", "{}", "collection:c/index:i",
                                        "{\"keys\":[\"a b -1\",\"c 1\",\"d text\"]}", NULL};
    struct arena *mem = *state;
    struct catalog *cat = facts(mem, &engine_mongodb, lines);
    struct relation r = look(cat, "collection:c/index:i", mem);
    assert_str(terms_text(mem, &r), "a b! c (d text)");
    assert_int_equal(role_of(&engine_mongodb, cat_find(cat, STR("collection:c"))), ROLE_TABLE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(definitions_of_a_server_are_taken_apart),
        TEST(keys_of_files),
        TEST(parts_of_keys),
        TEST(fields_of_documents),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
