/*
 * The history from a command line, for tests: whole snapshots go in and come out, without servers
 * and without what drift checks judge. Errors go to standard error as NAME: message.
 *
 * usage: history COMMAND PLACE ...
 *     record ENV TIME SNAPSHOT [LOCK-WAIT-MS]     show ENV TIME            log ENV PATH|-
 *     states ENV      envs      find ENV NAME     check                    keep STATES DAYS NOW
 *     nights ENV SNAPSHOT N [FROM]    one change a night from 2026-01-01 on; each is told when it
 *                                     is written
 *     hold ENV MS     holds the writer's lock until its input ends     repair
 */

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "history/store.h"
#include "snapshot/snapshot.h"

extern const struct engine *const all_engines[];

static struct arena *mem;
static struct err err;

static int fail(void)
{
    fprintf(stderr, "%s: %s\n%s\n", err_name(err.code), err.msg, err.hint);
    return err_exit_code(err.code);
}

static struct catalog *load(const char *path)
{
    struct reader *r;
    struct catalog *cat = NULL;
    int fd = open(path, O_RDONLY);
    int rc = reader_open(fd, str_c(path), all_engines, 0, mem, &r, &err);
    if (!rc)
        rc = catalog_of_stream(reader_stream(r), mem, &cat, &err);
    if (!rc)
        cat->scope = reader_scope(r);
    reader_close(r);
    return rc ? NULL : cat;
}

static struct history *open_as(const char *place, enum history_use use, const char *wait,
                               bool quick)
{
    int64_t ms = 0;
    if (wait)
        str_int(str_c(wait), &ms);
    struct history_options opt = {all_engines, use, (unsigned)ms, quick, 0};
    struct history *h;
    return history_open(str_c(place), &opt, mem, &h, &err) ? NULL : h;
}

static int record(char **argv, int argc)
{
    struct catalog *cat = load(argv[3]);
    struct history *h =
        cat ? open_as(argv[0], HISTORY_WRITE, argc > 4 ? argv[4] : NULL, false) : NULL;
    if (!h)
        return fail();
    struct history_run run = {.env = str_c(argv[1]), .time = str_c(argv[2]), .live = cat};
    int rc = history_record(h, &run, &err);
    history_close(h);
    return rc ? fail() : 0;
}

static int show(char **argv)
{
    struct history *h = open_as(argv[0], HISTORY_READ, NULL, true);
    struct catalog *cat;
    if (!h)
        return fail();
    int64_t from = clock_ms();
    int rc = history_catalog(h, str_c(argv[1]), str_c(argv[2]), mem, &cat, NULL, &err);
    fprintf(stderr, "ms %lld\n", (long long)(clock_ms() - from));
    history_close(h);
    if (rc)
        return fail();
    struct strbuf b = sb_new(mem, 0);
    snapshot_text(cat, &b);
    fwrite(b.p, 1, b.n, stdout);
    return 0;
}

static int tell(char **argv, int argc)
{
    int64_t from = clock_ms();
    struct history *h = open_as(argv[0], HISTORY_READ, NULL, true);
    struct history_event *v;
    uint32_t n;
    if (!h)
        return fail();
    struct str path = argc > 2 && strcmp(argv[2], "-") != 0 ? str_c(argv[2]) : STR_NULL;
    int rc = history_log(h, str_c(argv[1]), path, 0, mem, &v, &n, &err);
    fprintf(stderr, "ms %lld\n", (long long)(clock_ms() - from));
    history_close(h);
    if (rc)
        return fail();
    for (uint32_t i = 0; i < n; i++)
        printf("%llu %c %.*s %.*s %.*s %.*s\n", (unsigned long long)v[i].state, "+-~"[v[i].op],
               STR_ARG(v[i].time), STR_ARG(v[i].path), STR_ARG(v[i].before), STR_ARG(v[i].after));
    return 0;
}

static int states(char **argv)
{
    struct history *h = open_as(argv[0], HISTORY_READ, NULL, true);
    struct history_state *v;
    uint32_t n;
    if (!h || history_states(h, str_c(argv[1]), mem, &v, &n, &err))
        return fail();
    for (uint32_t i = 0; i < n; i++)
        printf("%llu %.*s %.*s %llu %llu +%u -%u ~%u\n", (unsigned long long)v[i].id,
               STR_ARG(v[i].first), STR_ARG(v[i].last), (unsigned long long)v[i].runs,
               (unsigned long long)v[i].facts, v[i].added, v[i].dropped, v[i].changed);
    history_close(h);
    return 0;
}

static int envs(char **argv)
{
    struct history *h = open_as(argv[0], HISTORY_READ, NULL, true);
    struct history_env *v;
    uint32_t n;
    if (!h || history_envs(h, mem, &v, &n, &err))
        return fail();
    for (uint32_t i = 0; i < n; i++)
        printf("%.*s %.*s %llu %llu %.*s\n", STR_ARG(v[i].name), STR_ARG(v[i].engine),
               (unsigned long long)v[i].runs, (unsigned long long)v[i].states, STR_ARG(v[i].last));
    history_close(h);
    return 0;
}

