#ifndef SNAP_CORE_CATALOG_H
#define SNAP_CORE_CATALOG_H

/*
 * A schema as facts sorted by path. The body of a fact stays canonical JSON; nothing is unpacked
 * into structs per kind.
 */

#include "core/engine.h"
#include "core/err.h"
#include "core/hash.h"
#include "core/json.h"
#include "core/kind.h"
#include "core/path.h"

enum obj_flag {
    OBJ_IGNORED = 1 << 0, /* there, and the plan must keep it, but not compared (filters) */
    /* above it: which schema under another name, from 1, has a new name that a text said before */
    OBJ_FLAGS = 0xff,
    OBJ_SAYS_SHIFT = 8,
    OBJ_SAYS_MOST = 0xff,
};

/* One fact. The texts live in the catalog's arena (or in a stream until its next step). */
struct obj {
    struct str path;
    struct str a; /* attributes: what is compared and hashed */
    struct str
        src; /* the engine's own text of them: written out again, never compared; or absent */
    struct str deps; /* list of paths it needs; an entry "!why" means: needs something that is not
                        there; or absent */
    struct hash128 hash; /* of `a`, less what is in no facet in effect */
    uint32_t line;       /* in the file it came from, or 0 */
    uint16_t kind;       /* index into the engine's kinds */
    uint16_t flags;      /* enum obj_flag */
};

/* Something that is there and that snap does not model. */
struct ledger_entry {
    struct str kind, name; /* name with \xNN where it is not UTF-8 */
    struct hash128 hash;   /* of the engine's own text of it; 0: not of the schema, named alone */
    struct str on;         /* path of the object it hangs on and could go with; or absent */
    struct str why;
};

struct catalog {
    const struct engine *eng;
    struct arena *mem;
    struct arena
        *tmp; /* for what is only needed while a fact is made; mem unless a driver lends one */
    struct obj *v;
    uint32_t n, cap;
    unsigned facets;    /* in effect: hashes and the fingerprint cover these */
    unsigned captured;  /* held by the facts */
    uint16_t model;     /* number of the engine's model that wrote them */
    struct str label;   /* what the user called the source */
    struct str version; /* server and version, for people: "Engine 3.40.1" */
    struct str unread;  /* why a facet in effect is not captured, for people; or absent */
    struct str unread_hint;
    struct str scope;  /* canonical JSON of the filters, "{}" for all */
    struct str cuts;   /* all filters that were applied, in their order, as a list of such; a schema
                          under another name is {"map":["OLD","NEW"]}; absent: not known */
    bool liquibase;    /* made from a Liquibase snapshot: what that does not tell is unknown */
    struct str untold; /* JSON list of it (see struct side), once it was taken; or absent */
    struct hash128 fingerprint;
    struct ledger_entry *ledger;
    uint32_t nledger, ledger_cap;
};

/* An empty catalog whose facts will live in `mem`. */
struct catalog *cat_new(struct arena *mem, const struct engine *eng, unsigned facets,
                        struct str label);
/* Copies a fact in. Any order; cat_finish sorts. */
void cat_add(struct catalog *cat, const struct obj *o);
/* The same without a copy: the texts already live in the catalog's arena. */
void cat_add_own(struct catalog *cat, const struct obj *o);
void cat_add_ledger(struct catalog *cat, const char *kind, struct str name, struct str on,
                    struct str text, const char *why);
/* What is of the whole server: named in the ledger, never compared. */
void cat_name_outside(struct catalog *cat, const char *kind, struct str name, const char *why);
/* Sorts facts and ledger, hashes, makes the fingerprint; may be called again after flags changed.
 * E_SNAPSHOT_DUPLICATE when a path stands twice. */
int cat_finish(struct catalog *cat, struct err *e);
/* The fact of a path, or NULL. */
const struct obj *cat_find(const struct catalog *cat, struct str path);
/* Index of the first fact whose path is not below `path` in order. */
uint32_t cat_lower(const struct catalog *cat, struct str path);

/* The row of an object's kind. */
const struct kind_desc *obj_kind(const struct engine *eng, const struct obj *o);
/* Whether a drop of it loses rows or values. */
static inline bool obj_holds_data(const struct kind_desc *kind, const struct obj *o)
{
    return (kind->flags & KF_DATA) && !(kind->computed && kind->computed(o));
}
/* The object that a path belongs to in reports: the first segments down to the first that is no
 * holder. */
struct str engine_top(const struct engine *eng, struct str path);
/* Index of a kind by its tag, or -1. */
int engine_kind(const struct engine *eng, struct str tag);
/* Hash of `a` over the facets given. */
struct hash128 obj_hash(const struct engine *eng, const struct obj *o, unsigned facets);
/* True when the kind itself, or an attribute that the object has, belongs to a facet in effect. */
bool obj_in_facets(const struct engine *eng, const struct obj *o, unsigned facets);

/* Attribute access: raw value (absent where it is the default, or o is NULL), text, truth. */
struct str obj_raw(const struct obj *o, const char *attr);
struct str obj_text(struct arena *a, const struct obj *o, const char *attr);
bool obj_true(const struct obj *o, const char *attr);
/* Text of a key of `src`. */
struct str obj_src(struct arena *a, const struct obj *o, const char *key);
/* Its attributes with one of them set to a raw value, or taken away (absent). */
struct str obj_with(struct arena *a, const struct engine *eng, const struct obj *o,
                    const char *attr, struct str raw);
/* The name as it was spelled: attribute `name`, else the path's. */
struct str obj_name(struct arena *a, const struct obj *o);
/* Its path for people, with its name as spelled: "index orders.Orders_x"; what has no name (its
 * path's begins with #) is "check of orders". */
void obj_human(struct strbuf *out, const struct obj *o);

/* Adds one fact to a running fingerprint. */
void fingerprint_add(struct hasher *h, struct str path, struct hash128 hash);

/*
 * A catalog with some facts replaced: the state of a database between two steps. An overlay, not a
 * copy; entries are sorted by path and an entry with NULL hides the fact.
 */
struct view_entry {
    struct str path;
    const struct obj *obj;
};
struct view {
    const struct catalog *base;
    const struct view_entry *over;
    uint32_t nover;
};
const struct obj *view_get(const struct view *v, struct str path);
/* Steps through the facts at or below `top` (all when empty), in path order. */
struct view_iter {
    const struct view *view;
    struct str top;
    uint32_t at, over_at;
};
struct view_iter view_iter(const struct view *v, struct str top);
const struct obj *view_next(struct view_iter *it);

#endif
