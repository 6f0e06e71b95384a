/* Small JSON objects between processes, between runs, and for programs. */

#include "core/record.h"

#include <string.h>

#include "core/escape.h"

void record_text(struct strbuf *out, const char *key, struct str text)
{
    jc_put_key(out, str_c(key));
    esc_json(out, text);
}

void record_number(struct strbuf *out, const char *key, uint64_t n)
{
    jc_put_key(out, str_c(key));
    sb_int(out, n > INT64_MAX ? INT64_MAX : (int64_t)n);
}

void record_hash(struct strbuf *out, const char *key, struct hash128 h)
{
    jc_put_key(out, str_c(key));
    sb_char(out, '"');
    hash_hex(out, h, HASH_HEX);
    sb_char(out, '"');
}

void record_error(struct strbuf *out, const char *key, const struct err *e)
{
    jc_put_key(out, str_c(key));
    sb_char(out, '{');
    record_text(out, "code", str_c(err_name(e->code)));
    record_text(out, "hint", str_c(e->hint));
    record_text(out, "msg", str_c(e->msg));
    sb_char(out, '}');
}

bool record_to_error(struct str raw, struct arena *mem, struct err *out)
{
    struct str code = jc_text(mem, jc_get(raw, "code"));
    for (unsigned i = 1; i < ERR_COUNT; i++) {
        if (!str_eq_c(code, err_name((enum err_code)i)))
            continue;
        err_set(out, (enum err_code)i, "%.*s", STR_ARG(jc_text(mem, jc_get(raw, "msg"))));
        err_hint(out, "%.*s", STR_ARG(jc_text(mem, jc_get(raw, "hint"))));
        return true;
    }
    return false;
}

struct hash128 record_to_hash(struct str raw, struct arena *mem)
{
    struct hash128 h = {0};
    hash_parse(jc_text(mem, raw), &h);
    return h;
}

struct hash128 record_key(const struct catalog *cat, unsigned facets, struct arena *mem)
{
    struct hasher *h = hasher_new(mem);
    struct strbuf b = sb_new(mem, 0);
    /* servers of another level write one thing in other words */
    unsigned level = cat->eng->level ? cat->eng->level(cat->version) : 0;
    sb_printf(&b, "%s\n%u\n%u\n%.*s\n%.*s\n", cat->eng->name, level, facets, STR_ARG(cat->scope),
              STR_ARG(cat->untold));
    hash_hex(&b, cat->fingerprint, HASH_HEX);
    for (uint32_t i = 0; i < cat->nledger; i++) {
        const struct ledger_entry *entry = &cat->ledger[i];
        if (!entry->hash.hi && !entry->hash.lo)
            continue;
        sb_printf(&b, "\n%.*s %.*s ", STR_ARG(entry->kind), STR_ARG(entry->name));
        hash_hex(&b, entry->hash, HASH_HEX);
    }
    hasher_add(h, sb_view(&b));
    return hasher_done(h);
}
