/* Keys of MongoDB in words of every engine: a field stands where others have a column. */

#include "core/relation.h"

#include "drivers/mongodb/mongodb.h"

/* "total -1": a field and its direction or kind; a field's name may hold blanks. */
static struct term read_term(struct str text)
{
    struct term term = {.text = text};
    size_t at = text.n;
    while (at > 0 && text.p[at - 1] != ' ')
        at--;
    struct str kind = str_from(text, at);
    term.desc = str_eq(kind, STR("-1"));
    if (at > 0 && (term.desc || str_eq(kind, STR("1"))))
        term.column = str_sub(text, 0, at - 1);
    return term;
}

void mg_relate(const struct catalog *cat, const struct obj *o, struct arena *mem,
               struct relation *r)
{
    (void)cat;
    if (r->role != ROLE_INDEX)
        return;
    r->terms = relation_terms(o, "keys", mem, &r->nterms);
    for (uint32_t i = 0; i < r->nterms; i++)
        r->terms[i] = read_term(r->terms[i].text);
    r->where = obj_text(mem, o, "partial");
    r->special = obj_true(o, "hidden") || obj_true(o, "sparse");
}
