#ifndef SNAP_CHANGELOG_MASTER_H
#define SNAP_CHANGELOG_MASTER_H

/*
 * A master changelog: the file that deployers are given, and all that it includes, as a list of
 * changeSets in the order in which Liquibase runs them. What Liquibase does with paths is from its
 * documentation and was tried with 4.28 and 5.0.
 */

#include "changelog/doc.h"
#include "core/hash.h"

/* How files are reached. `list` gives the names in a folder, those of folders end with a slash.
 * A read that fails with E_NO_SUCH_FILE means that there is none. */
struct log_io {
    void *ctx;
    int (*read)(void *ctx, struct str path, struct arena *mem, struct str *text, struct err *e);
    int (*list)(void *ctx, struct str path, struct arena *mem, struct str **names, uint32_t *n,
                struct err *e);
};

struct log_file {
    struct str path;    /* by which it is opened */
    struct str stored;  /* by which Liquibase knows it: from the root, without ./ */
    struct str logical; /* logicalFilePath of the file, or absent */
    struct log_doc doc;
};

enum log_rollback {
    ROLLBACK_ABSENT,
    ROLLBACK_VOID,  /* null, "", []: Liquibase does nothing and says nothing */
    ROLLBACK_EMPTY, /* the word: nothing, on purpose */
    ROLLBACK_TEXT,  /* a string, which is cut at each semicolon */
    ROLLBACK_LIST,
    ROLLBACK_OTHER, /* names another changeSet */
};

/* What a changeSet does to an object. */
enum touch_verb {
    TOUCH_MAKE,
    TOUCH_DROP,
    TOUCH_ALTER,
    TOUCH_USE /* a comment, rights, rows, an option: what may be done any number of times */
};
struct touch {
    enum touch_verb verb;
    const char *kind;        /* "table", "column", "index" ...; "other": of no kind that is known */
    struct str name, parent; /* folded, without quotes; parent: its table, or absent */
};
struct touches {
    struct touch *v;
    uint32_t n, cap;
};
struct log_set {
    struct str id, author; /* absent where there is none */
    struct str file;       /* the third part of what identifies it */
    const struct log_file *in;
    const struct node *node; /* the changeSet; `changes` and the others are its members */
    const struct node *item; /* where it stands */
    unsigned line;
    enum log_rollback rollback;
    struct touches touches; /* objects that it touches, as far as it tells */
    struct hash128 content; /* of what it does: changes, without what only says how */
    struct str contexts;    /* under which it runs, with those of the includes around it; "": all */
    bool idle;              /* does nothing to a schema: a tag, nothing at all */
    bool skips;             /* may be passed over, or be run as something else, without a word */
};

/* Something that is wrong with the tree of files and was passed over. */
struct log_trouble {
    const char *rule; /* "missing-file" */
    const struct log_file *in;
    unsigned line;
    struct str text;
};

struct master {
    struct log_file **files;
    uint32_t nfiles, files_cap;
    struct log_set *sets;
    uint32_t n, cap;
    struct log_trouble *troubles;
    uint32_t ntroubles, troubles_cap;
};

/* Reads `path` and what it includes. `root`: the folder from which included paths are found, ""
 * for the working directory. With `lenient` what is wrong with an include becomes a trouble instead
 * of an error. E_NO_SUCH_FILE, E_CHANGELOG_SYNTAX, E_CHANGELOG_INCLUDE, E_LIMIT. */
int master_read(struct str path, struct str root, const struct log_io *io, bool lenient,
                struct arena *mem, struct master *out, struct err *e);
/* One text alone, of which nothing is included: includes are E_CHANGELOG_INCLUDE. */
int master_of_text(struct str text, struct str label, struct str stored, struct arena *mem,
                   struct master *out, struct err *e);
/* All changelogs of a folder, in the order of includeAll. The first file stands for the folder. */
int master_of_folder(struct str path, struct str root, const struct log_io *io, struct arena *mem,
                     struct master *out, struct err *e);

/* Whether includeAll reads a file of that name; others it passes over without a word. */
bool log_is_included(struct str name);

/* Changes of a set: the first, and the one after it; NULL at the end. A change is named by its key.
 */
const struct node *log_first_change(const struct log_set *s, bool rollback);
const struct node *log_next_change(const struct node *change_item);
/* The change itself in an item of the list; NULL for what is no change. */
const struct node *log_change(const struct node *change_item);
/* `sql` of a change, also in its short form; absent for others. */
struct str log_sql(const struct node *change);
/* What changes do, as one line of text: keys sorted, texts without blanks at their ends, without
 * what only says how statements are cut. */
void log_content(const struct node *changes, struct strbuf *out);
/* The form that stands for ${ in texts of ours, back to it. */
struct str log_undo_dollar(struct str text, struct arena *mem);
/* Whether one database may run both: what one leaves out with a `!`, the other does not name. */
bool log_share_dbms(const struct log_set *x, const struct log_set *y);
/* contextFilter or context of a map, "" where there is none. Two expressions as one: both hold. */
struct str log_contexts_of(const struct node *n);
struct str log_both_contexts(struct str a, struct str b, struct arena *mem);
/* Whether a changeSet, an include or an item of a file says that Liquibase may pass over it and go
 * on: ignore, failOnError, preConditions that do not stop. */
bool log_may_skip(const struct node *n);
/* Whether both do something wherever one of them does: same contexts, engines that meet. */
bool log_meet(const struct log_set *a, const struct log_set *b);
/* Whether both do the same, in the same places. */
bool log_same(const struct log_set *a, const struct log_set *b);

/* Objects that a set touches, in order, as far as its changes and the heads of its statements tell.
 */
void log_touches(const struct log_set *s, struct arena *mem, struct touches *out);
void touch_put(struct touches *out, struct arena *mem, enum touch_verb verb, const char *kind,
               struct str name, struct str parent);
bool touch_same(const struct touch *a, const struct touch *b);
/* Statements of one SQL text: each with its heads. */
void touch_sql(struct str text, struct arena *mem, struct touches *out);

/* How a set that is to be added stands to a master. */
enum log_standing {
    STANDS_NOWHERE,  /* the master does not hold it */
    STANDS_THERE,    /* it does, and nothing after it touches the same objects */
    STANDS_OVERTAKEN /* it does, and later changes have touched the same objects */
};
enum log_standing log_stands(const struct master *m, const struct log_set *s,
                             const struct log_set **which);
/* Whether sets behind place `i` of the master touch what this one touches. */
bool log_overtaken(const struct master *m, uint32_t i, const struct log_set *s);
/* Sets in the order of what identifies them (id, author, file), those with the same in their own.
 */
struct log_names {
    const struct log_set **v;
    uint32_t n;
};
struct log_names log_names_of(const struct master *m, struct arena *mem);
int log_identity_cmp(const struct log_set *a, const struct log_set *b);
/* The first of them that is identified as `s` is, or NULL. */
const struct log_set *log_find(const struct log_names *names, const struct log_set *s);

#endif
