/*
 * A catalog as a snapshot that Liquibase takes as offline:ENGINE?snapshot=FILE: its objects in
 * Liquibase's words, and our own snapshot, whole, as a text under metadata.snap, which Liquibase
 * passes over and snap reads back (liquibase_own.c). What Liquibase needs and trips over was tried
 * with 4.28 and 5.0: every reference must resolve, a key needs its backingIndex, the database its
 * versions, a schema `default`, and no list may be empty.
 */

#include "snapshot/liquibase.h"
#include "snapshot/liquibase_form.h"

#include <string.h>

#define CORE "liquibase.structure.core."

static void put_text(struct writing *w, const char *key, struct str text)
{
    if (!str_is_null(text) && form_plain(text))
        scribe_text(&w->s, key, text);
    else
        w->texts += !str_is_null(text);
}

static void put_class(struct writing *w, const char *key, struct str text, const char *class)
{
    struct strbuf b = sb_new(w->mem, 0);
    sb_printf(&b, "%.*s!{%s}", STR_ARG(text), class);
    scribe_text(&w->s, key, sb_view(&b));
}

static void put_bool(struct writing *w, const char *key, bool yes)
{
    scribe_word(&w->s, key, yes ? STR("true") : STR("false"));
}

static void put_words(struct writing *w, const struct lb_word *v, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (!v[i].class)
            put_text(w, v[i].name, v[i].value);
        else if (!*v[i].class)
            scribe_word(&w->s, v[i].name, v[i].value);
        else
            put_class(w, v[i].name, v[i].value, v[i].class);
}

/* An object is known by its place among the facts; the index of a key by that of the key. */
static struct str id_of(struct writing *w, char letter, const struct obj *o)
{
    struct strbuf b = sb_new(w->mem, 0);
    sb_printf(&b, "%c%u", letter, (unsigned)(o - w->cat->v) + 1);
    return sb_view(&b);
}

static void put_ref(struct writing *w, const char *key, const char *class, char letter,
                    const struct obj *o)
{
    struct strbuf b = sb_new(w->mem, 0);
    struct str id = id_of(w, letter, o);
    sb_printf(&b, CORE "%s#%.*s", class, STR_ARG(id));
    scribe_text(&w->s, key, sb_view(&b));
}

static void put_schema(struct writing *w, struct str path)
{
    struct str name = form_schema(w, path);
    struct strbuf b = sb_new(w->mem, 0);
    uint32_t i = 0;
    while (i < w->nschemas && !str_eq(w->schemas[i], name))
        i++;
    sb_printf(&b, CORE "Schema#s%u", i + 1);
    scribe_text(&w->s, "schema", sb_view(&b));
}

static void put_columns(struct writing *w, const char *key, struct str table,
                        const struct relation *r)
{
    scribe_list(&w->s, key);
    for (uint32_t i = 0; i < r->nterms; i++)
        put_ref(w, NULL, "Column", 'o', form_column(w, table, r->terms[i].column));
    scribe_close(&w->s);
}

/* Whether an object is written as one of a class, whose roles are these. */
static bool fits(const struct writing *w, const struct obj *o, const char *class, unsigned roles)
{
    const struct said *s = form_of(w, o);
    bool constraint = s->is_constraint && strcmp(class, "UniqueConstraint") == 0;
    for (uint32_t i = 0; i < s->r.nterms; i++)
        constraint = constraint && !str_is_null(s->r.terms[i].column);
    if (!s->form || (!(roles & (1u << s->r.role)) && !constraint))
        return false;
    return !(s->by_rowid && strcmp(class, "Index") == 0);
}

/* References of a table to what belongs to it. */
static void put_parts(struct writing *w, const struct obj *table, const char *key,
                      const char *class, unsigned roles)
{
    bool any = false;
    for (const struct obj *o = table + 1;
         o < w->cat->v + w->cat->n && path_within(o->path, table->path); o++) {
        bool index = strcmp(class, "Index") == 0;
        if (!fits(w, o, class, roles))
            continue;
        if (!any)
            scribe_list(&w->s, key);
        any = true;
        put_ref(w, NULL, class, index ? 'i' : 'o', o);
    }
    if (any)
        scribe_close(&w->s);
}

