#ifndef SNAP_CORE_KIND_H
#define SNAP_CORE_KIND_H

/*
 * The tables that an engine is made of: a kind of object is a row, an attribute is a row. Reading
 * and writing of files, comparison, facets, choice of statement, documentation and `snap features`
 * all follow from these rows.
 */

#include "core/strbuf.h"

struct arena;
struct obj;
struct ddl;
struct err;
struct change;

/* A facet groups what people want to compare or leave out together. Bits. */
enum facet {
    F_STRUCTURE = 1 << 0,
    F_COMMENTS = 1 << 1,
    F_OWNER = 1 << 2,
    F_ACL = 1 << 3,
    F_STORAGE = 1 << 4,
    F_ORDER = 1 << 5,
    F_STATS = 1 << 6,
    F_COUNTERS = 1 << 7,
    F_PRAGMAS = 1 << 8,
    F_SHARDING = 1 << 9,
    F_DATA = 1 << 10, /* rows of the tables that were named, see core/data.h */
};
enum { FACET_COUNT = 11 };
#define F_DEFAULT (F_STRUCTURE | F_COMMENTS | F_OWNER | F_ACL | F_STORAGE)
/* What a snapshot holds whether or not it is compared; counters and stats move by themselves, rows
 * are taken where they are asked for. */
#define F_CAPTURED (~(unsigned)(F_STATS | F_COUNTERS | F_DATA) & ((1u << FACET_COUNT) - 1))

/* Name of the facet with one bit set. */
const char *facet_name(unsigned one_bit);
/* Bit of a name, 0 when unknown. */
unsigned facet_bit(struct str name);
/* Parses "structure,acl" (exactly these) or "+order,-acl" (a change of `base`); not both in one.
 * False at an unknown name, which *bad then holds. */
bool facet_parse(struct str list, unsigned base, unsigned *out, struct str *bad);
/* "structure,comments" */
void facet_list(struct strbuf *out, unsigned facets);

enum attr_type {
    A_BOOL, /* true; false is the default and is not written */
    A_INT,
    A_TEXT,
    A_TYPE, /* data type in canonical spelling */
    A_EXPR, /* expression in canonical spelling */
    A_BODY, /* many lines: shown as a line diff of the source text */
    A_LIST, /* texts in an order that matters */
    A_SET,  /* texts, sorted */
    A_MAP,  /* texts by key */
    A_REF,  /* a path */
};

enum attr_cmp {
    CMP_VALUE, /* equal when the canonical bytes are */
    CMP_ORDER, /* a list of names: equal when the names that both sides have are in one order */
};

enum attr_flag {
    AF_CONVERTS = 1 << 0, /* a change may change stored values */
    AF_DERIVED = 1 << 1,  /* follows from the other attributes: not reported on its own */
    AF_GUARDS = 1 << 2,   /* where it comes to a table that is there, rows may be in its way */
    AF_TIES = 1 << 3,     /* ties objects together, see KF_TIE */
    AF_LINK = 1 << 4,     /* names another object that names this one: the server keeps both ends in
                             step, so that between the steps of a plan it hangs on who is there */
    AF_FILLS = 1 << 5,    /* gives the rows that are there the value of a new column */
};

/* Appends the statements and hazards of ONE direction to d; the change is from d's state before to
 * its state after. NULL change: the handler is called for its owner (see at_owner). */
typedef int ddl_fn(struct ddl *d, const struct change *c, struct err *e);
/* Whether the handler can do this change in place. It may look only at the change and at what d
 * shows. */
typedef bool applies_fn(const struct ddl *d, const struct change *c);

/* The path of another change of the plan that brings this one with it, or the absent str. */
typedef struct str rides_fn(const struct ddl *d, const struct change *c);

/* Whether this change, done so, loses rows or values: HZ_DATA_LOSS, told without a plan. */
typedef bool loses_fn(const struct ddl *d, const struct change *c);

/* Other hazards of this change, done so, as bits 1 << enum hazard_code. Told without a plan: d
 * shows what differs and holds rows, and nothing else; in doubt the hazard is told. */
typedef unsigned tells_fn(struct ddl *d, const struct change *c);

