/* Random values, schemas, pipelines, collations; queries are in mongo_query.c. */

#include "tests/harness/mongo_spec.h"

#include <string.h>

#define COUNT(v) ((uint32_t)(sizeof(v) / sizeof *(v)))

static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

struct spec spec_new(struct arena *mem, uint64_t what, uint64_t how, uint32_t change)
{
    return (struct spec){.mem = mem, .what = what, .how = how, .change = change};
}

uint32_t spec_what(struct spec *s, uint32_t n)
{
    return (uint32_t)(next(&s->what) % n);
}

uint32_t spec_how(struct spec *s, uint32_t n)
{
    return (uint32_t)(next(&s->how) % n);
}

bool spec_point(struct spec *s, const char *in)
{
    bool here = s->points++ == s->change;
    if (s->one_in)
        here = next(&s->some) % s->one_in == 0;
    if (here)
        s->changed = in;
    return here;
}

void spec_shuffle(struct spec *s, struct mv *v)
{
    struct mv **m = NEW_ARRAY(s->mem, struct mv *, v->n);
    uint32_t n = 0;
    for (struct mv *x = v->first; x; x = x->next)
        m[n++] = x;
    for (uint32_t i = n; i > 1; i--) {
        uint32_t j = spec_how(s, i);
        struct mv *x = m[j];
        m[j] = m[i - 1];
        m[i - 1] = x;
    }
    v->first = v->last = NULL;
    v->n = 0;
    for (uint32_t i = 0; i < n; i++)
        mv_add(v, m[i]->key, m[i]);
}

struct mv *spec_int(struct spec *s, int64_t i)
{
    struct mv *v = mv_int(s->mem, i);
    switch (spec_how(s, 3)) {
    case 1:
        v->type = MV_INT64;
        break;
    case 2:
        v->type = MV_DOUBLE;
        v->d = (double)i;
        v->i = 0;
        break;
    default:
        break;
    }
    return v;
}

struct mv *spec_number(struct spec *s)
{
    int64_t i = ++s->serial;
    return spec_int(s, spec_point(s, "number") ? i + 1000000 : i);
}

struct str spec_name(struct spec *s, const char *prefix)
{
    uint32_t i = ++s->serial;
    return arena_printf(s->mem, "%s%u%s", prefix, i, spec_point(s, "name") ? "~" : "");
}

static struct mv *text(struct spec *s, const char *prefix)
{
    return mv_text(s->mem, spec_name(s, prefix));
}

/* A document whose order counts. */
static struct mv *literal_document(struct spec *s, int depth)
{
    struct mv *v = mv_new(s->mem, MV_DOCUMENT);
    uint32_t n = 1 + spec_what(s, 3);
    for (uint32_t i = 0; i < n; i++)
        mv_add(v, spec_name(s, "k"), spec_literal(s, depth - 1));
    if (n > 1 && spec_point(s, "order of a document")) {
        struct mv *first = mv_take(v, arena_cstr(s->mem, v->first->key));
        mv_add(v, first->key, first);
    }
    return v;
}

struct mv *spec_literal(struct spec *s, int depth)
{
    struct mv *v;
    switch (spec_what(s, depth > 0 ? 10 : 8)) {
    case 0:
        return mv_bool(s->mem, spec_point(s, "bool"));
    case 1:
        v = mv_new(s->mem, MV_DATE);
        v->i = ++s->serial + (spec_point(s, "date") ? 1000000 : 0);
        return v;
    case 2:
        v = mv_new(s->mem, MV_DOUBLE);
        v->d = ++s->serial + (spec_point(s, "double") ? 0.75 : 0.5);
        return v;
    case 3:
        v = mv_new(s->mem, spec_point(s, "type of a value") ? MV_CODE : MV_STRING);
        v->text = spec_name(s, "c");
        return v;
    case 4:
        return spec_point(s, "null") ? mv_bool(s->mem, false) : mv_new(s->mem, MV_NULL);
    case 5:
        return text(s, "t");
    case 8:
        return literal_document(s, depth);
    case 9:
        v = mv_new(s->mem, MV_ARRAY);
        for (uint32_t i = spec_what(s, 3); i > 0; i--)
            mv_add(v, STR_NULL, spec_literal(s, depth - 1));
        if (spec_point(s, "array"))
            mv_add(v, STR_NULL, mv_text(s->mem, STR("more")));
        return v;
    default:
        return spec_number(s);
    }
}

/* --- $jsonSchema --- */

