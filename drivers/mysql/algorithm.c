/* The table of algorithms; see algorithm.h. */

#include "drivers/mysql/algorithm.h"
#include "drivers/mysql/table.h"

static const struct {
    enum my_way mysql, mariadb;
    unsigned flags;
} rows[MY_DEEDS] = {
    [MY_ADD_COLUMN] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_ADD_COLUMN_BETWEEN] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_ADD_STORED] = {MY_COPY, MY_COPY, 0},
    [MY_ADD_VIRTUAL] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_ADD_VIRTUAL_BETWEEN] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_ADD_AUTO_INCREMENT] = {MY_SHARED, MY_SHARED, FX_REWRITE},
    [MY_DROP_COLUMN] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_DROP_STORED] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_DROP_VIRTUAL] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_DROP_VIRTUAL_BETWEEN] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_MOVE_COLUMN] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_CHANGE_TYPE] = {MY_COPY, MY_COPY, 0},
    [MY_DROP_AUTO_INCREMENT] = {MY_COPY, MY_INSTANT, 0},
    [MY_COLLATE] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_COLLATE_INDEXED] = {MY_COPY, MY_INPLACE, FX_INDEX | FX_SCAN},
    [MY_COLLATE_LABELS] = {MY_INSTANT, MY_COPY, 0},
    [MY_CHANGE_VIRTUAL] = {MY_COPY, MY_INSTANT, 0},
    [MY_SET_NOT_NULL] = {MY_INPLACE, MY_INPLACE, FX_REWRITE},
    [MY_SET_NULL] = {MY_INPLACE, MY_INPLACE, FX_REWRITE},
    [MY_WIDEN_TEXT] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_ADD_LABELS] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_SET_DEFAULT] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_SET_COMMENT] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_TABLE_CHARSET] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_ADD_INDEX] = {MY_INPLACE, MY_INPLACE, FX_INDEX | FX_SCAN},
    [MY_ADD_FULLTEXT] = {MY_SHARED, MY_SHARED, FX_INDEX | FX_SCAN},
    [MY_ADD_SPATIAL] = {MY_SHARED, MY_SHARED, FX_INDEX | FX_SCAN},
    [MY_ADD_FUNCTIONAL] = {MY_SHARED, MY_SHARED, FX_INDEX | FX_SCAN},
    [MY_INDEX_COMMENT] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_DROP_INDEX] = {MY_INPLACE, MY_INPLACE, 0},
    [MY_HIDE_INDEX] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_RENAME_INDEX] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_ADD_PRIMARY_KEY] = {MY_INPLACE, MY_INPLACE, FX_REWRITE},
    [MY_DROP_PRIMARY_KEY] = {MY_COPY, MY_COPY, 0},
    [MY_ADD_FOREIGN_KEY] = {MY_COPY, MY_COPY, 0},
    [MY_ADD_UNCHECKED] = {MY_INPLACE, MY_INPLACE, 0},
    [MY_DROP_FOREIGN_KEY] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_ADD_CHECK] = {MY_COPY, MY_COPY, 0},
    [MY_DROP_CHECK] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_ENFORCE_CHECK] = {MY_COPY, MY_COPY, 0},
    [MY_RELAX_CHECK] = {MY_INSTANT, MY_INSTANT, 0},
    [MY_PERIOD] = {MY_COPY, MY_COPY, 0},
    [MY_DROP_PERIOD] = {MY_COPY, MY_INSTANT, 0},
    [MY_ADD_VERSIONING] = {MY_COPY, MY_COPY, 0},
    [MY_DROP_VERSIONING] = {MY_COPY, MY_SHARED, FX_REWRITE},
    [MY_CHANGE_ENGINE] = {MY_COPY, MY_COPY, 0},
    [MY_REBUILD] = {MY_INPLACE, MY_INPLACE, FX_REWRITE},
    [MY_STATISTICS] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_OPTION] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_COUNTER] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_TABLE_COMMENT] = {MY_INPLACE, MY_INSTANT, 0},
    [MY_PARTITION] = {MY_COPY, MY_COPY, 0},
    [MY_ADD_PARTITION] = {MY_INPLACE, MY_INPLACE, 0},
    [MY_DROP_PARTITION] = {MY_INPLACE, MY_INPLACE, 0},
    [MY_REORGANIZE_PARTITION] = {MY_SHARED, MY_SHARED, FX_REWRITE},
    [MY_SPREAD_PARTITIONS] = {MY_SHARED, MY_SHARED, FX_REWRITE},
    [MY_RENAME] = {MY_INSTANT, MY_INSTANT, 0},
};

