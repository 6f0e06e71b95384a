/* What policies of Open Policy Agent read: statements as text, and beside them the model that they
 * were made from. */

#include "core/escape.h"
#include "policy/internal.h"

static void put(struct strbuf *b, const char *key, struct str value)
{
    struct strbuf safe = sb_new(b->mem, 0);
    if (str_is_null(value))
        return;
    jc_put_key(b, str_c(key));
    if (!str_is_utf8(value))
        esc_terminal(&safe, value);
    esc_json(b, safe.n ? sb_view(&safe) : value);
}

static void put_flag(struct strbuf *b, const char *key, bool value)
{
    jc_put_key(b, str_c(key));
    sb_c(b, value ? "true" : "false");
}

/* Opens a value that stands at its key, or in a list behind others. */
static void open_key(struct strbuf *b, const char *key, char c)
{
    jc_put_key(b, str_c(key));
    sb_char(b, c);
}

static void open_item(struct strbuf *b, bool first, char c)
{
    sb_c(b, first ? "" : ",");
    sb_char(b, c);
}

bool policy_plain_index(const struct relation *r)
{
    bool plain =
        r->role == ROLE_INDEX && r->nterms && !r->unique && !r->where.n && !r->special && !r->extra;
    for (uint32_t i = 0; i < r->nterms && plain; i++) {
        struct str text = r->terms[i].text, column = r->terms[i].column;
        bool quoted = text.n == column.n + 2 && str_eq(str_sub(text, 1, text.n - 1), column);
        plain = column.n && (str_eq(text, column) || quoted);
    }
    return plain;
}

/* Whether a name stands in a statement without quotes. */
static bool is_plain_name(const struct catalog *cat, struct str name)
{
    const struct engine *eng = cat->eng;
    bool plain = name.n && !ascii_is_digit(name.p[0]) &&
                 !(eng->reserved && eng->reserved(cat->version, name));
    for (size_t i = 0; i < name.n && plain; i++) {
        char c = name.p[i];
        bool capital = ascii_is_alpha(c) && c != ascii_lower(c);
        plain = (ascii_is_alpha(c) || ascii_is_digit(c) || c == '_') && !(capital && eng->lowers);
    }
    return plain;
}

/* create index name on table(a,b); is what policies on text know. Absent where a name needs quotes:
 * how they are written is the engine's matter. */
static struct str short_index(const struct catalog *cat, const struct obj *o,
                              const struct relation *r, struct arena *mem)
{
    struct strbuf sql = sb_new(mem, 0);
    struct str schema = name_schema(cat, o->path, mem), table = name_table(cat, o->path, mem);
    bool plain = is_plain_name(cat, r->name) && is_plain_name(cat, table);
    sb_printf(&sql, "CREATE INDEX %.*s ON ", STR_ARG(r->name));
    if (schema.n && !(cat->eng->home && str_eq_c(schema, cat->eng->home))) {
        plain = plain && is_plain_name(cat, schema);
        sb_printf(&sql, "%.*s.", STR_ARG(schema));
    }
    sb_printf(&sql, "%.*s(", STR_ARG(table));
    for (uint32_t i = 0; i < r->nterms; i++) {
        struct str column = name_column(cat, path_parent(o->path), r->terms[i].column, mem);
        plain = plain && is_plain_name(cat, column);
        sb_printf(&sql, "%s%.*s", i ? "," : "", STR_ARG(column));
    }
    sb_c(&sql, ");");
    return plain ? sb_view(&sql) : STR_NULL;
}

static bool begins(struct str text, const char *words)
{
    struct str want = str_c(words);
    return text.n > want.n && str_eq_fold(str_sub(text, 0, want.n), want);
}

static void put_item(struct strbuf *out, struct str text, bool *first)
{
    sb_c(out, *first ? "" : ",\n");
    *first = false;
    esc_json(out, text);
}

/* New indexes of a step that plain words make. Where the step makes one and does nothing else, its
 * CREATE INDEX has the same words and more: it is left out. */
static void put_sql(const struct plan *plan, const struct step *s, struct strbuf *out,
                    struct arena *mem, bool *first)
{
    uint32_t plain = 0;
    for (uint32_t i = 0; i < s->nmembers; i++) {
        const struct member *m = &s->members[i];
        struct relation r = {0};
        struct str text = STR_NULL;
        if (m->after && !m->before && role_of(plan->eng, m->after) == ROLE_INDEX)
            r = relation_of(plan->to, m->after, mem);
        if (policy_plain_index(&r))
            text = short_index(plan->to, m->after, &r, mem);
        if (!text.n)
            continue;
        put_item(out, text, first);
        plain++;
    }
    for (uint32_t i = 0; i < s->nfwd; i++) {
        struct str text = str_trim(s->fwd[i].text);
        if (s->fwd[i].lang != LANG_SQL)
            continue;
        if (plain == 1 && s->nmembers == 1 && begins(text, "create index"))
            continue;
        while (str_ends(text, STR(";")))
            text.n--;
        put_item(out, arena_printf(mem, "%.*s;", STR_ARG(text)), first);
    }
}

static void put_side(struct strbuf *b, const char *key, const struct side *s)
{
    open_key(b, key, '{');
    put(b, "label", s->label);
    put(b, "version", s->version);
    jc_put_key(b, STR("fingerprint"));
    sb_char(b, '"');
    hash_hex(b, s->fingerprint, HASH_HEX);
    sb_c(b, "\"}");
}

