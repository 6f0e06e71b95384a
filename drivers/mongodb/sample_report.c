/* Reports of what documents hold: paths, reading, and for people; see sample_parts.h. */

#include "drivers/mongodb/sample_parts.h"

#include <stdlib.h>

#include "core/escape.h"

void mg_put_type(struct strbuf *out, enum mv_type type, int64_t subtype)
{
    static const char *const names[] = {
        [MV_DOUBLE] = "double",
        [MV_STRING] = "string",
        [MV_DOCUMENT] = "object",
        [MV_ARRAY] = "array",
        [MV_BINARY] = "binData",
        [MV_UNDEFINED] = "undefined",
        [MV_OBJECTID] = "objectId",
        [MV_BOOL] = "bool",
        [MV_DATE] = "date",
        [MV_NULL] = "null",
        [MV_REGEX] = "regex",
        [MV_DBPOINTER] = "dbPointer",
        [MV_CODE] = "javascript",
        [MV_SYMBOL] = "symbol",
        [MV_CODE_SCOPE] = "javascriptWithScope",
        [MV_INT32] = "int",
        [MV_TIMESTAMP] = "timestamp",
        [MV_INT64] = "long",
        [MV_DECIMAL] = "decimal",
    };
    sb_c(out, type == MV_MINKEY ? "minKey" : type == MV_MAXKEY ? "maxKey" : names[type]);
    if (type == MV_BINARY)
        sb_printf(out, "(%d)", (int)subtype);
}

void mg_put_text(struct strbuf *out, struct str text)
{
    struct mv v = {.type = MV_STRING, .text = text};
    mv_put_json(out, &v);
}

static bool is_plain(struct str key)
{
    for (size_t i = 0; i < key.n; i++) {
        unsigned char c = (unsigned char)key.p[i];
        if (c <= ' ' || c == 0x7f || str_chr(STR(".[]*\"\\"), (char)c) < 6)
            return false;
    }
    return key.n > 0;
}

void mg_path_put_key(struct strbuf *path, struct str key)
{
    if (path->n)
        sb_char(path, '.');
    if (is_plain(key))
        sb_str(path, key);
    else
        mg_put_text(path, key);
}

void mg_path_put_star(struct strbuf *path)
{
    sb_c(path, path->n ? ".*" : "*");
}

struct str mg_path_parent(struct str path, struct str *last)
{
    size_t from = 0, end = 0; /* of the last part, and of what is before it */
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] == '"') {
            for (i++; i < path.n && path.p[i] != '"'; i++)
                i += path.p[i] == '\\' ? 1 : 0;
        } else if (path.p[i] == '.') {
            end = i;
            from = i + 1;
        } else if (path.p[i] == '[') {
            end = from = i;
        }
    }
    *last = str_from(path, from);
    return str_sub(path, 0, end);
}

/* ---- reading ---- */

static int wrong(struct err *e)
{
    err_set(e, E_NOT_UNDERSTOOD, "this is no report of snap infer, or one that was changed");
    return err_hint(e, "write it anew: snap infer SOURCE -o FILE");
}

/* A count: no less than 0. */
static bool read_count(const struct mv *of, const char *key, uint64_t *out)
{
    const struct mv *v = mv_get(of, key);
    *out = v && v->i >= 0 ? (uint64_t)v->i : 0;
    return v && (v->type == MV_INT32 || v->type == MV_INT64) && v->i >= 0;
}

static bool read_field(struct arena *mem, const struct mv *v, struct seen_field *out)
{
    const struct mv *types = mv_get(v, "types");
    out->path = mv_string(mv_get(v, "path"));
    if (!out->path.n || !types || types->type != MV_DOCUMENT || !read_count(v, "in", &out->in) ||
        !read_count(v, "documents", &out->documents) || !read_count(v, "missing", &out->missing) ||
        out->documents > out->in || out->missing > out->in)
        return false;
    out->types = NEW_ARRAY(mem, struct seen_type, types->n);
    for (const struct mv *t = types->first; t; t = t->next) {
        if ((t->type != MV_INT32 && t->type != MV_INT64) || t->i < 0 || (uint64_t)t->i > out->in)
            return false;
        out->types[out->ntypes++] = (struct seen_type){t->key, (uint64_t)t->i};
    }
    return true;
}

static int by_path(const void *a, const void *b)
{
    return str_cmp(((const struct seen_field *)a)->path, ((const struct seen_field *)b)->path);
}

