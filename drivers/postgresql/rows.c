/* Whether the rows of the proof are still all there: counts and digests that the server computes,
 * some tables with each query. */

#include "drivers/postgresql/rows.h"

#include <string.h>

enum { TABLES_A_QUERY = 50 };

/* Rows of a partitioned table are those of its partitions, of a foreign one the server's. */
static bool holds_rows(const struct obj *o)
{
    return str_eq(path_kind(o->path), STR("table")) && str_is_null(obj_raw(o, "partition_by")) &&
           str_is_null(obj_raw(o, "server"));
}

/* Without a replica identity no row of a published table can be deleted: meanwhile publications
 * publish no deletes. */
static const char deletes_published[] =
    "SELECT coalesce(string_agg(format('ALTER PUBLICATION %I SET (publish = ''insert''); ', "
    "pubname),"
    " ''), ''), coalesce(string_agg(format('; ALTER PUBLICATION %I SET (publish = %L)', pubname,"
    " concat_ws(', ', CASE WHEN pubinsert THEN 'insert' END, CASE WHEN pubupdate THEN 'update' END,"
    " 'delete', CASE WHEN pubtruncate THEN 'truncate' END)), ''), '') FROM pg_publication "
    "WHERE pubdelete";

/* Rows that a materialized view still holds would stop a unique index on it. One that cannot be
 * computed now keeps what it has. */
static const char refill_views[] =
    "; DO $$ DECLARE v regclass; BEGIN FOR v IN SELECT oid FROM pg_catalog.pg_class WHERE relkind "
    "= "
    "'m' AND relispopulated ORDER BY oid LOOP BEGIN EXECUTE 'REFRESH MATERIALIZED VIEW ' || v; "
    "EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; END $$";

int pg_empty(struct session *s, const struct catalog *cat, struct err *e)
{
    PGresult *r;
    if (pg_at_rest(s, e) || pg_query(s, deletes_published, &r, e))
        return -1;
    struct arena *mem = arena_new(0);
    struct strbuf b = sb_new(mem, 0);
    sb_str(&b, pg_value(r, 0, 0));
    /* Other tables keep their rows, whatever these mean to them. */
    sb_c(&b, "SET session_replication_role = replica; ");
    for (uint32_t i = 0; i < cat->n; i++)
        if (holds_rows(&cat->v[i]))
            sql_fmt(&b, &pg_dialect, "DELETE FROM ONLY %S; ", pg_name(mem, cat->v[i].path, 2));
    sb_c(&b, "RESET session_replication_role");
    sb_str(&b, pg_value(r, 0, 1));
    sb_c(&b, refill_views);
    PQclear(r);
    int rc = pg_exec(s, b.p, e);
    arena_free(mem);
    return rc;
}

/* What is digested: a table, then its columns. */
struct part {
    const struct obj *table;
    const struct obj **columns;
    uint32_t n, cap;
};

/* A composite value's text grows with its type; that of a reg... type is a name, which may move. */
static bool is_plain(const struct catalog *cat, struct arena *mem, struct str type)
{
    if (str_starts(type, STR("reg")))
        return false;
    while (str_ends(type, STR("[]")))
        type = str_sub(type, 0, type.n - 2);
    for (uint32_t i = 0; i < cat->n; i++) {
        struct str path = cat->v[i].path, kind = path_kind(path);
        if ((str_eq(kind, STR("composite")) || str_eq(kind, STR("table"))) &&
            str_eq(pg_name(mem, path, 2), type))
            return false;
    }
    return true;
}

/* count and sum of hashes, which no order changes; by the type's own output, not by a cast that
 * somebody has made. Only a dotted name is a type of the database's own. */
static void put_column(const struct catalog *cat, struct arena *mem, struct strbuf *b,
                       const struct obj *o)
{
    struct str type = obj_text(mem, o, "type"), name = pg_last(mem, o->path);
    bool plain =
        str_chr(type, '.') == type.n ? !str_starts(type, STR("reg")) : is_plain(cat, mem, type);
    struct str text =
        plain ? pg_text(mem,
                        ", count(t.%S) || ' values ' || coalesce(sum(hashtextextended(concat("
                        "t.%S) COLLATE \"C\", 0)::numeric), 0)",
                        name, name)
              : pg_text(mem, ", sum((t.%S IS DISTINCT FROM NULL)::int) || ' values'", name);
    sb_str(b, text);
}

static void put_table(const struct catalog *cat, struct arena *mem, struct strbuf *b,
                      const struct part *p, uint32_t number)
{
    sql_fmt(b, &pg_dialect, "SELECT %d, concat_ws(E'\\n', count(*) || ' rows'", (int64_t)number);
    for (uint32_t i = 0; i < p->n; i++)
        put_column(cat, mem, b, p->columns[i]);
    sql_fmt(b, &pg_dialect, ") FROM ONLY %S t", pg_name(mem, p->table->path, 2));
}

struct digester {
    struct session *s;
    const struct catalog *cat;
    struct arena *mem;
    void (*put)(void *ctx, struct str path, struct str digest);
    void *ctx;
};

static void put_answer(const struct digester *d, const struct part *p, struct str lines)
{
    struct str line;
    if (str_cut(&lines, '\n', &line))
        d->put(d->ctx, p->table->path, line);
    for (uint32_t i = 0; i < p->n && str_cut(&lines, '\n', &line); i++)
        d->put(d->ctx, p->columns[i]->path, line);
}

static int ask(const struct digester *d, const struct part *parts, uint32_t n, struct err *e)
{
    struct strbuf b = sb_new(d->mem, 0);
    PGresult *r;
    for (uint32_t i = 0; i < n; i++) {
        sb_c(&b, i ? " UNION ALL " : "");
        put_table(d->cat, d->mem, &b, &parts[i], i);
    }
    if (!n)
        return 0;
    if (pg_query(d->s, b.p, &r, e))
        return -1;
    for (int row = 0; row < PQntuples(r); row++) {
        int64_t number = 0;
        if (str_int(pg_value(r, row, 0), &number) && number < n)
            put_answer(d, &parts[number], pg_value(r, row, 1));
    }
    PQclear(r);
    return 0;
}

/* A generated value follows from others, which may be converted. */
static bool is_stored(const struct obj *o)
{
    return str_eq(path_kind(o->path), STR("column")) && str_is_null(obj_raw(o, "generated"));
}

int pg_digest(struct session *s, const struct catalog *cat, struct arena *mem,
              void (*put)(void *ctx, struct str path, struct str digest), void *ctx, struct err *e)
{
    struct digester d = {s, cat, arena_new(0), put, ctx};
    struct part parts[TABLES_A_QUERY];
    uint32_t n = 0;
    int rc = pg_at_rest(s, e);
    (void)mem;
    for (uint32_t i = 0; !rc && i < cat->n; i++) {
        const struct obj *o = &cat->v[i];
        if (n && is_stored(o) && str_eq(path_parent(o->path), parts[n - 1].table->path)) {
            struct part *p = &parts[n - 1];
            if (p->n == p->cap)
                p->columns = vec_grow(d.mem, p->columns, &p->cap, sizeof *p->columns);
            p->columns[p->n++] = o;
        }
        if (!holds_rows(o))
            continue;
        if (n == TABLES_A_QUERY) {
            rc = ask(&d, parts, n, e);
            n = 0;
        }
        parts[n++] = (struct part){.table = o};
    }
    if (!rc)
        rc = ask(&d, parts, n, e);
    arena_free(d.mem);
    return rc;
}
