/* Whether the server can convert values of one type to another, told without asking it. */

#include "drivers/postgresql/column.h"

/* Explicit casts between types of the server that are no strings (pg_cast of 12 to 18). What is
 * text in or out always has one. */
static const struct cast_row {
    const char *from, *to; /* to: comma separated */
} rows[] = {
    {"\"char\"", "integer"},
    {"aclitem", ""},
    {"bigint", "smallint,integer,bit,oid,money,double precision,numeric,real"},
    {"bit varying", "bit"},
    {"bit", "integer,bigint,bit varying"},
    {"boolean", "integer"},
    {"box", "lseg,point,polygon,circle"},
    {"bytea", ""},
    {"cidr", "inet"},
    {"circle", "box,point,polygon"},
    {"date", "timestamp without time zone,timestamp with time zone"},
    {"datemultirange", ""},
    {"daterange", "datemultirange"},
    {"double precision", "smallint,integer,numeric,bigint,real"},
    {"inet", "cidr"},
    {"int4multirange", ""},
    {"int4range", "int4multirange"},
    {"int8multirange", ""},
    {"int8range", "int8multirange"},
    {"integer", "\"char\",money,numeric,bigint,bit,boolean,oid,smallint,real,double precision"},
    {"interval", "time without time zone"},
    {"json", "jsonb"},
    {"jsonb", "boolean,real,double precision,integer,smallint,bigint,numeric,json"},
    {"jsonpath", ""},
    {"line", ""},
    {"lseg", "point"},
    {"macaddr8", "macaddr"},
    {"macaddr", "macaddr8"},
    {"money", "numeric"},
    {"numeric", "money,real,bigint,smallint,double precision,integer"},
    {"nummultirange", ""},
    {"numrange", "nummultirange"},
    {"oid", "bigint,integer"},
    {"path", "polygon,point"},
    {"pg_lsn", ""},
    {"pg_snapshot", ""},
    {"point", "box"},
    {"polygon", "point,box,circle,path"},
    {"real", "numeric,bigint,smallint,integer,double precision"},
    {"smallint", "numeric,oid,double precision,real,bigint,integer"},
    {"time with time zone", "time without time zone"},
    {"time without time zone", "interval,time with time zone"},
    {"timestamp with time zone", "time with time zone,time without time zone,date,"
                                 "timestamp without time zone"},
    {"timestamp without time zone", "timestamp with time zone,time without time zone,date"},
    {"tsquery", ""},
    {"tsmultirange", ""},
    {"tsrange", "tsmultirange"},
    {"tstzmultirange", ""},
    {"tstzrange", "tstzmultirange"},
    {"tsvector", ""},
    {"uuid", ""},
    {"xid8", "xid"},
    {"xml", ""},
};

static const struct cast_row *row_of(struct str type)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (str_eq_c(type, rows[i].from))
            return &rows[i];
    return NULL;
}

/* The type without length and precision: timestamp(3) without time zone. */
static struct str bare(struct arena *mem, struct str type)
{
    size_t open = str_chr(type, '('), close = str_chr(type, ')');
    if (close < type.n && open < close)
        type = arena_printf(mem, "%.*s%.*s", STR_ARG(str_sub(type, 0, open)),
                            STR_ARG(str_from(type, close + 1)));
    return str_starts(type, STR("interval")) && !str_ends(type, STR("[]")) ? STR("interval") : type;
}

struct typed_as {
    struct str name;
    struct str user; /* of a type made in this database: its kind */
    bool array;
};

/* What the type comes down to, through domains. */
static struct typed_as comes_to(struct ddl *d, const struct view *state, const struct obj *o)
{
    struct typed_as t = {.name = bare(d->mem, obj_text(d->mem, o, "type"))};
    for (int level = 0; level < 16; level++) {
        const struct obj *domain = NULL;
        struct jc_iter it = jc_iter(o->deps);
        struct str key, raw, element = t.name;
        bool array = str_ends(t.name, STR("[]"));
        if (array)
            element.n -= 2;
        while (jc_next(&it, &key, &raw)) {
            struct str path = jc_text(d->mem, raw);
            if (!word_in("domain,enum,composite,range,base_type,table,view", path_kind(path)) ||
                !view_get(state, path) || !str_eq(pg_name(d->mem, path, 2), element))
                continue;
            t.user = path_kind(path);
            domain = NULL;
            if (word_in("table,view", t.user))
                t.user = STR("composite");
            if (str_eq(t.user, STR("domain"))) {
                domain = view_get(state, path);
                t.user = STR_NULL;
            }
        }
        t.array = t.array || array;
        t.name = element;
        if (!domain)
            return t;
        o = domain;
        t.name = bare(d->mem, obj_text(d->mem, domain, "type"));
    }
    return t;
}

static bool is_string(struct str type)
{
    return word_in("text,character varying,character,name", type) || str_eq(type, STR("bpchar"));
}

/* A cast that somebody has made: for it the server needs no other. */
static bool own_cast(struct ddl *d, const struct typed_as *from, const struct typed_as *to)
{
    struct str name = arena_printf(d->mem, "%.*s as %.*s", STR_ARG(from->name), STR_ARG(to->name));
    struct view_iter it = view_iter(d->after, STR(""));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        if (str_eq(path_kind(o->path), STR("cast")) && str_eq(path_name(d->mem, o->path), name))
            return true;
    return false;
}

bool pg_castable(struct ddl *d, const struct obj *was, const struct obj *is)
{
    struct typed_as from = comes_to(d, d->before, was), to = comes_to(d, d->after, is);
    const struct cast_row *a = row_of(from.name), *b = row_of(to.name);
    if ((!from.array && is_string(from.name)) || (!to.array && is_string(to.name)))
        return true;
    bool known_from = a || from.user.n || is_string(from.name);
    bool known_to = b || to.user.n || is_string(to.name);
    if (!known_from || !known_to)
        return true; /* of an extension: nobody here can tell */
    if (from.array != to.array)
        return false;
    if (str_eq(from.name, to.name) || is_string(from.name) || is_string(to.name) ||
        (from.user.n && str_eq(from.user, to.user)) || own_cast(d, &from, &to))
        return true;
    return a && b && word_in(a->to, to.name);
}

bool pg_cast_by_text(struct ddl *d, const struct obj *was, const struct obj *is)
{
    struct typed_as from = comes_to(d, d->before, was), to = comes_to(d, d->after, is);
    return from.user.n && str_eq(from.user, to.user) && !str_eq(from.name, to.name) &&
           !own_cast(d, &from, &to);
}
