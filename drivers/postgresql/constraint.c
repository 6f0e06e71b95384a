/* Constraints of tables and domains, by the server's own definition. */

#include "drivers/postgresql/column.h"
#include "drivers/postgresql/online.h"
#include "drivers/postgresql/part_name.h"
#include "drivers/postgresql/retype.h"

#include <string.h>

static bool is_domain(struct str path)
{
    return str_eq(path_kind(path_parent(path)), STR("domain"));
}

static struct str on_what(struct ddl *d, struct str path)
{
    return pg_text(d->mem, "%S ON %s%S", pg_last(d->mem, path), is_domain(path) ? "DOMAIN " : "",
                   pg_table_of(d->mem, path));
}

static void add(struct ddl *d, const struct obj *o)
{
    struct str path = o->path, space = obj_text(d->mem, o, "tablespace");
    struct str head = pg_text(d->mem, "ALTER %s %S", is_domain(path) ? "DOMAIN" : "TABLE",
                              pg_table_of(d->mem, path));
    pg_parts_named(d, o);
    bool by_index = pg_online_key(d, o);
    if (!by_index)
        pg_ddl(d, 0, "%S ADD CONSTRAINT %S %S%s", head, pg_last(d->mem, path),
               pg_respell(d->mem, obj_text(d->mem, o, "def")),
               obj_true(o, "not_enforced") ? " NOT ENFORCED"
               : obj_true(o, "not_valid")  ? " NOT VALID"
                                           : "");
    if (space.n && !by_index)
        pg_ddl(d, 0, "ALTER INDEX %S.%S SET TABLESPACE %I", pg_name(d->mem, path, 1),
               pg_last(d->mem, path), space);
    if (obj_raw(o, "options").n)
        pg_ddl(d, 0, "ALTER INDEX %S.%S SET (%S)", pg_name(d->mem, path, 1), pg_last(d->mem, path),
               pg_options(d->mem, o));
    if (obj_true(o, "clustered"))
        pg_ddl(d, 0, "%S CLUSTER ON %S", head, pg_last(d->mem, path));
    if (!str_is_null(obj_raw(o, "comment")) && (d->facets & F_COMMENTS))
        pg_comment(d, "CONSTRAINT", on_what(d, path), obj_text(d->mem, o, "comment"));
}

void pg_constraint_make(struct ddl *d, const struct obj *o)
{
    add(d, o);
}

/* The domain that a check lies in, where the server would have to look into arrays and the like to
 * validate it, which it refuses; or NULL. */
static const struct obj *boxed_domain(struct ddl *d, struct str path)
{
    const struct obj *domain = is_domain(path) ? view_get(d->before, path_parent(path)) : NULL;
    return domain && pg_type_is_boxed(d, d->before, domain) ? domain : NULL;
}

static int constraint_create(struct ddl *d, const struct change *c, struct err *e)
{
    if (!obj_true(c->after, "not_valid") && boxed_domain(d, c->after->path))
        return pg_retype(d, path_parent(c->after->path), e);
    add(d, c->after);
    if (obj_true(c->after, "not_valid") || obj_true(c->after, "not_enforced") ||
        pg_table_is_new(d, c->after->path) ||
        (is_domain(c->after->path) && d->origin &&
         !cat_find(d->origin, path_parent(c->after->path))))
        return 0;
    ddl_hazard(d, HZ_DATA_DEPENDENT, c->after->path, "fails where a row does not fit");
    return 0;
}

static int constraint_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str path = c->before->path;
    pg_ddl(d, 0, "ALTER %s %S DROP CONSTRAINT %S", is_domain(path) ? "DOMAIN" : "TABLE",
           pg_table_of(d->mem, path), pg_last(d->mem, path));
    return 0;
}

