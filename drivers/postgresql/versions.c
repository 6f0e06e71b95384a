/*
 * What hangs on the server's version. Servers write definitions down in other words from one major
 * version to the next (16 leaves `t.` away, 12 puts more parentheses), so facts of two versions are
 * compared after one of them was read from a server of the other's; what a new database and an
 * extension bring by themselves differs too.
 */

#include "drivers/postgresql/versions.h"

#include <string.h>

#include "core/version.h"

/* What says of itself, in version(), that it is something else that speaks the protocol. */
static const struct {
    const char *word, *name;
} products[] = {
    {"CockroachDB", "CockroachDB"},   {"-YB-", "YugabyteDB"},     {"Greenplum", "Greenplum"},
    {"Cloudberry", "Cloudberry"},     {"Redshift", "Redshift"},   {"AlloyDB", "AlloyDB"},
    {"EnterpriseDB", "EDB Postgres"}, {"openGauss", "openGauss"},
};

enum { OLDEST_TRIED = 12, NEWEST_TRIED = 18 };

struct str pg_version_words(struct arena *mem, struct str number, struct str says)
{
    struct str plain = pg_text(mem, "PostgreSQL %S", str_sub(number, 0, str_chr(number, ' ')));
    unsigned level = pg_level(plain);
    for (size_t i = 0; i < sizeof products / sizeof *products; i++)
        if (str_find(says, str_c(products[i].word)) < says.n)
            return version_as(mem, pg_text(mem, "%s (untested)", products[i].name), plain);
    return level < OLDEST_TRIED || level > NEWEST_TRIED ? pg_text(mem, "%S (untested)", plain)
                                                        : plain;
}

/* "PostgreSQL 15.20"; "PostgreSQL 12.22 as PostgreSQL 18.4" is in the words of 18. */
unsigned pg_level(struct str version)
{
    int64_t major = 0;
    version = version_words(version);
    struct str number = str_from(version, str_chr(version, ' ') + 1);
    size_t digits = 0;
    while (digits < number.n && ascii_is_digit(number.p[digits])) /* 19devel */
        digits++;
    if (!str_int(str_sub(number, 0, digits), &major))
        return 0;
    return major > 0 && major < 1000 ? (unsigned)major : 0;
}

enum {
    PUBLIC_IS_GUARDED = 15,
    MAINTAIN_IS_THERE = 17,
    NOT_NULL_OF_DOMAIN_HAS_NAMES = 17,
    STREAMS_IN_PARALLEL = 18,
    NOT_NULL_HAS_NAMES = 18
};

/* One side's level and the other side, whose level is wanted. */
struct carrier {
    const struct engine *eng;
    struct arena *mem;
    unsigned from, to;
    const struct catalog *like;
};

static void set(const struct carrier *c, struct obj *o, const char *attr, struct str raw)
{
    o->a = obj_with(c->mem, c->eng, o, attr, raw);
}

/* What everybody may do in the schema public of a new database, as a value of its grants. */
static struct str for_all(unsigned level)
{
    return level < PUBLIC_IS_GUARDED ? STR("\"CREATE,USAGE\"") : STR("\"USAGE\"");
}

/* The grants with each value changed by `turn`. */
typedef struct str turn_fn(const struct carrier *c, struct str grantee, struct str raw);

static void turn_acl(const struct carrier *c, struct obj *o, turn_fn *turn)
{
    struct strbuf b = sb_new(c->mem, 0);
    struct jc_iter it = jc_iter(obj_raw(o, "acl"));
    struct str key, value;
    sb_char(&b, '{');
    while (jc_next(&it, &key, &value)) {
        if (b.n > 1)
            sb_char(&b, ',');
        sb_printf(&b, "\"%.*s\":%.*s", STR_ARG(key), STR_ARG(turn(c, key, value)));
    }
    sb_char(&b, '}');
    if (obj_raw(o, "acl").n)
        set(c, o, "acl", sb_view(&b));
}

static struct str turn_public(const struct carrier *c, struct str grantee, struct str raw)
{
    bool initial = str_eq(grantee, STR("public")) && str_eq(raw, for_all(c->from));
    return initial ? for_all(c->to) : raw;
}

static void carry_public(const struct carrier *c, struct obj *o)
{
    const struct obj *theirs = cat_find(c->like, o->path);
    struct str owner =
        c->to < PUBLIC_IS_GUARDED ? STR("\"postgres\"") : STR("\"pg_database_owner\"");
    if (theirs && obj_src(c->mem, theirs, "initial").n)
        owner = obj_raw(theirs, "owner");
    if (obj_src(c->mem, o, "initial").n)
        set(c, o, "owner", owner);
    if (!theirs ||
        !str_eq(jc_get(obj_raw(theirs, "acl"), "public"), jc_get(obj_raw(o, "acl"), "public")))
        turn_acl(c, o, turn_public);
}

