#ifndef SNAP_CLI_FOLDER_H
#define SNAP_CLI_FOLDER_H

/*
 * A folder of pages that belongs to one command.
 *
 * It holds a list of the pages. Only a folder that is new, empty or has that list is written to,
 * and only pages on the list are removed. The list is written before the first page, with old and
 * new names, and after the last: whenever the run ends, every page that it made is on the list.
 * Each file is whole or not there, and what is the same is not written again.
 */

#include "cli/context.h"
#include "emit/pages.h"

struct folder_form {
    const char *list;    /* name of the list: ".snap-docs" */
    const char *head;    /* its first line */
    const char *command; /* "snap docs", for messages */
};
/* Gives all pages to `put`; called twice, first with `names`: then the texts do not matter. */
typedef int folder_fn(void *job, bool names, page_fn *put, void *ctx, struct err *e);
/* E_USAGE where -o names no folder: before anything is read. */
int folder_named(const struct context *ctx, const struct folder_form *form, struct err *e);
/* The folder of -o. E_USAGE where there is none, E_PROTECTED where it is somebody else's,
 * E_WRITE_FAILED, E_LIMIT. */
int folder_write(struct context *ctx, const struct folder_form *form, folder_fn *pages, void *job,
                 struct err *e);

#endif
