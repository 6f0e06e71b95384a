/* The guards of a rebuild; see rebuild.h. Each is one SELECT that fails by name. */

#include "drivers/sqlite/rebuild.h"

struct guard {
    struct ddl *d;
    struct str path;
    const struct obj *before, *after; /* the table */
    struct str name;                  /* before */
};

static struct guard guard_open(struct ddl *d, struct str path)
{
    struct guard g = {d, path, view_get(d->before, path), view_get(d->after, path), STR_NULL};
    g.name = obj_name(d->mem, g.before);
    return g;
}

/* `path`: what the rows may not fit. */
static void stop_if(const struct guard *g, struct str path, unsigned flags, struct str message,
                    struct str count, const char *hazard)
{
    lite_check(g->d, flags, message, count);
    ddl_hazard(g->d, HZ_DATA_DEPENDENT, path, "%s", hazard);
}

static struct str column_label(const struct guard *g, const struct obj *column)
{
    return arena_printf(g->d->mem, "%.*s.%.*s", STR_ARG(g->name),
                        STR_ARG(obj_name(g->d->mem, column)));
}

/* NULL cannot be stored in the column in this state: NOT NULL is said, or it is the rowid, or it is
 * in the key of a WITHOUT ROWID or STRICT table. */
static bool refuses_null(const struct guard *g, const struct view *v, const struct obj *column)
{
    struct arena *mem = g->d->mem;
    const struct obj *table = view_get(v, g->path);
    const struct obj *key = view_get(v, path_join(mem, g->path, STR("primary_key"), STR("#")));
    bool in_key =
        key && lite_terms_hold(mem, obj_raw(key, "columns"), path_name(mem, column->path));
    bool strict_key = obj_true(table, "without_rowid") || obj_true(table, "strict");
    return obj_true(column, "notnull") || (in_key && strict_key) ||
           str_eq(lite_rowid_alias(mem, v, g->path), column->path);
}

/* SQLite puts the next number there for NULL. */
static bool is_rowid(const struct guard *g, const struct obj *column)
{
    return str_eq(lite_rowid_alias(g->d->mem, g->d->after, g->path), column->path);
}

/* Stops where NULL does not fit, and where it would become a number that nobody gave. A new column
 * that is the rowid gets the rowids. */
static void check_null(const struct guard *g, const struct obj *column)
{
    struct arena *mem = g->d->mem;
    const struct obj *old = view_get(g->d->before, column->path);
    bool generated = !str_is_null(obj_raw(column, "generated"));
    if (generated || (!old && is_rowid(g, column)) || !refuses_null(g, g->d->after, column) ||
        !str_is_null(lite_filled(g->d, old, column)))
        return;
    if (!old && str_is_null(obj_raw(column, "default"))) {
        stop_if(g, column->path, 0,
                arena_printf(mem,
                             "snap: column %.*s is NOT NULL and has no DEFAULT: give one, or fill "
                             "it in a step of your own; rows in the way: ",
                             STR_ARG(column_label(g, column))),
                lite_text(mem, "SELECT count(*) AS n FROM %I", g->name),
                "a new NOT NULL column without a default fits an empty table only");
    } else if (old && !refuses_null(g, g->d->before, old)) {
        stop_if(g, column->path, 0,
                arena_printf(mem, "snap: column %.*s becomes %s; rows that hold NULL: ",
                             STR_ARG(column_label(g, old)),
                             is_rowid(g, column) ? "the rowid" : "NOT NULL"),
                lite_text(mem, "SELECT count(*) AS n FROM %I WHERE %I IS NULL", g->name,
                          obj_name(mem, old)),
                "a row that holds NULL stops it");
    }
}

/* The column was there, and its values are stored in another way now. */
static bool stored_otherwise(const struct guard *g, const struct obj *column)
{
    const struct obj *old = view_get(g->d->before, column->path);
    return old && !str_eq(lite_stored_as(g->d->mem, g->d->before, old),
                          lite_stored_as(g->d->mem, g->d->after, column));
}

/* A key that was none becomes the rowid; where the affinity changes SQLite refuses what it cannot
 * convert. */
