/*
 * Fuzz target: BSON and Extended JSON. The input is read as each of them. What is read is written
 * and read again: it must be the same value, and the same bytes from then on. A report of what such
 * documents hold must be one, and safe.
 */

#include "tests/fuzz/fuzz.h"

#include "drivers/mongodb/sample.h"

static struct str bson(struct arena *mem, const struct mv *v)
{
    struct strbuf out = sb_new(mem, 0);
    mv_put_bson(&out, v);
    if (out.over)
        BUG("too long to be written");
    return sb_view(&out);
}

/* Nothing in the text may act on a terminal or end a line of a file, or be a parameter. */
static void must_be_harmless(struct str text, bool lines)
{
    if (!str_is_utf8(text) || str_find(text, STR("${")) < text.n ||
        str_find(text, STR("\xe2\x80\xa8")) < text.n || str_find(text, STR("\xc2\x85")) < text.n)
        BUG("text that is not safe");
    for (size_t i = 0; i < text.n; i++)
        if ((text.p[i] >= 0 && text.p[i] < ' ' && !(lines && text.p[i] == '\n')) ||
            text.p[i] == 0x7f)
            BUG("a control character");
}

static void must_come_back(struct arena *mem, const struct mv *v, bool has_json)
{
    struct mv *flat, *pretty;
    struct err e = {0};
    struct str json = mv_json(mem, v), text = mv_pretty(mem, v);
    must_be_harmless(json, false);
    must_be_harmless(text, true);
    bool ok = mv_from_json(mem, json, &flat, &e) == 0;
    if ((mv_from_json(mem, text, &pretty, &e) == 0) != ok || (ok && !mv_same(flat, pretty)))
        BUG("the two texts differ");
    if (has_json != (ok && mv_same(v, flat)) || has_json != mv_has_json(mem, v))
        BUG("what is written as text is read differently");
    if (ok && !str_eq(mv_json(mem, flat), json))
        BUG("the text changes");
    (void)mv_has_js(v);
}

static void numbers(struct arena *mem, const struct mv *v)
{
    struct strbuf words = sb_new(mem, 0);
    int64_t whole;
    mv_put_number(&words, v);
    if (mv_is_number(v) != (words.n != 0))
        BUG("words of what is no number");
    if (mv_whole(v, &whole) &&
        !str_eq(sb_view(&words), arena_printf(mem, "%lld", (long long)whole)))
        BUG("a whole number in other words");
    for (const struct mv *m = v->first; m; m = m->next)
        numbers(mem, m);
}

/* The document twice, and once one without anything. */
static void sampled(struct arena *mem, const struct mv *doc)
{
    struct strbuf report = sb_new(mem, 0), shown = report, proposed = report, said = report;
    struct mg_sample *s = mg_sample_new(mem, STR("c"));
    struct mv *again;
    struct err e = {0};
    uint32_t n;
    mg_sample_add(s, doc, 1);
    mg_sample_add(s, mv_new(mem, MV_DOCUMENT), 1);
    mg_sample_add(s, doc, 1);
    mg_report_begin(&report);
    mg_report_collection(&report, s, true, 3);
    mg_report_end(&report);
    struct str text = sb_view(&report);
    if (mg_infer.show(text, mem, &shown, &e) || mg_infer.propose(text, mem, &proposed, &e) ||
        mg_infer.compare(text, text, mem, &said, &n, &e))
        BUG("a report that cannot be read");
    if (n || said.n || mv_from_json(mem, sb_view(&proposed), &again, &e))
        BUG("a report that differs from itself, or a proposal that cannot be read");
    must_be_harmless(text, true);
    must_be_harmless(sb_view(&proposed), true);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *mem = arena_new(0);
    struct str input = fuzz_text(data, size);
    struct mv *v, *again;
    struct err e = {0};
    if (mv_from_bson(mem, input, &v, &e) == 0) {
        struct str bytes = bson(mem, v);
        if (mv_from_bson(mem, bytes, &again, &e) || !mv_same(v, again))
            BUG("what is written as BSON is read differently");
        if (!str_eq(bson(mem, again), bytes) || !str_eq(bson(mem, mv_copy(mem, v)), bytes))
            BUG("the BSON changes");
        must_come_back(mem, v, mv_has_json(mem, v));
        numbers(mem, v);
        sampled(mem, v);
    }
    if (mv_from_json(mem, input, &v, &e) == 0) {
        must_come_back(mem, v, true);
        if (v->type == MV_DOCUMENT &&
            (mv_from_bson(mem, bson(mem, v), &again, &e) || !mv_same(v, again)))
            BUG("what was read as text is written as another BSON");
        numbers(mem, v);
    }
    arena_free(mem);
    return 0;
}
