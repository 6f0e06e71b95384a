#ifndef SNAP_MARKUP_YAML_FILE_H
#define SNAP_MARKUP_YAML_FILE_H

/*
 * A YAML or JSON document read from a file as it comes, as a tree (yaml_tree.h): for files that
 * other programs have made and that may be large or hostile. Bounded in size, depth, the length of
 * one text, and in values by the bytes that they stand in; without aliases or duplicate keys. Keys
 * and values with the tag !!binary, as SnakeYAML writes texts with odd characters, are decoded.
 *
 * Lines before the document (what a program has printed besides) are passed over: it begins at the
 * first line that begins with { or with `root:`. It ends with its root, and in block style before
 * the next line that is not indented.
 */

#include "markup/yaml_tree.h"

enum {
    YAML_FILE_MAX = 64 << 20,     /* bytes of the file */
    YAML_FILE_HEAD = 64 << 10,    /* in which the document must begin */
    YAML_FILE_TEXT = 8 << 20,     /* bytes of one key or value */
    YAML_FILE_DEPTH = 24,         /* lists and maps in one another */
    YAML_FILE_VALUES = 100 * 1000 /* from there on, one for each 16 bytes at most */
};

/* Where such a document begins in the first bytes of a file, or head.n. */
size_t yaml_file_start(struct str head, const char *root);
/* Reads fd from where it stands; the caller closes it. `code` is the error of what is no such
 * document; E_LIMIT, E_CANNOT_OPEN, E_INTERRUPTED. */
int yaml_file(int fd, struct str label, const char *root, enum err_code code, struct arena *mem,
              struct node **out, struct err *e);

#endif
