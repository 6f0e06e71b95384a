/* What chance does not explain between two reports; see sample_parts.h. */

#include "drivers/mongodb/sample_parts.h"

#include <math.h>

#include "core/escape.h"

/* The share of runs on unchanged data that may say something: with so many comparisons in a run as
 * there are, each of them gets its part of it (Bonferroni). */
static const double false_alarms = 1e-6;

void mg_wilson(uint64_t k, uint64_t n, double *low, double *high)
{
    const double z = 1.959963984540054; /* 97.5 % of the normal distribution */
    double size = (double)n, p = n ? (double)k / size : 0;
    *low = 0;
    *high = 1;
    if (!n)
        return;
    double centre = (p + z * z / (2 * size)) / (1 + z * z / size);
    double half = z / (1 + z * z / size) * sqrt(p * (1 - p) / size + z * z / (4 * size * size));
    *low = k == 0 ? 0 : centre - half;
    *high = k == n ? 1 : centre + half;
}

/* The logarithm of n over k. */
static double log_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* P(X >= k) or P(X <= k) of probabilities that are given as logarithms, from k outwards: they
 * shrink, and the sum ends where they do not count any more. */
static double tail(double (*log_p)(double x, const double *of), const double *of, double k,
                   double step, double end)
{
    double sum = 0;
    for (double x = k; step > 0 ? x <= end : x >= end; x += step) {
        double p = exp(log_p(x, of));
        sum += p;
        if (p < sum * 1e-12 || (sum == 0 && x != k))
            break;
    }
    return sum;
}

/* Of x of n1 where x + y = k of n1 + n2. */
static double hypergeometric(double x, const double *of)
{
    return log_choose(of[0], x) + log_choose(of[1], of[2] - x) - log_choose(of[0] + of[1], of[2]);
}

/* Of x of n, each with probability p. */
static double binomial(double x, const double *of)
{
    return log_choose(of[0], x) + x * log(of[1]) + (of[0] - x) * log1p(-of[1]);
}

static double fisher(struct share a, struct share b)
{
    double of[] = {(double)a.n, (double)b.n, (double)(a.k + b.k)};
    double least = of[2] > of[1] ? of[2] - of[1] : 0, most = of[2] < of[0] ? of[2] : of[0];
    bool more = (double)a.k * (double)b.n > (double)b.k * (double)a.n;
    double p = tail(hypergeometric, of, (double)a.k, more ? 1 : -1, more ? most : least);
    return p > 0.5 ? 1 : 2 * p;
}

/* The share of all is what it is; the other one is a sample of it. */
static double against(struct share all, struct share sample)
{
    if (all.k == 0 || all.k == all.n)
        return sample.k == (all.k ? sample.n : 0) ? 1 : 0;
    double of[] = {(double)sample.n, (double)all.k / (double)all.n};
    bool more = (double)sample.k > of[0] * of[1];
    double p = tail(binomial, of, (double)sample.k, more ? 1 : -1, more ? of[0] : 0);
    return p > 0.5 ? 1 : 2 * p;
}

double mg_chance(struct share a, struct share b)
{
    if (!a.n || !b.n)
        return 1;
    if (a.all && b.all && (a.k == 0) != (b.k == 0))
        return 0;
    if (a.all != b.all)
        return a.all ? against(a, b) : against(b, a);
    return fisher(a, b);
}

/* Never 0 or 100 for what is neither. */
static void put_percent(struct strbuf *out, double share)
{
    int64_t tenths = (int64_t)(share * 1000 + 0.5);
    if (tenths == 0 && share > 0)
        sb_c(out, "<0.1");
    else if (tenths == 1000 && share < 1)
        sb_c(out, ">99.9");
    else if (tenths % 10 == 0 || (tenths >= 100 && tenths < 990))
        sb_int(out, (int64_t)(share * 100 + 0.5));
    else
        sb_printf(out, "%d.%d", (int)(tenths / 10), (int)(tenths % 10));
}

void mg_put_share(struct strbuf *out, struct share s)
{
    double low, high, p = s.n ? (double)s.k / (double)s.n : 0;
    if (s.all) {
        if (s.k == s.n) {
            sb_c(out, "100 %");
            return;
        }
        sb_printf(out, "%llu of %llu", (unsigned long long)s.k, (unsigned long long)s.n);
        return;
    }
    mg_wilson(s.k, s.n, &low, &high);
    put_percent(out, p);
    sb_c(out, " % (");
    put_percent(out, low);
    sb_c(out, "..");
    put_percent(out, high);
    sb_char(out, ')');
}

/* ---- comparison ---- */

/* Two runs over what is compared: one counts the comparisons, the other judges. */
struct judge {
    struct strbuf *out;
    bool counting;
    uint64_t comparisons;
    uint32_t found;
};

