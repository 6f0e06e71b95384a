/* Columns of tables, and their defaults, which depend on other things than the column does. */

#include "drivers/postgresql/column.h"

#include <string.h>

#include "drivers/postgresql/foreign.h"
#include "drivers/postgresql/locks.h"
#include "drivers/postgresql/versions.h"

const struct obj *pg_default_of(const struct view *state, struct arena *mem,
                                const struct obj *column)
{
    return view_get(state, path_join(mem, column->path, STR("default"), STR("#")));
}

struct str pg_column_clause(struct ddl *d, const struct view *state, const struct obj *o)
{
    struct strbuf b = sb_new(d->mem, 0);
    struct str collation = obj_text(d->mem, o, "collation");
    struct str generated = obj_text(d->mem, o, "generated");
    struct str identity = obj_text(d->mem, o, "identity");
    struct str notnull = pg_notnull_clause(d->mem, o);
    const struct obj *dflt = pg_default_of(state, d->mem, o);
    sql_fmt(&b, &pg_dialect, "%S %S%S", pg_last(d->mem, o->path), obj_text(d->mem, o, "type"),
            pg_foreign_options(d->mem, o, "foreign_options"));
    if (collation.n)
        sql_fmt(&b, &pg_dialect, " COLLATE %S", collation);
    if (generated.n)
        sql_fmt(&b, &pg_dialect, " GENERATED ALWAYS AS (%S)%s", generated,
                obj_true(o, "virtual") ? "" : " STORED");
    if (identity.n)
        sql_fmt(&b, &pg_dialect, " GENERATED %S AS IDENTITY (%S)", identity,
                pg_identity_options(d->mem, obj_raw(o, "identity_options")));
    if (dflt)
        sql_fmt(&b, &pg_dialect, " DEFAULT %S", obj_text(d->mem, dflt, "default"));
    if (notnull.n)
        sql_fmt(&b, &pg_dialect, " %S", notnull);
    return sb_view(&b);
}

/* ALTER TABLE t ALTER COLUMN c ... */
static void alter_as(struct ddl *d, const char *only, const struct obj *o, const char *fmt,
                     struct str arg)
{
    struct strbuf b = sb_new(d->mem, 0);
    sql_fmt(&b, &pg_dialect, "ALTER TABLE %s%S ALTER COLUMN %S ", only,
            pg_table_of(d->mem, o->path), pg_last(d->mem, o->path));
    sql_fmt(&b, &pg_dialect, fmt, arg);
    ddl_stmt(d, sb_view(&b), 0);
}

void pg_alter_column(struct ddl *d, const struct obj *o, const char *fmt, struct str arg)
{
    alter_as(d, "", o, fmt, arg);
}

/* What each table has for itself; without ONLY it would spread to those that inherit. */
void pg_alter_column_only(struct ddl *d, const struct obj *o, const char *fmt, struct str arg)
{
    alter_as(d, "ONLY ", o, fmt, arg);
}

static void set_storage(struct ddl *d, const struct obj *o)
{
    struct str storage = obj_text(d->mem, o, "storage"), own = obj_src(d->mem, o, "storage");
    own = own.n ? own : STR("EXTENDED"); /* of most types, for which the fact does not say it */
    pg_alter_column_only(d, o, "SET STORAGE %S", storage.n ? storage : own);
}

static void set_compression(struct ddl *d, const struct obj *o)
{
    struct str how = obj_text(d->mem, o, "compression");
    pg_alter_column_only(d, o, "SET COMPRESSION %S", how.n ? how : STR("default"));
}

static void set_statistics(struct ddl *d, const struct obj *o)
{
    struct str target = obj_raw(o, "statistics");
    pg_alter_column_only(d, o, "SET STATISTICS %S", target.n ? target : STR("-1"));
}

