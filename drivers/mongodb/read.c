/*
 * Reading a database: listCollections, listIndexes of each collection, and what else is asked for.
 * The lists are no picture of one moment: they are asked for again at the end.
 */

#include "drivers/mongodb/live.h"

#include "core/hash.h"

enum { MAX_TRIES = 4, STATEMENT_MS = 60000, WIRE_5_0 = 13, WIRE_8_0 = 25 };

/* An entry of listCollections. */
struct entry {
    struct mg_listed listed;
    struct hash128 seen; /* of all that is told of it */
};

struct reader {
    const struct scope *scope;
    struct session *s;
    struct catalog *cat;
    struct arena *mem;
    VEC(struct entry) entries;       /* by name */
    VEC(const struct entry *) asked; /* collections with indexes that are wanted */
    uint32_t first;                  /* of them, of those that are on their way */
    const char *builds; /* the member of listIndexes that has builds told; NULL: none */
    bool gone;          /* a collection went meanwhile */
    bool again;         /* only whether the list is the same is asked */
};

static bool is_wanted(const struct reader *r, const char *kind, struct str name)
{
    if (!r->scope->nonly)
        return true;
    struct str path = mg_path(r->mem, kind, name);
    for (uint32_t i = 0; i < r->scope->nonly; i++)
        if (str_eq(r->scope->only[i], path))
            return true;
    return false;
}

/* A copy with its texts. */
static struct mv *keep(struct arena *mem, const struct mv *doc)
{
    struct strbuf bytes = sb_new(mem, 0);
    struct mv *copy;
    struct err none;
    mv_put_bson(&bytes, doc);
    return mv_from_bson(mem, sb_view(&bytes), &copy, &none) ? NULL : copy;
}

static struct mv *number(struct arena *mem, const char *verb, int64_t n)
{
    struct mv *command = mv_new(mem, MV_DOCUMENT);
    mv_add(command, str_c(verb), mv_int(mem, n));
    return command;
}

void mg_limit(const struct session *s, struct arena *mem, struct mv *command)
{
    unsigned ms = s->statement_ms ? s->statement_ms : STATEMENT_MS;
    if (!s->scratch)
        mv_add(command, STR("maxTimeMS"), mv_int(mem, ms));
}

/* ---- collections ---- */

static bool is_plain_name(struct str name)
{
    return name.n && str_chr(name, '\0') == name.n;
}

static int nameless(const struct reader *r, const char *list, struct err *e)
{
    err_set(e, E_NOT_UNDERSTOOD, "%.*s: %s gives something without a name, or without its content",
            STR_ARG(r->s->label), list);
    return err_hint(e, "another program may listen there, or stand between");
}

static int take_collection(void *ctx, const struct mv *doc, struct err *e)
{
    struct reader *r = ctx;
    struct str name = mv_string(mv_get(doc, "name")), type = mv_string(mv_get(doc, "type"));
    const struct mv *options = mv_get(doc, "options");
    struct entry one = {.listed = {.view = str_eq(type, STR("view"))}};
    if (!is_plain_name(name) || (options && options->type != MV_DOCUMENT))
        return nameless(r, "listCollections", e);
    if (mg_is_internal(name))
        return 0;
    struct arena_mark mark = arena_mark(r->mem);
    struct strbuf bytes = sb_new(r->mem, 0);
    mv_put_bson(&bytes, doc);
    one.seen = hash_bytes(sb_view(&bytes));
    if (type.n && !one.listed.view && !str_eq(type, STR("collection")) &&
        !str_eq(type, STR("timeseries"))) {
        cat_add_ledger(r->cat, "collection", name, STR_NULL, sb_view(&bytes),
                       "it is of a type that snap does not know");
        return 0;
    }
    arena_release(r->mem, mark);
    one.listed.name = arena_str(r->mem, name);
    if (!r->again && options)
        one.listed.options = keep(r->mem, options);
    VEC_PUSH(r->mem, r->entries, one);
    return 0;
}

static int by_name(const void *a, const void *b)
{
    const struct entry *x = a, *y = b;
    return str_cmp(x->listed.name, y->listed.name);
}

