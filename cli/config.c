/* snap.yml by libyaml's events: no tree, no aliases, bounded depth and size, unknown and duplicate
 * keys refused. */

#include "cli/config.h"
#include "cli/config_check.h"
#include "cli/config_drift.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <yaml.h>

#include "core/suggest.h"
#include "snapshot/snapshot.h"

enum { MAX_CONFIG = 1 << 20, MAX_DEPTH = 8 };

struct loader {
    yaml_parser_t parser;
    yaml_event_t event;
    bool have; /* event must be deleted */
    struct arena *mem;
    struct str text, path, folder;
    const struct engine *const *engines;
    bool open_to_others;
    unsigned depth;
    struct node *check, *drift, *ignore, *presets; /* sections, or NULL */
    struct config *out;
    struct err *e;
};

/* The line of the event that was read last. libyaml gives a byte that it cannot read by its place
 * in the file only. */
static size_t line_of(const struct loader *l)
{
    size_t line = (l->have ? l->event.start_mark.line : l->parser.problem_mark.line) + 1;
    if (l->have || l->parser.error != YAML_READER_ERROR)
        return line;
    line = 1;
    for (size_t i = 0; i < l->parser.problem_offset && i < l->text.n; i++)
        line += l->text.p[i] == '\n';
    return line;
}

static int syntax(struct loader *l, const char *what)
{
    return err_set(l->e, E_CONFIG_SYNTAX, "%.*s line %zu: %s", STR_ARG(l->path), line_of(l), what);
}

static int next(struct loader *l)
{
    if (l->have)
        yaml_event_delete(&l->event);
    l->have = false;
    if (!yaml_parser_parse(&l->parser, &l->event))
        return syntax(l, l->parser.problem ? l->parser.problem : "no memory");
    l->have = true;
    if (l->event.type == YAML_ALIAS_EVENT)
        return syntax(l, "aliases are not taken");
    bool opens =
        l->event.type == YAML_MAPPING_START_EVENT || l->event.type == YAML_SEQUENCE_START_EVENT;
    bool closes =
        l->event.type == YAML_MAPPING_END_EVENT || l->event.type == YAML_SEQUENCE_END_EVENT;
    l->depth += opens;
    l->depth -= closes;
    return l->depth > MAX_DEPTH ? syntax(l, "nested too deeply") : 0;
}

static bool is(const struct loader *l, yaml_event_type_t type)
{
    return l->have && l->event.type == type;
}

static struct str scalar(struct loader *l)
{
    return arena_str(l->mem, (struct str){(const char *)l->event.data.scalar.value,
                                          l->event.data.scalar.length});
}

/* Takes a scalar value. */
static int take_scalar(struct loader *l, struct str *out)
{
    if (next(l))
        return -1;
    if (!is(l, YAML_SCALAR_EVENT))
        return syntax(l, "a plain value is wanted here");
    *out = scalar(l);
    return 0;
}

static int unknown_key(struct loader *l, struct str where, struct str key, const char *known)
{
    struct str near = suggest_word(key, known);
    err_set(l->e, E_CONFIG_KEY, "%.*s line %zu: unknown key %.*s in %.*s", STR_ARG(l->path),
            line_of(l), STR_ARG(key), STR_ARG(where));
    return near.n ? err_hint(l->e, "did you mean %.*s?", STR_ARG(near))
                  : err_hint(l->e, "known keys: %s", known);
}