void my_note(struct my_work *w, enum my_deed deed)
{
    w->deeds |= UINT64_C(1) << deed;
}

static bool does(const struct my_work *w, enum my_deed deed)
{
    return (w->deeds & UINT64_C(1) << deed) != 0;
}

static bool any_of(const struct my_work *w, enum my_deed first, enum my_deed last)
{
    bool any = false;
    for (int i = (int)first; i <= (int)last; i++)
        any = any || does(w, (enum my_deed)i);
    return any;
}

const char *my_way_name(enum my_way way)
{
    static const char *const names[] = {"none", "ALGORITHM=INSTANT", "ALGORITHM=INPLACE, LOCK=NONE",
                                        "ALGORITHM=INPLACE, LOCK=SHARED",
                                        "ALGORITHM=COPY, LOCK=SHARED"};
    return names[way];
}

/* Each takes the metadata lock for a moment at its begin and end, and waits for open transactions.
 */
const char *my_way_blocks(enum my_way way)
{
    return way >= MY_SHARED ? "writes wait" : "reads and writes go on";
}

static bool is_text(struct str type)
{
    return str_starts(type, STR("varchar(")) || str_starts(type, STR("varbinary("));
}

static int64_t length_of(struct str type)
{
    int64_t n = 0;
    size_t open = str_chr(type, '(');
    str_int(str_sub(type, open + 1, str_chr(type, ')')), &n);
    return n;
}

/* Bytes of a value at most. */
static int64_t bytes_of(struct arena *mem, const struct obj *o)
{
    return length_of(obj_text(mem, o, "type")) *
           my_char_width(my_charset_of(obj_text(mem, o, "collation")));
}

/* Longer in bytes, and the length itself takes as many of them: one up to 255, then two. */
static bool widens(struct arena *mem, const struct obj *was, const struct obj *is)
{
    struct str a = obj_text(mem, was, "type"), b = obj_text(mem, is, "type");
    size_t head = str_chr(a, '(');
    if (!is_text(a) || !is_text(b) || !str_eq(str_sub(a, 0, head), str_sub(b, 0, str_chr(b, '('))))
        return false;
    int64_t had = bytes_of(mem, was), has = bytes_of(mem, is);
    return length_of(a) <= length_of(b) && (had > 255) == (has > 255);
}

/* The values' bytes mean the same: another order of the same characters, or a set that holds the
 * old one as it is. */
static bool keeps_bytes(struct arena *mem, const struct obj *was, const struct obj *is)
{
    struct str set = my_charset_of(obj_text(mem, was, "collation"));
    struct str other = my_charset_of(obj_text(mem, is, "collation"));
    bool fits = str_eq(obj_raw(was, "type"), obj_raw(is, "type")) || widens(mem, was, is);
    if (!set.n || !other.n || !fits)
        return false;
    return str_eq(set, other) || (str_eq(set, STR("utf8mb3")) && str_eq(other, STR("utf8mb4")) &&
                                  (!is_text(obj_text(mem, was, "type")) || widens(mem, was, is)));
}

/* A key of the table names the column. */
static bool is_indexed(const struct ddl *d, const struct obj *column)
{
    static const char *const kinds[] = {"primary_key", "index"};
    struct strbuf name = sb_new(d->mem, 0);
    my_put_name(&name, my_name(d->mem, column->path));
    for (size_t k = 0; k < 2; k++) {
        uint32_t n, nparts;
        const struct obj **list =
            my_below(d->mem, d->before, path_parent(column->path), kinds[k], &n);
        for (uint32_t i = 0; i < n; i++) {
            struct str *parts = my_list(d->mem, obj_raw(list[i], "parts"), &nparts);
            for (uint32_t p = 0; p < nparts; p++)
                if (str_starts(parts[p], sb_view(&name)))
                    return true;
        }
    }
    return false;
}