static void check_rowid(const struct guard *g, const struct obj *column)
{
    struct arena *mem = g->d->mem;
    const struct obj *old = view_get(g->d->before, column->path);
    if (!old || !is_rowid(g, column) ||
        str_eq(lite_rowid_alias(mem, g->d->before, g->path), column->path) ||
        stored_otherwise(g, column))
        return;
    stop_if(g, column->path, 0,
            arena_printf(mem,
                         "snap: column %.*s becomes the rowid; rows that hold no whole number: ",
                         STR_ARG(column_label(g, old))),
            lite_text(mem,
                      "SELECT count(*) AS n FROM %I WHERE %I IS NOT NULL AND typeof(%I) <> "
                      "'integer'",
                      g->name, obj_name(mem, old), obj_name(mem, old)),
            "a value that is no whole number stops it");
}

/* What typeof() says of a value that a STRICT column of this type takes. */
static const char *strict_types(struct str type)
{
    if (str_eq(type, STR("int")) || str_eq(type, STR("integer")))
        return "'integer'";
    if (str_eq(type, STR("real")))
        return "'real', 'integer'";
    if (str_eq(type, STR("text")))
        return "'text'";
    return str_eq(type, STR("blob")) ? "'blob'" : NULL;
}

/* Where the affinity stays, the value is stored as it is and typeof() tells; where it changes, the
 * copy converts and SQLite itself refuses what it cannot store. */
static void check_strict(const struct guard *g, const struct obj *column)
{
    struct arena *mem = g->d->mem;
    const struct obj *old = view_get(g->d->before, column->path);
    const char *types = strict_types(obj_text(mem, column, "type"));
    bool was = obj_true(g->before, "strict") && old &&
               str_eq(obj_raw(old, "type"), obj_raw(column, "type"));
    if (!obj_true(g->after, "strict") || !old || was || !types ||
        !str_is_null(obj_raw(column, "generated")) || stored_otherwise(g, column))
        return;
    stop_if(g, column->path, 0,
            arena_printf(mem, "snap: table becomes STRICT; values of another type in %.*s: ",
                         STR_ARG(column_label(g, old))),
            lite_text(
                mem, "SELECT count(*) AS n FROM %I WHERE %I IS NOT NULL AND typeof(%I) NOT IN (%s)",
                g->name, obj_name(mem, old), obj_name(mem, old), types),
            "a value of another type stops it");
}

/* A key over columns that all were there: equal rows are found before the copy. */
static void check_unique(const struct guard *g, const struct obj *key)
{
    struct arena *mem = g->d->mem;
    uint32_t n;
    struct str *terms = lite_list(mem, obj_raw(key, "columns"), &n);
    struct strbuf group = sb_new(mem, 0), not_null = sb_new(mem, 0);
    const struct obj *was = view_get(g->d->before, key->path);
    if (was && str_eq(obj_raw(was, "columns"), obj_raw(key, "columns")))
        return;
    for (uint32_t i = 0; i < n; i++) {
        struct lexer l = lex_open(terms[i]);
        struct str name = lite_fold(mem, tok_name(mem, lex_next(&l)));
        struct str path = path_join(mem, g->path, STR("column"), name);
        const struct obj *old = view_get(g->d->before, path), *now = view_get(g->d->after, path);
        if (!old || !now || !str_is_null(obj_raw(now, "generated")))
            return;
        struct str collate = obj_text(mem, now, "collate"), term = terms[i];
        bool own = str_find(term, STR(" collate ")) < term.n;
        if (str_ends(term, STR(" desc")))
            term.n -= 5;
        sb_c(&group, i ? ", " : "");
        if (own)
            sb_str(&group, term);
        else
            sql_fmt(&group, &lite_dialect, "%I%s%S", obj_name(mem, old),
                    collate.n ? " COLLATE " : "", collate.n ? collate : STR(""));
        sql_fmt(&not_null, &lite_dialect, "%s%I IS NOT NULL", i ? " AND " : "", obj_name(mem, old));
    }
    stop_if(g, g->path, 0,
            arena_printf(mem, "snap: table %.*s gets a key over (%.*s); values that stand twice: ",
                         STR_ARG(g->name), STR_ARG(sb_view(&group))),
            lite_text(mem,
                      "SELECT count(*) AS n FROM (SELECT 1 FROM %I WHERE %S GROUP BY %S HAVING "
                      "count(*) > 1)",
                      g->name, sb_view(&not_null), sb_view(&group)),
            "two rows that are equal in the key stop it");
}

/* A CHECK that was not there, or that said something else under its name. */
static bool is_new_condition(const struct guard *g, const struct obj *check)
{
    const struct obj *was = view_get(g->d->before, check->path);
    return !was || !str_eq(obj_raw(was, "expr"), obj_raw(check, "expr"));
}

