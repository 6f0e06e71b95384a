/* Scratch databases: each a new one, on a server that the user names or on the private one of this
 * process, and statements on them. */

#include "drivers/mysql/live.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/interrupt.h"
#include "core/step.h"
#include "drivers/mysql/grants.h"
#include "drivers/mysql/server.h"
#include "drivers/mysql/settings.h"

/* Errors of GRANT to an account that is not there: of MySQL, of MariaDB. */
enum { ER_CANNOT_CREATE_USER = 1410, ER_NO_USER = 1133 };
enum { OLD_S = 24 * 60 * 60, CLOSE_MS = 5000 };

struct names {
    struct session *s;
    VEC(struct str) v;
};

static int name_row(void *ctx, uint32_t index, MYSQL_ROW row, const unsigned long *lengths,
                    unsigned n, struct err *e)
{
    struct names *names = ctx;
    (void)index;
    (void)n;
    (void)e;
    VEC_PUSH(names->s->mem, names->v, arena_str(names->s->mem, (struct str){row[0], lengths[0]}));
    return 0;
}

/* Databases that a command which was killed has left: their names say when they were made. */
static int sweep(struct session *s, struct err *e)
{
    struct names old = {.s = s};
    struct err none;
    struct str sql = my_text(
        s->mem,
        "SELECT schema_name FROM information_schema.schemata WHERE schema_name REGEXP "
        "'^snap_scratch_[0-9]{1,15}_[0-9]+_[0-9]+$' AND CAST(SUBSTRING_INDEX(SUBSTRING_INDEX("
        "schema_name, '_', 3), '_', -1) AS SIGNED) < UNIX_TIMESTAMP() - %d",
        OLD_S);
    if (my_batch(s, sql, name_row, &old, e))
        return -1;
    for (uint32_t i = 0; i < old.v.n; i++) /* may be gone meanwhile */
        (void)my_query(s, my_text(s->mem, "DROP DATABASE IF EXISTS %I", old.v.v[i]), NULL, &none);
    return 0;
}

static bool tells(const struct catalog *cat)
{
    size_t n = cat ? cat->version.n : 0;
    return n && ascii_is_digit(cat->version.p[n - 1]);
}

/* The version of a side, absent where neither tells. */
static struct str version_of(const struct scratch_want *want)
{
    return tells(want->from) ? want->from->version : tells(want->to) ? want->to->version : STR_NULL;
}

/* CREATE DATABASE for a script, with the defaults of what it is compared with: its own words come
 * later. A server that has them not takes its own. */
static int create_database(struct session *s, struct str name, const struct catalog *like,
                           struct err *e)
{
    const struct obj *own =
        like ? cat_find(like, my_top(s->mem, "database", STR("database"))) : NULL;
    struct str charset = own ? obj_text(s->mem, own, "charset") : STR_NULL;
    struct str collation = own ? obj_text(s->mem, own, "collation") : STR_NULL;
    if (charset.n && collation.n &&
        my_query(s,
                 my_text(s->mem, "CREATE DATABASE %I CHARACTER SET %L COLLATE %L; USE %I", name,
                         charset, collation, name),
                 NULL, e) == 0)
        return 0;
    return my_query(s, my_text(s->mem, "CREATE DATABASE %I; USE %I", name, name), NULL, e);
}

/* The settings of the server that the statements are for: of the state that they start from, where
 * that is of a server, else of the one that they lead to. */
static void settings_of(const struct scratch_want *want, struct arena *mem, struct my_settings *out)
{
    if (!my_get_settings(want->from, mem, out))
        (void)my_get_settings(want->to ? want->to : want->like, mem, out);
}

/* Whether the server folds names of tables to lower case. */
static bool folds(const struct my_settings *settings)
{
    return str_eq(my_setting_of(settings, "lower_case_table_names"), STR("1"));
}

static int connect_private(struct session *s, struct str version,
                           const struct my_settings *settings, struct err *e)
{
    const char *path;
    if (my_server_start(version, folds(settings), s->deadline_ms, &path, e))
        return -1;
    struct url_key key = {STR("socket"), str_c(path)};
    struct source src = {
        .text = s->label, .raw = STR("//root@localhost/"), .keys = &key, .nkeys = 1};
    return my_connect(s, &src, STR(""), e);
}

/* A script is run on a server of the kind that it is compared with, where one is installed. */
static int connect_kind(struct session *s, struct str version, const struct catalog *like,
                        const struct my_settings *settings, struct err *e)
{
    if (tells(like) && connect_private(s, like->version, settings, e) == 0)
        return 0;
    if (tells(like) && e->code != E_CANNOT_VERIFY)
        return -1;
    return connect_private(s, version, settings, e);
}

