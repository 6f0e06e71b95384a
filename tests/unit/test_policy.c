/* Rules on facts and steps: the same index has one name, however its CREATE was spelled. */

#include "cli/config_check.h"
#include "core/fact.h"
#include "diff/diff.h"
#include "policy/policy.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

extern const struct engine engine_mongodb, engine_mssql;

/* The rules of a check: section; one rule per line of `rules`. */
static const struct policy *rules(struct arena *mem, const char *text)
{
    struct config *c = NEW(mem, struct config);
    struct config_file file = {STR("snap.yml"), STR("."), false};
    struct err e = {0};
    struct str yaml = arena_printf(mem,
                                   "environments: {prod: {url: \"sqlite:prod.db\"}, "
                                   "dev: {url: \"sqlite:dev.db\"}}\ncheck:\n%s",
                                   text);
    assert_ok(config_parse(yaml, &file, all_engines, mem, c, &e), e);
    return &c->check;
}

/* "rule path | message | expected" of each finding, one a line. */
static struct str lines(const struct policy_report *r, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < r->n; i++)
        sb_printf(&b, "%s%.*s: %.*s > %.*s", b.n ? "\n" : "", STR_ARG(r->v[i].rule->id),
                  STR_ARG(r->v[i].object), STR_ARG(r->v[i].expected));
    return sb_view(&b);
}

static struct str judged(struct arena *mem, const char *rule, const char *sql)
{
    struct policy_report *r;
    struct err e = {0};
    struct str text = arena_printf(mem, "  rules: [%s]\n", rule);
    assert_ok(policy_judge_state(rules(mem, text.p), sql_catalog(mem, sql, "x.db"), mem, &r, &e),
              e);
    return lines(r, mem);
}

static struct str changed(struct arena *mem, const char *section, const char *from, const char *to,
                          const char *env)
{
    struct policy_report *r;
    struct err e = {0};
    assert_ok(
        policy_judge_plan(rules(mem, section), sql_plan(mem, from, to), str_c(env), mem, &r, &e),
        e);
    return lines(r, mem);
}

#define T "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, B INT);"
#define INDEX "{id: i, rule: name, kind: index, match: \"idx_{table}_{columns:__}\"}"

static void spellings_have_one_name(void **state)
{
    static const char *const spellings[] = {
        "CREATE INDEX x ON t (a)",
        "CREATE UNIQUE INDEX x ON t(a)",
        "create index if not exists x on t(a)",
        "CREATE INDEX main.x ON t (a)",
        "CREATE INDEX [x] ON `t` (\"a\")",
        "CREATE\nINDEX\nx\nON\nt\n(\na\n)",
        "CREATE /* index y on u(b); */ INDEX x -- on u\n ON t(a)",
        "CREATE INDEX x ON t (a) WHERE a > ''",
        "CREATE INDEX x ON t (a COLLATE NOCASE DESC)",
    };
    for (size_t i = 0; i < sizeof spellings / sizeof *spellings; i++) {
        struct str sql = arena_printf(*state, T "%s;", spellings[i]);
        assert_str(judged(*state, INDEX, sql.p), "i: index t.x > idx_t_a");
    }
    assert_str(judged(*state, INDEX, T "CREATE INDEX idx_t_a__B ON t (A, b)"), "");
    assert_str(judged(*state, INDEX, T "CREATE INDEX idx_t_a ON t (a, B)"),
               "i: index t.idx_t_a > idx_t_a__B");
    assert_str(judged(*state, INDEX, T "CREATE INDEX x ON t (lower(a), B + 1)"),
               "i: index t.x > idx_t_lower_a__b_1");
}