static void put_table(struct writing *w, const struct obj *o, const struct relation *r)
{
    uint32_t n;
    const struct obj **columns = relation_columns(w->cat, o, w->mem, &n);
    struct lb_words words = form_words(w, o, r);
    put_text(w, "name", r->name);
    put_schema(w, o->path);
    if (r->comment.n)
        put_text(w, "remarks", r->comment);
    put_words(w, words.own, words.nown);
    bool any = false;
    for (uint32_t i = 0; i < n; i++) {
        if (!form_has(w, columns[i]))
            continue;
        if (!any)
            scribe_list(&w->s, "columns");
        any = true;
        put_ref(w, NULL, "Column", 'o', columns[i]);
    }
    if (any)
        scribe_close(&w->s);
    for (const struct obj *k = o + 1; k < w->cat->v + w->cat->n && path_within(k->path, o->path);
         k++)
        if (form_of(w, k)->r.role == ROLE_PRIMARY_KEY && form_has(w, k))
            put_ref(w, "primaryKey", "PrimaryKey", 'o', k);
    put_parts(w, o, "indexes", "Index",
              1u << ROLE_INDEX | 1u << ROLE_PRIMARY_KEY | 1u << ROLE_UNIQUE);
    put_parts(w, o, "uniqueConstraints", "UniqueConstraint", 1u << ROLE_UNIQUE);
    put_parts(w, o, "outgoingForeignKeys", "ForeignKey", 1u << ROLE_FOREIGN_KEY);
}

static void put_column(struct writing *w, const struct obj *o, const struct relation *r)
{
    struct lb_words words = form_words(w, o, r);
    put_text(w, "name", r->name);
    put_ref(w, "relation", "Table", 'o', form_of(w, o)->owner);
    put_bool(w, "nullable", !r->notnull && !words.refuses_null);
    put_class(w, "order", arena_printf(w->mem, "%u", form_of(w, o)->place), LB_INT);
    if (r->comment.n)
        put_text(w, "remarks", r->comment);
    if (words.counts) {
        scribe_map(&w->s, "autoIncrementInformation");
        put_class(w, "incrementBy", STR("1"), LB_BIG);
        put_class(w, "startWith", STR("1"), LB_BIG);
        scribe_close(&w->s);
    }
    put_words(w, words.own, words.nown);
    scribe_map(&w->s, "type");
    put_words(w, words.type, words.ntype);
    if (!words.ntype)
        scribe_text(&w->s, "typeName", r->type.n ? r->type : STR(""));
    scribe_close(&w->s);
}

/* Keys have the name of their index where the engine says no other. */
static void put_key_name(struct writing *w, const struct relation *r, const struct lb_words *words)
{
    put_text(w, "name", str_is_null(words->name) ? r->name : words->name);
}

static void put_index(struct writing *w, const struct obj *o, const struct relation *r)
{
    struct lb_words words = form_words(w, o, r);
    put_key_name(w, r, &words);
    put_ref(w, "table", "Table", 'o', form_of(w, o)->owner);
    put_bool(w, "unique", r->unique);
    put_text(w, "using", words.method);
    scribe_list(&w->s, "columns");
    for (uint32_t i = 0; i < r->nterms; i++) {
        const struct term *term = &r->terms[i];
        struct str name = str_is_null(term->column) ? term->part_of : term->column;
        const struct obj *c = form_column(w, path_parent(o->path), name);
        bool whole = !str_is_null(name) && c;
        scribe_map(&w->s, NULL);
        scribe_map(&w->s, "column");
        put_text(w, "name", whole ? obj_name(w->mem, c) : r->terms[i].text);
        if (r->terms[i].desc)
            put_bool(w, "descending", true);
        if (!whole)
            put_bool(w, "computed", true);
        scribe_close(&w->s);
        scribe_close(&w->s);
    }
    scribe_close(&w->s);
    if (r->role == ROLE_INDEX)
        put_words(w, words.own, words.nown);
}

static void put_key(struct writing *w, const struct obj *o, const struct relation *r)
{
    struct lb_words words = form_words(w, o, r);
    put_text(w, "name", r->name);
    put_ref(w, "table", "Table", 'o', form_of(w, o)->owner);
    put_columns(w, "columns", path_parent(o->path), r);
    if (!words.by_rowid)
        put_ref(w, "backingIndex", "Index", 'i', o);
    if (r->role != ROLE_PRIMARY_KEY) {
        put_bool(w, "clustered", false);
        put_bool(w, "disabled", false);
        put_bool(w, "validate", true);
    }
    if (r->role != ROLE_INDEX)
        put_words(w, words.own, words.nown);
}

