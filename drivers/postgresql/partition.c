/*
 * Partitions: that a table is a part of another is a fact of its own, so that a partition is made
 * with its indexes, which ATTACH then takes for the parent's, and is detached before they go. Its
 * rows stay.
 */

#include "drivers/postgresql/column.h"
#include "drivers/postgresql/online.h"

static bool is_part(const struct obj *o)
{
    return obj_raw(o, "part_of").n > 0;
}

static bool differs(const struct ddl *d, struct str path)
{
    const struct obj *was = view_get(d->before, path), *is = view_get(d->after, path);
    return !was != !is || (was && !str_eq(was->a, is->a));
}

/* The parent's CHECK of the same name; nothing in the catalogs connects the two. */
static struct str parents_check(const struct ddl *d, struct str path)
{
    struct str table = path_parent(path), key, raw;
    struct str own = path_join(d->mem, table, STR("partition"), STR("#"));
    const struct obj *o = view_get(d->after, own);
    o = o ? o : view_get(d->after, table);
    struct jc_iter it = jc_iter(o ? o->deps : STR_NULL);
    while (jc_next(&it, &key, &raw)) {
        struct str other =
            path_join(d->mem, jc_text(d->mem, raw), STR("check"), path_name(d->mem, path));
        if (differs(d, other))
            return other;
    }
    return STR_NULL;
}

/* What is a part of a part goes with the whole. */
static struct str topmost(const struct ddl *d, struct str path)
{
    const struct obj *o = view_get(d->after, path);
    o = o ? o : view_get(d->before, path);
    struct jc_iter it = jc_iter(o->deps);
    struct str key, raw;
    while (is_part(o) && jc_next(&it, &key, &raw)) {
        struct str up = jc_text(d->mem, raw);
        if (str_eq(path_kind(up), path_kind(path)) && differs(d, up))
            return topmost(d, up);
    }
    return path;
}

struct str pg_part_rides(const struct ddl *d, const struct change *c)
{
    const struct obj *o = change_obj(c);
    struct str table = path_parent(o->path), key, raw;
    struct str own = path_join(d->mem, table, STR("partition"), STR("#"));
    if (!(c->before && is_part(c->before)) && !(c->after && is_part(c->after)))
        return STR_NULL;
    if (differs(d, own))
        return own;
    bool check = str_eq(path_kind(o->path), STR("check"));
    struct str parents = check ? parents_check(d, o->path) : STR_NULL;
    if (check && !parents.n && !view_get(d->before, own) && !view_get(d->after, own) &&
        differs(d, table))
        return table; /* by INHERITS */
    struct jc_iter it = jc_iter(o->deps);
    while (jc_next(&it, &key, &raw)) {
        struct str path = jc_text(d->mem, raw);
        if (str_eq(path_kind(path), path_kind(o->path)) && differs(d, path))
            return topmost(d, path);
    }
    return parents;
}

/* Indexes and keys that are made before ATTACH have their wanted names; it takes them for parts,
 * but for EXCLUDE, which the server compares with nothing and makes anew. */
static void make_parts(struct ddl *d, struct str table)
{
    struct view_iter it = view_iter(d->after, table);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct str kind = path_kind(o->path);
        const struct obj *was = view_get(d->before, o->path);
        bool excludes = str_eq(kind, STR("exclude"));
        if (is_part(o) && was && excludes && !is_part(was))
            pg_ddl(d, 0, "ALTER TABLE %S DROP CONSTRAINT %S", pg_table_of(d->mem, o->path),
                   pg_last(d->mem, o->path));
        if (!is_part(o) || was || excludes)
            continue;
        if (str_eq(kind, STR("index")))
            pg_index_make(d, o);
        else if (!str_eq(kind, STR("foreign_key")))
            pg_constraint_make(d, o);
    }
}

/* What was a part and stays when the table is detached, though nobody wants it. */
static void drop_parts(struct ddl *d, struct str table)
{
    struct view_iter it = view_iter(d->before, table);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        if (!is_part(o) || view_get(d->after, o->path))
            continue;
        if (str_eq(path_kind(o->path), STR("index")))
            pg_ddl(d, 0, "DROP INDEX %S.%S", pg_name(d->mem, o->path, 1), pg_last(d->mem, o->path));
        else
            pg_ddl(d, 0, "ALTER TABLE %S DROP CONSTRAINT %S", pg_table_of(d->mem, o->path),
                   pg_last(d->mem, o->path));
    }
}

