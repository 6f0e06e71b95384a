/* Parts of the pages of a history: names, heads, times, signs; see site_parts.h. */

#include "emit/site_parts.h"

#include <stdlib.h>

static const char style[] =
    "main{max-width:1080px}\n"
    "header{display:flex;flex-wrap:wrap;gap:8px 18px;align-items:center;margin:0 0 22px;"
    "padding-bottom:10px;border-bottom:1px solid var(--line);font-size:.92rem}\n"
    "header nav{flex:1 1 200px;min-width:0;overflow-wrap:anywhere}\n"
    "form{display:flex;gap:6px;margin:0;min-width:0}\n"
    "input,button{font:inherit;font-size:.9rem;color:inherit;background:var(--bg);border:1px solid "
    "var(--line);border-radius:6px;padding:3px 9px;min-width:0}"
    "button{background:var(--soft);cursor:pointer}\n"
    "input[type=search]{width:200px}.find input[type=search]{width:100%;font-size:1rem;padding:7px "
    "12px}\n"
    "a:focus-visible,input:focus-visible,button:focus-visible{outline:2px solid var(--link);"
    "outline-offset:1px}\n"
    "h1{font-size:1.6rem;letter-spacing:-.01em}h1 .dim{font-weight:400}\n"
    "h3{overflow-wrap:anywhere}time{white-space:nowrap}a,strong,del,ins{white-space:pre-wrap}\n"
    "p.sum{font-size:1.02rem;margin:.2em 0 1.2em}\n"
    ".g{display:inline-block;font-weight:600;white-space:nowrap}"
    ".g.add,.g.ok{color:var(--add)}.g.drop,.g.bad{color:var(--drop)}.g.mod,.g.wait{color:var(--mod)"
    "}"
    ".g.let{color:var(--dim)}\n"
    "table.env td:first-child{overflow-wrap:anywhere}"
    "table.env td{padding:8px 10px}\n"
    ".fit{width:fit-content;max-width:100%}table.eq{width:auto}table.eq th,table.eq "
    "td{text-align:center;padding:4px 9px}"
    "table.eq th[scope=row]{text-align:left}table.eq td.no{color:var(--mod)}"
    "table.eq td.yes{color:var(--add);font-weight:600}\n"
    ".st{display:grid;grid-template-columns:150px 1fr;gap:0 22px;padding:12px 0;border-top:1px "
    "solid "
    "var(--line)}.st:target,section:target>h2{background:var(--soft)}"
    ".st>div{min-width:0}.st h3{margin:0;font-size:.95rem;font-variant-numeric:tabular-nums}\n"
    ".st h3 a{color:inherit}.st p{margin:.1em 0}.small{font-size:.86rem}\n"
    "ul.ch{list-style:none;margin:.1em 0;padding:0}ul.ch li{padding:2px 0;overflow-wrap:anywhere}"
    "ul.ch ul{list-style:none;padding-left:20px;margin:0}\n"
    "ul.dep{margin:.3em 0;padding-left:18px}ul.dep li{overflow-wrap:anywhere}\n"
    ".ev{margin:.9em 0 1.1em;padding-left:14px;border-left:3px solid var(--line)}"
    ".ev p{margin:.15em 0}.ev.add{border-color:var(--add)}.ev.drop{border-color:var(--drop)}"
    ".ev.mod{border-color:var(--mod)}\n"
    ".ev dl{margin:.25em 0}.ev dt{font-size:.9rem}del,ins{text-decoration:none}"
    "del{background:var(--dropbg)}ins{background:var(--addbg)}"
    "del code,ins code{padding:1px 3px}\n"
    "table.ud{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.8rem}"
    ".ud td{border-top:0;padding:1px 8px;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".ud td:first-child{width:1.4em;padding-right:0;white-space:pre;user-select:none}"
    ".ud tr.a{background:var(--addbg)}.ud tr.d{background:var(--dropbg)}"
    ".ud tr.k td{color:var(--dim);background:var(--soft)}\n"
    "ul.months{list-style:none;display:flex;flex-wrap:wrap;gap:4px 16px;padding:0}\n"
    "ul.hits{list-style:none;padding:0;columns:2 340px;column-gap:28px}"
    "ul.hits li{padding:4px 0;break-inside:avoid;overflow-wrap:anywhere}\n"
    "footer{margin-top:44px;padding-top:10px;border-top:1px solid var(--line);font-size:.85rem;"
    "color:var(--dim)}[hidden]{display:none}\n"
    "svg.life{width:100%;height:44px;margin:.4em 0 .2em}svg.life rect{fill:var(--link)}"
    "svg.life path{stroke:var(--line)}svg.life a:hover rect{fill:var(--fg)}"
    "dl.terms{grid-template-columns:max-content 1fr;gap:4px 14px}dl.terms dd{margin:0}"
    ".ends{display:flex;justify-content:space-between;margin:0 0 1em}\n"
    "@media (max-width:600px){header{margin-bottom:14px}form{flex:1 1 100%}"
    "input[type=search]{flex:1;width:auto}.st{grid-template-columns:1fr;gap:4px}.ev dd{margin-left:"
    "0}table.env,table.env tbody,table.env tr,table.env td{display:block}table.env tr:first-child{"
    "display:none}table.env td{border:0;padding:1px 10px}table.env td:empty{display:none}"
    "table.env tr{border-top:1px solid var(--line);padding:8px 0}table.env td:first-child{"
    "font-size:1.05rem}table.env td[data-h]::before{content:attr(data-h) \" \";color:var(--dim)}}\n"
    "@media print{form,svg.life{display:none}.st,.ev{break-inside:avoid}a{color:inherit}}\n";

