/* Random queries: clauses first, then one of the many ways to write them down. */

#include <string.h>

#include "tests/harness/mongo_spec.h"

#define COUNT(v) ((uint32_t)(sizeof(v) / sizeof *(v)))

/* One clause: an operator of a path, or (`op` absent) a member of the document. */
struct clause {
    struct str key, op;
    struct mv *v;
    bool once; /* holds an expression: is not to be written twice */
};
struct clauses {
    struct clause *v;
    uint32_t n, cap;
};

static struct mv *doc_of(struct spec *s, struct str key, struct mv *v)
{
    struct mv *doc = mv_new(s->mem, MV_DOCUMENT);
    mv_add(doc, key, v);
    return doc;
}

/* --- operands --- */

static struct mv *regex_literal(struct spec *s)
{
    struct mv *v = mv_new(s->mem, MV_REGEX);
    v->text = spec_name(s, "^r");
    v->more = spec_what(s, 2) ? STR("i") : STR("");
    if (spec_point(s, "options"))
        v->more = STR("s");
    return v;
}

static struct mv *set_of(struct spec *s, struct mv *(*one)(struct spec *), uint32_t least)
{
    struct mv *v = mv_new(s->mem, MV_ARRAY);
    for (uint32_t i = least + spec_what(s, 3); i > 0; i--)
        mv_add(v, STR_NULL, one(s));
    if (spec_point(s, "set"))
        mv_add(v, STR_NULL, mv_text(s->mem, STR("more")));
    if (v->n && spec_how(s, 4) == 0)
        mv_add(v, STR_NULL, mv_copy(s->mem, v->first));
    spec_shuffle(s, v);
    return v;
}

/* No number stands within one: there it would count how it is written. */
static struct mv *member(struct spec *s)
{
    return spec_what(s, 4) ? spec_literal(s, 0) : regex_literal(s);
}

static struct mv *types(struct spec *s)
{
    static const struct {
        const char *name;
        int number;
    } of[] = {{"string", 2}, {"object", 3}, {"bool", 8},  {"date", 9},
              {"null", 10},  {"int", 16},   {"long", 18}, {"minKey", -1}};
    struct mv *set = mv_new(s->mem, MV_ARRAY);
    uint32_t n = 1 + spec_what(s, 2), first = spec_what(s, COUNT(of));
    for (uint32_t i = 0; i < n; i++) {
        uint32_t j = (first + i) % COUNT(of);
        mv_add(set, STR_NULL,
               spec_how(s, 2) ? spec_int(s, of[j].number) : mv_text(s->mem, str_c(of[j].name)));
    }
    if (spec_point(s, "$type"))
        mv_add(set, STR_NULL, mv_text(s->mem, STR("objectId")));
    spec_shuffle(s, set);
    return set->n == 1 && spec_how(s, 2) ? set->first : set;
}

static struct mv *truth(struct spec *s)
{
    bool b = spec_what(s, 2);
    if (spec_point(s, "$exists"))
        b = !b;
    return spec_how(s, 2) ? mv_bool(s->mem, b) : spec_int(s, b);
}

static struct mv *remainder_of(struct spec *s)
{
    struct mv *v = mv_new(s->mem, MV_ARRAY), *a = spec_number(s), *b = spec_number(s);
    bool turned = spec_point(s, "$mod");
    mv_add(v, STR_NULL, turned ? b : a);
    mv_add(v, STR_NULL, turned ? a : b);
    return v;
}

/* $gt and so on as a document of operators, for $not and $elemMatch. */
static struct mv *range(struct spec *s)
{
    struct mv *v = mv_new(s->mem, MV_DOCUMENT);
    mv_add(v, spec_point(s, "$gt") ? STR("$gte") : STR("$gt"), spec_number(s));
    mv_add(v, STR("$lt"), spec_number(s));
    if (spec_what(s, 2))
        mv_add(v, STR("$nin"), set_of(s, spec_number, 1));
    spec_shuffle(s, v);
    return v;
}