/* Columns that both have and that take values, as a list. */
static struct str shared_columns(struct ddl *d, const struct obj *to, const struct view *from,
                                 struct str table)
{
    struct strbuf names = sb_new(d->mem, 0);
    uint32_t n;
    struct str *columns = pg_list(d->mem, obj_raw(to, "columns"), &n);
    for (uint32_t i = 0; i < n; i++) {
        const struct obj *has =
            view_get(d->after, path_join(d->mem, to->path, STR("column"), columns[i]));
        if (has && !obj_raw(has, "generated").n &&
            view_get(from, path_join(d->mem, table, STR("column"), columns[i])))
            sql_fmt(&names, &pg_dialect, "%s%I", names.n ? ", " : "", columns[i]);
    }
    return sb_view(&names);
}

/* The default partition of a table at this moment, where it may hold rows; or NULL. */
static const struct obj *default_partition(struct ddl *d, struct str of)
{
    struct view_iter it = view_iter(d->before, STR(""));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        if (str_eq(path_kind(o->path), STR("partition")) &&
            str_eq(obj_text(d->mem, o, "bound"), STR("DEFAULT")) &&
            str_eq(obj_text(d->mem, o, "of"), of) && !pg_table_is_new(d, o->path))
            return o;
    return NULL;
}

static void attach_as(struct ddl *d, const struct obj *o)
{
    pg_ddl(d, 0, "ALTER TABLE ONLY %S ATTACH PARTITION %S %S", obj_text(d->mem, o, "of"),
           pg_table_of(d->mem, o->path), obj_text(d->mem, o, "bound"));
}

/* Rows of the default partition that are the new one's go there; the server only refuses. */
static void attach_beside(struct ddl *d, const struct obj *o, const struct obj *dflt)
{
    struct str of = obj_text(d->mem, o, "of"), table = pg_table_of(d->mem, o->path), columns;
    struct str rest = pg_table_of(d->mem, dflt->path), move, whole = STR_NULL, key, raw;
    for (struct jc_iter it = jc_iter(o->deps); jc_next(&it, &key, &raw);)
        if (str_eq(path_kind(jc_text(d->mem, raw)), STR("table")))
            whole = jc_text(d->mem, raw);
    columns = shared_columns(d, view_get(d->after, whole), d->before, path_parent(dflt->path));
    move = pg_text(d->mem,
                   "WITH moved AS (DELETE FROM %S WHERE %%s RETURNING *) INSERT INTO %S (%S) "
                   "OVERRIDING SYSTEM VALUE SELECT %S FROM moved",
                   rest, of, columns, columns);
    ddl_hazard(d, HZ_ROWS_MOVE, path_parent(dflt->path), "to %.*s where they fit its bound",
               STR_ARG(table));
    ddl_hazard(d, HZ_ROWS_MOVE, path_parent(o->path), "from the default partition");
    pg_ddl(d, 0, "ALTER TABLE %S DETACH PARTITION %S", of, rest);
    attach_as(d, o);
    pg_ddl(d, 0,
           "DO $snap$ BEGIN EXECUTE format(%L, pg_get_partition_constraintdef(%L::regclass)); END "
           "$snap$",
           move, table);
    attach_as(d, dflt);
}

static void attach(struct ddl *d, const struct obj *o)
{
    const struct obj *dflt = default_partition(d, obj_text(d->mem, o, "of"));
    if (!view_get(d->before, o->path))
        pg_notnull_names(d, path_parent(o->path));
    make_parts(d, path_parent(o->path));
    if (dflt && !str_eq(dflt->path, o->path))
        attach_beside(d, o, dflt);
    else
        attach_as(d, o);
    if (!pg_table_is_new(d, o->path))
        ddl_hazard(d, HZ_DATA_DEPENDENT, o->path, "fails where a row does not fit the bound");
}

static void detach(struct ddl *d, const struct obj *o, bool for_good)
{
    bool online = for_good && pg_online_detach(d, o);
    if (!online)
        pg_ddl(d, 0, "ALTER TABLE %S DETACH PARTITION %S", obj_text(d->mem, o, "of"),
               pg_table_of(d->mem, o->path));
    pg_notnull_names(d, path_parent(o->path));
    drop_parts(d, path_parent(o->path));
}

static int partition_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    attach(d, c->after);
    return 0;
}

static int partition_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    detach(d, c->before, true);
    return 0;
}

