/*
 * What a database file says about itself: user_version, application_id, encoding, auto_vacuum,
 * page_size. A facet of its own, compared only when asked. A value that is SQLite's default is no
 * fact, so a dropped pragma goes back to it.
 */

#include "drivers/sqlite/sqlite.h"

static struct str value_of(struct arena *mem, const struct obj *o, struct str name)
{
    if (o)
        return obj_text(mem, o, "value");
    if (str_eq(name, STR("page_size")))
        return STR("4096");
    return str_eq(name, STR("encoding")) ? STR("UTF-8") : STR("0");
}

static int pragma_set(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = change_obj(c);
    struct str name = path_name(d->mem, o->path), value = value_of(d->mem, c->after, name);
    struct view_iter it = view_iter(d->before, STR(""));
    if (str_eq(name, STR("user_version")) || str_eq(name, STR("application_id"))) {
        lite_ddl(d, 0, "PRAGMA %S = %S", name, value);
        return 0;
    }
    if (str_eq(name, STR("encoding"))) {
        /* Once anything is written, SQLite passes over the pragma without a word. */
        if (view_next(&it)) {
            err_set(e, E_UNSUPPORTED_CHANGE,
                    "pragma encoding: a database keeps the encoding that it was made with");
            return err_hint(e, "make a new database with PRAGMA encoding and copy the rows");
        }
        lite_ddl(d, ST_NO_TX, "PRAGMA encoding = %L", value);
        return 0;
    }
    lite_ddl(d, ST_NO_TX, "PRAGMA %S = %S", name, value);
    lite_ddl(d, ST_NO_TX, "VACUUM");
    ddl_hazard(d, HZ_FILE_REWRITE, o->path, "VACUUM rewrites the file");
    ddl_hazard(d, HZ_NO_TRANSACTION, o->path, "VACUUM runs outside every transaction");
    return 0;
}

static void pragma_brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "value"));
}

static const struct alter set = {.name = "pragma.set", .fn = pragma_set, .doc = "PRAGMA"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"value", A_TEXT, CMP_VALUE, F_PRAGMAS, NULL, &set, 1, false, 0, "its value, where it is not the default"},
};
/* clang-format on */

const struct kind_desc lite_pragma_kind = {
    .name = "pragma",
    .parents = "",
    .rank = 10,
    .facet = F_PRAGMAS,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &set,
    .drop = &set,
    .brief = pragma_brief,
    .doc = "setting that the file carries",
};

void lite_pragma_fact(struct catalog *cat, const char *name, struct str value)
{
    struct fact f;
    if (str_eq(value, value_of(cat->tmp, NULL, str_c(name))))
        return;
    fact_begin(&f, cat, "pragma", STR(""), str_c(name));
    fact_text(&f, "value", value);
    fact_end(&f);
}
