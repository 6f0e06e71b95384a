/*
 * The normal form of a $jsonSchema. Members stand in order of keys wherever they are a map; what is
 * a set is sorted; what says the default is left out. A keyword that is not known here, or whose
 * value is not what servers take, stays as it is. title and description are kept: they are part of
 * what a server lists.
 */

#include "drivers/mongodb/canon_parts.h"

/* {"type": "string"} is {"bsonType": "string"}: MongoDB and documentdb make one mask of types of
 * both, and refuse a schema that has both. */
static const struct {
    const char *json, *bson;
} json_types[] = {
    {"array", "array"},   {"boolean", "bool"},  {"null", "null"},
    {"number", "number"}, {"object", "object"}, {"string", "string"},
};

static const char *bson_type(const struct mv *v)
{
    for (size_t i = 0; i < sizeof json_types / sizeof *json_types; i++)
        if (str_eq_c(mv_string(v), json_types[i].json))
            return json_types[i].bson;
    return NULL;
}

/* The value of `type` as one of bsonType; NULL where it holds a name that is not known. */
static struct mv *as_bson_types(struct arena *mem, const struct mv *v)
{
    if (v->type != MV_ARRAY)
        return bson_type(v) ? mv_text(mem, str_c(bson_type(v))) : NULL;
    struct mv *out = mv_new(mem, MV_ARRAY);
    for (const struct mv *m = v->first; m; m = m->next) {
        if (!bson_type(m))
            return NULL;
        mv_add(out, STR_NULL, mv_text(mem, str_c(bson_type(m))));
    }
    return out;
}

static struct mv *types(struct arena *mem, const struct mv *v)
{
    if (v->type != MV_ARRAY || !mgc_all(v, MV_STRING))
        return mgc_again(mem, v);
    return mgc_alone(mem, mgc_sorted(mem, v, true));
}

static struct mv *string_set(struct arena *mem, const struct mv *v)
{
    bool set = v->type == MV_ARRAY && mgc_all(v, MV_STRING);
    return set ? mgc_sorted(mem, v, true) : mgc_again(mem, v);
}

static struct mv *values(struct arena *mem, const struct mv *v)
{
    if (v->type != MV_ARRAY)
        return mgc_again(mem, v);
    struct mv *out = mv_new(mem, MV_ARRAY);
    for (const struct mv *m = v->first; m; m = m->next)
        mv_add(out, STR_NULL, mgc_element(mem, m));
    return mgc_sorted(mem, out, true);
}

static struct mv *schema_map(struct arena *mem, const struct mv *v)
{
    if (v->type != MV_DOCUMENT)
        return mgc_again(mem, v);
    struct mv *out = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = v->first; m; m = m->next)
        mv_add(out, m->key, m->type == MV_ARRAY ? string_set(mem, m) : mgc_schema(mem, m));
    return mgc_by_key(mem, out);
}

static struct mv *schemas(struct arena *mem, const struct mv *v)
{
    struct mv *out = mv_new(mem, MV_ARRAY);
    for (const struct mv *m = v->first; m; m = m->next)
        mv_add(out, STR_NULL, mgc_schema(mem, m));
    return out;
}

static struct mv *schema_set(struct arena *mem, const struct mv *v)
{
    return v->type == MV_ARRAY ? mgc_sorted(mem, schemas(mem, v), true) : mgc_again(mem, v);
}

/* Exactly one of them holds: a schema that stands there twice says something else than once. */
static struct mv *schema_bag(struct arena *mem, const struct mv *v)
{
    return v->type == MV_ARRAY ? mgc_sorted(mem, schemas(mem, v), false) : mgc_again(mem, v);
}

/* A document is for all items, a list for those at its places. */
static struct mv *items(struct arena *mem, const struct mv *v)
{
    return v->type == MV_ARRAY ? schemas(mem, v) : mgc_schema(mem, v);
}

/* The ids of keys differ from one environment to the next; that there is one belongs to the schema,
 * and so does a string: it is the place in the document that says which key. */
static bool is_key(const struct mv *v)
{
    return str_eq_c(v->key, "keyId") && v->type != MV_STRING;
}

static struct mv *encryption(struct arena *mem, const struct mv *v)
{
    if (v->type != MV_DOCUMENT)
        return mgc_again(mem, v);
    struct mv *out = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = v->first; m; m = m->next)
        mv_add(out, m->key,
               is_key(m)                      ? mv_new(mem, MV_ARRAY)
               : str_eq_c(m->key, "bsonType") ? types(mem, m)
                                              : mgc_again(mem, m));
    return mgc_by_key(mem, out);
}

