/*
 * What a role may see. Both servers leave out of information_schema what it may not, without a
 * word; so its grants are asked for before anything else is believed. Pure half: grants as SHOW
 * GRANTS has them.
 */

#include "drivers/mysql/visible.h"

#include <string.h>

/* Whether a database's name in a grant means this one: `%` and `_` are wild unless escaped. */
static bool fits(struct str pattern, struct str name)
{
    size_t p = 0, n = 0, star = pattern.n + 1, back = 0;
    while (n < name.n) {
        bool escaped = p + 1 < pattern.n && pattern.p[p] == '\\';
        if (p < pattern.n && !escaped && pattern.p[p] == '%') {
            star = p++;
            back = n;
        } else if (p < pattern.n &&
                   ((!escaped && pattern.p[p] == '_') || pattern.p[p + escaped] == name.p[n])) {
            p += 1 + escaped;
            n++;
        } else if (star <= pattern.n) {
            p = star + 1;
            n = ++back;
        } else {
            return false;
        }
    }
    while (p < pattern.n && pattern.p[p] == '%')
        p++;
    return p == pattern.n;
}

/* How far a pattern is from being wild: the server takes the first one of a role that fits, in this
 * order. */
static size_t exactness(struct str pattern)
{
    for (size_t i = 0; i < pattern.n; i++) {
        if (pattern.p[i] == '\\')
            i++;
        else if (pattern.p[i] == '%' || pattern.p[i] == '_')
            return i;
    }
    return SIZE_MAX;
}

/* A name as a pattern that fits nothing else. */
static struct str escaped(struct arena *mem, struct str name)
{
    struct strbuf out = sb_new(mem, 0);
    for (size_t i = 0; i < name.n; i++) {
        if (strchr("\\%_", name.p[i]))
            sb_c(&out, "\\");
        sb_char(&out, name.p[i]);
    }
    return sb_view(&out);
}

/* Whether a grant on a database is one on this. */
static bool is_of(const struct my_grants *g, struct str pattern, struct str database)
{
    return g->literal ? str_eq(pattern, database) : fits(pattern, database);
}

/* The bit of a privilege's words. */
static unsigned bit_of(struct str words)
{
    static const struct {
        const char *words;
        unsigned bit;
    } rows[] = {
        {"ALL PRIVILEGES", MY_SEES_ALL},
        {"ALL", MY_SEES_ALL},
        {"SELECT", MY_SEES_TABLES},
        {"SHOW VIEW", MY_SEES_VIEWS},
        {"TRIGGER", MY_SEES_TRIGGERS},
        {"EVENT", MY_SEES_EVENTS},
        /* who may call or change routines has all of them in the lists; a text that is hidden all
         * the same is seen to be */
        {"EXECUTE", MY_SEES_ROUTINES},
        {"ALTER ROUTINE", MY_SEES_ROUTINES},
        {"CREATE ROUTINE", MY_SEES_ROUTINES},
        {"SHOW_ROUTINE", MY_SEES_ROUTINES},
        {"SHOW CREATE ROUTINE", MY_SEES_ROUTINES},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq_fold_c(words, rows[i].words))
            return rows[i].bit;
    return 0;
}

/* Takes a, b (column), c up to ON; privileges on some columns only do not count. */
static unsigned privileges(struct my_lex *l)
{
    struct str inside;
    unsigned bits = 0;
    for (;;) {
        size_t from = my_peek(l).at, end = from;
        struct my_tok t = my_peek(l);
        while (t.type == MY_WORD && !my_is(t, "ON") && !my_is(t, "TO") && !my_is(t, "FROM")) {
            my_next(l);
            end = l->at;
            t = my_peek(l);
        }
        if (!my_parens(l, &inside))
            bits |= bit_of(str_trim(str_sub(l->sql, from, end)));
        if (!my_is_op(my_peek(l), ','))
            return bits;
        my_next(l);
    }
}

/* Takes a name or *. */
static struct str scope_name(struct arena *mem, struct my_lex *l, bool *all)
{
    struct my_tok t = my_next(l);
    *all = my_is_op(t, '*');
    return my_unquote(mem, t);
}

/* `user`@`host` or the name of a role. */
static struct str grantee(struct my_lex *l)
{
    size_t from = my_peek(l).at;
    my_next(l);
    size_t end = l->at;
    if (end < l->sql.n && l->sql.p[end] == '@') {
        my_next(l);
        if (l->at == end + 1)
            my_next(l);
        end = l->at;
    }
    return str_sub(l->sql, from, end);
}

/* Of the patterns of one role that fit, one alone counts; of two that are alike, what both give. */
static void add_reach(struct arena *mem, struct my_grants *g, struct my_reach one)
{
    for (uint32_t i = 0; i < g->reach.n; i++) {
        struct my_reach *r = &g->reach.v[i];
        if (!str_eq(r->role, one.role))
            continue;
        if (one.exactness > r->exactness)
            *r = one;
        else if (one.exactness == r->exactness)
            r->bits &= one.bits;
        return;
    }
    VEC_PUSH(mem, g->reach, one);
}

