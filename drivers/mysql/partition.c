/* Lists of partitions, from one to another; see partition.h. */

#include "drivers/mysql/partition.h"
#include "drivers/mysql/algorithm.h"
#include "drivers/mysql/parts.h"

/* Parts i to a of the old list become parts j to b of the new one; the ends are not in it. */
struct segment {
    uint32_t i, a, j, b;
};

struct repart {
    struct ddl *d;
    struct str table; /* path */
    struct my_parts was, is;
    VEC(struct segment) segments;
};

/* ---- what becomes what ---- */

static void segment(struct repart *r, uint32_t i, uint32_t a, uint32_t j, uint32_t b)
{
    struct segment s = {i, a, j, b};
    if (a > i || b > j)
        VEC_PUSH(r->d->mem, r->segments, s);
}

/* Where both have a bound the parts below it hold the same rows. Of the old parts at the end those
 * that lie above all new ones are dropped. False: nobody can tell which bound is the higher. */
static bool range_segments(struct repart *r)
{
    struct my_parts *w = &r->was, *t = &r->is;
    uint32_t i = 0, j = 0, n = w->n;
    int ends = my_compare_bounds(w->v[w->n - 1].bound, t->v[t->n - 1].bound);
    for (uint32_t a = 0; a < w->n; a++)
        for (uint32_t b = j; b < t->n; b++)
            if (str_eq(w->v[a].bound, t->v[b].bound)) {
                segment(r, i, a + 1, j, b + 1);
                i = a + 1;
                j = b + 1;
                break;
            }
    while (ends == 1 && n > i && n > 1) {
        int below = my_compare_bounds(w->v[n - 2].bound, t->v[t->n - 1].bound);
        if (below == MY_UNKNOWN)
            return false;
        if (below < 0)
            break;
        w->v[--n].gone = true;
    }
    segment(r, i, n, j, t->n);
    segment(r, n, w->n, t->n, t->n);
    return ends != MY_UNKNOWN;
}

struct value {
    struct str text;
    uint32_t part;
};

static int value_order(const void *a, const void *b)
{
    return str_cmp(((const struct value *)a)->text, ((const struct value *)b)->text);
}

/* All values of a list in order, each with its part. */
static struct value *all_values(struct arena *mem, const struct my_parts *p, uint32_t *n)
{
    VEC(struct value) all = {0};
    for (uint32_t i = 0; i < p->n; i++)
        for (uint32_t k = 0; k < p->v[i].nvalues; k++) {
            struct value one = {p->v[i].values[k], i};
            VEC_PUSH(mem, all, one);
        }
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, value_order);
    *n = all.n;
    return all.v;
}

/* The part of a list that takes the rows of a value; UINT32_MAX: none does. */
static uint32_t part_with(const struct value *all, uint32_t n, struct str value)
{
    struct value key = {value, 0};
    const struct value *found =
        n ? (const struct value *)bsearch(&key, all, n, sizeof *all, value_order) : NULL;
    return found ? found->part : UINT32_MAX;
}

/* For each part of `p` the last part of `q` that takes rows of it, and one; 0: none does. */
static uint32_t *reach(struct arena *mem, const struct my_parts *p, const struct my_parts *q)
{
    uint32_t n, *last = NEW_ARRAY(mem, uint32_t, p->n + 1);
    const struct value *all = all_values(mem, q, &n);
    for (uint32_t i = 0; i < p->n; i++) {
        last[i] = 0;
        for (uint32_t k = 0; k < p->v[i].nvalues; k++) {
            uint32_t there = part_with(all, n, p->v[i].values[k]) + 1;
            last[i] = there > last[i] ? there : last[i];
        }
    }
    return last;
}

/* Parts that take one another's rows are together; one whose rows nobody takes goes. */
static void list_segments(struct repart *r)
{
    struct my_parts *w = &r->was, *t = &r->is;
    const uint32_t *ahead = reach(r->d->mem, w, t), *back = reach(r->d->mem, t, w);
    uint32_t i = 0, j = 0;
    while (i < w->n || j < t->n) {
        uint32_t a = i, b = j, x = i, y = j;
        if (i < w->n && !ahead[i]) {
            w->v[i].gone = true;
            a++;
        } else if (j < t->n && !back[j]) {
            b++;
        } else {
            a += i < w->n;
            b += j < t->n;
            while (x < a || y < b) {
                for (; x < a; x++)
                    b = ahead[x] > b ? ahead[x] : b;
                for (; y < b; y++)
                    a = back[y] > a ? back[y] : a;
            }
        }
        segment(r, i, a, j, b);
        i = a;
        j = b;
    }
}

