/*
 * Reading a database: lists from information_schema, the objects' own words from SHOW CREATE, many
 * in one wait.
 */

#include "drivers/mysql/grants.h"
#include "drivers/mysql/live.h"
#include "drivers/mysql/settings.h"
#include "drivers/mysql/visible.h"

#include <string.h>

#include "core/hash.h"

/* Of one wait, in bytes: below the smallest limit of a server that is in use. */
enum { BATCH = 256 * 1024, MAX_TRIES = 4 };

/* Something that SHOW CREATE is asked of. */
struct item {
    const char *kind;
    const char *show; /* SHOW CREATE ... */
    struct str name;
    struct str table;   /* of a trigger */
    struct str comment; /* of a routine, of an event */
    struct str *collations;
    uint32_t ncollations, cap;
    bool answered;
};

struct reader {
    const struct scope *scope;
    struct session *s;
    struct catalog *cat;
    struct arena *mem;
    VEC(struct item) items;
    uint32_t first, skip;     /* of the batch: its first item, answers before that one's */
    VEC(struct str) dangling; /* foreign keys to a table of another schema that is not there */
    struct hasher *seen;      /* all that the server says */
    struct str user;          /* as SQL */
    struct my_grants grants;  /* of it */
    bool no_grants;           /* those on the schema are not asked for */
    VEC(struct my_grant) granted;
    struct my_settings settings;
};

/* The texts of routines are in mysql.proc, but in MySQL 8 and later. */
static bool has_proc(const struct session *s)
{
    unsigned level = my_level(s->version);
    return s->mariadb || (level && level < 800);
}

static struct str value(struct arena *mem, MYSQL_ROW row, const unsigned long *lengths, unsigned i)
{
    if (!row[i])
        return STR_NULL;
    return arena_str(mem, (struct str){row[i], lengths[i]});
}

/* Takes note of an answer. Its parts keep their borders. */
static void see(struct reader *r, uint32_t index, MYSQL_ROW row, const unsigned long *lengths,
                unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        uint64_t head[2] = {((uint64_t)index << 32) | i, row[i] ? lengths[i] : UINT64_MAX};
        hasher_add(r->seen, (struct str){(const char *)head, sizeof head});
        if (row[i])
            hasher_add(r->seen, (struct str){row[i], lengths[i]});
    }
}

/* Whether a top object is to be read. */
static bool is_wanted(const struct reader *r, const char *kind, struct str name)
{
    if (!r->scope->nonly)
        return true;
    struct str path = my_top(r->mem, kind, name);
    for (uint32_t i = 0; i < r->scope->nonly; i++)
        if (str_eq(r->scope->only[i], path))
            return true;
    return false;
}

/* `more`: of a trigger its table, else the comment. */
static void add_item(struct reader *r, const char *kind, const char *show, struct str name,
                     struct str more)
{
    bool trigger = strcmp(kind, "trigger") == 0;
    if (!is_wanted(r, trigger ? "table" : kind, trigger ? more : name))
        return;
    struct item one = {.kind = kind, .show = show, .name = name};
    *(trigger ? &one.table : &one.comment) = more;
    VEC_PUSH(r->mem, r->items, one);
}

/* ---- who looks ---- */

struct sight {
    struct reader *r;
    struct str roles; /* as SQL; NONE: there are none */
};

static int who_row(void *ctx, uint32_t index, MYSQL_ROW row, const unsigned long *lengths,
                   unsigned n, struct err *e)
{
    struct sight *s = ctx;
    struct str text = value(s->r->mem, row, lengths, n > 1 ? 1 : 0);
    (void)e;
    if (index == 0)
        s->r->user = text;
    else if (index == 1)
        s->roles = text;
    else if (index == 2)
        s->r->grants.literal = str_eq_fold_c(text, "ON");
    else
        my_add_grant(s->r->mem, &s->r->grants, text, s->r->s->database);
    return 0;
}

static int grant_row(void *ctx, uint32_t index, MYSQL_ROW row, const unsigned long *lengths,
                     unsigned n, struct err *e)
{
    return who_row(ctx, index + 3, row, lengths, n, e);
}

