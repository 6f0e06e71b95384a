/* From a Liquibase snapshot to facts: what all classes share. */

#include "drivers/liquibase/liquibase.h"

#include <string.h>

/* Attributes that say nothing of the schema, or what another object says as well; and those that
 * say nothing while they have the value that a server gives. */
static const char derived[] =
    "name,schema,snapshotId,columns,indexes,primaryKey,uniqueConstraints,outgoingForeignKeys,"
    "notNullConstraints,relation,order,catalog,default,objects,backingIndex,associatedWith,"
    "containsFullDefinition,certainName,certainDataType,lastReturnedValue,default_tablespace,"
    "liquibase-complete,table,foreignKeyTable,foreignKeyColumns,primaryKeyTable,"
    "primaryKeyColumns,type,valid,usesQuotedIdentifier,editioning,nested,deprecated";
static const struct {
    const char *name, *usual;
} usual[] = {
    {"padIndex", "false"},
    {"fillFactor", "0"},
    {"ignoreDuplicateKeys", "false"},
    {"allowRowLocks", "true"},
    {"recomputeStatistics", "true"},
    {"incrementalStatistics", "false"},
    {"allowPageLocks", "true"},
    {"validate", "true"},
    {"disabled", "false"},
    {"enabled", "true"},
    {"private", "false"},
    {"descending", "false"},
    {"included", "false"},
    {"computed", "false"},
    {"validateNullable", "true"},
    {"clustered", "false"},
    {"editioning", "false"},
};

static bool is_usual(const struct lb_attr *a)
{
    struct str text =
        a->value.type == LB_BOOL ? (a->value.yes ? STR("true") : STR("false")) : a->value.text;
    if (a->value.type != LB_BOOL && a->value.type != LB_TEXT)
        return a->value.type == LB_LIST && !a->value.nitems;
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (str_eq_c(a->name, usual[i].name) && str_eq_fold_c(text, usual[i].usual))
            return true;
    return text.n == 0;
}

enum { MAX_SHOWN_DEPTH = 8 };

/* The value as a text to hash: what is deeper than any snapshot is counts alone. */
static void put_value(struct strbuf *out, const struct lb_value *v)
{
    struct {
        const struct lb_value *v;
        uint32_t at;
    } stack[MAX_SHOWN_DEPTH] = {{v, 0}};
    for (int depth = 1; depth > 0;) {
        const struct lb_value *top = stack[depth - 1].v;
        uint32_t at = stack[depth - 1].at++;
        uint32_t n = top->type == LB_LIST ? top->nitems : top->type == LB_MAP ? top->map.n : 0;
        if (at == 0) {
            sb_printf(out, "%d:%d:%.*s:%u", (int)top->type, top->yes, STR_ARG(top->text), n);
            sb_str(out, top->class);
        }
        if (at >= n || depth == MAX_SHOWN_DEPTH) {
            depth--;
            continue;
        }
        if (top->type == LB_MAP)
            sb_str(out, top->map.v[at].name);
        stack[depth].v = top->type == LB_LIST ? &top->items[at] : &top->map.v[at].value;
        stack[depth++].at = 0;
    }
}

void lq_rest_of(const struct lq_reader *r, const struct lb_object *o, const struct lb_map *m,
                const char *what, const char *used, struct str on)
{
    for (uint32_t i = 0; i < m->n; i++) {
        const struct lb_attr *a = &m->v[i];
        struct strbuf text = sb_new(r->mem, 0);
        if (word_in(used, a->name) || word_in(derived, a->name) || is_usual(a))
            continue;
        put_value(&text, &a->value);
        struct str name = lb_text(&o->attrs, "name");
        cat_add_ledger(
            r->cat, "attribute",
            arena_printf(r->mem, "%s.%.*s of %.*s", what, STR_ARG(a->name), STR_ARG(name)), on,
            sb_view(&text), "an attribute that snap does not know");
    }
}

void lq_rest(const struct lq_reader *r, const struct lb_object *o, const char *used, struct str on)
{
    lq_rest_of(r, o, &o->attrs, arena_cstr(r->mem, lq_fold_case(r->mem, o->class)), used, on);
}

static const struct lb_object *schema_object(const struct lb_object *o)
{
    static const char *const up[] = {"schema", "table", "relation", "foreignKeyTable"};
    const struct lb_object *at = o;
    for (int hops = 0; at && hops < 3; hops++) {
        const struct lb_object *next = lb_ref(&at->attrs, "schema");
        if (next)
            return next;
        for (size_t i = 1; !next && i < sizeof up / sizeof *up; i++)
            next = lb_ref(&at->attrs, up[i]);
        at = next;
    }
    return NULL;
}

struct str lq_schema_path(const struct lq_reader *r, const struct lb_object *o)
{
    const struct lb_object *schema = schema_object(o);
    if (!schema || schema == r->home)
        return STR("");
    struct str name = lb_text(&schema->attrs, "name");
    return path_join(r->mem, STR(""), STR("schema"), r->cat->eng->fold(r->mem, name));
}

