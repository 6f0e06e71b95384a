/* The report of a check of many: for people, as Markdown, as JSON. Nothing in it hangs on when or
 * in which order the workers ended. */

#include "cli/many.h"

#include "core/escape.h"
#include "core/record.h"
#include "emit/matrix.h"

enum { NAMES_OF_FIRST = 3, NAMES_OF_ODD = 50, NAME_WIDTH = 96 };

static const struct many_result *result_of(const struct many *m, uint32_t member)
{
    return &m->results[m->of[member]];
}

static void put_count(struct strbuf *out, uint32_t n, const char *word)
{
    sb_printf(out, "%u %s%s", n, word, n == 1 ? "" : "s");
}

/* "1000 targets in 7 groups; 2 could not be checked" */
static void put_sum(struct strbuf *out, const struct many *m)
{
    put_count(out, m->targets.n, "target");
    sb_c(out, " in ");
    put_count(out, m->ngroups, "group");
    if (m->failed)
        sb_printf(out, "; %u could not be checked", m->failed);
}

static const struct many_result *first_of(const struct many *m, uint32_t group)
{
    return result_of(m, m->groups[group].first);
}

/* "drift in 2, conflict in 1": of how many members the baseline says otherwise. */
static void put_verdicts(struct strbuf *out, const struct many *m, uint32_t group)
{
    static const char *const words[] = {"drift", "conflict", "pending"};
    uint32_t n[3] = {0};
    bool any = false;
    for (uint32_t i = 0; i < m->nmembers; i++) {
        const struct many_result *r = result_of(m, i);
        if (m->members[i].group != group)
            continue;
        n[0] += r->drift > 0;
        n[1] += r->conflict > 0;
        n[2] += r->pending > 0;
    }
    for (size_t i = 0; i < 3; i++)
        if (n[i]) {
            sb_printf(out, "%s%s in %u", any ? ", " : "", words[i], n[i]);
            any = true;
        }
}

/* Names of a group's members, in lines that are not too long. */
static void put_names(struct strbuf *out, const struct many *m, uint32_t group, const char *indent,
                      void (*esc)(struct strbuf *, struct str))
{
    uint32_t most = group ? NAMES_OF_ODD : NAMES_OF_FIRST, told = 0;
    size_t width = 0;
    for (uint32_t i = 0; i < m->nmembers && told < most; i++) {
        if (m->members[i].group != group)
            continue;
        struct strbuf name = sb_new(out->mem, 0);
        esc(&name, m->members[i].name);
        size_t n = esc_width(sb_view(&name)) + 2;
        bool wrap = width && width + n > NAME_WIDTH;
        sb_c(out, !told ? indent : wrap ? ",\n" : ", ");
        if (wrap)
            sb_c(out, indent);
        width = wrap ? n : width + n;
        sb_str(out, sb_view(&name));
        told++;
    }
    if (told < m->groups[group].n)
        sb_printf(out, " and %u more", m->groups[group].n - told);
}

static void put_group(struct strbuf *out, const struct many *m, uint32_t group)
{
    const struct many_result *first = first_of(m, group);
    struct strbuf verdicts = sb_new(out->mem, 0);
    sb_c(out, "group ");
    matrix_group(out, group);
    sb_c(out, "  ");
    put_count(out, m->groups[group].n, "target");
    sb_c(out, "  ");
    esc_terminal(out, first->version);
    sb_c(out, "  ");
    hash_hex(out, first->fingerprint, 8);
    put_verdicts(&verdicts, m, group);
    if (verdicts.n)
        sb_printf(out, "  %.*s", STR_ARG(sb_view(&verdicts)));
    sb_char(out, '\n');
    put_names(out, m, group, "    ", esc_terminal);
    sb_char(out, '\n');
}

/* "group B is nearest to A: 3 changes" */
static void put_near_head(struct strbuf *out, const struct many *m, uint32_t group)
{
    const struct many_near *near = &m->near[group];
    sb_c(out, "group ");
    matrix_group(out, group);
    sb_c(out, near->why ? " could not be compared with " : " is nearest to ");
    matrix_group(out, near->group);
    if (near->why) {
        sb_printf(out, ": %s: ", err_name(near->why->code));
        esc_terminal(out, str_c(near->why->msg));
    } else {
        sb_c(out, ": ");
        put_count(out, near->changes, "change");
    }
}

static void put_indented(struct strbuf *out, struct str text, const char *indent)
{
    struct str line;
    while (str_cut(&text, '\n', &line)) {
        sb_c(out, line.n ? indent : "");
        sb_str(out, line);
        sb_char(out, '\n');
    }
}

static void put_left(struct strbuf *out, const struct many_near *near, const char *indent)
{
    if (!near->left)
        return;
    sb_printf(out, "%s... and ", indent);
    put_count(out, near->left, "line");
    sb_c(out, " more: snap diff, or -f json, shows all\n");
}

/* Those that could not be checked, or what failed once they were. */
static void put_failed(struct strbuf *out, const struct many *m, bool late, const char *bullet,
                       void (*esc)(struct strbuf *, struct str))
{
    for (uint32_t i = 0; i < m->targets.n; i++) {
        const struct err *why = late ? m->results[i].late : m->results[i].why;
        if (!why)
            continue;
        sb_c(out, bullet);
        esc(out, m->targets.v[i].name);
        sb_printf(out, ": %s: ", err_name(why->code));
        esc(out, str_c(why->msg));
        sb_char(out, '\n');
    }
}

static void put_more(struct strbuf *out, const struct many *m)
{
    if (m->ngroups <= MANY_SHOWN + 1)
        return;
    sb_c(out, "\nof ");
    put_count(out, m->ngroups - MANY_SHOWN - 1, "more group");
    sb_c(out, " the changes are not shown\n");
}

