/* Evidence files: what goes into one, and what is held against one. */

#include "cli/evidence.h"

#include <sys/stat.h>

#include "core/escape.h"

enum { MAX_INPUT = 1 << 30 };

/* The last part of a path. */
static struct str base_name(struct str path)
{
    size_t at = path.n;
    while (at && path.p[at - 1] != '/')
        at--;
    return str_from(path, at);
}

/* A source's name without the folders of this machine. */
static struct str source_name(const struct source_spec *spec)
{
    struct str label = spec->label;
    bool server = spec->kind == SRC_LIVE && spec->eng && !spec->eng->file_based;
    if (server || spec->kind == SRC_GIT)
        return label;
    return str_starts(label, STR("/")) || str_find(label, STR(":/")) < label.n ? base_name(label)
                                                                               : label;
}

/* Of a file that is read as it stands: a database's bytes say less than its fingerprint. */
static struct str source_sum(const struct context *ctx, const struct source_spec *spec)
{
    struct stat st;
    struct str text;
    struct err ignored;
    if (spec->kind == SRC_LIVE || !source_stat(spec, &st) || !S_ISREG(st.st_mode) ||
        file_read(arena_cstr(ctx->mem, spec->live.place), MAX_INPUT, ctx->mem, &text, &ignored))
        return STR_NULL;
    return sha256_hex(ctx->mem, text);
}

struct words {
    struct arena *mem;
    struct str *v;
    uint32_t n, cap;
};

static void add_option(struct words *w, const char *name, struct str value)
{
    VEC_PUSH(w->mem, *w, arena_printf(w->mem, "--%s=%.*s", name, STR_ARG(value)));
}

/* Options that change what is written or what is compared. */
static void list_options(const struct context *ctx, const struct proof_made *made, struct words *w)
{
    static const struct {
        enum option_id id;
        const char *name;
    } rows[] = {
        {OPT_STYLE, "style"},       {OPT_ONLINE, "online"},    {OPT_RECREATE, "recreate"},
        {OPT_RENAME, "rename"},     {OPT_SCHEMAS, "schemas"},  {OPT_INCLUDE, "include"},
        {OPT_EXCLUDE, "exclude"},   {OPT_STRICT, "strict"},    {OPT_LABELS, "labels"},
        {OPT_CONTEXTS, "contexts"}, {OPT_TAG, "tag"},          {OPT_ALLOW_LOSSY, "allow-lossy"},
        {OPT_DATA, "data"},         {OPT_BACKFILL, "backfill"}};
    const struct option_values *v = &ctx->cmd.given;
    if (made->em)
        add_option(w, "format", str_c(made->em->name));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (uint32_t k = 0; k < v->n[rows[i].id]; k++)
            add_option(w, rows[i].name, v->v[rows[i].id][k]);
    for (uint32_t i = 0; i < ctx->config.nrenames; i++)
        add_option(w, "rename", ctx->config.renames[i]);
}

/* The steps as they stand in the file; where its form is not read back, as they were planned. A
 * script is one step when it is read: its steps are those of the plan, too. */
static void sums_of(struct context *ctx, const struct engine *eng, const struct proof_made *made,
                    struct step_sums *out)
{
    struct replay read;
    struct err ignored;
    if (made->replay) {
        sums_of_replay(made->replay, made->plan, ctx->mem, out);
        return;
    }
    struct str label = made->path.n ? made->path : STR("-");
    bool whole = changelog_read(made->text, STR_NULL, label, eng, ctx->mem, &read, &ignored) == 0 &&
                 read.n >= made->plan->n && !(made->em->use & EMIT_ROLLBACK);
    if (whole)
        sums_of_replay(&read, made->plan, ctx->mem, out);
    else
        sums_of_plan(made->plan, ctx->mem, out);
}

static struct evidence_file file_of(struct context *ctx, struct str path, struct str text)
{
    bool none = !path.n || str_eq(path, STR("-"));
    return (struct evidence_file){none ? STR("stdout") : base_name(path),
                                  sha256_hex(ctx->mem, text)};
}

int evidence_of(struct context *ctx, const struct sides *s, const struct proof_made *made,
                struct strbuf *out, struct err *e)
{
    struct step_sums sums;
    struct words options = {.mem = ctx->mem};
    const struct engine *eng = s->opened[0].catalog->eng;
    struct evidence ev = {.command = made->command,
                          .eng = eng,
                          .facets = s->facets,
                          .report = made->report,
                          .plan = made->plan,
                          .sums = &sums};
    ev.subject[ev.nsubject++] = file_of(ctx, made->path, made->text);
    if (made->second_path.n)
        ev.subject[ev.nsubject++] = file_of(ctx, made->second_path, made->second);
    for (int i = 0; i < 2; i++)
        if (s->opened[i].catalog)
            ev.input[i] =
                (struct evidence_input){i ? "to" : "from", source_name(&s->spec[i]),
                                        source_sum(ctx, &s->spec[i]), s->opened[i].catalog};
    sums_of(ctx, eng, made, &sums);
    list_options(ctx, made, &options);
    ev.options = options.v;
    ev.noptions = options.n;
    evidence_write(&ev, ctx->mem, out);
    return out->over ? err_set(e, E_LIMIT, "the evidence is larger than 1 GiB") : 0;
}

