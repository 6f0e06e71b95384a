/* Names, paths and words that the rooms share. */

#include "drivers/liquibase/liquibase.h"

#include <string.h>

#include "core/relation.h"
#include "drivers/sql/lex.h"

const struct lq_dialect *lq_dialect(const struct engine *eng)
{
    return eng->own;
}

const struct kind_desc *const lq_kinds[LQ_NKINDS] = {
    &lq_schema_kind,   &lq_table_kind,       &lq_column_kind,       &lq_primary_key_kind,
    &lq_unique_kind,   &lq_foreign_key_kind, &lq_check_kind,        &lq_index_kind,
    &lq_sequence_kind, &lq_view_kind,        &lq_procedure_kind,    &lq_function_kind,
    &lq_trigger_kind,  &lq_package_kind,     &lq_package_body_kind, &lq_synonym_kind,
};

bool lq_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_digit(s.p[i]))
            return false;
    return s.n > 0;
}

bool lq_hex(struct str s, size_t least, size_t most)
{
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_digit(s.p[i]) && !(s.p[i] >= 'A' && s.p[i] <= 'F'))
            return false;
    return s.n >= least && s.n <= most;
}

struct str lq_fold(struct arena *mem, struct str name)
{
    (void)mem;
    return name;
}

struct str lq_fold_case(struct arena *mem, struct str name)
{
    struct strbuf b = sb_new(mem, 0);
    for (size_t i = 0; i < name.n; i++)
        sb_char(&b, ascii_lower(name.p[i]));
    return sb_view(&b);
}

/* There are no scripts of such an engine. */
bool lq_split(struct script *script, struct str *stmt)
{
    (void)stmt;
    script->rest = STR_NULL;
    return false;
}

struct str lq_table_of(struct str path)
{
    while (path.n && !str_eq(path_kind(path), STR("table")) &&
           !str_eq(path_kind(path), STR("view")))
        path = path_parent(path);
    return path;
}

struct str lq_spelled(struct ddl *d, const struct view *v, struct str path)
{
    const struct obj *o = view_get(v, path);
    return o ? obj_name(d->mem, o) : path_name(d->mem, path);
}

struct str lq_column_list(struct ddl *d, const struct view *v, struct str table, struct str raw)
{
    struct strbuf b = sb_new(d->mem, 0);
    struct jc_iter it = jc_iter(raw);
    struct str key, one;
    while (jc_next(&it, &key, &one)) {
        if (b.n)
            sb_c(&b, ", ");
        sb_str(&b, lq_spelled(d, v, path_join(d->mem, table, STR("column"), jc_text(d->mem, one))));
    }
    return sb_view(&b);
}

struct str lq_quoted(struct ddl *d, struct str name)
{
    const char *quote = lq_dialect(d->eng)->quote;
    struct strbuf b = sb_new(d->mem, 0);
    sb_char(&b, quote[0]);
    for (size_t i = 0; i < name.n; i++) {
        if (name.p[i] == quote[1])
            sb_char(&b, quote[1]);
        sb_char(&b, name.p[i]);
    }
    sb_char(&b, quote[1]);
    return sb_view(&b);
}

static struct str schema_of(struct arena *mem, struct str path)
{
    struct str top = path_top(path);
    return str_eq(path_kind(top), STR("schema")) ? path_name(mem, top) : STR_NULL;
}

struct str lq_qualified(struct ddl *d, const struct view *v, struct str path)
{
    struct str schema = schema_of(d->mem, path), name = lq_quoted(d, lq_spelled(d, v, path));
    if (str_is_null(schema))
        return name;
    return arena_printf(d->mem, "%.*s.%.*s",
                        STR_ARG(lq_quoted(d, lq_spelled(d, v, path_top(path)))), STR_ARG(name));
}

void lq_schema_key(struct lq_change *c, const char *key, struct str path)
{
    struct str schema = schema_of(c->d->mem, path);
    if (!str_is_null(schema))
        lq_text_key(c, key, lq_spelled(c->d, c->d->after, path_top(path)));
}

