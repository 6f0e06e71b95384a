/* Rows that were read become facts; see row.h. */

#include <stdlib.h>

#include "core/escape.h"
#include "core/relation.h"
#include "drivers/sql/row.h"

/* Place of a column among those of a table, or -1. */
static int column_at(const struct row_table *t, struct str name)
{
    for (uint32_t i = 0; i < t->ncolumns; i++)
        if (str_eq(t->columns[i].name, name))
            return (int)i;
    return -1;
}

static void find_columns(struct row_tables *all, struct row_table *t, const struct obj *table)
{
    uint32_t n;
    const struct obj **list = relation_columns(all->cat, table, all->mem, &n);
    t->columns = NEW_ARRAY(all->mem, struct row_column, n);
    for (uint32_t i = 0; i < n; i++) {
        struct relation r = relation_of(all->cat, list[i], all->mem);
        if (!str_is_null(r.generated))
            continue;
        t->columns[t->ncolumns++] =
            (struct row_column){list[i], path_name(all->mem, list[i]->path), r.notnull};
    }
}

/* Takes the terms of a key that tells rows apart; the primary one wins. */
static void take_key(struct row_tables *all, struct row_table *t, const struct relation *r)
{
    uint32_t *key = NEW_ARRAY(all->mem, uint32_t, r->nterms);
    bool primary = r->role == ROLE_PRIMARY_KEY;
    if ((t->nkey && !primary) || !r->nterms || !str_is_null(r->where))
        return;
    for (uint32_t i = 0; i < r->nterms; i++) {
        int at = str_is_null(r->terms[i].column) ? -1 : column_at(t, r->terms[i].column);
        if (at < 0 || (!primary && !t->columns[at].notnull))
            return;
        key[i] = (uint32_t)at;
    }
    t->key = key;
    t->nkey = r->nterms;
}

static void take_unique(struct row_tables *all, struct row_table *t, const struct relation *r)
{
    for (uint32_t i = 0; i < r->nterms; i++) {
        bool known = str_is_null(r->terms[i].column);
        for (uint32_t k = 0; k < t->unique.n && !known; k++)
            known = str_eq(t->unique.v[k], r->terms[i].column);
        if (!known)
            VEC_PUSH(all->mem, t->unique, r->terms[i].column);
    }
}

/* The columns of the primary key of a table, for a foreign key that names none. */
static void primary_columns(struct row_tables *all, struct row_ref *ref)
{
    uint32_t at = cat_lower(all->cat, ref->table);
    for (; at < all->cat->n && path_within(all->cat->v[at].path, ref->table); at++) {
        if (role_of(all->cat->eng, &all->cat->v[at]) != ROLE_PRIMARY_KEY)
            continue;
        struct relation r = relation_of(all->cat, &all->cat->v[at], all->mem);
        for (uint32_t i = 0; i < r.nterms && i < ref->n; i++)
            ref->ref_columns[i] = r.terms[i].column;
    }
}

static void take_ref(struct row_tables *all, struct row_table *t, const struct relation *r)
{
    struct row_ref ref = {.table = r->ref, .n = r->nterms};
    if (ref.n > sizeof ref.columns / sizeof *ref.columns || str_is_null(r->ref))
        return;
    for (uint32_t i = 0; i < ref.n; i++) {
        ref.columns[i] = r->terms[i].column;
        ref.ref_columns[i] = i < r->nref ? r->ref_columns[i] : STR_NULL;
    }
    if (!r->nref)
        primary_columns(all, &ref);
    t->refs[t->nrefs++] = ref;
}

static void find_keys(struct row_tables *all, struct row_table *t)
{
    uint32_t from = cat_lower(all->cat, t->path), end = from;
    while (end < all->cat->n && path_within(all->cat->v[end].path, t->path))
        end++;
    t->refs = NEW_ARRAY(all->mem, struct row_ref, end - from);
    for (uint32_t i = from; i < end; i++) {
        const struct obj *o = &all->cat->v[i];
        enum role role = role_of(all->cat->eng, o);
        if (role < ROLE_PRIMARY_KEY || role > ROLE_FOREIGN_KEY)
            continue;
        struct relation r = relation_of(all->cat, o, all->mem);
        if (role == ROLE_FOREIGN_KEY)
            take_ref(all, t, &r);
        else if (r.unique)
            take_key(all, t, &r), take_unique(all, t, &r);
    }
}