void pg_column_dress(struct ddl *d, const struct obj *o)
{
    pg_secrets_missing(d, o);
    struct str id =
        pg_text(d->mem, "%S.%S", pg_table_of(d->mem, o->path), pg_last(d->mem, o->path));
    pg_notnull_dress(d, o);
    if (obj_raw(o, "storage").n && (d->facets & F_STORAGE))
        set_storage(d, o);
    if (obj_raw(o, "compression").n && (d->facets & F_STORAGE))
        set_compression(d, o);
    if (obj_raw(o, "statistics").n && (d->facets & F_STORAGE))
        set_statistics(d, o);
    if (obj_raw(o, "options").n && (d->facets & F_STORAGE))
        pg_alter_column_only(d, o, "SET (%S)", pg_options(d->mem, o));
    if (!str_is_null(obj_raw(o, "comment")) && (d->facets & F_COMMENTS))
        pg_comment(d, "COLUMN", id, obj_text(d->mem, o, "comment"));
}

void pg_column_grants(struct ddl *d, const struct obj *o)
{
    if (d->facets & F_ACL)
        pg_grants(d, "TABLE", pg_table_of(d->mem, o->path), NULL, o,
                  pg_text(d->mem, " (%S)", pg_last(d->mem, o->path)));
    pg_identity_undo_defaults(d, o);
}

bool pg_column_in_key(struct arena *mem, const struct view *state, const struct obj *column)
{
    const struct obj *table = view_get(state, path_parent(column->path));
    struct jc_iter it = jc_iter(table ? obj_src(mem, table, "key") : STR_NULL);
    struct str key, raw, name = path_name(mem, column->path);
    while (jc_next(&it, &key, &raw))
        if (str_eq(jc_text(mem, raw), name))
            return true;
    return false;
}

/* The type of a column of the partition key cannot change. */
static bool is_no_key(const struct ddl *d, const struct change *c)
{
    return !pg_column_in_key(d->mem, d->before, c->before);
}

static int column_create(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = c->after;
    if (!pg_column_filled(d, o))
        pg_ddl(d, 0, "ALTER TABLE %S ADD COLUMN %S", pg_table_of(d->mem, o->path),
               pg_column_clause(d, d->after, o));
    pg_column_dress(d, o);
    pg_column_grants(d, o);
    pg_column_followers(d, o);
    return pg_column_merge(d, o, e);
}

static bool inherits_from(struct ddl *d, const struct obj *o, struct str parent)
{
    struct str key, raw;
    for (struct jc_iter list = jc_iter(obj_raw(o, "inherits")); jc_next(&list, &key, &raw);)
        if (str_eq(jc_text(d->mem, raw), parent))
            return true;
    return false;
}

/* DROP COLUMN takes the column of a table that inherits along, and its values, unless it is its own
 * or comes from another parent, too. With ONLY it becomes the table's own, which it may be that it
 * must; the others that keep it are told that it is not. */
static int column_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct str table = pg_table_of(d->mem, c->before->path);
    struct str name = path_name(d->mem, c->before->path);
    struct view_iter it = view_iter(d->after, STR(""));
    VEC(struct change) heirs = {0};
    bool only = false;
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct str own = path_join(d->mem, o->path, STR("column"), name);
        struct change heir = {
            .op = OP_ALTER, .before = view_get(d->before, own), .after = view_get(d->after, own)};
        if (!heir.before || !heir.after || !inherits_from(d, o, table))
            continue;
        only = only || (obj_true(heir.before, "inherited") && !obj_true(heir.after, "inherited"));
        if (obj_true(heir.after, "inherited"))
            VEC_PUSH(d->mem, heirs, heir);
    }
    pg_ddl(d, 0, "ALTER TABLE %s%S DROP COLUMN %S", only ? "ONLY " : "", table,
           pg_last(d->mem, c->before->path));
    for (uint32_t i = 0; only && i < heirs.n; i++)
        if (pg_column_inherited(d, &heirs.v[i], e))
            return -1;
    return 0;
}

bool pg_column_type_differs(const struct obj *was, const struct obj *is)
{
    return !str_eq(obj_raw(was, "type"), obj_raw(is, "type")) ||
           !str_eq(obj_raw(was, "collation"), obj_raw(is, "collation"));
}

