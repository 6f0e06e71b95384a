/*
 * Grants: one fact for each object and account that something is granted on and to. The servers
 * keep them by name, so they outlive a table or view, and a column (of a routine they go with it,
 * unless the server is told otherwise): whoever drops what they hang on revokes them first.
 */

#include "drivers/mysql/grants.h"

#include <stdlib.h>

#include "core/escape.h"

/* A privilege, on a column where that is named. */
struct item {
    struct str word, column;
};
struct items {
    struct item *v;
    uint32_t n, cap;
};

static struct items items_of(struct arena *mem, const struct obj *o)
{
    struct items all = {0};
    uint32_t n;
    struct str *words = my_list(mem, obj_raw(o, "privileges"), &n), key, value;
    for (uint32_t i = 0; i < n; i++) {
        struct item one = {words[i], STR("")};
        VEC_PUSH(mem, all, one);
    }
    for (struct jc_iter it = jc_iter(obj_raw(o, "columns")); jc_next(&it, &key, &value);) {
        struct str rest = jc_text(mem, value), word;
        while (str_cut(&rest, ',', &word)) {
            struct item one = {word, my_key_text(mem, key)};
            VEC_PUSH(mem, all, one);
        }
    }
    return all;
}

static bool holds(const struct items *all, struct item one)
{
    for (uint32_t i = 0; i < all->n; i++)
        if (str_eq(all->v[i].word, one.word) && str_eq(all->v[i].column, one.column))
            return true;
    return false;
}

/* Those of `all` that are in `other`, or that are not. */
static struct items sift(struct arena *mem, const struct items *all, const struct items *other,
                         bool in)
{
    struct items out = {0};
    for (uint32_t i = 0; i < all->n; i++)
        if (holds(other, all->v[i]) == in)
            VEC_PUSH(mem, out, all->v[i]);
    return out;
}

/* SELECT, UPDATE (`a`, `b`) */
static void put_items(struct strbuf *out, const struct items *all)
{
    for (uint32_t i = 0; i < all->n; i++) {
        const struct item *one = &all->v[i];
        bool again = false;
        for (uint32_t k = 0; k < i && one->column.n; k++)
            again = again || (all->v[k].column.n && str_eq(all->v[k].word, one->word));
        if (again)
            continue;
        sb_printf(out, "%s%.*s", i ? ", " : "", STR_ARG(one->word));
        for (uint32_t k = i; k < all->n && one->column.n; k++)
            if (str_eq(all->v[k].word, one->word) && all->v[k].column.n) {
                sb_c(out, k == i ? " (" : ", ");
                my_put_name(out, all->v[k].column);
            }
        sb_c(out, one->column.n ? ")" : "");
    }
}

struct str my_guarded(struct arena *mem, struct str sql, bool mariadb)
{
    if (!mariadb)
        return sql;
    return my_text(
        mem, "SET STATEMENT sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_CREATE_USER') FOR %S", sql);
}

static struct str guarded(struct ddl *d, struct str sql)
{
    return my_guarded(d->mem, sql, my_for_mariadb(d));
}

static bool is_grant(struct str sql)
{
    return str_starts(sql, STR("GRANT"));
}

/* A statement on the object of a grant. The database is the current one; where its name was
 * granted with its `_` and `%` escaped, that name is put together as the statement runs. */
