/* Indexes. Another one is a drop and a create. */

#include "drivers/liquibase/liquibase.h"

static bool holds(const struct ddl *d, const struct obj *o, const char *list, struct str text)
{
    struct strbuf raw = sb_new(d->mem, 0);
    jc_put_list(&raw, &text, 1);
    return jc_has(obj_raw(o, list), str_sub(sb_view(&raw), 1, raw.n - 1));
}

static void put_terms(struct ddl *d, const struct obj *o, const char *list, bool included,
                      struct strbuf *out)
{
    struct jc_iter it = jc_iter(obj_raw(o, list));
    struct str key, raw, table = path_parent(o->path);
    while (jc_next(&it, &key, &raw)) {
        struct lq_change x = lq_begin_change(d, "");
        struct str name = jc_text(d->mem, raw);
        bool expr = !included && holds(d, o, "expressions", name);
        if (expr)
            lq_bool_key(&x, "computed", true);
        if (!included && holds(d, o, "descending", name))
            lq_bool_key(&x, "descending", true);
        if (included)
            lq_bool_key(&x, "included", true);
        if (!expr)
            name = lq_spelled(d, d->after, path_join(d->mem, table, STR("column"), name));
        lq_text_key(&x, "name", name);
        sb_printf(out, "%s{\"column\":%.*s}", out->n > 1 ? "," : "", STR_ARG(lq_change_body(&x)));
    }
}

static int index_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "createIndex");
    struct strbuf columns = sb_new(d->mem, 0);
    struct str table = path_parent(c->after->path), method = obj_text(d->mem, c->after, "method");
    bool included = !str_is_null(obj_raw(c->after, "included"));
    if (included && !lq_dialect(d->eng)->included)
        return lq_refused(d, c, "no change type gives it included columns here", NULL, e);
    if (method.n)
        return lq_refused(d, c, "no change type makes an index of its method on this product", NULL,
                          e);
    sb_char(&columns, '[');
    put_terms(d, c->after, "columns", false, &columns);
    put_terms(d, c->after, "included", true, &columns);
    sb_char(&columns, ']');
    if (obj_true(c->after, "clustered"))
        lq_bool_key(&x, "clustered", true);
    lq_raw_key(&x, "columns", sb_view(&columns));
    lq_text_key(&x, "indexName", obj_name(d->mem, c->after));
    lq_schema_key(&x, "schemaName", table);
    lq_text_key(&x, "tableName", lq_spelled(d, d->after, table));
    if (d->facets & F_STORAGE)
        lq_text_key(&x, "tablespace", obj_text(d->mem, c->after, "tablespace"));
    if (obj_true(c->after, "unique"))
        lq_bool_key(&x, "unique", true);
    lq_put(&x);
    if (!lq_is_old(d, table))
        return 0;
    if (obj_true(c->after, "unique"))
        ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path,
                   "fails when two rows are equal in the key");
    ddl_hazard(d, HZ_INDEX_BUILD, c->after->path, "the table is read whole");
    return 0;
}

static int index_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "dropIndex");
    struct str table = path_parent(c->before->path);
    (void)e;
    lq_text_key(&x, "indexName", obj_name(d->mem, c->before));
    lq_schema_key(&x, "schemaName", table);
    lq_text_key(&x, "tableName", lq_spelled(d, d->after, table));
    lq_put(&x);
    return 0;
}

static void brief(const struct obj *o, struct strbuf *out)
{
    struct jc_iter it = jc_iter(obj_raw(o, "columns"));
    struct str key, raw;
    sb_c(out, obj_true(o, "unique") ? "unique (" : "(");
    for (bool first = true; jc_next(&it, &key, &raw); first = false) {
        sb_c(out, first ? "" : ", ");
        sb_str(out, jc_text(out->mem, raw));
        sb_c(out, jc_has(obj_raw(o, "descending"), raw) ? " desc" : "");
    }
    sb_char(out, ')');
}

LQ_ALTER(create, "index.create", index_create, "createIndex");
LQ_ALTER(drop, "index.drop", index_drop, "dropIndex");

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"clustered",   A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "CLUSTERED"},
    {"columns",     A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "columns and expressions"},
    {"descending",  A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "those of them that go down"},
    {"expressions", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "those of them that are no column"},
    {"included",    A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "columns beside the key"},
    {"method",      A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "kind of index, where it is not the usual one"},
    LQ_NAME(NULL),
    {"tablespace",  A_TEXT, CMP_VALUE, F_STORAGE,   NULL, NULL, 1, false, 0, "tablespace"},
    {"unique",      A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  AF_GUARDS, "UNIQUE"},
};
/* clang-format on */

const struct kind_desc lq_index_kind = {
    .name = "index",
    .parents = "table",
    .flags = KF_CASCADE,
    .rank = 40,
    .facet = F_STRUCTURE,
    .names = "/index",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .brief = brief,
    .doc = "index; one that a key has brought is part of the key",
};
