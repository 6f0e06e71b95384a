/*
 * A message as Slack and Teams take it. Names in it are a database's: they are shown as they are
 * and mean nothing. A text that is too long for the place is cut at a line.
 *
 * Slack (docs.slack.dev, block kit, section): text of type mrkdwn up to 3000 characters; & < > have
 * to be entities; between three backticks nothing else is markup. Teams (Workflows webhook): a
 * message with an Adaptive Card, 28 KB at most with all its JSON; a TextRun knows no Markdown, a
 * TextBlock does.
 */

#include "emit/tell.h"

#include "core/escape.h"

enum { SLACK_ROOM = 2700, TEAMS_ROOM = 24000, LINE_ROOM = 300, TITLE_ROOM = 120 };

static const char zero_width[] = "\xe2\x80\x8b";

/* One finding on a line, safe for a terminal: "+ index orders.note_idx: structure (drift)". */
static void finding_line(struct strbuf *out, const struct drift_finding *f)
{
    static const char *const marks[] = {"+", "-", "~"};
    struct strbuf name = sb_new(out->mem, 0);
    obj_human(&name, change_obj(f->change));
    sb_printf(out, "%s ", marks[f->change->op]);
    esc_terminal(out, sb_view(&name));
    sb_c(out, ": ");
    facet_list(out, f->facet);
    sb_printf(out, " (%s)", verdict_name(f->verdict));
}

/* The text up to `room` bytes, cut between characters. */
static struct str fit(struct str s, size_t room)
{
    if (s.n <= room)
        return s;
    while (room && ((unsigned char)s.p[room] & 0xc0) == 0x80)
        room--;
    return str_sub(s, 0, room);
}

static void title(struct strbuf *out, const struct tell_news *news)
{
    struct strbuf env = sb_new(out->mem, 0);
    esc_terminal(&env, news->env);
    struct str name = fit(sb_view(&env), TITLE_ROOM);
    sb_printf(out, "drift: %u new in %.*s%s", news->n, STR_ARG(name),
              name.n < sb_view(&env).n ? "..." : "");
    if (news->open > news->n)
        sb_printf(out, ", %u in all", news->open);
}

/* Slack: what would be markup is text. */
static void slack_text(struct strbuf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '&')
            sb_c(out, "&amp;");
        else if (s.p[i] == '<')
            sb_c(out, "&lt;");
        else if (s.p[i] == '>')
            sb_c(out, "&gt;");
        else {
            if (s.p[i] == '`' && i && s.p[i - 1] == '`')
                sb_c(out, zero_width);
            sb_char(out, s.p[i]);
        }
}

/* Teams: {{DATE(...)}} would be a date. */
static void teams_text(struct strbuf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '{' && i && s.p[i - 1] == '{')
            sb_c(out, zero_width);
        sb_char(out, s.p[i]);
    }
}

/* A line for each finding, as many as there is room for as `put` writes them. */
static void lines(struct strbuf *out, const struct tell_news *news, size_t room,
                  void (*put)(struct strbuf *, struct str))
{
    size_t start = sb_view(out).n;
    for (uint32_t i = 0; i < news->n; i++) {
        struct strbuf raw = sb_new(out->mem, 0), line = sb_new(out->mem, 0);
        finding_line(&raw, news->v[i]);
        struct str cut = fit(sb_view(&raw), LINE_ROOM);
        bool whole = cut.n == sb_view(&raw).n;
        put(&line, whole ? cut : arena_printf(out->mem, "%.*s...", STR_ARG(cut)));
        if (sb_view(out).n - start + sb_view(&line).n > room) {
            put(out, arena_printf(out->mem, "... and %u more", news->n - i));
            return;
        }
        sb_str(out, sb_view(&line));
    }
}

static void slack_line(struct strbuf *out, struct str s)
{
    slack_text(out, s);
    sb_char(out, '\n');
}

void tell_slack(const struct tell_news *news, struct strbuf *out)
{
    struct strbuf plain = sb_new(out->mem, 0), head = sb_new(out->mem, 0),
                  body = sb_new(out->mem, 0);
    title(&plain, news);
    slack_text(&head, sb_view(&plain));
    sb_c(&body, "```\n");
    lines(&body, news, SLACK_ROOM, slack_line);
    sb_c(&body, "```");
    sb_c(out, "{\"text\":");
    esc_json(out, sb_view(&head));
    sb_c(out, ",\"blocks\":[{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"verbatim\":true,"
              "\"text\":");
    esc_json(out, sb_view(&head));
    sb_c(out, "}},{\"type\":\"section\",\"text\":{\"type\":\"mrkdwn\",\"verbatim\":true,\"text\":");
    esc_json(out, sb_view(&body));
    sb_c(out, "}}]}");
}

static void text_run(struct strbuf *out, struct str text, const char *look)
{
    sb_c(out, "{\"type\":\"RichTextBlock\",\"inlines\":[{\"type\":\"TextRun\",\"text\":");
    esc_json(out, text);
    sb_printf(out, ",%s}]}", look);
}

/* A TextRun shows a newline as a blank: each line is a block. */
static void teams_line(struct strbuf *out, struct str s)
{
    struct strbuf text = sb_new(out->mem, 0);
    teams_text(&text, s);
    sb_char(out, ',');
    text_run(out, sb_view(&text), "\"fontType\":\"monospace\"");
}

void tell_teams(const struct tell_news *news, struct strbuf *out)
{
    struct strbuf plain = sb_new(out->mem, 0), head = sb_new(out->mem, 0);
    title(&plain, news);
    teams_text(&head, sb_view(&plain));
    sb_c(out, "{\"type\":\"message\",\"attachments\":[{\"contentType\":"
              "\"application/vnd.microsoft.card.adaptive\",\"contentUrl\":null,\"content\":{"
              "\"$schema\":\"http://adaptivecards.io/schemas/adaptive-card.json\","
              "\"type\":\"AdaptiveCard\",\"version\":\"1.2\",\"body\":[");
    text_run(out, sb_view(&head), "\"weight\":\"bolder\"");
    lines(out, news, TEAMS_ROOM, teams_line);
    sb_c(out, "]}}]}");
}
