#ifndef SNAP_TESTS_HARNESS_FOLDER_H
#define SNAP_TESTS_HARNESS_FOLDER_H

/* Temporary folders and their files. What goes wrong fails the test. */

#include "core/arena.h"

/* A new empty folder, below $TMPDIR or /tmp. */
char *folder_new(struct arena *mem);
/* folder/name */
char *folder_path(struct arena *mem, const char *folder, const char *name);
/* How many entries it has. */
int folder_count(const char *folder);
/* Removes it with the files in it. */
void folder_remove(struct arena *mem, const char *folder);
/* A file's bytes; the absent str when it does not exist. */
struct str file_text(struct arena *mem, const char *path);
/* Writes one, plainly. */
void file_put(const char *path, const char *text);

#endif
