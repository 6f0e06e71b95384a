#ifndef SNAP_CORE_OUT_H
#define SNAP_CORE_OUT_H

/*
 * Files that are whole or not there: written to a temporary file in the same folder, fsync, rename,
 * fsync of the folder. "-", a FIFO or a device is written plainly.
 */

#include "core/arena.h"
#include "core/err.h"

struct out;

/* Opens `path` for writing; nothing is visible under that name before out_commit. An existing
 * file's permission bits are kept. E_WRITE_FAILED. */
int out_open(struct arena *mem, const char *path, struct out **o, struct err *e);
int out_write(struct out *o, struct str text, struct err *e);
/* Makes it durable and visible. On error the old file is whole and no temporary file is left. */
int out_commit(struct out *o, struct err *e);
/* Throws it away; NULL is allowed; after out_commit it does nothing. */
void out_abort(struct out *o);
/* Removes the temporary files of all open outs: for the ways out that run no more code
 * (out of memory, a second signal). */
void out_cleanup(void);
/* One call for open, write, commit. */
int out_file(struct arena *mem, const char *path, struct str text, struct err *e);

#endif
