/* snap changelog FROM TO -o FILE: the plan, its proof, and only then the file. */

#include "cli/evidence.h"
#include "cli/flyway.h"
#include "cli/masters.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/escape.h"

enum { MAX_WORD = 255 };

static int check_words(const struct context *ctx, struct err *e)
{
    static const struct {
        enum option_id id;
        const char *name;
    } words[] = {{OPT_AUTHOR, "author"},
                 {OPT_LABELS, "labels"},
                 {OPT_CONTEXTS, "contexts"},
                 {OPT_TAG, "tag"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct str v = opt(ctx, words[i].id);
        if (!str_is_null(v) && (v.n == 0 || v.n > MAX_WORD || !str_is_utf8(v)))
            return err_set(e, E_BAD_VALUE, "--%s: 1 to %d bytes of UTF-8 are wanted", words[i].name,
                           MAX_WORD);
    }
    struct str author = opt(ctx, OPT_AUTHOR), comment = opt(ctx, OPT_COMMENT);
    if (str_eq_fold(author, STR("null")) || str_eq_fold(opt(ctx, OPT_TAG), STR("null")))
        return err_set(e, E_BAD_VALUE, "null is no name: Liquibase would store nothing");
    if (!str_is_utf8(comment))
        return err_set(e, E_BAD_VALUE, "--comment is not UTF-8");
    struct str style = opt(ctx, OPT_STYLE);
    if (!str_is_null(style) && !str_eq(style, STR("auto")) && !str_eq(style, STR("sql")))
        return err_set(e, E_BAD_VALUE, "--style takes auto or sql, not %.*s", STR_ARG(style));
    return 0;
}

static int find_format(const struct context *ctx, const struct emitter **out, struct err *e)
{
    struct str name = opt(ctx, OPT_FORMAT), file = opt(ctx, OPT_OUTPUT);
    struct strbuf names = sb_new(ctx->mem, 0);
    *out = name.n ? emitter_find(name, EMIT_CHANGELOG) : emitter_by_ext(file, EMIT_CHANGELOG);
    if (!*out && !name.n && (!file.n || str_eq(file, STR("-"))))
        *out = emitter_find(STR("liquibase-yaml"), EMIT_CHANGELOG);
    if (*out)
        return 0;
    emitter_names(&names, EMIT_CHANGELOG);
    if (name.n)
        err_set(e, E_UNKNOWN_FORMAT, "snap changelog has no format %.*s", STR_ARG(name));
    else
        err_set(e, E_UNKNOWN_FORMAT, "the ending of %.*s tells no format", STR_ARG(file));
    return err_hint(e, "formats: %.*s", STR_ARG(sb_view(&names)));
}

/* "2026-11-21 02:16+0000", as Liquibase writes it. */
static int created_now(const struct context *ctx, struct str *out, struct err *e)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds = (int64_t)time(NULL);
    bool on;
    struct tm tm;
    char text[40];
    *out = STR("");
    int rc = opt_bool(ctx, OPT_CREATED_VALUES, &on, e);
    if (rc || !on)
        return rc;
    if (epoch && *epoch && !str_int(str_c(epoch), &seconds))
        return err_set(e, E_BAD_VALUE, "SOURCE_DATE_EPOCH is no number: %s", epoch);
    time_t t = (time_t)seconds;
    if (!gmtime_r(&t, &tm) || !strftime(text, sizeof text, "%Y-%m-%d %H:%M+0000", &tm))
        return err_set(e, E_BAD_VALUE, "SOURCE_DATE_EPOCH is no time");
    *out = arena_str(ctx->mem, str_c(text));
    return 0;
}

/* What is made without its secret is not what was wanted, ahead or back. */
static int check_secrets(const struct context *ctx, const struct plan *plan, struct err *e)
{
    for (uint32_t i = 0; i < plan->n && !opt_on(ctx, OPT_ALLOW_LOSSY); i++) {
        const struct step *s = &plan->v[i];
        for (uint32_t k = 0; k < s->nhz + s->nback_hz; k++) {
            bool ahead = k < s->nhz;
            const struct hazard *h = ahead ? &s->hz[k] : &s->back_hz[k - s->nhz];
            if (h->code != HZ_SECRET_MISSING)
                continue;
            err_set(e, E_SECRET_UNKNOWN, "%.*s: %s would make it without its secret (%.*s)",
                    STR_ARG(h->object), ahead ? "the change" : "the rollback", STR_ARG(h->detail));
            return err_hint(e, "--allow-lossy writes it so, or leave it out: --exclude KIND:NAME");
        }
    }
    return 0;
}

static int make_plan(struct context *ctx, struct sides *s, struct plan **plan, struct err *e)
{
    return context_plan(ctx, s, plan, e) || check_secrets(ctx, *plan, e) ? -1 : 0;
}

