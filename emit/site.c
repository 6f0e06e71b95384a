/* All pages of a history, one environment after the other in memory of its own; see site.h. */

#include "emit/site.h"

#include "emit/site_parts.h"

static void newest_change(const struct site_job *job, struct arena *mem, struct site_last *out)
{
    if (job->d.nstates > 1)
        out->time = arena_str(mem, job->d.states[job->d.nstates - 1].first);
}

static int env_pages(const struct site *site, uint32_t i, struct site_found *found,
                     struct site_last *last, struct arena *keep, page_fn *put, void *ctx,
                     struct err *e)
{
    struct arena *mem = arena_new(0);
    struct site_job job = {.mem = mem, .site = site, .env = &site->envs[i]};
    int rc = site->load(site->ctx, i, mem, &job.d, e);
    if (!rc) {
        site_group_events(&job);
        newest_change(&job, keep, last);
        if (!site->names)
            site_found_add(found, &job, i);
        rc = site_env_pages(&job, put, ctx, e) || site_object_pages(&job, put, ctx, e) ? -1 : 0;
    }
    arena_free(mem);
    return rc;
}

int site_write(const struct site *site, struct arena *mem, page_fn *put, void *ctx, struct err *e)
{
    struct site_found *found = site_found_new(mem, site);
    struct site_last *last = NEW_ARRAY(mem, struct site_last, site->nenvs);
    for (uint32_t i = 0; i < site->nenvs; i++)
        if (env_pages(site, i, found, &last[i], mem, put, ctx, e))
            return -1;
    struct arena *page = arena_new(0);
    struct strbuf search = sb_new(page, 0), first = sb_new(page, 0);
    if (!site->names) {
        site_search(&search, found);
        site_index(&first, site, last);
    }
    int rc = put(ctx, STR("search.html"), sb_view(&search), e) ||
                     put(ctx, STR("index.html"), sb_view(&first), e)
                 ? -1
                 : 0;
    arena_free(page);
    return rc;
}
