/* Explaining a plan, for people and as JSON. */

#include "emit/emit.h"

#include "core/escape.h"
#include "emit/report.h"

enum { WIDTH = 100 };

static const struct rel_size *size_of(const struct explain *in, struct str path)
{
    for (uint32_t i = 0; i < in->nsizes; i++)
        if (str_eq(in->sizes[i].path, path))
            return &in->sizes[i];
    return NULL;
}

/* A hazard that only repeats what an effect of the step says. */
static bool is_effect(const struct step *s, const struct hazard *h)
{
    bool locks = h->code == HZ_REWRITE || h->code == HZ_SCAN || h->code == HZ_INDEX_BUILD;
    for (uint32_t i = 0; locks && i < s->nfx; i++)
        if (str_eq(s->fx[i].path, h->path))
            return true;
    return false;
}

/* Words, wrapped; what follows the first line stands four columns further in. */
static void put_words(const struct explain *in, struct strbuf *out, size_t indent, struct str text)
{
    struct strbuf safe = sb_new(in->mem, 0);
    struct str rest, word;
    size_t used = indent;
    esc_terminal(&safe, text);
    rest = sb_view(&safe);
    sb_pad(out, ' ', indent);
    for (bool first = true; str_cut(&rest, ' ', &word); first = false) {
        size_t n = esc_width(word);
        if (!first && used + 1 + n > WIDTH) {
            sb_char(out, '\n');
            sb_pad(out, ' ', indent + 4);
            used = indent + 4;
        } else if (!first) {
            sb_char(out, ' ');
            used++;
        }
        sb_str(out, word);
        used += n;
    }
    sb_char(out, '\n');
}

/* A statement on one line, cut. */
static void put_statement(const struct explain *in, struct strbuf *out, struct str sql)
{
    struct strbuf line = sb_new(in->mem, 0), safe = sb_new(in->mem, 0);
    for (size_t i = 0; i < sql.n && line.n < (size_t)4 * WIDTH; i++) {
        bool blank = ascii_is_space(sql.p[i]);
        if (!blank || (line.n && line.p[line.n - 1] != ' '))
            sb_char(&line, blank ? ' ' : sql.p[i]);
    }
    esc_terminal(&safe, sb_view(&line));
    struct str s = sb_view(&safe);
    size_t n = 0, width = 0;
    while (n < s.n && width < WIDTH - 4 - 3) {
        size_t len = 1;
        while (n + len < s.n && ((unsigned char)s.p[n + len] & 0xc0) == 0x80)
            len++;
        width += esc_width(str_sub(s, n, n + len));
        n += len;
    }
    sb_c(out, "    ");
    sb_str(out, esc_width(s) <= WIDTH - 4 ? s : str_sub(s, 0, n));
    sb_c(out, esc_width(s) <= WIDTH - 4 ? "\n" : "...\n");
}

static void put_bytes(struct strbuf *out, int64_t n)
{
    static const char *const units[] = {"bytes", "kB", "MB", "GB", "TB", "PB"};
    double v = (double)n;
    size_t unit = 0;
    for (; v >= 1024 && unit < 5; unit++)
        v /= 1024;
    sb_printf(out, unit ? "%.1f %s" : "%.0f %s", v, units[unit]);
}

static void put_effect(const struct explain *in, struct strbuf *out, const struct effect *e)
{
    struct strbuf b = sb_new(in->mem, 0);
    const struct rel_size *size = size_of(in, e->path);
    path_human(&b, e->path);
    const char *word = in->plan->eng->lock_word, *row = engine_row(in->plan->eng);
    sb_printf(&b, ": %s%s%s, %s", e->lock, word && !*word ? "" : " ", word ? word : "lock",
              e->blocks);
    if (e->flags & FX_REWRITE)
        sb_printf(&b, "; every %s %s written again", row, e->flags & FX_DOUBT ? "may be" : "is");
    if (e->flags & FX_INDEX)
        sb_c(&b, "; an index is built");
    else if (e->flags & FX_SCAN)
        sb_printf(&b, "; every %s is read", row);
    if (e->note)
        sb_printf(&b, " (%s)", e->note);
    put_words(in, out, 6, sb_view(&b));
    if (size && size->bytes >= 0) {
        b = sb_new(in->mem, 0);
        if (size->rows >= 0) {
            sb_c(&b, "about ");
            report_count(&b, (uint64_t)size->rows, row);
            sb_c(&b, ", ");
        } else {
            sb_c(&b, "rows were never counted (ANALYZE counts them), ");
        }
        put_bytes(&b, size->bytes);
        put_words(in, out, 8, sb_view(&b));
    }
    if (e->safer)
        put_words(in, out, 8, arena_printf(in->mem, "safer: %s", e->safer));
    struct str body = e->body, line;
    while (str_cut(&body, '\n', &line)) {
        struct strbuf safe = sb_new(in->mem, 0);
        esc_terminal(&safe, line);
        sb_c(out, "          ");
        sb_str(out, sb_view(&safe));
        sb_char(out, '\n');
    }
}

