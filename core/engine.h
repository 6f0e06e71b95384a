#ifndef SNAP_CORE_ENGINE_H
#define SNAP_CORE_ENGINE_H

/*
 * An engine is one folder under drivers/ that defines `const struct engine engine_NAME`. It has a
 * pure half (kinds, names, statements), which links without a client library, and a live half,
 * which may be missing (live NULL).
 */

#include "core/data.h"
#include "core/err.h"
#include "core/kind.h"

struct arena;
struct catalog;
struct change;
struct deployed;
struct lb_snapshot;
struct lb_words;
struct obj;
struct stmt;
struct typed;
struct session;

/* Where a live database is and how long to wait for it. */
struct url_key {
    struct str key, value;
};
struct source {
    struct str text;  /* as the user wrote it, for messages (already without secrets) */
    struct str place; /* the URL without scheme and query, percent-decoded; a file's path */
    struct str raw;   /* the same, not decoded: its parts are told apart before they are */
    const struct url_key *keys;
    uint32_t nkeys;
    struct str password; /* from outside the URL; absent: none */
    unsigned timeout_ms; /* 0: the engine's default; so are these */
    unsigned connect_ms, statement_ms;
    unsigned tries; /* of connecting to a server that is not ready, and of reading a schema that
                     * moves */
};

/* What to read. */
struct scope {
    unsigned facets;        /* in effect */
    const struct str *only; /* objects, as engine_top has them, to read alone; NULL: everything */
    uint32_t nonly;
    bool no_deps; /* the caller compares facts only: deps and ledger need not be found out */
    struct data_want data; /* the rows of these tables too, in the same picture */
};

/* What a scratch database must be able to hold. */
struct scratch_want {
    const struct catalog *from, *to; /* either may be NULL */
    unsigned timeout_ms;
    const struct source *place; /* the server to make it on; NULL: the engine finds one */
    /* A script is run there, to be compared with this, where that is known: what it does not say is
     * as it would be on that server. */
    const struct catalog *like;
    bool outside; /* another program will work on it, see live_ops.reach */
};

/* Where another program finds a scratch database: a URL of JDBC, and what it does not hold. */
struct reach {
    struct str url, user, password; /* the last two: absent where there are none */
};

/* How large an object is that holds rows. */
struct rel_size {
    struct str path;
    int64_t rows, bytes; /* an estimate, and with what belongs to it; -1: not known */
};

struct effect;
struct relation;

/* Which rows to look at, and of which objects. */
struct infer_want {
    const struct str *paths;
    uint32_t npaths;
    uint64_t sample; /* so many of each, by chance; 0: all */
};

/* What rows hold where no schema says it: fields, their types, how often. A report is JSON of the
 * engine's own form, one line an object or field, without any value of a row. It is advice: no plan
 * is made from it. */
struct infer_ops {
    /* For people. */
    int (*show)(struct str report, struct arena *mem, struct strbuf *out, struct err *e);
    /* What chance does not explain between two reports, a line each; *n of them. */
    int (*compare)(struct str was, struct str is, struct arena *mem, struct strbuf *out,
                   uint32_t *n, struct err *e);
    /* Statements that would make a rule of what was found. */
    int (*propose)(struct str report, struct arena *mem, struct strbuf *out, struct err *e);
};

