/*
 * Rows of partitions that come, go or get other bounds. What a bound says of a row only the server
 * knows, and only of a table that is attached: so the bounds are given to empty temporary tables,
 * whose conditions are then asked of the rows, while the real tables are detached.
 */

#include "drivers/postgresql/partition.h"

static bool is_default(struct arena *mem, const struct obj *part)
{
    return str_eq(obj_text(mem, part, "bound"), STR("DEFAULT"));
}

static bool is_part_of(struct arena *mem, const struct obj *o, struct str of)
{
    return str_eq(path_kind(o->path), STR("partition")) && str_eq(obj_text(mem, o, "of"), of);
}

struct str pg_part_whole(struct arena *mem, const struct obj *part)
{
    struct jc_iter it = jc_iter(part ? part->deps : STR_NULL);
    struct str key, raw;
    while (jc_next(&it, &key, &raw))
        if (str_eq(path_kind(jc_text(mem, raw)), STR("table")))
            return jc_text(mem, raw);
    return STR_NULL;
}

const struct catalog *pg_heading_for(const struct ddl *d, struct str path, const struct obj *is)
{
    const struct obj *end = d->goal ? cat_find(d->goal, path) : NULL;
    bool ahead = is ? end && str_eq(end->a, is->a) : !end;
    return ahead ? d->goal : d->origin;
}

struct pg_parts pg_parts_to_come(struct ddl *d, const struct catalog *goal, const struct view *now,
                                 struct str of)
{
    struct pg_parts list = {0};
    for (uint32_t i = 0; goal && i < goal->n; i++) {
        const struct obj *o = &goal->v[i];
        if (is_part_of(d->mem, o, of) && !(o->flags & OBJ_IGNORED) && !view_get(now, o->path) &&
            view_get(d->before, path_parent(o->path)) && view_get(d->after, path_parent(o->path)))
            VEC_PUSH(d->mem, list, o);
    }
    return list;
}

/* Columns that both tables have and that take values, as a list. */
static struct str shared_columns(struct ddl *d, struct str to, struct str from)
{
    const struct obj *table = view_get(d->after, to);
    const struct view *now = table ? d->after : d->before;
    struct strbuf names = sb_new(d->mem, 0);
    uint32_t n = 0;
    table = table ? table : view_get(d->before, to);
    struct str *columns = pg_list(d->mem, obj_raw(table, "columns"), &n);
    for (uint32_t i = 0; i < n; i++) {
        const struct obj *has = view_get(now, path_join(d->mem, to, STR("column"), columns[i]));
        if (has && !obj_raw(has, "generated").n &&
            view_get(d->before, path_join(d->mem, from, STR("column"), columns[i])))
            sql_fmt(&names, &pg_dialect, "%s%I", names.n ? ", " : "", columns[i]);
    }
    return sb_view(&names);
}

static struct str part_name(struct arena *mem, uint32_t i)
{
    return arena_printf(mem, "pg_temp.snap_part_%u", i);
}

/* The rows of one table that fit the bound of a temporary one, or that do not, go to another. */
static void move_some(struct ddl *d, struct strbuf *b, struct str from, struct str to,
                      uint32_t part, bool fit)
{
    struct str columns = shared_columns(d, to, from);
    struct str head =
        pg_text(d->mem, "WITH moved AS (DELETE FROM %S WHERE (", pg_name(d->mem, from, 2));
    struct str tail =
        pg_text(d->mem,
                ") %s RETURNING *) INSERT INTO %S (%S) OVERRIDING SYSTEM VALUE "
                "SELECT %S FROM moved",
                fit ? "IS TRUE" : "IS NOT TRUE", pg_name(d->mem, to, 2), columns, columns);
    sql_fmt(b, &pg_dialect,
            "EXECUTE %L || coalesce(pg_get_partition_constraintdef(%L::regclass), 'true') || %L;\n",
            head, part_name(d->mem, part), tail);
}

