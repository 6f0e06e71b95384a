/* Options, configuration and sources as commands see them. */

#include "cli/changelog_source.h"
#include "cli/history.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/escape.h"
#include "core/suggest.h"

__attribute__((format(printf, 3, 0))) static void tell(const struct context *ctx, const char *what,
                                                       const char *fmt, va_list ap)
{
    struct strbuf safe = sb_new(ctx->mem, 0);
    esc_terminal(&safe, context_shown(ctx, arena_vprintf(ctx->mem, fmt, ap)));
    fprintf(stderr, "snap: %s%s\n", what, sb_view(&safe).p);
}

void say(const struct context *ctx, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (ctx->verbose)
        tell(ctx, "", fmt, ap);
    va_end(ap);
}

void warn(const struct context *ctx, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (!ctx->quiet && (ctx->verbose || ctx->cmd.command->bit != C_DRIFT))
        tell(ctx, "warning: ", fmt, ap);
    va_end(ap);
}

struct str opt(const struct context *ctx, enum option_id id)
{
    uint32_t n = ctx->cmd.given.n[id];
    return n ? ctx->cmd.given.v[id][n - 1] : STR_NULL;
}

int opt_bool(const struct context *ctx, enum option_id id, bool *out, struct err *e)
{
    struct str value = opt(ctx, id);
    *out = false;
    if (str_is_null(value) || option_bool(value, out))
        return 0;
    for (size_t i = 0; i < option_row_count; i++)
        if (option_rows[i].id == id && !option_rows[i].alias)
            return err_set(e, E_BAD_VALUE, "--%s takes true or false, not %.*s",
                           option_rows[i].name, STR_ARG(value));
    return -1;
}

bool opt_on(const struct context *ctx, enum option_id id)
{
    bool on;
    struct err none;
    return !opt_bool(ctx, id, &on, &none) && on;
}

/* A bare number is seconds. */
int context_time(const struct context *ctx, enum option_id id, const char *name, unsigned *ms,
                 struct err *e)
{
    struct str text = opt(ctx, id);
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}, {"", 1000}};
    size_t digits = 0;
    int64_t n;
    if (!text.n)
        return 0;
    while (digits < text.n && ascii_is_digit(text.p[digits]))
        digits++;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (str_eq_c(str_from(text, digits), units[i].unit) && digits &&
            str_int(str_sub(text, 0, digits), &n) && n > 0 && n <= 86400000 / units[i].ms) {
            *ms = (unsigned)(n * units[i].ms);
            return 0;
        }
    err_set(e, E_BAD_VALUE, "--%s %.*s is no time", name, STR_ARG(text));
    return err_hint(e, "write it as 500ms, 30s, 5m or 2h, up to a day");
}

/* How long to wait for servers, and how often to try. */
static int take_limits(struct context *ctx, struct err *e)
{
    struct str text = opt(ctx, OPT_RETRIES);
    int64_t n = 0;
    if (context_time(ctx, OPT_TIMEOUT, "timeout", &ctx->timeout_ms, e) ||
        context_time(ctx, OPT_CONNECT_TIMEOUT, "connect-timeout", &ctx->connect_ms, e) ||
        context_time(ctx, OPT_STATEMENT_TIMEOUT, "statement-timeout", &ctx->statement_ms, e))
        return -1;
    if (text.n && (!str_int(text, &n) || n < 0 || n > 1000))
        return err_set(e, E_BAD_VALUE, "--retries takes a number up to 1000, not %.*s",
                       STR_ARG(text));
    ctx->tries = text.n ? (unsigned)n + 1 : 0;
    return 0;
}

