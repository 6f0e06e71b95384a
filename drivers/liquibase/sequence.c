/* Sequences. */

#include "drivers/liquibase/liquibase.h"

static const struct {
    const char *attr, *key;
} numbers[] = {
    {"cache", "cacheSize"}, {"increment", "incrementBy"}, {"max", "maxValue"}, {"min", "minValue"}};

/* createSequence takes no type here before Liquibase 5: it is said in SQL. */
static void put_typed(struct ddl *d, const struct obj *o)
{
    static const struct {
        const char *attr, *words;
    } clauses[] = {{"increment", "INCREMENT BY"},
                   {"min", "MINVALUE"},
                   {"max", "MAXVALUE"},
                   {"cache", "CACHE"}};
    struct strbuf b = sb_new(d->mem, 0);
    struct str start = obj_src(d->mem, o, "start");
    sb_printf(&b, "CREATE SEQUENCE %.*s AS %.*s", STR_ARG(lq_qualified(d, d->after, o->path)),
              STR_ARG(obj_text(d->mem, o, "type")));
    if (start.n)
        sb_printf(&b, " START WITH %.*s", STR_ARG(start));
    for (size_t i = 0; i < sizeof clauses / sizeof *clauses; i++)
        if (!str_is_null(obj_raw(o, clauses[i].attr)))
            sb_printf(&b, " %s %.*s", clauses[i].words,
                      STR_ARG(obj_text(d->mem, o, clauses[i].attr)));
    if (obj_true(o, "cycle"))
        sb_c(&b, " CYCLE");
    lq_put_sql(d, sb_view(&b));
}

static int sequence_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "createSequence");
    const char *usual = lq_dialect(d->eng)->sequence_type;
    struct str type = obj_text(d->mem, c->after, "type");
    (void)e;
    if (usual && type.n && !str_eq_fold_c(type, usual)) {
        put_typed(d, c->after);
        return 0;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        lq_text_key(&x, numbers[i].key, obj_text(d->mem, c->after, numbers[i].attr));
    if (obj_true(c->after, "cycle"))
        lq_bool_key(&x, "cycle", true);
    if (!usual)
        lq_text_key(&x, "dataType", type);
    if (obj_true(c->after, "ordered"))
        lq_bool_key(&x, "ordered", true);
    lq_schema_key(&x, "schemaName", c->after->path);
    lq_text_key(&x, "sequenceName", obj_name(d->mem, c->after));
    lq_text_key(&x, "startValue", obj_src(d->mem, c->after, "start"));
    lq_put(&x);
    return 0;
}

static int sequence_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "dropSequence");
    (void)e;
    lq_schema_key(&x, "schemaName", c->before->path);
    lq_text_key(&x, "sequenceName", obj_name(d->mem, c->before));
    lq_put(&x);
    return 0;
}

static int sequence_alter(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "alterSequence");
    (void)e;
    for (uint32_t i = 0; i < c->nattrs; i++) {
        const char *attr = c->attrs[i].attr->name;
        for (size_t k = 0; k < sizeof numbers / sizeof *numbers; k++)
            if (str_eq(str_c(attr), str_c(numbers[k].attr)))
                lq_text_key(&x, numbers[k].key, obj_text(d->mem, c->after, attr));
        if (str_eq_c(STR("cycle"), attr) || str_eq_c(STR("ordered"), attr))
            lq_bool_key(&x, attr, obj_true(c->after, attr));
    }
    lq_schema_key(&x, "schemaName", c->after->path);
    lq_text_key(&x, "sequenceName", obj_name(d->mem, c->after));
    lq_put(&x);
    return 0;
}

/* What Liquibase's generator of ALTER SEQUENCE says for this product; the rest it leaves out
 * without a word. A bound that is not told cannot be set. */
static bool can_alter(const struct ddl *d, const struct change *c)
{
    for (uint32_t i = 0; i < c->nattrs; i++) {
        const struct attr_desc *a = c->attrs[i].attr;
        bool told = a->type == A_BOOL || !str_is_null(obj_raw(c->after, a->name));
        bool counts = !(a->facet & d->facets);
        if (!counts && (!told || !word_in(lq_dialect(d->eng)->sequence_alters, str_c(a->name))))
            return false;
    }
    return true;
}

/* Where it stands is no part of the schema. */
static int moves(struct ddl *d, const struct change *c, struct err *e)
{
    return lq_refused(d, c, "no change type sets the next number of a sequence",
                      "--facets -counters leaves it out", e);
}

static int sequence_rename(struct ddl *d, const struct change *c, struct err *e)
{
    struct lq_change x = lq_begin_change(d, "renameSequence");
    (void)e;
    lq_text_key(&x, "newSequenceName", obj_name(d->mem, c->after));
    lq_text_key(&x, "oldSequenceName", obj_name(d->mem, c->before));
    lq_schema_key(&x, "schemaName", c->before->path);
    lq_put(&x);
    return 0;
}

LQ_ALTER(create, "sequence.create", sequence_create, "createSequence");
LQ_ALTER(drop, "sequence.drop", sequence_drop, "dropSequence");
LQ_ALTER(renamed, "sequence.rename", sequence_rename, "renameSequence");
LQ_ALTER(counter, "sequence.at", moves, "refused: no change type does it");
static const struct alter alter = {.name = "sequence.alter",
                                   .fn = sequence_alter,
                                   .applies = can_alter,
                                   .other = &alter_replace,
                                   .doc = "alterSequence, else dropSequence and createSequence"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"at",        A_TEXT, CMP_VALUE, F_COUNTERS,  NULL, &counter, 1, false, 0, "next number, where the snapshot holds that and no START"},
    {"cache",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter,   1, false, 0, "CACHE"},
    {"cycle",     A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &alter,   1, false, 0, "CYCLE"},
    {"increment", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter,   1, false, 0, "INCREMENT BY"},
    {"max",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter,   1, false, 0, "MAXVALUE"},
    {"min",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter,   1, false, 0, "MINVALUE"},
    LQ_NAME(&renamed),
    {"ordered",   A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &alter,   1, false, 0, "ORDER"},
    {"start",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "START WITH"},
    {"type",      A_TYPE, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, true,  0, "data type"},
};
/* clang-format on */

const struct kind_desc lq_sequence_kind = {
    .name = "sequence",
    .parents = ",schema",
    .flags = KF_GRANTED,
    .rank = 10,
    .facet = F_STRUCTURE,
    .names = "relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .rename = &renamed,
    .doc = "sequence",
};
