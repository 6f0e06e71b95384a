/*
 * What a command does to the collections that are there while it runs. Locks: MongoDB's "FAQ:
 * Concurrency" and "Index Builds on Populated Collections" (4.4 to 8.0); none of it is measured
 * here.
 */

#include "drivers/mongodb/mongodb.h"

enum { LEVEL_INTENT = 1, LEVEL_EXCLUSIVE = 2 };

#define OTHERS "reads and writes of it wait for a moment"

struct row {
    const char *verb, *lock, *blocks, *safer;
    int level;
    unsigned flags;
};

static const struct row rows[] = {
    {"createIndexes", "intent exclusive", "reads and writes go on, but wait at its begin and end",
     NULL, LEVEL_INTENT, FX_INDEX},
    {"dropIndexes", "exclusive", OTHERS, "hide it first and drop it later: --online",
     LEVEL_EXCLUSIVE, 0},
    {"collMod", "exclusive", OTHERS, NULL, LEVEL_EXCLUSIVE, 0},
    {"drop", "exclusive", OTHERS, NULL, LEVEL_EXCLUSIVE, 0},
};

/* collMod to unique reads the index whole. */
static bool reads_all(const struct mv *command)
{
    return mv_truth(mv_get(mv_get(command, "index"), "unique"));
}

static void add(struct ddl *d, uint32_t stmt, const struct row *row, const struct mv *command)
{
    struct str path = mg_path(d->mem, "collection", mv_string(command->first));
    struct effect fx = {.path = path,
                        .stmt = stmt,
                        .level = row->level,
                        .lock = row->lock,
                        .blocks = row->blocks,
                        .flags = row->flags | (reads_all(command) ? (unsigned)FX_SCAN : 0),
                        .safer = d->online ? NULL : row->safer};
    if (mg_is_there(d, path) && view_get(d->before, path))
        VEC_PUSH(d->mem, d->effects, fx);
}

void mg_effects(struct ddl *d)
{
    for (uint32_t i = 0; i < d->stmts.n; i++) {
        struct mv *command;
        struct err e;
        if (mv_from_json(d->mem, d->stmts.v[i].text, &command, &e) || !command->first)
            continue;
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
            if (str_eq_c(command->first->key, rows[k].verb))
                add(d, i, &rows[k], command);
    }
}
