/*
 * A whole history out of a damaged file: every row that SQLite can still reach is copied into a new
 * file, texts only where they fit their keys, and of the states those stay whose facts still give
 * their fingerprint. The damaged file is kept beside it.
 */

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/interrupt.h"
#include "history/lite.h"

enum { STEPS = 500 }; /* more than a page has rows */

/* How a table is walked through: by numbers, of which the last one grows past what is damaged. */
struct table {
    const char *name;
    int columns, keys; /* keys: first columns of its key, all numbers; 0: from both ends */
    int hash;          /* column of a key of the text behind it, or -1 */
    const char *forward, *backward, *insert;
};
/* clang-format off */
static const struct table tables[] = {
    {"env", 11, 1, -1, "SELECT * FROM env WHERE id > $1 ORDER BY id", NULL,
     "INSERT OR IGNORE INTO env VALUES (?,?,?,?,?,?,?,?,?,?,?)"},
    {"path", 3, 1, 1, "SELECT * FROM path WHERE id > $1 ORDER BY id", NULL,
     "INSERT OR IGNORE INTO path VALUES (?,?,?)"},
    {"body", 3, 1, 1, "SELECT * FROM body WHERE id > $1 ORDER BY id", NULL,
     "INSERT OR IGNORE INTO body VALUES (?,?,?)"},
    {"state", 14, 2, -1, "SELECT * FROM state WHERE (env, id) > ($1, $2) ORDER BY env, id", NULL,
     "INSERT OR IGNORE INTO state VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
    {"fact", 5, 2, -1, "SELECT * FROM fact WHERE (env, path) > ($1, $2) ORDER BY env, path, since",
     NULL, "INSERT OR IGNORE INTO fact VALUES (?,?,?,?,?)"},
    {"finding", 15, 0, -1, "SELECT * FROM finding ORDER BY env, id, since",
     "SELECT * FROM finding ORDER BY env DESC, id DESC, since DESC",
     "INSERT OR IGNORE INTO finding VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)"},
    {"deployed", 12, 0, -1, "SELECT * FROM deployed ORDER BY env, hash",
     "SELECT * FROM deployed ORDER BY env DESC, hash DESC",
     "INSERT OR IGNORE INTO deployed VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"}};
/* clang-format on */

struct salvage {
    struct lite *from;
    struct history *to;
    struct lite *into;
    int64_t key[2]; /* of the last row */
    int64_t envs;   /* numbers of environments are not larger */
    uint64_t rows;
};

/* One row, unless it is not what was written. */
static int take_row(struct salvage *sv, const struct table *t, sqlite3_stmt *row, struct err *e)
{
    if (t->hash >= 0) {
        struct rows r = {sv->from, row};
        struct hash128 key = rows_hash(&sv->from->store, &r, t->hash);
        if (!hash_eq(key, text_key(hlite_ops.text(&r, t->hash + 1))))
            return 0;
    }
    struct rows *in = hlite_compiled(sv->into, t->insert, e);
    if (!in)
        return -1;
    int rc = SQLITE_OK;
    for (int i = 0; i < t->columns && rc == SQLITE_OK; i++)
        rc = sqlite3_bind_value(in->stmt, i + 1, sqlite3_column_value(row, i));
    if (rc == SQLITE_OK)
        rc = sqlite3_step(in->stmt);
    hlite_ops.done(in);
    if (rc == SQLITE_DONE)
        sv->rows++;
    return rc == SQLITE_DONE || (rc & 0xff) == SQLITE_CONSTRAINT ? 0 : hlite_fails(sv->into, e);
}

/* Rows behind the key, until the end (1) or to where the file is damaged (0). */
static int take_rows(struct salvage *sv, const struct table *t, const char *sql, struct err *e)
{
    sqlite3_stmt *row = NULL;
    int rc = sqlite3_prepare_v2(sv->from->db, sql, -1, &row, NULL), failed = 0;
    for (int i = 0; rc == SQLITE_OK && i < t->keys; i++)
        rc = sqlite3_bind_int64(row, i + 1, sv->key[i]);
    while (rc == SQLITE_OK && !failed && sqlite3_step(row) == SQLITE_ROW) {
        for (int i = 0; i < t->keys; i++)
            sv->key[i] = sqlite3_column_int64(row, i);
        failed = take_row(sv, t, row, e);
        if (interrupt_seen())
            failed = err_set(e, E_INTERRUPTED, "interrupted");
    }
    int ended = rc == SQLITE_OK && sqlite3_finalize(row) == SQLITE_OK;
    if (rc != SQLITE_OK)
        sqlite3_finalize(row);
    return failed ? -1 : ended;
}

/* By one first, as most of what is lost is one page, then in ever larger steps. */
static int take_table(struct salvage *sv, const struct table *t, struct err *e)
{
    int64_t step = 1;
    sv->key[0] = sv->key[1] = 0;
    for (unsigned tried = 0;; tried++) {
        uint64_t before = sv->rows;
        int rc = take_rows(sv, t, t->forward, e);
        if (rc)
            return rc < 0 ? -1 : 0;
        if (!t->keys)
            return take_rows(sv, t, t->backward, e) < 0 ? -1 : 0;
        step = sv->rows > before ? 1 : tried > STEPS ? step * 2 : step;
        if (step < INT64_MAX / 8 && sv->key[t->keys - 1] < INT64_MAX / 4) {
            sv->key[t->keys - 1] += step;
        } else if (t->keys == 2 && sv->key[0] < sv->envs) {
            sv->key[0]++;
            sv->key[1] = 0;
            step = 1;
        } else {
            return 0;
        }
    }
}

static int run_all(struct lite *l, const char *const *sql, struct err *e)
{
    for (; *sql; sql++)
        if (hlite_run(l, *sql, e))
            return -1;
    return 0;
}

/* Facts without their texts, and environments whose row is lost. */
static const char *const before_check[] = {
    "INSERT OR IGNORE INTO env (id, name, checked, first, last, runs) SELECT env, 'recovered-' || "
    "env, max(last), min(first), max(last), sum(runs) FROM state WHERE env NOT IN (SELECT id FROM "
    "env) GROUP BY env",
    "DELETE FROM fact WHERE path NOT IN (SELECT id FROM path) OR body NOT IN (SELECT id FROM body) "
    "OR env NOT IN (SELECT id FROM env)",
    "DELETE FROM state WHERE head NOT IN (SELECT id FROM body) OR ledger NOT IN (SELECT id FROM "
    "body)",
    "DELETE FROM finding WHERE env NOT IN (SELECT id FROM env)",
    "DELETE FROM deployed WHERE env NOT IN (SELECT id FROM env)",
    0};
/* What no state shows goes; the others begin and end with states that are there. */
static const char *const after_check[] = {
    "DELETE FROM fact WHERE NOT EXISTS (SELECT 1 FROM state s WHERE s.env = fact.env AND s.id >= "
    "fact.since AND (fact.until IS NULL OR s.id < fact.until))",
    "UPDATE fact SET since = (SELECT min(s.id) FROM state s WHERE s.env = fact.env AND s.id >= "
    "fact.since), until = (SELECT min(s.id) FROM state s WHERE s.env = fact.env AND s.id >= "
    "fact.until)",
    "UPDATE env SET first = (SELECT min(first) FROM state WHERE env = env.id), last = (SELECT "
    "max(last) FROM state WHERE env = env.id)",
    0};

static int drop_lost(struct salvage *sv, struct arena *mem, struct history_repaired *out,
                     struct err *e)
{
    static const char sql[] = "DELETE FROM state WHERE env = $1 AND id = $2";
    struct history_env *envs;
    uint32_t n;
    if (history_envs(sv->to, mem, &envs, &n, e))
        return -1;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t *lost;
        uint32_t nlost;
        int64_t number;
        if (env_number(sv->to, envs[i].name, &number, e) ||
            env_check(sv->to, envs[i].name, mem, &lost, &nlost, e))
            return -1;
        for (uint32_t k = 0; k < nlost; k++) {
            const struct store_arg args[] = {A_NUM(number), A_NUM(lost[k])};
            if (hlite_ops.exec(&sv->into->store, sql, args, 2, e))
                return -1;
        }
        out->lost += nlost;
        out->states += envs[i].states - nlost;
    }
    return 0;
}

