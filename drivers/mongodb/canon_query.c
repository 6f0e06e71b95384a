/*
 * The normal form of a query: the set of its clauses, each of them one operator on one path, or one
 * operator of the whole document, written together again in order of keys.
 *
 * {a: 1, b: {$gt: 1, $lt: 5}} and {$and: [{b: {$lt: 5}}, {b: {$gt: 1.0}}, {a: {$eq: 1}}]} are the
 * same three clauses. What is not understood is one clause as it stands, its order and types with
 * it: an operator that is not in the tables below may belong to its neighbour ($near and
 * $maxDistance), and $expr, $where and $comment are taken as they are.
 *
 * Which document is a list of operators and which a value: the query language of the MongoDB
 * manual; a document is operators when its first key begins with $, unless it is a reference to a
 * document
 * ($ref, $id, $db). An empty one is a value.
 */

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "drivers/mongodb/canon_parts.h"

struct clause {
    struct str key;      /* a path, or an operator of the whole document */
    const struct mv *op; /* a path's one operator, its key with it; NULL: `whole` */
    const struct mv *whole;
    struct str text; /* made when they are sorted */
    bool used;
};
struct clauses {
    struct clause *v;
    uint32_t n, cap;
};

static void collect(struct arena *mem, struct clauses *to, const struct mv *query);
static struct mv *together(struct arena *mem, struct clauses *from);
static struct mv *operators(struct arena *mem, const struct mv *v);

static bool is_operator(struct str key)
{
    return key.n > 0 && key.p[0] == '$';
}

static bool is_word(struct str s, const char *list)
{
    return str_has_word(str_c(list), s);
}

/* --- what may be taken apart --- */

/* Operators on a path that stand on their own. */
static const char *const alone =
    "$all,$bitsAllClear,$bitsAllSet,$bitsAnyClear,$bitsAnySet,$elemMatch,$eq,$exists,"
    "$geoIntersects,$geoWithin,$gt,$gte,$in,$lt,$lte,$mod,$ne,$nin,$not,$size,$type";
/* Operators of a whole document that stand on their own. */
static const char *const of_document = "$and,$comment,$expr,$jsonSchema,$nor,$or";

static bool is_operators(const struct mv *v)
{
    return mgc_has_members(v, MV_DOCUMENT) && is_operator(v->first->key);
}

/* Whether the clauses of a query may stand among others: a key that is not known may say something
 * of its neighbours. */
static bool is_plain(const struct mv *query)
{
    if (!mgc_has_members(query, MV_DOCUMENT))
        return false;
    for (const struct mv *m = query->first; m; m = m->next)
        if (is_operator(m->key) && !is_word(m->key, of_document))
            return false;
    return true;
}

static bool are_plain(const struct mv *v)
{
    if (!mgc_has_members(v, MV_ARRAY))
        return false;
    for (const struct mv *m = v->first; m; m = m->next)
        if (!is_plain(m))
            return false;
    return true;
}

/* What holds an expression may give another answer each time ($rand, $function): two that look the
 * same are not taken for one. */
static bool is_steady(struct str text)
{
    return str_find(text, STR("$expr")) == text.n && str_find(text, STR("$where")) == text.n &&
           str_find(text, STR("$sampleRate")) == text.n;
}

/* --- regular expressions --- */

static int letter_order(const void *a, const void *b)
{
    char x = *(const char *)a, y = *(const char *)b;
    return (x > y) - (x < y);
}

static struct mv *regex(struct arena *mem, struct str pattern, struct str options)
{
    struct mv *v = mv_new(mem, MV_REGEX);
    char *sorted = arena_alloc(mem, options.n + 1);
    if (options.n)
        memcpy(sorted, options.p, options.n);
    sorted[options.n] = '\0';
    qsort(sorted, options.n, 1, letter_order);
    v->text = pattern;
    v->more = (struct str){sorted, options.n};
    return v;
}

/* The regular expression that $regex and $options mean together, and that a driver writes as a
 * literal; NULL where they mean none: options on both sides, or a NUL, which a literal cannot
 * hold. */
