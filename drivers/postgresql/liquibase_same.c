/*
 * What a Liquibase snapshot of this engine leaves open, and so what it takes from the side that it
 * is compared with; see struct engine.
 */

#include <string.h>

#include "drivers/postgresql/liquibase.h"
#include "drivers/sql/lex.h"
#include "drivers/sql/told.h"

const char *const pg_liquibase_part[] = {
    "column.identity: ALWAYS or BY DEFAULT",
    "column.notnull: of a domain",
    "column.type: precision of times, fields of intervals, lengths in arrays",
    "default.default: which sequence, schemas of names",
    "foreign_key.def: MATCH FULL, the columns of SET NULL and SET DEFAULT",
    "index: all but one of those on the same columns",
    "index.def: collations, operator classes, where NULLs stand, which columns are INCLUDE",
    "primary_key.def: INCLUDE, DEFERRABLE",
    "schema: objects of those that the snapshot does not hold",
    "sequence: those that a column owns",
    "table: foreign ones, columns of typed ones, and names with a double quote",
    "table.partition_by: by version 4",
    "unique.def: INCLUDE, DEFERRABLE, NULLS NOT DISTINCT",
    "view.columns: precision of times",
    "view.query: schemas of names",
    NULL,
};

bool pg_liquibase_holds(const struct kind_desc *kind, const struct attr_desc *attr)
{
    static const struct {
        const struct kind_desc *kind;
        const char *attrs;
    } told[] = {
        {&pg_table_kind, "columns,comment,partition_by"},
        {&pg_column_kind, "comment,generated,identity,notnull,type"},
        {&pg_default_kind, "default"},
        {&pg_primary_key_kind, "def"},
        {&pg_unique_kind, "def"},
        {&pg_foreign_key_kind, "def"},
        {&pg_index_kind, "def"},
        {&pg_sequence_kind, "cache,cycle,increment,max,min,start,type"},
        {&pg_view_kind, "columns,comment,query"},
    };
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (told[i].kind == kind)
            return !attr || word_in(told[i].attrs, str_c(attr->name));
    return false;
}

/* A literal or a value in parentheses without the casts behind it. */
static struct str without_casts(struct str text)
{
    struct lexer l = lex_open(text = told_bare(text));
    struct tok t = lex_peek(&l);
    struct str inside;
    size_t end;
    if (t.type == T_STRING)
        lex_next(&l);
    else if (!tok_is_op(t, "(") || !lex_parens(&l, &inside))
        return text;
    end = l.at;
    struct str rest = str_trim(str_from(text, end));
    if (!str_starts(rest, STR("::")))
        return text;
    for (size_t i = 0; i < rest.n; i++)
        if (!ascii_is_alpha(rest.p[i]) && !ascii_is_digit(rest.p[i]) && rest.p[i] != '\0' &&
            !memchr(":_.\" ()[],", rest.p[i], 11))
            return text;
    return told_bare(str_sub(text, 0, end));
}

/* A literal's sort, by the cast behind it; without one it is a number. */
static enum told_value value_of(struct str text)
{
    struct lexer l = lex_open(told_bare(text));
    bool literal = lex_next(&l).type == T_STRING;
    struct str cast = str_trim(str_from(l.sql, l.at));
    return literal && str_starts(cast, STR("::")) ? told_value_of(str_from(cast, 2)) : TOLD_NUMBER;
}

static bool same_default(struct str told, struct str other, struct arena *mem)
{
    if (str_starts(told, STR("nextval(")) && str_starts(other, STR("nextval(")))
        return true; /* of which sequence is not told */
    struct str a = without_casts(told), b = without_casts(other);
    return told_words(a, b) || told_same_value(value_of(other), a, b, mem);
}

/* Without the precision of times, the fields of intervals, what stands in parentheses for an
 * array, and a length of 1. */
static struct str loose_type(struct str type, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    struct str rest = type;
    bool time = str_starts(type, STR("time")) || str_ends(type, STR("[]"));
    bool bit = str_starts(type, STR("bit("));
    if (str_starts(type, STR("interval")))
        return str_ends(type, STR("[]")) ? STR("interval[]") : STR("interval");
    while (rest.n) {
        size_t open = str_chr(rest, '('), close = str_chr(rest, ')');
        bool cut =
            open < close && (time || (bit && str_eq_c(str_sub(rest, open, close + 1), "(1)")));
        if (!cut)
            break;
        sb_str(&b, str_sub(rest, 0, open));
        rest = str_from(rest, close + 1);
    }
    sb_str(&b, rest);
    return sb_view(&b);
}