/* The privileges on a table before MAINTAIN came; who had all of them has it. So has the owner, who
 * could always do what it stands for. */
static struct str turn_table(const struct carrier *c, struct str grantee, struct str raw)
{
    static const char *const rest[] = {"DELETE",  "INSERT",   "REFERENCES", "SELECT",
                                       "TRIGGER", "TRUNCATE", "UPDATE"};
    enum { ALL = sizeof rest / sizeof *rest };
    struct strbuf b = sb_new(c->mem, 0);
    struct str list = jc_text(c->mem, raw), one;
    uint32_t n = 0, stars = 0;
    bool put = false, with = c->to >= MAINTAIN_IS_THERE;
    for (struct str left = list; str_cut(&left, ',', &one);)
        for (size_t i = 0; i < ALL; i++)
            if (str_starts(one, str_c(rest[i]))) {
                n++;
                stars += str_ends(one, STR("*"));
            }
    if (n < ALL && grantee.n)
        return raw;
    sb_char(&b, '"');
    while (str_cut(&list, ',', &one)) {
        if (str_starts(one, STR("MAINTAIN")))
            continue;
        if (with && !put && str_cmp(one, STR("MAINTAIN")) > 0) {
            sb_printf(&b, "%sMAINTAIN%s", b.n > 1 ? "," : "", stars == ALL ? "*" : "");
            put = true;
        }
        sb_printf(&b, "%s%.*s", b.n > 1 ? "," : "", STR_ARG(one));
    }
    if (with && !put)
        sb_printf(&b, "%sMAINTAIN", b.n > 1 ? "," : "");
    sb_char(&b, '"');
    return sb_view(&b);
}

/* The version that a server brings is not what anybody asked for. */
static void carry_extension(const struct carrier *c, struct obj *o)
{
    const struct obj *theirs = cat_find(c->like, o->path);
    bool same = theirs && obj_src(c->mem, theirs, "default").n;
    if (obj_src(c->mem, o, "default").n)
        set(c, o, "version", same ? obj_raw(theirs, "version") : STR_NULL);
}

/* What `streaming` of a subscription is where nobody says it: off, from 18 on parallel. */
static void carry_streaming(const struct carrier *c, struct obj *o)
{
    const struct obj *theirs = cat_find(c->like, o->path);
    struct str name = STR("streaming"), brought = STR("\"parallel\""), key, value;
    struct str has = jc_get(obj_raw(o, "options"), "streaming");
    struct str wanted = theirs ? jc_get(obj_raw(theirs, "options"), "streaming") : STR_NULL;
    bool put = c->from < STREAMS_IN_PARALLEL && !has.n && str_eq(wanted, brought);
    bool take = c->to < STREAMS_IN_PARALLEL && !wanted.n && str_eq(has, brought);
    struct strbuf b = sb_new(c->mem, 0);
    if (!put && !take)
        return;
    for (struct jc_iter it = jc_iter(obj_raw(o, "options")); jc_next(&it, &key, &value);) {
        if (put && str_cmp(key, name) > 0) {
            sb_printf(&b, "%s\"streaming\":%.*s", b.n ? "," : "{", STR_ARG(brought));
            put = false;
        }
        if (!str_eq(key, name))
            sb_printf(&b, "%s\"%.*s\":%.*s", b.n ? "," : "{", STR_ARG(key), STR_ARG(value));
    }
    if (put)
        sb_printf(&b, "%s\"streaming\":%.*s", b.n ? "," : "{", STR_ARG(brought));
    if (b.n)
        sb_char(&b, '}');
    set(c, o, "options", b.n ? sb_view(&b) : STR_NULL);
}

void pg_carry(struct catalog *cat, const struct catalog *like, struct arena *mem)
{
    struct carrier c = {cat->eng, mem, pg_level(cat->version), pg_level(like->version), like};
    bool maintain = (c.from < MAINTAIN_IS_THERE) != (c.to < MAINTAIN_IS_THERE);
    for (uint32_t i = 0; i < cat->n; i++) {
        struct obj *o = &cat->v[i];
        struct str kind = path_kind(o->path);
        if (str_eq(o->path, STR("schema:public")))
            carry_public(&c, o);
        else if (str_eq(kind, STR("extension")))
            carry_extension(&c, o);
        else if (str_eq(kind, STR("subscription")) && c.from != c.to)
            carry_streaming(&c, o);
        else if (maintain && word_in("table,view,matview", kind))
            turn_acl(&c, o, turn_table);
    }
}

/* Names of NOT NULL came with 18; everything else that is new is a difference. */
bool pg_tells(unsigned level, const struct kind_desc *kind, const struct attr_desc *attr)
{
    bool domain = strcmp(kind->name, "domain") == 0;
    return level >= (domain ? NOT_NULL_OF_DOMAIN_HAS_NAMES : NOT_NULL_HAS_NAMES) ||
           strcmp(attr->name, "notnull_name") != 0;
}
