/* A master changelog and all that it includes, as one list of changeSets; see master.h. */

#include "changelog/master.h"

#include <stdlib.h>

enum { MAX_INCLUDES = 32, MAX_FILES = 10000 };

struct frame {
    struct log_file *file;
    const struct node *item, *member; /* where reading goes on */
    struct str *rest;                 /* files of an includeAll that are still to be read */
    uint32_t nrest;
    const struct node *all; /* that includeAll; NULL: a folder that is read as a master */
    struct str contexts;    /* of the includes that lead here */
    bool skips;             /* one of them may be passed over */
};

struct walk {
    const struct log_io *io; /* NULL: nothing can be included */
    struct str root;
    bool lenient;
    struct arena *mem;
    struct master *out;
    struct err *e;
    struct frame stack[MAX_INCLUDES];
    unsigned depth;
};

__attribute__((format(printf, 5, 6))) static int trouble(struct walk *w, const struct log_file *in,
                                                         unsigned line, const char *rule,
                                                         const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    struct str text = arena_vprintf(w->mem, fmt, ap);
    va_end(ap);
    if (!w->lenient) {
        err_set(w->e, E_CHANGELOG_INCLUDE, "%.*s line %u: %.*s", STR_ARG(in->path), line,
                STR_ARG(text));
        return -1;
    }
    struct log_trouble t = {rule, in, line, text};
    struct master *m = w->out;
    if (m->ntroubles == m->troubles_cap)
        m->troubles = vec_grow(w->mem, m->troubles, &m->troubles_cap, sizeof *m->troubles);
    m->troubles[m->ntroubles++] = t;
    return 0;
}

/* Without ./ and x/../; what leads out of the root keeps its ../ in front. */
static struct str tidy_path(struct str path, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    struct str rest = path, part;
    VEC(struct str) parts = {0};
    if (str_starts(rest, STR("classpath:")))
        rest = str_from(rest, 10);
    while (str_cut(&rest, '/', &part)) {
        bool up = str_eq(part, STR(".."));
        if (!part.n || str_eq(part, STR(".")))
            continue;
        if (up && parts.n && !str_eq(parts.v[parts.n - 1], STR("..")))
            parts.n--;
        else
            VEC_PUSH(mem, parts, part);
    }
    for (uint32_t i = 0; i < parts.n; i++) {
        if (i)
            sb_char(&b, '/');
        sb_str(&b, parts.v[i]);
    }
    return sb_view(&b);
}

static struct str folder_of(struct str path)
{
    size_t n = path.n;
    while (n && path.p[n - 1] != '/')
        n--;
    return str_sub(path, 0, n);
}

/* How a path from the root is opened. */
static struct str place_of(const struct walk *w, struct str stored)
{
    bool slash = w->root.n && w->root.p[w->root.n - 1] != '/';
    return arena_printf(w->mem, "%.*s%s%.*s", STR_ARG(w->root), slash ? "/" : "", STR_ARG(stored));
}

static bool is_void(const struct node *n)
{
    if (n->type != NODE_SCALAR)
        return !n->first;
    return !str_trim(n->text).n || (n->plain && str_eq_fold(n->text, STR("null"))) ||
           (n->plain && str_eq(n->text, STR("~")));
}

/* `empty`, - empty, {empty: {}}. */
static bool is_empty_word(const struct node *n)
{
    if (n->type == NODE_SCALAR)
        return str_eq_fold(str_trim(n->text), STR("empty"));
    const struct node *one = n->first;
    if (!one || one->next)
        return false;
    if (n->type == NODE_MAP)
        return str_eq(one->key, STR("empty"));
    if (one->type == NODE_SCALAR)
        return str_eq_fold(str_trim(one->text), STR("empty"));
    return one->type == NODE_MAP && one->first && !one->first->next &&
           str_eq(one->first->key, STR("empty"));
}

/* In XML an empty element is the documented way to say "empty". */
static enum log_rollback rollback_of(const struct node *set, enum log_form form)
{
    const struct node *n = node_get(set, "rollback");
    if (!n)
        return ROLLBACK_ABSENT;
    if (is_void(n))
        return form == LOG_XML ? ROLLBACK_EMPTY : ROLLBACK_VOID;
    if (is_empty_word(n))
        return ROLLBACK_EMPTY;
    return n->type == NODE_SCALAR ? ROLLBACK_TEXT
           : n->type == NODE_LIST ? ROLLBACK_LIST
                                  : ROLLBACK_OTHER;
}

