/* Parts of HTML pages; see html.h. */

#include "emit/html.h"

#include "core/escape.h"
#include "core/hash.h"

static void entities(struct strbuf *out, struct str safe)
{
    for (size_t i = 0; i < safe.n; i++) {
        switch (safe.p[i]) {
        case '&':
            sb_c(out, "&amp;");
            break;
        case '<':
            sb_c(out, "&lt;");
            break;
        case '>':
            sb_c(out, "&gt;");
            break;
        case '"':
            sb_c(out, "&quot;");
            break;
        case '\'':
            sb_c(out, "&#39;");
            break;
        case '\t':
            sb_c(out, "&#9;");
            break;
        default:
            sb_char(out, safe.p[i]);
        }
    }
}

void html_text(struct strbuf *out, struct str text)
{
    struct strbuf safe = sb_new(out->mem, 0);
    esc_terminal(&safe, text);
    entities(out, sb_view(&safe));
}

void html_lines(struct strbuf *out, struct str text)
{
    struct strbuf safe = sb_new(out->mem, 0);
    esc_terminal_text(&safe, text);
    entities(out, sb_view(&safe));
}

static const char style[] =
    ":root{color-scheme:light dark;--bg:#fff;--fg:#1f2328;--dim:#59636e;--line:#d1d9e0;"
    "--soft:#f6f8fa;--link:#0969da;--add:#1a7f37;--addbg:#dafbe1;--drop:#cf222e;--dropbg:#ffebe9;"
    "--mod:#9a6700;--modbg:#fff8c5}\n"
    "@media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--dim:#9198a1;"
    "--line:#3d444d;--soft:#151b23;--link:#58a6ff;--add:#3fb950;--addbg:#12351d;--drop:#ff7b72;"
    "--dropbg:#3d1618;--mod:#d29922;--modbg:#332701}}\n"
    "*{box-sizing:border-box}\n"
    "body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}\n"
    "main{max-width:1180px;margin:0 auto;padding:20px 16px 60px}\n"
    "h1{font-size:1.5rem;line-height:1.25;margin:.3em 0 .6em;overflow-wrap:anywhere}\n"
    "h2{font-size:1.15rem;margin:2em 0 .6em;padding-top:.5em;border-top:1px solid var(--line);"
    "overflow-wrap:anywhere}\n"
    "h3{font-size:1rem;margin:1.4em 0 .4em}\n"
    "h3.kind{font-size:.85rem;color:var(--dim);margin:1em 0 .2em}"
    "h3.kind::first-letter{text-transform:uppercase}h3.kind+ul{margin-top:0}\n"
    "a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}\n"
    "p{margin:.5em 0;overflow-wrap:anywhere}\n"
    ".dim{color:var(--dim)}\n"
    "code,pre,td.n,svg text{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace}\n"
    "code,td.n{font-size:.9em;overflow-wrap:anywhere}\n"
    "pre{margin:.6em 0;padding:10px 12px;background:var(--soft);border:1px solid var(--line);"
    "border-radius:6px;overflow:auto;font-size:.82rem;line-height:1.45}\n"
    ".scroll{overflow-x:auto;margin:.6em 0;border:1px solid var(--line);border-radius:6px}\n"
    "table{border-collapse:collapse;width:100%}\n"
    "th,td{padding:5px 10px;text-align:left;vertical-align:top;border-top:1px solid var(--line)}\n"
    "tr:first-child>th,tr:first-child>td{border-top:0}\n"
    "th{background:var(--soft);font-weight:600;font-size:.85rem;color:var(--dim);"
    "white-space:nowrap}\n"
    "td.w{white-space:nowrap}\n"
    "tr.added{background:var(--addbg)}tr.dropped{background:var(--dropbg)}"
    "tr.changed{background:var(--modbg)}\n"
    ".m{display:inline-block;padding:0 7px;border-radius:9px;font-size:.78rem;font-weight:600;"
    "white-space:nowrap;border:1px solid}\n"
    ".m.added{color:var(--add)}.m.dropped{color:var(--drop)}.m.changed{color:var(--mod)}\n"
    ".hz{display:inline-block;margin-right:6px;font-size:.8rem;color:var(--mod);white-space:nowrap}"
    ".hz.worst{color:var(--drop);font-weight:600}\n"
    "ul.list{columns:3 240px;list-style:none;padding:0;margin:.6em 0}"
    "ul.list li{break-inside:avoid;padding:2px 0;overflow-wrap:anywhere}\n"
    "dl{display:grid;grid-template-columns:max-content 1fr;gap:4px 14px;margin:.6em 0}"
    "dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}\n"
    "table.sbs{table-layout:fixed;min-width:640px;font-family:ui-monospace,Menlo,Consolas,"
    "monospace;font-size:.8rem}\n"
    ".sbs td{border-top:0;padding:1px 8px;white-space:pre-wrap;overflow-wrap:anywhere}"
    ".sbs td+td{border-left:1px solid var(--line)}\n"
    ".sbs .d{background:var(--dropbg)}.sbs .a{background:var(--addbg)}"
    ".sbs .e{background:var(--soft)}\n"
    "svg{display:block}svg text{font-size:12px;fill:var(--fg)}svg text.dim{fill:var(--dim)}"
    "svg .t{font-weight:600}\n"
    "svg rect.b{fill:var(--bg);stroke:var(--line)}svg rect.h{fill:var(--soft)}"
    "svg path{fill:none;stroke:var(--dim);stroke-width:1.3}svg path.end{fill:var(--dim);"
    "stroke:none}\n"
    "svg .added rect.b,svg path.added{stroke:var(--add)}svg .added rect.h,svg rect.added"
    "{fill:var(--addbg)}\n"
    "svg .dropped rect.b,svg path.dropped{stroke:var(--drop)}svg .dropped rect.h,svg rect.dropped"
    "{fill:var(--dropbg)}\n"
    "svg .changed rect.b,svg path.changed{stroke:var(--mod)}svg .changed rect.h,svg rect.changed"
    "{fill:var(--modbg)}\n"
    "svg path.dropped{stroke-dasharray:5 3}svg .center rect.b{stroke:var(--link);stroke-width:2}\n"
    "svg a:hover rect.b{stroke:var(--link)}\n"
    "@media (max-width:600px){main{padding:12px 10px 40px}th,td{padding:4px 7px}"
    "dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:6px}}\n"
    "@media print{.scroll,pre{overflow:visible;border:0}body{font-size:11px}h2{break-after:avoid}"
    "tr{break-inside:avoid}svg{max-width:100%;height:auto}}\n";