static void patterns(void **state)
{
    const char *sql = T "CREATE INDEX ab ON t (a); CREATE INDEX Zz ON t (b);";
    assert_str(judged(*state, "{id: n, rule: name, kind: index, match: \"[a-z]+\"}", sql),
               "n: index t.Zz > ");
    assert_str(judged(*state,
                      "{id: n, rule: name, kind: index, match: \"^[a-z]{2}$\", ignore_case: true}",
                      sql),
               "");
    /* the whole name, with anchors or without */
    assert_str(judged(*state, "{id: n, rule: name, kind: index, match: \"b\"}", sql),
               "n: index t.ab > b\nn: index t.Zz > b");
    /* a name is no expression */
    assert_str(judged(*state, "{id: n, rule: name, kind: index, match: \"i_{table}(_x)?\"}",
                      "CREATE TABLE \"a.*\" (a); CREATE INDEX \"i_a.*_x\" ON \"a.*\" (a);"
                      "CREATE INDEX i_abc ON \"a.*\" (a)"),
               "n: index \"a.*\".i_abc > ");
    assert_str(judged(*state, "{id: n, rule: name, kind: index, match: \"\\\\$x\"}", sql),
               "n: index t.ab > $x\nn: index t.Zz > $x");
}

static void short_forms(void **state)
{
    const struct policy *p = rules(*state, "  names: {index: \"i_[a-z]\", table: t}\n");
    struct policy_report *r;
    struct err e = {0};
    assert_ok(policy_judge_state(p,
                                 sql_catalog(*state,
                                             T "CREATE TABLE u (a PRIMARY KEY);"
                                               "CREATE INDEX i_1 ON t (a)",
                                             "x.db"),
                                 *state, &r, &e),
              e);
    assert_str(lines(r, *state), "name-index: index t.i_1 > \nname-table: table u > t");
}

static void foreign_keys(void **state)
{
    const char *rule = "{id: f, rule: foreign-key-index}";
#define P "CREATE TABLE p (a INT, b INT, PRIMARY KEY (a, b));"
#define C                                                                                          \
    "CREATE TABLE c (x INT, y INT, z INT, CONSTRAINT fk FOREIGN KEY (x, y) REFERENCES p (a, b));"
    assert_str(judged(*state, rule, P C), "f: foreign key c.fk > an index that begins with (x, y)");
    assert_str(judged(*state, rule, P C "CREATE INDEX i ON c (y, x, z)"), "");
    assert_str(judged(*state, rule, P C "CREATE INDEX i ON c (x, z, y)"),
               "f: foreign key c.fk > an index that begins with (x, y)");
    assert_str(judged(*state, rule, P C "CREATE INDEX i ON c (x, y) WHERE z > 0"),
               "f: foreign key c.fk > an index that begins with (x, y)");
    assert_str(judged(*state, rule, P C "CREATE INDEX i ON c (x, y + 1)"),
               "f: foreign key c.fk > an index that begins with (x, y)");
    assert_str(judged(*state, rule,
                      P "CREATE TABLE c (x INT, y INT, PRIMARY KEY (y, x), FOREIGN KEY (X, Y) "
                        "REFERENCES p)"),
               "");
    const char *name = "{id: n, rule: name, kind: foreign_key, "
                       "match: \"fk_{table}_{ref_table}_{ref_columns}\"}";
    assert_str(judged(*state, name, P C), "n: foreign key c.fk > fk_c_p_a_b");
    assert_str(judged(*state, name, P "CREATE TABLE c (x INT REFERENCES P)"),
               "n: foreign key of c > fk_c_p_");
}

static void other_rules(void **state)
{
    assert_str(judged(*state, "{id: k, rule: primary-key, except: \"table:log*\"}",
                      T "CREATE TABLE u (a); CREATE TABLE log_1 (a); CREATE VIRTUAL TABLE f USING "
                        "fts5(x)"),
               "k: table u > a primary key");
    assert_str(judged(*state, "{id: w, rule: reserved-word}",
                      T "CREATE TABLE \"order\" (a, \"Select\", abort); CREATE VIEW \"from\" AS "
                        "SELECT 1"),
               "w: table order > a name that needs no quotes\n"
               "w: column order.Select > a name that needs no quotes\n"
               "w: view from > a name that needs no quotes");
    assert_str(judged(*state, "{id: l, rule: name-length, kind: [table, index], max: 3}",
                      "CREATE TABLE abc (a); CREATE TABLE abcd (a); CREATE INDEX abcde ON abc (a)"),
               "l: index abc.abcde > at most 3 bytes\nl: table abcd > at most 3 bytes");
    assert_str(judged(*state, "{id: t, rule: column-type, types: [\"float*\", JSON]}",
                      "CREATE TABLE t (a FLOAT8, b json, c int, d)"),
               "t: column t.a > another type than float*\nt: column t.b > another type than JSON");
    /* nothing here has a comment, so nothing is asked for one */
    assert_str(judged(*state, "{id: c, rule: comment}", T), "");
    assert_str(judged(*state, "{id: o, rule: name, kind: column, match: x, only: \"table:u\"}",
                      T "CREATE TABLE u (a)"),
               "o: column u.a > x");
}