void pg_column_defaults(struct ddl *d, const struct view *state, struct str path, bool put)
{
    struct view_iter it = view_iter(state, STR(""));
    struct str name = path_name_raw(path);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        if (!str_eq(path_kind(o->path), STR("column")) || !str_eq(path_name_raw(o->path), name))
            continue;
        struct change c = {.op = OP_ALTER,
                           .before = view_get(d->before, o->path),
                           .after = view_get(d->after, o->path)};
        bool own = str_eq(o->path, path);
        const struct obj *dflt = pg_default_of(state, d->mem, o);
        if (!dflt || (!own && (!c.before || !c.after || !str_eq(pg_column_follows(d, &c), path))))
            continue;
        if (put)
            pg_alter_column_only(d, o, "SET DEFAULT %S", obj_text(d->mem, dflt, "default"));
        else
            pg_alter_column_only(d, o, "DROP DEFAULT", STR_NULL);
    }
}

static bool is_enum(struct arena *mem, const struct view *state, const struct obj *o)
{
    struct jc_iter it = jc_iter(o->deps);
    struct str key, raw, type = obj_text(mem, o, "type");
    while (jc_next(&it, &key, &raw)) {
        struct str path = jc_text(mem, raw);
        if (str_eq(path_kind(path), STR("enum")) && view_get(state, path) &&
            str_starts(type, pg_name(mem, path, 2)))
            return true;
    }
    return false;
}

/* The way of the values: there is no cast from an enum or composite to another, nor everywhere a
 * way back; these go by way of text. */
static const char *by_text(struct ddl *d, const struct obj *was, const struct obj *is, bool back)
{
    bool arrays = str_ends(obj_text(d->mem, was, "type"), STR("[]")) &&
                  str_ends(obj_text(d->mem, is, "type"), STR("[]"));
    bool enums = is_enum(d->mem, d->before, was) && is_enum(d->mem, d->after, is);
    if (!enums && !pg_cast_by_text(d, was, is) && !(back && !pg_castable(d, was, is)))
        return "";
    return arrays ? "::text[]" : "::text";
}

/* Whether the step is seen the way it goes, and not as its own rollback. */
static bool goes_ahead(const struct ddl *d, const struct obj *was)
{
    const struct obj *first = d->origin ? cat_find(d->origin, was->path) : was;
    return !first || str_eq(obj_raw(first, "type"), obj_raw(was, "type"));
}

static int no_cast(struct ddl *d, const struct obj *was, const struct obj *is, struct err *e)
{
    struct strbuf name = sb_new(d->mem, 0);
    obj_human(&name, is);
    err_set(e, E_UNSUPPORTED_CHANGE, "%.*s: there is no cast from %.*s to %.*s",
            STR_ARG(sb_view(&name)), STR_ARG(obj_text(d->mem, was, "type")),
            STR_ARG(obj_text(d->mem, is, "type")));
    return err_hint(e, "change the type by hand with ALTER TABLE ... USING and an expression that "
                       "says how, then try again");
}

/* Type and collation go by one statement. The old defaults may not fit the new type: they are taken
 * away and put back. An identity's bounds must fit the narrower of the two types. */
static int column_type(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = c->after;
    struct str type = obj_text(d->mem, o, "type"), collation = obj_text(d->mem, o, "collation");
    bool back = !goes_ahead(d, c->before);
    bool sequence = obj_raw(c->before, "identity").n && obj_raw(o, "identity").n;
    bool shrinks = sequence && pg_identity_shrinks(d, c);
    struct strbuf b = sb_new(d->mem, 0);
    if (!back && !pg_castable(d, c->before, o))
        return no_cast(d, c->before, o, e);
    if (shrinks)
        pg_identity_change(d, c);
    pg_column_defaults(d, d->before, o->path, false);
    sql_fmt(&b, &pg_dialect, "TYPE %S", type);
    if (collation.n)
        sql_fmt(&b, &pg_dialect, " COLLATE %S", collation);
    if (!pg_is_foreign(view_get(d->after, path_parent(o->path)))) /* holds no rows to convert */
        sql_fmt(&b, &pg_dialect, " USING %S%s::%S", pg_last(d->mem, o->path),
                by_text(d, c->before, o, back), type);
    pg_alter_column(d, o, "%S", sb_view(&b));
    if (obj_raw(o, "storage").n && (d->facets & F_STORAGE))
        set_storage(d, o); /* the new type has brought its own */
    if (obj_raw(o, "compression").n && (d->facets & F_STORAGE))
        set_compression(d, o);
    pg_column_defaults(d, d->after, o->path, true);
    if (sequence && !shrinks)
        pg_identity_change(d, c);
    if (!sequence && obj_raw(o, "identity").n)
        pg_identity_add(d, c);
    return 0;
}

