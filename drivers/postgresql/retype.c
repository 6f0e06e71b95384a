/* A type made anew while columns are of it. */

#include "drivers/postgresql/retype.h"
#include "drivers/postgresql/column.h"

#include <stdlib.h>

typedef VEC(const struct obj *) objects;

struct retype {
    struct ddl *d;
    objects types;   /* the type, and what is made of it */
    objects columns; /* of these types, that hold values */
    objects moved;   /* dependants that go and come back */
    objects typed;   /* tables made of a composite type */
    bool *done;      /* by index in the list that is walked */
};

static bool has(const objects *list, const struct obj *o)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (list->v[i] == o)
            return true;
    return false;
}

static bool is_kind(const struct obj *o, const char *kind)
{
    return str_eq(path_kind(o->path), str_c(kind));
}

static bool is_id(struct str text, struct str id)
{
    return id.n && str_starts(text, id) &&
           (text.n == id.n || str_eq(str_from(text, id.n), STR("[]")));
}

/* The text is the type's name, or that of an array or multirange of it. */
static bool names_type(struct arena *mem, struct str text, const struct obj *type)
{
    return is_id(text, pg_id(mem, type)) || is_id(text, obj_src(mem, type, "multirange"));
}

static const char *type_attr(const struct obj *o)
{
    if (is_kind(o, "column") || is_kind(o, "domain") || is_kind(o, "attribute"))
        return "type";
    return is_kind(o, "range") ? "subtype" : NULL;
}

static bool is_computed(const struct obj *o)
{
    return obj_raw(o, "generated").n > 0;
}

static void add_once(struct retype *r, objects *list, const struct obj *o)
{
    if (o && !has(list, o))
        VEC_PUSH(r->d->mem, *list, o);
}

/* Columns and types of one type. */
static void find_users(struct retype *r, const struct view *state, const struct obj *type)
{
    struct view_iter it = view_iter(state, STR(""));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        const char *attr = type_attr(o);
        if (is_kind(o, "table") &&
            str_eq(obj_text(r->d->mem, o, "of_type"), pg_id(r->d->mem, type)))
            add_once(r, &r->typed, o);
        if (!attr || !names_type(r->d->mem, obj_text(r->d->mem, o, attr), type))
            continue;
        if (is_kind(o, "attribute"))
            add_once(r, &r->types, view_get(state, path_parent(o->path)));
        else if (!is_kind(o, "column"))
            add_once(r, &r->types, o);
        else if (is_computed(o))
            add_once(r, &r->moved, o);
        else
            add_once(r, &r->columns, o);
    }
}

bool pg_type_in_use(struct ddl *d, const struct view *state, const struct obj *type)
{
    struct retype r = {.d = d};
    add_once(&r, &r.types, type);
    for (uint32_t i = 0; i < r.types.n; i++)
        find_users(&r, state, r.types.v[i]);
    return r.columns.n > 0;
}

/* Of one of the types itself, not of an array or the like. */
static bool is_one_of(struct arena *mem, const struct obj *o, const objects *types)
{
    for (uint32_t i = 0; i < types->n; i++)
        if (str_eq(obj_text(mem, o, "type"), pg_id(mem, types->v[i])))
            return true;
    return false;
}

bool pg_type_is_boxed(struct ddl *d, const struct view *state, const struct obj *type)
{
    struct retype r = {.d = d};
    objects plain = {0};
    bool boxed = false;
    add_once(&r, &r.types, type);
    VEC_PUSH(d->mem, plain, type);
    for (uint32_t i = 0; i < r.types.n; i++) {
        uint32_t n = r.types.n;
        find_users(&r, state, r.types.v[i]);
        for (uint32_t k = n; k < r.types.n; k++)
            if (is_kind(r.types.v[k], "domain") && is_one_of(d->mem, r.types.v[k], &plain))
                VEC_PUSH(d->mem, plain, r.types.v[k]);
    }
    for (uint32_t i = 0; i < r.columns.n; i++)
        boxed = boxed || !is_one_of(d->mem, r.columns.v[i], &plain);
    return boxed;
}

static bool needs_any(const struct obj *o, const objects *list, struct arena *mem)
{
    struct jc_iter it = jc_iter(o->deps);
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        struct str dep = jc_text(mem, raw);
        for (uint32_t i = 0; i < list->n; i++)
            if (path_within(dep, list->v[i]->path))
                return true;
    }
    return false;
}