void html_begin_with(struct strbuf *out, const struct html_head *head)
{
    struct strbuf policy = sb_new(out->mem, 0);
    sb_c(&policy, "default-src 'none'; style-src 'unsafe-inline'");
    if (head->script)
        sb_printf(&policy, "; script-src %s", head->script);
    if (head->form || head->script)
        sb_printf(&policy, "; base-uri 'none'; form-action %s",
                  head->form ? "'self' file:" : "'none'");
    sb_c(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
              "<meta http-equiv=\"Content-Security-Policy\" content=\"");
    html_text(out, sb_view(&policy));
    sb_c(out, "\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
              "<title>");
    html_text(out, head->title);
    sb_c(out, "</title>\n<style>\n");
    sb_c(out, style);
    sb_c(out, head->style ? head->style : "");
    sb_c(out, "</style>\n</head>\n<body>\n<main>\n");
    sb_str(out, head->lead);
    sb_c(out, "<h1>");
    html_text(out, head->title);
    sb_c(out, "</h1>\n");
}

void html_begin(struct strbuf *out, struct str title, struct str lead)
{
    html_begin_with(out, &(struct html_head){.title = title, .lead = lead});
}

void html_end(struct strbuf *out)
{
    sb_c(out, "</main>\n</body>\n</html>\n");
}

