/*
 * One ALTER TABLE for all that changes in a table, from its states before and after. What the
 * server cannot do in one goes into a statement before or behind it: an index that differs only in
 * how it is built (in one statement the server keeps the old one), and what is done to partitions.
 */

#include "drivers/mysql/algorithm.h"
#include "drivers/mysql/partition.h"
#include "drivers/mysql/table.h"

#include <stdarg.h>

struct clauses {
    struct ddl *d;
    struct str table;           /* path */
    const struct obj *was, *is; /* the table */
    struct strbuf text;         /* of the statement */
    struct my_work work;        /* what it does */
    struct my_inheriting
        inheriting;     /* behind it: columns with a character set from the table's past */
    struct strbuf bare; /* and then: columns without a default */
    struct str tail;    /* of the next statement, behind its clauses without a comma */
    bool mariadb;
    bool restates; /* every key anew */
    bool recased;  /* a key's name changes in case alone */
};

static void clause(struct clauses *c, enum my_deed deed, const char *fmt, ...)
{
    va_list ap;
    my_note(&c->work, deed);
    c->work.clauses++;
    if (c->text.n)
        sb_c(&c->text, ",\n  ");
    va_start(ap, fmt);
    sql_vfmt(&c->text, &my_dialect, fmt, ap);
    va_end(ap);
}

static void flush(struct clauses *c)
{
    if (c->tail.n) {
        my_note(&c->work, MY_PARTITION);
        c->work.clauses++;
        sb_printf(&c->text, "%s%.*s", c->text.n ? "\n  " : "", STR_ARG(c->tail));
        c->tail = STR("");
    }
    if (c->text.n)
        my_alter(c->d, c->table, &c->work, sb_view(&c->text));
    c->text = sb_new(c->d->mem, 0);
    c->work = (struct my_work){0};
}

/* The fact of the same path in the other state, or NULL. */
static const struct obj *other(const struct view *v, const struct obj *o)
{
    return view_get(v, o->path);
}

/* ---- keys ---- */

static bool is_fulltext(const struct obj *o)
{
    return str_eq(obj_raw(o, "type"), STR("\"FULLTEXT\""));
}

/* In the other state stands the same index under another name: MariaDB renames it. */
static bool is_renamed(const struct clauses *c, const struct obj *o, const struct view *there,
                       const struct view *here)
{
    uint32_t n;
    const struct obj **list = my_below(c->d->mem, there, c->table, "index", &n);
    for (uint32_t i = 0; i < n && c->mariadb && !is_fulltext(o) && !other(there, o); i++)
        if (!other(here, list[i]) && !my_key_differs(list[i], o))
            return true;
    return false;
}

static void drop_key(struct clauses *c, const struct obj *o)
{
    if (is_renamed(c, o, c->d->after, c->d->before))
        clause(c, MY_RENAME_INDEX, "DROP INDEX %I", my_name(c->d->mem, o->path));
    else if (my_is_kind(o, "primary_key"))
        clause(c,
               my_key_comments(o, other(c->d->after, o)) ? MY_INDEX_COMMENT : MY_DROP_PRIMARY_KEY,
               "DROP PRIMARY KEY");
    else if (my_key_comments(o, other(c->d->after, o)))
        clause(c, MY_INDEX_COMMENT, "DROP INDEX %I", my_name(c->d->mem, o->path));
    else
        clause(c, MY_DROP_INDEX, "DROP INDEX %I", my_name(c->d->mem, o->path));
}

static bool is_new_column(const struct ddl *d, const struct obj *was, const struct obj *is);

static bool is_uncastable(const struct ddl *d, const struct obj *a, const struct obj *b);

/* A column of the key comes with this statement, and is virtual. */
static bool is_new_virtual(const struct clauses *c, const struct obj *column)
{
    const struct obj *was = other(c->d->before, column);
    return my_is_virtual(column) && (!was || is_new_column(c->d, was, column));
}

/* It comes again with a type of another family, and the server takes the old lengths for its keys.
 */
static bool is_recast(const struct clauses *c, const struct obj *column)
{
    const struct obj *was = other(c->d->before, column);
    return was && is_uncastable(c->d, was, column);
}

