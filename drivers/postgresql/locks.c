/*
 * Which form of statement takes which lock on which relation, and what else it does to it, as
 * measured on 15: `snap explain --probe` holds this table against a server.
 */

#include "drivers/postgresql/locks.h"

#include <string.h>

#include "drivers/postgresql/online.h"
#include "drivers/sql/lex.h"

static const struct {
    const char *name, *mode, *blocks;
} locks[] = {
    [PG_NO_LOCK] = {"none", "", "nobody waits"},
    [PG_ACCESS_SHARE] = {"ACCESS SHARE", "AccessShareLock", "nobody waits"},
    [PG_ROW_SHARE] = {"ROW SHARE", "RowShareLock", "nobody waits"},
    [PG_ROW_EXCLUSIVE] = {"ROW EXCLUSIVE", "RowExclusiveLock", "nobody waits"},
    [PG_SHARE_UPDATE_EXCLUSIVE] = {"SHARE UPDATE EXCLUSIVE", "ShareUpdateExclusiveLock",
                                   "other changes of the schema wait"},
    [PG_SHARE] = {"SHARE", "ShareLock", "writes wait"},
    [PG_SHARE_ROW_EXCLUSIVE] = {"SHARE ROW EXCLUSIVE", "ShareRowExclusiveLock", "writes wait"},
    [PG_EXCLUSIVE] = {"EXCLUSIVE", "ExclusiveLock", "writes wait"},
    [PG_ACCESS_EXCLUSIVE] = {"ACCESS EXCLUSIVE", "AccessExclusiveLock", "reads and writes wait"},
};

const char *pg_lock_name(enum pg_lock lock)
{
    return locks[lock].name;
}

const char *pg_lock_blocks(enum pg_lock lock)
{
    return locks[lock].blocks;
}

enum pg_lock pg_lock_mode(struct str mode)
{
    for (size_t i = PG_ACCESS_SHARE; i < sizeof locks / sizeof *locks; i++)
        if (str_eq_c(mode, locks[i].mode))
            return (enum pg_lock)i;
    return PG_NO_LOCK;
}

#define NOT_VALID_FIRST                                                                            \
    "--online adds it NOT VALID and validates it then, while reads and writes go on"
#define CONCURRENTLY "--online builds the index CONCURRENTLY, while reads and writes go on"
#define USING_INDEX "--online builds the index CONCURRENTLY and adds the constraint USING it"

static void judge_valid(struct pg_found *f)
{
    if (str_ends(f->sql, STR(" NOT VALID")) || str_ends(f->sql, STR(" NOT ENFORCED")))
        f->flags &= ~(unsigned)FX_SCAN;
    else
        f->safer = NOT_VALID_FIRST;
}

/* Only a stored column is computed now. */
static void judge_expression(struct pg_found *f)
{
    const struct obj *o =
        view_get(f->d->after, path_join(f->d->mem, f->table, STR("column"), f->name));
    if (o && obj_true(o, "virtual"))
        f->flags = 0;
}

/* A constraint goes; a foreign key goes on both sides. */
static void judge_drop_constraint(struct pg_found *f)
{
    struct ddl *d = f->d;
    f->other_too = view_get(d->before, path_join(d->mem, f->table, STR("foreign_key"), f->name));
}

static void judge_index(struct pg_found *f)
{
    if (str_find(f->sql, STR(" ON ONLY ")) < f->sql.n)
        f->flags = 0;
    else
        f->safer = CONCURRENTLY;
}

static void judge_using_index(struct pg_found *f)
{
    if (str_starts(f->rest, STR(" USING INDEX")))
        f->flags = 0;
    else
        f->safer = USING_INDEX;
    f->parts = PG_SHARE;
}

/* Its columns may have to become NOT NULL, in the partitions too; 18 looks at that in any case. */
static void judge_primary_key(struct pg_found *f)
{
    struct arena *mem = f->d->mem;
    struct lexer l = lex_open(f->rest);
    judge_using_index(f);
    if (pg_major(f->d) >= 18)
        f->parts = PG_NO_LOCK;
    for (struct tok t = lex_next(&l); t.type != T_END && !tok_is_op(t, ")"); t = lex_next(&l)) {
        struct str path =
            tok_is_name(t) ? path_join(mem, f->table, STR("column"), tok_name(mem, t)) : STR_NULL;
        const struct obj *o = path.n ? view_get(f->d->before, path) : NULL;
        if (o && !obj_true(o, "notnull"))
            f->parts = PG_NO_LOCK;
    }
}