static void only_what_a_change_touches(void **state)
{
    const char *section = "  rules: [" INDEX ", {id: k, rule: primary-key},"
                          "{id: n, rule: name, kind: table, match: x},"
                          "{id: f, rule: foreign-key-index}]\n";
#define OLD "CREATE TABLE u (a); CREATE INDEX old ON u (a);"
#define KEY "CREATE TABLE v (t INT REFERENCES t); "
    assert_str(changed(*state, section, OLD, OLD, NULL), "");
    assert_str(changed(*state, section, OLD T, OLD T "CREATE INDEX new ON u (a);", NULL),
               "i: index u.new > idx_u_a\nk: table u > a primary key");
    /* an index that goes leaves a foreign key without one */
    assert_str(changed(*state, section, T KEY "CREATE INDEX idx_v_t ON v (t);", T KEY, NULL),
               "k: table v > a primary key\n"
               "f: foreign key of v > an index that begins with (t)");
    assert_str(changed(*state, section, T "CREATE TABLE w (a INTEGER PRIMARY KEY);",
                       T "CREATE TABLE w (a INTEGER);", NULL),
               "k: table w > a primary key");
}

static void forbidden_steps(void **state)
{
    const char *section = "  forbid: {prod: [destructive], \"*\": breaking}\n";
#define A "CREATE TABLE t (a, b); CREATE TABLE gone (a);"
#define B "CREATE TABLE t (a);"
    assert_str(changed(*state, section, A, A "CREATE INDEX i ON t (a)", "prod"), "");
    assert_str(changed(*state, section, A, B, "prod"),
               "forbid-prod: table gone > copy the data away first\n"
               "forbid-prod: column t.b > copy the data away first\n"
               "forbid-*: table gone > a change that only adds\n"
               "forbid-*: column t.b > a change that only adds");
    assert_str(changed(*state, section, A, B, "dev"),
               "forbid-*: table gone > a change that only adds\n"
               "forbid-*: column t.b > a change that only adds");
    assert_str(changed(*state,
                       "  rules: [{id: x, rule: forbid, steps: DATA_LOSS, except: \"table:gone\", "
                       "in: [prod]}]\n",
                       A, B, "prod"),
               "x: column t.b > copy the data away first");
}

static void the_first_that_is_looked_at_is_found(void **state)
{
    const char *section =
        "  rules: [{id: x, rule: forbid, steps: breaking, except: \"column:a\"}]\n";
    assert_str(changed(*state, section, "CREATE TABLE t (a INT, b INT, c INT);",
                       "CREATE TABLE t (a TEXT, b TEXT, c INT);", NULL),
               "x: column t.b > a change that only adds");
}

static void what_judges_nothing_is_named(void **state)
{
    const struct policy *p =
        rules(*state, "  rules: [{id: a, rule: primary-key, only: \"table:nix_*\"},"
                      "{id: b, rule: primary-key, only: \"table:t\"},"
                      "{id: c, rule: forbid, steps: breaking, only: \"table:nix\"},"
                      "{id: d, rule: forbid, steps: breaking, only: \"table:t\"}]\n");
    struct policy_report *r;
    struct err e = {0};
    struct catalog *cat = sql_catalog(*state, T, "x.db");
    struct strbuf text = sb_new(*state, 0), json = sb_new(*state, 0);
    assert_ok(
        policy_judge_plan(p, sql_plan(*state, T, T "CREATE TABLE u (a)"), STR_NULL, *state, &r, &e),
        e);
    assert_int_equal(r->nidle, 2);
    assert_str(r->idle[0], "a");
    assert_str(r->idle[1], "c");
    cat_add_ledger(cat, "table", STR("x\x1b"), STR_NULL, STR("y"), "its text was not understood");
    assert_ok(policy_judge_state(p, cat, *state, &r, &e), e);
    policy_text(r, &text, *state);
    policy_json(r, &json, *state);
    assert_true(str_find(sb_view(&text),
                         STR("nothing to judge for a, c, d; not modelled and not judged: table "
                             "x\\x1b\n")) < text.n);
    assert_true(str_find(sb_view(&json), STR("\"notJudged\":[{\"kind\":\"table\"")) < json.n);
}

