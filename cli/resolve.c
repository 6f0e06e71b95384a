/* The three ways out of a drift. Both changelogs are plans between a side and the same side with
 * what drifted taken from the other one, so that what is pending, or passed by a rule, stays as it
 * is. */

#include "cli/resolve.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/config_drift.h"
#include "core/clock.h"
#include "core/escape.h"

enum { RULE_DAYS = 30 };

/* What is to be got rid of. */
static bool is_open(const struct drift_finding *f)
{
    return !f->rule && (f->verdict == VERDICT_DRIFT || f->verdict == VERDICT_CONFLICT);
}

/* The facets of the change at *at, and of its findings, that are open; *at goes behind them. */
static unsigned open_facets(const struct drift_findings *found, uint32_t *at)
{
    const struct change *c = found->v[*at].change;
    unsigned facets = 0;
    for (; *at < found->n && found->v[*at].change == c; ++*at)
        facets |= is_open(&found->v[*at]) ? found->v[*at].facet : 0;
    return facets;
}

/* An object with some facets as the other side has them. */
static struct obj mixed(const struct engine *eng, const struct obj *own, const struct obj *other,
                        unsigned facets, struct arena *mem)
{
    const struct kind_desc *kind = obj_kind(eng, own);
    struct obj o = *own;
    for (size_t i = 0; i < kind->nattrs; i++)
        if (kind->attrs[i].facet & facets)
            o.a = obj_with(mem, eng, &o, kind->attrs[i].name, obj_raw(other, kind->attrs[i].name));
    if (facets & F_STRUCTURE) {
        o.src = other->src;
        o.deps = other->deps;
    }
    return o;
}

/* The side with what is open as the other side has it. */
static int taken_over(const struct drift_result *r, bool back, struct arena *mem,
                      struct catalog **out, struct err *e)
{
    const struct catalog *side = back ? r->live : r->from;
    struct catalog *cat = NEW(mem, struct catalog);
    uint32_t at = 0, i = 0;
    *cat = *side;
    cat->mem = cat->tmp = mem;
    cat->v = NULL;
    cat->n = cat->cap = 0;
    while (i < side->n || at < r->found->n) {
        const struct change *c = at < r->found->n ? r->found->v[at].change : NULL;
        int order = !c ? -1 : i == side->n ? 1 : path_cmp(side->v[i].path, change_obj(c)->path);
        if (order < 0) {
            cat_add_own(cat, &side->v[i++]);
            continue;
        }
        const struct obj *own = order == 0 ? &side->v[i++] : NULL;
        const struct obj *other = back ? c->before : c->after;
        unsigned facets = open_facets(r->found, &at);
        struct obj o;
        if (!own || !other)
            own = facets ? other : own;
        else if (facets) {
            o = facets == c->facets ? *other : mixed(r->changes->eng, own, other, facets, mem);
            own = &o;
        }
        if (own)
            cat_add_own(cat, own);
    }
    *out = cat;
    return cat_finish(cat, e);
}

/* The proven changelog of one direction. */
static int changelog(struct context *ctx, const struct drift_result *r, bool back,
                     struct strbuf *out, uint32_t *n, struct err *e)
{
    const struct catalog *from = back ? r->live : r->from;
    const struct emitter *em = emitter_find(STR("liquibase-yaml"), EMIT_CHANGELOG);
    struct verify_options vo = context_verify(ctx, &r->sides);
    struct verify_report report = {0};
    struct catalog *to;
    struct changes *c;
    struct plan *plan;
    if (emitter_fits(em, r->sides.eng, e) || taken_over(r, back, ctx->mem, &to, e) ||
        diff_catalogs(from, to, r->sides.facets, ctx->mem, &c, e))
        return -1;
    struct plan_request req = {.changes = c, .states = &from, .to = to, .facets = r->sides.facets};
    if (plan_make(&req, ctx->mem, &plan, e))
        return -1;
    if (plan->n && r->sides.eng->no_driver)
        return err_set(e, E_CANNOT_VERIFY, "snap has no driver for %s", r->sides.eng->title);
    if (plan->n && verify_plan(plan, from, to, &vo, ctx->mem, &report, e))
        return -1;
    struct emit_in in = {.mem = ctx->mem,
                         .changes = c,
                         .plan = plan,
                         .author = STR("snap"),
                         .labels = STR(""),
                         .contexts = STR(""),
                         .comment = STR(""),
                         .tag = STR(""),
                         .created = STR(""),
                         .proof = STR("")};
    *n = plan->n;
    return em->run(&in, out, NULL, e);
}

/* KIND:GLOB that names the object; what would be a wildcard in its names is one that fits itself.
 */
static void put_match(struct strbuf *b, struct str path, struct arena *mem)
{
    struct strbuf text = sb_new(mem, 0);
    struct str rest = path, segment;
    sb_str(&text, path_kind(path));
    for (const char *sep = ":"; str_cut(&rest, '/', &segment); sep = ".") {
        sb_c(&text, sep);
        sb_str(&text, path_name(mem, segment));
    }
    esc_json(b, sb_view(&text));
}