void lite_rebuild_checks(struct ddl *d, struct str table_path)
{
    struct guard g = guard_open(d, table_path);
    struct view_iter it = view_iter(d->after, table_path);
    const struct obj *o;
    while ((o = view_next(&it))) {
        struct str kind = path_kind(o->path);
        if (str_eq(kind, STR("column"))) {
            check_null(&g, o);
            check_rowid(&g, o);
            check_strict(&g, o);
        } else if (str_eq(kind, STR("unique")) || str_eq(kind, STR("primary_key"))) {
            check_unique(&g, o);
        } else if (str_eq(kind, STR("check")) && is_new_condition(&g, o)) {
            ddl_hazard(d, HZ_DATA_DEPENDENT, o->path, "a row that does not fit the CHECK stops it");
        }
    }
}

/* Columns of the parent that a foreign key points at, by name; false when they cannot be told. */
static bool parent_columns(struct arena *mem, const struct view *v, const struct obj *fk,
                           struct str **names, uint32_t *n)
{
    struct str parent = lite_top_path(mem, "table", obj_text(mem, fk, "ref_table"));
    *names = lite_list(mem, obj_raw(fk, "ref_columns"), n);
    if (*n == 0) {
        const struct obj *key = view_get(v, path_join(mem, parent, STR("primary_key"), STR("#")));
        *names = lite_list(mem, key ? obj_raw(key, "columns") : STR_NULL, n);
        for (uint32_t i = 0; i < *n; i++) {
            struct lexer l = lex_open((*names)[i]);
            (*names)[i] = tok_name(mem, lex_next(&l));
        }
    }
    for (uint32_t i = 0; i < *n; i++)
        if (!view_get(v, path_join(mem, parent, STR("column"), lite_fold(mem, (*names)[i]))))
            return false;
    return *n == jc_count(obj_raw(fk, "columns"));
}

/* A key or plain unique index over just these columns. */
static bool is_key_over(struct arena *mem, const struct obj *o, struct str *const names, uint32_t n)
{
    struct str kind = path_kind(o->path);
    bool key =
        str_eq(kind, STR("primary_key")) || str_eq(kind, STR("unique")) ||
        (str_eq(kind, STR("index")) && obj_true(o, "unique") && str_is_null(obj_raw(o, "where")));
    if (!key || jc_count(obj_raw(o, "columns")) != n)
        return false;
    for (uint32_t i = 0; i < n; i++)
        if (!lite_terms_hold(mem, obj_raw(o, "columns"), lite_fold(mem, names[i])))
            return false;
    return true;
}

bool lite_foreign_key_fits(struct arena *mem, const struct view *v, const struct obj *fk)
{
    struct str parent = lite_top_path(mem, "table", obj_text(mem, fk, "ref_table")), *names;
    struct view_iter it = view_iter(v, parent);
    const struct obj *o;
    uint32_t n;
    if (!parent_columns(mem, v, fk, &names, &n))
        return false;
    while ((o = view_next(&it)))
        if (is_key_over(mem, o, names, n))
            return true;
    return false;
}

/* SELECT count(*) AS n of the child's rows that name a parent row which is not there. A foreign key
 * compares as the parent's column does; the plus takes the child's affinity out of it. */
static bool orphans(const struct guard *g, const struct view *v, const struct obj *fk,
                    struct str child, struct str *out)
{
    struct arena *mem = g->d->mem;
    struct str parent = obj_text(mem, fk, "ref_table"), *refs;
    uint32_t n, nrefs;
    struct str *columns = lite_list(mem, obj_raw(fk, "columns"), &n);
    struct strbuf given = sb_new(mem, 0), match = sb_new(mem, 0);
    bool exists = view_get(v, lite_top_path(mem, "table", parent)) != NULL;
    if (exists && !parent_columns(mem, v, fk, &refs, &nrefs))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        sql_fmt(&given, &lite_dialect, "%sc.%I IS NOT NULL", i ? " AND " : "", columns[i]);
        if (exists)
            sql_fmt(&match, &lite_dialect, "%sp.%I = +c.%I", i ? " AND " : "", refs[i], columns[i]);
    }
    *out = exists ? lite_text(mem,
                              "SELECT count(*) AS n FROM %I AS c WHERE %S AND NOT EXISTS (SELECT 1 "
                              "FROM %I AS p WHERE %S)",
                              child, sb_view(&given), parent, sb_view(&match))
                  : lite_text(mem, "SELECT count(*) AS n FROM %I AS c WHERE %S", child,
                              sb_view(&given));
    return true;
}