static int hidden(const struct reader *r, unsigned sees, struct err *e)
{
    struct strbuf missing = sb_new(r->mem, 0);
    my_missing(&missing, &r->grants, sees, r->s->database, r->user);
    err_set(e, E_HIDDEN, "%.*s: the role %.*s may not see all of the schema", STR_ARG(r->s->label),
            STR_ARG(r->user));
    return err_hint(e, "%.*s", STR_ARG(sb_view(&missing)));
}

static bool asks_for_grants(const struct reader *r)
{
    bool wanted = !r->scope->nonly;
    for (uint32_t i = 0; i < r->scope->nonly; i++)
        wanted = wanted || str_eq(path_kind(r->scope->only[i]), STR("grant"));
    return wanted && (r->scope->facets & F_ACL) && !r->no_grants;
}

/* What nobody tells is not compared: the facet is not in these facts. */
static void leave_grants_out(struct reader *r, struct str why, struct str hint)
{
    r->no_grants = true;
    r->cat->captured &= ~(unsigned)F_ACL;
    r->cat->facets &= ~(unsigned)F_ACL;
    r->cat->unread = arena_str(r->cat->mem, why);
    r->cat->unread_hint = arena_str(r->cat->mem, hint);
}

static void miss_grants(struct reader *r)
{
    struct strbuf hint = sb_new(r->mem, 0);
    my_missing_grants(&hint, my_reads_grants(&r->grants), r->user);
    leave_grants_out(r, arena_printf(r->mem, "the role %.*s may not read grants", STR_ARG(r->user)),
                     sb_view(&hint));
}

/* MySQL tells the grants of roles only when they are named; MariaDB tells those of the current one.
 */
static int look_at_grants(struct reader *r, struct err *e)
{
    struct sight s = {.r = r};
    r->grants = (struct my_grants){.has_proc = has_proc(r->s)};
    if (my_batch(r->s,
                 STR("SELECT CONCAT(QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', 1)), '@', "
                     "QUOTE(SUBSTRING_INDEX(CURRENT_USER(), '@', -1))); "
                     "SELECT COALESCE(/*!80000 CURRENT_ROLE(), */ /*M! CURRENT_ROLE(), */ 'NONE'); "
                     "SHOW VARIABLES LIKE 'partial\\_revokes'; SHOW GRANTS"),
                 who_row, &s, e))
        return -1;
    if (!r->s->mariadb && !str_eq(s.roles, STR("NONE"))) {
        r->grants =
            (struct my_grants){.has_proc = r->grants.has_proc, .literal = r->grants.literal};
        if (my_batch(r->s, my_text(r->mem, "SHOW GRANTS FOR CURRENT_USER() USING %S", s.roles),
                     grant_row, &s, e))
            return -1;
    }
    unsigned sees = my_sees(&r->grants);
    if (my_reads_grants(&r->grants) != MY_HOLDS_ALL && asks_for_grants(r))
        miss_grants(r);
    return sees == MY_SEES_ALL ? 0 : hidden(r, sees, e);
}

/* ---- lists ---- */

/* Behind each list that opens tables come its warnings: a table that is locked is left out with no
 * more than that. */
enum list {
    L_SETTINGS,
    L_DATABASE,
    L_TABLES,
    L_TABLES_SAID,
    L_COLUMNS,
    L_COLUMNS_SAID,
    L_ROUTINES,
    L_TRIGGERS,
    L_TRIGGERS_SAID,
    L_EVENTS,
    L_DANGLING,
    L_DANGLING_SAID,
    L_GRANTS, /* where they are asked for */
    NLISTS
};
#define SAID "SHOW WARNINGS;"
static const char lists[] =
    "SELECT default_character_set_name, default_collation_name /*M!100502 , schema_comment */ FROM "
    "information_schema.schemata "
    "WHERE schema_name = DATABASE();"
    "SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = DATABASE() "
    "ORDER BY table_name;" SAID
    "SELECT table_name, collation_name FROM information_schema.columns WHERE table_schema = "
    "DATABASE() ORDER BY table_name, ordinal_position;" SAID
    "SELECT routine_name, routine_type, routine_comment FROM information_schema.routines WHERE "
    "routine_schema = "
    "DATABASE();"
    "SELECT trigger_name, event_object_table FROM information_schema.triggers WHERE trigger_schema "
    "= DATABASE() ORDER BY event_object_table, action_timing, event_manipulation, "
    "action_order;" SAID "SELECT event_name, event_comment FROM information_schema.events WHERE "
    "event_schema = DATABASE();"
    "SELECT DISTINCT k.table_name, k.constraint_name FROM information_schema.key_column_usage k "
    "LEFT JOIN information_schema.tables t ON t.table_schema = k.referenced_table_schema AND "
    "t.table_name = k.referenced_table_name WHERE k.table_schema = DATABASE() AND "
    "k.referenced_table_schema <> DATABASE() AND t.table_name IS NULL;"
    "SHOW WARNINGS";