/* Whether nothing of a schema or its rows changes. */
static bool is_idle(const struct node *changes)
{
    if (!changes || changes->type != NODE_LIST)
        return true;
    for (const struct node *item = changes->first; item; item = item->next) {
        const struct node *c = log_change(item);
        if (c && !str_eq(c->key, STR("tagDatabase")) && !str_eq(c->key, STR("empty")) &&
            !str_eq(c->key, STR("output")))
            return false;
    }
    return true;
}

static void add_set(struct walk *w, const struct frame *in, const struct node *set)
{
    struct master *m = w->out;
    const struct log_file *file = in->file;
    const struct node *item = in->item;
    struct strbuf content = sb_new(w->mem, 0);
    struct str logical = node_word(set, "logicalFilePath");
    const struct node *changes = node_get(set, "changes");
    struct log_set s = {.id = node_word(set, "id"),
                        .author = node_word(set, "author"),
                        .file = logical.n         ? logical
                                : file->logical.n ? file->logical
                                                  : file->stored,
                        .in = file,
                        .node = set,
                        .item = item,
                        .line = item->line,
                        .rollback = rollback_of(set, file->doc.form),
                        .contexts = log_both_contexts(in->contexts, log_contexts_of(set), w->mem),
                        .idle = is_idle(changes),
                        .skips = in->skips || log_may_skip(set) || node_get(set, "modifySql")};
    log_content(changes, &content);
    s.content = hash_bytes(sb_view(&content));
    log_touches(&s, w->mem, &s.touches);
    if (m->n == m->cap)
        m->sets = vec_grow(w->mem, m->sets, &m->cap, sizeof *m->sets);
    m->sets[m->n++] = s;
}

static int add_file(struct walk *w, struct str text, struct str path, struct str stored,
                    struct log_file **out)
{
    struct log_file *f = NEW(w->mem, struct log_file);
    struct master *m = w->out;
    f->path = path;
    f->stored = stored;
    if (log_doc_read(text, path, w->mem, &f->doc, w->e))
        return -1;
    for (const struct node *item = f->doc.items->first; item; item = item->next)
        if (node_word(item, "logicalFilePath").n)
            f->logical = node_word(item, "logicalFilePath");
    if (m->nfiles == MAX_FILES)
        return err_set(w->e, E_LIMIT, "%.*s: more than %d files are included", STR_ARG(path),
                       MAX_FILES);
    if (m->nfiles == m->files_cap)
        m->files = vec_grow(w->mem, m->files, &m->files_cap, sizeof *m->files);
    m->files[m->nfiles++] = f;
    *out = f;
    return 0;
}

/* What an include says holds for all in it, and so does what a file says for itself; not of the
 * first file, to which what is compared with it will go as well. */
static void push(struct walk *w, struct log_file *file, const struct node *inc)
{
    const struct node *first = file->doc.items->first;
    const struct frame *above = w->depth ? &w->stack[w->depth - 1] : NULL;
    struct frame f = {.file = file, .item = first, .member = first ? first->first : NULL};
    if (above) {
        f.contexts = log_both_contexts(above->contexts, log_contexts_of(inc), w->mem);
        f.skips = above->skips || log_may_skip(inc);
    }
    for (const struct node *item = above ? first : NULL; item; item = item->next) {
        f.contexts = log_both_contexts(f.contexts, log_contexts_of(item), w->mem);
        f.skips = f.skips || log_may_skip(item);
    }
    w->stack[w->depth++] = f;
}

static bool is_open(const struct walk *w, struct str stored)
{
    for (unsigned i = 0; i < w->depth; i++)
        if (str_eq(w->stack[i].file->stored, stored))
            return true;
    return false;
}

