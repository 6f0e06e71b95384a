/* Indexes that no constraint made. */

#include "drivers/postgresql/online.h"
#include "drivers/postgresql/part_name.h"

static struct str index_name(struct ddl *d, const struct obj *o)
{
    return pg_text(d->mem, "%S.%S", pg_name(d->mem, o->path, 1), pg_last(d->mem, o->path));
}

static void statistics(struct ddl *d, const struct obj *o, struct str before)
{
    struct str key, value;
    for (struct jc_iter it = jc_iter(before); jc_next(&it, &key, &value);)
        pg_ddl(d, 0, "ALTER INDEX %S ALTER COLUMN %S SET STATISTICS -1", index_name(d, o), key);
    for (struct jc_iter it = jc_iter(obj_raw(o, "statistics")); jc_next(&it, &key, &value);)
        pg_ddl(d, 0, "ALTER INDEX %S ALTER COLUMN %S SET STATISTICS %S", index_name(d, o), key,
               jc_text(d->mem, value));
}

static void cluster(struct ddl *d, const struct obj *o)
{
    if (obj_true(o, "clustered"))
        pg_ddl(d, 0, "ALTER TABLE %S CLUSTER ON %S", pg_table_of(d->mem, o->path),
               pg_last(d->mem, o->path));
}

static bool is_whole(const struct obj *o)
{
    struct str def = obj_raw(o, "def");
    return str_find(def, STR(" ON ONLY ")) < def.n;
}

/* CREATE INDEX as it is, or in its online form, before which goes what a failed one has left. That
 * of a partitioned table holds nothing and is made at once. */
static void put_create(struct ddl *d, const struct obj *o, struct str sql, bool online)
{
    size_t at = str_find(sql, STR("INDEX ")) + 5;
    if (online)
        pg_drop_leftover(d, index_name(d, o));
    if (online && !is_whole(o))
        sql = pg_text(d->mem, "%S CONCURRENTLY%S", str_sub(sql, 0, at), str_from(sql, at));
    ddl_stmt(d, sql, online ? ST_NO_TX : 0);
}

static void make(struct ddl *d, const struct obj *o, bool online)
{
    struct str options = pg_options(d->mem, o), where = obj_text(d->mem, o, "where");
    struct str space = obj_text(d->mem, o, "tablespace"), parent = obj_text(d->mem, o, "part_of");
    struct strbuf b = sb_new(d->mem, 0);
    sb_str(&b, pg_respell(d->mem, obj_text(d->mem, o, "def")));
    if (options.n)
        sql_fmt(&b, &pg_dialect, " WITH (%S)", options);
    if (space.n)
        sql_fmt(&b, &pg_dialect, " TABLESPACE %I", space);
    if (where.n)
        sql_fmt(&b, &pg_dialect, " WHERE %S", pg_respell(d->mem, where));
    put_create(d, o, sb_view(&b), online);
    /* ATTACH PARTITION of the table finds it by itself. */
    struct str table = path_parent(o->path);
    if (parent.n && pg_partition(d->before, d->mem, table) && pg_partition(d->after, d->mem, table))
        pg_ddl(d, 0, "ALTER INDEX %S ATTACH PARTITION %S", parent, index_name(d, o));
    cluster(d, o);
    statistics(d, o, STR_NULL);
    if (!str_is_null(obj_raw(o, "comment")) && (d->facets & F_COMMENTS))
        pg_comment(d, "INDEX", index_name(d, o), obj_text(d->mem, o, "comment"));
}

void pg_index_make(struct ddl *d, const struct obj *o)
{
    make(d, o, false);
}

static bool needs(const struct ddl *d, const struct obj *o, struct str path)
{
    struct jc_iter it = jc_iter(o->deps);
    struct str key, raw;
    while (jc_next(&it, &key, &raw))
        if (str_eq(jc_text(d->mem, raw), path))
            return true;
    return false;
}

/* The index of a partitioned table stands alone at first; those of the partitions are attached to
 * it, and can be dropped with it only: all are one step. */
static void make_parts(struct ddl *d, const struct obj *whole)
{
    struct view_iter it = view_iter(d->after, STR(""));
    if (!is_whole(whole))
        return;
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        if (!obj_raw(o, "part_of").n || !str_eq(path_kind(o->path), STR("index")) ||
            view_get(d->before, o->path) || !needs(d, o, whole->path))
            continue;
        make(d, o, pg_online(d, o->path));
        make_parts(d, o);
    }
}

static int index_create(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = c->after;
    /* that of a partitioned table is invalid while a part lacks its own */
    if (obj_true(o, "invalid") && !is_whole(o))
        return err_set(e, E_UNSUPPORTED_CHANGE,
                       "index %.*s: an invalid index cannot be made; REINDEX or drop it first",
                       STR_ARG(index_name(d, o)));
    make(d, o, pg_online(d, o->path));
    make_parts(d, o);
    if (pg_table_is_new(d, o->path))
        return 0;
    if (str_starts(obj_text(d->mem, o, "def"), STR("CREATE UNIQUE")))
        ddl_hazard(d, HZ_DATA_DEPENDENT, o->path, "fails when two rows are equal in the key");
    return 0;
}

