/* Columns: one handler makes all changes of one, since a product may want them in an order. */

#include "drivers/liquibase/liquibase.h"

/* The default as the key of a change that takes it. */
static void default_keys(struct lq_change *x, const struct obj *o)
{
    struct arena *mem = x->d->mem;
    struct str key = obj_src(mem, o, "default_key"), text = obj_src(mem, o, "default");
    struct str raw = obj_raw(o, "generated");
    if (!str_is_null(raw))
        lq_raw_key(x, "defaultValueComputed", raw);
    if (str_is_null(obj_raw(o, "default")))
        return;
    if (str_eq_c(key, "defaultValueBoolean"))
        lq_bool_key(x, "defaultValueBoolean", str_eq(text, STR("true")));
    else
        lq_text_always(x, arena_cstr(mem, key), text);
    lq_text_key(x, "defaultValueConstraintName", obj_text(mem, o, "default_name"));
}

static struct str constraints(struct ddl *d, const struct obj *o)
{
    struct lq_change x = lq_begin_change(d, "");
    lq_text_key(&x, "notNullConstraintName", obj_text(d->mem, o, "notnull_name"));
    lq_bool_key(&x, "nullable", false);
    if (obj_true(o, "notnull_lax"))
        lq_bool_key(&x, "validateNullable", false);
    return lq_change_body(&x);
}

static void identity_keys(struct lq_change *x, const struct obj *o)
{
    struct arena *mem = x->d->mem;
    if (!obj_true(o, "identity"))
        return;
    lq_bool_key(x, "autoIncrement", true);
    lq_text_key(x, "generationType", obj_text(mem, o, "identity_kind"));
    lq_text_key(x, "incrementBy", obj_text(mem, o, "identity_by"));
    lq_text_key(x, "startWith", obj_text(mem, o, "identity_start"));
    if (obj_true(o, "identity_on_null"))
        lq_bool_key(x, "defaultOnNull", true);
}

int lq_column_json(struct ddl *d, const struct obj *o, struct str *out, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "");
    struct change c = {.op = OP_ADD, .after = o};
    if (obj_true(o, "computed"))
        return lq_refused(d, &c, "it is computed, and the snapshot does not hold its expression",
                          "make it by hand, or leave its table out: --exclude", e);
    identity_keys(&x, o);
    if (obj_true(o, "notnull"))
        lq_raw_key(&x, "constraints", constraints(d, o));
    default_keys(&x, o);
    lq_text_key(&x, "name", obj_name(d->mem, o));
    lq_text_key(&x, "remarks", obj_text(d->mem, o, "comment"));
    lq_text_key(&x, "type", obj_text(d->mem, o, "type"));
    *out = lq_change_body(&x);
    return 0;
}

static struct lq_change on_column(struct ddl *d, const char *type, const struct obj *o)
{
    struct lq_change x = lq_begin_change(d, type);
    lq_text_key(&x, "columnName", obj_name(d->mem, o));
    lq_schema_key(&x, "schemaName", o->path);
    lq_text_key(&x, "tableName", lq_spelled(d, d->after, path_parent(o->path)));
    return x;
}

static bool has_default(const struct obj *o)
{
    return !str_is_null(obj_raw(o, "default"));
}

static int column_add(struct ddl *d, const struct change *c, struct err *e)
{
    struct str json, table = path_parent(c->after->path);
    struct lq_change x = lq_begin_change(d, "addColumn");
    if (lq_column_json(d, c->after, &json, e))
        return -1;
    lq_raw_key(&x, "columns", arena_printf(d->mem, "[{\"column\":%.*s}]", STR_ARG(json)));
    lq_schema_key(&x, "schemaName", table);
    lq_text_key(&x, "tableName", lq_spelled(d, d->after, table));
    lq_put(&x);
    if (!str_is_null(obj_raw(c->after, "comment")))
        lq_put_remarks(d, c->after);
    if (obj_true(c->after, "notnull") && !has_default(c->after) && lq_is_old(d, table))
        ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path,
                   "fails when the table holds rows: it is NOT NULL and has no default");
    return 0;
}

static int column_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = on_column(d, "dropColumn", c->before);
    (void)e;
    lq_put(&x);
    return 0;
}

