/* Whether what a Liquibase snapshot tells of a default or a key may be what the other side has. */

#include "core/engine.h"
#include "core/escape.h"
#include "core/fact.h"
#include "tests/harness/unit.h"

extern const struct engine engine_sqlite, engine_postgresql, engine_mysql;

struct row {
    const struct engine *eng;
    const char *kind, *attr, *type; /* the column's, on the other side */
    const char *told, *other;
    bool same;
};

static struct str json(struct arena *mem, const char *text)
{
    struct strbuf b = sb_new(mem, 0);
    if (text)
        esc_json(&b, str_c(text));
    return sb_view(&b);
}

static bool asked(struct arena *mem, const struct row *row)
{
    struct catalog *cat = cat_new(mem, row->eng, row->eng->facets, STR("t"));
    const struct kind_desc *kind = NULL;
    struct fact f;
    for (size_t i = 0; i < row->eng->nkinds; i++)
        if (strcmp(row->eng->kinds[i]->name, row->kind) == 0)
            kind = row->eng->kinds[i];
    fact_begin(&f, cat, row->kind, STR(""), STR("x"));
    if (row->type)
        fact_text(&f, "type", str_c(row->type));
    if (row->type && row->eng == &engine_sqlite)
        fact_text(&f, "affinity", strstr(row->type, "char") ? STR("text") : STR("numeric"));
    fact_end(&f);
    return row->eng->liquibase_same(&cat->v[0], kind, kind_attr(kind, str_c(row->attr)),
                                    json(mem, row->told), json(mem, row->other), mem);
}

static void check(struct arena *mem, const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (asked(mem, &rows[i]) != rows[i].same)
            fail_msg("%s %s %s: %s and %s", rows[i].eng->name, rows[i].kind,
                     rows[i].type ? rows[i].type : "", rows[i].told, rows[i].other);
}

static void a_number_is_one_in_any_notation_but_a_text_is_not(void **state)
{
    static const struct engine *const lite = &engine_sqlite, *const my = &engine_mysql,
                                      *const pg = &engine_postgresql;
    const struct row rows[] = {
        {lite, "column", "default", "varchar(30)", "'007'", "'7'", false},
        {lite, "column", "default", "varchar(30)", "'1e3'", "'1000'", false},
        {lite, "column", "default", "varchar(30)", "'7'", "'7'", true},
        {lite, "column", "default", "numeric(10,2)", "1.5", "1.50", true},
        {lite, "column", "default", "numeric(10,2)", "1.5", "'1.5'", true},
        {lite, "column", "default", "timestamp", "'2026-01-02T03:04:05'", "'2026-01-02 03:04:05'",
         true},
        {lite, "column", "default", "timestamp", "'2026-01-02T03:04:05'", "'2026-01-02 03:04:06'",
         false},
        {my, "column", "default", "varchar(30)", "'007'", "'7'", false},
        {my, "column", "default", "varchar(30)", "'1.0'", "'1'", false},
        {my, "column", "default", "varchar(30)", "'v1.0'", "'v1'", false},
        {my, "column", "default", "int", "'7'", "'7'", true},
        {my, "column", "default", "int(5) unsigned", "7", "'7'", true},
        {my, "column", "default", "decimal(10,2)", "'1.5'", "'1.50'", true},
        {my, "column", "default", "decimal(10,2)", "'1.5'", "'1.51'", false},
        {my, "column", "default", "datetime", "'2026-01-02 03:04:05.0'", "'2026-01-02 03:04:05'",
         true},
        {my, "column", "default", "varchar(30)", "'2026-01-02 03:04:05.0'", "'2026-01-02 03:04:05'",
         false},
        {pg, "default", "default", NULL, "'007'::character varying", "'7'::character varying",
         false},
        {pg, "default", "default", NULL, "'v1.0'::text", "'v1'::text", false},
        {pg, "default", "default", NULL, "'-7'::integer", "'-7'::integer", true},
        {pg, "default", "default", NULL, "7", "'7'::integer", true},
        {pg, "default", "default", NULL, "1.5", "1.50", true},
        {pg, "default", "default", NULL, "1.5", "1.51", false},
        {pg, "default", "default", NULL, "'2026-01-02 03:04:05.0'::timestamp without time zone",
         "'2026-01-02 03:04:05'::timestamp without time zone", true},
        {pg, "default", "default", NULL, "'NaN'::numeric", "'NaN'::numeric", true},
    };
    check(*state, rows, sizeof rows / sizeof *rows);
}

static void an_escape_is_what_it_stands_for(void **state)
{
    static const struct engine *const my = &engine_mysql;
    const struct row rows[] = {
        {my, "column", "default", "varchar(30)", "'a\\nb'", "'anb'", false},
        {my, "column", "default", "varchar(30)", "'a\\nb'", "'a\nb'", true},
        {my, "column", "default", "varchar(30)", "'it\\'s'", "'it''s'", true},
        {my, "column", "default", "varchar(30)", "'a\\\\b'", "'ab'", false},
        {my, "column", "default", "varbinary(3)", "x'6162'", "'ab'", true},
        {my, "column", "default", "varbinary(3)", "0x6162", "_binary'ac'", false},
        {my, "column", "default", "varchar(30)", "NULL", "'NULL'", true},
        {my, "column", "default", "varchar(30)", "NULL", "'null'", false},
        {my, "column", "default", "varchar(30)", "NULL", "''", false},
        {my, "column", "default", "varchar(30)", "abc", "'abc'", true},
    };
    check(*state, rows, sizeof rows / sizeof *rows);
}

static void a_name_that_looks_like_a_clause_is_a_name(void **state)
{
    static const struct engine *const pg = &engine_postgresql;
    const struct row rows[] = {
        {pg, "unique", "def", NULL, "UNIQUE (a)", "UNIQUE (a) INCLUDE (b)", true},
        {pg, "unique", "def", NULL, "UNIQUE (a)", "UNIQUE NULLS NOT DISTINCT (a)", true},
        {pg, "unique", "def", NULL, "UNIQUE (a)", "UNIQUE (a) DEFERRABLE INITIALLY DEFERRED", true},
        {pg, "unique", "def", NULL, "UNIQUE (a)", "UNIQUE (a, b)", false},
        {pg, "unique", "def", NULL, "UNIQUE (\"a INCLUDE (b)\", d)",
         "UNIQUE (\"a INCLUDE (c)\", d)", false},
        {pg, "unique", "def", NULL, "UNIQUE (\"a DEFERRABLE x\")", "UNIQUE (\"a DEFERRABLE y\")",
         false},
        {pg, "foreign_key", "def", NULL, "FOREIGN KEY (a) REFERENCES t(b)",
         "FOREIGN KEY (a) REFERENCES t(b) MATCH FULL NOT VALID", true},
        {pg, "foreign_key", "def", NULL, "FOREIGN KEY (a) REFERENCES t(b)",
         "FOREIGN KEY (a) REFERENCES t(b) DEFERRABLE", false},
        {pg, "foreign_key", "def", NULL, "FOREIGN KEY (a) REFERENCES t(b) ON DELETE CASCADE",
         "FOREIGN KEY (a) REFERENCES t(b)", false},
    };
    check(*state, rows, sizeof rows / sizeof *rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_number_is_one_in_any_notation_but_a_text_is_not),
        TEST(an_escape_is_what_it_stands_for),
        TEST(a_name_that_looks_like_a_clause_is_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
