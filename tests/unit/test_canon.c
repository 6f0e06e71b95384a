/* One spelling for SQLite text; see drivers/sqlite/canon.h. */

#include "drivers/sqlite/canon.h"
#include "tests/harness/unit.h"

static struct str canon(struct arena *mem, const char *text, const struct lite_names *known)
{
    struct strbuf b = sb_new(mem, 0);
    lite_canon(&b, str_c(text), known);
    return sb_view(&b);
}

/* The canonical text, which is its own canonical text. */
static void gives(struct arena *mem, const char *text, const char *want)
{
    struct str got = canon(mem, text, NULL);
    assert_str(got, want);
    assert_str(canon(mem, arena_cstr(mem, got), NULL), want);
}

static void keywords_are_found(void **state)
{
    static const char *const yes[] = {"abort", "ABORT", "Select", "without", "with", "by", "DO"};
    static const char *const no[] = {"", "a", "selec", "selects", "zzz", "true", "rowid", "strict"};
    (void)state;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(lite_is_keyword(str_c(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(lite_is_keyword(str_c(no[i])));
    assert_int_equal(lite_dialect.quote, '"');
    assert_true(lite_dialect.is_keyword(STR("Order")));
}

static void folding_is_of_ascii_only(void **state)
{
    struct str low = STR("abc_1");
    assert_true(lite_fold(*state, low).p == low.p);
    assert_str(lite_fold(*state, STR("aBC \xc3\x84")), "abc \xc3\x84");
    assert_str(lite_fold(*state, STR("")), "");
}

static void a_set_of_names(void **state)
{
    struct arena *mem = *state;
    struct lite_names *set = lite_names_new(mem);
    char name[] = "Mine";
    lite_names_add(set, str_c(name));
    lite_names_add(set, STR("own"));
    lite_names_add(set, STR("OWN"));
    name[0] = 'x';
    assert_true(lite_names_has(set, STR("mine")));
    assert_true(lite_names_has(set, STR("own")));
    assert_false(lite_names_has(set, STR("Own")));
    assert_false(lite_names_has(set, STR("")));
    assert_false(lite_names_has(NULL, STR("own")));
    for (int i = 0; i < 1000; i++)
        lite_names_add(set, arena_printf(mem, "Name%d", i));
    for (int i = 0; i < 1000; i++)
        assert_true(lite_names_has(set, arena_printf(mem, "name%d", i)));
    assert_false(lite_names_has(set, STR("name1000")));
    assert_true(lite_names_has(set, STR("mine")));
}

static void a_name_from_a_buffer_is_copied(void **state)
{
    struct lite_names *set = lite_names_new(*state);
    char name[] = "low";
    lite_names_add(set, str_c(name));
    name[0] = 'x';
    assert_true(lite_names_has(set, STR("low")));
}

static void blanks_comments_and_case_are_no_difference(void **state)
{
    struct arena *mem = *state;
    gives(mem, " SELECT  a,b FROM t -- x\nWHERE a=1 AND b<>2",
          "select a, b from t where a = 1 and "
          "b <> 2");
    gives(mem, "select a/**/,b\nfrom t where(a) = 1", "select a, b from t where (a) = 1");
    gives(mem, "count ( * )", "count(*)");
    gives(mem, "a IN(1,2)", "a in (1, 2)");
    gives(mem, "main . t . a", "main.t.a");
    gives(mem, "- 1+ -2 ;", "- 1 + - 2;");
    gives(mem, "a||b->>'$.x'", "a || b ->> '$.x'");
    gives(mem, "", "");
    gives(mem, "/* nothing */", "");
}

static void quotes_around_names_are_no_difference(void **state)
{
    struct arena *mem = *state;
    gives(mem, "\"a\" + `a` + [a] + a", "a + a + a + a");
    gives(mem, "[a b] \"a\"\"b\" `c\"d`", "\"a b\" \"a\"\"b\" \"c\"\"d\"");
    gives(mem, "\"select\" `order`", "\"select\" \"order\"");
    /* a word that may also stand alone as a name */
    gives(mem, "\"action\" action", "action action");
    gives(mem, "\"1a\" \"\" \"$a\" \"a$\"", "\"1a\" \"\" \"$a\" a$");
    gives(mem, "\"\xc3\xa4\"", "\xc3\xa4");
    gives(mem, "\"a-b\"", "\"a-b\"");
}

static void words_that_are_values_keep_their_quotes(void **state)
{
    struct arena *mem = *state;
    gives(mem, "TRUE \"true\"", "true \"true\"");
    gives(mem, "Current_Timestamp \"current_timestamp\"",
          "current_timestamp \"current_timestamp\"");
    gives(mem, "\"False\"", "\"False\"");
    gives(mem, "current_date \"current_time\"", "current_date \"current_time\"");
}

static void literals_are_a_difference(void **state)
{
    struct arena *mem = *state;
    gives(mem, "'It''s' 'it''s'", "'It''s' 'it''s'");
    gives(mem, "'a  b' 'a -- b'", "'a  b' 'a -- b'");
    gives(mem, "X'aB' x'ab'", "x'aB' x'ab'");
    gives(mem, "1E3 0xAB 1.0 1", "1e3 0xab 1.0 1");
    gives(mem, "?1 :Name @n", "?1 :Name @n");
}

static void names_of_bodies_keep_their_case(void **state)
{
    struct arena *mem = *state;
    gives(mem, "SELECT Total AS \"Sum\" FROM T", "select Total as Sum from T");
    gives(mem, "Lower(X) \"Lower\"(X)", "lower(X) lower(X)");
    gives(mem, "X COLLATE NoCase, X collate \"NoCase\"", "X collate nocase, X collate nocase");
    gives(mem, "NEW.A OLD.B RowId _RowId_ Excluded.C", "new.A old.B rowid _rowid_ excluded.C");
    gives(mem, "CAST(X AS VarChar(10)) AS Y", "cast (X as varchar(10)) as Y");
    gives(mem, "CAST(CAST(A AS \"Real\") AS INT)", "cast (cast (A as real) as int)");
    gives(mem, "(SELECT X AS Y) , F(X AS Y)", "(select X as Y), f(X as Y)");
}

static void names_of_a_table_are_folded(void **state)
{
    struct arena *mem = *state;
    struct lite_names *known = lite_names_new(mem);
    lite_names_add(known, STR("Total"));
    lite_names_add(known, STR("a b"));
    assert_str(canon(mem, "TOTAL > \"Total\" + `A B`", known), "total > total + \"a b\"");
    /* what is no name is a string, told from a name that needs its quotes */
    assert_str(canon(mem, "Total = \"Nope\"", known), "total = \"Nope\"");
    assert_str(canon(mem, "Total = \"no pe\"", known), "total = text \"no pe\"");
    assert_str(canon(mem, "Nope", known), "nope");
    assert_str(canon(mem, "\"Nope\"(Total)", known), "nope(total)");
}

static void deep_parentheses(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    for (int i = 0; i < 100; i++)
        sb_c(&b, "(");
    sb_c(&b, "CAST(A AS B) AS C");
    for (int i = 0; i < 101; i++)
        sb_c(&b, ")");
    struct str got = canon(*state, b.p, NULL);
    assert_true(str_find(got, STR("cast (A as b) as C")) < got.n);
}

static struct str dflt(struct arena *mem, const char *text)
{
    struct strbuf b = sb_new(mem, 0);
    lite_canon_default(&b, str_c(text));
    return sb_view(&b);
}

static void defaults(void **state)
{
    static const char *const rows[][2] = {{"1", "1"},
                                          {"(1)", "1"},
                                          {"( (1 ) )", "1"},
                                          {"NULL", ""},
                                          {"(null)", ""},
                                          {"-5", "- 5"},
                                          {"'x'", "'x'"},
                                          {"('x')", "'x'"},
                                          {"\"X\"", "\"X\""},
                                          {"Word", "\"Word\""},
                                          {"TRUE", "true"},
                                          {"CURRENT_TIMESTAMP", "current_timestamp"},
                                          {"(1 + 2)", "1 + 2"},
                                          {"((1) + (2))", "(1) + (2)"},
                                          {"(Datetime('now'))", "datetime('now')"},
                                          {"(NULL + 1)", "null + 1"},
                                          {"\"null\"", "\"null\""},
                                          {"X'0A'", "x'0A'"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(dflt(*state, rows[i][0]), rows[i][1]);
}

static void types(void **state)
{
    static const char *const rows[][2] = {{"INTEGER", "integer"},
                                          {" Varchar ( 10 ) ", "varchar(10)"},
                                          {"NUMERIC(10 , 2)", "numeric(10,2)"},
                                          {"DOUBLE   PRECISION", "double precision"},
                                          {"unsigned/**/big int", "unsigned big int"},
                                          {"\"My Type\"", "my type"},
                                          {"DECIMAL(+1,-2) X", "decimal(+1,-2)x"},
                                          {"", ""}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct strbuf b = sb_new(*state, 0);
        lite_canon_type(&b, str_c(rows[i][0]));
        assert_str(sb_view(&b), rows[i][1]);
    }
}

static void affinities(void **state)
{
    static const char *const rows[][2] = {
        {"int", "integer"},    {"charint", "integer"}, {"varchar(10)", "text"},
        {"clob", "text"},      {"text", "text"},       {"blob", "blob"},
        {"", "blob"},          {"real", "real"},       {"float", "real"},
        {"double", "real"},    {"numeric", "numeric"}, {"date", "numeric"},
        {"string", "numeric"}, {"bool", "numeric"},    {"floating point", "integer"},
        {"textblob", "text"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(lite_affinity(str_c(rows[i][0])), rows[i][1]);
}

static void parentheses_around_everything(void **state)
{
    static const char *const rows[][2] = {
        {"a", "a"},           {"(a)", "a"},           {" ( (a) ) ", "a"},
        {"(a)(b)", "(a)(b)"}, {"(a) + b", "(a) + b"}, {"(a", "(a"},
        {"()", ""},           {"(a) /* b */", "a"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_str(lite_unwrap(str_c(rows[i][0])), rows[i][1]);
}

static void a_name_by_itself(void **state)
{
    struct strbuf b = sb_new(*state, 0);
    lite_canon_name(&b, STR("a"));
    lite_canon_name(&b, STR("b c"));
    lite_canon_name(&b, STR("key"));
    lite_canon_name(&b, STR("order"));
    assert_str(sb_view(&b), "a\"b c\"key\"order\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keywords_are_found),
        TEST(folding_is_of_ascii_only),
        TEST(a_set_of_names),
        TEST(a_name_from_a_buffer_is_copied),
        TEST(blanks_comments_and_case_are_no_difference),
        TEST(quotes_around_names_are_no_difference),
        TEST(words_that_are_values_keep_their_quotes),
        TEST(literals_are_a_difference),
        TEST(names_of_bodies_keep_their_case),
        TEST(names_of_a_table_are_folded),
        TEST(deep_parentheses),
        TEST(defaults),
        TEST(types),
        TEST(affinities),
        TEST(parentheses_around_everything),
        TEST(a_name_by_itself),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