/* The server spreads the rows anew over another number; names and options are told one by one. */
static void hash_segments(struct repart *r)
{
    uint32_t both = r->was.n < r->is.n ? r->was.n : r->is.n;
    for (uint32_t i = 0; i < both; i++)
        segment(r, i, i + 1, i, i + 1);
    for (uint32_t i = both; i < r->was.n; i++)
        r->was.v[i].gone = true;
    segment(r, both, r->was.n, both, r->is.n);
}

/* An old part of it is there until it is reorganized. */
static bool has_old(const struct repart *r, const struct segment *s)
{
    for (uint32_t i = s->i; i < s->a; i++)
        if (!r->was.v[i].gone)
            return true;
    return false;
}

static bool is_new(const struct repart *r, const struct segment *s)
{
    return s->b > s->j && !has_old(r, s);
}

/* A segment and the next become one. */
static void join(struct repart *r, uint32_t at)
{
    struct segment *s = &r->segments.v[at];
    s->a = s[1].a;
    s->b = s[1].b;
    for (uint32_t k = at + 2; k < r->segments.n; k++)
        r->segments.v[k - 1] = r->segments.v[k];
    r->segments.n--;
}

/* For each new part the old one that has its name, and one; 0: none has that is there still. */
static uint32_t *name_holders(const struct repart *r)
{
    uint32_t *old = NEW_ARRAY(r->d->mem, uint32_t, r->is.n + 1);
    for (uint32_t j = 0; j < r->is.n; j++) {
        old[j] = 0;
        for (uint32_t i = 0; i < r->was.n && !old[j]; i++)
            if (!r->was.v[i].gone && str_eq_fold(r->was.v[i].name, r->is.v[j].name))
                old[j] = i + 1;
    }
    return old;
}

/* Every old part would go, which the server refuses: one statement makes all of all, and what
 * nobody takes is in a part that goes then. */
static void keep_one(struct repart *r)
{
    bool stays = false;
    for (uint32_t i = 0; i < r->was.n; i++)
        stays = stays || !r->was.v[i].gone;
    for (uint32_t i = 0; i < r->was.n && !stays; i++)
        r->was.v[i].gone = false;
    if (!stays) {
        r->segments.n = 0;
        segment(r, 0, r->was.n, 0, r->is.n);
    }
}

/* New parts come at the end alone; elsewhere they come out of a neighbour. A name is free when the
 * old part that has it is reorganized in the same statement, or before. */
static void settle(struct repart *r)
{
    keep_one(r);
    uint32_t *holder = name_holders(r), end = r->was.n;
    while (end && r->was.v[end - 1].gone)
        end--;
    for (uint32_t k = 0; k < r->segments.n; k++) {
        struct segment *s = &r->segments.v[k];
        uint32_t need = 0, j = s->j;
        for (bool more = s->b > s->j; more && k + 1 < r->segments.n;) {
            for (; j < s->b; j++)
                need = holder[j] > need ? holder[j] : need;
            more = need > s->a || (is_new(r, s) && s->a < end);
            if (more)
                join(r, k);
        }
    }
}

/* ---- statements ---- */

static void statement(struct repart *r, enum my_deed deed, struct str text)
{
    struct my_work w = {.on_parts = true};
    my_note(&w, deed);
    my_alter(r->d, r->table, &w, text);
}

static void lost(struct repart *r, struct str what)
{
    ddl_hazard(r->d, HZ_DATA_LOSS, r->table, "%.*s", STR_ARG(what));
}

static void put_comma(struct strbuf *out, uint32_t *n)
{
    if ((*n)++)
        sb_c(out, ", ");
}

static void drop_gone(struct repart *r)
{
    struct strbuf names = sb_new(r->d->mem, 0);
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->was.n; i++) {
        if (!r->was.v[i].gone)
            continue;
        put_comma(&names, &n);
        my_put_name(&names, r->was.v[i].name);
    }
    if (n && r->was.scheme == MY_BY_HASH) {
        statement(r, MY_SPREAD_PARTITIONS, arena_printf(r->d->mem, "COALESCE PARTITION %u", n));
    } else if (n) {
        lost(r, my_text(r->d->mem, "rows in partition %S are lost", sb_view(&names)));
        statement(r, MY_DROP_PARTITION, my_text(r->d->mem, "DROP PARTITION %S", sb_view(&names)));
    }
}

