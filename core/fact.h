#ifndef SNAP_CORE_FACT_H
#define SNAP_CORE_FACT_H

/*
 * Making one fact: attributes in any order, written sorted, those equal to their default left out.
 * An attribute that the kind's table does not list is a programming error and aborts.
 *
 *     struct fact f;
 *     fact_begin(&f, cat, "column", table_path, STR("total"));
 *     fact_text(&f, "type", type);
 *     fact_bool(&f, "notnull", true);
 *     fact_end(&f);
 */

#include "core/catalog.h"

enum { FACT_MAX_ATTRS = 32 };

struct fact {
    struct catalog *cat;
    const struct kind_desc *kind;
    uint16_t kind_index;
    struct str path;
    struct str val[FACT_MAX_ATTRS]; /* canonical JSON by attribute row */
    struct src_entry {
        const char *key;
        struct str value; /* canonical JSON */
    } * src;
    uint32_t nsrc, src_cap;
    struct str *deps;
    uint32_t ndeps, deps_cap;
    unsigned flags;
};

/* Begins a fact of the catalog `cat`; what is only needed until fact_end lives in cat->tmp. */
void fact_begin(struct fact *f, struct catalog *cat, const char *kind, struct str parent,
                struct str name);
/* Attributes; an absent text sets nothing. */
void fact_text(struct fact *f, const char *attr, struct str value);
void fact_bool(struct fact *f, const char *attr, bool value);
void fact_int(struct fact *f, const char *attr, int64_t value);
/* A_LIST in the order given; nothing when n is 0. */
void fact_list(struct fact *f, const char *attr, const struct str *items, size_t n);
/* Any value, already canonical JSON. */
void fact_raw(struct fact *f, const char *attr, struct str canonical);
/* A key of `src`, each once; it must last until fact_end. */
void fact_src(struct fact *f, const char *key, struct str value);
/* A value that is canonical JSON already. */
void fact_src_raw(struct fact *f, const char *key, struct str canonical);
void fact_src_list(struct fact *f, const char *key, const struct str *items, size_t n);
/* A path that it needs, or "!why"; any order, twice is once. */
void fact_dep(struct fact *f, struct str path);
/* Adds it, copied, to the catalog. */
void fact_end(struct fact *f);

#endif
