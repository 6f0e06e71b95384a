/*
 * Indexes as facts. One is known by its name and dropped by it: by key two may be meant. Their
 * commands: index_ddl.c.
 */

#include "drivers/mongodb/mongodb.h"

#include <stdlib.h>

/* Options without meaning today: read and not kept. */
#define NOISE "ns,background,safe,dropDups,clustered,name,key,v"

static bool is_listed_text(const struct mv *key)
{
    return str_eq(mv_string(mv_get(key, "_fts")), STR("text"));
}

/* As a server lists it, or as createIndexes takes it. */
static bool is_text_index(const struct mv *key)
{
    for (const struct mv *m = key ? key->first : NULL; m; m = m->next)
        if (str_eq(mv_string(m), STR("text")))
            return true;
    return false;
}

static int by_key(const void *a, const void *b)
{
    const struct mv *const *x = a, *const *y = b;
    return str_cmp((*x)->key, (*y)->key);
}

/* Members of a document in order of their keys. */
static const struct mv **sorted(struct arena *mem, const struct mv *doc, uint32_t *n)
{
    const struct mv **list = NEW_ARRAY(mem, const struct mv *, doc ? doc->n : 0);
    *n = 0;
    for (const struct mv *m = doc ? doc->first : NULL; m; m = m->next)
        list[(*n)++] = m;
    if (*n)
        qsort(list, *n, sizeof *list, by_key);
    return list;
}

/* The key as createIndexes takes it. A server lists the fields of a text index as _fts and _ftsx,
 * in the place of the first of them; which they are, the weights tell, and their order means
 * nothing. */
static struct mv *key_to_emit(struct arena *mem, const struct mv *spec)
{
    const struct mv *key = mv_get(spec, "key");
    struct mv *out = mv_new(mem, MV_DOCUMENT);
    uint32_t n;
    if (!key || key->type != MV_DOCUMENT || !is_listed_text(key))
        return key ? mv_copy(mem, key) : out;
    for (const struct mv *m = key->first; m; m = m->next) {
        if (str_eq(m->key, STR("_ftsx")))
            continue;
        if (!str_eq(m->key, STR("_fts"))) {
            mv_add(out, m->key, mv_copy(mem, m));
            continue;
        }
        const struct mv **weights = sorted(mem, mv_get(spec, "weights"), &n);
        for (uint32_t i = 0; i < n; i++)
            mv_add(out, weights[i]->key, mv_text(mem, STR("text")));
    }
    return out;
}

/* "total -1": any number is a direction, whatever its type and size. */
static struct str key_term(struct arena *mem, const struct mv *m)
{
    struct strbuf b = sb_new(mem, 0);
    sb_str(&b, m->key);
    sb_char(&b, ' ');
    if (m->type == MV_STRING) {
        sb_str(&b, m->text);
    } else if (mv_is_number(m)) {
        struct strbuf number = sb_new(mem, 0);
        mv_put_number(&number, m);
        sb_c(&b, str_starts(sb_view(&number), STR("-")) ? "-1" : "1");
    } else if (m->type == MV_BOOL && m->i) {
        sb_char(&b, '1');
    } else {
        mv_put_json(&b, m);
    }
    return sb_view(&b);
}

static void put_keys(struct fact *f, const struct mv *key)
{
    struct str *terms = NEW_ARRAY(f->cat->tmp, struct str, key->n);
    uint32_t n = 0;
    for (const struct mv *m = key->first; m; m = m->next)
        terms[n++] = key_term(f->cat->tmp, m);
    fact_list(f, "keys", terms, n);
}

/* Weights other than 1: "title 10". */
static void put_weights(struct fact *f, const struct mv *spec)
{
    uint32_t n, k = 0;
    struct arena *mem = f->cat->tmp;
    const struct mv **list = sorted(mem, mv_get(spec, "weights"), &n);
    struct str *terms = NEW_ARRAY(mem, struct str, n);
    for (uint32_t i = 0; i < n; i++) {
        struct strbuf b = sb_new(mem, 0);
        int64_t weight;
        if (mv_whole(list[i], &weight) && weight == 1)
            continue;
        sb_str(&b, list[i]->key);
        sb_char(&b, ' ');
        mv_put_number(&b, list[i]);
        terms[k++] = sb_view(&b);
    }
    if (k)
        qsort(terms, k, sizeof *terms, str_order);
    fact_list(f, "weights", terms, k);
}

