/* Scripts: where a statement ends, and how one is written for the mysql client; names in bodies. */

#include "drivers/mysql/mysql.h"

#include <stdlib.h>

/* What a CREATE makes whose body may hold semicolons, or absent: CREATE [OR REPLACE] [DEFINER=..]
 * PROCEDURE and the like. */
static struct str program_kind(struct str sql)
{
    static const char *const words[] = {"PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "PACKAGE"};
    struct my_lex l = {sql, 0};
    if (!my_take(&l, "CREATE"))
        return STR_NULL;
    my_take(&l, "OR REPLACE");
    my_definer(&l);
    my_take(&l, "AGGREGATE");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (my_take(&l, words[i]))
            return str_c(words[i]);
    return STR_NULL;
}

/* Where code begins: behind blanks and comments. A version comment is code. */
static size_t code_at(struct str s)
{
    size_t at = 0;
    for (;;) {
        while (at < s.n && (ascii_is_space(s.p[at]) || s.p[at] == '\0'))
            at++;
        struct str rest = str_from(s, at);
        bool code = str_starts(rest, STR("/*!")) || str_starts(rest, STR("/*M!"));
        bool dashes = str_starts(rest, STR("--")) && (rest.n == 2 || ascii_is_space(rest.p[2]));
        if (dashes || str_starts(rest, STR("#")))
            at += str_chr(rest, '\n');
        else if (str_starts(rest, STR("/*")) && !code)
            at += str_find(str_from(rest, 2), STR("*/")) + 4;
        else
            return at;
        if (at >= s.n)
            return s.n;
    }
}

/* A line for the client: DELIMITER text. Cuts it off; *mark is then the text. */
static bool take_delimiter(struct str *script, struct str *mark)
{
    struct str line = str_sub(*script, 0, str_chr(*script, '\n'));
    if (line.n < 11 || !str_eq_fold_c(str_sub(line, 0, 9), "delimiter") ||
        !ascii_is_space(line.p[9]))
        return false;
    *mark = str_trim(str_from(line, 10));
    *mark = str_sub(*mark, 0, str_chr(*mark, ' '));
    *script = str_from(*script, line.n);
    return true;
}

static bool stands_at(struct str text, size_t at, struct str mark)
{
    return mark.n && str_starts(str_from(text, at), mark);
}

static bool is_one_of(struct my_tok t, const char *words)
{
    struct str rest = str_c(words), one;
    while (t.type == MY_WORD && str_cut(&rest, ',', &one))
        if (str_eq_fold(t.text, one))
            return true;
    return false;
}

/* Whether the IF just read is a statement: its THEN comes before anything that ends an expression.
 */
static bool has_then(struct my_lex l)
{
    int depth = 0;
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
        depth += my_is_op(t, '(') - my_is_op(t, ')');
        if (depth < 0)
            return false;
        if (!depth && my_is(t, "THEN"))
            return true;
        if (!depth && (my_is_op(t, ';') || my_is_op(t, ',') ||
                       is_one_of(t, "WHEN,ELSE,END,BEGIN,IF,DO,SELECT")))
            return false;
    }
    return false;
}

/* How a token of a body changes the depth of its blocks. */
static int block_step(struct my_tok was, struct my_tok t, const struct my_lex *l)
{
    if (my_is(t, "END"))
        return -1;
    if (my_is(was, "END"))
        return 0; /* END IF */
    if (my_is(t, "IF"))
        return has_then(*l);
    if (my_is(t, "REPEAT"))
        return !my_is_op(my_peek(l), '(');
    return is_one_of(t, "BEGIN,CASE,LOOP,WHILE");
}

/* Where a program ends that no mark of its own ends: at the semicolon outside its blocks. A package
 * is one to the end of the text. */
static size_t program_end(struct str script)
{
    struct my_lex l = {script, 0};
    struct my_tok was = {MY_END, STR(""), 0};
    int depth = 0;
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
        depth += block_step(was, t, &l);
        if (depth <= 0 && my_is_op(t, ';'))
            return t.at;
        was = t;
    }
    return script.n;
}

/* Where the first statement ends: at the mark, outside quotes and comments. */
static size_t statement_end(struct str script, struct str mark)
{
    struct my_lex l = {script, 0};
    if (str_eq(mark, STR(";"))) {
        struct str kind = program_kind(script);
        if (str_eq(kind, STR("PACKAGE")))
            return script.n;
        if (kind.n)
            return program_end(script);
    }
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

bool my_split(struct script *script, struct str *stmt)
{
    for (;;) {
        struct str text = str_from(script->rest, code_at(script->rest));
        script->rest = text;
        if (!text.n)
            return false;
        if (take_delimiter(&script->rest, &script->mark))
            continue;
        struct str mark = script->mark.n ? script->mark : STR(";");
        size_t end = statement_end(text, mark);
        *stmt = str_trim(str_sub(text, 0, end));
        script->rest = str_from(text, end + mark.n);
        if (stmt->n)
            return true;
    }
}

/* A mark that the text does not hold. */
static struct str free_mark(struct arena *mem, struct str sql)
{
    struct str mark = STR("$$");
    for (unsigned i = 1; str_find(sql, mark) < sql.n; i++)
        mark = arena_printf(mem, "$%u$", i);
    return mark;
}

void my_shell(struct str sql, struct strbuf *out)
{
    struct str mark = free_mark(out->mem, sql);
    if (!program_kind(sql).n) {
        sb_str(out, sql);
        return;
    }
    sb_printf(out, "DELIMITER %.*s\n%.*s\n%.*s\nDELIMITER ", STR_ARG(mark), STR_ARG(sql),
              STR_ARG(mark));
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
    if (!my_is_kind(o, "view"))
        return;
    l.sql = obj_text(mem, o, "query");
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
