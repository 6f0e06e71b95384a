/* What a URL tells: which server a source is on, and what its role needs to read a schema. Pure
 * half. */

#include "core/escape.h"
#include "drivers/mysql/visible.h"

struct str my_url_key(const struct source *src, const char *key, const char *other)
{
    for (uint32_t i = 0; i < src->nkeys; i++)
        if (str_eq_c(src->keys[i].key, key) || (*other && str_eq_c(src->keys[i].key, other)))
            return src->keys[i].value;
    return STR_NULL;
}

/* Host and port of a URL. This machine is one, by whatever way; behind a socket is any port. */
static void place_of(const struct source *src, struct arena *mem, struct str *host,
                     struct str *port)
{
    static const char local[] = "localhost,127.0.0.1,::1,0.0.0.0";
    struct str rest = str_starts(src->raw, STR("//")) ? str_from(src->raw, 2) : src->raw;
    size_t user = 0;
    rest = str_sub(rest, 0, str_chr(rest, '/'));
    for (size_t i = 0; i < rest.n; i++)
        user = rest.p[i] == '@' ? i + 1 : user;
    rest = str_from(rest, user);
    size_t close = str_starts(rest, STR("[")) ? str_chr(rest, ']') : 0;
    size_t colon = close + str_chr(str_from(rest, close), ':');
    *host = url_decode(mem, close ? str_sub(rest, 1, close) : str_sub(rest, 0, colon));
    *port = colon < rest.n ? str_from(rest, colon + 1) : STR("3306");
    if (!str_is_null(my_url_key(src, "socket", "localSocket")))
        *port = STR("");
    *host = host->n && !word_in(local, *host) ? *host : STR("localhost");
}

bool my_same_server(const struct source *a, const struct source *b, struct arena *mem)
{
    struct str host[2], port[2];
    place_of(a, mem, &host[0], &port[0]);
    place_of(b, mem, &host[1], &port[1]);
    return str_eq_fold(host[0], host[1]) && (!port[0].n || !port[1].n || str_eq(port[0], port[1]));
}

/* Name of the user in a URL, or one that speaks for itself; and its database. */
static void who_and_where(const struct source *src, struct arena *mem, struct str *user,
                          struct str *database)
{
    struct str rest = str_starts(src->raw, STR("//")) ? str_from(src->raw, 2) : src->raw;
    size_t slash = str_chr(rest, '/'), at = slash;
    for (size_t i = 0; i < slash; i++)
        at = rest.p[i] == '@' ? i : at;
    struct str name = at < slash ? str_sub(rest, 0, at) : STR("");
    *user = url_decode(mem, str_sub(name, 0, str_chr(name, ':')));
    *database = url_decode(mem, str_from(rest, slash + 1));
    if (!user->n)
        *user = my_url_key(src, "user", "");
    if (!user->n || str_eq(*user, STR("root")))
        *user = STR("snap_ro");
}

void my_reading_role(const struct source *src, struct arena *mem, struct strbuf *out)
{
    static const char *const holders[] = {"db", "tables_priv", "columns_priv", "procs_priv"};
    struct str user, database;
    who_and_where(src, mem, &user, &database);
    struct str account = my_text(mem, "%L@'%%'", user);
    bool mariadb = str_starts(src->text, STR("mariadb:"));
    bool either = !mariadb && !str_starts(src->text, STR("jdbc:mysql:"));
    sb_c(
        out,
        "-- What a role needs to read this schema with snap. The servers show parts of it only to\n"
        "-- who may also make such parts: TRIGGER and EVENT are needed to see them.\n"
        "-- A new role needs a password, too: ALTER USER ... IDENTIFIED BY.\n");
    sql_fmt(out, &my_dialect, "CREATE USER IF NOT EXISTS %S;\n", account);
    sql_fmt(out, &my_dialect, "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON %I.* TO %S;\n", database,
            account);
    if (either)
        sb_c(out, "\n-- The texts of procedures and functions: on MySQL (8.0.20 and newer)\n");
    if (!mariadb)
        sql_fmt(out, &my_dialect, "GRANT SHOW_ROUTINE ON *.* TO %S;\n", account);
    if (either)
        sb_c(out, "-- and on MariaDB, where the line before fails\n");
    if (mariadb || either)
        sql_fmt(out, &my_dialect, "GRANT SELECT ON mysql.proc TO %S;\n", account);
    sb_c(out, "\n-- Grants (facet acl) are in these tables, those on other databases too. A role "
              "that may not\n"
              "-- read them compares all but grants, and is told so.\n");
    for (size_t i = 0; i < sizeof holders / sizeof *holders; i++)
        sql_fmt(out, &my_dialect, "GRANT SELECT ON mysql.%s TO %S;\n", holders[i], account);
}
