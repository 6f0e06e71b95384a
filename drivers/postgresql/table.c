/* Tables: plain, partitioned, partitions, inherited, typed. */

#include "drivers/postgresql/column.h"
#include "drivers/postgresql/foreign.h"
#include "drivers/postgresql/postgresql.h"

/* The columns of CREATE TABLE; those that come by inheritance alone come with the parents. A
 * partition is made with all of them and attached. */
static struct str column_list(struct ddl *d, const struct obj *table)
{
    struct strbuf b = sb_new(d->mem, 0);
    uint32_t n;
    struct str *names = pg_list(d->mem, obj_raw(table, "columns"), &n);
    bool inherits = obj_raw(table, "inherits").n > 0;
    for (uint32_t i = 0; i < n; i++) {
        struct str path = path_join(d->mem, table->path, STR("column"), names[i]);
        const struct obj *column = view_get(d->after, path);
        if (!column)
            continue;
        if (inherits && obj_true(column, "inherited")) {
            struct str own = pg_notnull_beside(d, column);
            if (own.n)
                sql_fmt(&b, &pg_dialect, "%s\n    %S", b.n ? "," : "", own);
            continue;
        }
        sql_fmt(&b, &pg_dialect, "%s\n    %S", b.n ? "," : "",
                pg_column_clause(d, d->after, column));
    }
    if (b.n)
        sb_char(&b, '\n');
    return sb_view(&b);
}

static struct str joined(struct arena *mem, struct str raw_list)
{
    struct strbuf b = sb_new(mem, 0);
    uint32_t n;
    struct str *names = pg_list(mem, raw_list, &n);
    for (uint32_t i = 0; i < n; i++)
        sql_fmt(&b, &pg_dialect, "%s%S", i ? ", " : "", names[i]);
    return sb_view(&b);
}

static void row_security(struct ddl *d, struct str id, const struct obj *before,
                         const struct obj *after)
{
    bool on = obj_true(after, "row_security"), force = obj_true(after, "force_rls");
    if (on != (before && obj_true(before, "row_security")))
        pg_ddl(d, 0, "ALTER TABLE %S %s ROW LEVEL SECURITY", id, on ? "ENABLE" : "DISABLE");
    if (force != (before && obj_true(before, "force_rls")))
        pg_ddl(d, 0, "ALTER TABLE %S %s ROW LEVEL SECURITY", id, force ? "FORCE" : "NO FORCE");
}

static int table_create(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = c->after;
    struct str id = pg_id(d->mem, o), type = obj_text(d->mem, o, "of_type");
    struct str parents = joined(d->mem, obj_raw(o, "inherits"));
    struct str key = obj_text(d->mem, o, "partition_by");
    struct str options = pg_options(d->mem, o);
    struct str method = obj_text(d->mem, o, "access_method");
    struct str space = obj_text(d->mem, o, "tablespace");
    struct strbuf b = sb_new(d->mem, 0);
    sql_fmt(&b, &pg_dialect, "CREATE %s%s %S ", obj_true(o, "unlogged") ? "UNLOGGED " : "",
            pg_keyword(d->eng, o), id);
    sql_fmt(&b, &pg_dialect, "(%S)", column_list(d, o));
    if (parents.n)
        sql_fmt(&b, &pg_dialect, " INHERITS (%S)", parents);
    if (key.n)
        sql_fmt(&b, &pg_dialect, " PARTITION BY %S", key);
    if (method.n)
        sql_fmt(&b, &pg_dialect, " USING %I", method);
    if (options.n)
        sql_fmt(&b, &pg_dialect, " WITH (%S)", options);
    if (space.n)
        sql_fmt(&b, &pg_dialect, " TABLESPACE %I", space);
    if (pg_is_foreign(o))
        sql_fmt(&b, &pg_dialect, " SERVER %I%S", obj_text(d->mem, o, "server"),
                pg_foreign_options(d->mem, o, "foreign_options"));
    ddl_stmt(d, sb_view(&b), 0);
    if (type.n)
        pg_ddl(d, 0, "ALTER TABLE %S OF %S", id, type);
    struct view_iter it = view_iter(d->after, o->path);
    for (const struct obj *child = view_next(&it); child; child = view_next(&it))
        if (str_eq(path_kind(child->path), STR("column"))) {
            if (parents.n && obj_true(child, "inherited") && pg_column_own(d, child, e))
                return -1;
            pg_column_dress(d, child);
        }
    pg_secrets_missing(d, o);
    row_security(d, id, NULL, o);
    pg_dress(d, pg_keyword(d->eng, o), id, o);
    it = view_iter(d->after, o->path);
    for (const struct obj *child = view_next(&it); child; child = view_next(&it))
        if (str_eq(path_kind(child->path), STR("column")))
            pg_column_grants(d, child);
    return 0;
}

static int table_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_partition_save_rows(d, c->before);
    pg_ddl(d, 0, "DROP %s %S", pg_keyword(d->eng, c->before), pg_id(d->mem, c->before));
    return 0;
}

static int table_logged(struct ddl *d, const struct change *c, struct err *e)
{
    if (pg_sequences_apart(d, c->after->path, e))
        return -1;
    pg_ddl(d, 0, "ALTER TABLE %S SET %s", pg_id(d->mem, c->after),
           obj_true(c->after, "unlogged") ? "UNLOGGED" : "LOGGED");
    return 0;
}

static int table_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_alter_options(d, pg_text(d->mem, "ALTER TABLE %S", pg_id(d->mem, c->after)), c);
    return 0;
}

