/*
 * What keys and indexes of partitions are called. Each belongs to one of the whole's, by which the
 * server knows it: where the name alone differs it is renamed, for it cannot be dropped.
 */

#include "drivers/postgresql/part_name.h"

/* What it is a part of: the first of its own kind that it needs. */
static struct str whole_of(struct arena *mem, const struct obj *o)
{
    struct jc_iter it = jc_iter(o->deps);
    struct str key, raw;
    while (obj_raw(o, "part_of").n && jc_next(&it, &key, &raw)) {
        struct str path = jc_text(mem, raw);
        if (str_eq(path_kind(path), path_kind(o->path)))
            return path;
    }
    return STR_NULL;
}

static bool same_but_name(struct arena *mem, const struct obj *a, const struct obj *b)
{
    static const char *const attrs[] = {"where", "invalid", "not_valid", "not_enforced"};
    struct str x = obj_text(mem, a, "def"), y = obj_text(mem, b, "def");
    for (size_t i = 0; i < sizeof attrs / sizeof *attrs; i++)
        if (!str_eq(obj_raw(a, attrs[i]), obj_raw(b, attrs[i])))
            return false;
    if (str_eq(path_kind(a->path), STR("index"))) {
        x = str_from(x, str_find(x, STR(" ON ")));
        y = str_from(y, str_find(y, STR(" ON ")));
    }
    return str_eq(x, y);
}

static bool is_same_whole(const struct catalog *at, const struct catalog *other, struct str path,
                          struct str there, struct arena *mem);

/* Of one table, and parts of one whole. */
static bool are_twins(const struct catalog *at, const struct catalog *other, const struct obj *o,
                      const struct obj *there, struct arena *mem)
{
    struct str whole = whole_of(mem, o), its = whole_of(mem, there);
    return str_eq(path_parent(o->path), path_parent(there->path)) &&
           str_eq(path_kind(o->path), path_kind(there->path)) && whole.n && its.n &&
           same_but_name(mem, o, there) && is_same_whole(at, other, whole, its, mem);
}

static bool is_same_whole(const struct catalog *at, const struct catalog *other, struct str path,
                          struct str there, struct arena *mem)
{
    const struct obj *a = cat_find(at, path), *b = cat_find(other, there);
    if (!a || !b || str_eq(path, there))
        return a && b && same_but_name(mem, a, b);
    return !cat_find(at, there) && !cat_find(other, path) && are_twins(at, other, a, b, mem);
}

static struct str partition_of(struct arena *mem, const struct catalog *at, struct str table)
{
    return obj_raw(cat_find(at, path_join(mem, table, STR("partition"), STR("#"))), "of");
}

const struct obj *pg_part_twin(const struct ddl *d, const struct obj *o)
{
    const struct catalog *at = d->origin, *other = d->goal;
    struct str table = path_parent(o->path);
    if (!at || !other || !obj_raw(o, "part_of").n)
        return NULL;
    if (!cat_find(at, o->path)) {
        at = d->goal;
        other = d->origin;
    }
    struct str of = partition_of(d->mem, at, table);
    if (!of.n || !str_eq(of, partition_of(d->mem, other, table)) || cat_find(other, o->path))
        return NULL;
    struct view whole = {.base = other};
    struct view_iter it = view_iter(&whole, table);
    for (const struct obj *there = view_next(&it); there; there = view_next(&it))
        if (!cat_find(at, there->path) && are_twins(at, other, o, there, d->mem))
            return there;
    return NULL;
}

/* What it is a part of, where that is itself a part that is renamed. */
static struct str renamed_whole(const struct ddl *d, const struct obj *o)
{
    struct str path = whole_of(d->mem, o);
    const struct obj *whole = view_get(d->before, path);
    return whole && pg_part_twin(d, whole) ? path : STR_NULL;
}

struct str pg_part_comes(const struct ddl *d, const struct change *c)
{
    const struct obj *twin = pg_part_twin(d, c->after);
    struct change comes = {.op = OP_ADD, .after = c->after};
    return twin ? twin->path : pg_part_rides(d, &comes);
}

struct str pg_part_goes(const struct ddl *d, const struct change *c)
{
    struct change goes = {.op = OP_DROP, .before = c->before};
    return pg_part_twin(d, c->before) ? renamed_whole(d, c->before) : pg_part_rides(d, &goes);
}

/* A part that stays where it is and is of another whole goes with the old one, and comes with the
 * new. */
