/*
 * The page to search: all objects, as lines with links. Its script, the only one of a site, hides
 * lines that do not hold the words that are looked for; it makes nothing of a name, and the policy
 * of the page lets run what has its hash and nothing else.
 */

#include "core/sha256.h"
#include "emit/site_parts.h"

#include <stdlib.h>

static const char script[] =
    "(function () {\n"
    "    'use strict';\n"
    "    var input = document.getElementById('q'), form = document.getElementById('find');\n"
    "    var count = document.getElementById('n'), lines = document.querySelectorAll('.hits li');\n"
    "    var texts = Array.prototype.map.call(lines, function (li) {\n"
    "        return li.textContent.toLowerCase();\n"
    "    });\n"
    "    function find() {\n"
    "        var words = input.value.toLowerCase().split(/\\s+/).filter(Boolean), n = 0;\n"
    "        Array.prototype.forEach.call(lines, function (li, i) {\n"
    "            var hit = words.every(function (w) { return texts[i].indexOf(w) >= 0; });\n"
    "            li.hidden = !hit;\n"
    "            n += hit ? 1 : 0;\n"
    "        });\n"
    "        count.textContent = words.length ? n + ' of ' + lines.length : lines.length + ' in "
    "all';\n"
    "    }\n"
    "    input.value = new URLSearchParams(location.search).get('q') || '';\n"
    "    form.hidden = false;\n"
    "    form.addEventListener('submit', function (event) { event.preventDefault(); });\n"
    "    input.addEventListener('input', find);\n"
    "    find();\n"
    "    input.focus();\n"
    "}());\n";

/* An object, or a part of one, that has changed: where that stands. */
struct hit {
    struct str path, name, top;
    uint32_t env;
    uint64_t state; /* 0: the page itself */
};
struct site_found {
    struct arena *mem;
    const struct site *site;
    VEC(struct hit) hits;
    /* Paths of objects that have not changed anywhere, sorted, each once. */
    struct {
        struct str *v;
        uint32_t n, cap;
    } still;
    bool over;
};

enum { MOST_STILL = 50000 };

struct site_found *site_found_new(struct arena *mem, const struct site *site)
{
    struct site_found *f = NEW(mem, struct site_found);
    f->mem = mem;
    f->site = site;
    return f;
}

static int by_path(const void *a, const void *b)
{
    const struct hit *x = a, *y = b;
    int order = path_cmp(x->path, y->path);
    if (order)
        return order;
    if (x->env != y->env)
        return x->env < y->env ? -1 : 1;
    return x->state > y->state ? -1 : x->state < y->state;
}

static int path_order(const void *a, const void *b)
{
    const struct str *x = a, *y = b;
    return path_cmp(*x, *y);
}

static void add_still(struct site_found *f, const struct catalog *now)
{
    uint32_t known = f->still.n;
    for (uint32_t i = 0; now && i < now->n; i++) {
        struct str path = now->v[i].path;
        if (!str_eq(engine_top(now->eng, path), path) ||
            (known && bsearch(&path, f->still.v, known, sizeof path, path_order)))
            continue;
        if (f->still.n >= MOST_STILL) {
            f->over = true;
            break;
        }
        VEC_PUSH(f->mem, f->still, arena_str(f->mem, path));
    }
    if (f->still.n > known)
        qsort(f->still.v, f->still.n, sizeof *f->still.v, path_order);
}

static void add_hit(struct site_found *f, struct hit h)
{
    h.path = arena_str(f->mem, h.path);
    h.name = arena_str(f->mem, h.name);
    h.top = arena_str(f->mem, h.top);
    VEC_PUSH(f->mem, f->hits, h);
}

/* The parts of an object that have changed, but those that came or went with it. */
static void add_parts(struct site_found *f, const struct site_job *job, uint32_t env,
                      const struct site_group *g)
{
    for (uint32_t k = g->from; k < g->from + g->n; k++) {
        const struct site_event *ev = &job->d.events[k];
        struct str a = ev->op == OP_DROP ? ev->before : ev->after;
        if (ev != g->whole && !(g->whole && g->whole->op != OP_ALTER))
            add_hit(f, (struct hit){ev->path, site_human(job->mem, ev->path, a), g->top, env,
                                    job->d.states[g->state].id});
    }
}

