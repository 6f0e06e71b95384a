/* Columns that come from a parent: by inheritance, as a partition, of a typed table. */

#include "drivers/postgresql/column.h"

static bool comes_from_parent(const struct obj *o)
{
    return o && (obj_true(o, "inherited") || jc_get(o->src, "partition").n);
}

struct str pg_parents(const struct ddl *d, struct str table)
{
    const struct obj *was = pg_partition(d->before, d->mem, table);
    const struct obj *is = pg_partition(d->after, d->mem, table);
    if (was || is)
        return was && is && str_eq(obj_raw(was, "of"), obj_raw(is, "of")) ? is->deps : STR_NULL;
    was = view_get(d->before, table);
    is = view_get(d->after, table);
    return was && is && str_eq(obj_raw(was, "inherits"), obj_raw(is, "inherits")) ? is->deps
                                                                                  : STR_NULL;
}

/* The attribute of the type that a typed table is made of. */
static struct str follows_type(const struct ddl *d, struct str path)
{
    const struct obj *was = view_get(d->before, path_parent(path));
    const struct obj *is = view_get(d->after, path_parent(path));
    struct jc_iter it = jc_iter(is ? is->deps : STR_NULL);
    struct str key, raw, type = obj_text(d->mem, is, "of_type");
    if (!was || !is || !type.n || !str_eq(type, obj_text(d->mem, was, "of_type")))
        return STR_NULL;
    while (jc_next(&it, &key, &raw)) {
        struct str owner = jc_text(d->mem, raw);
        struct str attr = path_join(d->mem, owner, STR("attribute"), path_name(d->mem, path));
        const struct obj *old = view_get(d->before, attr), *now = view_get(d->after, attr);
        if (str_eq(pg_name(d->mem, owner, 2), type) &&
            (!old != !now || (old && !str_eq(old->a, now->a))))
            return attr;
    }
    return STR_NULL;
}

/* The extension whose move to another schema gives the type its new name. */
static struct str follows_extension(const struct ddl *d, const struct change *c)
{
    struct jc_iter it = jc_iter(c->before && c->after ? c->after->deps : STR_NULL);
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        struct str path = jc_text(d->mem, raw);
        const struct obj *was = view_get(d->before, path), *is = view_get(d->after, path);
        if (!str_eq(path_kind(path), STR("extension")) || !was || !is)
            continue;
        struct str old = pg_text(d->mem, "%I.", obj_text(d->mem, was, "schema"));
        struct str now = pg_text(d->mem, "%I.", obj_text(d->mem, is, "schema"));
        struct str type = obj_text(d->mem, c->before, "type");
        struct str new_type = obj_text(d->mem, c->after, "type");
        if (!str_eq(old, now) && str_starts(type, old) && str_starts(new_type, now) &&
            str_eq(str_from(type, old.n), str_from(new_type, now.n)))
            return path;
    }
    return STR_NULL;
}

/* The range that is made anew with another name for its multirange, of which the column is. */
static struct str follows_multirange(const struct ddl *d, const struct change *c)
{
    struct jc_iter it = jc_iter(c->before && c->after ? c->after->deps : STR_NULL);
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        struct str path = jc_text(d->mem, raw);
        const struct obj *was = view_get(d->before, path), *is = view_get(d->after, path);
        if (!str_eq(path_kind(path), STR("range")) || !was || !is)
            continue;
        struct str old = obj_src(d->mem, was, "multirange"),
                   now = obj_src(d->mem, is, "multirange");
        struct str type = obj_text(d->mem, c->before, "type");
        struct str new_type = obj_text(d->mem, c->after, "type");
        if (old.n && now.n && !str_eq(old, now) && str_starts(type, old) &&
            str_starts(new_type, now) && str_eq(str_from(type, old.n), str_from(new_type, now.n)))
            return path;
    }
    return STR_NULL;
}

/* The change that a column which is inherited, or of a typed table, or of a type that moves with
 * its extension or is a range's, follows. */
