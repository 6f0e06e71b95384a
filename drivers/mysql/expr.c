/* One form of an expression: a parser by precedence that takes clauses of SELECT as separators. */

#include "drivers/mysql/expr.h"

enum { DEEPEST = 200, UNARY = 12 };

struct parser {
    struct arena *mem;
    struct my_lex l;
    int depth;
    bool lost; /* too deep: the text stays as it is */
};

static bool is_among(struct my_tok t, const char *words)
{
    struct str rest = str_c(words), one;
    while (t.type == MY_WORD && str_cut(&rest, ',', &one))
        if (str_eq_fold(t.text, one))
            return true;
    return false;
}

/* What stands between expressions. */
static bool is_separator(struct my_tok t)
{
    return my_is_op(t, ',') || my_is_op(t, ';') ||
           is_among(t, "select,from,where,group,by,having,order,limit,offset,as,on,using,join,"
                       "left,right,inner,outer,cross,straight_join,union,all,distinct,asc,desc,"
                       "when,then,else,with,recursive,rollup,window,partition,over,rows,range,"
                       "for,separator,in,and,escape");
}

/* The operator that stands next and its strength; 0: none. Longer ones first. */
static int operator_at(const struct parser *p, struct my_lex *past, struct str *name)
{
    static const struct {
        const char *text;
        int strength;
    } rows[] = {
        {"||", 1},   {"or", 1},       {"xor", 2},   {"&&", 3}, {"and", 3},  {"<=>", 5},
        {">=", 5},   {"<=", 5},       {"<>", 5},    {"!=", 5}, {"->>", 14}, {"->", 14},
        {"<<", 8},   {">>", 8},       {"=", 5},     {"<", 5},  {">", 5},    {"is", 5},
        {"like", 5}, {"regexp", 5},   {"rlike", 5}, {"|", 6},  {"&", 7},    {"+", 9},
        {"-", 9},    {"*", 10},       {"/", 10},    {"%", 10}, {"div", 10}, {"mod", 10},
        {"^", 11},   {"collate", 14},
    };
    struct my_tok t = my_peek(&p->l);
    for (size_t i = 0; i < sizeof rows / sizeof *rows && t.type != MY_END; i++) {
        struct str word = str_c(rows[i].text);
        bool stands = t.type == MY_WORD ? str_eq_fold(t.text, word)
                                        : str_starts(str_from(p->l.sql, t.at), word);
        if (!stands || t.type == MY_NAME || t.type == MY_STRING)
            continue;
        *past = p->l;
        past->at = t.at + word.n;
        *name = word;
        return rows[i].strength;
    }
    return 0;
}

static struct str sequence(struct parser *p, const char *until, bool *single);
static struct str expression(struct parser *p, int least);

/* A function by the name that both servers' answers come down to. */
static struct str function_name(struct arena *mem, struct str name)
{
    static const char *const rows[][2] = {
        {"ucase", "upper"},
        {"lcase", "lower"},
        {"substring", "substr"},
        {"mid", "substr"},
        {"ceil", "ceiling"},
        {"pow", "power"},
        {"now", "current_timestamp"},
        {"curdate", "current_date"},
        {"curtime", "current_time"},
        {"character_length", "char_length"},
        {"octet_length", "length"},
        {"schema", "database"},
        {"std", "stddev"},
        {"stddev_pop", "stddev"},
        {"var_pop", "variance"},
        {"dayofmonth", "day"},
    };
    struct strbuf lower = sb_new(mem, 0);
    for (size_t i = 0; i < name.n; i++)
        sb_char(&lower, ascii_lower(name.p[i]));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq_c(sb_view(&lower), rows[i][0]))
            return str_c(rows[i][1]);
    return sb_view(&lower);
}

/* (...): without its parentheses where it holds one expression. */
static struct str group(struct parser *p)
{
    bool single;
    my_next(&p->l);
    struct str inside = sequence(p, ")", &single);
    my_next(&p->l);
    return single ? inside : arena_printf(p->mem, "(%.*s)", STR_ARG(inside));
}

static struct str string_of(struct parser *p, struct my_tok t)
{
    struct strbuf out = sb_new(p->mem, 0);
    my_put_string(&out, my_unquote(p->mem, t));
    return sb_view(&out);
}

/* _utf8mb4 before a string: the connection's, where it is one of Unicode; of another one where the
 * text has the same bytes in both. */
static bool is_idle_introducer(struct parser *p, struct my_tok t)
{
    struct my_tok next = my_peek(&p->l);
    if (t.type != MY_WORD || t.text.p[0] != '_' || next.type != MY_STRING)
        return false;
    if (str_eq_fold_c(str_sub(t.text, 0, 5), "_utf8"))
        return true;
    for (size_t i = 0; i < next.text.n; i++)
        if ((unsigned char)next.text.p[i] >= 0x80)
            return false;
    return str_eq_fold_c(t.text, "_latin1");
}

/* CASE .. END. */
static struct str case_of(struct parser *p)
{
    bool single;
    struct str inside = sequence(p, "end", &single);
    my_next(&p->l);
    return arena_printf(p->mem, "(case %.*s end)", STR_ARG(inside));
}

static struct str call(struct parser *p, struct my_tok t)
{
    bool single;
    struct str name = function_name(p->mem, t.text);
    my_next(&p->l);
    struct str inside = sequence(p, ")", &single);
    my_next(&p->l);
    return arena_printf(p->mem, "%.*s(%.*s)", STR_ARG(name), STR_ARG(inside));
}