static int no_key(const struct row_tables *all, struct str path, const char *why, struct err *e)
{
    struct strbuf name = sb_new(all->mem, 0);
    path_human(&name, path);
    return err_set(e, E_DATA_NO_KEY, "%.*s: --data: %.*s %s", STR_ARG(all->cat->label),
                   STR_ARG(sb_view(&name)), why);
}

int row_tables(struct catalog *cat, const struct data_want *want, struct arena *mem,
               struct row_tables *out, struct err *e)
{
    *out = (struct row_tables){.mem = mem, .cat = cat, .want = want};
    if (!want->n)
        return 0;
    if (cat_finish(cat, e))
        return -1;
    for (uint32_t i = 0; i < cat->n; i++) {
        if (role_of(cat->eng, &cat->v[i]) != ROLE_TABLE ||
            !data_wants(want, cat->eng, cat->v[i].path, mem))
            continue;
        struct str whole = relation_of(cat, &cat->v[i], mem).whole;
        if (data_takes(want, cat, whole, mem))
            continue; /* its rows are taken with those of the whole table */
        struct row_table t = {.path = cat->v[i].path};
        find_columns(out, &t, &cat->v[i]);
        find_keys(out, &t);
        if (t.ncolumns)
            VEC_PUSH(mem, out->v, t);
    }
    return 0;
}

/* The name of a row: its key's values, with commas between them. */
static struct str row_name(const struct row_tables *all, const struct row_table *t,
                           const struct str *texts)
{
    struct strbuf b = sb_new(all->mem, 0);
    if (t->nkey == 1)
        return arena_str(all->mem, texts[t->key[0]]);
    for (uint32_t i = 0; i < t->nkey; i++) {
        struct str one = texts[t->key[i]];
        if (i)
            sb_char(&b, ',');
        for (size_t k = 0; k < one.n; k++) {
            if (one.p[k] == ',' || one.p[k] == '\\')
                sb_char(&b, '\\');
            sb_char(&b, one.p[k]);
        }
    }
    return sb_view(&b);
}

int row_add(struct row_tables *all, struct row_table *t, const struct str *literals,
            const struct str *texts, struct err *e)
{
    uint64_t limit = all->want->limit ? all->want->limit : DATA_LIMIT;
    struct strbuf name = sb_new(all->mem, 0);
    struct row_values row = {.literals = NEW_ARRAY(all->mem, struct str, t->ncolumns)};
    if (!t->nkey)
        return no_key(all, t->path, "has no key by which a row is found", e);
    for (uint32_t i = 0; i < t->nkey; i++)
        if (str_is_null(texts[t->key[i]]))
            return no_key(all, t->path, "holds a row with NULL in its key", e);
    for (uint32_t i = 0; i < t->ncolumns; i++) {
        row.literals[i] = arena_str(all->mem, literals[i]);
        t->bytes += literals[i].n;
    }
    row.name = row_name(all, t, texts);
    VEC_PUSH(all->mem, t->rows, row);
    if (t->rows.n <= limit && t->bytes <= DATA_MAX_BYTES)
        return 0;
    path_human(&name, t->path);
    if (t->bytes > DATA_MAX_BYTES)
        return err_set(e, E_LIMIT, "%.*s: --data: the rows of %.*s hold more than %d MiB",
                       STR_ARG(all->cat->label), STR_ARG(sb_view(&name)), DATA_MAX_BYTES >> 20);
    err_set(e, E_LIMIT, "%.*s: --data: %.*s holds more than %llu rows", STR_ARG(all->cat->label),
            STR_ARG(sb_view(&name)), (unsigned long long)limit);
    return err_hint(e, "--data is for reference rows; --data-limit N takes more");
}

/* Values of some columns of a row as one text; absent where one is NULL. */
static struct str tuple(struct arena *mem, const struct row_table *t, const struct row_values *row,
                        const struct str *columns, uint32_t n)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < n; i++) {
        int at = column_at(t, columns[i]);
        if (at < 0 || str_is_null(row->literals[at]))
            return STR_NULL;
        sb_str(&b, row->literals[at]);
        sb_char(&b, '\0');
    }
    return sb_view(&b);
}

struct target {
    struct str value;
    uint32_t row;
};

static int by_value(const void *a, const void *b)
{
    return str_cmp(((const struct target *)a)->value, ((const struct target *)b)->value);
}

static struct str rows_path(const struct row_tables *all, const struct row_table *t)
{
    return path_join(all->mem, t->path, STR("rows"), STR("#"));
}

static struct str row_path(const struct row_tables *all, const struct row_table *t, uint32_t i)
{
    return path_join(all->mem, rows_path(all, t), STR("row"), t->rows.v[i].name);
}

