/*
 * Rows for the proof: some into every table that takes them. Triggers and foreign keys sleep
 * meanwhile (session_replication_role); rows that a foreign key would not have let in are taken out
 * again.
 */

#include "drivers/postgresql/rows.h"

#include <stdlib.h>
#include <string.h>

#include "drivers/postgresql/values.h"
#include "drivers/sql/lex.h"

enum {
    ROWS = 3,
    FIRST_ODD = 4,
    LAST_ODD = 7,
    MAX_LITERALS = 6,
    MAX_CHECKED = 4,
    MORE_WAYS = 12,
    MAX_PASSES = 8
};

/* A column that an INSERT may name. */
struct fill_column {
    struct str name;
    struct fill_type type;
    bool known, notnull, has_default;
    struct str literal[MAX_LITERALS]; /* that a CHECK names beside it, as SQL */
    uint32_t nliterals;
};
struct fill_table {
    struct str name; /* as SQL */
    struct fill_column *v;
    uint32_t n, cap;
};

/* Types that columns have and what they are made of. The label of an enum may hold anything but the
 * byte that stands between two. */
static const char types_sql[] =
    "SELECT t.oid, t.typname, t.typcategory, CASE WHEN t.typtype = 'd' THEN t.typbasetype "
    "WHEN t.typtype IN ('r', 'm') THEN (SELECT r.rngsubtype FROM pg_range r WHERE r.rngtypid = "
    "t.oid%s) ELSE t.typelem END, t.typtype, t.typtypmod, "
    "(SELECT string_agg(e.enumlabel, E'\\x01' ORDER BY e.enumsortorder) FROM pg_enum e "
    "WHERE e.enumtypid = t.oid), "
    "(SELECT count(*) FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND "
    "NOT a.attisdropped) FROM pg_type t WHERE t.typtype <> 'p' AND "
    "(t.typrelid = 0 OR t.typnamespace <> 'pg_catalog'::regnamespace)";

/* In the order of the tables. The texts: conditions that a row must fulfil, those of its domain. */
static const char columns_sql[] =
    "SELECT n.nspname, c.relname, a.attname, a.atttypid, a.atttypmod, "
    "a.attnotnull OR t.typnotnull, a.atthasdef OR a.attidentity <> '', "
    "(SELECT string_agg(pg_get_constraintdef(k.oid), ' ') FROM pg_constraint k "
    "WHERE k.contypid = a.atttypid), "
    "CASE WHEN lag(c.oid) OVER (ORDER BY c.oid, a.attnum) IS DISTINCT FROM c.oid THEN concat(CASE "
    "WHEN c.relispartition THEN "
    "pg_get_partition_constraintdef(c.oid) END, ' ', (SELECT string_agg(pg_get_constraintdef("
    "k.oid), ' ') FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'c')) END "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = "
    "c.relnamespace JOIN pg_type t ON t.oid = a.atttypid WHERE c.relkind = 'r' AND "
    "c.relpersistence <> 't' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '' AND "
    "n.nspname <> ALL ('{pg_catalog,information_schema,pg_toast}') ORDER BY c.oid, a.attnum";

/* Takes out what a foreign key points nowhere with. */
static const char strays_sql[] =
    "SELECT format('DELETE FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)', "
    "CASE r.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END || k.conrelid::regclass, "
    "string_agg(format('c.%I IS NOT NULL', a.attname), ' AND '), "
    "CASE f.relkind WHEN 'p' THEN '' ELSE 'ONLY ' END || k.confrelid::regclass, "
    "string_agg(format('p.%I OPERATOR(%I.%s) c.%I', b.attname, n.nspname, o.oprname, a.attname), "
    "' AND ')) FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid "
    "JOIN pg_class f ON f.oid = k.confrelid "
    "CROSS JOIN LATERAL unnest(k.conkey, k.confkey, k.conpfeqop) AS u(mine, theirs, op) "
    "JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = u.mine "
    "JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = u.theirs "
    "JOIN pg_operator o ON o.oid = u.op JOIN pg_namespace n ON n.oid = o.oprnamespace "
    "WHERE k.contype = 'f' AND k.conparentid = 0 "
    "GROUP BY k.oid, k.conrelid, k.confrelid, r.relkind, f.relkind ORDER BY k.oid";

