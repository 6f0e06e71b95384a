/* What a deployer has noted: the documents of Liquibase's extension, in a collection of the name
 * that its tables have. */

#include <inttypes.h>
#include <time.h>

#include "core/deployed.h"
#include "drivers/mongodb/live.h"

struct noted {
    struct arena *mem;
    void (*put)(void *ctx, const struct deployed *d);
    void *ctx;
};

/* A date is in UTC; a text is as it was written. */
static struct str when_of(struct arena *mem, const struct mv *v)
{
    struct tm tm;
    if (!v || v->type != MV_DATE)
        return mv_string(v);
    int64_t ms = v->i % 1000;
    time_t seconds = (time_t)(v->i / 1000);
    if (ms < 0 || !gmtime_r(&seconds, &tm))
        return STR_NULL;
    return arena_printf(mem, "%04d-%02d-%02dT%02d:%02d:%02d.%03" PRId64 "Z", tm.tm_year + 1900,
                        tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, ms);
}

static int put_document(void *ctx, const struct mv *doc, struct err *e)
{
    const struct noted *n = ctx;
    struct deployed d = {.tool = STR("liquibase"),
                         .id = mv_string(mv_get(doc, "id")),
                         .author = mv_string(mv_get(doc, "author")),
                         .file = mv_string(mv_get(doc, "fileName")),
                         .deployment = mv_string(mv_get(doc, "deploymentId")),
                         .text = mv_string(mv_get(doc, "description")),
                         .when = when_of(n->mem, mv_get(doc, "dateExecuted")),
                         .how = mv_string(mv_get(doc, "execType"))};
    int64_t order = 0;
    (void)e;
    if (mv_whole(mv_get(doc, "orderExecuted"), &order) && order > 0)
        d.order = (uint64_t)order;
    if (d.id.n)
        n->put(n->ctx, &d);
    return 0;
}

/* No such collection holds no document: no deployer has been here. The second name is that of
 * releases before 4.0. `code`: of the server's error. */
static int read_noted(struct session *s, struct noted *n, int *code, struct err *e)
{
    static const char *const names[] = {"DATABASECHANGELOG", "databaseChangeLog"};
    static const char *const fields[] = {"id",           "author",       "fileName",
                                         "deploymentId", "description",  "dateExecuted",
                                         "execType",     "orderExecuted"};
    int rc = 0;
    *code = 0;
    for (size_t i = 0; !rc && i < sizeof names / sizeof *names; i++) {
        struct mv *command = mg_command(n->mem, "find", str_c(names[i]));
        struct mv *projection = mv_new(n->mem, MV_DOCUMENT);
        for (size_t k = 0; k < sizeof fields / sizeof *fields; k++)
            mv_add(projection, str_c(fields[k]), mv_int(n->mem, 1));
        mv_add(command, STR("projection"), projection);
        rc = mg_each(s, STR_NULL, command, put_document, n, code, e);
        if (rc && *code == MG_NO_NAMESPACE)
            rc = 0;
    }
    return rc;
}

int mg_deployments(struct session *s, void (*put)(void *ctx, const struct deployed *d), void *ctx,
                   struct err *e)
{
    struct noted n = {arena_new(0), put, ctx};
    int code, rc = read_noted(s, &n, &code, e);
    arena_free(n.mem);
    if (rc && code == MG_UNAUTHORIZED) {
        struct deployed hidden = deployed_hidden("liquibase");
        put(ctx, &hidden);
        return 0;
    }
    return rc;
}

struct ids {
    void (*put)(void *ctx, struct str id);
    void *ctx;
};

static void put_id(void *ctx, const struct deployed *d)
{
    const struct ids *ids = ctx;
    ids->put(ids->ctx, d->id);
}

int mg_applied(struct session *s, void (*put)(void *ctx, struct str id), void *ctx, struct err *e)
{
    struct ids ids = {put, ctx};
    struct noted n = {arena_new(0), put_id, &ids};
    int code, rc = read_noted(s, &n, &code, e);
    arena_free(n.mem);
    return rc;
}
