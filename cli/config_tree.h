#ifndef SNAP_CLI_CONFIG_TREE_H
#define SNAP_CLI_CONFIG_TREE_H

/* Sections of snap.yml that are read as trees: their values, each error with its line. */

#include "cli/config.h"
#include "markup/yaml_tree.h"

struct maker {
    const struct engine *const *engines;
    struct arena *mem;
    struct config *c;
    struct err *e;
};

/* All return -1 where they fail, with m->e set. Puts file and line in front of the error. */
int tree_at_line(const struct maker *m, const struct node *n);
/* E_CONFIG_SYNTAX: what is wanted here. */
int tree_syntax(const struct maker *m, const struct node *n, const char *what);
/* "unknown key x", with the one that was meant or all of them. */
int tree_unknown(const struct maker *m, const struct node *n, enum err_code code, const char *what,
                 struct str word, const char *known);
/* A text that is not empty; true or false; a number from 1 on. */
int tree_text(const struct maker *m, const struct node *n, struct str *out);
int tree_flag(const struct maker *m, const struct node *n, bool *out);
int tree_number(const struct maker *m, const struct node *n, int64_t *out);

#endif