static void show_text(const struct many *m, struct strbuf *out)
{
    put_sum(out, m);
    sb_c(out, "\n\n");
    for (uint32_t g = 0; g < m->ngroups; g++)
        put_group(out, m, g);
    for (uint32_t g = 1; g < m->ngroups; g++) {
        if (!m->near[g].shown)
            continue;
        sb_char(out, '\n');
        put_near_head(out, m, g);
        sb_char(out, '\n');
        put_indented(out, str_trim(m->near[g].text), "    ");
        put_left(out, &m->near[g], "    ");
    }
    put_more(out, m);
    if (m->failed)
        sb_c(out, "\ncould not be checked:\n");
    put_failed(out, m, false, "    ", esc_terminal);
    if (m->late)
        sb_c(out, "\nchecked, and failed later:\n");
    put_failed(out, m, true, "    ", esc_terminal);
}

static void show_markdown(const struct many *m, struct strbuf *out)
{
    sb_c(out, "# ");
    put_sum(out, m);
    sb_c(out, "\n\n| group | targets | fingerprint | baseline | |\n|---|--:|---|---|---|\n");
    for (uint32_t g = 0; g < m->ngroups; g++) {
        sb_c(out, "| ");
        matrix_group(out, g);
        sb_printf(out, " | %u | ", m->groups[g].n);
        hash_hex(out, first_of(m, g)->fingerprint, 8);
        sb_c(out, " | ");
        put_verdicts(out, m, g);
        sb_c(out, " | ");
        struct strbuf names = sb_new(out->mem, 0);
        put_names(&names, m, g, "", esc_markdown);
        for (size_t i = 0; i < names.n; i++) /* a cell is one line */
            sb_char(out, names.p[i] == '\n' ? ' ' : names.p[i]);
        sb_c(out, " |\n");
    }
    for (uint32_t g = 1; g < m->ngroups; g++) {
        if (!m->near[g].shown)
            continue;
        sb_c(out, "\n## ");
        put_near_head(out, m, g);
        sb_c(out, "\n\n");
        put_indented(out, str_trim(m->near[g].text), "    ");
        put_left(out, &m->near[g], "\n");
    }
    put_more(out, m);
    if (m->failed)
        sb_c(out, "\n## could not be checked\n\n");
    put_failed(out, m, false, "- ", esc_markdown);
    if (m->late)
        sb_c(out, "\n## checked, and failed later\n\n");
    put_failed(out, m, true, "- ", esc_markdown);
}

/* The document of the json format, as it stands or, where it was too large, not. */
static void put_near(struct strbuf *out, const struct many_near *near)
{
    struct strbuf name = sb_new(out->mem, 0);
    jc_put_key(out, STR("nearest"));
    sb_char(out, '{');
    record_number(out, "changes", near->changes);
    if (near->text.n) {
        jc_put_key(out, STR("diff"));
        sb_str(out, str_trim(near->text));
    }
    if (near->why)
        record_error(out, "error", near->why);
    matrix_group(&name, near->group);
    record_text(out, "group", sb_view(&name));
    sb_char(out, '}');
}

static void put_member(struct strbuf *out, const struct many *m, uint32_t member)
{
    const struct many_result *r = result_of(m, member);
    sb_char(out, '{');
    if (r->judged) {
        record_number(out, "conflict", r->conflict);
        record_number(out, "drift", r->drift);
    }
    if (r->late)
        record_error(out, "error", r->late);
    if (r->judged) {
        jc_put_key(out, STR("fails"));
        sb_c(out, r->fails ? "true" : "false");
    }
    record_text(out, "name", m->members[member].name);
    if (r->judged) {
        record_number(out, "passed", r->passed);
        record_number(out, "pending", r->pending);
    }
    sb_char(out, '}');
}

static void put_json_group(struct strbuf *out, const struct many *m, uint32_t group)
{
    struct strbuf name = sb_new(out->mem, 0);
    const struct many_result *first = first_of(m, group);
    bool any = false;
    matrix_group(&name, group);
    sb_char(out, '{');
    record_hash(out, "fingerprint", first->fingerprint);
    record_text(out, "group", sb_view(&name));
    jc_put_key(out, STR("members"));
    sb_char(out, '[');
    for (uint32_t i = 0; i < m->nmembers; i++) {
        if (m->members[i].group != group)
            continue;
        sb_c(out, any ? ",\n" : "\n");
        put_member(out, m, i);
        any = true;
    }
    sb_char(out, ']');
    if (m->near[group].shown)
        put_near(out, &m->near[group]);
    record_text(out, "version", first->version);
    sb_char(out, '}');
}

static void show_json(const struct many *m, struct strbuf *out)
{
    bool any = false;
    sb_c(out, "{\"failed\":[");
    for (uint32_t i = 0; i < m->targets.n; i++) {
        if (!m->results[i].why)
            continue;
        sb_c(out, any ? ",\n{" : "\n{");
        record_error(out, "error", m->results[i].why);
        record_text(out, "name", m->targets.v[i].name);
        sb_char(out, '}');
        any = true;
    }
    sb_printf(out, "],\"fails\":%s,\"groups\":[", m->fails ? "true" : "false");
    for (uint32_t g = 0; g < m->ngroups; g++) {
        sb_c(out, g ? ",\n" : "\n");
        put_json_group(out, m, g);
    }
    sb_printf(out, "],\"targets\":%u}\n", m->targets.n);
}

void many_show(const struct many *m, struct strbuf *out)
{
    if (m->format == MANY_TEXT)
        show_text(m, out);
    else if (m->format == MANY_MARKDOWN)
        show_markdown(m, out);
    else
        show_json(m, out);
}
