/* Ids by a template: --id-template and --ticket. */

#include "cli/masters.h"

#include <stdlib.h>
#include <time.h>

enum { MAX_ID = 255, MAX_TICKET = 100, HASH_DIGITS = 16 };

static struct str template_of(const struct context *ctx)
{
    struct str t = opt(ctx, OPT_ID_TEMPLATE);
    return t.n ? t : opt(ctx, OPT_TICKET).n ? STR("{ticket}-{hash}") : STR_NULL;
}

/* The next part: text up to a brace, or the word in braces; false at the end. */
static bool next_part(struct str *rest, struct str *part, bool *word)
{
    if (!rest->n)
        return false;
    *word = rest->p[0] == '{';
    size_t n = *word ? str_chr(*rest, '}') : str_chr(*rest, '{');
    *part = str_sub(*rest, *word ? 1 : 0, n);
    *rest = str_from(*rest, *word ? n + 1 : n);
    return true;
}

static bool is_printable(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7f)
            return false;
    return str_is_utf8(s);
}

int ids_check(const struct context *ctx, struct err *e)
{
    struct str given = opt(ctx, OPT_ID_TEMPLATE), ticket = opt(ctx, OPT_TICKET);
    struct str rest = template_of(ctx), part;
    bool word, hash = false, number = false, has_ticket = false;
    if (!str_is_null(ticket) && (!ticket.n || ticket.n > MAX_TICKET || !is_printable(ticket)))
        return err_set(e, E_BAD_VALUE, "--ticket: 1 to %d bytes of one line are wanted",
                       MAX_TICKET);
    if (!str_is_null(given) && (!given.n || given.n > MAX_ID || !is_printable(given)))
        return err_set(e, E_BAD_VALUE, "--id-template: 1 to %d bytes of one line are wanted",
                       MAX_ID);
    if (str_is_null(rest))
        return 0;
    while (next_part(&rest, &part, &word)) {
        if (!word)
            continue;
        hash = hash || str_eq(part, STR("hash"));
        number = number || str_eq(part, STR("n"));
        has_ticket = has_ticket || str_eq(part, STR("ticket"));
        if (!str_has_word(STR("hash,n,ticket,date"), part)) {
            err_set(e, E_BAD_VALUE, "--id-template: there is no {%.*s}", STR_ARG(part));
            return err_hint(e, "{hash}, {n}, {ticket} and {date} are");
        }
    }
    if (has_ticket != (ticket.n > 0))
        return err_set(e, E_USAGE, "%s",
                       has_ticket ? "--id-template has {ticket}: --ticket is wanted"
                                  : "--ticket: --id-template has no {ticket}");
    if (!hash && !(number && opt(ctx, OPT_AGAINST).n)) {
        err_set(e, E_USAGE,
                "--id-template: without {hash}, ids of two changelogs would be the same");
        return err_hint(e, "{hash} says what a change does; {n} counts on when --against MASTER "
                           "tells which numbers are taken");
    }
    return 0;
}

/* "20261121" of SOURCE_DATE_EPOCH or now, in UTC. */
static struct str today(struct arena *mem)
{
    const char *epoch = getenv("SOURCE_DATE_EPOCH");
    int64_t seconds = (int64_t)time(NULL);
    struct tm tm;
    char text[16];
    if (epoch && *epoch)
        str_int(str_c(epoch), &seconds);
    time_t t = (time_t)seconds;
    if (!gmtime_r(&t, &tm) || !strftime(text, sizeof text, "%Y%m%d", &tm))
        return STR("");
    return arena_str(mem, str_c(text));
}

struct making {
    struct context *ctx;
    struct str text, ticket, date;
};

static struct str render(const struct making *m, const struct step *s, int64_t number,
                         unsigned repeat)
{
    struct strbuf b = sb_new(m->ctx->mem, 0);
    struct str rest = m->text, part;
    bool word;
    while (next_part(&rest, &part, &word)) {
        if (!word)
            sb_str(&b, part);
        else if (str_eq(part, STR("hash")))
            hash_hex(&b, s->id, HASH_DIGITS);
        else if (str_eq(part, STR("n")))
            sb_int(&b, number);
        else
            sb_str(&b, str_eq(part, STR("ticket")) ? m->ticket : m->date);
    }
    if (repeat)
        sb_printf(&b, ".%u", repeat);
    return sb_view(&b);
}

static size_t count_hex(struct str s)
{
    size_t n = 0;
    while (n < s.n && n < HASH_DIGITS &&
           (ascii_is_digit(s.p[n]) || (s.p[n] >= 'a' && s.p[n] <= 'f')))
        n++;
    return n;
}

static size_t count_digits(struct str s)
{
    size_t n = 0;
    while (n < s.n && n < 15 && ascii_is_digit(s.p[n]))
        n++;
    return n;
}

/* The number that {n} stands for in an id; -1 where the template did not make it. */
static int64_t number_in(const struct making *m, struct str id)
{
    struct str rest = m->text, part;
    int64_t number = -1;
    bool word;
    while (next_part(&rest, &part, &word)) {
        size_t n;
        if (word && str_eq(part, STR("hash"))) {
            n = count_hex(id);
        } else if (word && !str_eq(part, STR("ticket"))) {
            n = count_digits(id);
            if (!n || (str_eq(part, STR("n")) && !str_int(str_sub(id, 0, n), &number)))
                return -1;
        } else {
            struct str want = word ? m->ticket : part;
            n = want.n;
            if (!str_starts(id, want))
                return -1;
        }
        id = str_from(id, n);
    }
    return id.n && id.p[0] != ' ' && id.p[0] != '.' ? -1 : number;
}

/* An id with or without a description behind it. */
static bool is_seen(struct str id, const struct str *seen, uint32_t nseen)
{
    for (uint32_t i = 0; i < nseen; i++)
        if (str_starts(seen[i], id) &&
            (seen[i].n == id.n || str_starts(str_from(seen[i], id.n), STR(" ("))))
            return true;
    return false;
}

int ids_make(struct context *ctx, const struct plan *plan, const struct str *seen, uint32_t nseen,
             const struct str **out, struct err *e)
{
    struct making m = {ctx, template_of(ctx), opt(ctx, OPT_TICKET), today(ctx->mem)};
    int64_t number = 0;
    *out = NULL;
    if (str_is_null(m.text))
        return 0;
    struct str *ids = NEW_ARRAY(ctx->mem, struct str, plan->n);
    for (uint32_t i = 0; i < nseen; i++) {
        int64_t had = number_in(&m, seen[i]);
        number = had >= number ? had + 1 : number;
    }
    number = number ? number : 1;
    for (uint32_t i = 0; i < plan->n; i++) {
        ids[i] = render(&m, &plan->v[i], number + i, 0);
        for (unsigned repeat = 2; is_seen(ids[i], seen, nseen); repeat++)
            ids[i] = render(&m, &plan->v[i], number + i, repeat);
        if (ids[i].n > MAX_ID)
            return err_set(e, E_BAD_VALUE,
                           "--id-template: an id would have %zu bytes, and %d are "
                           "allowed",
                           ids[i].n, MAX_ID);
    }
    *out = ids;
    return 0;
}
