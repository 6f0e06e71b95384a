/* Where changeSets run: databases, contexts, and what passes them over; see master.h. */

#include "changelog/master.h"

static bool lists(struct str list, struct str wanted)
{
    struct str word;
    while (str_cut(&list, ',', &word))
        if (str_eq_fold(str_trim(word), wanted))
            return true;
    return false;
}

/* Whether `a` leaves out with a `!` what `b` names. */
static bool leaves_out(struct str a, struct str b)
{
    struct str word;
    while (str_cut(&a, ',', &word)) {
        word = str_trim(word);
        if (str_starts(word, STR("!")) && lists(b, str_trim(str_from(word, 1))))
            return true;
    }
    return false;
}

static bool names_some(struct str list)
{
    struct str word;
    while (str_cut(&list, ',', &word))
        if (str_trim(word).n && str_trim(word).p[0] != '!')
            return true;
    return false;
}

bool log_share_dbms(const struct log_set *x, const struct log_set *y)
{
    struct str a = str_trim(node_word(x->node, "dbms")), b = str_trim(node_word(y->node, "dbms"));
    struct str rest = a, word;
    if (lists(a, STR("none")) || lists(b, STR("none")) || leaves_out(a, b) || leaves_out(b, a))
        return false;
    if (!names_some(a) || !names_some(b) || lists(a, STR("all")) || lists(b, STR("all")))
        return true;
    while (str_cut(&rest, ',', &word))
        if (lists(b, str_trim(word)))
            return true;
    return false;
}

struct str log_contexts_of(const struct node *n)
{
    struct str text = node_word(n, "contextFilter");
    return str_trim(str_is_null(text) ? node_word(n, "context") : text);
}

struct str log_both_contexts(struct str a, struct str b, struct arena *mem)
{
    if (!a.n || !b.n)
        return a.n ? a : b;
    return arena_printf(mem, "(%.*s) and (%.*s)", STR_ARG(a), STR_ARG(b));
}

/* onFail and onError of preConditions: the default stops the run, and WARN goes on. */
static bool passes_over(const struct node *n)
{
    static const char *const keys[] = {"onFail", "onError"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct str word = str_trim(node_word(n, keys[i]));
        if (str_eq_fold(word, STR("MARK_RAN")) || str_eq_fold(word, STR("CONTINUE")))
            return true;
    }
    return false;
}

bool log_may_skip(const struct node *n)
{
    const struct node *pre = node_get(n, "preConditions");
    if (str_eq_fold(str_trim(node_word(n, "ignore")), STR("true")) ||
        str_eq_fold(str_trim(node_word(n, "failOnError")), STR("false")) || passes_over(pre))
        return true;
    for (const struct node *item = pre ? pre->first : NULL; item; item = item->next)
        if (passes_over(item))
            return true;
    return false;
}

bool log_meet(const struct log_set *a, const struct log_set *b)
{
    return !a->idle && !b->idle && !a->skips && !b->skips &&
           str_eq_fold(a->contexts, b->contexts) && log_share_dbms(a, b);
}