static bool is_change(struct judge *j, struct share a, struct share b)
{
    if (j->counting) {
        j->comparisons++;
        return false;
    }
    return mg_chance(a, b) < false_alarms / (double)j->comparisons;
}

static void say(struct judge *j, const struct seen *c, struct str path, struct str what,
                struct share was, struct share is)
{
    esc_terminal(j->out, c->collection);
    sb_c(j->out, ": ");
    esc_terminal(j->out, path);
    sb_char(j->out, ' ');
    esc_terminal(j->out, what);
    sb_c(j->out, " was ");
    mg_put_share(j->out, was);
    sb_c(j->out, ", is ");
    mg_put_share(j->out, is);
    sb_char(j->out, '\n');
    j->found++;
}

static uint64_t type_count(const struct seen_field *f, struct str name)
{
    for (uint32_t i = 0; i < f->ntypes; i++)
        if (str_eq(f->types[i].name, name))
            return f->types[i].documents;
    return 0;
}

static void compare_share(struct judge *j, const struct seen *a, const struct seen *b,
                          const struct seen_field *was, const struct seen_field *is,
                          struct str type)
{
    bool missing = str_is_null(type);
    struct share x = {missing ? was->missing : type_count(was, type), was->in, a->all};
    struct share y = {missing ? is->missing : type_count(is, type), is->in, b->all};
    if (is_change(j, x, y))
        say(j, a, was->path, missing ? STR("missing") : type, x, y);
}

static void compare_both(struct judge *j, const struct seen *a, const struct seen *b,
                         const struct seen_field *was, const struct seen_field *is)
{
    for (uint32_t i = 0; i < was->ntypes; i++)
        compare_share(j, a, b, was, is, was->types[i].name);
    for (uint32_t i = 0; i < is->ntypes; i++)
        if (!type_count(was, is->types[i].name))
            compare_share(j, a, b, was, is, is->types[i].name);
    compare_share(j, a, b, was, is, STR_NULL);
}

/* Whether a side would not have a line for this field though it is there: it does not look at all
 * of them, or has them as one. */
static bool may_be_hidden(struct arena *mem, const struct seen *s, struct str path)
{
    struct strbuf star = sb_new(mem, 0);
    struct str last, parent = mg_path_parent(path, &last);
    if (s->more)
        return true;
    sb_str(&star, parent);
    mg_path_put_star(&star);
    return mg_seen_field(s, sb_view(&star)) != NULL;
}

/* A field that one side lacks. What belongs to it is not looked at: where it is, its parent says.
 */
static void compare_one(struct judge *j, const struct seen *has, const struct seen *lacks,
                        const struct seen_field *f, bool is_new)
{
    struct str last;
    (void)mg_path_parent(f->path, &last);
    struct share x = {f->documents, f->in, has->all};
    struct share y = {0, mg_seen_in(lacks, f->path), lacks->all};
    if (!y.n || str_eq_c(last, "*") || may_be_hidden(j->out->mem, lacks, f->path))
        return;
    if (is_change(j, is_new ? y : x, is_new ? x : y))
        say(j, has, f->path, STR("there"), is_new ? y : x, is_new ? x : y);
}

static void compare_collection(struct judge *j, const struct seen *a, const struct seen *b)
{
    for (uint32_t i = 0; i < a->nfields; i++) {
        const struct seen_field *other = mg_seen_field(b, a->fields[i].path);
        if (other)
            compare_both(j, a, b, &a->fields[i], other);
        else
            compare_one(j, a, b, &a->fields[i], false);
    }
    for (uint32_t i = 0; i < b->nfields; i++)
        if (!mg_seen_field(a, b->fields[i].path))
            compare_one(j, b, a, &b->fields[i], true);
}

/* Collections that one side lacks are the business of snap diff. */
static void compare(struct judge *j, const struct report *was, const struct report *is)
{
    for (uint32_t i = 0, k = 0; i < was->n && k < is->n;) {
        int order = str_cmp(was->v[i].collection, is->v[k].collection);
        if (order == 0)
            compare_collection(j, &was->v[i], &is->v[k]);
        i += order <= 0 ? 1 : 0;
        k += order >= 0 ? 1 : 0;
    }
}

int mg_infer_compare(struct str was, struct str is, struct arena *mem, struct strbuf *out,
                     uint32_t *n, struct err *e)
{
    struct report a, b;
    struct judge j = {.out = out, .counting = true};
    if (mg_report_read(mem, was, &a, e) || mg_report_read(mem, is, &b, e))
        return -1;
    compare(&j, &a, &b);
    j.counting = false;
    if (j.comparisons)
        compare(&j, &a, &b);
    *n = j.found;
    return 0;
}