static int init_color(struct context *ctx, struct err *e)
{
    struct str when = opt(ctx, OPT_COLOR);
    const char *no_color = getenv("NO_COLOR"), *clicolor = getenv("CLICOLOR");
    const char *term = getenv("TERM");
    bool dumb = !term || strcmp(term, "dumb") == 0;
    if (str_is_null(when) || str_eq(when, STR("auto")))
        ctx->color = isatty(STDOUT_FILENO) && !dumb && !(no_color && *no_color) &&
                     !(clicolor && strcmp(clicolor, "0") == 0) && !opt(ctx, OPT_OUTPUT).n;
    else if (str_eq(when, STR("always")) || str_eq(when, STR("never")))
        ctx->color = str_eq(when, STR("always"));
    else
        return err_set(e, E_BAD_VALUE, "--color takes auto, always or never, not %.*s",
                       STR_ARG(when));
    return 0;
}

/* Values under defaults: for what neither option nor variable gave. */
static void add_defaults(struct context *ctx)
{
    for (size_t i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        const struct option_values *d = &ctx->config.defaults;
        if (row->alias || ctx->cmd.given.n[row->id] || !(row->commands & ctx->cmd.command->bit))
            continue;
        for (uint32_t k = 0; k < d->n[row->id]; k++)
            option_add(&ctx->cmd.given, row->id, d->v[row->id][k], ctx->mem);
    }
}

/* Where a command writes one document, -f NAME=FILE is -f NAME -o FILE. */
static int one_format(struct context *ctx, struct err *e)
{
    struct option_values *v = &ctx->cmd.given;
    struct str format = opt(ctx, OPT_FORMAT);
    size_t eq = str_chr(format, '=');
    if (!(ctx->cmd.command->bit & (C_SNAPSHOT | C_CHANGELOG | C_DRIFT | C_HISTORY)) || !format.n)
        return 0;
    if (v->n[OPT_FORMAT] > 1)
        return err_set(e, E_USAGE, "snap %s writes one format", ctx->cmd.command->name);
    if (eq == format.n)
        return 0;
    if (v->n[OPT_OUTPUT])
        return err_set(e, E_USAGE, "-f %.*s and -o %.*s: one file is wanted", STR_ARG(format),
                       STR_ARG(opt(ctx, OPT_OUTPUT)));
    v->v[OPT_FORMAT][0] = arena_str(ctx->mem, str_sub(format, 0, eq));
    option_add(v, OPT_OUTPUT, arena_str(ctx->mem, str_from(format, eq + 1)), ctx->mem);
    return 0;
}

/* Flags from variables and snap.yml are text: what is no boolean is not taken for "no". */
static int check_flags(const struct context *ctx, struct err *e)
{
    bool on;
    for (size_t i = 0; i < option_row_count; i++)
        if (!option_rows[i].alias && option_rows[i].arg == ARG_NONE &&
            opt_bool(ctx, option_rows[i].id, &on, e))
            return -1;
    return 0;
}

/* --schemas a,b is one --include for each. */
static int include_schemas(struct context *ctx, struct err *e)
{
    struct str rest = opt(ctx, OPT_SCHEMAS), name;
    while (str_cut(&rest, ',', &name)) {
        name = str_trim(name);
        if (!name.n)
            return err_set(e, E_BAD_VALUE, "--schemas: a name is missing in %.*s",
                           STR_ARG(opt(ctx, OPT_SCHEMAS)));
        for (uint32_t i = 0; i < ctx->filter.nmaps; i++)
            if (str_eq(name, ctx->filter.maps[i].from))
                name = ctx->filter.maps[i].to;
        option_add(&ctx->cmd.given, OPT_INCLUDE,
                   arena_printf(ctx->mem, "schema:%.*s", STR_ARG(name)), ctx->mem);
    }
    return 0;
}