static void judge_attach(struct pg_found *f)
{
    f->other_too = true;
    f->safer = "a valid CHECK on the partition that implies the bound spares the scan";
}

static void judge_detach(struct pg_found *f)
{
    f->other_too = true;
    if (str_ends(f->sql, STR(" CONCURRENTLY")))
        f->lock = PG_SHARE_UPDATE_EXCLUSIVE;
    else
        f->safer = "--online detaches CONCURRENTLY, where the table has no default partition";
}

/* Parameters of a table are changed while it is used; options of a view are not. */
static void judge_refresh(struct pg_found *f)
{
    f->safer = "REFRESH MATERIALIZED VIEW CONCURRENTLY, where it has a unique index";
}

static void judge_sequence(struct pg_found *f)
{
    f->note = "nextval() is one";
}

enum where {
    ONE,   /* the relation */
    TREE,  /* and all that inherit from it, but where the statement says ONLY */
    PARTS, /* and its partitions */
};

/*
 * Words in capitals stand in the statement; [WORD] may; @ is the relation, & the other one that is
 * concerned, # a name that is of interest, i any other name; * is anything up to the next word.
 */
static const struct form {
    const char *pattern;
    enum pg_lock lock;
    enum pg_lock other; /* on & */
    enum where where;
    unsigned flags;
    void (*judge)(struct pg_found *f);
} forms[] = {
#define AX PG_ACCESS_EXCLUSIVE
#define SUX PG_SHARE_UPDATE_EXCLUSIVE
#define SRX PG_SHARE_ROW_EXCLUSIVE
#define AS PG_ACCESS_SHARE
#define TABLE "ALTER TABLE [ONLY] @ "
#define COLUMN TABLE "ALTER COLUMN # "
    /* clang-format off */
    {TABLE "ADD COLUMN #",                                AX,  0,   TREE, 0, pg_judge_add_column},
    {TABLE "DROP COLUMN #",                               AX,  0,   TREE, 0, NULL},
    {COLUMN "TYPE",                                       AX,  0,   TREE, 0, pg_judge_type},
    {COLUMN "SET NOT NULL",                               AX,  0,   TREE, FX_SCAN, pg_judge_notnull},
    {COLUMN "SET EXPRESSION",                             AX,  0,   TREE, FX_REWRITE, judge_expression},
    {COLUMN "SET STATISTICS",                             SUX, 0,   TREE, 0, NULL},
    {COLUMN "SET (",                                      SUX, 0,   TREE, 0, NULL},
    {COLUMN "RESET (",                                    SUX, 0,   TREE, 0, NULL},
    {TABLE "ADD CONSTRAINT # CHECK",                      AX,  0,   TREE, FX_SCAN, judge_valid},
    {TABLE "ADD CONSTRAINT # NOT NULL",                   AX,  0,   TREE, FX_SCAN, judge_valid},
    {TABLE "ADD NOT NULL",                                AX,  0,   TREE, FX_SCAN, judge_valid},
    {TABLE "ALTER CONSTRAINT # ENFORCED",                 AX,  SRX, PARTS, FX_SCAN, judge_drop_constraint},
    {TABLE "ALTER CONSTRAINT # NOT ENFORCED",             AX,  AX,  PARTS, 0, judge_drop_constraint},
    {TABLE "ADD CONSTRAINT # FOREIGN KEY * REFERENCES &", SRX, SRX, PARTS, FX_SCAN, judge_valid},
    {TABLE "ADD CONSTRAINT # PRIMARY KEY",                AX,  0,   PARTS, FX_SCAN | FX_INDEX, judge_primary_key},
    {TABLE "ADD CONSTRAINT # UNIQUE",                     AX,  0,   PARTS, FX_SCAN | FX_INDEX, judge_using_index},
    {TABLE "ADD CONSTRAINT # EXCLUDE",                    AX,  0,   ONE, FX_SCAN | FX_INDEX, NULL},
    {TABLE "VALIDATE CONSTRAINT #",                       SUX, PG_ROW_SHARE, TREE, FX_SCAN, judge_drop_constraint},
    {TABLE "DROP CONSTRAINT [IF] [EXISTS] #",             AX,  AX,  TREE, 0, judge_drop_constraint},
    {TABLE "ENABLE [ALWAYS] [REPLICA] TRIGGER",           SRX, 0,   TREE, 0, NULL},
    {TABLE "DISABLE TRIGGER",                             SRX, 0,   TREE, 0, NULL},
    {TABLE "CLUSTER ON",                                  SUX, 0,   ONE, 0, NULL},
    {TABLE "SET WITHOUT CLUSTER",                         SUX, 0,   ONE, 0, NULL},
    {TABLE "SET (",                                       SUX, 0,   ONE, 0, NULL},
    {TABLE "RESET (",                                     SUX, 0,   ONE, 0, NULL},
    {TABLE "SET LOGGED",                                  AX,  0,   ONE, FX_REWRITE, NULL},
    {TABLE "SET UNLOGGED",                                AX,  0,   ONE, FX_REWRITE, NULL},
    {TABLE "SET TABLESPACE",                              AX,  0,   ONE, FX_REWRITE, NULL},
    {TABLE "SET ACCESS METHOD",                           AX,  0,   ONE, FX_REWRITE, NULL},
    {TABLE "INHERIT &",                                   AX,  SUX, ONE, 0, NULL},
    {TABLE "NO INHERIT &",                                AX,  AS,  ONE, 0, NULL},
    {TABLE "ATTACH PARTITION &",                          SUX, AX,  ONE, 0, judge_attach},
    {TABLE "DETACH PARTITION &",                          AX,  AX,  ONE, 0, judge_detach},
    {TABLE,                                               AX,  0,   ONE, 0, NULL},
    {"ALTER FOREIGN TABLE [ONLY] @",                      AX,  0,   ONE, 0, NULL},
    {"ALTER VIEW @",                                      AX,  0,   ONE, 0, NULL},
    {"ALTER MATERIALIZED VIEW @ SET (",                   SUX, 0,   ONE, 0, NULL},
    {"ALTER MATERIALIZED VIEW @ RESET (",                 SUX, 0,   ONE, 0, NULL},
    {"ALTER MATERIALIZED VIEW @ ALTER COLUMN # SET STATISTICS", SUX, 0, ONE, 0, NULL},
    {"ALTER MATERIALIZED VIEW @ ALTER COLUMN # SET (",    SUX, 0,   ONE, 0, NULL},
    {"ALTER MATERIALIZED VIEW @ ALTER COLUMN # RESET (",  SUX, 0,   ONE, 0, NULL},
    {"ALTER MATERIALIZED VIEW @ SET TABLESPACE",          AX,  0,   ONE, FX_REWRITE, NULL},
    {"ALTER MATERIALIZED VIEW @",                         AX,  0,   ONE, 0, NULL},
    {"ALTER SEQUENCE @ SET",                              AX,  0,   ONE, 0, judge_sequence},
    {"ALTER SEQUENCE @ OWNER",                            AX,  0,   ONE, 0, judge_sequence},
    {"ALTER SEQUENCE @ RENAME",                           AX,  0,   ONE, 0, judge_sequence},
    {"ALTER SEQUENCE @",                                  SRX, 0,   ONE, 0, judge_sequence},
    {"DROP SEQUENCE @",                                   AX,  0,   ONE, 0, judge_sequence},
    {"COMMENT ON SEQUENCE @",                             SUX, 0,   ONE, 0, NULL},
    {"CREATE [UNIQUE] INDEX CONCURRENTLY i ON [ONLY] @",  SUX, 0,   ONE, FX_SCAN | FX_INDEX, NULL},
    {"CREATE [UNIQUE] INDEX i ON [ONLY] @",               PG_SHARE, 0, PARTS, FX_SCAN | FX_INDEX, judge_index},
    {"DROP TABLE @",                                      AX,  0,   ONE, 0, NULL},
    {"DROP FOREIGN TABLE @",                              AX,  0,   ONE, 0, NULL},
    {"DROP VIEW @",                                       AX,  0,   ONE, 0, NULL},
    {"DROP MATERIALIZED VIEW @",                          AX,  0,   ONE, 0, NULL},
    {"CREATE OR REPLACE VIEW @",                          AX,  0,   ONE, 0, NULL},
    {"REFRESH MATERIALIZED VIEW @",                       AX,  0,   ONE, FX_REWRITE, judge_refresh},
    {"CREATE [CONSTRAINT] TRIGGER i * ON @",              SRX, 0,   TREE, 0, NULL},
    {"DROP TRIGGER i ON @",                               AX,  0,   TREE, 0, NULL},
    {"ALTER TRIGGER i ON @",                              AX,  0,   TREE, 0, NULL},
    {"CREATE [OR] [REPLACE] RULE i AS ON * TO @",         AX,  0,   ONE, 0, NULL},
    {"DROP RULE i ON @",                                  AX,  0,   ONE, 0, NULL},
    {"CREATE POLICY i ON @",                              AX,  0,   ONE, 0, NULL},
    {"ALTER POLICY i ON @",                               AX,  0,   ONE, 0, NULL},
    {"DROP POLICY i ON @",                                AX,  0,   ONE, 0, NULL},
    {"CREATE STATISTICS * FROM @",                        SUX, 0,   ONE, 0, NULL},
    {"COMMENT ON TABLE @",                                SUX, 0,   ONE, 0, NULL},
    {"COMMENT ON FOREIGN TABLE @",                        SUX, 0,   ONE, 0, NULL},
    {"COMMENT ON VIEW @",                                 SUX, 0,   ONE, 0, NULL},
    {"COMMENT ON MATERIALIZED VIEW @",                    SUX, 0,   ONE, 0, NULL},
    {"COMMENT ON COLUMN @",                               SUX, 0,   ONE, 0, NULL},
    {"ALTER PUBLICATION i ADD TABLE [ONLY] @",            SUX, 0,   ONE, 0, NULL},
    {"ALTER PUBLICATION i SET TABLE [ONLY] @",            SUX, 0,   ONE, 0, NULL},
    /* clang-format on */
};

