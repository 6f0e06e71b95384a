/* Scratch databases: each a new one on a server that the user names, and commands on them. */

#include "drivers/mongodb/live.h"

#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/command.h"
#include "core/interrupt.h"
#include "core/step.h"

enum { OLD_S = 24 * 60 * 60, CLOSE_MS = 5000 };

static struct mv *one(struct arena *mem, const char *verb)
{
    struct mv *command = mv_new(mem, MV_DOCUMENT);
    mv_add(command, str_c(verb), mv_int(mem, 1));
    return command;
}

/* ---- making and dropping ---- */

static int drop_database(struct session *s, struct str name, struct err *e)
{
    struct mv *reply;
    return mg_run(s, name, one(s->mem, "dropDatabase"), s->mem, &reply, NULL, e);
}

/* snap_scratch_TIME_PROCESS_NUMBER of more than a day ago. */
static bool is_old(struct str name, int64_t now)
{
    struct str rest = str_from(name, strlen("snap_scratch_")), part;
    int64_t number[3];
    if (!str_starts(name, STR("snap_scratch_")))
        return false;
    for (int i = 0; i < 3; i++)
        if (!str_cut(&rest, '_', &part) || !str_int(part, &number[i]) || number[i] < 0)
            return false;
    return str_is_null(rest) || !rest.n ? number[0] < now - OLD_S : false;
}

/* Databases that a command which was killed has left: their names say when they were made. */
static int sweep(struct session *s, struct err *e)
{
    struct mv *command = one(s->mem, "listDatabases"), *reply = NULL;
    struct err none;
    int code;
    mv_add(command, STR("nameOnly"), mv_bool(s->mem, true));
    if (mg_run(s, STR("admin"), command, s->mem, &reply, &code, e))
        return code ? 0 : -1; /* it need not be told */
    const struct mv *all = mv_get(reply, "databases");
    for (const struct mv *d = all ? all->first : NULL; d; d = d->next)
        if (is_old(mv_string(mv_get(d, "name")), time(NULL)))
            (void)drop_database(s, mv_string(mv_get(d, "name")), &none); /* may be gone meanwhile */
    return 0;
}

static int no_place(struct err *e)
{
    err_set(e, E_CANNOT_VERIFY, "no scratch server of MongoDB is configured");
    return err_hint(e, "scratch: { mongodb: \"mongodb://host\" } in snap.yml names one, where "
                       "databases snap_scratch_... come and go; --no-verify goes without");
}

int mg_scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
               struct err *e)
{
    static unsigned count;
    struct session *s = NEW(mem, struct session);
    *out = s;
    *s = (struct session){.mem = mem, .scratch = true, .timeout_ms = want->timeout_ms};
    if (!want->place)
        return no_place(e);
    s->place = want->place;
    s->label = want->place->text;
    s->connect_ms = want->place->connect_ms;
    s->tries = want->place->tries;
    s->deadline_ms = s->timeout_ms ? clock_ms() + s->timeout_ms : 0;
    snprintf(s->made, sizeof s->made, "snap_scratch_%lld_%ld_%u", (long long)time(NULL),
             (long)getpid(), ++count);
    struct str name = arena_str(mem, str_c(s->made));
    s->made[0] = '\0'; /* there is nothing yet to drop */
    if (mg_connect(s, want->place, name, e) || sweep(s, e))
        return -1;
    if (s->server.secondary)
        return err_set(e, E_CANNOT_VERIFY, "%.*s is no primary: nothing can be made there",
                       STR_ARG(s->label));
    memcpy(s->made, name.p, name.n + 1);
    return 0;
}

static bool is_listed(struct session *s, struct str name)
{
    struct mv *command = one(s->mem, "listDatabases"), *reply = NULL;
    struct err none;
    mv_add(command, STR("nameOnly"), mv_bool(s->mem, true));
    if (mg_run(s, STR("admin"), command, s->mem, &reply, NULL, &none))
        return false;
    const struct mv *all = mv_get(reply, "databases");
    for (const struct mv *d = all ? all->first : NULL; d; d = d->next)
        if (str_eq(mv_string(mv_get(d, "name")), name))
            return true;
    return false;
}