/* --map-schema OLD=NEW, each. */
static int map_schemas(struct context *ctx, struct err *e)
{
    const struct option_values *v = &ctx->cmd.given;
    uint32_t n = v->n[OPT_MAP_SCHEMA];
    struct schema_map *maps = NEW_ARRAY(ctx->mem, struct schema_map, n);
    for (uint32_t i = 0; i < n; i++) {
        struct str text = v->v[OPT_MAP_SCHEMA][i];
        size_t eq = str_chr(text, '=');
        maps[i] = (struct schema_map){str_sub(text, 0, eq), str_from(text, eq + 1)};
        if (!maps[i].from.n || !name_is_plain(maps[i].to)) {
            err_set(e, E_BAD_VALUE, "--map-schema %.*s: want OLD=NEW", STR_ARG(text));
            return err_hint(e, "NEW is a word of small letters, digits and _");
        }
    }
    ctx->filter.maps = maps;
    ctx->filter.nmaps = n;
    return 0;
}

int context_filters(struct context *ctx, bool schemas, struct err *e)
{
    struct option_values *v = &ctx->cmd.given;
    if (map_schemas(ctx, e) || (schemas && include_schemas(ctx, e)))
        return -1;
    ctx->filter.include = v->v[OPT_INCLUDE];
    ctx->filter.ninclude = v->n[OPT_INCLUDE];
    ctx->filter.exclude = v->v[OPT_EXCLUDE];
    ctx->filter.nexclude = v->n[OPT_EXCLUDE];
    return 0;
}

/* Whether a scratch server is the one of an environment, or its very URL. */
static bool is_on(struct context *ctx, const struct source_spec *scratch, struct str env)
{
    struct source_spec spec;
    struct err none;
    if (str_eq(env, scratch->label))
        return true;
    if (source_parse(env, all_engines, ctx->mem, &spec, &none))
        return false; /* said where it is used */
    return spec.kind == SRC_LIVE && spec.eng == scratch->eng && spec.eng->same_server &&
           spec.eng->same_server(&spec.live, &scratch->live, ctx->mem);
}

/* The servers for scratch databases that snap.yml names. One that a protected environment lives on
 * is not written to. */
static int read_scratch(struct context *ctx, struct err *e)
{
    const struct config *c = &ctx->config;
    ctx->scratch = NEW_ARRAY(ctx->mem, struct source_spec, c->nscratch);
    for (uint32_t i = 0; i < c->nscratch; i++) {
        struct source_spec *spec = &ctx->scratch[i];
        if (str_is_null(c->scratch[i].url))
            continue;
        if (source_parse(c->scratch[i].url, all_engines, ctx->mem, spec, e))
            return err_wrap(e, "scratch: of snap.yml");
        if (spec->kind != SRC_LIVE || spec->eng != c->scratch[i].eng)
            return err_set(e, E_BAD_VALUE, "scratch: of snap.yml: %.*s is no URL of %s",
                           STR_ARG(spec->live.text), c->scratch[i].eng->title);
        for (uint32_t k = 0; k < c->nenvs; k++)
            if (c->envs[k].is_protected && is_on(ctx, spec, c->envs[k].source))
                return err_set(e, E_PROTECTED,
                               "scratch: of snap.yml is on the server of the protected %.*s",
                               STR_ARG(c->envs[k].name));
        spec->live.connect_ms = ctx->connect_ms;
        spec->live.tries = ctx->tries;
    }
    return 0;
}

int context_init(struct context *ctx, struct err *e)
{
    bool reads = (ctx->cmd.command->bit & (C_READ | C_HISTORY | C_REPORT)) != 0;
    if (options_from_env(&ctx->cmd, ctx->mem, e))
        return -1;
    if (reads && config_load(opt(ctx, OPT_CONFIG), all_engines, ctx->mem, &ctx->config, e))
        return -1;
    add_defaults(ctx);
    if (check_flags(ctx, e) || one_format(ctx, e) || context_filters(ctx, true, e))
        return -1;
    ctx->quiet = opt_on(ctx, OPT_QUIET);
    ctx->debug = opt_on(ctx, OPT_DEBUG);
    ctx->verbose = ctx->debug || opt_on(ctx, OPT_VERBOSE);
    ctx->strict = opt_on(ctx, OPT_STRICT);
    return context_data(ctx, e) || take_limits(ctx, e) || init_color(ctx, e) || read_scratch(ctx, e)
               ? -1
               : 0;
}

