/*
 * Procedures, and what only snapshots of the commercial edition hold: functions, triggers,
 * packages, synonyms. The open edition has change types for procedures alone; the others are made
 * by their own text.
 */

#include "drivers/liquibase/liquibase.h"

#include "drivers/sql/lex.h"

/* Oracle keeps a text without its first words: "PROCEDURE p IS ...". */
static struct str whole_text(struct ddl *d, const struct obj *o)
{
    struct str text = obj_src(d->mem, o, "body");
    struct lexer l = lex_open(text);
    struct tok t = lex_next(&l);
    if (tok_is(t, "create") || tok_is(t, "alter"))
        return text;
    return arena_printf(d->mem, "CREATE OR REPLACE %.*s", STR_ARG(text));
}

static int procedure_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "createProcedure");
    (void)e;
    lq_text_key(&x, "procedureName", obj_name(d->mem, c->after));
    lq_text_key(&x, "procedureText", whole_text(d, c->after));
    lq_schema_key(&x, "schemaName", c->after->path);
    lq_put(&x);
    return 0;
}

static int procedure_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "dropProcedure");
    (void)e;
    lq_text_key(&x, "procedureName", obj_name(d->mem, c->before));
    lq_schema_key(&x, "schemaName", c->before->path);
    lq_put(&x);
    return 0;
}

/* A text names its schema itself, or means the one that the run is in. */
static int text_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    lq_put_sql(d, whole_text(d, c->after));
    return 0;
}

static int text_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct str kind = path_kind(c->before->path);
    const char *word = str_eq(kind, STR("function"))  ? "FUNCTION"
                       : str_eq(kind, STR("trigger")) ? "TRIGGER"
                       : str_eq(kind, STR("package")) ? "PACKAGE"
                                                      : "PACKAGE BODY";
    (void)e;
    lq_put_sql(d, arena_printf(d->mem, "DROP %s %.*s", word,
                               STR_ARG(lq_qualified(d, d->before, c->before->path))));
    return 0;
}

static int synonym_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct str schema = obj_text(d->mem, c->after, "target_schema");
    (void)e;
    lq_put_sql(d,
               arena_printf(d->mem, "CREATE SYNONYM %.*s FOR %.*s%s%.*s",
                            STR_ARG(lq_qualified(d, d->after, c->after->path)),
                            STR_ARG(schema.n ? lq_quoted(d, schema) : STR("")), schema.n ? "." : "",
                            STR_ARG(lq_quoted(d, obj_text(d->mem, c->after, "target")))));
    return 0;
}

static int synonym_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    lq_put_sql(d, arena_printf(d->mem, "DROP SYNONYM %.*s",
                               STR_ARG(lq_qualified(d, d->before, c->before->path))));
    return 0;
}

LQ_ALTER(p_create, "procedure.create", procedure_create, "createProcedure");
LQ_ALTER(p_drop, "procedure.drop", procedure_drop, "dropProcedure");
LQ_ALTER(t_create, "program.create", text_create, "sql with its text");
LQ_ALTER(t_drop, "program.drop", text_drop, "sql");
LQ_ALTER(s_create, "synonym.create", synonym_create, "sql");
LQ_ALTER(s_drop, "synonym.drop", synonym_drop, "sql");

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"body", A_BODY, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "its text"},
    LQ_NAME(NULL),
};
static const struct attr_desc trigger_attrs[] = {
    {"body",  A_BODY, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "its text"},
    LQ_NAME(NULL),
    {"table", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "its table, where the snapshot says it"},
};
static const struct attr_desc synonym_attrs[] = {
    LQ_NAME(NULL),
    {"target",        A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "what it stands for"},
    {"target_schema", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "schema of that"},
};
/* clang-format on */

#define PROGRAM(tag, rank_, attrs_, make, doc_)                                                    \
    {                                                                                              \
        .name = tag, .parents = ",schema", .flags = KF_SOFT | KF_GRANTED, .rank = (rank_),         \
        .facet = F_STRUCTURE, .names = tag, .attrs = attrs_,                                       \
        .nattrs = sizeof attrs_ / sizeof *attrs_, .create = &make##_create, .drop = &make##_drop,  \
        .doc = doc_                                                                                \
    }

const struct kind_desc lq_procedure_kind = PROGRAM("procedure", 65, attrs, p, "stored procedure");
const struct kind_desc lq_function_kind =
    PROGRAM("function", 62, attrs, t, "function (snapshots of the commercial edition)");
const struct kind_desc lq_trigger_kind =
    PROGRAM("trigger", 75, trigger_attrs, t, "trigger (snapshots of the commercial edition)");
const struct kind_desc lq_package_kind =
    PROGRAM("package", 63, attrs, t, "package (snapshots of the commercial edition)");
const struct kind_desc lq_package_body_kind =
    PROGRAM("package_body", 66, attrs, t, "package body (snapshots of the commercial edition)");
const struct kind_desc lq_synonym_kind =
    PROGRAM("synonym", 58, synonym_attrs, s, "synonym (snapshots of the commercial edition)");