static bool same_type(struct str a, struct str b, struct arena *mem)
{
    return told_words(loose_type(a, mem), loose_type(b, mem));
}

/* Columns of a view, "name type" each. */
static bool same_columns(struct str a, struct str b, struct arena *mem)
{
    struct jc_iter x = jc_iter(a), y = jc_iter(b);
    struct str key, v, w;
    if (jc_count(a) != jc_count(b))
        return false;
    while (jc_next(&x, &key, &v) && jc_next(&y, &key, &w)) {
        struct lexer la = lex_open(jc_text(mem, v)), lb = lex_open(jc_text(mem, w));
        if (!str_eq(lex_next(&la).text, lex_next(&lb).text) ||
            !same_type(str_trim(str_from(la.sql, la.at)), str_trim(str_from(lb.sql, lb.at)), mem))
            return false;
    }
    return true;
}

enum { MAX_TERMS = 64 };
struct index_def {
    bool unique;
    struct str method; /* absent: not told */
    struct str term[MAX_TERMS];
    bool desc[MAX_TERMS];
    unsigned n;
};

/* One term: its column or expression, less collation, operator class and where NULLs go. */
static void add_term(struct index_def *d, struct str text)
{
    struct lexer l = lex_open(str_trim(text));
    struct str inside;
    if (d->n == MAX_TERMS || !l.sql.n)
        return;
    struct tok t = lex_peek(&l);
    size_t end;
    if (tok_is_op(t, "(") && lex_parens(&l, &inside))
        end = l.at;
    else {
        lex_next(&l);
        end = l.at;
        struct lexer ahead = l;
        while (tok_is_op(lex_next(&ahead), ".")) { /* a function by its schema */
            lex_next(&ahead);
            l = ahead;
            end = l.at;
        }
        if (tok_is_op(lex_peek(&l), "(") && lex_parens(&l, &inside))
            end = l.at;
    }
    d->term[d->n] = told_bare(str_sub(l.sql, 0, end));
    while ((t = lex_next(&l)).type != T_END)
        d->desc[d->n] = d->desc[d->n] || tok_is(t, "DESC");
    d->n++;
}

static void add_terms(struct index_def *d, struct str list)
{
    struct lexer l = lex_open(list);
    size_t begin = 0;
    for (struct tok t = lex_next(&l); t.type != T_END; t = lex_next(&l)) {
        struct str inside;
        if (tok_is_op(t, "(")) {
            l.at = t.at;
            if (!lex_parens(&l, &inside))
                return;
        } else if (tok_is_op(t, ",")) {
            add_term(d, str_sub(list, begin, t.at));
            begin = l.at;
        }
    }
    add_term(d, str_from(list, begin));
}

/* CREATE [UNIQUE] INDEX name ON table [USING method] (terms) [INCLUDE (columns)]; the snapshot
 * counts the latter among the terms. */
static void cut_index(struct str def, struct index_def *d)
{
    struct lexer l = lex_open(def);
    struct str inside;
    *d = (struct index_def){.method = STR_NULL};
    for (struct tok t = lex_peek(&l); t.type != T_END; t = lex_peek(&l)) {
        if (tok_is_op(t, "(") && lex_parens(&l, &inside)) {
            add_terms(d, inside);
            continue;
        }
        lex_next(&l);
        d->unique = d->unique || (!d->n && tok_is(t, "UNIQUE"));
        if (tok_is(t, "USING") && !d->n)
            d->method = lex_next(&l).text;
    }
}

static bool same_terms(const struct index_def *x, const struct index_def *y)
{
    bool same = x->n == y->n;
    for (unsigned i = 0; same && i < x->n; i++)
        same = x->desc[i] == y->desc[i] && told_words(x->term[i], y->term[i]);
    return same;
}