static void schema_types(struct spec *s, struct mv *to)
{
    static const char *const bson[] = {"string", "object", "array", "bool",
                                       "null",   "int",    "long",  "date"};
    static const char *const json[] = {"string", "object", "array", "boolean", "null"};
    struct mv *set = mv_new(s->mem, MV_ARRAY);
    uint32_t n = 1 + spec_what(s, 3), first = spec_what(s, COUNT(bson));
    bool as_json = spec_how(s, 2) == 0;
    for (uint32_t i = 0; i < n; i++)
        as_json = as_json && (first + i) % COUNT(bson) < COUNT(json);
    for (uint32_t i = 0; i < n; i++)
        mv_add(set, STR_NULL,
               mv_text(s->mem, str_c((as_json ? json : bson)[(first + i) % COUNT(bson)])));
    if (spec_point(s, "bsonType")) {
        mv_add(set, STR_NULL, mv_text(s->mem, STR("objectId")));
        as_json = false;
        for (struct mv *m = set->first; m; m = m->next)
            if (str_eq_c(m->text, "boolean"))
                m->text = STR("bool");
    }
    spec_shuffle(s, set);
    bool alone = set->n == 1 && spec_how(s, 2);
    mv_add(to, str_c(as_json ? "type" : "bsonType"), alone ? set->first : set);
}

static struct mv *names(struct spec *s)
{
    struct mv *v = mv_new(s->mem, MV_ARRAY);
    for (uint32_t i = 1 + spec_what(s, 3); i > 0; i--)
        mv_add(v, STR_NULL, text(s, "f"));
    if (spec_point(s, "required"))
        mv_add(v, STR_NULL, mv_text(s->mem, STR("more")));
    spec_shuffle(s, v);
    return v;
}

static struct mv *properties(struct spec *s, int depth)
{
    struct mv *v = mv_new(s->mem, MV_DOCUMENT);
    for (uint32_t i = 1 + spec_what(s, 3); i > 0; i--)
        mv_add(v, spec_name(s, "f"), spec_schema(s, depth - 1));
    if (spec_point(s, "properties"))
        mv_add(v, STR("more"), mv_new(s->mem, MV_DOCUMENT));
    spec_shuffle(s, v);
    return v;
}

static void schema_choice(struct spec *s, struct mv *to, int depth)
{
    static const char *const words[] = {"allOf", "anyOf", "oneOf"};
    struct mv *set = mv_new(s->mem, MV_ARRAY);
    uint32_t which = spec_what(s, COUNT(words)), n = 2 + spec_what(s, 2);
    bool other = spec_point(s, "allOf, anyOf, oneOf");
    /* A schema with a number of its own, so that none is like another. */
    for (uint32_t i = 0; i < n; i++)
        mv_add(mv_add(set, STR_NULL, spec_schema(s, depth - 1)), STR("maxProperties"),
               spec_number(s));
    /* Twice is once, but for oneOf. */
    if (which == 2 && spec_point(s, "oneOf"))
        mv_add(set, STR_NULL, mv_copy(s->mem, set->first));
    else if (which != 2 && spec_how(s, 4) == 0)
        mv_add(set, STR_NULL, mv_copy(s->mem, set->first));
    spec_shuffle(s, set);
    mv_add(to, str_c(words[(which + other) % COUNT(words)]), set);
}

static void schema_items(struct spec *s, struct mv *to, int depth)
{
    if (spec_what(s, 2)) {
        struct mv *one = spec_schema(s, depth - 1), *list = mv_new(s->mem, MV_ARRAY);
        if (spec_point(s, "items"))
            mv_add(list, STR_NULL, one);
        mv_add(to, STR("items"), list->n ? list : one);
        return;
    }
    struct mv *list = mv_add(to, STR("items"), mv_new(s->mem, MV_ARRAY));
    for (uint32_t i = 1 + spec_what(s, 2); i > 0; i--)
        mv_add(mv_add(list, STR_NULL, spec_schema(s, depth - 1)), STR("maxProperties"),
               spec_number(s));
    if (list->n > 1 && spec_point(s, "order of items")) {
        struct mv *first = list->first;
        list->first = first->next;
        list->n--;
        mv_add(list, STR_NULL, first);
    }
    if (spec_point(s, "additionalItems"))
        mv_add(to, STR("additionalItems"), mv_bool(s->mem, false));
    else if (spec_how(s, 2))
        mv_add(to, STR("additionalItems"), mv_bool(s->mem, true));
}

