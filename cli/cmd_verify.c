/* snap verify CHANGES --from SRC [--to SRC] */

#include "cli/evidence.h"
#include "cli/flyway.h"
#include "cli/liquibase.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/escape.h"

enum { MAX_CHANGELOG = 256 << 20 };

/* The changelog that is verified. */
struct changes_read {
    struct str path, text;
    struct str back; /* text of the script of its rollback, or absent */
    bool script;     /* one step, named by its file */
    struct replay replay;
    struct step_sums sums;
};

/* A folder of migrations: one step each, named by its file. */
static int read_folder(struct context *ctx, const struct sides *s, const char *path,
                       struct changes_read *out, struct err *e)
{
    if (opt(ctx, OPT_ROLLBACK).n)
        return err_set(e, E_USAGE, "--rollback goes with a script; %s is a folder", path);
    if (flyway_read(ctx, s, path, &out->replay, &out->text, e))
        return -1;
    sums_of_replay(&out->replay, NULL, ctx->mem, &out->sums);
    out->path = str_c(path);
    out->script = false;
    return 0;
}

static int read_changes(struct context *ctx, const struct sides *s, struct changes_read *out,
                        struct err *e)
{
    const struct engine *eng = s->opened[0].catalog->eng;
    const char *path = ctx->cmd.args[0];
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return read_folder(ctx, s, path, out, e);
    struct str text, back = STR_NULL, rollback = opt(ctx, OPT_ROLLBACK);
    struct err none;
    if (context_no_database(path, &none))
        return err_set(e, E_CHANGELOG_SYNTAX, "%s is a database and no changelog", path);
    if (file_read(path, MAX_CHANGELOG, ctx->mem, &text, e))
        return -1;
    if (rollback.n && file_read(arena_cstr(ctx->mem, rollback), MAX_CHANGELOG, ctx->mem, &back, e))
        return -1;
    if (changelog_read(text, back, str_c(path), eng, ctx->mem, &out->replay, e))
        return -1;
    sums_of_replay(&out->replay, NULL, ctx->mem, &out->sums);
    out->path = str_c(path);
    out->text = text;
    out->back = back;
    out->script = out->replay.n == 1 && str_eq_c(out->replay.v[0].id, path);
    if (!out->script || rollback.n)
        return 0;
    err_set(e, E_USAGE, "%s is a script: --rollback is wanted with it", path);
    const char *ext = engine_script_ext(eng);
    return err_hint(e, "snap verify up%s --rollback down%s --from SRC", ext, ext);
}

static int open_sides(struct context *ctx, struct sides *s, bool *has_to, struct err *e)
{
    struct str to = opt(ctx, OPT_TO);
    *has_to = to.n > 0;
    if (*has_to)
        return context_sides(ctx, opt(ctx, OPT_FROM), to, s, e);
    *s = (struct sides){0};
    if (context_source(ctx, opt(ctx, OPT_FROM), &s->spec[0], e))
        return -1;
    if (context_open_one(ctx, &s->spec[0], false, &s->facets, &s->opened[0], e))
        return -1;
    return context_check_filters(ctx, &s->opened[0], NULL, s->facets, e);
}

/* An id that stands twice is run once, or not at all. */
static int check_twice(struct context *ctx, const struct changes_read *c, struct err *e)
{
    const struct step_sum *twice = sums_twice(&c->sums, ctx->mem);
    if (!twice)
        return 0;
    err_set(e, E_VERIFY_FAILED, "changeSet %.*s stands twice in %.*s", STR_ARG(twice->id),
            STR_ARG(c->path));
    return err_hint(e, "Liquibase refuses a file in which an id and author stand twice");
}

/* The evidence given, and whether it is of this changelog and these sides. */
static int read_evidence(struct context *ctx, const struct sides *s, const struct changes_read *c,
                         struct evidence_read *out, struct err *e)
{
    struct str path = opt(ctx, OPT_EVIDENCE_CHECK), text;
    if (file_read(arena_cstr(ctx->mem, path), EVIDENCE_MAX, ctx->mem, &text, e) ||
        evidence_read(text, path, ctx->mem, out, e) ||
        evidence_check_changes(out, c->text, c->back, c->script ? NULL : &c->sums, ctx->mem, e))
        return -1;
    return evidence_check_inputs(out, s->opened[0].catalog, s->opened[1].catalog, s->facets,
                                 ctx->mem, e);
}

