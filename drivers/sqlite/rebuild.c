/*
 * The rebuild: what SQLite has no ALTER for is done by making the table anew, copying the rows,
 * dropping the old one and giving the new one its name (https://sqlite.org/lang_altertable.html 7).
 * Indexes and triggers of the table die with it; the renderer makes them again after this handler.
 * Children keep pointing at the name, because it is the new table that is renamed.
 */

#include "drivers/sqlite/rebuild.h"

/* What one rebuild knows. */
struct work {
    struct ddl *d;
    struct str path;
    const struct obj *before, *after; /* the table */
    struct str old_name, new_name;
    const struct obj **columns; /* of the table after, in order */
    uint32_t ncolumns;
};

static bool is_generated(const struct obj *column)
{
    return !str_is_null(obj_raw(column, "generated"));
}

/* The same column before, or NULL when it is new. */
static const struct obj *twin(const struct work *w, const struct obj *column)
{
    return view_get(w->d->before, column->path);
}

/* A word for the rowid that no column of the table hides, or NULL. */
static const char *rowid_word(const struct work *w, const struct view *v)
{
    static const char *const words[] = {"rowid", "_rowid_", "oid"};
    for (size_t i = 0; i < 3; i++) {
        struct str path = path_join(w->d->mem, w->path, STR("column"), str_c(words[i]));
        if (!view_get(v, path))
            return words[i];
    }
    return NULL;
}

/* What is copied: a name of the new table and the name it has in the old one, both as SQL. */
struct copied {
    struct str into, from;
};
struct copy_list {
    struct copied *v;
    uint32_t n, cap;
};

static void copy_item(const struct work *w, struct copy_list *list, struct str into,
                      struct str from)
{
    struct copied item = {into, from};
    VEC_PUSH(w->d->mem, *list, item);
}

/* The rowid goes along: as the new INTEGER PRIMARY KEY, where that is a column that was not there
 * before, or as itself; what was such a key stays the rowid where none comes. */
static void copy_rowid(const struct work *w, struct copy_list *list)
{
    const char *source = rowid_word(w, w->d->before), *target = rowid_word(w, w->d->after);
    struct str alias = lite_rowid_alias(w->d->mem, w->d->after, w->path);
    if (obj_true(w->before, "without_rowid") || obj_true(w->after, "without_rowid") || !source)
        return;
    if (!str_is_null(alias)) {
        const struct obj *column = view_get(w->d->after, alias);
        if (!twin(w, column))
            copy_item(w, list, lite_text(w->d->mem, "%I", obj_name(w->d->mem, column)),
                      str_c(source));
    } else if (target) {
        copy_item(w, list, str_c(target), str_c(source));
    }
}

/* Nothing is on both sides, not even a rowid: the rows stay as rows, with their defaults. */
static void copy_default(const struct work *w, struct copy_list *list)
{
    for (uint32_t i = 0; i < w->ncolumns && !list->n; i++) {
        struct str dflt = obj_text(w->d->mem, w->columns[i], "default");
        if (!is_generated(w->columns[i]))
            copy_item(w, list, lite_text(w->d->mem, "%I", obj_name(w->d->mem, w->columns[i])),
                      str_is_null(dflt) ? STR("NULL") : lite_text(w->d->mem, "(%S)", dflt));
    }
}

static struct copy_list copied_columns(const struct work *w)
{
    struct copy_list list = {0};
    copy_rowid(w, &list);
    for (uint32_t i = 0; i < w->ncolumns; i++) {
        const struct obj *old = twin(w, w->columns[i]);
        struct str filled = lite_filled(w->d, old, w->columns[i]);
        if (!str_is_null(filled) && old)
            ddl_hazard(w->d, HZ_CONVERT, old->path, "NULLs become what was given for them");
        if (!str_is_null(filled))
            copy_item(w, &list, lite_text(w->d->mem, "%I", obj_name(w->d->mem, w->columns[i])),
                      filled);
        else if (old && !is_generated(w->columns[i]))
            copy_item(w, &list, lite_text(w->d->mem, "%I", obj_name(w->d->mem, w->columns[i])),
                      lite_text(w->d->mem, "%I", obj_name(w->d->mem, old)));
    }
    if (!list.n)
        copy_default(w, &list);
    return list;
}

/* One side of the list, joined with commas; or, when `held`, the names c1, c2 ... with or without
 * the column that each stands for. */