/* Walks a mapping: `on_key` takes the value of each key. Keys that stand twice are refused. */
typedef int key_fn(struct loader *l, struct str key, void *ctx);
static int each_key(struct loader *l, key_fn *on_key, void *ctx)
{
    VEC(struct str) seen = {0};
    if (next(l))
        return -1;
    if (!is(l, YAML_MAPPING_START_EVENT))
        return syntax(l, "a mapping (key: value) is wanted here");
    for (;;) {
        if (next(l))
            return -1;
        if (is(l, YAML_MAPPING_END_EVENT))
            return 0;
        if (!is(l, YAML_SCALAR_EVENT))
            return syntax(l, "a key is wanted here");
        struct str key = scalar(l);
        for (uint32_t i = 0; i < seen.n; i++)
            if (str_eq(seen.v[i], key))
                return err_set(l->e, E_CONFIG_KEY, "%.*s line %zu: %.*s stands twice",
                               STR_ARG(l->path), line_of(l), STR_ARG(key));
        VEC_PUSH(l->mem, seen, key);
        if (on_key(l, key, ctx))
            return -1;
    }
}

/* A scalar or a list of them. */
static int each_value(struct loader *l, int (*on_value)(struct loader *, struct str, void *),
                      void *ctx)
{
    if (next(l))
        return -1;
    if (is(l, YAML_SCALAR_EVENT))
        return on_value(l, scalar(l), ctx);
    if (!is(l, YAML_SEQUENCE_START_EVENT))
        return syntax(l, "a value or a list is wanted here");
    for (;;) {
        if (next(l))
            return -1;
        if (is(l, YAML_SEQUENCE_END_EVENT))
            return 0;
        if (!is(l, YAML_SCALAR_EVENT))
            return syntax(l, "a plain value is wanted here");
        if (on_value(l, scalar(l), ctx))
            return -1;
    }
}

static int add_default(struct loader *l, struct str value, void *ctx)
{
    const struct option_row *row = ctx;
    bool many = row->id == OPT_INCLUDE || row->id == OPT_EXCLUDE || row->id == OPT_RENAME ||
                row->id == OPT_FORMAT;
    bool joined = row->id == OPT_FACETS || row->id == OPT_LABELS || row->id == OPT_SCHEMAS;
    struct option_values *v = &l->out->defaults;
    if (!many && !joined && v->n[row->id])
        return err_set(l->e, E_BAD_VALUE, "%.*s line %zu: %s takes one value", STR_ARG(l->path),
                       line_of(l), row->name);
    struct str place =
        arena_printf(l->mem, "%.*s line %zu: %s", STR_ARG(l->path), line_of(l), row->name);
    if (option_check(row, value, place, l->e))
        return -1;
    if (!many && v->n[row->id]) /* a list for an option that takes one text: joined by commas */
        v->v[row->id][0] =
            arena_printf(l->mem, "%.*s,%.*s", STR_ARG(v->v[row->id][0]), STR_ARG(value));
    else
        option_add(v, row->id, value, l->mem);
    return 0;
}

static int on_default(struct loader *l, struct str key, void *ctx)
{
    const struct option_row *row = option_by_name(key);
    (void)ctx;
    if (row && row->id != OPT_CONFIG && row->id != OPT_HELP)
        return each_value(l, add_default, (void *)(uintptr_t)row);
    struct strbuf names = sb_new(l->mem, 0);
    for (size_t i = 0; i < option_row_count; i++)
        sb_printf(&names, "%s%s", names.n ? "," : "", option_rows[i].name);
    return unknown_key(l, STR("defaults"), key, sb_view(&names).p);
}

/* A path of snap.yml is relative to its folder, wherever snap is run. */
static struct str beside(struct loader *l, struct str text)
{
    return source_beside(text, l->folder, l->engines, l->mem);
}

bool config_holds_password(struct str url)
{
    size_t at = str_find(url, STR("://"));
    struct str rest = str_from(url, at + 3);
    size_t end = str_chr(rest, '@'), colon = str_chr(rest, ':');
    size_t query = str_chr(url, '?');
    if (str_find(str_from(url, query), STR("password=")) < url.n - query)
        return true;
    return at < url.n && end < rest.n && colon < end;
}

static int add_word(struct loader *l, struct str value, void *ctx)
{
    struct config_env *env = ctx;
    if (env->npassword_command == env->password_command_cap)
        env->password_command = vec_grow(l->mem, env->password_command, &env->password_command_cap,
                                         sizeof *env->password_command);
    env->password_command[env->npassword_command++] = value;
    return 0;
}

