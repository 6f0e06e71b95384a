/* Reading the file of --targets: names, globs, options of a line; which part is ours. */

#include "cli/targets.h"

#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/escape.h"
#include "core/pattern.h"

enum { MAX_FILE = 16 << 20, MAX_OPTIONS = 16, MAX_SHARDS = 100000 };

struct list {
    struct context *ctx;
    struct str path, folder;
    bool open_to_others;
    uint32_t line;
    struct target *v;
    uint32_t n, cap;
};

static int add(struct list *l, const struct target *t, struct err *e)
{
    if (l->n == TARGETS_MOST)
        return err_set(e, E_LIMIT, "%.*s names more than %d targets", STR_ARG(l->path),
                       TARGETS_MOST);
    if (l->n == l->cap)
        l->v = vec_grow(l->ctx->mem, l->v, &l->cap, sizeof *l->v);
    l->v[l->n] = *t;
    l->v[l->n++].line = l->line;
    return 0;
}

/* What is between the name and the options: "NAME=", where what is in front of = could be no
 * URL and no path. */
static size_t name_length(struct str text)
{
    size_t n = 0;
    while (n < text.n &&
           (ascii_is_alpha(text.p[n]) || ascii_is_digit(text.p[n]) || text.p[n] == '_' ||
            text.p[n] == '-' || text.p[n] == '.' || (unsigned char)text.p[n] >= 0x80))
        n++;
    return n && n < text.n && text.p[n] == '=' ? n : 0;
}

static const struct {
    const char *word;
    enum option_id id;
} words[] = {{"baseline", OPT_BASELINE},
             {"schemas", OPT_SCHEMAS},
             {"map-schema", OPT_MAP_SCHEMA},
             {"include", OPT_INCLUDE},
             {"exclude", OPT_EXCLUDE}};

/* Takes options off the end of the line, the last one first. */
static int take_options(struct list *l, struct str *text, struct target *t, struct err *e)
{
    struct target_option *v = NEW_ARRAY(l->ctx->mem, struct target_option, MAX_OPTIONS);
    for (;;) {
        size_t at = text->n;
        while (at && !ascii_is_space(text->p[at - 1]))
            at--;
        struct str last = str_from(*text, at);
        size_t eq = str_chr(last, '='), k = 0;
        while (k < sizeof words / sizeof *words && !str_eq_c(str_sub(last, 0, eq), words[k].word))
            k++;
        if (!at || k == sizeof words / sizeof *words || eq == last.n)
            break;
        if (t->noptions == MAX_OPTIONS)
            return err_set(e, E_BAD_VALUE, "%.*s line %u: more than %d options", STR_ARG(l->path),
                           l->line, MAX_OPTIONS);
        struct str value = str_from(last, eq + 1);
        if (words[k].id == OPT_BASELINE && !config_env(&l->ctx->config, value))
            value = source_beside(value, l->folder, all_engines, l->ctx->mem);
        v[t->noptions++] = (struct target_option){words[k].id, arena_str(l->ctx->mem, value)};
        *text = str_trim(str_sub(*text, 0, at));
    }
    t->options = v;
    return 0;
}

static bool is_beside(struct str name)
{
    return str_ends(name, STR("-wal")) || str_ends(name, STR("-shm")) ||
           str_ends(name, STR("-journal"));
}

/* Each file that the glob fits is a target, called as the glob would call it. */
static int add_files(struct list *l, struct str pattern, const struct target *like, struct err *e)
{
    struct arena *mem = l->ctx->mem;
    struct str full = source_beside(pattern, l->folder, all_engines, mem);
    size_t cut = full.n - pattern.n;
    glob_t found;
    uint32_t n = 0;
    int rc = glob(arena_cstr(mem, full), 0, NULL, &found);
    if (rc == GLOB_NOSPACE)
        return err_set(e, E_OUT_OF_MEMORY, "no memory for the files of %.*s", STR_ARG(pattern));
    rc = 0;
    for (size_t i = 0; i < found.gl_pathc && !rc; i++) {
        struct str file = arena_str(mem, str_c(found.gl_pathv[i]));
        struct strbuf name = sb_new(mem, 0);
        struct stat st;
        struct target t = *like;
        if (is_beside(file) || stat(file.p, &st) != 0 || !S_ISREG(st.st_mode))
            continue;
        esc_terminal(&name, str_from(file, cut));
        t.name = sb_view(&name);
        t.source = file;
        n++;
        rc = add(l, &t, e);
    }
    globfree(&found);
    if (rc || n)
        return rc;
    return err_set(e, E_NO_SUCH_FILE, "%.*s line %u: no file fits %.*s", STR_ARG(l->path), l->line,
                   STR_ARG(pattern));
}