static int index_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    if (pg_online(d, c->before->path) && !is_whole(c->before))
        pg_ddl(d, ST_NO_TX, "DROP INDEX CONCURRENTLY IF EXISTS %S", index_name(d, c->before));
    else
        pg_ddl(d, 0, "DROP INDEX %S", index_name(d, c->before));
    return 0;
}

static int index_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_alter_options(d, pg_text(d->mem, "ALTER INDEX %S", index_name(d, c->after)), c);
    return 0;
}

static int index_space(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str space = obj_text(d->mem, c->after, "tablespace");
    pg_ddl(d, 0, "ALTER INDEX %S SET TABLESPACE %I", index_name(d, c->after),
           space.n ? space : STR("pg_default"));
    return 0;
}

static int index_cluster(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    if (!obj_true(c->after, "clustered"))
        pg_ddl(d, 0, "ALTER TABLE %S SET WITHOUT CLUSTER", pg_table_of(d->mem, c->after->path));
    cluster(d, c->after);
    return 0;
}

static int index_statistics(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    statistics(d, c->after, obj_raw(c->before, "statistics"));
    return 0;
}

static int index_comment(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str raw = obj_raw(c->after, "comment");
    pg_comment(d, "INDEX", index_name(d, c->after),
               str_is_null(raw) ? STR_NULL : obj_text(d->mem, c->after, "comment"));
    return 0;
}

/* An index that is not unique takes any rows. */
static bool is_unique(const struct obj *o)
{
    return str_starts(obj_raw(o, "def"), STR("\"CREATE UNIQUE"));
}

static void brief(const struct obj *o, struct strbuf *out)
{
    struct str def = obj_text(out->mem, o, "def");
    size_t at = str_find(def, STR(" USING "));
    if (is_unique(o))
        sb_c(out, "unique ");
    sb_str(out, str_from(def, at + 7));
    struct str where = obj_text(out->mem, o, "where");
    if (where.n)
        sb_printf(out, " where %.*s", STR_ARG(where));
}

ALTER(create_own, "index.create", index_create, "CREATE INDEX");
static const struct alter create = {.name = "index.create_part",
                                    .rides = pg_part_comes,
                                    .other = &create_own,
                                    .doc = "comes with ATTACH PARTITION or the parent's index"};
static const struct alter drop_own = {
    .name = "index.drop", .fn = index_drop, .applies = pg_part_is_free, .doc = "DROP INDEX"};
static const struct alter rename_part = {.name = "index.rename_part",
                                         .fn = pg_part_rename,
                                         .applies = pg_part_is_renamed,
                                         .other = &drop_own,
                                         .doc = "ALTER INDEX RENAME of a partition's"};
static const struct alter drop = {.name = "index.drop_part",
                                  .rides = pg_part_goes,
                                  .other = &rename_part,
                                  .doc = "goes with the index that it is a part of"};
static const struct alter part = {.name = "index.part",
                                  .rides = pg_part_moves,
                                  .other = &alter_replace,
                                  .doc = "follows from ATTACH and DETACH of the table"};
ALTER(options, "index.options", index_options, "SET (...), RESET (...)");
ALTER(space, "index.tablespace", index_space, "SET TABLESPACE");
ALTER(clustered, "index.cluster", index_cluster, "CLUSTER ON");
ALTER(stats, "index.statistics", index_statistics, "ALTER COLUMN SET STATISTICS");
ALTER(comment, "index.comment", index_comment, "COMMENT ON INDEX");

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"clustered",        A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &clustered, 1, false, 0, "CLUSTER goes by it"},
    {"comment",          A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &comment,   1, false, 0, "COMMENT ON"},
    {"def",              A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, false, AF_GUARDS, "CREATE INDEX as the server writes it, less options and condition"},
    {"invalid",          A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, false, 0, "left by a failed CONCURRENTLY"},
    {"options",          A_MAP,  CMP_VALUE, F_STORAGE,   NULL, &options,   1, false, 0, "storage parameters"},
    {"part_of",          A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &part,      1, false, 0, "index of the partitioned table that it is attached to"},
    {"statistics",       A_MAP,  CMP_VALUE, F_STORAGE,   NULL, &stats,     1, false, 0, "statistics targets by number of the term"},
    {"tablespace",       A_TEXT, CMP_VALUE, F_STORAGE,   NULL, &space,     1, false, 0, "tablespace other than the database's"},
    {"where",            A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, true,  0, "condition of a partial index"},
};
/* clang-format on */

const struct kind_desc pg_index_kind = {
    .name = "index",
    .parents = "table,matview",
    .flags = KF_CASCADE,
    .rank = 68,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .guards = is_unique,
    .brief = brief,
    .doc = "index",
};
