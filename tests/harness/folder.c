/* Temporary folders; see folder.h. */

#include "tests/harness/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "tests/harness/unit.h"

char *folder_new(struct arena *mem)
{
    const char *root = getenv("TMPDIR");
    char *folder = folder_path(mem, root ? root : "/tmp", "snap-unit-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

char *folder_path(struct arena *mem, const char *folder, const char *name)
{
    return arena_cstr(mem, arena_printf(mem, "%s/%s", folder, name));
}

static bool is_entry(const struct dirent *d)
{
    return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

int folder_count(const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *d;
    int n = 0;
    assert_non_null(dir);
    while ((d = readdir(dir)))
        n += is_entry(d);
    closedir(dir);
    return n;
}

void folder_remove(struct arena *mem, const char *folder)
{
    DIR *dir = opendir(folder);
    struct dirent *d;
    assert_non_null(dir);
    while ((d = readdir(dir)))
        if (is_entry(d))
            assert_int_equal(unlink(folder_path(mem, folder, d->d_name)), 0);
    closedir(dir);
    assert_int_equal(rmdir(folder), 0);
}

struct str file_text(struct arena *mem, const char *path)
{
    struct strbuf b = sb_new(mem, 0);
    char part[4096];
    ssize_t n;
    int fd = open(path, O_RDONLY);
    if (fd < 0)
        return STR_NULL;
    while ((n = read(fd, part, sizeof part)) > 0)
        sb_put(&b, part, (size_t)n);
    assert_int_equal(n, 0);
    close(fd);
    return sb_view(&b);
}

void file_put(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}