struct paths {
    struct str *v;
    uint32_t n, cap;
};

/* A name, with those of the schema and the column around it. */
struct name {
    struct str part[3];
    uint32_t n;
};

static bool read_name(struct arena *mem, struct lexer *l, struct name *out)
{
    struct tok t = lex_next(l);
    *out = (struct name){0};
    while (tok_is_name(t) && out->n < 3) {
        out->part[out->n++] = tok_name(mem, t);
        if (!tok_is_op(lex_peek(l), "."))
            return true;
        lex_next(l);
        t = lex_next(l);
    }
    return false;
}

/* The relation of a name in the state before the step: tables, views ...; absent: none. */
static struct str relation(const struct ddl *d, const struct name *n)
{
    static const char *const kinds[] = {"table", "view", "matview", "sequence"};
    if (n->n < 2)
        return STR_NULL;
    struct str schema = path_join(d->mem, STR(""), STR("schema"), n->part[0]);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        struct str path = path_join(d->mem, schema, str_c(kinds[i]), n->part[1]);
        if (view_get(d->before, path))
            return path;
    }
    return STR_NULL;
}

struct match {
    struct name relation, other;
    struct str name;
    bool only;
    size_t end; /* behind what the pattern describes */
};

/* One part of a pattern against the statement. */
static bool match_part(struct arena *mem, struct lexer *l, struct str part, struct match *m)
{
    struct name n;
    if (part.n > 1 && part.p[0] == '[') {
        struct str word = str_sub(part, 1, part.n - 1);
        struct tok t = lex_peek(l);
        if (t.type == T_WORD && str_eq_fold(t.text, word)) {
            lex_next(l);
            m->only = m->only || str_eq(word, STR("ONLY"));
        }
        return true;
    }
    if (part.p[0] == '@' || part.p[0] == '&')
        return read_name(mem, l, part.p[0] == '@' ? &m->relation : &m->other);
    if (part.p[0] == '#' || part.p[0] == 'i') {
        if (!read_name(mem, l, &n))
            return false;
        if (part.p[0] == '#')
            m->name = n.part[n.n - 1];
        return true;
    }
    struct tok t = lex_next(l);
    return part.p[0] == '(' ? tok_is_op(t, "(") : t.type == T_WORD && str_eq_fold(t.text, part);
}

