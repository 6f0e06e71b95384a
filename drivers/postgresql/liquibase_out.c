/* Facts of PostgreSQL in Liquibase's words: types and defaults as its JDBC driver names them. */

#include "core/lb_words.h"
#include "core/relation.h"

#include "drivers/postgresql/foreign.h"
#include "drivers/postgresql/postgresql.h"
#include "drivers/sql/lex.h"

/* The server's names of types and the driver's; a length or precision in parentheses is told of
 * some only. */
static const struct {
    const char *ours, *theirs;
    bool size;
} types[] = {
    {"bigint", "int8", false},
    {"bit varying", "varbit", true},
    {"bit", "bit", true},
    {"boolean", "bool", false},
    {"character varying", "varchar", true},
    {"character", "bpchar", true},
    {"double precision", "float8", false},
    {"integer", "int4", false},
    {"numeric", "numeric", true},
    {"real", "float4", false},
    {"smallint", "int2", false},
    {"time with time zone", "timetz", false},
    {"time without time zone", "time", false},
    {"timestamp with time zone", "timestamptz", false},
    {"timestamp without time zone", "timestamp", false},
};

/* "numeric(10,2)[]": the name without what stands in parentheses, that, and what follows it. */
static struct str cut_type(struct str type, struct arena *mem, struct str *inside, bool *array)
{
    size_t at = str_chr(type, '('), end = str_chr(type, ')');
    *inside = STR_NULL;
    *array = str_ends(type, STR("[]"));
    if (at < end && end < type.n) {
        struct strbuf b = sb_new(mem, 0);
        *inside = str_sub(type, at + 1, end);
        sb_str(&b, str_trim(str_sub(type, 0, at)));
        sb_str(&b, str_from(type, end + 1));
        type = sb_view(&b);
    }
    return *array ? str_sub(type, 0, type.n - 2) : type;
}

static void say_type(struct str type, bool serial, struct arena *mem, struct lb_words *w)
{
    static const char *const serials[][2] = {
        {"int4", "serial"}, {"int8", "bigserial"}, {"int2", "smallserial"}};
    static const struct {
        const char *type, *size, *digits;
    } fixed[] = {
        {"int2", "5", NULL}, {"interval", "49", "6"}, {"time", "15", "6"}, {"timetz", "21", "6"}};
    struct str inside, part, name;
    bool array, size = false;
    name = cut_type(type, mem, &inside, &array);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (str_eq_c(name, types[i].ours)) {
            name = str_c(types[i].theirs);
            size = types[i].size;
            break;
        }
    for (size_t i = 0; i < sizeof serials / sizeof *serials && serial; i++)
        if (str_eq_c(name, serials[i][0]))
            name = str_c(serials[i][1]);
    if (array)
        name = arena_printf(mem, "%.*s[]", STR_ARG(name));
    else if (str_starts(name, STR("public.")))
        name = str_from(name, strlen("public."));
    lb_say_type(w, "typeName", name, NULL);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed && !array; i++)
        if (str_eq_c(name, fixed[i].type)) {
            lb_say_type(w, "columnSize", str_c(fixed[i].size), LB_INT);
            if (fixed[i].digits)
                lb_say_type(w, "decimalDigits", str_c(fixed[i].digits), LB_INT);
        }
    lb_say_type(w, "columnSizeUnit", STR("BYTE"), LB_UNIT);
    if (!size || array || !str_cut(&inside, ',', &part))
        return;
    lb_say_type(w, "columnSize", part, LB_INT);
    if (str_cut(&inside, ',', &part) && !str_eq(part, STR("0")))
        lb_say_type(w, "decimalDigits", part, LB_INT);
}

/* A number, or '...'::type with nothing behind it. */
static void say_default(struct str text, struct lb_words *w)
{
    size_t digits = text.n && text.p[0] == '-' ? 1 : 0, n = digits;
    bool point = false;
    for (; n < text.n && (ascii_is_digit(text.p[n]) || (text.p[n] == '.' && !point)); n++)
        point = point || text.p[n] == '.';
    if (n == text.n && n > digits) {
        lb_say(w, "defaultValue", text, point ? LB_DECIMAL : LB_BIG);
        return;
    }
    if (str_eq_c(text, "true") || str_eq_c(text, "false")) {
        lb_say(w, "defaultValue", text, "");
        return;
    }
    size_t end = 1;
    while (text.n && text.p[0] == '\'' && end < text.n &&
           (text.p[end] != '\'' || (end + 1 < text.n && text.p[end + 1] == '\'')))
        end += text.p[end] == '\'' ? 2 : 1;
    struct str behind = str_from(text, end + 1 < text.n ? end + 1 : text.n);
    bool literal =
        text.n > 1 && text.p[0] == '\'' && end < text.n &&
        (!behind.n || (str_starts(behind, STR("::")) && str_chr(behind, '|') == behind.n &&
                       str_chr(behind, '\'') == behind.n));
    bool number = str_eq(behind, STR("::integer")) || str_eq(behind, STR("::bigint")) ||
                  str_eq(behind, STR("::smallint"));
    if (literal && number)
        lb_say(w, "defaultValue", str_sub(text, 1, end), LB_BIG);
    else if (literal)
        lb_say(w, "defaultValue", str_sub(text, 1, end), NULL);
    else
        lb_say(w, "defaultValue", text, LB_FUNCTION);
}