/* The bounds as temporary partitions, in this order; a DEFAULT needs the others beside it. */
static void put_bounds(struct ddl *d, struct strbuf *b, const struct obj *whole,
                       const struct pg_move *m)
{
    struct str of = pg_id(d->mem, whole);
    bool others = false;
    sql_fmt(b, &pg_dialect, "CREATE TEMPORARY TABLE snap_whole (LIKE %S) PARTITION BY %S;\n", of,
            obj_text(d->mem, whole, "partition_by"));
    uint32_t n = 0;
    for (; n < m->to.n; n++) {
        others = others || is_default(d->mem, m->to.v[n]);
        sql_fmt(b, &pg_dialect, "CREATE TEMPORARY TABLE %S PARTITION OF pg_temp.snap_whole %S;\n",
                part_name(d->mem, n), obj_text(d->mem, m->to.v[n], "bound"));
    }
    for (uint32_t i = 0; others && m->goal && i < m->goal->n; i++) {
        const struct obj *o = &m->goal->v[i];
        bool known = !is_part_of(d->mem, o, of);
        for (uint32_t k = 0; k < m->to.n && !known; k++)
            known = str_eq(m->to.v[k]->path, o->path);
        if (!known)
            sql_fmt(b, &pg_dialect,
                    "CREATE TEMPORARY TABLE %S PARTITION OF pg_temp.snap_whole %S;\n",
                    part_name(d->mem, n++), obj_text(d->mem, o, "bound"));
    }
}

void pg_rows_move(struct ddl *d, const struct pg_move *m)
{
    const struct obj *whole = view_get(d->after, m->whole);
    struct strbuf b = sb_new(d->mem, 0);
    sb_c(&b, "DO $snap$ BEGIN\n");
    put_bounds(d, &b, whole, m);
    for (uint32_t i = 0; i < m->nfrom; i++) {
        uint32_t own = m->to.n;
        for (uint32_t k = 0; k < m->to.n; k++) {
            if (str_eq(path_parent(m->to.v[k]->path), m->from[i]))
                own = k;
            else
                move_some(d, &b, m->from[i], path_parent(m->to.v[k]->path), k, true);
        }
        if (m->rest.n && own < m->to.n && !str_eq(m->rest, m->from[i]))
            move_some(d, &b, m->from[i], m->rest, own, false);
        ddl_hazard(d, HZ_ROWS_MOVE, m->from[i], "to the partitions whose bounds they fit");
    }
    sb_c(&b, "DROP TABLE pg_temp.snap_whole;\nEND $snap$");
    ddl_stmt(d, sb_view(&b), 0);
    for (uint32_t k = 0; k < m->to.n; k++)
        ddl_hazard(d, HZ_ROWS_MOVE, path_parent(m->to.v[k]->path), "from other partitions");
    if (m->rest.n)
        ddl_hazard(d, HZ_ROWS_MOVE, m->rest, "that fit no other partition");
}

/* The nearest table above a partition that is there at both ends, and now; or NULL. */
static const struct obj *whole_that_stays(struct ddl *d, const struct catalog *at, struct str table)
{
    for (int level = 0; level < 32; level++) {
        const struct obj *part = cat_find(at, path_join(d->mem, table, STR("partition"), STR("#")));
        struct str up = pg_part_whole(d->mem, part);
        if (!up.n)
            return NULL;
        if (cat_find(d->origin, up) && cat_find(d->goal, up) && view_get(d->after, up))
            return view_get(d->after, up);
        table = up;
    }
    return NULL;
}

/* What may take the rows of a partition that goes: it has been a table of its own for some steps,
 * and may hold any row. */
static void rows_may_come(struct ddl *d, const struct obj *whole)
{
    struct view_iter it = view_iter(d->after, STR(""));
    struct str id = pg_id(d->mem, whole);
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        if (is_part_of(d->mem, o, id))
            ddl_hazard(d, HZ_ROWS_MOVE, path_parent(o->path), "from a partition that goes");
}

void pg_partition_save_rows(struct ddl *d, const struct obj *table)
{
    if (!d->origin || !d->goal || obj_raw(table, "partition_by").n || obj_raw(table, "server").n)
        return;
    const struct catalog *at = cat_find(d->origin, table->path) ? d->origin : d->goal;
    const struct obj *whole = whole_that_stays(d, at, table->path);
    if (!whole || !obj_raw(whole, "partition_by").n)
        return;
    struct str columns = shared_columns(d, whole->path, table->path);
    struct pg_move move = {.whole = whole->path, .from = &table->path, .nfrom = 1};
    move.goal = pg_heading_for(d, table->path, NULL);
    move.to = pg_parts_to_come(d, move.goal, d->after, pg_id(d->mem, whole));
    if (move.to.n)
        pg_rows_move(d, &move);
    pg_ddl(d, 0, "INSERT INTO %S (%S) OVERRIDING SYSTEM VALUE SELECT %S FROM %S",
           pg_id(d->mem, whole), columns, columns, pg_id(d->mem, table));
    ddl_hazard(d, HZ_DATA_DEPENDENT, table->path, "fails where a row fits no other partition");
    rows_may_come(d, whole);
}