/* Rows that stop what is there, and do not stop what snap writes for the same: it was altered. */
static int check_rows(struct context *ctx, struct sides *s, const struct expected *want,
                      const struct changes_read *c, const struct verify_report *r, struct err *e)
{
    struct verify_options vo = context_verify(ctx, s);
    struct verify_report own;
    if (!r->data_dependent || !want->known || c->script ||
        sums_compare(&want->sums, &c->sums, ctx->mem).kind == FINDING_NONE)
        return 0;
    if (verify_plan(want->plan, s->opened[0].catalog, s->opened[1].catalog, &vo, ctx->mem, &own,
                    e)) /* snap writes nothing for it then: there is nothing to hold it against */
        return e->code == E_VERIFY_FAILED || e->code == E_CANNOT_VERIFY ? 0 : -1;
    if (own.data_dependent >= r->data_dependent)
        return 0;
    err_set(e, E_VERIFY_FAILED, "rows stop %u step%s of it, and %u of what snap writes",
            r->data_dependent, r->data_dependent == 1 ? "" : "s", own.data_dependent);
    evidence_blame(&want->sums, &c->sums, ctx->mem, e);
    return err_hint(e, "it would fail where the tables hold rows");
}

/* The replay, and what is said of it when it fails. */
static int replay(struct context *ctx, struct sides *s, const struct changes_read *c,
                  struct verify_report *r, struct err *e)
{
    struct evidence_read ev;
    struct expected want;
    struct verify_options vo = context_verify(ctx, s);
    bool held = opt(ctx, OPT_EVIDENCE_CHECK).n > 0;
    vo.record = held || opt(ctx, OPT_EVIDENCE).n;
    if ((held && read_evidence(ctx, s, c, &ev, e)) || check_twice(ctx, c, e))
        return -1;
    evidence_expect(ctx, s, &c->sums, &want);
    vo.like = want.known ? want.plan : NULL;
    vo.like_step = want.pairs;
    if (verify_replay(&c->replay, s->opened[0].catalog, s->opened[1].catalog, &vo, ctx->mem, r,
                      e)) {
        if (e->code != E_VERIFY_FAILED)
            return -1;
        if (!c->script && (held || want.known))
            evidence_blame(held ? &ev.sums : &want.sums, &c->sums, ctx->mem, e);
        return err_hint(e, "the changelog does not do, or undo, what it should");
    }
    return held ? evidence_check_replay(&ev, r, ctx->mem, e) : check_rows(ctx, s, &want, c, r, e);
}

static int write_evidence(struct context *ctx, const struct sides *s, const struct changes_read *c,
                          const struct verify_report *r, struct err *e)
{
    struct strbuf out = sb_new(ctx->mem, 0);
    struct proof_made made = {.command = "verify",
                              .path = c->path,
                              .text = c->text,
                              .second_path = opt(ctx, OPT_ROLLBACK),
                              .second = c->back,
                              .replay = &c->replay,
                              .report = r};
    if (!opt(ctx, OPT_EVIDENCE).n)
        return 0;
    if (evidence_of(ctx, s, &made, &out, e))
        return -1;
    return context_write(ctx, opt(ctx, OPT_EVIDENCE), sb_view(&out), false, e);
}

/* What was proven by whom. */
struct verdict {
    struct changes_read changes;
    struct verify_report own;
    struct outside_report other;
    bool skipped; /* snap cannot replay it: `why` */
    bool outside; /* --with */
    struct str why;
};