struct filler {
    struct session *s;
    struct arena *mem; /* for the time of the filling */
    struct fill_types types;
};

static int64_t number_of(struct str s)
{
    int64_t n = 0;
    (void)str_int(s, &n);
    return n;
}

static struct str *labels_of(struct arena *mem, struct str text, uint32_t *n)
{
    VEC(struct str) list = {0};
    struct str one;
    while (text.n && str_cut(&text, '\x01', &one))
        VEC_PUSH(mem, list, one);
    *n = list.n;
    return list.v;
}

static int read_types(struct filler *f, struct err *e)
{
    PGresult *r;
    const char *multi = f->s->version >= 14 ? " OR r.rngmultitypid = t.oid" : "";
    if (pg_query(f->s, arena_printf(f->mem, types_sql, multi).p, &r, e))
        return -1;
    for (int i = 0; i < PQntuples(r); i++) {
        struct str cell[8];
        for (int k = 0; k < 8; k++)
            cell[k] = arena_str(f->mem, pg_value(r, i, k));
        struct fill_type t = {.oid = cell[0],
                              .name = cell[1],
                              .category = cell[2],
                              .element = cell[3],
                              .type = cell[4].n ? cell[4].p[0] : 'b',
                              .typmod = -1,
                              .domain_typmod = number_of(cell[5]),
                              .nattrs = (uint32_t)number_of(cell[7])};
        t.labels = labels_of(f->mem, cell[6], &t.nlabels);
        VEC_PUSH(f->mem, f->types, t);
    }
    PQclear(r);
    fill_types_sort(&f->types);
    return 0;
}

static void push_literal(struct fill_column *col, struct str text)
{
    if (col->nliterals < MAX_LITERALS)
        col->literal[col->nliterals++] = text;
}

/* A number is a bound as often as a value; beside a text it is its length. */
static void add_literal(struct filler *f, struct fill_column *col, struct tok t)
{
    int64_t n;
    if (t.type == T_NUMBER && str_int(t.text, &n) && n >= 0 && n < 1000000000) {
        bool length = str_eq(col->type.category, STR("S")) && n < 1000;
        for (int64_t k = n + 1; k >= n - 1; k--)
            push_literal(col,
                         arena_printf(f->mem, length ? "repeat('a', %lld)" : "%lld", (long long)k));
        return;
    }
    push_literal(col, t.text);
}

/* Values that a condition lists are the best guess at what it lets in: those behind a column's name
 * are for it. `only`: the column that VALUE stands for, or NULL. */
static void add_literals(struct filler *f, struct fill_table *t, struct fill_column *only,
                         struct str text)
{
    struct lexer l = lex_open(arena_str(f->mem, text));
    struct fill_column *col = only;
    bool cast = false;
    for (struct tok tok = lex_next(&l); tok.type != T_END; tok = lex_next(&l)) {
        if ((tok.type == T_WORD || tok.text.p[0] == '"') && !cast && !only) {
            struct str name = tok_name(f->mem, tok);
            for (uint32_t k = 0; k < t->n; k++)
                col = str_eq(t->v[k].name, name) ? &t->v[k] : col;
        } else if ((tok.type == T_STRING || tok.type == T_NUMBER) && col) {
            add_literal(f, col, tok);
        }
        if (tok.text.p[0] == '[') /* of ARRAY[...]: no name here, as it is elsewhere */
            l.at = tok.at + 1;
        cast = tok_is_op(tok, "::") || (tok_is_op(tok, ":") && tok.at > 0);
    }
}

static void put_value(struct filler *f, struct strbuf *out, const struct fill_column *col, int i,
                      enum manner m)
{
    if (m == NORMAL && i == ROWS && !col->notnull) {
        sb_c(out, "NULL");
        return;
    }
    struct str v = col->known ? fill_value(f->mem, &f->types, &col->type, i, m) : STR_NULL;
    if (!str_is_null(v))
        sql_literal(out, &pg_dialect, v);
    else if (col->has_default || !col->notnull)
        sb_c(out, col->has_default ? "DEFAULT" : "NULL");
    else
        sb_printf(out, "'%d'", i);
}

