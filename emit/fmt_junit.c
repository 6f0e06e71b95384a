/* A report of tests in the XML that Jenkins and others read: a suite for the environment, a case
 * for each object that differs, named by its path, which stays the same from night to night. */

#include "core/escape.h"
#include "emit/told.h"

static void put_attribute(struct strbuf *b, const char *head, struct str value)
{
    struct strbuf shown = sb_new(b->mem, 0);
    esc_terminal(&shown, value);
    sb_printf(b, "%s=\"", head);
    esc_xml(b, sb_view(&shown), true);
    sb_char(b, '"');
}

static void put_text(struct strbuf *b, struct str value)
{
    struct strbuf shown = sb_new(b->mem, 0);
    esc_terminal(&shown, value);
    esc_xml(b, sb_view(&shown), false);
}

static bool is_failure(const struct told *t)
{
    return !t->finding || t->finding->fails;
}

/* Why it differs and is no failure. */
static struct str why_skipped(const struct told *t, struct arena *mem)
{
    if (t->finding->rule)
        return arena_printf(mem, "let pass by %.*s", STR_ARG(told_rule(t->finding->rule, mem)));
    return t->part == PART_PENDING ? STR("pending: the baseline is ahead")
                                   : STR("not what --fail-on takes");
}

static void put_finding(struct strbuf *b, const struct emit_in *in, const struct told *t)
{
    const char *tag = is_failure(t) ? "failure" : "skipped";
    struct str verdict = t->finding ? told_verdict(t->finding, b->mem) : STR("differs");
    sb_printf(b, "<%s", tag);
    put_attribute(b, " type", t->rule);
    put_attribute(b, " message",
                  is_failure(t)
                      ? arena_printf(b->mem, "%.*s: %.*s", STR_ARG(t->object), STR_ARG(t->what))
                      : why_skipped(t, b->mem));
    sb_char(b, '>');
    put_text(b, arena_printf(b->mem, "%.*s: %.*s", STR_ARG(t->object), STR_ARG(t->what)));
    sb_char(b, '\n');
    put_text(b, verdict);
    if (t->line) {
        sb_char(b, '\n');
        put_text(b, arena_printf(b->mem, "%.*s:%u", STR_ARG(in->findings->baseline), t->line));
    }
    sb_c(b, "\nid ");
    hash_hex(b, t->id, HASH_HEX);
    sb_printf(b, "</%s>\n", tag);
}

/* Rows of one object; one that stands first has those that are no failures behind it. */
static uint32_t case_end(const struct told *v, uint32_t n, uint32_t i)
{
    uint32_t end = i + 1;
    while (v[i].path.n && end < n && str_eq(v[end].path, v[i].path))
        end++;
    return end;
}

static bool has_failure(const struct told *v, uint32_t from, uint32_t end)
{
    for (uint32_t i = from; i < end; i++)
        if (is_failure(&v[i]))
            return true;
    return false;
}

static void put_case(struct strbuf *b, const struct emit_in *in, const struct told *v,
                     uint32_t from, uint32_t end)
{
    bool failed = has_failure(v, from, end);
    put_attribute(b, "<testcase classname", told_env(in));
    put_attribute(b, " name", v[from].path.n ? v[from].path : v[from].object);
    sb_c(b, ">\n");
    /* a case is skipped or has failed, not both: beside a failure the others are words */
    for (uint32_t i = from; i < end; i++)
        if (is_failure(&v[i]) || !failed)
            put_finding(b, in, &v[i]);
    for (uint32_t i = from; failed && i < end; i++) {
        if (is_failure(&v[i]))
            continue;
        sb_c(b, "<system-out>");
        put_text(b, arena_printf(b->mem, "%.*s: %.*s", STR_ARG(v[i].what),
                                 STR_ARG(why_skipped(&v[i], b->mem))));
        sb_c(b, "</system-out>\n");
    }
    sb_c(b, "</testcase>\n");
}

static void put_words(struct strbuf *b, const struct emit_in *in)
{
    const struct drift_findings *f = in->findings;
    if (!f->nnotes && !f->nresolved)
        return;
    sb_c(b, "<system-out>");
    for (uint32_t i = 0; i < f->nnotes; i++) {
        sb_c(b, "rule ");
        put_text(b, told_note(&f->notes[i], in->mem));
        sb_char(b, '\n');
    }
    for (uint32_t i = 0; i < f->nresolved; i++) {
        sb_c(b, "resolved: ");
        put_text(b, told_resolved(&f->resolved[i], in->mem));
        sb_char(b, '\n');
    }
    sb_c(b, "</system-out>\n");
}

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"snap\">\n"
#define TAIL "</testsuites>\n"

static int run(const struct emit_in *in, struct strbuf *out, struct strbuf *second, struct err *e)
{
    uint32_t n, cases = 1, failed = 0, skipped = 0;
    struct told *v = told_list(in, &n);
    (void)second;
    (void)e;
    for (uint32_t i = 0, end; i < n; i = end) {
        end = case_end(v, n, i);
        bool bad = has_failure(v, i, end);
        cases++;
        failed += bad;
        skipped += !bad;
    }
    sb_c(out, in->part ? "" : HEAD);
    put_attribute(out, "<testsuite name", told_env(in));
    sb_printf(out, " tests=\"%u\" failures=\"%u\" errors=\"0\" skipped=\"%u\">\n", cases, failed,
              skipped);
    /* that it ran at all is a case, too: a suite without any is taken for a run that broke */
    put_attribute(out, "<testcase classname", told_env(in));
    sb_c(out, " name=\"compared\"/>\n");
    for (uint32_t i = 0, end; i < n; i = end) {
        end = case_end(v, n, i);
        put_case(out, in, v, i, end);
    }
    put_words(out, in);
    sb_c(out, "</testsuite>\n");
    sb_c(out, in->part ? "" : TAIL);
    return 0;
}

const struct emitter emitter_junit = {
    .name = "junit",
    .ext = ".xml",
    .doc = "test report in XML, as Jenkins reads it",
    .use = EMIT_DIFF | EMIT_FINDINGS,
    .several = {HEAD, "", TAIL},
    .run = run,
};
