/*
 * A snapshot that was merged or edited: facts in any order, commas and last line stale. Every fact
 * is checked as ever; only what snapshot_write makes anew is not believed.
 */

#include <stdlib.h>

#include "snapshot/head.h"
#include "snapshot/snapshot.h"

static int add_line(struct catalog *cat, struct str line, uint64_t number, struct err *e)
{
    struct obj o;
    while (line.n && (line.p[line.n - 1] == ',' || ascii_is_space(line.p[line.n - 1])))
        line.n--;
    if (str_starts(line, STR("<<<<<<<")) || str_starts(line, STR("=======")) ||
        str_starts(line, STR(">>>>>>>"))) {
        err_set(e, E_SNAPSHOT_SYNTAX, "%.*s line %llu: a conflict mark of a merge",
                STR_ARG(cat->label), (unsigned long long)number);
        return err_hint(e, "settle the conflict first");
    }
    if (fact_cut(cat->eng, line, &o))
        return err_set(e, E_SNAPSHOT_SYNTAX, "%.*s line %llu: this is no fact", STR_ARG(cat->label),
                       (unsigned long long)number);
    o.path = jc_text(cat->mem, o.path);
    if (fact_check(cat->eng, &o, line, cat->label, number, cat->mem, e))
        return -1;
    cat_add(cat, &o);
    return 0;
}

static int by_path_and_body(const void *x, const void *y)
{
    const struct obj *a = x, *b = y;
    int c = path_cmp(a->path, b->path);
    return c ? c : str_cmp(a->a, b->a);
}

/* The same fact on both sides of a merge is one. */
static void drop_twins(struct catalog *cat)
{
    uint32_t n = 0;
    if (cat->n)
        qsort(cat->v, cat->n, sizeof *cat->v, by_path_and_body);
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *last = n ? &cat->v[n - 1] : NULL;
        if (last && str_eq(last->path, cat->v[i].path) && str_eq(last->a, cat->v[i].a))
            continue;
        cat->v[n++] = cat->v[i];
    }
    cat->n = n;
}

/* A merge that took a table away and left a column is no schema. */
static int check_parents(const struct catalog *cat, struct err *e)
{
    for (uint32_t i = 0; i < cat->n; i++) {
        struct str parent = path_parent(cat->v[i].path);
        if (parent.n && !(i && path_within(cat->v[i - 1].path, parent)))
            return err_set(e, E_SNAPSHOT_SYNTAX, "%.*s: %.*s stands without what it belongs to",
                           STR_ARG(cat->label), STR_ARG(cat->v[i].path));
    }
    return 0;
}

int snapshot_read_lenient(struct str text, struct str label, const struct engine *const *engines,
                          struct arena *mem, struct catalog **out, struct err *e)
{
    struct str rest = text, line;
    struct head head;
    uint64_t number = 1;
    if (!str_cut(&rest, '\n', &line))
        line = STR("");
    if (head_parse(line, label, engines, mem, &head, e))
        return -1;
    struct catalog *cat = cat_new(mem, head.eng, head.facets, label);
    cat->captured = head.captured;
    cat->liquibase = head.liquibase;
    cat->version = head.version;
    cat->scope = head.scope;
    while (str_cut(&rest, '\n', &line)) {
        number++;
        if (str_starts(line, STR("]")))
            break;
        if (line.n && add_line(cat, line, number, e))
            return -1;
    }
    struct strbuf foot = sb_new(mem, 0);
    sb_c(&foot, "{\"objects\":[");
    sb_str(&foot, line);
    while (str_cut(&rest, '\n', &line))
        sb_str(&foot, line);
    struct foot f;
    if (foot_parse(sb_view(&foot), label, mem, &f, e))
        return -1;
    cat->ledger = f.ledger;
    cat->nledger = cat->ledger_cap = f.nledger;
    drop_twins(cat);
    if (check_parents(cat, e))
        return -1;
    *out = cat;
    return cat_finish(cat, e);
}
