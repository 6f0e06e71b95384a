/* Operators, their families and classes; casts, transforms, access methods, languages. */

#include "drivers/postgresql/postgresql.h"

static struct str or_none(struct ddl *d, const struct obj *o, const char *attr)
{
    struct str value = obj_text(d->mem, o, attr);
    return value.n ? value : STR("NONE");
}

static int operator_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    static const char *const parts[][2] = {{"left", "LEFTARG"},          {"right", "RIGHTARG"},
                                           {"commutator", "COMMUTATOR"}, {"negator", "NEGATOR"},
                                           {"restrict", "RESTRICT"},     {"join", "JOIN"}};
    const struct obj *o = c->after;
    struct strbuf b = sb_new(d->mem, 0);
    sql_fmt(&b, &pg_dialect, "CREATE OPERATOR %S (\n    FUNCTION = %S", obj_src(d->mem, o, "name"),
            obj_text(d->mem, o, "function"));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        struct str value = obj_text(d->mem, o, parts[i][0]);
        if (value.n)
            sql_fmt(&b, &pg_dialect, ",\n    %s = %S", parts[i][1], value);
    }
    sb_c(&b, obj_true(o, "merges") ? ",\n    MERGES" : "");
    sb_c(&b, obj_true(o, "hashes") ? ",\n    HASHES" : "");
    sb_c(&b, "\n)");
    ddl_stmt(d, sb_view(&b), 0);
    pg_dress(d, "OPERATOR", pg_id(d->mem, o), o);
    return 0;
}

static bool has_operator(const struct catalog *cat, struct arena *mem, struct str id)
{
    for (uint32_t i = 0; cat && i < cat->n; i++)
        if (str_eq(path_kind(cat->v[i].path), STR("operator")) &&
            str_eq(obj_src(mem, &cat->v[i], "id"), id))
            return true;
    return false;
}

/* What it names as its commutator or negator, OPERATOR(s.+), and what nobody has made, is a row
 * without a function that the server leaves behind and that keeps a schema from being dropped. */
static void drop_named(struct ddl *d, const struct obj *o, const char *attr, bool swapped)
{
    struct str link = obj_text(d->mem, o, attr), left = or_none(d, o, "left"),
               right = or_none(d, o, "right");
    if (!link.n)
        return;
    struct str name = str_sub(link, STR("OPERATOR(").n, link.n - 1);
    struct str id =
        pg_text(d->mem, "%S (%S, %S)", name, swapped ? right : left, swapped ? left : right);
    if (!has_operator(d->origin, d->mem, id) && !has_operator(d->goal, d->mem, id))
        pg_ddl(d, 0, "DROP OPERATOR IF EXISTS %S", id);
}

static int operator_drop(struct ddl *d, const struct change *c, struct err *e)
{
    if (pg_def_drop(d, c, e))
        return -1;
    drop_named(d, c->before, "commutator", true);
    drop_named(d, c->before, "negator", false);
    return 0;
}

static int operator_estimators(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "ALTER OPERATOR %S SET (RESTRICT = %S, JOIN = %S)", pg_id(d->mem, c->after),
           or_none(d, c->after, "restrict"), or_none(d, c->after, "join"));
    return 0;
}

/* "OPERATOR 1 (integer, bigint)" and "public.<" make OPERATOR 1 public.< (integer, bigint). */
static struct str member(struct ddl *d, struct str key, struct str value)
{
    size_t at = str_find(key, STR(" (")), order = str_find(value, STR(" FOR ORDER BY "));
    if (!str_starts(key, STR("OPERATOR")))
        return pg_text(d->mem, "%S %S", key, value);
    return pg_text(d->mem, "%S %S%S%S", str_sub(key, 0, at), str_sub(value, 0, order),
                   str_from(key, at), str_from(value, order));
}

/* The members of `o` that `less` has not, as ADD; or as DROP. */
static void members(struct ddl *d, const struct obj *o, const struct obj *less, bool add)
{
    struct strbuf b = sb_new(d->mem, 0);
    struct str key, value;
    for (struct jc_iter it = jc_iter(obj_raw(o, "members")); jc_next(&it, &key, &value);) {
        struct str text = jc_text(d->mem, value), name = pg_key(d->mem, key);
        if (str_eq(pg_map_text(d->mem, obj_raw(less, "members"), key), text))
            continue;
        sb_c(&b, b.n ? ",\n    " : "");
        sb_str(&b, add ? member(d, name, text) : name);
    }
    if (b.n)
        pg_ddl(d, 0, "ALTER OPERATOR FAMILY %S %s\n    %S", pg_id(d->mem, o), add ? "ADD" : "DROP",
               sb_view(&b));
}

