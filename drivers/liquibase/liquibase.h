#ifndef SNAP_DRIVERS_LIQUIBASE_LIQUIBASE_H
#define SNAP_DRIVERS_LIQUIBASE_LIQUIBASE_H

/*
 * What engines share that snap knows through Liquibase snapshots only: kinds, facts and changes.
 * There is no connection, and so no proof: what is written is Liquibase's own change types, whose
 * SQL its own generators make. One room per kind of object, as in every driver; what differs from
 * product to product is a struct lq_dialect.
 *
 * Objects of the default schema stand at the top, those of others below `schema:NAME`, so that two
 * databases whose default schemas have two names are compared as they are meant.
 */

#include "core/ddl.h"
#include "core/fact.h"
#include "core/lb_snapshot.h"

/* What a server made up by itself, and so is another name elsewhere. */
enum lq_named { LQ_KEY, LQ_INDEX, LQ_DEFAULT, LQ_NOT_NULL };

struct lq_dialect {
    char quote[2]; /* around a name in SQL */
    /* ALTER COLUMN takes the type alone: NOT NULL, and what the column is part of, is lost or in
     * the way. */
    bool retype_drops_notnull;
    bool retype_in_the_way;      /* defaults, keys and indexes stand in the way */
    bool start_moves;            /* a sequence's startValue is the next number */
    const char *sequence_type;   /* the usual one, where createSequence takes none; or NULL */
    const char *sequence_alters; /* attributes of a sequence that alterSequence changes here */
    bool named_defaults;         /* a default is a constraint, which Liquibase names DF_table_column
                                    where it has no name */
    const char *no_remarks;      /* products for which Liquibase has no remarks; or NULL */
    bool clustered;              /* keys and indexes say whether they are */
    bool included;               /* indexes have columns that are no part of the key */
    bool views_replace;          /* createView takes replaceIfExists */
    /* Types that are written without a size whatever the snapshot says, and those whose size is
     * the number of digits behind the point; lower case, comma separated. */
    const char *unsized, *fractions;
    const char *in_units; /* types whose size is so many BYTE or CHAR */
    /* If not NULL: those alone are written with a size; and if the second is not NULL, a size of
     * types that are in neither list goes to the ledger. */
    const char *sized, *one_size;
    /* MAY. The name of a type in its one spelling. */
    struct str (*type_name)(struct arena *mem, struct str name);
    int64_t max_size; /* sizes from here on are written (max); 0: none */
    bool (*made_up)(enum lq_named what, struct str product, struct str name);
};

const struct lq_dialect *lq_dialect(const struct engine *eng);

/* struct engine's hooks. */
enum { LQ_NKINDS = 16 };
extern const struct kind_desc *const lq_kinds[LQ_NKINDS];
int lq_from_liquibase(const struct lb_snapshot *in, struct catalog *out, struct err *e);
struct str lq_fold(struct arena *mem, struct str name);
/* At least one digit, or from `least` to `most` capital hexadecimal ones, and nothing else. */
bool lq_digits(struct str s);
bool lq_hex(struct str s, size_t least, size_t most);
struct str lq_fold_case(struct arena *mem, struct str name);
bool lq_split(struct script *script, struct str *stmt);
struct str lq_called(struct arena *mem, const struct obj *o);
void lq_uses(struct arena *mem, const struct obj *o, struct name_uses *out);
void lq_relate(const struct catalog *cat, const struct obj *o, struct arena *mem,
               struct relation *r);
int lq_comparable(const struct catalog *a, const struct catalog *b, struct arena *mem,
                  struct err *e);
struct str lq_dbms(struct arena *mem, struct str version);
int lq_renamed(const struct catalog *cat, const struct obj *before, const struct obj *after,
               struct arena *mem, struct catalog **out, struct err *e);

/* rooms */
extern const struct kind_desc lq_schema_kind, lq_table_kind, lq_column_kind, lq_primary_key_kind,
    lq_unique_kind, lq_foreign_key_kind, lq_check_kind, lq_index_kind, lq_sequence_kind,
    lq_view_kind, lq_procedure_kind, lq_function_kind, lq_trigger_kind, lq_package_kind,
    lq_package_body_kind, lq_synonym_kind;

/* Which key, constraint or index (`from`) names an object. */
struct lq_link {
    const struct lb_object *at, *from;
    unsigned class; /* its place in the list of classes */
};
struct lq_links {
    struct lq_link *v; /* sorted */
    uint32_t n, cap;
};

/* What reading needs everywhere. */
struct lq_reader {
    const struct lb_snapshot *in;
    const struct lq_dialect *dialect;
    struct catalog *cat;
    struct arena *mem;
    const struct lb_object *home; /* the default schema; NULL: every schema is named */
    struct err *e;
    struct lq_links behind; /* indexes, by what has them as its backingIndex */
    struct lq_links keys;   /* tables, by what may be the key of a foreign key */
};
/* Fills these. */
void lq_link_keys(struct lq_reader *r);

