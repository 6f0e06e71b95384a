/*
 * NOT NULL of a column. From 18 on it is a constraint with a name of its own, may be NOT VALID, may
 * not be inherited, may have a comment; older servers know that it is there. A name that the server
 * would choose itself is not written, unless another constraint of the schema has it too: then the
 * server's choice would hang on which came first. One that comes from a parent can be changed only
 * while the table is detached.
 */

#include "drivers/postgresql/column.h"
#include "drivers/postgresql/online.h"

static struct str constraint_of(struct arena *mem, const struct obj *o)
{
    return obj_src(mem, o, "notnull");
}

/* [CONSTRAINT name ]NOT NULL c[ NO INHERIT] with the column named, or without */
static struct str clause(struct arena *mem, const struct obj *o, struct str column)
{
    struct strbuf b = sb_new(mem, 0);
    struct str name = obj_src(mem, o, "notnull_as");
    if (name.n)
        sql_fmt(&b, &pg_dialect, "CONSTRAINT %I ", name);
    sb_c(&b, "NOT NULL");
    if (column.n)
        sql_fmt(&b, &pg_dialect, " %S", column);
    if (obj_true(o, "notnull_local"))
        sb_c(&b, " NO INHERIT");
    return sb_view(&b);
}

struct str pg_notnull_clause(struct arena *mem, const struct obj *o)
{
    return obj_true(o, "notnull") && !obj_true(o, "notnull_invalid") ? clause(mem, o, STR(""))
                                                                     : STR("");
}

static void comment(struct ddl *d, const struct obj *o, struct str text)
{
    pg_comment(d, "CONSTRAINT",
               pg_text(d->mem, "%I ON %S", constraint_of(d->mem, o), pg_table_of(d->mem, o->path)),
               text);
}

static void comment_new(struct ddl *d, const struct obj *o)
{
    if (!str_is_null(obj_raw(o, "notnull_comment")) && (d->facets & F_COMMENTS))
        comment(d, o, obj_text(d->mem, o, "notnull_comment"));
}

void pg_notnull_dress(struct ddl *d, const struct obj *o)
{
    if (obj_true(o, "notnull_invalid"))
        pg_ddl(d, 0, "ALTER TABLE %S ADD %S NOT VALID", pg_table_of(d->mem, o->path),
               clause(d->mem, o, pg_last(d->mem, o->path)));
    comment_new(d, o);
}

void pg_notnull_own(struct ddl *d, const struct obj *o)
{
    if (!obj_true(o, "notnull") || obj_true(o, "notnull_invalid"))
        return;
    if (obj_src(d->mem, o, "notnull_as").n || obj_true(o, "notnull_local"))
        pg_ddl(d, 0, "ALTER TABLE ONLY %S ADD %S", pg_table_of(d->mem, o->path),
               clause(d->mem, o, pg_last(d->mem, o->path)));
    else
        pg_alter_column_only(d, o, "SET NOT NULL", STR_NULL);
}

struct str pg_notnull_beside(struct ddl *d, const struct obj *o)
{
    struct str name = constraint_of(d->mem, o), key, raw, found = STR("");
    const struct obj *table = view_get(d->after, path_parent(o->path));
    struct jc_iter it = jc_iter(table ? table->deps : STR_NULL);
    if (!name.n || obj_true(o, "notnull_invalid"))
        return found;
    while (jc_next(&it, &key, &raw)) {
        const struct obj *up =
            view_get(d->after, path_join(d->mem, jc_text(d->mem, raw), STR("column"),
                                         path_name(d->mem, o->path)));
        if (!up || !obj_true(up, "notnull") || obj_true(up, "notnull_local"))
            continue;
        if (str_eq(constraint_of(d->mem, up), name))
            return STR("");
        found = pg_text(d->mem, "CONSTRAINT %I NOT NULL %S", name, pg_last(d->mem, o->path));
    }
    return found;
}