static struct mv *regex_of(struct arena *mem, const struct mv *pattern, const struct mv *options)
{
    struct str text = mv_string(pattern), opts = STR("");
    if (options && options->type != MV_STRING)
        return NULL;
    if (options)
        opts = mv_string(options);
    if (pattern->type == MV_REGEX) {
        if (pattern->more.n && opts.n)
            return NULL;
        text = pattern->text;
        opts = pattern->more.n ? pattern->more : opts;
    } else if (pattern->type != MV_STRING) {
        return NULL;
    }
    if (str_chr(text, '\0') < text.n || str_chr(opts, '\0') < opts.n)
        return NULL;
    return regex(mem, text, opts);
}

/* The regular expression that {$regex: p} or {$regex: p, $options: o} is, alone. */
static struct mv *only_regex(struct arena *mem, const struct mv *v)
{
    const struct mv *p = mv_get(v, "$regex"), *o = mv_get(v, "$options");
    return p && v->n == 1u + (o != NULL) ? regex_of(mem, p, o) : NULL;
}

/* --- operands --- */

static struct mv *set(struct arena *mem, const struct mv *v)
{
    if (v->type != MV_ARRAY)
        return mgc_again(mem, v);
    struct mv *out = mv_new(mem, MV_ARRAY);
    for (const struct mv *m = v->first; m; m = m->next)
        mv_add(out, STR_NULL,
               m->type == MV_REGEX ? regex(mem, m->text, m->more) : mgc_element(mem, m));
    return mgc_sorted(mem, out, true);
}

/* $elemMatch of a value ({$gt: 1}) or of a document ({b: 1}, also {$or: [...]}). */
static struct mv *element(struct arena *mem, const struct mv *v)
{
    if (is_operators(v) && !is_word(v->first->key, of_document))
        return operators(mem, v);
    if (!is_plain(v))
        return mgc_again(mem, v);
    return mgc_query(mem, v);
}

static struct mv *all(struct arena *mem, const struct mv *v)
{
    if (v->type != MV_ARRAY)
        return mgc_again(mem, v);
    struct mv *out = mv_new(mem, MV_ARRAY);
    for (const struct mv *m = v->first; m; m = m->next) {
        const struct mv *e = m->type == MV_DOCUMENT && m->n == 1 ? mv_get(m, "$elemMatch") : NULL;
        struct mv *as = m->type == MV_REGEX ? regex(mem, m->text, m->more)
                        : e                 ? mv_new(mem, MV_DOCUMENT)
                                            : mgc_literal(mem, m);
        if (e)
            mv_add(as, e->key, element(mem, e));
        mv_add(out, STR_NULL, as);
    }
    return mgc_sorted(mem, out, true);
}

static struct mv *truth(struct arena *mem, const struct mv *v)
{
    bool sure = v->type == MV_BOOL || v->type == MV_INT32 || v->type == MV_INT64 ||
                (v->type == MV_DOUBLE && !isnan(v->d));
    return sure ? mv_bool(mem, mv_truth(v)) : mgc_again(mem, v);
}

static struct mv *negated(struct arena *mem, const struct mv *v)
{
    if (v->type == MV_REGEX)
        return regex(mem, v->text, v->more);
    struct mv *r = only_regex(mem, v);
    return r ? r : is_operators(v) ? operators(mem, v) : mgc_again(mem, v);
}

/* The numbers of types and their names, as the manual's $type lists them. */
static const struct {
    int number;
    const char *name;
} type_names[] = {
    {1, "double"},      {2, "string"},     {3, "object"},
    {4, "array"},       {5, "binData"},    {6, "undefined"},
    {7, "objectId"},    {8, "bool"},       {9, "date"},
    {10, "null"},       {11, "regex"},     {12, "dbPointer"},
    {13, "javascript"}, {14, "symbol"},    {15, "javascriptWithScope"},
    {16, "int"},        {17, "timestamp"}, {18, "long"},
    {19, "decimal"},    {-1, "minKey"},    {127, "maxKey"},
};

static struct mv *type_name(struct arena *mem, const struct mv *v)
{
    struct mv *as = mgc_literal(mem, v);
    for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
        if (as->type == MV_INT32 && as->i == type_names[i].number)
            return mv_text(mem, str_c(type_names[i].name));
    return as;
}

