/* Quoting, names, and what every object has: owner, comment, grants, options. */

#include "drivers/postgresql/acl.h"
#include "drivers/postgresql/postgresql.h"

#include <stdarg.h>
#include <string.h>

/* Words that quote_ident() quotes, of servers 12 to 18. */
static const char *const keywords[] = {
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "between",
    "bigint",
    "binary",
    "bit",
    "boolean",
    "both",
    "case",
    "cast",
    "char",
    "character",
    "check",
    "coalesce",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "dec",
    "decimal",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "exists",
    "extract",
    "false",
    "fetch",
    "float",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "greatest",
    "group",
    "grouping",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "inout",
    "int",
    "integer",
    "intersect",
    "interval",
    "into",
    "is",
    "isnull",
    "join",
    "json",
    "json_array",
    "json_arrayagg",
    "json_exists",
    "json_object",
    "json_objectagg",
    "json_query",
    "json_scalar",
    "json_serialize",
    "json_table",
    "json_value",
    "lateral",
    "leading",
    "least",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "merge_action",
    "national",
    "natural",
    "nchar",
    "none",
    "normalize",
    "not",
    "notnull",
    "null",
    "nullif",
    "numeric",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "out",
    "outer",
    "overlaps",
    "overlay",
    "placing",
    "position",
    "precision",
    "primary",
    "real",
    "references",
    "returning",
    "right",
    "row",
    "select",
    "session_user",
    "setof",
    "similar",
    "smallint",
    "some",
    "substring",
    "symmetric",
    "system_user",
    "table",
    "tablesample",
    "then",
    "time",
    "timestamp",
    "to",
    "trailing",
    "treat",
    "trim",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "values",
    "varchar",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
    "with",
    "xmlattributes",
    "xmlconcat",
    "xmlelement",
    "xmlexists",
    "xmlforest",
    "xmlnamespaces",
    "xmlparse",
    "xmlpi",
    "xmlroot",
    "xmlserialize",
    "xmltable",
};

static bool must_quote(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (name.p[i] >= 'A' && name.p[i] <= 'Z')
            return true;
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (str_eq_c(name, keywords[i]))
            return true;
    return false;
}

/* E'' for a text with a backslash, which '' may take for an escape. */
static void put_literal(struct strbuf *out, struct str text)
{
    bool escapes = str_chr(text, '\\') < text.n;
    sb_c(out, escapes ? "E'" : "'");
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'' || text.p[i] == '\\')
            sb_char(out, text.p[i]);
        sb_char(out, text.p[i]);
    }
    sb_char(out, '\'');
}

const struct sql_dialect pg_dialect = {'"', must_quote, put_literal};

struct str pg_text(struct arena *mem, const char *fmt, ...)
{
    struct strbuf b = sb_new(mem, 0);
    va_list ap;
    va_start(ap, fmt);
    sql_vfmt(&b, &pg_dialect, fmt, ap);
    va_end(ap);
    return sb_view(&b);
}

void pg_ddl(struct ddl *d, unsigned flags, const char *fmt, ...)
{
    struct strbuf b = sb_new(d->mem, 0);
    va_list ap;
    va_start(ap, fmt);
    sql_vfmt(&b, &pg_dialect, fmt, ap);
    va_end(ap);
    ddl_stmt(d, sb_view(&b), flags);
}

struct str pg_name(struct arena *mem, struct str path, unsigned segments)
{
    struct strbuf b = sb_new(mem, 0);
    struct str rest = path, one;
    for (unsigned i = 0; i < segments && str_cut(&rest, '/', &one); i++) {
        if (i)
            sb_char(&b, '.');
        sql_ident(&b, &pg_dialect, path_name(mem, one));
    }
    return sb_view(&b);
}

static unsigned depth(struct str path)
{
    unsigned n = path.n > 0;
    for (size_t i = 0; i < path.n; i++)
        n += path.p[i] == '/';
    return n;
}

struct str pg_id(struct arena *mem, const struct obj *o)
{
    struct str id = obj_src(mem, o, "id");
    return id.n ? id : pg_name(mem, o->path, depth(o->path));
}

struct str pg_last(struct arena *mem, struct str path)
{
    return pg_text(mem, "%I", path_name(mem, path));
}

struct str pg_table_of(struct arena *mem, struct str path)
{
    return pg_name(mem, path, 2);
}

