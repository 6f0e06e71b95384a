/* Findings as reports tell them; see told.h. Words and order only: no format's grammar. */

#include "emit/told.h"

#include "core/escape.h"
#include "emit/report.h"

enum { MAX_VALUE = 200 };

static bool is_carried(const struct drift_findings *f, uint32_t i)
{
    return drift_carrier(f, i) != NULL;
}

/* The change with the attributes of these facets alone. */
static struct change cut_change(const struct change *c, unsigned facets, bool hazards,
                                struct arena *mem)
{
    struct change one = *c;
    struct attr_change *attrs = NEW_ARRAY(mem, struct attr_change, c->nattrs);
    one.nattrs = 0;
    for (uint32_t i = 0; i < c->nattrs; i++)
        if (c->op != OP_ALTER || (c->attrs[i].attr->facet & facets))
            attrs[one.nattrs++] = c->attrs[i];
    one.attrs = attrs;
    one.facets = c->facets & facets;
    one.hazards = hazards ? c->hazards : 0;
    return one;
}

struct changes *told_changes(const struct emit_in *in, enum drift_part part)
{
    const struct drift_findings *f = in->findings;
    struct changes *out = NEW(in->mem, struct changes);
    *out = *in->changes;
    out->v = NEW_ARRAY(in->mem, struct change, f->n);
    out->n = out->nhints = 0;
    for (uint32_t i = 0, end; i < f->n; i = end) {
        unsigned facets = 0;
        bool apart = false;
        for (end = i; end < f->n && f->v[end].change == f->v[i].change; end++) {
            if (drift_part(&f->v[end]) != part)
                continue;
            facets |= f->v[end].facet;
            apart = apart || !is_carried(f, end);
        }
        if (!facets)
            continue;
        /* nobody goes from a baseline that is ahead to what is live */
        struct change one = cut_change(f->v[i].change, facets, part != PART_PENDING, in->mem);
        one.apart = apart;
        out->v[out->n++] = one;
    }
    return out;
}

struct told_passed *told_passed(const struct drift_findings *f, struct arena *mem, uint32_t *n)
{
    struct told_passed *v = NEW_ARRAY(mem, struct told_passed, f->n);
    *n = 0;
    for (uint32_t i = 0; i < f->n; i++) {
        uint32_t at = 0;
        if (drift_part(&f->v[i]) != PART_PASSED || is_carried(f, i))
            continue;
        while (at < *n && v[at].rule != f->v[i].rule)
            at++;
        if (at == *n)
            v[(*n)++].rule = f->v[i].rule;
        v[at].n++;
    }
    return v;
}

struct str told_env(const struct emit_in *in)
{
    return in->findings && in->findings->env.n ? in->findings->env : in->changes->to.label;
}

struct str told_title(const struct emit_in *in)
{
    const struct drift_findings *f = in->findings;
    struct strbuf b = sb_new(in->mem, 0);
    struct str env = told_env(in);
    if (drift_part_count(f, PART_OPEN))
        sb_printf(&b, "drift: %.*s is not what its baseline says", STR_ARG(env));
    else if (drift_part_count(f, PART_PENDING))
        sb_printf(&b, "pending: %.*s does not have all yet that its baseline says", STR_ARG(env));
    else
        sb_printf(&b, "no drift: %.*s is what its baseline says", STR_ARG(env));
    sb_printf(&b, " (from %.*s to %.*s)",
              STR_ARG(f->baseline.n ? f->baseline : in->changes->from.label),
              STR_ARG(in->changes->to.label));
    return sb_view(&b);
}

static void put_count(struct strbuf *b, uint32_t n, const char *words, uint32_t fresh)
{
    if (!n)
        return;
    sb_printf(b, "%s%u %s", b->n ? ", " : "", n, words);
    if (fresh)
        sb_printf(b, " (%u new)", fresh);
}

