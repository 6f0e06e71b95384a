/* The commands that the scripted server knows. What is not here is answered by code 59, and an
 * argument that would change the answer and is not understood by code 2: never by a guess. */

#include "tests/mongodb/answer.h"

#include <regex.h>
#include <stdio.h>
#include <string.h>

enum { COLLECTIONS = 1, INDEXES = 2, REPLY_ROOM = 16 * 1024 * 1024 - 16 * 1024 };

void answer_error(bson_t *out, int code, const char *name, const char *text)
{
    BSON_APPEND_DOUBLE(out, "ok", 0);
    if (text)
        BSON_APPEND_UTF8(out, "errmsg", text);
    if (code)
        BSON_APPEND_INT32(out, "code", code);
    if (name)
        BSON_APPEND_UTF8(out, "codeName", name);
}

static const char *setting(const struct call *c, const char *key)
{
    const char *text = bson_text(c->store->fixture, key);
    return text ? text : "";
}

static void hello(const struct call *c, bson_t *out)
{
    bson_t part;
    if (store_member(c->store, "hello", &part))
        bson_concat(out, &part);
}

static void connection_status(const struct call *c, bson_t *out)
{
    bson_t part, info, copy;
    if (!store_member(c->store, "connectionStatus", &part) || !bson_sub(&part, "authInfo", &info))
        return;
    bson_init(&copy);
    if (bson_flag(c->command, "showPrivileges"))
        bson_concat(&copy, &info);
    else
        bson_copy_to_excluding_noinit(&info, &copy, "authenticatedUserPrivileges", NULL);
    BSON_APPEND_DOCUMENT(out, "authInfo", &copy);
    bson_destroy(&copy);
}

static int fits_pattern(const bson_iter_t *have, const char *pattern)
{
    regex_t re;
    if (regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB))
        return -1;
    int bad = !BSON_ITER_HOLDS_UTF8(have) || regexec(&re, bson_iter_utf8(have, NULL), 0, NULL, 0);
    regfree(&re);
    return !bad;
}

/* {$regex}, {$gte, $lt} of texts */
static int fits_operators(const bson_iter_t *have, bson_iter_t *in)
{
    int ok = 1;
    do {
        const char *word = bson_iter_key(in);
        const char *text = BSON_ITER_HOLDS_UTF8(in) ? bson_iter_utf8(in, NULL) : NULL;
        int order =
            text && BSON_ITER_HOLDS_UTF8(have) ? strcmp(bson_iter_utf8(have, NULL), text) : 0;
        if (!text)
            return -1;
        if (!strcmp(word, "$regex"))
            ok = ok == 1 ? fits_pattern(have, text) : ok;
        else if (!strcmp(word, "$gte"))
            ok = ok && BSON_ITER_HOLDS_UTF8(have) && order >= 0;
        else if (!strcmp(word, "$lt"))
            ok = ok && BSON_ITER_HOLDS_UTF8(have) && order < 0;
        else
            return -1;
    } while (bson_iter_next(in));
    return ok;
}

/* Whether a value fits what a filter says of it; -1: that is not understood. */
static int fits_value(const bson_iter_t *have, const bson_iter_t *want)
{
    bson_iter_t in;
    if (BSON_ITER_HOLDS_REGEX(want))
        return fits_pattern(have, bson_iter_regex(want, NULL));
    if (BSON_ITER_HOLDS_DOCUMENT(want) && bson_iter_recurse(want, &in) && bson_iter_next(&in) &&
        bson_iter_key(&in)[0] == '$')
        return fits_operators(have, &in);
    bson_t x = BSON_INITIALIZER, y = BSON_INITIALIZER;
    bson_append_iter(&x, "v", 1, have);
    bson_append_iter(&y, "v", 1, want);
    int same = bson_equal(&x, &y);
    bson_destroy(&x);
    bson_destroy(&y);
    return same;
}

/* 1 or 0; -1: the filter is not understood. */
static int fits(const bson_t *doc, const bson_t *filter)
{
    bson_iter_t want, have;
    if (!bson_iter_init(&want, filter))
        return -1;
    while (bson_iter_next(&want)) {
        if (bson_iter_key(&want)[0] == '$' || strchr(bson_iter_key(&want), '.'))
            return -1;
        int ok =
            bson_iter_init_find(&have, doc, bson_iter_key(&want)) ? fits_value(&have, &want) : 0;
        if (ok != 1)
            return ok;
    }
    return 1;
}