static int column_rename(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "renameColumn");
    (void)e;
    lq_text_key(&x, "columnDataType", obj_text(d->mem, c->before, "type"));
    lq_text_key(&x, "newColumnName", obj_name(d->mem, c->after));
    lq_text_key(&x, "oldColumnName", obj_name(d->mem, c->before));
    lq_schema_key(&x, "schemaName", c->before->path);
    lq_text_key(&x, "tableName", lq_spelled(d, d->before, path_parent(c->before->path)));
    lq_put(&x);
    return 0;
}

static int column_comment(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = on_column(d, "setColumnRemarks", c->after);
    (void)e;
    if (lq_put_remarks(d, c->after))
        return 0;
    lq_text_key(&x, "columnDataType", obj_text(d->mem, c->after, "type"));
    lq_text_always(&x, "remarks", obj_text(d->mem, c->after, "comment"));
    lq_put(&x);
    return 0;
}

static bool differs(const struct change *c, const char *attr)
{
    return !str_eq(obj_raw(c->before, attr), obj_raw(c->after, attr));
}

static void put_null(struct ddl *d, const struct change *c)
{
    bool no = obj_true(c->after, "notnull");
    struct lq_change x =
        on_column(d, no ? "addNotNullConstraint" : "dropNotNullConstraint", c->after);
    lq_text_key(&x, "columnDataType", obj_text(d->mem, c->after, "type"));
    lq_text_key(&x, "constraintName", obj_text(d->mem, no ? c->after : c->before, "notnull_name"));
    if (no && obj_true(c->after, "notnull_lax"))
        lq_bool_key(&x, "validate", false);
    lq_put(&x);
    if (no && !obj_true(c->before, "notnull") && lq_is_old(d, path_parent(c->after->path)))
        ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path, "fails when it holds NULL");
}

static void put_default(struct ddl *d, const struct change *c, bool drop)
{
    struct lq_change x = on_column(d, drop ? "dropDefaultValue" : "addDefaultValue", c->after);
    /* Liquibase drops it while the column still has the old type. */
    lq_text_key(&x, "columnDataType", obj_text(d->mem, drop ? c->before : c->after, "type"));
    if (!drop)
        default_keys(&x, c->after);
    lq_put(&x);
}

static void put_type(struct ddl *d, const struct change *c)
{
    struct lq_change x = on_column(d, "modifyDataType", c->after);
    lq_text_key(&x, "newDataType", obj_text(d->mem, c->after, "type"));
    lq_put(&x);
    ddl_hazard(d, HZ_CONVERT, c->after->path, "from %.*s to %.*s",
               STR_ARG(obj_text(d->mem, c->before, "type")),
               STR_ARG(obj_text(d->mem, c->after, "type")));
}

/* NOT NULL of another name is another one. */
static bool null_moves(const struct change *c)
{
    return differs(c, "notnull") || differs(c, "notnull_name") || differs(c, "notnull_lax");
}

static int column_adjust(struct ddl *d, const struct change *c, struct err *e)
{
    const struct lq_dialect *dialect = lq_dialect(d->eng);
    bool type = differs(c, "type");
    bool value = differs(c, "default") || differs(c, "default_name");
    bool had = has_default(c->before), has = has_default(c->after);
    bool off = had && (dialect->retype_in_the_way ? type || value : value && !has);
    bool both = obj_true(c->before, "notnull") && obj_true(c->after, "notnull");
    (void)e;
    if (off)
        put_default(d, c, true);
    if (both && (differs(c, "notnull_name") || differs(c, "notnull_lax"))) {
        struct obj without = *c->after;
        without.a = obj_with(d->mem, d->eng, c->after, "notnull", STR_NULL);
        struct change drop = {.op = OP_ALTER, .before = c->before, .after = &without};
        put_null(d, &drop);
    }
    if (type)
        put_type(d, c);
    if (null_moves(c) || (type && dialect->retype_drops_notnull && obj_true(c->after, "notnull")))
        put_null(d, c);
    if (has && (off || value))
        put_default(d, c, false);
    return 0;
}

/* SQL Server lets a text grow under its keys and indexes; any other change of type, and of NOT
 * NULL, needs them out of the way. */
static bool only_grows(const struct ddl *d, const struct change *c)
{
    static const char texts[] = "varchar,nvarchar,varbinary";
    struct str was = obj_text(d->mem, c->before, "type"), is = obj_text(d->mem, c->after, "type");
    size_t a = str_chr(was, '('), b = str_chr(is, '(');
    int64_t m, n;
    if (!str_eq(str_sub(was, 0, a), str_sub(is, 0, b)) || !word_in(texts, str_sub(was, 0, a)) ||
        a == was.n || b == is.n)
        return false;
    bool small = str_int(str_sub(was, a + 1, was.n - 1), &m);
    bool large = str_int(str_sub(is, b + 1, is.n - 1), &n);
    return small && large && n >= m;
}

