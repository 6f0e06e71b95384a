/*
 * Master changelogs that anybody may have written, in all forms: reading them, looking through
 * them, and putting changeSets behind theirs. The first byte says which form; a byte 1 stands
 * between the master and what is added. What comes out has to hold the master's bytes, and to be
 * read again with the items of both.
 */

#include "changelog/append.h"
#include "changelog/lint.h"
#include "tests/fuzz/fuzz.h"

static void look(struct str text, struct str label, struct arena *mem)
{
    struct master m;
    struct findings all = {0};
    struct err e = {0};
    if (master_of_text(text, label, STR("m"), mem, &m, &e)) {
        if (!e.msg[0])
            BUG("an error without words");
        return;
    }
    log_lint(&m, STR("x,y"), mem, &all);
    for (uint32_t i = 0; i < m.n; i++) {
        const struct log_set *which;
        if (log_stands(&m, &m.sets[i], &which) == STANDS_NOWHERE &&
            log_meet(&m.sets[i], &m.sets[i]))
            BUG("a changeSet is not where it was read");
    }
}

/* All of the master's bytes, in order. */
static bool keeps(struct str master, struct str all)
{
    size_t found = 0;
    for (size_t i = 0; i < all.n && found < master.n; i++)
        found += all.p[i] == master.p[found];
    return found == master.n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const labels[] = {"m.yaml", "m.json", "m.xml", "m.sql"};
    if (!size)
        return 0;
    struct arena *mem = arena_new((size_t)1 << 28);
    struct str text = fuzz_text(data, size), out;
    struct log_doc a, b;
    struct err e = {0};
    struct str label = str_c(labels[data[0] & 3]);
    text = str_from(text, 1);
    size_t half = str_chr(text, '\x01');
    struct str master = arena_str(mem, str_sub(text, 0, half));
    struct str diff = arena_str(mem, str_from(text, half < text.n ? half + 1 : half));
    look(master, label, mem);
    if (!log_doc_read(master, label, mem, &a, &e) && !log_doc_read(diff, label, mem, &b, &e) &&
        !append_text(&a, &b, mem, &out, &e)) {
        if (a.items->first && !keeps(master, out))
            BUG("a byte of the master is lost");
    }
    arena_free(mem);
    return 0;
}
