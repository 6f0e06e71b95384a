/* CHECKs, periods and foreign keys. The first two are part of their table's ALTER TABLE; a foreign
 * key ties two tables, so it comes and goes by itself. */

#include "drivers/mysql/algorithm.h"
#include "drivers/mysql/table.h"

void my_put_check(struct strbuf *out, const struct obj *o)
{
    sb_c(out, "CONSTRAINT ");
    my_put_name(out, my_name(out->mem, o->path));
    sb_printf(out, " CHECK (%.*s)", STR_ARG(obj_text(out->mem, o, "expr")));
    if (obj_true(o, "not_enforced"))
        sb_c(out, " NOT ENFORCED");
}

void my_check_facts(struct catalog *cat, const struct my_check *c, struct str table)
{
    struct fact f;
    fact_begin(&f, cat, "check", table, c->name);
    fact_text(&f, "expr", c->expr);
    fact_bool(&f, "not_enforced", c->not_enforced);
    fact_end(&f);
}

void my_put_period(struct strbuf *out, const struct obj *o)
{
    struct str name = my_name(out->mem, o->path);
    uint32_t n;
    struct str *columns = my_list(out->mem, obj_raw(o, "columns"), &n);
    sb_c(out, "PERIOD FOR ");
    if (str_eq(name, STR("SYSTEM_TIME")))
        sb_str(out, name);
    else
        my_put_name(out, name);
    sb_c(out, " (");
    my_put_name(out, columns[0]);
    sb_c(out, ", ");
    my_put_name(out, columns[1]);
    sb_char(out, ')');
}

void my_period_facts(struct catalog *cat, const struct my_period *p, struct str table)
{
    struct str columns[] = {p->from, p->to};
    struct fact f;
    fact_begin(&f, cat, "period", table, p->name);
    fact_list(&f, "columns", columns, 2);
    fact_end(&f);
}

static void put_names(struct strbuf *out, struct str raw)
{
    uint32_t n;
    struct str *names = my_list(out->mem, raw, &n);
    sb_char(out, '(');
    for (uint32_t i = 0; i < n; i++) {
        sb_c(out, i ? ", " : "");
        my_put_name(out, names[i]);
    }
    sb_char(out, ')');
}

static void put_action(struct strbuf *out, const struct obj *o, const char *attr, const char *words)
{
    struct str action = obj_text(out->mem, o, attr);
    if (action.n)
        sb_printf(out, " %s %.*s", words, STR_ARG(action));
}

void my_put_foreign_key(struct strbuf *out, const struct obj *o)
{
    struct str schema = obj_text(out->mem, o, "ref_schema");
    sb_c(out, "CONSTRAINT ");
    my_put_name(out, my_name(out->mem, o->path));
    sb_c(out, " FOREIGN KEY ");
    put_names(out, obj_raw(o, "columns"));
    sb_c(out, " REFERENCES ");
    if (schema.n) {
        my_put_name(out, schema);
        sb_char(out, '.');
    }
    my_put_name(out, obj_text(out->mem, o, "ref_table"));
    sb_char(out, ' ');
    put_names(out, obj_raw(o, "ref_columns"));
    put_action(out, o, "on_delete", "ON DELETE");
    put_action(out, o, "on_update", "ON UPDATE");
}

void my_foreign_key_facts(struct catalog *cat, const struct my_foreign_key *k, struct str table)
{
    struct fact f;
    struct str other = my_top(cat->tmp, "table", k->ref_table);
    fact_begin(&f, cat, "foreign_key", table, k->name);
    fact_list(&f, "columns", k->columns, k->ncolumns);
    fact_text(&f, "on_delete", k->on_delete);
    fact_text(&f, "on_update", k->on_update);
    fact_list(&f, "ref_columns", k->ref_columns, k->nref);
    fact_text(&f, "ref_schema", k->ref_schema);
    fact_text(&f, "ref_table", k->ref_table);
    for (uint32_t i = 0; i < k->ncolumns; i++)
        fact_dep(&f, my_column_path(cat->tmp, table, k->columns[i]));
    for (uint32_t i = 0; i < k->nref && str_is_null(k->ref_schema); i++)
        fact_dep(&f, my_column_path(cat->tmp, other, k->ref_columns[i]));
    if (str_is_null(k->ref_schema))
        fact_dep(&f, other);
    fact_end(&f);
}

/* The table that it points at is not there: the server takes such a key only unchecked. */
static bool is_dangling(const struct ddl *d, const struct obj *o)
{
    if (obj_raw(o, "ref_schema").n)
        return str_eq(obj_src(d->mem, o, "dangling"), STR("1"));
    return !view_get(d->after, my_top(d->mem, "table", obj_text(d->mem, o, "ref_table")));
}

static int foreign_key_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct strbuf text = sb_new(d->mem, 0);
    struct my_work w = {0};
    bool unchecked = is_dangling(d, c->after);
    (void)e;
    struct str table = path_parent(c->after->path);
    struct str kept = my_kept_keys(d, table, c->after);
    sb_printf(&text, "%.*s%sADD ", STR_ARG(kept), kept.n ? ", " : "");
    my_put_foreign_key(&text, c->after);
    my_permit(d, table, true);
    if (unchecked)
        my_ddl(d, 0, "SET SESSION foreign_key_checks = 0");
    if (!unchecked)
        my_depends(d, c->after->path, "fails where a row refers to none");
    my_note(&w, unchecked ? MY_ADD_UNCHECKED : MY_ADD_FOREIGN_KEY);
    my_alter(d, table, &w, sb_view(&text));
    my_locks_parent(d, c->after, unchecked ? MY_ADD_UNCHECKED : MY_ADD_FOREIGN_KEY);
    if (unchecked)
        my_ddl(d, 0, "SET SESSION foreign_key_checks = 1");
    my_permit(d, table, false);
    return 0;
}

