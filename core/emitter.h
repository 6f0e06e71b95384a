#ifndef SNAP_CORE_EMITTER_H
#define SNAP_CORE_EMITTER_H

/*
 * An output format is one file emit/fmt_NAME.c that defines `const struct emitter emitter_NAME`. It
 * sees changes and a plan, never a driver.
 */

#include "core/drift.h"
#include "core/step.h"

enum emit_use {
    EMIT_DIFF = 1 << 0,      /* shows changes */
    EMIT_CHANGELOG = 1 << 1, /* writes a plan */
    EMIT_SNAPSHOT = 1 << 2,  /* writes a plan from nothing: a schema as a script */
    EMIT_ROLLBACK = 1 << 3,  /* fills the second text */
    EMIT_PICTURE = 1 << 4,   /* shows a schema: of a diff both sides whole, of a snapshot the one */
    EMIT_FILES = 1 << 5,     /* fills the list of files, and neither text */
    EMIT_FINDINGS = 1 << 6,  /* needs findings: a diff is judged for it (all_diff) */
};

/* What a format of several files writes, each under its name in the folder of -o. */
struct emit_file {
    struct str name, text;
};
struct emit_files {
    struct emit_file *v;
    uint32_t n, cap;
};

enum diff_detail { DETAIL_FULL, DETAIL_STAT, DETAIL_NAMES };

struct emit_in {
    struct arena *mem;
    const struct changes *changes;
    const struct plan *plan; /* NULL for a diff */
    /* diff */
    bool color;
    enum diff_detail detail;
    bool show_hints;   /* likely renames */
    const char *title; /* first line of a drift report, or NULL */
    const struct drift_findings
        *findings;             /* what the changes mean; NULL where nobody judged them */
    bool part;                 /* one of several in one file: what `several` holds stands around */
    const struct str *renames; /* confirmed ones, for people */
    uint32_t nrenames;
    /* EMIT_PICTURE: what the changes lie between; `from` and `changes` are NULL for one schema */
    const struct catalog *from, *to;
    /* changelog */
    struct str author, labels, contexts, comment, tag;
    struct str created;    /* "2026-11-21 02:16+0000", or absent */
    const struct str *ids; /* of the plan's steps, in place of their hashes; or NULL */
    bool id_description;   /* ids say what they do */
    bool sql_only;         /* --style sql */
    bool allow_lossy;      /* an impossible rollback becomes empty */
    struct str proof;      /* one line that says what was proven */
    /* EMIT_FILES: where the files go, and the number of the first */
    struct emit_files *files;
    uint64_t version;
};

struct emitter {
    const char *name; /* "liquibase-yaml" */
    const char *ext;  /* ending of -o that chooses it, or NULL */
    const char *doc;
    unsigned use;           /* enum emit_use */
    unsigned langs;         /* of the plans that it writes, as bits 1 << enum lang; 0: all */
    const char *several[3]; /* what stands before, between and behind several outputs in one file;
                               NULL: a file holds one. in.part is set then: a format that stands
                               alone otherwise leaves out what these say */
    /* Appends the output; `second` is the rollback script where EMIT_ROLLBACK is set. */
    int (*run)(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e);
};

#endif