static void list_databases(const struct call *c, bson_t *out)
{
    bson_t array, filter, entry;
    char key[16];
    int n = 0, ok;
    if (bson_has_field(c->command, "authorizedDatabases") &&
        bson_flag(c->store->fixture, "no_authorized_databases")) {
        answer_error(out, 2, "BadValue",
                     "BSON field 'listDatabases.authorizedDatabases' is unknown");
        return;
    }
    bson_init(&array);
    for (uint32_t i = 0; i < c->store->n; i++) {
        bson_init(&entry);
        BSON_APPEND_UTF8(&entry, "name", c->store->dbs[i].name);
        if (!bson_flag(c->command, "nameOnly")) {
            BSON_APPEND_INT64(&entry, "sizeOnDisk", 40960);
            BSON_APPEND_BOOL(&entry, "empty", false);
        }
        ok = bson_sub(c->command, "filter", &filter) ? fits(&entry, &filter) : 1;
        snprintf(key, sizeof key, "%d", n);
        if (ok == 1 && ++n)
            BSON_APPEND_DOCUMENT(&array, key, &entry);
        bson_destroy(&entry);
        if (ok < 0) {
            bson_destroy(&array);
            answer_error(out, 2, "BadValue", "the filter is beyond this server");
            return;
        }
    }
    BSON_APPEND_ARRAY(out, "databases", &array);
    bson_destroy(&array);
}

static bool is_gone(const struct call *c, const char *name)
{
    return name && c->shared->gone[0] && !strcmp(c->shared->gone, name);
}

static bool holds_text(const bson_t *array, const char *text)
{
    bson_iter_t it;
    if (!bson_iter_init(&it, array))
        return false;
    while (bson_iter_next(&it))
        if (BSON_ITER_HOLDS_UTF8(&it) && !strcmp(bson_iter_utf8(&it, NULL), text))
            return true;
    return false;
}

/* The i-th entry of a listing; false: it is not shown. Past the end *end is set. */
static bool collection_entry(const struct call *c, const struct db *d, uint32_t i, bool names,
                             bson_t *entry, bool *end)
{
    const char *grown = c->shared->grown;
    *end = i >= d->n + (grown[0] ? 1U : 0U);
    if (*end)
        return false;
    if (i == d->n) {
        BCON_APPEND(entry, "name", BCON_UTF8(grown), "type", "collection", "options", "{", "}",
                    "info", "{", "readOnly", BCON_BOOL(false), "}");
        return true;
    }
    const struct coll *x = &d->colls[i];
    if (is_gone(c, x->name) || (d->authorized && x->name && !holds_text(d->authorized, x->name)))
        return false;
    if (!names) {
        bson_concat(entry, x->doc);
        return true;
    }
    bson_iter_t it;
    for (int k = 0; k < 2; k++)
        if (bson_iter_init_find(&it, x->doc, k ? "type" : "name"))
            bson_append_iter(entry, NULL, -1, &it);
    return true;
}

static bool index_entry(const struct coll *x, uint32_t i, bool wrap, bson_t *entry, bool *end)
{
    bson_t spec;
    *end = i >= x->indexes.n;
    if (*end)
        return false;
    const bson_t *doc = x->indexes.v[i];
    bool building = bson_sub(doc, "spec", &spec);
    if (wrap && !building)
        BSON_APPEND_DOCUMENT(entry, "spec", doc);
    else
        bson_concat(entry, building && !wrap ? &spec : doc);
    return true;
}

/* A cursor's id says all that the next batch needs: what, of which collection, from where, and
 * whether in the short or the wrapped form. */
static int64_t cursor_id(int what, uint32_t coll, uint32_t at, bool form)
{
    return (int64_t)what << 60 | (int64_t)form << 59 | (int64_t)coll << 28 | at;
}

struct page {
    int what;
    uint32_t coll, at; /* the first entry */
    bool form, first;
    int64_t size; /* how many at most; 0: no limit */
};

