/* Primary keys, unique constraints, foreign keys and checks. Another one is a drop and a create. */

#include "drivers/liquibase/liquibase.h"

static struct lq_change on_table(struct ddl *d, const char *type, const struct obj *o)
{
    struct lq_change x = lq_begin_change(d, type);
    struct str table = path_parent(o->path);
    lq_schema_key(&x, "schemaName", table);
    lq_text_key(&x, "tableName", lq_spelled(d, d->after, table));
    return x;
}

static void put_columns(struct lq_change *x, const char *key, const struct obj *o)
{
    lq_text_key(x, key,
                lq_column_list(x->d, x->d->after, path_parent(o->path), obj_raw(o, "columns")));
}

static void put_space(struct lq_change *x, const struct obj *o)
{
    if (x->d->facets & F_STORAGE)
        lq_text_key(x, "tablespace", obj_text(x->d->mem, o, "tablespace"));
}

static void guard(struct ddl *d, const struct change *c)
{
    if (lq_is_old(d, path_parent(c->after->path)))
        ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path,
                   "fails when two rows are equal in the key");
}

/* Without a name the server makes one up, which is then no part of the schema. */
static int primary_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = on_table(d, "addPrimaryKey", c->after);
    (void)e;
    put_columns(&x, "columnNames", c->after);
    if (lq_dialect(d->eng)->clustered)
        lq_bool_key(&x, "clustered", !obj_true(c->after, "nonclustered"));
    lq_text_key(&x, "constraintName", obj_text(d->mem, c->after, "name"));
    put_space(&x, c->after);
    lq_put(&x);
    guard(d, c);
    return 0;
}

static int primary_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = on_table(d, "dropPrimaryKey", c->before);
    (void)e;
    lq_text_key(&x, "constraintName", obj_text(d->mem, c->before, "name"));
    lq_put(&x);
    return 0;
}

static int unique_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = on_table(d, "addUniqueConstraint", c->after);
    (void)e;
    put_columns(&x, "columnNames", c->after);
    if (obj_true(c->after, "clustered"))
        lq_bool_key(&x, "clustered", true);
    lq_text_key(&x, "constraintName", lq_key_name(d->mem, c->after));
    if (obj_true(c->after, "deferrable"))
        lq_bool_key(&x, "deferrable", true);
    if (obj_true(c->after, "deferred"))
        lq_bool_key(&x, "initiallyDeferred", true);
    put_space(&x, c->after);
    lq_put(&x);
    guard(d, c);
    return 0;
}

static int need_name(const struct ddl *d, const struct change *c, const struct obj *o,
                     struct err *e)
{
    return lq_key_name(d->mem, o).n
               ? 0
               : lq_refused(d, c, "it has no name by which it could be dropped", NULL, e);
}

static int unique_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = on_table(d, "dropUniqueConstraint", c->before);
    lq_text_key(&x, "constraintName", lq_key_name(d->mem, c->before));
    lq_put(&x);
    return need_name(d, c, c->before, e);
}

/* Path of the table that a foreign key points at. */
static struct str target(struct ddl *d, const struct obj *o)
{
    struct str schema = obj_text(d->mem, o, "ref_schema");
    struct str up = path_parent(path_parent(o->path));
    if (!str_is_null(schema))
        up = schema.n ? path_join(d->mem, STR(""), STR("schema"), schema) : STR("");
    return path_join(d->mem, up, STR("table"), obj_text(d->mem, o, "ref_table"));
}

static int foreign_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "addForeignKeyConstraint");
    struct str table = path_parent(c->after->path), to = target(d, c->after);
    (void)e;
    put_columns(&x, "baseColumnNames", c->after);
    lq_text_key(&x, "baseTableName", lq_spelled(d, d->after, table));
    lq_schema_key(&x, "baseTableSchemaName", table);
    lq_text_key(&x, "constraintName", lq_key_name(d->mem, c->after));
    if (obj_true(c->after, "deferrable"))
        lq_bool_key(&x, "deferrable", true);
    if (obj_true(c->after, "deferred"))
        lq_bool_key(&x, "initiallyDeferred", true);
    lq_text_key(&x, "onDelete", obj_text(d->mem, c->after, "on_delete"));
    lq_text_key(&x, "onUpdate", obj_text(d->mem, c->after, "on_update"));
    lq_text_key(&x, "referencedColumnNames",
                lq_column_list(d, d->after, to, obj_raw(c->after, "ref_columns")));
    lq_text_key(&x, "referencedTableName", lq_spelled(d, d->after, to));
    lq_schema_key(&x, "referencedTableSchemaName", to);
    lq_put(&x);
    if (lq_is_old(d, table))
        ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path, "fails when a row has no parent");
    return 0;
}

static int foreign_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "dropForeignKeyConstraint");
    struct str table = path_parent(c->before->path);
    lq_text_key(&x, "baseTableName", lq_spelled(d, d->after, table));
    lq_schema_key(&x, "baseTableSchemaName", table);
    lq_text_key(&x, "constraintName", lq_key_name(d->mem, c->before));
    lq_put(&x);
    return need_name(d, c, c->before, e);
}