static struct str all_lists(const struct reader *r)
{
    /* a scratch server has the settings that it was given */
    struct str first = r->s->scratch ? STR("DO 0") : my_settings_query(r->mem);
    bool grants = asks_for_grants(r);
    return my_text(r->mem, "%S;%s%s%s", first, lists, grants ? ";" : "",
                   grants ? my_grants_query : "");
}

static void list_grant(struct reader *r, MYSQL_ROW row, const unsigned long *lengths)
{
    struct str v[6];
    for (unsigned i = 0; i < 6; i++)
        v[i] = value(r->mem, row, lengths, i);
    struct my_grant one = {v[0], v[1], v[2], v[3], v[4], v[5]};
    VEC_PUSH(r->mem, r->granted, one);
}

static void list_table(struct reader *r, struct str name, struct str type)
{
    if (str_eq(type, STR("VIEW")))
        add_item(r, "view", "VIEW", name, STR_NULL);
    else if (str_eq(type, STR("SEQUENCE")))
        add_item(r, "sequence", "SEQUENCE", name, STR_NULL);
    else if (!str_starts(type, STR("TEMPORARY")))
        add_item(r, "table", "TABLE", name, STR_NULL);
}

static void list_column(struct reader *r, struct str table, struct str collation)
{
    for (uint32_t i = r->first; i < r->items.n; i++) {
        struct item *t = &r->items.v[i];
        if (!str_eq(t->name, table))
            continue;
        if (t->ncollations == t->cap)
            t->collations = vec_grow(r->mem, t->collations, &t->cap, sizeof *t->collations);
        t->collations[t->ncollations++] = collation;
        r->first = i; /* they come in one order */
        return;
    }
}

static void list_routine(struct reader *r, struct str name, struct str type, struct str comment)
{
    if (str_eq(type, STR("PROCEDURE")))
        add_item(r, "procedure", "PROCEDURE", name, comment);
    else if (str_eq(type, STR("FUNCTION")))
        add_item(r, "function", "FUNCTION", name, comment);
    else if (str_eq(type, STR("PACKAGE")))
        add_item(r, "package", "PACKAGE", name, comment);
    else if (str_eq(type, STR("PACKAGE BODY")))
        add_item(r, "package_body", "PACKAGE BODY", name, comment);
}

static int list_row(void *ctx, uint32_t index, MYSQL_ROW row, const unsigned long *lengths,
                    unsigned n, struct err *e)
{
    struct reader *r = ctx;
    struct str a = value(r->mem, row, lengths, 0);
    struct str b = n > 1 ? value(r->mem, row, lengths, 1) : STR_NULL;
    see(r, index, row, lengths, n);
    if (index == L_SETTINGS)
        my_setting(&r->settings, a, b);
    else if (index == L_DATABASE && is_wanted(r, "database", STR("database")))
        my_database_facts(r->cat, a, b, n > 2 ? value(r->mem, row, lengths, 2) : STR_NULL,
                          &r->settings);
    else if (index == L_TABLES)
        list_table(r, a, b);
    else if (index == L_COLUMNS)
        list_column(r, a, b);
    else if (index == L_ROUTINES)
        list_routine(r, a, b, value(r->mem, row, lengths, 2));
    else if (index == L_TRIGGERS)
        add_item(r, "trigger", "TRIGGER", a, b);
    else if (index == L_EVENTS)
        add_item(r, "event", "EVENT", a, b);
    else if (index == L_DANGLING)
        VEC_PUSH(r->mem, r->dangling,
                 path_join(r->mem, my_top(r->mem, "table", a), STR("foreign_key"), b));
    else if (index == L_GRANTS)
        list_grant(r, row, lengths);
    else if (index != L_DATABASE && str_eq(b, STR("1205"))) /* ER_LOCK_WAIT_TIMEOUT */
        return my_locked(r->s, "reading the schema", e);
    return 0;
}