struct str lq_path(const struct lq_reader *r, const char *kind, const struct lb_object *o)
{
    struct str name = lb_text(&o->attrs, "name");
    return path_join(r->mem, lq_schema_path(r, o), str_c(kind), r->cat->eng->fold(r->mem, name));
}

struct str *lq_column_names(const struct lq_reader *r, const struct lb_object *o, const char *list,
                            uint32_t *n)
{
    uint32_t all;
    const struct lb_value *items = lb_list(&o->attrs, list, &all);
    struct str *names = NEW_ARRAY(r->mem, struct str, all);
    *n = 0;
    for (uint32_t i = 0; i < all; i++) {
        const struct lb_map *m = items[i].type == LB_REF   ? &items[i].ref->attrs
                                 : items[i].type == LB_MAP ? &items[i].map
                                                           : NULL;
        const struct lb_map *inside = m ? lb_map(m, "column") : NULL;
        struct str name = m ? lb_text(inside ? inside : m, "name") : items[i].text;
        if (name.n)
            names[(*n)++] = r->cat->eng->fold(r->mem, name);
    }
    return names;
}

void lq_begin(const struct lq_reader *r, struct fact *f, const char *kind, struct str parent,
              struct str name)
{
    struct str folded = r->cat->eng->fold(r->mem, name);
    fact_begin(f, r->cat, kind, parent, folded);
    if (!str_eq(folded, name))
        fact_text(f, "name", name);
}

void lq_begin_key(const struct lq_reader *r, struct fact *f, const char *kind, struct str table,
                  struct str name, struct str content)
{
    bool own = name.n && !r->dialect->made_up(LQ_KEY, r->in->short_name, name);
    bool sole = str_eq_c(STR("primary_key"), kind);
    struct strbuf id = sb_new(r->mem, 0);
    if (own && !sole) {
        lq_begin(r, f, kind, table, name);
        return;
    }
    sb_char(&id, '#');
    if (!sole)
        hash_hex(&id, hash_bytes(content), 8);
    fact_begin(f, r->cat, kind, table, sb_view(&id));
    if (own)
        fact_text(f, "name", name);
}

/* What has no fact of its own. */
static void other_classes(const struct lq_reader *r)
{
    static const char known[] = "Catalog,Schema,Table,Column,PrimaryKey,UniqueConstraint,Index,"
                                "ForeignKey,Sequence,View,StoredProcedure,Function,Trigger,"
                                "DatabasePackage,DatabasePackageBody,CheckConstraint,Synonym,Data";
    for (uint32_t i = 0; i < r->in->n; i++) {
        const struct lb_object *o = &r->in->v[i];
        struct strbuf text = sb_new(r->mem, 0);
        if (o->referenced || word_in(known, o->class))
            continue;
        for (uint32_t k = 0; k < o->attrs.n; k++) {
            sb_str(&text, o->attrs.v[k].name);
            if (!str_eq_c(o->attrs.v[k].name, "snapshotId") && o->attrs.v[k].value.type != LB_REF)
                put_value(&text, &o->attrs.v[k].value);
        }
        cat_add_ledger(r->cat, arena_cstr(r->mem, lq_fold_case(r->mem, o->class)),
                       lb_text(&o->attrs, "name"), STR_NULL, sb_view(&text),
                       "a class of object that snap does not know");
    }
}

/* The default schema by its mark; the only one without one. */
static const struct lb_object *home(const struct lb_snapshot *in)
{
    const struct lb_object *found = lb_default_schema(in), *first, *o;
    uint32_t at = 0;
    if (found)
        return found;
    first = lb_next(in, "Schema", &at);
    o = first ? lb_next(in, "Schema", &at) : NULL;
    return o ? NULL : first;
}

static void schemas(const struct lq_reader *r)
{
    uint32_t at = 0;
    for (const struct lb_object *s; (s = lb_next(r->in, "Schema", &at));) {
        struct fact f;
        if (s == r->home)
            continue;
        lq_begin(r, &f, "schema", STR(""), lb_text(&s->attrs, "name"));
        fact_end(&f);
    }
}

int lq_from_liquibase(const struct lb_snapshot *in, struct catalog *out, struct err *e)
{
    struct arena *mem = out->mem;
    struct lq_reader r = {.in = in,
                          .dialect = lq_dialect(out->eng),
                          .cat = out,
                          .mem = mem,
                          .home = home(in),
                          .e = e};
    out->version = arena_printf(mem, "%.*s%s%.*s", STR_ARG(lq_fold_case(mem, in->short_name)),
                                in->product_version.n ? " " : "", STR_ARG(in->product_version));
    size_t line = str_chr(out->version, '\n');
    out->version = str_trim(str_sub(out->version, 0, line));
    lq_link_keys(&r);
    schemas(&r);
    other_classes(&r);
    return lq_read_tables(&r) || lq_read_keys(&r) || lq_read_indexes(&r) ||
                   lq_read_foreign_keys(&r) || lq_read_sequences(&r) || lq_read_views(&r) ||
                   lq_read_programs(&r) || lq_read_checks(&r) || lq_read_synonyms(&r)
               ? -1
               : 0;
}