struct str *pg_list(struct arena *mem, struct str raw, uint32_t *n)
{
    struct jc_iter it = jc_iter(raw);
    struct str key, value;
    VEC(struct str) list = {0};
    while (jc_next(&it, &key, &value)) {
        struct str text = jc_text(mem, value);
        VEC_PUSH(mem, list, text);
    }
    *n = list.n;
    return list.v;
}

struct str pg_map_text(struct arena *mem, struct str map, struct str raw_key)
{
    struct jc_iter it = jc_iter(map);
    struct str key, value;
    while (jc_next(&it, &key, &value))
        if (str_eq(key, raw_key))
            return jc_text(mem, value);
    return STR_NULL;
}

struct str pg_key(struct arena *mem, struct str raw_key)
{
    return jc_text(mem, arena_printf(mem, "\"%.*s\"", STR_ARG(raw_key)));
}

const struct attr_change *pg_changed(const struct change *c, const char *attr)
{
    for (uint32_t i = 0; i < c->nattrs; i++)
        if (strcmp(c->attrs[i].attr->name, attr) == 0)
            return &c->attrs[i];
    return NULL;
}

const struct obj *pg_partition(const struct view *state, struct arena *mem, struct str table)
{
    return view_get(state, path_join(mem, table, STR("partition"), STR("#")));
}

bool pg_table_is_new(const struct ddl *d, struct str path)
{
    while (path.n && !str_eq(path_kind(path), STR("table")) &&
           !str_eq(path_kind(path), STR("matview")))
        path = path_parent(path);
    return d->origin && path.n && !cat_find(d->origin, path);
}

/* The keyword of a kind where it is not its name in capitals. */
static const struct keyword {
    const char *kind, *word;
} words[] = {
    {"schema", "SCHEMA"},
    {"table", "TABLE"},
    {"view", "VIEW"},
    {"matview", "MATERIALIZED VIEW"},
    {"sequence", "SEQUENCE"},
    {"identity_sequence", "SEQUENCE"},
    {"index", "INDEX"},
    {"column", "COLUMN"},
    {"enum", "TYPE"},
    {"composite", "TYPE"},
    {"range", "TYPE"},
    {"base_type", "TYPE"},
    {"shell_type", "TYPE"},
    {"type_function", "FUNCTION"},
    {"domain", "DOMAIN"},
    {"attribute", "COLUMN"},
    {"extension", "EXTENSION"},
    {"aggregate", "AGGREGATE"},
    {"event_trigger", "EVENT TRIGGER"},
    {"policy", "POLICY"},
    {"fdw", "FOREIGN DATA WRAPPER"},
    {"server", "SERVER"},
    {"operator", "OPERATOR"},
    {"operator_family", "OPERATOR FAMILY"},
    {"operator_class", "OPERATOR CLASS"},
    {"cast", "CAST"},
    {"access_method", "ACCESS METHOD"},
    {"transform", "TRANSFORM"},
    {"language", "LANGUAGE"},
    {"collation", "COLLATION"},
    {"conversion", "CONVERSION"},
    {"ts_parser", "TEXT SEARCH PARSER"},
    {"ts_template", "TEXT SEARCH TEMPLATE"},
    {"ts_dictionary", "TEXT SEARCH DICTIONARY"},
    {"ts_configuration", "TEXT SEARCH CONFIGURATION"},
    {"publication", "PUBLICATION"},
    {"subscription", "SUBSCRIPTION"},
    {"statistics", "STATISTICS"},
};

const char *pg_keyword(const struct engine *eng, const struct obj *o)
{
    const char *kind = obj_kind(eng, o)->name;
    if (strcmp(kind, "function") == 0)
        return obj_true(o, "procedure") ? "PROCEDURE" : "FUNCTION";
    if (strcmp(kind, "table") == 0 && obj_raw(o, "server").n)
        return "FOREIGN TABLE";
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].kind, kind) == 0)
            return words[i].word;
    BUG(kind);
}

void pg_comment(struct ddl *d, const char *what, struct str id, struct str comment)
{
    if (str_is_null(comment))
        pg_ddl(d, 0, "COMMENT ON %s %S IS NULL", what, id);
    else
        pg_ddl(d, 0, "COMMENT ON %s %S IS %L", what, id, comment);
}

void pg_dress(struct ddl *d, const char *what, struct str id, const struct obj *o)
{
    struct str owner = obj_text(d->mem, o, "owner"), comment = obj_text(d->mem, o, "comment");
    if (owner.n && (d->facets & F_OWNER))
        pg_ddl(d, 0, "ALTER %s %S OWNER TO %I", what, id, owner);
    if (!str_is_null(obj_raw(o, "comment")) && (d->facets & F_COMMENTS))
        pg_comment(d, what, id, comment);
    if (d->facets & F_ACL)
        pg_undo_defaults(d, what, id, o);
    if (d->facets & F_ACL)
        pg_grants(d, what, id, NULL, o, STR(""));
}