static struct mv *operand(struct spec *s, struct str op, int depth)
{
    if (str_eq_c(op, "$in") || str_eq_c(op, "$nin"))
        return set_of(s, member, 1);
    if (str_eq_c(op, "$all"))
        return set_of(s, spec_number, 2);
    if (str_eq_c(op, "$bitsAllSet"))
        return set_of(s, spec_number, 1);
    if (str_eq_c(op, "$type"))
        return types(s);
    if (str_eq_c(op, "$exists"))
        return truth(s);
    if (str_eq_c(op, "$mod"))
        return remainder_of(s);
    if (str_eq_c(op, "$not"))
        return spec_what(s, 3) ? range(s) : regex_literal(s);
    if (str_eq_c(op, "$elemMatch"))
        return depth > 0 && spec_what(s, 2) ? spec_query(s, depth - 1, false) : range(s);
    if (str_eq_c(op, "$regex"))
        return regex_literal(s);
    if (str_eq_c(op, "$size"))
        return spec_number(s);
    return spec_literal(s, 2);
}

/* --- clauses --- */

static void path_clauses(struct spec *s, struct clauses *to, int depth)
{
    static const char *const ops[] = {
        "$eq",  "$gt",         "$gte",  "$lt",  "$lte",    "$ne",   "$in",        "$nin",   "$all",
        "$mod", "$bitsAllSet", "$type", "$not", "$exists", "$size", "$elemMatch", "$regex", "$eq"};
    struct str path = spec_name(s, "p");
    uint32_t n = 1 + spec_what(s, 3), first = spec_what(s, COUNT(ops));
    if (spec_what(s, 2))
        n = 1, first = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct str op = str_c(ops[(first + i * 5) % COUNT(ops)]);
        struct clause c = {path, op, operand(s, op, depth), false};
        VEC_PUSH(s->mem, *to, c);
    }
}

static void choice(struct spec *s, struct clauses *to, int depth)
{
    bool nor = spec_what(s, 3) == 0;
    if (spec_point(s, "$or"))
        nor = !nor;
    struct mv *v = mv_new(s->mem, MV_ARRAY);
    for (uint32_t i = 2 + spec_what(s, 2); i > 0; i--)
        mv_add(v, STR_NULL, spec_query(s, depth - 1, false));
    if (spec_point(s, "member of $or"))
        mv_add(v, STR_NULL, doc_of(s, STR("more"), mv_int(s->mem, 0)));
    if (spec_how(s, 4) == 0)
        mv_add(v, STR_NULL, mv_copy(s->mem, v->first));
    spec_shuffle(s, v);
    if (!nor && spec_how(s, 3) == 0) {
        /* The first one, or all but the first, in an $or of their own. */
        struct mv *inner = mv_new(s->mem, MV_ARRAY), *outer = mv_new(s->mem, MV_ARRAY);
        bool all = spec_how(s, 2);
        for (const struct mv *m = v->first; m; m = m->next)
            mv_add((m == v->first) == all ? outer : inner, STR_NULL, mv_copy(s->mem, m));
        mv_add(outer, STR_NULL, doc_of(s, STR("$or"), inner));
        v = outer;
    }
    struct clause c = {nor ? STR("$nor") : STR("$or"), STR_NULL, v, false};
    VEC_PUSH(s->mem, *to, c);
}

static void expression(struct spec *s, struct clauses *to)
{
    struct mv *v = mv_new(s->mem, MV_ARRAY), *n = mv_int(s->mem, ++s->serial);
    bool turned = spec_point(s, "$expr");
    if (spec_point(s, "type in $expr"))
        n->type = MV_INT64;
    struct mv *field = mv_text(s->mem, spec_name(s, "$e"));
    mv_add(v, STR_NULL, turned ? n : field);
    mv_add(v, STR_NULL, turned ? field : n);
    struct clause c = {STR("$expr"), STR_NULL, doc_of(s, STR("$lt"), v), true};
    VEC_PUSH(s->mem, *to, c);
}

static void clause(struct spec *s, struct clauses *to, int depth, bool validator)
{
    struct clause c = {0};
    uint32_t which = spec_what(s, 8);
    if (which == 0 && depth > 0) {
        choice(s, to, depth);
    } else if (which == 1 && validator) {
        expression(s, to);
    } else if (which < 4 && validator) {
        c = (struct clause){STR("$jsonSchema"), STR_NULL, spec_schema(s, depth), false};
        VEC_PUSH(s->mem, *to, c);
    } else if (which == 4) {
        c = (struct clause){STR("$comment"), STR_NULL, mv_text(s->mem, spec_name(s, "c")), false};
        VEC_PUSH(s->mem, *to, c);
        path_clauses(s, to, depth);
    } else {
        path_clauses(s, to, depth);
    }
}

