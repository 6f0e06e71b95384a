/*
 * Procedures, functions, packages, triggers and events: what the server keeps as a text with the
 * session in which it was made. They are made again under those settings: MariaDB replaces
 * routines, which keeps what is granted on them; all else is dropped and created.
 */

#include "drivers/mysql/mysql.h"

#include <string.h>

static const char *words_of(const struct obj *o)
{
    return my_is_kind(o, "procedure")      ? "PROCEDURE"
           : my_is_kind(o, "function")     ? "FUNCTION"
           : my_is_kind(o, "package")      ? "PACKAGE"
           : my_is_kind(o, "package_body") ? "PACKAGE BODY"
           : my_is_kind(o, "event")        ? "EVENT"
                                           : "TRIGGER";
}

static bool is_listed(const struct str *list, uint32_t n, struct str name)
{
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(list[i], name))
            return true;
    return false;
}

/* The triggers of a table in the order that this one is to have: the list of a table that does not
 * change otherwise may lack it, and then that side has it which it comes from. */
static struct str *trigger_order(struct ddl *d, struct str table, struct str name, uint32_t *n)
{
    const struct obj *const tables[] = {
        view_get(d->after, table),
        d->goal ? cat_find(d->goal, table) : NULL,
        d->origin ? cat_find(d->origin, table) : NULL,
    };
    *n = 0;
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct str *list =
            my_list(d->mem, tables[i] ? obj_raw(tables[i], "triggers") : STR_NULL, n);
        if (is_listed(list, *n, name))
            return list;
    }
    return NULL;
}

/* Where a trigger stands among those of its table, time and event: before the next one that is
 * there already. */
static struct str trigger_place(struct ddl *d, const struct obj *o)
{
    struct str table = path_parent(o->path);
    struct str group = obj_text(d->mem, o, "group"), name = my_name(d->mem, o->path);
    uint32_t n;
    struct str *order = trigger_order(d, table, name, &n);
    bool behind = false;
    for (uint32_t i = 0; order && i < n; i++) {
        struct str path = path_join(d->mem, table, STR("trigger"), order[i]);
        const struct obj *there = view_get(d->before, path);
        if (behind && there && str_eq(obj_text(d->mem, there, "group"), group))
            return order[i];
        behind = behind || str_eq(order[i], name);
    }
    return STR_NULL;
}

/* 'text' where a backslash is no escape. */
static void put_plain(struct strbuf *out, struct str text)
{
    sb_char(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            sb_char(out, '\'');
        sb_char(out, text.p[i]);
    }
    sb_char(out, '\'');
}

/* SHOW CREATE writes a comment with escapes, also where the program's own sql_mode knows none: such
 * a text would give another comment (tried on MySQL 9.7 and MariaDB 10.11). */
static struct str own_words(struct arena *mem, const struct obj *o)
{
    struct str def = obj_text(mem, o, "def"), comment = obj_src(mem, o, "comment");
    struct strbuf shown = sb_new(mem, 0), out = sb_new(mem, 0);
    if (str_is_null(comment))
        return def;
    sb_c(&shown, "COMMENT ");
    my_put_string(&shown, comment);
    size_t at = str_find(def, sb_view(&shown));
    if (at == def.n)
        return def;
    sb_printf(&out, "%.*sCOMMENT ", STR_ARG(str_sub(def, 0, at)));
    put_plain(&out, comment);
    sb_str(&out, str_from(def, at + shown.n));
    return sb_view(&out);
}

/* How it is made: anew, or in the place of the one that is there. */
enum how { NEW_ONE, REPLACED };

/* `before`: the trigger that it comes before, or absent. */
static void put_text(struct ddl *d, const struct obj *o, enum how how, struct str before,
                     struct strbuf *out)
{
    struct str definer = obj_text(d->mem, o, "definer"), def = own_words(d->mem, o);
    sb_c(out, how == REPLACED ? "CREATE OR REPLACE " : "CREATE ");
    if ((d->facets & F_OWNER) && definer.n)
        sb_printf(out, "DEFINER=%.*s ", STR_ARG(definer));
    if (before.n) {
        size_t at = (size_t)jc_int(obj_src(d->mem, o, "place"));
        sb_printf(out, "%.*s PRECEDES ", STR_ARG(str_sub(def, 0, at)));
        my_put_name(out, before);
        sb_str(out, str_from(def, at));
    } else {
        sb_str(out, def);
    }
}

/* A program keeps the collation that its database had when it was made: that of its parameters and
 * variables without one. The database gets it for the moment, or, with `back`, its own again. */