static void put_page(const struct call *c, const struct db *d, const struct page *p, bson_t *out)
{
    const struct coll *x = p->what == INDEXES ? &d->colls[p->coll] : NULL;
    bson_t cursor, batch, entry;
    char ns[300], key[16];
    uint32_t at = p->at, n = 0, bytes = 0;
    bool end = false, full = false;
    bson_init(&batch);
    while (!end && !full) {
        bson_init(&entry);
        bool shown = x ? index_entry(x, at, p->form, &entry, &end)
                       : collection_entry(c, d, at, p->form, &entry, &end);
        full = !end && ((p->size && n >= p->size) || bytes + entry.len + 32 > REPLY_ROOM);
        if (shown && !full) {
            snprintf(key, sizeof key, "%u", n++);
            BSON_APPEND_DOCUMENT(&batch, key, &entry);
            bytes += entry.len + 16;
        }
        at += !end && !full;
        bson_destroy(&entry);
    }
    snprintf(ns, sizeof ns, "%s.%s", d->name, x ? x->name : "$cmd.listCollections");
    BSON_APPEND_DOCUMENT_BEGIN(out, "cursor", &cursor);
    BSON_APPEND_ARRAY(&cursor, p->first ? "firstBatch" : "nextBatch", &batch);
    BSON_APPEND_INT64(&cursor, "id", end ? 0 : cursor_id(p->what, p->coll, at, p->form));
    BSON_APPEND_UTF8(&cursor, "ns", ns);
    bson_append_document_end(out, &cursor);
    bson_destroy(&batch);
}

/* The smaller of what the client asks for and what the fixture's server gives at once. */
static int64_t batch_size(const struct call *c, const bson_t *asked)
{
    int64_t mine = bson_number(c->store->fixture, "batch", 0);
    int64_t size = asked ? bson_number(asked, "batchSize", 0) : 0;
    return !size || (mine && mine < size) ? mine : size;
}

static void put_all(const struct call *c, const struct list *l, const char *ns, bson_t *out)
{
    bson_t cursor, batch, filter;
    char key[16], full[300];
    int n = 0, ok = 1;
    bson_init(&batch);
    for (uint32_t i = 0; l && ok >= 0 && i < l->n; i++) {
        ok = bson_sub(c->command, "filter", &filter) ? fits(l->v[i], &filter) : 1;
        snprintf(key, sizeof key, "%d", n);
        if (ok == 1 && ++n)
            BSON_APPEND_DOCUMENT(&batch, key, l->v[i]);
    }
    if (ok < 0) {
        answer_error(out, 2, "BadValue", "the filter is beyond this server");
    } else {
        snprintf(full, sizeof full, "%s.%s", c->db, ns);
        BSON_APPEND_DOCUMENT_BEGIN(out, "cursor", &cursor);
        BSON_APPEND_ARRAY(&cursor, "firstBatch", &batch);
        BSON_APPEND_INT64(&cursor, "id", 0);
        BSON_APPEND_UTF8(&cursor, "ns", full);
        bson_append_document_end(out, &cursor);
    }
    bson_destroy(&batch);
}

static void list_collections(const struct call *c, bson_t *out)
{
    const struct db *d = store_db(c->store, c->db);
    bool names = bson_flag(c->command, "nameOnly");
    bson_t asked, filter;
    bool sized = bson_sub(c->command, "cursor", &asked);
    if (bson_sub(c->command, "filter", &filter) && !bson_empty(&filter)) {
        answer_error(out, 2, "BadValue", "the filter is beyond this server");
        return;
    }
    atomic_fetch_add(&c->shared->lists, 1);
    struct db none = {.name = c->db};
    struct page p = {.what = COLLECTIONS, .form = names, .first = true};
    p.size = batch_size(c, sized ? &asked : NULL);
    put_page(c, d ? d : &none, &p, out);
}

static void list_indexes(const struct call *c, bson_t *out)
{
    const struct db *d = store_db(c->store, c->db);
    const struct coll *x = d && !is_gone(c, c->target) ? db_coll(d, c->target) : NULL;
    bool wrap = bson_flag(c->command, "includeIndexBuildInfo");
    const char *take = setting(c, "index_build_info");
    char text[300];
    bson_t asked;
    if (bson_has_field(c->command, "includeIndexBuildInfo") && !strcmp(take, "refuse")) {
        answer_error(out, 40415, "Location40415",
                     "BSON field 'listIndexes.includeIndexBuildInfo' is an unknown field.");
        return;
    }
    if (c->target[0] && !strcmp(c->target, c->shared->grown)) {
        bson_t *id =
            BCON_NEW("v", BCON_INT32(2), "key", "{", "_id", BCON_INT32(1), "}", "name", "_id_");
        put_all(c, &(struct list){.v = &id, .n = 1}, c->target, out);
        bson_destroy(id);
        return;
    }
    if (!x) {
        snprintf(text, sizeof text, "ns does not exist: %s.%s", c->db, c->target);
        answer_error(out, 26, "NamespaceNotFound", text);
        return;
    }
    if (x->view) {
        snprintf(text, sizeof text, "Namespace %s.%s is a view, not a collection", c->db,
                 c->target);
        answer_error(out, 166, "CommandNotSupportedOnView", text);
        return;
    }
    struct page p = {.what = INDEXES, .coll = (uint32_t)(x - d->colls), .first = true};
    p.form = wrap && !strcmp(take, "wrap");
    p.size = batch_size(c, bson_sub(c->command, "cursor", &asked) ? &asked : NULL);
    put_page(c, d, &p, out);
}