static int setting_row(void *ctx, uint32_t index, MYSQL_ROW row, const unsigned long *lengths,
                       unsigned n, struct err *e)
{
    bool *one = ctx;
    (void)index;
    (void)n;
    (void)e;
    *one = row[0] && str_eq((struct str){row[0], lengths[0]}, STR("1"));
    return 0;
}

/* A server that is not ours keeps its way with names. */
static int same_folding(struct session *s, const struct my_settings *settings, struct err *e)
{
    bool is = false, want = folds(settings);
    if (str_is_null(my_setting_of(settings, "lower_case_table_names")))
        return 0;
    if (my_batch(s, STR("SELECT @@lower_case_table_names"), setting_row, &is, e))
        return -1;
    if (is == want)
        return 0;
    err_set(e, E_CANNOT_VERIFY,
            "the scratch server has lower_case_table_names=%d, the server of the schema has not",
            is);
    return err_hint(e, "name a server with the same setting, or scratch: { mysql: auto } in "
                       "snap.yml");
}

static int connect_place(struct session *s, struct str version, const struct my_settings *settings,
                         struct err *e)
{
    bool mariadb = str_starts(version, STR("MariaDB"));
    if (my_connect(s, s->place, STR(""), e))
        return -1;
    if (version.n && mariadb != s->mariadb) {
        err_set(e, E_CANNOT_VERIFY, "the scratch server is %.*s and the schema is of %.*s",
                STR_ARG(s->version), STR_ARG(version));
        return err_hint(e, "name one of that kind, or scratch: { mysql: auto } in snap.yml");
    }
    return same_folding(s, settings, e) || sweep(s, e) ? -1 : 0;
}

/* What of the settings this server takes for a session: another release may not know one, and on a
 * server that is not ours the role may not set all of them. They hold from my_reset on: what is
 * there already was made under others. */
static int take_settings(struct session *s, const struct my_settings *settings, struct err *e)
{
    struct strbuf all = sb_new(s->mem, 0);
    struct err none;
    struct str one, format = my_setting_of(settings, "innodb_default_row_format");
    bool mode = false;
    sb_c(&all, "SET SESSION foreign_key_checks = 1, unique_checks = 1, time_zone = '+00:00'");
    for (size_t i = 0; one = my_set_setting(s->mem, settings, i), !str_is_null(one); i++) {
        struct str name = str_sub(one, 0, str_chr(one, ' '));
        if (!one.n ||
            my_query(s, my_text(s->mem, "SET SESSION %S; SET SESSION %S = DEFAULT", one, name),
                     NULL, &none))
            continue;
        sb_printf(&all, ", %.*s", STR_ARG(one));
        mode = mode || str_eq(name, STR("sql_mode"));
    }
    if (!mode)
        sb_c(&all, ", sql_mode = DEFAULT");
    s->deployer = sb_view(&all);
    /* sessions have none of their own */
    if (!s->place && format.n)
        (void)my_query(s, my_text(s->mem, "SET GLOBAL innodb_default_row_format = %L", format),
                       NULL, &none);
    /* options of a table that are taken only with this off */
    bool lax = str_eq(my_setting_of(settings, "innodb_strict_mode"), STR("OFF"));
    return my_query(s,
                    lax ? STR("SET SESSION sql_mode = '', innodb_strict_mode = OFF")
                        : STR("SET SESSION sql_mode = ''"),
                    NULL, e);
}

static bool grants_any(const struct catalog *cat)
{
    for (uint32_t i = 0; cat && i < cat->n; i++)
        if (str_eq(path_kind(cat->v[i].path), STR("grant")))
            return true;
    return false;
}

/* A user without a way to log in, or a role. Only on the private server: others' accounts are
 * everybody's. */
static int make_account(struct session *s, struct str account, struct err *e)
{
    struct my_lex l = {account, 0};
    bool host = false;
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l))
        host = host || (t.type == MY_WORD && str_chr(t.text, '@') < t.text.n);
    return my_query(s,
                    host || !s->mariadb
                        ? my_text(s->mem, "CREATE USER IF NOT EXISTS %S ACCOUNT LOCK", account)
                        : my_text(s->mem, "CREATE ROLE IF NOT EXISTS %S", account),
                    NULL, e);
}