enum list_part { PART_INTO, PART_FROM, PART_HELD, PART_FROM_AS_HELD };
static struct str joined(const struct work *w, const struct copy_list *list, enum list_part part)
{
    struct strbuf b = sb_new(w->d->mem, 0);
    for (uint32_t i = 0; i < list->n; i++) {
        if (i)
            sb_c(&b, ", ");
        if (part == PART_INTO)
            sb_str(&b, list->v[i].into);
        if (part == PART_FROM || part == PART_FROM_AS_HELD)
            sb_str(&b, list->v[i].from);
        if (part == PART_FROM_AS_HELD)
            sb_c(&b, " AS ");
        if (part == PART_HELD || part == PART_FROM_AS_HELD)
            sb_printf(&b, "c%u", i + 1);
    }
    return sb_view(&b);
}

bool lite_names_itself(struct arena *mem, const struct view *v, struct str table)
{
    struct str name = path_name(mem, table);
    struct view_iter it = view_iter(v, table);
    const struct obj *o;
    while ((o = view_next(&it))) {
        struct lexer l = lex_open(obj_text(mem, o, "expr"));
        for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l))
            if (tok_is_name(t) && str_eq_fold(tok_name(mem, t), name) &&
                tok_is_op(lex_peek(&l), "."))
                return true;
    }
    return false;
}

static bool autoincrement(const struct work *w, const struct view *v)
{
    struct str path = path_join(w->d->mem, w->path, STR("primary_key"), STR("#"));
    const struct obj *key = view_get(v, path);
    return key && obj_true(key, "autoincrement");
}

/* Copies the high-water mark to the row of another table's name, before the rows are copied: SQLite
 * then only raises it. */
static void keep_sequence(const struct work *w, struct str from, struct str to)
{
    if (autoincrement(w, w->d->before) && autoincrement(w, w->d->after))
        lite_ddl(w->d, 0,
                 "INSERT INTO sqlite_sequence (name, seq) SELECT %L, seq FROM sqlite_sequence "
                 "WHERE name = %L",
                 to, from);
}

static void copy_rows(const struct work *w, struct str source, struct str target)
{
    struct copy_list list = copied_columns(w);
    if (!list.n)
        return;
    /* OR ABORT: the ON CONFLICT of a constraint would let rows go without a word. */
    lite_ddl(w->d, 0, "INSERT OR ABORT INTO %I (%S) SELECT %S FROM %I", target,
             joined(w, &list, PART_INTO), joined(w, &list, PART_FROM), source);
}

/* Views and triggers that do not fit for a moment would stop the last RENAME. */
static bool has_bodies(const struct view *v)
{
    struct view_iter it = view_iter(v, STR(""));
    const struct obj *o;
    while ((o = view_next(&it)))
        if (str_eq(path_kind(o->path), STR("view")) || str_eq(path_kind(o->path), STR("trigger")))
            return true;
    return false;
}

static void by_new_table(const struct work *w)
{
    struct str temp = lite_free_name(w->d, "_snap_new_", w->old_name);
    bool legacy = has_bodies(w->d->before);
    ddl_stmt(w->d, lite_create_table(w->d->mem, w->d->after, w->path, temp), 0);
    keep_sequence(w, w->old_name, temp);
    copy_rows(w, w->old_name, temp);
    lite_ddl(w->d, 0, "DROP TABLE %I", w->old_name);
    /* The pragma works inside a transaction too (tried on 3.40 and 3.54). */
    if (legacy)
        lite_ddl(w->d, 0, "PRAGMA legacy_alter_table = on");
    lite_ddl(w->d, 0, "ALTER TABLE %I RENAME TO %I", temp, w->new_name);
    if (legacy)
        lite_ddl(w->d, 0, "PRAGMA legacy_alter_table = off");
}

/* The rows wait in a table of their own while the name is free: twice the copying, but nothing is
 * renamed. The held columns are c1, c2 ... */
static void by_held_rows(const struct work *w)
{
    struct str hold = lite_free_name(w->d, "_snap_old_", w->old_name);
    struct copy_list list = copied_columns(w);
    if (list.n)
        lite_ddl(w->d, 0, "CREATE TABLE %I AS SELECT %S FROM %I", hold,
                 joined(w, &list, PART_FROM_AS_HELD), w->old_name);
    keep_sequence(w, w->old_name, hold);
    lite_ddl(w->d, 0, "DROP TABLE %I", w->old_name);
    ddl_stmt(w->d, lite_create_table(w->d->mem, w->d->after, w->path, w->new_name), 0);
    keep_sequence(w, hold, w->new_name);
    if (list.n) {
        lite_ddl(w->d, 0, "INSERT OR ABORT INTO %I (%S) SELECT %S FROM %I", w->new_name,
                 joined(w, &list, PART_INTO), joined(w, &list, PART_HELD), hold);
        lite_ddl(w->d, 0, "DROP TABLE %I", hold);
    }
    if (autoincrement(w, w->d->before) && autoincrement(w, w->d->after))
        lite_ddl(w->d, 0, "DELETE FROM sqlite_sequence WHERE name = %L", hold);
}