static void put_rule(struct context *ctx, const struct drift_result *r,
                     const struct drift_finding *f, struct strbuf *b)
{
    static const char *const ops[] = {"added", "dropped", "changed"};
    sb_c(b, "- match: ");
    put_match(b, change_obj(f->change)->path, ctx->mem);
    sb_printf(b, "\n  op: %s\n", ops[f->change->op]);
    if (f->change->op == OP_ALTER)
        sb_printf(b, "  facets: %s\n", facet_name(f->facet));
    if (r->target.known) {
        sb_c(b, "  env: ");
        esc_json(b, r->target.env);
        sb_char(b, '\n');
    }
    sb_c(b, "  reason: \"TO BE FILLED IN: why it may differ\"\n  expires: ");
    int64_t last = clock_seconds(r->time) + (int64_t)RULE_DAYS * 86400;
    sb_str(b, str_sub(clock_utc(last, ctx->mem), 0, 10));
    sb_char(b, '\n');
}

/* One rule for each finding, and none for what comes or goes with an object that has one. */
static void put_rules(struct context *ctx, const struct drift_result *r, struct strbuf *b,
                      uint32_t *n)
{
    struct str whole = STR_NULL;
    enum op op = OP_ALTER;
    sb_c(b, "# Rules for what differs now, for the section ignore: of snap.yml. Say why.\nignore:");
    for (uint32_t i = 0; i < r->found->n; i++) {
        const struct drift_finding *f = &r->found->v[i];
        struct str path = change_obj(f->change)->path;
        if (!is_open(f) || (whole.n && path_within(path, whole) && f->change->op == op))
            continue;
        sb_c(b, *n ? "" : "\n");
        put_rule(ctx, r, f, b);
        ++*n;
        op = f->change->op;
        whole = op == OP_ALTER ? STR_NULL : path;
    }
    if (!*n)
        sb_c(b, " []\n");
}

/* Judges again with the rules as they stand in the text: nothing that was open is left. */
static int try_rules(struct context *ctx, const struct drift_result *r, struct str text,
                     struct err *e)
{
    struct config with = ctx->config;
    struct drift_findings *again;
    struct node *tree;
    if (yaml_tree(text, STR("ignore.yml"), ctx->mem, &tree, e))
        return -1;
    with.path = STR("ignore.yml");
    with.ignore = NEW_ARRAY(ctx->mem, struct ignore_rule, ctx->config.nignore);
    if (ctx->config.nignore)
        memcpy(with.ignore, ctx->config.ignore, ctx->config.nignore * sizeof *with.ignore);
    with.ignore_cap = with.nignore;
    if (config_ignore(node_get(tree, "ignore"), all_engines, ctx->mem, &with, e))
        return -1;
    struct drift_request req = {.changes = r->changes,
                                .rules = with.ignore,
                                .nrules = with.nignore,
                                .env = r->target.env,
                                .now = r->time,
                                .all_diff = true};
    if (drift_judge(&req, ctx->mem, &again, e))
        return -1;
    for (uint32_t i = 0; i < again->n; i++) {
        struct strbuf human = sb_new(ctx->mem, 0);
        if (!is_open(&r->found->v[i]) || again->v[i].rule)
            continue;
        obj_human(&human, change_obj(again->v[i].change));
        return err_set(e, E_VERIFY_FAILED, "no rule can name %s", sb_view(&human).p);
    }
    return 0;
}

static int ignore_rules(struct context *ctx, const struct drift_result *r, struct strbuf *out,
                        uint32_t *n, struct err *e)
{
    put_rules(ctx, r, out, n);
    return try_rules(ctx, r, sb_view(out), e);
}

static int check_sides(const struct drift_result *r, struct str folder, struct err *e)
{
    for (int i = 0; i < 2; i++)
        if (r->sides.opened[i].partial)
            return err_set(e, E_SCOPE_PARTIAL,
                           "%.*s was made with --include or --exclude of parts of objects",
                           STR_ARG(r->sides.spec[i].label));
    return folder.n ? 0 : err_set(e, E_USAGE, "--resolve wants a folder");
}

static int make_folder(struct context *ctx, struct str folder, struct err *e)
{
    const char *path = arena_cstr(ctx->mem, folder);
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return 0;
    return err_set(e, E_WRITE_FAILED, "%s: %s", path, strerror(errno));
}

int resolve_write(struct context *ctx, const struct drift_result *r, struct str folder,
                  struct err *e)
{
    static const char *const names[] = {"revert.yaml", "incorporate.yaml", "ignore.yml"};
    struct err first = {0};
    if (check_sides(r, folder, e) || make_folder(ctx, folder, e))
        return -1;
    for (int i = 0; i < 3; i++) {
        struct str path = arena_printf(ctx->mem, "%.*s/%s", STR_ARG(folder), names[i]);
        struct strbuf out = sb_new(ctx->mem, 0);
        struct err one = {0};
        uint32_t n = 0;
        int rc = i == 2 ? ignore_rules(ctx, r, &out, &n, &one)
                        : changelog(ctx, r, i == 0, &out, &n, &one);
        if (!rc && context_write(ctx, path, sb_view(&out), false, e))
            return -1;
        if (!rc)
            say(ctx, "%.*s: %u %s%s, proven", STR_ARG(path), n, i == 2 ? "rule" : "change",
                n == 1 ? "" : "s");
        if (rc && one.code == E_INTERRUPTED) {
            *e = one;
            return -1;
        }
        if (rc) {
            unlink(path.p);
            err_wrap(&one, "%.*s is not written", STR_ARG(path));
            if (first.code)
                fprintf(stderr, "snap: %s: %s\n", err_name(one.code), one.msg);
            first = first.code ? first : one;
        }
    }
    *e = first;
    return first.code ? -1 : 0;
}