static bool same_index(struct str a, struct str b, struct arena *mem)
{
    struct index_def *x = NEW(mem, struct index_def), *y = NEW(mem, struct index_def);
    cut_index(a, x);
    cut_index(b, y);
    bool method = !x->method.n || !y->method.n || str_eq(x->method, y->method);
    return x->unique == y->unique && method && same_terms(x, y);
}

/* Takes these words where they stand next. */
static bool take(struct lexer *l, const char *phrase)
{
    struct lexer ahead = *l;
    struct str rest = str_c(phrase), word;
    while (str_cut(&rest, ' ', &word)) {
        struct tok t = lex_next(&ahead);
        if (t.type != T_WORD || !str_eq(t.text, word))
            return false;
    }
    *l = ahead;
    return true;
}

/* A key's definition without what a snapshot does not tell of it. */
static struct str loose_key(struct str def, bool foreign, struct arena *mem)
{
    struct strbuf b = sb_new(mem, 0);
    struct lexer l = lex_open(def);
    struct str inside;
    while (lex_peek(&l).type != T_END && (foreign || !take(&l, "DEFERRABLE"))) {
        if (take(&l, "NULLS NOT DISTINCT") || take(&l, "MATCH FULL") || take(&l, "NOT VALID"))
            continue;
        if (take(&l, "SET NULL") || take(&l, "SET DEFAULT")) { /* some of the columns */
            sb_printf(&b, "SET %s ", l.sql.p[l.at - 1] == 'L' ? "NULL" : "DEFAULT");
            if (tok_is_op(lex_peek(&l), "("))
                lex_parens(&l, &inside);
            continue;
        }
        if (!foreign && take(&l, "INCLUDE")) {
            lex_parens(&l, &inside);
            continue;
        }
        struct tok t = lex_peek(&l);
        if (tok_is_op(t, "(") && lex_parens(&l, &inside)) {
            sb_printf(&b, "(%.*s) ", STR_ARG(inside));
            continue;
        }
        lex_next(&l);
        sb_printf(&b, "%.*s ", STR_ARG(t.text));
    }
    return sb_view(&b);
}

bool pg_liquibase_same(const struct obj *twin, const struct kind_desc *kind,
                       const struct attr_desc *attr, struct str told, struct str other,
                       struct arena *mem)
{
    struct str a = jc_text(mem, told), b = jc_text(mem, other);
    (void)twin;
    if (kind == &pg_table_kind && str_eq_c(str_c(attr->name), "partition_by"))
        return !told.n || (other.n && told_words(a, b)); /* 4.28 does not tell it */
    if (!told.n || !other.n)
        return false;
    if (str_eq_c(str_c(attr->name), "identity"))
        return true;
    if (str_eq_c(str_c(attr->name), "type"))
        return same_type(a, b, mem);
    if (kind == &pg_view_kind && str_eq_c(str_c(attr->name), "columns"))
        return same_columns(told, other, mem);
    if (kind == &pg_index_kind)
        return same_index(a, b, mem);
    if (kind == &pg_default_kind || str_eq_c(str_c(attr->name), "generated"))
        return same_default(a, b, mem);
    if (str_eq_c(str_c(attr->name), "def"))
        return told_words(loose_key(a, kind == &pg_foreign_key_kind, mem),
                          loose_key(b, kind == &pg_foreign_key_kind, mem));
    return str_eq_c(str_c(attr->name), "query") && told_words(a, b);
}

static bool is_kind(const struct catalog *cat, const struct obj *o, const struct kind_desc *kind)
{
    return obj_kind(cat->eng, o) == kind;
}

/* Facts of the other side that the snapshot's kinds do not reach. */
struct settling {
    struct catalog *cat;
    const struct catalog *other;
    struct arena *mem;
    VEC(const struct obj *) more;
    VEC(struct str) gone; /* paths, with all below */
};

static void take_subtree(struct settling *s, uint32_t at)
{
    struct str top = s->other->v[at].path;
    for (; at < s->other->n && path_within(s->other->v[at].path, top); at++)
        if (!cat_find(s->cat, s->other->v[at].path))
            VEC_PUSH(s->mem, s->more, &s->other->v[at]);
}