/* A column of the key is so. */
static bool is_on(const struct clauses *c, const struct obj *key,
                  bool (*is)(const struct clauses *, const struct obj *))
{
    uint32_t n, nparts;
    const struct obj **list = my_below(c->d->mem, c->d->after, c->table, "column", &n);
    struct str *parts = my_list(c->d->mem, obj_raw(key, "parts"), &nparts);
    for (uint32_t i = 0; i < n; i++) {
        struct strbuf name = sb_new(c->d->mem, 0);
        my_put_name(&name, my_name(c->d->mem, list[i]->path));
        if (!is(c, list[i]))
            continue;
        for (uint32_t k = 0; k < nparts; k++)
            if (str_starts(parts[k], sb_view(&name)))
                return true;
    }
    return false;
}

static bool key_goes(const struct clauses *c, const struct obj *was, const struct obj *is)
{
    return my_key_differs(was, is) || is_on(c, is, is_recast);
}

static enum my_deed key_deed(const struct clauses *c, const struct obj *o)
{
    struct str type = obj_raw(o, "type");
    return my_is_kind(o, "primary_key")        ? MY_ADD_PRIMARY_KEY
           : str_eq(type, STR("\"FULLTEXT\"")) ? MY_ADD_FULLTEXT
           : str_eq(type, STR("\"SPATIAL\""))  ? MY_ADD_SPATIAL
           : str_find(obj_raw(o, "parts"), STR("\"(")) < obj_raw(o, "parts").n ||
                   is_on(c, o, is_new_virtual)
               ? MY_ADD_FUNCTIONAL
               : MY_ADD_INDEX;
}

static bool is_unique(const struct obj *o)
{
    return o && (my_is_kind(o, "primary_key") || str_eq(obj_raw(o, "type"), STR("\"UNIQUE\"")));
}

/* A key goes that has the same name but for its case. */
static bool is_recased(const struct clauses *c, const struct obj *o)
{
    uint32_t n;
    const struct obj **list = my_below(c->d->mem, c->d->before, c->table, "index", &n);
    for (uint32_t i = 0; i < n; i++)
        if (str_eq_fold(list[i]->path, o->path) && !other(c->d->after, list[i]) &&
            !other(c->d->before, o))
            return true;
    return false;
}

static void add_key(struct clauses *c, const struct obj *o)
{
    struct strbuf text = sb_new(c->d->mem, 0);
    c->recased = c->recased || is_recased(c, o);
    my_put_key(&text, o, c->mariadb);
    if (!is_unique(other(c->d->before, o)) && is_unique(o))
        my_depends(c->d, o->path, "fails where two rows are equal in the key");
    clause(c,
           is_renamed(c, o, c->d->before, c->d->after)  ? MY_RENAME_INDEX
           : my_key_comments(other(c->d->before, o), o) ? MY_INDEX_COMMENT
                                                        : key_deed(c, o),
           "ADD %S", sb_view(&text));
}

/* MariaDB, and MySQL where there are partitions, writes the block size that a table loses at each
 * of its keys. */
static bool restates_keys(const struct clauses *c)
{
    struct str was = jc_get(obj_raw(c->was, "options"), "KEY_BLOCK_SIZE");
    return (c->mariadb || obj_raw(c->is, "partition").n) && was.n &&
           !str_eq(was, jc_get(obj_raw(c->is, "options"), "KEY_BLOCK_SIZE"));
}

static void drop_keys(struct clauses *c, const char *kind, bool alone)
{
    uint32_t n;
    const struct obj **list = my_below(c->d->mem, c->d->before, c->table, kind, &n);
    for (uint32_t i = 0; i < n; i++) {
        const struct obj *now = other(c->d->after, list[i]);
        bool differs = !now || key_goes(c, list[i], now);
        bool same = differs && now && my_keys_look_alike(c->d->mem, list[i], now);
        if ((differs || c->restates) && same == alone)
            drop_key(c, list[i]);
    }
}

/* The server builds one FULLTEXT index at a time: the second of a statement begins another. */
static void add_keys(struct clauses *c, const char *kind)
{
    bool fulltext = false;
    uint32_t n;
    const struct obj **list = my_below(c->d->mem, c->d->after, c->table, kind, &n);
    for (uint32_t i = 0; i < n; i++) {
        const struct obj *was = other(c->d->before, list[i]);
        bool adds = !was || key_goes(c, was, list[i]) || c->restates;
        if (adds && is_fulltext(list[i])) {
            if (fulltext)
                flush(c);
            fulltext = true;
        }
        if (adds)
            add_key(c, list[i]);
        else if (!my_same_attr(was, list[i], "hidden"))
            clause(c, MY_HIDE_INDEX, "ALTER INDEX %I %s", my_name(c->d->mem, list[i]->path),
                   obj_true(list[i], "hidden") ? (c->mariadb ? "IGNORED" : "INVISIBLE")
                   : c->mariadb                ? "NOT IGNORED"
                                               : "VISIBLE");
    }
}