static const struct {
    const char *table;
    unsigned bit;
} holders[] = {{"db", MY_HOLDS_DB},
               {"tables_priv", MY_HOLDS_TABLES},
               {"columns_priv", MY_HOLDS_COLUMNS},
               {"procs_priv", MY_HOLDS_ROUTINES}};

/* SELECT on a table of mysql, on all of them where `whole`. */
static void add_holders(struct my_grants *g, struct str table, bool whole, bool revoke)
{
    g->mysql_is_hidden = g->mysql_is_hidden || (revoke && whole);
    for (size_t i = 0; i < sizeof holders / sizeof *holders && !revoke; i++)
        if (whole || str_eq_c(table, holders[i].table))
            g->holders |= holders[i].bit;
}

/* GRANT ... ON [TABLE] `db`.`t` TO ..., REVOKE ... ON `db`.* FROM ... */
void my_add_grant(struct arena *mem, struct my_grants *g, struct str line, struct str database)
{
    struct my_lex l = {line, 0};
    bool every, whole, revoke = my_take(&l, "REVOKE");
    if (!revoke && !my_take(&l, "GRANT"))
        return;
    unsigned bits = privileges(&l);
    if (!my_take(&l, "ON"))
        return; /* a role */
    my_take(&l, "TABLE");
    struct str db = scope_name(mem, &l, &every);
    my_next(&l); /* the dot */
    struct str table = scope_name(mem, &l, &whole);
    if (!my_take(&l, revoke ? "FROM" : "TO"))
        return;
    if (str_eq(db, STR("mysql")) && (bits & MY_SEES_TABLES))
        add_holders(g, table, whole, revoke);
    if (revoke) {
        /* who may read all tables sees routines by that alone */
        if (whole && is_of(g, db, database))
            g->revoked |= bits & MY_SEES_TABLES ? bits | MY_SEES_ROUTINES : bits;
    } else if (every && whole) {
        g->global |= bits & MY_SEES_TABLES ? bits | MY_SEES_ROUTINES : bits;
    } else if (whole && is_of(g, db, database)) {
        g->by_pattern = g->by_pattern || !str_eq(db, database);
        add_reach(mem, g, (struct my_reach){grantee(&l), exactness(db), bits});
    } else if (g->has_proc && str_eq(db, STR("mysql")) && (whole || str_eq(table, STR("proc")))) {
        g->routines |= bits & MY_SEES_TABLES ? MY_SEES_ROUTINES : 0;
    }
}

unsigned my_sees(const struct my_grants *g)
{
    unsigned bits = (g->global & ~g->revoked) | g->routines;
    for (uint32_t i = 0; i < g->reach.n; i++)
        bits |= g->reach.v[i].bits;
    return bits;
}

/* A grant on the database by name would put those by patterns aside: then it is whole. */
void my_missing(struct strbuf *out, const struct my_grants *g, unsigned sees, struct str database,
                struct str user)
{
    static const struct {
        unsigned bit;
        const char *words;
    } rows[] = {{MY_SEES_TABLES, "SELECT"},
                {MY_SEES_VIEWS, "SHOW VIEW"},
                {MY_SEES_TRIGGERS, "TRIGGER"},
                {MY_SEES_EVENTS, "EVENT"}};
    bool any = false;
    unsigned missing = MY_SEES_ALL & ~MY_SEES_ROUTINES & ~sees;
    if (missing && g->by_pattern)
        missing = MY_SEES_ALL;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!(missing & rows[i].bit))
            continue;
        sb_c(out, any ? ", " : "GRANT ");
        sb_c(out, rows[i].words);
        any = true;
    }
    if (any)
        sql_fmt(out, &my_dialect, " ON %I.* TO %S",
                g->by_pattern ? escaped(out->mem, database) : database, user);
    if (!(sees & MY_SEES_ROUTINES))
        sql_fmt(out, &my_dialect, "%s%s TO %S", any ? "; " : "",
                g->has_proc ? "GRANT SELECT ON mysql.proc" : "GRANT SHOW_ROUTINE ON *.*", user);
}

unsigned my_reads_grants(const struct my_grants *g)
{
    bool all = (g->global & MY_SEES_TABLES) && !g->mysql_is_hidden;
    return all ? MY_HOLDS_ALL : g->holders;
}

void my_missing_grants(struct strbuf *out, unsigned reads, struct str user)
{
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++)
        if (!(reads & holders[i].bit))
            sql_fmt(out, &my_dialect, "%sGRANT SELECT ON mysql.%s TO %S", out->n ? "; " : "",
                    holders[i].table, user);
}
