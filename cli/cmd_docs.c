/*
 * snap docs SRC -o DIR: pages of a schema in a folder that belongs to them.
 *
 * The folder holds a list of the pages, .snap-docs. Only a folder that is new, empty or has that
 * list is written to, and only pages on the list are removed. The list is written before the first
 * page, with old and new names, and after the last: whenever the run ends, every page that it made
 * is on the list. Each file is whole or not there, and the index is last.
 */

#include "cli/context.h"
#include "emit/pages.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIST ".snap-docs"
#define HEAD "Pages that snap docs has made; it removes those that are no longer wanted.\n"

struct folder {
    struct context *ctx;
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

static int is_empty(const char *path, bool *empty, struct err *e)
{
    DIR *d = opendir(path);
    struct dirent *entry;
    *empty = true;
    if (!d)
        return err_set(e, E_WRITE_FAILED, "%s: cannot read the folder: %s", path, strerror(errno));
    while ((entry = readdir(d)))
        *empty = *empty && (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."));
    closedir(d);
    return 0;
}

/* Makes the folder, or finds that it is ours. */
static int open_folder(struct folder *f, struct err *e)
{
    char *path = arena_cstr(f->ctx->mem, f->path), *list = file_in(f, STR(LIST));
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
    if (is_empty(path, &empty, e))
        return -1;
    if (empty)
        return 0;
    err_set(e, E_PROTECTED, "%s holds files and no " LIST ": it is no folder of snap docs", path);
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
    sb_c(&text, HEAD);
    for (uint32_t i = 0; i < f->n; i++)
        sb_printf(&text, "%.*s\n", STR_ARG(f->v[i]));
    while (str_cut(&rest, '\n', &line))
        if (is_page(line) && !is_wanted(f, line))
            sb_printf(&text, "%.*s\n", STR_ARG(line));
    return out_file(f->ctx->mem, file_in(f, STR(LIST)), sb_view(&text), e);
}

static int remove_stale(struct folder *f, struct err *e)
{
    struct str rest = f->old, line;
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

static int write_pages(struct context *ctx, const struct catalog *cat,
                       const struct pages_form *form, struct err *e)
{
    struct folder f = {.ctx = ctx, .path = opt(ctx, OPT_OUTPUT), .listing = true};
    if (open_folder(&f, e) || pages_write(cat, form, ctx->mem, put_page, &f, e))
        return -1;
    qsort(f.v, f.n, sizeof *f.v, str_order);
    if (put_list(&f, f.old, e))
        return -1;
    f.listing = false;
    if (pages_write(cat, form, ctx->mem, put_page, &f, e) || remove_stale(&f, e) ||
        put_list(&f, STR_NULL, e))
        return -1;
    say(ctx, "%u pages written, %u the same, %u removed", f.written, f.same, f.removed);
    return 0;
}

static int run(struct context *ctx, struct source_spec *spec, const struct pages_form *form,
               struct opened *o, struct err *e)
{
    unsigned facets;
    if (context_open_one(ctx, spec, true, &facets, o, e) || source_catalog(o, ctx->mem, e) ||
        context_check_filters(ctx, o, NULL, facets, e) || context_ledger(ctx, o->catalog, e))
        return -1;
    if (o->catalog->nledger)
        warn(ctx, "%u objects are not modelled and have no page; the first is %.*s %.*s",
             o->catalog->nledger, STR_ARG(o->catalog->ledger[0].kind),
             STR_ARG(o->catalog->ledger[0].name));
    return write_pages(ctx, o->catalog, form, e);
}

int cmd_docs(struct context *ctx, struct err *e)
{
    struct str name = opt(ctx, OPT_FORMAT), path = opt(ctx, OPT_OUTPUT);
    const struct pages_form *form = pages_find(name.n ? name : STR("html"));
    struct source_spec spec;
    struct opened o = {0};
    if (!form) {
        err_set(e, E_UNKNOWN_FORMAT, "snap docs has no format %.*s", STR_ARG(name));
        return err_hint(e, "formats: %s", pages_names);
    }
    if (!path.n || str_eq(path, STR("-")))
        return err_set(e, E_USAGE, "snap docs: -o DIR names the folder for the pages");
    if (context_source(ctx, str_c(ctx->cmd.args[0]), &spec, e))
        return -1;
    int rc = run(ctx, &spec, form, &o, e);
    source_close(&o);
    return rc;
}