struct str pg_column_follows(const struct ddl *d, const struct change *c)
{
    const struct obj *o = change_obj(c);
    struct str of_type = follows_type(d, o->path);
    if (of_type.n)
        return of_type;
    struct str moved = follows_extension(d, c);
    if (moved.n)
        return moved;
    struct str made = follows_multirange(d, c);
    if (made.n)
        return made;
    struct jc_iter it = jc_iter(pg_parents(d, path_parent(o->path)));
    struct str key, raw;
    if ((c->before && !comes_from_parent(c->before)) || (c->after && !comes_from_parent(c->after)))
        return STR_NULL;
    while (jc_next(&it, &key, &raw)) {
        struct str path =
            path_join(d->mem, jc_text(d->mem, raw), STR("column"), path_name(d->mem, o->path));
        const struct obj *was = view_get(d->before, path), *is = view_get(d->after, path);
        struct change up = {.before = was, .after = is};
        if (!was != !is || (was && !str_eq(was->a, is->a))) {
            struct str top = pg_column_follows(d, &up);
            return top.n ? top : path;
        }
    }
    return STR_NULL;
}

int pg_column_own(struct ddl *d, const struct obj *o, struct err *e)
{
    const struct obj *table = view_get(d->after, path_parent(o->path));
    const struct obj *own = pg_default_of(d->after, d->mem, o), *theirs = NULL;
    bool notnull = false;
    struct jc_iter it = jc_iter(table ? table->deps : STR_NULL);
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        const struct obj *up =
            view_get(d->after, path_join(d->mem, jc_text(d->mem, raw), STR("column"),
                                         path_name(d->mem, o->path)));
        notnull = notnull || (obj_true(up, "notnull") && !obj_true(up, "notnull_local"));
        theirs = theirs || !up ? theirs : pg_default_of(d->after, d->mem, up);
    }
    if (own && (!theirs || !str_eq(own->a, theirs->a)))
        pg_alter_column_only(d, o, "SET DEFAULT %S", obj_text(d->mem, own, "default"));
    else if (!own && theirs)
        pg_alter_column_only(d, o, "DROP DEFAULT", STR_NULL);
    if (notnull && obj_true(o, "notnull_invalid"))
        return err_set(e, E_UNSUPPORTED_CHANGE,
                       "column %.*s of table %.*s: what comes with INHERITS is valid, and NOT NULL "
                       "that comes from a parent as NOT VALID cannot be made so",
                       STR_ARG(pg_last(d->mem, o->path)), STR_ARG(pg_table_of(d->mem, o->path)));
    if (!notnull)
        pg_notnull_own(d, o);
    return 0;
}

void pg_column_followers(struct ddl *d, const struct obj *top)
{
    struct view_iter it = view_iter(d->after, STR(""));
    struct str name = path_name_raw(top->path);
    const struct obj *brings = pg_default_of(d->after, d->mem, top);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        if (o == top || !str_eq(path_kind(o->path), STR("column")) ||
            !str_eq(path_name_raw(o->path), name) || view_get(d->before, o->path))
            continue;
        struct change c = {.op = OP_ADD, .after = o};
        if (!str_eq(pg_column_follows(d, &c), top->path))
            continue;
        const struct obj *own = pg_default_of(d->after, d->mem, o);
        if (own && (!brings || !str_eq(own->a, brings->a)))
            pg_alter_column_only(d, o, "SET DEFAULT %S", obj_text(d->mem, own, "default"));
        else if (!own && brings)
            pg_alter_column_only(d, o, "DROP DEFAULT", STR_NULL);
        if (!obj_true(top, "notnull") || obj_true(top, "notnull_local"))
            pg_notnull_own(d, o);
        pg_column_dress(d, o);
        pg_column_grants(d, o);
    }
}

/* Whether a column is the table's own beside its parents' cannot be said but when the table is
 * made; pg_dump sets the mark so, too. */
int pg_column_inherited(struct ddl *d, const struct change *c, struct err *e)
{
    bool own = !obj_true(c->after, "inherited");
    (void)e;
    pg_ddl(d, 0,
           "UPDATE pg_catalog.pg_attribute SET attislocal = %s WHERE attrelid = %L::regclass "
           "AND attname = %L",
           own ? "true" : "false", pg_table_of(d->mem, c->after->path),
           path_name(d->mem, c->after->path));
    return 0;
}