static bool is_labels(struct str type)
{
    return str_starts(type, STR("enum(")) || str_starts(type, STR("set("));
}

static bool adds_labels(struct str a, struct str b)
{
    return is_labels(a) && a.n < b.n && str_starts(b, str_sub(a, 0, a.n - 1)) &&
           b.p[a.n - 1] == ',';
}

static void note_column(const struct ddl *d, struct my_work *w, const struct obj *was,
                        const struct obj *is)
{
    struct str a = obj_text(d->mem, was, "type"), b = obj_text(d->mem, is, "type");
    bool stored = !obj_raw(was, "generated").n || obj_true(was, "stored");
    if (!my_same_attr(was, is, "collation"))
        my_note(w, !keeps_bytes(d->mem, was, is)  ? MY_CHANGE_TYPE
                   : is_labels(a) && is_labels(b) ? MY_COLLATE_LABELS
                   : is_indexed(d, was)           ? MY_COLLATE_INDEXED
                                                  : MY_COLLATE);
    if (!my_same_attr(was, is, "srid"))
        my_note(w, MY_CHANGE_TYPE);
    if (!my_same_attr(was, is, "generated"))
        my_note(w, stored || is_indexed(d, was) ? MY_CHANGE_TYPE : MY_CHANGE_VIRTUAL);
    if (obj_true(was, "auto_increment") != obj_true(is, "auto_increment"))
        my_note(w, obj_true(is, "auto_increment") ? MY_CHANGE_TYPE : MY_DROP_AUTO_INCREMENT);
    if (!str_eq(a, b))
        my_note(w, adds_labels(a, b)         ? MY_ADD_LABELS
                   : widens(d->mem, was, is) ? MY_WIDEN_TEXT
                                             : MY_CHANGE_TYPE);
    if (obj_true(was, "notnull") != obj_true(is, "notnull"))
        my_note(w, obj_true(is, "notnull") ? MY_SET_NOT_NULL : MY_SET_NULL);
    my_note(w, MY_SET_COMMENT);
}

/* ---- statements ---- */

/* What of a table decides beside what is done to it. */
struct state {
    bool mariadb;
    bool innodb;
    bool fulltext, stays;      /* an index of that type; and it stays */
    bool virtuals;             /* that stay */
    bool recluster, uncluster; /* the rows get another order; none of a key */
    bool versioned;
    bool compressed;
};

/* The rows lie in its order: the primary key, or a unique key of whole columns that hold no NULL.
 */
static bool is_clustering(const struct ddl *d, const struct view *v, const struct obj *key)
{
    uint32_t n;
    struct str *parts = my_list(d->mem, obj_raw(key, "parts"), &n);
    if (my_is_kind(key, "primary_key"))
        return true;
    if (!str_eq(obj_raw(key, "type"), STR("\"UNIQUE\"")))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        struct my_lex l = {parts[i], 0};
        struct my_tok name = my_next(&l);
        const struct obj *column = name.type == MY_NAME
                                       ? view_get(v, my_column_path(d->mem, path_parent(key->path),
                                                                    my_unquote(d->mem, name)))
                                       : NULL;
        if (!column || !obj_true(column, "notnull") || my_is_virtual(column) ||
            my_is_op(my_next(&l), '('))
            return false;
    }
    return true;
}

/* How many such keys a state has; *kept: one of them is there before and after. */
static uint32_t clusterings(const struct ddl *d, const struct view *v, struct str table, bool *kept)
{
    static const char *const kinds[] = {"primary_key", "index"};
    uint32_t all = 0;
    for (size_t k = 0; k < 2; k++) {
        uint32_t n;
        const struct obj **list = my_below(d->mem, v, table, kinds[k], &n);
        for (uint32_t i = 0; i < n; i++) {
            const struct obj *was = view_get(d->before, list[i]->path);
            const struct obj *is = view_get(d->after, list[i]->path);
            if (!is_clustering(d, v, list[i]))
                continue;
            all++;
            *kept = *kept ||
                    (was && is && my_same_attr(was, is, "parts") && my_same_attr(was, is, "type") &&
                     is_clustering(d, d->before, was) && is_clustering(d, d->after, is));
        }
    }
    return all;
}