/* Skips to the next part, a word, outside parentheses. */
static bool skip_to(struct lexer *l, struct str word)
{
    for (struct tok t = lex_peek(l); t.type != T_END; t = lex_peek(l)) {
        struct str inside;
        if (t.type == T_WORD && str_eq_fold(t.text, word))
            return true;
        if (!tok_is_op(t, "("))
            lex_next(l);
        else if (!lex_parens(l, &inside))
            return false;
    }
    return false;
}

static bool matches(struct arena *mem, const char *pattern, struct str sql, struct match *m)
{
    struct lexer l = lex_open(sql);
    struct str rest = str_c(pattern), part;
    *m = (struct match){0};
    while (str_cut(&rest, ' ', &part)) {
        if (!part.n)
            continue;
        if (part.p[0] == '*' && !skip_to(&l, str_sub(rest, 0, str_chr(rest, ' '))))
            return false;
        if (part.p[0] != '*' && !match_part(mem, &l, part, m))
            return false;
    }
    m->end = l.at;
    return true;
}

/* Whether somebody may be using it: it was there before the plan and is there before the step. */
static bool in_use(const struct ddl *d, struct str path)
{
    return path.n && view_get(d->before, path) && (!d->origin || cat_find(d->origin, path));
}

static void put(struct pg_found *f, struct str path, enum pg_lock lock, unsigned flags)
{
    struct effect e = {.path = path,
                       .stmt = f->stmt,
                       .level = (int)lock,
                       .lock = pg_lock_name(lock),
                       .blocks = pg_lock_blocks(lock),
                       .flags = flags,
                       .note = f->note,
                       .safer = f->safer};
    const struct obj *o = lock && in_use(f->d, path) ? view_get(f->d->before, path) : NULL;
    if (obj_raw(o, "partition_by").n || obj_raw(o, "server").n) /* it holds no rows */
        e.flags &= FX_LOOKUP;
    if (o)
        VEC_PUSH(f->d->mem, f->d->effects, e);
}