static void put_terms(struct strbuf *b, const struct catalog *cat, const struct obj *o,
                      const struct relation *r)
{
    open_key(b, "columns", '[');
    for (uint32_t i = 0; i < r->nterms; i++) {
        sb_c(b, i ? "," : "");
        if (r->terms[i].column.n)
            esc_json(b, r->terms[i].column);
        else
            sb_c(b, "null");
    }
    sb_char(b, ']');
    open_key(b, "terms", '[');
    for (uint32_t i = 0; i < r->nterms; i++) {
        open_item(b, i == 0, '{');
        put(b, "text", r->terms[i].text);
        put(b, "words", name_term(cat, o, &r->terms[i], b->mem));
        put_flag(b, "descending", r->terms[i].desc);
        sb_char(b, '}');
    }
    sb_char(b, ']');
}

/* An object in words of every engine, with its facts as they are behind them. */
static void put_object(struct strbuf *b, const char *key, const struct catalog *cat,
                       const struct obj *o, struct arena *mem)
{
    struct relation r = relation_of(cat, o, mem);
    open_key(b, key, '{');
    put(b, "name", r.name);
    if (r.nterms) {
        put_terms(b, cat, o, &r);
        put_flag(b, "unique", r.unique);
        put(b, "where", r.where.n ? r.where : STR_NULL);
        put_flag(b, "plain", policy_plain_index(&r));
    }
    if (r.ref.n) {
        put(b, "refTable", name_table(cat, r.ref, mem));
        jc_put_key(b, STR("refColumns"));
        jc_put_list(b, r.ref_columns, r.nref);
        put(b, "onDelete", r.on_delete);
        put(b, "onUpdate", r.on_update);
    }
    if (r.role == ROLE_COLUMN) {
        put(b, "type", r.type);
        put(b, "default", r.dflt);
        put_flag(b, "notNull", r.notnull);
    }
    put(b, "comment", r.comment);
    jc_put_key(b, STR("facts"));
    sb_str(b, o->a);
    sb_char(b, '}');
}

static void put_change(struct strbuf *b, const struct plan *plan, const struct change *c,
                       struct arena *mem)
{
    static const char *const ops[] = {"add", "drop", "alter"};
    const struct catalog *was = plan->states[plan->nrenames];
    const struct obj *o = change_obj(c);
    put(b, "op", str_c(ops[c->op]));
    put(b, "path", o->path);
    put(b, "kind", path_kind(o->path));
    put(b, "schema", name_schema(plan->to, o->path, mem));
    put(b, "table", name_table(c->after ? plan->to : was, o->path, mem));
    if (c->before)
        put_object(b, "before", was, c->before, mem);
    if (c->after)
        put_object(b, "after", plan->to, c->after, mem);
    open_key(b, "attributes", '[');
    for (uint32_t i = 0; i < c->nattrs; i++) {
        sb_c(b, i ? "," : "");
        esc_json(b, str_c(c->attrs[i].attr->name));
    }
    sb_char(b, ']');
}

static void put_statements(struct strbuf *b, const char *key, const struct stmt *v, uint32_t n)
{
    open_key(b, key, '[');
    for (uint32_t i = 0; i < n; i++) {
        sb_c(b, i ? "," : "");
        esc_json(b, v[i].text);
    }
    sb_char(b, ']');
}

static void put_hazards(struct strbuf *b, const struct hazard *v, uint32_t n)
{
    open_key(b, "hazards", '[');
    for (uint32_t i = 0; i < n; i++) {
        open_item(b, i == 0, '{');
        put(b, "code", str_c(hazard_name(v[i].code)));
        sb_printf(b, ",\"severity\":%d", hazard_severity(v[i].code));
        put(b, "path", v[i].path);
        put(b, "detail", v[i].detail);
        sb_char(b, '}');
    }
    sb_char(b, ']');
}

static void put_step(struct strbuf *b, const struct step *s)
{
    jc_put_key(b, STR("id"));
    sb_char(b, '"');
    hash_hex(b, s->id, HASH_HEX);
    sb_char(b, '"');
    put(b, "title", s->title);
    put(b, "subject", s->subject);
    put_statements(b, "statements", s->fwd, s->nfwd);
    put_statements(b, "rollback", s->back, s->nback);
    put(b, "reversal", str_c(reversal_name(s->rev)));
    put_hazards(b, s->hz, s->nhz);
}

void policy_opa_plan(const struct plan *plan, struct str env, struct strbuf *out, struct arena *mem)
{
    const struct changes *c = plan->changes;
    bool first = true;
    sb_c(out, "{\"sqlStatements\":[\n");
    for (uint32_t i = 0; i < plan->n && plan->eng->lang != LANG_COMMAND; i++)
        put_sql(plan, &plan->v[i], out, mem, &first);
    sb_c(out, "],\n\"snap\":{\"version\":1");
    put(out, "engine", str_c(plan->eng->name));
    put(out, "environment", env.n ? env : STR_NULL);
    put_side(out, "from", &c->from);
    put_side(out, "to", &c->to);
    open_key(out, "changes", '[');
    for (uint32_t i = 0; i < c->n; i++) {
        sb_c(out, i ? ",\n{" : "\n{");
        put_change(out, plan, &c->v[i], mem);
        sb_char(out, '}');
    }
    sb_char(out, ']');
    open_key(out, "steps", '[');
    for (uint32_t i = 0; i < plan->n; i++) {
        sb_c(out, i ? ",\n{" : "\n{");
        put_step(out, &plan->v[i]);
        sb_char(out, '}');
    }
    sb_c(out, "]}}\n");
}
