/* What a source of the command line may be, understood but not yet opened. */

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/escape.h"
#include "core/suggest.h"
#include "snapshot/liquibase.h"

bool snapshot_is(struct str head)
{
    return str_starts(head, STR("{\"snap\":"));
}

int fd_read(int fd, size_t max, struct str label, struct arena *mem, struct str *out, struct err *e)
{
    struct strbuf b = sb_new(mem, max);
    char buf[16384];
    ssize_t n = 0;
    while (!b.over && (n = read(fd, buf, sizeof buf)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(e, E_CANNOT_OPEN, "%.*s: %s", STR_ARG(label), strerror(errno));
        sb_put(&b, buf, (size_t)n);
    }
    if (b.over)
        return err_set(e, E_LIMIT, "%.*s is larger than %zu MiB", STR_ARG(label), max >> 20);
    *out = sb_view(&b);
    return 0;
}

int file_read(const char *path, size_t max, struct arena *mem, struct str *out, struct err *e)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0)
        return err_set(e, errno == ENOENT ? E_NO_SUCH_FILE : E_CANNOT_OPEN, "%s: %s", path,
                       strerror(errno));
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(fd);
        return err_set(e, E_CANNOT_OPEN, "%s: is a directory", path);
    }
    int rc = fd_read(fd, max, str_c(path), mem, out, e);
    close(fd);
    return rc;
}

/* A value whose key takes only some words, against the engine's list of them. */
static int check_value(struct str shown, const struct url_key *key, const char *values,
                       struct arena *mem, struct err *e)
{
    struct str rest = str_c(values), row, name, word;
    int64_t n;
    while (str_cut(&rest, ',', &row)) {
        if (!str_cut(&row, '=', &name) || !str_eq(name, key->key) || !key->value.n)
            continue;
        bool number = str_eq(row, STR("#"));
        if (number && str_int(key->value, &n))
            return 0;
        struct strbuf list = sb_new(mem, 0);
        while (!number && str_cut(&row, '|', &word)) {
            if (str_eq(word, key->value))
                return 0;
            sb_printf(&list, "%s%.*s", list.n ? "," : "", STR_ARG(word));
        }
        err_set(e, E_BAD_VALUE, "%.*s: %.*s takes no %.*s", STR_ARG(shown), STR_ARG(name),
                STR_ARG(key->value));
        if (number)
            return err_hint(e, "%.*s is a whole number", STR_ARG(name));
        struct str near = suggest_word(key->value, sb_view(&list).p);
        return near.n ? err_hint(e, "did you mean %.*s? It takes %.*s", STR_ARG(near),
                                 STR_ARG(sb_view(&list)))
                      : err_hint(e, "it takes %.*s", STR_ARG(sb_view(&list)));
    }
    return 0;
}

/* A key as the list spells it, where its case does not count. */
static struct str spelled(const char *allowed, struct str key)
{
    struct str rest = str_c(allowed), one;
    while (str_cut(&rest, ',', &one))
        if (str_eq_fold(one, key))
            return one;
    return key;
}

/* Splits "place?key=value&key" and checks the keys, and the values of some (`values`, or ""). */
static int parse_query(struct str text, const char *allowed, bool any_case, const char *values,
                       struct arena *mem, struct source *out, struct err *e)
{
    size_t q = str_chr(text, '?');
    struct str rest = q < text.n ? str_from(text, q + 1) : STR_NULL, pair;
    VEC(struct url_key) keys = {0};
    out->raw = arena_str(mem, str_sub(text, 0, q));
    out->place = url_decode(mem, out->raw);
    if (str_chr(out->place, '\0') < out->place.n)
        return err_set(e, E_BAD_VALUE, "%.*s: a NUL in a path",
                       STR_ARG(str_sub(out->text, 0, str_chr(out->text, '?'))));
    while (str_cut(&rest, '&', &pair)) {
        size_t eq = str_chr(pair, '=');
        struct url_key key = {url_decode(mem, str_sub(pair, 0, eq)),
                              eq < pair.n ? url_decode(mem, str_from(pair, eq + 1)) : STR("1")};
        if (str_chr(key.key, '\0') < key.key.n || str_chr(key.value, '\0') < key.value.n)
            return err_set(e, E_BAD_VALUE, "a NUL in a URL");
        if (any_case)
            key.key = spelled(allowed, key.key);
        if (!word_in(allowed, key.key)) {
            if (str_chr(key.key, '@') < key.key.n) /* a password, cut in two: not to be shown */
                return err_set(e, E_BAD_VALUE, "a ? in a URL's user or password is written %%3F");
            struct str near = suggest_word(key.key, allowed);
            /* without the query: a value in it may be a password */
            err_set(e, E_UNKNOWN_URL_KEY, "%.*s: unknown key %.*s",
                    STR_ARG(str_sub(out->text, 0, str_chr(out->text, '?'))), STR_ARG(key.key));
            return near.n ? err_hint(e, "did you mean %.*s?", STR_ARG(near))
                          : err_hint(e, "known keys: %s", allowed);
        }
        if (check_value(str_sub(out->text, 0, str_chr(out->text, '?')), &key, values, mem, e))
            return -1;
        VEC_PUSH(mem, keys, key);
    }
    out->keys = keys.v;
    out->nkeys = keys.n;
    return 0;
}