static bool lies_in_any(const struct obj *o, const objects *list)
{
    for (uint32_t i = 0; i < list->n; i++)
        if (list->v[i] != o && path_within(o->path, list->v[i]->path))
            return true;
    return false;
}

/* What the server refuses to keep while a column that it uses gets another type. */
#define OF_COLUMNS                                                                                 \
    "default,view,matview,rule,policy,trigger,function,aggregate,statistics,foreign_key,column,"   \
    "cast,operator"
/* What the server makes again itself, unless a constant of the old type stands in it. */
#define OF_TYPES "index,check,exclude,unique,primary_key"

static bool must_move(struct retype *r, const struct obj *o)
{
    struct str kind = path_kind(o->path);
    bool any = word_in(OF_COLUMNS, kind);
    if (lies_in_any(o, &r->types))
        return false; /* is made with it */
    if (lies_in_any(o, &r->moved))
        return true;
    if ((!any && !word_in(OF_TYPES, kind)) || obj_raw(o, "part_of").n)
        return false;
    if (is_kind(o, "column") && !is_computed(o))
        return false;
    if (is_kind(o, "default") && lies_in_any(o, &r->columns))
        return true;
    return needs_any(o, &r->types, r->d->mem) || needs_any(o, &r->moved, r->d->mem) ||
           (any && needs_any(o, &r->columns, r->d->mem));
}

static void find_dependants(struct retype *r)
{
    for (bool news = true; news;) {
        news = false;
        struct view_iter it = view_iter(r->d->before, STR(""));
        for (const struct obj *o = view_next(&it); o; o = view_next(&it))
            if (!has(&r->moved, o) && must_move(r, o)) {
                VEC_PUSH(r->d->mem, r->moved, o);
                news = true;
            }
    }
}

/* The type, or an attribute of it, is of the other one. */
static bool made_of(struct retype *r, const struct obj *type, const struct obj *other)
{
    struct view_iter it = view_iter(r->d->before, type->path);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        const char *attr = type_attr(o);
        if (attr && names_type(r->d->mem, obj_text(r->d->mem, o, attr), other))
            return true;
    }
    return false;
}

static bool needs(struct retype *r, const struct obj *o, const struct obj *other)
{
    if (has(&r->types, o))
        return o != other && made_of(r, o, other);
    const struct obj *one[] = {other};
    objects list = {.v = one, .n = 1};
    return o != other && (path_within(o->path, other->path) || needs_any(o, &list, r->d->mem));
}

/* A visit of the list so that each comes after what it needs (`up`), or before. */
typedef int visit_fn(struct retype *r, const struct obj *o, struct err *e);

static int visit(struct retype *r, const objects *list, uint32_t at, bool up, visit_fn *fn,
                 struct err *e)
{
    if (r->done[at])
        return 0;
    r->done[at] = true;
    for (uint32_t i = 0; i < list->n; i++) {
        const struct obj *o = list->v[at], *other = list->v[i];
        if ((up ? needs(r, o, other) : needs(r, other, o)) && visit(r, list, i, up, fn, e))
            return -1;
    }
    return fn(r, list->v[at], e);
}

static int visit_all(struct retype *r, const objects *list, bool up, visit_fn *fn, struct err *e)
{
    r->done = NEW_ARRAY(r->d->mem, bool, list->n);
    for (uint32_t i = 0; i < list->n; i++)
        if (visit(r, list, i, up, fn, e))
            return -1;
    return 0;
}

static int run(struct ddl *d, const struct alter *alter, const struct change *c, struct err *e)
{
    uint32_t nhazards = d->hazards.n;
    while (alter && !(alter->fn && (!alter->applies || alter->applies(d, c))))
        alter = alter->other;
    int rc = alter ? alter->fn(d, c, e) : 0;
    d->hazards.n = nhazards; /* nothing new: it was there */
    return rc;
}

static int take_away(struct retype *r, const struct obj *o, struct err *e)
{
    const struct kind_desc *kind = obj_kind(r->d->eng, o);
    struct change c = {.op = OP_DROP, .before = o};
    if ((kind->flags & KF_CASCADE) && lies_in_any(o, &r->moved))
        return 0;
    return run(r->d, kind->drop, &c, e);
}