static int partition_bound(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    detach(d, c->before, false);
    attach(d, c->after);
    return 0;
}

/* Where the table and what it is a part of both go there is nothing to take apart. */
static struct str goes_with_table(const struct ddl *d, const struct change *c)
{
    struct str table = path_parent(change_obj(c)->path), key, raw;
    struct jc_iter it = jc_iter(change_obj(c)->deps);
    if (!view_get(d->before, table) || view_get(d->after, table))
        return STR_NULL;
    while (jc_next(&it, &key, &raw)) {
        struct str path = jc_text(d->mem, raw);
        if (str_eq(path_kind(path), STR("table")) && view_get(d->after, path))
            return STR_NULL;
    }
    return table;
}

/* The nearest table above a partition that is there at both ends, and now; or NULL. */
static const struct obj *whole_that_stays(struct ddl *d, const struct catalog *at, struct str table)
{
    for (int level = 0; level < 32; level++) {
        const struct obj *part = cat_find(at, path_join(d->mem, table, STR("partition"), STR("#")));
        struct jc_iter it = jc_iter(part ? part->deps : STR_NULL);
        struct str key, raw, up = STR_NULL;
        while (jc_next(&it, &key, &raw))
            if (str_eq(path_kind(jc_text(d->mem, raw)), STR("table")))
                up = jc_text(d->mem, raw);
        if (!up.n)
            return NULL;
        if (cat_find(d->origin, up) && cat_find(d->goal, up) && view_get(d->after, up))
            return view_get(d->after, up);
        table = up;
    }
    return NULL;
}

/* What may take the rows of a partition that goes: the default one, and such as were not there. */
static void rows_may_come(struct ddl *d, const struct obj *whole)
{
    struct view_iter it = view_iter(d->after, STR(""));
    struct str id = pg_id(d->mem, whole);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        if (!str_eq(path_kind(o->path), STR("partition")) || !str_eq(obj_text(d->mem, o, "of"), id))
            continue;
        const struct obj *was = cat_find(d->origin, o->path), *is = cat_find(d->goal, o->path);
        if (!was || !is || !str_eq(was->a, is->a) ||
            str_eq(obj_text(d->mem, o, "bound"), STR("DEFAULT")))
            ddl_hazard(d, HZ_ROWS_MOVE, path_parent(o->path), "from a partition that goes");
    }
}

void pg_partition_save_rows(struct ddl *d, const struct obj *table)
{
    if (!d->origin || !d->goal || obj_raw(table, "partition_by").n || obj_raw(table, "server").n)
        return;
    const struct catalog *at = cat_find(d->origin, table->path) ? d->origin : d->goal;
    const struct obj *whole = whole_that_stays(d, at, table->path);
    if (!whole || !obj_raw(whole, "partition_by").n)
        return;
    struct str columns = shared_columns(d, whole, d->before, table->path);
    pg_ddl(d, 0, "INSERT INTO %S (%S) OVERRIDING SYSTEM VALUE SELECT %S FROM %S",
           pg_id(d->mem, whole), columns, columns, pg_id(d->mem, table));
    ddl_hazard(d, HZ_DATA_DEPENDENT, table->path, "fails where a row fits no other partition");
    rows_may_come(d, whole);
}

static void brief(const struct obj *o, struct strbuf *out)
{
    sb_printf(out, "of %.*s %.*s", STR_ARG(obj_text(out->mem, o, "of")),
              STR_ARG(obj_text(out->mem, o, "bound")));
}

static const struct alter create = {
    .name = "partition.create", .fn = partition_create, .doc = "ATTACH PARTITION"};
static const struct alter drop_own = {
    .name = "partition.drop", .fn = partition_drop, .doc = "DETACH PARTITION"};
static const struct alter drop = {.name = "partition.drop_table",
                                  .rides = goes_with_table,
                                  .other = &drop_own,
                                  .doc = "goes with the table"};
static const struct alter bound = {
    .name = "partition.bound", .fn = partition_bound, .doc = "DETACH, ATTACH PARTITION"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"bound", A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &bound, 1, false, AF_GUARDS | AF_TIES, "FOR VALUES"},
    {"of",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,   1, false, AF_TIES, "the partitioned table"},
};
/* clang-format on */

const struct kind_desc pg_partition_kind = {
    .name = "partition",
    .parents = "table",
    .flags = KF_TIE,
    .rank = 70,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .brief = brief,
    .doc = "that a table is a part of a partitioned one",
};