/* Where the password is; one place. */
static int on_password_key(struct loader *l, struct str key, struct config_env *env)
{
    if (env->npassword_command || env->password_env.n || env->password_file.n)
        return syntax(l, "one of password_env, password_file and password_command is enough");
    if (str_eq(key, STR("password_command")))
        return each_value(l, add_word, env);
    return take_scalar(l,
                       str_eq(key, STR("password_env")) ? &env->password_env : &env->password_file);
}

static int on_env_key(struct loader *l, struct str key, void *ctx)
{
    struct config_env *env = ctx;
    static const char known[] =
        "url,snapshot,protected,password_env,password_file,password_command";
    struct str value;
    if (!word_in(known, key))
        return unknown_key(l, arena_printf(l->mem, "environment %.*s", STR_ARG(env->name)), key,
                           known);
    if (str_starts(key, STR("password_")))
        return on_password_key(l, key, env);
    if (take_scalar(l, &value))
        return -1;
    if (str_eq(key, STR("protected"))) {
        env->is_protected = str_eq(value, STR("true"));
        if (!env->is_protected && !str_eq(value, STR("false")))
            return err_set(l->e, E_BAD_VALUE, "%.*s line %zu: protected is true or false",
                           STR_ARG(l->path), line_of(l));
        return 0;
    }
    if (!str_is_null(env->source))
        return syntax(l, "an environment has a url or a snapshot, not both");
    if (l->open_to_others && config_holds_password(value))
        return err_set(
            l->e, E_CONFIG_SECRET,
            "%.*s line %zu: environment %.*s holds a password and others may read the file",
            STR_ARG(l->path), line_of(l), STR_ARG(env->name));
    env->source = beside(l, value);
    return 0;
}

static int on_env(struct loader *l, struct str key, void *ctx)
{
    struct config_env env = {.name = key, .source = STR_NULL, .drift.severity = severities_default};
    struct config *c = l->out;
    (void)ctx;
    if (!key.n)
        return err_set(l->e, E_CONFIG_KEY, "%.*s line %zu: an environment without a name",
                       STR_ARG(l->path), line_of(l));
    if (each_key(l, on_env_key, &env))
        return -1;
    if (!env.source.n)
        return err_set(l->e, E_CONFIG_KEY,
                       "%.*s line %zu: environment %.*s has neither url nor snapshot",
                       STR_ARG(l->path), line_of(l), STR_ARG(key));
    if (c->nenvs == c->envs_cap)
        c->envs = vec_grow(l->mem, c->envs, &c->envs_cap, sizeof *c->envs);
    c->envs[c->nenvs++] = env;
    return 0;
}

/* Which server the scratch databases of an engine are made on. */
static int on_scratch(struct loader *l, struct str key, void *ctx)
{
    struct config *c = l->out;
    struct config_scratch one = {NULL, STR_NULL};
    struct str value;
    (void)ctx;
    for (const struct engine *const *p = l->engines; *p; p++)
        if (str_eq_c(key, (*p)->name) && !(*p)->no_driver)
            one.eng = *p;
    if (!one.eng)
        return err_set(l->e, E_CONFIG_KEY,
                       "%.*s line %zu: scratch: no engine with servers is called %.*s",
                       STR_ARG(l->path), line_of(l), STR_ARG(key));
    if (take_scalar(l, &value))
        return -1;
    bool own =
        str_eq(value, STR("auto")) || (one.eng->file_based && str_eq(value, STR(":memory:")));
    if (one.eng->file_based && !own)
        return err_set(l->e, E_BAD_VALUE,
                       "%.*s line %zu: scratch of %s is :memory:", STR_ARG(l->path), line_of(l),
                       one.eng->title);
    if (l->open_to_others && config_holds_password(value))
        return err_set(l->e, E_CONFIG_SECRET,
                       "%.*s line %zu: scratch holds a password and others may read the file",
                       STR_ARG(l->path), line_of(l));
    if (!own)
        one.url = value;
    if (c->nscratch == c->scratch_cap)
        c->scratch = vec_grow(l->mem, c->scratch, &c->scratch_cap, sizeof *c->scratch);
    c->scratch[c->nscratch++] = one;
    return 0;
}