/* Rows that get another rowid than they had. It cannot be helped where a column that is there
 * becomes the rowid, or where the table keeps none; what was a column's value is not lost. */
static bool rowids_change(const struct work *w)
{
    struct str was = lite_rowid_alias(w->d->mem, w->d->before, w->path);
    struct str alias = lite_rowid_alias(w->d->mem, w->d->after, w->path);
    if (obj_true(w->before, "without_rowid") || !rowid_word(w, w->d->before))
        return false; /* there were none that a statement could name */
    if (obj_true(w->after, "without_rowid"))
        return str_is_null(was);
    return !str_is_null(alias) && twin(w, view_get(w->d->after, alias)) && !str_eq(was, alias);
}

static void rowid_hazard(const struct work *w)
{
    struct str was = lite_rowid_alias(w->d->mem, w->d->before, w->path);
    struct str alias = lite_rowid_alias(w->d->mem, w->d->after, w->path);
    if (str_is_null(alias))
        ddl_hazard(w->d, HZ_ROWID_CHANGES, w->path, "its hidden rowids go");
    else
        ddl_hazard(w->d, HZ_ROWID_CHANGES, w->path, "column %.*s becomes the rowid",
                   STR_ARG(obj_name(w->d->mem, view_get(w->d->after, alias))));
    w->d->lossy = w->d->lossy || str_is_null(was);
}

static void hazards(const struct work *w)
{
    struct view_iter it = view_iter(w->d->before, w->path);
    const struct obj *o;
    ddl_hazard(w->d, HZ_REWRITE, w->path, "the table is made anew and every row is copied");
    if (autoincrement(w, w->d->before) && !autoincrement(w, w->d->after))
        ddl_hazard(w->d, HZ_COUNTER_LOST, w->path, "AUTOINCREMENT goes");
    while ((o = view_next(&it))) {
        if (!str_eq(path_kind(o->path), STR("column")))
            continue;
        const struct obj *now = view_get(w->d->after, o->path);
        if (!now)
            continue; /* the drop of a column is a hazard of its own change */
        struct str was = lite_stored_as(w->d->mem, w->d->before, o);
        struct str is = lite_stored_as(w->d->mem, w->d->after, now);
        if (is_generated(now) && !is_generated(o))
            ddl_hazard(w->d, HZ_DATA_LOSS, o->path, "its values give way to the generated ones");
        else if (!str_eq(was, is) && !str_eq(is, STR("blob"))) /* which takes all as it is */
            ddl_hazard(w->d, HZ_CONVERT, o->path, "values are stored as %.*s instead of %.*s",
                       STR_ARG(is), STR_ARG(was));
    }
}

static int rebuild(struct ddl *d, const struct change *c, struct err *e)
{
    struct work w = {.d = d, .path = d->owner};
    (void)c;
    (void)e;
    w.before = view_get(d->before, d->owner);
    w.after = view_get(d->after, d->owner);
    w.old_name = obj_name(d->mem, w.before);
    w.new_name = obj_name(d->mem, w.after);
    w.columns = lite_columns(d->mem, d->after, d->owner, &w.ncolumns);
    lite_foreign_keys_off(d);
    lite_rebuild_checks(d, w.path);
    lite_orphans_before(d, w.path);
    /* A CHECK that says table.column of its own table cannot be made under another name. */
    if (lite_names_itself(d->mem, d->after, w.path))
        by_held_rows(&w);
    else
        by_new_table(&w);
    lite_foreign_key_checks(d, w.path);
    lite_orphans_after(d, w.path);
    hazards(&w);
    if (rowids_change(&w))
        rowid_hazard(&w);
    lite_refresh_full_text(d, w.path, rowids_change(&w));
    return 0;
}

/* What stands in a column is gone when the column is computed instead. */
static bool becomes_computed(const struct ddl *d, const struct change *c)
{
    (void)d;
    return c->before && c->after && str_eq(path_kind(c->after->path), STR("column")) &&
           !obj_raw(c->before, "generated").n && obj_raw(c->after, "generated").n;
}

const struct alter lite_rebuild = {.name = "table.rebuild",
                                   .fn = rebuild,
                                   .at_owner = true,
                                   .recreates = "index,trigger",
                                   .hazard = HZ_REWRITE,
                                   .loses = becomes_computed,
                                   .doc = "the table is made anew and its rows are copied"};
