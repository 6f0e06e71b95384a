/* Texts of the queries, whole or cut down to some objects; prepared statements. See ask.h. */

#include "drivers/postgresql/ask.h"

#include <string.h>

#include "core/catalog.h"
#include "drivers/sql/query.h"

bool pg_is_kind(const struct sql_query *q)
{
    static const char *const others = "depend,inventory,ledger,unmodelled,watermark";
    return strcmp(q->engine, "postgresql") == 0 && !word_in(others, str_c(q->name));
}

int pg_ask(struct session *s, const char *name, struct err *e)
{
    struct arena *mem = arena_new(0);
    int rc = pg_pipe_send(s, sql_query(mem, "postgresql", name, s->version), e);
    arena_free(mem);
    return rc;
}

/* The next column that is a segment of the path:  AS "table:"  gives table. */
static bool next_segment(struct str *sql, struct str *tag)
{
    struct str head = STR(" AS \"");
    for (;;) {
        size_t at = str_find(*sql, head);
        if (at == sql->n)
            return false;
        *sql = str_from(*sql, at + head.n);
        *tag = str_sub(*sql, 0, str_chr(*sql, '"'));
        if (tag->n > 1 && str_ends(*tag, STR(":"))) {
            tag->n--;
            return true;
        }
    }
}

static bool lies_below(struct str tag, struct str parent)
{
    int kind = engine_kind(&engine_postgresql, tag);
    return kind >= 0 && word_in(engine_postgresql.kinds[kind]->parents, parent);
}

static bool is_holder(struct str tag)
{
    int kind = engine_kind(&engine_postgresql, tag);
    return kind >= 0 && (engine_postgresql.kinds[kind]->flags & KF_HOLDER);
}

/* Rows of the objects whose first name is one of $1 and, where that only holds others, whose second
 * one is of $2. There may be more rows than that. */
static void put_part(struct strbuf *out, struct str sql)
{
    struct str rest = sql, first = STR_NULL, tag;
    const char *word = " AND (";
    sb_printf(out, "SELECT * FROM (%.*s) q WHERE ", STR_ARG(sql));
    (void)next_segment(&rest, &first);
    sb_printf(out, "q.\"%.*s:\" = ANY ($1)", STR_ARG(first));
    while (is_holder(first) && next_segment(&rest, &tag)) {
        if (!lies_below(tag, first))
            continue;
        sb_printf(out, "%sq.\"%.*s:\" = ANY ($2)", word, STR_ARG(tag));
        word = " OR ";
    }
    sb_c(out, strcmp(word, " OR ") == 0 ? ")" : "");
}

static void put_prepare(struct session *s, struct arena *mem, const char *name, bool part,
                        struct strbuf *out)
{
    struct str sql = str_c(sql_query(mem, "postgresql", name, s->version));
    sb_printf(out, "PREPARE snap_%s_%s", part ? "part" : "all", name);
    sb_c(out, part ? " (text[], text[]) AS " : " AS ");
    if (part)
        put_part(out, sql);
    else
        sb_str(out, sql);
}

static int prepare(struct session *s, bool part, struct err *e)
{
    struct arena *mem = arena_new(0);
    struct err none;
    int rc = pg_pipe_open(s, e);
    for (const struct sql_query *q = sql_queries; q->text && !rc; q++) {
        struct strbuf one = sb_new(mem, 0);
        if (!pg_is_kind(q))
            continue;
        put_prepare(s, mem, q->name, part, &one);
        rc = pg_pipe_send(s, sb_view(&one).p, e);
    }
    if (!rc && (rc = pg_pipe_sync(s, e)) == 0) {
        for (const struct sql_query *q = sql_queries; q->text && !rc; q++)
            rc = pg_is_kind(q) ? pg_pipe_take(s, NULL, NULL, e) : 0;
        pg_pipe_skip(s);
    }
    if (pg_pipe_close(s, rc ? &none : e))
        rc = -1;
    arena_free(mem);
    return rc;
}

/* The first and the second names of the paths, as two arrays. */
static struct str arguments(const struct scope *scope, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    for (int k = 0; k < 2; k++) {
        sb_c(&b, k ? "]::text[], ARRAY[" : "(ARRAY[");
        for (uint32_t i = 0, used = 0; i < scope->nonly; i++) {
            size_t first = str_chr(scope->only[i], '/');
            struct str head = str_sub(scope->only[i], 0, first);
            struct str segment = k ? str_from(scope->only[i], first + 1) : head;
            if (segment.n)
                sql_fmt(&b, &pg_dialect, used++ ? ",%L" : "%L", path_name(mem, segment));
        }
    }
    sb_c(&b, "]::text[])");
    return sb_view(&b);
}

int pg_asking(struct asking *a, struct session *s, const struct scope *scope, struct arena *mem,
              struct err *e)
{
    bool part = scope->only != NULL;
    *a = (struct asking){s, STR_NULL};
    if (!s->scratch)
        return 0;
    if (part)
        a->part = arguments(scope, mem);
    if (s->prepared[part])
        return 0;
    s->prepared[part] = prepare(s, part, e) == 0;
    return s->prepared[part] ? 0 : -1;
}

int pg_ask_kind(const struct asking *a, const char *name, struct err *e)
{
    if (!a->s->scratch)
        return pg_ask(a->s, name, e);
    struct arena *mem = arena_new(0);
    bool part = !str_is_null(a->part);
    struct str sql = arena_printf(mem, "EXECUTE snap_%s_%s%.*s", part ? "part" : "all", name,
                                  STR_ARG(part ? a->part : STR("")));
    int rc = pg_pipe_send(a->s, sql.p, e);
    arena_free(mem);
    return rc;
}
