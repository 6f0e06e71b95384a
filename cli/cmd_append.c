/* snap append MASTER DIFF...: changeSets behind those of a master changelog, whose bytes stay. */

#include "cli/masters.h"

#include <string.h>

#include "changelog/append.h"
#include "core/escape.h"
#include "core/interrupt.h"

enum { MAX_CHANGELOG = 256 << 20 };

struct appending {
    struct context *ctx;
    struct str path; /* MASTER as given */
    bool folder;
    struct master master; /* with what has been added so far */
    struct log_doc doc;   /* the file itself, as it will be */
    struct strbuf told;
    uint32_t added;
};

/* "TICKET-0": a place in a file, not what the change is. */
static bool is_counted(struct str id)
{
    size_t n = id.n;
    while (n && ascii_is_digit(id.p[n - 1]))
        n--;
    return n && n < id.n && id.p[n - 1] == '-';
}

static int held(const struct log_set *set, const struct log_set *twin, const char *what,
                struct err *e)
{
    err_set(e, E_CHANGELOG_HELD, "%.*s line %u: changeSet %.*s of %.*s: %s (%.*s line %u)",
            STR_ARG(set->in->path), set->line, STR_ARG(set->id), STR_ARG(set->author), what,
            STR_ARG(twin->in->path), twin->line);
    return -1;
}

/* What has the id of a set and is not the same. */
static int check_twin(const struct log_set *set, const struct log_set *twin, struct err *e)
{
    bool other = !hash_eq(twin->content, set->content);
    if (!other && str_eq_fold(twin->contexts, set->contexts) && log_share_dbms(twin, set))
        return 0;
    held(set, twin,
         other ? "the master has this id, and it does something else"
               : "the master has this id for other contexts or databases",
         e);
    if (is_counted(set->id))
        return err_hint(e, "ids by ticket and place collide when a ticket has a second changelog: "
                           "snap changelog --ticket writes others, or give the ids another start");
    return err_hint(e, "Liquibase would refuse the whole file; give it another id");
}

/* How many sets of a changelog the master holds as they are; E_CHANGELOG_HELD for what collides. */
static int count_held(struct appending *a, const struct master *diff, uint32_t *n, struct err *e)
{
    const struct log_names own = log_names_of(diff, a->ctx->mem);
    const struct log_names known = log_names_of(&a->master, a->ctx->mem);
    *n = 0;
    for (uint32_t i = 0; i < diff->n; i++) {
        const struct log_set *s = &diff->sets[i], *which;
        const struct log_set *first = log_find(&own, s), *twin = log_find(&known, s);
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (!s->id.n || !s->author.n)
            return err_set(e, E_CHANGELOG_FORM, "%.*s line %u: a changeSet without %s",
                           STR_ARG(s->in->path), s->line, s->id.n ? "author" : "id");
        if (first != s)
            return held(s, first, "this id stands twice in the changelog", e);
        if (twin && check_twin(s, twin, e))
            return -1;
        *n += twin != NULL;
        if (!twin && log_stands(&a->master, s, &which) == STANDS_THERE) {
            held(s, which, "the master holds the same change under another id", e);
            return err_hint(e, "snap changelog --against %.*s leaves it out", STR_ARG(a->path));
        }
    }
    return 0;
}

/* One line for people. */
static void tell(struct appending *a, uint32_t n, struct str from, const char *how, struct str to)
{
    sb_printf(&a->told, "%u changeSet%s of ", n, n == 1 ? "" : "s");
    esc_terminal(&a->told, from);
    sb_c(&a->told, how);
    esc_terminal(&a->told, to);
    sb_char(&a->told, '\n');
}

static void take_sets(struct appending *a, const struct master *diff)
{
    struct master *m = &a->master;
    for (uint32_t i = 0; i < diff->n; i++) {
        if (m->n == m->cap)
            m->sets = vec_grow(a->ctx->mem, m->sets, &m->cap, sizeof *m->sets);
        m->sets[m->n++] = diff->sets[i];
    }
}

/* The changelog, its sets as they would be known behind the master. */
static int read_diff(struct appending *a, const char *path, struct str stored, struct str logical,
                     struct master *diff, struct err *e)
{
    struct str text;
    if (file_read(path, MAX_CHANGELOG, a->ctx->mem, &text, e) ||
        master_of_text(text, str_c(path), stored, a->ctx->mem, diff, e))
        return -1;
    for (uint32_t i = 0; i < diff->n; i++)
        if (logical.n && !node_word(diff->sets[i].node, "logicalFilePath").n)
            diff->sets[i].file = logical;
    return 0;
}

/* 1: all of it is there already, or it holds nothing. */
static int check_diff(struct appending *a, const struct master *diff, const char *path,
                      struct err *e)
{
    uint32_t n;
    if (count_held(a, diff, &n, e))
        return -1;
    if (n == diff->n) {
        tell(a, n, str_c(path), n ? ": all are there already in " : ": nothing for ", a->path);
        return 1;
    }
    if (!n)
        return 0;
    err_set(e, E_CHANGELOG_HELD, "%s: %u of its %u changeSets stand in %.*s already", path, n,
            diff->n, STR_ARG(a->path));
    return err_hint(e, "make it anew with snap changelog --against %.*s", STR_ARG(a->path));
}