struct str told_counts(const struct emit_in *in)
{
    static const struct {
        enum drift_verdict verdict;
        const char *word;
    } rows[] = {{VERDICT_DIFFERS, "different"},
                {VERDICT_DRIFT, "drift"},
                {VERDICT_CONFLICT, "in conflict"},
                {VERDICT_PENDING, "pending that fail"}};
    const struct drift_findings *f = in->findings;
    struct strbuf b = sb_new(in->mem, 0);
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        uint32_t n = 0, fresh = 0;
        for (uint32_t i = 0; i < f->n; i++) {
            bool mine = drift_part(&f->v[i]) == PART_OPEN && !is_carried(f, i) &&
                        f->v[i].verdict == rows[k].verdict;
            n += mine;
            fresh += mine && f->v[i].fresh && f->v[i].not_before.n;
        }
        put_count(&b, n, rows[k].word, fresh);
    }
    put_count(&b, in->nrenames, "renamed", 0);
    put_count(&b, drift_part_count(f, PART_PENDING), "pending", 0);
    put_count(&b, drift_part_count(f, PART_PASSED), "let pass by rules", 0);
    put_count(&b, f->nresolved, "resolved", 0);
    return sb_view(&b);
}

struct str told_verdict(const struct drift_finding *f, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    sb_c(&b, verdict_name(f->verdict));
    if (drift_part(f) != PART_PENDING)
        sb_printf(&b, ", %s", severity_name(f->severity));
    if (f->facet != F_STRUCTURE)
        sb_printf(&b, ", %s", facet_name(f->facet));
    /* at a first check all is new, which says nothing */
    if (f->fresh && f->not_before.n)
        sb_printf(&b, ", new, came after %.*s", STR_ARG(f->not_before));
    if (f->since.n && !f->fresh)
        sb_printf(&b, ", known since %.*s", STR_ARG(f->since));
    if (!f->fails && drift_part(f) == PART_OPEN && f->verdict != VERDICT_DIFFERS)
        sb_c(&b, ", does not fail the check");
    return sb_view(&b);
}

struct str told_rule(const struct ignore_rule *rule, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    sb_printf(&b, "%.*s (%.*s", STR_ARG(rule->match), STR_ARG(rule->reason));
    if (rule->owner.n)
        sb_printf(&b, "; owner: %.*s", STR_ARG(rule->owner));
    if (rule->expires.n)
        sb_printf(&b, "; until %.*s", STR_ARG(rule->expires));
    if (rule->preset.n)
        sb_printf(&b, "; preset %.*s", STR_ARG(rule->preset));
    sb_char(&b, ')');
    return sb_view(&b);
}

struct str told_note(const struct rule_note *note, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    struct str rule = told_rule(note->rule, mem);
    switch (note->what) {
    case RULE_EXPIRED:
        sb_printf(&b, "expired: %.*s", STR_ARG(rule));
        sb_printf(&b, " fits %u", note->count);
        break;
    case RULE_UNUSED:
        sb_printf(&b, "unused: %.*s fits nothing", STR_ARG(rule));
        break;
    case RULE_EXCEEDED:
        sb_printf(&b, "exceeded: %.*s may let %u pass and fits %u", STR_ARG(rule), note->rule->most,
                  note->count);
        break;
    }
    return sb_view(&b);
}

struct str told_resolved(const struct resolved *r, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    sb_printf(&b, "%.*s (%s", STR_ARG(r->object), verdict_name(r->was));
    if (r->facet && r->facet != F_STRUCTURE)
        sb_printf(&b, ", %s", facet_name(r->facet));
    if (r->since.n)
        sb_printf(&b, " since %.*s", STR_ARG(r->since));
    sb_char(&b, ')');
    return sb_view(&b);
}

static const char *const ops[] = {"add", "drop", "alter"};

/* A value, cut between characters: whole bodies and lists are in the formats for people. */
static void put_value(struct strbuf *b, const struct change *c, const struct attr_change *a,
                      struct str raw)
{
    struct strbuf value = sb_new(b->mem, 0);
    uint32_t cp;
    report_value(&value, c, a->attr, raw);
    struct str s = sb_view(&value);
    size_t n = 0;
    while (n < s.n && n < MAX_VALUE)
        n += utf8_char(s, n, &cp);
    sb_str(b, str_sub(s, 0, n));
    sb_c(b, n < s.n ? "..." : "");
}