struct str pg_part_moves(const struct ddl *d, const struct change *c)
{
    struct str was = whole_of(d->mem, c->before), is = whole_of(d->mem, c->after);
    struct str table = path_parent(c->after->path);
    const struct catalog *at = d->origin, *other = d->goal;
    if (at && other && was.n && is.n && !str_eq(was, is) &&
        str_eq(partition_of(d->mem, at, table), partition_of(d->mem, other, table)) &&
        !is_same_whole(at, other, cat_find(at, was) ? was : is, cat_find(at, was) ? is : was,
                       d->mem))
        return STR_NULL;
    return pg_part_rides(d, c);
}

bool pg_part_is_renamed(const struct ddl *d, const struct change *c)
{
    return pg_part_twin(d, c->before) != NULL;
}

/* Parts of it that are renamed, too: each needs the other to stand. */
static int rename_parts(struct ddl *d, const struct obj *whole, struct err *e)
{
    struct view_iter it = view_iter(d->before, STR(""));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct change c = {.op = OP_DROP, .before = o};
        if (str_eq(path_kind(o->path), path_kind(whole->path)) &&
            str_eq(whole_of(d->mem, o), whole->path) && pg_part_twin(d, o) &&
            pg_part_rename(d, &c, e))
            return -1;
    }
    return 0;
}

/* The rest that differs is changed under the new name. */
int pg_part_rename(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *to = pg_part_twin(d, c->before);
    const struct kind_desc *kind = obj_kind(d->eng, to);
    struct change name = {.op = OP_ALTER, .before = c->before, .after = to};
    if (pg_rename.fn(d, &name, e))
        return -1;
    for (size_t i = 0; i < kind->nattrs; i++) {
        const struct attr_desc *row = &kind->attrs[i];
        struct attr_change one = {row, obj_raw(c->before, row->name), obj_raw(to, row->name)};
        struct change rest = {
            .op = OP_ALTER, .before = c->before, .after = to, .attrs = &one, .nattrs = 1};
        if ((row->facet & d->facets) && row->alter && row->alter->fn &&
            !str_eq(one.before, one.after) && row->alter->fn(d, &rest, e))
            return -1;
    }
    return rename_parts(d, c->before, e);
}

bool pg_part_is_free(const struct ddl *d, const struct change *c)
{
    bool part = whole_of(d->mem, c->before).n > 0;
    return !part || !pg_partition(d->after, d->mem, path_parent(c->before->path));
}

struct str pg_part_name_follows(const struct ddl *d, const struct change *c)
{
    struct str key, raw;
    for (struct jc_iter it = jc_iter(c->before->deps); jc_next(&it, &key, &raw);) {
        struct str path = jc_text(d->mem, raw);
        const struct obj *o = d->origin ? cat_find(d->origin, path) : NULL;
        o = o || !d->goal ? o : cat_find(d->goal, path);
        const struct obj *twin = o ? pg_part_twin(d, o) : NULL;
        for (struct jc_iter now = jc_iter(c->after->deps); twin && jc_next(&now, &key, &raw);)
            if (str_eq(jc_text(d->mem, raw), twin->path))
                return path;
    }
    return STR_NULL;
}

/* The name that the server gives a part when the whole's is made; it may have another idea where
 * this one is taken. */
static bool is_usual(struct arena *mem, const struct obj *whole, const struct obj *o)
{
    struct str table = path_name(mem, path_parent(o->path)), name = path_name(mem, o->path);
    struct str def = obj_text(mem, o, "def");
    size_t open = str_chr(def, '(');
    struct strbuf usual = sb_new(mem, 0);
    if (str_eq(path_kind(o->path), STR("foreign_key")))
        return str_eq(name, path_name(mem, whole->path));
    sb_str(&usual, table);
    if (str_starts(def, STR("UNIQUE (")))
        sb_char(&usual, '_');
    for (size_t i = open + 1; str_starts(def, STR("UNIQUE (")) && i < def.n; i++)
        if (def.p[i] != ' ')
            sb_char(&usual, def.p[i] == ',' || def.p[i] == ')' ? '_' : def.p[i]);
    if (usual.n > table.n)
        sb_c(&usual, "key");
    else
        sb_c(&usual, "_pkey");
    return str_eq(sb_view(&usual), name);
}

void pg_parts_named(struct ddl *d, const struct obj *whole)
{
    struct view_iter it = view_iter(d->after, STR(""));
    if (!obj_raw(view_get(d->before, path_parent(whole->path)), "partition_by").n)
        return;
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct str table = path_parent(o->path);
        if (!str_eq(path_kind(o->path), path_kind(whole->path)) || view_get(d->before, o->path) ||
            !str_eq(whole_of(d->mem, o), whole->path) || !pg_partition(d->before, d->mem, table) ||
            !pg_partition(d->after, d->mem, table))
            continue;
        if (is_usual(d->mem, whole, o))
            pg_parts_named(d, o);
        else
            pg_constraint_make(d, o);
    }
}
