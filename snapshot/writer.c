/* The snapshot format, written. One fact per line; nothing in it changes between two runs. */

#include "core/escape.h"
#include "snapshot/snapshot.h"

static void put_text(struct strbuf *b, const char *key, struct str value)
{
    jc_put_key(b, str_c(key));
    esc_json(b, value);
}

static void put_facets(struct strbuf *b, const char *key, unsigned facets)
{
    bool first = true;
    jc_put_key(b, str_c(key));
    sb_char(b, '[');
    for (unsigned i = 0; i < FACET_COUNT; i++) {
        if (!(facets & 1u << i))
            continue;
        if (!first)
            sb_char(b, ',');
        first = false;
        esc_json(b, str_c(facet_name(1u << i)));
    }
    sb_char(b, ']');
}

static void put_head(struct strbuf *b, const struct catalog *cat)
{
    sb_printf(b, "{\"snap\":%d", SNAPSHOT_FORMAT);
    put_text(b, "engine", str_c(cat->eng->name));
    put_text(b, "version", cat->version);
    jc_put_key(b, STR("model"));
    sb_int(b, cat->model);
    put_facets(b, "facets", cat->facets);
    put_facets(b, "captured", cat->captured);
    jc_put_key(b, STR("scope"));
    sb_str(b, cat->scope);
    put_text(b, "visibility", cat->liquibase ? STR("liquibase") : STR("complete"));
    jc_put_key(b, STR("objects"));
    sb_c(b, "[\n");
}

static void put_fact(struct strbuf *b, const struct obj *o)
{
    sb_c(b, "{\"path\":");
    esc_json(b, o->path);
    sb_c(b, ",\"a\":");
    sb_str(b, o->a);
    if (o->deps.n) {
        sb_c(b, ",\"deps\":");
        sb_str(b, o->deps);
    }
    if (o->src.n) {
        sb_c(b, ",\"src\":");
        sb_str(b, o->src);
    }
    sb_char(b, '}');
}

static void put_ledger(struct strbuf *b, const struct catalog *cat)
{
    sb_c(b, "\"ledger\":[");
    for (uint32_t i = 0; i < cat->nledger; i++) {
        const struct ledger_entry *l = &cat->ledger[i];
        sb_c(b, i ? ",\n{\"kind\":" : "\n{\"kind\":");
        esc_json(b, l->kind);
        put_text(b, "name", l->name);
        jc_put_key(b, STR("hash"));
        sb_char(b, '"');
        hash_hex(b, l->hash, HASH_HEX);
        sb_char(b, '"');
        if (l->on.n)
            put_text(b, "on", l->on);
        put_text(b, "why", l->why);
        sb_char(b, '}');
    }
    sb_char(b, ']');
}

static void put_foot(struct strbuf *b, const struct catalog *cat, uint32_t count,
                     struct hash128 digest)
{
    sb_c(b, "],");
    put_ledger(b, cat);
    sb_printf(b, ",\"count\":%u,\"fingerprint\":\"", count);
    hash_hex(b, cat->fingerprint, HASH_HEX);
    sb_c(b, "\",\"digest\":\"");
    hash_hex(b, digest, HASH_HEX);
    sb_c(b, "\"}\n");
}

/* Hands the text over in pieces, so that a large catalog is not in memory twice. */
typedef int sink_fn(void *ctx, struct strbuf *b, struct err *e);

static int write_all(const struct catalog *cat, struct arena *mem, sink_fn *sink, void *ctx,
                     struct err *e)
{
    struct strbuf b = sb_new(mem, 0);
    struct hasher *digest = hasher_new(mem);
    uint32_t count = 0;
    put_head(&b, cat);
    for (uint32_t i = 0; i < cat->n; i++) {
        if (cat->v[i].flags & OBJ_IGNORED)
            continue;
        if (count++)
            sb_c(&b, ",\n");
        size_t from = b.n;
        put_fact(&b, &cat->v[i]);
        hasher_add(digest, str_from(sb_view(&b), from));
        hasher_add(digest, STR("\n"));
        if (b.n > (256 << 10) && sink(ctx, &b, e))
            return -1;
    }
    if (count)
        sb_char(&b, '\n');
    put_foot(&b, cat, count, hasher_done(digest));
    return sink(ctx, &b, e);
}

static int to_file(void *ctx, struct strbuf *b, struct err *e)
{
    int rc = out_write(ctx, sb_view(b), e);
    sb_cut(b, 0);
    return rc;
}

int snapshot_write(const struct catalog *cat, struct out *out, struct err *e)
{
    struct arena *mem = arena_new(0);
    int rc = write_all(cat, mem, to_file, out, e);
    arena_free(mem);
    return rc;
}

static int to_text(void *ctx, struct strbuf *b, struct err *e)
{
    (void)e;
    sb_str(ctx, sb_view(b));
    sb_cut(b, 0);
    return 0;
}

void snapshot_text(const struct catalog *cat, struct strbuf *out)
{
    struct err e;
    struct arena *mem = arena_new(0);
    (void)write_all(cat, mem, to_text, out, &e);
    arena_free(mem);
}