/* Whose the missing right is; the privileges of a role that it has not are no part of a message. */
static int may_not_list(const struct reader *r, struct err *e)
{
    err_set(e, E_NO_PRIVILEGE,
            "%.*s: the role may not list the collections: it lacks the action "
            "listCollections on the database %.*s",
            STR_ARG(r->s->label), STR_ARG(r->s->database));
    return err_hint(e, "the built-in role read holds it; snap env grants ENV prints what a reading "
                       "role needs");
}

static int list_collections(struct reader *r, struct err *e)
{
    struct mv *command = number(r->mem, "listCollections", 1);
    int code;
    mv_add(command, STR("cursor"), mv_new(r->mem, MV_DOCUMENT));
    mg_limit(r->s, r->mem, command);
    if (mg_each(r->s, STR_NULL, command, take_collection, r, &code, e))
        return code == MG_UNAUTHORIZED && e->code == E_NO_PRIVILEGE ? may_not_list(r, e) : -1;
    if (r->entries.n)
        qsort(r->entries.v, r->entries.n, sizeof *r->entries.v, by_name);
    return 0;
}

static bool same_lists(const struct reader *a, const struct reader *b)
{
    bool same = a->entries.n == b->entries.n;
    for (uint32_t i = 0; same && i < a->entries.n; i++)
        same = str_eq(a->entries.v[i].listed.name, b->entries.v[i].listed.name) &&
               hash_eq(a->entries.v[i].seen, b->entries.v[i].seen);
    return same;
}

/* ---- what the role may see ---- */

/* Whether a privilege is on all of the database. */
static bool covers(const struct mv *privilege, struct str database)
{
    const struct mv *resource = mv_get(privilege, "resource"), *db = mv_get(resource, "db");
    struct str collection = mv_string(mv_get(resource, "collection"));
    if (mv_truth(mv_get(resource, "anyResource")))
        return true;
    return db && !str_is_null(collection) && !collection.n &&
           (!mv_string(db).n || str_eq(mv_string(db), database));
}

static bool holds_action(const struct mv *privilege, const char *action)
{
    const struct mv *list = mv_get(privilege, "actions");
    for (const struct mv *a = list ? list->first : NULL; a; a = a->next)
        if (str_eq_c(mv_string(a), action) || str_eq(mv_string(a), STR("anyAction")))
            return true;
    return false;
}

/* A server that lists only a part would not say so. Where it tells no privileges, or nobody has
 * logged in, all that is known is whether it refuses. */
static int look_at_privileges(struct reader *r, struct err *e)
{
    struct mv *command = number(r->mem, "connectionStatus", 1), *reply;
    int code;
    mv_add(command, STR("showPrivileges"), mv_bool(r->mem, true));
    if (mg_run(r->s, STR("admin"), command, r->mem, &reply, &code, e))
        return code ? 0 : -1;
    const struct mv *info = mv_get(reply, "authInfo");
    const struct mv *users = mv_get(info, "authenticatedUsers");
    const struct mv *list = mv_get(info, "authenticatedUserPrivileges");
    if (!users || !users->first || !list)
        return 0;
    for (const struct mv *p = list->first; p; p = p->next)
        if (covers(p, r->s->database) && holds_action(p, "listCollections"))
            return 0;
    return may_not_list(r, e);
}

/* ---- indexes ---- */

static struct mv *ask_indexes(void *ctx, uint32_t i, struct arena *mem)
{
    const struct reader *r = ctx;
    struct mv *command = mg_command(mem, "listIndexes", r->asked.v[r->first + i]->listed.name);
    mv_add(command, STR("cursor"), mv_new(mem, MV_DOCUMENT));
    if (r->builds)
        mv_add(command, str_c(r->builds), mv_bool(mem, true));
    return command;
}

static int put_indexes(void *ctx, uint32_t i, const struct mv *const *docs, uint32_t n, int code,
                       struct err *e)
{
    struct reader *r = ctx;
    if (code)
        r->gone = true;
    for (uint32_t k = 0; k < n; k++) {
        const struct mv *spec = mv_get(docs[k], "spec"), *building, *key;
        struct arena_mark mark = arena_mark(r->mem);
        bool wrapped = spec && spec->type == MV_DOCUMENT && !mv_get(docs[k], "key");
        building = wrapped ? mv_get(docs[k], "indexBuildInfo") : NULL;
        building = wrapped && !building ? mv_get(docs[k], "buildUUID") : building;
        spec = wrapped ? spec : docs[k];
        key = mv_get(spec, "key");
        if (!is_plain_name(mv_string(mv_get(spec, "name"))) || !key || key->type != MV_DOCUMENT ||
            !key->n)
            return nameless(r, "listIndexes", e);
        mg_index_fact(r->cat, &r->asked.v[r->first + i]->listed, spec, building != NULL);
        arena_release(r->mem, mark);
    }
    return 0;
}

