/* The snapshot format, read as a stream: strict, and bounded by the longest line. */

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "snapshot/head.h"
#include "snapshot/snapshot.h"

enum { FIRST_BUFFER = 64 * 1024 };

struct reader {
    struct stream stream;
    struct arena *mem;  /* for what lives as long as the reader */
    struct arena *line; /* goes back to line_mark with every fact */
    struct arena_mark line_mark;
    int fd;
    char *buf;
    size_t at, end, cap;
    bool eof;
    uint64_t number;    /* of the line read last, from 1 */
    uint64_t facts;     /* all lines of facts */
    bool comma;         /* the fact before ended with one */
    struct strbuf last; /* path of the fact before */
    struct head head;
    struct hasher *digest, *own, *asked; /* own: in the facets of the file */
};

static int read_more(struct reader *r, struct err *e)
{
    if (r->at) {
        memmove(r->buf, r->buf + r->at, r->end - r->at);
        r->end -= r->at;
        r->at = 0;
    }
    if (r->end == r->cap) {
        if (r->cap >= SNAPSHOT_MAX_LINE)
            return err_set(e, E_SNAPSHOT_LIMIT, "%.*s line %llu is longer than %d MiB",
                           STR_ARG(r->stream.label), (unsigned long long)r->number + 1,
                           SNAPSHOT_MAX_LINE >> 20);
        r->buf = arena_grow(r->mem, r->buf, r->cap, r->cap * 2);
        r->cap *= 2;
    }
    for (;;) {
        ssize_t n = read(r->fd, r->buf + r->end, r->cap - r->end);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_set(e, E_CANNOT_OPEN, "%.*s: %s", STR_ARG(r->stream.label), strerror(errno));
        r->eof = n == 0;
        r->end += (size_t)n;
        return 0;
    }
}

/* The next line without its newline; an unfinished last line counts. *got false at the end. */
static int read_line(struct reader *r, struct str *line, bool *got, struct err *e)
{
    size_t scanned = 0;
    for (;;) {
        struct str rest = {r->buf + r->at, r->end - r->at};
        size_t nl = scanned + str_chr(str_from(rest, scanned), '\n');
        if (nl < rest.n || (r->eof && rest.n)) {
            *line = str_sub(rest, 0, nl);
            r->at += nl < rest.n ? nl + 1 : rest.n;
            r->number++;
            *got = true;
            return 0;
        }
        *got = false;
        if (r->eof)
            return 0;
        scanned = rest.n;
        if (read_more(r, e))
            return -1;
    }
}

static int bad(const struct reader *r, struct err *e, const char *what)
{
    return err_set(e, E_SNAPSHOT_SYNTAX, "%.*s line %llu: %s", STR_ARG(r->stream.label),
                   (unsigned long long)r->number, what);
}

/* Everything from the closing bracket on. */
static int read_foot(struct reader *r, struct str first, struct err *e)
{
    struct strbuf b = sb_new(r->mem, SNAPSHOT_MAX_LINE);
    struct str line;
    bool got = true;
    sb_c(&b, "{\"objects\":[");
    sb_str(&b, first);
    struct str where = arena_printf(r->mem, "%.*s line %llu", STR_ARG(r->stream.label),
                                    (unsigned long long)r->number);
    while (got) {
        if (read_line(r, &line, &got, e))
            return -1;
        if (got && !line.n)
            return bad(r, e, "an empty line");
        if (got)
            sb_str(&b, line);
    }
    if (b.over)
        return err_set(e, E_SNAPSHOT_LIMIT, "%.*s: the ledger is too long",
                       STR_ARG(r->stream.label));
    struct foot foot;
    if (foot_parse(sb_view(&b), where, r->mem, &foot, e))
        return -1;
    struct hash128 own = hasher_done(r->own);
    r->stream.fingerprint = r->asked ? hasher_done(r->asked) : own;
    r->stream.ledger = foot.ledger;
    r->stream.nledger = foot.nledger;
    if (foot.count != r->facts)
        return err_set(e, E_SNAPSHOT_FINGERPRINT,
                       "%.*s: it says that the file holds %llu facts; it holds %llu",
                       STR_ARG(where), (unsigned long long)foot.count,
                       (unsigned long long)r->facts);
    if (!hash_eq(foot.fingerprint, own) || !hash_eq(foot.digest, hasher_done(r->digest)))
        return err_set(e, E_SNAPSHOT_FINGERPRINT, "%.*s: the %s does not fit the facts above",
                       STR_ARG(where), hash_eq(foot.fingerprint, own) ? "digest" : "fingerprint");
    return 0;
}

static int check_order(struct reader *r, struct str path, struct err *e)
{
    int c = r->facts ? path_cmp(sb_view(&r->last), path) : -1;
    if (c == 0)
        return err_set(e, E_SNAPSHOT_DUPLICATE, "%.*s line %llu: %.*s stands twice",
                       STR_ARG(r->stream.label), (unsigned long long)r->number, STR_ARG(path));
    if (c > 0)
        return err_set(e, E_SNAPSHOT_ORDER, "%.*s line %llu: %.*s comes too late",
                       STR_ARG(r->stream.label), (unsigned long long)r->number, STR_ARG(path));
    /* A parent comes right before its subtree, so the fact before lies in it or is it. */
    struct str parent = path_parent(path);
    if (parent.n && !(r->facts && path_within(sb_view(&r->last), parent)))
        return err_set(e, E_SNAPSHOT_SYNTAX,
                       "%.*s line %llu: %.*s stands without what it belongs to",
                       STR_ARG(r->stream.label), (unsigned long long)r->number, STR_ARG(path));
    sb_cut(&r->last, 0);
    sb_str(&r->last, path);
    return 0;
}