/* The accounts of a side's grants must be there for them. */
static int need_accounts(struct session *s, const struct catalog *cat, struct err *e)
{
    struct str last = STR("");
    for (uint32_t i = 0; cat && i < cat->n; i++) {
        struct str account = my_grantee(s->mem, &cat->v[i]);
        if (!account.n || str_eq(account, last))
            continue;
        last = account;
        if (!s->place && make_account(s, account, e))
            return -1;
        if (!s->place || my_query(s, my_text(s->mem, "SHOW GRANTS FOR %S", account), NULL, e) == 0)
            continue;
        if (!my_is_statements(e))
            return -1;
        err_set(e, E_CANNOT_VERIFY, "the scratch server has no account %.*s", STR_ARG(account));
        return err_hint(e, "make it there, or write scratch: { mysql: auto } in snap.yml; --facets "
                           "-acl leaves grants out");
    }
    return 0;
}

int my_scratch(const struct scratch_want *want, struct arena *mem, struct session **out,
               struct err *e)
{
    static unsigned count;
    struct session *s = NEW(mem, struct session);
    *out = s;
    *s = (struct session){.mem = mem,
                          .label = want->place ? want->place->text : STR("the scratch server"),
                          .timeout_ms = want->timeout_ms,
                          .place = want->place,
                          .scratch = true};
    s->deadline_ms = s->timeout_ms ? clock_ms() + s->timeout_ms : 0;
    if (s->place) {
        s->connect_ms = s->place->connect_ms;
        s->tries = s->place->tries;
    }
    struct str version = version_of(want);
    struct my_settings settings;
    settings_of(want, mem, &settings);
    if (s->place ? connect_place(s, version, &settings, e)
                 : connect_kind(s, version, want->like, &settings, e))
        return -1;
    snprintf(s->made, sizeof s->made, "snap_scratch_%lld_%ld_%u", (long long)time(NULL),
             (long)getpid(), ++count);
    struct str name = str_c(s->made);
    s->database = name;
    s->built = !want->from && !want->to;
    s->grants =
        grants_any(want->from) || grants_any(want->to) || (!s->built && !(want->from && want->to));
    return create_database(s, name, want->like, e) || take_settings(s, &settings, e) ||
                   need_accounts(s, want->from, e) || need_accounts(s, want->to, e)
               ? -1
               : 0;
}

int my_reset(struct session *s, struct err *e)
{
    return my_query(s, s->deployer, NULL, e);
}

/* Whose fault a failure is: the statement's, or that of the server and the time. */
bool my_is_statements(const struct err *e)
{
    return e->code == E_CANNOT_OPEN || e->code == E_TORN || e->code == E_NO_PRIVILEGE;
}

int my_scratch_exec(struct session *s, const struct stmt *stmt, struct err *e)
{
    if (!s->scratch)
        BUG("a statement for a database that is not ours");
    if (my_query(s, stmt->text, NULL, e) == 0)
        return 0;
    if (my_is_statements(e))
        return err_set(e, E_VERIFY_FAILED, "%s", mysql_error(s->db));
    if (e->code == E_CONNECTION_LOST)
        return err_set(e, E_CANNOT_VERIFY, "the scratch server has ended: %s", mysql_error(s->db));
    return -1;
}

/* A statement that would leave the scratch database: what is to run in its place (absent: nothing).
 * A dump of one database makes and takes that; *database is its name from then on. */
static int stay_here(struct session *s, struct str *sql, struct str *database, struct err *e)
{
    struct my_lex l = {*sql, 0};
    bool use = my_take(&l, "USE"), make = false;
    if (!use)
        make = my_take(&l, "CREATE DATABASE") || my_take(&l, "CREATE SCHEMA");
    if (!use && !make) {
        /* of the whole server, as dumps of one that replicates have it */
        if (my_take(&l, "SET") && str_eq_fold_c(my_next(&l).text, "@@GLOBAL.GTID_PURGED"))
            *sql = STR_NULL;
        return 0;
    }
    my_take(&l, "IF NOT EXISTS");
    struct str name = my_unquote(s->mem, my_next(&l));
    if (!str_is_null(*database) && !str_eq(*database, name)) {
        err_set(e, E_VERIFY_FAILED, "the script holds a second database, %.*s", STR_ARG(name));
        return err_hint(e, "one script for each database");
    }
    *database = name;
    bool more = make && my_peek(&l).type != MY_END;
    *sql = more ? my_text(s->mem, "ALTER DATABASE %I %S", str_c(s->made),
                          my_uncommented(s->mem, str_from(*sql, l.at)))
                : STR_NULL;
    return 0;
}

static int script_failed(struct session *s, struct str label, int line, struct err *e)
{
    struct str why = arena_str(s->mem, str_c(e->msg));
    bool sql_error = e->code == E_VERIFY_FAILED;
    err_set(e, sql_error ? E_MALFORMED_SCHEMA : e->code, "%.*s line %d: %.*s", STR_ARG(label), line,
            STR_ARG(why));
    return sql_error ? err_hint(e, "the script must run on an empty database of its own") : -1;
}

