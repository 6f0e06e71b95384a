/* Pages of a history: what stands on them, where links lead, what no name can break. */

#include "diff/diff.h"
#include "emit/html.h"
#include "emit/site.h"
#include "tests/harness/schema.h"
#include "tests/harness/unit.h"

#include <string.h>

enum { MOST_STATES = 64 };

/* One environment whose states are made by scripts. */
struct made {
    struct site_env env;
    struct site_detail d;
};
struct made_site {
    struct arena *mem;
    struct made made[4];
    struct site_env envs[4];
    struct site site;
    struct {
        struct str name, text;
    } pages[512];
    uint32_t npages;
};

static struct str night(struct arena *mem, uint32_t i)
{
    return arena_printf(mem, "2026-%02u-%02uT02:00:00Z", 1 + i / 28, 1 + i % 28);
}

static void add_events(struct made *m, uint32_t state, const struct changes *c)
{
    for (uint32_t i = 0; i < c->n; i++) {
        const struct change *one = &c->v[i];
        m->d.events[m->d.nevents++] =
            (struct site_event){.state = state,
                                .op = one->op,
                                .path = change_obj(one)->path,
                                .before = one->before ? one->before->a : STR_NULL,
                                .after = one->after ? one->after->a : STR_NULL,
                                .src_before = one->before ? one->before->src : STR_NULL,
                                .src_after = one->after ? one->after->src : STR_NULL};
    }
}

/* The states that the scripts make, one a night. */
static struct made made_env(struct arena *mem, const char *name, const char *const *sql, uint32_t n)
{
    struct made m = {.env = {.name = str_c(name),
                             .engine = STR("sqlite"),
                             .version = STR("SQLite 3"),
                             .eng = &engine_sqlite,
                             .states = n,
                             .runs = n}};
    struct site_state *states = NEW_ARRAY(mem, struct site_state, n);
    m.d.events = NEW_ARRAY(mem, struct site_event, 20000);
    for (uint32_t i = 0; i < n; i++) {
        struct catalog *cat = sql_catalog(mem, sql[i], "x.db");
        states[i] = (struct site_state){.id = i + 1,
                                        .first = night(mem, i),
                                        .last = night(mem, i),
                                        .not_before = i ? night(mem, i - 1) : STR_NULL,
                                        .runs = 1,
                                        .facts = cat->n,
                                        .fingerprint = cat->fingerprint};
        if (i)
            add_events(&m, i, sql_changes(mem, sql[i - 1], sql[i]));
        m.d.now = cat;
    }
    m.d.states = states;
    m.d.nstates = n;
    m.env.first = n ? night(mem, 0) : STR_NULL;
    m.env.last = n ? night(mem, n - 1) : STR_NULL;
    m.env.fingerprint = n ? states[n - 1].fingerprint : (struct hash128){0, 0};
    return m;
}

static int load(void *ctx, uint32_t env, struct arena *mem, struct site_detail *out, struct err *e)
{
    struct made_site *s = ctx;
    (void)e;
    *out = s->made[env].d;
    out->events = NEW_ARRAY(mem, struct site_event, out->nevents);
    for (uint32_t i = 0; i < out->nevents; i++)
        out->events[i] = s->made[env].d.events[i];
    return 0;
}

static int put(void *ctx, struct str name, struct str text, struct err *e)
{
    struct made_site *s = ctx;
    (void)e;
    assert_true(s->npages < 512);
    s->pages[s->npages].name = arena_str(s->mem, name);
    s->pages[s->npages++].text = arena_str(s->mem, text);
    return 0;
}

static struct made_site *write_site(struct arena *mem, const struct made *made, uint32_t n)
{
    struct made_site *s = NEW(mem, struct made_site);
    struct err e = {0};
    s->mem = mem;
    for (uint32_t i = 0; i < n; i++) {
        s->made[i] = made[i];
        s->envs[i] = made[i].env;
    }
    s->site = (struct site){.envs = s->envs, .nenvs = n, .load = load, .ctx = s};
    assert_ok(site_write(&s->site, mem, put, s, &e), e);
    return s;
}

