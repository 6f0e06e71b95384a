/* From a change between two checks to the changeSet that may have made it; see blame.h. */

#include "cli/blame.h"

#include <stdlib.h>

#include "core/escape.h"

enum { WIDTH = 100, SHOWN = 5, ID_DIGITS = 16 };

/* What lies between one state and the one before. */
struct span {
    uint64_t state;
    struct str not_before;
    struct deployed *ran;
    uint32_t nran;
    bool hidden;             /* there may be more, which the role could not read */
    const struct plan *plan; /* NULL: none could be made, or it was not worth it */
};
struct blamer {
    struct context *ctx;
    struct arena *mem;
    struct history *h;
    struct str env;
    const struct engine *eng;
    bool deep;
    struct span *spans;
    uint32_t n, cap;
};

struct blamer *blamer_new(struct context *ctx, struct history *h, struct str env,
                          const struct engine *eng, bool deep)
{
    struct blamer *b = NEW(ctx->mem, struct blamer);
    *b = (struct blamer){.ctx = ctx, .mem = ctx->mem, .h = h, .env = env, .eng = eng, .deep = deep};
    return b;
}

/* ---- names ---- */

static bool is_word_byte(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || (unsigned char)c >= 0x80;
}

/* Whether the text holds the name as a word; a blank of the text may stand for an underscore, as
 * Flyway writes descriptions. Case does not count. */
static bool holds_name(struct str text, struct str name)
{
    for (size_t at = 0; name.n && at + name.n <= text.n; at++) {
        size_t i = 0;
        for (; i < name.n; i++) {
            char a = ascii_lower(text.p[at + i]), b = ascii_lower(name.p[i]);
            if (a != b && !(a == ' ' && b == '_'))
                break;
        }
        bool begins = !at || !is_word_byte(text.p[at - 1]) || !is_word_byte(name.p[0]);
        bool ends = at + name.n == text.n || !is_word_byte(text.p[at + name.n]) ||
                    !is_word_byte(name.p[name.n - 1]);
        if (i == name.n && begins && ends)
            return true;
    }
    return false;
}

/* Folders say nothing of one change. */
static struct str file_name(struct str path)
{
    size_t at = path.n;
    while (at && path.p[at - 1] != '/' && path.p[at - 1] != '\\')
        at--;
    return str_from(path, at);
}

static bool names_it(const struct deployed *d, struct str name)
{
    return holds_name(d->id, name) || holds_name(d->text, name) ||
           holds_name(file_name(d->file), name);
}

unsigned blame_score(const struct engine *eng, const struct deployed *d, struct str path,
                     struct arena *mem)
{
    struct str top = engine_top(eng, path);
    bool owner = names_it(d, path_name(mem, top));
    if (str_eq(top, path))
        return owner ? 3 : 0;
    bool own = !path_is_unnamed(path) && names_it(d, path_name(mem, path));
    return own && owner ? 3 : own ? 2 : owner ? 1 : 0;
}

/* ---- ids of steps ---- */

static bool holds_digits(struct str id)
{
    size_t run = 0;
    for (size_t i = 0; i < id.n && run < ID_DIGITS; i++) {
        char c = id.p[i];
        run = ascii_is_digit(c) || (c >= 'a' && c <= 'f') ? run + 1 : 0;
    }
    return run >= ID_DIGITS;
}

/* The plan between the two states. What no plan can be made of has no ids to compare. */
static int make_plan(struct blamer *b, const struct history_event *ev, struct span *s,
                     struct err *e)
{
    struct catalog *from, *to;
    struct changes *changes;
    struct plan *plan;
    struct err none;
    if (history_catalog(b->h, b->env, ev->not_before, b->mem, &from, NULL, e) ||
        history_catalog(b->h, b->env, ev->time, b->mem, &to, NULL, e))
        return -1;
    const struct catalog *first = from;
    if (diff_catalogs(from, to, to->facets, b->mem, &changes, &none))
        return 0;
    struct plan_request req = {
        .changes = changes, .states = &first, .to = to, .facets = to->facets};
    if (plan_make(&req, b->mem, &plan, &none) == 0)
        s->plan = plan;
    return 0;
}

