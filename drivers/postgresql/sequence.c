/* Sequences that no identity column made, and which column owns them. */

#include "drivers/postgresql/column.h"

static void options(struct strbuf *b, struct ddl *d, const struct obj *o)
{
    sql_fmt(b, &pg_dialect,
            " AS %S INCREMENT BY %S MINVALUE %S MAXVALUE %S START WITH %S CACHE %S%s",
            obj_text(d->mem, o, "type"), obj_text(d->mem, o, "increment"),
            obj_text(d->mem, o, "min"), obj_text(d->mem, o, "max"), obj_text(d->mem, o, "start"),
            obj_text(d->mem, o, "cache"), obj_true(o, "cycle") ? " CYCLE" : " NO CYCLE");
}

static int sequence_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct strbuf b = sb_new(d->mem, 0);
    sql_fmt(&b, &pg_dialect, "CREATE %sSEQUENCE %S",
            obj_true(c->after, "unlogged") ? "UNLOGGED " : "", pg_id(d->mem, c->after));
    options(&b, d, c->after);
    ddl_stmt(d, sb_view(&b), 0);
    pg_dress(d, "SEQUENCE", pg_id(d->mem, c->after), c->after);
    return 0;
}

static int sequence_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "DROP SEQUENCE %S", pg_id(d->mem, c->before));
    return 0;
}

static int64_t number(struct ddl *d, const struct obj *o, const char *attr)
{
    int64_t n = 0;
    str_int(obj_text(d->mem, o, attr), &n);
    return n;
}

/* The place where the sequence stands must lie within the new bounds: it is moved to the nearest
 * one when it does not. Where no old place could, the sequence starts anew. True for the latter. */
static bool move_inside(struct ddl *d, const struct change *c)
{
    int64_t min = number(d, c->after, "min"), max = number(d, c->after, "max");
    int64_t old_min = number(d, c->before, "min"), old_max = number(d, c->before, "max");
    struct str id = pg_id(d->mem, c->after);
    if (min > old_max || max < old_min)
        return true;
    if (min > old_min)
        pg_ddl(d, 0, "SELECT setval(%L, %d, false) FROM %S WHERE last_value < %d", id, min, id,
               min);
    if (max < old_max)
        pg_ddl(d, 0, "SELECT setval(%L, %d, true) FROM %S WHERE last_value > %d", id, max, id, max);
    return false;
}

/* All at once: type and bounds must fit one another at the end of the statement. */
static int sequence_alter(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct strbuf b = sb_new(d->mem, 0);
    bool anew = move_inside(d, c);
    sql_fmt(&b, &pg_dialect, "ALTER SEQUENCE %S", pg_id(d->mem, c->after));
    options(&b, d, c->after);
    if (anew)
        sb_c(&b, " RESTART");
    ddl_stmt(d, sb_view(&b), 0);
    return 0;
}

static int sequence_logged(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "ALTER SEQUENCE %S SET %s", pg_id(d->mem, c->after),
           obj_true(c->after, "unlogged") ? "UNLOGGED" : "LOGGED");
    return 0;
}

static struct str owning_table(const struct ddl *d, const struct obj *owned)
{
    struct jc_iter it = jc_iter(owned->deps);
    struct str key, raw;
    return jc_next(&it, &key, &raw) ? path_parent(jc_text(d->mem, raw)) : STR_NULL;
}

/* A sequence that belongs to a column has the owner of its table, before and after. */
static struct str follows_table(const struct ddl *d, const struct change *c)
{
    struct str path = path_join(d->mem, change_obj(c)->path, STR("owned_by"), STR("#"));
    const struct obj *was = view_get(d->before, path), *is = view_get(d->after, path);
    struct str table = is ? owning_table(d, is) : STR_NULL;
    if (!was || !table.n || !str_eq(owning_table(d, was), table))
        return STR_NULL;
    const struct obj *had = view_get(d->before, table), *has = view_get(d->after, table);
    bool moves = had && has && !str_eq(obj_raw(had, "owner"), obj_raw(has, "owner"));
    return moves ? table : STR_NULL;
}