/* ---- checks and periods ---- */

/* MariaDB has no way from one type to the other, with rows or without. */
static bool is_uncastable(const struct ddl *d, const struct obj *a, const struct obj *b)
{
    enum my_family was = my_family_of(obj_text(d->mem, a, "type")),
                   is = my_family_of(obj_text(d->mem, b, "type"));
    return was != is && was != MY_TEXTS && is != MY_TEXTS && my_for_mariadb(d);
}

/* A change that MODIFY refuses, of what is stored where or by its types: the column goes and comes
 * again. */
static bool needs_new_column(const struct ddl *d, const struct obj *a, const struct obj *b)
{
    return my_is_virtual(a) != my_is_virtual(b) || (!my_is_virtual(b) && is_uncastable(d, a, b));
}

/* The expression names a column that goes and comes again: what it is of would go with that column,
 * or hold it. */
static bool is_on_new_column(const struct ddl *d, struct str table, struct str expr)
{
    struct my_lex l = {expr, 0};
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
        if (t.type != MY_NAME)
            continue;
        struct str path = my_column_path(d->mem, table, my_unquote(d->mem, t));
        const struct obj *was = view_get(d->before, path), *is = view_get(d->after, path);
        if (was && is && is_new_column(d, was, is))
            return true;
    }
    return false;
}

static bool is_new_column(const struct ddl *d, const struct obj *was, const struct obj *is)
{
    return needs_new_column(d, was, is) ||
           is_on_new_column(d, path_parent(was->path), obj_text(d->mem, was, "generated"));
}

/* The check changes, or stands on a column that goes and comes again. */
static bool check_differs(const struct clauses *c, const struct obj *was, const struct obj *is)
{
    return !my_same_attr(was, is, "expr") ||
           is_on_new_column(c->d, c->table, obj_text(c->d->mem, is, "expr"));
}

static void drop_checks(struct clauses *c)
{
    uint32_t n;
    const struct obj **list = my_below(c->d->mem, c->d->before, c->table, "check", &n);
    for (uint32_t i = 0; i < n; i++) {
        const struct obj *now = other(c->d->after, list[i]);
        if (!now || check_differs(c, list[i], now))
            clause(c, MY_DROP_CHECK, "DROP CONSTRAINT %I", my_name(c->d->mem, list[i]->path));
    }
}

static void add_checks(struct clauses *c)
{
    uint32_t n;
    const struct obj **list = my_below(c->d->mem, c->d->after, c->table, "check", &n);
    for (uint32_t i = 0; i < n; i++) {
        const struct obj *was = other(c->d->before, list[i]);
        struct strbuf text = sb_new(c->d->mem, 0);
        my_put_check(&text, list[i]);
        if ((!was || check_differs(c, was, list[i]) ||
             !my_same_attr(was, list[i], "not_enforced")) &&
            !obj_true(list[i], "not_enforced"))
            my_depends(c->d, list[i]->path, "fails where a row does not fit");
        if (!was || check_differs(c, was, list[i]))
            clause(c, obj_true(list[i], "not_enforced") ? MY_RELAX_CHECK : MY_ADD_CHECK, "ADD %S",
                   sb_view(&text));
        else if (!my_same_attr(was, list[i], "not_enforced"))
            clause(c, obj_true(list[i], "not_enforced") ? MY_RELAX_CHECK : MY_ENFORCE_CHECK,
                   "ALTER CHECK %I %sENFORCED", my_name(c->d->mem, list[i]->path),
                   obj_true(list[i], "not_enforced") ? "NOT " : "");
    }
}

static void periods(struct clauses *c, bool drop)
{
    uint32_t n;
    const struct obj **list =
        my_below(c->d->mem, drop ? c->d->before : c->d->after, c->table, "period", &n);
    for (uint32_t i = 0; i < n; i++) {
        const struct obj *o = other(drop ? c->d->after : c->d->before, list[i]);
        struct strbuf text = sb_new(c->d->mem, 0);
        if (o && my_same_attr(o, list[i], "columns"))
            continue;
        my_put_period(&text, list[i]);
        if (drop)
            clause(c, MY_DROP_PERIOD, "DROP %S",
                   str_sub(sb_view(&text), 0, str_find(sb_view(&text), STR(" ("))));
        else
            clause(c, MY_PERIOD, "ADD %S", sb_view(&text));
    }
}