static void put_rule(struct writing *w, const char *key, struct str rule, struct str none)
{
    static const char *const rules[][2] = {{"cascade", "importedKeyCascade"},
                                           {"set null", "importedKeySetNull"},
                                           {"set default", "importedKeySetDefault"},
                                           {"restrict", "importedKeyRestrict"}};
    const char *word = "importedKeyNoAction";
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (str_eq_c(rule, rules[i][0]))
            word = rules[i][1];
    put_class(w, key, rule.n || !none.n ? str_c(word) : none, CORE "ForeignKeyConstraintType");
}

static void put_foreign_key(struct writing *w, const struct obj *o, const struct relation *r)
{
    uint32_t n;
    const struct obj **columns = form_target(w, r, &n);
    struct lb_words words = form_words(w, o, r);
    put_text(w, "name", r->name.n ? r->name : STR(""));
    put_ref(w, "foreignKeyTable", "Table", 'o', form_of(w, o)->owner);
    put_columns(w, "foreignKeyColumns", path_parent(o->path), r);
    put_ref(w, "primaryKeyTable", "Table", 'o', cat_find(w->cat, r->ref));
    scribe_list(&w->s, "primaryKeyColumns");
    for (uint32_t i = 0; i < n; i++)
        put_ref(w, NULL, "Column", 'o', columns[i]);
    scribe_close(&w->s);
    put_rule(w, "deleteRule", r->on_delete, words.no_rule);
    put_rule(w, "updateRule", r->on_update, words.no_rule);
    if (!words.nown) {
        put_bool(w, "deferrable", false);
        put_bool(w, "initiallyDeferred", false);
    }
    put_words(w, words.own, words.nown);
}

static void put_other(struct writing *w, const struct obj *o, const struct relation *r)
{
    struct lb_words words = form_words(w, o, r);
    put_text(w, "name", r->name);
    put_schema(w, o->path);
    if (r->comment.n)
        put_text(w, "remarks", r->comment);
    put_words(w, words.own, words.nown);
}

/* The classes, in the order of their names. */
static const struct class
{
    const char *name, *key;
    unsigned roles; /* 1 << enum role */
    char letter;
    void (*put)(struct writing *w, const struct obj *o, const struct relation *r);
} classes[] = {
    {"Column", "column", 1u << ROLE_COLUMN, 'o', put_column},
    {"ForeignKey", "foreignKey", 1u << ROLE_FOREIGN_KEY, 'o', put_foreign_key},
    {"Index", "index", 1u << ROLE_INDEX | 1u << ROLE_PRIMARY_KEY | 1u << ROLE_UNIQUE, 'i',
     put_index},
    {"PrimaryKey", "primaryKey", 1u << ROLE_PRIMARY_KEY, 'o', put_key},
    {"Sequence", "sequence", 1u << ROLE_SEQUENCE, 'o', put_other},
    {"Table", "table", 1u << ROLE_TABLE, 'o', put_table},
    {"UniqueConstraint", "uniqueConstraint", 1u << ROLE_UNIQUE, 'o', put_key},
    {"View", "view", 1u << ROLE_VIEW, 'o', put_other},
};

static void put_class_objects(struct writing *w, const struct class *class)
{
    const char *name = arena_printf(w->keep, CORE "%s", class->name).p;
    bool any = false;
    for (uint32_t i = 0; i < w->cat->n; i++) {
        const struct obj *o = &w->cat->v[i];
        if (!fits(w, o, class->name, class->roles))
            continue;
        if (!any)
            scribe_list(&w->s, name);
        any = true;
        scribe_map(&w->s, NULL);
        scribe_map(&w->s, class->key);
        class->put(w, o, &w->said[i].r);
        scribe_text(&w->s, "snapshotId", id_of(w, class->letter, o));
        scribe_close(&w->s);
        scribe_close(&w->s);
        form_rest(w);
    }
    if (any)
        scribe_close(&w->s);
}

/* Of "Engine 10.11.19": the version's parts. */
static struct str version_part(struct str version, unsigned part)
{
    size_t at = 0;
    while (at < version.n && !ascii_is_digit(version.p[at]))
        at++;
    struct str rest = str_from(version, at), one = STR_NULL;
    for (unsigned i = 0; i <= part; i++)
        if (!str_cut(&rest, '.', &one))
            return STR("0");
    size_t n = 0;
    while (n < one.n && ascii_is_digit(one.p[n]))
        n++;
    return n ? str_sub(one, 0, n) : STR("0");
}