static bool generated_goes(const struct ddl *d, const struct change *c)
{
    (void)d;
    return obj_raw(c->before, "generated").n && !obj_raw(c->after, "generated").n &&
           !obj_true(c->before, "virtual");
}

static int column_expression(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_alter_column(d, c->after, "DROP EXPRESSION", STR_NULL);
    return 0;
}

/* Nothing that is done to the table reaches another, or comes from there. */
static bool stands_alone(const struct ddl *d, struct str table)
{
    const struct obj *o = view_get(d->before, table);
    struct str id = pg_id(d->mem, o), key, raw;
    struct view_iter it = view_iter(d->before, STR(""));
    if (obj_raw(o, "partition_by").n || obj_raw(o, "inherits").n || obj_raw(o, "of_type").n ||
        obj_raw(o, "server").n ||
        view_get(d->before, path_join(d->mem, table, STR("partition"), STR("#"))))
        return false;
    while ((o = view_next(&it)))
        for (struct jc_iter list = jc_iter(obj_raw(o, "inherits")); jc_next(&list, &key, &raw);)
            if (str_eq(jc_text(d->mem, raw), id))
                return false;
    return true;
}

/* The way back from DROP EXPRESSION, where nothing else is about the column. */
static bool generated_returns(const struct ddl *d, const struct change *c)
{
    const struct obj *first = d->origin ? cat_find(d->origin, c->before->path) : NULL;
    return first && obj_raw(first, "generated").n && !obj_raw(c->before, "generated").n &&
           obj_raw(c->after, "generated").n && !obj_true(c->after, "virtual") && c->nattrs == 1 &&
           stands_alone(d, path_parent(c->before->path));
}

static int column_generate(struct ddl *d, const struct change *c, struct err *e)
{
    struct str table = pg_table_of(d->mem, c->after->path);
    (void)e;
    pg_ddl(d, 0, "ALTER TABLE %S DROP COLUMN %S", table, pg_last(d->mem, c->before->path));
    pg_ddl(d, 0, "ALTER TABLE %S ADD COLUMN %S", table, pg_column_clause(d, d->after, c->after));
    pg_column_dress(d, c->after);
    pg_column_grants(d, c->after);
    d->order_differs = true;
    ddl_hazard(d, HZ_DATA_LOSS, c->after->path,
               "its values are computed anew: such as were written otherwise are lost");
    return 0;
}

/* From 17 on in place; a virtual column only where no CHECK is in the table. */
static bool generated_moves(const struct ddl *d, const struct change *c)
{
    enum { SET_EXPRESSION = 17 };
    bool both = obj_raw(c->before, "generated").n && obj_raw(c->after, "generated").n;
    bool is_virtual = obj_true(c->before, "virtual");
    struct view_iter it = view_iter(d->before, path_parent(c->before->path));
    if (!both || is_virtual != obj_true(c->after, "virtual") || pg_changed(c, "type") ||
        !d->origin || pg_level(d->origin->version) < SET_EXPRESSION)
        return false;
    for (const struct obj *o = view_next(&it); is_virtual && o; o = view_next(&it))
        if (str_eq(path_kind(o->path), STR("check")))
            return false;
    return true;
}

static struct str expression_follows(const struct ddl *d, const struct change *c)
{
    return generated_moves(d, c) ? pg_column_follows(d, c) : STR_NULL;
}

static int column_set_expression(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    pg_alter_column(d, c->after, "SET EXPRESSION AS (%S)", obj_text(d->mem, c->after, "generated"));
    return 0;
}

static int column_storage(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_storage(d, c->after);
    return 0;
}

static int column_compression(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_compression(d, c->after);
    return 0;
}