static struct str key_value(const struct source *s, const char *key)
{
    for (uint32_t i = 0; i < s->nkeys; i++)
        if (str_eq_c(s->keys[i].key, key))
            return s->keys[i].value;
    return STR_NULL;
}

static const struct engine *engine_of_scheme(struct str text, const struct engine *const *engines,
                                             struct str *rest)
{
    for (; *engines; engines++) {
        struct str list = str_c((*engines)->schemes), scheme;
        while (str_cut(&list, ',', &scheme))
            if (text.n > scheme.n && str_eq_fold(str_sub(text, 0, scheme.n), scheme) &&
                text.p[scheme.n] == ':') {
                *rest = str_from(text, scheme.n + 1);
                return *engines;
            }
    }
    return NULL;
}

/* offline:ENGINE?snapshot=FILE; the other keys are Liquibase's and say nothing about a schema. */
static int parse_offline(struct str text, const struct engine *const *engines, struct arena *mem,
                         struct source_spec *out, struct err *e)
{
    static const char keys[] = "snapshot,version,catalog,caseSensitive,changeLogFile,"
                               "outputLiquibaseSql,productName";
    if (parse_query(str_from(text, strlen("offline:")), keys, false, "", mem, &out->live, e))
        return -1;
    out->kind = SRC_SNAPSHOT;
    out->offline = out->live.place;
    out->eng = liquibase_engine(engines, out->offline);
    struct str names = liquibase_names(engines, mem);
    for (; *engines; engines++)
        if (str_eq_fold_c(out->offline, (*engines)->name))
            out->eng = *engines;
    if (!out->eng) {
        struct str near = suggest_word(out->offline, names.p);
        err_set(e, E_UNKNOWN_ENGINE, "%.*s: this build has no engine %.*s", STR_ARG(text),
                STR_ARG(out->offline));
        return near.n ? err_hint(e, "did you mean offline:%.*s?", STR_ARG(near))
                      : err_hint(e, "Liquibase calls them %.*s", STR_ARG(names));
    }
    out->live.place = key_value(&out->live, "snapshot");
    if (!out->live.place.n) {
        err_set(e, E_BAD_VALUE, "%.*s: no snapshot is named", STR_ARG(text));
        return err_hint(e, "write offline:%.*s?snapshot=FILE", STR_ARG(out->offline));
    }
    return 0;
}

static int parse_git(struct str text, struct arena *mem, struct source_spec *out, struct err *e)
{
    struct str rest = str_from(text, strlen("git:"));
    size_t colon = str_chr(rest, ':');
    out->kind = SRC_GIT;
    out->rev = arena_str(mem, str_sub(rest, 0, colon));
    out->path = arena_str(mem, str_from(rest, colon + 1));
    if (!out->rev.n || !out->path.n || out->rev.p[0] == '-') {
        err_set(e, E_BAD_VALUE, "%.*s: want git:REV:PATH", STR_ARG(text));
        return err_hint(e, "for example git:main:schema/app.snap.json");
    }
    return 0;
}

