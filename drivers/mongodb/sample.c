/* Fields and types of documents that go by; see sample.h. */

#include "drivers/mongodb/sample.h"

#include <stdlib.h>

#include "core/hash.h"
#include "drivers/mongodb/sample_parts.h"

/* In how many documents a field is of a type. */
struct count {
    enum mv_type type;
    int64_t subtype; /* of a binary */
    uint64_t documents, last;
    struct count *next;
};

/* How often a field is a document, or an array, in the document that goes by. */
struct turn {
    uint64_t document, times;
};

struct field {
    struct field *parent;
    struct str key; /* "[]": members of an array; "*": all fields that look like data */
    bool star, data;
    struct count *counts;
    uint64_t documents, last, missing, missing_last;
    uint64_t here; /* the number of the document that it was last seen as a field of */
    struct turn as_document, as_array;
    struct field *first, *next; /* the fields of a document */
    uint32_t nfields, ndata;
    struct field *members, *all_data;
};

/* By parent and key. */
struct table {
    struct field **v;
    size_t n, cap;
};

struct mg_sample {
    struct arena *mem;
    struct str collection;
    struct field root;
    struct table table;
    uint64_t documents, weight; /* so many, and so many of the one that goes by */
    uint64_t turn, serial;      /* numbers of the one that goes by, and of a document within it */
    bool more;                  /* not all fields were looked at */
    bool timeseries, validator;
};

struct mg_sample *mg_sample_new(struct arena *mem, struct str collection)
{
    struct mg_sample *s = NEW(mem, struct mg_sample);
    s->mem = mem;
    s->collection = arena_str(mem, collection);
    return s;
}

void mg_sample_note(struct mg_sample *s, bool timeseries, bool validator)
{
    s->timeseries = timeseries;
    s->validator = validator;
}

uint64_t mg_sample_documents(const struct mg_sample *s)
{
    return s->documents;
}

static size_t slot_of(const struct table *t, const struct field *parent, struct str key)
{
    struct hash128 at = {(uintptr_t)parent, 0};
    size_t i = hash_mix(at, hash_bytes(key)).lo & (t->cap - 1);
    while (t->v[i] && (t->v[i]->parent != parent || !str_eq(t->v[i]->key, key)))
        i = (i + 1) & (t->cap - 1);
    return i;
}

static void make_room(struct mg_sample *s)
{
    struct table old = s->table;
    if (old.cap && old.n < old.cap / 2)
        return;
    s->table.cap = old.cap ? old.cap * 2 : 64;
    s->table.v = NEW_ARRAY(s->mem, struct field *, s->table.cap);
    for (size_t i = 0; i < old.cap; i++)
        if (old.v[i])
            s->table.v[slot_of(&s->table, old.v[i]->parent, old.v[i]->key)] = old.v[i];
}

static struct count *count_of(struct mg_sample *s, struct field *f, enum mv_type type,
                              int64_t subtype)
{
    struct count **at = &f->counts;
    while (*at && ((*at)->type != type || (*at)->subtype != subtype))
        at = &(*at)->next;
    if (!*at) {
        *at = NEW(s->mem, struct count);
        (*at)->type = type;
        (*at)->subtype = subtype;
    }
    return *at;
}

/* A new field: it was missing wherever its parent has been so far, which is there for the nth time
 * in this document. */
static struct field *field_new(struct mg_sample *s, struct field *parent, struct str key,
                               enum mv_type of, uint64_t nth)
{
    struct field *f = NEW(s->mem, struct field);
    uint64_t there = parent == &s->root ? s->documents : count_of(s, parent, of, 0)->documents;
    f->parent = parent;
    f->key = arena_str(s->mem, key);
    f->missing = nth > 1 ? there : there - s->weight;
    f->missing_last = nth > 1 ? s->turn : 0;
    return f;
}

static uint64_t next_turn(struct turn *t, uint64_t document)
{
    t->times = t->document == document ? t->times + 1 : 1;
    t->document = document;
    return t->times;
}

static void is_missing(struct mg_sample *s, struct field *f)
{
    if (!f || f->missing_last == s->turn)
        return;
    f->missing_last = s->turn;
    f->missing += s->weight;
}

/* Names that are data rather than names: numbers, dates, ids, addresses. */
static bool looks_like_data(struct str key)
{
    enum { LONG = 64, MANY = 4 };
    size_t digits = 0;
    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] == '@')
            return true;
        digits += ascii_is_digit(key.p[i]) ? 1 : 0;
    }
    return key.n > LONG || digits >= MANY || (digits && 2 * digits >= key.n);
}

