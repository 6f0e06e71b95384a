/* What keeps a command from harm: files that must not be overwritten, and filters that would have
 * it compare nothing. */

#include "cli/context.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* The file that a source is, as the system knows it. */
bool source_stat(const struct source_spec *spec, struct stat *st)
{
    bool has = spec->kind == SRC_LIVE ? spec->eng && spec->eng->file_based
                                      : spec->kind == SRC_SNAPSHOT || spec->kind == SRC_SCRIPT;
    return has && !str_eq(spec->live.place, STR("-")) && spec->live.place.n &&
           stat(spec->live.place.p, st) == 0;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_ino == b->st_ino && a->st_dev == b->st_dev;
}

/* The file is the source, or one of the scripts in the folder that is. */
static bool is_source(const struct context *ctx, const struct source_spec *spec, struct str path,
                      const struct stat *file)
{
    struct stat st;
    if (!source_stat(spec, &st))
        return false;
    if (!S_ISDIR(st.st_mode))
        return same_file(&st, file);
    char *folder = realpath(spec->live.place.p, NULL);
    char *real = realpath(arena_cstr(ctx->mem, path), NULL);
    size_t n = folder ? strlen(folder) : 0;
    bool inside = folder && real && strncmp(real, folder, n) == 0 && real[n] == '/' &&
                  (str_ends(str_c(real), STR(".sql")) || str_ends(str_c(real), STR(".js")));
    free(folder);
    free(real);
    return inside;
}

static int refuse(struct str path, const char *what, struct str name, struct err *e)
{
    err_set(e, E_PROTECTED, "%.*s %s %.*s", STR_ARG(path), what, STR_ARG(name));
    return err_hint(e, "name another file to write to");
}

static int check_environments(const struct context *ctx, struct str path, const struct stat *file,
                              struct err *e)
{
    for (uint32_t i = 0; i < ctx->config.nenvs; i++) {
        const struct config_env *env = &ctx->config.envs[i];
        struct source_spec spec;
        struct err none;
        if (source_parse(env->source, all_engines, ctx->mem, &spec, &none) ||
            !is_source(ctx, &spec, path, file))
            continue;
        if (env->is_protected)
            return refuse(path, "is the protected environment", env->name, e);
        if (spec.kind == SRC_LIVE)
            return refuse(path, "is the environment", env->name, e);
    }
    return 0;
}

int context_check_output(const struct context *ctx, struct str path, bool over_source,
                         struct err *e)
{
    struct stat file, st;
    if (!path.n || str_eq(path, STR("-")) || stat(arena_cstr(ctx->mem, path), &file) != 0 ||
        !S_ISREG(file.st_mode))
        return 0;
    for (uint32_t i = 0; i < ctx->nread; i++) {
        const struct source_spec *spec = &ctx->read[i];
        if ((!over_source || spec->kind != SRC_SNAPSHOT) && is_source(ctx, spec, path, &file))
            return refuse(path, "is the source", spec->label, e);
    }
    if (check_environments(ctx, path, &file, e))
        return -1;
    if (ctx->config.path.n && stat(arena_cstr(ctx->mem, ctx->config.path), &st) == 0 &&
        same_file(&st, &file))
        return refuse(path, "is the configuration", ctx->config.path, e);
    return context_no_database(arena_cstr(ctx->mem, path), e);
}

/* The path without links, also of a file that is not there yet. */
static struct str resolved(const struct context *ctx, struct str path)
{
    size_t slash = path.n;
    while (slash && path.p[slash - 1] != '/')
        slash--;
    char *real = realpath(arena_cstr(ctx->mem, path), NULL);
    struct str out = real ? arena_str(ctx->mem, str_c(real)) : STR_NULL;
    free(real);
    if (out.n)
        return out;
    real = realpath(slash ? arena_cstr(ctx->mem, str_sub(path, 0, slash)) : ".", NULL);
    out = real ? arena_printf(ctx->mem, "%s/%.*s", real, STR_ARG(str_from(path, slash))) : path;
    free(real);
    return out;
}

/* Checks one file and adds it to those that will be written. */
static int add_output(const struct context *ctx, struct str path, struct str *seen, uint32_t *n,
                      struct err *e)
{
    struct stat st;
    if (!path.n || str_eq(path, STR("-")))
        return 0;
    if (context_check_output(ctx, path, opt_on(ctx, OPT_REFRESH), e))
        return -1;
    if (stat(arena_cstr(ctx->mem, path), &st) == 0 && !S_ISREG(st.st_mode))
        return 0; /* a device or a FIFO may be written to more than once */
    struct str real = resolved(ctx, path);
    for (uint32_t i = 0; i < *n; i++)
        if (str_eq(seen[i], real))
            return err_set(e, E_USAGE, "%.*s would be written twice", STR_ARG(path));
    seen[(*n)++] = real;
    return 0;
}