/* ---- SHOW CREATE ---- */

static int not_understood(struct reader *r, const struct item *item, struct str text,
                          struct str why)
{
    struct str path = my_top(r->mem, item->kind, item->name);
    cat_add_ledger(r->cat, item->kind, item->name, path, text,
                   arena_cstr(r->cat->mem, arena_printf(r->mem, "not understood: %.*s",
                                                        STR_ARG(str_sub(why, 0, 60)))));
    return 0;
}

/* Where the text and the session's settings stand in the answer of SHOW CREATE. */
static int program_row(struct reader *r, const struct item *item, MYSQL_ROW row,
                       const unsigned long *lengths, struct err *e)
{
    bool event = strcmp(item->kind, "event") == 0;
    unsigned at = event ? 3 : 2;
    struct my_program p = {.kind = item->kind, .name = item->name, .table = item->table};
    p.comment = item->comment;
    p.sql_mode = value(r->mem, row, lengths, 1);
    p.text = value(r->mem, row, lengths, at);
    p.charset = value(r->mem, row, lengths, at + 1);
    p.collation = value(r->mem, row, lengths, at + 2);
    p.database_collation = value(r->mem, row, lengths, at + 3);
    p.time_zone = event ? value(r->mem, row, lengths, 2) : STR_NULL;
    if (str_is_null(p.text))
        return hidden(r, MY_SEES_ALL & ~MY_SEES_ROUTINES, e);
    return my_program_facts(r->cat, &p) ? 0 : not_understood(r, item, p.text, p.text);
}

/* What no server says. */
static int no_answer(const struct reader *r, struct err *e)
{
    return err_set(e, E_CANNOT_OPEN, "%.*s: the server's answer is none to what was asked",
                   STR_ARG(r->s->label));
}

/* Of a program come its name, mode, text and the session it was made in; an event has its zone. */
static unsigned columns_of(const struct item *item)
{
    static const struct {
        const char *kind;
        unsigned n;
    } rows[] = {{"table", 2}, {"sequence", 2}, {"view", 4}, {"event", 7}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(item->kind, rows[i].kind) == 0)
            return rows[i].n;
    return 6;
}

static int show_row(void *ctx, uint32_t index, MYSQL_ROW row, const unsigned long *lengths,
                    unsigned n, struct err *e)
{
    struct reader *r = ctx;
    if (r->first + index >= r->items.n || n < columns_of(&r->items.v[r->first + index]))
        return no_answer(r, e);
    struct item *item = &r->items.v[r->first + index];
    struct str why = STR("");
    struct arena_mark mark = arena_mark(r->mem);
    int rc = 0;
    item->answered = true;
    see(r, r->first + index, row, lengths, n);
    if (strcmp(item->kind, "table") == 0) {
        struct str text = my_own_sequences(r->mem, value(r->mem, row, lengths, 1), r->s->database);
        if (!my_table_facts(r->cat, text, item->collations, item->ncollations, &why))
            rc = not_understood(r, item, text, why);
    } else if (strcmp(item->kind, "view") == 0) {
        struct my_view v = {.name = item->name,
                            .text = value(r->mem, row, lengths, 1),
                            .charset = value(r->mem, row, lengths, 2),
                            .collation = value(r->mem, row, lengths, 3),
                            .database = r->s->database,
                            .broken = !item->ncollations};
        if (!my_view_facts(r->cat, &v))
            rc = not_understood(r, item, v.text, v.text);
    } else if (strcmp(item->kind, "sequence") == 0) {
        struct str text = value(r->mem, row, lengths, 1);
        if (!my_sequence_facts(r->cat, item->name, text))
            rc = not_understood(r, item, text, text);
    } else {
        rc = program_row(r, item, row, lengths, e);
    }
    arena_release(r->mem, mark);
    return rc;
}