/* The parent's column that goes and leaves this one behind, or comes and finds it there. */
static struct str merged_with(const struct ddl *d, struct str path)
{
    struct jc_iter it = jc_iter(pg_parents(d, path_parent(path)));
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        struct str up =
            path_join(d->mem, jc_text(d->mem, raw), STR("column"), path_name(d->mem, path));
        if (!view_get(d->before, up) != !view_get(d->after, up))
            return up;
    }
    return STR_NULL;
}

/* The table's change, where other parents come or go, or that of a parent's column. */
struct str pg_column_rides_table(const struct ddl *d, const struct change *c)
{
    struct str table = path_parent(c->after->path);
    const struct obj *was = view_get(d->before, table), *is = view_get(d->after, table);
    bool stays = !was || !is || str_eq(obj_raw(was, "inherits"), obj_raw(is, "inherits"));
    return stays ? merged_with(d, c->after->path) : table;
}

/* A column has come that others below it had: they are its heirs alone, or also their own. */
int pg_column_merge(struct ddl *d, const struct obj *top, struct err *e)
{
    struct view_iter it = view_iter(d->after, STR(""));
    struct str name = path_name_raw(top->path);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        if (!str_eq(path_kind(o->path), STR("column")) || !str_eq(path_name_raw(o->path), name) ||
            !obj_true(o, "inherited"))
            continue;
        struct change c = {.op = OP_ALTER, .before = view_get(d->before, o->path), .after = o};
        if (c.before && !obj_true(c.before, "inherited") &&
            str_eq(merged_with(d, o->path), top->path) && pg_column_inherited(d, &c, e))
            return -1;
    }
    return 0;
}

static bool differs(const struct ddl *d, struct str path)
{
    const struct obj *was = view_get(d->before, path), *is = view_get(d->after, path);
    return !was != !is || (was && !str_eq(was->a, is->a));
}

struct str pg_check_rides_table(const struct ddl *d, const struct change *c)
{
    struct str table = path_parent(c->after->path);
    struct str part = path_join(d->mem, table, STR("partition"), STR("#"));
    return differs(d, part) ? part : pg_column_rides_table(d, c);
}

/* The parents' check of the name neither comes nor goes nor changes. */
bool pg_check_is_mark(const struct ddl *d, const struct change *c)
{
    struct jc_iter it = jc_iter(pg_parents(d, path_parent(c->after->path)));
    struct str key, raw;
    bool stays = false;
    while (jc_next(&it, &key, &raw)) {
        struct str path = path_join(d->mem, jc_text(d->mem, raw), STR("check"),
                                    path_name(d->mem, c->after->path));
        if (differs(d, path))
            return false;
        stays = stays || view_get(d->after, path);
    }
    return stays && str_eq(obj_raw(c->before, "def"), obj_raw(c->after, "def"));
}

/* Nothing but the making of both tables says whether a check is the table's own, too. */
int pg_check_inherited(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0,
           "UPDATE pg_catalog.pg_constraint SET conislocal = %s WHERE conrelid = %L::regclass "
           "AND conname = %L AND contype = 'c'",
           obj_raw(c->after, "part_of").n ? "false" : "true", pg_table_of(d->mem, c->after->path),
           path_name(d->mem, c->after->path));
    return 0;
}

/* A check without a parent is the table's own without a word. */
static int check_inherited(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *table = view_get(d->after, path_parent(c->after->path));
    bool none = !obj_raw(c->after, "part_of").n && !obj_raw(table, "inherits").n;
    return none ? 0 : pg_check_inherited(d, c, e);
}

int pg_columns_inherited(struct ddl *d, struct str table, struct err *e)
{
    struct view_iter it = view_iter(d->after, table);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct change c = {.op = OP_ALTER, .before = view_get(d->before, o->path), .after = o};
        struct str kind = path_kind(o->path);
        if (str_eq(kind, STR("column")) && c.before &&
            obj_true(o, "inherited") != obj_true(c.before, "inherited") &&
            pg_column_inherited(d, &c, e))
            return -1;
        if (str_eq(kind, STR("check")) && c.before &&
            !str_eq(obj_raw(o, "part_of"), obj_raw(c.before, "part_of")) &&
            check_inherited(d, &c, e))
            return -1;
    }
    return 0;
}