static int add_rename(struct loader *l, struct str value, void *ctx)
{
    struct config *c = l->out;
    (void)ctx;
    if (c->nrenames == c->renames_cap)
        c->renames = vec_grow(l->mem, c->renames, &c->renames_cap, sizeof *c->renames);
    c->renames[c->nrenames++] = value;
    return 0;
}

/* A value of any form as a tree, to be looked at when the whole file is read. */
static int take_tree(struct loader *l, struct node **out)
{
    struct node *open[MAX_DEPTH + 1], *last[MAX_DEPTH + 1], *n;
    unsigned depth = 0;
    struct str key = STR_NULL;
    *out = NULL;
    do {
        if (next(l))
            return -1;
        if (is(l, YAML_MAPPING_END_EVENT) || is(l, YAML_SEQUENCE_END_EVENT)) {
            depth--;
            continue;
        }
        bool map = depth && open[depth - 1]->type == NODE_MAP;
        if (map && str_is_null(key)) {
            if (!is(l, YAML_SCALAR_EVENT))
                return syntax(l, "a key is wanted here");
            key = scalar(l);
            if (node_get(open[depth - 1], key.p))
                return err_set(l->e, E_CONFIG_KEY, "%.*s line %zu: %.*s stands twice",
                               STR_ARG(l->path), line_of(l), STR_ARG(key));
            continue;
        }
        n = NEW(l->mem, struct node);
        n->line = (unsigned)line_of(l);
        n->key = map ? key : STR_NULL;
        key = STR_NULL;
        n->type = is(l, YAML_SCALAR_EVENT)          ? NODE_SCALAR
                  : is(l, YAML_MAPPING_START_EVENT) ? NODE_MAP
                                                    : NODE_LIST;
        if (n->type == NODE_SCALAR)
            n->text = scalar(l);
        if (depth)
            *(last[depth - 1] ? &last[depth - 1]->next : &open[depth - 1]->first) = n;
        else
            *out = n;
        if (depth)
            last[depth - 1] = n;
        if (n->type != NODE_SCALAR) {
            last[depth] = NULL;
            open[depth++] = n;
        }
    } while (depth);
    return 0;
}

static int add_to_default(struct loader *l, struct str value, void *ctx)
{
    const enum option_id *id = ctx;
    option_add(&l->out->defaults, *id, value, l->mem);
    return 0;
}

static int on_top(struct loader *l, struct str key, void *ctx)
{
    struct str value;
    (void)ctx;
    if (str_eq(key, STR("version"))) {
        if (take_scalar(l, &value))
            return -1;
        return str_eq(value, STR("1"))
                   ? 0
                   : err_set(l->e, E_BAD_VALUE,
                             "%.*s line %zu: version %.*s is not known; this snap reads 1",
                             STR_ARG(l->path), line_of(l), STR_ARG(value));
    }
    if (str_eq(key, STR("defaults")))
        return each_key(l, on_default, NULL);
    if (str_eq(key, STR("environments")))
        return each_key(l, on_env, NULL);
    if (str_eq(key, STR("drift")))
        return take_tree(l, &l->drift);
    if (str_eq(key, STR("ignore")))
        return take_tree(l, &l->ignore);
    if (str_eq(key, STR("presets")))
        return take_tree(l, &l->presets);
    if (str_eq(key, STR("renames")))
        return each_value(l, add_rename, NULL);
    if (str_eq(key, STR("scratch")))
        return each_key(l, on_scratch, NULL);
    if (str_eq(key, STR("check")))
        return take_tree(l, &l->check);
    if (str_eq(key, STR("data")))
        return each_value(l, add_to_default, &(enum option_id){OPT_DATA});
    if (str_eq(key, STR("backfill")))
        return each_value(l, add_to_default, &(enum option_id){OPT_BACKFILL});
    return unknown_key(
        l, STR("snap.yml"), key,
        "version,defaults,environments,drift,ignore,presets,renames,scratch,check,data,"
        "backfill");
}