static void run(struct ddl *d, const struct obj *o, const char *verb, struct str list,
                const char *tail)
{
    struct str on = obj_src(d->mem, o, "on"), to = obj_src(d->mem, o, "to");
    const char *way = str_eq_c(STR("GRANT"), verb) ? "TO" : "FROM";
    if (!obj_src(d->mem, o, "escaped").n) {
        bool all = str_eq(on, STR("DATABASE"));
        struct str name = my_text(d->mem, "%S %I", on, obj_src(d->mem, o, "name"));
        struct str sql = my_text(d->mem, "%s %S ON %S %s %S%s", verb, list, all ? STR("*") : name,
                                 way, to, tail);
        bool package = str_starts(on, STR("PACKAGE")); /* which only sql_mode ORACLE knows */
        if (package)
            my_assign(d, "sql_mode", STR("ORACLE"));
        ddl_stmt(d, is_grant(sql) ? guarded(d, sql) : sql, 0);
        if (package)
            my_restore(d, "sql_mode");
        return;
    }
    struct str head = my_text(d->mem, "%s %S ON `", verb, list);
    struct str end = my_text(d->mem, "`.* %s %S%s", way, to, tail);
    my_ddl(d, 0,
           "SET @snap_grant = CONCAT(%L, REPLACE(REPLACE(REPLACE(DATABASE(), '`', '``'), '_', "
           "CONCAT(CHAR(92 USING utf8mb4), '_')), '%%', CONCAT(CHAR(92 USING utf8mb4), '%%')), %L)",
           head, end);
    my_ddl(d, 0, "PREPARE snap_grant FROM @snap_grant");
    struct str execute = STR("EXECUTE snap_grant");
    ddl_stmt(d, is_grant(head) ? guarded(d, execute) : execute, 0);
    my_ddl(d, 0, "DEALLOCATE PREPARE snap_grant");
}

static void grant(struct ddl *d, const struct obj *o, const struct items *list, bool option)
{
    struct strbuf words = sb_new(d->mem, 0);
    put_items(&words, list);
    if (!list->n && !option)
        return;
    run(d, o, "GRANT", list->n ? sb_view(&words) : STR("USAGE"),
        option ? " WITH GRANT OPTION" : "");
}

static void revoke(struct ddl *d, const struct obj *o, const struct items *list, bool option)
{
    struct strbuf words = sb_new(d->mem, 0);
    put_items(&words, list);
    if (option)
        sb_c(&words, list->n ? ", GRANT OPTION" : "GRANT OPTION");
    if (words.n)
        run(d, o, "REVOKE", sb_view(&words), "");
}

static bool is_missing(struct arena *mem, const struct obj *o)
{
    return !str_eq(obj_src(mem, o, "on"), STR("DATABASE")) && !jc_count(o->deps);
}

/* Whether a table has no such column, or there is no table. Columns of views are no facts. */
static bool is_lost(struct arena *mem, const struct obj *o, struct str column)
{
    struct jc_iter it = jc_iter(o->deps);
    struct str key, raw;
    while (column.n && jc_next(&it, &key, &raw)) {
        struct str path = jc_text(mem, raw), kind = path_kind(path);
        if (str_eq(kind, STR("view")) || str_eq(kind, STR("sequence")) ||
            (str_eq(kind, STR("column")) && str_eq(path_name(mem, path), column)))
            return false;
    }
    return column.n > 0;
}

/* What is granted on something that is not there: left over from what was dropped. GRANT takes it
 * for a table only, with CREATE. */
static int refuse_lost(struct ddl *d, const struct obj *o, const struct items *list, struct err *e)
{
    bool any = is_missing(d->mem, o) && !str_eq(obj_src(d->mem, o, "on"), STR("TABLE"));
    for (uint32_t i = 0; i < list->n; i++)
        any = any || is_lost(d->mem, o, list->v[i].column);
    if (!any)
        return 0;
    struct strbuf name = sb_new(d->mem, 0);
    path_human(&name, o->path);
    err_set(e, E_UNSUPPORTED_CHANGE,
            "%.*s: it is on something that is not there, where no server "
            "grants",
            STR_ARG(sb_view(&name)));
    struct strbuf words = sb_new(d->mem, 0);
    struct str on = obj_src(d->mem, o, "on"), of = obj_src(d->mem, o, "name");
    put_items(&words, list);
    struct str way = my_text(d->mem, "REVOKE %S ON %S %I FROM %S", sb_view(&words), on, of,
                             obj_src(d->mem, o, "to"));
    return err_hint(e, "%.*s takes away what is left over; or --exclude 'grant:*'",
                    STR_ARG(list->n ? way : STR("REVOKE GRANT OPTION")));
}

