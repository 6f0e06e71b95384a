/*
 * Statements of scripts that have to do with accounts. Accounts are the whole server's and no part
 * of a schema: only what is granted in the script's own database counts.
 */

#include "drivers/mysql/grants.h"

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
