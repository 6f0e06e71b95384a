/* What differs between the rows of a table, as statements in an order that keys let pass. */

#include "drivers/sql/row.h"

#include <stdlib.h>

#include "core/escape.h"

enum deed { DEED_DELETE, DEED_UPDATE, DEED_INSERT };
/* What was done of a deed ahead of its turn, to cut a circle. */
enum cut { CUT_NONE, CUT_NULL, CUT_DELETED };

struct row_op {
    enum deed deed;
    const struct obj *before, *after;
    uint32_t waits; /* ops that must run before it */
    bool done;
    enum cut cut;
};
struct follows {
    uint32_t first, then;
};

struct writer {
    const struct row_dialect *dia;
    struct ddl *d;
    struct arena *mem;
    const struct obj *rows; /* the fact that holds them */
    struct str table;       /* path */
    struct str name;        /* as SQL */
    const struct obj **columns;
    uint32_t ncolumns;
    VEC(struct row_op) ops; /* in path order */
    VEC(struct follows) edges;
    struct row_deeds deeds;
};

static struct str value_of(const struct writer *w, const struct obj *row, struct str column)
{
    struct jc_iter it = jc_iter(obj_raw(row, "values"));
    struct str key, raw, wanted;
    struct strbuf b = sb_new(w->mem, 0);
    esc_json(&b, column);
    wanted = str_sub(sb_view(&b), 1, b.n - 1);
    while (jc_next(&it, &key, &raw))
        if (str_eq(key, wanted))
            return jc_text(w->mem, raw);
    return STR_NULL;
}

static bool list_has(const struct writer *w, struct str list, struct str name)
{
    struct jc_iter it = jc_iter(list);
    struct str key, raw;
    while (jc_next(&it, &key, &raw))
        if (str_eq(jc_text(w->mem, raw), name))
            return true;
    return false;
}

/* Columns of the table in the state after, in the order of its list. */
static void find_columns(struct writer *w)
{
    struct view_iter it = view_iter(w->d->after, w->table);
    const struct obj *t = view_get(w->d->after, w->table), *o;
    VEC(const struct obj *) list = {0};
    struct jc_iter names = jc_iter(obj_raw(t, "columns"));
    struct str key, raw;
    while (jc_next(&names, &key, &raw)) {
        struct str name = w->d->eng->fold(w->mem, jc_text(w->mem, raw));
        o = view_get(w->d->after, path_join(w->mem, w->table, STR("column"), name));
        if (o)
            VEC_PUSH(w->mem, list, o);
    }
    uint32_t named = list.n;
    while ((o = view_next(&it))) {
        bool known = !str_eq(path_kind(o->path), STR("column"));
        for (uint32_t i = 0; i < named && !known; i++)
            known = list.v[i] == o;
        if (!known)
            VEC_PUSH(w->mem, list, o);
    }
    w->columns = NEW_ARRAY(w->mem, const struct obj *, list.n);
    for (uint32_t i = 0; i < list.n; i++)
        if (str_is_null(obj_raw(list.v[i], "generated")))
            w->columns[w->ncolumns++] = list.v[i];
}

static void find_ops(struct writer *w)
{
    struct view_iter a = view_iter(w->d->before, w->d->owner);
    struct view_iter b = view_iter(w->d->after, w->d->owner);
    const struct obj *x = view_next(&a), *y = view_next(&b);
    while (x || y) {
        int c = !x ? 1 : !y ? -1 : path_cmp(x->path, y->path);
        const struct obj *before = c <= 0 ? x : NULL, *after = c >= 0 ? y : NULL;
        struct row_op op = {.deed = !before  ? DEED_INSERT
                                    : !after ? DEED_DELETE
                                             : DEED_UPDATE,
                            .before = before,
                            .after = after};
        bool row = !str_eq((before ? before : after)->path, w->d->owner);
        if (row && (op.deed != DEED_UPDATE || !str_eq(before->a, after->a)))
            VEC_PUSH(w->mem, w->ops, op);
        x = c <= 0 ? view_next(&a) : x;
        y = c >= 0 ? view_next(&b) : y;
    }
}