static struct state state_of(const struct ddl *d, struct str table)
{
    struct state s = {.mariadb = my_for_mariadb(d)};
    const struct obj *t = view_get(d->before, table);
    struct view_iter it = view_iter(d->before, table);
    s.innodb = str_eq_fold_c(obj_text(d->mem, t, "engine"), "InnoDB");
    s.versioned = obj_true(t, "versioned");
    s.compressed = str_eq(jc_get(obj_raw(t, "options"), "ROW_FORMAT"), STR("\"COMPRESSED\"")) ||
                   jc_get(obj_raw(t, "options"), "KEY_BLOCK_SIZE").n;
    bool kept = false;
    uint32_t had = clusterings(d, d->before, table, &kept);
    uint32_t has = clusterings(d, d->after, table, &kept);
    s.recluster = !kept && (had || has);
    s.uncluster = had && !has;
    for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
        struct str kind = path_kind(o->path);
        if (str_eq(kind, STR("index")) && str_eq(obj_raw(o, "type"), STR("\"FULLTEXT\""))) {
            const struct obj *now = view_get(d->after, o->path);
            s.fulltext = true;
            s.stays =
                s.stays || (now && my_same_attr(o, now, "parts") && my_same_attr(o, now, "type"));
        }
        if (str_eq(kind, STR("column")))
            s.virtuals =
                s.virtuals || (my_is_virtual(o) && my_is_virtual(view_get(d->after, o->path)));
    }
    return s;
}

/* Where a column's place is all that changes the server keeps it beside the rows; together with
 * more, the rows are written anew. */
static bool moves_columns(const struct my_work *w)
{
    return any_of(w, MY_ADD_COLUMN, MY_MOVE_COLUMN);
}

static bool only(const struct my_work *w, uint64_t set)
{
    return !(w->deeds & ~set);
}

#define BIT(deed) (UINT64_C(1) << (deed))
#define ADDS_VIRTUAL (BIT(MY_ADD_VIRTUAL) | BIT(MY_ADD_VIRTUAL_BETWEEN) | BIT(MY_ADD_FUNCTIONAL))
#define DROPS_VIRTUAL (BIT(MY_DROP_VIRTUAL) | BIT(MY_DROP_VIRTUAL_BETWEEN))
#define VIRTUAL (ADDS_VIRTUAL | DROPS_VIRTUAL)
#define INDEXES (BIT(MY_ADD_INDEX) | BIT(MY_DROP_INDEX))

/* The dearest of the deeds, each by itself. */
static enum my_way dearest(const struct my_work *w, bool mariadb, unsigned *flags)
{
    enum my_way way = MY_INSTANT;
    *flags = 0;
    for (int i = 0; i < MY_DEEDS; i++) {
        enum my_way one = mariadb ? rows[i].mariadb : rows[i].mysql;
        if (!does(w, (enum my_deed)i) || (i == MY_DROP_PRIMARY_KEY && does(w, MY_ADD_PRIMARY_KEY)))
            continue;
        way = one > way ? one : way;
        *flags |= rows[i].flags;
    }
    return way;
}

static enum my_way at_least(enum my_way way, enum my_way least)
{
    return way < least ? least : way;
}

/* A virtual column has no rows of its own; what may be done in the same statement is little. */
static enum my_way with_virtual(const struct state *s, const struct my_work *w, enum my_way way)
{
    uint64_t drops = BIT(MY_DROP_COLUMN) | BIT(MY_DROP_STORED);
    if (does(w, MY_ADD_VIRTUAL_BETWEEN) && s->virtuals)
        return MY_COPY;
    if (s->mariadb)
        return only(w, VIRTUAL | INDEXES | drops) ? way : MY_COPY;
    if ((w->deeds & DROPS_VIRTUAL) && does(w, MY_ADD_COLUMN))
        return MY_COPY;
    return way == MY_INSTANT || only(w, VIRTUAL | INDEXES) ? way : MY_COPY;
}