static int by_order(const void *a, const void *b)
{
    const struct deployed *x = a, *y = b;
    return x->order < y->order ? -1 : x->order > y->order;
}

static bool is_failed(const struct deployed *d)
{
    return str_eq_c(d->how, "FAILED");
}

static int find_span(struct blamer *b, const struct history_event *ev, struct span **out,
                     struct err *e)
{
    struct span s = {.state = ev->state, .not_before = ev->not_before};
    bool ids = false;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < b->n; i++)
        if (b->spans[i].state == ev->state && str_eq(b->spans[i].not_before, ev->not_before)) {
            *out = &b->spans[i];
            return 0;
        }
    if (history_deployments(b->h, b->env, ev->not_before, ev->time, b->mem, &s.ran, &s.nran, e))
        return -1;
    for (uint32_t i = 0; i < s.nran; i++) {
        const struct deployed *d = &s.ran[i];
        /* what was only marked did nothing; what failed left half of it where nothing undoes DDL */
        bool undone = is_failed(d) && b->eng && b->eng->begin;
        ids = ids || holds_digits(d->id);
        s.hidden = s.hidden || deployed_is_hidden(d);
        if (!undone && !str_eq_c(d->how, "MARK_RAN") && !deployed_is_hidden(d))
            s.ran[kept++] = *d;
    }
    s.nran = kept;
    if (kept)
        qsort(s.ran, kept, sizeof *s.ran, by_order);
    if (b->deep && ids && kept && !str_is_null(ev->not_before) && make_plan(b, ev, &s, e))
        return -1;
    if (b->n == b->cap)
        b->spans = vec_grow(b->mem, b->spans, &b->cap, sizeof *b->spans);
    b->spans[b->n] = s;
    *out = &b->spans[b->n++];
    return 0;
}

/* The row whose id holds that of the step which the path is a member of, or NULL. */
static const struct deployed *of_step(const struct blamer *b, const struct span *s, struct str path)
{
    for (uint32_t i = 0; s->plan && i < s->plan->n; i++) {
        const struct step *step = &s->plan->v[i];
        bool member = false;
        for (uint32_t k = 0; k < step->nmembers && !member; k++) {
            const struct member *m = &step->members[k];
            member = (m->before && str_eq(m->before->path, path)) ||
                     (m->after && str_eq(m->after->path, path));
        }
        struct strbuf id = sb_new(b->mem, 0);
        hash_hex(&id, step->id, ID_DIGITS);
        for (uint32_t k = 0; member && k < s->nran; k++)
            if (str_find(s->ran[k].id, sb_view(&id)) < s->ran[k].id.n)
                return &s->ran[k];
    }
    return NULL;
}

int blame_event(struct blamer *b, const struct history_event *ev, struct blame *out, struct err *e)
{
    struct span *s;
    unsigned best = 1;
    VEC(struct deployed) named = {0};
    if (find_span(b, ev, &s, e))
        return -1;
    const struct deployed *exact = of_step(b, s, ev->path);
    if (exact) {
        *out = (struct blame){BLAME_EXACT, exact, 1};
        return 0;
    }
    for (uint32_t i = 0; i < s->nran; i++) {
        unsigned score = blame_score(b->eng, &s->ran[i], ev->path, b->mem);
        if (score < best)
            continue;
        named.n = score > best ? 0 : named.n;
        best = score;
        VEC_PUSH(b->mem, named, s->ran[i]);
    }
    bool first = str_is_null(ev->not_before);
    if (named.n)
        *out = (struct blame){named.n == 1 ? BLAME_NAMED : BLAME_ONE_OF, named.v, named.n};
    else if (first || !s->nran)
        *out = (struct blame){first       ? BLAME_BEFORE
                              : s->hidden ? BLAME_HIDDEN
                                          : BLAME_HAND,
                              NULL, 0};
    else
        *out = (struct blame){BLAME_ONE_OF, s->ran, s->nran};
    return 0;
}

/* ---- told ---- */

static void put_line(struct strbuf *out, size_t indent, const struct strbuf *text)
{
    sb_pad(out, ' ', indent);
    history_cut(out, sb_view(text), WIDTH - indent);
    sb_char(out, '\n');
}

