/* Reads an evidence and holds what is there now against it. */

#include "verify/evidence.h"

static int broken(struct err *e, struct str label, const char *what)
{
    return err_set(e, E_EVIDENCE_SYNTAX, "%.*s: %s", STR_ARG(label), what);
}

static struct str text_of(struct arena *mem, struct str object, const char *key)
{
    struct str raw = jc_get(object, key);
    return jc_is_string(raw) ? jc_text(mem, raw) : STR_NULL;
}

static bool is_fingerprint(struct str s)
{
    struct hash128 h;
    return hash_parse(s, &h);
}

static bool read_sums(struct arena *mem, struct str list, struct str **out, uint32_t *n)
{
    struct jc_iter it = jc_iter(list);
    struct str key, raw;
    *n = 0;
    if (!jc_is_list(list))
        return false;
    *out = NEW_ARRAY(mem, struct str, jc_count(list) + 1);
    while (jc_next(&it, &key, &raw)) {
        (*out)[*n] = jc_is_string(raw) ? jc_text(mem, raw) : STR("");
        if (!sha256_is_hex((*out)[(*n)++]))
            return false;
    }
    return true;
}

static bool read_step(struct arena *mem, struct str raw, struct step_sum *sum,
                      struct evidence_step *step)
{
    struct str back = jc_get(raw, "rollback");
    *sum = (struct step_sum){.id = text_of(mem, raw, "id"), .title = text_of(mem, raw, "title")};
    *step = (struct evidence_step){text_of(mem, raw, "before"), text_of(mem, raw, "after"),
                                   text_of(mem, back, "reached")};
    return sum->id.n && is_fingerprint(step->before) && is_fingerprint(step->after) &&
           (!step->undone.n || is_fingerprint(step->undone)) &&
           read_sums(mem, jc_get(raw, "statements"), &sum->fwd, &sum->nfwd) &&
           read_sums(mem, jc_get(back, "statements"), &sum->back, &sum->nback);
}

static int read_steps(struct str list, struct str label, struct arena *mem,
                      struct evidence_read *out, struct err *e)
{
    struct jc_iter it = jc_iter(list);
    struct str key, raw;
    if (!jc_is_list(list))
        return broken(e, label, "it has no list of steps");
    size_t n = jc_count(list);
    out->sums.v = NEW_ARRAY(mem, struct step_sum, n + 1);
    out->step = NEW_ARRAY(mem, struct evidence_step, n + 1);
    while (jc_next(&it, &key, &raw)) {
        uint32_t i = out->sums.n++;
        if (!read_step(mem, raw, &out->sums.v[i], &out->step[i]))
            return broken(e, label,
                          "a step lacks its id, a fingerprint or the sums of its statements");
    }
    return 0;
}

static void read_inputs(struct str list, struct arena *mem, struct evidence_read *out)
{
    struct jc_iter it = jc_iter(list);
    struct str key, raw;
    while (jc_next(&it, &key, &raw)) {
        struct str role = text_of(mem, raw, "role"), print = text_of(mem, raw, "fingerprint");
        if (str_eq(role, STR("from")))
            out->from = print;
        if (str_eq(role, STR("to")))
            out->to = print;
    }
}

int evidence_read(struct str text, struct str label, struct arena *mem, struct evidence_read *out,
                  struct err *e)
{
    struct strbuf canon = sb_new(mem, 0);
    struct str key, first = STR_NULL, second = STR_NULL;
    *out = (struct evidence_read){0};
    if (jc_canon(text, &canon, e)) {
        char why[256];
        snprintf(why, sizeof why, "%.255s", e->msg);
        return broken(e, label, why);
    }
    struct str doc = sb_view(&canon), predicate = jc_get(doc, "predicate");
    struct jc_iter subjects = jc_iter(jc_get(doc, "subject"));
    if (!str_eq(text_of(mem, doc, "_type"), STR(EVIDENCE_STATEMENT)) ||
        !str_eq(text_of(mem, doc, "predicateType"), STR(EVIDENCE_PREDICATE)))
        return broken(e, label, "it is no evidence of snap, or one of a later form");
    if (jc_next(&subjects, &key, &first))
        jc_next(&subjects, &key, &second);
    struct str engine = jc_get(predicate, "engine"), result = jc_get(predicate, "result");
    out->sha256 = text_of(mem, jc_get(first, "digest"), "sha256");
    out->back = text_of(mem, jc_get(second, "digest"), "sha256");
    out->engine = text_of(mem, engine, "name");
    out->server = text_of(mem, engine, "scratch");
    out->facets = jc_get(predicate, "facets");
    out->reached = text_of(mem, result, "reached");
    out->undone = text_of(mem, result, "undone");
    read_inputs(jc_get(predicate, "inputs"), mem, out);
    if (!sha256_is_hex(out->sha256) || (second.n && !sha256_is_hex(out->back)) ||
        !is_fingerprint(out->from) || (out->to.n && !is_fingerprint(out->to)) ||
        !is_fingerprint(out->reached) || !is_fingerprint(out->undone))
        return broken(e, label, "the sum of the changelog or a fingerprint is missing");
    return read_steps(jc_get(predicate, "steps"), label, mem, out, e);
}

