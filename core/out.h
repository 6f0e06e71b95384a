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
/* Makes it durable, not yet visible: what can fail for want of room fails here. MAY be left out
 * before out_commit. Nothing is written after it. */
int out_prepare(struct out *o, struct err *e);
/* Makes it durable and visible. On error the old file is whole and no temporary file is left. */
int out_commit(struct out *o, struct err *e);
/* Throws it away; NULL is allowed; after out_commit it does nothing. */
void out_abort(struct out *o);
/* An empty file snap_scratch_* in TMPDIR or /tmp, for a scratch database. Those that other runs
 * left there more than a day ago are swept. *path lives in the arena. E_CANNOT_VERIFY. */
int out_scratch(struct arena *mem, char **path, struct err *e);
void out_scratch_remove(const char *path);
/* Removes the temporary files of all open outs and the scratch files: for the ways out that run no
 * more code (out of memory, a second signal). */
void out_cleanup(void);
/* One call for open, write, commit. */
int out_file(struct arena *mem, const char *path, struct str text, struct err *e);

#endif
