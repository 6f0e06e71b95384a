#ifndef SNAP_DIFF_INTERNAL_H
#define SNAP_DIFF_INTERNAL_H

/* What the files of diff/ share: units of work, and their way from changes to rendered steps. */

#include "diff/diff.h"

/* One change, as the planner treats it. */
struct item {
    const struct change *change;
    bool replace;         /* dropped and created again */
    const char *rebuilds; /* kinds of dependants that must be out of its way, or NULL */
    uint32_t unit[2];     /* of its drop (or only) part and of its create part; NO_UNIT */
};
#define NO_UNIT UINT32_MAX

/* Part of an item in a unit. */
enum part { PART_DROP, PART_CREATE, PART_ALTER };
struct unit_member {
    uint32_t item;
    enum part part;
};

/* What becomes one step. */
struct unit {
    VEC(struct unit_member) members;
    struct str subject; /* path */
    enum part rows;     /* of a unit that writes rows (KF_ROWS): which */
    int rank;
    uint32_t position;
    bool at_owner;
    const struct alter *alter; /* at_owner: the one call */
    enum phase phase;          /* of an online plan */
    enum phase first_phase;    /* of what an engine does before it drops */
};

struct edge {
    uint32_t before, after; /* units */
    bool soft;
};

struct planner {
    const struct plan_request *req;
    const struct engine *eng;
    struct arena *mem;
    const struct catalog *from; /* states[nrenames] */
    void **notes;               /* the engine's, see struct ddl */
    struct view from_view, to_view;
    VEC(struct item) items; /* by path */
    VEC(struct unit) units;
    VEC(struct edge) edges;
    const struct obj *stays, *goes; /* what holds data, or is left out, needs what goes: no plan;
                                       or NULL */
};

/* Row and object of an item. */
const struct obj *item_obj(const struct planner *p, uint32_t item);
const struct kind_desc *item_kind(const struct planner *p, uint32_t item);
/* The item of a path, or NO_UNIT. */
uint32_t item_find(const struct planner *p, struct str path);
/* The nearest object at or above the path whose kind is not written inside its parent. */
struct str owner_of(const struct planner *p, struct str path);

/* What makes a change in this state: follows `applies` and `other`. NULL: nothing can. *carrier is
 * the path of the change that brings it along, or absent. */
const struct alter *alter_resolve(const struct ddl *d, const struct alter *alter,
                                  const struct change *c, struct str *carrier);
/* Whether the chain of an alter leads to `target`. */
bool alter_leads_to(const struct alter *alter, const struct alter *target);

/* units.c: items and units from changes. */
int plan_units(struct planner *p, struct err *e);
/* Takes units apart that are stuck in a circle, by index; false: there is nothing to take apart. */
bool plan_split(struct planner *p, const bool *stuck);
/* rows.c: the unit that writes the rows of a table which come, go or change; NO_UNIT where the item
 * is no row. */
uint32_t plan_rows_unit(struct planner *p, uint32_t item, enum part part,
                        const struct alter *alter);
bool unit_is_rows(const struct planner *p, const struct unit *u);
/* Rows of which nothing differs but values of columns that come, or of columns that go, join these
 * columns' unit. */
void plan_rows_join(struct planner *p);
/* Edges between rows and what else changes at their table. Called by plan_edges. */
void plan_rows_edges(struct planner *p);
/* phase.c: which phase of an online plan a unit belongs to. */
void plan_phases(struct planner *p);
/* order.c: edges between units. sort.c: the order, unit indexes, n of them. */
void plan_edges(struct planner *p);
/* E_CYCLE: *stuck then tells which units wait for one another. */
int plan_order(struct planner *p, uint32_t **order, bool **stuck, struct err *e);

/* render.c: statements of one transition. */
struct rendered {
    struct stmt *stmts;
    uint32_t nstmts;
    struct hazard *hazards;
    uint32_t nhazards;
    struct effect *effects;
    uint32_t neffects;
    bool order_differs, lossy;
    bool at_owner; /* an owner was made by one call */
};
struct transition {
    const struct engine *eng;
    const struct view *before, *after;
    const struct member *members;
    uint32_t nmembers;
    unsigned facets;
    const struct catalog *origin, *goal;
    bool back, online, recreate;
    const struct backfill *backfill;
    uint32_t nbackfill;
    void **notes;
};
int render_transition(const struct transition *t, struct arena *mem, struct rendered *out,
                      struct err *e);

/* step.c: names of steps. */
/* `rebuilt`: its owner was made by one call. */
struct str step_title(const struct planner *p, const struct unit *u, bool rebuilt);
struct hash128 step_id(const struct member *members, uint32_t n, struct arena *mem);

#endif