static struct str hex_of(struct arena *mem, struct hash128 h)
{
    struct strbuf b = sb_new(mem, 0);
    hash_hex(&b, h, HASH_HEX);
    return sb_view(&b);
}

static int differs(struct err *e, const char *what, struct str said, struct str is)
{
    return err_set(e, E_EVIDENCE_MISMATCH, "%s: the evidence says %.8s, it is %.8s", what,
                   said.n ? said.p : "nothing", is.n ? is.p : "nothing");
}

static bool same_facets(struct str list, unsigned facets)
{
    struct jc_iter it = jc_iter(list);
    struct str key, raw;
    unsigned said = 0;
    while (jc_next(&it, &key, &raw))
        for (unsigned i = 0; i < FACET_COUNT; i++)
            if (jc_is_string(raw) && str_eq_c(str_sub(raw, 1, raw.n - 1), facet_name(1u << i)))
                said |= 1u << i;
    return said == facets;
}

int evidence_check_inputs(const struct evidence_read *ev, const struct catalog *from,
                          const struct catalog *to, unsigned facets, struct arena *mem,
                          struct err *e)
{
    if (!str_eq_c(ev->engine, from->eng->name))
        return err_set(e, E_EVIDENCE_MISMATCH, "the evidence is of a changelog for %.*s, not %s",
                       STR_ARG(ev->engine), from->eng->title);
    if (!same_facets(ev->facets, facets))
        return err_set(e, E_EVIDENCE_MISMATCH, "the evidence covers other facets: %.*s",
                       STR_ARG(ev->facets));
    struct str print = hex_of(mem, from->fingerprint);
    if (!str_eq(print, ev->from))
        return differs(e, "the state before is another", ev->from, print);
    if (!to)
        return 0;
    print = hex_of(mem, to->fingerprint);
    struct str said = ev->to.n ? ev->to : ev->reached;
    return str_eq(print, said) ? 0 : differs(e, "the state wanted is another", said, print);
}

/* An evidence that was made without such a script says nothing of one. */
static int check_back(const struct evidence_read *ev, struct str back, struct arena *mem,
                      struct err *e)
{
    struct str sum = str_is_null(back) ? STR_NULL : sha256_hex(mem, back);
    if (!ev->back.n || str_eq(sum, ev->back))
        return 0;
    return err_set(e, E_EVIDENCE_MISMATCH,
                   "the script of the rollback is another: the evidence is of one of SHA-256 "
                   "%.16s..., this one has %.16s...",
                   ev->back.p, sum.n ? sum.p : "nothing");
}

int evidence_check_changes(const struct evidence_read *ev, struct str text, struct str back,
                           const struct step_sums *sums, struct arena *mem, struct err *e)
{
    struct str sum = sha256_hex(mem, text);
    struct strbuf what = sb_new(mem, 0);
    if (str_eq(sum, ev->sha256))
        return check_back(ev, back, mem, e);
    if (sums) {
        struct finding f = sums_compare(&ev->sums, sums, mem);
        finding_text(&f, &what);
    }
    if (!what.n)
        sb_c(&what, sums ? "no statement differs, but the file does" : "the script is another");
    return err_set(e, E_EVIDENCE_MISMATCH,
                   "%.*s: the evidence is of a file of SHA-256 %.16s..., this one has %.16s...",
                   STR_ARG(sb_view(&what)), ev->sha256.p, sum.p);
}

static int step_differs(const struct step_sum *s, const char *when, struct str said,
                        struct hash128 is, struct arena *mem, struct err *e)
{
    struct str print = hex_of(mem, is);
    if (str_eq(print, said))
        return 0;
    return err_set(e, E_EVIDENCE_MISMATCH,
                   "changeSet %.*s: the state %s is another: the evidence says %.8s, it is %.8s",
                   STR_ARG(s->id), when, said.n ? said.p : "nothing", print.p);
}

int evidence_check_replay(const struct evidence_read *ev, const struct verify_report *report,
                          struct arena *mem, struct err *e)
{
    for (uint32_t i = 0; i < report->steps && report->steps == ev->sums.n; i++) {
        const struct step_record *r = &report->record[i];
        const struct step_sum *s = &ev->sums.v[i];
        if (step_differs(s, "before it", ev->step[i].before, r->before, mem, e) ||
            step_differs(s, "after it", ev->step[i].after, r->after, mem, e) ||
            (ev->step[i].undone.n && r->is_undone &&
             step_differs(s, "when it is undone", ev->step[i].undone, r->undone, mem, e)))
            return -1;
    }
    struct str print = hex_of(mem, report->fingerprint);
    if (!str_eq(print, ev->reached))
        return differs(e, "the state reached is another", ev->reached, print);
    print = hex_of(mem, report->undone);
    return str_eq(print, ev->undone)
               ? 0
               : differs(e, "the state when all is undone is another", ev->undone, print);
}