struct str lq_key_name(struct arena *mem, const struct obj *o)
{
    return path_is_unnamed(o->path) ? obj_src(mem, o, "name") : obj_name(mem, o);
}

bool lq_is_old(const struct ddl *d, struct str table)
{
    return !d->origin || cat_find(d->origin, table);
}

int lq_refused(const struct ddl *d, const struct change *c, const char *what, const char *hint,
               struct err *e)
{
    struct strbuf name = sb_new(d->mem, 0);
    obj_human(&name, change_obj(c));
    err_set(e, E_UNSUPPORTED_CHANGE, "%.*s: %s", STR_ARG(sb_view(&name)), what);
    return hint ? err_hint(e, "%s", hint) : -1;
}

/* Words of texts are compared in lower case: which of them are names in which case, only the
 * server knows, and an edge too many gives way. */
struct str lq_called(struct arena *mem, const struct obj *o)
{
    struct str kind = path_kind(o->path);
    if (str_eq(kind, STR("schema")) || path_is_unnamed(o->path))
        return STR_NULL;
    return lq_fold_case(mem, path_name(mem, o->path));
}

void lq_uses(struct arena *mem, const struct obj *o, struct name_uses *out)
{
    static const char *const texts[] = {"query", "body", "expr", "default", "generated", "target"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct str text = obj_text(mem, o, texts[i]);
        struct lexer l = lex_open(text);
        for (struct tok t = lex_next(&l); text.n && t.type != T_END; t = lex_next(&l)) {
            if (t.type != T_WORD && t.type != T_QUOTED)
                continue;
            struct str word = lq_fold_case(mem, tok_name(mem, t));
            bool known = str_eq(word, lq_called(mem, o));
            for (uint32_t k = 0; k < out->n && !known; k++)
                known = str_eq(out->v[k], word);
            if (!known)
                VEC_PUSH(mem, *out, word);
        }
    }
}

void lq_relate(const struct catalog *cat, const struct obj *o, struct arena *mem,
               struct relation *r)
{
    struct str schema = obj_text(mem, o, "ref_schema");
    if (r->role == ROLE_COLUMN)
        r->counts = obj_true(o, "identity");
    if (r->role == ROLE_INDEX)
        for (uint32_t i = 0; i < r->nterms; i++) {
            struct strbuf raw = sb_new(mem, 0);
            jc_put_list(&raw, &r->terms[i].text, 1);
            struct str one = str_sub(sb_view(&raw), 1, raw.n - 1);
            if (jc_has(obj_raw(o, "expressions"), one))
                r->terms[i].column = STR_NULL;
            r->terms[i].desc = jc_has(obj_raw(o, "descending"), one);
        }
    if (r->role == ROLE_INDEX) {
        r->special = !str_is_null(obj_raw(o, "method"));
        r->extra = obj_true(o, "clustered") || !str_is_null(obj_raw(o, "included")) ||
                   !str_is_null(obj_raw(o, "tablespace"));
    }
    if (r->role != ROLE_FOREIGN_KEY || str_is_null(schema))
        return;
    struct str top = schema.n ? path_join(mem, STR(""), STR("schema"), schema) : STR("");
    r->ref = path_join(mem, top, STR("table"), cat->eng->fold(mem, obj_text(mem, o, "ref_table")));
}

/* A catalog's version begins with the product's shortName: "h2 2.3.232". */
struct str lq_dbms(struct arena *mem, struct str version)
{
    return arena_str(mem, str_sub(version, 0, str_chr(version, ' ')));
}

int lq_comparable(const struct catalog *a, const struct catalog *b, struct arena *mem,
                  struct err *e)
{
    struct str x = lq_dbms(mem, a->version), y = lq_dbms(mem, b->version);
    if (str_eq(x, y) || !a->n || !b->n)
        return 0;
    return err_set(e, E_CANNOT_COMPARE, "%.*s is of %.*s and %.*s of %.*s", STR_ARG(a->label),
                   STR_ARG(x), STR_ARG(b->label), STR_ARG(y));
}