/* Asks the first collection how the server tells of builds: by the first from 7.1 on, by the second
 * before, others by none. 4.4 takes any member, and knows the second. */
static int probe_builds(struct reader *r, struct err *e)
{
    static const char *const members[] = {"includeIndexBuildInfo", "includeBuildUUIDs"};
    int code;
    r->first = 0;
    for (size_t i = r->s->server.wire < WIRE_5_0; i < sizeof members / sizeof *members; i++) {
        r->builds = members[i];
        if (mg_many(r->s, r->asked.n ? 1 : 0, ask_indexes, put_indexes, r, &code, e) == 0) {
            r->first = r->asked.n ? 1 : 0;
            return 0;
        }
        if (!code || code == MG_UNAUTHORIZED || e->code == E_CONNECTION_LOST)
            return -1;
    }
    r->builds = NULL;
    return 0;
}

static int read_indexes(struct reader *r, struct err *e)
{
    int code;
    r->asked.n = 0;
    for (uint32_t i = 0; i < r->entries.n; i++) {
        const struct entry *c = &r->entries.v[i];
        if (!c->listed.view && is_wanted(r, "collection", c->listed.name))
            VEC_PUSH(r->mem, r->asked, c);
    }
    if (probe_builds(r, e))
        return -1;
    return mg_many(r->s, r->asked.n - r->first, ask_indexes, put_indexes, r, &code, e);
}

/* ---- search indexes ---- */

static struct mv *ask_search(void *ctx, uint32_t i, struct arena *mem)
{
    const struct reader *r = ctx;
    struct mv *command = mg_command(mem, "aggregate", r->asked.v[r->first + i]->listed.name);
    struct mv *pipeline = mv_new(mem, MV_ARRAY), *stage = mv_new(mem, MV_DOCUMENT);
    mv_add(stage, STR("$listSearchIndexes"), mv_new(mem, MV_DOCUMENT));
    mv_add(pipeline, STR_NULL, stage);
    mv_add(command, STR("pipeline"), pipeline);
    mv_add(command, STR("cursor"), mv_new(mem, MV_DOCUMENT));
    return command;
}

static int put_search(void *ctx, uint32_t i, const struct mv *const *docs, uint32_t n, int code,
                      struct err *e)
{
    struct reader *r = ctx;
    const struct mg_listed *on = &r->asked.v[r->first + i]->listed;
    (void)code;
    (void)e;
    for (uint32_t k = 0; k < n; k++)
        mg_search_index_fact(r->cat, on->view ? "view" : "collection", on->name, docs[k]);
    return 0;
}

/* Whether an error means that the server has no search indexes: it does not know the stage, or it
 * is not set up for them. */
static bool has_none(int code)
{
    /* 40602: a stage that is no longer the first, behind those of a view */
    static const int codes[] = {MG_NO_COMMAND, MG_NOT_SUPPORTED, 16436, 31082,
                                40324,         6047401,          40602};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i] == code)
            return true;
    return false;
}

/* Those of `asked`; *none: there are none on this server. */
static int read_search_of(struct reader *r, bool *none, struct err *e)
{
    int code;
    /* the first says whether there are any */
    r->first = 0;
    *none = false;
    if (mg_many(r->s, r->asked.n ? 1 : 0, ask_search, put_search, r, &code, e)) {
        *none = has_none(code);
        return *none ? 0 : -1;
    }
    r->first = r->asked.n ? 1 : 0;
    return mg_many(r->s, r->asked.n - r->first, ask_search, put_search, r, &code, e);
}

