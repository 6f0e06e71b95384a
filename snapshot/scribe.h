#ifndef SNAP_SNAPSHOT_SCRIBE_H
#define SNAP_SNAPSHOT_SCRIBE_H

/*
 * Writes one tree of maps, lists and texts as JSON or as YAML in block style, with the same calls.
 * Keys are plain words of ours; texts are in double quotes in both, so that what a name
 * holds acts on no reader. An empty map or list must not be opened: Liquibase trips over it.
 */

#include "core/strbuf.h"

enum { SCRIBE_DEPTH = 16 };
struct scribe {
    struct strbuf *out;
    bool yaml;
    unsigned depth;
    bool list[SCRIBE_DEPTH], any[SCRIBE_DEPTH];
    bool inside; /* behind the dash of an item: the first key stands on its line */
};

struct scribe scribe_begin(struct strbuf *out, bool yaml);
void scribe_end(struct scribe *s);
/* `key` is NULL for an item of a list. */
void scribe_map(struct scribe *s, const char *key);
void scribe_list(struct scribe *s, const char *key);
void scribe_close(struct scribe *s);
void scribe_text(struct scribe *s, const char *key, struct str text);
/* true, false or a number. */
void scribe_word(struct scribe *s, const char *key, struct str word);

#endif