static int owner_fn(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str owner = obj_text(d->mem, c->after, "owner"), id = pg_id(d->mem, c->after);
    const char *what = pg_keyword(d->eng, c->after);
    if (owner.n)
        pg_ddl(d, 0, "ALTER %s %S OWNER TO %I", what, id, owner);
    if (d->facets & F_ACL)
        pg_grants_under_owner(d, what, id, c);
    if ((d->facets & F_ACL) && str_eq(path_kind(c->after->path), STR("table")))
        pg_sequences_under_owner(d, c->after->path);
    return 0;
}

static int comment_fn(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    struct str comment = str_is_null(obj_raw(c->after, "comment"))
                             ? STR_NULL
                             : obj_text(d->mem, c->after, "comment");
    pg_comment(d, pg_keyword(d->eng, c->after), pg_id(d->mem, c->after), comment);
    return 0;
}

const struct alter pg_alter_owner = {
    .name = "owner.alter", .fn = owner_fn, .doc = "ALTER OWNER TO"};
const struct alter pg_alter_comment = {
    .name = "comment.alter", .fn = comment_fn, .doc = "COMMENT ON"};

struct str pg_options(struct arena *mem, const struct obj *o)
{
    struct str with = obj_src(mem, o, "with");
    struct strbuf b = sb_new(mem, 0);
    struct jc_iter it = jc_iter(obj_raw(o, "options"));
    struct str key, value;
    if (with.n)
        return with; /* in the order in which the server keeps them */
    while (jc_next(&it, &key, &value))
        sql_fmt(&b, &pg_dialect, "%s%S=%L", b.n ? ", " : "", pg_key(mem, key), jc_text(mem, value));
    return sb_view(&b);
}

/* All are taken away and set again, since they keep the order in which they came. */
void pg_alter_options(struct ddl *d, struct str head, const struct change *c)
{
    struct strbuf gone = sb_new(d->mem, 0);
    struct str key, value, options = pg_options(d->mem, c->after);
    for (struct jc_iter it = jc_iter(obj_raw(c->before, "options")); jc_next(&it, &key, &value);)
        sql_fmt(&gone, &pg_dialect, "%s%S", gone.n ? ", " : "", pg_key(d->mem, key));
    if (gone.n)
        pg_ddl(d, 0, "%S RESET (%S)", head, sb_view(&gone));
    if (options.n)
        pg_ddl(d, 0, "%S SET (%S)", head, options);
}

static void each_extension(struct ddl *d, struct str head, const char *verb, struct str list,
                           struct str less)
{
    uint32_t n, nless;
    struct str *names = pg_list(d->mem, list, &n), *others = pg_list(d->mem, less, &nless);
    for (uint32_t i = 0; i < n; i++) {
        bool both = false;
        for (uint32_t k = 0; k < nless; k++)
            both = both || str_eq(names[i], others[k]);
        if (!both)
            pg_ddl(d, 0, "%S %sDEPENDS ON EXTENSION %I", head, verb, names[i]);
    }
}

void pg_extensions(struct ddl *d, struct str head, struct str before, struct str after)
{
    each_extension(d, head, "NO ", before, after);
    each_extension(d, head, "", after, before);
}

uint32_t pg_roles_of(struct arena *mem, const struct obj *o, struct str *names, uint32_t max)
{
    uint32_t n = 0;
    struct str key, value, owner = obj_text(mem, o, "owner");
    if (owner.n && n < max)
        names[n++] = owner;
    for (struct jc_iter it = jc_iter(obj_raw(o, "acl")); n < max && jc_next(&it, &key, &value);) {
        struct str list = jc_text(mem, value), one, by;
        if (key.n && !str_eq(key, STR("public")))
            names[n++] = jc_text(mem, arena_printf(mem, "\"%.*s\"", STR_ARG(key)));
        while (n < max && pg_acl_part(mem, &list, &one, &by))
            if (by.n)
                names[n++] = by;
    }
    for (struct jc_iter it = jc_iter(obj_raw(o, "roles")); n < max && jc_next(&it, &key, &value);)
        if (!str_eq(jc_text(mem, value), STR("public")))
            names[n++] = jc_text(mem, value);
    return n;
}
