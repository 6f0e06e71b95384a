/*
 * Base types, each with the functions that read and write its values, and shell types. A type and
 * these functions need one another: the functions are parts of the type, and one step makes a
 * shell, the functions and the type, or drops them all.
 */

#include "drivers/postgresql/retype.h"

static const struct {
    const char *attr, *word;
    bool settable; /* by ALTER TYPE SET */
} parts[] = {{"input", "INPUT", false},         {"output", "OUTPUT", false},
             {"receive", "RECEIVE", true},      {"send", "SEND", true},
             {"typmod_in", "TYPMOD_IN", true},  {"typmod_out", "TYPMOD_OUT", true},
             {"analyze", "ANALYZE", true},      {"subscript", "SUBSCRIPT", true},
             {"alignment", "ALIGNMENT", false}, {"storage", "STORAGE", true},
             {"element", "ELEMENT", false}};
enum { PARTS = sizeof parts / sizeof *parts };

void pg_type_functions(struct ddl *d, struct str type, bool make)
{
    struct view_iter it = view_iter(make ? d->after : d->before, type);
    const struct view *other = make ? d->before : d->after;
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        if (!str_eq(path_kind(o->path), STR("type_function")) || view_get(other, o->path))
            continue;
        if (make)
            pg_function_make(d, o);
        else
            pg_ddl(d, 0, "DROP FUNCTION %S", pg_id(d->mem, o));
    }
}

static int type_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const struct obj *o = c->after;
    struct str id = pg_id(d->mem, o), length = obj_raw(o, "length");
    struct strbuf b = sb_new(d->mem, 0);
    pg_ddl(d, 0, "CREATE TYPE %S", id);
    pg_type_functions(d, o->path, true);
    sql_fmt(&b, &pg_dialect, "\n    INTERNALLENGTH = %S", length.n ? length : STR("VARIABLE"));
    for (size_t i = 0; i < PARTS; i++)
        if (obj_raw(o, parts[i].attr).n)
            sql_fmt(&b, &pg_dialect, ",\n    %s = %S", parts[i].word,
                    obj_text(d->mem, o, parts[i].attr));
    if (obj_raw(o, "category").n)
        sql_fmt(&b, &pg_dialect, ",\n    CATEGORY = %L", obj_text(d->mem, o, "category"));
    if (obj_raw(o, "delimiter").n)
        sql_fmt(&b, &pg_dialect, ",\n    DELIMITER = %L", obj_text(d->mem, o, "delimiter"));
    if (obj_raw(o, "default").n)
        sql_fmt(&b, &pg_dialect, ",\n    DEFAULT = %L", obj_text(d->mem, o, "default"));
    sb_c(&b, obj_true(o, "preferred") ? ",\n    PREFERRED = true" : "");
    sb_c(&b, obj_true(o, "collatable") ? ",\n    COLLATABLE = true" : "");
    sb_c(&b, obj_true(o, "by_value") ? ",\n    PASSEDBYVALUE" : "");
    pg_ddl(d, 0, "CREATE TYPE %S (%S\n)", id, sb_view(&b));
    pg_dress(d, "TYPE", id, o);
    return 0;
}

/* CASCADE is the only way to drop a type with its functions: the server is asked first whether
 * anything else would go. */
int pg_type_drop_with_functions(struct ddl *d, const struct obj *o, struct err *e)
{
    struct str id = pg_id(d->mem, o);
    if (pg_type_in_use(d, d->before, o))
        return err_set(e, E_UNSUPPORTED_CHANGE,
                       "type %.*s: columns hold values of it; it cannot be made anew under them",
                       STR_ARG(id));
    struct str body = pg_text(
        d->mem,
        "BEGIN\n"
        "    IF EXISTS (SELECT FROM pg_catalog.pg_depend d, pg_catalog.pg_type t\n"
        "               WHERE t.oid = %L::pg_catalog.regtype AND d.refobjid IN (t.oid, "
        "t.typarray)\n"
        "                 AND d.refclassid = 'pg_catalog.pg_type'::pg_catalog.regclass\n"
        "                 AND d.deptype = 'n' AND d.objid NOT IN\n"
        "                     (t.typinput, t.typoutput, t.typreceive, t.typsend, coalesce((SELECT\n"
        "                      r.rngcanonical FROM pg_catalog.pg_range r WHERE r.rngtypid = "
        "t.oid),\n"
        "                      0))\n"
        "                 AND NOT (d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND "
        "EXISTS\n"
        "                     (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = d.classid\n"
        "                      AND i.objid = d.objid AND i.deptype = 'i'))) THEN\n"
        "        RAISE EXCEPTION 'other objects depend on the type';\n"
        "    END IF;\n"
        "END",
        id);
    pg_ddl(d, 0, "DO %L", body);
    pg_ddl(d, 0, "DROP TYPE %S CASCADE", id);
    return 0;
}

static int type_drop(struct ddl *d, const struct change *c, struct err *e)
{
    return pg_type_drop_with_functions(d, c->before, e);
}