/* --- writing them down --- */

static bool looks_like_operators(const struct mv *v)
{
    return v->type == MV_REGEX ||
           (v->type == MV_DOCUMENT && v->n && v->first->key.n && v->first->key.p[0] == '$');
}

static void put_regex(struct spec *s, struct mv *to, const struct mv *regex)
{
    struct mv *pattern = mv_text(s->mem, regex->text);
    if (spec_how(s, 3) == 0) {
        mv_add(to, STR("$regex"), mv_copy(s->mem, regex));
        return;
    }
    mv_add(to, STR("$regex"), pattern);
    if (regex->more.n || spec_how(s, 2))
        mv_add(to, STR("$options"), mv_text(s->mem, regex->more));
}

/* The value of a path that has this clause alone. */
static struct mv *alone(struct spec *s, const struct clause *c)
{
    struct mv *v = mv_copy(s->mem, c->v), *ops;
    if (str_is_null(c->op))
        return v;
    if (str_eq_c(c->op, "$eq") && !looks_like_operators(v) && spec_how(s, 2))
        return v;
    if (str_eq_c(c->op, "$regex") && spec_how(s, 2))
        return v;
    if (!str_eq_c(c->op, "$regex"))
        return doc_of(s, c->op, v);
    ops = mv_new(s->mem, MV_DOCUMENT);
    put_regex(s, ops, v);
    return ops;
}

static bool joined(struct spec *s, struct mv *main, const struct clause *c)
{
    struct mv *there = mv_take(main, arena_cstr(s->mem, c->key));
    if (!there) {
        mv_add(main, c->key, alone(s, c));
        return true;
    }
    mv_add(main, c->key, there);
    if (str_is_null(c->op) || there->type != MV_DOCUMENT || !looks_like_operators(there) ||
        mv_get_str(there, c->op))
        return false;
    if (str_eq_c(c->op, "$regex"))
        put_regex(s, there, c->v);
    else
        mv_add(there, c->op, mv_copy(s->mem, c->v));
    spec_shuffle(s, there);
    return true;
}

static struct mv *written(struct spec *s, const struct clauses *c)
{
    struct mv *main = mv_new(s->mem, MV_DOCUMENT), *rest = mv_new(s->mem, MV_ARRAY);
    uint32_t *at = NEW_ARRAY(s->mem, uint32_t, c->n);
    for (uint32_t i = 0; i < c->n; i++) {
        uint32_t j = spec_how(s, i + 1);
        at[i] = at[j];
        at[j] = i;
    }
    for (uint32_t i = 0; i < c->n; i++) {
        const struct clause *x = &c->v[at[i]];
        bool in = spec_how(s, 3) && joined(s, main, x);
        bool again = !x->once && spec_how(s, 8) == 0;
        for (uint32_t times = (in ? 0U : 1U) + (again ? 1U : 0U); times; times--) {
            struct mv *one = doc_of(s, x->key, alone(s, x));
            struct mv *list = mv_new(s->mem, MV_ARRAY);
            bool nested = spec_how(s, 4) == 0;
            mv_add(nested ? list : rest, STR_NULL, one);
            if (nested)
                mv_add(rest, STR_NULL, doc_of(s, spec_how(s, 2) ? STR("$and") : STR("$or"), list));
        }
    }
    if (rest->n)
        mv_add(main, STR("$and"), rest);
    spec_shuffle(s, main);
    return main;
}

struct mv *spec_query(struct spec *s, int depth, bool validator)
{
    struct clauses c = {0};
    for (uint32_t i = 1 + spec_what(s, 3); i > 0; i--)
        clause(s, &c, depth, validator);
    if (spec_point(s, "clauses")) {
        struct clause more = {STR("more"), STR("$eq"), mv_int(s->mem, 0), false};
        VEC_PUSH(s->mem, c, more);
    }
    return written(s, &c);
}