/* What writes the rows anew beside those that always do. */
static bool writes_rows(const struct state *s, const struct my_work *w)
{
    bool easy = s->mariadb && s->fulltext == s->stays; /* to drop an index */
    struct my_work hard = {.deeds = w->deeds & ~(easy ? BIT(MY_DROP_INDEX) : 0)};
    unsigned ignored;
    bool keys = (w->deeds & INDEXES) != 0;
    if ((does(w, MY_ADD_FULLTEXT) && !s->fulltext) || (keys && s->recluster))
        return true;
    if (!moves_columns(w) || (w->deeds & VIRTUAL))
        return false;
    return s->compressed || s->stays || dearest(&hard, s->mariadb, &ignored) > MY_INSTANT;
}

static bool touches_rows(const struct my_work *w)
{
    return moves_columns(w) || does(w, MY_DROP_INDEX) || does(w, MY_DROP_PRIMARY_KEY) ||
           does(w, MY_WIDEN_TEXT) || does(w, MY_TABLE_CHARSET);
}

enum my_way my_way_of(const struct ddl *d, struct str table, const struct my_work *asked,
                      unsigned *flags)
{
    struct state s = state_of(d, table);
    struct my_work work = *asked, *w = &work;
    /* a unique key takes the place of the primary one */
    if (s.mariadb && does(w, MY_DROP_PRIMARY_KEY) && !s.uncluster)
        my_note(w, MY_ADD_PRIMARY_KEY);
    enum my_way way = dearest(w, s.mariadb, flags);
    if (w->deeds & VIRTUAL)
        way = with_virtual(&s, w, way);
    if (does(w, MY_ADD_COLUMN_BETWEEN) && s.mariadb && s.virtuals)
        way = MY_COPY;
    if (s.uncluster && (w->deeds & INDEXES))
        way = MY_COPY;
    if (writes_rows(&s, w)) {
        way = at_least(way, MY_INPLACE);
        *flags |= FX_REWRITE;
    }
    if (s.stays && (*flags & FX_REWRITE))
        way = at_least(way, s.mariadb ? MY_SHARED : MY_COPY);
    if (!s.innodb)
        way = *flags || way == MY_COPY || touches_rows(w) ? MY_COPY : MY_INSTANT;
    if (s.versioned && moves_columns(w))
        way = MY_COPY;
    if (way == MY_COPY)
        *flags |= FX_REWRITE;
    return way;
}

/* A table that stands there before the plan: a new one holds no rows yet. */
static bool is_used(const struct ddl *d, struct str table)
{
    return view_get(d->before, table) &&
           (!d->origin || (d->origin->n && cat_find(d->origin, table)));
}

/* gh-ost takes no table that foreign keys tie to others, and neither tool one with triggers by
 * itself. */
static const char *tool_for(const struct ddl *d, struct str table)
{
    const struct obj *t = view_get(d->before, table);
    if (t && obj_raw(t, "triggers").n)
        return "pt-online-schema-change --preserve-triggers makes it on a copy of the table, "
               "by --alter";
    uint32_t n;
    my_below(d->mem, d->before, table, "foreign_key", &n);
    if (n || my_is_referred(d, d->before, table))
        return "pt-online-schema-change makes it on a copy of the table, by --alter";
    return "gh-ost or pt-online-schema-change makes it on a copy of the table, by --alter";
}