static int table_rls(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    row_security(d, pg_id(d->mem, c->after), c->before, c->after);
    return 0;
}

static int table_space(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str space = obj_text(d->mem, c->after, "tablespace");
    pg_ddl(d, 0, "ALTER TABLE %S SET TABLESPACE %I", pg_id(d->mem, c->after),
           space.n ? space : STR("pg_default"));
    return 0;
}

static bool has(const struct str *list, uint32_t n, struct str one)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(list[i], one))
            return true;
    return false;
}

static int table_inherits(struct ddl *d, const struct change *c, struct err *e)
{
    uint32_t nb, na;
    struct str id = pg_id(d->mem, c->after);
    struct str *before = pg_list(d->mem, obj_raw(c->before, "inherits"), &nb);
    struct str *after = pg_list(d->mem, obj_raw(c->after, "inherits"), &na);
    /* New parents first: a column that has none for a moment would be the table's own for good. */
    for (uint32_t i = 0; i < na; i++)
        if (!has(before, nb, after[i]))
            pg_ddl(d, 0, "ALTER TABLE %S INHERIT %S", id, after[i]);
    for (uint32_t i = 0; i < nb; i++)
        if (!has(after, na, before[i]))
            pg_ddl(d, 0, "ALTER TABLE %S NO INHERIT %S", id, before[i]);
    return pg_columns_inherited(d, c->after->path, e);
}

static int table_method(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str method = obj_text(d->mem, c->after, "access_method");
    pg_ddl(d, 0, "ALTER TABLE %S SET ACCESS METHOD %I", pg_id(d->mem, c->after),
           method.n ? method : STR("heap"));
    return 0;
}

static int table_of(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str type = obj_text(d->mem, c->after, "of_type"), id = pg_id(d->mem, c->after);
    if (type.n)
        pg_ddl(d, 0, "ALTER TABLE %S OF %S", id, type);
    else
        pg_ddl(d, 0, "ALTER TABLE %S NOT OF", id);
    return 0;
}

static int table_foreign(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str head = pg_text(d->mem, "ALTER FOREIGN TABLE %S", pg_id(d->mem, c->after));
    pg_alter_foreign(d, head, c, "foreign_options");
    return 0;
}

ALTER(create, "table.create", table_create, "CREATE TABLE");
ALTER(drop, "table.drop", table_drop, "DROP TABLE");
/* Every row goes to another file; the rows of a partitioned table are its partitions'. */
static unsigned table_tells(struct ddl *d, const struct change *c)
{
    (void)d;
    return obj_raw(c->after, "partition_by").n ? 0 : 1u << HZ_REWRITE;
}

#define REWRITES(id, nm, f, text)                                                                  \
    static const struct alter id = {.name = nm, .fn = f, .tells = table_tells, .doc = text}
REWRITES(logged, "table.logged", table_logged, "SET LOGGED, SET UNLOGGED");
ALTER(options, "table.options", table_options, "SET (...), RESET (...)");
ALTER(rls, "table.row_security", table_rls, "ENABLE, FORCE ROW LEVEL SECURITY");
REWRITES(space, "table.tablespace", table_space, "SET TABLESPACE");
ALTER(inherits, "table.inherits", table_inherits, "INHERIT, NO INHERIT");
REWRITES(method, "table.access_method", table_method, "SET ACCESS METHOD");
ALTER(foreign, "table.foreign_options", table_foreign, "OPTIONS (ADD, SET, DROP)");
ALTER(of_type, "table.of_type", table_of, "OF, NOT OF");

/* The order of columns cannot be changed; it is reported on its own. */
static int no_order(struct ddl *d, const struct change *c, struct err *e)
{
    (void)d;
    (void)c;
    (void)e;
    return 0;
}
ALTER(order, "table.order", no_order, "nothing: PostgreSQL cannot move a column");

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"access_method",      A_TEXT, CMP_VALUE, F_STORAGE,   NULL, &method,    1, false, 0, "table access method other than heap"},
    PG_ACL,
    {"columns",            A_LIST, CMP_ORDER, F_ORDER,     NULL, &order,     1, true,  AF_DERIVED, "names of the columns in their order"},
    PG_COMMENT,
    {"force_rls", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &rls,       1, false, 0, "FORCE ROW LEVEL SECURITY"},
    {"foreign_options",    A_MAP,  CMP_VALUE, F_STRUCTURE, NULL, &foreign,   1, false, 0, "OPTIONS of a foreign table"},
    {"inherits",           A_LIST, CMP_VALUE, F_STRUCTURE, NULL, &inherits,  1, false, AF_TIES, "parents by INHERITS"},
    {"of_type",            A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, &of_type,   1, false, 0, "composite type of a typed table"},
    {"options",            A_MAP,  CMP_VALUE, F_STORAGE,   NULL, &options,   1, false, 0, "storage parameters"},
    PG_OWNER,
    {"partition_by",       A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, false, 0, "partition key"},
    {"row_security",       A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &rls,       1, false, 0, "ROW LEVEL SECURITY enabled"},
    {"server",             A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, false, 0, "server of a foreign table"},
    {"tablespace",         A_TEXT, CMP_VALUE, F_STORAGE,   NULL, &space,     1, false, 0, "tablespace other than the database's"},
    {"unlogged",           A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &logged,    1, false, 0, "UNLOGGED"},
};
/* clang-format on */

const struct kind_desc pg_table_kind = {
    .name = "table",
    .parents = "schema",
    .flags = KF_DATA,
    .rank = 40,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .computed = pg_is_foreign,
    .doc = "table, partitioned table, partition, foreign table",
};
