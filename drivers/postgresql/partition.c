/*
 * Partitions: that a table is a part of another is a fact of its own, so that a partition is made
 * with its indexes, which ATTACH then takes for the parent's, and is detached before they go. Its
 * rows stay.
 */

#include "drivers/postgresql/partition.h"
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

/* The sides of a change that this part of it is about: a drop is of what was, a create of what is.
 */
static bool is_of_part(const struct ddl *d, const struct change *c)
{
    const struct obj *was = c->before && view_get(d->before, c->before->path) ? c->before : NULL;
    const struct obj *is = c->after && view_get(d->after, c->after->path) ? c->after : NULL;
    return (was && is_part(was)) || (is && is_part(is));
}

/* The table becomes a part, or that of another, or none. Under another bound it stays what it was:
 * what comes to the whole comes to it, too. */
static bool tie_changes(const struct ddl *d, struct str part)
{
    const struct obj *was = view_get(d->before, part), *is = view_get(d->after, part);
    return !was != !is || (was && !str_eq(obj_raw(was, "of"), obj_raw(is, "of")));
}

struct str pg_part_rides(const struct ddl *d, const struct change *c)
{
    const struct obj *o = change_obj(c);
    struct str table = path_parent(o->path), key, raw;
    struct str own = path_join(d->mem, table, STR("partition"), STR("#"));
    if (!is_of_part(d, c))
        return STR_NULL;
    if (tie_changes(d, own))
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

static void detach_as(struct ddl *d, const struct obj *o)
{
    pg_ddl(d, 0, "ALTER TABLE %S DETACH PARTITION %S", obj_text(d->mem, o, "of"),
           pg_table_of(d->mem, o->path));
}

static void attach_as(struct ddl *d, const struct obj *o)
{
    pg_ddl(d, 0, "ALTER TABLE ONLY %S ATTACH PARTITION %S %S", obj_text(d->mem, o, "of"),
           pg_table_of(d->mem, o->path), obj_text(d->mem, o, "bound"));
}

/* Rows of the default partition that are the new one's go there; the server only refuses. */
static void attach_beside(struct ddl *d, const struct obj *o, const struct obj *dflt)
{
    struct str from = path_parent(dflt->path);
    struct pg_move move = {.whole = pg_part_whole(d->mem, o), .from = &from, .nfrom = 1};
    VEC_PUSH(d->mem, move.to, o);
    detach_as(d, dflt);
    pg_rows_move(d, &move);
    attach_as(d, o);
    attach_as(d, dflt);
}

/* Copies of triggers come anew with ATTACH, in the state that the parent's are in. */
static void attached(struct ddl *d, const struct obj *o)
{
    if (view_get(d->before, o->path))
        pg_triggers_of_part(d, path_parent(o->path));
    if (!pg_table_is_new(d, o->path))
        ddl_hazard(d, HZ_DATA_DEPENDENT, o->path, "fails where a row does not fit the bound");
}

static void attach(struct ddl *d, const struct obj *o)
{
    const struct obj *dflt = default_partition(d, obj_text(d->mem, o, "of"));
    pg_notnull_names(d, path_parent(o->path));
    make_parts(d, path_parent(o->path));
    if (dflt && !str_eq(dflt->path, o->path))
        attach_beside(d, o, dflt);
    else
        attach_as(d, o);
    attached(d, o);
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
    if (!pg_online_detach(d, c->before))
        detach_as(d, c->before);
    pg_notnull_names(d, path_parent(c->before->path));
    drop_parts(d, path_parent(c->before->path));
    return 0;
}

static bool is_other_bound(const struct ddl *d, const struct obj *was, const struct obj *is)
{
    return was && is && !((was->flags | is->flags) & OBJ_IGNORED) &&
           str_eq(path_kind(is->path), STR("partition")) && !str_eq(was->a, is->a) &&
           str_eq(obj_text(d->mem, was, "of"), obj_text(d->mem, is, "of"));
}

/* Bounds of one table that change side by side change in one step, that of the first. */
static struct str first_of_bounds(const struct ddl *d, const struct change *c)
{
    if (!d->origin || !d->goal || !is_other_bound(d, c->before, c->after))
        return STR_NULL;
    struct str of = obj_raw(c->after, "of");
    for (uint32_t i = 0; i < d->goal->n; i++) {
        const struct obj *o = &d->goal->v[i];
        if (is_other_bound(d, cat_find(d->origin, o->path), o) && str_eq(obj_raw(o, "of"), of))
            return str_eq(o->path, c->after->path) ? STR_NULL : o->path;
    }
    return STR_NULL;
}

/* The partitions whose bounds this step changes, as they become. */
static struct pg_parts bounds_of_step(struct ddl *d, const struct obj *first)
{
    struct pg_parts list = {0};
    struct view_iter it = view_iter(d->after, STR(""));
    struct str of = obj_raw(first, "of");
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        if (o == first ||
            (is_other_bound(d, view_get(d->before, o->path), o) && str_eq(obj_raw(o, "of"), of)))
            VEC_PUSH(d->mem, list, o);
    return list;
}

/* Rows that do not fit the new bound of their table go where they do: to the others, to partitions
 * that come later, to the default one. */
static void move_rows(struct ddl *d, const struct pg_parts *parts, const struct obj *dflt)
{
    const struct obj *first = parts->v[0];
    struct str *from = NEW_ARRAY(d->mem, struct str, parts->n + 1);
    struct pg_move move = {.whole = pg_part_whole(d->mem, first), .from = from};
    move.goal = pg_heading_for(d, first->path, first);
    move.to = pg_parts_to_come(d, move.goal, d->before, obj_text(d->mem, first, "of"));
    for (uint32_t i = 0; i < parts->n; i++) {
        from[move.nfrom++] = path_parent(parts->v[i]->path);
        VEC_PUSH(d->mem, move.to, parts->v[i]);
    }
    if (dflt) {
        move.rest = path_parent(dflt->path);
        from[move.nfrom++] = move.rest;
    }
    if (move.to.n > 1 || dflt)
        pg_rows_move(d, &move);
}

/* All are detached before one is attached: bounds may not overlap at any moment. */
static int partition_bound(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    bool moves = !str_eq(obj_raw(c->before, "of"), obj_raw(c->after, "of"));
    struct pg_parts parts = bounds_of_step(d, c->after);
    const struct obj *dflt = default_partition(d, obj_text(d->mem, c->after, "of"));
    for (uint32_t i = 0; i < parts.n; i++) {
        detach_as(d, view_get(d->before, parts.v[i]->path));
        drop_parts(d, path_parent(parts.v[i]->path));
        if (dflt && str_eq(dflt->path, parts.v[i]->path))
            dflt = NULL;
    }
    if (dflt)
        detach_as(d, dflt);
    for (uint32_t i = 0; i < parts.n; i++) {
        pg_notnull_names(d, path_parent(parts.v[i]->path));
        make_parts(d, path_parent(parts.v[i]->path));
    }
    if (!moves || dflt)
        move_rows(d, &parts, dflt);
    for (uint32_t i = 0; i < parts.n; i++)
        attach_as(d, parts.v[i]);
    if (dflt) {
        attach_as(d, dflt);
        pg_triggers_of_part(d, path_parent(dflt->path));
    }
    for (uint32_t i = 0; i < parts.n; i++)
        attached(d, parts.v[i]);
    return 0;
}

/* Keys and indexes that are parts of others before and after would be none in between. */
static bool has_parts(const struct ddl *d, const struct change *c)
{
    struct view_iter it = view_iter(d->after, path_parent(c->after->path));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        if (is_part(o) && view_get(d->before, o->path))
            return true;
    return false;
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
static const struct alter bound_own = {
    .name = "partition.bound", .fn = partition_bound, .doc = "DETACH, ATTACH PARTITION"};
static const struct alter of = {.name = "partition.of",
                                .fn = partition_bound,
                                .applies = has_parts,
                                .other = &alter_replace,
                                .doc = "DETACH, ATTACH PARTITION in one step"};
static const struct alter bound = {.name = "partition.bound_of_many",
                                   .rides = first_of_bounds,
                                   .other = &bound_own,
                                   .doc = "with the first of the table's bounds that change"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"bound", A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &bound, 1, false, AF_GUARDS | AF_TIES, "FOR VALUES"},
    {"of",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &of,    1, false, AF_TIES, "the partitioned table"},
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