static void set(struct ddl *d, const struct obj *o)
{
    struct str table = pg_table_of(d->mem, o->path), column = pg_last(d->mem, o->path);
    bool plain = !obj_src(d->mem, o, "notnull_as").n && !obj_true(o, "notnull_local");
    if (obj_true(o, "notnull_invalid")) {
        pg_notnull_dress(d, o);
        return;
    }
    bool online = plain && pg_online_notnull(d, o);
    if (plain && !online)
        pg_ddl(d, 0, "ALTER TABLE %S ALTER COLUMN %S SET NOT NULL", table, column);
    if (!plain)
        pg_ddl(d, 0, "ALTER TABLE %S ADD %S", table, clause(d->mem, o, column));
    comment_new(d, o);
    ddl_hazard(d, HZ_DATA_DEPENDENT, o->path, "fails where a row holds NULL");
}

static void drop(struct ddl *d, const struct obj *o)
{
    pg_ddl(d, 0, "ALTER TABLE %S ALTER COLUMN %S DROP NOT NULL", pg_table_of(d->mem, o->path),
           pg_last(d->mem, o->path));
}

/* The columns that inherit one, in their states before and after. */
struct below {
    struct ddl *d;
    struct str top;
    struct view_iter it;
};

static bool is_below(const struct ddl *d, struct str path, struct str top)
{
    struct jc_iter it = jc_iter(pg_parents(d, path_parent(path)));
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        struct str up =
            path_join(d->mem, jc_text(d->mem, raw), STR("column"), path_name(d->mem, path));
        if (str_eq(up, top))
            return true;
        if (view_get(d->after, up) && is_below(d, up, top))
            return true;
    }
    return false;
}

static struct below below_of(struct ddl *d, const struct obj *top)
{
    return (struct below){d, top->path, view_iter(d->after, STR(""))};
}

static bool below_next(struct below *b, struct change *c)
{
    struct str name = path_name_raw(b->top);
    for (const struct obj *o = view_next(&b->it); o; o = view_next(&b->it)) {
        *c = (struct change){.op = OP_ALTER, .before = view_get(b->d->before, o->path), .after = o};
        if (str_eq(path_kind(o->path), STR("column")) && str_eq(path_name_raw(o->path), name) &&
            c->before && is_below(b->d, o->path, b->top))
            return true;
    }
    return false;
}

static void rename_to(struct ddl *d, const struct obj *before, const struct obj *after);

static bool same_name(const struct ddl *d, const struct obj *a, const struct obj *b)
{
    return str_eq(constraint_of(d->mem, a), constraint_of(d->mem, b));
}

/* Before a column's comes, which those below take over where they have none: what is their own,
 * `has`, stays where it is what they shall have. One that is NOT VALID must not be there when a
 * valid one comes; one of another name is there first. Before 18 there is nothing to do. */
static void make_room(struct ddl *d, const struct obj *top, const struct obj *has,
                      const struct obj *after)
{
    bool named = constraint_of(d->mem, after).n > 0;
    if (!named || !obj_true(after, "notnull"))
        return;
    if (has && same_name(d, has, after)) {
        if (obj_true(has, "notnull_invalid") == obj_true(after, "notnull_invalid"))
            return;
        if (obj_true(has, "notnull_invalid")) {
            pg_ddl(d, 0, "ALTER TABLE %S VALIDATE CONSTRAINT %I", pg_table_of(d->mem, after->path),
                   constraint_of(d->mem, has));
            return;
        }
    }
    if (has)
        drop(d, has);
    if (!same_name(d, top, after))
        set(d, after);
}

/* After a column's has gone, or is no longer for those below: what is left is made what they shall
 * have. Before 18 it has gone from all of them. */
static void tidy_up(struct ddl *d, const struct change *c, bool left)
{
    if (!obj_true(c->before, "notnull"))
        return;
    if (!obj_true(c->after, "notnull")) {
        if (left)
            drop(d, c->before);
        return;
    }
    bool revalidated =
        obj_true(c->before, "notnull_invalid") && !obj_true(c->after, "notnull_invalid");
    bool anew = !obj_true(c->before, "notnull_invalid") && obj_true(c->after, "notnull_invalid");
    /* whether a partition's is its own hangs on how it was made */
    anew = anew || obj_src(d->mem, c->before, "partition").n;
    if (left && anew)
        drop(d, c->before);
    if (!left && obj_src(d->mem, c->after, "notnull_inherited").n)
        return; /* from another parent, or from one that gets it here */
    if (!left || anew) {
        set(d, c->after);
        return;
    }
    if (!same_name(d, c->before, c->after))
        rename_to(d, c->before, c->after);
    if (revalidated)
        pg_ddl(d, 0, "ALTER TABLE %S VALIDATE CONSTRAINT %I", pg_table_of(d->mem, c->after->path),
               constraint_of(d->mem, c->after));
}

