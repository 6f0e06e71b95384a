/* --data, --data-limit and --backfill: names of tables and columns as the user writes them. */

#include "cli/context.h"

#include "core/relation.h"

static void add_name(struct context *ctx, struct str **v, uint32_t *n, uint32_t *cap,
                     struct str name)
{
    for (uint32_t i = 0; i < *n; i++)
        if (str_eq((*v)[i], name))
            return;
    if (*n == *cap)
        *v = vec_grow(ctx->mem, *v, cap, sizeof **v);
    (*v)[(*n)++] = name;
}

/* Of a confirmed rename "table a -> b" the old name is meant by the new one too. */
static struct str old_name(struct str rename, struct str sep, struct str name)
{
    size_t at = str_find(rename, sep);
    struct str old = str_trim(str_sub(rename, 0, at));
    if (at == rename.n || !str_eq(str_trim(str_from(rename, at + sep.n)), name))
        return STR_NULL;
    return str_starts(old, STR("table ")) ? str_trim(str_from(old, 6)) : old;
}

static void add_renamed(struct context *ctx, struct str **v, uint32_t *n, uint32_t *cap)
{
    const struct option_values *given = &ctx->cmd.given;
    uint32_t named = *n;
    for (uint32_t i = 0; i < named; i++) {
        struct str name = (*v)[i], old;
        for (uint32_t k = 0; k < given->n[OPT_RENAME]; k++)
            if ((old = old_name(given->v[OPT_RENAME][k], STR("="), name)).n)
                add_name(ctx, v, n, cap, old);
        for (uint32_t k = 0; k < ctx->config.nrenames; k++)
            if ((old = old_name(ctx->config.renames[k], STR("->"), name)).n)
                add_name(ctx, v, n, cap, old);
    }
}

int context_data(struct context *ctx, struct err *e)
{
    const struct option_values *given = &ctx->cmd.given;
    struct str limit = opt(ctx, OPT_DATA_LIMIT), *v = NULL;
    uint32_t n = 0, cap = 0;
    int64_t rows = 0;
    if (limit.n && (!str_int(limit, &rows) || rows < 1 || rows > 100000000))
        return err_set(e, E_BAD_VALUE, "--data-limit takes a number of rows, not %.*s",
                       STR_ARG(limit));
    for (uint32_t i = 0; i < given->n[OPT_DATA]; i++) {
        struct str rest = given->v[OPT_DATA][i], name;
        while (str_cut(&rest, ',', &name)) {
            name = str_trim(name);
            if (!name.n)
                return err_set(e, E_BAD_VALUE, "--data: a name is missing in %.*s",
                               STR_ARG(given->v[OPT_DATA][i]));
            add_name(ctx, &v, &n, &cap, name);
        }
    }
    add_renamed(ctx, &v, &n, &cap);
    ctx->filter.data = (struct data_want){v, n, (uint64_t)rows};
    return 0;
}

int context_data_facets(const struct context *ctx, const struct engine *eng, unsigned all,
                        unsigned *facets, struct err *e)
{
    bool named = ctx->filter.data.n > 0;
    if (named && !(all & F_DATA))
        return err_set(e, E_UNSUPPORTED_CHANGE, "--data: no rows of %s are taken", eng->title);
    if ((*facets & F_DATA) && !named)
        return err_set(e, E_BAD_VALUE, "--facets data: which tables? --data names them");
    *facets |= named ? F_DATA : 0u;
    return 0;
}

static bool has_table(const struct catalog *cat, struct str name, struct arena *mem)
{
    for (uint32_t i = 0; cat && i < cat->n; i++)
        if (data_name_fits(name, cat->eng, cat->v[i].path, mem))
            return true;
    return false;
}

static bool is_old_name(const struct context *ctx, struct str name)
{
    for (uint32_t i = 0; i < ctx->filter.data.n; i++) {
        for (uint32_t k = 0; k < ctx->cmd.given.n[OPT_RENAME]; k++)
            if (str_eq(
                    old_name(ctx->cmd.given.v[OPT_RENAME][k], STR("="), ctx->filter.data.names[i]),
                    name))
                return true;
        for (uint32_t k = 0; k < ctx->config.nrenames; k++)
            if (str_eq(old_name(ctx->config.renames[k], STR("->"), ctx->filter.data.names[i]),
                       name))
                return true;
    }
    return false;
}

int context_check_data(struct context *ctx, struct opened *a, struct opened *b, struct err *e)
{
    const struct data_want *want = &ctx->filter.data;
    if (!want->n)
        return 0;
    if (source_catalog(a, ctx->mem, e) || (b && source_catalog(b, ctx->mem, e)))
        return -1;
    for (uint32_t i = 0; i < want->n; i++)
        if (!has_table(a->catalog, want->names[i], ctx->mem) &&
            !has_table(b ? b->catalog : NULL, want->names[i], ctx->mem) &&
            !is_old_name(ctx, want->names[i]))
            return err_set(e, E_DATA_UNKNOWN, "--data: there is no table %.*s",
                           STR_ARG(want->names[i]));
    return 0;
}

