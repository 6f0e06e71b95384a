/*
 * How a collection is spread: its shard key and its zones. Their commands name the database, which
 * is no part of a schema, so they are compared and not written.
 */

#include "drivers/mongodb/mongodb.h"

static void put_keys(struct fact *f, const struct mv *key)
{
    struct str *terms = NEW_ARRAY(f->cat->tmp, struct str, key ? key->n : 0);
    uint32_t n = 0;
    for (const struct mv *m = key ? key->first : NULL; m; m = m->next) {
        struct strbuf b = sb_new(f->cat->tmp, 0);
        sb_str(&b, m->key);
        sb_char(&b, ' ');
        if (m->type == MV_STRING)
            sb_str(&b, m->text);
        else if (mv_is_number(m))
            mv_put_number(&b, m);
        else
            mv_put_json(&b, m);
        terms[n++] = sb_view(&b);
    }
    fact_list(f, "keys", terms, n);
}

void mg_sharding_fact(struct catalog *cat, struct str collection, const struct mv *doc)
{
    struct fact f;
    fact_begin(&f, cat, "sharding", mg_path(cat->tmp, "collection", collection), STR("#"));
    put_keys(&f, mv_get(doc, "key"));
    fact_bool(&f, "unique", mv_truth(mv_get(doc, "unique")));
    fact_bool(&f, "unsplittable", mv_truth(mv_get(doc, "unsplittable")));
    fact_bool(&f, "no_balance", mv_truth(mv_get(doc, "noBalance")));
    fact_end(&f);
}

/* The range is its name: no two zones of a collection have a bound in common. */
void mg_zone_fact(struct catalog *cat, struct str collection, const struct mv *tag)
{
    struct arena *mem = cat->tmp;
    const struct mv *min = mv_get(tag, "min"), *max = mv_get(tag, "max");
    struct fact f;
    if (!min || !max) {
        cat_add_ledger(cat, "zone", collection, mg_path(mem, "collection", collection),
                       mv_json(mem, tag), "it has no bounds");
        return;
    }
    fact_begin(&f, cat, "zone", mg_path(mem, "collection", collection), mv_json(mem, min));
    fact_text(&f, "max", mv_json(mem, max));
    fact_text(&f, "tag", mv_string(mv_get(tag, "tag")));
    fact_end(&f);
}

static int refuse(struct ddl *d, const struct change *c, struct err *e)
{
    const struct obj *o = change_obj(c);
    bool zone = str_eq(path_kind(o->path), STR("zone"));
    err_set(e, E_UNSUPPORTED_CHANGE,
            "collection %.*s: how it is sharded differs, and the commands for it name the database",
            STR_ARG(mg_collection_of(d->mem, o)));
    return err_hint(e, "by hand in mongosh: %s; or leave it out: --facets -sharding",
                    zone ? "sh.updateZoneKeyRange()" : "sh.shardCollection()");
}

static const struct alter by_hand = {.name = "sharding.refuse", .fn = refuse, .doc = "refused"};

static void sharding_brief(const struct obj *o, struct strbuf *out)
{
    struct jc_iter it = jc_iter(obj_raw(o, "keys"));
    struct str key, raw;
    const char *comma = "(";
    while (jc_next(&it, &key, &raw)) {
        sb_c(out, comma);
        sb_str(out, jc_text(out->mem, raw));
        comma = ", ";
    }
    sb_char(out, ')');
}

static void zone_brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "tag"));
}

/* clang-format off */
static const struct attr_desc sharding_attrs[] = {
    {"keys",         A_LIST, CMP_VALUE, F_SHARDING, NULL, &by_hand, 1, false, 0, "fields of the shard key, each with its direction or hashed"},
    {"no_balance",   A_BOOL, CMP_VALUE, F_SHARDING, NULL, &by_hand, 1, false, 0, "the balancer leaves it alone"},
    {"unique",       A_BOOL, CMP_VALUE, F_SHARDING, NULL, &by_hand, 1, true,  0, "the shard key is unique"},
    {"unsplittable", A_BOOL, CMP_VALUE, F_SHARDING, NULL, &by_hand, 1, false, 0, "it lies on one shard"},
};
static const struct attr_desc zone_attrs[] = {
    {"max", A_EXPR, CMP_VALUE, F_SHARDING, NULL, &by_hand, 1, false, 0, "upper bound"},
    {"tag", A_TEXT, CMP_VALUE, F_SHARDING, NULL, &by_hand, 1, false, 0, "zone"},
};
/* clang-format on */

const struct kind_desc mg_sharding_kind = {
    .name = "sharding",
    .parents = "collection",
    .flags = KF_CASCADE,
    .rank = 40,
    .facet = F_SHARDING,
    .attrs = sharding_attrs,
    .nattrs = sizeof sharding_attrs / sizeof *sharding_attrs,
    .create = &by_hand,
    .drop = &by_hand,
    .brief = sharding_brief,
    .doc = "shard key of a collection",
};
const struct kind_desc mg_zone_kind = {
    .name = "zone",
    .parents = "collection",
    .flags = KF_CASCADE,
    .rank = 41,
    .facet = F_SHARDING,
    .attrs = zone_attrs,
    .nattrs = sizeof zone_attrs / sizeof *zone_attrs,
    .create = &by_hand,
    .drop = &by_hand,
    .brief = zone_brief,
    .doc = "range of a zone",
};