/* The literal that column number k takes in this way, or absent: its own value. Bit k of the first
 * ways says which columns take one; then all do, in turns that differ from column to column. */
static struct str literal_of(const struct fill_column *col, uint32_t k, int i, unsigned way,
                             unsigned plain_ways)
{
    if (!col->nliterals || (way < plain_ways && !(way >> k & 1)))
        return STR_NULL;
    uint32_t turn = way < plain_ways ? 0 : way * (2 * k + 1) + way / 5 * k;
    return col->literal[((uint32_t)(i - 1) + turn) % col->nliterals];
}

/* How a row is tried. */
struct way {
    enum manner manner;
    unsigned number, plain;
    bool least; /* only what has to be there */
};

static void put_row(struct filler *f, struct strbuf *out, const struct fill_table *t, int i,
                    const struct way *w)
{
    uint32_t checked = 0;
    sb_char(out, '(');
    for (uint32_t k = 0; k < t->n; k++) {
        const struct fill_column *col = &t->v[k];
        struct str literal = literal_of(col, checked, i, w->number, w->plain);
        checked += col->nliterals > 0;
        sb_c(out, k ? ", " : "");
        if (w->least && (col->has_default || !col->notnull))
            sb_c(out, col->has_default ? "DEFAULT" : "NULL");
        else if (!str_is_null(literal))
            sb_str(out, literal);
        else
            put_value(f, out, col, i, w->manner);
    }
    sb_char(out, ')');
}

int pg_try(struct session *s, const char *sql, bool *done, struct err *e)
{
    PGresult *r = pg_run(s, sql, false);
    ExecStatusType status = PQresultStatus(r);
    *done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    int rc = 0;
    if (!*done) {
        pg_error(s, r, "a row", e);
        rc = (e->code == E_CANNOT_OPEN || e->code == E_TORN) && PQstatus(s->db) == CONNECTION_OK
                 ? 0
                 : -1;
    }
    PQclear(r);
    return rc;
}

static struct strbuf insert_into(struct filler *f, const struct fill_table *t)
{
    struct strbuf b = sb_new(f->mem, 0);
    sql_fmt(&b, &pg_dialect, "INSERT INTO %S (", t->name);
    for (uint32_t k = 0; k < t->n; k++)
        sql_fmt(&b, &pg_dialect, k ? ", %I" : "%I", t->v[k].name);
    sb_c(&b, ") OVERRIDING SYSTEM VALUE VALUES ");
    return b;
}

/* Row i in the first way that its constraints let in; a row that none does is no row for the proof.
 */
static int insert_row(struct filler *f, const struct fill_table *t, int i, enum manner m,
                      struct err *e)
{
    uint32_t checked = 0;
    bool done = false;
    for (uint32_t k = 0; k < t->n; k++)
        checked += t->v[k].nliterals > 0;
    unsigned plain = 1u << (checked < MAX_CHECKED ? checked : MAX_CHECKED);
    unsigned ways = checked ? plain + MORE_WAYS : 1;
    for (unsigned n = 0; n < 2 * ways && !done; n++) {
        struct arena_mark mark = arena_mark(f->mem);
        struct strbuf b = insert_into(f, t);
        struct way w = {n < ways ? m : FULL, n % ways, plain, n >= ways};
        put_row(f, &b, t, i, &w);
        int rc = pg_try(f->s, b.p, &done, e);
        arena_release(f->mem, mark);
        if (rc)
            return -1;
    }
    return 0;
}

/* All rows at once, where nothing is against it, which saves round trips; else one by one. */
static int fill_table(struct filler *f, const struct fill_table *t, enum manner m, struct err *e)
{
    int last = m == NORMAL ? LAST_ODD : ROWS;
    bool done;
    struct strbuf b = insert_into(f, t);
    for (int i = 1; i <= last; i++) {
        sb_c(&b, i > 1 ? ", " : "");
        struct way w = {i >= FIRST_ODD ? ODD : m, 0, 1, false};
        put_row(f, &b, t, i, &w);
    }
    sb_c(&b, " ON CONFLICT DO NOTHING");
    if (pg_try(f->s, b.p, &done, e))
        return -1;
    for (int i = 1; i <= last && !done; i++)
        if (insert_row(f, t, i, i >= FIRST_ODD ? ODD : m, e))
            return -1;
    return 0;
}