static int foreign_key_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct my_work w = {0};
    struct str table = path_parent(c->before->path);
    (void)e;
    my_permit(d, table, true);
    my_note(&w, MY_DROP_FOREIGN_KEY);
    my_alter(d, table, &w,
             my_text(d->mem, "DROP FOREIGN KEY %I", my_name(d->mem, c->before->path)));
    my_locks_parent(d, c->before, MY_DROP_FOREIGN_KEY);
    my_permit(d, table, false);
    return 0;
}

static bool is_text(struct str type)
{
    return str_starts(type, STR("varchar(")) || str_starts(type, STR("char("));
}

/* A foreign key of the table sets the column to NULL. */
static bool is_set_null(const struct ddl *d, const struct view *v, const struct obj *column)
{
    uint32_t n;
    const struct obj **keys = my_below(d->mem, v, path_parent(column->path), "foreign_key", &n);
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(obj_raw(keys[i], "on_delete"), STR("\"SET NULL\"")) ||
            str_eq(obj_raw(keys[i], "on_update"), STR("\"SET NULL\"")))
            return true;
    return false;
}

bool my_minds_keys(const struct ddl *d, const struct change *c)
{
    if (c->op != OP_ALTER)
        return false;
    struct str was = obj_text(d->mem, c->before, "type"), is = obj_text(d->mem, c->after, "type");
    if (!str_eq(obj_raw(c->before, "collation"), obj_raw(c->after, "collation")))
        return true;
    if (!str_eq(was, is) && !(is_text(was) && is_text(is)))
        return true;
    return !str_eq(obj_raw(c->before, "notnull"), obj_raw(c->after, "notnull")) &&
           (is_set_null(d, d->before, c->before) || is_set_null(d, d->after, c->after));
}

static void check_brief(const struct obj *o, struct strbuf *out)
{
    sb_printf(out, "(%.*s)%s", STR_ARG(obj_text(out->mem, o, "expr")),
              obj_true(o, "not_enforced") ? " not enforced" : "");
}

static void foreign_key_brief(const struct obj *o, struct strbuf *out)
{
    struct strbuf text = sb_new(out->mem, 0);
    my_put_foreign_key(&text, o);
    sb_str(out, str_from(sb_view(&text), str_find(sb_view(&text), STR("FOREIGN KEY")) + 12));
}

static const struct alter create_fk = {
    .name = "foreign_key.create", .fn = foreign_key_create, .doc = "ALTER TABLE ADD CONSTRAINT"};
static const struct alter drop_fk = {
    .name = "foreign_key.drop", .fn = foreign_key_drop, .doc = "ALTER TABLE DROP FOREIGN KEY"};

/* clang-format off */
static const struct attr_desc check_attrs[] = {
    {"expr",         A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, AF_GUARDS, "condition"},
    {"not_enforced", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, AF_GUARDS, "NOT ENFORCED"},
};
static const struct attr_desc period_attrs[] = {
    {"columns", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &my_alter_table, 1, false, 0, "its begin and its end"},
};
static const struct attr_desc foreign_key_attrs[] = {
    {"columns",     A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "columns"},
    {"on_delete",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "ON DELETE, where it is written"},
    {"on_update",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "ON UPDATE, where it is written"},
    {"ref_columns", A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "columns of the other table"},
    {"ref_schema",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "its schema, where it is another"},
    {"ref_table",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, true,  0, "the other table"},
};
/* clang-format on */

const struct kind_desc my_check_kind = {
    .name = "check",
    .parents = "table",
    .flags = KF_INLINE | KF_CASCADE | KF_GUARDS,
    .rank = 24,
    .facet = F_STRUCTURE,
    .attrs = check_attrs,
    .nattrs = sizeof check_attrs / sizeof *check_attrs,
    .create = &my_alter_table,
    .drop = &my_alter_table,
    .brief = check_brief,
    .names = "/check",
    .doc = "CHECK constraint of a table",
};

const struct kind_desc my_period_kind = {
    .name = "period",
    .parents = "table",
    .flags = KF_INLINE | KF_CASCADE,
    .rank = 25,
    .facet = F_STRUCTURE,
    .attrs = period_attrs,
    .nattrs = sizeof period_attrs / sizeof *period_attrs,
    .create = &my_alter_table,
    .drop = &my_alter_table,
    .doc = "PERIOD FOR (MariaDB)",
};

const struct kind_desc my_foreign_key_kind = {
    .name = "foreign_key",
    .parents = "table",
    .flags = KF_CASCADE | KF_GUARDS,
    .rank = 40,
    .facet = F_STRUCTURE,
    .attrs = foreign_key_attrs,
    .nattrs = sizeof foreign_key_attrs / sizeof *foreign_key_attrs,
    .create = &create_fk,
    .drop = &drop_fk,
    .brief = foreign_key_brief,
    .names = "/foreign_key",
    .doc = "foreign key of a table",
};