/* Whether the table names `parent`, in full, as one of its parents. */
static bool is_child(struct ddl *d, const struct obj *o, struct str parent)
{
    uint32_t n;
    if (str_eq(path_kind(o->path), STR("partition")))
        return str_eq(obj_text(d->mem, o, "of"), parent);
    if (!obj_raw(o, "inherits").n)
        return false;
    struct str *list = pg_list(d->mem, obj_raw(o, "inherits"), &n);
    for (uint32_t i = 0; i < n; i++)
        if (str_eq(list[i], parent))
            return true;
    return false;
}

/* The relation and all that inherit from it, partitions too. */
static struct paths tree_of(struct ddl *d, struct str path, enum where where)
{
    struct paths list = {0};
    bool partitioned = obj_raw(view_get(d->before, path), "partition_by").n > 0;
    bool deep = where == TREE || (where == PARTS && partitioned);
    VEC_PUSH(d->mem, list, path);
    for (uint32_t i = 0; deep && i < list.n; i++) {
        struct str name = pg_name(d->mem, list.v[i], 2);
        struct view_iter it = view_iter(d->before, STR(""));
        for (const struct obj *o = view_next(&it); o; o = view_next(&it)) {
            bool part = str_eq(path_kind(o->path), STR("partition"));
            if ((part || str_eq(path_kind(o->path), STR("table"))) && is_child(d, o, name)) {
                struct str child = part ? path_parent(o->path) : o->path;
                VEC_PUSH(d->mem, list, child);
            }
        }
    }
    return list;
}

/* The relation that a foreign key refers to. */
static struct str referred(struct ddl *d, struct str table, struct str name)
{
    struct match m;
    const struct obj *o = view_get(d->before, path_join(d->mem, table, STR("foreign_key"), name));
    if (!o || !matches(d->mem, "FOREIGN KEY * REFERENCES &", obj_text(d->mem, o, "def"), &m))
        return STR_NULL;
    return relation(d, &m.other);
}