static bool is_own(const struct ddl *d, const struct obj *o)
{
    return obj_true(o, "notnull") && obj_src(d->mem, o, "notnull_own").n;
}

static void room_below(struct ddl *d, const struct obj *top, bool all)
{
    struct below b = below_of(d, top);
    struct change c;
    while (!obj_true(top, "notnull_local") && below_next(&b, &c))
        make_room(d, top,
                  all                   ? obj_true(c.before, "notnull") ? c.before : NULL
                  : is_own(d, c.before) ? c.before
                                        : NULL,
                  c.after);
}

static void tidy_below(struct ddl *d, const struct obj *top, bool all)
{
    struct below b = below_of(d, top);
    struct change c;
    while (!obj_true(top, "notnull_local") && below_next(&b, &c))
        tidy_up(d, &c, all || is_own(d, c.before));
}

void pg_notnull_comes(struct ddl *d, const struct change *c)
{
    room_below(d, c->after, true);
    set(d, c->after);
}

static void goes(struct ddl *d, const struct change *c)
{
    drop(d, c->before);
    tidy_below(d, c->before, false);
}

/* It is there before and after. A validated one cannot become unvalidated but anew. */
static void alter(struct ddl *d, const struct change *c)
{
    struct str table = pg_table_of(d->mem, c->after->path);
    struct str name = constraint_of(d->mem, c->before); /* a new one comes after */
    bool local = obj_true(c->after, "notnull_local");
    if (pg_changed(c, "notnull_invalid") && obj_true(c->after, "notnull_invalid")) {
        drop(d, c->before);
        room_below(d, c->after, false);
        pg_notnull_dress(d, c->after);
        return;
    }
    if (pg_changed(c, "notnull_local") && !local)
        room_below(d, c->after, true);
    if (pg_changed(c, "notnull_local"))
        pg_ddl(d, 0, "ALTER TABLE %S ALTER CONSTRAINT %I %s", table, name,
               local ? "NO INHERIT" : "INHERIT");
    if (pg_changed(c, "notnull_local") && local)
        tidy_below(d, c->before, true);
    if (pg_changed(c, "notnull_invalid")) {
        pg_ddl(d, 0, "ALTER TABLE %S VALIDATE CONSTRAINT %I", table, name);
        ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path, "fails where a row holds NULL");
    }
}

int pg_notnull_alter(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    bool was = obj_true(c->before, "notnull"), on = obj_true(c->after, "notnull");
    if (obj_raw(c->after, "identity").n && !obj_raw(c->before, "identity").n && !was)
        return 0; /* set before the identity comes */
    if (was && on)
        alter(d, c);
    else if (on)
        pg_fill_nulls(d, c), pg_notnull_comes(d, c);
    else
        goes(d, c);
    return 0;
}

static bool turns(const struct obj *was, const struct obj *is)
{
    static const char *const attrs[] = {"notnull", "notnull_invalid", "notnull_local"};
    for (size_t i = 0; i < sizeof attrs / sizeof *attrs; i++)
        if (obj_true(was, attrs[i]) != obj_true(is, attrs[i]))
            return true;
    return false;
}

static bool reaches(const struct obj *o)
{
    return obj_true(o, "notnull") && !obj_true(o, "notnull_local");
}

static bool renames(const struct obj *was, const struct obj *is)
{
    return !str_eq(obj_raw(was, "notnull_name"), obj_raw(is, "notnull_name"));
}