static void counts_and_texts(void **state)
{
    const struct policy *p = rules(
        *state, "  rules: [{id: \"e\\e[31m\", rule: primary-key, reason: \"a|b\"},"
                "{id: w, rule: name, kind: index, match: z, severity: warning},"
                "{id: idle, rule: comment, kind: collection}]\n  forbid: {prod: destructive}\n");
    struct policy_report *r;
    struct err e = {0};
    const char *sql = "CREATE TABLE \"x\x1b[0m</td>${y}\" (a); CREATE INDEX i ON "
                      "\"x\x1b[0m</td>${y}\" (a)";
    assert_ok(policy_judge_state(p, sql_catalog(*state, sql, "x.db"), *state, &r, &e), e);
    assert_int_equal(r->errors, 1);
    assert_int_equal(r->warnings, 1);
    assert_int_equal(r->judged, 2);
    assert_int_equal(r->nidle, 2);
    struct strbuf text = sb_new(*state, 0), json = sb_new(*state, 0), md = sb_new(*state, 0);
    policy_text(r, &text, *state);
    policy_json(r, &json, *state);
    policy_markdown(r, &md, *state);
    assert_false(acts_on_terminal(sb_view(&text)));
    assert_false(acts_on_terminal(sb_view(&md)));
    assert_false(acts_on_terminal(sb_view(&json)));
    assert_true(str_find(sb_view(&md), STR("</td>")) == md.n);
    assert_true(str_find(sb_view(&md), STR("a|b")) == md.n);
    assert_true(str_find(sb_view(&text), STR("1 error, 1 warning; 2 objects judged by 2 rules; "
                                             "nothing to judge for idle, forbid-prod")) < text.n);
    struct strbuf canon = sb_new(*state, 0);
    assert_ok(jc_canon(sb_view(&json), &canon, &e), e);
    assert_true(str_find(sb_view(&canon), STR("\"expected\":\"z\"")) < canon.n);
}

static struct str opa_input(struct arena *mem, const char *from, const char *to)
{
    struct strbuf b = sb_new(mem, 0), canon = sb_new(mem, 0);
    struct err e = {0};
    policy_opa_plan(sql_plan(mem, from, to), STR("prod"), &b, mem);
    assert_ok(jc_canon(sb_view(&b), &canon, &e), e);
    return sb_view(&canon);
}

static void what_opa_reads(void **state)
{
    struct str doc =
        opa_input(*state, T, T "CREATE INDEX x ON t (a, b); CREATE UNIQUE INDEX y ON t (a)");
    assert_str(jc_get(doc, "sqlStatements"), "[\"CREATE INDEX x ON t(a,B);\","
                                             "\"CREATE UNIQUE INDEX y ON t (a);\"]");
    struct str snap = jc_get(doc, "snap");
    assert_str(jc_get(snap, "engine"), "\"sqlite\"");
    assert_str(jc_get(snap, "environment"), "\"prod\"");
    assert_int_equal(jc_count(jc_get(snap, "changes")), 2);
    assert_int_equal(jc_count(jc_get(snap, "steps")), 2);
    assert_true(str_find(snap, STR("\"columns\":[\"a\",\"b\"]")) < snap.n);
    assert_true(str_find(snap, STR("\"rollback\":[\"DROP INDEX x\"]")) < snap.n);
    /* names that need quotes leave the statement as it is run */
    doc = opa_input(*state, T, T "CREATE INDEX \"select\" ON t (a)");
    assert_str(jc_get(doc, "sqlStatements"), "[\"CREATE INDEX \\\"select\\\" ON t (a);\"]");
    doc = opa_input(*state, T, T);
    assert_str(jc_get(doc, "sqlStatements"), "[]");
}

