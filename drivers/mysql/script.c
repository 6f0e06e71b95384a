/* Scripts: where a statement ends, and how one is written for the mysql client; names in bodies. */

#include "drivers/mysql/mysql.h"

#include <stdlib.h>

/* Marks a statement that holds semicolons of its own. */
#define MARK "$$"

/* CREATE [OR REPLACE] [DEFINER=..] PROCEDURE and the like: a body that may hold semicolons. */
static bool is_program(struct str sql)
{
    static const char *const words[] = {"PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"};
    struct my_lex l = {sql, 0};
    if (!my_take(&l, "CREATE"))
        return false;
    my_take(&l, "OR REPLACE");
    my_definer(&l);
    my_take(&l, "AGGREGATE");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (my_take(&l, words[i]))
            return true;
    return false;
}

/* A line for the client: DELIMITER text. Cuts it off; *mark is then the text. */
static bool take_delimiter(struct str *script, struct str *mark)
{
    struct str rest = *script, line;
    while (rest.n && ascii_is_space(rest.p[0]))
        rest = str_from(rest, 1);
    line = str_sub(rest, 0, str_chr(rest, '\n'));
    if (line.n < 11 || !str_eq_fold_c(str_sub(line, 0, 10), "delimiter "))
        return false;
    *mark = str_trim(str_from(line, 10));
    *script = str_from(rest, line.n);
    return true;
}

static bool stands_at(struct str text, size_t at, struct str mark)
{
    return mark.n && str_starts(str_from(text, at), mark);
}

/* Where the statement that begins at `from` ends: at the mark, outside quotes and comments. */
static size_t statement_end(struct str script, size_t from, struct str mark)
{
    struct my_lex l = {script, from};
    for (struct my_tok t = my_peek(&l); t.type != MY_END; t = my_peek(&l)) {
        if (stands_at(script, t.at, mark))
            return t.at;
        my_next(&l);
        /* a delimiter of word bytes may end a word */
        for (size_t i = t.at; t.type == MY_WORD && i < l.at; i++)
            if (stands_at(script, i, mark))
                return i;
    }
    return script.n;
}

bool my_split(struct str *script, struct str *stmt)
{
    struct str mark = STR(";");
    do {
        while (take_delimiter(script, &mark))
            ;
        struct my_lex l = {*script, 0};
        size_t from = my_peek(&l).at, end = statement_end(*script, from, mark);
        *stmt = str_trim(str_sub(*script, from, end));
        *script = str_from(*script, end + (end < script->n ? mark.n : 0));
    } while (!stmt->n && script->n);
    return stmt->n > 0;
}

void my_shell(struct str sql, struct strbuf *out)
{
    if (!is_program(sql)) {
        sb_str(out, sql);
        return;
    }
    sb_printf(out, "DELIMITER " MARK "\n%.*s\n" MARK "\nDELIMITER ", STR_ARG(sql));
}

struct str my_called(struct arena *mem, const struct obj *o)
{
    struct str top = path_top(o->path), kind = path_kind(top);
    if (!word_in("table,view,sequence,function", kind))
        return STR_NULL;
    return path_name(mem, top);
}

static int by_name(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

/* A view's text quotes every name. */
void my_uses(struct arena *mem, const struct obj *o, struct name_uses *out)
{
    struct my_lex l = {STR(""), 0};
    uint32_t n = 0;
    if (!str_eq(path_kind(o->path), STR("view")))
        return;
    l.sql = obj_text(mem, o, "body");
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l))
        if (t.type == MY_NAME) {
            struct str name = my_unquote(mem, t);
            VEC_PUSH(mem, *out, name);
        }
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_name);
    for (uint32_t i = 0; i < out->n; i++)
        if (!i || !str_eq(out->v[i], out->v[n - 1]))
            out->v[n++] = out->v[i];
    out->n = n;
}
