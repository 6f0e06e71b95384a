/* Labels, contexts and dbms of changeSets that no run takes; see lint.h. */

#include "changelog/lint.h"

#include "core/suggest.h"

/* More names than that are not tried out: such an expression is taken for one that can be true. */
enum { MAX_NAMES = 10, MAX_OPEN = 64, MAX_LENGTH = 255 };

enum op { OP_OPEN, OP_OR, OP_AND, OP_NOT };

struct parse {
    struct str rest;
    struct str names[MAX_NAMES];
    unsigned nnames;
    unsigned truth; /* bits: which names are true */
    bool values[MAX_OPEN];
    enum op ops[MAX_OPEN];
    unsigned nvalues, nops;
    bool bad, many;
};

static void apply(struct parse *p)
{
    enum op op = p->ops[--p->nops];
    if (p->nvalues < (op == OP_NOT ? 1u : 2u)) {
        p->bad = true;
        return;
    }
    if (op == OP_NOT) {
        p->values[p->nvalues - 1] = !p->values[p->nvalues - 1];
        return;
    }
    bool b = p->values[--p->nvalues];
    bool *a = &p->values[p->nvalues - 1];
    *a = op == OP_AND ? *a && b : *a || b;
}

static void push_op(struct parse *p, enum op op)
{
    while (op != OP_OPEN && op != OP_NOT && p->nops && p->ops[p->nops - 1] >= op && !p->bad)
        apply(p);
    if (p->nops == MAX_OPEN)
        p->bad = true;
    else
        p->ops[p->nops++] = op;
}

static void push_name(struct parse *p, struct str name)
{
    unsigned i = 0;
    while (i < p->nnames && !str_eq_fold(p->names[i], name))
        i++;
    if (i == MAX_NAMES || p->nvalues == MAX_OPEN) {
        p->many = true;
        return;
    }
    if (i == p->nnames)
        p->names[p->nnames++] = name;
    p->values[p->nvalues++] = p->truth >> i & 1;
}

static void close_bracket(struct parse *p)
{
    while (p->nops && p->ops[p->nops - 1] != OP_OPEN && !p->bad)
        apply(p);
    if (!p->nops)
        p->bad = true;
    else
        p->nops--;
}

static struct str next_word(struct parse *p)
{
    struct str s = str_trim(p->rest);
    size_t n = 0;
    while (n < s.n && !ascii_is_space(s.p[n]) && s.p[n] != ',' && s.p[n] != '!' && s.p[n] != '(' &&
           s.p[n] != ')')
        n++;
    n = n ? n : s.n ? 1 : 0;
    p->rest = str_from(s, n);
    return str_sub(s, 0, n);
}

/* The value for one assignment; a comma is an "or". */
static bool evaluate(struct parse *p)
{
    struct str word;
    while (!p->bad && !p->many && (word = next_word(p)).n) {
        if (str_eq(word, STR("(")))
            push_op(p, OP_OPEN);
        else if (str_eq(word, STR(")")))
            close_bracket(p);
        else if (str_eq(word, STR("!")) || str_eq_fold(word, STR("not")))
            push_op(p, OP_NOT);
        else if (str_eq_fold(word, STR("and")))
            push_op(p, OP_AND);
        else if (str_eq(word, STR(",")) || str_eq_fold(word, STR("or")))
            push_op(p, OP_OR);
        else
            push_name(p, word);
    }
    while (p->nops && !p->bad)
        apply(p);
    return !p->bad && p->nvalues && p->values[0];
}

bool lint_can_be_true(struct str expression)
{
    unsigned nnames = MAX_NAMES;
    for (unsigned truth = 0; truth < 1u << nnames; truth++) {
        struct parse p = {.rest = expression, .truth = truth};
        if (evaluate(&p) || p.many)
            return true;
        if (p.bad)
            return false;
        nnames = p.nnames;
    }
    return false;
}

/* Engines of Liquibase that snap does not know, and words for all and none. */
static const char other_dbms[] = "all,none,oracle,mssql,h2,hsqldb,db2,db2z,derby,firebird,informix,"
                                 "sybase,asany,ingres,snowflake,bigquery,databricks,redshift,"
                                 "vertica,teradata,hana,cassandra,neo4j,yugabytedb,unsupported";

static void check_dbms(struct lint *l, const struct log_set *s)
{
    const struct node *n = node_get(s->node, "dbms");
    struct str rest = node_word(s->node, "dbms"), word;
    while (n && str_cut(&rest, ',', &word)) {
        word = str_trim(word);
        struct str name = str_starts(word, STR("!")) ? str_trim(str_from(word, 1)) : word;
        if (!name.n || str_has_word(l->dbms, name) || str_has_word(str_c(other_dbms), name))
            continue;
        struct str near = suggest_word(name, arena_cstr(l->mem, l->dbms));
        lint_say(l, true, "unknown-dbms", s->in, n->line,
                 "no database is called %.*s: the changeSet is left out without a word%s%.*s",
                 STR_ARG(name), near.n ? "; did you mean " : "", STR_ARG(near));
    }
}

static void check_contexts(struct lint *l, const struct log_set *s, const char *key)
{
    const struct node *n = node_get(s->node, key);
    if (!n)
        return;
    if (n->type != NODE_SCALAR) {
        lint_say(l, true, "filter-list", s->in, n->line,
                 "%s wants one text: of a list Liquibase makes the text [a, b]", key);
        return;
    }
    if (n->text.n > MAX_LENGTH)
        lint_say(l, true, "too-long", s->in, n->line, "%s has more than %d characters", key,
                 MAX_LENGTH);
    else if (str_trim(n->text).n && !lint_can_be_true(n->text))
        lint_say(l, true, "unreachable", s->in, n->line,
                 "%s %.*s is true for no contexts: only a run without any takes it", key,
                 STR_ARG(n->text));
}

/* A changeSet's labels are words. An expression selects them, so a word that is one cannot be
 * named. */
static void check_labels(struct lint *l, const struct log_set *s)
{
    const struct node *n = node_get(s->node, "labels");
    struct str rest, word;
    if (!n)
        return;
    if (n->type != NODE_SCALAR) {
        lint_say(l, true, "filter-list", s->in, n->line,
                 "labels wants one text: of a list Liquibase makes the text [a, b]");
        return;
    }
    if (n->text.n > MAX_LENGTH)
        lint_say(l, true, "too-long", s->in, n->line, "labels has more than %d characters",
                 MAX_LENGTH);
    rest = n->text;
    while (str_cut(&rest, ',', &word)) {
        bool odd = false;
        word = str_trim(word);
        for (size_t i = 0; i < word.n; i++)
            odd = odd || ascii_is_space(word.p[i]) || word.p[i] == '!' || word.p[i] == '(' ||
                  word.p[i] == ')';
        if (odd || str_eq_fold(word, STR("and")) || str_eq_fold(word, STR("or")) ||
            str_eq_fold(word, STR("not")))
            lint_say(l, true, "unreachable", s->in, n->line,
                     "no label filter can name %.*s: labels are words with commas between them",
                     STR_ARG(word));
    }
}

void lint_filters(struct lint *l, const struct log_set *s)
{
    check_contexts(l, s, "contextFilter");
    check_contexts(l, s, "context");
    check_labels(l, s);
    check_dbms(l, s);
}