/* ---- columns ---- */

/* Everything but what is compared and not written. */
static bool column_differs(struct arena *mem, const struct obj *a, const struct obj *b)
{
    struct strbuf x = sb_new(mem, 0), y = sb_new(mem, 0);
    my_show_column(&x, a, false);
    my_show_column(&y, b, false);
    return !str_eq(sb_view(&x), sb_view(&y)) || !my_same_attr(a, b, "collation");
}

/* Values that change though no error says so: on MariaDB NULL in a timestamp that becomes NOT NULL
 * becomes the current time; what is generated from now on is computed. */
static void name_lost_values(struct clauses *c, const struct obj *was, const struct obj *is)
{
    if (!obj_true(was, "notnull") && obj_true(is, "notnull") && c->mariadb &&
        str_starts(obj_text(c->d->mem, is, "type"), STR("timestamp")))
        ddl_hazard(c->d, HZ_CONVERT, is->path, "NULL becomes the current time");
    if (!obj_true(was, "auto_increment") && obj_true(is, "auto_increment"))
        ddl_hazard(c->d, HZ_CONVERT, is->path, "NULL and 0 become the next numbers");
    if (!obj_raw(was, "generated").n && obj_raw(is, "generated").n)
        ddl_hazard(c->d, HZ_DATA_LOSS, is->path, "its values give way to computed ones");
    else if (!obj_raw(is, "generated").n && is_uncastable(c->d, was, is))
        ddl_hazard(c->d, HZ_DATA_LOSS, is->path, "its values are lost: no cast leads there");
}

static enum my_deed drop_deed(const struct clauses *c, const struct obj *const *list, uint32_t n,
                              uint32_t i)
{
    bool more = false;
    for (uint32_t k = i + 1; k < n; k++)
        more = more || (my_is_virtual(list[k]) && other(c->d->after, list[k]));
    return !obj_raw(list[i], "generated").n ? MY_DROP_COLUMN
           : obj_true(list[i], "stored")    ? MY_DROP_STORED
           : more                           ? MY_DROP_VIRTUAL_BETWEEN
                                            : MY_DROP_VIRTUAL;
}

static enum my_deed add_deed(const struct obj *o, bool between)
{
    if (obj_raw(o, "generated").n)
        return obj_true(o, "stored") ? MY_ADD_STORED
               : between             ? MY_ADD_VIRTUAL_BETWEEN
                                     : MY_ADD_VIRTUAL;
    return obj_true(o, "auto_increment") ? MY_ADD_AUTO_INCREMENT
           : between                     ? MY_ADD_COLUMN_BETWEEN
                                         : MY_ADD_COLUMN;
}

/* What a column was: that of its name, or one that goes and differs from it in case alone, which is
 * the same name to the server; or NULL. */
static const struct obj *was_column(const struct clauses *c, const struct obj *const *was,
                                    uint32_t n, const struct obj *is)
{
    const struct obj *old = other(c->d->before, is);
    for (uint32_t i = 0; i < n && !old; i++)
        if (str_eq_fold(was[i]->path, is->path) && !other(c->d->after, was[i]))
            old = was[i];
    return old && is_new_column(c->d, old, is) ? NULL : old;
}

static bool goes(const struct clauses *c, const struct obj *was, const struct obj *const *is,
                 uint32_t n)
{
    const struct obj *now = other(c->d->after, was);
    for (uint32_t i = 0; i < n && !now; i++)
        if (was_column(c, &was, 1, is[i]) == was)
            return false;
    return !now || is_new_column(c->d, was, now);
}