static void set_database(struct ddl *d, const struct obj *o, bool back)
{
    const struct obj *database = view_get(d->after, my_top(d->mem, "database", STR("database")));
    struct str own = database ? obj_text(d->mem, database, "collation") : STR_NULL;
    struct str wanted = obj_text(d->mem, o, "db_collation");
    if (own.n && wanted.n && !str_eq(own, wanted))
        my_ddl(d, 0, "ALTER DATABASE COLLATE %S", back ? own : wanted);
}

static void make(struct ddl *d, const struct obj *o, enum how how, struct str before)
{
    struct strbuf text = sb_new(d->mem, 0);
    set_database(d, o, false);
    my_set(d, o, "sql_mode", "sql_mode");
    my_set(d, o, "charset", "character_set_client");
    my_set(d, o, "collation", "collation_connection");
    my_set(d, o, "time_zone", "time_zone");
    put_text(d, o, how, before, &text);
    ddl_stmt(d, sb_view(&text), 0);
    my_unset(d, o, "time_zone", "time_zone");
    my_unset(d, o, "collation", "collation_connection");
    my_unset(d, o, "charset", "character_set_client");
    my_unset(d, o, "sql_mode", "sql_mode");
    set_database(d, o, true);
}

static int program_create(struct ddl *d, const struct change *c, struct err *e)
{
    bool trigger = my_is_kind(c->after, "trigger");
    (void)e;
    make(d, c->after, NEW_ONE, trigger ? trigger_place(d, c->after) : STR_NULL);
    return 0;
}

static int program_replace(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    make(d, c->after, REPLACED, STR_NULL);
    return 0;
}

/* MariaDB keeps what is granted on a routine that is replaced. A new package takes its body along,
 * and a body has to fit the package (tried on 10.11). */
static bool is_replaced(const struct ddl *d, const struct change *c)
{
    bool body = my_is_kind(c->after, "package_body");
    struct str package = my_top(d->mem, "package", my_name(d->mem, c->after->path));
    const struct obj *was = view_get(d->before, package), *is = view_get(d->after, package);
    return my_for_mariadb(d) && (!body || (was && is && str_eq(was->a, is->a)));
}

/* Only sql_mode ORACLE knows packages. */
static void drop_one(struct ddl *d, const struct obj *o)
{
    bool package = my_is_kind(o, "package") || my_is_kind(o, "package_body");
    if (package)
        my_set(d, o, "sql_mode", "sql_mode");
    my_ddl(d, 0, "DROP %s %I", words_of(o), my_name(d->mem, o->path));
    if (package)
        my_unset(d, o, "sql_mode", "sql_mode");
}

void my_triggers_again(struct ddl *d, const struct obj *table)
{
    uint32_t n;
    struct str *order = my_list(d->mem, obj_raw(table, "triggers"), &n);
    for (int pass = 0; pass < 2; pass++)
        for (uint32_t i = 0; i < n; i++) {
            struct str path = path_join(d->mem, table->path, STR("trigger"), order[i]);
            const struct obj *was = view_get(d->before, path), *is = view_get(d->after, path);
            if (was && is && pass == 0)
                drop_one(d, was);
            else if (was && is)
                make(d, is, NEW_ONE, STR_NULL);
        }
}

static int program_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    drop_one(d, c->before);
    return 0;
}

/* Behind FOR EACH ROW of a trigger's text, and what stands between its name and that. */
static size_t trigger_head(struct str def, struct str *group)
{
    struct my_lex l = {def, 0};
    my_next(&l);
    my_next(&l);
    size_t from = l.at;
    my_next(&l);
    my_next(&l);
    *group = str_trim(str_sub(def, from, l.at));
    while (my_peek(&l).type != MY_END && !my_take(&l, "FOR EACH ROW"))
        my_next(&l);
    return l.at;
}

/* Under ANSI_QUOTES the server writes "a"@"b". */
static struct str plain_definer(struct arena *mem, struct str definer)
{
    struct my_lex l = {definer, 0};
    struct strbuf out = sb_new(mem, 0);
    my_put_name(&out, my_unquote(mem, my_next(&l)));
    if (my_is(my_next(&l), "@")) {
        sb_char(&out, '@');
        my_put_name(&out, my_unquote(mem, my_next(&l)));
    }
    return definer.n ? sb_view(&out) : definer;
}