/* A section that is refused, and what is said of it. */
static void refused(struct arena *mem, const char *section, enum err_code code, const char *words)
{
    struct config c;
    struct config_file file = {STR("snap.yml"), STR("."), false};
    struct err e = {0};
    struct str yaml =
        arena_printf(mem, "check:\n%s\nenvironments: {prod: {url: \"sqlite:p.db\"}}\n", section);
    assert_err(config_parse(yaml, &file, all_engines, mem, &c, &e), e, code);
    if (!says(&e, words))
        fail_msg("<%s> does not stand in: %s (%s)", words, e.msg, e.hint);
}

static struct catalog *new_catalog(struct arena *mem, const struct engine *eng)
{
    struct catalog *cat = NEW(mem, struct catalog);
    *cat = (struct catalog){.eng = eng,
                            .mem = mem,
                            .tmp = mem,
                            .facets = eng->facets,
                            .captured = F_CAPTURED,
                            .label = STR("m"),
                            .version = STR("x 1")};
    return cat;
}

static void put_fact(struct catalog *cat, const char *kind, const char *parent, const char *name,
                     const char *attr, const char *value)
{
    struct fact f;
    struct str one = str_c(value ? value : "");
    fact_begin(&f, cat, kind, str_c(parent), str_c(name));
    if (attr && attr[0] == '*')
        fact_list(&f, attr + 1, &one, 1);
    else if (attr)
        fact_text(&f, attr, one);
    fact_end(&f);
}

/* A table with an index of plain columns, or without, as the engine has them from elsewhere. */
static struct catalog *with_index(struct arena *mem, bool index)
{
    struct catalog *cat = new_catalog(mem, &engine_mssql);
    struct err e = {0};
    put_fact(cat, "table", "", "person", "*columns", "job");
    put_fact(cat, "column", "table:person", "job", "type", "int");
    if (index)
        put_fact(cat, "index", "table:person", "person_job_idx", "*columns", "job");
    assert_ok(cat_finish(cat, &e), e);
    return cat;
}

/* An engine whose statements are changes of Liquibase and not SQL. */
static void changes_are_no_text(void **state)
{
    const struct catalog *states[1] = {with_index(*state, false)}, *to = with_index(*state, true);
    struct plan_request req = {.states = states, .to = to, .facets = to->facets};
    struct changes *c;
    struct plan *plan;
    struct policy_report *r;
    struct strbuf b = sb_new(*state, 0);
    struct err e = {0};
    assert_ok(diff_catalogs(states[0], to, to->facets, *state, &c, &e), e);
    req.changes = c;
    assert_ok(plan_make(&req, *state, &plan, &e), e);
    policy_opa_plan(plan, STR_NULL, &b, *state);
    assert_true(str_starts(sb_view(&b), STR("{\"sqlStatements\":[\n"
                                            "\"CREATE INDEX person_job_idx ON person(job);\"],")));
    assert_ok(
        policy_judge_plan(rules(*state, "  rules: [" INDEX "]\n"), plan, STR_NULL, *state, &r, &e),
        e);
    assert_str(lines(r, *state), "i: index person.person_job_idx > idx_person_job");
}

/* Collections and their indexes go by the same words. */
static void documents(void **state)
{
    const struct policy *p = rules(*state, "  rules: [" INDEX ", {id: k, rule: primary-key},"
                                           "{id: c, rule: name, kind: collection, match: "
                                           "\"[a-z]+s\"}]\n");
    struct catalog *cat = new_catalog(*state, &engine_mongodb);
    struct policy_report *r;
    struct err e = {0};
    struct fact f;
    struct str keys[] = {STR("user.name 1"), STR("loc 2dsphere")};
    put_fact(cat, "collection", "", "order", NULL, NULL);
    fact_begin(&f, cat, "index", STR("collection:order"), STR("x"));
    fact_list(&f, "keys", keys, 2);
    fact_end(&f);
    assert_ok(cat_finish(cat, &e), e);
    assert_ok(policy_judge_state(p, cat, *state, &r, &e), e);
    assert_str(lines(r, *state), "i: index order.x > idx_order_user.name__loc_2dsphere\n"
                                 "c: collection order > ");
    assert_int_equal(r->nidle, 1);
    assert_str(r->idle[0], "k");
}

