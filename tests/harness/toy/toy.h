#ifndef SNAP_TESTS_HARNESS_TOY_TOY_H
#define SNAP_TESTS_HARNESS_TOY_TOY_H

/*
 * An engine that keeps its databases in memory: boxes hold slots, seals, tags and badges, links and
 * wires point at other things, gates cannot be dropped, lamps are a setting of the database. One
 * folder, like every engine; it stands here because only tests use it.
 *
 * A database is made by a script, one statement per line or semicolon:
 *
 *     make box:a color=blue {slot:s size=3} {slot:t} {seal:k rule=even slot=s}
 *     make box:a/tag:x text=hot on=s
 *     make link:l goes=box:a
 */

#include "diff/diff.h"

extern const struct engine engine_toy;
extern const struct live_ops toy_live;

extern const struct kind_desc toy_box_kind, toy_slot_kind, toy_seal_kind, toy_tag_kind,
    toy_badge_kind, toy_link_kind, toy_wire_kind, toy_gate_kind, toy_lamp_kind;

/* Makes live operations misbehave, for tests of those who call them. A statement is chosen by what
 * it begins with. All NULL or 0: they behave. */
struct toy_faults {
    const char *skip;         /* done, says exec, and does nothing */
    const char *fail;         /* ends with `code`, or E_VERIFY_FAILED */
    const char *after, *also; /* after such a statement this one runs too */
    const char *lose;         /* such a statement takes every row with it */
    enum err_code code;
    unsigned spare;         /* so many statements are let through before the above begin */
    unsigned read_fails;    /* the n-th introspect from now fails, from 1 */
    unsigned rows_fails;    /* the same for rows */
    unsigned fill_fails;    /* and for fill */
    unsigned empty_fails;   /* and for empty */
    bool once;              /* the above happen one time */
    bool no_scratch;        /* no scratch database can be made */
    const char *also_empty; /* runs on every new scratch database */
};
extern struct toy_faults toy_faults;
/* Sessions that are open now, and statements run so far. */
extern unsigned toy_sessions, toy_statements;

/* cases.c: short forms for tests. A failure of their own ends the program. */
/* The schema that a script makes. */
struct catalog *toy_read(struct arena *mem, const char *script);
struct catalog *toy_read_in(struct arena *mem, const char *script, unsigned facets);
struct changes *toy_diff(struct arena *mem, const struct catalog *from, const struct catalog *to);
/* "+ box:a\n- box:b\n~ box:c color note\n" */
struct str toy_changes(struct arena *mem, const char *from, const char *to);
struct str toy_changes_text(struct arena *mem, const struct changes *c);
/* The plan between two catalogs in their facets. */
int toy_try_plan(struct arena *mem, const struct catalog *from, const struct catalog *to,
                 struct plan **out, struct err *e);
struct plan *toy_plan(struct arena *mem, const char *from, const char *to);
struct plan *toy_plan_in(struct arena *mem, const char *from, const char *to, unsigned facets);
/* One line per step: "title = statement; statement | statement of the way back". */
struct str toy_steps(const struct plan *p, struct arena *mem);
/* A planner before plan_units, as plan_make begins it. */
struct planner;
struct planner *toy_planner(struct arena *mem, const struct catalog *from,
                            const struct catalog *to);
/* Parts by unit: "box:a: drop box:a, drop box:a/slot:s\n"; "!" before what is done at the owner.
 * In this order, or as they stand. */
struct str toy_units(const struct planner *p, const uint32_t *order);

/* driver.c: statements. */
/* " key=value" for each attribute of the object, less those of the kind that follow from others. */
void toy_put_attrs(struct strbuf *out, const struct obj *o);
void toy_put_value(struct strbuf *out, struct str text);
/* Appends a statement from a buffer. */
void toy_stmt(struct ddl *d, const struct strbuf *text, unsigned flags);
/* make PATH attributes; drop PATH; set PATH attr=value. */
int toy_make(struct ddl *d, const struct change *c, struct err *e);
int toy_drop(struct ddl *d, const struct change *c, struct err *e);
int toy_set(struct ddl *d, const struct change *c, const char *attr);
int toy_rename(struct ddl *d, const struct change *c, struct err *e);
/* The text of a value as a statement writes it: a list with commas, a number, a word. */
struct str toy_plain(struct arena *mem, struct str raw);

/* store.c: a database in memory. */
enum { TOY_ATTRS = 8 };
struct toy_pair {
    struct str key, value;
};
struct toy_thing {
    struct str path;
    struct toy_pair attr[TOY_ATTRS];
    uint32_t nattrs;
    uint32_t rows;   /* of a box */
    struct str cell; /* of a slot: what its rows hold */
};
struct toy_store {
    VEC(struct toy_thing) things; /* a box's slots in their order */
};
struct session {
    struct arena *mem;
    struct toy_store now, saved;
    bool in_tx, quiet;
};
struct toy_thing *toy_find(struct session *s, struct str path);
/* The value of an attribute, or absent. */
struct str toy_attr(const struct toy_thing *t, const char *key);
/* What a slot holds in a box with rows. */
struct str toy_cell(struct session *s, const struct toy_thing *slot, struct str digits);
int toy_run(struct session *s, struct str stmt, struct err *e);

#endif