/* Of the names that an engine answers to, the one that its version says, else the first. */
static struct str short_name(const struct catalog *cat)
{
    struct str rest = str_c(cat->eng->liquibase_names), name, first = STR_NULL, said = cat->version;
    said.n = str_chr(said, ' ');
    while (str_cut(&rest, ',', &name)) {
        if (str_eq_fold(name, said))
            return name;
        first = first.n ? first : name;
    }
    return first;
}

static void put_database(struct writing *w)
{
    struct str version = w->cat->version;
    scribe_map(&w->s, "database");
    scribe_text(&w->s, "shortName", short_name(w->cat));
    scribe_text(&w->s, "majorVersion", version_part(version, 0));
    scribe_text(&w->s, "minorVersion", version_part(version, 1));
    put_text(w, "productName", str_sub(version, 0, str_chr(version, ' ')));
    put_text(w, "productVersion", str_trim(str_from(version, str_chr(version, ' '))));
    scribe_close(&w->s);
}

/* The schemas of a catalog, "public" first; one without a name where there are none. */
static void find_schemas(struct writing *w)
{
    VEC(struct str) names = {0};
    for (uint32_t i = 0; i < w->cat->n; i++) {
        struct str path = w->cat->v[i].path;
        if (path_parent(path).n || !str_eq(path_kind(path), STR("schema")))
            continue;
        struct str name = path_name(w->keep, path);
        if (!form_plain(name))
            continue;
        VEC_PUSH(w->keep, names, name);
        if (str_eq(names.v[names.n - 1], STR("public"))) {
            names.v[names.n - 1] = names.v[0];
            names.v[0] = STR("public");
        }
    }
    if (!names.n)
        VEC_PUSH(w->keep, names, STR_NULL);
    w->schemas = names.v;
    w->nschemas = names.n;
}

static void put_places(struct writing *w)
{
    scribe_list(&w->s, CORE "Catalog");
    scribe_map(&w->s, NULL);
    scribe_map(&w->s, "catalog");
    put_bool(w, "default", true);
    scribe_text(&w->s, "snapshotId", STR("c1"));
    scribe_close(&w->s);
    scribe_close(&w->s);
    scribe_close(&w->s);
    scribe_list(&w->s, CORE "Schema");
    for (uint32_t i = 0; i < w->nschemas; i++) {
        struct strbuf id = sb_new(w->mem, 0);
        sb_printf(&id, "s%u", i + 1);
        scribe_map(&w->s, NULL);
        scribe_map(&w->s, "schema");
        put_text(w, "name", w->schemas[i]);
        scribe_text(&w->s, "catalog", STR(CORE "Catalog#c1"));
        put_bool(w, "default", i == 0);
        scribe_text(&w->s, "snapshotId", sb_view(&id));
        scribe_close(&w->s);
        scribe_close(&w->s);
    }
    scribe_close(&w->s);
}

static void put_control(struct writing *w)
{
    scribe_map(&w->s, "snapshotControl");
    scribe_map(&w->s, "snapshotControl");
    scribe_list(&w->s, "includedType");
    scribe_text(&w->s, NULL, STR(CORE "Catalog"));
    scribe_text(&w->s, NULL, STR(CORE "Schema"));
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        struct strbuf b = sb_new(w->mem, 0);
        sb_printf(&b, CORE "%s", classes[i].name);
        scribe_text(&w->s, NULL, sb_view(&b));
    }
    scribe_close(&w->s);
    scribe_close(&w->s);
    scribe_close(&w->s);
}

int liquibase_write(const struct catalog *cat, bool yaml, struct arena *mem, struct strbuf *out,
                    struct strbuf *lacks, struct err *e)
{
    struct writing w;
    struct strbuf own = sb_new(mem, 0);
    if (!cat->eng->liquibase_names)
        return err_set(e, E_UNKNOWN_FORMAT, "Liquibase has no snapshots of %s", cat->eng->title);
    snapshot_text(cat, &own);
    form_begin(&w, cat);
    find_schemas(&w);
    w.s = scribe_begin(out, yaml);
    scribe_map(&w.s, "snapshot");
    scribe_map(&w.s, "metadata");
    scribe_text(&w.s, "snap", sb_view(&own));
    scribe_close(&w.s);
    put_database(&w);
    scribe_map(&w.s, "objects");
    put_places(&w);
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        put_class_objects(&w, &classes[i]);
    scribe_close(&w.s);
    put_control(&w);
    scribe_close(&w.s);
    scribe_end(&w.s);
    form_lacks(&w, lacks);
    form_end(&w);
    return 0;
}
