/* Sequences, views, programs, checks and synonyms of a Liquibase snapshot as facts. */

#include "drivers/liquibase/liquibase.h"

static int sequence(const struct lq_reader *r, const struct lb_object *o)
{
    struct fact f;
    struct str name, start = lb_text(&o->attrs, "startValue");
    static const struct {
        const char *attr, *from;
    } numbers[] = {{"cache", "cacheSize"},
                   {"increment", "incrementBy"},
                   {"max", "maxValue"},
                   {"min", "minValue"}};
    if (lb_need_text(r->in, o, "name", &name, r->e))
        return -1;
    lq_begin(r, &f, "sequence", lq_schema_path(r, o), name);
    fact_bool(&f, "cycle", lb_bool(&o->attrs, "willCycle", false));
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        fact_text(&f, numbers[i].attr, lb_text(&o->attrs, numbers[i].from));
    fact_bool(&f, "ordered", lb_bool(&o->attrs, "ordered", false));
    fact_text(&f, r->dialect->start_moves ? "at" : "start", start);
    fact_text(&f, "type", lb_text(&o->attrs, "dataType"));
    if (start.n)
        fact_src(&f, "start", start);
    fact_end(&f);
    lq_rest(r, o, "startValue,cacheSize,incrementBy,maxValue,minValue,willCycle,ordered,dataType",
            f.path);
    return 0;
}

int lq_read_sequences(struct lq_reader *r)
{
    uint32_t at = 0;
    for (const struct lb_object *o; (o = lb_next(r->in, "Sequence", &at));)
        if (sequence(r, o))
            return -1;
    return 0;
}

/* Line ends and outer blanks are the deployer's: the same text comes back with others. */
static struct str plain_text(struct arena *mem, struct str text)
{
    struct strbuf b = sb_new(mem, 0);
    text = str_trim(text);
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i] != '\r')
            sb_char(&b, text.p[i]);
    return sb_view(&b);
}

static int view(const struct lq_reader *r, const struct lb_object *o)
{
    struct fact f;
    struct str name, text = lb_text(&o->attrs, "definition");
    struct str comment = lb_text(&o->attrs, "remarks");
    if (lb_need_text(r->in, o, "name", &name, r->e))
        return -1;
    if (!text.n) {
        cat_add_ledger(r->cat, "view", name, STR_NULL, name,
                       "the snapshot holds no definition of it");
        return 0;
    }
    lq_begin(r, &f, "view", lq_schema_path(r, o), name);
    fact_text(&f, "comment", comment.n ? comment : STR_NULL);
    fact_text(&f, "query", plain_text(r->mem, text));
    fact_src(&f, "query", text);
    fact_end(&f);
    lq_rest(r, o, "definition,remarks,editioning", f.path);
    return 0;
}

int lq_read_views(struct lq_reader *r)
{
    uint32_t at = 0;
    for (const struct lb_object *o; (o = lb_next(r->in, "View", &at));)
        if (view(r, o))
            return -1;
    return 0;
}

static int program(const struct lq_reader *r, const struct lb_object *o, const char *kind)
{
    struct fact f;
    struct str name, text = lb_text(&o->attrs, "body"), on = lb_text(&o->attrs, "tableName");
    if (lb_need_text(r->in, o, "name", &name, r->e))
        return -1;
    if (!text.n) {
        cat_add_ledger(r->cat, kind, name, STR_NULL, name, "the snapshot holds no text of it");
        return 0;
    }
    struct str schema = lq_schema_path(r, o);
    lq_begin(r, &f, kind, schema, name);
    fact_text(&f, "body", plain_text(r->mem, text));
    if (str_eq_c(STR("trigger"), kind) && on.n) {
        struct str table = r->cat->eng->fold(r->mem, on);
        fact_text(&f, "table", table);
        fact_dep(&f, path_join(r->mem, schema, STR("table"), table));
    }
    fact_src(&f, "body", text);
    fact_end(&f);
    lq_rest(r, o, "body,tableName,packageName", f.path);
    return 0;
}

int lq_read_programs(struct lq_reader *r)
{
    static const struct {
        const char *class, *kind;
    } classes[] = {{"StoredProcedure", "procedure"},
                   {"Function", "function"},
                   {"Trigger", "trigger"},
                   {"DatabasePackage", "package"},
                   {"DatabasePackageBody", "package_body"}};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        uint32_t at = 0;
        for (const struct lb_object *o; (o = lb_next(r->in, classes[i].class, &at));)
            if (program(r, o, classes[i].kind))
                return -1;
    }
    return 0;
}

static int check(const struct lq_reader *r, const struct lb_object *o)
{
    const struct lb_object *table = lb_ref(&o->attrs, "table");
    struct str text = lb_text(&o->attrs, "body"), name = lb_text(&o->attrs, "name");
    struct fact f;
    if (!table) {
        cat_add_ledger(r->cat, "check", name, STR_NULL, text,
                       "the snapshot does not say of which table it is");
        return 0;
    }
    struct str path = lq_path(r, "table", table);
    lq_begin_key(r, &f, "check", path, name, text);
    fact_text(&f, "expr", plain_text(r->mem, text));
    if (path_is_unnamed(f.path) && name.n)
        fact_src(&f, "name", name);
    fact_end(&f);
    lq_rest(r, o, "body", f.path);
    return 0;
}

int lq_read_checks(struct lq_reader *r)
{
    uint32_t at = 0;
    for (const struct lb_object *o; (o = lb_next(r->in, "CheckConstraint", &at));)
        if (check(r, o))
            return -1;
    return 0;
}

static int synonym(const struct lq_reader *r, const struct lb_object *o)
{
    struct str name, to = lb_text(&o->attrs, "objectName");
    struct str schema = lb_text(&o->attrs, "objectSchema");
    struct fact f;
    if (lb_need_text(r->in, o, "name", &name, r->e) ||
        lb_need_text(r->in, o, "objectName", &to, r->e))
        return -1;
    lq_begin(r, &f, "synonym", lq_schema_path(r, o), name);
    fact_text(&f, "target", to);
    fact_text(&f, "target_schema", schema.n ? schema : STR_NULL);
    fact_end(&f);
    lq_rest(r, o, "objectName,objectSchema", f.path);
    return 0;
}

int lq_read_synonyms(struct lq_reader *r)
{
    uint32_t at = 0;
    for (const struct lb_object *o; (o = lb_next(r->in, "Synonym", &at));)
        if (synonym(r, o))
            return -1;
    return 0;
}