static void put_own(struct context *ctx, const struct sides *s, const struct verdict *v,
                    struct strbuf *safe)
{
    struct strbuf b = sb_new(ctx->mem, 0);
    const struct verify_report *r = &v->own;
    sb_printf(&b, "%s: %u step%s applied, each undone and applied again, all undone",
              ctx->cmd.args[0], r->steps, r->steps == 1 ? "" : "s");
    if (r->data_dependent)
        sb_printf(&b, "; %u needed empty tables", r->data_dependent);
    esc_terminal(safe, sb_view(&b));
    sb_cut(&b, 0);
    if (s->opened[1].catalog) {
        sb_char(safe, '\n');
        sb_printf(&b, "reaches %.*s", STR_ARG(s->spec[1].label));
    }
    sb_c(&b, ", fingerprint ");
    hash_hex(&b, r->fingerprint, 8);
    if (opt(ctx, OPT_EVIDENCE_CHECK).n)
        sb_printf(&b, "; as %.*s says", STR_ARG(opt(ctx, OPT_EVIDENCE_CHECK)));
    esc_terminal(safe, sb_view(&b));
    sb_char(safe, '\n');
}

static void put_outside(struct context *ctx, const struct verdict *v, struct strbuf *safe)
{
    struct strbuf b = sb_new(ctx->mem, 0);
    const struct outside_report *r = &v->other;
    sb_printf(&b, "liquibase: %u changeSet%s run, %u undone one by one, all run again; reaches ",
              r->steps, r->steps == 1 ? "" : "s", r->undone);
    hash_hex(&b, r->fingerprint, 8);
    esc_terminal(safe, sb_view(&b));
    sb_char(safe, '\n');
}

/* Our own replay, and its evidence; with --with a changelog that it does not know is passed on. */
static int run_own(struct context *ctx, struct sides *s, struct verdict *v, struct err *e)
{
    if (read_changes(ctx, s, &v->changes, e)) {
        bool passed = v->outside && e->code == E_CHANGELOG_FOREIGN && !opt(ctx, OPT_EVIDENCE).n &&
                      !opt(ctx, OPT_EVIDENCE_CHECK).n;
        if (!passed)
            return -1;
        v->skipped = true;
        v->why = arena_str(ctx->mem, str_c(e->msg));
        return 0;
    }
    if (v->outside && v->changes.script)
        return err_set(e, E_USAGE, "--with liquibase: %s is a script and no changelog",
                       ctx->cmd.args[0]);
    return replay(ctx, s, &v->changes, &v->own, e) ||
                   write_evidence(ctx, s, &v->changes, &v->own, e)
               ? -1
               : 0;
}

static int run(struct context *ctx, struct sides *s, bool has_to, struct err *e)
{
    struct verdict v = {0};
    struct strbuf safe = sb_new(ctx->mem, 0);
    if (liquibase_wanted(ctx, &v.outside, e) || source_catalog(&s->opened[0], ctx->mem, e) ||
        (has_to && source_catalog(&s->opened[1], ctx->mem, e)) || run_own(ctx, s, &v, e))
        return -1;
    if (v.skipped)
        warn(ctx, "not replayed by snap itself: %.*s", STR_ARG(v.why));
    if (v.outside && liquibase_verify(ctx, s, ctx->cmd.args[0], &v.other, e)) {
        if (e->code == E_VERIFY_FAILED)
            err_hint(e, "the real Liquibase does something else with it");
        return -1;
    }
    if (ctx->quiet)
        return 0;
    if (!v.skipped)
        put_own(ctx, s, &v, &safe);
    if (v.outside)
        put_outside(ctx, &v, &safe);
    return context_write(ctx, STR("-"), sb_view(&safe), false, e);
}

int cmd_verify(struct context *ctx, struct err *e)
{
    struct sides s = {0};
    bool has_to;
    if (!opt(ctx, OPT_FROM).n) {
        err_set(e, E_USAGE, "snap verify: --from is wanted");
        return err_hint(e, "snap verify changelog.yaml --from prod --to dev");
    }
    if (evidence_check_options(ctx, e))
        return -1;
    int rc = open_sides(ctx, &s, &has_to, e) ? -1 : run(ctx, &s, has_to, e);
    sides_close(&s);
    return rc;
}