/* The nearest to the top of the columns that it inherits whose NOT NULL changes so. */
static struct str follows(const struct ddl *d, const struct change *c, bool names)
{
    const struct obj *o = change_obj(c);
    struct jc_iter it = jc_iter(pg_parents(d, path_parent(o->path)));
    struct str key, raw, found = STR_NULL;
    while (!found.n && jc_next(&it, &key, &raw)) {
        struct str path =
            path_join(d->mem, jc_text(d->mem, raw), STR("column"), path_name(d->mem, o->path));
        struct change up = {
            .op = OP_ALTER, .before = view_get(d->before, path), .after = view_get(d->after, path)};
        if (!up.before || !up.after)
            continue;
        found = follows(d, &up, names);
        bool moves = turns(up.before, up.after) || (names && renames(up.before, up.after));
        if (!found.n && moves && (reaches(up.before) || reaches(up.after)))
            found = path;
    }
    return found;
}

struct str pg_notnull_follows(const struct ddl *d, const struct change *c)
{
    return follows(d, c, false);
}

struct str pg_notnull_name_follows(const struct ddl *d, const struct change *c)
{
    return follows(d, c, true);
}

/* It comes, goes, or comes anew by pg_notnull_alter, with its name and comment. */
static bool is_anew(const struct change *c)
{
    return pg_changed(c, "notnull") ||
           (pg_changed(c, "notnull_invalid") && obj_true(c->after, "notnull_invalid"));
}

static void comment_changed(struct ddl *d, const struct obj *before, const struct obj *after)
{
    struct str was = obj_raw(before, "notnull_comment"), is = obj_raw(after, "notnull_comment");
    if (!str_eq(was, is) && (d->facets & F_COMMENTS))
        comment(d, after, str_is_null(is) ? STR_NULL : obj_text(d->mem, after, "notnull_comment"));
}

static void rename_to(struct ddl *d, const struct obj *before, const struct obj *after)
{
    pg_ddl(d, 0, "ALTER TABLE %S RENAME CONSTRAINT %I TO %I", pg_table_of(d->mem, after->path),
           constraint_of(d->mem, before), constraint_of(d->mem, after));
    comment_changed(d, before, after);
}

/* The server renames those below with it, which must have its name before. */
int pg_notnull_rename(struct ddl *d, const struct change *c, struct err *e)
{
    struct below b = below_of(d, c->after);
    struct change o;
    if (is_anew(c))
        return 0;
    while (!obj_true(c->after, "notnull_local") && below_next(&b, &o))
        if ((obj_true(o.after, "notnull") && !same_name(d, o.after, c->after)) ||
            (obj_true(o.before, "notnull") && !obj_true(c->before, "notnull_local") &&
             !same_name(d, o.before, c->before)))
            return err_set(e, E_UNSUPPORTED_CHANGE,
                           "column %.*s of table %.*s: its NOT NULL has a name of its own, and the "
                           "server renames it only with that of its parent",
                           STR_ARG(pg_last(d->mem, o.after->path)),
                           STR_ARG(pg_table_of(d->mem, o.after->path)));
    rename_to(d, c->before, c->after);
    return 0;
}

bool pg_notnull_is_own(const struct ddl *d, const struct change *c)
{
    return is_anew(c) || !obj_src(d->mem, c->before, "notnull_inherited").n;
}

struct str pg_notnull_rides(const struct ddl *d, const struct change *c)
{
    struct str part =
        path_join(d->mem, path_parent(change_obj(c)->path), STR("partition"), STR("#"));
    const struct obj *was = view_get(d->before, part), *is = view_get(d->after, part);
    bool moves = !was != !is || (was && !str_eq(was->a, is->a));
    return moves && c->before && c->after && !is_anew(c) ? part : STR_NULL;
}

void pg_notnull_names(struct ddl *d, struct str table)
{
    struct view_iter it = view_iter(d->after, table);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        const struct obj *was = view_get(d->before, o->path);
        if (str_eq(path_kind(o->path), STR("column")) && was && obj_true(o, "notnull") &&
            obj_true(was, "notnull") &&
            !str_eq(obj_raw(was, "notnull_name"), obj_raw(o, "notnull_name")))
            rename_to(d, was, o);
    }
}

/* Under another name it changes with the name. */
int pg_notnull_comment(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    if (!is_anew(c) && !pg_changed(c, "notnull_name"))
        comment_changed(d, c->before, c->after);
    return 0;
}