int context_check_outputs(const struct context *ctx, struct err *e)
{
    const struct option_values *v = &ctx->cmd.given;
    struct str output = opt(ctx, OPT_OUTPUT);
    struct str *seen = NEW_ARRAY(ctx->mem, struct str, v->n[OPT_FORMAT] + 3);
    uint32_t n = 0, plain = 0;
    if (add_output(ctx, output, seen, &n, e) ||
        add_output(ctx, opt(ctx, OPT_ROLLBACK_OUTPUT), seen, &n, e) ||
        add_output(ctx, opt(ctx, OPT_EVIDENCE), seen, &n, e))
        return -1;
    for (uint32_t i = 0; i < v->n[OPT_FORMAT]; i++) {
        struct str format = v->v[OPT_FORMAT][i];
        size_t eq = str_chr(format, '=');
        plain += eq == format.n;
        if (add_output(ctx, str_from(format, eq + 1), seen, &n, e))
            return -1;
    }
    if (output.n && plain > 1) {
        err_set(e, E_USAGE, "%.*s cannot hold several formats", STR_ARG(output));
        return err_hint(e, "give each its file: -f text=FILE -f json=FILE");
    }
    if (output.n && !plain && v->n[OPT_FORMAT])
        return err_set(e, E_USAGE, "-o %.*s: every format has a file of its own", STR_ARG(output));
    return 0;
}

static bool fits(struct str pattern, const struct opened *a, const struct opened *b)
{
    return (a->catalog && filter_pattern_fits(pattern, a->catalog)) ||
           (b && b->catalog && filter_pattern_fits(pattern, b->catalog));
}

/* Facts that count, and those that a filter leaves out. */
static void count_facts(const struct opened *o, unsigned facets, uint32_t *counted, uint32_t *cut)
{
    for (uint32_t i = 0; o && o->catalog && i < o->catalog->n; i++) {
        bool ignored = o->catalog->v[i].flags & OBJ_IGNORED;
        *cut += ignored;
        *counted += !ignored && obj_in_facets(o->catalog->eng, &o->catalog->v[i], facets);
    }
}

static int unknown_pattern(const struct context *ctx, struct str pattern, struct err *e)
{
    struct str rest = opt(ctx, OPT_SCHEMAS), name;
    while (str_cut(&rest, ',', &name)) {
        name = str_trim(name);
        if (!str_starts(pattern, STR("schema:")) || !str_eq(str_from(pattern, 7), name))
            continue;
        err_set(e, E_PATTERN_UNKNOWN, "--schemas: there is no schema %.*s on either side",
                STR_ARG(name));
        return err_hint(e, "names stand as the server has them: `snap snapshot SRC` shows them");
    }
    return err_set(e, E_PATTERN_UNKNOWN, "--include %.*s fits nothing", STR_ARG(pattern));
}

int context_check_filters(struct context *ctx, const struct opened *a, const struct opened *b,
                          unsigned facets, struct err *e)
{
    const struct filter *f = &ctx->filter;
    uint32_t counted = 0, cut = 0;
    for (uint32_t i = 0; i < f->ninclude; i++)
        if (!fits(f->include[i], a, b))
            return unknown_pattern(ctx, f->include[i], e);
    for (uint32_t i = 0; i < f->nexclude; i++)
        if (!fits(f->exclude[i], a, b))
            warn(ctx, "--exclude %.*s fits nothing", STR_ARG(f->exclude[i]));
    bool scoped = f->ninclude || f->nexclude || a->scope.ninclude || a->scope.nexclude ||
                  (b && (b->scope.ninclude || b->scope.nexclude));
    if (!b || !scoped || !a->catalog || !b->catalog)
        return 0;
    count_facts(a, facets, &counted, &cut);
    count_facts(b, facets, &counted, &cut);
    if (counted || !cut)
        return 0;
    return err_set(e, E_NOTHING_COMPARED,
                   "the filters and scopes leave nothing that %.*s and %.*s could be compared by",
                   STR_ARG(a->catalog->label), STR_ARG(b->catalog->label));
}