uint32_t my_alter(struct ddl *d, struct str table, const struct my_work *w, struct str clauses)
{
    my_escapes(d, clauses, true);
    struct effect e = {.path = table, .stmt = d->stmts.n, .note = w->note};
    bool used = is_used(d, table);
    enum my_way way = used ? my_way_of(d, table, w, &e.flags) : MY_NOTHING;
    struct str name = my_name(d->mem, table);
    const char *gap = w->clauses > 1 ? "\n  " : " ";
    bool asks = d->online && (way == MY_INSTANT || way == MY_INPLACE);
    if (asks && !w->on_parts)
        my_ddl(d, 0, "ALTER TABLE %I%s%S,%s%s", name, gap, clauses, gap, my_way_name(way));
    else if (asks && !my_for_mariadb(d)) /* MariaDB takes no way of these */
        my_ddl(d, 0, "ALTER TABLE %I %s, %S", name, my_way_name(way), clauses);
    else
        my_ddl(d, 0, "ALTER TABLE %I%s%S", name, gap, clauses);
    my_escapes(d, clauses, false);
    if (!used)
        return e.stmt;
    e.level = (int)way;
    e.lock = my_way_name(way);
    e.blocks = my_way_blocks(way);
    if (way >= MY_SHARED && !does(w, MY_ADD_FOREIGN_KEY)) { /* the tools rename foreign keys */
        e.safer = tool_for(d, table);
        e.body = clauses;
    }
    VEC_PUSH(d->mem, d->effects, e);
    return e.stmt;
}

void my_locks_parent(struct ddl *d, uint32_t stmt, const struct obj *fk, enum my_deed deed)
{
    struct str table = my_top(d->mem, "table", obj_text(d->mem, fk, "ref_table"));
    bool copies = deed == MY_ADD_FOREIGN_KEY && is_used(d, path_parent(fk->path));
    if (!str_is_null(obj_raw(fk, "ref_schema")) || str_eq(table, path_parent(fk->path)) ||
        !is_used(d, table) || (deed == MY_ADD_UNCHECKED && my_for_mariadb(d)))
        return;
    struct effect e = {.path = table,
                       .stmt = stmt,
                       .level = (int)(copies ? MY_SHARED : MY_INSTANT),
                       .lock = "metadata lock",
                       .blocks = copies ? "writes wait" : "open transactions are waited for",
                       .flags = FX_BESIDES,
                       .note = "the foreign key refers to it"};
    VEC_PUSH(d->mem, d->effects, e);
}

void my_warns(struct ddl *d, enum hazard_code code, struct str path, const char *why)
{
    if (is_used(d, path_top(path)))
        ddl_hazard(d, code, path, "%s", why);
}

void my_depends(struct ddl *d, struct str path, const char *why)
{
    my_warns(d, HZ_DATA_DEPENDENT, path, why);
}

enum my_deed my_option_deed(struct str key)
{
    return str_starts(key, STR("STATS_")) ? MY_STATISTICS
           : (key.n && key.p[0] == '`') ||
                   word_in("ROW_FORMAT,KEY_BLOCK_SIZE,ENCRYPTION,TABLESPACE", key)
               ? MY_REBUILD
               : MY_OPTION;
}

void my_change_column(struct ddl *d, struct my_work *w, const struct obj *was, const struct obj *is)
{
    struct str b = obj_text(d->mem, is, "type");
    struct my_work one = {0};
    note_column(d, &one, was, is);
    w->deeds |= one.deeds;
    /* on MariaDB NULL in a timestamp becomes the current time */
    if (!obj_true(was, "notnull") && obj_true(is, "notnull") &&
        !(my_for_mariadb(d) && str_starts(b, STR("timestamp"))))
        my_depends(d, is->path, "fails where a row holds NULL");
    my_name_equals(d, was, is);
    if (does(&one, MY_CHANGE_TYPE))
        my_name_values(d, was, is);
}

static void hazard(struct ddl *d, const struct effect *e, enum hazard_code code, const char *what)
{
    for (uint32_t i = 0; i < d->hazards.n; i++)
        if (d->hazards.v[i].code == code && str_eq(d->hazards.v[i].path, e->path))
            return;
    ddl_hazard(d, code, e->path, "%s: %s, %s", e->lock, what, e->blocks);
}

void my_effects(struct ddl *d)
{
    for (uint32_t i = 0; i < d->effects.n; i++) {
        const struct effect *e = &d->effects.v[i];
        if (e->flags & FX_REWRITE)
            hazard(d, e, HZ_REWRITE, "every row is written again");
        else if (e->flags & FX_INDEX)
            hazard(d, e, HZ_INDEX_BUILD, "the index is built");
        else if (e->flags & FX_SCAN)
            hazard(d, e, HZ_SCAN, "every row is read");
    }
}