/* Sequences that a column owns are not told; the one that serial makes may go by another name. */
static void owned_sequence(struct settling *s, uint32_t at)
{
    const struct obj *o = &s->other->v[at];
    struct str seq = path_parent(o->path), key, dep;
    struct jc_iter it = jc_iter(o->deps);
    bool owner = false;
    while (o->deps.n && jc_next(&it, &key, &dep))
        owner = owner || cat_find(s->cat, jc_text(s->mem, dep));
    if (owner && !cat_find(s->cat, seq))
        take_subtree(s, cat_lower(s->other, seq));
}

static void made_sequence(struct settling *s, const struct obj *o)
{
    struct str seq = path_parent(o->path), key, dep;
    struct jc_iter it = jc_iter(o->deps);
    if (cat_find(s->other, seq))
        return;
    while (o->deps.n && jc_next(&it, &key, &dep)) {
        struct str column = jc_text(s->mem, dep);
        const struct obj *dflt =
            cat_find(s->cat, path_join(s->mem, column, STR("default"), STR("#")));
        const struct obj *twin =
            cat_find(s->other, path_join(s->mem, column, STR("default"), STR("#")));
        if (dflt && twin && str_eq(dflt->a, twin->a))
            VEC_PUSH(s->mem, s->gone, seq);
    }
}

/* Liquibase passes over names that hold a double quote. */
static bool has_quote(const struct obj *o)
{
    struct str name = path_name_raw(o->path);
    return str_chr(name, '"') < name.n;
}

/* Of the indexes on the same columns Liquibase keeps one, and passes over that one then when its
 * name holds a double quote (seen with 4.28.0 and 5.0.4); other doubles are taken by
 * source_complete. */
static bool beside_quoted(const struct settling *s, const struct obj *o)
{
    struct index_def *x = NEW(s->mem, struct index_def), *y = NEW(s->mem, struct index_def);
    struct str table = path_parent(o->path);
    cut_index(obj_text(s->mem, o, "def"), x);
    for (uint32_t i = cat_lower(s->other, table);
         i < s->other->n && path_within(s->other->v[i].path, table); i++) {
        const struct obj *beside = &s->other->v[i];
        if (beside == o || !is_kind(s->other, beside, &pg_index_kind) || !has_quote(beside))
            continue;
        cut_index(obj_text(s->mem, beside, "def"), y);
        if (same_terms(x, y))
            return true;
    }
    return false;
}

static struct str max_of(struct str type)
{
    return str_eq_c(type, "smallint")  ? STR("32767")
           : str_eq_c(type, "integer") ? STR("2147483647")
                                       : STR("9223372036854775807");
}

/* Whether the column's type is a domain: metadata say NOT NULL then for the domain's, too. */
static bool of_domain(const struct settling *s, const struct obj *column)
{
    struct jc_iter it = jc_iter(column->deps);
    struct str key, dep;
    while (column->deps.n && jc_next(&it, &key, &dep)) {
        const struct obj *o = cat_find(s->other, jc_text(s->mem, dep));
        if (o && is_kind(s->other, o, &pg_domain_kind))
            return true;
    }
    return false;
}

/* The columns of a typed table are those of its type, which is not told. */
static void settle_typed(struct settling *s, const struct obj *table)
{
    const struct catalog *other = s->other;
    for (uint32_t i = cat_lower(other, table->path);
         i < other->n && path_within(other->v[i].path, table->path); i++)
        if (is_kind(other, &other->v[i], &pg_column_kind) && !cat_find(s->cat, other->v[i].path))
            VEC_PUSH(s->mem, s->more, &other->v[i]);
    for (uint32_t i = cat_lower(s->cat, table->path);
         i < s->cat->n && path_within(s->cat->v[i].path, table->path); i++) {
        struct obj *o = &s->cat->v[i];
        const struct obj *twin = cat_find(other, o->path);
        if (!is_kind(s->cat, o, &pg_column_kind))
            continue;
        if (twin)
            o->a = twin->a;
        else
            VEC_PUSH(s->mem, s->gone, o->path);
    }
}

/* The options of an identity are those of the other side, if there is one there; the largest number
 * is that of the type where nobody has set it. */
