/*
 * What one DDL is on two servers. Versions of MySQL and of MariaDB write one schema down in
 * different words; before catalogs of two servers are compared, one takes the other's words where
 * they mean the same (my_carry). What then differs is a difference. Within one server and version
 * nothing of this holds: there every word is a fact.
 */

#include "drivers/mysql/expr.h"
#include "drivers/mysql/grants.h"
#include "drivers/mysql/mysql.h"

#include <string.h>

#include "core/escape.h"
#include "core/version.h"

enum {
    MARIADB = 100000,
    WIDTHS_ARE_GONE = 800,              /* MySQL's int(11) */
    GRANT_MAKES_NO_USER = 800,          /* MySQL's NO_AUTO_CREATE_USER, unknown since always on */
    UTF8MB4_IS_0900 = 800,              /* MySQL's collation of utf8mb4 by default */
    UTF8MB4_IS_UCA1400 = 100000 + 1105, /* MariaDB's */
};

/* "MariaDB 10.11.19", "MySQL 9.7.4"; "MySQL 9.7.4 as MariaDB 10.11.19" is in the words of the
 * latter. */
unsigned my_level(struct str version)
{
    struct str major_text;
    int64_t major, minor;
    version = version_words(version);
    struct str number = str_from(version, str_chr(version, ' ') + 1);
    if (!str_cut(&number, '.', &major_text) || !str_int(major_text, &major) ||
        !str_int(str_sub(number, 0, str_chr(number, '.')), &minor) || major < 1 || major > 99 ||
        minor < 0 || minor > 99)
        return 0;
    return (unsigned)(major * 100 + minor) + (str_starts(version, STR("MariaDB")) ? MARIADB : 0);
}

/* A pair of catalogs: `cat` takes the words of `like`. */
struct carrier {
    struct catalog *cat;
    const struct catalog *like;
    struct arena *mem;
    unsigned from, to;
};

static void take(const struct carrier *c, struct obj *o, const struct obj *twin, const char *attr)
{
    o->a = obj_with(c->mem, c->cat->eng, o, attr, obj_raw(twin, attr));
}

static bool drops_widths(unsigned level)
{
    return level >= WIDTHS_ARE_GONE && level < MARIADB;
}

/* utf8 is utf8mb3's older name, in names of collations too. */
static struct str charset_form(struct arena *mem, struct str name)
{
    if (str_eq_c(name, "utf8") || str_starts(name, STR("utf8_")))
        return arena_printf(mem, "utf8mb3%.*s", STR_ARG(str_from(name, 4)));
    return name;
}

/* A type without what a server leaves away: the display width of integers, but tinyint(1) and
 * ZEROFILL. */
static struct str type_form(const struct carrier *c, struct str type)
{
    size_t open = str_chr(type, '('), close = str_chr(type, ')');
    struct str word = str_sub(type, 0, open), rest = str_from(type, close + 1);
    bool zerofill = str_find(type, STR("zerofill")) < type.n;
    bool integer = word_in("tinyint,smallint,mediumint,int,bigint", word);
    bool year = str_eq_c(word, "year");
    if (open == type.n || zerofill || !(integer || year) || str_starts(type, STR("tinyint(1)")))
        return type;
    if (!drops_widths(c->from) && !drops_widths(c->to))
        return type;
    return arena_printf(c->mem, "%.*s%.*s", STR_ARG(word), STR_ARG(rest));
}

/* Defaults of numbers stand in quotes on MySQL; a text has no default of NULL there. */
static struct str default_form(const struct carrier *c, struct str text)
{
    if (str_is_null(text) || str_eq_c(text, "NULL"))
        return STR("");
    struct str form = my_one_form(c->mem, text), inside = form;
    if (form.n > 2 && form.p[0] == '\'')
        inside = str_sub(form, 1, form.n - 1);
    else if (str_starts(form, STR("(- ")))
        return arena_printf(c->mem, "-%.*s", STR_ARG(str_sub(form, 3, form.n - 1)));
    for (size_t i = 0; i < inside.n; i++)
        if (!ascii_is_digit(inside.p[i]) && !strchr("-+.e", inside.p[i]))
            return form;
    return inside;
}