/* A constraint is validated in place; it becomes unvalidated by a new one of its name. */
static int constraint_validate(struct ddl *d, const struct change *c, struct err *e)
{
    struct str path = c->after->path;
    if (obj_true(c->after, "not_valid")) {
        constraint_drop(d, c, e);
        add(d, c->after);
        return 0;
    }
    if (boxed_domain(d, path))
        return pg_retype(d, path_parent(path), e);
    pg_ddl(d, 0, "ALTER %s %S VALIDATE CONSTRAINT %S", is_domain(path) ? "DOMAIN" : "TABLE",
           pg_table_of(d->mem, path), pg_last(d->mem, path));
    ddl_hazard(d, HZ_DATA_DEPENDENT, path, "fails where a row does not fit");
    return 0;
}

/* Of a foreign key; it is validated then. A check must be made anew. */
static bool is_switched(const struct ddl *d, const struct change *c)
{
    (void)d;
    return str_eq(path_kind(c->after->path), STR("foreign_key")) &&
           !obj_true(c->before, "not_valid") && !obj_true(c->after, "not_valid");
}

static int constraint_enforce(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str path = c->after->path;
    bool off = obj_true(c->after, "not_enforced");
    pg_ddl(d, 0, "ALTER TABLE %S ALTER CONSTRAINT %S %s", pg_table_of(d->mem, path),
           pg_last(d->mem, path), off ? "NOT ENFORCED" : "ENFORCED");
    if (!off)
        ddl_hazard(d, HZ_DATA_DEPENDENT, path, "fails where a row does not fit");
    return 0;
}

static int constraint_comment(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str raw = obj_raw(c->after, "comment");
    pg_comment(d, "CONSTRAINT", on_what(d, c->after->path),
               str_is_null(raw) ? STR_NULL : obj_text(d->mem, c->after, "comment"));
    return 0;
}

static int constraint_cluster(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    if (obj_true(c->after, "clustered"))
        pg_ddl(d, 0, "ALTER TABLE %S CLUSTER ON %S", pg_table_of(d->mem, c->after->path),
               pg_last(d->mem, c->after->path));
    else
        pg_ddl(d, 0, "ALTER TABLE %S SET WITHOUT CLUSTER", pg_table_of(d->mem, c->after->path));
    return 0;
}

static int constraint_space(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str space = obj_text(d->mem, c->after, "tablespace");
    pg_ddl(d, 0, "ALTER INDEX %S.%S SET TABLESPACE %I", pg_name(d->mem, c->after->path, 1),
           pg_last(d->mem, c->after->path), space.n ? space : STR("pg_default"));
    return 0;
}

static int constraint_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str path = c->after->path;
    pg_alter_options(
        d, pg_text(d->mem, "ALTER INDEX %S.%S", pg_name(d->mem, path, 1), pg_last(d->mem, path)),
        c);
    return 0;
}

static void brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "def"));
    if (obj_true(o, "not_valid"))
        sb_c(out, " not valid");
    if (obj_true(o, "not_enforced"))
        sb_c(out, " not enforced");
}

ALTER(create_own, "constraint.create", constraint_create, "ADD CONSTRAINT");
static const struct alter drop_own = {.name = "constraint.drop",
                                      .fn = constraint_drop,
                                      .applies = pg_part_is_free,
                                      .doc = "DROP CONSTRAINT"};
static const struct alter rename_part = {.name = "constraint.rename_part",
                                         .fn = pg_part_rename,
                                         .applies = pg_part_is_renamed,
                                         .other = &drop_own,
                                         .doc = "RENAME CONSTRAINT of a partition's"};
#define PART_OF(id, nm, by, how)                                                                   \
    static const struct alter id = {                                                               \
        .name = nm, .rides = by, .other = &how, .doc = "comes and goes with the parent's"}
PART_OF(create, "constraint.create_part", pg_part_comes, create_own);
PART_OF(drop, "constraint.drop_part", pg_part_goes, rename_part);
PART_OF(part, "constraint.part", pg_part_moves, alter_replace);
ALTER(comment, "constraint.comment", constraint_comment, "COMMENT ON CONSTRAINT");
ALTER(cluster, "constraint.cluster", constraint_cluster, "CLUSTER ON");
ALTER(options, "constraint.options", constraint_options, "ALTER INDEX SET (...), RESET (...)");
ALTER(space, "constraint.tablespace", constraint_space, "ALTER INDEX SET TABLESPACE");
ALTER(validate, "constraint.validate", constraint_validate, "VALIDATE CONSTRAINT");

