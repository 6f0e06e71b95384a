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

static bool must_not_recreate(const struct ddl *d, const struct change *c)
{
    (void)c;
    return !d->recreate;
}

static int refuse(struct ddl *d, const struct change *c, struct err *e)
{
    struct strbuf name = sb_new(d->mem, 0), what = sb_new(d->mem, 0);
    obj_human(&name, change_obj(c));
    bool some = false; /* else one that collMod changes the other way only */
    for (uint32_t i = 0; i < c->nattrs; i++)
        some = some || c->attrs[i].attr->alter == &mg_immutable;
    for (uint32_t i = 0; i < c->nattrs; i++)
        if (!some || c->attrs[i].attr->alter == &mg_immutable)
            sb_printf(&what, "%s%s", what.n ? ", " : "", c->attrs[i].attr->name);
    err_set(e, E_UNSUPPORTED_CHANGE,
            some ? "%.*s: no command changes its %.*s" : "%.*s: a server only raises its %.*s",
            STR_ARG(sb_view(&name)), STR_ARG(sb_view(&what)));
    return err_hint(e, "--recreate drops it and makes it anew without its documents; --exclude "
                       "leaves it out");
}

const struct alter mg_immutable = {.name = "collection.refuse",
                                   .fn = refuse,
                                   .applies = must_not_recreate,
                                   .other = &alter_replace,
                                   .doc = "refused, or with --recreate drop and create"};