static struct mv *literal_set(struct spec *s, uint32_t n)
{
    struct mv *v = mv_new(s->mem, MV_ARRAY);
    for (uint32_t i = 0; i < n; i++)
        mv_add(v, STR_NULL, i % 2 ? spec_number(s) : text(s, "e"));
    if (spec_point(s, "member of a set"))
        mv_add(v, STR_NULL, mv_text(s->mem, STR("more")));
    if (n && spec_how(s, 4) == 0)
        mv_add(v, STR_NULL, mv_copy(s->mem, v->first));
    spec_shuffle(s, v);
    return v;
}

static void bound(struct spec *s, struct mv *to, const char *name, const char *exclusive)
{
    mv_add(to, str_c(name), spec_number(s));
    if (spec_point(s, "exclusive"))
        mv_add(to, str_c(exclusive), mv_bool(s->mem, true));
    else if (spec_how(s, 3) == 0)
        mv_add(to, str_c(exclusive), mv_bool(s->mem, false));
}

static void schema_part(struct spec *s, struct mv *to, uint32_t part, int depth)
{
    bool deep = depth > 0;
    switch (part) {
    case 0:
        schema_types(s, to);
        break;
    case 1:
        mv_add(to, STR("required"), names(s));
        break;
    case 2:
        mv_add(to, STR("enum"), literal_set(s, 1 + spec_what(s, 3)));
        break;
    case 3:
        bound(s, to, "minimum", "exclusiveMinimum");
        break;
    case 4:
        bound(s, to, "maximum", "exclusiveMaximum");
        break;
    case 5:
        mv_add(to, STR("description"), text(s, "d"));
        mv_add(to, STR("pattern"), text(s, "^p"));
        break;
    case 6:
        if (spec_point(s, "additionalProperties"))
            mv_add(to, STR("additionalProperties"), mv_bool(s->mem, false));
        else if (spec_how(s, 2))
            mv_add(to, STR("additionalProperties"), mv_bool(s->mem, true));
        break;
    case 7:
        if (spec_point(s, "uniqueItems"))
            mv_add(to, STR("uniqueItems"), mv_bool(s->mem, true));
        else if (spec_how(s, 2))
            mv_add(to, STR("uniqueItems"), mv_bool(s->mem, false));
        break;
    case 8:
        if (deep)
            mv_add(to, STR("properties"), properties(s, depth));
        break;
    case 9:
        if (deep)
            schema_choice(s, to, depth);
        break;
    case 10:
        if (deep)
            schema_items(s, to, depth);
        break;
    case 11:
        if (deep)
            mv_add(to, STR("not"), spec_schema(s, depth - 1));
        break;
    case 12:
        if (deep)
            mv_add(to, STR("patternProperties"), properties(s, depth));
        break;
    default:
        mv_add(mv_add(to, STR("dependencies"), mv_new(s->mem, MV_DOCUMENT)), spec_name(s, "f"),
               names(s));
    }
}

struct mv *spec_schema(struct spec *s, int depth)
{
    struct mv *v = mv_new(s->mem, MV_DOCUMENT);
    uint32_t n = 1 + spec_what(s, 4), part = spec_what(s, 14);
    for (uint32_t i = 0; i < n; i++)
        schema_part(s, v, (part + i * 5) % 14, depth);
    spec_shuffle(s, v);
    return v;
}

/* --- the rest --- */

/* One member of a stage, whose order and types count. */
static struct mv *exact(struct spec *s)
{
    int64_t i = ++s->serial;
    struct mv *v = mv_int(s->mem, i);
    if (spec_point(s, "type of a number"))
        v->type = MV_INT64;
    return v;
}

/* Directions of $sort are compared as numbers. */
static struct mv *ordered(struct spec *s, bool sort)
{
    struct mv *v = mv_new(s->mem, MV_DOCUMENT);
    for (uint32_t i = 1 + spec_what(s, 2); i > 0; i--)
        mv_add(v, spec_name(s, "k"), sort ? spec_number(s) : exact(s));
    if (v->n > 1 && spec_point(s, "order of a stage")) {
        struct mv *first = mv_take(v, arena_cstr(s->mem, v->first->key));
        mv_add(v, first->key, first);
    }
    return v;
}

static struct mv *match(struct spec *s)
{
    struct mv *v = mv_new(s->mem, MV_DOCUMENT), *as;
    struct str path = spec_name(s, "p"), pattern = spec_name(s, "^r");
    if (spec_how(s, 2)) {
        as = mv_new(s->mem, MV_REGEX);
        as->text = pattern;
        as->more = STR("im");
    } else {
        as = mv_new(s->mem, MV_DOCUMENT);
        mv_add(as, STR("$regex"), mv_text(s->mem, pattern));
        mv_add(as, STR("$options"), mv_text(s->mem, spec_how(s, 2) ? STR("im") : STR("mi")));
        spec_shuffle(s, as);
    }
    mv_add(v, path, as);
    mv_add(v, spec_name(s, "p"), exact(s));
    return v;
}