static bool is_glob(struct str text)
{
    return (str_chr(text, '*') < text.n || str_chr(text, '?') < text.n ||
            str_chr(text, '[') < text.n) &&
           str_find(text, STR(":")) == text.n;
}

static int add_line(struct list *l, struct str text, struct err *e)
{
    struct target t = {0};
    struct arena *mem = l->ctx->mem;
    if (!str_is_utf8(text))
        return err_set(e, E_BAD_VALUE, "%.*s line %u is no UTF-8", STR_ARG(l->path), l->line);
    if (take_options(l, &text, &t, e))
        return -1;
    size_t n = name_length(text);
    struct str source = n ? str_trim(str_from(text, n + 1)) : text;
    if (!source.n)
        return err_set(e, E_BAD_VALUE, "%.*s line %u: a source is missing", STR_ARG(l->path),
                       l->line);
    if (str_eq(source, STR("-")))
        return err_set(e, E_BAD_VALUE, "%.*s line %u: standard input is no target",
                       STR_ARG(l->path), l->line);
    if (l->open_to_others && config_holds_password(source))
        return err_set(e, E_CONFIG_SECRET,
                       "%.*s line %u: the target holds a password and others may read the file",
                       STR_ARG(l->path), l->line);
    if (!n && is_glob(source))
        return add_files(l, source, &t, e);
    char *shown = arena_cstr(mem, n ? str_sub(text, 0, n) : source);
    redact_urls(shown);
    t.name = str_c(shown);
    t.source = config_env(&l->ctx->config, source)
                   ? arena_str(mem, source)
                   : arena_str(mem, source_beside(source, l->folder, all_engines, mem));
    return add(l, &t, e);
}

static int by_name(const void *a, const void *b)
{
    const struct target *x = a, *y = b;
    int c = str_cmp(x->name, y->name);
    return c ? c : (x->line > y->line) - (x->line < y->line);
}

static int sort(struct list *l, struct err *e)
{
    if (!l->n) {
        err_set(e, E_BAD_VALUE, "%.*s names no target", STR_ARG(l->path));
        return err_hint(e, "one a line: NAME=SRC, SRC, or a glob of files");
    }
    qsort(l->v, l->n, sizeof *l->v, by_name);
    for (uint32_t i = 1; i < l->n; i++)
        if (str_eq(l->v[i].name, l->v[i - 1].name)) {
            err_set(e, E_BAD_VALUE, "%.*s lines %u and %u: both name %.*s", STR_ARG(l->path),
                    l->v[i - 1].line, l->v[i].line, STR_ARG(l->v[i].name));
            return err_hint(e, "give each a name: NAME=SRC");
        }
    return 0;
}

static int read_text(struct list *l, struct str *text, struct err *e)
{
    struct arena *mem = l->ctx->mem;
    struct stat st;
    l->folder = STR(".");
    if (str_eq(l->path, STR("-"))) {
        l->open_to_others =
            fstat(STDIN_FILENO, &st) == 0 && S_ISREG(st.st_mode) && (st.st_mode & 077) != 0;
        return fd_read(STDIN_FILENO, MAX_FILE, STR("standard input"), mem, text, e);
    }
    size_t slash = l->path.n;
    while (slash && l->path.p[slash - 1] != '/')
        slash--;
    if (slash)
        l->folder = str_sub(l->path, 0, slash - 1 ? slash - 1 : 1);
    if (file_read(arena_cstr(mem, l->path), MAX_FILE, mem, text, e))
        return err_wrap(e, "--targets");
    l->open_to_others = stat(arena_cstr(mem, l->path), &st) == 0 && (st.st_mode & 077) != 0;
    return 0;
}