/* No change type of the open edition makes a check. */
static int check_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct str name = lq_key_name(d->mem, c->after), text = obj_text(d->mem, c->after, "expr");
    struct str table = path_parent(c->after->path);
    bool whole = text.n && text.p[0] == '(';
    (void)e;
    lq_put_sql(d,
               arena_printf(d->mem, "ALTER TABLE %.*s ADD %s%.*s CHECK %s%.*s%s",
                            STR_ARG(lq_qualified(d, d->after, table)), name.n ? "CONSTRAINT " : "",
                            STR_ARG(name.n ? lq_quoted(d, name) : STR("")), whole ? "" : "(",
                            STR_ARG(text), whole ? "" : ")"));
    if (lq_is_old(d, table))
        ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path, "fails when a row does not fit");
    return 0;
}

static int check_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct str table = path_parent(c->before->path);
    lq_put_sql(d, arena_printf(d->mem, "ALTER TABLE %.*s DROP CONSTRAINT %.*s",
                               STR_ARG(lq_qualified(d, d->after, table)),
                               STR_ARG(lq_quoted(d, lq_key_name(d->mem, c->before)))));
    return need_name(d, c, c->before, e);
}

static void put_list(const struct obj *o, const char *attr, struct strbuf *out)
{
    struct jc_iter it = jc_iter(obj_raw(o, attr));
    struct str key, raw;
    for (bool first = true; jc_next(&it, &key, &raw); first = false) {
        sb_c(out, first ? "(" : ", ");
        sb_str(out, jc_text(out->mem, raw));
    }
    sb_char(out, ')');
}

static void key_brief(const struct obj *o, struct strbuf *out)
{
    put_list(o, "columns", out);
}

static void foreign_brief(const struct obj *o, struct strbuf *out)
{
    put_list(o, "columns", out);
    sb_printf(out, " references %.*s", STR_ARG(obj_text(out->mem, o, "ref_table")));
    put_list(o, "ref_columns", out);
}

static void check_brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "expr"));
}

LQ_ALTER(p_create, "primary_key.create", primary_create, "addPrimaryKey");
LQ_ALTER(p_drop, "primary_key.drop", primary_drop, "dropPrimaryKey");
LQ_ALTER(u_create, "unique.create", unique_create, "addUniqueConstraint");
LQ_ALTER(u_drop, "unique.drop", unique_drop, "dropUniqueConstraint");
LQ_ALTER(f_create, "foreign_key.create", foreign_create, "addForeignKeyConstraint");
LQ_ALTER(f_drop, "foreign_key.drop", foreign_drop, "dropForeignKeyConstraint");
LQ_ALTER(c_create, "check.create", check_create, "sql");
LQ_ALTER(c_drop, "check.drop", check_drop, "sql");

/* clang-format off */
static const struct attr_desc p_attrs[] = {
    {"columns",      A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "columns"},
    LQ_NAME(NULL),
    {"nonclustered", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "NONCLUSTERED"},
    {"tablespace",   A_TEXT, CMP_VALUE, F_STORAGE,   NULL, NULL, 1, false, 0, "tablespace"},
};
static const struct attr_desc u_attrs[] = {
    {"clustered",  A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "CLUSTERED"},
    {"columns",    A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "columns"},
    {"deferrable", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "DEFERRABLE"},
    {"deferred",   A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "INITIALLY DEFERRED"},
    LQ_NAME(NULL),
    {"tablespace", A_TEXT, CMP_VALUE, F_STORAGE,   NULL, NULL, 1, false, 0, "tablespace"},
};
static const struct attr_desc f_attrs[] = {
    {"columns",     A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "columns"},
    {"deferrable",  A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "DEFERRABLE"},
    {"deferred",    A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "INITIALLY DEFERRED"},
    LQ_NAME(NULL),
    {"on_delete",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "ON DELETE"},
    {"on_update",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "ON UPDATE"},
    {"ref_columns", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "columns that it points at"},
    {"ref_schema",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "schema of that table where it is another; empty: the default one"},
    {"ref_table",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "table that it points at"},
};
static const struct attr_desc c_attrs[] = {
    {"expr", A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "condition"},
    LQ_NAME(NULL),
};
/* clang-format on */

#define KEY(prefix, flags_, rank_)                                                                 \
    .parents = "table", .flags = KF_CASCADE | (flags_), .rank = (rank_), .facet = F_STRUCTURE,     \
    .attrs = prefix##_attrs, .nattrs = sizeof prefix##_attrs / sizeof *prefix##_attrs,             \
    .create = &prefix##_create, .drop = &prefix##_drop

const struct kind_desc lq_primary_key_kind = {
    .name = "primary_key", KEY(p, KF_GUARDS, 30), .brief = key_brief, .doc = "primary key"};
const struct kind_desc lq_unique_kind = {.name = "unique",
                                         KEY(u, KF_GUARDS, 32),
                                         .names = "/constraint",
                                         .brief = key_brief,
                                         .doc = "unique constraint"};
const struct kind_desc lq_foreign_key_kind = {.name = "foreign_key",
                                              KEY(f, KF_GUARDS, 50),
                                              .names = "/constraint",
                                              .brief = foreign_brief,
                                              .doc = "foreign key"};
const struct kind_desc lq_check_kind = {.name = "check",
                                        KEY(c, KF_GUARDS, 45),
                                        .names = "/constraint",
                                        .brief = check_brief,
                                        .doc = "check (snapshots of the commercial edition)"};