static struct mv *lookup(struct spec *s, int depth)
{
    struct mv *v = mv_new(s->mem, MV_DOCUMENT);
    mv_add(v, STR("from"), text(s, "c"));
    mv_add(v, STR("pipeline"), spec_pipeline(s, depth - 1));
    mv_add(v, STR("as"), text(s, "a"));
    return v;
}

struct mv *spec_pipeline(struct spec *s, int depth)
{
    static const char *const by_order[] = {"$sort", "$project", "$group", "$addFields"};
    struct mv *v = mv_new(s->mem, MV_ARRAY);
    for (uint32_t i = 1 + spec_what(s, 3); i > 0; i--) {
        struct mv *stage = mv_add(v, STR_NULL, mv_new(s->mem, MV_DOCUMENT));
        uint32_t which = spec_what(s, depth > 0 ? 9 : 7);
        if (which < COUNT(by_order))
            mv_add(stage, str_c(by_order[which]), ordered(s, which == 0));
        else if (which < 7)
            mv_add(stage, STR("$match"), match(s));
        else
            mv_add(stage, STR("$lookup"), lookup(s, depth));
    }
    if (spec_point(s, "stages"))
        mv_add(mv_add(v, STR_NULL, mv_new(s->mem, MV_DOCUMENT)), STR("$limit"), mv_int(s->mem, 1));
    return v;
}

/* A member that is left out where it is what it is by default, or changed. */
static void member(struct spec *s, struct mv *to, const char *key, struct mv *standard,
                   struct mv *changed)
{
    if (spec_point(s, key))
        mv_add(to, str_c(key), changed);
    else if (spec_how(s, 2))
        mv_add(to, str_c(key), standard);
}

struct mv *spec_collation(struct spec *s)
{
    static const struct {
        const char *locale, *case_first, *alternate;
        bool normalization, backwards;
    } of[] = {
        {"en", "off", "non-ignorable", false, false},
        {"de_AT", "off", "non-ignorable", false, false},
        {"da", "upper", "non-ignorable", false, false},
        {"th", "off", "shifted", true, false},
        {"vi", "off", "non-ignorable", true, false},
        {"fr_CA", "off", "non-ignorable", false, true},
        {"es@collation=traditional", "off", "non-ignorable", false, false},
    };
    struct arena *m = s->mem;
    uint32_t i = spec_what(s, COUNT(of));
    struct mv *v = mv_new(m, MV_DOCUMENT);
    mv_add(v, STR("locale"), mv_text(m, str_c(spec_point(s, "locale") ? "sv" : of[i].locale)));
    member(s, v, "strength", spec_int(s, 3), spec_int(s, 1 + spec_what(s, 2)));
    member(s, v, "caseLevel", mv_bool(m, false), mv_bool(m, true));
    member(s, v, "numericOrdering", mv_bool(m, false), mv_bool(m, true));
    member(s, v, "caseFirst", mv_text(m, str_c(of[i].case_first)), mv_text(m, STR("lower")));
    bool shifted = of[i].alternate[0] == 's';
    member(s, v, "alternate", mv_text(m, str_c(of[i].alternate)),
           mv_text(m, shifted ? STR("non-ignorable") : STR("shifted")));
    member(s, v, "maxVariable", mv_text(m, STR("punct")), mv_text(m, STR("space")));
    member(s, v, "normalization", mv_bool(m, of[i].normalization),
           mv_bool(m, !of[i].normalization));
    member(s, v, "backwards", mv_bool(m, of[i].backwards), mv_bool(m, !of[i].backwards));
    if (spec_how(s, 2))
        mv_add(v, STR("version"), mv_text(m, spec_how(s, 2) ? STR("57.1") : STR("153.14")));
    spec_shuffle(s, v);
    return v;
}

struct mv *spec_projection(struct spec *s)
{
    struct mv *v = mv_new(s->mem, MV_DOCUMENT);
    bool in = spec_what(s, 2), id = spec_point(s, "_id");
    if (spec_point(s, "projection"))
        in = !in;
    for (uint32_t i = 1 + spec_what(s, 3); i > 0; i--)
        mv_add(v, spec_name(s, "f"), spec_how(s, 2) ? mv_bool(s->mem, in) : spec_int(s, in));
    if (id || spec_how(s, 2))
        mv_add(v, STR("_id"), spec_how(s, 2) ? mv_bool(s->mem, id) : spec_int(s, id));
    spec_shuffle(s, v);
    return v;
}
