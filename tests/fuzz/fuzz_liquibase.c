/* Snapshots of Liquibase: any bytes as such a file, made facts of by each engine that reads its
 * own, and completed from an empty schema and from itself. */

#include "tests/fuzz/fuzz.h"

#include <unistd.h>

#include "snapshot/liquibase.h"

/* Of <sys/mman.h>, where no POSIX level hides it. */
int memfd_create(const char *name, unsigned flags);

static int file_of(const uint8_t *data, size_t size)
{
    int fd = memfd_create("snapshot", 0);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
        BUG("no file in memory");
    return fd;
}

static void use(struct lb_snapshot *in, struct arena *mem)
{
    for (const struct engine *const *eng = all_engines; *eng; eng++) {
        struct catalog *cat, *other;
        struct err e;
        if (!(*eng)->liquibase_names)
            continue;
        in->short_name = str_sub(str_c((*eng)->liquibase_names), 0,
                                 str_chr(str_c((*eng)->liquibase_names), ','));
        if (liquibase_catalog(in, all_engines, STR(""), (*eng)->facets, mem, &cat, &e) ||
            cat_finish(cat, &e))
            continue;
        other = cat_new(mem, *eng, cat->facets, STR("empty"));
        for (uint32_t i = 0; i < cat->n; i += 2)
            cat_add(other, &cat->v[i]);
        if (cat_finish(other, &e) == 0)
            (void)source_complete(cat, other, mem, &e);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *mem = arena_new(1 << 30);
    struct lb_snapshot *in;
    struct err e;
    int fd = file_of(data, size);
    if (liquibase_read(fd, STR("x.json"), mem, &in, &e) == 0)
        use(in, mem);
    close(fd);
    arena_free(mem);
    return 0;
}