static int bring_back(struct retype *r, const struct obj *o, struct err *e)
{
    const struct obj *after = view_get(r->d->after, o->path);
    if (!after)
        return 0;
    const struct kind_desc *kind = obj_kind(r->d->eng, after);
    struct change c = {.op = OP_ADD, .after = after};
    if (((kind->flags & KF_INLINE) && lies_in_any(o, &r->moved)) || obj_raw(o, "part_of").n)
        return 0;
    return run(r->d, kind->create, &c, e);
}

static struct str old_name(struct retype *r, const struct obj *o)
{
    uint32_t i = 0;
    while (r->types.v[i] != o)
        i++;
    return arena_printf(r->d->mem, "snap_old_type_%u", i + 1);
}

/* What the server has made for a range stays under its old name unless it is told. */
static void rename_range_parts(struct retype *r, const struct obj *o, struct str to)
{
    struct arena *mem = r->d->mem;
    struct str id = pg_id(mem, o), sub = obj_text(mem, o, "subtype");
    struct str multi = obj_src(mem, o, "multirange");
    struct str now = pg_text(mem, "%S.%I", pg_name(mem, o->path, 1), to);
    pg_ddl(r->d, 0, "ALTER FUNCTION %S(%S, %S) RENAME TO %I", id, sub, sub, to);
    pg_ddl(r->d, 0, "ALTER FUNCTION %S(%S, %S, text) RENAME TO %I", id, sub, sub, to);
    if (!multi.n)
        return;
    struct str plural = arena_printf(mem, "%.*s_multi", STR_ARG(to));
    pg_ddl(r->d, 0, "ALTER TYPE %S RENAME TO %I", multi, plural);
    pg_ddl(r->d, 0, "ALTER FUNCTION %S() RENAME TO %I", multi, plural);
    pg_ddl(r->d, 0, "ALTER FUNCTION %S(%S) RENAME TO %I", multi, now, plural);
    pg_ddl(r->d, 0, "ALTER FUNCTION %S(%S[]) RENAME TO %I", multi, now, plural);
}

static int rename_away(struct retype *r, const struct obj *o, struct err *e)
{
    struct str to = old_name(r, o);
    (void)e;
    pg_ddl(r->d, 0, "ALTER TYPE %S RENAME TO %I", pg_id(r->d->mem, o), to);
    if (is_kind(o, "range"))
        rename_range_parts(r, o, to);
    return 0;
}

/* The type as the step leaves it, with what lies below it and its CREATE does not write. */
static int make(struct retype *r, const struct obj *o, struct err *e)
{
    struct view_iter it = view_iter(r->d->after, o->path);
    for (const struct obj *part = view_next(&it); part; part = view_next(&it)) {
        struct change c = {.op = OP_ADD, .after = part};
        if (is_kind(part, "check"))
            pg_constraint_make(r->d, part);
        else if (str_eq(part->path, o->path) && run(r->d, obj_kind(r->d->eng, part)->create, &c, e))
            return -1;
    }
    return 0;
}

static int drop_old(struct retype *r, const struct obj *o, struct err *e)
{
    (void)e;
    pg_ddl(r->d, 0, "DROP TYPE %S.%I", pg_name(r->d->mem, o->path, 1), old_name(r, o));
    return 0;
}

/* Columns of one table go by one statement: a check may compare two of them. */
static void convert(struct retype *r)
{
    struct arena *mem = r->d->mem;
    struct str table = STR_NULL;
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < r->columns.n; i++) {
        const struct obj *o = r->columns.v[i], *now = view_get(r->d->after, o->path);
        struct str type = obj_text(mem, now ? now : o, "type"), name = pg_last(mem, o->path);
        struct str collation = obj_text(mem, o, "collation");
        if (obj_true(o, "inherited") || pg_partition(r->d->before, mem, path_parent(o->path)))
            continue; /* it goes with the parent's */
        if (!str_eq(table, path_parent(o->path)) && b.n) {
            ddl_stmt(r->d, arena_str(mem, sb_view(&b)), 0);
            sb_cut(&b, 0);
        }
        table = path_parent(o->path);
        if (!b.n)
            sql_fmt(&b, &pg_dialect, "ALTER TABLE %S", pg_table_of(mem, o->path));
        else
            sb_char(&b, ',');
        sql_fmt(&b, &pg_dialect, " ALTER COLUMN %S TYPE %S", name, type);
        if (collation.n)
            sql_fmt(&b, &pg_dialect, " COLLATE %S", collation);
        sql_fmt(&b, &pg_dialect, " USING %S::text%s::%S", name,
                str_ends(type, STR("[]")) ? "[]" : "", type);
    }
    if (b.n)
        ddl_stmt(r->d, sb_view(&b), 0);
}