/* Reads one included file and goes on in it; inc may be NULL. */
static int enter(struct walk *w, const struct log_file *from, const struct node *inc,
                 struct str stored)
{
    unsigned line = inc ? inc->line : 0;
    struct str text, path = place_of(w, stored);
    struct log_file *file;
    struct err why = {0};
    if (str_starts(stored, STR("..")))
        return trouble(w, from, line, "outside",
                       "%.*s leads out of the folder from which Liquibase reads", STR_ARG(stored));
    if (is_open(w, stored))
        return trouble(w, from, line, "include-cycle", "%.*s includes itself", STR_ARG(stored));
    if (w->depth == MAX_INCLUDES)
        return err_set(w->e, E_LIMIT, "%.*s line %u: includes are nested more than %d deep",
                       STR_ARG(from->path), line, MAX_INCLUDES);
    if (w->io->read(w->io->ctx, path, w->mem, &text, &why)) {
        if (why.code == E_NO_SUCH_FILE)
            return trouble(w, from, line, "missing-file", "%.*s is included and not there",
                           STR_ARG(path));
        *w->e = why;
        return -1;
    }
    if (add_file(w, text, path, stored, &file))
        return -1;
    push(w, file, inc);
    return 0;
}

static bool is_true(struct str word)
{
    return str_eq_fold(word, STR("true"));
}

/* The path that an include names, from the root. */
static struct str target(const struct walk *w, const struct log_file *from, const struct node *inc,
                         const char *key)
{
    struct str file = node_word(inc, key);
    if (is_true(node_word(inc, "relativeToChangelogFile")))
        file = arena_printf(w->mem, "%.*s%.*s", STR_ARG(folder_of(from->stored)), STR_ARG(file));
    return tidy_path(file, w->mem);
}

static int on_include(struct walk *w, const struct log_file *from, const struct node *inc)
{
    if (!w->io)
        return trouble(w, from, inc->line, "include", "a changelog that is added includes nothing");
    if (!node_word(inc, "file").n)
        return trouble(w, from, inc->line, "missing-file", "an include without a file");
    return enter(w, from, inc, target(w, from, inc, "file"));
}

bool log_is_included(struct str name)
{
    static const char *const ends[] = {".yaml", ".yml", ".json", "xml", ".sql"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = str_c(ends[i]).n;
        if (name.n >= n && str_eq_fold_c(str_from(name, name.n - n), ends[i]))
            return true;
    }
    return false;
}

/* How many folders deep a number attribute allows. */
static int64_t limit_of(const struct node *inc, const char *key, int64_t otherwise)
{
    int64_t n;
    return inc && str_int(node_word(inc, key), &n) ? n : otherwise;
}

struct found {
    struct str *v;
    uint32_t n, cap;
};

/* All changelogs below a folder, sorted by their whole path as Liquibase sorts them. inc may be
 * NULL. */
static int list_all(struct walk *w, struct str folder, const struct node *inc, struct found *files)
{
    struct found folders = {0};
    VEC(int64_t) depths = {0};
    int64_t min = limit_of(inc, "minDepth", 0), max = limit_of(inc, "maxDepth", MAX_INCLUDES);
    struct str ending = inc ? node_word(inc, "endsWithFilter") : STR("");
    VEC_PUSH(w->mem, folders, folder);
    VEC_PUSH(w->mem, depths, 1);
    for (uint32_t i = 0; i < folders.n; i++) {
        struct str *names, at = folders.v[i];
        uint32_t n;
        if (w->io->list(w->io->ctx, place_of(w, at), w->mem, &names, &n, w->e))
            return -1;
        for (uint32_t k = 0; k < n; k++) {
            bool below = str_ends(names[k], STR("/"));
            struct str name = below ? str_sub(names[k], 0, names[k].n - 1) : names[k];
            struct str path =
                arena_printf(w->mem, "%.*s%s%.*s", STR_ARG(at), at.n ? "/" : "", STR_ARG(name));
            if (below && depths.v[i] < max) {
                VEC_PUSH(w->mem, folders, path);
                VEC_PUSH(w->mem, depths, depths.v[i] + 1);
            } else if (!below && depths.v[i] >= min && log_is_included(name) &&
                       (!ending.n || str_ends(name, ending))) {
                VEC_PUSH(w->mem, *files, path);
            }
            if (files->n + folders.n > MAX_FILES)
                return err_set(w->e, E_LIMIT, "%.*s holds more than %d files", STR_ARG(folder),
                               MAX_FILES);
        }
    }
    if (files->n)
        qsort(files->v, files->n, sizeof *files->v, str_order);
    return 0;
}