void pg_sequences_under_owner(struct ddl *d, struct str table)
{
    struct view_iter it = view_iter(d->after, STR(""));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct str path = path_parent(o->path);
        struct change c = {
            .op = OP_ALTER, .before = view_get(d->before, path), .after = view_get(d->after, path)};
        if (str_eq(path_kind(o->path), STR("owned_by")) && c.before && c.after &&
            str_eq(follows_table(d, &c), table))
            pg_grants_under_owner(d, "SEQUENCE", pg_id(d->mem, c.after), &c);
    }
}

static int owned_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str id = pg_table_of(d->mem, c->after->path), path = path_parent(c->after->path);
    const struct obj *sequence = view_get(d->after, path);
    struct jc_iter it = jc_iter(c->after->deps);
    struct str key, raw;
    pg_ddl(d, 0, "ALTER SEQUENCE %S OWNED BY %S", id, obj_text(d->mem, c->after, "column"));
    if (!d->origin || !d->goal || (cat_find(d->origin, path) && cat_find(d->goal, path)))
        return 0;
    while (jc_next(&it, &key, &raw)) {
        const struct obj *column = view_get(d->after, jc_text(d->mem, raw));
        if (column && str_eq(path_kind(column->path), STR("column")))
            pg_serial_catch_up(d, pg_text(d->mem, "%L::regclass", id), column,
                               number(d, sequence, "increment"));
    }
    return 0;
}

/* To a column of another table, whose owner may be another, it goes by way of none. */
static bool owned_stays(const struct ddl *d, const struct change *c)
{
    return str_eq(owning_table(d, c->before), owning_table(d, c->after));
}

static int owned_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_ddl(d, 0, "ALTER SEQUENCE %S OWNED BY NONE", pg_table_of(d->mem, c->before->path));
    return 0;
}

ALTER(create, "sequence.create", sequence_create, "CREATE SEQUENCE");
ALTER(drop, "sequence.drop", sequence_drop, "DROP SEQUENCE");
ALTER(alter, "sequence.options", sequence_alter, "ALTER SEQUENCE");
ALTER(logged, "sequence.logged", sequence_logged, "SET LOGGED, SET UNLOGGED");
static const struct alter owner = {.name = "sequence.owner",
                                   .rides = follows_table,
                                   .other = &pg_alter_owner,
                                   .doc = "goes with the table that owns it"};
ALTER(o_create, "owned_by.create", owned_create, "OWNED BY");
static const struct alter moved = {.name = "owned_by.column",
                                   .fn = owned_create,
                                   .applies = owned_stays,
                                   .other = &alter_replace,
                                   .doc = "OWNED BY"};
ALTER(o_drop, "owned_by.drop", owned_drop, "OWNED BY NONE");

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_ACL,
    {"cache",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter,  1, false, 0, "CACHE"},
    PG_COMMENT,
    {"cycle",     A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &alter,  1, false, 0, "CYCLE"},
    {"increment", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter,  1, false, 0, "INCREMENT BY"},
    {"max",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter,  1, false, 0, "MAXVALUE"},
    {"min",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter,  1, false, 0, "MINVALUE"},
    {"owner",     A_TEXT, CMP_VALUE, F_OWNER,     NULL, &owner,  1, false, 0, "owner"},
    {"start",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter,  1, false, 0, "START WITH"},
    {"type",      A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, &alter,  1, true,  0, "data type"},
    {"unlogged",  A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &logged, 1, false, 0, "UNLOGGED (15)"},
};
static const struct attr_desc owned_attrs[] = {
    {"column", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &moved, 1, false, 0, "the column"},
};
/* clang-format on */

const struct kind_desc pg_sequence_kind = {
    .name = "sequence",
    .parents = "schema",
    .rank = 30,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .doc = "sequence",
};

const struct kind_desc pg_owned_by_kind = {
    .name = "owned_by",
    .parents = "sequence",
    .rank = 45,
    .facet = F_STRUCTURE,
    .attrs = owned_attrs,
    .nattrs = sizeof owned_attrs / sizeof *owned_attrs,
    .create = &o_create,
    .drop = &o_drop,
    .doc = "column that a sequence is dropped with",
};