static struct str page(const struct made_site *s, const char *begins)
{
    for (uint32_t i = 0; i < s->npages; i++)
        if (str_starts(s->pages[i].name, str_c(begins)))
            return s->pages[i].text;
    fail_msg("no page %s", begins);
    return STR_NULL;
}

static bool has(struct str text, const char *words)
{
    return str_find(text, str_c(words)) < text.n;
}
#define assert_has(text, words)                                                                    \
    do {                                                                                           \
        if (!has((text), (words)))                                                                 \
            fail_msg("lacks %s:\n%.*s", (words), STR_ARG(text));                                   \
    } while (0)

static bool has_page(const struct made_site *s, struct str name)
{
    for (uint32_t i = 0; i < s->npages; i++)
        if (str_eq(s->pages[i].name, name))
            return true;
    return false;
}

/* Every link of every page names a page, and what is behind # stands there. */
static void assert_links(const struct made_site *s)
{
    for (uint32_t i = 0; i < s->npages; i++) {
        struct str rest = s->pages[i].text;
        for (size_t at; (at = str_find(rest, STR("href=\""))) < rest.n;) {
            rest = str_from(rest, at + 6);
            struct str link = str_sub(rest, 0, str_chr(rest, '"'));
            size_t cut = str_chr(link, '#');
            struct str name = cut ? str_sub(link, 0, cut) : s->pages[i].name;
            if (!has_page(s, name))
                fail_msg("%.*s: %.*s leads nowhere", STR_ARG(s->pages[i].name), STR_ARG(link));
            if (cut == link.n)
                continue;
            struct str id = arena_printf(s->mem, "id=\"%.*s\"", STR_ARG(str_from(link, cut + 1)));
            struct str text = page(s, arena_cstr(s->mem, name));
            if (str_find(text, id) >= text.n)
                fail_msg("%.*s: %.*s has no anchor", STR_ARG(s->pages[i].name), STR_ARG(link));
        }
    }
}

static const char *const shop[] = {
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, note TEXT); CREATE TABLE still (x); CREATE TABLE "
    "gone (x INT, y)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, note INT); CREATE TABLE still (x); CREATE TABLE "
    "gone (x INT, y)",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, note INT); CREATE TABLE still (x); CREATE VIEW v "
    "AS SELECT 1,\n 2 AS a,\n 3 AS b,\n 4 AS c",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, note INT); CREATE TABLE still (x); CREATE VIEW v "
    "AS SELECT 1,\n 2 AS a,\n 33 AS b,\n 4 AS c",
};

static void a_history_as_pages(void **state)
{
    struct made one = made_env(*state, "prod", shop, 4);
    struct made_site *s = write_site(*state, &one, 1);
    assert_links(s);
    /* index, search, environment, objects; orders, gone, v */
    assert_int_equal(s->npages, 7);
    assert_str(s->pages[s->npages - 1].name, "index.html");
    struct str orders = page(s, "env-prod-table-orders-");
    assert_has(orders, "<h1>table orders</h1>");
    assert_has(orders, "<del><code>text</code></del> → <ins><code>int</code></ins>");
    assert_has(orders, "2026-01-02 02:00");
    assert_has(orders, "there since the first check, <time datetime=\"2026-01-01T02:00:00Z\">");
    assert_has(page(s, "env-prod-table-gone-"), "no longer there");
    assert_has(page(s, "env-prod-view-v-"), "<td>−</td><td> 3 AS b,</td>");
    assert_has(page(s, "env-prod-view-v-"), "<td>+</td><td> 33 AS b,</td>");
    assert_has(page(s, "objects-prod-"), "<li>still</li>");
    assert_has(page(s, "search.html"),
               "table still <span class=\"small dim\">never changed</span>");
    assert_has(page(s, "search.html"), "column orders.note</a>");
}