static int grant_new(struct ddl *d, const struct obj *o, struct err *e)
{
    struct items list = items_of(d->mem, o), with = {0};
    struct item create = {STR("CREATE"), STR("")};
    bool trick = is_missing(d->mem, o) && !holds(&list, create);
    if (refuse_lost(d, o, &list, e))
        return -1;
    for (uint32_t i = 0; i < list.n; i++)
        VEC_PUSH(d->mem, with, list.v[i]);
    if (trick)
        VEC_PUSH(d->mem, with, create);
    grant(d, o, &with, obj_true(o, "option"));
    struct items only = {&create, 1, 1};
    if (trick)
        revoke(d, o, &only, false);
    return 0;
}

static void revoke_all(struct ddl *d, const struct obj *o)
{
    struct items list = items_of(d->mem, o);
    revoke(d, o, &list, obj_true(o, "option"));
}

static int grant_create(struct ddl *d, const struct change *c, struct err *e)
{
    return grant_new(d, c->after, e);
}

static int grant_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    revoke_all(d, c->before);
    return 0;
}

/* REVOKE on a table takes the same privilege on its columns along: it is granted again. */
static int grant_change(struct ddl *d, const struct change *c, struct err *e)
{
    struct items was = items_of(d->mem, c->before), is = items_of(d->mem, c->after), again = {0};
    struct items more = sift(d->mem, &is, &was, false), less = sift(d->mem, &was, &is, false);
    bool had = obj_true(c->before, "option"), has = obj_true(c->after, "option");
    if (refuse_lost(d, c->after, &more, e))
        return -1;
    if (!str_eq(obj_src(d->mem, c->before, "escaped"), obj_src(d->mem, c->after, "escaped"))) {
        revoke_all(d, c->before);
        return grant_new(d, c->after, e);
    }
    for (uint32_t i = 0; i < is.n; i++) {
        struct item whole = {is.v[i].word, STR("")};
        if (is.v[i].column.n && holds(&less, whole))
            VEC_PUSH(d->mem, again, is.v[i]);
    }
    struct items first = sift(d->mem, &more, &again, false);
    if (refuse_lost(d, c->after, &again, e))
        return -1;
    grant(d, c->after, &first, has && !had);
    revoke(d, c->before, &less, had && !has);
    grant(d, c->after, &again, false);
    return 0;
}

/* Whether all that both need is there before and after, and the same where it is a view: a column
 * comes or goes under its grants else. */
static bool stands(const struct ddl *d, const struct change *c)
{
    const struct obj *const sides[] = {c->before, c->after};
    for (int i = 0; i < 2; i++) {
        struct jc_iter it = jc_iter(sides[i]->deps);
        struct str key, raw;
        while (jc_next(&it, &key, &raw)) {
            struct str path = jc_text(d->mem, raw);
            const struct obj *was = view_get(d->before, path), *is = view_get(d->after, path);
            bool view = str_eq(path_kind(path), STR("view"));
            if (!was || !is || (view && !str_eq(was->a, is->a)))
                return false;
        }
    }
    return true;
}

static void grant_brief(const struct obj *o, struct strbuf *out)
{
    struct items list = items_of(out->mem, o);
    put_items(out, &list);
    if (obj_true(o, "option"))
        sb_c(out, list.n ? ", GRANT OPTION" : "GRANT OPTION");
}

/* ---- facts ---- */

/* Paths of a catalog that is not sorted yet. */
struct paths {
    struct str *v;
    uint32_t n;
};

static int by_path(const void *a, const void *b)
{
    return path_cmp(*(const struct str *)a, *(const struct str *)b);
}

static struct paths paths_of(const struct catalog *cat)
{
    struct paths all = {NEW_ARRAY(cat->tmp, struct str, cat->n), cat->n};
    for (uint32_t i = 0; i < cat->n; i++)
        all.v[i] = cat->v[i].path;
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_path);
    return all;
}