/* What stops a column that takes no NULL are rows that want a value. */
static struct str safer_of(struct arena *mem, const struct hazard *h)
{
    struct strbuf b = sb_new(mem, 0);
    sb_c(&b, hazard_safer(h->code));
    if (h->code == HZ_DATA_DEPENDENT && str_eq(path_kind(h->path), STR("column"))) {
        sb_c(&b, ", or give them a value: --backfill ");
        path_dotted(&b, h->path);
        sb_c(&b, "=VALUE");
    }
    return sb_view(&b);
}

static void put_hazards(const struct explain *in, struct strbuf *out, const struct step *s)
{
    for (uint32_t i = 0; i < s->nhz; i++) {
        const struct hazard *h = &s->hz[i];
        if (is_effect(s, h))
            continue;
        put_words(in, out, 4,
                  arena_printf(in->mem, "! %s: %.*s: %.*s", hazard_name(h->code),
                               STR_ARG(h->object), STR_ARG(h->detail)));
        struct str safer = safer_of(in->mem, h);
        put_words(in, out, 6, arena_printf(in->mem, "safer: %.*s", STR_ARG(safer)));
    }
}

static void put_probe(const struct explain *in, struct strbuf *out, uint32_t step)
{
    if (!in->probed)
        return;
    const struct probed *p = &in->probed[step];
    if (p->not_why)
        put_words(in, out, 4, arena_printf(in->mem, "probe: not watched, %s", p->not_why));
    else if (!p->ndiffers)
        put_words(in, out, 4, STR("probe: as foretold"));
    for (uint32_t i = 0; i < p->ndiffers; i++)
        put_words(in, out, 4,
                  arena_printf(in->mem, "probe: DIFFERS: %.*s", STR_ARG(p->differs[i])));
}

void explain_text(const struct explain *in, struct strbuf *out)
{
    const struct plan *p = in->plan;
    put_words(in, out, 0,
              arena_printf(in->mem, "what the changes that turn %.*s into %.*s do while they run",
                           STR_ARG(p->changes->from.label), STR_ARG(p->changes->to.label)));
    for (uint32_t i = 0; i < p->n; i++) {
        const struct step *s = &p->v[i];
        sb_char(out, '\n');
        put_words(in, out, 0,
                  arena_printf(in->mem, "step %u of %u%s%s: %.*s", i + 1, p->n,
                               s->phase ? ", " : "", phase_name(s->phase), STR_ARG(s->title)));
        for (uint32_t k = 0; k < s->nfwd; k++) {
            put_statement(in, out, s->fwd[k].text);
            for (uint32_t f = 0; f < s->nfx; f++)
                if (s->fx[f].stmt == k)
                    put_effect(in, out, &s->fx[f]);
        }
        put_hazards(in, out, s);
        put_probe(in, out, i);
    }
    if (!p->n)
        sb_c(out, "\n0 changes\n");
}

static void put(struct strbuf *b, const char *key, struct str value)
{
    struct strbuf safe = sb_new(b->mem, 0);
    jc_put_key(b, str_c(key));
    if (!str_is_utf8(value))
        esc_terminal(&safe, value);
    esc_json(b, safe.n ? sb_view(&safe) : value);
}