/* What the server cannot read is the first that it does not answer of. */
static int name_item(const struct reader *r, struct err *e)
{
    uint32_t i = r->first;
    while (i < r->items.n && r->items.v[i].answered)
        i++;
    if (e->code != E_CANNOT_OPEN || i == r->items.n)
        return -1;
    return err_wrap(e, "%s %.*s", r->items.v[i].kind, STR_ARG(r->items.v[i].name));
}

/* Asks for all items, many in one wait; `before`: asked first, with so many answers. */
static int show_all(struct reader *r, struct str before, uint32_t answers, my_row_fn *row,
                    struct err *e)
{
    struct strbuf sql = sb_new(r->mem, 0);
    uint32_t i = 0;
    sb_str(&sql, before);
    r->skip = answers;
    while (i < r->items.n || sql.n) {
        for (r->first = i; i < r->items.n && sql.n < BATCH; i++)
            sql_fmt(&sql, &my_dialect, "%sSHOW CREATE %s %I", sql.n ? ";" : "", r->items.v[i].show,
                    r->items.v[i].name);
        if (my_batch(r->s, sb_view(&sql), row, r, e))
            return row == show_row ? name_item(r, e) : -1;
        sql.n = 0;
        r->skip = 0;
    }
    return 0;
}

/* A fact of the catalog, sought from *at on: what is sought comes in its order. */
static struct obj *find_from(struct catalog *cat, struct str path, uint32_t *at)
{
    for (uint32_t n = 0; n < cat->n; n++, *at = (*at + 1) % cat->n)
        if (str_eq(cat->v[*at].path, path))
            return &cat->v[*at];
    return NULL;
}

/* The order of a table's triggers is an attribute of the table. They come table by table. */
static void put_trigger_order(struct reader *r)
{
    uint32_t at = 0;
    for (uint32_t i = 0, end; i < r->items.n; i = end) {
        struct str table = r->items.v[i].table;
        struct strbuf list = sb_new(r->mem, 0);
        VEC(struct str) names = {0};
        for (end = i; end < r->items.n && str_eq(r->items.v[end].table, table); end++)
            VEC_PUSH(r->mem, names, r->items.v[end].name);
        if (str_is_null(table))
            continue;
        struct obj *o = find_from(r->cat, my_top(r->mem, "table", table), &at);
        jc_put_list(&list, names.v, names.n);
        if (o)
            o->a = arena_str(r->cat->mem,
                             obj_with(r->mem, r->cat->eng, o, "triggers", sb_view(&list)));
    }
}

/* Such a key can be made only unchecked. */
static void put_dangling(struct reader *r)
{
    for (uint32_t i = 0; i < r->cat->n; i++)
        for (uint32_t k = 0; k < r->dangling.n; k++)
            if (str_eq(r->cat->v[i].path, r->dangling.v[k]))
                r->cat->v[i].src = arena_str(r->cat->mem, STR("{\"dangling\":\"1\"}"));
}

static int see_row(void *ctx, uint32_t index, MYSQL_ROW row, const unsigned long *lengths,
                   unsigned n, struct err *e)
{
    struct reader *r = ctx;
    (void)e;
    see(r, index < r->skip ? index : r->first + index - r->skip, row, lengths, n);
    return 0;
}

/* Behind all others. */
static void put_grants(struct reader *r)
{
    uint32_t n = r->cat->n, end;
    my_grant_facts(r->cat, r->granted.v, r->granted.n, r->s->database, r->grants.literal);
    end = r->scope->nonly ? r->cat->n : 0;
    for (uint32_t i = n; i < end; i++)
        if (is_wanted(r, "grant", path_name(r->mem, r->cat->v[i].path)))
            r->cat->v[n++] = r->cat->v[i];
    r->cat->n = end ? n : r->cat->n;
}

static int read_once(struct reader *r, struct err *e)
{
    hasher_reset(r->seen);
    if (my_batch(r->s, all_lists(r), list_row, r, e) || show_all(r, STR_NULL, 0, show_row, e))
        return -1;
    for (uint32_t i = 0; i < r->items.n; i++)
        if (!r->items.v[i].answered)
            return no_answer(r, e);
    put_trigger_order(r);
    put_dangling(r);
    put_grants(r);
    return 0;
}