static bool same_form(const struct carrier *c, const struct obj *o, const struct obj *twin,
                      const char *attr)
{
    struct str a = obj_text(c->mem, o, attr), b = obj_text(c->mem, twin, attr);
    if (str_is_null(a) || str_is_null(b))
        return str_is_null(a) && str_is_null(b);
    return str_eq(my_one_form(c->mem, a), my_one_form(c->mem, b));
}

static bool is_number(struct str type)
{
    return word_in("tinyint,smallint,mediumint,int,bigint,decimal,float,double,year",
                   str_sub(type, 0, str_chr(str_sub(type, 0, str_chr(type, '(')), ' ')));
}

static int hex_digit(char c)
{
    const char *digits = "0123456789abcdef", *at = c ? strchr(digits, ascii_lower(c)) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* The bytes of 'text' or x'74657874', as MariaDB 11 writes those of binary columns; absent where it
 * is neither. */
static struct str bytes_of(struct arena *mem, struct str text)
{
    struct my_lex l = {text, 0};
    struct strbuf out = sb_new(mem, 0);
    bool hex = my_take(&l, "x");
    struct my_tok t = my_next(&l);
    struct str inside = my_unquote(mem, t);
    if (t.type != MY_STRING || my_peek(&l).type != MY_END)
        return STR_NULL;
    for (size_t i = 0; hex && i + 1 < inside.n; i += 2) {
        int high = hex_digit(inside.p[i]), low = hex_digit(inside.p[i + 1]);
        if (high < 0 || low < 0)
            return STR_NULL;
        sb_char(&out, (char)(high * 16 + low));
    }
    return hex ? sb_view(&out) : inside;
}

static bool same_bytes(const struct carrier *c, struct str a, struct str b)
{
    struct str x = bytes_of(c->mem, a), y = bytes_of(c->mem, b);
    return !str_is_null(x) && !str_is_null(y) && str_eq(x, y);
}

static bool same_default(const struct carrier *c, const struct obj *o, const struct obj *twin)
{
    struct str a = obj_text(c->mem, o, "default"), b = obj_text(c->mem, twin, "default");
    if (is_number(obj_text(c->mem, o, "type")) || str_is_null(a) || str_is_null(b) ||
        str_eq_c(a, "NULL") || str_eq_c(b, "NULL"))
        return str_eq(default_form(c, a), default_form(c, b));
    return same_form(c, o, twin, "default") || same_bytes(c, a, b);
}

/* MariaDB's json: a long text with a CHECK that is its own. */
static bool is_json(const struct carrier *c, const struct obj *o)
{
    struct str name = path_name(c->mem, o->path), type = obj_text(c->mem, o, "type");
    struct str check = my_text(c->mem, "json_valid(%I)", name);
    return str_eq_c(type, "json") ||
           (str_eq_c(type, "longtext") && str_eq(obj_text(c->mem, o, "check"), check));
}

static void carry_column(const struct carrier *c, struct obj *o, const struct obj *twin)
{
    static const char *const charset[] = {"charset", "collate", "collation"};
    static const char *const json[] = {"charset", "check", "collate", "collation", "type"};
    struct arena *mem = c->mem;
    if (is_json(c, o) && is_json(c, twin))
        for (size_t i = 0; i < sizeof json / sizeof *json; i++)
            take(c, o, twin, json[i]);
    if (str_eq(type_form(c, obj_text(mem, o, "type")), type_form(c, obj_text(mem, twin, "type"))))
        take(c, o, twin, "type");
    if (str_eq(charset_form(mem, obj_text(mem, o, "collation")),
               charset_form(mem, obj_text(mem, twin, "collation"))))
        for (size_t i = 0; i < sizeof charset / sizeof *charset; i++)
            take(c, o, twin, charset[i]);
    if (same_default(c, o, twin))
        take(c, o, twin, "default");
    if (same_form(c, o, twin, "generated"))
        take(c, o, twin, "generated");
    if (same_form(c, o, twin, "on_update"))
        take(c, o, twin, "on_update");
    if (same_form(c, o, twin, "check"))
        take(c, o, twin, "check");
    if (obj_true(o, "notnull") == obj_true(twin, "notnull"))
        take(c, o, twin, "null_written");
}

/* The collation of a character set where none is written. */
static struct str default_collation(struct arena *mem, struct str charset, unsigned level)
{
    static const char *const others[][2] = {
        {"latin1", "swedish"}, {"dec8", "swedish"},  {"swe7", "swedish"},   {"hp8", "english"},
        {"big5", "chinese"},   {"gbk", "chinese"},   {"gb2312", "chinese"}, {"gb18030", "chinese"},
        {"sjis", "japanese"},  {"ujis", "japanese"}, {"cp932", "japanese"}, {"eucjpms", "japanese"},
        {"euckr", "korean"},   {"tis620", "thai"},
    };
    const char *of = "general";
    if (str_eq_c(charset, "binary"))
        return charset;
    if (str_eq_c(charset, "utf8mb4") && level >= UTF8MB4_IS_UCA1400)
        of = "uca1400_ai";
    else if (str_eq_c(charset, "utf8mb4") && level >= UTF8MB4_IS_0900 && level < MARIADB)
        of = "0900_ai";
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_eq_c(charset, others[i][0]))
            of = others[i][1];
    return arena_printf(mem, "%.*s_%s_ci", STR_ARG(charset), of);
}