/* Every facet that the engine knows something of. */
static unsigned facets_of(const struct engine *eng)
{
    unsigned all = 0;
    for (size_t i = 0; i < eng->nkinds; i++) {
        all |= eng->kinds[i]->facet;
        for (size_t k = 0; k < eng->kinds[i]->nattrs; k++)
            all |= eng->kinds[i]->attrs[k].facet;
    }
    return all;
}

int context_facets(const struct context *ctx, const struct engine *eng, unsigned *out,
                   struct err *e)
{
    struct str list = opt(ctx, OPT_FACETS), bad;
    *out = eng->facets;
    if (str_is_null(list) || facet_parse(list, eng->facets, out, &bad)) {
        if (context_data_facets(ctx, eng, facets_of(eng), out, e))
            return -1;
        if (*out & facets_of(eng))
            return 0;
        return err_set(e, *out ? E_NOTHING_COMPARED : E_BAD_VALUE,
                       "--facets %.*s leaves nothing to compare on %s", STR_ARG(list), eng->title);
    }
    struct strbuf names = sb_new(ctx->mem, 0);
    facet_list(&names, (1u << FACET_COUNT) - 1);
    struct str word = bad.n && (bad.p[0] == '+' || bad.p[0] == '-') ? str_from(bad, 1) : bad;
    struct str near = suggest_word(word, sb_view(&names).p);
    err_set(e, E_BAD_VALUE, "--facets: unknown facet %.*s", STR_ARG(bad));
    return near.n ? err_hint(e, "did you mean %.*s?", STR_ARG(near))
                  : err_hint(e, "facets: %.*s", STR_ARG(sb_view(&names)));
}

/* What snap.yml says is relative to its folder; what is typed, to the working directory. */
static bool is_of_config(struct context *ctx, struct str text)
{
    bool found = config_env(&ctx->config, text) != NULL;
    for (uint32_t i = 0; i < ctx->config.nenvs && !opt(ctx, OPT_BASELINE).n; i++)
        found = found || str_eq(ctx->config.envs[i].drift.baseline, text);
    return found;
}

static int understand(struct context *ctx, struct str text, struct source_spec *out, struct err *e)
{
    return history_is_source(text)     ? history_source(ctx, text, out, e)
           : changelog_is_source(text) ? changelog_source(ctx, text, out, e)
                                       : source_parse(text, all_engines, ctx->mem, out, e);
}

struct str context_shown(const struct context *ctx, struct str source)
{
    char *shown = arena_cstr(ctx->mem, source);
    redact_urls(shown);
    return str_c(shown);
}

int context_source(struct context *ctx, struct str text, struct source_spec *out, struct err *e)
{
    const struct config_env *env = config_env(&ctx->config, text);
    if (understand(ctx, env ? env->source : text, out, e)) {
        if (env)
            return err_wrap(e, "environment %.*s", STR_ARG(text));
        if (e->code != E_NO_SUCH_FILE || history_is_source(text) || !ctx->config.nenvs ||
            str_chr(text, '/') < text.n || str_chr(text, '.') < text.n)
            return -1;
        struct strbuf names = sb_new(ctx->mem, 0);
        for (uint32_t i = 0; i < ctx->config.nenvs; i++)
            sb_printf(&names, "%s%.*s", i ? "," : "", STR_ARG(ctx->config.envs[i].name));
        struct str near = suggest_word(text, sb_view(&names).p);
        err_set(e, E_UNKNOWN_ENV, "no environment and no file is called %.*s", STR_ARG(text));
        return near.n ? err_hint(e, "did you mean %.*s?", STR_ARG(near)) : -1;
    }
    out->label = context_shown(ctx, text);
    out->live.text = out->label;
    out->live.connect_ms = ctx->connect_ms;
    out->live.statement_ms = ctx->statement_ms;
    out->live.tries = ctx->tries;
    if (env && config_password(&ctx->config, env, ctx->mem, &out->live.password, e))
        return -1;
    if (out->live.password.n && (out->kind != SRC_LIVE || out->eng->file_based))
        return err_set(e, E_CONFIG_KEY, "environment %.*s is read without a password",
                       STR_ARG(text));
    if (is_of_config(ctx, text))
        out->folder = ctx->config.folder;
    if (ctx->nread == ctx->read_cap)
        ctx->read = vec_grow(ctx->mem, ctx->read, &ctx->read_cap, sizeof *ctx->read);
    ctx->read[ctx->nread++] = *out;
    return 0;
}