static int fill(struct salvage *sv, struct arena *mem, struct history_repaired *out, struct err *e)
{
    struct store *s = &sv->into->store;
    int rc = hlite_ops.begin(s, STR_NULL, e);
    for (size_t i = 0; !rc && i < sizeof tables / sizeof *tables; i++) {
        rc = take_table(sv, &tables[i], e);
        if (!rc && !i)
            rc = hlite_number(sv->into, "SELECT max(id) FROM env", &sv->envs, e);
    }
    if (!rc && (run_all(sv->into, before_check, e) || drop_lost(sv, mem, out, e) ||
                run_all(sv->into, after_check, e)))
        rc = -1;
    if (!rc)
        rc = hlite_ops.commit(s, e);
    if (rc)
        hlite_ops.rollback(s);
    return rc;
}

static int cannot(const char *what, struct err *e)
{
    return err_set(e, E_WRITE_FAILED, "%s: %s", what, strerror(errno));
}

/* The damaged file, with what SQLite keeps beside it, gets a name that is free; then the new one
 * takes its place. */
static int swap(const char *path, const char *fresh, struct arena *mem, struct str *kept,
                struct err *e)
{
    static const char *const beside[] = {"-wal", "-shm", "-journal"};
    struct stat st;
    *kept = arena_printf(mem, "%s.damaged", path);
    for (int i = 2; lstat(kept->p, &st) == 0; i++)
        *kept = arena_printf(mem, "%s.damaged-%d", path, i);
    if (link(path, kept->p))
        return cannot(kept->p, e);
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
        struct str was = arena_printf(mem, "%s%s", path, beside[i]);
        struct str is = arena_printf(mem, "%.*s%s", STR_ARG(*kept), beside[i]);
        if (rename(was.p, is.p) && errno != ENOENT)
            return cannot(was.p, e);
    }
    return rename(fresh, path) ? cannot(path, e) : 0;
}