static void json_effect(const struct explain *in, struct strbuf *b, const struct effect *e)
{
    const struct rel_size *size = size_of(in, e->path);
    sb_char(b, '{');
    put(b, "path", e->path);
    put(b, "lock", str_c(e->lock));
    put(b, "blocks", str_c(e->blocks));
    sb_printf(b, ",\"rewrite\":%s,\"scan\":%s,\"indexBuild\":%s",
              e->flags & FX_REWRITE ? "true" : "false", e->flags & FX_SCAN ? "true" : "false",
              e->flags & FX_INDEX ? "true" : "false");
    if (e->note)
        put(b, "note", str_c(e->note));
    if (e->safer)
        put(b, "safer", str_c(e->safer));
    if (e->body.n)
        put(b, "alter", e->body);
    if (size && size->rows >= 0)
        sb_printf(b, ",\"rows\":%lld", (long long)size->rows);
    if (size && size->bytes >= 0)
        sb_printf(b, ",\"bytes\":%lld", (long long)size->bytes);
    sb_char(b, '}');
}

static void json_statements(const struct explain *in, struct strbuf *b, const struct step *s)
{
    jc_put_key(b, STR("statements"));
    sb_char(b, '[');
    for (uint32_t k = 0; k < s->nfwd; k++) {
        uint32_t n = 0;
        sb_c(b, k ? ",{" : "{");
        put(b, "text", s->fwd[k].text);
        bool alone = (s->fwd[k].flags & ST_NO_TX) || s->fwd[k].lang == LANG_COMMAND;
        sb_printf(b, ",\"inTransaction\":%s", alone ? "false" : "true");
        jc_put_key(b, STR("locks"));
        sb_char(b, '[');
        for (uint32_t f = 0; f < s->nfx; f++) {
            if (s->fx[f].stmt != k)
                continue;
            sb_c(b, n++ ? "," : "");
            json_effect(in, b, &s->fx[f]);
        }
        sb_c(b, "]}");
    }
    sb_char(b, ']');
}

static void json_hazards(struct strbuf *b, const struct step *s)
{
    jc_put_key(b, STR("hazards"));
    sb_char(b, '[');
    for (uint32_t i = 0; i < s->nhz; i++) {
        sb_c(b, i ? ",{" : "{");
        put(b, "code", str_c(hazard_name(s->hz[i].code)));
        put(b, "path", s->hz[i].path);
        put(b, "detail", s->hz[i].detail);
        put(b, "safer", safer_of(b->mem, &s->hz[i]));
        sb_char(b, '}');
    }
    sb_char(b, ']');
}

static void json_probe(struct strbuf *b, const struct probed *p)
{
    jc_put_key(b, STR("probe"));
    sb_printf(b, "{\"watched\":%s", p->not_why ? "false" : "true");
    jc_put_key(b, STR("differs"));
    jc_put_list(b, p->differs, p->ndiffers);
    jc_put_key(b, STR("seen"));
    sb_char(b, '[');
    for (uint32_t i = 0; i < p->nseen; i++) {
        const struct effect *e = &p->seen[i];
        sb_c(b, i ? ",{" : "{");
        put(b, "path", e->path);
        put(b, "lock", str_c(e->lock ? e->lock : "none"));
        sb_printf(b, ",\"rewrite\":%s,\"scan\":%s}", e->flags & FX_REWRITE ? "true" : "false",
                  e->flags & FX_SCAN ? "true" : "false");
    }
    sb_c(b, "]}");
}

void explain_json(const struct explain *in, struct strbuf *b)
{
    const struct plan *p = in->plan;
    sb_char(b, '{');
    put(b, "engine", str_c(p->eng->name));
    put(b, "from", p->changes->from.label);
    put(b, "to", p->changes->to.label);
    jc_put_key(b, STR("steps"));
    sb_char(b, '[');
    for (uint32_t i = 0; i < p->n; i++) {
        sb_c(b, i ? ",\n{" : "\n{");
        put(b, "title", p->v[i].title);
        if (p->v[i].phase)
            put(b, "phase", str_c(phase_name(p->v[i].phase)));
        json_statements(in, b, &p->v[i]);
        json_hazards(b, &p->v[i]);
        if (in->probed)
            json_probe(b, &in->probed[i]);
        sb_char(b, '}');
    }
    sb_c(b, "]}\n");
}
