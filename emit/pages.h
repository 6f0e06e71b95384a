#ifndef SNAP_EMIT_PAGES_H
#define SNAP_EMIT_PAGES_H

/*
 * A schema as pages that link to one another: an index with a picture, a page for each table with
 * its neighbours, a page for each view, routine and the like. The same schema gives the same names
 * and bytes. Names of files are lower case letters, digits, - and _ alone.
 */

#include "core/catalog.h"

struct pages_form {
    const char *name;  /* "html" */
    const char *ext;   /* ".html" */
    const char *index; /* the page to begin with, given last */
};
/* The form of a name, or NULL; all names, comma separated. */
const struct pages_form *pages_find(struct str name);
extern const char pages_names[];

/* Gives each page to `put`, which may fail; the page's text is gone after the call. */
typedef int page_fn(void *ctx, struct str name, struct str text, struct err *e);
int pages_write(const struct catalog *cat, const struct pages_form *form, struct arena *mem,
                page_fn *put, void *ctx, struct err *e);

#endif