/* Facts of all objects of some classes. */
int lq_read_tables(struct lq_reader *r);
int lq_read_keys(struct lq_reader *r);
int lq_read_indexes(struct lq_reader *r);
int lq_read_foreign_keys(struct lq_reader *r);
int lq_read_sequences(struct lq_reader *r);
int lq_read_views(struct lq_reader *r);
int lq_read_programs(struct lq_reader *r);
int lq_read_checks(struct lq_reader *r);
int lq_read_synonyms(struct lq_reader *r);

/* Path of the schema that an object lies in; empty for the default one. */
struct str lq_schema_path(const struct lq_reader *r, const struct lb_object *o);
/* Path of a table, or of what else lies in a schema. */
struct str lq_path(const struct lq_reader *r, const char *kind, const struct lb_object *o);
/* Names of the columns that a list refers to or holds, as in paths; *n of them. */
struct str *lq_column_names(const struct lq_reader *r, const struct lb_object *o, const char *list,
                            uint32_t *n);
/* Begins a fact, with its spelling where names in two spellings are one. */
void lq_begin(const struct lq_reader *r, struct fact *f, const char *kind, struct str parent,
              struct str name);
/* Begins a fact of a key below a table: its name, or what stands for the one that the server made
 * up (src `name` then). */
void lq_begin_key(const struct lq_reader *r, struct fact *f, const char *kind, struct str table,
                  struct str name, struct str content);
/* The attributes of an object that are neither in `used` nor known to tell nothing go to the
 * ledger, by class and name. */
void lq_rest(const struct lq_reader *r, const struct lb_object *o, const char *used, struct str on);
void lq_rest_of(const struct lq_reader *r, const struct lb_object *o, const struct lb_map *m,
                const char *what, const char *used, struct str on);
/* The data type in its one spelling; absent where there is none. */
struct str lq_type(const struct lq_reader *r, const struct lb_object *column);
/* The size that it leaves out though it may tell two columns apart; absent where there is none. */
struct str lq_size_left_out(const struct lq_reader *r, const struct lb_object *column);

/* A Liquibase change while it is written: keys in any order, canonical in the end. */
struct change_key {
    const char *key;
    struct str raw;
};
struct lq_change {
    struct ddl *d;
    const char *type;
    struct change_key key[24];
    uint32_t n;
};
struct lq_change lq_begin_change(struct ddl *d, const char *type);
/* Absent or empty texts set nothing (lq_text_key) or are written (lq_text_always). */
void lq_text_key(struct lq_change *c, const char *key, struct str text);
void lq_text_always(struct lq_change *c, const char *key, struct str text);
void lq_bool_key(struct lq_change *c, const char *key, bool value);
void lq_raw_key(struct lq_change *c, const char *key, struct str json);
/* `key` with the schema of an object, unless that is the default one. */
void lq_schema_key(struct lq_change *c, const char *key, struct str path);
/* Its JSON without the type: {"name":...} */
struct str lq_change_body(struct lq_change *c);
/* Appends it as a statement. */
void lq_put(struct lq_change *c);
/* COMMENT ON for the table or column, where Liquibase has no remarks for the product; else false.
 */
bool lq_put_remarks(struct ddl *d, const struct obj *o);
/* One statement of SQL as a change: what no change type says. A body with carriage returns goes as
 * createProcedure, the one form that keeps them. */
void lq_put_sql(struct ddl *d, struct str sql);

/* The table that a part belongs to, and its name as spelled in a state. */
struct str lq_table_of(struct str path);
struct str lq_spelled(struct ddl *d, const struct view *v, struct str path);
/* "a, b": columns of a list attribute as spelled, for columnNames. */
struct str lq_column_list(struct ddl *d, const struct view *v, struct str table, struct str raw);
/* A name in SQL, and the schema in front of it where it is not the default one. */
struct str lq_quoted(struct ddl *d, struct str name);
struct str lq_qualified(struct ddl *d, const struct view *v, struct str path);
/* The name that a key has on the server: its own, or the one that the server made up. */
struct str lq_key_name(struct arena *mem, const struct obj *o);
/* Whether FROM has the table: what comes to a new one meets no rows. */
bool lq_is_old(const struct ddl *d, struct str table);

/* E_UNSUPPORTED_CHANGE: no change type does it. */
int lq_refused(const struct ddl *d, const struct change *c, const char *what, const char *hint,
               struct err *e);
/* The column of createTable and addColumn as JSON; E_UNSUPPORTED_CHANGE. */
int lq_column_json(struct ddl *d, const struct obj *column, struct str *out, struct err *e);

#define LQ_ALTER(id, name_, fn_, doc_)                                                             \
    static const struct alter id = {.name = name_, .fn = fn_, .doc = doc_}
#define LQ_COMMENT(alter_)                                                                         \
    {                                                                                              \
        "comment", A_TEXT, CMP_VALUE, F_COMMENTS, NULL, alter_, 1, false, 0, "remarks"             \
    }
#define LQ_NAME(alter_)                                                                            \
    {                                                                                              \
        "name", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, alter_, 1, true, 0,                          \
            "the name as spelled, where it has capitals"                                           \
    }

#endif