/* A GRANT of a script. Accounts that it names and nobody has made are made on the private server
 * alone. */
static int run_grant(struct session *s, const struct stmt *stmt, struct err *e)
{
    struct stmt guarded = *stmt;
    uint32_t n;
    guarded.text = my_guarded(s->mem, stmt->text, s->mariadb);
    s->grants = true;
    if (my_scratch_exec(s, &guarded, e) == 0)
        return 0;
    unsigned code = mysql_errno(s->db);
    if (code != ER_CANNOT_CREATE_USER && code != ER_NO_USER)
        return -1;
    if (s->place) {
        err_set(e, E_CANNOT_VERIFY, "the scratch server lacks an account: %.*s",
                STR_ARG(stmt->text));
        return err_hint(e, "make it there, or write scratch: { mysql: auto } in snap.yml");
    }
    struct str *accounts = my_granted_to(s->mem, stmt->text, &n);
    for (uint32_t i = 0; i < n; i++)
        if (my_query(s, my_text(s->mem, "CREATE USER IF NOT EXISTS %S", accounts[i]), NULL, e))
            return -1;
    return my_scratch_exec(s, &guarded, e);
}

static int run_one(struct session *s, struct stmt *stmt, struct str *database, struct err *e)
{
    switch (my_granting(s->mem, &stmt->text, *database)) {
    case MY_GRANTS_HERE:
        return run_grant(s, stmt, e);
    case MY_GRANTS_ELSEWHERE: {
        struct my_lex l = {stmt->text, 0};
        if (s->place || !my_take(&l, "CREATE ROLE"))
            return 0;
        my_take(&l, "IF NOT EXISTS");
        stmt->text = my_text(s->mem, "CREATE ROLE IF NOT EXISTS %S", str_from(stmt->text, l.at));
        return my_scratch_exec(s, stmt, e);
    }
    case MY_GRANTS_NOTHING:
        break;
    }
    if (stay_here(s, &stmt->text, database, e))
        return -1;
    return stmt->text.n ? my_scratch_exec(s, stmt, e) : 0;
}

/* A script runs as the mysql client would run it; what it sets holds in it alone. */
int my_script(struct session *s, struct str text, struct str label, struct err *e)
{
    struct script rest = {.rest = text};
    struct str one, database = STR_NULL;
    if (str_starts(text, STR("\xef\xbb\xbf")))
        rest.rest = str_from(text, 3);
    if (my_reset(s, e) || my_query(s, STR("SET SESSION time_zone = DEFAULT"), NULL, e))
        return -1;
    while (my_split(&rest, &one)) {
        struct stmt stmt = {.lang = LANG_SQL, .text = one};
        if (interrupt_seen())
            return err_set(e, E_INTERRUPTED, "interrupted");
        if (run_one(s, &stmt, &database, e))
            return script_failed(s, label, str_line(text, one.p), e);
    }
    return my_query(s, STR("UNLOCK TABLES; SET NAMES utf8mb4"), NULL, e) || my_reset(s, e) ? -1 : 0;
}

/* On a server that is not ours the database goes, whatever ended the session: where its connection
 * is gone, by another one, which ends the statement that may still run there. */
void my_scratch_closed(struct session *s)
{
    struct err none;
    if (!s->scratch || !s->made[0] || !s->place)
        return;
    struct str drop = my_text(s->mem, "DROP DATABASE IF EXISTS %I", str_c(s->made));
    unsigned long id = s->db ? mysql_thread_id(s->db) : 0;
    s->made[0] = '\0';
    s->closing = true;
    s->deadline_ms = clock_ms() + CLOSE_MS;
    if (s->db && my_query(s, drop, NULL, &none) == 0)
        return;
    struct session again = {.mem = s->mem, .label = s->label, .scratch = true, .closing = true};
    again.deadline_ms = clock_ms() + CLOSE_MS;
    if (my_connect(&again, s->place, STR(""), &none) == 0) {
        (void)my_query(&again, arena_printf(s->mem, "KILL %lu", id), NULL, &none);
        (void)my_query(&again, drop, NULL, &none);
    }
    if (again.db)
        mysql_close(again.db);
}

const struct live_ops my_live = {
    .open = my_open,
    .introspect = my_introspect,
    .scratch = my_scratch,
    .exec = my_scratch_exec,
    .reach = my_reach,
    .reset = my_reset,
    .script = my_script,
    .fill = my_fill,
    .refill = my_refill,
    .empty = my_empty,
    .rows = my_digest,
    .sizes = my_sizes,
    .tried = my_tried,
    .applied = my_applied,
    .deployments = my_deployments,
    .versions = my_versions,
    .cancel = my_cancel,
    .close = my_close,
};