/* A foreign key before that said the same of the same columns. */
static bool was_there(const struct guard *g, const struct obj *fk)
{
    struct view_iter it = view_iter(g->d->before, g->path);
    const struct obj *o;
    while ((o = view_next(&it)))
        if (str_eq(path_kind(o->path), STR("foreign_key")) &&
            str_eq(obj_raw(o, "columns"), obj_raw(fk, "columns")) &&
            str_eq(obj_raw(o, "ref_table"), obj_raw(fk, "ref_table")) &&
            str_eq(obj_raw(o, "ref_columns"), obj_raw(fk, "ref_columns")))
            return true;
    return false;
}

void lite_foreign_key_checks(struct ddl *d, struct str table_path)
{
    struct guard g = guard_open(d, table_path);
    struct view_iter it = view_iter(d->after, table_path);
    struct str child = obj_name(d->mem, g.after), count;
    const struct obj *o;
    while ((o = view_next(&it))) {
        if (!str_eq(path_kind(o->path), STR("foreign_key")) || was_there(&g, o) ||
            !orphans(&g, d->after, o, child, &count))
            continue;
        struct strbuf what = sb_new(d->mem, 0);
        lite_foreign_key_kind.brief(o, &what);
        stop_if(&g, g.path, ST_LATE,
                arena_printf(d->mem, "snap: foreign key %.*s %.*s; rows without a parent: ",
                             STR_ARG(child), STR_ARG(sb_view(&what))),
                count, "a row without a parent stops it");
    }
}

static bool affinity_changes(const struct guard *g, struct str column)
{
    struct str path = path_join(g->d->mem, g->path, STR("column"), lite_fold(g->d->mem, column));
    const struct obj *now = view_get(g->d->after, path);
    return now && stored_otherwise(g, now);
}

/* A foreign key that stands before and after, and a column of this table on either end of it is
 * stored differently. */
static bool is_touched(const struct guard *g, const struct obj *fk)
{
    struct arena *mem = g->d->mem;
    uint32_t n;
    struct str *names;
    bool touched = false;
    if (!str_eq(path_kind(fk->path), STR("foreign_key")) || !view_get(g->d->before, fk->path))
        return false;
    if (path_within(fk->path, g->path)) {
        names = lite_list(mem, obj_raw(fk, "columns"), &n);
        for (uint32_t i = 0; i < n; i++)
            touched = touched || affinity_changes(g, names[i]);
    }
    if (str_eq_fold(obj_text(mem, fk, "ref_table"), path_name(mem, g->path)) &&
        parent_columns(mem, g->d->after, fk, &names, &n))
        for (uint32_t i = 0; i < n; i++)
            touched = touched || affinity_changes(g, names[i]);
    return touched;
}

static void each_touched(struct ddl *d, struct str table_path, bool late)
{
    struct guard g = guard_open(d, table_path);
    struct view_iter it = view_iter(d->after, STR(""));
    unsigned number = 0;
    const struct obj *fk;
    while ((fk = view_next(&it))) {
        struct str path = path_parent(fk->path), name, before, after;
        if (!is_touched(&g, fk))
            continue;
        name = obj_name(d->mem, view_get(d->before, path));
        if (!orphans(&g, d->before, view_get(d->before, fk->path), name, &before))
            continue;
        name = obj_name(d->mem, view_get(d->after, path));
        if (!orphans(&g, d->after, fk, name, &after))
            continue;
        struct str held = arena_printf(d->mem, "_snap_orphans_%u", ++number);
        if (!late) {
            lite_ddl(d, ST_CHECK, "CREATE TEMP TABLE %I AS %S", held, before);
            continue;
        }
        stop_if(
            &g, g.path, ST_LATE,
            arena_printf(d->mem,
                         "snap: foreign key of %.*s: rows that lose their parent by the new "
                         "type: ",
                         STR_ARG(name)),
            lite_text(d->mem, "SELECT a.n - b.n AS n FROM (%S) AS a, temp.%I AS b", after, held),
            "a row that loses its parent by the new type stops it");
        lite_ddl(d, ST_LATE | ST_CHECK, "DROP TABLE temp.%I", held);
    }
}

void lite_orphans_before(struct ddl *d, struct str table_path)
{
    each_touched(d, table_path, false);
}

void lite_orphans_after(struct ddl *d, struct str table_path)
{
    each_touched(d, table_path, true);
}