struct live_ops {
    /* MUST. Opens read-only; the database is not changed. */
    int (*open)(const struct source *src, struct arena *mem, struct session **out, struct err *e);
    /* MUST. Reads the facts in one consistent picture (or E_TORN) into cat, any order; also sets
     * cat->version and the ledger. The caller runs cat_finish. */
    int (*introspect)(struct session *s, const struct scope *scope, struct catalog *cat,
                      struct err *e);
    /* MAY. Asks on a session just opened for what introspect then takes, of the same scope: the
     * server answers while the caller does something else. */
    int (*ahead)(struct session *s, const struct scope *scope, struct err *e);
    /* MUST. An empty scratch database of its own; the only kind of session that exec takes. */
    int (*scratch)(const struct scratch_want *want, struct arena *mem, struct session **out,
                   struct err *e);
    /* MUST. Runs one statement on a scratch session. The engine's own words go into the message. */
    int (*exec)(struct session *s, const struct stmt *stmt, struct err *e);
    /* MAY. Where another program finds a scratch database that was made for one. E_CANNOT_VERIFY
     * where it is on no port that one could connect to. */
    int (*reach)(struct session *s, struct arena *mem, struct reach *out, struct err *e);
    /* MAY. Puts the session's settings to what a cautious deployer has (foreign keys enforced ...),
     * as a new connection would find them. */
    int (*reset)(struct session *s, struct err *e);
    /* MUST. Runs a user's script on a scratch session; `label` names it in messages. */
    int (*script)(struct session *s, struct str text, struct str label, struct err *e);
    /* MAY. Puts some rows into every table of cat that takes them. */
    int (*fill)(struct session *s, const struct catalog *cat, struct err *e);
    /* MAY. The same with plainer rows, of which fewer kinds of step are stopped: 1 without NULLs
     * and odd values, 2 with the same small numbers everywhere. */
    int (*refill)(struct session *s, const struct catalog *cat, unsigned plain, struct err *e);
    /* MAY. Takes the rows of the tables of cat out again. */
    int (*empty)(struct session *s, const struct catalog *cat, struct err *e);
    /* MAY. Digest of the rows: puts (path of table or column, text) pairs that must not change
     * while the object stays. */
    int (*rows)(struct session *s, const struct catalog *cat, struct arena *mem,
                void (*put)(void *ctx, struct str path, struct str digest), void *ctx,
                struct err *e);
    /* MAY. Fills in the sizes of v's objects. */
    int (*sizes)(struct session *s, struct rel_size *v, uint32_t n, struct err *e);
    /* MAY. What the open transaction of a scratch session does from `watch` on: `watched` puts one
     * effect for each object that was there then, with path, level and flags. */
    int (*watch)(struct session *s, struct err *e);
    int (*watched)(struct session *s, struct arena *mem, struct effect **out, uint32_t *n,
                   struct err *e);
    /* MAY. In their place, where a change of the schema stands in no transaction: exec that also
     * puts what the statement did. Forms of it are tried until the server takes one. */
    int (*tried)(struct session *s, const struct stmt *stmt, struct arena *mem, struct effect **out,
                 uint32_t *n, struct err *e);
    /* MAY. Appends the report of what some rows, or all, hold; see struct infer_ops. */
    int (*infer)(struct session *s, const struct infer_want *want, struct arena *mem,
                 struct strbuf *out, struct err *e);
    /* MAY. Ids of the changesets that a deployer has recorded in this database. */
    int (*applied)(struct session *s, void (*put)(void *ctx, struct str id), void *ctx,
                   struct err *e);
    /* MAY. Versions that Flyway has recorded there. */
    int (*versions)(struct session *s, void (*put)(void *ctx, struct str version), void *ctx,
                    struct err *e);
    /* MAY. What deployers have written down of what they ran there, in any order; the texts live
     * as long as the call of put. Of a table that the account may not read: deployed_hidden. */
    int (*deployments)(struct session *s, void (*put)(void *ctx, const struct deployed *d),
                       void *ctx, struct err *e);
    /* MUST. Stops a running call from a signal handler or another thread: async-signal-safe. */
    void (*cancel)(struct session *s);
    /* MUST. NULL is allowed. */
    void (*close)(struct session *s);
};

/* What is left of a script, and the state in which its shell is there. */
struct script {
    struct str rest;
    struct str mark; /* what ends a statement, where a line of the script says so; absent: `;` */
};

/* Names, each once. */
struct name_uses {
    struct str *v;
    uint32_t n, cap;
};

enum { MAX_STAGES = 4 };

/* What its statements are: SQL, or commands as documents of Extended JSON, each on one line. */
enum lang {
    LANG_SQL,
    LANG_COMMAND, /* a document of Extended JSON on one line */
    LANG_CHANGE,  /* one Liquibase change as canonical JSON on one line: {"dropTable":{...}} */
};

