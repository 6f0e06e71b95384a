/* What a role needs to read a schema. Pure half. */

#include "core/escape.h"
#include "drivers/mysql/visible.h"

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
    if (!user->n || str_eq(*user, STR("root")))
        *user = STR("snap_ro");
}

void my_reading_role(const struct source *src, struct arena *mem, struct strbuf *out)
{
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
}