/* What only this program's look at the file has left beside it. */
static void drop_empty(struct str kept, struct arena *mem)
{
    struct stat st;
    struct str wal = arena_printf(mem, "%.*s-wal", STR_ARG(kept));
    struct str shm = arena_printf(mem, "%.*s-shm", STR_ARG(kept));
    if (!kept.n || (stat(wal.p, &st) == 0 && st.st_size > 0))
        return;
    unlink(wal.p);
    unlink(shm.p);
}

static int is_sound(struct str place, const struct history_options *opt, struct arena *mem,
                    bool *sound, struct err *e)
{
    struct history_options look = {opt->engines, HISTORY_READ, opt->lock_wait_ms, false, 0};
    struct history *h = NULL;
    int rc = history_open(place, &look, mem, &h, e);
    if (!rc)
        rc = history_check(h, e);
    history_close(h);
    *sound = rc == 0;
    return rc && e->code != E_HISTORY_CORRUPT ? -1 : 0;
}

/* The damaged file, which nobody may write to meanwhile. */
static int open_damaged(struct lite *l, struct err *e)
{
    if (hlite_connect(l, SQLITE_OPEN_READWRITE, e))
        return -1;
    int rc = sqlite3_exec(l->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    return (rc & 0xff) == SQLITE_BUSY ? hlite_fails(l, e) : 0;
}

int hlite_repair(struct str place, const struct history_options *opt, struct arena *mem,
                 struct history_repaired *out, struct err *e)
{
    *out = (struct history_repaired){.kept_as = STR_NULL};
    if (is_sound(place, opt, mem, &out->sound, e) || out->sound)
        return out->sound ? 0 : -1;
    const char *path = arena_cstr(mem, place);
    struct str fresh = arena_printf(mem, "%s.repair-%ld", path, (long)getpid());
    struct history_options make = {opt->engines, HISTORY_WRITE, 0, true, 0};
    struct lite from = {.store = {&hlite_ops, mem, place, false, ""}, .path = path};
    struct salvage sv = {.from = &from};
    from.wait_ms = opt->lock_wait_ms;
    unlink(fresh.p);
    int rc = open_damaged(&from, e);
    if (!rc)
        rc = history_open(fresh, &make, mem, &sv.to, e);
    if (!rc) {
        sv.into = (struct lite *)sv.to->store;
        rc = fill(&sv, mem, out, e);
        /* all of it is in the one file that is renamed, and no log is left beside it */
        if (!rc)
            rc = hlite_run(sv.into, "PRAGMA journal_mode = DELETE", e);
        history_close(sv.to);
    }
    if (!rc)
        rc = swap(path, fresh.p, mem, &out->kept_as, e);
    hlite_ops.close(&from.store);
    unlink(fresh.p);
    drop_empty(out->kept_as, mem);
    return rc;
}