static int append_one(struct appending *a, const char *path, struct err *e)
{
    struct master diff;
    const struct log_file *own = a->master.files[0];
    if (read_diff(a, path, own->stored, own->logical, &diff, e))
        return -1;
    int rc = check_diff(a, &diff, path, e);
    if (rc)
        return rc < 0 ? -1 : 0;
    struct str text;
    if (append_text(&a->doc, &diff.files[0]->doc, a->ctx->mem, &text, e) ||
        log_doc_read(text, a->doc.label, a->ctx->mem, &a->doc, e))
        return -1;
    take_sets(a, &diff);
    a->added += diff.n;
    tell(a, diff.n, str_c(path), opt_on(a->ctx, OPT_DRY_RUN) ? " would go to " : " appended to ",
         a->path);
    return 0;
}

static int append_file(struct appending *a, struct err *e)
{
    struct context *ctx = a->ctx;
    struct str now;
    a->doc = a->master.files[0]->doc;
    struct str before = a->doc.text;
    for (uint32_t i = 1; i < ctx->cmd.nargs; i++)
        if (append_one(a, ctx->cmd.args[i], e))
            return -1;
    if (!a->added || opt_on(ctx, OPT_DRY_RUN))
        return 0;
    /* what somebody else has written meanwhile is not overwritten */
    if (file_read(ctx->cmd.args[0], MAX_CHANGELOG, ctx->mem, &now, e))
        return -1;
    if (!str_eq(now, before)) {
        err_set(e, E_CHANGELOG_FORM, "%.*s was changed meanwhile", STR_ARG(a->path));
        return err_hint(e, "run it again");
    }
    return context_write(ctx, a->path, a->doc.text, false, e);
}

static struct str base_name(struct str path)
{
    size_t n = path.n;
    while (n && path.p[n - 1] != '/')
        n--;
    return str_from(path, n);
}

/* A name that sorts behind all that is there: the file's own, or that with the next number of the
 * folder in front. */
static int next_name(struct appending *a, struct str own, struct str *out, struct err *e)
{
    struct str last = STR("");
    int64_t number = 0;
    size_t digits = 0;
    size_t above = a->master.files[0]->stored.n;
    for (uint32_t i = 1; i < a->master.nfiles; i++) {
        struct str rest = str_from(a->master.files[i]->stored, above ? above + 1 : 0);
        if (str_cmp(rest, last) > 0)
            last = rest;
    }
    while (digits < last.n && digits < 15 && ascii_is_digit(last.p[digits]))
        digits++;
    *out = own;
    bool numbered = digits && (!own.n || !ascii_is_digit(own.p[0]));
    if (str_cmp(own, last) > 0 && !numbered)
        return 0;
    if (digits && str_int(str_sub(last, 0, digits), &number)) {
        char sep = digits < last.n && last.p[digits] == '_' ? '_' : '-';
        *out = arena_printf(a->ctx->mem, "%0*lld%c%.*s", (int)digits, (long long)number + 1, sep,
                            STR_ARG(own));
        if (str_cmp(*out, last) > 0)
            return 0;
    }
    err_set(e, E_CHANGELOG_FORM, "%.*s: %.*s sorts before %.*s, which would run first",
            STR_ARG(a->path), STR_ARG(own), STR_ARG(last));
    return err_hint(e, "give the file a name that sorts behind it");
}

/* Into a folder that is included as a whole: as its next file. */
static int append_to_folder(struct appending *a, struct err *e)
{
    struct context *ctx = a->ctx;
    struct master diff;
    struct str name, stored = a->master.files[0]->stored;
    const char *path = ctx->cmd.args[1];
    if (ctx->cmd.nargs > 2)
        return err_set(e, E_USAGE, "a folder takes one changelog at a time");
    if (!log_is_included(str_c(path))) {
        err_set(e, E_CHANGELOG_FORM, "%s: Liquibase would pass over a file of that name in %.*s",
                path, STR_ARG(a->path));
        return err_hint(e, "the endings that it reads: .yaml, .yml, .json, .xml, .sql");
    }
    if (read_diff(a, path, stored, STR(""), &diff, e))
        return -1;
    for (uint32_t i = 1; i < a->master.nfiles; i++)
        if (str_eq(a->master.files[i]->doc.text, diff.files[0]->doc.text)) {
            tell(a, diff.n, str_c(path), ": all are there already in ", a->master.files[i]->path);
            return 0;
        }
    if (next_name(a, base_name(str_c(path)), &name, e))
        return -1;
    struct str to = arena_printf(ctx->mem, "%.*s/%.*s", STR_ARG(a->path), STR_ARG(name));
    int rc = check_diff(a, &diff, path, e);
    if (rc)
        return rc < 0 ? -1 : 0;
    tell(a, diff.n, str_c(path), opt_on(ctx, OPT_DRY_RUN) ? " would go to " : " written to ", to);
    return opt_on(ctx, OPT_DRY_RUN) ? 0 : context_write(ctx, to, diff.files[0]->doc.text, false, e);
}

int cmd_append(struct context *ctx, struct err *e)
{
    struct appending a = {.ctx = ctx, .path = str_c(ctx->cmd.args[0]), .told = sb_new(ctx->mem, 0)};
    a.folder = master_is_folder(ctx, a.path);
    while (a.folder && a.path.n > 1 && str_ends(a.path, STR("/")))
        a.path = str_sub(a.path, 0, a.path.n - 1);
    if (context_no_database(ctx->cmd.args[0], e) ||
        context_master(ctx, a.path, false, &a.master, e))
        return -1;
    if (a.folder ? append_to_folder(&a, e) : append_file(&a, e))
        return -1;
    if (ctx->quiet)
        return 0;
    return context_write(ctx, STR("-"), sb_view(&a.told), false, e);
}
