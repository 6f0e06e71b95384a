/* Patterns for names: extended regular expressions with words of the object's facts in them. */

#include "policy/internal.h"

#include <string.h>

#include "core/suggest.h"

static const char placeholders[] = "schema,table,kind,columns,ref_table,ref_columns";
static const char special[] = ".[]()*+?|{}\\^$";

/* The next piece of a pattern: *word is a placeholder's name with *sep behind its colon, or absent,
 * and then *text is the piece itself. */
static bool next_piece(struct str *rest, struct str *text, struct str *word, struct str *sep)
{
    *word = *sep = STR_NULL;
    if (!rest->n)
        return false;
    size_t close = str_chr(*rest, '}');
    if (rest->p[0] == '{' && close < rest->n && rest->n > 1 && ascii_is_alpha(rest->p[1])) {
        struct str inside = str_sub(*rest, 1, close);
        size_t colon = str_chr(inside, ':');
        *word = str_sub(inside, 0, colon);
        *sep = colon < inside.n ? str_from(inside, colon + 1) : STR("_");
        *text = str_sub(*rest, 0, close + 1);
        *rest = str_from(*rest, close + 1);
        return true;
    }
    size_t end = rest->p[0] == '\\' && rest->n > 1 ? 2 : 1;
    *text = str_sub(*rest, 0, end);
    *rest = str_from(*rest, end);
    return true;
}

struct str name_schema(const struct catalog *cat, struct str path, struct arena *mem)
{
    struct str top = path_top(path);
    int kind = engine_kind(cat->eng, path_kind(top));
    bool holds = kind >= 0 && (cat->eng->kinds[kind]->flags & KF_HOLDER);
    return holds ? path_name(mem, top) : STR_NULL;
}

struct str name_table(const struct catalog *cat, struct str path, struct arena *mem)
{
    struct str top = engine_top(cat->eng, path);
    const struct obj *o = cat_find(cat, top);
    return o ? obj_name(mem, o) : path_name(mem, top);
}

/* Behind `::` stands a type, which the server has added to what was written. */
static size_t skip_cast(struct str text, size_t at)
{
    static const char *const more[] = {" varying", " precision", " without time zone",
                                       " with time zone"};
    while (at < text.n && (ascii_is_alpha(text.p[at]) || ascii_is_digit(text.p[at]) ||
                           strchr("_.\"[]", text.p[at])))
        at++;
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (str_starts(str_from(text, at), str_c(more[i])))
            at += strlen(more[i]);
    return at;
}

static bool in_word(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Direction and the like stand behind a term and not in it. */
static bool ends_term(struct str word)
{
    return str_eq_fold_c(word, "asc") || str_eq_fold_c(word, "desc") ||
           str_eq_fold_c(word, "nulls") || str_eq_fold_c(word, "collate");
}

static struct str name_words(struct str text, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    int depth = 0;
    for (size_t i = 0; i < text.n;) {
        size_t end = i;
        if (text.n - i > 1 && text.p[i] == ':' && text.p[i + 1] == ':') {
            i = skip_cast(text, i + 2);
            continue;
        }
        while (end < text.n && in_word(text.p[end]))
            end++;
        struct str word = str_sub(text, i, end);
        if (depth == 0 && b.n && ends_term(word))
            break;
        if (b.n && word.n)
            sb_char(&b, '_');
        sb_str(&b, word);
        depth += text.p[i] == '(';
        depth -= text.p[i] == ')';
        i = end > i ? end : i + 1;
    }
    return sb_view(&b);
}

struct str name_column(const struct catalog *cat, struct str table, struct str column,
                       struct arena *mem)
{
    const struct obj *o = cat_find(cat, path_join(mem, table, STR("column"), column));
    return o ? obj_name(mem, o) : column;
}

/* A column that is indexed by its first bytes is named by itself: name(10). */
struct str name_term(const struct catalog *cat, const struct obj *o, const struct term *t,
                     struct arena *mem)
{
    struct str words, text = t->text;
    if (t->column.n)
        return name_column(cat, path_parent(o->path), t->column, mem);
    words = name_words(text, mem);
    size_t end = words.n, open = str_chr(text, '(');
    while (end && ascii_is_digit(words.p[end - 1]))
        end--;
    bool prefix = open > 0 && open < text.n && end > 1 && end < words.n &&
                  words.p[end - 1] == '_' &&
                  str_chr(str_from(text, open + 1), '(') == text.n - open - 1 &&
                  ascii_is_digit(text.p[open + 1]);
    return prefix ? str_sub(words, 0, end - 1) : words;
}

static struct str join_terms(const struct catalog *cat, const struct obj *o,
                             const struct relation *r, struct str sep, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < r->nterms; i++) {
        if (i)
            sb_str(&b, sep);
        sb_str(&b, name_term(cat, o, &r->terms[i], mem));
    }
    return sb_view(&b);
}

static struct str join_referred(const struct catalog *cat, const struct relation *r, struct str sep,
                                struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    for (uint32_t i = 0; i < r->nref; i++) {
        if (i)
            sb_str(&b, sep);
        sb_str(&b, name_column(cat, r->ref, r->ref_columns[i], mem));
    }
    return sb_view(&b);
}