static bool is_whole(const struct mv *v, int64_t want)
{
    int64_t n;
    return mv_whole(v, &n) && n == want;
}

/* What is so by default, on every server: no part of the words that are kept. */
static bool is_default(const struct mv *m)
{
    static const struct {
        const char *key;
        int64_t number;
    } numbers[] = {{"2dsphereIndexVersion", 3}, {"bits", 26}, {"min", -180}, {"max", 180}};
    if (mg_drops_key(m, "unique,sparse,hidden,prepareUnique"))
        return (m->type == MV_BOOL || mv_is_number(m)) && !mv_truth(m);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (str_eq_c(m->key, numbers[i].key))
            return is_whole(m, numbers[i].number);
    return (str_eq(m->key, STR("default_language")) && str_eq(mv_string(m), STR("english"))) ||
           (str_eq(m->key, STR("language_override")) && str_eq(mv_string(m), STR("language")));
}

/* The number of a text index's form: 3 since 3.2; only MongoDB itself has more than one. */
static bool is_text_version(const struct catalog *cat, const struct mv *m)
{
    return str_eq(m->key, STR("textIndexVersion")) && (is_whole(m, 3) || !mg_is_mongodb(cat));
}

/* The whole seconds of a TTL index; NaN and parts of seconds are kept as they are. */
static bool is_ttl(const struct mv *m)
{
    int64_t n;
    return str_eq(m->key, STR("expireAfterSeconds")) && mv_whole(m, &n);
}

/* Options that are read, by what they must be; what is something else is kept as it is. */
static bool is_as_known(const struct mv *m)
{
    int64_t n;
    if (mg_drops_key(m, "unique,sparse,hidden,prepareUnique"))
        return m->type == MV_BOOL || mv_is_number(m);
    if (mg_drops_key(m,
                     "partialFilterExpression,collation,weights,wildcardProjection,storageEngine"))
        return m->type == MV_DOCUMENT;
    if (mg_drops_key(m, "default_language,language_override"))
        return m->type == MV_STRING;
    if (mg_drops_key(m, "textIndexVersion,2dsphereIndexVersion"))
        return mv_whole(m, &n);
    return mg_drops_key(m, "bits,min,max") && mv_is_number(m);
}

static bool is_kept(const struct catalog *cat, const struct mv *m)
{
    return !mg_drops_key(m, NOISE) && !is_default(m) && !is_text_version(cat, m) && mg_is_set(m);
}

/* What createIndexes takes to make it. `inherits`: the collection has a collation of its own, which
 * an index without one would take over. */
static struct mv *spec_to_emit(struct catalog *cat, const struct mv *spec, bool inherits)
{
    struct arena *mem = cat->tmp;
    struct mv *out = mv_new(mem, MV_DOCUMENT), *storage;
    mv_add(out, STR("key"), key_to_emit(mem, spec));
    mv_add(out, STR("name"), mv_copy(mem, mv_get(spec, "name")));
    for (const struct mv *m = spec->first; m; m = m->next) {
        if (!is_kept(cat, m) || mg_drops_key(m, "storageEngine,collation"))
            continue;
        struct mv *copy = mv_add(out, m->key, mv_copy(mem, m));
        if (is_ttl(m))
            mv_whole(m, &copy->i), copy->type = mv_int(mem, copy->i)->type;
    }
    if (mg_canon_collation(mem, mv_get(spec, "collation")).n) {
        mv_take(mv_add(out, STR("collation"), mv_copy(mem, mv_get(spec, "collation"))), "version");
    } else if (inherits) {
        struct mv *simple = mv_add(out, STR("collation"), mv_new(mem, MV_DOCUMENT));
        mv_add(simple, STR("locale"), mv_text(mem, STR("simple")));
    }
    storage = mg_storage_engine(mem, mv_get(spec, "storageEngine"));
    if (storage)
        mv_add(out, STR("storageEngine"), storage);
    if (mv_get(spec, "v") && !is_whole(mv_get(spec, "v"), 2))
        mv_add(out, STR("v"), mv_copy(mem, mv_get(spec, "v")));
    return out;
}

