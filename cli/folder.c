/* A folder of pages that belongs to one command; see folder.h. */

#include "cli/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct folder {
    struct context *ctx;
    const struct folder_form *form;
    struct str path;
    struct str old; /* names of the list that was there, a line each */
    struct str *v;  /* names of this run, sorted */
    uint32_t n, cap;
    bool listing; /* names are collected, nothing is written */
    uint32_t written, same, removed;
};

static char *file_in(const struct folder *f, struct str name)
{
    struct str path = arena_printf(f->ctx->mem, "%.*s/%.*s", STR_ARG(f->path), STR_ARG(name));
    return arena_cstr(f->ctx->mem, path);
}

/* Whether the name is one of this run's. */
static bool is_wanted(const struct folder *f, struct str name)
{
    return f->n && bsearch(&name, f->v, f->n, sizeof *f->v, str_order);
}

/* A name that only this command gives: nothing else is ever removed, whatever the list says. */
static bool is_page(struct str name)
{
    bool dot = false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (c == '.' && i && !dot)
            dot = true;
        else if (!(c >= 'a' && c <= 'z') && !ascii_is_digit(c) && c != '-' && c != '_')
            return false;
    }
    return str_ends(name, STR(".html")) || str_ends(name, STR(".md"));
}

/* A file that a run was writing when it was killed: its name, ".snap-PID-N.tmp" (core/out.c). */
static bool is_left(const struct folder *f, struct str name)
{
    size_t at = str_find(name, STR(".snap-")), list = strlen(f->form->list);
    if (str_starts(name, str_c(f->form->list)))
        at = list + str_find(str_from(name, list), STR(".snap-"));
    struct str head = str_sub(name, 0, at), tail = str_from(name, at + 6);
    if (!str_ends(tail, STR(".tmp")) || !(is_page(head) || str_eq_c(head, f->form->list)))
        return false;
    for (size_t i = 0; i + 4 < tail.n; i++)
        if (!ascii_is_digit(tail.p[i]) && tail.p[i] != '-')
            return false;
    return true;
}

enum { LEFT_SECONDS = 86400 };

/* Goes through the folder: whether nothing of others is in it; with `sweep`, what killed runs have
 * left there is removed once it is a day old, as another run may be writing now. */
static int look_into(const struct folder *f, bool sweep, bool *empty, struct err *e)
{
    char *path = arena_cstr(f->ctx->mem, f->path);
    DIR *d = opendir(path);
    struct dirent *entry;
    *empty = true;
    if (!d)
        return err_set(e, E_WRITE_FAILED, "%s: cannot read the folder: %s", path, strerror(errno));
    while ((entry = readdir(d))) {
        struct str name = str_c(entry->d_name);
        struct stat st;
        bool left = is_left(f, name);
        *empty = *empty && (left || str_eq(name, STR(".")) || str_eq(name, STR("..")));
        if (sweep && left && lstat(file_in(f, name), &st) == 0 &&
            st.st_mtime + LEFT_SECONDS < time(NULL))
            unlink(file_in(f, name));
    }
    closedir(d);
    return 0;
}

/* Makes the folder, or finds that it is ours. */
static int open_folder(struct folder *f, struct err *e)
{
    char *path = arena_cstr(f->ctx->mem, f->path), *list = file_in(f, str_c(f->form->list));
    struct stat st;
    bool empty;
    if (mkdir(path, 0777) == 0)
        return 0;
    if (errno != EEXIST)
        return err_set(e, E_WRITE_FAILED, "%s: cannot make the folder: %s", path, strerror(errno));
    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
        return err_set(e, E_WRITE_FAILED, "%s: is no folder", path);
    if (stat(list, &st) == 0)
        return file_read(list, (size_t)1 << 26, f->ctx->mem, &f->old, e);
    if (look_into(f, false, &empty, e))
        return -1;
    if (empty)
        return 0;
    err_set(e, E_PROTECTED, "%s holds files and no %s: it is no folder of %s", path, f->form->list,
            f->form->command);
    return err_hint(e, "name a folder that is new or empty");
}

static bool is_same(char *path, struct str text, struct arena *mem)
{
    struct stat st;
    struct str was;
    struct err e = {0};
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size == text.n &&
           !file_read(path, text.n + 1, mem, &was, &e) && str_eq(was, text);
}

static int put_page(void *ctx, struct str name, struct str text, struct err *e)
{
    struct folder *f = ctx;
    if (f->listing) {
        VEC_PUSH(f->ctx->mem, *f, arena_str(f->ctx->mem, name));
        return 0;
    }
    if (text.n >= SB_MAX)
        return err_set(e, E_LIMIT, "page %.*s is larger than 1 GiB", STR_ARG(name));
    struct arena *mem = arena_new(0);
    char *path = file_in(f, name);
    bool same = is_same(path, text, mem);
    arena_free(mem);
    f->same += same;
    f->written += !same;
    return same ? 0 : out_file(f->ctx->mem, path, text, e);
}

static int put_list(struct folder *f, struct str more, struct err *e)
{
    struct strbuf text = sb_new(f->ctx->mem, 0);
    struct str rest = more, line;
    sb_c(&text, f->form->head);
    for (uint32_t i = 0; i < f->n; i++)
        sb_printf(&text, "%.*s\n", STR_ARG(f->v[i]));
    while (str_cut(&rest, '\n', &line))
        if (is_page(line) && !is_wanted(f, line))
            sb_printf(&text, "%.*s\n", STR_ARG(line));
    return out_file(f->ctx->mem, file_in(f, str_c(f->form->list)), sb_view(&text), e);
}

static int remove_stale(struct folder *f, struct err *e)
{
    struct str rest = f->old, line;
    bool empty;
    if (look_into(f, true, &empty, e))
        return -1;
    while (str_cut(&rest, '\n', &line)) {
        if (!is_page(line) || is_wanted(f, line))
            continue;
        char *path = file_in(f, line);
        if (unlink(path) == 0)
            f->removed++;
        else if (errno != ENOENT)
            return err_set(e, E_WRITE_FAILED,
                           "%s: cannot remove the page of an object that is gone: %s", path,
                           strerror(errno));
    }
    return 0;
}

int folder_named(const struct context *ctx, const struct folder_form *form, struct err *e)
{
    struct str path = opt(ctx, OPT_OUTPUT);
    if (path.n && !str_eq(path, STR("-")))
        return 0;
    return err_set(e, E_USAGE, "%s: -o DIR names the folder for the pages", form->command);
}

int folder_write(struct context *ctx, const struct folder_form *form, folder_fn *pages, void *job,
                 struct err *e)
{
    struct folder f = {.ctx = ctx, .form = form, .path = opt(ctx, OPT_OUTPUT), .listing = true};
    if (folder_named(ctx, form, e) || open_folder(&f, e) || pages(job, true, put_page, &f, e))
        return -1;
    qsort(f.v, f.n, sizeof *f.v, str_order);
    if (put_list(&f, f.old, e))
        return -1;
    f.listing = false;
    if (pages(job, false, put_page, &f, e) || remove_stale(&f, e) || put_list(&f, STR_NULL, e))
        return -1;
    say(ctx, "%u pages written, %u the same, %u removed", f.written, f.same, f.removed);
    return 0;
}