bool my_program_facts(struct catalog *cat, const struct my_program *p)
{
    struct my_lex l = {p->text, 0};
    bool nul = str_chr(p->text, '\0') < p->text.n || str_chr(p->comment, '\0') < p->comment.n;
    if (nul || !my_take(&l, "CREATE"))
        return false; /* a byte 0 cannot be in a fact */
    struct str definer = my_definer(&l), def = str_trim(str_from(p->text, l.at)), group;
    struct fact f;
    bool trigger = strcmp(p->kind, "trigger") == 0;
    struct str who = plain_definer(cat->tmp, definer);
    if (str_chr(who, '\0') < who.n)
        return false;
    fact_begin(&f, cat, p->kind, trigger ? my_top(cat->tmp, "table", p->table) : STR(""), p->name);
    fact_text(&f, "charset", p->charset);
    fact_text(&f, "collation", p->collation);
    fact_text(&f, "db_collation", p->database_collation);
    fact_text(&f, "def", def);
    fact_text(&f, "definer", who);
    fact_text(&f, "sql_mode", p->sql_mode);
    if (p->comment.n && str_find(p->sql_mode, STR("NO_BACKSLASH_ESCAPES")) < p->sql_mode.n)
        fact_src(&f, "comment", p->comment);
    if (strcmp(p->kind, "package_body") == 0)
        fact_dep(&f, my_top(cat->tmp, "package", p->name));
    if (trigger) {
        size_t place = trigger_head(def, &group);
        fact_text(&f, "group", group);
        fact_src(&f, "place", arena_printf(cat->tmp, "%zu", place));
        fact_dep(&f, my_top(cat->tmp, "table", p->table));
    } else if (strcmp(p->kind, "event") == 0) {
        fact_text(&f, "time_zone", p->time_zone);
    }
    fact_end(&f);
    return true;
}

static void program_brief(const struct obj *o, struct strbuf *out)
{
    struct str def = obj_text(out->mem, o, "def");
    sb_str(out, str_sub(def, 0, str_chr(def, '\n')));
}

static const struct alter create = {
    .name = "program.create", .fn = program_create, .doc = "CREATE, under its own sql_mode"};
static const struct alter drop = {.name = "program.drop", .fn = program_drop, .doc = "DROP"};
static const struct alter replace = {.name = "program.replace",
                                     .fn = program_replace,
                                     .applies = is_replaced,
                                     .other = &alter_replace,
                                     .doc = "CREATE OR REPLACE (MariaDB)"};

/* clang-format off */
#define SESSION(alter)                                                                                                  \
    {"charset",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, alter, 1, false, 0, "character_set_client of its session"},     \
    {"collation", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, alter, 1, false, 0, "collation_connection of its session"},     \
    {"db_collation", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, alter, 1, false, 0, "its database's collation then"},        \
    {"def",       A_BODY, CMP_VALUE, F_STRUCTURE, NULL, alter, 1, false, 0, "its text, without the definer"},           \
    {"definer",   A_TEXT, CMP_VALUE, F_OWNER,     NULL, alter, 1, false, 0, "DEFINER"}
#define SQL_MODE(alter) \
    {"sql_mode",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, alter, 1, false, 0, "sql_mode of its session"}
static const struct attr_desc package_attrs[] = {SESSION(NULL), SQL_MODE(NULL)};
static const struct attr_desc routine_attrs[] = {SESSION(&replace), SQL_MODE(&replace)};
static const struct attr_desc trigger_attrs[] = {
    SESSION(NULL),
    {"group",     A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, AF_DERIVED, "its time and event"},
    SQL_MODE(NULL),
};
static const struct attr_desc event_attrs[] = {
    SESSION(NULL), SQL_MODE(NULL),
    {"time_zone", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "time_zone of its session"},
};
/* clang-format on */

#define PROGRAM(id, tag, over, flag, place, rows, text)                                            \
    const struct kind_desc id = {                                                                  \
        .name = tag,                                                                               \
        .parents = over,                                                                           \
        .flags = flag,                                                                             \
        .rank = place,                                                                             \
        .facet = F_STRUCTURE,                                                                      \
        .names = "/" tag,                                                                          \
        .attrs = rows,                                                                             \
        .nattrs = sizeof rows / sizeof *rows,                                                      \
        .create = &create,                                                                         \
        .drop = &drop,                                                                             \
        .brief = program_brief,                                                                    \
        .doc = text,                                                                               \
    }

PROGRAM(my_function_kind, "function", "", KF_GRANTED, 30, routine_attrs, "stored function");
PROGRAM(my_procedure_kind, "procedure", "", KF_GRANTED, 60, routine_attrs, "stored procedure");
PROGRAM(my_package_kind, "package", "", KF_GRANTED, 28, package_attrs, "package (MariaDB)");
PROGRAM(my_package_body_kind, "package_body", "", KF_GRANTED, 61, routine_attrs,
        "package body (MariaDB)");
PROGRAM(my_trigger_kind, "trigger", "table", KF_CASCADE, 70, trigger_attrs, "trigger of a table");
PROGRAM(my_event_kind, "event", "", 0, 80, event_attrs, "event of the scheduler");
