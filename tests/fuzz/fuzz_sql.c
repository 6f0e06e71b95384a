/*
 * Fuzz target: what reads SQL of a foreign database. The pieces into which a script is cut are in
 * order and in it; where SQLite takes the statement, its canonical text is its own canonical text;
 * facts that were made pass the strict check of facts.
 */

#include "tests/fuzz/fuzz.h"

#include <sqlite3.h>

#include "core/catalog.h"
#include "core/fact.h"
#include "drivers/sqlite/canon.h"
#include "drivers/sqlite/parse.h"
#include "drivers/sqlite/sqlite.h"
#include "snapshot/snapshot.h"

static const struct engine *engine(void)
{
    return &engine_sqlite;
}

static bool sqlite_takes(struct str sql)
{
    static sqlite3 *db;
    sqlite3_stmt *stmt = NULL;
    if (!db && sqlite3_open(":memory:", &db) != SQLITE_OK)
        BUG("no database in memory");
    int rc = sqlite3_prepare_v2(db, sql.p, (int)sql.n, &stmt, NULL);
    sqlite3_finalize(stmt);
    return rc == SQLITE_OK;
}

static void canon_is_stable(struct str text, struct arena *mem)
{
    struct strbuf once = sb_new(mem, 0), twice = sb_new(mem, 0);
    lite_canon(&once, text, NULL);
    lite_canon(&twice, sb_view(&once), NULL);
    if (!str_eq(sb_view(&once), sb_view(&twice)))
        BUG("the canonical form has another canonical form");
}

static void table(struct catalog *cat, struct str sql)
{
    struct lite_table t;
    if (!lite_parse_table(cat->mem, sql, &t))
        return;
    for (uint32_t i = 0; i < t.nconstraints; i++)
        if (t.constraints[i].column >= (int)t.ncolumns)
            BUG("a constraint at a column that is not there");
    if (str_is_utf8(sql))
        lite_table_facts(cat, &t, STR_NULL);
}

/* The strict check of a snapshot's facts is that of what is written, too. */
static void facts_are_sound(struct catalog *cat)
{
    struct strbuf text = sb_new(cat->mem, 0);
    struct catalog *again;
    struct err e = {0};
    if (cat_finish(cat, &e))
        return; /* a column stands twice */
    snapshot_text(cat, &text);
    if (snapshot_read_lenient(sb_view(&text), STR("facts"), all_engines, cat->mem, &again, &e))
        BUG("facts made from SQL are no facts");
}

static void statement(struct str sql, struct arena *mem)
{
    struct catalog *cat = cat_new(mem, engine(), F_DEFAULT, STR("input"));
    bool utf8 = str_is_utf8(sql);
    cat->captured = F_DEFAULT;
    cat->version = STR("SQLite");
    cat->scope = STR("{}");
    table(cat, sql);
    if (utf8 && !cat->n) {
        lite_view_facts(cat, sql, NULL, 0);
        lite_virtual_facts(cat, sql, NULL, 0, NULL);
    }
    if (cat->n)
        facts_are_sound(cat);
    if (utf8) {
        /* these hang on a table, which is not here */
        lite_trigger_facts(cat, sql, false, NULL, 0);
        lite_index_facts(cat, sql, lite_names_new(mem));
        if (sqlite_takes(sql))
            canon_is_stable(sql, mem);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *mem = arena_new(0);
    struct script rest = {.rest = fuzz_text(data, size)};
    struct str one;
    const char *end = rest.rest.p;
    while (engine()->split(&rest, &one)) {
        if (one.p < end || one.p + one.n > (const char *)data + size)
            BUG("a statement that is not in the script");
        end = one.p + one.n;
        statement(one, mem);
    }
    arena_free(mem);
    return 0;
}
