/*
 * Fuzz target: what is no difference between two CREATE statements that SQLite takes. Other blanks
 * and comments, other quotes around names and another case of keywords give the same facts; the
 * table that is written from the facts gives them again.
 */

#include "tests/fuzz/fuzz.h"

#include <sqlite3.h>

#include "core/catalog.h"
#include "drivers/sqlite/canon.h"
#include "drivers/sqlite/parse.h"
#include "drivers/sqlite/sqlite.h"

static bool sqlite_takes(struct str sql)
{
    static sqlite3 *db;
    sqlite3_stmt *stmt = NULL;
    const char *rest = NULL;
    if (!db && (sqlite3_open(":memory:", &db) != SQLITE_OK ||
                sqlite3_exec(db, "CREATE TABLE tbl (a, b, c, \"some name\")", NULL, NULL, NULL)))
        BUG("no database in memory");
    int rc = sqlite3_prepare_v2(db, sql.p, (int)sql.n, &stmt, &rest);
    sqlite3_finalize(stmt);
    return rc == SQLITE_OK && stmt;
}

/* The facts of one statement, sorted; NULL when it gives none, or the same column twice. */
static struct catalog *facts_of(struct str sql, struct arena *mem)
{
    struct catalog *cat = cat_new(mem, &engine_sqlite, F_DEFAULT | F_ORDER, STR("input"));
    struct lite_names *columns = lite_names_new(mem);
    struct lite_table t;
    struct err e = {0};
    lite_names_add(columns, STR("a"));
    lite_names_add(columns, STR("some name"));
    if (lite_parse_table(mem, sql, &t))
        lite_table_facts(cat, &t, STR_NULL);
    else if (!lite_view_facts(cat, sql, NULL, 0) && !lite_index_facts(cat, sql, columns) &&
             !lite_trigger_facts(cat, sql, false, NULL, 0))
        lite_virtual_facts(cat, sql, NULL, 0, NULL);
    return cat->n && cat_finish(cat, &e) == 0 ? cat : NULL;
}

static void must_be_the_same(const struct catalog *one, const struct catalog *two, const char *what)
{
    bool same = two && one->n == two->n;
    for (uint32_t i = 0; same && i < one->n; i++)
        same = str_eq(one->v[i].path, two->v[i].path) && str_eq(one->v[i].a, two->v[i].a);
    if (!same)
        BUG(what);
}

/* Words that cannot be names, so that their case means nothing. */
static bool is_reserved(struct tok t)
{
    static const char *const words[] = {
        "create",     "table",  "primary", "not",    "null",  "unique", "check",
        "on",         "select", "default", "from",   "where", "index",  "collate",
        "as",         "and",    "or",      "is",     "in",    "case",   "references",
        "constraint", "set",    "delete",  "update", "insert"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (tok_is(t, words[i]))
            return true;
    return false;
}

/* `x` for [x] and the other way round; neither can be a string. */
static bool put_requoted(struct strbuf *out, struct tok t)
{
    struct str name = tok_name(out->mem, t);
    char open = t.text.p[0] == '[' ? '`' : '[', close = open == '[' ? ']' : '`';
    if (t.type != T_QUOTED || t.text.p[0] == '"' || str_chr(name, close) < name.n)
        return false;
    sb_printf(out, "%c%.*s%c", open, STR_ARG(name), close);
    return true;
}

static void put_token(struct strbuf *out, struct tok t, bool respell)
{
    if (!respell || (!is_reserved(t) && !put_requoted(out, t))) {
        sb_str(out, t.text);
    } else if (is_reserved(t)) {
        for (size_t i = 0; i < t.text.n; i++)
            sb_char(out, (char)(t.text.p[i] ^ ' '));
    }
}

/* The same tokens with other things between them; false when that could mean something. */
static bool with_noise(struct strbuf *out, struct str sql, bool respell)
{
    static const char *const gaps[] = {" ", "\n", "/* a, b) */", "\t-- '\"[\n", " /**/ ", "\r\n"};
    struct lexer l = lex_open(sql);
    struct tok prev = {.type = T_END};
    size_t i = sql.n;
    for (struct tok t = lex_next(&l); t.type != T_END; prev = t, t = lex_next(&l)) {
        bool quotes = t.type == T_QUOTED || t.type == T_STRING;
        /* a type that begins with a quote is cut by SQLite at any other quote, in comments too */
        if (t.type == T_BAD || (quotes && tok_is_name(prev) && !is_reserved(prev)))
            return false;
        put_token(out, t, respell);
        sb_c(out, gaps[i++ % (sizeof gaps / sizeof *gaps)]);
    }
    return true;
}

static void table_again(struct catalog *cat, struct arena *mem)
{
    struct view view = {cat, NULL, 0};
    struct str path = cat->v[0].path;
    if (!str_eq(path_kind(path), STR("table")))
        return;
    struct str again = lite_create_table(mem, &view, path, obj_name(mem, &cat->v[0]));
    if (!sqlite_takes(again))
        BUG("a table written from its facts is not taken");
    must_be_the_same(cat, facts_of(again, mem), "a table written from its facts has others");
}

static void statement(struct str sql, struct arena *mem)
{
    struct strbuf noisy = sb_new(mem, 0), respelled = sb_new(mem, 0);
    struct catalog *cat = facts_of(sql, mem);
    if (!cat || !sqlite_takes(sql))
        return;
    if (with_noise(&noisy, sql, false))
        must_be_the_same(cat, facts_of(sb_view(&noisy), mem), "blanks and comments make facts");
    if (with_noise(&respelled, sql, true))
        must_be_the_same(cat, facts_of(sb_view(&respelled), mem), "quotes and case make facts");
    table_again(cat, mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *mem = arena_new(0);
    struct script rest = {.rest = fuzz_text(data, size)};
    struct str one;
    if (str_is_utf8(rest.rest))
        while (engine_sqlite.split(&rest, &one))
            statement(one, mem);
    arena_free(mem);
    return 0;
}