static void columns(struct clauses *c)
{
    struct arena *mem = c->d->mem;
    uint32_t nwas, n;
    const struct obj **was = my_columns(mem, c->d->before, c->table, &nwas);
    const struct obj **is = my_columns(mem, c->d->after, c->table, &n);
    uint32_t *place = NEW_ARRAY(mem, uint32_t, n);
    bool *stays = NEW_ARRAY(mem, bool, n + 1);
    for (uint32_t i = 0; i < n; i++) {
        const struct obj *old = was_column(c, was, nwas, is[i]);
        place[i] = old ? my_place_of(was, nwas, old->path) : UINT32_MAX;
    }
    my_keep_places(mem, place, n, stays);
    for (uint32_t i = 0; i < n && !(c->d->facets & F_ORDER); i++)
        stays[i] = place[i] != UINT32_MAX;
    for (uint32_t i = 0; i < nwas; i++) {
        if (goes(c, was[i], is, n))
            clause(c, drop_deed(c, was, nwas, i), "DROP COLUMN %I", my_name(mem, was[i]->path));
    }
    for (uint32_t i = 0; i < n; i++) {
        struct strbuf text = sb_new(mem, 0);
        bool adds = place[i] == UINT32_MAX;
        const struct obj *old = adds ? NULL : was[place[i]];
        if (old && stays[i] &&
            (!column_differs(mem, old, is[i]) || my_follows_table(c->d, old, is[i])))
            continue;
        my_put_column(&text, c->d->after, is[i]);
        if (other(c->d->before, is[i]))
            name_lost_values(c, other(c->d->before, is[i]), is[i]);
        bool placed = !stays[i] && !(adds && my_ends_there(stays, i, n));
        if (placed)
            my_put_place(&text, is, i);
        if (old && placed)
            my_note(&c->work, MY_MOVE_COLUMN);
        if (old)
            my_change_column(c->d, &c->work, old, is[i]);
        if (old && !str_eq(old->path, is[i]->path))
            clause(c, MY_RENAME, "CHANGE COLUMN %I %S", my_name(mem, old->path), sb_view(&text));
        else
            clause(c, adds ? add_deed(is[i], placed) : MY_SET_COMMENT, "%s COLUMN %S",
                   adds ? "ADD" : "MODIFY", sb_view(&text));
        if (!c->mariadb) {
            my_put_inheriting(c->d, &c->inheriting, is[i]);
            my_put_bare(&c->bare, is[i]);
        }
    }
}

/* ---- options ---- */

static int lost_options(struct clauses *c, struct err *e)
{
    struct jc_iter it = jc_iter(obj_raw(c->was, "options"));
    struct str key, value;
    while (jc_next(&it, &key, &value)) {
        struct str name = my_key_text(c->d->mem, key);
        const char *reset = my_reset_option(name);
        if (jc_get(obj_raw(c->is, "options"), arena_cstr(c->d->mem, key)).n ||
            my_resets_apart(c->was, c->is, name))
            continue;
        if (!reset)
            return err_set(e, E_UNSUPPORTED_CHANGE,
                           "table %.*s: no statement takes its option %.*s away",
                           STR_ARG(my_name(c->d->mem, c->table)), STR_ARG(name));
        clause(c, my_option_deed(name), "%S=%s", name, reset);
    }
    return 0;
}

static int options(struct clauses *c, struct err *e)
{
    struct jc_iter it = jc_iter(obj_raw(c->is, "options"));
    struct str key, value;
    if (!my_same_attr(c->was, c->is, "engine"))
        clause(c, MY_CHANGE_ENGINE, "ENGINE=%S", obj_text(c->d->mem, c->is, "engine"));
    if (!my_same_attr(c->was, c->is, "charset") || !my_same_attr(c->was, c->is, "collation")) {
        clause(c, MY_TABLE_CHARSET, "DEFAULT CHARSET=%S", obj_text(c->d->mem, c->is, "charset"));
        if (obj_raw(c->is, "collation").n)
            sb_printf(&c->text, " COLLATE=%.*s", STR_ARG(obj_text(c->d->mem, c->is, "collation")));
    }
    if (lost_options(c, e))
        return -1;
    while (jc_next(&it, &key, &value)) {
        struct strbuf text = sb_new(c->d->mem, 0);
        if (str_eq(jc_get(obj_raw(c->was, "options"), arena_cstr(c->d->mem, key)), value))
            continue;
        my_put_option(&text, my_key_text(c->d->mem, key), jc_text(c->d->mem, value));
        clause(c, my_option_deed(my_key_text(c->d->mem, key)), "%S", sb_view(&text));
    }
    if (!my_same_attr(c->was, c->is, "comment")) {
        struct str comment = obj_text(c->d->mem, c->is, "comment");
        clause(c, MY_TABLE_COMMENT, "COMMENT=%L", comment.n ? comment : STR(""));
    }
    return 0;
}

