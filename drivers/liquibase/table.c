/* Schemas and tables. */

#include "drivers/liquibase/liquibase.h"

static int no_schema(struct ddl *d, const struct change *c, struct err *e)
{
    return lq_refused(d, c, "no change type makes or drops a schema",
                      "make or drop it by hand, or leave it out: --exclude", e);
}

LQ_ALTER(s_create, "schema.create", no_schema, "refused: no change type does it");
LQ_ALTER(s_drop, "schema.drop", no_schema, "refused: no change type does it");

static const struct attr_desc s_attrs[] = {LQ_NAME(&s_create)};

const struct kind_desc lq_schema_kind = {
    .name = "schema",
    .parents = "",
    .flags = KF_HOLDER,
    .rank = 5,
    .facet = F_STRUCTURE,
    .attrs = s_attrs,
    .nattrs = sizeof s_attrs / sizeof *s_attrs,
    .create = &s_create,
    .drop = &s_drop,
    .doc = "a schema that is not the default one; no change makes or drops it",
};

/* The columns as createTable writes them, in their order. */
static int put_columns(struct ddl *d, const struct obj *table, struct strbuf *out, struct err *e)
{
    struct jc_iter it = jc_iter(obj_raw(table, "columns"));
    struct str key, raw, json;
    sb_char(out, '[');
    while (jc_next(&it, &key, &raw)) {
        struct str path = path_join(d->mem, table->path, STR("column"), jc_text(d->mem, raw));
        const struct obj *column = view_get(d->after, path);
        if (!column)
            continue;
        if (lq_column_json(d, column, &json, e))
            return -1;
        sb_printf(out, "%s{\"column\":%.*s}", out->n > 1 ? "," : "", STR_ARG(json));
    }
    sb_char(out, ']');
    return 0;
}

/* Liquibase has no remarks for every product (SetTableRemarksGenerator.supports): createTable
 * leaves them out there without a word. The statement is the same on those that have one. */
static bool takes_remarks(const struct ddl *d)
{
    const struct catalog *cat = d->after->base ? d->after->base : d->goal;
    const char *none = lq_dialect(d->eng)->no_remarks;
    struct str product = cat ? str_sub(cat->version, 0, str_chr(cat->version, ' ')) : STR("");
    return !none || !word_in(none, product);
}

static struct str literal(struct ddl *d, struct str text)
{
    struct strbuf b = sb_new(d->mem, 0);
    sb_char(&b, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            sb_char(&b, '\'');
        sb_char(&b, text.p[i]);
    }
    sb_char(&b, '\'');
    return sb_view(&b);
}

bool lq_put_remarks(struct ddl *d, const struct obj *o)
{
    bool column = str_eq(path_kind(o->path), STR("column"));
    struct str table = column ? path_parent(o->path) : o->path;
    if (takes_remarks(d))
        return false;
    lq_put_sql(d,
               arena_printf(d->mem, "COMMENT ON %s %.*s%s%.*s IS %.*s", column ? "COLUMN" : "TABLE",
                            STR_ARG(lq_qualified(d, d->after, table)), column ? "." : "",
                            STR_ARG(column ? lq_quoted(d, obj_name(d->mem, o)) : STR("")),
                            STR_ARG(literal(d, obj_text(d->mem, o, "comment")))));
    return true;
}

/* Those of a table that was just made, and of its columns. */
static void all_remarks(struct ddl *d, const struct obj *table)
{
    struct view_iter it = view_iter(d->after, table->path);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        bool own = o == table || str_eq(path_kind(o->path), STR("column"));
        if (own && !str_is_null(obj_raw(o, "comment")))
            lq_put_remarks(d, o);
    }
}

static int table_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "createTable");
    struct strbuf columns = sb_new(d->mem, 0);
    struct str temporary = obj_text(d->mem, c->after, "temporary");
    if (put_columns(d, c->after, &columns, e))
        return -1;
    if (obj_text(d->mem, c->after, "on_commit").n)
        return lq_refused(d, c, "no change type says what becomes of its rows at a commit",
                          "make it by hand, or leave it out: --exclude", e);
    lq_raw_key(&x, "columns", sb_view(&columns));
    lq_text_key(&x, "remarks", obj_text(d->mem, c->after, "comment"));
    lq_schema_key(&x, "schemaName", c->after->path);
    lq_text_key(&x, "tableName", obj_name(d->mem, c->after));
    if (temporary.n)
        lq_text_key(&x, "tableType", arena_printf(d->mem, "%.*s TEMPORARY", STR_ARG(temporary)));
    if (d->facets & F_STORAGE)
        lq_text_key(&x, "tablespace", obj_text(d->mem, c->after, "tablespace"));
    lq_put(&x);
    all_remarks(d, c->after);
    return 0;
}

static int table_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "dropTable");
    (void)e;
    lq_schema_key(&x, "schemaName", c->before->path);
    lq_text_key(&x, "tableName", obj_name(d->mem, c->before));
    lq_put(&x);
    return 0;
}

static int table_rename(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "renameTable");
    (void)e;
    lq_text_key(&x, "newTableName", obj_name(d->mem, c->after));
    lq_text_key(&x, "oldTableName", obj_name(d->mem, c->before));
    lq_schema_key(&x, "schemaName", c->before->path);
    lq_put(&x);
    return 0;
}

static int table_comment(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "setTableRemarks");
    (void)e;
    if (lq_put_remarks(d, c->after))
        return 0;
    lq_text_always(&x, "remarks", obj_text(d->mem, c->after, "comment"));
    lq_schema_key(&x, "schemaName", c->after->path);
    lq_text_key(&x, "tableName", obj_name(d->mem, c->after));
    lq_put(&x);
    return 0;
}

static int no_move(struct ddl *d, const struct change *c, struct err *e)
{
    return lq_refused(d, c, "no change type moves a table to another tablespace",
                      "--facets -storage leaves tablespaces out", e);
}

static int no_order(struct ddl *d, const struct change *c, struct err *e)
{
    return lq_refused(d, c, "no change type changes the order of columns",
                      "--facets -order leaves it out", e);
}

static int no_temporary(struct ddl *d, const struct change *c, struct err *e)
{
    return lq_refused(d, c, "no change type makes a table temporary, or no longer so", NULL, e);
}

LQ_ALTER(create, "table.create", table_create, "createTable");
LQ_ALTER(drop, "table.drop", table_drop, "dropTable");
LQ_ALTER(renamed, "table.rename", table_rename, "renameTable");
LQ_ALTER(comment, "table.comment", table_comment, "setTableRemarks");
LQ_ALTER(moved, "table.tablespace", no_move, "refused: no change type does it");
LQ_ALTER(ordered, "table.order", no_order, "refused: no change type does it");
LQ_ALTER(temporary, "table.temporary", no_temporary, "refused: no change type does it");

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"columns",    A_LIST, CMP_ORDER, F_ORDER,     NULL, &ordered,   1, true,  0, "names of the columns, in order"},
    LQ_COMMENT(&comment),
    LQ_NAME(&renamed),
    {"on_commit",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &temporary, 1, false, 0, "what becomes of a temporary table's rows"},
    {"tablespace", A_TEXT, CMP_VALUE, F_STORAGE,   NULL, &moved,     1, false, 0, "tablespace"},
    {"temporary",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &temporary, 1, false, 0, "GLOBAL: a temporary table"},
};
/* clang-format on */

const struct kind_desc lq_table_kind = {
    .name = "table",
    .parents = ",schema",
    .flags = KF_DATA | KF_GRANTED,
    .rank = 20,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &renamed,
    .doc = "table",
};