static struct str primary(struct parser *p)
{
    if (my_is_op(my_peek(&p->l), '('))
        return group(p);
    struct my_tok t = my_next(&p->l);
    if (is_idle_introducer(p, t))
        t = my_next(&p->l);
    if (t.type == MY_STRING)
        return string_of(p, t);
    if (my_is(t, "CASE"))
        return case_of(p);
    if (t.type == MY_WORD && my_is_op(my_peek(&p->l), '('))
        return call(p, t);
    if (my_is(t, "INTERVAL")) {
        struct str count = expression(p, 0), unit = my_next(&p->l).text;
        return arena_printf(p->mem, "interval %.*s %.*s", STR_ARG(count), STR_ARG(unit));
    }
    struct strbuf out = sb_new(p->mem, 0);
    sb_str(&out, t.type == MY_WORD ? function_name(p->mem, t.text) : t.text);
    /* `a`.`b`: the lexer takes the dot for a word */
    while (t.type == MY_NAME && my_is(my_peek(&p->l), ".")) {
        my_next(&p->l);
        t = my_next(&p->l);
        sb_printf(&out, ".%.*s", STR_ARG(t.text));
    }
    return sb_view(&out);
}

/* Functions that may stand without parentheses. */
static struct str without_empty(struct str s)
{
    if (str_eq_c(s, "current_timestamp()") || str_eq_c(s, "current_date()") ||
        str_eq_c(s, "current_time()"))
        return str_sub(s, 0, s.n - 2);
    return s;
}

static struct str prefixed(struct parser *p)
{
    static const char ops[] = "-+~!";
    struct my_tok t = my_peek(&p->l);
    if (my_is(t, "NOT") || my_is(t, "BINARY")) {
        my_next(&p->l);
        struct str of = expression(p, my_is(t, "NOT") ? 4 : UNARY);
        return arena_printf(p->mem, "(%s %.*s)", my_is(t, "NOT") ? "not" : "binary", STR_ARG(of));
    }
    for (const char *c = ops; *c; c++)
        if (my_is_op(t, *c)) {
            my_next(&p->l);
            struct str of = expression(p, UNARY);
            return arena_printf(p->mem, "(%c %.*s)", *c, STR_ARG(of));
        }
    return without_empty(primary(p));
}

/* [NOT] BETWEEN a AND b, [NOT] IN (..): what `left` grows to; false: neither stands next. */
static bool grown(struct parser *p, struct str *left)
{
    struct my_lex back = p->l;
    const char *no = my_take(&p->l, "NOT") ? "not " : "";
    if (my_take(&p->l, "BETWEEN")) {
        struct str low = expression(p, 6);
        my_take(&p->l, "AND");
        struct str high = expression(p, 6);
        *left = arena_printf(p->mem, "(%.*s %sbetween %.*s and %.*s)", STR_ARG(*left), no,
                             STR_ARG(low), STR_ARG(high));
        return true;
    }
    bool in = my_take(&p->l, "IN");
    if (in || (*no && (my_is(my_peek(&p->l), "LIKE") || my_is(my_peek(&p->l), "REGEXP") ||
                       my_is(my_peek(&p->l), "RLIKE")))) {
        struct str op = in ? STR("in") : function_name(p->mem, my_next(&p->l).text);
        struct str right = expression(p, 6);
        *left = arena_printf(p->mem, "(%.*s %s%.*s %.*s)", STR_ARG(*left), no, STR_ARG(op),
                             STR_ARG(right));
        return true;
    }
    p->l = back;
    return false;
}

static struct str expression(struct parser *p, int least)
{
    struct my_lex past;
    struct str name, left;
    if (p->lost || ++p->depth > DEEPEST) {
        p->lost = true;
        p->l.at = p->l.sql.n;
        return STR("");
    }
    left = prefixed(p);
    for (;;) {
        if (least <= 5 && grown(p, &left))
            continue;
        int strength = operator_at(p, &past, &name);
        if (!strength || strength < least)
            break;
        p->l = past;
        const char *no = str_eq_c(name, "is") && my_take(&p->l, "NOT") ? "not " : "";
        struct str right = expression(p, strength + 1);
        if (str_eq_c(name, "!="))
            name = STR("<>");
        left = arena_printf(p->mem, "(%.*s %.*s %s%.*s)", STR_ARG(left), STR_ARG(name), no,
                            STR_ARG(right));
    }
    p->depth--;
    return left;
}

/* Expressions and what stands between them, up to the word or byte `until`. */
static struct str sequence(struct parser *p, const char *until, bool *single)
{
    struct strbuf out = sb_new(p->mem, 0);
    unsigned parts = 0;
    *single = true;
    for (;;) {
        struct my_tok t = my_peek(&p->l);
        if (t.type == MY_END || my_is(t, until) || my_is_op(t, *until) ||
            (*until != ')' && my_is_op(t, ')')))
            break;
        bool call = t.type == MY_WORD && (my_is(t, "left") || my_is(t, "right"));
        struct my_lex past = p->l;
        my_next(&past);
        call = call && my_is_op(my_peek(&past), '(');
        if (parts++)
            sb_char(&out, ' ');
        if (is_separator(t) && !call) {
            *single = false;
            my_next(&p->l);
            sb_str(&out, t.type == MY_WORD ? function_name(p->mem, t.text) : t.text);
        } else {
            sb_str(&out, expression(p, 0));
        }
        /* nothing that is read leaves the place where it is */
        if (my_peek(&p->l).at == t.at)
            my_next(&p->l);
    }
    *single = *single && parts == 1;
    return sb_view(&out);
}

struct str my_one_form(struct arena *mem, struct str text)
{
    struct parser p = {mem, {text, 0}, 0, false};
    struct strbuf out = sb_new(mem, 0);
    bool single;
    while (my_peek(&p.l).type != MY_END) {
        sb_str(&out, sequence(&p, ")", &single));
        my_next(&p.l); /* a parenthesis that nothing opens */
    }
    return p.lost ? text : sb_view(&out);
}