static bool is_there(const struct paths *all, struct str path)
{
    return all->n && bsearch(&path, all->v, all->n, sizeof *all->v, by_path);
}

/* The object that a grant is on, or absent. The names of routines stand in lower case there. */
static struct str object_of(struct arena *mem, const struct paths *all, struct str on,
                            struct str name)
{
    static const char *const kinds[][2] = {{"TABLE", "table"},
                                           {"TABLE", "view"},
                                           {"TABLE", "sequence"},
                                           {"FUNCTION", "function"},
                                           {"PROCEDURE", "procedure"},
                                           {"PACKAGE", "package"},
                                           {"PACKAGE BODY", "package_body"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (!str_eq_c(on, kinds[i][0]))
            continue;
        struct str path = my_top(mem, kinds[i][1], name);
        if (is_there(all, path))
            return path;
        for (uint32_t k = 0; i > 2 && k < all->n; k++)
            if (str_eq_c(path_kind(all->v[k]), kinds[i][1]) &&
                str_eq_fold(path_name(mem, all->v[k]), name))
                return all->v[k];
    }
    return STR_NULL;
}

static struct str account_of(struct arena *mem, const struct my_grant *g)
{
    if (!g->host.n)
        return str_eq(g->user, STR("PUBLIC")) ? g->user : my_text(mem, "%I", g->user);
    return my_text(mem, "%I@%I", g->user, g->host);
}

/* "Delete versioning rows" as GRANT has it. */
static struct str word_of(struct arena *mem, struct str word)
{
    struct str upper = arena_str(mem, word);
    char *p = (char *)upper.p;
    for (size_t i = 0; i < upper.n; i++)
        p[i] = p[i] >= 'a' && p[i] <= 'z' ? (char)(p[i] - 'a' + 'A') : p[i];
    return str_eq(upper, STR("DELETE VERSIONING ROWS")) ? STR("DELETE HISTORY") : upper;
}

/* The words in their order; *option: GRANT OPTION was among them. */
static struct str *words_of(struct arena *mem, struct str words, uint32_t *n, bool *option)
{
    VEC(struct str) list = {0};
    struct str one;
    while (str_cut(&words, ',', &one)) {
        struct str word = word_of(mem, one);
        if (str_eq(word, STR("GRANT")))
            *option = true;
        else if (word.n)
            VEC_PUSH(mem, list, word);
    }
    if (list.n)
        qsort(list.v, list.n, sizeof *list.v, str_order);
    *n = list.n;
    return list.v;
}

static struct str joined(struct arena *mem, struct str words)
{
    struct strbuf out = sb_new(mem, 0);
    uint32_t n;
    bool option = false;
    struct str *list = words_of(mem, words, &n, &option);
    for (uint32_t i = 0; i < n; i++)
        sb_printf(&out, "%s%.*s", i ? "," : "", STR_ARG(list[i]));
    return option ? arena_printf(mem, "%.*s,GRANT OPTION", STR_ARG(sb_view(&out))) : sb_view(&out);
}

static bool is_column(const struct my_grant *g)
{
    return str_eq(g->on, STR("COLUMN"));
}

static bool same_object(const struct my_grant *a, const struct my_grant *b)
{
    struct str x = is_column(a) ? STR("TABLE") : a->on, y = is_column(b) ? STR("TABLE") : b->on;
    return str_eq(x, y) && str_eq(a->name, b->name) && str_eq(a->user, b->user) &&
           str_eq(a->host, b->host);
}

/* What is on a table and its columns for one account comes together. */
static int by_object(const void *x, const void *y)
{
    const struct my_grant *a = x, *b = y;
    struct str p = is_column(a) ? STR("TABLE") : a->on, q = is_column(b) ? STR("TABLE") : b->on;
    int c = str_cmp(p, q);
    c = c ? c : str_cmp(a->name, b->name);
    c = c ? c : str_cmp(a->user, b->user);
    c = c ? c : str_cmp(a->host, b->host);
    return c ? c : str_cmp(a->column, b->column);
}

/* How the name of a database stands in a grant. */
enum spelling {
    PLAIN,
    ESCAPED,
    ESCAPED_TOO, /* and the account has a plain one besides: a fact of its own */
};

static struct str name_of(struct arena *mem, const struct my_grant *g, struct str on,
                          enum spelling spelling)
{
    struct str to = account_of(mem, g);
    if (str_eq(on, STR("DATABASE")))
        return my_text(mem, "DATABASE TO %S%s", to, spelling == ESCAPED_TOO ? ", ESCAPED" : "");
    return my_text(mem, "%S %I TO %S", on, g->name, to);
}

/* One fact, of rows for the same object and account. */
static void add_fact(struct catalog *cat, const struct paths *paths, const struct my_grant *rows,
                     uint32_t n, enum spelling spelling)
{
    struct arena *mem = cat->tmp;
    struct str on = is_column(rows) ? STR("TABLE") : rows->on, to = account_of(mem, rows);
    bool database = str_eq(on, STR("DATABASE")), option = false;
    struct str object = object_of(mem, paths, on, rows->name), *words = NULL;
    struct strbuf columns = sb_new(mem, 0);
    uint32_t nwords = 0;
    struct fact f;
    fact_begin(&f, cat, "grant", STR(""), name_of(mem, rows, on, spelling));
    if (spelling == ESCAPED_TOO) /* what one of them does to the other's spelling comes in order */
        fact_dep(&f, my_top(mem, "grant", name_of(mem, rows, on, PLAIN)));
    if (!str_is_null(object))
        fact_dep(&f, object);
    my_map_begin(&columns);
    for (uint32_t i = 0; i < n; i++) {
        struct str column = my_column_path(mem, object, rows[i].column);
        if (!is_column(&rows[i])) {
            words = words_of(mem, rows[i].words, &nwords, &option);
            continue;
        }
        my_map_put(&columns, rows[i].column, joined(mem, rows[i].words));
        if (!str_is_null(object) && is_there(paths, column))
            fact_dep(&f, column);
    }
    struct str map = my_map_end(&columns);
    if (!str_is_null(map))
        fact_raw(&f, "columns", map);
    fact_bool(&f, "option", option);
    fact_list(&f, "privileges", words, nwords);
    if (spelling != PLAIN)
        fact_src(&f, "escaped", STR("1"));
    if (!database)
        fact_src(&f, "name", rows->name);
    fact_src(&f, "on", on);
    fact_src(&f, "to", to);
    if (nwords || option || !str_is_null(map))
        fact_end(&f);
}

static struct str escaped_name(struct arena *mem, struct str name)
{
    struct strbuf out = sb_new(mem, 0);
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == '_' || name.p[i] == '%')
            sb_char(&out, '\\');
        sb_char(&out, name.p[i]);
    }
    return sb_view(&out);
}

