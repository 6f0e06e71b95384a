/* Master changelogs as files: where Liquibase's paths begin, and how files are reached. */

#include "cli/context.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/masters.h"

enum { MAX_CHANGELOG = 256 << 20, MAX_NAMES = 20000 };

static int read_one(void *unused, struct str path, struct arena *mem, struct str *text,
                    struct err *e)
{
    (void)unused;
    return file_read(arena_cstr(mem, path), MAX_CHANGELOG, mem, text, e);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static int list_names(void *unused, struct str path, struct arena *mem, struct str **names,
                      uint32_t *n, struct err *e)
{
    const char *folder = path.n ? arena_cstr(mem, path) : ".";
    VEC(struct str) found = {0};
    const struct dirent *entry;
    (void)unused;
    DIR *dir = opendir(folder);
    if (!dir)
        return err_set(e, errno == ENOENT || errno == ENOTDIR ? E_NO_SUCH_FILE : E_CANNOT_OPEN,
                       "%s: %s", folder, strerror(errno));
    while ((entry = readdir(dir)) && found.n < MAX_NAMES) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        const char *whole = arena_printf(mem, "%s/%s", folder, entry->d_name).p;
        struct str name = arena_printf(mem, "%s%s", entry->d_name, is_folder(whole) ? "/" : "");
        VEC_PUSH(mem, found, name);
    }
    closedir(dir);
    if (entry)
        return err_set(e, E_LIMIT, "%s holds more than %d names", folder, MAX_NAMES);
    *names = found.v;
    *n = found.n;
    return 0;
}

const struct log_io master_io = {NULL, read_one, list_names};

/* Without --search-path Liquibase's paths begin at the working directory; for a master outside of
 * it, at its own folder. */
static void find_root(const struct context *ctx, struct str *path, struct str *root)
{
    struct str given = opt(ctx, OPT_SEARCH_PATH);
    char *cwd = getcwd(NULL, 0);
    size_t slash = path->n;
    *root = given;
    if (cwd && !given.n) {
        struct str here = arena_printf(ctx->mem, "%s/", cwd);
        if (str_starts(*path, here))
            *path = str_from(*path, here.n);
    }
    free(cwd);
    bool outside = str_starts(*path, STR("/")) || str_starts(*path, STR(".."));
    if (given.n || !outside)
        return;
    while (slash && path->p[slash - 1] != '/')
        slash--;
    *root = str_sub(*path, 0, slash);
}

bool master_is_folder(struct context *ctx, struct str path)
{
    return is_folder(arena_cstr(ctx->mem, path));
}

int context_master(struct context *ctx, struct str path, bool lenient, struct master *out,
                   struct err *e)
{
    struct str root;
    find_root(ctx, &path, &root);
    if (master_is_folder(ctx, path))
        return master_of_folder(path, root, &master_io, ctx->mem, out, e);
    return master_read(path, root, &master_io, lenient, ctx->mem, out, e);
}