static struct str value_of(struct str word, struct str sep, const struct catalog *cat,
                           const struct obj *o, const struct relation *r, struct arena *mem)
{
    if (str_eq(word, STR("schema")))
        return name_schema(cat, o->path, mem);
    if (str_eq(word, STR("table")))
        return name_table(cat, o->path, mem);
    if (str_eq(word, STR("kind")))
        return path_kind(o->path);
    if (str_eq(word, STR("columns")))
        return join_terms(cat, o, r, sep, mem);
    if (str_eq(word, STR("ref_table")))
        return r->ref.n ? name_table(cat, r->ref, mem) : STR("");
    return join_referred(cat, r, sep, mem);
}

static void put_quoted(struct strbuf *b, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (strchr(special, text.p[i]))
            sb_char(b, '\\');
        sb_char(b, text.p[i]);
    }
}

/* Whether the piece is one of the anchors that every pattern has by itself. */
static bool is_anchor(struct str text, size_t at, size_t n)
{
    return (at == 0 && str_eq(text, STR("^"))) || (at + 1 == n && str_eq(text, STR("$")));
}

/* The expression of one object, and the only name that fits it where there is but one. */
static struct str expand(const struct name_pattern *p, const struct catalog *cat,
                         const struct obj *o, const struct relation *r, struct arena *mem,
                         struct str *expected)
{
    struct strbuf re = sb_new(mem, 0), plain = sb_new(mem, 0);
    struct str rest = p->text, text, word, sep;
    bool one = true;
    sb_c(&re, "^(");
    while (next_piece(&rest, &text, &word, &sep)) {
        if (word.n) {
            struct str value = value_of(word, sep, cat, o, r, mem);
            put_quoted(&re, value);
            sb_str(&plain, value);
            continue;
        }
        sb_str(&re, text);
        size_t at = (size_t)(text.p - p->text.p);
        if (text.n == 2)
            sb_str(&plain, str_from(text, 1));
        else if (!is_anchor(text, at, p->text.n))
            sb_str(&plain, text);
        one = one && (is_anchor(text, at, p->text.n) || !strchr(special, text.p[0]) ||
                      (text.n == 2 && strchr(special, text.p[1])));
    }
    sb_c(&re, ")$");
    *expected = one ? sb_view(&plain) : STR_NULL;
    return sb_view(&re);
}

static int compile(struct name_pattern *p, struct str text, struct err *e)
{
    char why[128];
    if (!str_is_null(p->compiled) && str_eq(p->compiled, text))
        return 0;
    name_pattern_close(p);
    int rc = regcomp(&p->re, text.p, REG_EXTENDED | REG_NOSUB | (p->ignore_case ? REG_ICASE : 0));
    if (rc) {
        regerror(rc, &p->re, why, sizeof why);
        return err_set(e, E_BAD_VALUE, "%.*s is no regular expression: %s", STR_ARG(p->text), why);
    }
    p->compiled = text;
    return 0;
}

void name_pattern_close(struct name_pattern *p)
{
    if (!str_is_null(p->compiled))
        regfree(&p->re);
    p->compiled = STR_NULL;
}

int name_pattern_check(struct str text, struct arena *mem, struct err *e)
{
    struct strbuf re = sb_new(mem, 0);
    struct name_pattern p = {.text = text, .compiled = STR_NULL};
    struct str rest = text, piece, word, sep;
    if (!text.n || !str_is_utf8(text))
        return err_set(e, E_BAD_VALUE, "a pattern of UTF-8 is wanted");
    sb_c(&re, "^(");
    while (next_piece(&rest, &piece, &word, &sep)) {
        if (word.n && !word_in(placeholders, word)) {
            struct str near = suggest_word(word, placeholders);
            err_set(e, E_BAD_VALUE, "%.*s: there is no placeholder {%.*s}", STR_ARG(text),
                    STR_ARG(word));
            return near.n ? err_hint(e, "did you mean {%.*s}?", STR_ARG(near))
                          : err_hint(e, "placeholders: %s", placeholders);
        }
        sb_str(&re, word.n ? STR("x") : piece);
    }
    sb_c(&re, ")$");
    int rc = compile(&p, sb_view(&re), e);
    name_pattern_close(&p);
    return rc;
}

/* The server cuts a name that is too long, between two characters. */
static struct str cut_name(struct str name, unsigned max)
{
    size_t n = max && name.n > max ? max : name.n;
    while (n && n < name.n && ((unsigned char)name.p[n] & 0xc0) == 0x80)
        n--;
    return str_sub(name, 0, n);
}

int name_pattern_fits(struct name_pattern *p, const struct catalog *cat, const struct obj *o,
                      const struct relation *r, struct arena *mem, bool *fits, struct str *expected,
                      struct err *e)
{
    struct str re = expand(p, cat, o, r, mem, expected);
    if (!str_is_null(*expected)) {
        *expected = cut_name(*expected, p->cut);
        *fits = p->ignore_case ? str_eq_fold(*expected, r->name) : str_eq(*expected, r->name);
        return 0;
    }
    if (compile(p, re, e))
        return -1;
    *fits = regexec(&p->re, arena_cstr(mem, r->name), 0, NULL, 0) == 0;
    return 0;
}