/* Views have them from 8.0 on. */
static int read_search_indexes(struct reader *r, struct err *e)
{
    bool none;
    if (read_search_of(r, &none, e))
        return -1;
    if (none || r->s->server.wire < WIRE_8_0)
        return 0;
    r->asked.n = 0;
    for (uint32_t i = 0; i < r->entries.n; i++) {
        const struct entry *c = &r->entries.v[i];
        if (c->listed.view && is_wanted(r, "view", c->listed.name))
            VEC_PUSH(r->mem, r->asked, c);
    }
    return read_search_of(r, &none, e);
}

/* ---- how collections are spread ---- */

/* What nobody tells is not compared: the facet is not in these facts. */
static void leave_out(struct reader *r, unsigned facet, struct str why, const char *hint)
{
    r->cat->captured &= ~facet;
    r->cat->facets &= ~facet;
    r->cat->unread = arena_str(r->cat->mem, why);
    r->cat->unread_hint = arena_str(r->cat->mem, str_c(hint));
}

/* find on a collection of `config`, for what its `field` names "database." and more by. */
static struct mv *find_config(const struct reader *r, const char *collection, const char *field)
{
    struct mv *command = mg_command(r->mem, "find", str_c(collection));
    struct mv *filter = mv_new(r->mem, MV_DOCUMENT), *match = mv_new(r->mem, MV_DOCUMENT);
    struct strbuf begin = sb_new(r->mem, 0);
    sb_char(&begin, '^');
    for (size_t i = 0; i < r->s->database.n; i++) {
        char c = r->s->database.p[i];
        bool plain = ascii_is_alpha(c) || ascii_is_digit(c) || c == '_' || (unsigned char)c > 127;
        sb_printf(&begin, "%s%c", plain ? "" : "\\", c);
    }
    sb_c(&begin, "\\.");
    mv_add(match, STR("$regex"), mv_text(r->mem, sb_view(&begin)));
    mv_add(filter, str_c(field), match);
    mv_add(command, STR("filter"), filter);
    mg_limit(r->s, r->mem, command);
    return command;
}

/* The collection that a document of `config` is about, where it is one of ours. */
static const struct entry *spread_one(struct reader *r, struct str ns)
{
    struct str name = str_from(ns, r->s->database.n + 1);
    if (str_starts(name, STR("system.buckets.")))
        name = str_from(name, strlen("system.buckets."));
    struct entry key = {.listed = {.name = name}}, *hit;
    hit = r->entries.n ? bsearch(&key, r->entries.v, r->entries.n, sizeof key, by_name) : NULL;
    return hit && !hit->listed.view && is_wanted(r, "collection", name) ? hit : NULL;
}

static int put_sharded(void *ctx, const struct mv *doc, struct err *e)
{
    struct reader *r = ctx;
    const struct entry *c = spread_one(r, mv_string(mv_get(doc, "_id")));
    (void)e;
    if (c && !mv_truth(mv_get(doc, "dropped")))
        mg_sharding_fact(r->cat, c->listed.name, doc);
    return 0;
}

static int put_zone(void *ctx, const struct mv *doc, struct err *e)
{
    struct reader *r = ctx;
    const struct entry *c = spread_one(r, mv_string(mv_get(doc, "ns")));
    (void)e;
    if (c)
        mg_zone_fact(r->cat, c->listed.name, doc);
    return 0;
}

static int read_sharding(struct reader *r, struct err *e)
{
    int code;
    uint32_t facts = r->cat->n;
    if (!r->s->server.sharded)
        return 0;
    if (mg_each(r->s, STR("config"), find_config(r, "collections", "_id"), put_sharded, r, &code,
                e) == 0 &&
        mg_each(r->s, STR("config"), find_config(r, "tags", "ns"), put_zone, r, &code, e) == 0)
        return 0;
    if (code != MG_UNAUTHORIZED)
        return -1;
    r->cat->n = facts;
    leave_out(r, F_SHARDING, STR("the role may not read the database config"),
              "grant it the role read on the database config");
    return 0;
}

/* ---- roles and users ---- */