/* A command whose connection has ended may still run, and make the database anew behind a drop: it
 * is looked for until it stays away. */
static void drop_for_good(struct session *s, struct str name)
{
    struct timespec moment = {0, 100L * 1000 * 1000};
    struct err none;
    for (int away = 0; s->stream && away < 3 && clock_ms() < s->deadline_ms;) {
        if (drop_database(s, name, &none))
            return;
        nanosleep(&moment, NULL);
        away = is_listed(s, name) ? 0 : away + 1;
    }
}

/* The database goes, whatever ended the session: where its connection is gone, by another one. */
void mg_scratch_closed(struct session *s)
{
    struct err none;
    if (!s->scratch || !s->made[0])
        return;
    struct str name = arena_str(s->mem, str_c(s->made));
    s->made[0] = '\0';
    s->closing = true;
    s->deadline_ms = clock_ms() + CLOSE_MS;
    if (s->stream && drop_database(s, name, &none) == 0)
        return;
    struct session again = {.mem = s->mem, .label = s->label, .scratch = true, .closing = true};
    again.deadline_ms = clock_ms() + CLOSE_MS;
    if (mg_connect(&again, s->place, name, &none) == 0)
        drop_for_good(&again, name);
    mg_disconnect(&again);
}

/* ---- commands ---- */

/* What stays in the database that it is sent to: what changelogs for a schema are made of, and the
 * verb of a step that nothing takes back, which the server refuses. Any other may reach further:
 * applyOps, mapReduce and $out name databases of their own; roles and users stay when a database
 * goes, and let people in. */
static bool stays_inside(const struct mv *command)
{
    static const char words[] =
        "create,drop,collMod,createIndexes,dropIndexes,createSearchIndexes,updateSearchIndex,"
        "dropSearchIndex,insert,update,delete,snapIrreversible";
    return word_in(words, command->first->key) && !mv_get(command, "$db");
}

static int cannot(struct session *s, const char *why, struct err *e)
{
    return err_set(e, E_CANNOT_VERIFY, "%.*s: %s", STR_ARG(s->label), why);
}

static int may_reach_out(struct session *s, struct str verb, struct err *e)
{
    err_set(e, E_CANNOT_VERIFY, "%.*s: the command %.*s may lead out of the scratch database",
            STR_ARG(s->label), STR_ARG(verb));
    return err_hint(e, "collections, indexes, views and documents are changed there, and nothing "
                       "else; --no-verify goes without the proof");
}

/* Whether an error tells of the server and not of the command: it lacks what is asked for. */
static bool is_lacking(const struct session *s, int code, struct str words)
{
    /* CommandNotFound, CommandNotSupported, NotImplemented, an unknown stage or field, no search */
    static const int any[] = {MG_NO_COMMAND, MG_NOT_SUPPORTED, 238, MG_UNKNOWN_FIELD, 40324,
                              31082,         6047401};
    /* InternalError, InvalidOptions, CannotCreateIndex: servers that are none of MongoDB's own say
     * so of what they cannot do (documentdb 1.0) */
    static const int others[] = {1, 67, 72};
    for (size_t i = 0; i < sizeof any / sizeof *any; i++)
        if (any[i] == code)
            return true;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i] == code && !str_eq(s->server.product, STR("MongoDB")))
            return true;
    return str_find(words, STR("not supported")) < words.n ||
           str_find(words, STR("not implemented")) < words.n;
}

