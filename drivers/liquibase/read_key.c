/* Primary keys, unique constraints, indexes and foreign keys of a Liquibase snapshot as facts. */

#include "drivers/liquibase/liquibase.h"

#include <stdlib.h>

static void column_deps(const struct lq_reader *r, struct fact *f, struct str table,
                        const struct str *names, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        fact_dep(f, path_join(r->mem, table, STR("column"), names[i]));
}

static struct str joined(const struct lq_reader *r, const struct str *names, uint32_t n)
{
    struct strbuf b = sb_new(r->mem, 0);
    jc_put_list(&b, names, n);
    return sb_view(&b);
}

/* The server's own name of a key, where the fact has none: a DROP needs it. */
static void real_name(struct fact *f, struct str name)
{
    if (path_is_unnamed(f->path) && name.n)
        fact_src(f, "name", name);
}

/* SQL Server's snapshots tell it at the index behind a key. */
static bool is_clustered(const struct lb_object *o, bool otherwise)
{
    const struct lb_object *index = lb_ref(&o->attrs, "backingIndex");
    bool told = index ? lb_bool(&index->attrs, "clustered", otherwise) : otherwise;
    return lb_bool(&o->attrs, "clustered", told);
}

static int key(const struct lq_reader *r, const struct lb_object *o, const char *kind, bool primary)
{
    const struct lb_object *table, *index = lb_ref(&o->attrs, "backingIndex");
    struct str name = lb_text(&o->attrs, "name");
    struct fact f;
    uint32_t n;
    if (lb_need_ref(r->in, o, "table", &table, r->e))
        return -1;
    struct str *names = lq_column_names(r, o, "columns", &n);
    struct str path = lq_path(r, "table", table);
    if (!n)
        return lb_bad(r->in, o, "has no", "columns", r->e);
    lq_begin_key(r, &f, kind, path, name, joined(r, names, n));
    if (r->dialect->clustered)
        fact_bool(&f, primary ? "nonclustered" : "clustered", primary != is_clustered(o, primary));
    fact_list(&f, "columns", names, n);
    if (!primary) {
        fact_bool(&f, "deferrable", lb_bool(&o->attrs, "deferrable", false));
        fact_bool(&f, "deferred", lb_bool(&o->attrs, "initiallyDeferred", false));
    }
    struct str space = lb_text(&o->attrs, "tablespace");
    fact_text(&f, "tablespace", space.n ? space : STR_NULL);
    real_name(&f, name);
    column_deps(r, &f, path, names, n);
    fact_end(&f);
    lq_rest(r, o, "clustered,deferrable,initiallyDeferred,tablespace", f.path);
    if (index)
        lq_rest(r, index, "clustered,unique,tablespace,using", f.path);
    return 0;
}

int lq_read_keys(struct lq_reader *r)
{
    uint32_t at = 0;
    const struct lb_object *o;
    while ((o = lb_next(r->in, "PrimaryKey", &at)))
        if (!str_is_null(lb_text(&o->attrs, "name")) || lb_get(&o->attrs, "columns"))
            if (key(r, o, "primary_key", true))
                return -1;
    at = 0;
    while ((o = lb_next(r->in, "UniqueConstraint", &at)))
        if (key(r, o, "unique", false))
            return -1;
    return 0;
}

static int by_place(const void *a, const void *b)
{
    const struct lq_link *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->class != y->class)
        return x->class < y->class ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

static void link_all(struct lq_reader *r, const char *const classes[3], const char *attr,
                     struct lq_links *out)
{
    for (unsigned i = 0; i < 3; i++) {
        uint32_t at = 0;
        for (const struct lb_object *o; (o = lb_next(r->in, classes[i], &at));) {
            struct lq_link link = {lb_ref(&o->attrs, attr), o, i};
            if (link.at)
                VEC_PUSH(r->mem, *out, link);
        }
    }
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_place);
}

enum { BEHIND_FOREIGN_KEY = 2, KEY_INDEX = 2 };

void lq_link_keys(struct lq_reader *r)
{
    static const char *const behind[] = {"PrimaryKey", "UniqueConstraint", "ForeignKey"};
    static const char *const keys[] = {"PrimaryKey", "UniqueConstraint", "Index"};
    link_all(r, behind, "backingIndex", &r->behind);
    link_all(r, keys, "table", &r->keys);
}

