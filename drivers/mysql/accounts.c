/*
 * Accounts, which are the whole server's and no part of a schema: statements of scripts that have
 * to do with them, of which only what is granted in the script's own database counts; and how one
 * grant stands on two servers.
 */

#include "drivers/mysql/grants.h"

#include <stdlib.h>

/* `name` or name at the begin of *rest, and the dot behind it. False: neither stands there. */
static bool take_part(struct arena *mem, struct str *rest, struct str *name, bool *dot)
{
    struct my_lex l = {*rest, 0};
    struct my_tok t = my_peek(&l);
    size_t end = t.type == MY_WORD ? str_chr(t.text, '.') : t.text.n;
    if ((t.type != MY_NAME && t.type != MY_WORD) || !end)
        return false;
    *name = t.type == MY_NAME ? my_unquote(mem, t) : str_sub(t.text, 0, end);
    *rest = str_from(*rest, t.at + end);
    *dot = str_starts(*rest, STR("."));
    *rest = str_from(*rest, *dot);
    return true;
}

/* Whether what stands behind ON is of the database; *here: without its name. */
static bool is_own(struct arena *mem, struct str object, struct str database, struct str *here)
{
    struct str rest = object, name;
    bool dot = false;
    *here = object;
    if (str_eq(object, STR("*")))
        return true;
    if (!take_part(mem, &rest, &name, &dot))
        return false;
    *here = dot ? str_trim(rest) : object;
    return !dot || (!str_is_null(database) && str_eq(name, database));
}

static bool is_of_accounts(struct str sql)
{
    static const char *const heads[] = {"CREATE USER", "ALTER USER",       "DROP USER",
                                        "RENAME USER", "CREATE ROLE",      "DROP ROLE",
                                        "SET DEFAULT", "SET PASSWORD FOR", "FLUSH PRIVILEGES"};
    struct my_lex l = {sql, 0};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        if (my_take(&l, heads[i]))
            return true;
    return false;
}

/* The lexer goes behind the next of the words outside parentheses; false: there is none. */
static bool go_behind(struct my_lex *l, const char *a, const char *b, size_t *at)
{
    int depth = 0;
    for (struct my_tok t = my_next(l); t.type != MY_END; t = my_next(l)) {
        depth += my_is_op(t, '(') - my_is_op(t, ')');
        *at = t.at;
        if (!depth && (my_is(t, a) || my_is(t, b)))
            return true;
    }
    return false;
}

enum my_granting my_granting(struct arena *mem, struct str *sql, struct str database)
{
    static const char *const types[] = {"TABLE", "FUNCTION", "PROCEDURE", "PACKAGE BODY",
                                        "PACKAGE"};
    struct my_lex l = {*sql, 0};
    struct str here;
    size_t at = 0;
    if (is_of_accounts(*sql))
        return MY_GRANTS_ELSEWHERE;
    if (!my_take(&l, "GRANT") && !my_take(&l, "REVOKE"))
        return MY_GRANTS_NOTHING;
    if (!go_behind(&l, "ON", "TO", &at) || str_eq_fold_c(str_sub(*sql, at, l.at), "TO"))
        return MY_GRANTS_ELSEWHERE; /* a role */
    bool typed = false;
    for (size_t i = 0; i < sizeof types / sizeof *types && !typed; i++)
        typed = my_take(&l, types[i]);
    size_t from = my_peek(&l).at;
    if (!go_behind(&l, "TO", "FROM", &at))
        return MY_GRANTS_ELSEWHERE;
    if (!is_own(mem, str_trim(str_sub(*sql, from, at)), database, &here))
        return MY_GRANTS_ELSEWHERE;
    *sql = arena_printf(mem, "%.*s %.*s %.*s", STR_ARG(str_sub(*sql, 0, from)), STR_ARG(here),
                        STR_ARG(str_from(*sql, at)));
    return MY_GRANTS_HERE;
}