static void put_safe(struct strbuf *out, const char *before, struct str text)
{
    if (!text.n)
        return;
    sb_c(out, before);
    esc_terminal(out, text);
}

static void put_deployed(struct strbuf *out, const struct deployed *d)
{
    bool flyway = str_eq_c(d->tool, "flyway");
    sb_c(out, flyway ? "Flyway's " : "changeSet ");
    esc_terminal(out, flyway && !d->id.n ? STR("repeatable script") : d->id);
    put_safe(out, " by ", d->author);
    put_safe(out, " in ", d->file);
    sb_c(out, is_failed(d) ? ", which failed" : "");
    put_safe(out, ", deployment ", d->deployment);
    put_safe(out, ": ", d->text);
}

void blame_text(struct strbuf *out, const struct blame *b, size_t indent, struct arena *mem)
{
    struct strbuf line = sb_new(mem, 0);
    if (b->by == BLAME_HAND)
        sb_c(&line, "by hand: no deployer wrote anything down in between");
    else if (b->by == BLAME_HIDDEN)
        sb_c(&line, "not known: the role may not read what deployers wrote down (snap env grants)");
    else if (b->by == BLAME_BEFORE)
        sb_c(&line, "by hand, or before the history");
    else if (b->by == BLAME_ONE_OF)
        sb_printf(&line, "perhaps one of %u that were deployed in between:", b->n);
    else
        sb_c(&line, b->by == BLAME_NAMED ? "probably " : "");
    if (b->n && b->by != BLAME_ONE_OF)
        put_deployed(&line, &b->v[0]);
    put_line(out, indent, &line);
    for (uint32_t i = 0; b->by == BLAME_ONE_OF && i < b->n && i < SHOWN; i++) {
        sb_cut(&line, 0);
        put_deployed(&line, &b->v[i]);
        put_line(out, indent + 2, &line);
    }
    if (b->by == BLAME_ONE_OF && b->n > SHOWN) {
        sb_cut(&line, 0);
        sb_printf(&line, "and %u more (-f json has all)", b->n - SHOWN);
        put_line(out, indent + 2, &line);
    }
}

void blame_put_text(struct strbuf *out, const char *key, struct str text, struct arena *mem)
{
    struct strbuf safe = sb_new(mem, 0);
    jc_put_key(out, str_c(key));
    if (str_is_null(text)) {
        sb_c(out, "null");
        return;
    }
    if (!str_is_utf8(text)) {
        esc_terminal(&safe, text);
        text = sb_view(&safe);
    }
    struct strbuf json = sb_new(mem, 0);
    esc_json(&json, text);
    esc_json_text(out, sb_view(&json));
}

void blame_put_texts(struct strbuf *out, const struct blame_text *v, size_t n, struct arena *mem)
{
    for (size_t i = 0; i < n; i++)
        blame_put_text(out, v[i].key, v[i].text, mem);
}

void blame_json(struct strbuf *out, const struct blame *b, struct arena *mem)
{
    static const char *const words[] = {
        [BLAME_EXACT] = "changeset", [BLAME_NAMED] = "named",   [BLAME_ONE_OF] = "one_of",
        [BLAME_HAND] = "hand",       [BLAME_HIDDEN] = "hidden", [BLAME_BEFORE] = "before"};
    sb_printf(out, "\"by\":\"%s\",\"guess\":%s,\"deployed\":[", words[b->by],
              b->by == BLAME_EXACT ? "false" : "true");
    for (uint32_t i = 0; i < b->n; i++) {
        const struct deployed *d = &b->v[i];
        sb_c(out, i ? ",{" : "{");
        const struct blame_text texts[] = {{"tool", d->tool},
                                           {"id", d->id},
                                           {"author", d->author},
                                           {"file", d->file},
                                           {"deployment", d->deployment},
                                           {"description", d->text},
                                           {"when", d->when},
                                           {"how", d->how}};
        blame_put_texts(out, texts, sizeof texts / sizeof *texts, mem);
        sb_printf(out, ",\"order\":%llu}", (unsigned long long)d->order);
    }
    sb_char(out, ']');
}