static struct str table_collation(const struct carrier *c, const struct obj *o, unsigned level)
{
    struct str charset = charset_form(c->mem, obj_text(c->mem, o, "charset"));
    struct str collation = obj_text(c->mem, o, "collation");
    return collation.n ? charset_form(c->mem, collation)
                       : default_collation(c->mem, charset, level);
}

/* PARTITION BY without quotes; what is quoted for a reason stays so. */
static struct str partition_form(struct arena *mem, struct str text)
{
    struct my_lex l = {text, 0};
    struct strbuf out = sb_new(mem, 0);
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l))
        sb_printf(&out, "%.*s ", STR_ARG(t.type == MY_NAME ? my_unquote(mem, t) : t.text));
    return sb_view(&out);
}

static void carry_table(const struct carrier *c, struct obj *o, const struct obj *twin)
{
    if (str_eq(table_collation(c, o, c->from), table_collation(c, twin, c->to))) {
        take(c, o, twin, "charset");
        take(c, o, twin, "collation");
    }
    if (str_eq(partition_form(c->mem, obj_text(c->mem, o, "partition")),
               partition_form(c->mem, obj_text(c->mem, twin, "partition"))))
        take(c, o, twin, "partition");
}

/* InnoDB's indexes are trees, whatever is written. */
static struct str index_options(const struct carrier *c, const struct obj *o)
{
    const struct obj *table = cat_find(c->like, path_parent(o->path));
    struct str text = obj_text(c->mem, o, "options");
    struct my_lex l = {text, 0};
    if (!table || !str_eq_c(obj_text(c->mem, table, "engine"), "InnoDB") || !my_take(&l, "USING"))
        return text;
    my_next(&l);
    return str_trim(str_from(text, l.at));
}

static void carry_key(const struct carrier *c, struct obj *o, const struct obj *twin)
{
    uint32_t n, m, same = 0;
    struct str *a = my_list(c->mem, obj_raw(o, "parts"), &n);
    struct str *b = my_list(c->mem, obj_raw(twin, "parts"), &m);
    for (uint32_t i = 0; i < n && n == m; i++)
        same += str_eq(my_one_form(c->mem, a[i]), my_one_form(c->mem, b[i]));
    if (n == m && same == n)
        take(c, o, twin, "parts");
    if (str_eq(index_options(c, o), index_options(c, twin)))
        take(c, o, twin, "options");
}

/* RESTRICT, NO ACTION and nothing are one to InnoDB. */
static bool same_action(const struct carrier *c, const struct obj *o, const struct obj *twin,
                        const char *attr)
{
    struct str a = obj_text(c->mem, o, attr), b = obj_text(c->mem, twin, attr);
    return (!a.n || word_in("RESTRICT,NO ACTION", a)) && (!b.n || word_in("RESTRICT,NO ACTION", b));
}

