/* Grants from the server's form to that of the facts; see acl.h. */

#include "drivers/postgresql/acl.h"

#include <stdlib.h>
#include <string.h>

#include "core/escape.h"

/* One grantee's privileges. */
struct entry {
    struct str grantee; /* "" the owner, public everybody */
    struct str list;    /* "INSERT,SELECT*" */
};
struct entries {
    struct entry *v;
    uint32_t n, cap;
};

/* In the order of their words. */
static const struct privilege {
    char letter;
    const char *word;
} privileges[] = {
    {'A', "ALTER SYSTEM"}, {'c', "CONNECT"}, {'C', "CREATE"},    {'d', "DELETE"},
    {'X', "EXECUTE"},      {'a', "INSERT"},  {'m', "MAINTAIN"},  {'x', "REFERENCES"},
    {'r', "SELECT"},       {'s', "SET"},     {'T', "TEMPORARY"}, {'t', "TRIGGER"},
    {'D', "TRUNCATE"},     {'w', "UPDATE"},  {'U', "USAGE"},
};

static struct str words_of(struct arena *mem, struct str letters)
{
    struct strbuf b = sb_new(mem, 0);
    for (size_t i = 0; i < sizeof privileges / sizeof *privileges; i++) {
        size_t at = str_chr(letters, privileges[i].letter);
        if (at == letters.n)
            continue;
        if (b.n)
            sb_char(&b, ',');
        sb_c(&b, privileges[i].word);
        if (at + 1 < letters.n && letters.p[at + 1] == '*')
            sb_char(&b, '*');
    }
    return sb_view(&b);
}

/* A name at the begin of *rest, in double quotes where it must be; *rest behind it. */
static struct str take_name(struct arena *mem, struct str *rest, char end)
{
    struct strbuf b = sb_new(mem, 0);
    size_t i = 0;
    bool quoted = false;
    for (; i < rest->n && (quoted || rest->p[i] != end); i++) {
        bool twice = rest->p[i] == '"' && i + 1 < rest->n && rest->p[i + 1] == '"' && quoted;
        if (rest->p[i] == '"' && !twice) {
            quoted = !quoted;
            continue;
        }
        sb_char(&b, rest->p[i]);
        i += twice;
    }
    *rest = str_from(*rest, i + 1);
    return sb_view(&b);
}

static struct entry *entry_of(struct arena *mem, struct entries *all, struct str grantee)
{
    for (uint32_t i = 0; i < all->n; i++)
        if (str_eq(all->v[i].grantee, grantee))
            return &all->v[i];
    struct entry one = {grantee, STR("")};
    VEC_PUSH(mem, *all, one);
    return &all->v[all->n - 1];
}

/* A grantor's name ends at a semicolon, so one that holds one stands in quotes. */
static struct str shown(struct arena *mem, struct str name)
{
    struct strbuf b = sb_new(mem, 0);
    if (str_chr(name, ';') == name.n && str_chr(name, '"') == name.n)
        return name;
    sql_ident(&b, &pg_dialect, name);
    return sb_view(&b);
}

bool pg_acl_part(struct arena *mem, struct str *list, struct str *words, struct str *by)
{
    struct str rest = *list;
    size_t end = str_chr(rest, ';'), at = str_find(str_sub(rest, 0, end), STR(" by "));
    if (!rest.n)
        return false;
    *words = str_sub(rest, 0, at);
    *by = STR("");
    *list = str_from(rest, end + 2); /* "; " */
    if (at == end)
        return true;
    rest = str_from(rest, at + strlen(" by "));
    *by = take_name(mem, &rest, ';');
    *list = str_from(rest, 1);
    return true;
}

static struct entries parse(struct arena *mem, struct str list, struct str owner)
{
    struct entries all = {0};
    struct jc_iter it = jc_iter(list);
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        struct str item = jc_text(mem, raw);
        bool everybody = str_starts(item, STR("="));
        struct str grantee = take_name(mem, &item, '='),
                   letters = str_sub(item, 0, str_chr(item, '/'));
        struct str rest = str_from(item, letters.n + 1), grantor = take_name(mem, &rest, '\0');
        struct str words = words_of(mem, letters);
        if (everybody)
            grantee = STR("public");
        else if (str_eq(grantee, owner))
            grantee = STR("");
        struct entry *e = entry_of(mem, &all, grantee);
        if (!str_eq(grantor, owner))
            words = arena_printf(mem, "%.*s by %.*s", STR_ARG(words), STR_ARG(shown(mem, grantor)));
        e->list =
            e->list.n ? arena_printf(mem, "%.*s; %.*s", STR_ARG(e->list), STR_ARG(words)) : words;
    }
    return all;
}

static int by_grantee(const void *a, const void *b)
{
    return str_cmp(((const struct entry *)a)->grantee, ((const struct entry *)b)->grantee);
}

struct str pg_acl_map(struct arena *mem, struct str list, struct str dflt, struct str owner,
                      struct str *order)
{
    struct strbuf canon = sb_new(mem, 0), canon_dflt = sb_new(mem, 0), out = sb_new(mem, 0);
    struct err e;
    *order = STR_NULL;
    if (str_is_null(list) || jc_canon(list, &canon, &e) || jc_canon(dflt, &canon_dflt, &e))
        return STR_NULL;
    struct entries has = parse(mem, sb_view(&canon), owner);
    struct entries base = parse(mem, sb_view(&canon_dflt), owner);
    struct strbuf names = sb_new(mem, 0);
    struct str *grantees = NEW_ARRAY(mem, struct str, has.n);
    for (uint32_t i = 0; i < has.n; i++)
        grantees[i] = has.v[i].grantee;
    jc_put_list(&names, grantees, has.n);
    for (uint32_t i = 0; i < base.n; i++)
        entry_of(mem, &has, base.v[i].grantee); /* one that lost everything is an empty entry */
    if (has.n)
        qsort(has.v, has.n, sizeof *has.v, by_grantee);
    sb_char(&out, '{');
    for (uint32_t i = 0; i < has.n; i++) {
        struct str was = STR("");
        for (uint32_t k = 0; k < base.n; k++)
            if (str_eq(base.v[k].grantee, has.v[i].grantee))
                was = base.v[k].list;
        if (str_eq(was, has.v[i].list))
            continue;
        jc_put_key(&out, has.v[i].grantee);
        esc_json(&out, has.v[i].list);
    }
    sb_char(&out, '}');
    *order = out.n > 2 ? sb_view(&names) : STR_NULL;
    return out.n > 2 ? sb_view(&out) : STR_NULL;
}