static struct mv *types(struct arena *mem, const struct mv *v)
{
    if (v->type != MV_ARRAY)
        return type_name(mem, v);
    struct mv *out = mv_new(mem, MV_ARRAY);
    for (const struct mv *m = v->first; m; m = m->next)
        mv_add(out, STR_NULL, type_name(mem, m));
    return mgc_alone(mem, mgc_sorted(mem, out, true));
}

/* A mask, or places of bits. */
static struct mv *bits(struct arena *mem, const struct mv *v)
{
    return v->type == MV_ARRAY ? set(mem, v) : mgc_literal(mem, v);
}

static struct mv *operand(struct arena *mem, const struct mv *op)
{
    static const struct {
        const char *name;
        struct mv *(*make)(struct arena *, const struct mv *);
    } makers[] = {
        {"$all", all},         {"$bitsAllClear", bits},
        {"$bitsAllSet", bits}, {"$bitsAnyClear", bits},
        {"$bitsAnySet", bits}, {"$elemMatch", element},
        {"$exists", truth},    {"$in", set},
        {"$nin", set},         {"$not", negated},
        {"$type", types},
    };
    for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
        if (str_eq_c(op->key, makers[i].name))
            return makers[i].make(mem, op);
    return mgc_literal(mem, op);
}

/* --- clauses --- */

static void add_op(struct arena *mem, struct clauses *to, struct str path, struct str name,
                   struct mv *operand)
{
    operand->key = name;
    VEC_PUSH(mem, *to, ((struct clause){.key = path, .op = operand}));
}

static void add_whole(struct arena *mem, struct clauses *to, struct str key, const struct mv *v)
{
    VEC_PUSH(mem, *to, ((struct clause){.key = key, .whole = v}));
}

/* Whether each member is an operator that stands on its own, or $regex with its $options, once. */
static bool are_separate(struct arena *mem, const struct mv *ops)
{
    const struct mv *p = mv_get(ops, "$regex"), *o = mv_get(ops, "$options");
    if ((o && !p) || (p && !regex_of(mem, p, o)))
        return false;
    for (const struct mv *m = ops->first; m; m = m->next)
        if ((m != p && m != o && !is_word(m->key, alone)) || mv_get_str(ops, m->key) != m)
            return false;
    return true;
}

static void collect_path(struct arena *mem, struct clauses *to, struct str path, const struct mv *v)
{
    if (v->type == MV_REGEX) {
        add_op(mem, to, path, STR("$regex"), regex(mem, v->text, v->more));
        return;
    }
    if (!is_operators(v)) {
        add_op(mem, to, path, STR("$eq"), mgc_literal(mem, v));
        return;
    }
    if (!are_separate(mem, v)) {
        add_whole(mem, to, path, v);
        return;
    }
    const struct mv *p = mv_get(v, "$regex");
    if (p)
        add_op(mem, to, path, p->key, regex_of(mem, p, mv_get(v, "$options")));
    for (const struct mv *m = v->first; m; m = m->next)
        if (is_word(m->key, alone))
            add_op(mem, to, path, m->key, operand(mem, m));
}

/* $or and $nor. An $or within an $or is its members, and one member alone is itself. */
static void collect_choice(struct arena *mem, struct clauses *to, const struct mv *v)
{
    bool either = str_eq_c(v->key, "$or");
    struct mv *choice = mv_new(mem, MV_ARRAY);
    struct clauses last = {0};
    for (const struct mv *m = v->first; m; m = m->next) {
        last = (struct clauses){0};
        collect(mem, &last, m);
        struct mv *doc = together(mem, &last);
        if (!either || doc->n != 1 || !mgc_has_members(doc->first, MV_ARRAY) ||
            !str_eq_c(doc->first->key, "$or")) {
            mv_add(choice, STR_NULL, doc);
            continue;
        }
        for (const struct mv *inner = doc->first->first; inner; inner = inner->next)
            mv_add(choice, STR_NULL, mgc_again(mem, inner));
    }
    struct mv *sorted = mgc_sorted(mem, choice, false), *out = mv_new(mem, MV_ARRAY);
    struct str before = STR_NULL;
    for (const struct mv *m = sorted->first; m; m = m->next) {
        struct str text = mv_json(mem, m);
        if (!str_eq(text, before) || !is_steady(text))
            mv_add(out, STR_NULL, mgc_again(mem, m));
        before = text;
    }
    if (!either || out->n > 1) {
        add_whole(mem, to, v->key, out);
        return;
    }
    for (uint32_t i = 0; i < last.n; i++)
        VEC_PUSH(mem, *to, last.v[i]);
}