static int prove(struct context *ctx, struct sides *s, struct plan *plan,
                 struct verify_report *report, struct str *line, struct err *e)
{
    struct verify_options vo = context_verify(ctx, s);
    int64_t start = clock_ms();
    vo.record = opt(ctx, OPT_EVIDENCE).n > 0;
    if (verify_plan(plan, s->opened[0].catalog, s->opened[1].catalog, &vo, ctx->mem, report, e)) {
        if (e->code == E_VERIFY_FAILED)
            err_hint(e, "no file was written; please report it with both schemas");
        return -1;
    }
    const struct verify_report r = *report;
    struct strbuf b = sb_new(ctx->mem, 0);
    sb_printf(&b, "proof: %u step%s applied, ", r.steps, r.steps == 1 ? "" : "s");
    if (r.one_way)
        sb_printf(&b, "%u without a way back, the others undone and applied again", r.one_way);
    else
        sb_c(&b, "undone and applied again, all undone");
    sb_printf(&b, "; %u %s%s with %ss", r.tables, engine_table(s->eng), r.tables == 1 ? "" : "s",
              engine_row(s->eng));
    if (r.data_dependent)
        sb_printf(&b, " (%u needed empty ones)", r.data_dependent);
    sb_c(&b, "; reached ");
    hash_hex(&b, r.fingerprint, 8);
    *line = sb_view(&b);
    say(ctx, "proved in %lld ms, %u statements", (long long)(clock_ms() - start), r.statements);
    return 0;
}

/* What it says, and what was proven of it. */
static int write_files(struct context *ctx, const struct sides *s, const struct proof_made *made,
                       struct err *e)
{
    struct text_file files[3];
    uint32_t n = 0;
    struct strbuf evidence = sb_new(ctx->mem, 0);
    struct str path = opt(ctx, OPT_EVIDENCE);
    if (path.n && evidence_of(ctx, s, made, &evidence, e))
        return -1;
    if (made->second_path.n)
        files[n++] = (struct text_file){made->second_path, made->second};
    if (path.n)
        files[n++] = (struct text_file){path, sb_view(&evidence)};
    files[n++] = (struct text_file){made->path, made->text};
    return n == 1 ? context_write(ctx, made->path, made->text, false, e)
                  : context_write_all(ctx, files, n, e);
}

/* A line of parts with "; " between them, no wider than a terminal of 100 columns: what does not
 * fit goes on in the next line. */
static void put_parts(struct str text)
{
    enum { WIDTH = 100, INDENT = 2 };
    size_t used = 0;
    while (text.n) {
        size_t end = str_find(text, STR("; "));
        struct str part = str_sub(text, 0, end < text.n ? end + 1 : end);
        if (used && used + 1 + part.n > WIDTH)
            used = (size_t)fprintf(stderr, "\n%*s", INDENT, "") - 1;
        else if (used)
            used += (size_t)fprintf(stderr, " ");
        fprintf(stderr, "%.*s", STR_ARG(part));
        used += part.n;
        text = str_from(text, end < text.n ? end + 2 : end);
    }
    fputc('\n', stderr);
}

static bool rollback_loses(const struct step *s)
{
    for (uint32_t i = 0; i < s->nback_hz && s->rev != REV_NONE; i++)
        if (step_back_loses(s, &s->back_hz[i]))
            return true;
    return false;
}

static void summary(const struct context *ctx, const struct plan *plan, struct str path,
                    struct str proof, uint32_t left_out)
{
    uint32_t lossy = 0, close = 0, none = 0, back = 0;
    for (uint32_t i = 0; i < plan->n; i++) {
        lossy += plan->v[i].rev == REV_SCHEMA;
        close += plan->v[i].rev == REV_CLOSE;
        none += plan->v[i].rev == REV_NONE;
        back += rollback_loses(&plan->v[i]);
    }
    if (ctx->quiet)
        return;
    struct strbuf b = sb_new(ctx->mem, 0);
    sb_printf(&b, "%u change%s", plan->n, plan->n == 1 ? "" : "s");
    if (path.n && !str_eq(path, STR("-"))) {
        sb_c(&b, ", written to ");
        esc_terminal(&b, path);
    }
    if (left_out) {
        sb_printf(&b, "; %u left out, which ", left_out);
        esc_terminal(&b, opt(ctx, OPT_AGAINST));
        sb_c(&b, " holds");
    }
    if (lossy)
        sb_printf(&b, "; %u lose%s data: the rollback restores the schema only", lossy,
                  lossy == 1 ? "s" : "");
    if (back)
        sb_printf(&b, "; the rollback of %u loses data", back);
    if (close)
        sb_printf(&b, "; the rollback of %u is not exact", close);
    if (none)
        sb_printf(&b, "; %u cannot be rolled back", none);
    put_parts(sb_view(&b));
    if (proof.n)
        put_parts(proof);
}

