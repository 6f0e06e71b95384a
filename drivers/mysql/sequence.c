/* Sequences of MariaDB. */

#include "drivers/mysql/mysql.h"

static int sequence_create(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    my_ddl(d, 0, "CREATE SEQUENCE %I %S", my_name(d->mem, c->after->path),
           obj_text(d->mem, c->after, "def"));
    return 0;
}

static int sequence_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    my_ddl(d, 0, "DROP SEQUENCE %I", my_name(d->mem, c->before->path));
    return 0;
}

/* ALTER SEQUENCE takes the words of CREATE but for ENGINE. START alone would be no restart. */
static int sequence_alter(struct ddl *d, const struct change *c, struct err *e)
{
    struct str def = obj_text(d->mem, c->after, "def");
    (void)e;
    my_ddl(d, 0, "ALTER SEQUENCE %I %S", my_name(d->mem, c->after->path),
           str_trim(str_sub(def, 0, str_find(def, STR("ENGINE=")))));
    return 0;
}

static bool same_engine(const struct ddl *d, const struct change *c)
{
    struct str a = obj_text(d->mem, c->before, "def"), b = obj_text(d->mem, c->after, "def");
    return str_eq(str_from(a, str_find(a, STR("ENGINE="))),
                  str_from(b, str_find(b, STR("ENGINE="))));
}

/* CREATE SEQUENCE `s` start with 1 minvalue 1 ... nocycle ENGINE=InnoDB */
bool my_sequence_facts(struct catalog *cat, struct str name, struct str text)
{
    struct my_lex l = {text, 0};
    struct fact f;
    if (str_chr(text, '\0') < text.n || !my_take(&l, "CREATE SEQUENCE"))
        return false;
    my_next(&l);
    fact_begin(&f, cat, "sequence", STR(""), name);
    fact_text(&f, "def", str_trim(str_from(text, l.at)));
    fact_end(&f);
    return true;
}

struct str my_own_sequences(struct arena *mem, struct str text, struct str database)
{
    struct my_lex l = {text, 0};
    struct strbuf out = sb_new(mem, 0);
    size_t end = 0;
    for (struct my_tok t = my_next(&l); t.type != MY_END; t = my_next(&l)) {
        if (!my_is(t, "nextval") && !my_is(t, "lastval"))
            continue;
        struct my_lex ahead = l;
        bool call = my_is_op(my_next(&ahead), '(');
        struct my_tok home = my_next(&ahead);
        if (!call || home.type != MY_NAME || !str_eq(my_unquote(mem, home), database) ||
            !my_is(my_peek(&ahead), "."))
            continue;
        sb_str(&out, str_sub(text, end, home.at));
        my_next(&ahead);
        end = ahead.at;
    }
    if (!end)
        return text;
    sb_str(&out, str_from(text, end));
    return sb_view(&out);
}

static void sequence_brief(const struct obj *o, struct strbuf *out)
{
    sb_str(out, obj_text(out->mem, o, "def"));
}

static const struct alter create = {
    .name = "sequence.create", .fn = sequence_create, .doc = "CREATE SEQUENCE"};
static const struct alter drop = {
    .name = "sequence.drop", .fn = sequence_drop, .doc = "DROP SEQUENCE"};
static const struct alter alter_sequence = {.name = "sequence.alter",
                                            .fn = sequence_alter,
                                            .applies = same_engine,
                                            .other = &alter_replace,
                                            .doc = "ALTER SEQUENCE"};

static const struct attr_desc attrs[] = {
    {"def", A_TEXT, CMP_VALUE, F_STRUCTURE, NULL, &alter_sequence, 1, false, 0,
     "its numbers, as the server writes them"},
};

const struct kind_desc my_sequence_kind = {
    .name = "sequence",
    .parents = "",
    .flags = KF_DATA,
    .rank = 10,
    .facet = F_STRUCTURE,
    .names = "/relation",
    .attrs = attrs,
    .nattrs = sizeof attrs / sizeof *attrs,
    .create = &create,
    .drop = &drop,
    .brief = sequence_brief,
    .doc = "sequence (MariaDB)",
};