void site_name(struct strbuf *out, enum site_page page, struct str env, struct str what)
{
    static const char *const kinds[] = {"env", "month", "objects", "state", "env"};
    struct str path = path_join(out->mem, STR(""), str_c(kinds[page]), env);
    if (page == SITE_MONTH || page == SITE_STATE)
        path = path_join(out->mem, path, STR("at"), what);
    else if (page == SITE_OBJECT)
        path = arena_printf(out->mem, "%.*s/%.*s", STR_ARG(path), STR_ARG(what));
    html_slug(out, path);
    sb_c(out, ".html");
}

struct str site_month(const struct site_job *job, uint32_t state)
{
    return str_sub(job->d.states[state].first, 0, 7);
}

void site_state_name(struct strbuf *out, const struct site_job *job, uint32_t state)
{
    bool newest = state + SITE_NEWEST >= job->d.nstates;
    site_name(out, newest ? SITE_ENV : SITE_MONTH, job->env->name,
              newest ? STR_NULL : site_month(job, state));
    sb_printf(out, "#s%llu", (unsigned long long)job->d.states[state].id);
}

void site_begin(struct strbuf *out, struct str title, struct str env, const char *script)
{
    struct strbuf lead = sb_new(out->mem, 0);
    sb_c(&lead, "<header><nav><a href=\"index.html\">Environments</a>");
    if (env.n) {
        sb_c(&lead, " / <a href=\"");
        site_name(&lead, SITE_ENV, env, STR_NULL);
        sb_c(&lead, "\">");
        html_text(&lead, env);
        sb_c(&lead, "</a> / <a href=\"");
        site_name(&lead, SITE_OBJECTS, env, STR_NULL);
        sb_c(&lead, "\">objects</a>");
    }
    sb_c(&lead, "</nav>");
    if (!script)
        sb_c(&lead, "<form action=\"search.html\" method=\"get\"><input type=\"search\" name=\"q\" "
                    "aria-label=\"Object\" placeholder=\"Find an object\"> <button>Find</button>"
                    "</form>");
    sb_c(&lead, "</header>\n");
    html_begin_with(out, &(struct html_head){.title = title,
                                             .lead = sb_view(&lead),
                                             .style = style,
                                             .script = script,
                                             .form = true});
}

void site_end(struct strbuf *out)
{
    sb_c(out, "<footer><a href=\"search.html\">All objects</a> · Written by snap report. Times are "
              "UTC: those of the checks.</footer>\n");
    html_end(out);
}

void site_time(struct strbuf *out, struct str time)
{
    bool exact = time.n == 20 && time.p[10] == 'T' && time.p[19] == 'Z';
    if (!exact) {
        html_text(out, time);
        return;
    }
    sb_c(out, "<time datetime=\"");
    html_text(out, time);
    sb_c(out, "\">");
    html_text(out, str_sub(time, 0, 10));
    sb_char(out, ' ');
    html_text(out, str_eq_c(str_sub(time, 16, 19), ":00") ? str_sub(time, 11, 16)
                                                          : str_sub(time, 11, 19));
    sb_c(out, "</time>");
}