/* The line that says what was proven; none is made where it is not wanted. */
static int proof_of(struct context *ctx, struct sides *s, struct plan *plan,
                    struct verify_report *report, struct str *proof, struct err *e)
{
    bool evidence = opt(ctx, OPT_EVIDENCE).n, wanted = plan->n || evidence;
    if (s->eng->no_driver && evidence)
        return err_set(e, E_CANNOT_VERIFY,
                       "--evidence says what a proof saw: snap has no driver for %s",
                       s->eng->title);
    if (s->eng->no_driver && wanted)
        *proof = STR("proof: none, snap has no server of this kind");
    else if (!opt_on(ctx, OPT_NO_VERIFY) && wanted)
        return prove(ctx, s, plan, report, proof, e);
    return 0;
}

static int run(struct context *ctx, struct sides *s, const struct emitter *em, struct err *e)
{
    struct plan *plan;
    struct verify_report report = {0};
    struct str proof = STR(""), path = opt(ctx, OPT_OUTPUT), created;
    struct strbuf out = sb_new(ctx->mem, 0), second = sb_new(ctx->mem, 0);
    bool describe;
    if (opt_bool(ctx, OPT_ID_DESCRIPTION, &describe, e) || created_now(ctx, &created, e) ||
        emitter_fits(em, s->eng, e))
        return -1;
    uint64_t version = 0;
    struct emit_files files = {0};
    bool several = em->use & EMIT_FILES;
    if ((several && flyway_next(ctx, s, path, &version, e)) || make_plan(ctx, s, &plan, e))
        return -1;
    if (proof_of(ctx, s, plan, &report, &proof, e))
        return -1;
    struct emit_in in = {.mem = ctx->mem,
                         .changes = plan->changes,
                         .plan = plan,
                         .author = opt(ctx, OPT_AUTHOR).n ? opt(ctx, OPT_AUTHOR) : STR("snap"),
                         .labels = opt(ctx, OPT_LABELS),
                         .contexts = opt(ctx, OPT_CONTEXTS),
                         .comment = opt(ctx, OPT_COMMENT),
                         .tag = opt(ctx, OPT_TAG),
                         .created = created,
                         .id_description = describe,
                         .sql_only = str_eq(opt(ctx, OPT_STYLE), STR("sql")),
                         .allow_lossy = opt_on(ctx, OPT_ALLOW_LOSSY),
                         .proof = proof,
                         .files = &files,
                         .version = version};
    uint32_t left_out;
    if (ids_settle(ctx, s, &in, &left_out, e))
        return -1;
    if (left_out && opt(ctx, OPT_EVIDENCE).n)
        return err_set(e, E_USAGE, "--evidence: --against leaves out %u changes that were proven",
                       left_out);
    if (em->run(&in, &out, (em->use & EMIT_ROLLBACK) ? &second : NULL, e))
        return -1;
    if (out.over || second.over)
        return err_set(e, E_LIMIT, "the changelog is larger than 1 GiB");
    struct proof_made made = {.command = "changelog",
                              .path = path,
                              .text = sb_view(&out),
                              .second_path = opt(ctx, OPT_ROLLBACK_OUTPUT),
                              .second = sb_view(&second),
                              .em = em,
                              .plan = plan,
                              .report = &report};
    if (several ? flyway_write(ctx, path, &files, e) : write_files(ctx, s, &made, e))
        return -1;
    summary(ctx, in.plan, path, proof, left_out);
    return 0;
}

int cmd_changelog(struct context *ctx, struct err *e)
{
    const struct emitter *em;
    struct str from, to;
    struct sides s = {0};
    if (check_words(ctx, e) || ids_check(ctx, e) || find_format(ctx, &em, e) ||
        context_from_to(ctx, &from, &to, e))
        return -1;
    if (opt(ctx, OPT_ROLLBACK_OUTPUT).n && !(em->use & EMIT_ROLLBACK)) {
        err_set(e, E_USAGE, "--rollback-output: format %s holds its rollback itself", em->name);
        return err_hint(e, "leave it out, or choose a script: --format sql, --format mongosh");
    }
    if ((em->use & EMIT_FILES) && opt(ctx, OPT_EVIDENCE).n)
        return err_set(e, E_USAGE, "--evidence is about one file, and format %s writes several",
                       em->name);
    if (evidence_check_options(ctx, e))
        return -1;
    int rc = context_sides(ctx, from, to, &s, e) ? -1 : run(ctx, &s, em, e);
    sides_close(&s);
    return rc;
}
