/* The journal of a check of many databases. */

#include "cli/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "snapshot/snapshot.h"

enum { BATCH = 64, BATCH_MS = 1000, MAX_JOURNAL = 1 << 30 };

struct journal {
    struct arena *mem;
    char *path, *folder;
    int fd;
    unsigned waiting; /* records that are not durable yet */
    int64_t synced;
};

static int failed(const struct journal *j, struct err *e)
{
    return err_set(e, E_WRITE_FAILED, "%s: %s", j->path, strerror(errno));
}

static int put(struct journal *j, struct str record, struct err *e)
{
    struct arena_mark mark = arena_mark(j->mem);
    struct strbuf line = sb_new(j->mem, 0);
    hash_hex(&line, hash_bytes(record), HASH_HEX);
    sb_char(&line, ' ');
    sb_str(&line, record);
    sb_char(&line, '\n');
    struct str rest = sb_view(&line);
    int rc = 0;
    while (rest.n && !rc) {
        ssize_t n = write(j->fd, rest.p, rest.n);
        if (n < 0 && errno != EINTR)
            rc = failed(j, e);
        rest = str_from(rest, n > 0 ? (size_t)n : 0);
    }
    arena_release(j->mem, mark);
    return rc;
}

/* The next sound line of a journal; false at its end, or where it is torn. */
static bool next_record(struct str *text, struct str *record)
{
    size_t end = str_chr(*text, '\n');
    struct str line = str_sub(*text, 0, end);
    struct hash128 want;
    if (end == text->n || line.n < HASH_HEX + 1 || line.p[HASH_HEX] != ' ' ||
        !hash_parse(str_sub(line, 0, HASH_HEX), &want))
        return false;
    *record = str_from(line, HASH_HEX + 1);
    if (!hash_eq(hash_bytes(*record), want))
        return false;
    *text = str_from(*text, end + 1);
    return true;
}

/* The head says when the run began: "snap targets 1700000000". */
static bool is_fresh(struct str head, int64_t now)
{
    struct str word = STR("snap targets ");
    int64_t then;
    return str_starts(head, word) && str_int(str_from(head, word.n), &then) && then <= now &&
           now - then < (int64_t)JOURNAL_HOURS * 3600;
}

/* What is there goes to want->take; *keep: how many bytes of it are sound. */
static int take_all(struct journal *j, const struct journal_want *want, off_t *keep, struct err *e)
{
    struct arena *mem = arena_new(0);
    struct str text, rest, record;
    *keep = 0;
    int rc = fd_read(j->fd, MAX_JOURNAL, str_c(j->path), mem, &text, e);
    rest = text;
    if (!rc && next_record(&rest, &record) && is_fresh(record, want->now)) {
        while (next_record(&rest, &record))
            want->take(want->ctx, record);
        *keep = (off_t)(text.n - rest.n);
    }
    arena_free(mem);
    return rc;
}

static int begin(struct journal *j, const struct journal_want *want, struct err *e)
{
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    off_t keep = 0;
    if (fcntl(j->fd, F_SETLK, &lock) != 0) {
        if (errno != EACCES && errno != EAGAIN)
            return failed(j, e);
        err_set(e, E_HISTORY_LOCKED, "another check of the same targets is running: it holds %s",
                j->path);
        return err_hint(e, "wait for it, or end it");
    }
    if (want->resume && take_all(j, want, &keep, e))
        return -1;
    if (ftruncate(j->fd, keep) != 0 || lseek(j->fd, keep, SEEK_SET) < 0)
        return failed(j, e);
    struct str head = arena_printf(j->mem, "snap targets %lld", (long long)want->now);
    return keep ? 0 : put(j, head, e);
}

int journal_open(const struct journal_want *want, struct arena *mem, struct journal **out,
                 struct err *e)
{
    struct journal *j = NEW(mem, struct journal);
    struct strbuf name = sb_new(mem, 0);
    sb_printf(&name, "%.*s/targets-", STR_ARG(want->folder));
    hash_hex(&name, want->print, 16);
    sb_c(&name, ".journal");
    *j = (struct journal){.mem = mem,
                          .path = arena_cstr(mem, sb_view(&name)),
                          .folder = arena_cstr(mem, want->folder),
                          .synced = clock_ms()};
    *out = NULL;
    mkdir(j->folder, 0700); /* where it fails, so does the next */
    j->fd = open(j->path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (j->fd < 0)
        return failed(j, e);
    if (begin(j, want, e)) {
        close(j->fd);
        return -1;
    }
    *out = j;
    return 0;
}

int journal_add(struct journal *j, struct str record, struct err *e)
{
    if (!j)
        return 0;
    if (put(j, record, e))
        return -1;
    if (++j->waiting < BATCH && clock_ms() - j->synced < BATCH_MS)
        return 0;
    j->waiting = 0;
    j->synced = clock_ms();
    return fsync(j->fd) == 0 ? 0 : failed(j, e);
}

void journal_close(struct journal *j)
{
    if (!j)
        return;
    fsync(j->fd);
    close(j->fd);
}

void journal_end(struct journal *j)
{
    if (!j)
        return;
    unlink(j->path);
    close(j->fd);
    rmdir(j->folder); /* only where nothing else is in it */
}
