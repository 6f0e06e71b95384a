/* Facts of MySQL and MariaDB in Liquibase's words: types and defaults as their JDBC drivers name
 * them. */

#include "core/lb_words.h"
#include "core/relation.h"

#include "drivers/mysql/mysql.h"

/* Widths that the two drivers tell of types that have none: NULL for what they leave out. Seen with
 * Connector/J 9.4 and MariaDB's 3.5. */
static void say_width(struct str name, struct str inside, struct str behind, bool mariadb,
                      struct lb_words *w)
{
    static const struct {
        const char *type, *mysql, *mariadb;
    } widths[] = {{"bigint", "19", NULL},
                  {"bit", "1", NULL},
                  {"blob", "65535", "65535"},
                  {"date", "10", "10"},
                  {"datetime", "0", "0"},
                  {"double", "22", "22"},
                  {"float", "12", NULL},
                  {"int", "10", NULL},
                  {"longblob", "2147483647", "2147483647"},
                  {"longtext", "2147483647", "2147483647"},
                  {"mediumblob", "16777215", "16777215"},
                  {"mediumint", "7", NULL},
                  {"mediumtext", "16777215", "16777215"},
                  {"smallint", "5", NULL},
                  {"text", "65535", "65535"},
                  {"time", "8", "10"},
                  {"timestamp", "0", "0"},
                  {"tinyblob", "255", "255"},
                  {"tinyint", "3", NULL},
                  {"tinytext", "255", "255"},
                  {"year", "4", NULL}};
    bool precise = inside.n && (str_eq(name, STR("datetime")) || str_eq(name, STR("timestamp")));
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        const char *width = mariadb ? widths[i].mariadb : widths[i].mysql;
        if (!str_eq_c(name, widths[i].type))
            continue;
        if (!width && str_trim(behind).n)
            width = widths[i].mysql; /* of what is unsigned */
        if (precise)
            lb_say_type(w, "columnSize", inside, LB_INT);
        else if (width)
            lb_say_type(w, "columnSize", str_c(width), LB_INT);
    }
}

static void put_upper(struct strbuf *b, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        sb_char(b, s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 32) : s.p[i]);
}

/* Of "int(5) unsigned": int, 5, and " unsigned". */
static struct str cut_type(struct str type, struct str *inside, struct str *behind)
{
    size_t at = 0, end;
    while (at < type.n && type.p[at] != '(' && type.p[at] != ' ')
        at++;
    end = at;
    *inside = STR("");
    if (at < type.n && type.p[at] == '(') {
        end = at + str_chr(str_from(type, at), ')');
        *inside = str_sub(type, at + 1, end);
        end = end < type.n ? end + 1 : end;
    }
    *behind = str_from(type, end);
    return str_sub(type, 0, at);
}

static void say_type(struct str type, bool mariadb, struct arena *mem, struct lb_words *w)
{
    static const char sized[] = "char,varchar,binary,varbinary,decimal,numeric,bit";
    struct str inside, behind, part, name = cut_type(type, &inside, &behind);
    struct strbuf b = sb_new(mem, 0);
    if (str_eq(name, STR("enum")) || str_eq(name, STR("set"))) {
        put_upper(&b, name); /* with its words, as written */
        sb_str(&b, str_from(type, name.n));
        lb_say_type(w, "typeName", sb_view(&b), NULL);
        return;
    }
    if (str_eq(type, STR("tinyint(1)")))
        name = mariadb ? STR("boolean") : STR("bit");
    if (!mariadb && str_ends(behind, STR(" zerofill")))
        behind.n -= strlen(" zerofill");
    put_upper(&b, name);
    put_upper(&b, behind);
    lb_say_type(w, "typeName", sb_view(&b), NULL);
    lb_say_type(w, "columnSizeUnit", STR("BYTE"), LB_UNIT);
    if (!str_has_word(str_c(sized), name) || (mariadb && str_eq(name, STR("bit")))) {
        say_width(name, inside, behind, mariadb, w);
        return;
    }
    if (inside.n && str_cut(&inside, ',', &part))
        lb_say_type(w, "columnSize", part, LB_INT);
    if (inside.n && str_cut(&inside, ',', &part) && !str_eq(part, STR("0")))
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
    if (r->role == ROLE_FOREIGN_KEY)
        w->no_rule = STR("importedKeyRestrict");
    if (r->role == ROLE_INDEX)
        w->is_constraint = r->unique;
    if (r->role == ROLE_VIEW) {
        lb_say(w, "definition", r->text, NULL);
        lb_say(w, "remarks", STR("VIEW"), NULL);
    }
}