static bool read_seen(struct arena *mem, const struct mv *v, struct seen *out)
{
    const struct mv *fields = mv_get(v, "fields"), *all = mv_get(v, "all"),
                    *more = mv_get(v, "more"), *estimate = mv_get(v, "estimate");
    out->collection = mv_string(mv_get(v, "collection"));
    out->hash = mv_string(mv_get(v, "hash"));
    if (str_is_null(out->collection) || !fields || fields->type != MV_ARRAY || !all || !more ||
        !estimate || !read_count(v, "documents", &out->documents))
        return false;
    out->all = mv_truth(all);
    out->more = mv_truth(more);
    out->timeseries = mv_truth(mv_get(v, "timeseries"));
    out->validator = mv_truth(mv_get(v, "validator"));
    out->estimate = mv_is_number(estimate) ? estimate->i : -1;
    out->fields = NEW_ARRAY(mem, struct seen_field, fields->n);
    for (const struct mv *f = fields->first; f; f = f->next)
        if (!read_field(mem, f, &out->fields[out->nfields++]))
            return false;
    if (out->nfields)
        qsort(out->fields, out->nfields, sizeof *out->fields, by_path);
    return true;
}

static int by_collection(const void *a, const void *b)
{
    return str_cmp(((const struct seen *)a)->collection, ((const struct seen *)b)->collection);
}

int mg_report_read(struct arena *mem, struct str text, struct report *out, struct err *e)
{
    struct mv *v;
    *out = (struct report){0};
    if (mv_from_json(mem, text, &v, e))
        return -1;
    const struct mv *all = mv_get(v, "collections"), *version = mv_get(v, "snap_infer");
    if (!all || all->type != MV_ARRAY || !version || version->i != 1)
        return wrong(e);
    out->v = NEW_ARRAY(mem, struct seen, all->n);
    for (const struct mv *c = all->first; c; c = c->next)
        if (!read_seen(mem, c, &out->v[out->n++]))
            return wrong(e);
    if (out->n)
        qsort(out->v, out->n, sizeof *out->v, by_collection);
    return 0;
}

const struct seen_field *mg_seen_field(const struct seen *s, struct str path)
{
    struct seen_field key = {.path = path};
    return s->nfields ? bsearch(&key, s->fields, s->nfields, sizeof key, by_path) : NULL;
}

uint64_t mg_seen_in(const struct seen *s, struct str path)
{
    struct str last, parent = mg_path_parent(path, &last);
    const struct seen_field *f = mg_seen_field(s, parent);
    struct str type = str_eq_c(last, "[]") ? STR("array") : STR("object");
    if (!parent.n)
        return s->documents;
    for (uint32_t i = 0; f && i < f->ntypes; i++)
        if (str_eq(f->types[i].name, type))
            return f->types[i].documents;
    return 0;
}

/* ---- for people ---- */

static void put_safe(struct strbuf *out, struct str text)
{
    esc_terminal(out, text);
}

static void show_field(const struct seen *s, const struct seen_field *f, size_t width,
                       struct strbuf *out)
{
    const char *comma = "";
    struct strbuf path = sb_new(out->mem, 0);
    put_safe(&path, f->path);
    sb_c(out, "  ");
    sb_str(out, sb_view(&path));
    sb_pad(out, ' ', width > esc_width(f->path) ? width - esc_width(f->path) + 2 : 2);
    for (uint32_t i = 0; i < f->ntypes; i++) {
        sb_c(out, comma);
        put_safe(out, f->types[i].name);
        sb_char(out, ' ');
        mg_put_share(out, (struct share){f->types[i].documents, f->in, s->all});
        comma = ", ";
    }
    if (f->missing) {
        sb_printf(out, "%smissing ", comma);
        mg_put_share(out, (struct share){f->missing, f->in, s->all});
    }
    sb_char(out, '\n');
}

static int show(struct str text, struct arena *mem, struct strbuf *out, struct err *e)
{
    enum { WIDEST = 40 };
    struct report r;
    if (mg_report_read(mem, text, &r, e))
        return -1;
    for (uint32_t i = 0; i < r.n; i++) {
        const struct seen *s = &r.v[i];
        size_t width = 0;
        if (i)
            sb_char(out, '\n');
        put_safe(out, s->collection);
        sb_printf(out, ": %llu", (unsigned long long)s->documents);
        if (!s->all && s->estimate >= 0)
            sb_printf(out, " of about %lld", (long long)s->estimate);
        sb_c(out, s->all ? " documents, all of them" : " documents");
        sb_c(out, s->more ? "; not all of their fields\n" : "\n");
        for (uint32_t k = 0; k < s->nfields; k++) {
            size_t w = esc_width(s->fields[k].path);
            width = w > width && w <= WIDEST ? w : width;
        }
        for (uint32_t k = 0; k < s->nfields; k++)
            show_field(s, &s->fields[k], width, out);
    }
    return 0;
}

const struct infer_ops mg_infer = {
    .show = show,
    .compare = mg_infer_compare,
    .propose = mg_infer_propose,
};