struct str *my_granted_to(struct arena *mem, struct str sql, uint32_t *n)
{
    VEC(struct str) list = {0};
    struct my_lex l = {sql, 0};
    size_t at = 0, end;
    *n = 0;
    if (!my_take(&l, "GRANT") || !go_behind(&l, "TO", "TO", &at))
        return NULL;
    size_t from = l.at;
    end = go_behind(&l, "WITH", "REQUIRE", &at) ? at : sql.n;
    struct str rest = str_sub(sql, from, end), one;
    while (my_cut(&rest, &one)) {
        struct my_lex name = {one, 0};
        while (my_peek(&name).type != MY_END && !my_is(my_peek(&name), "IDENTIFIED"))
            my_next(&name);
        one = str_sub(one, 0, my_peek(&name).type == MY_END ? one.n : my_peek(&name).at);
        VEC_PUSH(mem, list, str_trim(one));
    }
    *n = list.n;
    return list.v;
}

/* Whether servers of a level know the privilege. */
static bool knows(unsigned level, struct str word)
{
    enum { MARIADB = 100000, HISTORY = 1003, CREATE_ROUTINE = 1103 };
    if (str_eq(word, STR("DELETE HISTORY")))
        return level >= MARIADB + HISTORY;
    return level >= MARIADB + CREATE_ROUTINE || !str_eq(word, STR("SHOW CREATE ROUTINE"));
}

/* A role is an account of any host to MySQL and a bare name to MariaDB. */
static struct str other_form(struct arena *mem, struct str path, bool mariadb)
{
    struct str any = STR("@`%`");
    bool bare = !str_ends(path, any),
         role = str_ends(path, STR("`")) && str_find(path, STR("`@`")) == path.n;
    if (mariadb)
        return bare ? STR_NULL : str_sub(path, 0, path.n - any.n);
    return role ? arena_printf(mem, "%.*s%.*s", STR_ARG(path), STR_ARG(any)) : STR_NULL;
}

struct levels {
    unsigned from, to;
};

/* What the other server knows of it, and what only that one can tell. */
static void carry_words(struct obj *o, const struct obj *twin, const struct catalog *cat,
                        struct levels l, struct arena *mem)
{
    uint32_t n, more = 0, put = 0;
    struct str *own = my_list(mem, obj_raw(o, "privileges"), &n), *theirs = NULL;
    if (twin)
        theirs = my_list(mem, obj_raw(twin, "privileges"), &more);
    struct str *all = NEW_ARRAY(mem, struct str, n + more);
    for (uint32_t i = 0; i < n; i++)
        if (knows(l.to, own[i]))
            all[put++] = own[i];
    for (uint32_t i = 0; i < more; i++)
        if (!knows(l.from, theirs[i]))
            all[put++] = theirs[i];
    struct strbuf list = sb_new(mem, 0);
    if (put)
        qsort(all, put, sizeof *all, str_order);
    jc_put_list(&list, all, put);
    o->a = obj_with(mem, cat->eng, o, "privileges", put ? sb_view(&list) : STR_NULL);
}

void my_carry_grants(struct catalog *cat, const struct catalog *like, struct arena *mem)
{
    struct levels l = {my_level(cat->version), my_level(like->version)};
    struct str *paths = NEW_ARRAY(mem, struct str, cat->n);
    uint32_t n = 0;
    for (uint32_t i = 0; i < cat->n; i++) {
        struct obj *o = &cat->v[i];
        paths[i] = o->path;
        if (!my_is_kind(o, "grant"))
            continue;
        const struct obj *twin = cat_find(like, o->path);
        struct str other = twin ? STR_NULL : other_form(mem, o->path, my_is_mariadb(like));
        if (other.n && !cat_find(cat, other) && cat_find(like, other)) {
            twin = cat_find(like, other);
            paths[i] = other;
            o->src = twin->src;
        }
        carry_words(o, twin, cat, l, mem);
        if (str_eq(o->a, STR("{}")))
            paths[i] = STR_NULL; /* nothing that the other server knows */
    }
    for (uint32_t i = 0; i < cat->n; i++) {
        cat->v[n] = cat->v[i];
        cat->v[n].path = paths[i];
        n += !str_is_null(paths[i]);
    }
    cat->n = n;
}
