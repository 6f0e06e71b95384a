/* The head and the foot of a snapshot file, read strictly: every key must be there and known. */

#include "snapshot/head.h"

#include "snapshot/snapshot.h"

static int bad(struct str label, struct err *e, const char *what)
{
    return err_set(e, E_SNAPSHOT_SYNTAX, "%.*s: %s", STR_ARG(label), what);
}

/* Three parts as one text; NUL bytes in them stay, so that the check sees them. */
static struct str joined(struct arena *mem, struct str a, struct str b, struct str c)
{
    struct strbuf out = sb_new(mem, 0);
    sb_str(&out, a);
    sb_str(&out, b);
    sb_str(&out, c);
    return sb_view(&out);
}

static int find_engine(struct str name, struct str label, const struct engine *const *engines,
                       const struct engine **out, struct err *e)
{
    for (; *engines; engines++)
        if (str_eq_c(name, (*engines)->name)) {
            *out = *engines;
            return 0;
        }
    return err_set(e, E_UNKNOWN_ENGINE,
                   "%.*s line 1: a snapshot of %.*s, which this build does not know",
                   STR_ARG(label), STR_ARG(name));
}

static int facets_of(struct str list, unsigned *out)
{
    struct jc_iter it = jc_iter(list);
    struct str key, value;
    *out = 0;
    if (!jc_is_list(list))
        return -1;
    while (jc_next(&it, &key, &value)) {
        unsigned bit = jc_is_string(value) ? facet_bit(str_sub(value, 1, value.n - 1)) : 0;
        if (!bit || *out >= bit)
            return -1; /* unknown, twice or out of order */
        *out |= bit;
    }
    return 0;
}

static bool is_scope(struct str scope)
{
    struct jc_iter it = jc_iter(scope);
    struct str key, value;
    if (!it.object)
        return false;
    while (jc_next(&it, &key, &value))
        if ((!str_eq(key, STR("include")) && !str_eq(key, STR("exclude")) &&
             !str_eq(key, STR("data"))) ||
            !jc_is_list(value))
            return false;
    return true;
}

static const char *const head_keys[] = {"snap",     "engine", "version",    "model",   "facets",
                                        "captured", "scope",  "visibility", "objects", NULL};

int head_parse(struct str line, struct str label, const struct engine *const *engines,
               struct arena *mem, struct head *out, struct err *e)
{
    struct str doc = joined(mem, line, STR("]"), STR("}"));
    int64_t format;
    if (!str_ends(line, STR("\"objects\":[")) || !str_starts(line, STR("{\"snap\":")))
        return bad(label, e, "line 1 is not the head of a snapshot: {\"snap\":1,...,\"objects\":[");
    if (!str_int(jc_get(doc, "snap"), &format) || format < 1)
        return bad(label, e, "line 1: the format is no number");
    if (format > SNAPSHOT_FORMAT)
        return err_set(e, E_SNAPSHOT_VERSION, "%.*s line 1: format %lld; this snap reads up to %d",
                       STR_ARG(label), (long long)format, SNAPSHOT_FORMAT);
    if (jc_check_ordered(mem, doc, head_keys, e))
        return err_wrap(e, "%.*s line 1", STR_ARG(label));
    *out = (struct head){0};
    if (find_engine(jc_text(mem, jc_get(doc, "engine")), label, engines, &out->eng, e))
        return -1;
    if (facets_of(jc_get(doc, "facets"), &out->facets) ||
        facets_of(jc_get(doc, "captured"), &out->captured))
        return bad(label, e, "line 1: facets or captured is malformed");
    out->version = jc_text(mem, jc_get(doc, "version"));
    out->scope = jc_get(doc, "scope");
    out->liquibase = str_eq(jc_get(doc, "visibility"), STR("\"liquibase\""));
    int64_t model = jc_int(jc_get(doc, "model"));
    if (!jc_is_string(jc_get(doc, "version")) || !is_scope(out->scope) ||
        (!out->liquibase && !str_eq(jc_get(doc, "visibility"), STR("\"complete\""))))
        return bad(label, e, "line 1: version, scope or visibility is malformed");
    if (model < 1 || model > out->eng->model)
        return err_set(e, E_SNAPSHOT_VERSION,
                       "%.*s line 1: written with model %lld of %s; this snap knows model %d",
                       STR_ARG(label), (long long)model, out->eng->title, out->eng->model);
    out->model = (uint16_t)model;
    return 0;
}

static const char *const foot_keys[] = {"objects",     "ledger", "count",
                                        "fingerprint", "digest", NULL};
static const char *const ledger_keys[] = {"kind", "name", "hash", "on", "why", NULL};

static bool ledger_entry(struct str raw, struct arena *mem, struct ledger_entry *out)
{
    struct str hash = jc_get(raw, "hash"), on = jc_get(raw, "on");
    for (const char *const *k = ledger_keys; *k; k++)
        if (!jc_is_string(jc_get(raw, *k)) && !(strcmp(*k, "on") == 0 && str_is_null(on)))
            return false;
    *out = (struct ledger_entry){.kind = jc_text(mem, jc_get(raw, "kind")),
                                 .name = jc_text(mem, jc_get(raw, "name")),
                                 .on = str_is_null(on) ? on : jc_text(mem, on),
                                 .why = jc_text(mem, jc_get(raw, "why"))};
    return hash_parse(str_sub(hash, 1, hash.n - 1), &out->hash);
}

static bool hash_of(struct str doc, const char *key, struct hash128 *out)
{
    struct str raw = jc_get(doc, key);
    return jc_is_string(raw) && hash_parse(str_sub(raw, 1, raw.n - 1), out);
}

/* Entries have keys in an order of their own, so the list is checked item by item. */
static int read_ledger(struct str list, struct str label, struct arena *mem, struct foot *out,
                       struct err *e)
{
    struct jc_iter it = jc_iter(list);
    struct str key, value;
    struct strbuf again = sb_new(mem, 0);
    out->ledger = NEW_ARRAY(mem, struct ledger_entry, jc_count(list));
    sb_char(&again, '[');
    while (jc_next(&it, &key, &value)) {
        if (jc_check_ordered(mem, value, ledger_keys, e) ||
            !ledger_entry(value, mem, &out->ledger[out->nledger]))
            return bad(label, e, "the ledger is malformed");
        sb_c(&again, out->nledger++ ? "," : "");
        sb_str(&again, value);
    }
    sb_char(&again, ']');
    /* nothing but one comma between two entries */
    return str_eq(sb_view(&again), list) ? 0 : bad(label, e, "the ledger is malformed");
}

int foot_parse(struct str text, struct str label, struct arena *mem, struct foot *out,
               struct err *e)
{
    *out = (struct foot){0};
    struct str ledger = jc_get(text, "ledger");
    if (!jc_is_list(ledger))
        return bad(label, e, "the foot has no ledger");
    /* The rest is canonical once the list, which was read on its own, is put aside. */
    struct str head = str_range(text.p, ledger.p), tail = str_from(text, head.n + ledger.n);
    struct str bare = joined(mem, head, STR("[]"), tail);
    if (jc_check_ordered(mem, bare, foot_keys, e))
        return err_wrap(e, "%.*s", STR_ARG(label));
    if (read_ledger(ledger, label, mem, out, e))
        return -1;
    int64_t count;
    if (!str_int(jc_get(bare, "count"), &count) || count < 0)
        return bad(label, e, "the count is no number");
    out->count = (uint64_t)count;
    if (!hash_of(bare, "fingerprint", &out->fingerprint) || !hash_of(bare, "digest", &out->digest))
        return bad(label, e, "fingerprint or digest is no hash");
    return 0;
}