/* The servers have no picture of a schema at one moment, and their times of change are whole
 * seconds, or leave out changes that are made at once (measured). So all is asked for again: what
 * was the same before and after a moment was so at that moment. */
static int look_again(struct reader *r, bool *same, struct err *e)
{
    struct hash128 first = hasher_done(r->seen);
    hasher_reset(r->seen);
    if (show_all(r, all_lists(r), asks_for_grants(r) ? NLISTS : L_GRANTS, see_row, e))
        return -1;
    *same = hash_eq(first, hasher_done(r->seen));
    return 0;
}

/* Who may read grants by what SHOW GRANTS says may still not: all else is read without them. */
static bool fails_for_grants(const struct reader *r, const struct err *e)
{
    return asks_for_grants(r) && !r->s->scratch &&
           (e->code == E_NO_PRIVILEGE || e->code == E_CANNOT_OPEN);
}

/* One try, with an arena of its own. E_TORN: it moved. */
static int try_once(struct session *s, const struct scope *scope, struct catalog *cat,
                    struct err *e)
{
    struct arena *mem = arena_new(0), *lent = cat->tmp;
    struct reader r = {.scope = scope, .s = s, .cat = cat, .mem = mem, .seen = hasher_new(mem)};
    bool same = true;
    cat->tmp = mem;
    cat->n = 0;
    cat->nledger = 0;
    if (!(scope->facets & F_ACL))
        cat->captured &= ~(unsigned)F_ACL;
    r.no_grants = s->scratch ? !s->grants : s->no_grants;
    if (s->built && !s->grants && (scope->facets & F_ACL))
        leave_grants_out(&r, STR("the script grants nothing"), STR(""));
    int rc = s->scratch ? 0 : look_at_grants(&r, e);
    if (!rc)
        rc = read_once(&r, e);
    if (rc && fails_for_grants(&r, e)) {
        s->no_grants = true;
        leave_grants_out(&r, str_c(e->msg), STR("GRANT SELECT ON mysql.*"));
        cat->tmp = lent;
        arena_free(mem);
        return try_once(s, scope, cat, e);
    }
    if (!rc && !s->scratch)
        rc = look_again(&r, &same, e) || look_at_grants(&r, e) ? -1 : 0;
    if (!rc && same && scope->data.n)
        rc = my_read_data(s, scope, cat, e);
    if (!rc && !same)
        rc = err_set(e, E_TORN, "%.*s changed while it was read", STR_ARG(s->label));
    cat->tmp = lent;
    arena_free(mem);
    return rc;
}

static int introspect(struct session *s, const struct scope *scope, struct catalog *cat,
                      struct err *e)
{
    unsigned tries = 0, most = s->tries ? s->tries : MAX_TRIES;
    struct err waiting = {0};
    cat->version = arena_str(cat->mem, s->version);
    while (try_once(s, scope, cat, e)) {
        bool moves = e->code == E_TORN || e->code == E_BUSY;
        if (e->code == E_BUSY)
            waiting = *e;
        /* where the time was spent on waiting for a lock, that is what is wrong */
        if (e->code == E_TIMEOUT && waiting.code == E_BUSY) {
            *e = waiting;
            return -1;
        }
        if (!moves || ++tries >= most || !my_pause(s, tries))
            return e->code == E_BUSY ? my_busy(s, e) : -1;
    }
    return 0;
}

/* A scratch session has the sql_mode of those who will run the statements; texts are read under
 * none. */
int my_introspect(struct session *s, const struct scope *scope, struct catalog *cat, struct err *e)
{
    if (!s->scratch)
        return introspect(s, scope, cat, e);
    return my_query(s, STR("SET @snap_reading = @@SESSION.sql_mode, SESSION sql_mode = ''"), NULL,
                    e) ||
                   introspect(s, scope, cat, e) ||
                   my_query(s, STR("SET SESSION sql_mode = @snap_reading"), NULL, e)
               ? -1
               : 0;
}
