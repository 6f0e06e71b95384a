/* The life of an environment as one strip: a bar for each state at its time; see site_parts.h. */

#include "core/clock.h"
#include "emit/site_parts.h"

enum { WIDE = 1000, HIGH = 40, BAR = 3 };

/* Many changes are not as many times as high: twice as many are one step more. */
static unsigned height(const struct site_counts *c)
{
    uint64_t n = (uint64_t)c->of[OP_ADD] + c->of[OP_DROP] + c->of[OP_ALTER];
    unsigned high = 12;
    for (; n > 1 && high < HIGH; n /= 2)
        high += 5;
    return high > HIGH ? HIGH : high;
}

static void bar(struct strbuf *out, const struct site_job *job, uint32_t state, int64_t x)
{
    const struct site_counts *c = &job->counts[state];
    unsigned high = height(c);
    sb_c(out, "<a href=\"");
    site_state_name(out, job, state);
    sb_c(out, "\"><title>");
    html_text(out, str_sub(job->d.states[state].first, 0, 10));
    sb_printf(out, ": %u added, %u dropped, %u changed</title>", c->of[OP_ADD], c->of[OP_DROP],
              c->of[OP_ALTER]);
    sb_printf(out, "<rect x=\"%lld\" y=\"%u\" width=\"%d\" height=\"%u\"/></a>\n", (long long)x,
              HIGH - high, BAR, high);
}

void site_life(struct strbuf *out, const struct site_job *job)
{
    uint32_t n = job->d.nstates;
    if (n < 3)
        return;
    int64_t from = clock_seconds(job->d.states[0].first),
            to = clock_seconds(job->d.states[n - 1].last);
    if (to <= from)
        return;
    sb_printf(out,
              "<svg class=\"life\" viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" role=\"img\" "
              "aria-label=\"Changes over time\">\n<path d=\"M0 %d.5H%d\"/>\n",
              WIDE, HIGH + 1, HIGH, WIDE);
    for (uint32_t i = 1; i < n; i++) {
        int64_t at = clock_seconds(job->d.states[i].first) - from;
        at = at < 0 ? 0 : at > to - from ? to - from : at;
        bar(out, job, i, at * (WIDE - BAR) / (to - from));
    }
    sb_c(out, "</svg>\n<p class=\"ends small dim\"><span>");
    html_text(out, str_sub(job->d.states[0].first, 0, 10));
    sb_c(out, "</span><span>");
    html_text(out, str_sub(job->d.states[n - 1].last, 0, 10));
    sb_c(out, "</span></p>\n");
}