static bool is_taken(const struct my_parts *p, struct str name)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (str_eq_fold(p->v[i].name, name))
            return true;
    return false;
}

static struct str free_name(const struct repart *r)
{
    struct str name = STR("snap_rest");
    for (unsigned i = 1; is_taken(&r->was, name) || is_taken(&r->is, name); i++)
        name = arena_printf(r->d->mem, "snap_rest%u", i);
    return name;
}

/* VALUES of the rows of these old parts that no new one takes; empty: there are none. */
static struct str rest_values(const struct repart *r, const struct segment *s)
{
    struct arena *mem = r->d->mem;
    struct strbuf out = sb_new(mem, 0);
    const struct my_part *last = &r->was.v[s->a - 1];
    uint32_t n = 0, all;
    if (r->was.scheme == MY_BY_RANGE && s->b == r->is.n &&
        my_compare_bounds(last->bound, r->is.v[r->is.n - 1].bound) == 1)
        return my_text(mem, "VALUES LESS THAN (%S)", last->bound);
    if (r->was.scheme != MY_BY_LIST)
        return STR("");
    const struct value *taken = all_values(mem, &r->is, &all);
    for (uint32_t i = s->i; i < s->a; i++) {
        for (uint32_t k = 0; k < r->was.v[i].nvalues && !r->was.v[i].gone; k++) {
            if (part_with(taken, all, r->was.v[i].values[k]) != UINT32_MAX)
                continue;
            put_comma(&out, &n);
            sb_str(&out, r->was.v[i].values[k]);
        }
    }
    return n ? my_text(mem, "VALUES IN (%S)", sb_view(&out)) : STR("");
}

/* A part with as many subpartitions as another, where that tells them. */
static void put_rest(struct strbuf *out, struct str name, struct str values,
                     const struct my_part *like)
{
    uint32_t n = 0;
    struct my_lex l = {like->text, 0};
    sb_printf(out, ", PARTITION %.*s %.*s", STR_ARG(name), STR_ARG(values));
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
        if (!my_is(t, "SUBPARTITION"))
            continue;
        sb_printf(out, "%s SUBPARTITION %.*ssp%u", n ? "," : " (", STR_ARG(name), n);
        n++;
    }
    if (n)
        sb_char(out, ')');
}

/* The old parts of a segment become its new ones. The server drops rows that none of these takes
 * without a word: they go into a part of their own, which is dropped by its name. */
static void reorganize(struct repart *r, const struct segment *s)
{
    struct strbuf old = sb_new(r->d->mem, 0), now = sb_new(r->d->mem, 0);
    struct str rest = rest_values(r, s), name = free_name(r);
    uint32_t n = 0, m = 0;
    for (uint32_t i = s->i; i < s->a; i++) {
        if (r->was.v[i].gone)
            continue;
        put_comma(&old, &n);
        my_put_name(&old, r->was.v[i].name);
    }
    for (uint32_t j = s->j; j < s->b; j++) {
        put_comma(&now, &m);
        sb_str(&now, r->is.v[j].text);
    }
    if (rest.n)
        put_rest(&now, name, rest, &r->was.v[s->a - 1]);
    statement(
        r, MY_REORGANIZE_PARTITION,
        my_text(r->d->mem, "REORGANIZE PARTITION %S INTO (%S)", sb_view(&old), sb_view(&now)));
    if (rest.n) {
        lost(r, my_text(r->d->mem, "rows that no partition takes any more are lost: %S", rest));
        statement(r, MY_DROP_PARTITION, my_text(r->d->mem, "DROP PARTITION %I", name));
    }
}

static void add_new(struct repart *r, const struct segment *s)
{
    struct strbuf text = sb_new(r->d->mem, 0);
    uint32_t n = 0;
    enum my_deed deed = r->was.scheme == MY_BY_HASH ? MY_SPREAD_PARTITIONS : MY_ADD_PARTITION;
    if (r->is.counted) {
        statement(r, deed, arena_printf(r->d->mem, "ADD PARTITION PARTITIONS %u", s->b - s->j));
        return;
    }
    for (uint32_t j = s->j; j < s->b; j++) {
        put_comma(&text, &n);
        sb_str(&text, r->is.v[j].text);
    }
    statement(r, deed, my_text(r->d->mem, "ADD PARTITION (%S)", sb_view(&text)));
}