static void found(struct ddl *d, uint32_t stmt, const struct form *form, const struct match *m)
{
    struct str sql = d->stmts.v[stmt].text;
    struct pg_found f = {.d = d,
                         .sql = sql,
                         .table = relation(d, &m->relation),
                         .name = m->name,
                         .rest = str_from(sql, m->end),
                         .stmt = stmt,
                         .lock = form->lock,
                         .flags = form->flags};
    struct str other = relation(d, &m->other);
    if (!f.table.n)
        return;
    if (form->judge)
        form->judge(&f);
    else
        f.other_too = form->other != 0;
    if (form->judge == judge_valid)
        f.other_too = true;
    if (!other.n && f.other_too)
        other = referred(d, f.table, f.name);
    struct paths list = tree_of(d, f.table, m->only ? ONE : form->where);
    for (uint32_t i = 0; i < list.n; i++)
        put(&f, list.v[i], i && f.parts ? f.parts : f.lock, f.flags);
    f.safer = NULL;
    f.note = NULL;
    if (f.other_too && !str_eq(other, f.table))
        put(&f, other, form->other, form->judge == judge_attach ? FX_SCAN : FX_LOOKUP);
}

/* An index is named without its table. */
static struct str table_of_index(struct ddl *d, const struct name *n)
{
    struct str schema = path_join(d->mem, STR(""), STR("schema"), n->part[0]);
    struct view_iter it = view_iter(d->before, schema);
    for (const struct obj *o = view_next(&it); n->n == 2 && o; o = view_next(&it))
        if (str_eq(path_kind(o->path), STR("index")) &&
            str_eq(path_name(d->mem, o->path), n->part[1]))
            return path_parent(o->path);
    return STR_NULL;
}

static bool drop_index(struct ddl *d, uint32_t stmt)
{
    struct match m;
    struct str sql = d->stmts.v[stmt].text;
    struct pg_found f = {.d = d, .sql = sql, .stmt = stmt};
    if (matches(d->mem, "DROP INDEX CONCURRENTLY [IF] [EXISTS] @", sql, &m)) {
        put(&f, table_of_index(d, &m.relation), PG_SHARE_UPDATE_EXCLUSIVE, 0);
        return true;
    }
    if (!matches(d->mem, "DROP INDEX [IF] [EXISTS] @", sql, &m))
        return false;
    f.safer = "--online drops it CONCURRENTLY, while reads and writes go on";
    put(&f, table_of_index(d, &m.relation), PG_ACCESS_EXCLUSIVE, 0);
    return true;
}

/* What reads other relations locks them weakly: a new view only looks at them, a materialized one
 * reads their rows. */
static bool create_view(struct ddl *d, uint32_t stmt)
{
    struct match m;
    struct str sql = d->stmts.v[stmt].text, key, raw;
    struct pg_found f = {.d = d, .sql = sql, .stmt = stmt};
    bool rows = matches(d->mem, "CREATE MATERIALIZED VIEW @", sql, &m);
    if (!rows && !matches(d->mem, "CREATE VIEW @", sql, &m))
        return false;
    struct str schema = path_join(d->mem, STR(""), STR("schema"), m.relation.part[0]);
    struct str path = path_join(d->mem, schema, rows ? STR("matview") : STR("view"),
                                m.relation.part[m.relation.n - 1]);
    const struct obj *o = view_get(d->after, path);
    struct jc_iter it = jc_iter(o ? o->deps : STR_NULL);
    struct str last = STR_NULL;
    while (jc_next(&it, &key, &raw)) {
        struct str dep = jc_text(d->mem, raw), kind = path_kind(dep);
        if (str_eq(kind, STR("column")))
            dep = path_parent(dep);
        if (str_eq(dep, last) ||
            (!str_eq(path_kind(dep), STR("table")) && !str_eq(path_kind(dep), STR("matview"))))
            continue;
        put(&f, dep, PG_ACCESS_SHARE, FX_LOOKUP);
        last = dep;
    }
    return true;
}

/* Statistics are named without their table. */
static bool drop_statistics(struct ddl *d, uint32_t stmt)
{
    struct match m, on;
    struct str sql = d->stmts.v[stmt].text;
    struct pg_found f = {.d = d, .sql = sql, .stmt = stmt};
    if (!matches(d->mem, "DROP STATISTICS @", sql, &m))
        return false;
    struct str schema = path_join(d->mem, STR(""), STR("schema"), m.relation.part[0]);
    const struct obj *o = view_get(
        d->before, path_join(d->mem, schema, STR("statistics"), m.relation.part[m.relation.n - 1]));
    if (o && matches(d->mem, "CREATE STATISTICS * FROM @", obj_text(d->mem, o, "def"), &on))
        put(&f, relation(d, &on.relation), PG_SHARE_UPDATE_EXCLUSIVE, 0);
    return true;
}