static struct mv *others_of(struct catalog *cat, const struct mv *spec)
{
    struct mv *out = mv_new(cat->tmp, MV_DOCUMENT);
    for (const struct mv *m = spec->first; m; m = m->next)
        if (is_kept(cat, m) && !is_as_known(m) && !is_ttl(m))
            mv_add(out, m->key, mv_copy(cat->tmp, m));
    return out;
}

static void put_number(struct fact *f, const char *attr, const struct mv *v)
{
    struct strbuf b = sb_new(f->cat->tmp, 0);
    if (!v || is_default(v))
        return;
    mv_put_number(&b, v);
    fact_text(f, attr, sb_view(&b));
}

static void put_options(struct fact *f, const struct mv *spec)
{
    struct arena *mem = f->cat->tmp;
    const struct mv *language = mv_get(spec, "default_language");
    const struct mv *override = mv_get(spec, "language_override");
    const struct mv *text = mv_get(spec, "textIndexVersion"), *v = mv_get(spec, "v");
    const struct mv *sphere = mv_get(spec, "2dsphereIndexVersion");
    const struct mv *ttl = mv_get(spec, "expireAfterSeconds");
    fact_bool(f, "unique", mv_truth(mv_get(spec, "unique")));
    fact_bool(f, "sparse", mv_truth(mv_get(spec, "sparse")));
    fact_bool(f, "hidden", mv_truth(mv_get(spec, "hidden")));
    fact_bool(f, "prepare_unique", mv_truth(mv_get(spec, "prepareUnique")));
    fact_text(f, "partial", mg_canon_query(mem, mv_get(spec, "partialFilterExpression")));
    fact_text(f, "collation", mg_canon_collation(mem, mv_get(spec, "collation")));
    fact_text(f, "projection", mg_canon_projection(mem, mv_get(spec, "wildcardProjection")));
    fact_text(f, "storage_engine",
              mg_canon_other(mem, mg_storage_engine(mem, mv_get(spec, "storageEngine"))));
    fact_text(f, "options", mg_canon_other(mem, others_of(f->cat, spec)));
    if (language && !is_default(language))
        fact_text(f, "default_language", mv_string(language));
    if (override && !is_default(override))
        fact_text(f, "language_field", mv_string(override));
    if (text && !is_text_version(f->cat, text))
        mg_fact_whole(f, "text_version", text);
    if (sphere && !is_default(sphere))
        mg_fact_whole(f, "sphere_version", sphere);
    if (v && !is_whole(v, 2))
        mg_fact_whole(f, "version", v);
    if (ttl)
        mg_fact_whole(f, "expire_after", ttl);
    put_number(f, "bits", mv_get(spec, "bits"));
    put_number(f, "min", mv_get(spec, "min"));
    put_number(f, "max", mv_get(spec, "max"));
}

/* The index over _id that every collection has, and the order of a clustered one. */
static bool is_own(const struct mv *spec)
{
    const struct mv *key = mv_get(spec, "key");
    bool id = key && key->n == 1 && str_eq(key->first->key, STR("_id"));
    return mv_truth(mv_get(spec, "clustered")) ||
           (id && str_eq(mv_string(mv_get(spec, "name")), STR("_id_")));
}

void mg_index_fact(struct catalog *cat, const struct mg_listed *collection, const struct mv *spec,
                   bool building)
{
    struct str name = mv_string(mv_get(spec, "name"));
    struct str above = mg_path(cat->tmp, "collection", collection->name);
    struct fact f;
    if (is_own(spec))
        return;
    if (str_is_null(name)) {
        cat_add_ledger(cat, "index", collection->name, above, mv_json(cat->tmp, spec),
                       "it has no name");
        return;
    }
    bool inherits = mg_canon_collation(cat->tmp, mv_get(collection->options, "collation")).n > 0;
    struct mv *emitted = spec_to_emit(cat, spec, inherits);
    struct str shown =
        arena_printf(cat->tmp, "%.*s.%.*s", STR_ARG(collection->name), STR_ARG(name));
    if (building) {
        cat_add_ledger(cat, "index", shown, above, mv_json(cat->tmp, emitted),
                       "it is still being built, so it may not come to be");
        return;
    }
    if (!mv_get(emitted, "key")->n) {
        cat_add_ledger(cat, "index", shown, above, mv_json(cat->tmp, spec), "it has no key");
        return;
    }
    if (!mg_fact_can(cat, "index", shown, above, emitted))
        return;
    fact_begin(&f, cat, "index", above, name);
    put_keys(&f, mv_get(emitted, "key"));
    if (is_text_index(mv_get(spec, "key")))
        put_weights(&f, spec);
    put_options(&f, spec);
    fact_src(&f, "spec", mv_json(cat->tmp, emitted));
    fact_end(&f);
}