static void refusals(void **state)
{
    refused(*state, "  rulez: []", E_CONFIG_KEY, "did you mean rules?");
    refused(*state, "  - a", E_CONFIG_SYNTAX, "mapping");
    refused(*state, "  rules: [{rule: primary-key}]", E_CONFIG_SYNTAX, "has an id");
    refused(*state, "  rules: [{id: a}]", E_CONFIG_SYNTAX, "rule: name");
    refused(*state, "  rules: [{id: a, rule: primary_key}]", E_BAD_VALUE,
            "did you mean primary-key?");
    refused(*state, "  rules: [{id: a, rule: primary-key, macth: x}]", E_CONFIG_KEY,
            "unknown key macth");
    refused(*state, "  rules: [{id: a, rule: primary-key, severty: error}]", E_CONFIG_KEY,
            "did you mean severity?");
    refused(*state, "  rules: [{id: a, rule: primary-key, severity: fatal}]", E_BAD_VALUE,
            "error,warning");
    refused(*state, "  rules: [{id: a, rule: name, kind: index}]", E_BAD_VALUE, "match is wanted");
    refused(*state, "  rules: [{id: a, rule: name, match: x}]", E_BAD_VALUE, "kind is wanted");
    refused(*state, "  rules: [{id: a, rule: name, kind: idnex, match: x}]", E_BAD_VALUE,
            "did you mean index?");
    refused(*state, "  rules: [{id: a, rule: name, kind: index, match: \"x_{tabel}\"}]",
            E_BAD_VALUE, "did you mean {table}?");
    refused(*state, "  rules: [{id: a, rule: name, kind: index, match: \"(x\"}]", E_BAD_VALUE,
            "no regular expression");
    refused(*state, "  rules: [{id: a, rule: name-length, max: -1}]", E_CONFIG_SYNTAX, "above 0");
    refused(*state, "  rules: [{id: a, rule: comment}, {id: a, rule: comment}]", E_BAD_VALUE,
            "has that id too");
    refused(*state, "  rules: [{id: a, rule: comment, only: orders}]", E_BAD_VALUE, "KIND:GLOB");
    refused(*state, "  rules: [{id: a, rule: comment, only: \"tabel:x\"}]", E_BAD_VALUE,
            "did you mean table?");
    refused(*state, "  rules: [{id: a, rule: forbid, steps: [DATA_LOS]}]", E_BAD_VALUE,
            "did you mean DATA_LOSS?");
    refused(*state, "  names: [x]", E_CONFIG_SYNTAX, "kinds with the pattern");
    refused(*state, "  names: {indx: x}", E_BAD_VALUE, "did you mean index?");
    refused(*state, "  names: {index: [x]}", E_CONFIG_SYNTAX, "a text is wanted");
    refused(*state, "  forbid: {prd: [destructive]}", E_CONFIG_KEY, "did you mean prod?");
    refused(*state, "  rules: [{id: a, id: b, rule: comment}]", E_CONFIG_KEY, "stands twice");
    refused(*state, "  rules: [{id: a, rule: comment, kind: []}]", E_CONFIG_SYNTAX, "empty");
    refused(*state, "  rules: [[[[[[[[[a]]]]]]]]]", E_CONFIG_SYNTAX, "too deeply");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(spellings_have_one_name),
        TEST(patterns),
        TEST(short_forms),
        TEST(foreign_keys),
        TEST(other_rules),
        TEST(only_what_a_change_touches),
        TEST(forbidden_steps),
        TEST(the_first_that_is_looked_at_is_found),
        TEST(what_judges_nothing_is_named),
        TEST(counts_and_texts),
        TEST(what_opa_reads),
        TEST(changes_are_no_text),
        TEST(documents),
        TEST(refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
