/* Facts of SQLite in Liquibase's words: types and defaults as its JDBC driver names them, and what
 * that driver says of every foreign key. */

#include "core/lb_words.h"
#include "core/relation.h"

#include "drivers/sql/lex.h"
#include "drivers/sqlite/sqlite.h"

static bool is_number(struct str text, bool *point)
{
    size_t n = text.n && (text.p[0] == '-' || text.p[0] == '+') ? 1 : 0, from = n;
    *point = false;
    for (; n < text.n && (ascii_is_digit(text.p[n]) || (text.p[n] == '.' && !*point)); n++)
        *point = *point || text.p[n] == '.';
    return n == text.n && n > from;
}

static struct str upper(struct arena *mem, struct str s)
{
    struct strbuf b = sb_new(mem, 0);
    for (size_t i = 0; i < s.n; i++)
        sb_char(&b, s.p[i] >= 'a' && s.p[i] <= 'z' ? (char)(s.p[i] - 32) : s.p[i]);
    return sb_view(&b);
}

/* What the driver makes of a type's name: its width is the sum of both numbers, and where there are
 * none it tells the largest there may be, with ten digits unless the name says texts or integers.
 */
static void say_size(struct str type, struct str size, struct arena *mem, struct lb_words *w)
{
    static const char *const plain[] = {"int", "char", "clob", "text", "blob"};
    struct str first, second = STR("");
    int64_t a = 0, b = 0;
    bool whole = false, time = str_starts(type, STR("timestamp")) || str_eq(type, STR("datetime"));
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++)
        whole = whole || str_find(type, str_c(plain[i])) < type.n;
    if (str_cut(&size, ',', &first) && str_int(str_trim(first), &a) && str_cut(&size, ',', &second))
        str_int(str_trim(second), &b);
    if (time && !a) /* it takes the number for the digits of a second, and cannot make the table */
        return;
    lb_say_type(w, "columnSize", a ? arena_printf(mem, "%jd", (intmax_t)a + b) : STR("2000000000"),
                LB_INT);
    if (second.n && b)
        lb_say_type(w, "decimalDigits", str_trim(second), LB_INT);
    else if (!whole && !second.n)
        lb_say_type(w, "decimalDigits", STR("10"), LB_INT);
}

static void column(const struct relation *r, struct arena *mem, struct lb_words *w)
{
    struct str type = r->type, size;
    size_t at = str_chr(type, '('), end = str_chr(type, ')');
    bool point, sized = at < end && end < type.n;
    lb_say_type(w, "typeName", upper(mem, str_trim(str_sub(type, 0, sized ? at : type.n))), NULL);
    size = sized ? str_sub(type, at + 1, end) : STR("");
    lb_say_type(w, "columnSizeUnit", STR("BYTE"), LB_UNIT);
    say_size(type, size, mem, w);
    struct str dflt = r->dflt;
    if (str_starts(dflt, STR("- "))) /* as the facts have it */
        dflt = arena_printf(mem, "-%.*s", STR_ARG(str_from(dflt, 2)));
    if (!dflt.n)
        return;
    if (is_number(dflt, &point))
        lb_say(w, "defaultValue", dflt, point ? LB_DECIMAL : LB_BIG);
    else if (dflt.p[0] == '\'' && dflt.n > 1 && dflt.p[dflt.n - 1] == '\'')
        lb_say(w, "defaultValue", str_sub(dflt, 1, dflt.n - 1), NULL);
    else
        lb_say(w, "defaultValue", str_starts(dflt, STR("current_")) ? upper(mem, dflt) : dflt,
               LB_FUNCTION);
}

/* CREATE VIEW name (columns) AS query: the query as it was written. */
static struct str query(const struct obj *o, struct arena *mem)
{
    struct str sql = obj_src(mem, o, "sql");
    struct lexer l = lex_open(sql);
    struct tok t = lex_next(&l);
    while (t.type != T_END && !(t.type == T_WORD && tok_is(t, "as")))
        t = lex_next(&l);
    return str_trim(str_from(sql, t.at + t.text.n));
}

void lite_to_liquibase(const struct catalog *cat, const struct obj *o, const struct relation *r,
                       struct arena *mem, struct lb_words *w)
{
    if (r->role == ROLE_COLUMN) {
        column(r, mem, w);
        /* it sees AUTOINCREMENT alone, and not that a rowid counts by itself */
        const struct obj *key =
            cat_find(cat, path_join(mem, path_parent(o->path), STR("primary_key"), STR("#")));
        w->refuses_null = obj_true(cat_find(cat, path_parent(o->path)), "without_rowid") && key &&
                          lite_terms_hold(mem, obj_raw(key, "columns"), path_name(mem, o->path));
        w->counts = w->counts && obj_true(key, "autoincrement");
    }
    if (r->role == ROLE_PRIMARY_KEY && r->nterms == 1) {
        const struct obj *column =
            cat_find(cat, path_join(mem, path_parent(o->path), STR("column"), r->terms[0].column));
        struct relation c = {0};
        if (column)
            c = relation_of(cat, column, mem);
        w->by_rowid = c.counts;
    }
    /* it says so of every key */
    if (r->role == ROLE_FOREIGN_KEY) {
        lb_say(w, "deferrable", STR("true"), "");
        lb_say(w, "initiallyDeferred", STR("true"), "");
    }
    if (r->role == ROLE_VIEW)
        lb_say(w, "definition", query(o, mem), NULL);
    if (r->role == ROLE_TABLE)
        w->left_out = str_eq(path_kind(o->path), STR("virtual"));
}