/* Whether a check comes from the parents alone changes in place where these stay as they are. */
static const struct alter check_inherited = {.name = "check.inherited",
                                             .fn = pg_check_inherited,
                                             .applies = pg_check_is_mark,
                                             .other = &alter_replace,
                                             .doc = "UPDATE pg_constraint"};
static const struct alter check_part = {.name = "check.inherited_table",
                                        .rides = pg_check_rides_table,
                                        .other = &check_inherited,
                                        .doc = "with INHERIT, ATTACH PARTITION and the like"};

static const struct alter validate_part = {.name = "constraint.validate_part",
                                           .rides = pg_part_rides,
                                           .other = &validate,
                                           .doc = "follows from the parent's"};
static const struct alter enforce_own = {.name = "constraint.enforce",
                                         .fn = constraint_enforce,
                                         .applies = is_switched,
                                         .other = &alter_replace,
                                         .doc = "ALTER CONSTRAINT ENFORCED, NOT ENFORCED"};
PART_OF(enforce, "constraint.enforce_part", pg_part_rides, enforce_own);

/* clang-format off */
#define OPTIONS    {"options",   A_MAP,  CMP_VALUE, F_STORAGE,   NULL, &options,  1, false, 0, "storage parameters of its index"}
#define COMMENT    {"comment",   A_TEXT, CMP_VALUE, F_COMMENTS,  NULL, &comment,  1, false, 0, "COMMENT ON"}
#define DEF        {"def",       A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,      1, false, AF_GUARDS, "definition as the server writes it"}
#define ENFORCED   {"not_enforced", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &enforce, 1, false, 0, "NOT ENFORCED (18)"}
#define NOT_VALID  {"not_valid", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &validate_part, 1, false, 0, "not validated for the rows that were there"}
#define CLUSTERED  {"clustered", A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &cluster,  1, false, 0, "CLUSTER goes by it"}
#define PART       {"part_of",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &part,     1, false, 0, "constraint of the parent that it comes from"}
#define INHERITED  {"part_of",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &check_part, 1, false, 0, "check of the parent that it comes from alone"}
#define SPACE      {"tablespace", A_TEXT, CMP_VALUE, F_STORAGE,  NULL, &space,    1, false, 0, "tablespace of its index"}
/* clang-format on */

static const struct attr_desc key_attrs[] = {CLUSTERED, COMMENT, DEF, OPTIONS, PART, SPACE};
static const struct attr_desc check_attrs[] = {COMMENT, DEF, ENFORCED, NOT_VALID, INHERITED};
static const struct attr_desc foreign_attrs[] = {COMMENT, DEF, ENFORCED, NOT_VALID, PART};

#define KIND(id, tag, on, order, list, share, text)                                                \
    const struct kind_desc id = {                                                                  \
        .name = tag,                                                                               \
        .parents = on,                                                                             \
        .flags = KF_CASCADE | KF_GUARDS,                                                           \
        .rank = order,                                                                             \
        .facet = F_STRUCTURE,                                                                      \
        .names = share,                                                                            \
        .attrs = list,                                                                             \
        .nattrs = sizeof list / sizeof *list,                                                      \
        .create = &create,                                                                         \
        .drop = &drop,                                                                             \
        .rename = &pg_rename,                                                                      \
        .brief = brief,                                                                            \
        .doc = text,                                                                               \
    }

KIND(pg_primary_key_kind, "primary_key", "table", 50, key_attrs, "relation", "PRIMARY KEY");
KIND(pg_unique_kind, "unique", "table", 51, key_attrs, "relation", "UNIQUE");
KIND(pg_exclude_kind, "exclude", "table", 53, key_attrs, "relation", "EXCLUDE");
KIND(pg_check_kind, "check", "table,domain", 52, check_attrs, NULL, "CHECK");
KIND(pg_foreign_key_kind, "foreign_key", "table", 60, foreign_attrs, NULL, "FOREIGN KEY");