void site_op(struct strbuf *out, enum op op)
{
    sb_c(out, op == OP_ADD    ? "<span class=\"g add\">+ added</span>"
              : op == OP_DROP ? "<span class=\"g drop\">− dropped</span>"
                              : "<span class=\"g mod\">~ changed</span>");
}

void site_verdict(struct strbuf *out, enum drift_verdict v, bool passed)
{
    static const char *const signs[] = {"✓", "≠", "▲", "◷", "✕"};
    static const char *const classes[] = {"ok", "wait", "bad", "wait", "bad"};
    sb_printf(out, "<span class=\"g %s\">%s %s</span>", passed ? "let" : classes[v], signs[v],
              verdict_name(v));
    sb_c(out, passed ? " <span class=\"dim\">let pass</span>" : "");
}

struct str site_human(struct arena *mem, struct str path, struct str a)
{
    struct strbuf name = sb_new(mem, 0);
    obj_human(&name, &(struct obj){.path = path, .a = a});
    return sb_view(&name);
}

struct str site_title(struct arena *mem, const struct site_job *job, const struct site_top *t)
{
    const struct obj *o = job->d.now ? cat_find(job->d.now, t->path) : NULL;
    const struct site_event *ev = t->n ? job->groups[t->from].whole : NULL;
    if (!o && ev)
        return site_human(mem, t->path, ev->after.n ? ev->after : ev->before);
    return site_human(mem, t->path, o ? o->a : STR_NULL);
}

struct str site_short(struct arena *mem, const struct obj *o)
{
    struct strbuf name = sb_new(mem, 0);
    if (path_parent(o->path).n) {
        path_dotted(&name, path_parent(o->path));
        sb_char(&name, '.');
    }
    path_quote_name(&name, path_kind(o->path), obj_name(mem, o));
    return sb_view(&name);
}

struct str site_top(const struct site_job *job, struct str path)
{
    return job->env->eng ? engine_top(job->env->eng, path) : path_top(path);
}

static int top_order(const void *key, const void *item)
{
    return path_cmp(*(const struct str *)key, ((const struct site_top *)item)->path);
}

const struct site_top *site_top_find(const struct site_job *job, struct str top)
{
    if (!job->ntops)
        return NULL;
    return bsearch(&top, job->tops, job->ntops, sizeof *job->tops, top_order);
}

void site_object(struct strbuf *out, const struct site_job *job, struct str top, struct str name)
{
    bool linked = site_top_find(job, top) != NULL;
    if (linked) {
        sb_c(out, "<a href=\"");
        site_name(out, SITE_OBJECT, job->env->name, top);
        sb_c(out, "\">");
    }
    html_text(out, name);
    sb_c(out, linked ? "</a>" : "");
}

void site_status(struct strbuf *out, const struct site_env *env)
{
    static const enum drift_verdict order[] = {VERDICT_CONFLICT, VERDICT_DRIFT, VERDICT_PENDING};
    static const char *const signs[] = {"✕", "▲", "◷"};
    bool any = false;
    if (env->failed.n) {
        sb_c(out, "<span class=\"g bad\">! could not be read</span> ");
        html_text(out, env->failed);
        sb_c(out, " <span class=\"dim\">");
        site_time(out, env->failed_time);
        sb_c(out, "</span>");
        any = true;
    }
    for (size_t i = 0; i < 3; i++) {
        uint32_t n = env->open[order[i]];
        if (!n)
            continue;
        sb_c(out, any ? " · " : "");
        sb_printf(out, "<span class=\"g %s\">%s %u %s</span>",
                  order[i] == VERDICT_PENDING ? "wait" : "bad", signs[i], n,
                  verdict_name(order[i]));
        any = true;
    }
    if (!any)
        sb_c(out, env->last.n ? "<span class=\"g ok\">✓ nothing open</span>"
                              : "<span class=\"g let\">? no check yet</span>");
    if (env->passed)
        sb_printf(out, " · <span class=\"dim\">%u let pass</span>", env->passed);
}

int site_put(const struct site_view *view, struct str name, site_draw_fn *draw, page_fn *put,
             void *ctx, struct err *e)
{
    struct arena *mem = arena_new(0);
    struct strbuf text = sb_new(mem, 0);
    if (!view->job->site->names)
        draw(&text, view);
    int rc = put(ctx, name, sb_view(&text), e);
    arena_free(mem);
    return rc;
}