static int type_set(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct strbuf b = sb_new(d->mem, 0);
    pg_type_functions(d, c->after->path, true);
    for (size_t i = 0; i < PARTS; i++) {
        struct str value = obj_text(d->mem, c->after, parts[i].attr);
        if (parts[i].settable && pg_changed(c, parts[i].attr))
            sql_fmt(&b, &pg_dialect, "%s%s = %S", b.n ? ", " : "", parts[i].word,
                    value.n ? value : STR("NONE"));
    }
    pg_ddl(d, 0, "ALTER TYPE %S SET (%S)", pg_id(d->mem, c->after), sb_view(&b));
    pg_type_functions(d, c->after->path, false);
    return 0;
}

/* The server does not go back to plain, where values may be out of line. */
static bool storage_settable(const struct ddl *d, const struct change *c)
{
    (void)d;
    return !str_eq(pg_changed(c, "storage")->after, STR("\"plain\""));
}

static struct str with_type(const struct ddl *d, const struct change *c)
{
    struct str type = path_parent((c->after ? c->after : c->before)->path);
    return view_get(d->before, type) && view_get(d->after, type) ? type : STR_NULL;
}

static int function_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_function_make(d, c->after);
    return 0;
}

static int function_drop(struct ddl *d, const struct change *c, struct err *e)
{
    return err_set(e, E_UNSUPPORTED_CHANGE,
                   "function %.*s: it is part of its type and cannot be dropped alone",
                   STR_ARG(pg_id(d->mem, c->before)));
}

static int shell_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "CREATE TYPE %S", pg_id(d->mem, c->after));
    pg_dress(d, "TYPE", pg_id(d->mem, c->after), c->after);
    return 0;
}

ALTER(create, "base_type.create", type_create, "a shell, its functions, CREATE TYPE");
ALTER(drop, "base_type.drop", type_drop, "DROP TYPE CASCADE, with its functions alone");
ALTER(set, "base_type.set", type_set, "ALTER TYPE SET");
static const struct alter set_storage = {.name = "base_type.storage",
                                         .fn = type_set,
                                         .applies = storage_settable,
                                         .other = &alter_replace,
                                         .doc = "ALTER TYPE SET (STORAGE)"};
ALTER(f_alone, "type_function.create", function_create, "CREATE FUNCTION");
ALTER(f_drop_alone, "type_function.drop", function_drop, "nothing: it goes with its type");
static const struct alter f_create = {.name = "type_function.create_with_type",
                                      .rides = with_type,
                                      .other = &f_alone,
                                      .doc = "comes with the type's change"};
static const struct alter f_drop = {.name = "type_function.drop_with_type",
                                    .rides = with_type,
                                    .other = &f_drop_alone,
                                    .doc = "goes with the type's change"};
ALTER(s_create, "shell_type.create", shell_create, "CREATE TYPE");
ALTER(s_drop, "shell_type.drop", pg_def_drop, "DROP TYPE");

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_ACL,
    {"alignment",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "ALIGNMENT"},
    {"analyze",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &set,         1, false, 0, "ANALYZE function"},
    {"by_value",   A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "PASSEDBYVALUE"},
    {"category",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "CATEGORY other than U"},
    {"collatable", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "COLLATABLE"},
    PG_COMMENT,
    {"default",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "DEFAULT"},
    {"delimiter",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "DELIMITER other than a comma"},
    {"element",    A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "ELEMENT"},
    {"input",      A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "INPUT function"},
    {"length",     A_INT,  CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "INTERNALLENGTH where not variable"},
    {"output",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "OUTPUT function"},
    PG_OWNER,
    {"preferred",  A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,         1, false, 0, "PREFERRED"},
    {"receive",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &set,         1, false, 0, "RECEIVE function"},
    {"send",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &set,         1, false, 0, "SEND function"},
    {"storage",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &set_storage, 1, false, 0, "STORAGE"},
    {"subscript",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &set,         1, false, 0, "SUBSCRIPT function (14)"},
    {"typmod_in",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &set,         1, false, 0, "TYPMOD_IN function"},
    {"typmod_out", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &set,         1, false, 0, "TYPMOD_OUT function"},
};
static const struct attr_desc f_attrs[] = {
    PG_ACL,
    {"arguments", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,               1, false, 0, "its parameters with names and types"},
    PG_COMMENT,
    {"def",       A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &pg_alter_function, 1, false, 0, "CREATE OR REPLACE as the server writes it"},
    PG_OWNER,
};
static const struct attr_desc s_attrs[] = {
    PG_COMMENT,
    PG_OWNER,
};
/* clang-format on */

const struct kind_desc pg_base_type_kind = {
    .name = "base_type",
    .parents = "schema",
    .rank = 21,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .doc = "base type",
};

const struct kind_desc pg_type_function_kind = {
    .name = "type_function",
    .parents = "base_type,range",
    .flags = KF_INLINE | KF_CASCADE,
    .rank = 23,
    .facet = F_STRUCTURE,
    .attrs = f_attrs,
    .nattrs = sizeof f_attrs / sizeof *f_attrs,
    .create = &f_create,
    .drop = &f_drop,
    .doc = "function that a base type or a range is made of",
};

const struct kind_desc pg_shell_type_kind = {
    .name = "shell_type",
    .parents = "schema",
    .rank = 20,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = s_attrs,
    .nattrs = sizeof s_attrs / sizeof *s_attrs,
    .create = &s_create,
    .drop = &s_drop,
    .doc = "shell type: a name whose definition is still to come",
};
