/* What several rooms use: names, commands, values in facts. */

#include "drivers/mongodb/mongodb.h"

#include <string.h>

struct str mg_path(struct arena *mem, const char *kind, struct str name)
{
    return path_join(mem, STR(""), str_c(kind), name);
}

struct mv *mg_command(struct arena *mem, const char *verb, struct str name)
{
    struct mv *command = mv_new(mem, MV_DOCUMENT);
    mv_add(command, str_c(verb), mv_text(mem, name));
    return command;
}

void mg_ddl(struct ddl *d, const struct mv *command)
{
    ddl_stmt(d, mv_json(d->mem, command), 0);
}

struct mv *mg_src(struct arena *mem, const struct obj *o, const char *key)
{
    struct mv *v = NULL;
    struct err e;
    struct str text = obj_src(mem, o, key);
    if (!text.n || mv_from_json(mem, text, &v, &e))
        return NULL;
    return v;
}

struct str mg_name(struct arena *mem, const struct obj *o)
{
    return path_name(mem, o->path);
}

struct str mg_collection_of(struct arena *mem, const struct obj *o)
{
    return path_name(mem, path_parent(o->path));
}

bool mg_is_internal(struct str name)
{
    static const char *const deployers[] = {"DATABASECHANGELOG", "DATABASECHANGELOGLOCK",
                                            "databaseChangeLog", "databaseChangeLogLock",
                                            "flyway_schema_history"};
    for (size_t i = 0; i < sizeof deployers / sizeof *deployers; i++)
        if (str_eq_c(name, deployers[i]))
            return true;
    return str_starts(name, STR("system.")) || str_starts(name, STR("enxcol_."));
}

bool mg_fact_can(struct catalog *cat, const char *kind, struct str name, struct str on,
                 const struct mv *v)
{
    struct strbuf bytes = sb_new(cat->tmp, 0);
    if (mv_has_json(cat->tmp, v))
        return true;
    mv_put_bson(&bytes, v);
    cat_add_ledger(cat, kind, name, on, sb_view(&bytes),
                   "it holds a document that Extended JSON cannot tell from one of its own forms, "
                   "or a key twice");
    return false;
}

void mg_fact_whole(struct fact *f, const char *attr, const struct mv *v)
{
    int64_t n;
    if (mv_whole(v, &n))
        fact_int(f, attr, n);
}

struct str mg_pretty(struct arena *mem, struct str canon)
{
    struct mv *v = NULL;
    struct err e;
    if (!canon.n || mv_from_json(mem, canon, &v, &e))
        return canon;
    return mv_pretty(mem, v);
}

bool mg_drops_key(const struct mv *v, const char *list)
{
    return word_in(list, v->key);
}

/* "MongoDB 7.0.12": the number in front of and behind the first point. */
bool mg_is_before(const struct catalog *cat, unsigned major, unsigned minor)
{
    struct str rest = cat ? cat->version : STR_NULL, part[2] = {STR_NULL, STR_NULL};
    int64_t number[2] = {0, 0};
    if (!str_starts(rest, STR("MongoDB ")))
        return false;
    rest = str_from(rest, strlen("MongoDB "));
    for (int i = 0; i < 2; i++)
        if (!str_cut(&rest, '.', &part[i]) || !str_int(part[i], &number[i]))
            return false;
    return number[0] < (int64_t)major ||
           (number[0] == (int64_t)major && number[1] < (int64_t)minor);
}

bool mg_is_mongodb(const struct catalog *cat)
{
    return cat && str_starts(cat->version, STR("MongoDB "));
}

bool mg_is_there(const struct ddl *d, struct str path)
{
    return d->origin && cat_find(d->origin, path);
}

bool mg_is_set(const struct mv *v)
{
    return v && !(v->type == MV_DOCUMENT && !v->n) && v->type != MV_NULL;
}

struct mv *mg_storage_engine(struct arena *mem, const struct mv *v)
{
    struct mv *out;
    if (!v || v->type != MV_DOCUMENT)
        return NULL;
    out = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = v->first; m; m = m->next) {
        const struct mv *words = mv_get(m, "configString");
        bool empty = words && m->n == 1 && !mv_string(words).n;
        if (!empty && mg_is_set(m) && !str_eq(m->key, STR("enableOrderedIndex")))
            mv_add(out, m->key, mv_copy(mem, m));
    }
    return out->n ? out : NULL;
}

/* Facts made again of an object's words are the object. What encrypted fields are is not among the
 * words. */
static bool fits(struct arena *mem, const struct obj *o, const struct mv *words)
{
    struct catalog *cat = cat_new(mem, &engine_mongodb, ~0u, STR(""));
    struct str kind = path_kind(o->path);
    struct mg_listed listed = {mg_name(mem, o), str_eq(kind, STR("view")), words};
    cat->version = STR("MongoDB "); /* which keeps every number of a form */
    if (str_eq(kind, STR("index"))) {
        listed = (struct mg_listed){.name = mg_collection_of(mem, o)};
        mg_index_fact(cat, &listed, words, false);
    } else if (listed.view) {
        mg_view_fact(cat, &listed, NULL, 0);
    } else if (str_eq(kind, STR("collection"))) {
        mg_collection_fact(cat, &listed);
    } else {
        return true;
    }
    if (obj_raw(o, "encrypted_fields").n)
        return true;
    return cat->n == 1 && str_eq(cat->v[0].path, o->path) && str_eq(cat->v[0].a, o->a);
}

int mg_need_src(struct arena *mem, const struct obj *o, const char *key, struct mv **out,
                struct err *e)
{
    struct strbuf name = sb_new(mem, 0);
    *out = mg_src(mem, o, key);
    if (*out && (*out)->type == MV_DOCUMENT && fits(mem, o, *out))
        return 0;
    obj_human(&name, o);
    err_set(e, E_UNSUPPORTED_CHANGE, "%.*s: the snapshot's words for it %s",
            STR_ARG(sb_view(&name)), *out ? "are not what is compared of it" : "are missing");
    return err_hint(e, "make the snapshot anew from the database");
}
