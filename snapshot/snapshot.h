#ifndef SNAP_SNAPSHOT_SNAPSHOT_H
#define SNAP_SNAPSHOT_SNAPSHOT_H

/*
 * Schemas from and to files: the snapshot format, what a source may be, and filters.
 *
 * The file is one JSON document laid out by lines: a head that ends with "objects":[, one fact per
 * line in path order, a foot that begins with ] and holds ledger, count, fingerprint and digest.
 * The fingerprint covers what the facts mean (paths and attributes in the facets in effect), the
 * digest every byte of every fact's line.
 */

#include "core/ddl.h"
#include "core/out.h"
#include "core/stream.h"

enum {
    SNAPSHOT_FORMAT = 1,
    SNAPSHOT_MAX_LINE = 64 << 20,
    SNAPSHOT_MAX_FACTS = 100 << 20,
    SNAPSHOT_MAX_OWN = 1 << 30
};

/* Filters: which facts count. A fact that does not is marked OBJ_IGNORED and stays in the catalog,
 * since a plan has to keep it; a snapshot file leaves it out and says so in its scope. */
struct schema_map {
    struct str from, to; /* a schema's name, and the one by which it is read */
};
struct filter {
    const struct schema_map *maps; /* before the patterns, which see the new names */
    uint32_t nmaps;
    const struct str *include, *exclude; /* "KIND:GLOB"; GLOB may hold * and ? */
    uint32_t ninclude, nexclude;
    struct data_want data; /* tables whose rows are facts too */
};
/* E_BAD_VALUE when a pattern has no kind or an unknown one. */
int filter_check(const struct filter *f, const struct engine *eng, struct err *e);
/* Whether a fact of the catalog, left out or not, is one that the pattern names. */
bool filter_pattern_fits(struct str pattern, const struct catalog *cat);
/* Marks the facts of a sorted catalog that the filter, or the preset of deployers'
 * bookkeeping tables, leaves out; sets cat->scope. cat_finish comes after it again. */
void filter_apply(const struct filter *f, struct catalog *cat);
/* Adds to what is known of the filters that were applied, see struct catalog. */
void filter_note(struct catalog *cat, struct str cut);
/* Gives schemas of a sorted catalog their other names: in paths, in what is needed, and in texts
 * that call them (OLD.name, "OLD".name, 'OLD'). cat_finish comes after it again. E_BAD_VALUE where
 * the new name is taken or the engine has no schemas; E_LIMIT. */
int filter_map(const struct filter *f, struct catalog *cat, struct err *e);
/* After filter_apply: E_BAD_VALUE where a fact that counts said the new name before, in what is
 * compared, so that it could not be told from what said the old one. */
int filter_map_check(const struct filter *f, const struct catalog *cat, struct err *e);
/* The same for a scope that names the schema whole. */
void filter_map_scope(const struct filter *f, struct filter *scope, struct arena *mem);
/* A word that no engine puts into quotes for its letters: [a-z_][a-z0-9_]*. */
bool name_is_plain(struct str name);
/* A filter from the scope of a snapshot. */
int filter_from_scope(struct str scope, struct arena *mem, struct filter *out, struct err *e);
/* True when it can leave out parts of an object, such as one index of a table. */
bool filter_cuts_objects(const struct filter *f, const struct engine *eng);

/* Writes a catalog as a snapshot. */
int snapshot_write(const struct catalog *cat, struct out *out, struct err *e);
/* The same as text. */
void snapshot_text(const struct catalog *cat, struct strbuf *out);

/* Appends a finished catalog as a snapshot that Liquibase takes, JSON or YAML. *lacks: what its
 * words have no form for, for people; all of it stands in metadata.snap, which snap reads back.
 * E_UNKNOWN_FORMAT: Liquibase has none of this engine. */
int liquibase_write(const struct catalog *cat, bool yaml, struct arena *mem, struct strbuf *out,
                    struct strbuf *lacks, struct err *e);

/* Whether the first bytes of a file are those of a snapshot. */
bool snapshot_is(struct str head);
/* Opens a snapshot file as a stream of facts. `fd` is read and closed by reader_close; `engines`
 * ends with NULL. Memory stays bounded: one line at a time. */
struct reader;
int reader_open(int fd, struct str label, const struct engine *const *engines, unsigned facets,
                struct arena *mem, struct reader **out, struct err *e);