static void carry_foreign_key(const struct carrier *c, struct obj *o, const struct obj *twin)
{
    if (same_action(c, o, twin, "on_delete"))
        take(c, o, twin, "on_delete");
    if (same_action(c, o, twin, "on_update"))
        take(c, o, twin, "on_update");
}

/* A program's text up to its body, in which the servers' own words end. */
static size_t body_at(const struct obj *o, struct str def)
{
    struct my_lex l = {def, 0};
    bool trigger = my_is_kind(o, "trigger");
    for (struct my_tok t = my_peek(&l); t.type != MY_END; t = my_peek(&l)) {
        if (trigger && my_take(&l, "FOR EACH ROW"))
            return l.at;
        if (!trigger && (my_is(t, "BEGIN") || my_is(t, "RETURN")))
            return t.at;
        my_next(&l);
    }
    return def.n;
}

/* Whether a token is `(`digits`)` behind an integer type, or COLLATE name; *past: behind it. */
static bool may_be_missing(const struct my_lex *l, struct my_tok was, struct my_lex *past)
{
    struct str inside;
    int64_t width;
    *past = *l;
    if (my_take(past, "COLLATE")) {
        my_next(past);
        return true;
    }
    return was.type == MY_WORD && word_in("tinyint,smallint,mediumint,int,bigint,year", was.text) &&
           my_parens(past, &inside) && str_int(inside, &width);
}

static bool same_token(struct arena *mem, struct my_tok a, struct my_tok b, bool quotes)
{
    if (a.type == MY_END || b.type == MY_END)
        return a.type == b.type;
    if (quotes)
        return str_eq(my_unquote(mem, a), my_unquote(mem, b));
    return a.type == b.type &&
           (a.type == MY_WORD ? str_eq_fold(a.text, b.text) : str_eq(a.text, b.text));
}

static bool same_head(const struct carrier *c, struct str a, struct str b, bool quotes)
{
    struct my_lex x = {a, 0}, y = {b, 0}, past;
    struct my_tok was = {MY_END, STR(""), 0};
    for (;;) {
        struct my_tok t = my_peek(&x), u = my_peek(&y);
        if (same_token(c->mem, t, u, quotes)) {
            if (t.type == MY_END)
                return true;
            was = my_next(&x);
            my_next(&y);
        } else if (may_be_missing(&x, was, &past)) {
            x = past;
        } else if (may_be_missing(&y, was, &past)) {
            y = past;
        } else {
            return false;
        }
    }
}

static bool makes_no_user(unsigned level)
{
    return level >= GRANT_MAKES_NO_USER && level < MARIADB;
}

/* A sql_mode without what is always so on one of the servers. */
static struct str mode_form(const struct carrier *c, const struct obj *o)
{
    struct str rest = obj_text(c->mem, o, "sql_mode"), one;
    struct strbuf out = sb_new(c->mem, 0);
    if (!makes_no_user(c->from) && !makes_no_user(c->to))
        return rest;
    while (rest.n && str_cut(&rest, ',', &one))
        if (!str_eq_c(one, "NO_AUTO_CREATE_USER"))
            sb_printf(&out, "%s%.*s", out.n ? "," : "", STR_ARG(one));
    return sb_view(&out);
}

static void carry_session(const struct carrier *c, struct obj *o, const struct obj *twin)
{
    static const char *const names[] = {"charset", "collation"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_eq(charset_form(c->mem, obj_text(c->mem, o, names[i])),
                   charset_form(c->mem, obj_text(c->mem, twin, names[i]))))
            take(c, o, twin, names[i]);
    if (obj_raw(twin, "sql_mode").n && str_eq(mode_form(c, o), mode_form(c, twin)))
        take(c, o, twin, "sql_mode");
}

static void carry_view(const struct carrier *c, struct obj *o, const struct obj *twin)
{
    if (same_form(c, o, twin, "query"))
        take(c, o, twin, "query");
    carry_session(c, o, twin);
}