static void column(const struct relation *r, const struct obj *o, struct arena *mem,
                   struct lb_words *w)
{
    bool serial = r->counts && str_is_null(obj_raw(o, "identity"));
    say_type(r->type, serial, mem, w);
    if (r->generated.n)
        lb_say(w, "defaultValue",
               arena_printf(mem, "GENERATED ALWAYS AS %.*s STORED", STR_ARG(r->generated)),
               LB_FUNCTION);
    else if (r->dflt.n && !serial)
        say_default(r->dflt, w);
}

static void sequence(const struct catalog *cat, const struct obj *o, struct arena *mem,
                     struct lb_words *w)
{
    static const char *const words[][2] = {{"cache", "cacheSize"},
                                           {"increment", "incrementBy"},
                                           {"max", "maxValue"},
                                           {"min", "minValue"},
                                           {"start", "startValue"}};
    /* one that a column owns comes with its type, serial */
    for (const struct obj *k = o + 1; k < cat->v + cat->n && path_within(k->path, o->path); k++)
        w->left_out = w->elsewhere = w->left_out || str_eq(path_kind(k->path), STR("owned_by"));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (!str_is_null(obj_raw(o, words[i][0])))
            lb_say(w, words[i][1], obj_text(mem, o, words[i][0]), LB_BIG);
    lb_say(w, "willCycle", obj_true(o, "cycle") ? STR("true") : STR("false"), "");
    lb_say(w, "dataType", obj_text(mem, o, "type"), NULL);
}

/* Liquibase's own reading says of no unique constraint that it is deferrable, but of foreign keys.
 */
static void foreign_key(const struct obj *o, struct arena *mem, struct lb_words *w)
{
    struct str def = obj_text(mem, o, "def");
    bool late = str_find(def, STR(" INITIALLY DEFERRED")) < def.n;
    if (str_find(def, STR(" DEFERRABLE")) == def.n)
        return;
    lb_say(w, "deferrable", STR("true"), "");
    lb_say(w, "initiallyDeferred", late ? STR("true") : STR("false"), "");
}

/* Its session has the schema "public" in its path, so that a view's text names none of it. */
static struct str without_public(struct str text, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    struct lexer l = lex_open(text);
    size_t from = 0;
    for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l)) {
        if (t.type != T_WORD || !str_eq_c(t.text, "public") || !tok_is_op(lex_peek(&l), "."))
            continue;
        struct tok dot = lex_next(&l);
        sb_str(&b, str_sub(text, from, t.at));
        from = dot.at + dot.text.n;
    }
    sb_str(&b, str_from(text, from));
    return sb_view(&b);
}

/* btree but for an index that says another. Version 4 passes it over. */
static void method(const struct obj *o, struct arena *mem, struct lb_words *w)
{
    struct str def = obj_text(mem, o, "def"), using = STR(" USING ");
    size_t at = str_find(def, using);
    struct str rest = str_from(def, at < def.n ? at + using.n : def.n), word;
    if (!str_cut(&rest, ' ', &word) || !str_eq(path_kind(o->path), STR("index")))
        word = STR("btree");
    w->method = word;
}

void pg_to_liquibase(const struct catalog *cat, const struct obj *o, const struct relation *r,
                     struct arena *mem, struct lb_words *w)
{
    if (r->role == ROLE_COLUMN)
        column(r, o, mem, w);
    if (r->role == ROLE_SEQUENCE)
        sequence(cat, o, mem, w);
    if (r->role == ROLE_FOREIGN_KEY)
        foreign_key(o, mem, w);
    if (r->role == ROLE_VIEW)
        lb_say(w, "definition", without_public(str_trim(r->text), mem), NULL);
    if (r->role == ROLE_INDEX || r->role == ROLE_PRIMARY_KEY || r->role == ROLE_UNIQUE)
        method(o, mem, w);
    if (r->role == ROLE_UNIQUE) {
        lb_say(w, "deferrable", STR("false"), "");
        lb_say(w, "initiallyDeferred", STR("false"), "");
    }
    /* foreign tables and materialized views are none to it; a partition is a table */
    w->left_out = w->left_out || str_eq(path_kind(o->path), STR("matview")) ||
                  (r->role == ROLE_TABLE && pg_is_foreign(o));
}