static void collect(struct arena *mem, struct clauses *to, const struct mv *query)
{
    for (const struct mv *m = query->first; m; m = m->next) {
        if (!is_operator(m->key)) {
            collect_path(mem, to, m->key, m);
        } else if (str_eq_c(m->key, "$and") && are_plain(m)) {
            for (const struct mv *q = m->first; q; q = q->next)
                collect(mem, to, q);
        } else if (is_word(m->key, "$nor,$or") && are_plain(m)) {
            collect_choice(mem, to, m);
        } else if (str_eq_c(m->key, "$jsonSchema")) {
            add_whole(mem, to, m->key, mgc_schema(mem, m));
        } else {
            add_whole(mem, to, m->key, m);
        }
    }
}

/* --- together again --- */

static int clause_order(const void *a, const void *b)
{
    const struct clause *x = a, *y = b;
    int c = str_cmp(x->key, y->key);
    /* Operators before what is a whole. */
    if (!c)
        c = (x->op == NULL) - (y->op == NULL);
    if (!c && x->op)
        c = str_cmp(x->op->key, y->op->key);
    return c ? c : str_cmp(x->text, y->text);
}

static bool same_clause(const struct clause *a, const struct clause *b)
{
    return str_eq(a->key, b->key) && (a->op == NULL) == (b->op == NULL) &&
           (!a->op || str_eq(a->op->key, b->op->key)) && str_eq(a->text, b->text);
}

static void sort_once(struct arena *mem, struct clauses *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        c->v[i].text = mv_json(mem, c->v[i].op ? c->v[i].op : c->v[i].whole);
        c->v[i].used = false;
    }
    if (c->n)
        qsort(c->v, c->n, sizeof *c->v, clause_order);
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->n; i++) {
        bool steady = is_steady(c->v[i].text) && is_steady(c->v[i].key);
        if (n == 0 || !steady || !same_clause(&c->v[n - 1], &c->v[i]))
            c->v[n++] = c->v[i];
    }
    c->n = n;
}

/* What a path with these operators is: {$eq: 1} and a regular expression alone stand without their
 * operator, where they would be read as they were. */
static struct mv *path_value(struct arena *mem, struct mv *ops)
{
    const struct mv *v = ops->first;
    if (ops->n > 1)
        return ops;
    if (str_eq_c(v->key, "$regex"))
        return mgc_again(mem, v);
    bool value = v->type != MV_REGEX && !is_operators(v);
    return str_eq_c(v->key, "$eq") && value ? mgc_again(mem, v) : ops;
}

/* The value of the key at c[*at], as much of it as one member can hold; *at is then at the next
 * key, and what did not fit is not `used`. */
static struct mv *member(struct arena *mem, struct clauses *c, uint32_t *at)
{
    struct clause *first = &c->v[*at], *last_op = NULL;
    struct mv *ops = mv_new(mem, MV_DOCUMENT);
    for (; *at < c->n && str_eq(c->v[*at].key, first->key); (*at)++) {
        struct clause *x = &c->v[*at];
        if (!x->op || (last_op && str_eq(last_op->op->key, x->op->key)))
            continue;
        mv_add(ops, x->op->key, mgc_again(mem, x->op));
        x->used = true;
        last_op = x;
    }
    if (last_op)
        return path_value(mem, ops);
    first->used = true;
    return mgc_again(mem, first->whole);
}

static struct mv *single(struct arena *mem, const struct clause *x)
{
    struct mv *doc = mv_new(mem, MV_DOCUMENT), *ops = mv_new(mem, MV_DOCUMENT);
    if (x->op)
        mv_add(ops, x->op->key, mgc_again(mem, x->op));
    mv_add(doc, x->key, x->op ? path_value(mem, ops) : mgc_again(mem, x->whole));
    return doc;
}