/* One part that is what it was; where names are told that were not, one part tells them. */
static bool is_same(const struct repart *r, const struct segment *s)
{
    return s->a == s->i + 1 && s->b == s->j + 1 &&
           str_eq(r->was.v[s->i].form, r->is.v[s->j].form) &&
           (s->i || r->was.counted == r->is.counted);
}

/* ---- what is asked ---- */

static bool read_sides(const struct ddl *d, struct str table, struct repart *r)
{
    const struct obj *was = view_get(d->before, table), *is = view_get(d->after, table);
    struct str engine = obj_text(d->mem, was, "engine");
    return str_eq(engine, obj_text(d->mem, is, "engine")) &&
           my_read_parts(d->mem, obj_text(d->mem, was, "partition"), engine, &r->was) &&
           my_read_parts(d->mem, obj_text(d->mem, is, "partition"), engine, &r->is) &&
           str_eq(r->was.head, r->is.head);
}

/* A column that the scheme names changes. */
static bool changes_columns(const struct ddl *d, struct str table, struct str head)
{
    struct my_lex l = {head, 0};
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
        struct str path = my_column_path(d->mem, table, my_unquote(d->mem, t));
        const struct obj *was = view_get(d->before, path), *is = view_get(d->after, path);
        if (was && (!is || !str_eq(was->a, is->a)))
            return true;
    }
    return false;
}

/* Of a list that has a part for all other values: MariaDB refuses to reorganize that, or ends. */
static bool has_rest(const struct my_parts *p)
{
    for (uint32_t i = 0; i < p->n; i++)
        if (p->v[i].takes_rest)
            return true;
    return false;
}

/* More history alone: the server puts it before the last part, that of the present. Whatever else
 * changes, PARTITION BY keeps all rows, and DROP PARTITION would lose some. */
static bool grows(const struct repart *r)
{
    uint32_t n = r->was.n, last = r->is.n - 1;
    if (r->was.counted != r->is.counted || n >= r->is.n)
        return false;
    for (uint32_t i = 0; i + 1 < n && !r->was.counted; i++)
        if (!str_eq(r->was.v[i].form, r->is.v[i].form))
            return false;
    return r->was.counted || str_eq(r->was.v[n - 1].form, r->is.v[last].form);
}

static bool find_segments(struct repart *r)
{
    if (has_rest(&r->was) || has_rest(&r->is))
        return false;
    if (r->was.scheme == MY_BY_RANGE)
        return range_segments(r);
    if (r->was.scheme == MY_BY_LIST)
        list_segments(r);
    else if (r->was.scheme == MY_BY_HASH && (r->was.counted || !r->is.counted))
        hash_segments(r);
    else if (r->was.scheme == MY_BY_TIME && grows(r))
        segment(r, r->was.n, r->was.n, r->was.n - !r->was.counted, r->is.n - !r->is.counted);
    else
        return false;
    return true;
}

bool my_reorganizes(const struct ddl *d, struct str table)
{
    struct ddl scratch = *d;
    struct repart r = {.d = &scratch, .table = table};
    const struct obj *was = view_get(d->before, table), *is = view_get(d->after, table);
    return !str_eq(obj_raw(was, "partition"), obj_raw(is, "partition")) &&
           read_sides(d, table, &r) && !changes_columns(d, table, r.was.head) && find_segments(&r);
}

bool my_loses_rows(const struct ddl *d, const struct change *c)
{
    struct ddl scratch = *d;
    struct repart r = {.d = &scratch, .table = c->after->path};
    bool loses = false;
    if (!read_sides(d, r.table, &r) || changes_columns(d, r.table, r.was.head) ||
        !find_segments(&r))
        return false;
    settle(&r);
    for (uint32_t i = 0; i < r.was.n && r.was.scheme != MY_BY_HASH; i++)
        loses = loses || r.was.v[i].gone;
    for (uint32_t k = 0; k < r.segments.n && !loses; k++)
        loses = has_old(&r, &r.segments.v[k]) && rest_values(&r, &r.segments.v[k]).n;
    return loses;
}

void my_reorganize(struct ddl *d, struct str table)
{
    struct repart r = {.d = d, .table = table};
    if (!read_sides(d, table, &r) || !find_segments(&r))
        return;
    settle(&r);
    drop_gone(&r);
    for (uint32_t k = 0; k < r.segments.n; k++) {
        const struct segment *s = &r.segments.v[k];
        if (is_new(&r, s))
            add_new(&r, s);
        else if (has_old(&r, s) && !is_same(&r, s))
            reorganize(&r, s);
    }
}
