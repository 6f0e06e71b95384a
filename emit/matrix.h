#ifndef SNAP_EMIT_MATRIX_H
#define SNAP_EMIT_MATRIX_H

/* Who equals whom among several sources: the grid of snap diff --matrix, which the caller fills. */

#include "core/err.h"
#include "core/hash.h"
#include "core/strbuf.h"

struct matrix_source {
    struct str label;
    struct err why;     /* code other than E_OK: it could not be read */
    struct hash128 key; /* equal only where nothing differs */
    struct hash128 fingerprint;
    struct str version;
    uint64_t facts;
    uint32_t class; /* the sources of one key; the first of them stands for all */
    uint32_t group; /* index into the groups; of a source that could not be read: nothing */
};

struct matrix {
    struct matrix_source *v;
    uint32_t n;
    uint32_t *first; /* of each class, a source */
    uint32_t nclasses;
    int64_t *cells;   /* by class and class: changes, or -1 where it could not be told */
    struct err *whys; /* of such a cell */
    uint32_t ngroups; /* in the order of their first sources */
    uint32_t failed;  /* sources and pairs that could not be told */
};
/* The name of a group: "A", "B" ... "Z", "AA". */
void matrix_group(struct strbuf *out, uint32_t group);

/* text (an absent name, too), markdown, json. E_UNKNOWN_FORMAT. */
enum matrix_format { MATRIX_TEXT, MATRIX_MARKDOWN, MATRIX_JSON };
int matrix_format(struct str name, enum matrix_format *out, struct err *e);
void matrix_show(const struct matrix *m, enum matrix_format how, struct arena *mem,
                 struct strbuf *out);

#endif