static void get_more(const struct call *c, bson_t *out)
{
    int64_t id = bson_number(c->command, "getMore", 0);
    const char *ns = bson_text(c->command, "collection");
    const struct db *d = store_db(c->store, c->db);
    struct page p = {.what = (int)(id >> 60),
                     .form = id >> 59 & 1,
                     .coll = id >> 28 & 0x7fffffff,
                     .at = id & 0xfffffff};
    bool known = d && ns && (p.what == COLLECTIONS || (p.what == INDEXES && p.coll < d->n));
    if (!known || strcmp(ns, p.what == INDEXES ? d->colls[p.coll].name : "$cmd.listCollections")) {
        answer_error(out, 43, "CursorNotFound", "cursor id not found, or of another namespace");
        return;
    }
    p.size = batch_size(c, c->command);
    put_page(c, d, &p, out);
}

static void find(const struct call *c, bson_t *out)
{
    const struct db *d = store_db(c->store, c->db);
    const struct coll *x = d ? db_coll(d, c->target) : NULL;
    put_all(c, x ? &x->document : NULL, c->target, out);
}

static void aggregate(const struct call *c, bson_t *out)
{
    const struct db *d = store_db(c->store, c->db);
    const struct coll *x = d ? db_coll(d, c->target) : NULL;
    const char *how = setting(c, "search");
    bson_t pipeline, stage, none;
    if (!bson_sub(c->command, "pipeline", &pipeline) || !bson_sub(&pipeline, "0", &stage) ||
        !bson_sub(&stage, "$listSearchIndexes", &none))
        answer_error(out, 40324, "Location40324", "Unrecognized pipeline stage name");
    else if (!strcmp(how, "yes"))
        put_all(c, x ? &x->search : NULL, c->target, out);
    else if (!strcmp(how, "off"))
        answer_error(out, 31082, "SearchNotEnabled",
                     "Using Atlas Search Database Commands and the $listSearchIndexes aggregation "
                     "stage requires additional configuration.");
    else
        answer_error(out, 40324, "Location40324",
                     "Unrecognized pipeline stage name: '$listSearchIndexes'");
}

/* PLAIN is taken from everybody: the scripts say who is refused. */
static void sasl_start(const struct call *c, bson_t *out)
{
    const char *mechanism = bson_text(c->command, "mechanism");
    if (!mechanism || strcmp(mechanism, "PLAIN") != 0) {
        answer_error(out, 18, "AuthenticationFailed", "Authentication failed.");
        return;
    }
    BSON_APPEND_INT32(out, "conversationId", 1);
    BSON_APPEND_BOOL(out, "done", true);
    BSON_APPEND_BINARY(out, "payload", BSON_SUBTYPE_BINARY, (const uint8_t *)"", 0);
}

static void fine(const struct call *c, bson_t *out)
{
    (void)c;
    (void)out;
}

static void fixed(const struct call *c, bson_t *out)
{
    bson_t replies, part;
    char text[200];
    const char *name = strcmp(c->name, "buildinfo") ? c->name : "buildInfo";
    if (!strcmp(name, "buildInfo") && store_member(c->store, name, &part)) {
        bson_concat(out, &part);
    } else if (store_member(c->store, "replies", &replies) && bson_sub(&replies, name, &part)) {
        bson_concat(out, &part);
    } else {
        snprintf(text, sizeof text, "no such command: '%s'", c->name);
        answer_error(out, 59, "CommandNotFound", text);
    }
}

void answer(const struct call *c, bson_t *out)
{
    static const struct {
        const char *name;
        void (*run)(const struct call *c, bson_t *out);
    } known[] = {
        {"hello", hello},
        {"isMaster", hello},
        {"ismaster", hello},
        {"connectionStatus", connection_status},
        {"listDatabases", list_databases},
        {"listCollections", list_collections},
        {"listIndexes", list_indexes},
        {"getMore", get_more},
        {"find", find},
        {"aggregate", aggregate},
        {"saslStart", sasl_start},
        {"ping", fine},
        {"endSessions", fine},
        {"killCursors", fine},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(known[i].name, c->name)) {
            known[i].run(c, out);
            return;
        }
    fixed(c, out);
}
