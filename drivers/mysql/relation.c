/* Keys of MySQL and MariaDB in words of every engine. */

#include "core/relation.h"

#include "drivers/mysql/mysql.h"
#include "drivers/sql/lex.h"

/* `a`, `a` DESC are columns; `a`(10) is a part of a column's value, (...) an expression. */
static struct term read_term(struct arena *mem, struct str text)
{
    struct lexer l = lex_open(text);
    struct tok name = lex_next(&l), t = lex_next(&l);
    struct term term = {.text = text, .desc = tok_is(t, "desc")};
    if (term.desc || tok_is(t, "asc"))
        t = lex_next(&l);
    if (name.type == T_QUOTED && t.type == T_END)
        term.column = tok_name(mem, name);
    else if (name.type == T_QUOTED && tok_is_op(t, "("))
        term.part_of = tok_name(mem, name);
    return term;
}

static void key(const struct obj *o, struct arena *mem, struct relation *r)
{
    struct str *parts = my_list(mem, obj_raw(o, "parts"), &r->nterms);
    r->terms = NEW_ARRAY(mem, struct term, r->nterms);
    for (uint32_t i = 0; i < r->nterms; i++)
        r->terms[i] = read_term(mem, parts[i]);
    if (r->role != ROLE_INDEX)
        return;
    struct str type = obj_text(mem, o, "type");
    r->unique = str_eq(type, STR("UNIQUE"));
    r->special = (type.n && !r->unique) || obj_true(o, "hidden");
    r->extra =
        r->special || !str_is_null(obj_raw(o, "options")) || !str_is_null(obj_raw(o, "comment"));
}

void my_relate(const struct catalog *cat, const struct obj *o, struct arena *mem,
               struct relation *r)
{
    (void)cat;
    if (r->role == ROLE_PRIMARY_KEY || r->role == ROLE_INDEX)
        key(o, mem, r);
    if (r->role == ROLE_COLUMN)
        r->counts = obj_true(o, "auto_increment");
    if (r->role == ROLE_FOREIGN_KEY && !str_is_null(obj_raw(o, "ref_schema")))
        r->ref =
            path_join(mem, path_join(mem, STR_NULL, STR("schema"), obj_text(mem, o, "ref_schema")),
                      STR("table"), obj_text(mem, o, "ref_table"));
}