static int document(struct loader *l)
{
    do {
        if (next(l))
            return -1;
    } while (is(l, YAML_STREAM_START_EVENT));
    if (is(l, YAML_STREAM_END_EVENT))
        return 0; /* an empty file says nothing */
    if (!is(l, YAML_DOCUMENT_START_EVENT))
        return syntax(l, "a document is wanted");
    if (each_key(l, on_top, NULL) || next(l) || next(l))
        return -1;
    return is(l, YAML_STREAM_END_EVENT) ? 0 : syntax(l, "one document only");
}

int config_parse(struct str text, const struct config_file *file,
                 const struct engine *const *engines, struct arena *mem, struct config *out,
                 struct err *e)
{
    struct str path = file->path;
    struct loader l = {.mem = mem,
                       .text = text,
                       .path = path,
                       .folder = file->folder,
                       .engines = engines,
                       .open_to_others = file->open_to_others,
                       .out = out,
                       .e = e};
    *out = (struct config){
        .path = path, .folder = file->folder, .open_to_others = file->open_to_others};
    if (!yaml_parser_initialize(&l.parser))
        return err_set(e, E_OUT_OF_MEMORY, "no memory to read %.*s", STR_ARG(path));
    yaml_parser_set_input_string(&l.parser, (const unsigned char *)text.p, text.n);
    int rc = document(&l);
    if (l.have)
        yaml_event_delete(&l.event);
    yaml_parser_delete(&l.parser);
    struct drift_sections drift = {l.drift, l.ignore, l.presets};
    if (rc || (l.check && config_check(l.check, engines, mem, out, e)))
        return -1;
    return config_drift(&drift, engines, mem, out, e);
}

const struct config_env *config_env(const struct config *c, struct str name)
{
    for (uint32_t i = 0; i < c->nenvs; i++)
        if (str_eq(c->envs[i].name, name))
            return &c->envs[i];
    return NULL;
}

/* The first snap.yml from this folder upwards; absent when there is none. */
static struct str find_upwards(struct arena *mem)
{
    char cwd[4096];
    if (!getcwd(cwd, sizeof cwd))
        return STR_NULL;
    for (struct str dir = str_c(cwd);;) {
        struct str path = arena_printf(mem, "%.*s/snap.yml", STR_ARG(dir));
        if (access(path.p, F_OK) == 0)
            return path;
        if (!dir.n)
            return STR_NULL;
        while (dir.n && dir.p[dir.n - 1] != '/')
            dir.n--;
        dir.n -= dir.n > 0;
    }
}

int config_load(struct str named, const struct engine *const *engines, struct arena *mem,
                struct config *out, struct err *e)
{
    struct str path = named.n ? arena_str(mem, named) : find_upwards(mem), text;
    struct stat st;
    *out = (struct config){.path = STR_NULL};
    if (str_is_null(path))
        return 0;
    if (stat(path.p, &st) != 0) {
        err_set(e, E_NO_CONFIG, "%.*s: %s", STR_ARG(path), strerror(errno));
        return err_hint(e, "-c names the file to read");
    }
    if (file_read(path.p, MAX_CONFIG, mem, &text, e)) {
        e->code = E_CONFIG_SYNTAX;
        return -1;
    }
    size_t slash = path.n;
    while (slash && path.p[slash - 1] != '/')
        slash--;
    struct str folder = slash ? str_sub(path, 0, slash - 1 ? slash - 1 : 1) : STR(".");
    struct config_file file = {path, folder, (st.st_mode & 077) != 0};
    return config_parse(text, &file, engines, mem, out, e);
}