/* The server refuses a command: its own words are the message. */
static int refused(struct session *s, int code, struct err *e)
{
    struct str words = arena_str(s->mem, str_c(e->msg)), label = s->label;
    if (e->code == E_CONNECTION_LOST)
        return err_set(e, E_CANNOT_VERIFY, "the scratch server has ended: %.*s", STR_ARG(words));
    if (!code)
        return -1;
    if (str_starts(words, label))
        words = str_from(words, label.n + 2);
    if (e->code == E_NO_PRIVILEGE) {
        err_set(e, E_CANNOT_VERIFY, "the scratch server refuses it: %.*s", STR_ARG(words));
        return err_hint(e, "the user of the scratch server needs the role dbAdminAnyDatabase and "
                           "readWriteAnyDatabase there");
    }
    if (is_lacking(s, code, words)) {
        err_set(e, E_CANNOT_VERIFY, "the scratch server cannot do it: %.*s", STR_ARG(words));
        return err_hint(e, "name a server of the kind that the changelog is for in scratch: of "
                           "snap.yml; --no-verify goes without the proof");
    }
    return err_set(e, E_VERIFY_FAILED, "%.*s", STR_ARG(words));
}

int mg_scratch_exec(struct session *s, const struct stmt *stmt, struct err *e)
{
    struct arena *mem = arena_new(0);
    struct mv *command, *reply;
    int code, rc = -1;
    if (!s->scratch)
        BUG("a command for a database that is not ours");
    if (mv_from_json(mem, stmt->text, &command, e))
        e->code = E_VERIFY_FAILED;
    else if (command->type != MV_DOCUMENT || !command->first)
        err_set(e, E_VERIFY_FAILED, "a command is a document with a member");
    else if (stmt->flags & ST_ADMIN)
        cannot(s, "a command on the database admin is none for a scratch database", e);
    else if (!stays_inside(command))
        may_reach_out(s, command->first->key, e);
    else if (mg_run(s, STR_NULL, command, mem, &reply, &code, e))
        refused(s, code, e);
    else
        rc = 0;
    arena_free(mem);
    return rc;
}

static int run_of_script(struct session *s, const struct stmt *stmt, struct str label, int line,
                         struct err *e)
{
    if (interrupt_seen())
        return err_set(e, E_INTERRUPTED, "interrupted");
    if (mg_scratch_exec(s, stmt, e) == 0)
        return 0;
    struct str why = arena_str(s->mem, str_c(e->msg));
    bool own = e->code == E_VERIFY_FAILED;
    err_set(e, own ? E_MALFORMED_SCHEMA : e->code, "%.*s line %d: %.*s", STR_ARG(label), line,
            STR_ARG(why));
    return own ? err_hint(e, "the script is commands in Extended JSON, for an empty database of "
                             "its own")
               : -1;
}

/* What --format mongosh writes. */
static int run_shell_script(struct session *s, struct str text, struct str label, struct err *e)
{
    struct command_script commands = {.rest = text, .label = label};
    struct stmt stmt;
    for (bool more = true;;) {
        if (command_next(&commands, s->mem, &stmt, &more, e))
            return -1;
        if (!more)
            return 0;
        if (run_of_script(s, &stmt, label, (int)commands.line, e))
            return -1;
    }
}

/* A script is commands in Extended JSON, one behind the other, or calls of the shell. */
int mg_script(struct session *s, struct str text, struct str label, struct err *e)
{
    struct script rest = {.rest = text};
    struct str command;
    if (str_starts(text, STR("\xef\xbb\xbf")))
        rest.rest = text = str_from(text, 3);
    if (!str_starts(str_trim(text), STR("{")))
        return run_shell_script(s, text, label, e);
    while (engine_mongodb.split(&rest, &command)) {
        struct stmt stmt = {.lang = LANG_COMMAND, .text = command};
        if (run_of_script(s, &stmt, label, str_line(text, command.p), e))
            return -1;
    }
    return 0;
}

const struct live_ops mg_live = {
    .open = mg_open,
    .introspect = mg_introspect,
    .scratch = mg_scratch,
    .exec = mg_scratch_exec,
    .script = mg_script,
    .fill = mg_fill,
    .empty = mg_empty,
    .rows = mg_rows,
    .sizes = mg_sizes,
    .infer = mg_infer_look,
    .applied = mg_applied,
    .deployments = mg_deployments,
    .cancel = mg_cancel,
    .close = mg_close,
};
