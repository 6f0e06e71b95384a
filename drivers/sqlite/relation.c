/* Keys of SQLite in words of every engine: which terms are columns, which column is the rowid. */

#include "core/relation.h"

#include "drivers/sql/lex.h"
#include "drivers/sqlite/sqlite.h"

/* "a", "a collate nocase desc" are columns; anything longer is an expression. */
static void read_term(struct arena *mem, struct term *term)
{
    struct lexer l = lex_open(term->text);
    struct tok name = lex_next(&l), t = lex_next(&l);
    if (tok_is(t, "collate")) {
        lex_next(&l);
        t = lex_next(&l);
    }
    term->desc = tok_is(t, "desc");
    if (term->desc)
        t = lex_next(&l);
    term->column = STR_NULL;
    if (tok_is_name(name) && t.type == T_END)
        term->column = lite_fold(mem, tok_name(mem, name));
}

/* INTEGER PRIMARY KEY: the column is the rowid, which SQLite counts. */
static bool is_rowid(const struct catalog *cat, const struct obj *o, struct arena *mem)
{
    struct str table = path_parent(o->path);
    const struct obj *key = cat_find(cat, path_join(mem, table, STR("primary_key"), STR("#")));
    return key && jc_count(obj_raw(key, "columns")) == 1 &&
           str_eq(obj_text(mem, o, "type"), STR("integer")) && !obj_true(key, "not_alias") &&
           !obj_true(cat_find(cat, table), "without_rowid") &&
           lite_terms_hold(mem, obj_raw(key, "columns"), path_name(mem, o->path));
}

void lite_relate(const struct catalog *cat, const struct obj *o, struct arena *mem,
                 struct relation *r)
{
    if (r->role == ROLE_PRIMARY_KEY || r->role == ROLE_UNIQUE || r->role == ROLE_INDEX)
        for (uint32_t i = 0; i < r->nterms; i++)
            read_term(mem, &r->terms[i]);
    if (r->role == ROLE_FOREIGN_KEY)
        for (uint32_t i = 0; i < r->nterms; i++)
            r->terms[i].column = lite_fold(mem, r->terms[i].column);
    if (r->role == ROLE_PRIMARY_KEY)
        r->name = obj_text(mem, o, "constraint");
    if (r->role == ROLE_COLUMN)
        r->counts = is_rowid(cat, o, mem);
    if (r->role == ROLE_TRIGGER)
        r->text = obj_src(mem, o, "sql");
}