static bool in_the_way(const struct ddl *d, const struct change *c)
{
    bool type = differs(c, "type");
    if (!lq_dialect(d->eng)->retype_in_the_way || !(type || differs(c, "notnull")))
        return false;
    return !type || differs(c, "notnull") || !only_grows(d, c);
}

static int no_identity(struct ddl *d, const struct change *c, struct err *e)
{
    return lq_refused(d, c, "no change type changes how a column that is there is numbered",
                      "make a new column and move the values by hand", e);
}

LQ_ALTER(add, "column.add", column_add, "addColumn");
LQ_ALTER(drop, "column.drop", column_drop, "dropColumn");
LQ_ALTER(renamed, "column.rename", column_rename, "renameColumn");
LQ_ALTER(comment, "column.comment", column_comment, "setColumnRemarks");
LQ_ALTER(identity, "column.identity", no_identity, "refused: no change type does it");
LQ_ALTER(adjust, "column.adjust", column_adjust,
         "modifyDataType, add/dropNotNullConstraint, add/dropDefaultValue");
static const struct alter retype = {.name = "column.retype",
                                    .fn = column_adjust,
                                    .applies = in_the_way,
                                    .other = &adjust,
                                    .rebuilds = "primary_key,unique,foreign_key,index,check",
                                    .doc = "the same, its keys and indexes dropped and made again"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    LQ_COMMENT(&comment),
    {"computed",          A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,      1, false, 0, "computed from others; by what, the snapshot does not say"},
    {"default",           A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &retype,   1, true,  AF_FILLS, "default, as its class in the snapshot has it"},
    {"default_name",      A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &retype,   1, false, 0, "name of the default's constraint, unless the server made it up"},
    {"generated",         A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,      1, true,  0, "GENERATED ALWAYS AS (expression)"},
    {"identity",          A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &identity, 1, false, 0, "the server numbers the rows"},
    {"identity_by",       A_TEXT, CMP_VALUE, F_STRUCTURE, "\"1\"", &identity, 1, false, 0, "step of the numbers"},
    {"identity_kind",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &identity, 1, false, 0, "ALWAYS, BY DEFAULT"},
    {"identity_on_null",  A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &identity, 1, false, 0, "ON NULL"},
    {"identity_start",    A_TEXT, CMP_VALUE, F_STRUCTURE, "\"1\"", &identity, 1, false, 0, "first number"},
    LQ_NAME(&renamed),
    {"notnull",           A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &retype,   1, true,  AF_GUARDS, "NULL is refused"},
    {"notnull_lax",       A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &retype,   1, false, 0, "rows that were there before may hold NULL"},
    {"notnull_name",      A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &retype,   1, false, 0, "name of the NOT NULL constraint, unless the server made it up"},
    {"type",              A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, &retype,   1, true,  AF_CONVERTS, "data type"},
};
/* clang-format on */

static void brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "type"));
    if (obj_true(o, "identity"))
        sb_c(out, " identity");
    if (obj_true(o, "notnull"))
        sb_c(out, " not null");
    if (has_default(o))
        sb_printf(out, " default %.*s", STR_ARG(obj_text(out->mem, o, "default")));
    if (!str_is_null(obj_raw(o, "generated")))
        sb_printf(out, " %.*s", STR_ARG(obj_text(out->mem, o, "generated")));
}

static bool computed(const struct obj *o)
{
    return obj_true(o, "computed") || !str_is_null(obj_raw(o, "generated"));
}

/* A column that a row needs a value for. */
static bool guards(const struct obj *o)
{
    return obj_true(o, "notnull") && !has_default(o) && !obj_true(o, "identity") && !computed(o);
}

const struct kind_desc lq_column_kind = {
    .name = "column",
    .parents = "table",
    .flags = KF_INLINE | KF_CASCADE | KF_DATA,
    .rank = 25,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &add,
    .drop = &drop,
    .rename = &renamed,
    .brief = brief,
    .computed = computed,
    .guards = guards,
    .ordered_by = "columns",
    .doc = "column",
};