static void who_equals_whom(void **state)
{
    struct made v[] = {made_env(*state, "dev", shop, 2), made_env(*state, "prod", shop, 4),
                       made_env(*state, "test", shop, 2), made_env(*state, "young", shop, 0)};
    v[1].env.open[VERDICT_DRIFT] = 2;
    v[1].env.passed = 3;
    v[3].env.failed = STR("CANNOT_CONNECT");
    v[3].env.failed_time = STR("2026-03-01T02:00:00Z");
    struct made_site *s = write_site(*state, v, 4);
    struct str index = page(s, "index.html");
    assert_links(s);
    assert_has(index, "dev</a> <span class=\"g add\">=</span> <a href=\"env-test-");
    assert_has(index, "prod</a> <span class=\"dim\">like no other</span>");
    assert_has(index, "▲ 2 drift</span> · <span class=\"dim\">3 let pass</span>");
    assert_has(index, "! could not be read</span> CANNOT_CONNECT");
    /* what wants to be looked at stands first */
    assert_true(str_find(index, STR(">prod</a>")) < str_find(index, STR(">young</a>")));
    assert_true(str_find(index, STR(">young</a>")) < str_find(index, STR(">dev</a>")));
    assert_has(index, "3 environments in 2 groups");
    assert_has(index, "<th scope=\"row\">dev</th><td>·</td><td class=\"no\">≠</td>"
                      "<td class=\"yes\">=</td><td>?</td></tr>");
    /* one object in three environments is one line to search */
    assert_has(page(s, "search.html"), "<li>table orders <span class=\"small\"><a href=\"env-dev-");
    assert_has(page(s, "env-young-"), "No check could read it yet.");
}

static void findings_and_deployments(void **state)
{
    struct made one = made_env(*state, "prod", shop, 4);
    struct site_state *states = NEW_ARRAY(*state, struct site_state, 4);
    struct deployed deployed = {.tool = STR("liquibase"),
                                .id = STR("7-note"),
                                .author = STR("ann"),
                                .file = STR("db/changelog.yaml"),
                                .deployment = STR("4711")};
    struct site_finding open[] = {
        {STR("table:orders/column:note"), STR("column orders.note"), F_STRUCTURE, VERDICT_DRIFT,
         SEV_ERROR, STR("2026-01-02T02:00:00Z"), STR("2026-01-01T02:00:00Z"), false},
        {STR("table:still"), STR("table still"), F_COMMENTS, VERDICT_PENDING, SEV_NOTE,
         STR("2026-01-02T02:00:00Z"), STR_NULL, true}};
    memcpy(states, one.d.states, 4 * sizeof *states);
    states[1].deployed = &deployed;
    states[1].ndeployed = 1;
    one.d.states = states;
    one.d.findings = open;
    one.d.nfindings = 2;
    struct made_site *s = write_site(*state, &one, 1);
    struct str orders = page(s, "env-prod-table-orders-");
    assert_links(s);
    assert_has(orders,
               "liquibase <code>7-note</code> by ann of db/changelog.yaml, deployment 4711");
    assert_has(orders, "▲ drift</span></td><td><a href=\"env-prod-table-orders-");
    assert_false(has(orders, "table still"));
    /* what is open has a page though it never changed */
    assert_has(page(s, "env-prod-table-still-"), "no change since the first check");
    for (uint32_t i = 0; i < s->npages; i++)
        if (has(s->pages[i].text, "<h2>Timeline</h2>")) {
            assert_has(s->pages[i].text, "table still</a></td><td data-h=\"facet\">comments</td>");
            assert_has(s->pages[i].text, "let pass");
        }
}

