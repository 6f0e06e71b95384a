/* Flyway's migrations in a folder: which versions there are, what is written and read; see
 * flyway.h. */

#include "cli/flyway.h"

#include "core/out.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_FILE = 256 << 20, MAX_PARTS = 16 };

struct migration {
    struct str name, version;
};
struct migrations {
    struct arena *mem;
    struct migration *v;
    uint32_t n, cap;
};

/* The next number of a version: its parts stand between dots or underscores. */
static uint64_t next_part(struct str *rest)
{
    uint64_t n = 0;
    size_t i = 0;
    for (; i < rest->n && ascii_is_digit(rest->p[i]); i++)
        n = n < UINT64_MAX / 10 - 1 ? n * 10 + (uint64_t)(rest->p[i] - '0') : n;
    *rest = str_from(*rest, i + 1);
    return n;
}

static int by_version(struct str a, struct str b)
{
    for (int part = 0; part < MAX_PARTS && (a.n || b.n); part++) {
        uint64_t x = next_part(&a), y = next_part(&b);
        if (x != y)
            return x < y ? -1 : 1;
    }
    return 0;
}

static int compare(const void *a, const void *b)
{
    return by_version(((const struct migration *)a)->version,
                      ((const struct migration *)b)->version);
}

/* "2.1" of V2.1__words.sql; absent: no migration of that kind. */
static struct str version_of(struct str name, char kind)
{
    size_t end = str_find(name, STR("__"));
    if (end == name.n || !str_ends(name, STR(".sql")) || name.p[0] != kind)
        return STR_NULL;
    struct str version = str_sub(name, 1, end);
    for (size_t i = 0; i < version.n; i++)
        if (!ascii_is_digit(version.p[i]) && version.p[i] != '.' && version.p[i] != '_')
            return STR_NULL;
    return version.n && ascii_is_digit(version.p[0]) ? version : STR_NULL;
}

/* Migrations of a kind, in order. */
static int list(struct context *ctx, const char *folder, char kind, struct migrations *out,
                struct err *e)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    *out = (struct migrations){.mem = ctx->mem};
    if (!dir) {
        err_set(e, E_CANNOT_OPEN, "folder %s: %s", folder, strerror(errno));
        return err_hint(e, "--format flyway writes into a folder that is there: -o FOLDER");
    }
    while ((entry = readdir(dir))) {
        struct str version = version_of(str_c(entry->d_name), kind);
        struct str name = arena_str(ctx->mem, str_c(entry->d_name));
        struct migration one = {name, arena_str(ctx->mem, version)};
        if (version.n)
            VEC_PUSH(ctx->mem, *out, one);
    }
    closedir(dir);
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, compare);
    return 0;
}

static void put_version(void *ctx, struct str version)
{
    struct migrations *m = ctx;
    struct migration one = {STR_NULL, arena_str(m->mem, version)};
    if (version.n && ascii_is_digit(version.p[0]))
        VEC_PUSH(m->mem, *m, one);
}

/* The highest version that Flyway has recorded in FROM; "" where there is none. */
static int recorded(struct context *ctx, const struct sides *s, const struct engine *eng,
                    struct str *out, struct err *e)
{
    struct migrations m = {.mem = ctx->mem};
    const struct live_ops *live = eng->live;
    struct session *session = NULL;
    *out = STR("");
    if (s->spec[0].kind != SRC_LIVE || !live || !live->versions)
        return 0;
    struct source src = s->spec[0].live;
    src.timeout_ms = ctx->timeout_ms;
    int rc = live->open(&src, ctx->mem, &session, e);
    if (!rc)
        rc = live->versions(session, put_version, &m, e);
    live->close(session);
    if (m.n)
        qsort(m.v, m.n, sizeof *m.v, compare);
    if (m.n)
        *out = m.v[m.n - 1].version;
    return rc;
}

int flyway_next(struct context *ctx, const struct sides *s, struct str folder, uint64_t *next,
                struct err *e)
{
    struct migrations up, down;
    struct str last;
    if (!folder.n || str_eq(folder, STR("-"))) {
        err_set(e, E_USAGE, "--format flyway writes several files");
        return err_hint(e, "-o FOLDER, with the migrations that are there");
    }
    const char *path = arena_cstr(ctx->mem, folder);
    if (list(ctx, path, 'V', &up, e) || list(ctx, path, 'U', &down, e) ||
        recorded(ctx, s, s->eng, &last, e))
        return -1;
    const struct migrations *kinds[] = {&up, &down};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i]->n && by_version(last, kinds[i]->v[kinds[i]->n - 1].version) < 0)
            last = kinds[i]->v[kinds[i]->n - 1].version;
    *next = next_part(&last) + 1;
    return 0;
}

