/* Validators that say what a report found; see sample_parts.h. */

#include "drivers/mongodb/sample_parts.h"

#include <stdlib.h>

#include "core/escape.h"
#include "drivers/mongodb/mongodb.h"

/* A field with what it belongs to. */
struct child {
    struct str parent, last;
    const struct seen_field *field;
};

/* The fields of one collection, by what they belong to. */
struct proposal {
    struct arena *mem;
    struct child *v;
    uint32_t n;
};

static int by_parent(const void *a, const void *b)
{
    const struct child *x = a, *y = b;
    int order = str_cmp(x->parent, y->parent);
    return order ? order : str_cmp(x->last, y->last);
}

static struct proposal proposal_of(struct arena *mem, const struct seen *seen)
{
    struct proposal p = {mem, NEW_ARRAY(mem, struct child, seen->nfields), seen->nfields};
    for (uint32_t i = 0; i < p.n; i++) {
        p.v[i].field = &seen->fields[i];
        p.v[i].parent = mg_path_parent(seen->fields[i].path, &p.v[i].last);
    }
    if (p.n)
        qsort(p.v, p.n, sizeof *p.v, by_parent);
    return p;
}

/* The first that belongs to a path, or where it would stand. */
static uint32_t first_of(const struct proposal *p, struct str path)
{
    uint32_t low = 0, high = p->n;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (str_cmp(p->v[middle].parent, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void fill(struct proposal *s, struct mv *schema, struct str path);

/* The types of a field, each once, as a word or a list. A binary's subtype is not said. */
static void put_types(struct proposal *s, struct mv *schema, const struct seen_field *f)
{
    struct mv *list = mv_new(s->mem, MV_ARRAY);
    bool binary = false;
    for (uint32_t i = 0; i < f->ntypes; i++) {
        struct str name = f->types[i].name;
        name = str_sub(name, 0, str_chr(name, '('));
        bool again = str_eq_c(name, "binData") && binary;
        binary |= str_eq_c(name, "binData");
        if (!again)
            mv_add(list, STR_NULL, mv_text(s->mem, name));
    }
    if (list->n == 1)
        mv_add(schema, STR("bsonType"), mv_text(s->mem, list->first->text));
    else if (list->n)
        mv_add(schema, STR("bsonType"), list);
}

static struct mv *schema_of(struct proposal *s, const struct seen_field *f)
{
    struct mv *schema = mv_new(s->mem, MV_DOCUMENT);
    put_types(s, schema, f);
    fill(s, schema, f->path);
    return schema;
}

/* The name of a field as it is; false where a schema cannot speak of it. */
static bool name_of(struct proposal *s, struct str last, struct str *out)
{
    struct mv *v;
    struct err e;
    *out = last;
    if (last.n && last.p[0] == '"') {
        if (mv_from_json(s->mem, last, &v, &e))
            return false;
        *out = v->text;
    }
    return !out->n || out->p[0] != '$';
}

/* Fields, members and the rest of what belongs to a path. */
static void fill(struct proposal *s, struct mv *schema, struct str path)
{
    struct mv *required = mv_new(s->mem, MV_ARRAY), *fields = mv_new(s->mem, MV_DOCUMENT);
    struct mv *items = NULL, *rest = NULL;
    for (uint32_t i = first_of(s, path); i < s->n && str_eq(s->v[i].parent, path); i++) {
        const struct seen_field *f = s->v[i].field;
        struct str last = s->v[i].last, name;
        if (str_eq_c(last, "[]"))
            items = schema_of(s, f);
        else if (str_eq_c(last, "*"))
            rest = schema_of(s, f);
        else if (name_of(s, last, &name)) {
            if (!f->missing && f->in)
                mv_add(required, STR_NULL, mv_text(s->mem, name));
            mv_add(fields, name, schema_of(s, f));
        }
    }
    if (required->n)
        mv_add(schema, STR("required"), required);
    if (fields->n)
        mv_add(schema, STR("properties"), fields);
    if (rest)
        mv_add(schema, STR("additionalProperties"), rest);
    if (items)
        mv_add(schema, STR("items"), items);
}

/* Only told of at first, and not asked of documents that are there already and do not hold it. */
static struct mv *validator(struct proposal *s, struct str collection)
{
    struct mv *command = mg_command(s->mem, "collMod", collection);
    struct mv *outer = mv_new(s->mem, MV_DOCUMENT), *schema = mv_new(s->mem, MV_DOCUMENT);
    mv_add(schema, STR("bsonType"), mv_text(s->mem, STR("object")));
    fill(s, schema, STR(""));
    mv_add(outer, STR("$jsonSchema"), schema);
    mv_add(command, STR("validator"), outer);
    mv_add(command, STR("validationLevel"), mv_text(s->mem, STR("moderate")));
    mv_add(command, STR("validationAction"), mv_text(s->mem, STR("warn")));
    return command;
}

/* A comment of the shell before the command. */
static void remark(struct strbuf *out, struct str collection, const char *what)
{
    sb_c(out, "// ");
    esc_terminal(out, collection);
    sb_printf(out, ": %s\n", what);
}

int mg_infer_propose(struct str report, struct arena *mem, struct strbuf *out, struct err *e)
{
    struct report r;
    if (mg_report_read(mem, report, &r, e))
        return -1;
    for (uint32_t i = 0; i < r.n; i++) {
        struct proposal s = proposal_of(mem, &r.v[i]);
        if (!r.v[i].documents)
            continue;
        if (r.v[i].timeseries) {
            remark(out, r.v[i].collection, "a time series takes no validator");
            continue;
        }
        if (r.v[i].validator)
            remark(out, r.v[i].collection, "it has a validator, which this one would replace");
        mv_put_pretty(out, validator(&s, r.v[i].collection));
        sb_char(out, '\n');
    }
    return 0;
}