struct stream *reader_stream(struct reader *r);
/* Scope of the file, canonical JSON, and the facets that its fingerprint covers. */
struct str reader_scope(const struct reader *r);
unsigned reader_facets(const struct reader *r);
void reader_close(struct reader *r);
/* Reads all facts of a stream into a catalog, each checked. */
int catalog_of_stream(struct stream *s, struct arena *mem, struct catalog **out, struct err *e);
/* Reads a snapshot whose count, fingerprint, digest or order may be stale (merged, edited): every
 * fact is still checked. */
int snapshot_read_lenient(struct str text, struct str label, const struct engine *const *engines,
                          struct arena *mem, struct catalog **out, struct err *e);
/* Checks one fact's JSON strictly against the engine's tables; `line` for messages. */
int fact_check(const struct engine *eng, const struct obj *o, struct str line, struct str label,
               uint64_t number, struct arena *mem, struct err *e);
/* Cuts a fact's line apart without checking more than its layout. */
int fact_cut(const struct engine *eng, struct str line, struct obj *o);

/* What a source of the command line is. */
enum source_kind {
    SRC_EMPTY,
    SRC_SNAPSHOT,
    SRC_LIVE,
    SRC_SCRIPT,
    SRC_GIT,
    SRC_CATALOG /* facts that the caller has: history:ENV@TIME */
};
struct source_spec {
    enum source_kind kind;
    const struct engine *eng;      /* NULL: not known from the source itself */
    struct source live;            /* SRC_LIVE, and the place of SRC_SNAPSHOT, SRC_SCRIPT */
    struct str rev, path;          /* SRC_GIT */
    const struct catalog *catalog; /* SRC_CATALOG: finished; it stays as it is */
    struct str folder;             /* SRC_GIT: where git is run; nothing: here */
    struct str offline;            /* the name in offline:NAME?snapshot=FILE, or absent */
    struct str label;
};
/* Understands a source as the user wrote it: URL, file, folder, -, empty, git:REV:PATH,
 * offline:ENGINE?snapshot=FILE. Environments are the caller's. */
int source_parse(struct str text, const struct engine *const *engines, struct arena *mem,
                 struct source_spec *out, struct err *e);
/* The source as seen from another folder: the paths of files in it, relative ones, are put behind
 * `folder`. */
struct str source_beside(struct str text, struct str folder, const struct engine *const *engines,
                         struct arena *mem);
/* Opened: either a stream of a file, or a catalog (live, script, empty). */
struct opened {
    struct stream *stream;   /* facts, in any case */
    struct catalog *catalog; /* NULL for a file until source_catalog */
    struct reader *reader;   /* NULL unless a file */
    bool partial;            /* the scope of a file cuts objects */
    struct filter scope;     /* of a file */
};
struct source_options {
    const struct engine *const *engines;
    const struct filter *filter;
    unsigned facets;
    unsigned timeout_ms;
    const struct source *place; /* of scratch databases, see struct scratch_want */
    struct session *ahead;      /* what source_ahead has opened, or NULL; it is closed */
    const struct catalog
        *like; /* what a script is compared with, or NULL: see struct scratch_want */
};
/* Opens a live source of an engine that reads ahead, with the same options as are given to
 * source_open, which takes it; *out is NULL for any other. */
int source_ahead(const struct source_spec *spec, const struct source_options *opt,
                 struct arena *mem, struct session **out, struct err *e);
int source_open(const struct source_spec *spec, const struct source_options *opt, struct arena *mem,
                struct opened *out, struct err *e);
/* All of it in memory. */
int source_catalog(struct opened *o, struct arena *mem, struct err *e);
/* A catalog made from a Liquibase snapshot takes what that does not tell from the other side:
 * attributes, kinds of objects, and the words where both may mean the same. Nothing happens to any
 * other, and of two such only the words are taken. */
int source_complete(struct catalog *cat, const struct catalog *other, struct arena *mem,
                    struct err *e);
/* A file that was opened with the facets that it holds has all its rows: those that are not wanted
 * go. E_FACET_MISSING where it does not hold those that are. */
int source_rows(struct opened *o, const struct data_want *want, struct arena *mem, struct err *e);
/* Where a side is a file with a scope, the other side is cut to it too: what was not captured is
 * never "missing". */
int source_align(struct opened *a, struct opened *b, struct arena *mem, struct err *e);
void source_close(struct opened *o);

/* Reads a whole file, at most `max` bytes. E_NO_SUCH_FILE, E_CANNOT_OPEN, E_LIMIT. */
int file_read(const char *path, size_t max, struct arena *mem, struct str *out, struct err *e);
/* The same of what is open already, from where it stands; `label` for messages. It stays open. */
int fd_read(int fd, size_t max, struct str label, struct arena *mem, struct str *out,
            struct err *e);

#endif
