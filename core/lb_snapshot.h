#ifndef SNAP_CORE_LB_SNAPSHOT_H
#define SNAP_CORE_LB_SNAPSHOT_H

/*
 * A snapshot as Liquibase writes it (`liquibase snapshot`, JSON or YAML), parsed and with its
 * references resolved, but not yet understood: a driver makes facts of it (engine.from_liquibase).
 * Attributes are told by Liquibase's own names; any of them may be missing. Everything lives in
 * the arena that it was read into and is never changed.
 *
 *     uint32_t at = 0;
 *     for (const struct lb_object *t; (t = lb_next(in, "Table", &at));)
 *         table(t, lb_text(&t->attrs, "name"), lb_ref(&t->attrs, "schema"));
 */

#include "core/arena.h"
#include "core/err.h"

struct lb_object;

enum lb_type { LB_TEXT, LB_BOOL, LB_LIST, LB_MAP, LB_REF };

struct lb_attr;
/* A map: of an object's attributes, or one inside a value. */
struct lb_map {
    const struct lb_attr *v;
    uint32_t n;
};
struct lb_value {
    enum lb_type type;
    struct str text;              /* LB_TEXT: without its class; LB_REF: "Class#id" as it stood */
    struct str class;             /* LB_TEXT: last part of the Java name behind it ("Integer",
                                     "DatabaseFunction"); absent: a plain string */
    bool yes;                     /* LB_BOOL */
    const struct lb_value *items; /* LB_LIST */
    uint32_t nitems;
    struct lb_map map;           /* LB_MAP */
    const struct lb_object *ref; /* LB_REF; never NULL */
    unsigned line;
};
struct lb_attr {
    struct str name;
    struct lb_value value;
};

struct lb_object {
    struct str class;      /* last part of the Java name: "Table", "CheckConstraint" */
    struct str full_class; /* "liquibase.structure.core.Table" */
    struct str id;         /* snapshotId */
    struct lb_map attrs;
    bool referenced; /* of referencedObjects: there only because another names it */
    unsigned line;
};

struct lb_snapshot {
    struct str label;      /* for messages: the file */
    struct str short_name; /* database.shortName: "mssql" */
    struct str product, product_version;
    int major, minor; /* -1: not told */
    const struct lb_object *v;
    uint32_t n; /* in the order of the file */
    /* Classes that the snapshot says it looked for, full names; none: it does not say. */
    const struct str *included;
    uint32_t nincluded;
};

/* The next object of a class (its last part) from *at on, those of referencedObjects left out;
 * NULL at the end. */
const struct lb_object *lb_next(const struct lb_snapshot *in, const char *class, uint32_t *at);
/* Whether objects of the class were looked for. */
bool lb_included(const struct lb_snapshot *in, const char *class);
/* The schema that is the default one, or NULL. */
const struct lb_object *lb_default_schema(const struct lb_snapshot *in);

/* The columns of a table or view in their order: those that it lists, else those that refer to it.
 * *n of them, in mem. */
const struct lb_object *const *lb_columns(const struct lb_snapshot *in,
                                          const struct lb_object *table, struct arena *mem,
                                          uint32_t *n);
/* The objects that a list of an object refers to, others left out. */
const struct lb_object *const *lb_refs(const struct lb_object *o, const char *name,
                                       struct arena *mem, uint32_t *n);
/* Name of the schema that an object, or the table that it lies in, stands in; `otherwise` where
 * nothing tells. */
struct str lb_schema_of(const struct lb_snapshot *in, const struct lb_object *o,
                        struct str otherwise);

/* Attributes, by name. One that is missing or of another type is: NULL, absent, `otherwise`. */
const struct lb_value *lb_get(const struct lb_map *m, const char *name);
struct str lb_text(const struct lb_map *m, const char *name); /* also "true" of a truth */
bool lb_bool(const struct lb_map *m, const char *name, bool otherwise);
bool lb_int(const struct lb_map *m, const char *name, int64_t *out);
const struct lb_object *lb_ref(const struct lb_map *m, const char *name);
const struct lb_map *lb_map(const struct lb_map *m, const char *name);
/* The items of a list; *n is 0 where there is none. */
const struct lb_value *lb_list(const struct lb_map *m, const char *name, uint32_t *n);

/* The same for what must be there. E_LIQUIBASE_SNAPSHOT names the object, its line and the
 * attribute. */
int lb_need_text(const struct lb_snapshot *in, const struct lb_object *o, const char *name,
                 struct str *out, struct err *e);
int lb_need_ref(const struct lb_snapshot *in, const struct lb_object *o, const char *name,
                const struct lb_object **out, struct err *e);
/* Sets that error: "FILE line 7: table orders: ...". Returns -1. */
int lb_bad(const struct lb_snapshot *in, const struct lb_object *o, const char *what,
           const char *name, struct err *e);

#endif