static uint32_t op_find(const struct writer *w, struct str path)
{
    uint32_t lo = 0, hi = w->ops.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        const struct row_op *op = &w->ops.v[mid];
        if (path_cmp((op->before ? op->before : op->after)->path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    const struct row_op *op = lo < w->ops.n ? &w->ops.v[lo] : NULL;
    return op && str_eq((op->before ? op->before : op->after)->path, path) ? lo : UINT32_MAX;
}

static void add_edge(struct writer *w, uint32_t first, uint32_t then)
{
    struct follows f = {first, then};
    if (first == then)
        return;
    VEC_PUSH(w->mem, w->edges, f);
    w->ops.v[then].waits++;
}

/* A row that is pointed at comes before, and goes after, the one that points. */
static void edges_by_needs(struct writer *w)
{
    for (uint32_t i = 0; i < w->ops.n; i++)
        for (int side = 0; side < 2; side++) {
            const struct obj *o = side ? w->ops.v[i].after : w->ops.v[i].before;
            struct jc_iter it = jc_iter(o ? o->deps : STR_NULL);
            struct str key, raw;
            while (jc_next(&it, &key, &raw)) {
                uint32_t k = op_find(w, jc_text(w->mem, raw));
                if (k == UINT32_MAX)
                    continue;
                if (side && w->ops.v[k].deed == DEED_INSERT)
                    add_edge(w, k, i);
                if (!side && w->ops.v[k].deed == DEED_DELETE)
                    add_edge(w, i, k);
            }
        }
}

struct freed {
    struct str value;
    uint32_t op;
};

static int by_value(const void *a, const void *b)
{
    return str_cmp(((const struct freed *)a)->value, ((const struct freed *)b)->value);
}

/* Who takes a value of a unique key waits for who frees it. */
static void edges_by_value(struct writer *w, struct str column)
{
    struct freed *list = NEW_ARRAY(w->mem, struct freed, w->ops.n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < w->ops.n; i++) {
        const struct row_op *op = &w->ops.v[i];
        struct str was = op->before ? value_of(w, op->before, column) : STR_NULL;
        struct str is = op->after ? value_of(w, op->after, column) : STR_NULL;
        if (!str_is_null(was) && !str_eq(was, is))
            list[n++] = (struct freed){was, i};
    }
    if (n)
        qsort(list, n, sizeof *list, by_value);
    for (uint32_t i = 0; i < w->ops.n && n; i++) {
        const struct row_op *op = &w->ops.v[i];
        struct freed one = {op->after ? value_of(w, op->after, column) : STR_NULL, 0};
        struct str was = op->before ? value_of(w, op->before, column) : STR_NULL;
        if (str_is_null(one.value) || str_eq(one.value, was))
            continue;
        const struct freed *hit = bsearch(&one, list, n, sizeof *list, by_value);
        while (hit && hit > list && str_eq(hit[-1].value, one.value))
            hit--;
        for (; hit && hit < list + n && str_eq(hit->value, one.value); hit++)
            add_edge(w, hit->op, i);
    }
}

/* ---- statements ---- */

static void stmt(struct writer *w, const struct strbuf *b)
{
    ddl_stmt(w->d, sb_view(b), 0);
}

/* Whether the end of the plan that a row comes from has the column: else nothing is known of its
 * value, which is the server's. */
static bool is_known(const struct writer *w, const struct obj *row, const struct obj *column)
{
    const struct catalog *goal = w->d->goal, *origin = w->d->origin;
    const struct obj *there = goal ? cat_find(goal, row->path) : NULL;
    const struct catalog *end = there && str_eq(there->a, row->a) ? goal : origin;
    return !end || cat_find(end, column->path) != NULL;
}

static bool is_self(const struct writer *w, const struct obj *column)
{
    return list_has(w, jc_get(w->rows->src, "self"), path_name(w->mem, column->path));
}

/* `cut`: columns that point at rows of the same table are left NULL for now. */
static void put_insert(struct writer *w, const struct row_op *op, bool cut)
{
    struct strbuf names = sb_new(w->mem, 0), values = sb_new(w->mem, 0), b = sb_new(w->mem, 0);
    const char *overriding = NULL;
    for (uint32_t i = 0; i < w->ncolumns; i++) {
        struct str value = value_of(w, op->after, path_name(w->mem, w->columns[i]->path));
        bool later = cut && is_self(w, w->columns[i]) && !obj_true(w->columns[i], "notnull");
        if (str_is_null(value) && !is_known(w, op->after, w->columns[i]))
            continue;
        if (w->dia->overriding && !overriding)
            overriding = w->dia->overriding(w->columns[i]);
        sb_c(&names, names.n ? ", " : "");
        sql_ident(&names, w->dia->sql, obj_name(w->mem, w->columns[i]));
        sb_c(&values, values.n ? ", " : "");
        sb_str(&values, str_is_null(value) || later ? STR("NULL") : value);
    }
    sql_fmt(&b, w->dia->sql, "INSERT INTO %S (%S)%s%s VALUES (%S)", w->name, sb_view(&names),
            overriding ? " " : "", overriding ? overriding : "", sb_view(&values));
    stmt(w, &b);
}

static void put_where(struct writer *w, struct strbuf *b, const struct obj *row)
{
    struct jc_iter it = jc_iter(obj_raw(w->rows, "key"));
    struct str key, raw;
    bool first = true;
    while (jc_next(&it, &key, &raw)) {
        struct str name = jc_text(w->mem, raw);
        const struct obj *column =
            view_get(w->d->before, path_join(w->mem, w->table, STR("column"), name));
        sql_fmt(b, w->dia->sql, "%s%I = %S", first ? " WHERE " : " AND ",
                column ? obj_name(w->mem, column) : name, value_of(w, row, name));
        first = false;
    }
}

static void put_delete(struct writer *w, const struct obj *row)
{
    struct strbuf b = sb_new(w->mem, 0);
    sql_fmt(&b, w->dia->sql, "DELETE FROM %S", w->name);
    put_where(w, &b, row);
    stmt(w, &b);
    w->deeds.deletes = true;
}

/* Which columns an UPDATE sets: those that differ, those among them that a unique key is over (to
 * NULL), those that point at rows of the same table. */
enum set { SET_CHANGED, SET_FREE, SET_SELF, SET_SELF_NULL };

static bool sets(const struct writer *w, const struct row_op *op, const struct obj *column,
                 enum set set, struct str *value)
{
    struct str name = path_name(w->mem, column->path);
    struct str was = op->before ? value_of(w, op->before, name) : STR_NULL;
    struct str is = op->after ? value_of(w, op->after, name) : STR_NULL;
    bool differs = !str_eq(was, is) || str_is_null(was) != str_is_null(is);
    *value = str_is_null(is) ? STR("NULL") : is;
    switch (set) {
    case SET_FREE:
        *value = STR("NULL");
        return differs && !obj_true(column, "notnull") &&
               list_has(w, jc_get(w->rows->src, "unique"), name);
    case SET_SELF_NULL:
        *value = STR("NULL");
        return is_self(w, column) && !obj_true(column, "notnull");
    case SET_SELF:
        return is_self(w, column) && !obj_true(column, "notnull");
    case SET_CHANGED:
        break;
    }
    /* ON UPDATE CURRENT_TIMESTAMP leaves a value alone that is set */
    differs = differs || !str_is_null(obj_raw(column, "on_update"));
    return differs && (!str_is_null(is) || is_known(w, op->after, column));
}

static void note_set(struct writer *w, struct str column, bool freed)
{
    struct row_set one = {column, freed};
    for (uint32_t i = 0; i < w->deeds.set.n; i++)
        if (str_eq(w->deeds.set.v[i].column, column)) {
            w->deeds.set.v[i].freed = w->deeds.set.v[i].freed || freed;
            return;
        }
    VEC_PUSH(w->mem, w->deeds.set, one);
}

/* False: there was nothing to set. */
static bool put_update(struct writer *w, const struct row_op *op, enum set set)
{
    struct strbuf b = sb_new(w->mem, 0);
    struct str value;
    bool any = false;
    sql_fmt(&b, w->dia->sql, "UPDATE %S SET ", w->name);
    for (uint32_t i = 0; i < w->ncolumns; i++) {
        if (!sets(w, op, w->columns[i], set, &value))
            continue;
        sql_fmt(&b, w->dia->sql, "%s%I = %S", any ? ", " : "", obj_name(w->mem, w->columns[i]),
                value);
        note_set(w, path_name(w->mem, w->columns[i]->path), set == SET_FREE);
        any = true;
    }
    put_where(w, &b, op->before ? op->before : op->after);
    if (any)
        stmt(w, &b);
    return any;
}

static void run(struct writer *w, const struct row_op *op)
{
    if (op->deed == DEED_DELETE)
        put_delete(w, op->before);
    else if (op->deed == DEED_INSERT && op->cut == CUT_NULL)
        put_update(w, op, SET_SELF);
    else if (op->deed == DEED_INSERT || op->cut == CUT_DELETED)
        put_insert(w, op, false);
    else
        put_update(w, op, SET_CHANGED);
}

/* Does a part of an op ahead, after which nobody has to wait for it. */
static void cut(struct writer *w, struct row_op *op)
{
    op->cut = CUT_NULL;
    if (op->deed == DEED_INSERT) {
        put_insert(w, op, true);
    } else if (op->deed == DEED_DELETE) {
        put_update(w, op, SET_SELF_NULL);
    } else if (!put_update(w, op, SET_FREE)) {
        put_delete(w, op->before);
        op->cut = CUT_DELETED;
    }
}

static int by_first(const void *a, const void *b)
{
    const struct follows *x = a, *y = b;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return x->then < y->then ? -1 : x->then > y->then;
}

static void release(struct writer *w, uint32_t i)
{
    uint32_t lo = 0, hi = w->edges.n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (w->edges.v[mid].first < i)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < w->edges.n && w->edges.v[lo].first == i; lo++)
        w->ops.v[w->edges.v[lo].then].waits--;
}

/* In path order, as far as nobody waits; where all wait for one another the first is cut. */
static void run_all(struct writer *w)
{
    uint32_t left = w->ops.n;
    if (w->edges.n)
        qsort(w->edges.v, w->edges.n, sizeof *w->edges.v, by_first);
    while (left) {
        uint32_t had = left, first = UINT32_MAX;
        for (uint32_t i = 0; i < w->ops.n; i++) {
            struct row_op *op = &w->ops.v[i];
            if (op->done)
                continue;
            if (op->waits) {
                first = first == UINT32_MAX && op->cut == CUT_NONE ? i : first;
                continue;
            }
            run(w, op);
            op->done = true;
            left--;
            if (op->cut == CUT_NONE)
                release(w, i);
        }
        if (left == had && first == UINT32_MAX)
            BUG("rows that wait for nothing");
        if (left == had) {
            cut(w, &w->ops.v[first]);
            release(w, first);
        }
    }
}

int row_write(const struct row_dialect *dia, struct ddl *d, struct err *e)
{
    struct writer w = {.dia = dia, .d = d, .mem = d->mem, .table = path_parent(d->owner)};
    const struct obj *table = view_get(d->after, w.table);
    w.rows = view_get(d->before, d->owner);
    w.rows = w.rows ? w.rows : view_get(d->after, d->owner);
    if (!table || !w.rows)
        return err_set(e, E_UNSUPPORTED_CHANGE, "%.*s: rows of a table that is not there",
                       STR_ARG(d->owner));
    w.name = dia->table(d->mem, table);
    find_columns(&w);
    find_ops(&w);
    edges_by_needs(&w);
    struct jc_iter it = jc_iter(jc_get(w.rows->src, "unique"));
    struct str key, raw;
    while (jc_next(&it, &key, &raw))
        edges_by_value(&w, jc_text(d->mem, raw));
    run_all(&w);
    if (w.ops.n)
        row_hazards(d, w.table, &w.deeds);
    return 0;
}

void row_brief(const struct obj *o, struct strbuf *out)
{
    enum { SHOWN = 5, WIDTH = 40 };
    struct jc_iter it = jc_iter(obj_raw(o, "values"));
    struct str key, raw;
    for (int i = 0; i < SHOWN && jc_next(&it, &key, &raw); i++) {
        struct str value = jc_text(out->mem, raw), head = str_sub(value, 0, WIDTH);
        while (head.n < value.n && head.n && (value.p[head.n] & 0xc0) == 0x80)
            head.n--;
        sb_printf(out, "%s%.*s=%.*s%s", i ? ", " : "", STR_ARG(key), STR_ARG(head),
                  head.n < value.n ? "..." : "");
    }
}

struct str row_backfill(const struct ddl *d, const struct obj *column)
{
    for (uint32_t i = 0; i < d->nbackfill; i++)
        if (str_eq(d->backfill[i].path, column->path))
            return d->backfill[i].value;
    return STR_NULL;
}

/* The value that a row of this path has in an end of the plan. */
static struct str value_at_end(const struct writer *w, struct str row, struct str column)
{
    const struct catalog *ends[] = {w->d->goal, w->d->origin};
    for (int i = 0; i < 2; i++) {
        const struct obj *o = ends[i] ? cat_find(ends[i], row) : NULL;
        struct str value = o ? value_of(w, o, column) : STR_NULL;
        if (!str_is_null(value))
            return value;
    }
    return STR_NULL;
}

static void put_case(struct writer *w, struct strbuf *b, const struct obj *row, struct str value)
{
    struct jc_iter it = jc_iter(obj_raw(w->rows, "key"));
    struct str key, raw;
    bool first = true;
    while (jc_next(&it, &key, &raw)) {
        struct str name = jc_text(w->mem, raw);
        const struct obj *column =
            view_get(w->d->before, path_join(w->mem, w->table, STR("column"), name));
        sql_fmt(b, w->dia->sql, "%s%I = %S", first ? " WHEN " : " AND ",
                column ? obj_name(w->mem, column) : name, value_of(w, row, name));
        first = false;
    }
    sql_fmt(b, w->dia->sql, " THEN %S", value);
}

struct str row_fill_value(const struct row_dialect *dia, struct ddl *d, const struct obj *column)
{
    struct writer w = {.dia = dia, .d = d, .mem = d->mem, .table = path_parent(column->path)};
    struct str given = row_backfill(d, column), rows, name = path_name(d->mem, column->path);
    struct strbuf b = sb_new(d->mem, 0);
    if (!str_is_null(given)) {
        sql_fmt(&b, dia->sql, "(%S)", given);
        return sb_view(&b);
    }
    rows = path_join(d->mem, w.table, STR("rows"), STR("#"));
    w.rows = view_get(d->before, rows);
    struct view_iter it = view_iter(d->before, rows);
    for (const struct obj *o = view_next(&it); o && w.rows; o = view_next(&it)) {
        struct str value = value_at_end(&w, o->path, name);
        if (!str_eq(o->path, rows) && !str_is_null(value))
            put_case(&w, &b, o, value);
    }
    return b.n ? arena_printf(d->mem, "CASE%.*s END", STR_ARG(sb_view(&b))) : STR_NULL;
}

void row_fill_nulls(const struct row_dialect *dia, struct ddl *d, const struct obj *before,
                    const struct obj *after)
{
    struct str value = row_backfill(d, after), name = obj_name(d->mem, before);
    const struct obj *table = view_get(d->before, path_parent(before->path));
    struct strbuf b = sb_new(d->mem, 0);
    if (str_is_null(value) || !table || obj_true(before, "notnull") || !obj_true(after, "notnull"))
        return;
    sql_fmt(&b, dia->sql, "UPDATE %S SET %I = (%S) WHERE %I IS NULL", dia->table(d->mem, table),
            name, value, name);
    ddl_stmt(d, sb_view(&b), 0);
    ddl_hazard(d, HZ_CONVERT, after->path, "NULLs become what was given for them");
}