/* From here on all that look like data are one. */
static void fold_data(struct field *parent)
{
    struct field **at = &parent->first;
    while (*at)
        if ((*at)->data)
            *at = (*at)->next;
        else
            at = &(*at)->next;
}

/* The field of this name, made where it is new; NULL beyond the limits. */
static struct field *field_of(struct mg_sample *s, struct field *parent, struct str key, bool data,
                              uint64_t nth)
{
    make_room(s);
    size_t i = slot_of(&s->table, parent, key);
    struct field *f = s->table.v[i];
    if (f)
        return f;
    if (parent->nfields >= SAMPLE_KEYS || s->table.n >= SAMPLE_FIELDS) {
        s->more = true;
        return NULL;
    }
    f = field_new(s, parent, key, MV_DOCUMENT, nth);
    f->data = data;
    f->next = parent->first;
    parent->first = f;
    parent->nfields++;
    s->table.v[i] = f;
    s->table.n++;
    if (data && ++parent->ndata >= SAMPLE_MAP_KEYS)
        fold_data(parent);
    return f;
}

static void look(struct mg_sample *s, struct field *f, const struct mv *v, unsigned depth,
                 bool within_data);

static void look_at_fields(struct mg_sample *s, struct field *f, const struct mv *doc,
                           unsigned depth, bool within_data)
{
    uint64_t nth = next_turn(&f->as_document, s->turn), serial = ++s->serial;
    /* Such names are counted one by one and as one, until they are many. Within one of them they
     * are one at once: otherwise each level doubled the work. */
    if (within_data)
        f->ndata = SAMPLE_MAP_KEYS;
    for (const struct mv *m = doc->first; m; m = m->next) {
        bool data = looks_like_data(m->key);
        struct field *child =
            data && f->ndata >= SAMPLE_MAP_KEYS ? NULL : field_of(s, f, m->key, data, nth);
        if (child) {
            child->here = serial;
            look(s, child, m, depth, within_data || data);
        }
        if (!data)
            continue;
        if (!f->all_data) {
            f->all_data = field_new(s, f, STR("*"), MV_DOCUMENT, nth);
            f->all_data->star = true;
        }
        f->all_data->here = serial;
        look(s, f->all_data, m, depth, within_data);
    }
    for (struct field *c = f->first; c; c = c->next)
        if (c->here != serial)
            is_missing(s, c);
    if (f->all_data && f->all_data->here != serial)
        is_missing(s, f->all_data);
}

static void look_at_members(struct mg_sample *s, struct field *f, const struct mv *list,
                            unsigned depth, bool within_data)
{
    uint64_t nth = next_turn(&f->as_array, s->turn);
    if (!f->members && list->first)
        f->members = field_new(s, f, STR("[]"), MV_ARRAY, nth);
    if (!list->first)
        is_missing(s, f->members);
    for (const struct mv *m = list->first; m; m = m->next)
        look(s, f->members, m, depth, within_data);
}

static void look(struct mg_sample *s, struct field *f, const struct mv *v, unsigned depth,
                 bool within_data)
{
    struct count *c = count_of(s, f, v->type, v->type == MV_BINARY ? v->i : 0);
    f->documents += f->last != s->turn ? s->weight : 0;
    c->documents += c->last != s->turn ? s->weight : 0;
    f->last = c->last = s->turn;
    if (v->type != MV_DOCUMENT && v->type != MV_ARRAY)
        return;
    if (depth >= SAMPLE_DEPTH)
        s->more |= v->first != NULL;
    else if (v->type == MV_DOCUMENT)
        look_at_fields(s, f, v, depth + 1, within_data);
    else
        look_at_members(s, f, v, depth + 1, within_data);
}

void mg_sample_add(struct mg_sample *s, const struct mv *doc, uint64_t times)
{
    if (!times)
        return;
    s->documents += times;
    s->weight = times;
    s->turn++;
    look_at_fields(s, &s->root, doc, 1, false);
}

/* ---- the report ---- */

static int by_type(const void *a, const void *b)
{
    const struct count *x = *(const struct count *const *)a, *y = *(const struct count *const *)b;
    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    return x->subtype < y->subtype ? -1 : x->subtype > y->subtype;
}

