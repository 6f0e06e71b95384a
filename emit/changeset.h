#ifndef SNAP_EMIT_CHANGESET_H
#define SNAP_EMIT_CHANGESET_H

/*
 * A plan as a list of Liquibase changeSets, before any of its formats: who wrote it, for whom it
 * runs, its changes and its rollback as values. Each format writes the same list in its own way.
 */

#include "core/emitter.h"

/* What stands in a change: text, a word without quotes (true, 12), or members in order. Liquibase's
 * own form: a list's items are maps of one member, or texts. */
enum val_type { VAL_TEXT, VAL_WORD, VAL_MAP, VAL_LIST };
struct val {
    enum val_type type;
    struct str key;  /* of a member of a map; absent in a list */
    struct str text; /* of a text or a word */
    bool lines;      /* a text that people read line by line */
    struct val *first, *last, *next, *up;
};

struct val *val_new(struct arena *mem, struct val *up, const char *key, enum val_type type);
struct val *val_text(struct arena *mem, struct val *up, const char *key, struct str text);
struct val *val_word(struct arena *mem, struct val *up, const char *key, const char *word);
/* The value that stands behind v in the order in which it is written, below `root`; NULL at the
 * end. *depth follows it. Start with v = root. */
const struct val *val_walk(const struct val *root, const struct val *v, unsigned *depth);
/* The same with both ends of each value: v's begin, its members, its end. Start with {root}. */
struct val_iter {
    const struct val *root, *v;
    bool leaving; /* at the end of v, which has members */
    unsigned depth;
};
bool val_next(struct val_iter *it);
/* Canonical JSON as a member of `up`. A list in a list, or null, is no value of a change: false. */
bool val_of_json(struct arena *mem, struct val *up, struct str json);

struct change_set {
    struct str *notes; /* what people should know of it: hazards, how the rollback restores */
    uint32_t nnotes;
    struct str id, author, comment;
    size_t described; /* where in the id its description begins, or id.n */
    struct str contexts, created, dbms, labels; /* empty: none */
    bool no_tx;                                 /* runInTransaction: false */
    struct val *changes;                        /* a list of maps of one member */
    struct val *rollback;                       /* the same; NULL: none is written */
    bool empty_rollback;                        /* "rollback: empty" */
};

struct change_sets {
    struct change_set *v;
    uint32_t n, cap;
};

/* All changeSets of a plan, with that of the tag at the end. `untyped`: change types, comma
 * separated, that the format has no form for, so that they are statements. E_UNSUPPORTED_CHANGE: a
 * text that Liquibase would change. */
int change_sets(const struct emit_in *in, const char *untyped, struct change_sets *out,
                struct err *e);

/* Liquibase replaces ${name} in every value, also by environment variables: twice in YAML and JSON,
 * once in XML and formatted SQL. The text with the form in place of each ${ that becomes ${ again
 * in these passes, whatever stands behind it; it needs the property of that name. *used is set
 * where there was one. */
enum passes { ONE_PASS, TWO_PASSES };
struct str safe_dollar(struct arena *mem, struct str text, enum passes passes, bool *used);
#define DOLLAR_NAME "snap.d"
#define DOLLAR_VALUE "${"

/* Comment and notes as lines of one text, for formats without comments of their own. */
struct str change_set_words(const struct change_set *set, struct arena *mem);

#endif