static bool names_key(const struct mv *v)
{
    for (const struct mv *m = v->type == MV_DOCUMENT ? v->first : NULL; m; m = m->next)
        if (is_key(m) && !(m->type == MV_ARRAY && m->n == 0))
            return true;
    return false;
}

/* In a schema, or in a map or a list of them; `enum` holds values. */
static bool schema_has_keys(const struct mv *v)
{
    for (const struct mv *m = v->first; m; m = m->next) {
        if (str_eq_c(m->key, "enum"))
            continue;
        if ((str_eq_c(m->key, "encrypt") || str_eq_c(m->key, "encryptMetadata")) && names_key(m))
            return true;
        if (schema_has_keys(m))
            return true;
    }
    return false;
}

bool mg_has_keys(const struct mv *validator)
{
    for (const struct mv *m = validator ? validator->first : NULL; m; m = m->next)
        if (str_eq_c(m->key, "$jsonSchema") ? schema_has_keys(m) : mg_has_keys(m))
            return true;
    return false;
}

/* What a keyword holds, and what is as good as leaving it out: a bool (a schema that says nothing
 * is true), a 0, a map of nothing. */
static const struct keyword {
    const char *name;
    struct mv *(*make)(struct arena *, const struct mv *);
    enum { SAYS, SAYS_UNLESS_TRUE, SAYS_UNLESS_FALSE, SAYS_UNLESS_0, SAYS_UNLESS_EMPTY } says;
} keywords[] = {
    {"additionalItems", mgc_schema, SAYS_UNLESS_TRUE},
    {"additionalProperties", mgc_schema, SAYS_UNLESS_TRUE},
    {"allOf", schema_set, SAYS},
    {"anyOf", schema_set, SAYS},
    {"bsonType", types, SAYS},
    {"dependencies", schema_map, SAYS_UNLESS_EMPTY},
    {"encrypt", encryption, SAYS},
    {"encryptMetadata", encryption, SAYS},
    {"enum", values, SAYS},
    {"exclusiveMaximum", mgc_again, SAYS_UNLESS_FALSE},
    {"exclusiveMinimum", mgc_again, SAYS_UNLESS_FALSE},
    {"items", items, SAYS},
    {"maxItems", mgc_literal, SAYS},
    {"maxLength", mgc_literal, SAYS},
    {"maxProperties", mgc_literal, SAYS},
    {"maximum", mgc_literal, SAYS},
    {"minItems", mgc_literal, SAYS_UNLESS_0},
    {"minLength", mgc_literal, SAYS_UNLESS_0},
    {"minProperties", mgc_literal, SAYS_UNLESS_0},
    {"minimum", mgc_literal, SAYS},
    {"multipleOf", mgc_literal, SAYS},
    {"not", mgc_schema, SAYS},
    {"oneOf", schema_bag, SAYS},
    {"patternProperties", schema_map, SAYS_UNLESS_EMPTY},
    {"properties", schema_map, SAYS_UNLESS_EMPTY},
    {"required", string_set, SAYS},
    {"type", types, SAYS},
    {"uniqueItems", mgc_again, SAYS_UNLESS_FALSE},
};

static const struct keyword *keyword_of(struct str name)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (str_eq_c(name, keywords[i].name))
            return &keywords[i];
    return NULL;
}

static bool is_default(const struct keyword *k, const struct mv *made)
{
    bool empty = made->type == MV_DOCUMENT && made->n == 0;
    switch (k->says) {
    case SAYS_UNLESS_TRUE:
        return empty || (made->type == MV_BOOL && made->i);
    case SAYS_UNLESS_FALSE:
        return made->type == MV_BOOL && !made->i;
    case SAYS_UNLESS_0:
        return made->type == MV_INT32 && !made->i;
    case SAYS_UNLESS_EMPTY:
        return empty;
    default:
        return false;
    }
}

struct mv *mgc_schema(struct arena *mem, const struct mv *schema)
{
    if (schema->type != MV_DOCUMENT)
        return mgc_again(mem, schema);
    bool both = mv_get(schema, "type") && mv_get(schema, "bsonType");
    struct mv *out = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = schema->first; m; m = m->next) {
        const struct keyword *k = keyword_of(m->key);
        struct mv *made = k ? k->make(mem, m) : mgc_again(mem, m);
        struct mv *as = !both && str_eq_c(m->key, "type") ? as_bson_types(mem, m) : NULL;
        if (as)
            mv_add(out, STR("bsonType"), types(mem, as));
        else if (!k || !is_default(k, made))
            mv_add(out, m->key, made);
    }
    return mgc_by_key(mem, out);
}