/* "2 columns, 1 primary key": what comes or goes with it. */
static void put_inside(struct strbuf *b, const struct changes *c, const struct change *whole)
{
    struct str top = change_obj(whole)->path;
    uint32_t n = 0, from = (uint32_t)(whole - c->v) + 1;
    for (size_t k = 0; k < c->eng->nkinds; k++, n = 0) {
        struct strbuf word = sb_new(b->mem, 0);
        for (uint32_t i = from; i < c->n && path_within(change_obj(&c->v[i])->path, top); i++)
            n += change_obj(&c->v[i])->kind == k && c->v[i].op == whole->op;
        if (!n)
            continue;
        sb_c(b, b->n ? ", " : "");
        report_kind(&word, str_c(c->eng->kinds[k]->name));
        report_count(b, n, sb_view(&word).p);
    }
}

static struct str what_of(const struct emit_in *in, const struct drift_finding *f)
{
    struct strbuf b = sb_new(in->mem, 0);
    const struct change *c = f->change;
    if (c->op != OP_ALTER) {
        struct strbuf inside = sb_new(in->mem, 0);
        struct str brief = report_brief(in->changes, change_obj(c), in->mem);
        sb_c(&b, c->op == OP_ADD ? "added" : "dropped");
        if (brief.n)
            sb_printf(&b, ": %.*s", STR_ARG(brief));
        put_inside(&inside, in->findings->changes, c);
        if (inside.n)
            sb_printf(&b, " with %.*s", STR_ARG(sb_view(&inside)));
        return sb_view(&b);
    }
    for (uint32_t i = 0; i < c->nattrs; i++) {
        const struct attr_change *a = &c->attrs[i];
        if ((a->attr->flags & AF_DERIVED) || !(a->attr->facet & f->facet))
            continue;
        sb_printf(&b, "%s%s ", b.n ? "; " : "", a->attr->name);
        if (a->attr->type == A_BODY) {
            sb_c(&b, "differs");
            continue;
        }
        put_value(&b, c, a, a->before);
        sb_c(&b, " -> ");
        put_value(&b, c, a, a->after);
    }
    if (!b.n)
        sb_printf(&b, "%s differs", facet_name(f->facet));
    return sb_view(&b);
}

static uint32_t line_of(const struct emit_in *in, const struct change *c)
{
    if (!in->findings->baseline.n)
        return 0;
    if (c->before)
        return c->before->line ? c->before->line : 1;
    for (struct str up = path_parent(c->after->path); up.n && in->from; up = path_parent(up)) {
        const struct obj *o = cat_find(in->from, up);
        if (o && o->line)
            return o->line;
    }
    return 1;
}

struct told *told_list(const struct emit_in *in, uint32_t *n)
{
    const struct drift_findings *f = in->findings;
    struct told *v = NEW_ARRAY(in->mem, struct told, (size_t)f->n + in->nrenames);
    *n = 0;
    for (uint32_t i = 0; i < in->nrenames; i++)
        v[(*n)++] = (struct told){.rule = STR("structure/rename"),
                                  .object = in->renames[i],
                                  .what = STR("a confirmed rename"),
                                  .id = hash_bytes(in->renames[i]),
                                  .severity = SEV_ERROR,
                                  .line = f->baseline.n ? 1 : 0};
    for (uint32_t i = 0; i < f->n; i++) {
        const struct drift_finding *one = &f->v[i];
        const struct obj *o = change_obj(one->change);
        if (is_carried(f, i))
            continue;
        struct strbuf name = sb_new(in->mem, 0);
        obj_human(&name, o);
        v[(*n)++] = (struct told){
            .finding = one,
            .rule = arena_printf(in->mem, "%s/%s", facet_name(one->facet), ops[one->change->op]),
            .path = o->path,
            .object = sb_view(&name),
            .what = what_of(in, one),
            .id = one->id,
            .severity = one->severity,
            .part = drift_part(one),
            .line = line_of(in, one->change)};
    }
    return v;
}