/* Whether the account has been granted something under the very name, too. */
static bool has_plain(const struct my_grant *rows, uint32_t n, const struct my_grant *g,
                      struct str database)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(rows[i].on, STR("DATABASE")) && str_eq(rows[i].name, database) &&
            str_eq(rows[i].user, g->user) && str_eq(rows[i].host, g->host) && rows[i].words.n)
            return true;
    return false;
}

/* What is granted on a pattern reaches other databases too: it is named alone. */
static void add_pattern(struct catalog *cat, const struct my_grant *g)
{
    struct str why = my_text(cat->tmp, "%S on %I, a pattern that is not this database's alone",
                             joined(cat->tmp, g->words), g->name);
    if (g->words.n)
        cat_name_outside(cat, "grant", account_of(cat->tmp, g), arena_cstr(cat->tmp, why));
}

void my_grant_facts(struct catalog *cat, struct my_grant *rows, uint32_t n, struct str database,
                    bool literal)
{
    if (!n)
        return;
    struct paths paths = paths_of(cat);
    struct str escaped = escaped_name(cat->tmp, database);
    qsort(rows, n, sizeof *rows, by_object);
    for (uint32_t i = 0, end; i < n; i = end) {
        const struct my_grant *g = &rows[i];
        bool whole = str_eq(g->on, STR("DATABASE")), plain = str_eq(g->name, database);
        for (end = i + 1; end < n && same_object(g, &rows[end]);)
            end++;
        if (!whole || plain)
            add_fact(cat, &paths, g, end - i, PLAIN);
        else if (literal)
            continue;
        else if (str_eq(g->name, escaped))
            add_fact(cat, &paths, g, end - i,
                     has_plain(rows, n, g, database) ? ESCAPED_TOO : ESCAPED);
        else
            add_pattern(cat, g);
    }
}