static void hash_fact(struct reader *r, struct obj *o, struct str line)
{
    const struct engine *eng = r->stream.eng;
    struct hash128 own = obj_hash(eng, o, r->head.facets);
    o->hash = own;
    hasher_add(r->digest, line);
    hasher_add(r->digest, STR("\n"));
    if (obj_in_facets(eng, o, r->head.facets))
        fingerprint_add(r->own, o->path, own);
    if (!r->asked)
        return;
    o->hash = obj_hash(eng, o, r->stream.facets);
    if (obj_in_facets(eng, o, r->stream.facets))
        fingerprint_add(r->asked, o->path, o->hash);
}

static int check_fact(struct stream *s, const struct obj *o, struct str line, struct err *e)
{
    struct reader *r = s->impl;
    return fact_check(s->eng, o, line, s->label, o->line, r->line, e);
}

static int next_fact(struct stream *s, struct obj *o, struct str *line, struct err *e)
{
    struct reader *r = s->impl;
    bool got;
    arena_release(r->line, r->line_mark);
    if (read_line(r, line, &got, e))
        return -1;
    if (!got)
        return bad(r, e, "the file ends in the middle");
    if (str_starts(*line, STR("]"))) {
        if (r->facts && r->comma)
            return bad(r, e, "a comma before the closing bracket");
        return read_foot(r, *line, e);
    }
    if (r->facts && !r->comma)
        return bad(r, e, "a comma is missing at the end of the line before");
    r->comma = str_ends(*line, STR(","));
    if (r->comma)
        line->n--;
    if (fact_cut(s->eng, *line, o))
        return bad(r, e, "this is no fact: {\"path\":...,\"a\":{...}}");
    o->path = jc_text(r->line, o->path);
    o->line = (uint32_t)r->number;
    if (check_order(r, o->path, e))
        return -1;
    if (++r->facts > SNAPSHOT_MAX_FACTS)
        return err_set(e, E_SNAPSHOT_LIMIT, "%.*s holds more than %d facts", STR_ARG(s->label),
                       SNAPSHOT_MAX_FACTS);
    if (o->kind == UINT16_MAX) /* nobody may look it up in a table */
        return check_fact(s, o, *line, e);
    hash_fact(r, o, *line);
    if (obj_in_facets(s->eng, o, s->facets))
        s->count++;
    return 1;
}

int reader_open(int fd, struct str label, const struct engine *const *engines, unsigned facets,
                struct arena *mem, struct reader **out, struct err *e)
{
    struct reader *r = NEW(mem, struct reader);
    struct str line;
    bool got;
    r->mem = mem;
    r->line = arena_new(0);
    (void)arena_alloc(r->line, 1); /* so that the first block stays */
    r->line_mark = arena_mark(r->line);
    r->fd = fd;
    r->cap = FIRST_BUFFER;
    r->buf = arena_alloc(mem, r->cap);
    r->last = sb_new(mem, 0);
    r->stream.label = arena_str(mem, label);
    *out = r;
    if (read_line(r, &line, &got, e))
        return -1;
    if (!got)
        return bad(r, e, "the file is empty");
    if (head_parse(line, r->stream.label, engines, mem, &r->head, e))
        return -1;
    r->digest = hasher_new(mem);
    r->own = hasher_new(mem);
    unsigned asked = facets ? facets : r->head.facets;
    r->asked = asked == r->head.facets ? NULL : hasher_new(mem);
    r->stream.eng = r->head.eng;
    r->stream.version = r->head.version;
    r->stream.facets = asked;
    r->stream.captured = r->head.captured;
    r->stream.liquibase = r->head.liquibase;
    r->stream.next = next_fact;
    r->stream.check = check_fact;
    r->stream.impl = r;
    return 0;
}

struct stream *reader_stream(struct reader *r)
{
    return &r->stream;
}

struct str reader_scope(const struct reader *r)
{
    return r->head.scope;
}

unsigned reader_facets(const struct reader *r)
{
    return r->head.facets;
}

void reader_close(struct reader *r)
{
    if (!r)
        return;
    arena_free(r->line);
    r->line = NULL;
    if (r->fd > STDERR_FILENO)
        close(r->fd);
    r->fd = -1;
}

int catalog_of_stream(struct stream *s, struct arena *mem, struct catalog **out, struct err *e)
{
    struct catalog *cat = cat_new(mem, s->eng, s->facets, s->label);
    struct obj o;
    struct str line;
    int rc;
    cat->version = arena_str(mem, s->version);
    cat->captured = s->captured;
    cat->liquibase = s->liquibase;
    while ((rc = s->next(s, &o, &line, e)) == 1) {
        if (s->check && s->check(s, &o, line, e))
            return -1;
        cat_add(cat, &o);
    }
    if (rc < 0)
        return -1;
    cat->ledger = NEW_ARRAY(mem, struct ledger_entry, s->nledger);
    if (s->nledger)
        memcpy(cat->ledger, s->ledger, s->nledger * sizeof *cat->ledger);
    cat->nledger = cat->ledger_cap = s->nledger;
    *out = cat;
    return cat_finish(cat, e);
}