/* One way to make a change. */
struct alter {
    const char *name; /* stable: snap features shows it, test hooks break it by it */
    ddl_fn *fn;
    applies_fn *applies; /* NULL: always */
    rides_fn *rides;     /* path of the change that carries it along, or absent; then fn is NULL */
    const struct alter *other; /* does it when `applies` says no; NULL: refused by name */
    bool at_owner;             /* one call for all changes below one top object */
    const char *recreates; /* kinds below the owner that die with it and are made again, or NULL */
    const char *rebuilds;  /* kinds of dependants that must be out of the way and are made again, or
                              NULL */
    bool rebuilds_ahead;   /* only where it goes ahead: as the way back it moves them itself */
    int hazard;            /* enum hazard_code that always comes with it, or 0 */
    loses_fn *loses;       /* NULL: no rows or values are lost but by a drop */
    tells_fn *tells;       /* NULL: `hazard` is all */
    const char *doc;
};

/* At the end of a chain of `other`: the object is dropped and created again. */
extern const struct alter alter_replace;

struct attr_desc {
    const char *name;
    enum attr_type type;
    enum attr_cmp cmp;
    enum facet facet;
    const char *dflt;          /* canonical JSON; NULL: none, absent means absent */
    const struct alter *alter; /* NULL: the object is dropped and created again */
    uint16_t since;            /* model number in which snap began to capture it */
    bool portable;             /* means the same in every engine: stands in vocab.def */
    unsigned flags;            /* enum attr_flag */
    const char *doc;
};

enum kind_flag {
    KF_INLINE = 1 << 0,  /* written inside the parent's CREATE when the parent is new */
    KF_CASCADE = 1 << 1, /* dies with the parent */
    KF_DATA = 1 << 2,    /* holds rows or values: a drop loses them */
    KF_SOFT = 1 << 3,    /* its deps order a plan where they can and give way in a circle */
    KF_GLOBAL = 1 << 4,  /* lives outside the database (a role) */
    KF_GUARDS = 1 << 5,  /* where one comes to a table that is there, rows may be in its way */
    KF_HOLDER = 1 << 6,  /* only holds others (a schema): reports group by what lies below it */
    KF_TIE = 1 << 7,   /* ties two objects: what is done to one reaches the other while it stands */
    KF_LASTS = 1 << 8, /* once it is told it stays (the database itself): a drop leaves it there */
    KF_LATE_DROP = 1 << 9, /* a drop waits for what is created: the new index before the old goes */
    KF_ROWS = 1 << 11,     /* holds the rows of its table as facts: one call writes those that come,
                              one those that go, one those that change */
    KF_GRANTED = 1 << 10,  /* a drop takes along the grants on it, which are no attribute of it */
};

/* Whether what the object holds follows from others: a drop of it loses nothing (KF_DATA). */
typedef bool computed_fn(const struct obj *o);

/* Path of another name that the object takes, as an identity column takes that of its sequence; or
 * absent. Nothing need be there under it. */
typedef struct str takes_fn(struct arena *mem, const struct obj *o);

/* Whether the rows of a table that is there may be in the way of such an object. */
typedef bool guards_fn(const struct obj *o);

/* One line for people that says what the object is: "numeric(12,2) not null default 0". */
typedef void brief_fn(const struct obj *o, struct strbuf *out);

struct kind_desc {
    const char *name;    /* tag in paths */
    const char *parents; /* kinds it may lie below, comma separated; "" at the top; a comma first:
                            there too */
    unsigned flags;      /* enum kind_flag */
    int rank;            /* creation order among what no dependency orders */
    enum facet facet;    /* that its existence belongs to */
    const char *names;   /* kinds with the same word may not share a name below one top object, or,
                            when it begins with '/', in the whole database; NULL: own names */
    const struct attr_desc *attrs; /* sorted by name */
    size_t nattrs;
    const struct alter *create, *drop, *rename; /* rename NULL: cannot be renamed */
    brief_fn *brief;                            /* NULL: nothing to say */
    computed_fn *computed;                      /* NULL: never */
    takes_fn *takes;                            /* NULL: no name but its own */
    guards_fn *guards;                          /* NULL: as KF_GUARDS and AF_GUARDS say */
    const char *ordered_by; /* list attribute of the parent that gives its place, or NULL */
    const char *doc;
};

/* Whether a drop takes along what is granted on such an object. */
bool kind_is_granted(const struct kind_desc *k);
/* Whether such an object may stand at the top. */
static inline bool kind_is_top(const struct kind_desc *k)
{
    return !k->parents[0] || k->parents[0] == ',';
}
/* The row of an attribute, or NULL. */
const struct attr_desc *kind_attr(const struct kind_desc *k, struct str name);
/* Whether the comma separated list holds the word. NULL holds nothing. */
bool word_in(const char *list, struct str word);

#endif