static void index_brief(const struct obj *o, struct strbuf *out)
{
    struct jc_iter it = jc_iter(obj_raw(o, "keys"));
    struct str key, raw;
    const char *comma = "(";
    if (obj_true(o, "unique"))
        sb_c(out, "unique ");
    while (jc_next(&it, &key, &raw)) {
        struct str term = jc_text(out->mem, raw);
        sb_c(out, comma);
        sb_str(out, str_ends(term, STR(" 1")) ? str_sub(term, 0, term.n - 2) : term);
        comma = ", ";
    }
    sb_char(out, ')');
    if (obj_raw(o, "expire_after").n)
        sb_printf(out, " expires after %.*s s", STR_ARG(obj_raw(o, "expire_after")));
    if (obj_raw(o, "partial").n)
        sb_printf(out, " where %.*s", STR_ARG(obj_text(out->mem, o, "partial")));
    if (obj_true(o, "hidden"))
        sb_c(out, " hidden");
}

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"bits",              A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "precision of a 2d index, unless 26"},
    {"collation",         A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "collation in effect, with all its parts"},
    {"default_language",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "of a text index, unless english"},
    {"expire_after",      A_INT,  CMP_VALUE, F_STRUCTURE, NULL, &mg_index_ttl,     1, false, 0, "seconds after which documents go"},
    {"hidden",            A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &mg_index_hide,    1, false, 0, "kept up, and not used"},
    {"keys",              A_LIST, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "fields in order, each with its direction or kind"},
    {"language_field",    A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "field that names the language, unless language"},
    {"max",               A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "upper bound of a 2d index, unless 180"},
    {"min",               A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "lower bound of a 2d index, unless -180"},
    {"options",           A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "options that snap does not know, as they are"},
    {"partial",           A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "partialFilterExpression"},
    {"prepare_unique",    A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &mg_index_hide,    1, false, 0, "on its way to unique: no new double keys"},
    {"projection",        A_EXPR, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "wildcardProjection"},
    {"sparse",            A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "holds only documents that have the field"},
    {"sphere_version",    A_INT,  CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "2dsphereIndexVersion, unless 3"},
    {"storage_engine",    A_EXPR, CMP_VALUE, F_STORAGE,   NULL, NULL,     1, false, 0, "words for the storage engine"},
    {"text_version",      A_INT,  CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "textIndexVersion, unless 3"},
    {"unique",            A_BOOL, CMP_VALUE, F_STRUCTURE, NULL, &mg_index_convert, 1, true,  AF_GUARDS, "no two documents are equal in the key"},
    {"version",           A_INT,  CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "of the index's form, unless 2"},
    {"weights",           A_SET,  CMP_VALUE, F_STRUCTURE, NULL, NULL,     1, false, 0, "fields of a text index with a weight other than 1"},
};
/* clang-format on */

/* What two indexes of a collection cannot have in common; so one that goes makes room first.
 * Since 5.0 filter, sparse and unique tell two apart as well; before that they do not. */
static struct str index_takes(struct arena *mem, const struct obj *o)
{
    struct str keys = obj_raw(o, "keys");
    if (str_find(keys, STR(" text\"")) < keys.n)
        keys = STR("text"); /* only one */
    return path_join(
        mem, path_parent(o->path), STR("index"),
        arena_printf(mem, "\x01%.*s %.*s", STR_ARG(keys), STR_ARG(obj_raw(o, "collation"))));
}

const struct kind_desc mg_index_kind = {
    .name = "index",
    .parents = "collection",
    .flags = KF_CASCADE | KF_LATE_DROP,
    .rank = 20,
    .facet = F_STRUCTURE,
    .names = "index",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &mg_index_create,
    .drop = &mg_index_drop,
    .brief = index_brief,
    .takes = index_takes,
    .doc = "index",
};
