/* Text search: parsers, templates, dictionaries, configurations. */

#include "drivers/postgresql/postgresql.h"

static int dictionary_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const struct obj *o = c->after;
    struct str options = obj_text(d->mem, o, "options");
    pg_ddl(d, 0, "CREATE TEXT SEARCH DICTIONARY %S (TEMPLATE = %S%s%S)", pg_id(d->mem, o),
           obj_text(d->mem, o, "template"), options.n ? ", " : "", options);
    pg_dress(d, "TEXT SEARCH DICTIONARY", pg_id(d->mem, o), o);
    return 0;
}

static bool has_key(struct arena *mem, const struct obj *o, struct str key)
{
    uint32_t n;
    struct str *keys = pg_list(mem, obj_src(mem, o, "keys"), &n);
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(keys[i], key))
            return true;
    return false;
}

/* In one statement, since the template checks them together; a key without value is taken away. */
static int dictionary_options(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct strbuf b = sb_new(d->mem, 0);
    struct str options = obj_text(d->mem, c->after, "options");
    uint32_t n;
    struct str *keys = pg_list(d->mem, obj_src(d->mem, c->before, "keys"), &n);
    for (uint32_t i = 0; i < n; i++)
        if (!has_key(d->mem, c->after, keys[i]))
            sql_fmt(&b, &pg_dialect, "%s%S", b.n ? ", " : "", keys[i]);
    if (options.n)
        sql_fmt(&b, &pg_dialect, "%s%S", b.n ? ", " : "", options);
    pg_ddl(d, 0, "ALTER TEXT SEARCH DICTIONARY %S (%S)", pg_id(d->mem, c->after), sb_view(&b));
    return 0;
}

/* Mappings of `after` that are other in `before`, then those that only `before` has. */
static void mappings(struct ddl *d, const struct obj *before, const struct obj *after)
{
    struct str head = pg_text(d->mem, "ALTER TEXT SEARCH CONFIGURATION %S", pg_id(d->mem, after));
    struct str was = obj_raw(before, "mappings"), is = obj_raw(after, "mappings"), key, value;
    for (struct jc_iter it = jc_iter(was); jc_next(&it, &key, &value);)
        if (str_is_null(pg_map_text(d->mem, is, key)))
            pg_ddl(d, 0, "%S DROP MAPPING FOR %I", head, pg_key(d->mem, key));
    for (struct jc_iter it = jc_iter(is); jc_next(&it, &key, &value);) {
        struct str old = pg_map_text(d->mem, was, key), dicts = jc_text(d->mem, value);
        if (!str_eq(old, dicts) || str_is_null(old))
            pg_ddl(d, 0, "%S %s MAPPING FOR %I WITH %S", head, str_is_null(old) ? "ADD" : "ALTER",
                   pg_key(d->mem, key), dicts);
    }
}

static int configuration_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    const struct obj *o = c->after;
    pg_ddl(d, 0, "CREATE TEXT SEARCH CONFIGURATION %S (PARSER = %S)", pg_id(d->mem, o),
           obj_text(d->mem, o, "parser"));
    mappings(d, NULL, o);
    pg_dress(d, "TEXT SEARCH CONFIGURATION", pg_id(d->mem, o), o);
    return 0;
}

static int configuration_mappings(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    mappings(d, c->before, c->after);
    return 0;
}

ALTER(p_create, "ts_parser.create", pg_def_create, "CREATE TEXT SEARCH PARSER");
ALTER(p_drop, "ts_parser.drop", pg_def_drop, "DROP TEXT SEARCH PARSER");
ALTER(t_create, "ts_template.create", pg_def_create, "CREATE TEXT SEARCH TEMPLATE");
ALTER(t_drop, "ts_template.drop", pg_def_drop, "DROP TEXT SEARCH TEMPLATE");
ALTER(d_create, "ts_dictionary.create", dictionary_create, "CREATE TEXT SEARCH DICTIONARY");
ALTER(d_drop, "ts_dictionary.drop", pg_def_drop, "DROP TEXT SEARCH DICTIONARY");
ALTER(d_options, "ts_dictionary.options", dictionary_options, "ALTER TEXT SEARCH DICTIONARY");
ALTER(c_create, "ts_configuration.create", configuration_create, "CREATE ... CONFIGURATION");
ALTER(c_drop, "ts_configuration.drop", pg_def_drop, "DROP TEXT SEARCH CONFIGURATION");
ALTER(c_mappings, "ts_configuration.mappings", configuration_mappings, "ADD, ALTER, DROP MAPPING");

/* clang-format off */
static const struct attr_desc def_attrs[] = {
    PG_COMMENT,
    {"def", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL, 1, false, 0, "its CREATE"},
};
static const struct attr_desc d_attrs[] = {
    PG_COMMENT,
    {"options",  A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &d_options, 1, false, 0, "options of the template, as the server writes them"},
    PG_OWNER,
    {"template", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,       1, false, 0, "TEMPLATE"},
};
static const struct attr_desc c_attrs[] = {
    PG_COMMENT,
    {"mappings", A_MAP,  CMP_VALUE, F_STRUCTURE, NULL, &c_mappings, 1, false, 0, "dictionaries by type of token"},
    PG_OWNER,
    {"parser",   A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, NULL,        1, false, 0, "PARSER"},
};
/* clang-format on */

#define KIND(id, word, order, rows, make, gone, text)                                              \
    const struct kind_desc id = {                                                                  \
        .name = word,                                                                              \
        .parents = "schema",                                                                       \
        .rank = order,                                                                             \
        .facet = F_STRUCTURE,                                                                      \
        .attrs = rows,                                                                             \
        .nattrs = sizeof rows / sizeof *rows,                                                      \
        .create = &make,                                                                           \
        .drop = &gone,                                                                             \
        .rename = &pg_rename,                                                                      \
        .doc = text,                                                                               \
    }
KIND(pg_ts_parser_kind, "ts_parser", 25, def_attrs, p_create, p_drop, "text search parser");
KIND(pg_ts_template_kind, "ts_template", 26, def_attrs, t_create, t_drop, "text search template");
KIND(pg_ts_dictionary_kind, "ts_dictionary", 27, d_attrs, d_create, d_drop,
     "text search dictionary");
KIND(pg_ts_configuration_kind, "ts_configuration", 28, c_attrs, c_create, c_drop,
     "text search configuration");