static int on_include_all(struct walk *w, struct log_file *from, const struct node *inc)
{
    struct found files = {0};
    static const char *const own[] = {"resourceComparator", "filter"};
    struct err *e = w->e, why = {0};
    if (!w->io)
        return trouble(w, from, inc->line, "include", "a changelog that is added includes nothing");
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (node_word(inc, own[i]).n)
            return trouble(w, from, inc->line, "include", "%s is a class, which only Liquibase has",
                           own[i]);
    struct str folder = target(w, from, inc, "path");
    if (str_starts(folder, STR("..")))
        return trouble(w, from, inc->line, "outside",
                       "%.*s leads out of the folder from which Liquibase reads", STR_ARG(folder));
    w->e = &why;
    int rc = list_all(w, folder, inc, &files);
    w->e = e;
    if (rc && why.code != E_NO_SUCH_FILE) {
        *e = why;
        return -1;
    }
    if (!files.n && !str_eq_fold(node_word(inc, "errorIfMissingOrEmpty"), STR("false")))
        return trouble(w, from, inc->line, "missing-file",
                       "%.*s is included and holds no changelog", STR_ARG(place_of(w, folder)));
    w->stack[w->depth - 1].rest = files.v;
    w->stack[w->depth - 1].nrest = files.n;
    w->stack[w->depth - 1].all = inc;
    return 0;
}

static int step(struct walk *w)
{
    struct frame *f = &w->stack[w->depth - 1];
    if (f->nrest) {
        struct str next = *f->rest++;
        f->nrest--;
        return enter(w, f->file, f->all, next);
    }
    if (!f->member) {
        f->item = f->item ? f->item->next : NULL;
        f->member = f->item ? f->item->first : NULL;
        if (!f->item)
            w->depth--;
        return 0;
    }
    const struct node *n = f->member;
    f->member = n->next;
    if (str_eq(n->key, STR("changeSet")))
        add_set(w, f, n);
    else if (str_eq(n->key, STR("include")))
        return on_include(w, f->file, n);
    else if (str_eq(n->key, STR("includeAll")))
        return on_include_all(w, f->file, n);
    return 0;
}

static int run(struct walk *w)
{
    while (w->depth)
        if (step(w))
            return -1;
    return 0;
}

int master_read(struct str path, struct str root, const struct log_io *io, bool lenient,
                struct arena *mem, struct master *out, struct err *e)
{
    struct walk w = {.io = io, .root = root, .lenient = lenient, .mem = mem, .out = out, .e = e};
    struct str text, stored = path;
    struct log_file *file;
    *out = (struct master){0};
    if (root.n && str_starts(stored, root))
        stored = str_from(stored, root.n);
    if (io->read(io->ctx, path, mem, &text, e) ||
        add_file(&w, text, path, tidy_path(stored, mem), &file))
        return -1;
    push(&w, file, NULL);
    return run(&w);
}

int master_of_text(struct str text, struct str label, struct str stored, struct arena *mem,
                   struct master *out, struct err *e)
{
    struct walk w = {.mem = mem, .out = out, .e = e};
    struct log_file *file;
    *out = (struct master){0};
    if (add_file(&w, text, label, tidy_path(stored, mem), &file))
        return -1;
    push(&w, file, NULL);
    return run(&w);
}

int master_of_folder(struct str path, struct str root, const struct log_io *io, struct arena *mem,
                     struct master *out, struct err *e)
{
    struct walk w = {.io = io, .root = root, .mem = mem, .out = out, .e = e};
    struct log_file *all = NEW(mem, struct log_file);
    struct found files = {0};
    struct str stored = path;
    *out = (struct master){0};
    if (root.n && str_starts(stored, root))
        stored = str_from(stored, root.n);
    stored = tidy_path(stored, mem);
    if (list_all(&w, stored, NULL, &files))
        return -1;
    *all = (struct log_file){.path = path, .stored = stored};
    all->doc.items = node_made(mem, NODE_LIST, STR(""), 0);
    out->files = vec_grow(mem, NULL, &out->files_cap, sizeof *out->files);
    out->files[out->nfiles++] = all;
    push(&w, all, NULL);
    w.stack[0].rest = files.v;
    w.stack[0].nrest = files.n;
    return run(&w);
}