/* A check of a domain is held against all columns of that type. */
static bool alter_domain(struct ddl *d, uint32_t stmt)
{
    struct match m;
    struct str sql = d->stmts.v[stmt].text;
    struct pg_found f = {.d = d, .sql = sql, .stmt = stmt};
    bool reads = matches(d->mem, "ALTER DOMAIN @ ADD", sql, &m) ||
                 matches(d->mem, "ALTER DOMAIN @ VALIDATE", sql, &m) ||
                 matches(d->mem, "ALTER DOMAIN @ SET NOT NULL", sql, &m);
    if (!reads || str_ends(sql, STR(" NOT VALID")))
        return reads;
    struct str schema = path_join(d->mem, STR(""), STR("schema"), m.relation.part[0]);
    struct str name = pg_name(
        d->mem, path_join(d->mem, schema, STR("domain"), m.relation.part[m.relation.n - 1]), 2);
    struct view_iter it = view_iter(d->before, STR(""));
    for (const struct obj *o = view_next(&it); o; o = view_next(&it))
        if (str_eq(path_kind(o->path), STR("column")) && str_eq(obj_text(d->mem, o, "type"), name))
            put(&f, path_parent(o->path), PG_SHARE, FX_SCAN);
    return true;
}

/* No table is locked for it, but the type is: a second change of it waits. */
static bool add_value(struct ddl *d, uint32_t stmt)
{
    struct match m;
    struct str sql = d->stmts.v[stmt].text;
    if (!matches(d->mem, "ALTER TYPE @ ADD VALUE", sql, &m) || m.relation.n < 2)
        return false;
    struct str schema = path_join(d->mem, STR(""), STR("schema"), m.relation.part[0]);
    struct str path = path_join(d->mem, schema, STR("enum"), m.relation.part[1]);
    struct effect e = {.path = path,
                       .stmt = stmt,
                       .level = PG_EXCLUSIVE,
                       .lock = pg_lock_name(PG_EXCLUSIVE),
                       .blocks = "other changes of the type wait, no table is locked",
                       .flags = FX_BESIDES};
    if (in_use(d, path))
        VEC_PUSH(d->mem, d->effects, e);
    return true;
}

static void hazard(struct ddl *d, const struct effect *e, enum hazard_code code, const char *what)
{
    for (uint32_t i = 0; i < d->hazards.n; i++)
        if (d->hazards.v[i].code == code && str_eq(d->hazards.v[i].path, e->path))
            return;
    ddl_hazard(d, code, e->path, "%s lock while %s%s%s", e->lock, what, e->note ? ": " : "",
               e->note ? e->note : "");
}

/* Hazards of what takes long; a scan beside a rewrite or an index build is part of it. */
static void hazards(struct ddl *d)
{
    for (uint32_t i = 0; i < d->effects.n; i++) {
        const struct effect *e = &d->effects.v[i];
        if (e->flags & FX_REWRITE)
            hazard(d, e, HZ_REWRITE, "every row is written again");
        else if (e->flags & FX_INDEX)
            hazard(d, e, HZ_INDEX_BUILD, "the index is built");
        else if (e->flags & FX_SCAN)
            hazard(d, e, HZ_SCAN, "every row is read");
    }
}

void pg_effects(struct ddl *d)
{
    bool nobody = d->origin && !d->origin->n;
    for (uint32_t i = 0; i < d->stmts.n && !nobody; i++) {
        struct match m;
        struct str sql = d->stmts.v[i].text;
        if (drop_index(d, i) || create_view(d, i) || alter_domain(d, i) || drop_statistics(d, i) ||
            add_value(d, i))
            continue;
        for (size_t k = 0; k < sizeof forms / sizeof *forms; k++)
            if (matches(d->mem, forms[k].pattern, sql, &m)) {
                found(d, i, &forms[k], &m);
                break;
            }
    }
    hazards(d);
}