static int family_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "CREATE OPERATOR FAMILY %S", pg_id(d->mem, c->after));
    members(d, c->after, NULL, true);
    pg_dress(d, "OPERATOR FAMILY", pg_id(d->mem, c->after), c->after);
    return 0;
}

static int family_members(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    members(d, c->before, c->after, false);
    members(d, c->after, c->before, true);
    return 0;
}

/* What GRANT or OWNER TO could say of them is said as of all objects. */
#define KIND_ALTERS(id, kind, word)                                                                \
    static const struct alter id##_create = {                                                      \
        .name = kind ".create", .fn = pg_def_create, .doc = "CREATE " word};                       \
    static const struct alter id##_drop = {                                                        \
        .name = kind ".drop", .fn = pg_def_drop, .doc = "DROP " word}
KIND_ALTERS(class, "operator_class", "OPERATOR CLASS");
KIND_ALTERS(cast, "cast", "CAST");
KIND_ALTERS(method, "access_method", "ACCESS METHOD");
KIND_ALTERS(transform, "transform", "TRANSFORM");
KIND_ALTERS(language, "language", "LANGUAGE");

ALTER(create, "operator.create", operator_create, "CREATE OPERATOR");
ALTER(drop, "operator.drop", operator_drop, "DROP OPERATOR");
ALTER(estimators, "operator.estimators", operator_estimators, "SET (RESTRICT, JOIN)");
ALTER(f_create, "operator_family.create", family_create, "CREATE OPERATOR FAMILY");
ALTER(f_drop, "operator_family.drop", pg_def_drop, "DROP OPERATOR FAMILY");
ALTER(f_members, "operator_family.members", family_members, "ALTER OPERATOR FAMILY ADD, DROP");

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_COMMENT,
    {"commutator", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,        1, false, AF_LINK, "COMMUTATOR"},
    {"function",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,        1, false, 0, "what it calls"},
    {"hashes",     A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,        1, false, 0, "HASHES"},
    {"join",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &estimators, 1, false, 0, "estimator for joins"},
    {"left",       A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, NULL,        1, false, 0, "type at its left"},
    {"merges",     A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,        1, false, 0, "MERGES"},
    {"negator",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,        1, false, AF_LINK, "NEGATOR"},
    PG_OWNER,
    {"restrict",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &estimators, 1, false, 0, "estimator for conditions"},
    {"right",      A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, NULL,        1, false, 0, "type at its right"},
};
static const struct attr_desc family_attrs[] = {
    PG_COMMENT,
    {"members", A_MAP, CMP_VALUE, F_STRUCTURE, NULL, &f_members, 1, false, 0, "operators and functions that are of no class"},
    PG_OWNER,
};
static const struct attr_desc class_attrs[] = {
    PG_COMMENT,
    {"def", A_BODY, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "CREATE OPERATOR CLASS"},
    PG_OWNER,
};
static const struct attr_desc def_attrs[] = {
    PG_COMMENT,
    {"def", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "its CREATE"},
};
static const struct attr_desc language_attrs[] = {
    PG_ACL,
    PG_COMMENT,
    {"def", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "its CREATE"},
    PG_OWNER,
};
/* clang-format on */

#define KIND(id, word, above, order, rows, make, gone, text)                                       \
    const struct kind_desc id = {                                                                  \
        .name = word,                                                                              \
        .parents = above,                                                                          \
        .rank = order,                                                                             \
        .facet = F_STRUCTURE,                                                                      \
        .attrs = rows,                                                                             \
        .nattrs = sizeof rows / sizeof *rows,                                                      \
        .create = &make,                                                                           \
        .drop = &gone,                                                                             \
        .doc = text,                                                                               \
    }
KIND(pg_operator_kind, "operator", "schema", 37, attrs, create, drop, "operator");
KIND(pg_operator_family_kind, "operator_family", "schema", 38, family_attrs, f_create, f_drop,
     "operator family");
KIND(pg_operator_class_kind, "operator_class", "schema", 39, class_attrs, class_create, class_drop,
     "operator class");
KIND(pg_cast_kind, "cast", "", 38, def_attrs, cast_create, cast_drop, "cast");
KIND(pg_access_method_kind, "access_method", "", 12, def_attrs, method_create, method_drop,
     "access method");
KIND(pg_transform_kind, "transform", "", 39, def_attrs, transform_create, transform_drop,
     "transform for a language");
KIND(pg_language_kind, "language", "", 14, language_attrs, language_create, language_drop,
     "procedural language that no extension has brought");