int context_from_to(struct context *ctx, struct str *from, struct str *to, struct err *e)
{
    struct str url = opt(ctx, OPT_URL), reference = opt(ctx, OPT_REFERENCE_URL);
    bool words = !str_is_null(url) || !str_is_null(reference);
    if (words && ctx->cmd.nargs)
        return err_set(e, E_USAGE,
                       "FROM and TO are given twice: as arguments and as --url or "
                       "--reference-url");
    if (words && (str_is_null(url) || str_is_null(reference))) {
        err_set(e, E_USAGE, "--url and --reference-url go together");
        return err_hint(e, "--url is the database to change, --reference-url the wanted state");
    }
    *from = words ? url : str_c(ctx->cmd.args[0]);
    *to = words ? reference : str_c(ctx->cmd.args[1]);
    return 0;
}

int context_ledgers(const struct context *ctx, const struct changes *c, struct err *e)
{
    if (c->ledgers_differ)
        return err_set(e, E_UNMODELLED, "not the same on both sides, and not modelled: %.*s",
                       STR_ARG(c->ledger_why));
    if (ctx->strict && (c->from.ledger || c->to.ledger))
        return err_set(e, E_UNMODELLED,
                       "--strict: %u things on one side and %u on the other are "
                       "not modelled",
                       c->from.ledger, c->to.ledger);
    if (ctx->strict && (c->from.untold.n || c->to.untold.n)) {
        const struct side *side = c->from.untold.n ? &c->from : &c->to;
        err_set(e, E_UNMODELLED, "--strict: %.*s is a Liquibase snapshot, which does not tell all",
                STR_ARG(side->label));
        return err_hint(e, "snap diff -f json lists under not_compared what it does not tell");
    }
    return 0;
}

int context_ledger(const struct context *ctx, const struct catalog *cat, struct err *e)
{
    if (!ctx->strict || !cat->nledger)
        return 0;
    return err_set(e, E_UNMODELLED, "--strict: %.*s %.*s is not modelled (%.*s)",
                   STR_ARG(cat->ledger[0].kind), STR_ARG(cat->ledger[0].name),
                   STR_ARG(cat->ledger[0].why));
}

/* A line that overwrites itself, on a terminal, once the work takes over a second. */
static void progress(void *arg, uint32_t done, uint32_t all)
{
    struct context *ctx = arg;
    static int64_t start, last;
    int64_t now = clock_ms();
    if (!isatty(STDERR_FILENO) || ctx->quiet)
        return;
    start = start ? start : now;
    if (now - start < 1000 || (now - last < 100 && done < all))
        return;
    last = now;
    fprintf(stderr, "\rproving: %u of %u%s", done, all, done >= all ? "\r\033[K" : "");
}

struct verify_options context_verify(struct context *ctx, const struct sides *s)
{
    return (struct verify_options){.facets = s->facets,
                                   .scope = {&s->opened[0].scope, &s->opened[1].scope},
                                   .timeout_ms = ctx->timeout_ms,
                                   .place = context_place(ctx, s->eng ? s->eng : s->spec[0].eng),
                                   .filter = &ctx->filter,
                                   .progress = progress,
                                   .progress_ctx = ctx};
}