static struct mv *together(struct arena *mem, struct clauses *c)
{
    struct mv *out = mv_new(mem, MV_DOCUMENT), *rest = mv_new(mem, MV_ARRAY);
    sort_once(mem, c);
    for (uint32_t i = 0; i < c->n;) {
        struct str key = c->v[i].key;
        mv_add(out, key, member(mem, c, &i));
    }
    for (uint32_t i = 0; i < c->n; i++)
        if (!c->v[i].used)
            mv_add(rest, STR_NULL, single(mem, &c->v[i]));
    if (!rest->n)
        return out;
    /* An $and that could not be taken apart goes in with the rest. */
    struct mv *old = mv_take(out, "$and");
    if (old)
        mv_add(mv_add(rest, STR_NULL, mv_new(mem, MV_DOCUMENT)), STR("$and"), old);
    mv_add(out, STR("$and"), mgc_sorted(mem, rest, false));
    return mgc_by_key(mem, out);
}

/* Operators of a value that has no path: operand of $not, of $elemMatch. */
static struct mv *operators(struct arena *mem, const struct mv *v)
{
    struct clauses c = {0};
    if (!are_separate(mem, v))
        return mgc_again(mem, v);
    collect_path(mem, &c, STR(""), v);
    sort_once(mem, &c);
    struct mv *out = mv_new(mem, MV_DOCUMENT);
    for (uint32_t i = 0; i < c.n; i++)
        mv_add(out, c.v[i].op->key, mgc_again(mem, c.v[i].op));
    return out;
}

struct mv *mgc_query(struct arena *mem, const struct mv *query)
{
    struct clauses c = {0};
    if (query->type != MV_DOCUMENT)
        return mgc_again(mem, query);
    /* An operator that is not known may count on its place. */
    if (query->n && !is_plain(query))
        return mgc_again(mem, query);
    collect(mem, &c, query);
    return together(mem, &c);
}

/* --- as it is, but for regular expressions --- */

static struct mv *path_as_is(struct arena *mem, const struct mv *v);

static struct mv *operator_as_is(struct arena *mem, const struct mv *op)
{
    bool element = str_eq_c(op->key, "$elemMatch"), value = is_operators(op);
    if (element && value && !is_word(op->first->key, of_document)) {
        struct mv *r = only_regex(mem, op), *doc = mv_new(mem, MV_DOCUMENT);
        if (!r)
            return path_as_is(mem, op);
        mv_add(doc, STR("$regex"), r);
        return doc;
    }
    if (element && op->type == MV_DOCUMENT)
        return mgc_query_as_is(mem, op);
    return str_eq_c(op->key, "$not") ? path_as_is(mem, op) : mgc_again(mem, op);
}

static struct mv *path_as_is(struct arena *mem, const struct mv *v)
{
    if (v->type == MV_REGEX)
        return regex(mem, v->text, v->more);
    struct mv *r = is_operators(v) ? only_regex(mem, v) : NULL;
    if (r || !is_operators(v))
        return r ? r : mgc_again(mem, v);
    struct mv *out = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = v->first; m; m = m->next)
        mv_add(out, m->key, operator_as_is(mem, m));
    return out;
}

struct mv *mgc_query_as_is(struct arena *mem, const struct mv *query)
{
    if (query->type != MV_DOCUMENT)
        return mgc_again(mem, query);
    struct mv *out = mv_new(mem, MV_DOCUMENT);
    for (const struct mv *m = query->first; m; m = m->next) {
        if (!is_operator(m->key)) {
            mv_add(out, m->key, path_as_is(mem, m));
        } else if (m->type == MV_ARRAY && is_word(m->key, "$and,$nor,$or")) {
            struct mv *list = mv_add(out, m->key, mv_new(mem, MV_ARRAY));
            for (const struct mv *q = m->first; q; q = q->next)
                mv_add(list, STR_NULL, mgc_query_as_is(mem, q));
        } else {
            mv_add(out, m->key, mgc_again(mem, m));
        }
    }
    return out;
}