static void carry_program(const struct carrier *c, struct obj *o, const struct obj *twin)
{
    struct str a = obj_text(c->mem, o, "def"), b = obj_text(c->mem, twin, "def");
    size_t x = body_at(o, a), y = body_at(twin, b);
    if (str_eq(str_trim(str_from(a, x)), str_trim(str_from(b, y))) &&
        same_head(c, str_sub(a, 0, x), str_sub(b, 0, y), my_is_kind(o, "trigger"))) {
        take(c, o, twin, "def");
        o->src = twin->src;
    }
    carry_session(c, o, twin);
}

/* A name that a server gives: t_chk_1, CONSTRAINT_1. */
static bool is_given(struct arena *mem, const struct obj *check)
{
    struct str name = path_name(mem, check->path);
    struct str table = path_name(mem, path_parent(check->path));
    struct str own = arena_printf(mem, "%.*s_chk_", STR_ARG(table));
    int64_t number;
    if (str_starts(name, STR("CONSTRAINT_")))
        return str_int(str_from(name, STR("CONSTRAINT_").n), &number);
    return str_starts(name, own) && str_int(str_from(name, own.n), &number);
}

/* The CHECK of `table` on the other server that has a given name and the form of the condition;
 * `taken`: by one before. */
static const struct obj *other_name(const struct carrier *c, struct str table, struct str form,
                                    const bool *taken)
{
    for (uint32_t i = cat_lower(c->like, table); i < c->like->n; i++) {
        const struct obj *o = &c->like->v[i];
        if (!path_within(o->path, table))
            return NULL;
        if (my_is_kind(o, "check") && !taken[i] && is_given(c->mem, o) &&
            str_eq(my_one_form(c->mem, obj_text(c->mem, o, "expr")), form))
            return o;
    }
    return NULL;
}

static bool same_check(const struct carrier *c, const struct obj *o, const struct obj *other)
{
    return other && obj_true(o, "not_enforced") == obj_true(other, "not_enforced") &&
           same_form(c, o, other, "expr");
}

static void carry_checks(const struct carrier *c, bool *taken)
{
    for (uint32_t i = 0; i < c->cat->n; i++) {
        struct obj *o = &c->cat->v[i];
        const struct obj *same = cat_find(c->like, o->path);
        if (!my_is_kind(o, "check"))
            continue;
        if (is_given(c->mem, o) && !same_check(c, o, same))
            same = other_name(c, path_parent(o->path),
                              my_one_form(c->mem, obj_text(c->mem, o, "expr")), taken);
        if (!same_check(c, o, same))
            continue;
        taken[same - c->like->v] = true;
        o->path = same->path;
        take(c, o, same, "expr");
    }
}

/* A column's own CHECK is one of the table on MySQL: it becomes that. */
static void check_to_table(const struct carrier *c, struct obj *column, bool *taken)
{
    struct str expr = obj_text(c->mem, column, "check");
    const struct obj *there = cat_find(c->like, column->path), *other;
    if (str_is_null(expr) || !there || !str_is_null(obj_raw(there, "check")))
        return;
    other = other_name(c, path_parent(column->path), my_one_form(c->mem, expr), taken);
    if (!other || obj_true(other, "not_enforced"))
        return;
    taken[other - c->like->v] = true;
    column->a = obj_with(c->mem, c->cat->eng, column, "check", STR_NULL);
    cat_add(c->cat, other);
}

/* The column whose own CHECK on MariaDB this one of the table is, or NULL. */
static struct obj *column_of(const struct carrier *c, const struct obj *check)
{
    struct str table = path_parent(check->path);
    struct str form = my_one_form(c->mem, obj_text(c->mem, check, "expr"));
    for (uint32_t i = 0; i < c->cat->n; i++) {
        struct obj *o = &c->cat->v[i];
        const struct obj *there = my_is_kind(o, "column") ? cat_find(c->like, o->path) : NULL;
        if (there && str_eq(path_parent(o->path), table) && str_is_null(obj_raw(o, "check")) &&
            str_eq(my_one_form(c->mem, obj_text(c->mem, there, "check")), form))
            return o;
    }
    return NULL;
}