static int column_statistics(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    set_statistics(d, c->after);
    return 0;
}

static int column_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str was = obj_raw(c->before, "options"), now = obj_raw(c->after, "options");
    struct strbuf gone = sb_new(d->mem, 0);
    struct str key, value;
    for (struct jc_iter it = jc_iter(was); jc_next(&it, &key, &value);)
        sql_fmt(&gone, &pg_dialect, "%s%S", gone.n ? ", " : "", key);
    if (gone.n)
        pg_alter_column_only(d, c->after, "RESET (%S)", sb_view(&gone));
    if (jc_count(now))
        pg_alter_column_only(d, c->after, "SET (%S)", pg_options(d->mem, c->after));
    return 0;
}

static int column_comment(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str text = obj_raw(c->after, "comment");
    pg_comment(d, "COLUMN",
               pg_text(d->mem, "%S.%S", pg_table_of(d->mem, c->after->path),
                       pg_last(d->mem, c->after->path)),
               str_is_null(text) ? STR_NULL : obj_text(d->mem, c->after, "comment"));
    return 0;
}

static bool is_computed(const struct obj *o)
{
    return obj_raw(o, "generated").n > 0;
}

static void brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "type"));
    struct str generated = obj_text(out->mem, o, "generated");
    struct str identity = obj_text(out->mem, o, "identity");
    if (generated.n)
        sb_printf(out, " generated always as (%.*s)", STR_ARG(generated));
    if (identity.n)
        sb_printf(out, " identity %.*s", STR_ARG(identity));
    if (obj_true(o, "notnull"))
        sb_c(out, " not null");
}

#define DEPENDANTS "view,matview,rule,trigger,policy,function,aggregate,column,statistics"
#define FOLLOWS(id, nm, how)                                                                       \
    static const struct alter id = {                                                               \
        .name = nm, .rides = pg_column_follows, .other = &how, .doc = "follows from the parent's"}
static const struct alter create_own = {.name = "column.create",
                                        .fn = column_create,
                                        .tells = pg_add_column_tells,
                                        .doc = "ADD COLUMN"};
FOLLOWS(create, "column.create_inherited", create_own);
ALTER(drop_own, "column.drop", column_drop, "DROP COLUMN");
FOLLOWS(drop, "column.drop_inherited", drop_own);
ALTER(notnull_own, "column.notnull", pg_notnull_alter, "SET NOT NULL, DROP NOT NULL");
ALTER(notnull_comment, "column.notnull_comment", pg_notnull_comment, "COMMENT ON CONSTRAINT");
static const struct alter notnull = {.name = "column.notnull_inherited",
                                     .rides = pg_notnull_follows,
                                     .other = &notnull_own,
                                     .doc = "follows from the parent's"};
static const struct alter notnull_name_own = {.name = "column.notnull_name",
                                              .fn = pg_notnull_rename,
                                              .applies = pg_notnull_is_own,
                                              .doc = "RENAME CONSTRAINT"};
static const struct alter notnull_name_parent = {.name = "column.notnull_name_inherited",
                                                 .rides = pg_notnull_name_follows,
                                                 .other = &notnull_name_own,
                                                 .doc = "follows from the parent's"};
static const struct alter notnull_name = {.name = "column.notnull_name_part",
                                          .rides = pg_notnull_rides,
                                          .other = &notnull_name_parent,
                                          .doc = "while the table is no partition"};
ALTER(identity, "column.identity", pg_identity_alter, "ADD, SET, DROP IDENTITY");
ALTER(storage, "column.storage", column_storage, "SET STORAGE");
ALTER(compression, "column.compression", column_compression, "SET COMPRESSION");
ALTER(statistics, "column.statistics", column_statistics, "SET STATISTICS");
ALTER(options, "column.options", column_options, "SET (...), RESET (...)");
ALTER(comment, "column.comment", column_comment, "COMMENT ON COLUMN");
static const struct alter type_own = {.name = "column.type",
                                      .fn = column_type,
                                      .applies = is_no_key,
                                      .rebuilds = DEPENDANTS,
                                      .tells = pg_type_tells,
                                      .doc = "ALTER COLUMN TYPE ... USING"};