void site_found_add(struct site_found *f, const struct site_job *job, uint32_t env)
{
    uint32_t from = f->hits.n, kept = from + 1;
    add_still(f, job->d.now);
    for (uint32_t i = 0; i < job->ntops; i++) {
        const struct site_top *t = &job->tops[i];
        add_hit(f, (struct hit){t->path, site_title(job->mem, job, t), t->path, env, 0});
        for (uint32_t k = t->from; k < t->from + t->n; k++)
            add_parts(f, job, env, &job->groups[k]);
    }
    if (f->hits.n == from)
        return;
    /* each once: where it changed last */
    qsort(f->hits.v + from, f->hits.n - from, sizeof *f->hits.v, by_path);
    for (uint32_t i = from + 1; i < f->hits.n; i++)
        if (!str_eq(f->hits.v[i].path, f->hits.v[kept - 1].path))
            f->hits.v[kept++] = f->hits.v[i];
    f->hits.n = kept;
}

static void link_to(struct strbuf *out, const struct site_found *f, const struct hit *h,
                    struct str text)
{
    sb_c(out, "<a href=\"");
    site_name(out, SITE_OBJECT, f->site->envs[h->env].name, h->top);
    if (h->state)
        sb_printf(out, "#s%llu", (unsigned long long)h->state);
    sb_c(out, "\">");
    html_text(out, text);
    sb_c(out, "</a>");
}

static void draw_hits(struct strbuf *out, const struct site_found *f, const struct hit *v,
                      uint32_t n)
{
    sb_c(out, "<li>");
    if (n == 1) {
        link_to(out, f, v, v->name);
        sb_c(out, " <span class=\"small dim\">");
        html_text(out, f->site->envs[v->env].name);
        sb_c(out, "</span>");
    } else {
        html_text(out, v->name);
        for (uint32_t i = 0; i < n; i++) {
            sb_c(out, i ? ", " : " <span class=\"small\">");
            link_to(out, f, &v[i], f->site->envs[v[i].env].name);
        }
        sb_c(out, "</span>");
    }
    sb_c(out, "</li>\n");
}

/* Both lists are sorted: a merge. */
static void draw_list(struct strbuf *out, struct site_found *f)
{
    uint32_t i = 0, k = 0;
    sb_c(out, "<ul class=\"hits\">\n");
    while (i < f->hits.n || k < f->still.n) {
        int order = i == f->hits.n    ? 1
                    : k == f->still.n ? -1
                                      : path_cmp(f->hits.v[i].path, f->still.v[k]);
        uint32_t end = i;
        if (order <= 0) {
            while (end < f->hits.n && str_eq(f->hits.v[end].path, f->hits.v[i].path))
                end++;
            draw_hits(out, f, &f->hits.v[i], end - i);
            i = end;
        } else {
            sb_c(out, "<li>");
            html_text(out, site_human(out->mem, f->still.v[k], STR_NULL));
            sb_c(out, " <span class=\"small dim\">never changed</span></li>\n");
        }
        k += order >= 0;
    }
    sb_c(out, "</ul>\n");
}

/* 'sha256-...' of the script, as a policy has it. */
static const char *policy(struct arena *mem)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct str hex = sha256_hex(mem, str_c(script));
    struct strbuf out = sb_new(mem, 0);
    unsigned bits = 0, have = 0;
    sb_c(&out, "'sha256-");
    for (size_t i = 0; i < hex.n; i++) {
        unsigned char c = (unsigned char)hex.p[i];
        bits = bits << 4 | (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
        for (have += 4; have >= 6; have -= 6)
            sb_char(&out, digits[bits >> (have - 6) & 63]);
        bits &= (1u << have) - 1;
    }
    if (have)
        sb_char(&out, digits[bits << (6 - have) & 63]);
    while ((out.n - 8) % 4)
        sb_char(&out, '=');
    sb_char(&out, '\'');
    return sb_view(&out).p;
}

void site_search(struct strbuf *out, struct site_found *f)
{
    if (f->hits.n)
        qsort(f->hits.v, f->hits.n, sizeof *f->hits.v, by_path);
    site_begin(out, STR("Objects of all environments"), STR_NULL, policy(out->mem));
    sb_c(out, "<form id=\"find\" class=\"find\" hidden><input type=\"search\" id=\"q\" name=\"q\" "
              "aria-label=\"Words to look for\" placeholder=\"Words of a name, or an environment\">"
              "</form>\n<p class=\"dim\" id=\"n\" role=\"status\">");
    report_count(out, (uint64_t)f->hits.n, "line");
    sb_c(out, " that have changed or are open, with links to what happened; then the browser&#39;s "
              "own search "
              "finds a name</p>\n");
    if (f->over)
        sb_printf(out,
                  "<p>Of the objects that never changed only %u are listed here; the pages of "
                  "the environments have them all.</p>\n",
                  f->still.n);
    draw_list(out, f);
    sb_c(out, "<script>");
    sb_c(out, script);
    sb_c(out, "</script>\n");
    site_end(out);
}
