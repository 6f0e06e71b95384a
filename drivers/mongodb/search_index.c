/* Search and vector indexes, where the server has them: known by name, changed whole, built later.
 */

#include "drivers/mongodb/mongodb.h"

/* latestDefinition is what was asked for last; status and queryable are how far the server is. */
void mg_search_index_fact(struct catalog *cat, const char *kind, struct str collection,
                          const struct mv *doc)
{
    struct arena *mem = cat->tmp;
    struct str name = mv_string(mv_get(doc, "name")), type = mv_string(mv_get(doc, "type"));
    struct str above = mg_path(mem, kind, collection);
    const struct mv *definition = mv_get(doc, "latestDefinition");
    struct fact f;
    if (!definition)
        definition = mv_get(doc, "definition");
    if (!definition || str_is_null(name)) {
        cat_add_ledger(cat, "search_index", collection, above, mv_json(mem, doc),
                       "the server does not list its definition");
        return;
    }
    struct str shown = arena_printf(mem, "%.*s.%.*s", STR_ARG(collection), STR_ARG(name));
    if (!mg_fact_can(cat, "search_index", shown, above, definition))
        return;
    fact_begin(&f, cat, "search_index", above, name);
    if (!str_eq(type, STR("search")))
        fact_text(&f, "type", type);
    fact_text(&f, "definition", mg_pretty(mem, mg_canon_definition(mem, definition)));
    fact_src(&f, "definition", mv_json(mem, definition));
    fact_end(&f);
}

static void put_definition(struct ddl *d, struct mv *to, const struct obj *o)
{
    struct mv *definition = mg_src(d->mem, o, "definition");
    mv_add(to, STR("definition"), definition ? definition : mv_new(d->mem, MV_DOCUMENT));
}

static int search_create(struct ddl *d, const struct change *c, struct err *e)
{
    struct mv *command =
        mg_command(d->mem, "createSearchIndexes", mg_collection_of(d->mem, c->after));
    struct mv *index = mv_new(d->mem, MV_DOCUMENT);
    struct str type = obj_text(d->mem, c->after, "type");
    (void)e;
    mv_add(index, STR("name"), mv_text(d->mem, mg_name(d->mem, c->after)));
    if (type.n)
        mv_add(index, STR("type"), mv_text(d->mem, type));
    put_definition(d, index, c->after);
    mv_add(mv_add(command, STR("indexes"), mv_new(d->mem, MV_ARRAY)), STR_NULL, index);
    mg_ddl(d, command);
    return 0;
}

static int search_drop(struct ddl *d, const struct change *c, struct err *e)
{
    struct mv *command = mg_command(d->mem, "dropSearchIndex", mg_collection_of(d->mem, c->before));
    (void)e;
    mv_add(command, STR("name"), mv_text(d->mem, mg_name(d->mem, c->before)));
    mg_ddl(d, command);
    return 0;
}

static int search_update(struct ddl *d, const struct change *c, struct err *e)
{
    struct mv *command =
        mg_command(d->mem, "updateSearchIndex", mg_collection_of(d->mem, c->after));
    (void)e;
    mv_add(command, STR("name"), mv_text(d->mem, mg_name(d->mem, c->after)));
    put_definition(d, command, c->after);
    mg_ddl(d, command);
    return 0;
}

static const struct alter create = {
    .name = "search_index.create", .fn = search_create, .doc = "createSearchIndexes"};
static const struct alter drop = {
    .name = "search_index.drop", .fn = search_drop, .doc = "dropSearchIndex"};
static const struct alter update = {
    .name = "search_index.update", .fn = search_update, .doc = "updateSearchIndex"};

static void search_brief(const struct obj *o, struct strbuf *out)
{
    struct str type = obj_text(out->mem, o, "type");
    sb_str(out, type.n ? type : STR("search"));
}

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"definition", A_BODY, CMP_VALUE, F_STRUCTURE, NULL, &update, 1, false, 0, "mappings and analyzers, or fields of vectors"},
    {"type",       A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,    1, true,  0, "vectorSearch, or search"},
};
/* clang-format on */

const struct kind_desc mg_search_index_kind = {
    .name = "search_index",
    .parents = "collection,view",
    .flags = KF_CASCADE,
    .rank = 35,
    .facet = F_STRUCTURE,
    .names = "search_index",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .brief = search_brief,
    .doc = "search or vector index",
};