static void settle_column(struct settling *s, struct obj *o)
{
    const struct engine *eng = s->cat->eng;
    const struct obj *twin = cat_find(s->other, o->path);
    struct str options = obj_raw(o, "identity_options"), type = obj_text(s->mem, o, "type");
    struct str was = max_of(twin ? obj_text(s->mem, twin, "type") : type);
    if (twin && of_domain(s, twin))
        o->a = obj_with(s->mem, eng, o, "notnull", obj_raw(twin, "notnull"));
    if (!obj_raw(o, "identity").n) {
        o->a = options.n ? obj_with(s->mem, eng, o, "identity_options", STR_NULL) : o->a;
        return;
    }
    if (!options.n)
        options = STR("{\"CACHE\":\"1\",\"INCREMENT BY\":\"1\",\"MAXVALUE\":\"\","
                      "\"MINVALUE\":\"1\",\"NO CYCLE\":\"\",\"START WITH\":\"1\"}");
    struct str key = STR("\"MAXVALUE\":\""), rest = str_from(options, str_find(options, key));
    struct str max = str_from(rest, key.n);
    max = str_sub(max, 0, str_chr(max, '"'));
    if (!rest.n || (max.n && !str_eq(max, was)))
        return;
    options =
        arena_printf(s->mem, "%.*s%.*s%.*s%.*s", STR_ARG(str_sub(options, 0, options.n - rest.n)),
                     STR_ARG(key), STR_ARG(max_of(type)), STR_ARG(str_from(rest, key.n + max.n)));
    o->a = obj_with(s->mem, eng, o, "identity_options", options);
}

/* A new object has the owner of what stands beside it. */
static void settle_owner(struct settling *s, struct obj *o, struct str owner)
{
    if (kind_attr(obj_kind(s->cat->eng, o), STR("owner")) && !obj_raw(o, "owner").n && owner.n)
        o->a = obj_with(s->mem, s->cat->eng, o, "owner", owner);
}

void pg_liquibase_settle(struct catalog *cat, const struct catalog *other, struct arena *mem)
{
    struct settling s = {.cat = cat, .other = other, .mem = mem};
    struct str owner = STR_NULL;
    for (uint32_t i = 0; i < other->n; i++) {
        const struct obj *o = &other->v[i];
        bool table = is_kind(other, o, &pg_table_kind);
        if (table && !owner.n)
            owner = obj_raw(o, "owner");
        if ((has_quote(o) || (table && obj_raw(o, "server").n)) && !cat_find(cat, o->path) &&
            cat_find(cat, path_parent(o->path)))
            take_subtree(&s, i);
        else if (is_kind(other, o, &pg_owned_by_kind))
            owned_sequence(&s, i);
        else if (is_kind(other, o, &pg_default_kind) && !cat_find(cat, o->path) &&
                 cat_find(cat, path_parent(o->path)) &&
                 str_starts(obj_text(mem, o, "default"), STR("NULL")))
            VEC_PUSH(mem, s.more, o);
        else if (is_kind(other, o, &pg_index_kind) && !cat_find(cat, o->path) &&
                 cat_find(cat, path_parent(o->path)) && beside_quoted(&s, o))
            VEC_PUSH(mem, s.more, o);
        else if (is_kind(other, o, &pg_exclude_kind) && cat_find(cat, o->path))
            VEC_PUSH(mem, s.gone,
                     path_join(mem, path_parent(o->path), STR("index"), path_name(mem, o->path)));
    }
    for (uint32_t i = 0; i < cat->n; i++) {
        const struct obj *twin = cat_find(other, cat->v[i].path);
        if (is_kind(cat, &cat->v[i], &pg_owned_by_kind))
            made_sequence(&s, &cat->v[i]);
        if (twin && is_kind(cat, &cat->v[i], &pg_table_kind) && obj_raw(twin, "of_type").n)
            settle_typed(&s, twin);
        if (is_kind(cat, &cat->v[i], &pg_column_kind))
            settle_column(&s, &cat->v[i]);
        settle_owner(&s, &cat->v[i], owner);
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < cat->n; i++) {
        bool gone = false;
        for (uint32_t k = 0; k < s.gone.n && !gone; k++)
            gone = path_within(cat->v[i].path, s.gone.v[k]);
        if (!gone)
            cat->v[n++] = cat->v[i];
    }
    cat->n = n;
    for (uint32_t i = 0; i < s.more.n; i++)
        cat_add_own(cat, s.more.v[i]);
}
