/* The MongoDB engine: what kinds there are, how names, URLs and commands look. Pure half. */

#include "core/engine.h"
#include "drivers/mongodb/mongodb.h"
#include "drivers/mongodb/sample.h"
#include "drivers/mongodb/uri.h"

#ifdef SNAP_WITH_MONGODB
extern const struct live_ops mg_live;
#define LIVE &mg_live
#else
#define LIVE NULL
#endif

static const struct kind_desc *const kinds[] = {
    &mg_collection_kind, &mg_index_kind, &mg_search_index_kind, &mg_sharding_kind,
    &mg_zone_kind,       &mg_view_kind,  &mg_role_kind,         &mg_user_kind,
};

static struct str fold(struct arena *mem, struct str name)
{
    return arena_str(mem, name);
}

/* One command off a text that holds several, each a document of Extended JSON. */
static bool split(struct script *script, struct str *stmt)
{
    struct str rest = str_trim(script->rest);
    bool quoted = false;
    size_t depth = 0, i = 0;
    if (!rest.n) {
        script->rest = STR_NULL;
        return false;
    }
    for (; i < rest.n; i++) {
        char c = rest.p[i];
        if (quoted && c == '\\') {
            i++;
            continue;
        }
        quoted = quoted != (c == '"');
        if (quoted)
            continue;
        depth += c == '{';
        if (c == '}' && (depth == 0 || --depth == 0))
            break;
    }
    *stmt = str_sub(rest, 0, i + 1);
    script->rest = str_from(rest, i + 1);
    return true;
}

/* `createCollection` of the extension: its options are merged into the command as they are. */
static bool typed_command(const struct typed *t, struct strbuf *out)
{
    struct str name = STR_NULL, options = STR_NULL;
    struct mv *merged = NULL, *command;
    struct err e;
    if (!str_eq_c(str_c(t->name), "createCollection") || t->ncolumns)
        return false;
    for (uint32_t i = 0; i < t->nkeys; i++) {
        if (str_eq_c(str_c(t->key[i].key), "collectionName"))
            name = t->key[i].value;
        else if (str_eq_c(str_c(t->key[i].key), "options"))
            options = t->key[i].value;
        else
            return false;
    }
    if (str_is_null(name) || (options.n && mv_from_json(out->mem, options, &merged, &e)))
        return false;
    command = mg_command(out->mem, "create", name);
    for (const struct mv *m = merged ? merged->first : NULL; m; m = m->next)
        mv_add(command, m->key, mv_copy(out->mem, m));
    mv_put_json(out, command);
    return true;
}

/* No server knows such a command, and each says its name when it refuses it. */
static void refuse(struct str why, struct strbuf *out)
{
    mv_put_json(out, mg_command(out->mem, "snapIrreversible", why));
}

static bool shell_keeps(struct str command, struct arena *mem)
{
    struct mv *v;
    struct err e;
    return mv_from_json(mem, command, &v, &e) == 0 && mv_has_js(v);
}

static uint32_t stages(const struct change *c, const struct catalog *from, bool online,
                       struct arena *mem, const struct obj **between)
{
    if (!str_eq(path_kind(change_obj(c)->path), STR("index")))
        return 0;
    return mg_index_stages(c, from, online, mem, between);
}

const struct engine engine_mongodb = {
    .name = "mongodb",
    .title = "MongoDB",
    .schemes = "mongodb,mongodb+srv",
    .dbms = "mongodb",
    .lang = LANG_COMMAND,
    .model = 1,
    .kinds = kinds,
    .nkinds = sizeof kinds / sizeof *kinds,
    .tested = "documentdb 1.0 behind FerretDB 2.7",
    .url_keys = mg_url_keys,
    .url_values = mg_url_values,
    .url_any_case = true,
    .facets = F_STRUCTURE | F_STORAGE,
    .fold = fold,
    .relate = mg_relate,
    .split = split,
    .typed_sql = typed_command,
    .refuse = refuse,
    .shell_keeps = shell_keeps,
    .stages = stages,
    .row_word = "document",
    .table_word = "collection",
    .effects = mg_effects,
    .same_server = mg_same_server,
    .grants = mg_reading_role,
    .recreates = true,
    .online_head = "", /* hide-then-drop */
    .script_run = "mongosh URL SCRIPT",
    .infer = &mg_infer,
    .live = LIVE,
};