static int not_over(const struct context *ctx, struct str path, struct str read, struct err *e)
{
    struct stat a, b;
    if (!read.n || stat(arena_cstr(ctx->mem, path), &a) != 0 ||
        stat(arena_cstr(ctx->mem, read), &b) != 0 || a.st_dev != b.st_dev || a.st_ino != b.st_ino)
        return 0;
    err_set(e, E_PROTECTED, "%.*s is read by this command", STR_ARG(path));
    return err_hint(e, "name another file with --evidence");
}

int evidence_check_options(const struct context *ctx, struct err *e)
{
    struct str path = opt(ctx, OPT_EVIDENCE);
    if (!path.n)
        return 0;
    if (opt_on(ctx, OPT_NO_VERIFY))
        return err_set(e, E_USAGE, "--evidence says what a proof saw: not with --no-verify");
    if (ctx->cmd.command->bit != C_VERIFY)
        return context_check_outputs(ctx, e);
    if (not_over(ctx, path, str_c(ctx->cmd.args[0]), e) ||
        not_over(ctx, path, opt(ctx, OPT_ROLLBACK), e) ||
        not_over(ctx, path, opt(ctx, OPT_EVIDENCE_CHECK), e))
        return -1;
    return context_check_output(ctx, path, false, e);
}

/* The sums of a plan as it is written as a changelog of this style. */
static bool written_as(struct context *ctx, const struct plan *plan, bool sql_only,
                       struct step_sums *out)
{
    const struct emitter *em = emitter_find(STR("liquibase-yaml"), EMIT_CHANGELOG);
    struct strbuf text = sb_new(ctx->mem, 0);
    struct replay replay;
    struct err ignored;
    struct emit_in in = {.mem = ctx->mem,
                         .changes = plan->changes,
                         .plan = plan,
                         .author = STR("snap"),
                         .sql_only = sql_only,
                         .allow_lossy = opt_on(ctx, OPT_ALLOW_LOSSY)};
    if (em->run(&in, &text, NULL, &ignored) || text.over ||
        changelog_read(sb_view(&text), STR_NULL, STR("changelog.yaml"), plan->eng, ctx->mem,
                       &replay, &ignored))
        return false;
    sums_of_replay(&replay, plan, ctx->mem, out);
    return true;
}

/* Of the two styles, the one that more of the changeSets have. */
void evidence_expect(struct context *ctx, struct sides *s, const struct step_sums *got,
                     struct expected *out)
{
    struct err ignored;
    uint32_t best = 0;
    *out = (struct expected){0};
    if (!s->opened[1].catalog || context_plan(ctx, s, &out->plan, &ignored))
        return;
    for (int style = 0; style < 2; style++) {
        struct step_sums sums;
        if (!written_as(ctx, out->plan, style == 1, &sums))
            continue;
        struct finding f = sums_compare(&sums, got, ctx->mem);
        if (out->known && f.same <= best)
            continue;
        out->known = true;
        best = f.same;
        out->sums = sums;
    }
    if (!out->known)
        return;
    /* one of another make has nothing in common with it */
    out->pairs = sums_pairs(&out->sums, got, ctx->mem);
    out->known = !got->n || !out->sums.n;
    for (uint32_t i = 0; i < got->n; i++)
        out->known = out->known || out->pairs[i] != STEP_NONE;
}

void evidence_blame(const struct step_sums *want, const struct step_sums *got, struct arena *mem,
                    struct err *e)
{
    struct finding f = sums_compare(want, got, mem);
    struct strbuf who = sb_new(mem, 400);
    finding_text(&f, &who);
    if (who.n)
        err_wrap(e, "%.*s", STR_ARG(sb_view(&who)));
}

int context_write_all(struct context *ctx, const struct text_file *v, uint32_t n, struct err *e)
{
    struct out **outs = NEW_ARRAY(ctx->mem, struct out *, n);
    int rc = context_check_outputs(ctx, e);
    for (uint32_t i = 0; !rc && i < n; i++) {
        rc = out_open(ctx->mem, v[i].path.n ? arena_cstr(ctx->mem, v[i].path) : "-", &outs[i], e);
        if (!rc)
            rc = out_write(outs[i], v[i].text, e);
    }
    for (uint32_t i = 0; !rc && i < n; i++)
        rc = out_prepare(outs[i], e);
    for (uint32_t i = 0; !rc && i < n; i++)
        rc = out_commit(outs[i], e);
    for (uint32_t i = 0; i < n; i++)
        out_abort(outs[i]);
    return rc;
}