struct engine {
    enum lang lang;
    const char *name;    /* one word, lower case: in snapshots, URLs, snap features */
    const char *title;   /* for people */
    const char *schemes; /* of URLs, comma separated */
    const char *dbms;    /* Liquibase's words for it, comma separated */
    /* MAY. In place of `dbms` where one engine stands for several products: the word for the one
     * that a catalog's version tells. */
    struct str (*dbms_of)(struct arena *mem, struct str version);
    /* MAY. There is no live half in any build: its schemas are known through Liquibase snapshots
     * alone, and nothing is proven. A JDBC URL as its people write it. */
    const char *no_driver;
    /* MAY. What rooms that several engines share must know of this one; theirs to read. */
    const void *own;
    /* MAY, all or none. The shortNames of databases whose Liquibase snapshots it reads, comma
     * separated (core/lb_snapshot.h); the facts of one, as the engine's own reading would have
     * them, into an empty catalog: version, facts in any order, and a ledger of what is there and
     * has no fact. The caller runs cat_finish. */
    const char *liquibase_names;
    int (*from_liquibase)(const struct lb_snapshot *in, struct catalog *out, struct err *e);
    /* MAY. Whether such a snapshot tells of the kind (attr NULL), or of this attribute of it; what
     * it does not tell is unknown and taken from the other side. NULL: it tells everything. */
    bool (*liquibase_holds)(const struct kind_desc *kind, const struct attr_desc *attr);
    /* MAY. Whether a value made from such a snapshot may be that of the other side's fact, as far
     * as the snapshot tells: values are canonical JSON, absent where not set. NULL: only when they
     * are equal. */
    bool (*liquibase_same)(const struct obj *twin, const struct kind_desc *kind,
                           const struct attr_desc *attr, struct str told, struct str other,
                           struct arena *mem);
    /* MAY. Where that is so though the values differ, and of what such a snapshot tells some
     * objects only: "KIND.ATTRIBUTE: what is not told", "KIND: which", for people; NULL ends. */
    const char *const *liquibase_part;
    /* MAY. What more there is to do once such a catalog has taken from the other side what it does
     * not tell; its facts are sorted before and after. */
    void (*liquibase_settle)(struct catalog *cat, const struct catalog *other, struct arena *mem);
    /* MAY. What is said of an object in such a snapshot beside what core/relation.h tells
     * (core/lb_words.h); NULL: nothing. */
    void (*to_liquibase)(const struct catalog *cat, const struct obj *o, const struct relation *r,
                         struct arena *mem, struct lb_words *w);
    uint16_t model; /* grows when a kind or attribute is added */
    const struct kind_desc *const *kinds;
    size_t nkinds;
    const char *tested;   /* MAY. The servers' versions that the tests run on */
    const char *url_keys; /* keys that the query of a URL may hold, comma separated */
    bool url_any_case;    /* their case does not count: they are taken as url_keys spells them */
    /* MAY. The words that some of these keys take: "key=a|b,key=c"; "key=#": a whole number. */
    const char *url_values;
    unsigned facets; /* in effect unless asked otherwise */
    bool file_based; /* its databases are files that a plain path may name */
    /* MAY. Whether a file of this size beginning with these bytes is one of its databases. */
    bool (*is_database)(struct str head, uint64_t size);
    /* MUST. A name as it stands in paths (folded where the engine ignores case). */
    struct str (*fold)(struct arena *mem, struct str name);
    /* MUST. Cuts the next statement off a script; false at its end. Comments before it are left
     * out; lines for the engine's shell are skipped. */
    bool (*split)(struct script *script, struct str *stmt);
    /* MAY. The statements of a Liquibase change type, as Liquibase was recorded to run them; false:
     * not known. */
    bool (*typed_sql)(const struct typed *t, struct strbuf *out);
    /* MAY. A statement respelled for a changelog, whose channel loses carriage returns, takes
     * control characters only between single or double quotes, and may take ? for a parameter;
     * false: its meaning hangs on a character that is lost. */
    bool (*spell)(struct str sql, struct strbuf *out);
    /* MAY. A statement respelled for the engine's shell, which would read something in it as its
     * own.
     */
    void (*shell)(struct str sql, struct strbuf *out);
    /* MAY. Whether the engine's shell reads a command (LANG_COMMAND) of a script as what it is: not
     * every value that has a text there has one in the shell's language. */
    bool (*shell_keeps)(struct str command, struct arena *mem);
    /* MAY, both or none. The name by which texts call an object, or absent; and the names that an
     * object's text uses and the server does not follow, so that no deps hold them. They order a
     * plan where they can and give way in a circle. */
    struct str (*called)(struct arena *mem, const struct obj *o);
    void (*uses)(struct arena *mem, const struct obj *o, struct name_uses *out);
    /* MAY. What is known of the object in words of every engine (core/relation.h) where its kind
     * and the attributes of core/vocab.def do not tell it. */
    void (*relate)(const struct catalog *cat, const struct obj *o, struct arena *mem,
                   struct relation *r);
    /* MAY. Whether a server of that version (a catalog's `version`) keeps the word for itself, so
     * that a name which is one must stand in quotes. */
    bool (*reserved)(struct str version, struct str name);
    bool lowers;       /* its servers take a name without quotes in lower case */
    const char *home;  /* MAY. The schema that names without one are looked up in */
    unsigned name_cut; /* bytes behind which its servers cut a name; 0: they do not */
    /* MAY. A statement that fails and says why. */
    void (*refuse)(struct str why, struct strbuf *out);
    /* MAY. The states of an object between the two of a change that takes more than one step, in
     * order, at most MAX_STAGES; 0: one step does it. Each is a copy of one of the two with
     * attributes and hash of its own. The change is one that a step makes by itself: of an object
     * that is made anew, the create (before is NULL); its drop is one step. Each transition
     * is a step; where both its states have the same attributes (a check), its handlers are called
     * for the attributes of the whole change. */
    uint32_t (*stages)(const struct change *c, const struct catalog *from, bool online,
                       struct arena *mem, const struct obj **between);
    /* MAY. Reads what d holds when a direction of a step is rendered: adds the effects of its
     * statements, and the hazards that follow from them. */
    void (*effects)(struct ddl *d);
    /* MAY. Whether two sources are on one server, as far as their URLs tell. */
    bool (*same_server)(const struct source *a, const struct source *b, struct arena *mem);
    /* MAY. Statements that make the role of a source's URL one that may read the schema, and
     * nothing more. */
    void (*grants)(const struct source *src, struct arena *mem, struct strbuf *out);
    /* MAY. The catalog after a rename of one object, before to after, where no scratch server can
     * be asked. Comes with no_driver. */
    int (*renamed)(const struct catalog *cat, const struct obj *before, const struct obj *after,
                   struct arena *mem, struct catalog **out, struct err *e);
    /* MAY. Refuses (E_CANNOT_COMPARE) two catalogs whose servers do not take the same names for
     * one.
     */
    int (*comparable)(const struct catalog *a, const struct catalog *b, struct arena *mem,
                      struct err *e);
    /* MAY. What the words in which a server writes a schema down hang on, told by a catalog's
     * `version`: where it differs, one side is written down again by a server of the other's number
     * before they are compared. 0: not known. The next comes with it. */
    unsigned (*level)(struct str version);
    /* Changes facts (a, src) that a server has by itself, or that hold only for servers of their
     * own level, into what they are on a server of `like`'s. */
    void (*carry)(struct catalog *cat, const struct catalog *like, struct arena *mem);
    /* MAY. Whether a server of that level can tell the attribute at all; NULL: each of them. */
    bool (*tells)(unsigned level, const struct kind_desc *kind, const struct attr_desc *attr);
    const char *lock_word;  /* MAY. Behind the name of a lock, for people; NULL: "lock" */
    const char *row_word;   /* MAY. What its tables hold, for people; NULL: "row" */
    const char *table_word; /* MAY. What holds that; NULL: "table" */
    bool carries;           /* after `carry` what differs is a difference: no server is asked */
    bool recreates; /* some of what it refuses to change it makes anew where a plan may do so */
    /* Of the transaction that a step of its own brings. NULL: DDL ends every transaction. */
    const char *begin, *commit;
    /* MAY. The same in words of which none is BEGIN, for those who read that as a block's begin. */
    const char *plain_begin, *plain_commit;
    bool escapes_seen; /* who cuts its scripts takes backslashes for escapes in any session */
    bool many_at_once; /* the JDBC driver runs all statements of a text, not the first alone */
    /* MAY. Whether a statement holds a block of which that driver does not see the end. */
    bool (*has_block)(struct str text);
    const char *script_head;       /* first lines of a script for the engine's shell, or NULL */
    const char *online_head;       /* more of them for an online plan, or NULL */
    const char *script_run;        /* how people run a script, one line */
    const struct infer_ops *infer; /* MAY. Comes with live_ops.infer */
    const struct live_ops *live;   /* NULL: built without the client library */
};

/* The words for people, of one. */
static inline const char *engine_row(const struct engine *e)
{
    return e->row_word ? e->row_word : "row";
}
static inline const char *engine_table(const struct engine *e)
{
    return e->table_word ? e->table_word : "table";
}
/* What its statements are, for people. */
static inline const char *engine_statements(const struct engine *e)
{
    static const char *const words[] = {"SQL", "commands and no SQL",
                                        "Liquibase changes and no SQL"};
    return words[e->lang];
}
/* The ending of files that hold its scripts, or its changes. */
static inline const char *engine_script_ext(const struct engine *e)
{
    return e->lang == LANG_SQL ? ".sql" : e->lang == LANG_COMMAND ? ".js" : ".yaml";
}

#endif
