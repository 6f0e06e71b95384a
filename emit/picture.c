/* A schema as people draw it; see picture.h. */

#include "emit/picture.h"

#include <stdlib.h>

const char *mark_word(enum mark mark)
{
    static const char *const words[] = {"", "added", "dropped", "changed"};
    return words[mark];
}

/* First change at or below the path, or c->n. */
static uint32_t change_lower(const struct changes *c, struct str path)
{
    uint32_t lo = 0, hi = c ? c->n : 0;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (path_cmp(change_obj(&c->v[mid])->path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

static enum mark mark_of(const struct changes *c, struct str path)
{
    uint32_t at = change_lower(c, path);
    if (!c || at == c->n || !path_within(change_obj(&c->v[at])->path, path))
        return MARK_SAME;
    if (!str_eq(change_obj(&c->v[at])->path, path))
        return MARK_CHANGED;
    static const enum mark marks[] = {MARK_ADDED, MARK_DROPPED, MARK_CHANGED};
    return marks[c->v[at].op];
}

static struct pic_part part_of(const struct picture *p, const struct obj *o, bool gone)
{
    return (struct pic_part){.obj = o,
                             .mark = mark_of(p->changes, o->path),
                             .rel = relation_of(gone ? p->from : p->to, o, p->mem)};
}

/* A step through both catalogs at once: the object of `to`, or that of `from` which goes. */
struct walk {
    const struct catalog *from, *to;
    uint32_t i, k, end_from, end_to;
};

static struct walk walk(const struct picture *p)
{
    return (struct walk){p->from, p->to, 0, 0, p->from ? p->from->n : 0, p->to->n};
}

static const struct obj *walk_next(struct walk *w, bool *gone)
{
    for (;;) {
        bool left = w->i < w->end_from, right = w->k < w->end_to;
        if (!left && !right)
            return NULL;
        int order = !left ? 1 : !right ? -1 : path_cmp(w->from->v[w->i].path, w->to->v[w->k].path);
        const struct obj *o = order < 0 ? &w->from->v[w->i] : &w->to->v[w->k];
        *gone = order < 0;
        w->i += order <= 0;
        w->k += order >= 0;
        if (!(o->flags & OBJ_IGNORED))
            return o;
    }
}

static int by_rank(const void *a, const void *b)
{
    const struct pic_part *x = a, *y = b;
    if (x->rel.role != y->rel.role)
        return x->rel.role < y->rel.role ? -1 : 1;
    return path_cmp(x->obj->path, y->obj->path);
}

/* Place of each column: as the table of TO has them, then those that go as FROM has them. */
static void order_columns(struct picture *p, struct pic_table *t)
{
    struct pic_column *in = t->columns, *out = NEW_ARRAY(p->mem, struct pic_column, t->ncolumns);
    bool *done = NEW_ARRAY(p->mem, bool, t->ncolumns);
    uint32_t n = 0;
    for (int side = 0; side < 2; side++) {
        const struct catalog *cat = side ? p->from : p->to;
        const struct obj *table = cat ? cat_find(cat, t->part.obj->path) : NULL;
        uint32_t count = 0;
        const struct obj **list = table ? relation_columns(cat, table, p->mem, &count) : NULL;
        for (uint32_t i = 0; i < count; i++)
            for (uint32_t k = 0; k < t->ncolumns; k++)
                if (!done[k] && str_eq(in[k].part.obj->path, list[i]->path)) {
                    done[k] = true;
                    out[n++] = in[k];
                }
    }
    t->columns = out;
    t->ncolumns = n;
}

static void mark_keys(struct pic_table *t, struct arena *mem)
{
    for (uint32_t i = 0; i < t->nparts; i++) {
        const struct relation *r = &t->parts[i].rel;
        if (t->parts[i].mark == MARK_DROPPED && t->part.mark != MARK_DROPPED)
            continue;
        for (uint32_t k = 0; k < r->nterms; k++)
            for (uint32_t c = 0; c < t->ncolumns; c++) {
                struct pic_column *column = &t->columns[c];
                if (!str_eq(r->terms[k].column, path_name(mem, column->part.obj->path)))
                    continue;
                column->primary = column->primary || r->role == ROLE_PRIMARY_KEY;
                column->foreign = column->foreign || r->role == ROLE_FOREIGN_KEY;
                column->unique = column->unique || (r->unique && r->nterms == 1 &&
                                                    r->role != ROLE_PRIMARY_KEY && !r->where.n);
            }
    }
}

static void finish_table(struct picture *p, struct pic_table *t)
{
    struct strbuf title = sb_new(p->mem, 0);
    struct str parent = path_parent(t->part.obj->path);
    if (parent.n) {
        path_dotted(&title, parent);
        sb_char(&title, '.');
    }
    path_quote_name(&title, path_kind(t->part.obj->path), obj_name(p->mem, t->part.obj));
    t->title = sb_view(&title);
    order_columns(p, t);
    if (t->nparts)
        qsort(t->parts, t->nparts, sizeof *t->parts, by_rank);
    mark_keys(t, p->mem);
}

static void read_tables(struct picture *p)
{
    VEC(struct pic_table) tables = {0};
    VEC(struct pic_part) others = {0};
    VEC(struct pic_part) inside = {0};
    VEC(struct pic_column) columns = {0};
    VEC(struct pic_part) parts = {0};
    struct walk w = walk(p);
    const struct obj *o;
    bool gone;
    while ((o = walk_next(&w, &gone))) {
        struct pic_table *t = tables.n ? &tables.v[tables.n - 1] : NULL;
        struct str parent = path_parent(o->path);
        if (role_of(p->eng, o) == ROLE_TABLE) {
            struct pic_table fresh = {.part = part_of(p, o, gone)};
            VEC_PUSH(p->mem, tables, fresh);
            columns.v = NULL;
            columns.n = columns.cap = 0;
            parts.v = NULL;
            parts.n = parts.cap = 0;
        } else if (t && str_eq(parent, t->part.obj->path)) {
            struct pic_part part = part_of(p, o, gone);
            if (part.rel.role == ROLE_COLUMN) {
                struct pic_column column = {.part = part};
                VEC_PUSH(p->mem, columns, column);
            } else {
                VEC_PUSH(p->mem, parts, part);
            }
            t->columns = columns.v;
            t->ncolumns = columns.n;
            t->parts = parts.v;
            t->nparts = parts.n;
        } else if (str_eq(engine_top(p->eng, o->path), o->path)) {
            struct pic_part part = part_of(p, o, gone);
            uint32_t at = change_lower(p->changes, o->path);
            bool own = p->changes && at < p->changes->n &&
                       str_eq(change_obj(&p->changes->v[at])->path, o->path);
            if ((obj_kind(p->eng, o)->flags & KF_HOLDER) && !own)
                part.mark = MARK_SAME; /* what it holds is shown for itself */
            VEC_PUSH(p->mem, others, part);
        } else if (!t || !path_within(o->path, t->part.obj->path)) {
            struct pic_part part = part_of(p, o, gone);
            VEC_PUSH(p->mem, inside, part);
        }
    }
    p->tables = tables.v;
    p->ntables = tables.n;
    p->others = others.v;
    p->nothers = others.n;
    p->inside = inside.v;
    p->ninside = inside.n;
    for (uint32_t i = 0; i < p->ntables; i++)
        finish_table(p, &p->tables[i]);
}

uint32_t picture_table(const struct picture *p, struct str path)
{
    uint32_t lo = 0, hi = p->ntables;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int order = path_cmp(p->tables[mid].part.obj->path, path);
        if (order == 0)
            return mid;
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return p->ntables;
}

const struct pic_column *picture_column(const struct picture *p, uint32_t table, struct str name)
{
    const struct pic_table *t = &p->tables[table];
    for (uint32_t i = 0; i < t->ncolumns; i++)
        if (str_eq(path_name(p->mem, t->columns[i].part.obj->path), name))
            return &t->columns[i];
    return NULL;
}

/* Whether the columns of a foreign key are those of a key of its own table. */
static bool is_key(const struct pic_table *t, const struct relation *fk)
{
    for (uint32_t i = 0; i < t->nparts; i++) {
        const struct relation *r = &t->parts[i].rel;
        uint32_t found = 0;
        if (r == fk || !r->unique || r->nterms == 0 || r->nterms > fk->nterms || r->where.n)
            continue;
        for (uint32_t k = 0; k < r->nterms; k++)
            for (uint32_t j = 0; j < fk->nterms; j++)
                found += str_eq(r->terms[k].column, fk->terms[j].column) && r->terms[k].column.n;
        if (found >= r->nterms)
            return true;
    }
    return false;
}

static void read_links(struct picture *p)
{
    VEC(struct pic_link) links = {0};
    for (uint32_t i = 0; i < p->ntables; i++) {
        const struct pic_table *t = &p->tables[i];
        for (uint32_t k = 0; k < t->nparts; k++) {
            const struct relation *r = &t->parts[k].rel;
            struct pic_link link = {.from = i, .key = &t->parts[k]};
            if (r->role != ROLE_FOREIGN_KEY)
                continue;
            link.to = picture_table(p, r->ref);
            if (link.to == p->ntables)
                continue;
            link.one = is_key(t, r);
            for (uint32_t j = 0; j < r->nterms; j++) {
                const struct pic_column *c = picture_column(p, i, r->terms[j].column);
                link.optional = link.optional || (c && !c->part.rel.notnull && !c->primary);
            }
            VEC_PUSH(p->mem, links, link);
        }
    }
    p->links = links.v;
    p->nlinks = links.n;
}

struct picture picture_make(const struct catalog *from, const struct catalog *to,
                            const struct changes *changes, struct arena *mem)
{
    struct picture p = {.eng = to->eng, .changes = changes, .from = from, .to = to, .mem = mem};
    read_tables(&p);
    read_links(&p);
    return p;
}

struct picture picture_of(const struct emit_in *in)
{
    return picture_make(in->from, in->to, in->changes, in->mem);
}

struct str *picture_ref_columns(const struct picture *p, const struct pic_link *link, uint32_t *n)
{
    const struct relation *fk = &link->key->rel;
    const struct pic_table *t = &p->tables[link->to];
    *n = fk->nref;
    if (fk->nref)
        return fk->ref_columns;
    for (uint32_t i = 0; i < t->nparts; i++) {
        const struct relation *r = &t->parts[i].rel;
        if (r->role != ROLE_PRIMARY_KEY)
            continue;
        struct str *names = NEW_ARRAY(p->mem, struct str, r->nterms);
        for (uint32_t k = 0; k < r->nterms; k++)
            names[(*n)++] = r->terms[k].column;
        return names;
    }
    return NULL;
}

const struct pic_part *picture_inside(const struct picture *p, struct str path, uint32_t *n)
{
    uint32_t lo = 0, hi = p->ninside;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (path_cmp(p->inside[mid].obj->path, path) < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (*n = 0; lo + *n < p->ninside && path_within(p->inside[lo + *n].obj->path, path);)
        ++*n;
    return p->inside + lo;
}

const char *picture_setting(const struct picture *p, const struct pic_part *part, size_t *at,
                            struct strbuf *value)
{
    const struct kind_desc *kind = obj_kind(p->eng, part->obj);
    struct change whole = {.op = OP_ADD, .after = part->obj};
    while (*at < kind->nattrs) {
        const struct attr_desc *a = &kind->attrs[(*at)++];
        struct str raw = obj_raw(part->obj, a->name);
        if (str_is_null(raw) || a->type == A_BODY ||
            word_in("columns,comment,name,query,def,body,expr", str_c(a->name)))
            continue;
        report_value(value, &whole, a, raw);
        return a->name;
    }
    return NULL;
}

void picture_terms(struct strbuf *out, const struct relation *r)
{
    sb_char(out, '(');
    for (uint32_t i = 0; i < r->nterms; i++) {
        sb_c(out, i ? ", " : "");
        sb_str(out, r->terms[i].text);
    }
    sb_char(out, ')');
}

static void one_attr(struct strbuf *out, const struct change *c, const struct attr_change *a)
{
    sb_c(out, a->attr->name);
    if (a->attr->type == A_BODY) {
        sb_c(out, " differs");
        return;
    }
    sb_char(out, ' ');
    report_value(out, c, a->attr, a->before);
    sb_c(out, " → ");
    report_value(out, c, a->attr, a->after);
}

void picture_what(struct strbuf *out, const struct picture *p, const struct pic_part *part)
{
    const struct changes *c = p->changes;
    struct str path = part->obj->path;
    size_t start = out->n;
    if (part->mark != MARK_CHANGED)
        return;
    for (uint32_t i = change_lower(c, path);
         i < c->n && path_within(change_obj(&c->v[i])->path, path); i++) {
        const struct change *one = &c->v[i];
        if (role_of(p->eng, part->obj) == ROLE_TABLE && !str_eq(change_obj(one)->path, path))
            continue;
        if (one->op != OP_ALTER) {
            struct str brief = report_brief(c, change_obj(one), out->mem);
            sb_c(out, out->n > start ? ", " : "");
            report_kind(out, path_kind(change_obj(one)->path));
            sb_c(out, one->op == OP_ADD ? " added" : " dropped");
            sb_c(out, brief.n ? " " : "");
            sb_str(out, brief);
        }
        for (uint32_t k = 0; one->op == OP_ALTER && k < one->nattrs; k++) {
            if (one->attrs[k].attr->flags & AF_DERIVED)
                continue;
            sb_c(out, out->n > start ? ", " : "");
            one_attr(out, one, &one->attrs[k]);
        }
    }
}

/* Adds tables that a link joins to one that is in, until `max` are. */
static uint32_t neighbours(const struct picture *p, bool *in, const bool *core, uint32_t n,
                           uint32_t max)
{
    for (uint32_t i = 0; i < p->nlinks && n < max; i++) {
        uint32_t from = p->links[i].from, to = p->links[i].to;
        if (core[from] && !in[to]) {
            in[to] = true;
            n++;
        } else if (core[to] && !in[from]) {
            in[from] = true;
            n++;
        }
    }
    return n;
}

bool *picture_choose(const struct picture *p, uint32_t max, uint32_t *left_out)
{
    bool *in = NEW_ARRAY(p->mem, bool, p->ntables), *core = NEW_ARRAY(p->mem, bool, p->ntables);
    uint32_t n = 0;
    bool all = p->ntables <= max;
    for (uint32_t i = 0; i < p->ntables && n < max; i++) {
        in[i] = all || !p->changes || p->tables[i].part.mark != MARK_SAME;
        core[i] = in[i];
        n += in[i];
    }
    if (!all)
        n = neighbours(p, in, core, n, max);
    *left_out = p->ntables - n;
    return in;
}