enum { SLUG_TEXT = 48, SLUG_HASH = 12 };

void html_slug(struct strbuf *out, struct str path)
{
    size_t start = out->n;
    bool dash = false;
    for (size_t i = 0; i < path.n && out->n - start < SLUG_TEXT; i++) {
        bool word = ascii_is_alpha(path.p[i]) || ascii_is_digit(path.p[i]) || path.p[i] == '_';
        if (word)
            sb_char(out, ascii_lower(path.p[i]));
        else if (!dash)
            sb_char(out, '-');
        dash = !word;
    }
    if (!dash)
        sb_char(out, '-');
    hash_hex(out, hash_bytes(path), SLUG_HASH);
}

void html_href(struct strbuf *out, enum html_form form, struct str path)
{
    sb_c(out, form == HTML_PAGES ? "" : "#");
    html_slug(out, path);
    sb_c(out, form == HTML_PAGES ? ".html" : "");
}

void html_link(struct strbuf *out, enum html_form form, struct str path, struct str text)
{
    sb_c(out, "<a href=\"");
    html_href(out, form, path);
    sb_c(out, "\">");
    html_text(out, text);
    sb_c(out, "</a>");
}

void html_table_link(struct strbuf *out, enum html_form form, const struct pic_table *t)
{
    if (form == HTML_DIFF && t->part.mark == MARK_SAME)
        html_text(out, t->title);
    else
        html_link(out, form, t->part.obj->path, t->title);
}

void html_mark(struct strbuf *out, enum mark mark)
{
    if (mark != MARK_SAME)
        sb_printf(out, "<span class=\"m %s\">%s</span>", mark_word(mark), mark_word(mark));
}

static void side(struct strbuf *out, const char *class, struct str text)
{
    sb_printf(out, "<td%s>", class);
    html_text(out, text);
    sb_c(out, "</td>");
}

/* Lines that go left of those that come, as many rows as the longer of the two has. */
static void replaced(struct strbuf *out, const struct diff_line *drop, uint32_t ndrop,
                     const struct diff_line *add, uint32_t nadd)
{
    for (uint32_t i = 0; i < ndrop || i < nadd; i++) {
        bool left = i < ndrop, right = i < nadd;
        sb_c(out, "<tr>");
        side(out, left ? " class=\"d\"" : " class=\"e\"", left ? drop[i].text : STR(""));
        side(out, right ? " class=\"a\"" : " class=\"e\"", right ? add[i].text : STR(""));
        sb_c(out, "</tr>\n");
    }
}

void html_side_by_side(struct strbuf *out, struct str before, struct str after)
{
    uint32_t n, i = 0;
    struct diff_line *lines = report_line_diff(before, after, out->mem, &n);
    sb_c(out, "<div class=\"scroll\"><table class=\"sbs\">\n");
    while (i < n) {
        uint32_t drop = i, add;
        while (i < n && lines[i].mark == '-')
            i++;
        for (add = i; i < n && lines[i].mark == '+';)
            i++;
        replaced(out, lines + drop, add - drop, lines + add, i - add);
        if (i == n || lines[i].mark != ' ')
            continue;
        sb_c(out, "<tr>");
        side(out, "", lines[i].text);
        side(out, "", lines[i].text);
        sb_c(out, "</tr>\n");
        i++;
    }
    sb_c(out, "</table></div>\n");
}

void html_hazards(struct strbuf *out, unsigned bits)
{
    for (unsigned i = 1; i < HAZARD_COUNT; i++) {
        enum hazard_code code = (enum hazard_code)i;
        if (!(bits & 1u << code))
            continue;
        sb_printf(out, "<span class=\"hz%s\" title=\"", hazard_severity(code) == 3 ? " worst" : "");
        html_text(out, str_c(hazard_doc(code)));
        sb_c(out, "\">");
        for (const char *p = hazard_name(code); *p; p++)
            sb_char(out, *p == '_' ? ' ' : ascii_lower(*p));
        sb_c(out, "</span>");
    }
}