/* V....sql: what Flyway runs. */
static bool is_run(struct str name)
{
    return name.p[0] == 'V' && str_ends(name, STR(".sql"));
}

/* What is run stands last, when what belongs to it is there. */
int flyway_write(struct context *ctx, struct str folder, const struct emit_files *files,
                 struct err *e)
{
    const char *slash = str_ends(folder, STR("/")) ? "" : "/";
    char **paths = NEW_ARRAY(ctx->mem, char *, files->n);
    uint32_t done = 0;
    struct stat st;
    int rc = 0;
    for (uint32_t i = 0; i < 2 * files->n && !rc; i++) {
        bool runs = i >= files->n;
        const struct emit_file *f = &files->v[runs ? i - files->n : i];
        if (is_run(f->name) != runs)
            continue;
        struct str path =
            arena_printf(ctx->mem, "%.*s%s%.*s", STR_ARG(folder), slash, STR_ARG(f->name));
        paths[done] = arena_cstr(ctx->mem, path);
        rc = stat(paths[done], &st) == 0
                 ? err_set(e, E_WRITE_FAILED, "%s is there already", paths[done])
                 : out_file(ctx->mem, paths[done], f->text, e);
        done += !rc;
    }
    for (uint32_t i = 0; rc && i < done; i++)
        unlink(paths[i]);
    return rc;
}

/* Flyway refuses two of a kind with one version. */
static int check_twins(const struct migrations *m, const char *folder, struct err *e)
{
    for (uint32_t i = 1; i < m->n; i++)
        if (by_version(m->v[i - 1].version, m->v[i].version) == 0)
            return err_set(e, E_CHANGELOG_FOREIGN, "%s: %.*s and %.*s have one version", folder,
                           STR_ARG(m->v[i - 1].name), STR_ARG(m->v[i].name));
    return 0;
}

static int read_one(struct context *ctx, const struct engine *eng, const char *folder,
                    struct str name, struct str undo, struct replay *out, struct strbuf *all,
                    struct err *e)
{
    struct str text, back;
    const char *path = arena_printf(ctx->mem, "%s/%.*s", folder, STR_ARG(name)).p;
    const char *undo_path = arena_printf(ctx->mem, "%s/%.*s", folder, STR_ARG(undo)).p;
    if (file_read(path, MAX_FILE, ctx->mem, &text, e) ||
        file_read(undo_path, MAX_FILE, ctx->mem, &back, e))
        return -1;
    sb_printf(all, "%.*s\n%.*s\n", STR_ARG(text), STR_ARG(back));
    return changelog_read(text, back, name, eng, ctx->mem, out, e);
}

/* Says which scripts Flyway runs besides: repeatable ones, and baselines. */
static void warn_others(struct context *ctx, const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir))) {
        struct str name = str_c(entry->d_name);
        bool repeatable = str_starts(name, STR("R__")) && str_ends(name, STR(".sql"));
        if (repeatable || !str_is_null(version_of(name, 'B')))
            warn(ctx, "%s/%s is not replayed: what Flyway makes of it is not proven", folder,
                 entry->d_name);
    }
    if (dir)
        closedir(dir);
}

int flyway_read(struct context *ctx, const struct sides *s, const char *folder, struct replay *out,
                struct str *text, struct err *e)
{
    const struct engine *eng = s->opened[0].catalog->eng;
    struct migrations up, down;
    struct str last;
    struct strbuf all = sb_new(ctx->mem, 0);
    VEC(struct replay_step) steps = {0};
    if (list(ctx, folder, 'V', &up, e) || list(ctx, folder, 'U', &down, e) ||
        check_twins(&up, folder, e) || check_twins(&down, folder, e) ||
        recorded(ctx, s, eng, &last, e))
        return -1;
    warn_others(ctx, folder);
    for (uint32_t i = 0; i < up.n; i++) {
        struct replay one;
        struct str undo = STR_NULL;
        if (last.n && by_version(up.v[i].version, last) <= 0)
            continue;
        for (uint32_t k = 0; k < down.n; k++)
            if (by_version(down.v[k].version, up.v[i].version) == 0)
                undo = down.v[k].name;
        if (!undo.n)
            return err_set(e, E_CHANGELOG_FOREIGN, "%s/%.*s has no undo script", folder,
                           STR_ARG(up.v[i].name));
        if (read_one(ctx, eng, folder, up.v[i].name, undo, &one, &all, e))
            return -1;
        for (uint32_t k = 0; k < one.n; k++)
            VEC_PUSH(ctx->mem, steps, one.v[k]);
    }
    *out = (struct replay){steps.v, steps.n};
    *text = sb_view(&all);
    return 0;
}
