/*
 * Fuzz target: what MySQL and MariaDB say of an object, as broken as it may be. The first line is
 * the kind, the second the name, the rest the text of SHOW CREATE. Facts that were made pass the
 * strict check of facts, also in the words of another server; a table that was understood is
 * written again as it was, and read so again. What is made of the object can be written.
 */

#include "tests/fuzz/fuzz.h"

#include "diff/diff.h"
#include "drivers/mysql/mysql.h"
#include "snapshot/snapshot.h"

enum { MAX_COLUMNS = 4096 };
static const char of_trigger[] = "CREATE TABLE `t` (\n  `a` int(11) DEFAULT NULL\n) ENGINE=InnoDB";

static struct catalog *new_catalog(struct arena *mem, const char *version)
{
    struct catalog *cat = cat_new(mem, &engine_mysql, F_DEFAULT | F_ORDER, STR("input"));
    cat->captured = F_DEFAULT | F_ORDER;
    cat->version = str_c(version);
    cat->scope = STR("{}");
    return cat;
}

static void facts_are_sound(struct catalog *cat)
{
    struct strbuf text = sb_new(cat->mem, 0);
    struct catalog *again;
    struct err e = {0};
    snapshot_text(cat, &text);
    if (snapshot_read_lenient(sb_view(&text), STR("facts"), all_engines, cat->mem, &again, &e))
        BUG("facts made from SHOW CREATE are no facts");
}

static bool table(struct catalog *cat, struct str text)
{
    static struct str collations[MAX_COLUMNS];
    struct my_table t;
    struct str why;
    uint32_t had = cat->n;
    if (!my_show_table(cat->mem, text, &t, &why) || t.columns.n > MAX_COLUMNS)
        return false;
    for (uint32_t i = 0; i < t.columns.n; i++)
        collations[i] = str_is_null(t.columns.v[i].collate) ? STR_NULL : t.columns.v[i].collate;
    bool good = my_table_facts(cat, text, collations, t.columns.n, &why);
    if (!good && cat->n != had)
        BUG("facts of a table that was not understood");
    return good;
}

static bool facts(struct catalog *cat, struct str kind, struct str name, struct str text)
{
    static const char *const programs[] = {"procedure", "function", "trigger",
                                           "event",     "package",  "package_body"};
    struct my_program p = {.name = name, .table = STR("t"), .text = text};
    p.sql_mode = STR("NO_BACKSLASH_ESCAPES");
    p.charset = p.collation = p.time_zone = p.comment = name;
    if (str_eq(kind, STR("table")))
        return table(cat, text);
    if (str_eq(kind, STR("view"))) {
        struct my_view v = {name, text, name, name, STR("db"), name.n % 2};
        return my_view_facts(cat, &v);
    }
    if (str_eq(kind, STR("sequence")))
        return my_sequence_facts(cat, name, text);
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++)
        if (str_eq_c(kind, programs[i])) {
            p.kind = programs[i];
            if (str_eq(kind, STR("trigger")) && !table(cat, str_c(of_trigger)))
                BUG("the table of a trigger is not understood");
            return my_program_facts(cat, &p);
        }
    return false;
}

/* The statements that make it and take it away, as each channel has them. */
static void can_be_written(struct catalog *cat, struct arena *mem)
{
    const struct catalog *none = new_catalog(mem, arena_cstr(mem, cat->version));
    struct plan_request req = {.states = &none, .to = cat, .facets = F_DEFAULT | F_ORDER};
    struct err e = {0};
    struct changes *changes;
    struct plan *plan;
    if (cat_finish((struct catalog *)none, &e) ||
        diff_catalogs(none, cat, req.facets, mem, &changes, &e))
        return;
    req.changes = changes;
    if (plan_make(&req, mem, &plan, &e))
        return;
    for (uint32_t i = 0; i < plan->n; i++)
        for (uint32_t k = 0; k < plan->v[i].nfwd; k++) {
            struct strbuf shell = sb_new(mem, 0), spelled = sb_new(mem, 0);
            my_shell(plan->v[i].fwd[k].text, &shell);
            my_spell(plan->v[i].fwd[k].text, &spelled);
        }
}

static void object(struct str kind, struct str name, struct str text, const char *version,
                   const char *other, struct arena *mem)
{
    struct catalog *cat = new_catalog(mem, version), *like = new_catalog(mem, other);
    struct err e = {0};
    if (!facts(cat, kind, name, text) || cat_finish(cat, &e))
        return; /* or something stands twice */
    facts_are_sound(cat);
    can_be_written(cat, mem);
    my_carry(cat, like, mem);
    if (!cat_finish(cat, &e))
        facts_are_sound(cat);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *mem = arena_new(0);
    struct str rest = fuzz_text(data, size), kind, name;
    if (str_is_utf8(rest) && str_cut(&rest, '\n', &kind) && str_cut(&rest, '\n', &name)) {
        bool maria = str_chr(rest, '(') % 2 == 0; /* nothing tells the server, so either */
        object(kind, name, rest, maria ? "MariaDB 10.11.19" : "MySQL 9.7.4",
               maria ? "MySQL 8.0.40" : "MariaDB 10.11.19", mem);
    }
    arena_free(mem);
    return 0;
}