/* Where the links of an object begin. */
static uint32_t first_link(const struct lq_links *links, const struct lb_object *at)
{
    uint32_t low = 0, high = links->n;
    while (low < high) {
        uint32_t mid = low + (high - low) / 2;
        if (links->v[mid].at < at)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* An index that a constraint has brought: it comes and goes with it. That behind a foreign key may
 * be anybody's, unless the server made it up. */
static bool is_behind(const struct lq_reader *r, const struct lb_object *index)
{
    struct str name = lb_text(&index->attrs, "name");
    bool made_up = r->dialect->made_up(LQ_INDEX, r->in->short_name, name);
    for (uint32_t i = first_link(&r->behind, index); i < r->behind.n && r->behind.v[i].at == index;
         i++)
        if (made_up || r->behind.v[i].class != BEHIND_FOREIGN_KEY)
            return true;
    return made_up && lb_text(&index->attrs, "associatedWith").n;
}

struct terms {
    struct str *name, *desc, *expr, *included;
    uint32_t n, ndesc, nexpr, nincluded;
};

static struct terms read_terms(const struct lq_reader *r, const struct lb_object *o)
{
    uint32_t all;
    const struct lb_value *items = lb_list(&o->attrs, "columns", &all);
    struct terms t = {.name = NEW_ARRAY(r->mem, struct str, all),
                      .desc = NEW_ARRAY(r->mem, struct str, all),
                      .expr = NEW_ARRAY(r->mem, struct str, all),
                      .included = NEW_ARRAY(r->mem, struct str, all)};
    for (uint32_t i = 0; i < all; i++) {
        const struct lb_map *m = items[i].type == LB_REF ? &items[i].ref->attrs : &items[i].map;
        const struct lb_map *inside = lb_map(m, "column");
        m = inside ? inside : m;
        bool expr = lb_bool(m, "computed", false);
        struct str name = items[i].type == LB_TEXT ? items[i].text : lb_text(m, "name");
        if (!name.n)
            continue;
        if (!expr)
            name = r->cat->eng->fold(r->mem, name);
        if (lb_bool(m, "included", false)) {
            t.included[t.nincluded++] = name;
            continue;
        }
        t.name[t.n++] = name;
        if (expr)
            t.expr[t.nexpr++] = name;
        if (lb_bool(m, "descending", false))
            t.desc[t.ndesc++] = name;
    }
    return t;
}

static int index(const struct lq_reader *r, const struct lb_object *o)
{
    const struct lb_object *table = lb_ref(&o->attrs, "table");
    struct str name;
    struct fact f;
    if (!table)
        table = lb_ref(&o->attrs, "relation");
    if (!table)
        return lb_need_ref(r->in, o, "table", &table, r->e);
    if (lb_need_text(r->in, o, "name", &name, r->e))
        return -1;
    if (str_eq_c(table->class, "View")) {
        cat_add_ledger(r->cat, "index", name, lq_path(r, "view", table),
                       lb_text(&table->attrs, "definition"), "an index of a view");
        return 0;
    }
    struct terms t = read_terms(r, o);
    struct str path = lq_path(r, "table", table), method = lb_text(&o->attrs, "using");
    uint32_t nmore;
    struct str *more = lq_column_names(r, o, "includedColumns", &nmore);
    lq_begin(r, &f, "index", path, name);
    if (r->dialect->clustered)
        fact_bool(&f, "clustered", lb_bool(&o->attrs, "clustered", false));
    fact_list(&f, "columns", t.name, t.n);
    fact_list(&f, "descending", t.desc, t.ndesc);
    fact_list(&f, "expressions", t.expr, t.nexpr);
    fact_list(&f, "included", nmore ? more : t.included, nmore ? nmore : t.nincluded);
    fact_text(&f, "method", method.n && !str_eq_fold_c(method, "NORMAL") ? method : STR_NULL);
    struct str space = lb_text(&o->attrs, "tablespace");
    fact_text(&f, "tablespace", space.n ? space : STR_NULL);
    fact_bool(&f, "unique", lb_bool(&o->attrs, "unique", false));
    for (uint32_t i = 0; i < t.n; i++) {
        bool expr = false;
        for (uint32_t k = 0; k < t.nexpr; k++)
            expr = expr || str_eq(t.expr[k], t.name[i]);
        if (!expr)
            column_deps(r, &f, path, &t.name[i], 1);
    }
    column_deps(r, &f, path, nmore ? more : t.included, nmore ? nmore : t.nincluded);
    fact_end(&f);
    lq_rest(r, o, "clustered,unique,using,tablespace,includedColumns", f.path);
    return 0;
}

int lq_read_indexes(struct lq_reader *r)
{
    uint32_t at = 0;
    for (const struct lb_object *o; (o = lb_next(r->in, "Index", &at));)
        if (!is_behind(r, o) && index(r, o))
            return -1;
    return 0;
}

/* The key that a foreign key points at: it is there before, and goes after. */
static void key_dep(const struct lq_reader *r, struct fact *f, const struct lb_object *table,
                    struct str columns)
{
    static const char *const kinds[] = {"primary_key", "unique", "index"};
    for (uint32_t i = first_link(&r->keys, table); i < r->keys.n && r->keys.v[i].at == table; i++) {
        const struct lb_object *o = r->keys.v[i].from;
        bool plain = r->keys.v[i].class == KEY_INDEX;
        struct fact key;
        uint32_t n;
        struct str *names = lq_column_names(r, o, "columns", &n);
        if (!str_eq(joined(r, names, n), columns) ||
            (plain && (is_behind(r, o) || !lb_bool(&o->attrs, "unique", false))))
            continue;
        struct str name = lb_text(&o->attrs, "name");
        lq_begin_key(r, &key, kinds[r->keys.v[i].class], lq_path(r, "table", table), name, columns);
        fact_dep(f, key.path);
        return;
    }
}

static void rule(const struct lb_object *o, struct fact *f, const char *from, const char *attr)
{
    static const struct {
        const char *liquibase, *word;
    } rules[] = {{"importedKeyCascade", "CASCADE"},
                 {"importedKeySetNull", "SET NULL"},
                 {"importedKeySetDefault", "SET DEFAULT"},
                 {"importedKeyRestrict", "RESTRICT"}};
    struct str text = lb_text(&o->attrs, from);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_eq_c(text, rules[i].liquibase))
            fact_text(f, attr, str_c(rules[i].word));
}

static int foreign_key(const struct lq_reader *r, const struct lb_object *o)
{
    const struct lb_object *table, *to;
    struct str name = lb_text(&o->attrs, "name");
    uint32_t n, nto;
    struct fact f;
    if (lb_need_ref(r->in, o, "foreignKeyTable", &table, r->e) ||
        lb_need_ref(r->in, o, "primaryKeyTable", &to, r->e))
        return -1;
    struct str *names = lq_column_names(r, o, "foreignKeyColumns", &n);
    struct str *there = lq_column_names(r, o, "primaryKeyColumns", &nto);
    struct str path = lq_path(r, "table", table), ref = lq_path(r, "table", to);
    struct str content = arena_printf(r->mem, "%.*s>%.*s%.*s", STR_ARG(joined(r, names, n)),
                                      STR_ARG(ref), STR_ARG(joined(r, there, nto)));
    if (!n)
        return lb_bad(r->in, o, "has no", "foreignKeyColumns", r->e);
    lq_begin_key(r, &f, "foreign_key", path, name, content);
    fact_list(&f, "columns", names, n);
    fact_bool(&f, "deferrable", lb_bool(&o->attrs, "deferrable", false));
    fact_bool(&f, "deferred", lb_bool(&o->attrs, "initiallyDeferred", false));
    rule(o, &f, "deleteRule", "on_delete");
    rule(o, &f, "updateRule", "on_update");
    fact_list(&f, "ref_columns", there, nto);
    if (!str_eq(path_parent(ref), path_parent(path)))
        fact_text(&f, "ref_schema",
                  path_parent(ref).n ? path_name(r->mem, path_parent(ref)) : STR(""));
    fact_text(&f, "ref_table", path_name(r->mem, ref));
    real_name(&f, name);
    column_deps(r, &f, path, names, n);
    column_deps(r, &f, ref, there, nto);
    fact_dep(&f, ref);
    key_dep(r, &f, to, joined(r, there, nto));
    fact_end(&f);
    lq_rest(r, o, "deleteRule,updateRule,deferrable,initiallyDeferred", f.path);
    return 0;
}

int lq_read_foreign_keys(struct lq_reader *r)
{
    uint32_t at = 0;
    for (const struct lb_object *o; (o = lb_next(r->in, "ForeignKey", &at));)
        if (foreign_key(r, o))
            return -1;
    return 0;
}