static void checks_to_columns(const struct carrier *c)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < c->cat->n; i++) {
        struct obj *o = &c->cat->v[i], *column = NULL;
        if (my_is_kind(o, "check") && is_given(c->mem, o) && !obj_true(o, "not_enforced") &&
            !cat_find(c->like, o->path))
            column = column_of(c, o);
        if (column)
            take(c, column, cat_find(c->like, column->path), "check");
        if (column)
            o->path = STR_NULL;
    }
    for (uint32_t i = 0; i < c->cat->n; i++)
        if (!str_is_null(c->cat->v[i].path))
            c->cat->v[n++] = c->cat->v[i];
    c->cat->n = n;
}

static void put_text_attr(const struct carrier *c, struct obj *o, const char *attr, struct str text)
{
    struct strbuf raw = sb_new(c->mem, 0);
    esc_json(&raw, text);
    o->a = obj_with(c->mem, c->cat->eng, o, attr, sb_view(&raw));
}

/* MySQL takes a function as a default in parentheses alone. */
static void settle_default(const struct carrier *c, struct obj *o)
{
    struct str text = obj_text(c->mem, o, "default");
    struct my_lex l = {text, 0};
    struct my_tok t = my_next(&l);
    bool call = t.type == MY_WORD && my_is_op(my_peek(&l), '(');
    if (c->to < MARIADB && call && !my_is(t, "current_timestamp"))
        put_text_attr(c, o, "default", arena_printf(c->mem, "(%.*s)", STR_ARG(text)));
}

/* What is a default of the one server alone, and the other's is not, is written. */
static void settle(const struct carrier *c, struct obj *o)
{
    if (my_is_kind(o, "column")) {
        struct str collation = obj_text(c->mem, o, "collation");
        settle_default(c, o);
        if (collation.n && !obj_raw(o, "charset").n && !obj_raw(o, "collate").n)
            put_text_attr(c, o, "collate", collation);
    } else if (my_is_kind(o, "table") || my_is_kind(o, "database")) {
        struct str charset = charset_form(c->mem, obj_text(c->mem, o, "charset"));
        struct str here = table_collation(c, o, c->from);
        if (!obj_raw(o, "collation").n && !str_eq(here, default_collation(c->mem, charset, c->to)))
            put_text_attr(c, o, "collation", here);
    } else if (obj_raw(o, "sql_mode").n && makes_no_user(c->to)) {
        put_text_attr(c, o, "sql_mode", mode_form(c, o));
    }
}

/* The twin's words, where the same is meant; else its own, so that the other server takes them. */
static void carry_one(const struct carrier *c, struct obj *o, const struct obj *twin)
{
    if (my_is_kind(o, "column"))
        carry_column(c, o, twin);
    else if (my_is_kind(o, "table"))
        carry_table(c, o, twin);
    else if (my_is_kind(o, "index") || my_is_kind(o, "primary_key"))
        carry_key(c, o, twin);
    else if (my_is_kind(o, "foreign_key"))
        carry_foreign_key(c, o, twin);
    else if (my_is_kind(o, "view"))
        carry_view(c, o, twin);
    else if (my_is_kind(o, "database") &&
             str_eq(table_collation(c, o, c->from), table_collation(c, twin, c->to))) {
        take(c, o, twin, "charset");
        take(c, o, twin, "collation");
    } else if (obj_raw(o, "def").n) {
        carry_program(c, o, twin);
    }
}

void my_carry(struct catalog *cat, const struct catalog *like, struct arena *mem)
{
    struct carrier c = {cat, like, mem, my_level(cat->version), my_level(like->version)};
    bool *taken = NEW_ARRAY(mem, bool, like->n);
    my_carry_grants(cat, like, mem);
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *twin = cat_find(like, cat->v[i].path);
        if (twin)
            carry_one(&c, &cat->v[i], twin);
        if (!twin || !str_eq(cat->v[i].a, twin->a))
            settle(&c, &cat->v[i]);
    }
    carry_checks(&c, taken);
    checks_to_columns(&c);
    for (uint32_t i = 0, n = cat->n; i < n; i++)
        if (my_is_kind(&cat->v[i], "column"))
            check_to_table(&c, &cat->v[i], taken);
}