static int find(char **argv)
{
    struct history *h = open_as(argv[0], HISTORY_READ, NULL, true);
    struct str *v;
    uint32_t n;
    if (!h || history_find(h, str_c(argv[1]), str_c(argv[2]), mem, &v, &n, &err))
        return fail();
    for (uint32_t i = 0; i < n; i++)
        printf("%.*s\n", STR_ARG(v[i]));
    history_close(h);
    return 0;
}

/* The catalog as it is on night `i`: one type has changed. */
static int change(struct catalog *cat, int64_t i)
{
    for (uint32_t tried = 0; tried < cat->n; tried++) {
        struct obj *o = &cat->v[((uint64_t)i * 7919 + tried) % cat->n];
        if (str_is_null(obj_raw(o, "type")))
            continue;
        struct strbuf b = sb_new(cat->mem, 0);
        sb_printf(&b, "\"varchar(%lld)\"", (long long)i + 1);
        o->a = obj_with(cat->mem, cat->eng, o, "type", sb_view(&b));
        return cat_finish(cat, &err);
    }
    return -1;
}

static int nights(char **argv, int argc)
{
    struct catalog *cat = load(argv[2]);
    int64_t n = 0, night = 0, slowest = 0;
    str_int(str_c(argv[3]), &n);
    if (argc > 4)
        str_int(str_c(argv[4]), &night);
    if (!cat)
        return fail();
    for (int64_t i = night; i < n; i++) {
        time_t at = 1767232800 + i * 86400; /* 2026-01-01T02:00:00Z */
        struct tm tm;
        char text[32];
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&at, &tm));
        if (i && change(cat, i))
            return fail();
        int64_t from = clock_ms();
        struct history *h = open_as(argv[0], HISTORY_WRITE, NULL, false);
        struct history_run run = {.env = str_c(argv[1]), .time = str_c(text), .live = cat};
        if (!h || history_record(h, &run, &err))
            return fail();
        history_close(h);
        int64_t took = clock_ms() - from;
        if (i && took > slowest)
            slowest = took;
        printf("%lld\n", (long long)i);
        fflush(stdout);
        if (!i)
            fprintf(stderr, "first %lld\n", (long long)took);
    }
    fprintf(stderr, "slowest %lld\n", (long long)slowest);
    return 0;
}

static int keep(char **argv)
{
    int64_t n = 0, days = 0;
    struct history *h = open_as(argv[0], HISTORY_WRITE, NULL, false);
    str_int(str_c(argv[1]), &n);
    str_int(str_c(argv[2]), &days);
    int64_t from = clock_ms();
    int rc = h ? history_keep(h, STR_NULL, (uint32_t)n, (uint32_t)days, str_c(argv[3]), &err) : -1;
    history_close(h);
    if (rc)
        return fail();
    fprintf(stderr, "ms %lld\n", (long long)(clock_ms() - from));
    return 0;
}

static int check(char **argv)
{
    struct history *h = open_as(argv[0], HISTORY_READ, NULL, false);
    if (!h)
        return fail();
    int64_t from = clock_ms();
    int rc = history_check(h, &err);
    fprintf(stderr, "ms %lld\n", (long long)(clock_ms() - from));
    history_close(h);
    return rc ? fail() : 0;
}

static int repair(char **argv)
{
    struct history_options opt = {all_engines, HISTORY_WRITE, 0, false, 0};
    struct history_repaired done;
    if (history_repair(str_c(argv[0]), &opt, mem, &done, &err))
        return fail();
    printf("%s %llu %llu\n", done.sound ? "sound" : "repaired", (unsigned long long)done.states,
           (unsigned long long)done.lost);
    return 0;
}

static int hold(char **argv)
{
    int64_t ms = 0;
    struct history *h = open_as(argv[0], HISTORY_WRITE, NULL, false);
    str_int(str_c(argv[2]), &ms);
    if (!h || h->store->ops->begin(h->store, str_c(argv[1]), &err))
        return fail();
    puts("held");
    fflush(stdout);
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    poll(&input, 1, (int)ms);
    h->store->ops->rollback(h->store);
    history_close(h);
    return 0;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int least;
        int (*one)(char **);
        int (*more)(char **, int);
    } commands[] = {
        {"record", 4, NULL, record}, {"show", 3, show, NULL},    {"log", 2, NULL, tell},
        {"states", 2, states, NULL}, {"envs", 1, envs, NULL},    {"find", 3, find, NULL},
        {"nights", 4, NULL, nights}, {"keep", 4, keep, NULL},    {"check", 1, check, NULL},
        {"hold", 3, hold, NULL},     {"repair", 1, repair, NULL}};
    mem = arena_new(0);
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++) {
        if (strcmp(argv[1], commands[i].name) != 0 || argc - 2 < commands[i].least)
            continue;
        int rc = commands[i].one ? commands[i].one(argv + 2) : commands[i].more(argv + 2, argc - 2);
        arena_free(mem);
        return rc;
    }
    fprintf(stderr, "usage: see the head of tests/tools/history.c\n");
    return 2;
}