int context_data_parents(const struct catalog *cat, struct arena *mem, struct err *e)
{
    for (uint32_t i = 0; i < cat->n; i++) {
        struct str outside = jc_get(cat->v[i].src, "outside"), key, raw;
        struct jc_iter it = jc_iter(outside);
        if (!(obj_kind(cat->eng, &cat->v[i])->flags & KF_ROWS) || !jc_next(&it, &key, &raw))
            continue;
        struct strbuf name = sb_new(mem, 0), other = sb_new(mem, 0);
        obj_human(&name, &cat->v[i]);
        path_dotted(&other, jc_text(mem, raw));
        err_set(e, E_DATA_PARENT, "%.*s: %.*s point at %.*s, whose rows are not taken",
                STR_ARG(cat->label), STR_ARG(sb_view(&name)), STR_ARG(sb_view(&other)));
        return err_hint(e, "add %.*s to --data", STR_ARG(sb_view(&other)));
    }
    return 0;
}

/* The column of a dotted name: "orders.x", "public.orders.x"; NULL: there is none. E_BAD_VALUE
 * where tables of several schemas have one. */
static int find_column(const struct catalog *cat, struct str name, struct arena *mem,
                       const struct obj **out, struct err *e)
{
    struct str folded = cat->eng->fold(mem, name), first = STR_NULL, second = STR_NULL;
    *out = NULL;
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *o = &cat->v[i];
        struct strbuf dotted = sb_new(mem, 0);
        if (!str_eq(path_kind(o->path), STR("column")))
            continue;
        path_dotted(&dotted, o->path);
        struct str full = sb_view(&dotted);
        bool tail = full.n > folded.n && str_ends(full, folded) &&
                    full.p[full.n - folded.n - 1] == '.' && str_chr(folded, '.') < folded.n;
        if (!str_eq(full, folded) && !tail)
            continue;
        second = first;
        first = full;
        *out = o;
        if (!tail)
            return 0;
    }
    return str_is_null(second)
               ? 0
               : err_set(e, E_BAD_VALUE, "--backfill %.*s: both %.*s and %.*s are called so",
                         STR_ARG(name), STR_ARG(second), STR_ARG(first));
}

/* Whether rows that are there want a value: a column comes without one, or takes NULL no more. */
static bool wants_value(const struct catalog *from, const struct catalog *to, const struct obj *o,
                        struct arena *mem)
{
    const struct obj *was = cat_find(from, o->path), *is = cat_find(to, o->path);
    struct relation before = {0}, after = {0};
    if (was)
        before = relation_of(from, was, mem);
    if (is)
        after = relation_of(to, is, mem);
    bool brings = !str_is_null(after.dflt) || !str_is_null(after.generated) || after.counts;
    return after.notnull && (was ? !before.notnull : !brings);
}

int context_backfill(struct context *ctx, const struct catalog *from, const struct catalog *to,
                     struct plan_request *req, struct err *e)
{
    const struct option_values *given = &ctx->cmd.given;
    VEC(struct backfill) list = {0};
    if (given->n[OPT_BACKFILL] && to->eng->no_driver)
        return err_set(e, E_UNSUPPORTED_CHANGE,
                       "--backfill: no change type fills a column in on %s", to->eng->title);
    for (uint32_t i = 0; i < given->n[OPT_BACKFILL]; i++) {
        struct str text = given->v[OPT_BACKFILL][i];
        size_t eq = str_chr(text, '=');
        struct str name = str_trim(str_sub(text, 0, eq)), value = str_trim(str_from(text, eq + 1));
        if (str_starts(name, STR("column ")))
            name = str_trim(str_from(name, 7));
        if (eq == text.n || !name.n || !value.n)
            return err_set(e, E_BAD_VALUE, "--backfill %.*s: want TABLE.COLUMN=VALUE",
                           STR_ARG(text));
        const struct obj *o;
        bool standing = ctx->config.defaults.n[OPT_BACKFILL] > 0;
        if (find_column(to, name, ctx->mem, &o, e) ||
            (!o && find_column(from, name, ctx->mem, &o, e)))
            return -1;
        if (!o && standing)
            continue; /* of snap.yml, and gone since */
        if (!o)
            return err_set(e, E_BAD_VALUE, "--backfill: there is no column %.*s", STR_ARG(name));
        if (!standing && !wants_value(from, to, o, ctx->mem))
            warn(ctx, "--backfill %.*s is not used: rows that are there need no value of it",
                 STR_ARG(name));
        struct backfill one = {o->path, value};
        VEC_PUSH(ctx->mem, list, one);
    }
    req->backfill = list.v;
    req->nbackfill = list.n;
    return 0;
}