static bool is_script(struct str place, const char *ext)
{
    struct stat st;
    if (str_ends(place, str_c(ext)))
        return true;
    return place.n && stat(place.p, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool looks_like_url(struct str text)
{
    size_t i = 0;
    while (i < text.n && (ascii_is_alpha(text.p[i]) || ascii_is_digit(text.p[i]) ||
                          text.p[i] == '+' || text.p[i] == '-' || text.p[i] == '.'))
        i++;
    return i > 1 && (str_starts(str_from(text, i), STR("://")) || str_starts(text, STR("jdbc:")));
}

/* The engine whose scripts end so, where it is the only one; or NULL. */
static const struct engine *only_engine_of(const struct engine *const *engines, const char *ext)
{
    const struct engine *found = NULL;
    unsigned n = 0;
    for (; *engines; engines++)
        if (strcmp(engine_script_ext(*engines), ext) == 0) {
            found = *engines;
            n++;
        }
    return n == 1 ? found : NULL;
}

/* A plain path: what it is, its first bytes tell. */
static int parse_path(struct str text, const struct engine *const *engines, struct arena *mem,
                      struct source_spec *out, struct err *e)
{
    const struct engine *const *all = engines;
    char bytes[LIQUIBASE_HEAD];
    struct stat st;
    out->live.place = arena_str(mem, text);
    int fd = open(out->live.place.p, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        err_set(e, errno == ENOENT || errno == ENOTDIR ? E_NO_SUCH_FILE : E_CANNOT_OPEN, "%.*s: %s",
                STR_ARG(text), strerror(errno));
        return errno == ENOENT
                   ? err_hint(e, "no environment has that name either; nothing was made")
                   : -1;
    }
    int rc = fstat(fd, &st);
    ssize_t n = rc || S_ISDIR(st.st_mode) ? 0 : pread(fd, bytes, sizeof bytes, 0);
    int why = errno;
    close(fd);
    if (rc || n < 0) {
        bool pipe = !rc && why == ESPIPE;
        out->kind = SRC_SNAPSHOT; /* a FIFO can only hold a snapshot */
        return pipe ? 0 : err_set(e, E_CANNOT_OPEN, "%.*s: %s", STR_ARG(text), strerror(why));
    }
    struct str head = {bytes, (size_t)n};
    out->kind = is_script(out->live.place, ".sql") ? SRC_SCRIPT : SRC_SNAPSHOT;
    if (out->kind == SRC_SCRIPT || snapshot_is(head) || liquibase_is(head))
        return 0;
    for (; *engines; engines++)
        if ((*engines)->is_database && (*engines)->is_database(head, (uint64_t)st.st_size)) {
            out->kind = SRC_LIVE;
            out->eng = *engines;
            return 0;
        }
    if (is_script(out->live.place, ".js")) {
        out->kind = SRC_SCRIPT;
        out->eng = only_engine_of(all, ".js");
        return 0;
    }
    err_set(e, E_NOT_A_DATABASE, "%.*s is neither a database nor a snapshot", STR_ARG(text));
    return err_hint(e, "it may be encrypted, damaged, or a file of another program");
}

/* The URL itself may hold a password: its scheme is all that is shown. */
static int no_driver(struct str text, struct str rest, const struct engine *eng, struct err *e)
{
    struct str scheme = str_sub(text, 0, text.n - rest.n);
    struct str names = str_c(eng->liquibase_names), name = STR_NULL;
    while (str_cut(&names, ',', &name) && str_find(scheme, name) == scheme.n)
        ;
    err_set(e, E_NO_DRIVER, "%.*s snap has no driver for %s, it reads Liquibase snapshots of it",
            STR_ARG(scheme), eng->title);
    return err_hint(e,
                    "liquibase snapshot --url=%s --snapshot-format=json --output-file=FILE, then "
                    "name it: offline:%.*s?snapshot=FILE",
                    eng->no_driver, STR_ARG(names.n || name.n ? name : str_c("PRODUCT")));
}

int source_parse(struct str text, const struct engine *const *engines, struct arena *mem,
                 struct source_spec *out, struct err *e)
{
    struct str rest;
    *out = (struct source_spec){.label = arena_str(mem, text)};
    out->live.text = out->label;
    text = out->label;
    if (str_eq(text, STR("empty"))) {
        out->kind = SRC_EMPTY;
        return 0;
    }
    if (str_eq(text, STR("-"))) {
        out->kind = SRC_SNAPSHOT;
        out->live.place = text;
        return 0;
    }
    if (str_starts(text, STR("git:")))
        return parse_git(text, mem, out, e);
    if (str_starts(text, STR("offline:")))
        return parse_offline(text, engines, mem, out, e);
    out->eng = engine_of_scheme(text, engines, &rest);
    if (!out->eng && looks_like_url(text))
        return err_set(e, E_UNKNOWN_ENGINE, "%.*s: no engine of this build has that scheme",
                       STR_ARG(text));
    if (!out->eng)
        return parse_path(text, engines, mem, out, e);
    if (out->eng->no_driver)
        return no_driver(text, rest, out->eng, e);
    /* scheme:///abs is an absolute path, as in every URL */
    if (out->eng->file_based && str_starts(rest, STR("//")))
        rest = str_from(rest, 2);
    const char *values = out->eng->url_values ? out->eng->url_values : "";
    if (parse_query(rest, out->eng->url_keys, out->eng->url_any_case, values, mem, &out->live, e))
        return -1;
    bool file = out->eng->file_based || !str_starts(rest, STR("//"));
    bool script = file && is_script(out->live.place, engine_script_ext(out->eng));
    out->kind = script ? SRC_SCRIPT : SRC_LIVE;
    if (!out->live.place.n)
        return err_set(e, E_BAD_VALUE, "%.*s names no database", STR_ARG(text));
    return 0;
}

struct str source_beside(struct str text, struct str folder, const struct engine *const *engines,
                         struct arena *mem)
{
    struct str rest = text;
    const struct engine *eng = engine_of_scheme(text, engines, &rest);
    bool file = eng ? eng->file_based && !str_starts(rest, STR("//"))
                    : !looks_like_url(text) && !str_starts(text, STR("git:")) &&
                          !str_starts(text, STR("offline:")) && !str_starts(text, STR("history:"));
    bool name = str_eq(text, STR("-")) || str_eq(text, STR("empty"));
    if (!file || name || !rest.n || rest.p[0] == '/' || !folder.n)
        return text;
    struct str head = str_sub(text, 0, text.n - rest.n);
    return arena_printf(mem, "%.*s%.*s/%.*s", STR_ARG(head), STR_ARG(folder), STR_ARG(rest));
}