static int put_accounts(struct reader *r, const char *verb, const char *list,
                        void (*put)(struct catalog *, const struct mv *), struct err *e)
{
    struct mv *command = number(r->mem, verb, 1), *reply;
    const char *kind = put == mg_role_fact ? "role" : "user";
    int code;
    if (put == mg_role_fact)
        mv_add(command, STR("showPrivileges"), mv_bool(r->mem, true));
    if (mg_run(r->s, STR_NULL, command, r->mem, &reply, &code, e)) {
        if (code != MG_UNAUTHORIZED && code != MG_NO_COMMAND && code != MG_NOT_SUPPORTED)
            return -1;
        leave_out(r, F_ACL,
                  code == MG_UNAUTHORIZED ? STR("the role may not read roles and users")
                                          : STR("the server does not tell roles and users"),
                  code == MG_UNAUTHORIZED ? "grant it the actions viewRole and viewUser on the "
                                            "database"
                                          : "");
        return 1;
    }
    const struct mv *all = mv_get(reply, list);
    for (const struct mv *d = all ? all->first : NULL; d; d = d->next) {
        struct str name = mv_string(mv_get(d, kind));
        if (name.n && is_wanted(r, kind, name))
            put(r->cat, d);
    }
    return 0;
}

static int read_accounts(struct reader *r, struct err *e)
{
    uint32_t facts = r->cat->n;
    int rc = put_accounts(r, "rolesInfo", "roles", mg_role_fact, e);
    if (!rc)
        rc = put_accounts(r, "usersInfo", "users", mg_user_fact, e);
    if (rc)
        r->cat->n = facts;
    return rc < 0 ? -1 : 0;
}

/* ---- all of it ---- */

static void put_collections(struct reader *r)
{
    struct mg_listed *all = NEW_ARRAY(r->mem, struct mg_listed, r->entries.n);
    for (uint32_t i = 0; i < r->entries.n; i++)
        all[i] = r->entries.v[i].listed;
    for (uint32_t i = 0; i < r->entries.n; i++) {
        struct arena_mark mark = arena_mark(r->mem);
        if (!is_wanted(r, all[i].view ? "view" : "collection", all[i].name))
            continue;
        if (all[i].view)
            mg_view_fact(r->cat, &all[i], all, r->entries.n);
        else
            mg_collection_fact(r->cat, &all[i]);
        arena_release(r->mem, mark);
    }
}

static int read_once(struct reader *r, struct err *e)
{
    unsigned facets = r->scope->facets;
    if (list_collections(r, e))
        return -1;
    put_collections(r);
    if (read_indexes(r, e) || read_search_indexes(r, e))
        return -1;
    if ((facets & F_SHARDING) && read_sharding(r, e))
        return -1;
    return (facets & F_ACL) ? read_accounts(r, e) : 0;
}

/* One try, with an arena of its own. E_TORN: it moved. */
static int try_once(struct session *s, const struct scope *scope, struct catalog *cat,
                    struct err *e)
{
    struct arena *mem = arena_new(0), *lent = cat->tmp;
    struct reader r = {.scope = scope, .s = s, .cat = cat, .mem = mem}, again = r;
    again.again = true;
    cat->tmp = mem;
    cat->n = 0;
    cat->nledger = 0;
    cat->captured &= ~(unsigned)(F_ACL | F_SHARDING) | (scope->facets & (F_ACL | F_SHARDING));
    int rc = s->scratch ? 0 : look_at_privileges(&r, e);
    if (!rc)
        rc = read_once(&r, e);
    if (!rc && !s->scratch) {
        uint32_t ledger = cat->nledger;
        rc = list_collections(&again, e);
        cat->nledger = ledger;
    }
    if (!rc && (r.gone || (!s->scratch && !same_lists(&r, &again))))
        rc = err_set(e, E_TORN, "%.*s changed while it was read", STR_ARG(s->label));
    cat->tmp = lent;
    arena_free(mem);
    return rc;
}

static struct str version_of(const struct session *s, struct arena *mem)
{
    const struct mg_server *v = &s->server;
    if (str_eq(v->product, STR("MongoDB")))
        return arena_printf(mem, "MongoDB %.*s", STR_ARG(v->version));
    return arena_printf(mem, "%.*s (MongoDB %.*s)", STR_ARG(v->product), STR_ARG(v->version));
}

int mg_introspect(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e)
{
    unsigned tries = 0, most = s->tries ? s->tries : MAX_TRIES;
    cat->version = version_of(s, cat->mem);
    while (try_once(s, scope, cat, e))
        if (e->code != E_TORN || ++tries >= most || !mg_pause(s, tries))
            return -1;
    return 0;
}
