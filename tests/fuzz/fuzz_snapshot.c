/*
 * Fuzz target: the snapshot readers. Whatever the strict one accepts must be what is written for
 * it; whatever the lenient one accepts must, once written, pass the strict one.
 */

#include "tests/fuzz/fuzz.h"

#include <unistd.h>

#include "snapshot/snapshot.h"

/* Of <sys/mman.h>, where no POSIX level hides it. */
int memfd_create(const char *name, unsigned flags);

static struct catalog *read_strict(struct str text, struct arena *mem, struct err *e)
{
    struct reader *r = NULL;
    struct catalog *cat = NULL;
    int fd = memfd_create("snapshot", 0);
    if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || lseek(fd, 0, SEEK_SET) != 0)
        BUG("no file in memory");
    if (reader_open(fd, STR("input"), all_engines, 0, mem, &r, e) == 0 &&
        catalog_of_stream(reader_stream(r), mem, &cat, e) == 0)
        cat->scope = reader_scope(r);
    else
        cat = NULL;
    reader_close(r);
    return cat;
}

static void must_be_itself(struct str text, struct arena *mem, bool strict_only)
{
    struct err e = {0};
    struct strbuf again = sb_new(mem, 0);
    struct catalog *cat = read_strict(text, mem, &e);
    if (!cat && strict_only)
        return;
    if (!cat)
        BUG("what was written cannot be read");
    snapshot_text(cat, &again);
    struct str got = sb_view(&again);
    /* the newline at the very end may be missing */
    if (!str_eq(got, text) && !(got.n == text.n + 1 && str_starts(got, text)))
        BUG("what was read is written differently");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *mem = arena_new(0);
    struct strbuf again = sb_new(mem, 0);
    struct catalog *cat;
    struct err e = {0};
    struct str text = fuzz_text(data, size);
    must_be_itself(text, mem, true);
    if (snapshot_read_lenient(text, STR("input"), all_engines, mem, &cat, &e) == 0) {
        snapshot_text(cat, &again);
        must_be_itself(sb_view(&again), mem, false);
    }
    arena_free(mem);
    return 0;
}