/* What the rows of a table need, by place; each an array of paths. */
struct needs {
    VEC(struct str) v;
};

/* The rows that one foreign key points at. True: it points where no rows are read. */
static bool follow(struct row_tables *all, struct row_table *t, const struct row_ref *ref,
                   struct needs *needs)
{
    const struct row_table *other = NULL;
    bool points = false;
    for (uint32_t i = 0; i < all->v.n; i++)
        if (str_eq(all->v.v[i].path, ref->table))
            other = &all->v.v[i];
    struct target *list = NEW_ARRAY(all->mem, struct target, other ? other->rows.n : 0);
    uint32_t n = 0;
    for (uint32_t i = 0; other && i < other->rows.n; i++) {
        struct str value = tuple(all->mem, other, &other->rows.v[i], ref->ref_columns, ref->n);
        if (!str_is_null(value))
            list[n++] = (struct target){value, i};
    }
    if (n)
        qsort(list, n, sizeof *list, by_value);
    for (uint32_t i = 0; i < t->rows.n; i++) {
        struct target one = {tuple(all->mem, t, &t->rows.v[i], ref->columns, ref->n), 0};
        points = points || !str_is_null(one.value);
        const struct target *hit =
            n && !str_is_null(one.value) ? bsearch(&one, list, n, sizeof *list, by_value) : NULL;
        if (hit && !(other == t && hit->row == i)) {
            struct str path = row_path(all, other, hit->row);
            VEC_PUSH(all->mem, needs[i].v, path);
        }
    }
    return points && !other;
}

static void put_rows_fact(struct row_tables *all, const struct row_table *t,
                          const struct str *outside, uint32_t noutside)
{
    struct fact f;
    VEC(struct str) self = {0};
    struct str *key = NEW_ARRAY(all->mem, struct str, t->nkey);
    for (uint32_t i = 0; i < t->nkey; i++)
        key[i] = t->columns[t->key[i]].name;
    for (uint32_t i = 0; i < t->nrefs; i++)
        for (uint32_t k = 0; k < t->refs[i].n && str_eq(t->refs[i].table, t->path); k++)
            VEC_PUSH(all->mem, self, t->refs[i].columns[k]);
    fact_begin(&f, all->cat, "rows", t->path, STR("#"));
    fact_list(&f, "key", key, t->nkey);
    if (noutside)
        fact_src_list(&f, "outside", outside, noutside);
    if (self.n)
        fact_src_list(&f, "self", self.v, self.n);
    if (t->unique.n)
        fact_src_list(&f, "unique", t->unique.v, t->unique.n);
    fact_end(&f);
}

static int by_name(const void *a, const void *b)
{
    return str_cmp((*(const struct row_column *const *)a)->name,
                   (*(const struct row_column *const *)b)->name);
}

static void put_row_facts(struct row_tables *all, const struct row_table *t,
                          const struct needs *needs)
{
    const struct row_column **order = NEW_ARRAY(all->mem, const struct row_column *, t->ncolumns);
    for (uint32_t i = 0; i < t->ncolumns; i++)
        order[i] = &t->columns[i];
    qsort(order, t->ncolumns, sizeof *order, by_name);
    for (uint32_t r = 0; r < t->rows.n; r++) {
        struct strbuf b = sb_new(all->mem, 0);
        struct fact f;
        sb_char(&b, '{');
        for (uint32_t i = 0; i < t->ncolumns; i++) {
            struct str value = t->rows.v[r].literals[order[i] - t->columns];
            if (str_is_null(value))
                continue;
            jc_put_key(&b, order[i]->name);
            esc_json(&b, value);
        }
        sb_char(&b, '}');
        fact_begin(&f, all->cat, "row", rows_path(all, t), t->rows.v[r].name);
        fact_raw(&f, "values", sb_view(&b));
        for (uint32_t i = 0; i < needs[r].v.n; i++)
            fact_dep(&f, needs[r].v.v[i]);
        fact_end(&f);
    }
}

void row_facts(struct row_tables *all)
{
    for (uint32_t i = 0; i < all->v.n; i++) {
        struct row_table *t = &all->v.v[i];
        struct needs *needs = NEW_ARRAY(all->mem, struct needs, t->rows.n);
        VEC(struct str) outside = {0};
        if (!t->rows.n)
            continue;
        for (uint32_t k = 0; k < t->nrefs; k++)
            if (follow(all, t, &t->refs[k], needs))
                VEC_PUSH(all->mem, outside, t->refs[k].table);
        put_rows_fact(all, t, outside.v, outside.n);
        put_row_facts(all, t, needs);
    }
}
