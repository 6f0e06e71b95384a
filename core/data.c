/* Which tables the user means by the names of --data. */

#include "core/data.h"

#include "core/relation.h"

static bool is_kind(const struct engine *eng, struct str path, unsigned flag)
{
    int kind = engine_kind(eng, path_kind(path));
    return kind >= 0 && (eng->kinds[kind]->flags & flag);
}

bool data_name_fits(struct str name, const struct engine *eng, struct str path, struct arena *mem)
{
    struct strbuf dotted = sb_new(mem, 0);
    name = str_trim(name);
    if (str_starts(name, STR("table:")) || str_starts(name, STR("table ")))
        name = str_trim(str_from(name, 6));
    if (!name.n || !str_eq(path_kind(path), STR("table")))
        return false;
    struct str folded = eng->fold(mem, name);
    path_dotted(&dotted, path);
    return str_eq(folded, path_name(mem, path)) || str_eq(folded, sb_view(&dotted));
}

bool data_wants(const struct data_want *w, const struct engine *eng, struct str path,
                struct arena *mem)
{
    for (uint32_t i = 0; i < w->n; i++)
        if (data_name_fits(w->names[i], eng, path, mem))
            return true;
    return false;
}

bool data_takes(const struct data_want *w, const struct catalog *cat, struct str table,
                struct arena *mem)
{
    for (uint32_t depth = 0; table.n && depth <= cat->n; depth++) {
        if (data_wants(w, cat->eng, table, mem))
            return true;
        const struct obj *o = cat_find(cat, table);
        table = o ? relation_of(cat, o, mem).whole : STR_NULL;
    }
    return false;
}

bool data_is_row(const struct engine *eng, struct str path, struct str *table)
{
    struct str parent = path_parent(path);
    if (is_kind(eng, path, KF_ROWS)) {
        *table = parent;
        return true;
    }
    *table = path_parent(parent);
    return parent.n && is_kind(eng, parent, KF_ROWS);
}
