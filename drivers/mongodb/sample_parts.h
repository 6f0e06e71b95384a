#ifndef SNAP_DRIVERS_MONGODB_SAMPLE_PARTS_H
#define SNAP_DRIVERS_MONGODB_SAMPLE_PARTS_H

/*
 * What is made of samples: reports (sample_report.c), their comparison (sample_compare.c) and
 * validators (sample_propose.c).
 *
 * The path of a field is its names with points between them, `[]` for the members of an array and
 * `*` for names that are data. A name that holds a point, a bracket, a quote or a star, or none of
 * anything, is a JSON string.
 */

#include "drivers/mongodb/sample.h"

/* The name that $jsonSchema has for a type; of a binary with its subtype: binData(4). */
void mg_put_type(struct strbuf *out, enum mv_type type, int64_t subtype);
/* A JSON string. */
void mg_put_text(struct strbuf *out, struct str text);
void mg_path_put_key(struct strbuf *path, struct str key);
void mg_path_put_star(struct strbuf *path);
/* The path of what a field belongs to (empty at the top), and its own last part. */
struct str mg_path_parent(struct str path, struct str *last);

/* One line of a report, read. */
struct seen_type {
    struct str name;
    uint64_t documents;
};
struct seen_field {
    struct str path;
    uint64_t in, documents, missing; /* documents in which what it belongs to is there ... */
    struct seen_type *types;
    uint32_t ntypes;
};
struct seen {
    struct str collection, hash;
    uint64_t documents;
    int64_t estimate;
    bool all, more, timeseries, validator;
    struct seen_field *fields; /* by path, in order of bytes */
    uint32_t nfields;
};
struct report {
    struct seen *v; /* by name, in order of bytes */
    uint32_t n;
};
/* E_NOT_UNDERSTOOD: no report that mg_report_... writes. */
int mg_report_read(struct arena *mem, struct str text, struct report *out, struct err *e);
/* NULL where there is none. */
const struct seen_field *mg_seen_field(const struct seen *s, struct str path);
/* A field of an array's members, of a document's: the number of documents that has what it belongs
 * to; that of the collection at the top. */
uint64_t mg_seen_in(const struct seen *s, struct str path);

/* The interval of 95 % by Wilson of a share k / n. */
void mg_wilson(uint64_t k, uint64_t n, double *low, double *high);
/* A count that was taken: of a sample, or of all there are. */
struct share {
    uint64_t k, n;
    bool all;
};
/* How likely chance alone makes the two counts differ as much, or more, where nothing has changed:
 * 0 where it cannot. Exact: Fisher's test of two samples, the binomial one of a sample and all. */
double mg_chance(struct share a, struct share b);
/* 4.1 % (3.0..5.5), or the count where it is of all. */
void mg_put_share(struct strbuf *out, struct share s);

int mg_infer_compare(struct str was, struct str is, struct arena *mem, struct strbuf *out,
                     uint32_t *n, struct err *e);
int mg_infer_propose(struct str report, struct arena *mem, struct strbuf *out, struct err *e);

#endif
