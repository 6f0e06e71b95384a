/* Which kind of store a history is. */

#include "history/store.h"

static bool is_url(struct str place)
{
    return str_starts(place, STR("postgresql://")) || str_starts(place, STR("postgres://"));
}

/* A URL of another engine is no name of a file; what follows its scheme may hold a password. */
static int check_place(struct str place, struct err *e)
{
    size_t at = str_find(place, STR("://"));
    if (at >= place.n || is_url(place))
        return 0;
    err_set(e, E_BAD_VALUE, "a history cannot be at %.*s://...", STR_ARG(str_sub(place, 0, at)));
    return err_hint(e, "it is a file, or in a database of PostgreSQL: postgresql://USER@HOST/DB");
}

static int open_store(struct str place, const struct history_options *opt, struct arena *mem,
                      struct store **out, struct err *e)
{
    bool url = is_url(place);
#ifdef SNAP_WITH_POSTGRESQL
    if (url)
        return hpg_open(place, opt, mem, out, e);
#endif
#ifdef SNAP_WITH_SQLITE
    if (!url)
        return hlite_open(place, opt, mem, out, e);
#endif
    (void)opt;
    (void)mem;
    (void)out;
    err_set(e, E_NO_CLIENT, "this build has no client library for a history %s",
            url ? "on PostgreSQL" : "in a file");
    return err_hint(e, "a history can be %s", url ? "a file" : "in a PostgreSQL database");
}

int history_open(struct str place, const struct history_options *opt, struct arena *mem,
                 struct history **out, struct err *e)
{
    struct history *h = NEW(mem, struct history);
    *out = NULL;
    h->mem = mem;
    h->engines = opt->engines;
    if (check_place(place, e) || open_store(place, opt, mem, &h->store, e))
        return -1;
    *out = h;
    return 0;
}

void history_close(struct history *h)
{
    if (h)
        h->store->ops->close(h->store);
}

int history_repair(struct str place, const struct history_options *opt, struct arena *mem,
                   struct history_repaired *out, struct err *e)
{
    if (check_place(place, e))
        return -1;
#ifdef SNAP_WITH_SQLITE
    if (!is_url(place))
        return hlite_repair(place, opt, mem, out, e);
#endif
    (void)place;
    (void)opt;
    (void)mem;
    *out = (struct history_repaired){.kept_as = STR_NULL};
    err_set(e, E_NO_CLIENT, "only a history in a file can be repaired");
    return err_hint(e, "a database is restored from its backup");
}
