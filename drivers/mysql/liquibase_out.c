/* Facts of MySQL and MariaDB in Liquibase's words: types and defaults as their JDBC drivers name
 * them. */

#include "core/lb_words.h"
#include "core/relation.h"

#include "drivers/mysql/mysql.h"

/* "int(5) unsigned": INT UNSIGNED, without its width; a length counts where one is data. */
static void say_type(struct str type, bool mariadb, struct arena *mem, struct lb_words *w)
{
    static const char sized[] = "char,varchar,binary,varbinary,decimal,numeric,bit";
    static const char timed[] = "datetime,timestamp,time";
    size_t at = str_chr(type, '('), end = at;
    struct str name = str_sub(type, 0, at), inside = STR(""), part;
    struct strbuf b = sb_new(mem, 0);
    bool list = str_eq(name, STR("enum")) || str_eq(name, STR("set"));
    while (end < type.n && type.p[end] != ')')
        end++;
    if (at < type.n)
        inside = str_sub(type, at + 1, end);
    if (mariadb && str_eq(type, STR("tinyint(1)")))
        name = STR("boolean");
    for (size_t i = 0; i < name.n; i++)
        sb_char(&b, name.p[i] >= 'a' && name.p[i] <= 'z' ? (char)(name.p[i] - 32) : name.p[i]);
    struct str behind = str_from(type, end < type.n ? end + 1 : type.n);
    for (size_t i = 0; i < behind.n && !list && at < type.n; i++)
        sb_char(&b,
                behind.p[i] >= 'a' && behind.p[i] <= 'z' ? (char)(behind.p[i] - 32) : behind.p[i]);
    if (list) /* with its words, as written */
        sb_str(&b, str_from(type, at));
    lb_say_type(w, "typeName", sb_view(&b), NULL);
    if (list || (mariadb && str_eq(name, STR("bit"))))
        return;
    if (!str_has_word(str_c(sized), name) && !str_has_word(str_c(timed), name))
        return;
    if (inside.n && str_cut(&inside, ',', &part))
        lb_say_type(w, "columnSize", part, LB_INT);
    if (inside.n && str_cut(&inside, ',', &part))
        lb_say_type(w, "decimalDigits", part, LB_INT);
}

static struct str unquoted(struct str text)
{
    bool quoted = text.n > 1 && text.p[0] == '\'' && text.p[text.n - 1] == '\'';
    return quoted ? str_sub(text, 1, text.n - 1) : text;
}

/* The text of a literal; MySQL's driver tells it, MariaDB's the literal. */
static struct str undoubled(struct str text, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    text = unquoted(text);
    for (size_t i = 0; i < text.n; i++) {
        sb_char(&b, text.p[i]);
        i += text.p[i] == '\'' && i + 1 < text.n && text.p[i + 1] == '\'';
    }
    return sb_view(&b);
}

static bool is_number(struct str text, bool *point)
{
    size_t n = text.n && text.p[0] == '-' ? 1 : 0, from = n;
    *point = false;
    for (; n < text.n && (ascii_is_digit(text.p[n]) || (text.p[n] == '.' && !*point)); n++)
        *point = *point || text.p[n] == '.';
    return n == text.n && n > from;
}

/* MariaDB's driver tells NULL as the default of what may be NULL: of some types as a text. */
static void say_null(struct str type, struct lb_words *w)
{
    static const char texts[] = "char,varchar,text,tinytext,mediumtext,longtext,year,bit";
    bool text = str_has_word(str_c(texts), str_sub(type, 0, str_chr(type, '(')));
    lb_say(w, "defaultValue", STR("NULL"), text ? NULL : LB_FUNCTION);
}

static void say_default(const struct obj *o, const struct relation *r, bool mariadb,
                        struct arena *mem, struct lb_words *w)
{
    struct str on_update = obj_text(mem, o, "on_update"), dflt = r->dflt;
    bool point, none = !dflt.n || str_eq(dflt, STR("NULL"));
    if (none && mariadb && !r->notnull && !r->counts)
        say_null(r->type, w);
    if (none)
        return;
    if (on_update.n)
        lb_say(w, "defaultValue",
               arena_printf(mem, "%.*s on update %.*s", STR_ARG(dflt), STR_ARG(on_update)),
               LB_FUNCTION);
    else if (is_number(unquoted(dflt), &point) && !str_eq(r->type, STR("tinyint(1)")))
        lb_say(w, "defaultValue", unquoted(dflt), point ? LB_DECIMAL : LB_BIG);
    else if (is_number(unquoted(dflt), &point))
        lb_say(w, "defaultValue", unquoted(dflt), mariadb ? LB_FUNCTION : LB_INT);
    else if (dflt.p[0] == '\'')
        lb_say(w, "defaultValue", mariadb ? unquoted(dflt) : undoubled(dflt, mem), NULL);
    else
        lb_say(w, "defaultValue", dflt, LB_FUNCTION);
}

void my_to_liquibase(const struct catalog *cat, const struct obj *o, const struct relation *r,
                     struct arena *mem, struct lb_words *w)
{
    bool mariadb = str_starts(cat->version, STR("MariaDB"));
    if (r->role == ROLE_COLUMN) {
        say_type(r->type, mariadb, mem, w);
        say_default(o, r, mariadb, mem, w);
    }
    if (r->role == ROLE_PRIMARY_KEY)
        w->name = STR("PRIMARY");
    if (r->role == ROLE_VIEW)
        lb_say(w, "definition", r->text, NULL);
}