/* More states than one page shows go to pages of months; a state with many objects has its own. */
static void much_is_spread_over_pages(void **state)
{
    const char *sql[60];
    struct strbuf many = sb_new(*state, 0);
    for (uint32_t i = 0; i < 100; i++)
        sb_printf(&many, "CREATE TABLE t%02u (x);", i);
    for (uint32_t i = 0; i < 60; i++)
        sql[i] = arena_cstr(*state, arena_printf(*state, "%s CREATE TABLE a (c%u)",
                                                 i == 30 ? sb_view(&many).p : "", i));
    struct made one = made_env(*state, "prod", sql, 60);
    struct made_site *s = write_site(*state, &one, 1);
    assert_links(s);
    assert_has(page(s, "month-prod-at-2026-01-"), "<h1>prod in 2026-01</h1>");
    assert_has(page(s, "state-prod-at-31-"), ">table t99</a>");
    assert_has(page(s, "month-prod-at-2026-02-"), "and 61 more objects</a>");
}

static void names_only_is_the_same_names(void **state)
{
    struct made one = made_env(*state, "prod", shop, 4);
    struct made_site *s = write_site(*state, &one, 1), *names = NEW(*state, struct made_site);
    struct err e = {0};
    *names = *s;
    names->npages = 0;
    names->site.names = true;
    names->site.ctx = names;
    assert_ok(site_write(&names->site, *state, put, names, &e), e);
    assert_int_equal(names->npages, s->npages);
    for (uint32_t i = 0; i < s->npages; i++) {
        assert_true(str_eq(names->pages[i].name, s->pages[i].name));
        assert_int_equal(names->pages[i].text.n, 0);
    }
}

static void no_name_breaks_a_page(void **state)
{
    const char *sql[] = {nasty_sql(*state, false), nasty_sql(*state, true)};
    struct made one = made_env(*state, "</title><script>alert(1)</script>", sql, 2);
    one.env.failed = STR("<b>\x1b[31m");
    one.env.failed_time = STR("\"><i>");
    struct made_site *s = write_site(*state, &one, 1);
    assert_links(s);
    for (uint32_t i = 0; i < s->npages; i++) {
        struct str name = s->pages[i].name, text = s->pages[i].text;
        for (size_t k = 0; k < name.n; k++)
            if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-_.", name.p[k]))
                fail_msg("name %.*s", STR_ARG(name));
        assert_true(name.n < 100);
        assert_false(acts_on_terminal(text));
        assert_false(has(text, "<img") || has(text, "<script>alert") || has(text, "<b>"));
        assert_has(text, "default-src &#39;none&#39;");
        assert_int_equal(has(text, "<script>"), str_eq_c(name, "search.html"));
    }
}

/* A body with a change in the midst: what is equal is left out and said, and so is what is cut. */
static void long_texts_are_cut_with_a_word(void **state)
{
    struct strbuf a = sb_new(*state, 0), b = sb_new(*state, 0);
    const char *sql[2];
    sb_c(&a, "CREATE TABLE x (y); CREATE VIEW v AS SELECT 0");
    sb_c(&b, "CREATE TABLE x (y); CREATE VIEW v AS SELECT 0");
    for (uint32_t i = 0; i < 1000; i++) {
        sb_printf(&a, ",\n %u", i >= 100 && i < 900 ? i + 5000 : i);
        sb_printf(&b, ",\n %u", i);
    }
    sql[0] = sb_view(&a).p;
    sql[1] = sb_view(&b).p;
    struct made one = made_env(*state, "prod", sql, 2);
    struct str view = page(write_site(*state, &one, 1), "env-prod-view-v-");
    assert_has(view, "… 98 equal lines");
    assert_has(view, "… 400 more old lines");
    assert_has(view, "… 400 more new lines");
    assert_has(view, "cut here");
    assert_has(view, "… 97 equal lines");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_history_as_pages),
        TEST(who_equals_whom),
        TEST(findings_and_deployments),
        TEST(much_is_spread_over_pages),
        TEST(names_only_is_the_same_names),
        TEST(no_name_breaks_a_page),
        TEST(long_texts_are_cut_with_a_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