static void add_column(struct filler *f, struct fill_table *t, const PGresult *r, int row)
{
    struct fill_column col = {.name = arena_str(f->mem, pg_value(r, row, 2)),
                              .notnull = str_eq(pg_value(r, row, 5), STR("t")),
                              .has_default = str_eq(pg_value(r, row, 6), STR("t"))};
    const struct fill_type *type = fill_type_find(&f->types, pg_value(r, row, 3));
    col.known = type != NULL;
    if (type) {
        col.type = *type;
        col.type.typmod = number_of(pg_value(r, row, 4));
    }
    add_literals(f, t, &col, pg_value(r, row, 7));
    VEC_PUSH(f->mem, *t, col);
}

static bool same_table(const PGresult *r, int a, int b)
{
    return str_eq(pg_value(r, a, 0), pg_value(r, b, 0)) &&
           str_eq(pg_value(r, a, 1), pg_value(r, b, 1));
}

/* Tables of cat among the rows of columns_sql. */
static int fill_tables(struct filler *f, const struct catalog *cat, const PGresult *r,
                       enum manner m, struct err *e)
{
    for (int i = 0, k; i < PQntuples(r); i = k) {
        struct arena_mark mark = arena_mark(f->mem);
        struct str schema = pg_value(r, i, 0), name = pg_value(r, i, 1), conditions = STR("");
        struct str path = path_join(f->mem, path_join(f->mem, STR(""), STR("schema"), schema),
                                    STR("table"), name);
        struct fill_table t = {.name = pg_text(f->mem, "%I.%I", schema, name)};
        for (k = i; k < PQntuples(r) && same_table(r, i, k); k++) {
            add_column(f, &t, r, k);
            conditions = pg_value(r, k, 8).n ? pg_value(r, k, 8) : conditions;
        }
        add_literals(f, &t, NULL, conditions);
        int rc = cat_find(cat, path) ? fill_table(f, &t, m, e) : 0;
        arena_release(f->mem, mark);
        if (rc)
            return -1;
    }
    return 0;
}

/* A stray taken out may be what another row points to. */
static int remove_strays(struct filler *f, struct err *e)
{
    PGresult *keys;
    int rc = pg_query(f->s, strays_sql, &keys, e);
    bool more = !rc;
    for (int pass = 0; more && !rc && pass < MAX_PASSES; pass++) {
        more = false;
        for (int i = 0; !rc && i < PQntuples(keys); i++) {
            PGresult *r;
            rc = pg_query(f->s, PQgetvalue(keys, i, 0), &r, e);
            more = more || (!rc && strcmp(PQcmdTuples(r), "0") != 0);
            PQclear(r);
        }
    }
    PQclear(keys);
    return rc;
}

static int fill_all(struct session *s, const struct catalog *cat, enum manner m, struct err *e)
{
    struct filler f = {.s = s, .mem = arena_new(0)};
    PGresult *r = NULL;
    int rc = pg_at_rest(s, e);
    if (!rc)
        rc = pg_exec(s, "SET session_replication_role = replica", e);
    if (!rc)
        rc = read_types(&f, e);
    if (!rc)
        rc = pg_query(s, columns_sql, &r, e);
    /* what a default or a CHECK calls may look for its own things where people have them */
    if (!rc)
        rc = pg_exec(s, "SET search_path = pg_catalog, public", e);
    if (!rc)
        rc = fill_tables(&f, cat, r, m, e);
    PQclear(r);
    if (!rc)
        rc = pg_exec(s, "SET search_path = pg_catalog", e);
    if (!rc)
        rc = remove_strays(&f, e);
    if (!rc)
        rc = pg_exec(s, "RESET session_replication_role", e);
    arena_free(f.mem);
    return rc;
}

int pg_fill(struct session *s, const struct catalog *cat, struct err *e)
{
    return fill_all(s, cat, NORMAL, e);
}

int pg_refill(struct session *s, const struct catalog *cat, unsigned plain, struct err *e)
{
    return fill_all(s, cat, plain == 1 ? FULL : NUMBERS, e);
}