/* A table made of a composite type stands for itself meanwhile. */
static void convert_typed(struct retype *r, const struct obj *table)
{
    struct arena *mem = r->d->mem;
    struct str type = obj_text(mem, table, "of_type");
    for (uint32_t i = 0; i < r->types.n; i++) {
        if (!str_eq(pg_id(mem, r->types.v[i]), type))
            continue;
        struct view_iter it = view_iter(r->d->after, r->types.v[i]->path);
        for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
            const struct obj *was = view_get(r->d->before, o->path);
            struct str name = pg_last(mem, o->path), now = obj_text(mem, o, "type");
            struct str collation = obj_text(mem, o, "collation");
            if (!is_kind(o, "attribute") || !was || str_eq(was->a, o->a))
                continue;
            if (collation.n)
                collation = pg_text(mem, " COLLATE %S", collation);
            pg_ddl(r->d, 0, "ALTER TABLE %S ALTER COLUMN %S TYPE %S%S USING %S::%S",
                   pg_id(mem, table), name, now, collation, name, now);
        }
    }
    pg_ddl(r->d, 0, "ALTER TABLE %S OF %S", pg_id(mem, table), type);
}

static int refuse_keys(struct retype *r, struct err *e)
{
    for (uint32_t i = 0; i < r->columns.n; i++) {
        struct strbuf name = sb_new(r->d->mem, 0);
        obj_human(&name, r->columns.v[i]);
        if (pg_column_in_key(r->d->mem, r->d->before, r->columns.v[i]))
            return err_set(e, E_UNSUPPORTED_CHANGE,
                           "%.*s: its type cannot change, it is part of the partition key",
                           STR_ARG(sb_view(&name)));
    }
    return 0;
}

/* What is made of a multirange that gets another name would have to be made anew under it. */
static int refuse_multirange(struct retype *r, struct err *e)
{
    struct arena *mem = r->d->mem;
    const struct obj *range = r->types.v[0], *is = view_get(r->d->after, range->path);
    struct str old = obj_src(mem, range, "multirange"), now = obj_src(mem, is, "multirange");
    struct view_iter it = view_iter(r->d->before, STR(""));
    if (!is_kind(range, "range") || str_eq(old, now))
        return 0;
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct strbuf name = sb_new(mem, 0);
        const char *attr = is_kind(o, "column") ? NULL : type_attr(o);
        if (!attr || !is_id(obj_text(mem, o, attr), old))
            continue;
        obj_human(&name, o);
        return err_set(e, E_UNSUPPORTED_CHANGE,
                       "%.*s: the multirange that it is of cannot get another name",
                       STR_ARG(sb_view(&name)));
    }
    return 0;
}

static int by_path(const void *a, const void *b)
{
    return path_cmp((*(const struct obj *const *)a)->path, (*(const struct obj *const *)b)->path);
}

int pg_retype(struct ddl *d, struct str path, struct err *e)
{
    struct retype r = {.d = d};
    add_once(&r, &r.types, view_get(d->before, path));
    for (uint32_t i = 0; i < r.types.n; i++)
        find_users(&r, d->before, r.types.v[i]);
    if (r.columns.n)
        qsort(r.columns.v, r.columns.n, sizeof *r.columns.v, by_path);
    if (refuse_keys(&r, e))
        return -1;
    if (refuse_multirange(&r, e))
        return -1;
    find_dependants(&r);
    if (visit_all(&r, &r.moved, false, take_away, e))
        return -1;
    for (uint32_t i = 0; i < r.typed.n; i++)
        pg_ddl(d, 0, "ALTER TABLE %S NOT OF", pg_id(d->mem, r.typed.v[i]));
    if (visit_all(&r, &r.types, true, rename_away, e) || visit_all(&r, &r.types, true, make, e))
        return -1;
    convert(&r);
    for (uint32_t i = 0; i < r.typed.n; i++)
        convert_typed(&r, r.typed.v[i]);
    if (visit_all(&r, &r.types, false, drop_old, e) || visit_all(&r, &r.moved, true, bring_back, e))
        return -1;
    if (r.columns.n)
        ddl_hazard(d, HZ_DATA_DEPENDENT, path, "fails where a value is not one of the new type's");
    return 0;
}
