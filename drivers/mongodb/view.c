/*
 * Views: what they read and how. collMod changes both in place; the collation stays for life. A
 * view may read what is not there.
 */

#include "drivers/mongodb/mongodb.h"

#include <stdlib.h>
#include <string.h>

#define KNOWN "viewOn,pipeline,collation"

enum { MAX_NESTING = 60 };

/* --- what a view reads --- */

struct reads {
    struct fact *f;
    const struct mg_listed *all;
    uint32_t n;
};

static int by_name(const void *a, const void *b)
{
    return str_cmp(((const struct mg_listed *)a)->name, ((const struct mg_listed *)b)->name);
}

static void add_read(const struct reads *r, struct str name)
{
    struct arena *mem = r->f->cat->tmp;
    struct mg_listed key = {.name = name};
    const struct mg_listed *found;
    if (str_is_null(name))
        return;
    found = r->n ? bsearch(&key, r->all, r->n, sizeof key, by_name) : NULL;
    if (found)
        fact_dep(r->f, mg_path(mem, found->view ? "view" : "collection", name));
    else
        fact_dep(r->f, arena_printf(mem, "!collection %.*s", STR_ARG(name)));
}

static void add_pipeline(const struct reads *r, const struct mv *pipeline, int depth);

/* One stage: $lookup and $graphLookup by `from`, $unionWith by a name or by `coll`; pipelines
 * within them and in $facet read on. */
static void add_stage(const struct reads *r, const struct mv *stage, int depth)
{
    static const char *const from[] = {"$lookup", "$graphLookup"};
    const struct mv *with = mv_get(stage, "$unionWith"), *facet = mv_get(stage, "$facet");
    for (size_t i = 0; i < sizeof from / sizeof *from; i++) {
        const struct mv *s = mv_get(stage, from[i]);
        add_read(r, mv_string(mv_get(s, "from")));
        add_pipeline(r, mv_get(s, "pipeline"), depth);
    }
    add_read(r, mv_string(with));
    add_read(r, mv_string(mv_get(with, "coll")));
    add_pipeline(r, mv_get(with, "pipeline"), depth);
    for (const struct mv *m = facet ? facet->first : NULL; m; m = m->next)
        add_pipeline(r, m, depth);
}

static void add_pipeline(const struct reads *r, const struct mv *pipeline, int depth)
{
    if (!pipeline || pipeline->type != MV_ARRAY || depth == MAX_NESTING)
        return;
    for (const struct mv *m = pipeline->first; m; m = m->next)
        add_stage(r, m, depth + 1);
}

void mg_view_fact(struct catalog *cat, const struct mg_listed *v, const struct mg_listed *all,
                  uint32_t n)
{
    struct arena *mem = cat->tmp;
    const struct mv *o = v->options, *pipeline = mv_get(o, "pipeline");
    struct mv *others = mv_new(mem, MV_DOCUMENT), *emitted = mv_new(mem, MV_DOCUMENT);
    struct fact f;
    for (const struct mv *m = o ? o->first : NULL; m; m = m->next) {
        mv_add(emitted, m->key, mv_copy(mem, m));
        if (!mg_drops_key(m, KNOWN))
            mv_add(others, m->key, mv_copy(mem, m));
    }
    mv_take((struct mv *)mv_get(emitted, "collation"), "version");
    if (!mg_fact_can(cat, "view", v->name, STR_NULL, emitted))
        return;
    fact_begin(&f, cat, "view", STR(""), v->name);
    fact_text(&f, "view_on", mv_string(mv_get(o, "viewOn")));
    if (pipeline && pipeline->n)
        fact_text(&f, "pipeline", mg_pretty(mem, mg_canon_pipeline(mem, pipeline)));
    fact_text(&f, "collation", mg_canon_collation(mem, mv_get(o, "collation")));
    fact_text(&f, "options", mg_canon_other(mem, others));
    struct reads r = {&f, all, n};
    add_read(&r, mv_string(mv_get(o, "viewOn")));
    add_pipeline(&r, pipeline, 0);
    fact_src(&f, "options", mv_json(mem, emitted));
    fact_end(&f);
}

/* --- commands --- */

static int view_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    mg_ddl(d, mg_command(d->mem, "drop", mg_name(d->mem, c->before)));
    return 0;
}

static int view_create(struct ddl *d, const struct change *c, struct err *e)
{
    return mg_put_create(d, c->after, e);
}

static int collmod(struct ddl *d, const struct change *c, struct err *e)
{
    struct mv *command = mg_command(d->mem, "collMod", mg_name(d->mem, c->after));
    struct mv *options;
    if (mg_need_src(d->mem, c->after, "options", &options, e))
        return -1;
    const struct mv *pipeline = mv_get(options, "pipeline");
    mv_add(command, STR("viewOn"), mv_text(d->mem, obj_text(d->mem, c->after, "view_on")));
    mv_add(command, STR("pipeline"),
           pipeline ? mv_copy(d->mem, pipeline) : mv_new(d->mem, MV_ARRAY));
    mg_ddl(d, command);
    return 0;
}

static void view_brief(const struct obj *o, struct strbuf *out)
{
    sb_c(out, "on ");
    sb_str(out, obj_text(out->mem, o, "view_on"));
}

static const struct alter create = {.name = "view.create", .fn = view_create, .doc = "create"};
static const struct alter drop = {.name = "view.drop", .fn = view_drop, .doc = "drop"};
static const struct alter change = {.name = "view.modify", .fn = collmod, .doc = "collMod"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"collation", A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,    1, false, 0, "default collation, with all its parts"},
    {"options",   A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,    1, false, 0, "options that snap does not know, as they are"},
    {"pipeline",  A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &change, 1, false, 0, "stages"},
    {"view_on",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &change, 1, false, 0, "collection or view that it reads"},
};
/* clang-format on */

/* Its needs are soft: a server lets a view stand while what it reads is away. */
const struct kind_desc mg_view_kind = {
    .name = "view",
    .parents = "",
    .flags = KF_SOFT,
    .rank = 30,
    .facet = F_STRUCTURE,
    .names = "/namespace",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .brief = view_brief,
    .doc = "view",
};