static const struct alter type = {.name = "column.type_inherited",
                                  .rides = pg_column_follows,
                                  .rebuilds = DEPENDANTS,
                                  .other = &type_own,
                                  .doc = "follows from the parent's"};
/* All that may need a column: it goes and comes. */
static const struct alter generate = {
    .name = "column.generate",
    .fn = column_generate,
    .applies = generated_returns,
    .rebuilds = DEPENDANTS ",index,primary_key,unique,check,exclude,foreign_key,publication_table,"
                           "replica_identity",
    .other = &alter_replace,
    .doc = "back: DROP COLUMN, ADD COLUMN"};
static const struct alter expression_own = {.name = "column.set_expression",
                                            .fn = column_set_expression,
                                            .applies = generated_moves,
                                            .other = &generate,
                                            .doc = "SET EXPRESSION (17)"};
static const struct alter expression_set = {.name = "column.set_expression_of_parent",
                                            .rides = expression_follows,
                                            .other = &expression_own,
                                            .doc = "follows from the parent's"};
static const struct alter expression = {.name = "column.expression",
                                        .fn = column_expression,
                                        .applies = generated_goes,
                                        .other = &expression_set,
                                        .doc = "DROP EXPRESSION"};

ALTER(inherited_own, "column.inherited", pg_column_inherited, "UPDATE pg_attribute");
static const struct alter inherited = {.name = "column.inherited_table",
                                       .rides = pg_column_rides_table,
                                       .other = &inherited_own,
                                       .doc = "with INHERIT, with the column of a parent"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    PG_ACL,
    {"collation",        A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &type,        1, false, AF_CONVERTS, "collation other than the type's"},
    {"comment",          A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &comment,     1, false, 0, "COMMENT ON"},
    {"compression",      A_TEXT, CMP_VALUE, F_STORAGE,   NULL, &compression, 1, false, 0, "compression method"},
    {"foreign_options",  A_MAP,  CMP_VALUE, F_STRUCTURE, NULL, &pg_alter_column_foreign, 1, false, 0, "OPTIONS of a foreign table's column"},
    {"generated",        A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, &expression,  1, true,  AF_FILLS, "expression of a generated column"},
    {"identity",         A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &identity,    1, false, AF_FILLS, "ALWAYS or BY DEFAULT"},
    {"identity_options", A_MAP,  CMP_VALUE, F_STRUCTURE, NULL, &identity,    1, false, 0, "sequence of the identity"},
    {"inherited",        A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &inherited,   1, false, 0, "comes from a parent alone"},
    {"notnull",          A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &notnull,     1, true,  AF_GUARDS, "NOT NULL"},
    {"notnull_comment",  A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &notnull_comment, 1, false, 0, "comment on NOT NULL (18)"},
    {"notnull_invalid", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &notnull,    1, false, AF_GUARDS, "NOT VALID (18)"},
    {"notnull_local", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &notnull,   1, false, 0, "NO INHERIT (18)"},
    {"notnull_name",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &notnull_name, 1, false, 0, "name of NOT NULL other than the usual one (18)"},
    {"options",          A_MAP,  CMP_VALUE, F_STORAGE,   NULL, &options,     1, false, 0, "n_distinct and the like"},
    {"statistics",       A_INT,  CMP_VALUE, F_STORAGE,   NULL, &statistics,  1, false, 0, "statistics target"},
    {"storage",          A_TEXT, CMP_VALUE, F_STORAGE,   NULL, &storage,     1, false, 0, "TOAST strategy other than the type's"},
    {"type",             A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, &type,        1, true,  AF_CONVERTS, "data type as the server writes it"},
    {"virtual",          A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &expression,  1, false, 0, "computed when read (18)"},
};
/* clang-format on */

const struct kind_desc pg_column_kind = {
    .name = "column",
    .parents = "table",
    .flags = KF_INLINE | KF_CASCADE | KF_DATA,
    .rank = 41,
    .facet = F_STRUCTURE,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &pg_rename,
    .brief = brief,
    .computed = is_computed,
    .takes = pg_identity_sequence,
    .ordered_by = "columns",
    .doc = "column of a table",
};