/* A comment begins at the line's begin, or behind a blank. */
static struct str without_comment(struct str line)
{
    for (size_t i = 0; i < line.n; i++)
        if (line.p[i] == '#' && (!i || ascii_is_space(line.p[i - 1])))
            return str_trim(str_sub(line, 0, i));
    return str_trim(line);
}

int targets_read(struct context *ctx, struct str path, struct target_list *out, struct err *e)
{
    struct list l = {.ctx = ctx, .path = path};
    struct str rest, line;
    if (read_text(&l, &rest, e))
        return -1;
    struct hasher *h = hasher_new(ctx->mem);
    hasher_add(h, rest);
    while (str_cut(&rest, '\n', &line)) {
        l.line++;
        line = without_comment(line);
        if (line.n && add_line(&l, line, e))
            return -1;
    }
    if (sort(&l, e))
        return -1;
    for (uint32_t i = 0; i < l.n; i++) { /* of globs: the files that are there now */
        hasher_add(h, STR("\n"));
        hasher_add(h, l.v[i].name);
    }
    *out = (struct target_list){l.v, l.n, l.folder, hasher_done(h)};
    return 0;
}

int targets_shard(struct target_list *t, struct str shard, struct err *e)
{
    size_t slash = str_chr(shard, '/');
    int64_t i, of;
    uint32_t n = 0;
    if (str_is_null(shard))
        return 0;
    if (slash == shard.n || !str_int(str_sub(shard, 0, slash), &i) ||
        !str_int(str_from(shard, slash + 1), &of) || of < 1 || of > MAX_SHARDS || i < 0 ||
        i >= of) {
        err_set(e, E_BAD_VALUE, "--shard takes I/N, not %.*s", STR_ARG(shard));
        return err_hint(e, "I goes from 0 to N - 1: --shard 0/4");
    }
    for (uint32_t k = 0; k < t->n; k++)
        if (hash_bytes(t->v[k].name).lo % (uint64_t)of == (uint64_t)i)
            t->v[n++] = t->v[k];
    t->n = n;
    return 0;
}

/* The lists of values are the given context's too, which must not change. */
static void own_list(struct context *ctx, enum option_id id)
{
    struct option_values *v = &ctx->cmd.given;
    struct str *own = NEW_ARRAY(ctx->mem, struct str, v->n[id] + MAX_OPTIONS + 1);
    for (uint32_t i = 0; i < v->n[id]; i++)
        own[i] = v->v[id][i];
    v->v[id] = own;
    v->cap[id] = v->n[id] + MAX_OPTIONS + 1;
}

static int add_options(struct context *ctx, const struct target *t, struct err *e)
{
    bool schemas = false;
    own_list(ctx, OPT_INCLUDE);
    for (uint32_t i = 0; i < t->noptions; i++) {
        own_list(ctx, t->options[i].id);
        option_add(&ctx->cmd.given, t->options[i].id, t->options[i].value, ctx->mem);
        schemas = schemas || t->options[i].id == OPT_SCHEMAS;
    }
    return t->noptions ? context_filters(ctx, schemas, e) : 0;
}

int target_context(const struct context *ctx, const struct target *t, struct context *out,
                   struct err *e)
{
    const struct config_env *known = config_env(&ctx->config, t->source);
    struct config_env env = {.name = t->name, .source = t->source};
    struct config *c = &out->config;
    *out = *ctx;
    env.drift.severity = severities_default;
    if (known)
        env = *known;
    env.name = t->name;
    c->envs = NEW_ARRAY(ctx->mem, struct config_env, ctx->config.nenvs + 1);
    c->envs[0] = env; /* the first of a name is found */
    for (uint32_t i = 0; i < ctx->config.nenvs; i++)
        c->envs[i + 1] = ctx->config.envs[i];
    c->nenvs = ctx->config.nenvs + 1;
    return add_options(out, t, e);
}
