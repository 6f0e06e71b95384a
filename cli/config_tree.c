/* Values of a section of snap.yml that was read as a tree. */

#include "cli/config_tree.h"

#include "core/suggest.h"

int tree_at_line(const struct maker *m, const struct node *n)
{
    return err_wrap(m->e, "%.*s line %u", STR_ARG(m->c->path), n->line);
}

int tree_syntax(const struct maker *m, const struct node *n, const char *what)
{
    return err_set(m->e, E_CONFIG_SYNTAX, "%.*s line %u: %s", STR_ARG(m->c->path), n->line, what);
}

int tree_unknown(const struct maker *m, const struct node *n, enum err_code code, const char *what,
                 struct str word, const char *known)
{
    struct str near = suggest_word(word, known);
    err_set(m->e, code, "%.*s line %u: unknown %s %.*s", STR_ARG(m->c->path), n->line, what,
            STR_ARG(word));
    return near.n ? err_hint(m->e, "did you mean %.*s?", STR_ARG(near))
                  : err_hint(m->e, "known: %s", known);
}

int tree_text(const struct maker *m, const struct node *n, struct str *out)
{
    if (n->type != NODE_SCALAR || !n->text.n)
        return tree_syntax(m, n, "a text is wanted here");
    *out = n->text;
    return 0;
}

int tree_flag(const struct maker *m, const struct node *n, bool *out)
{
    struct str word;
    if (tree_text(m, n, &word))
        return -1;
    *out = str_eq(word, STR("true"));
    return *out || str_eq(word, STR("false"))
               ? 0
               : tree_unknown(m, n, E_BAD_VALUE, "value", word, "true,false");
}

int tree_number(const struct maker *m, const struct node *n, int64_t *out)
{
    struct str word;
    if (tree_text(m, n, &word))
        return -1;
    return str_int(word, out) && *out > 0 ? 0
                                          : tree_syntax(m, n, "a number above 0 is wanted here");
}