struct lines {
    const struct mg_sample *s;
    struct strbuf *out;
    struct strbuf path;
    struct hasher *hash; /* of fields and types */
};

static void put_types(struct lines *l, const struct field *f)
{
    VEC(const struct count *) all = {0};
    struct strbuf *out = l->out;
    for (const struct count *c = f->counts; c; c = c->next)
        VEC_PUSH(out->mem, all, c);
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_type);
    for (uint32_t i = 0; i < all.n; i++) {
        sb_c(out, i ? ",\"" : "\"");
        hasher_add(l->hash, arena_printf(out->mem, " %d", (int)all.v[i]->type));
        mg_put_type(out, all.v[i]->type, all.v[i]->subtype);
        sb_c(out, "\":");
        sb_int(out, (int64_t)all.v[i]->documents);
    }
}

static int by_key(const void *a, const void *b)
{
    const struct field *x = *(const struct field *const *)a, *y = *(const struct field *const *)b;
    if (x->star != y->star)
        return x->star ? 1 : -1;
    return str_cmp(x->key, y->key);
}

static void put_field(struct lines *l, const struct field *f, uint64_t in);

static uint64_t documents_of(const struct field *f, enum mv_type type)
{
    for (const struct count *c = f->counts; c; c = c->next)
        if (c->type == type)
            return c->documents;
    return 0;
}

static void put_children(struct lines *l, const struct field *f, uint64_t in)
{
    VEC(const struct field *) all = {0};
    for (const struct field *c = f->first; c; c = c->next)
        VEC_PUSH(l->out->mem, all, c);
    if (f->all_data && f->ndata >= SAMPLE_MAP_KEYS)
        VEC_PUSH(l->out->mem, all, f->all_data);
    if (all.n)
        qsort(all.v, all.n, sizeof *all.v, by_key);
    for (uint32_t i = 0; i < all.n; i++)
        put_field(l, all.v[i], in);
    if (f->members)
        put_field(l, f->members, documents_of(f, MV_ARRAY));
}

static void put_field(struct lines *l, const struct field *f, uint64_t in)
{
    struct strbuf *out = l->out;
    size_t length = l->path.n;
    if (f->star)
        mg_path_put_star(&l->path);
    else if (f->parent->members == f)
        sb_c(&l->path, "[]");
    else
        mg_path_put_key(&l->path, f->key);
    sb_c(out, out->p[out->n - 1] == '[' ? "\n{\"path\":" : ",\n{\"path\":");
    mg_put_text(out, sb_view(&l->path));
    sb_c(out, ",\"in\":");
    sb_int(out, (int64_t)in);
    sb_c(out, ",\"documents\":");
    sb_int(out, (int64_t)f->documents);
    sb_c(out, ",\"missing\":");
    sb_int(out, (int64_t)f->missing);
    sb_c(out, ",\"types\":{");
    hasher_add(l->hash, sb_view(&l->path));
    put_types(l, f);
    sb_c(out, "}}");
    put_children(l, f, documents_of(f, MV_DOCUMENT));
    sb_cut(&l->path, length);
}

void mg_report_begin(struct strbuf *out)
{
    sb_c(out, "{\"snap_infer\":1,\"engine\":\"mongodb\",\"collections\":[");
}

void mg_report_collection(struct strbuf *out, const struct mg_sample *s, bool census,
                          int64_t estimate)
{
    struct lines l = {s, out, sb_new(out->mem, 0), hasher_new(out->mem)};
    sb_c(out, out->p[out->n - 1] == '[' ? "\n{\"collection\":" : ",\n{\"collection\":");
    mg_put_text(out, s->collection);
    sb_c(out, ",\"documents\":");
    sb_int(out, (int64_t)s->documents);
    sb_c(out, census ? ",\"all\":true,\"estimate\":" : ",\"all\":false,\"estimate\":");
    sb_int(out, estimate);
    sb_c(out, s->timeseries ? ",\"timeseries\":true" : "");
    sb_c(out, s->validator ? ",\"validator\":true" : "");
    sb_c(out, s->more ? ",\"more\":true,\"fields\":[" : ",\"more\":false,\"fields\":[");
    put_children(&l, &s->root, s->documents);
    sb_c(out, "\n],\"hash\":\"");
    hash_hex(out, hasher_done(l.hash), 16);
    sb_c(out, "\"}");
}

void mg_report_end(struct strbuf *out)
{
    sb_c(out, "\n]}\n");
}