struct str my_grantee(struct arena *mem, const struct obj *o)
{
    if (!my_is_kind(o, "grant") || str_eq(obj_src(mem, o, "to"), STR("PUBLIC")))
        return STR_NULL;
    return obj_src(mem, o, "to");
}

/* clang-format off */
#define PRIV(column, word) "IF(" #column "_priv = 'Y', '" word "', NULL)"
const char my_grants_query[] =
    "SELECT 'DATABASE', db, '', user, host, CONCAT_WS(',', "
    PRIV(Select, "Select") ","
    PRIV(Insert, "Insert") ","
    PRIV(Update, "Update") ","
    PRIV(Delete, "Delete") ","
    PRIV(Create, "Create") ","
    PRIV(Drop, "Drop") ","
    PRIV(Grant, "Grant") ","
    PRIV(References, "References") ","
    PRIV(Index, "Index") ","
    PRIV(Alter, "Alter") ","
    PRIV(Execute, "Execute") ","
    PRIV(Event, "Event") ","
    PRIV(Trigger, "Trigger") ","
    PRIV(Create_tmp_table, "Create temporary tables") ","
    PRIV(Lock_tables, "Lock tables") ","
    PRIV(Create_view, "Create view") ","
    PRIV(Show_view, "Show view") ","
    PRIV(Create_routine, "Create routine") ","
    PRIV(Alter_routine, "Alter routine")
    "/*M!100305 ," PRIV(Delete_history, "Delete history") "*/"
    "/*M!110301 ," PRIV(Show_create_routine, "Show create routine") "*/"
    ") FROM mysql.db WHERE DATABASE() LIKE db UNION ALL "
    "SELECT 'TABLE', table_name, '', user, host, table_priv FROM mysql.tables_priv "
    "WHERE db = DATABASE() UNION ALL "
    "SELECT 'COLUMN', table_name, column_name, user, host, column_priv FROM mysql.columns_priv "
    "WHERE db = DATABASE() UNION ALL "
    "SELECT routine_type, routine_name, '', user, host, proc_priv FROM mysql.procs_priv "
    "WHERE db = DATABASE()";
/* clang-format on */

static const struct alter create = {.name = "grant.create", .fn = grant_create, .doc = "GRANT"};
static const struct alter drop = {.name = "grant.drop", .fn = grant_drop, .doc = "REVOKE"};
static const struct alter change = {.name = "grant.change",
                                    .fn = grant_change,
                                    .applies = stands,
                                    .other = &alter_replace,
                                    .doc = "GRANT, REVOKE"};

/* clang-format off */
static const struct attr_desc attrs[] = {
    {"columns",    A_MAP,  CMP_VALUE, F_ACL, NULL, &change, 1, false, 0, "privileges by column"},
    {"option",     A_BOOL, CMP_VALUE, F_ACL, NULL, &change, 1, false, 0, "WITH GRANT OPTION"},
    {"privileges", A_SET,  CMP_VALUE, F_ACL, NULL, &change, 1, false, 0, "privileges on the whole object"},
};
/* clang-format on */

const struct kind_desc my_grant_kind = {
    .name = "grant",
    .parents = "",
    .rank = 90,
    .facet = F_ACL,
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .brief = grant_brief,
    .doc = "what an account or role is granted on one object",
};