static void versioning(struct clauses *c, bool drop)
{
    bool was = obj_true(c->was, "versioned"), is = obj_true(c->is, "versioned");
    if (drop && was && !is) {
        my_warns(c->d, HZ_DATA_LOSS, c->table, "rows of its history are lost");
        clause(c, MY_DROP_VERSIONING, "DROP SYSTEM VERSIONING");
    }
    if (!drop && is && !was)
        clause(c, MY_ADD_VERSIONING, "ADD SYSTEM VERSIONING");
}

static bool loses_history(const struct clauses *c)
{
    return obj_true(c->was, "versioned") && !obj_true(c->is, "versioned");
}

/* The scheme itself changes: behind all else, when the columns and keys are what it needs. */
static void partition(struct clauses *c)
{
    struct str text = obj_text(c->d->mem, c->is, "partition");
    if (text.n)
        c->tail = my_text(c->d->mem, "PARTITION BY %S", text);
    if (text.n && !my_takes_any_row(c->d->mem, text))
        my_depends(c->d, c->table, "fails where a row has no place in any partition");
}

static int alter_table(struct ddl *d, const struct change *change, struct err *e)
{
    struct clauses c = {.d = d,
                        .table = d->owner,
                        .was = view_get(d->before, d->owner),
                        .is = view_get(d->after, d->owner),
                        .text = sb_new(d->mem, 0),
                        .bare = sb_new(d->mem, 0),
                        .mariadb = my_for_mariadb(d)};
    bool lists = my_reorganizes(d, c.table);
    bool scheme = !lists && !my_same_attr(c.was, c.is, "partition");
    (void)change;
    c.restates = restates_keys(&c);
    my_permit(d, c.table, true);
    my_backfill(d, c.table, true);
    my_reset_apart(d, c.was, c.is, false);
    bool removes = scheme && obj_raw(c.was, "partition").n &&
                   (!obj_raw(c.is, "partition").n || loses_history(&c));
    c.tail = removes && loses_history(&c) ? STR("REMOVE PARTITIONING") : STR("");
    flush(&c); /* the history holds while its partitions are there */
    drop_keys(&c, "index", true);
    flush(&c);
    /* with all else: without partitions and a block size of the table's own, keys keep none */
    c.tail = removes && !loses_history(&c) ? STR("REMOVE PARTITIONING") : STR("");
    versioning(&c, true);
    drop_checks(&c);
    periods(&c, true);
    drop_keys(&c, "index", false);
    drop_keys(&c, "primary_key", true);
    drop_keys(&c, "primary_key", false);
    columns(&c);
    struct str kept = my_kept_keys(d, c.table, NULL);
    if (kept.n && !c.restates)
        clause(&c, MY_ADD_INDEX, "%S", kept);
    add_keys(&c, "primary_key");
    add_keys(&c, "index");
    /* MariaDB 11.8 keeps the old name, or loses the index, unless it builds the table anew */
    if (c.recased && c.mariadb)
        clause(&c, MY_REBUILD, "FORCE");
    periods(&c, false);
    add_checks(&c);
    if (my_keeps_period(d, c.table, e) || options(&c, e))
        return -1;
    versioning(&c, false);
    if (scheme)
        partition(&c);
    flush(&c);
    my_reset_apart(d, c.was, c.is, true);
    my_alter_inheriting(d, c.table, &c.inheriting);
    my_alter_bare(d, c.table, sb_view(&c.bare));
    if (lists)
        my_reorganize(d, c.table);
    my_restate_checks(d, c.table);
    my_backfill(d, c.table, false);
    my_permit(d, c.table, false);
    return 0;
}

const struct alter my_alter_table = {
    .name = "table.alter", .fn = alter_table, .at_owner = true, .doc = "one ALTER TABLE"};
const struct alter my_alter_column = {.name = "column.retype",
                                      .fn = alter_table,
                                      .applies = my_minds_keys,
                                      .other = &my_alter_table,
                                      .at_owner = true,
                                      .rebuilds = "foreign_key",
                                      .doc = "the same, without the foreign keys of the column"};
const struct alter my_alter_partitions = {.name = "table.partitions",
                                          .fn = alter_table,
                                          .at_owner = true,
                                          .loses = my_loses_rows,
                                          .doc =
                                              "partitions that differ, one by one; else the same"};
