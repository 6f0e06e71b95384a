#ifndef SNAP_DRIVERS_MONGODB_SAMPLE_H
#define SNAP_DRIVERS_MONGODB_SAMPLE_H

/*
 * What documents hold: which fields, of which types, how often. Documents go by one at a time; of
 * them only names of fields and counts stay, never a value. Memory depends on the fields, not on
 * the documents.
 *
 * What is counted are documents, since these are what a sample is drawn of: of a field, in how many
 * documents it is (once or more) a string, an int ..., in how many it is missing though what it
 * belongs to is there. The members of an array are the field `[]` of it. Fields that look like data
 * (numbers, dates, ids, addresses) are one field `*` where there are many beside each other.
 */

#include "core/engine.h"
#include "drivers/mongodb/value.h"

enum {
    SAMPLE_DEPTH = 24,    /* levels of documents and arrays; what lies deeper is not looked at */
    SAMPLE_MAP_KEYS = 12, /* so many fields that look like data, and more, are `*` */
    SAMPLE_KEYS = 2000, /* fields beside each other, and of a collection; what is beyond them is */
    SAMPLE_FIELDS = 50000 /* not looked at, and the report says so */
};

/* The documents of one collection. */
struct mg_sample;
struct mg_sample *mg_sample_new(struct arena *mem, struct str collection);
/* Looks at a document and keeps nothing of it; there are so many of the same fields and types. */
void mg_sample_add(struct mg_sample *s, const struct mv *doc, uint64_t times);
/* What the collection is: the report says it where it is so. */
void mg_sample_note(struct mg_sample *s, bool timeseries, bool validator);
uint64_t mg_sample_documents(const struct mg_sample *s);

/* A report: a line for each collection and field, in order. `estimate`: how many documents there
 * are, -1 where that is not known; `census`: all were looked at. */
void mg_report_begin(struct strbuf *out);
void mg_report_collection(struct strbuf *out, const struct mg_sample *s, bool census,
                          int64_t estimate);
void mg_report_end(struct strbuf *out);

/* Reports for people, two of them compared, and validators made from one; see struct infer_ops. */
extern const struct infer_ops mg_infer;

#endif
