/*
 * What a role may see. Both servers leave out of information_schema what it may not, without a
 * word; so its grants are asked for before anything else is believed. Pure half: grants as SHOW
 * GRANTS has them.
 */

#include "drivers/mysql/visible.h"

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

/* The bit of a privilege's words. */
static unsigned bit_of(struct str words)
{
    static const struct {
        const char *words;
        unsigned bit;
    } rows[] = {{"ALL PRIVILEGES", MY_SEES_ALL},    {"ALL", MY_SEES_ALL},
                {"SELECT", MY_SEES_TABLES},         {"SHOW VIEW", MY_SEES_VIEWS},
                {"TRIGGER", MY_SEES_TRIGGERS},      {"EVENT", MY_SEES_EVENTS},
                {"SHOW_ROUTINE", MY_SEES_ROUTINES}, {"SHOW CREATE ROUTINE", MY_SEES_ROUTINES}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq_fold_c(words, rows[i].words))
            return rows[i].bit;
    return 0;
}

/* Takes a name or *. */
static struct str scope_name(struct arena *mem, struct my_lex *l, bool *all)
{
    struct my_tok t = my_next(l);
    *all = my_is_op(t, '*');
    return my_unquote(mem, t);
}

/* GRANT a, b (column), c ON [TABLE] `db`.`t` TO ... */
unsigned my_sees(struct arena *mem, struct str grant, struct str database)
{
    struct my_lex l = {grant, 0};
    struct str inside;
    unsigned bits = 0;
    bool every, whole;
    if (!my_take(&l, "GRANT"))
        return 0;
    for (;;) {
        size_t from = my_peek(&l).at, end = from;
        struct my_tok t = my_peek(&l);
        while (t.type == MY_WORD && !my_is(t, "ON") && !my_is(t, "TO")) {
            my_next(&l);
            end = l.at;
            t = my_peek(&l);
        }
        /* of some columns only */
        if (!my_parens(&l, &inside))
            bits |= bit_of(str_trim(str_sub(grant, from, end)));
        if (!my_is_op(my_peek(&l), ','))
            break;
        my_next(&l);
    }
    if (!my_take(&l, "ON"))
        return 0; /* a role */
    my_take(&l, "TABLE");
    struct str db = scope_name(mem, &l, &every);
    my_next(&l); /* the dot */
    struct str table = scope_name(mem, &l, &whole);
    if (every && whole)
        return bits & MY_SEES_TABLES ? bits | MY_SEES_ROUTINES : bits;
    if (str_eq(db, STR("mysql")) && (whole || str_eq(table, STR("proc"))) &&
        !fits(STR("mysql"), database))
        return bits & (MY_SEES_TABLES) ? MY_SEES_ROUTINES : 0;
    if (!whole || !fits(db, database))
        return 0;
    /* of one database, all of its privileges do not show the routines of others */
    return bits;
}

void my_missing(struct strbuf *out, unsigned sees, struct str database, struct str user,
                bool mariadb)
{
    static const struct {
        unsigned bit;
        const char *words;
    } rows[] = {{MY_SEES_TABLES, "SELECT"},
                {MY_SEES_VIEWS, "SHOW VIEW"},
                {MY_SEES_TRIGGERS, "TRIGGER"},
                {MY_SEES_EVENTS, "EVENT"}};
    bool any = false;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (sees & rows[i].bit)
            continue;
        sb_c(out, any ? ", " : "GRANT ");
        sb_c(out, rows[i].words);
        any = true;
    }
    if (any)
        sql_fmt(out, &my_dialect, " ON %I.* TO %S", database, user);
    if (!(sees & MY_SEES_ROUTINES))
        sql_fmt(out, &my_dialect, "%s%s TO %S", any ? "; " : "",
                mariadb ? "GRANT SELECT ON mysql.proc" : "GRANT SHOW_ROUTINE ON *.*", user);
}
