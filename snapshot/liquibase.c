/* Liquibase's snapshot files: the tree of a file as the neutral model; see core/lb_snapshot.h. */

#include "snapshot/liquibase.h"

#include <stdlib.h>
#include <string.h>

#include "core/suggest.h"
#include "markup/yaml_file.h"

bool liquibase_is(struct str head)
{
    return yaml_file_start(head, "snapshot") < head.n;
}

struct id_row {
    struct str key; /* "Class#id", the class in full */
    const struct lb_object *obj;
};

struct builder {
    struct arena *mem;
    struct lb_snapshot *out;
    struct lb_object *v;
    struct id_row *ids;
    uint32_t n, cap;
    struct err *e;
};

static int bad(struct builder *b, const struct node *at, const char *what)
{
    return err_set(b->e, E_LIQUIBASE_SNAPSHOT, "%.*s line %u: %s", STR_ARG(b->out->label),
                   at ? at->line : 1, what);
}

static struct str last_part(struct str class)
{
    size_t at = class.n;
    while (at && class.p[at - 1] != '.' && class.p[at - 1] != '$')
        at--;
    return str_from(class, at);
}

static bool is_class(struct str s)
{
    if (str_chr(s, '.') == s.n)
        return false;
    for (size_t i = 0; i < s.n; i++)
        if (!ascii_is_alpha(s.p[i]) && !ascii_is_digit(s.p[i]) && str_chr(STR("._$"), s.p[i]) == 3)
            return false;
    return s.n;
}

/* "3!{java.lang.Integer}" */
static void cut_class(struct lb_value *v)
{
    struct str s = v->text;
    size_t open = s.n;
    if (!s.n || s.p[s.n - 1] != '}')
        return;
    while (open > 1 && !(s.p[open - 2] == '!' && s.p[open - 1] == '{'))
        open--;
    struct str class = str_sub(s, open, s.n - 1);
    if (open < 2 || !is_class(class))
        return;
    v->text = str_sub(s, 0, open - 2);
    v->class = last_part(class);
}

static int by_key(const void *a, const void *b)
{
    return str_cmp(((const struct id_row *)a)->key, ((const struct id_row *)b)->key);
}

static const struct lb_object *find_id(const struct builder *b, struct str key)
{
    struct id_row want = {key, NULL}, *row = NULL;
    if (key.n && str_chr(key, '#') < key.n && b->n)
        row = bsearch(&want, b->ids, b->n, sizeof want, by_key);
    return row ? row->obj : NULL;
}

static void scalar(const struct builder *b, const struct node *n, struct lb_value *v)
{
    static const char texts[] = "name,remarks,definition,body,typeName";
    v->type = LB_TEXT;
    v->text = n->text;
    if (word_in(texts, n->key))
        return; /* a table may be called "x!{y.z}" */
    if (n->plain && (str_eq_c(n->text, "true") || str_eq_c(n->text, "false"))) {
        v->type = LB_BOOL;
        v->yes = n->text.p[0] == 't';
    } else if ((v->ref = find_id(b, n->text)))
        v->type = LB_REF;
    else
        cut_class(v);
}

static bool is_null(const struct node *n)
{
    return n->type == NODE_SCALAR && n->plain &&
           (!n->text.n || str_eq_c(n->text, "null") || str_eq_c(n->text, "~"));
}

static uint32_t members(const struct node *n)
{
    uint32_t count = 0;
    for (const struct node *m = n->first; m; m = m->next)
        count += !is_null(m);
    return count;
}

/* One level below: nodes whose values are still to be made. */
struct task {
    const struct node *node;
    struct lb_value *value;
};
struct tasks {
    struct task *v;
    uint32_t n, cap;
};

static void fill_map(struct builder *b, const struct node *n, struct lb_map *map,
                     struct tasks *more)
{
    struct lb_attr *attrs = NEW_ARRAY(b->mem, struct lb_attr, members(n));
    map->v = attrs;
    for (const struct node *m = n->first; m; m = m->next) {
        if (is_null(m))
            continue;
        struct lb_attr *a = &attrs[map->n++];
        a->name = m->key;
        VEC_PUSH(b->mem, *more, ((struct task){m, &a->value}));
    }
}

static void fill_list(struct builder *b, const struct node *n, struct lb_value *v,
                      struct tasks *more)
{
    struct lb_value *items = NEW_ARRAY(b->mem, struct lb_value, members(n));
    v->items = items;
    for (const struct node *m = n->first; m; m = m->next)
        if (!is_null(m))
            VEC_PUSH(b->mem, *more, ((struct task){m, &items[v->nitems++]}));
}

static void fill_object(struct builder *b, const struct node *n, struct lb_map *map,
                        struct tasks *work)
{
    work->n = 0;
    fill_map(b, n, map, work);
    while (work->n) {
        struct task t = work->v[--work->n];
        t.value->line = t.node->line;
        if (t.node->type == NODE_SCALAR)
            scalar(b, t.node, t.value);
        else if (t.node->type == NODE_LIST) {
            t.value->type = LB_LIST;
            fill_list(b, t.node, t.value, work);
        } else {
            t.value->type = LB_MAP;
            fill_map(b, t.node, &t.value->map, work);
        }
    }
}

/* The map of attributes of `- table: {...}`. */
static const struct node *body_of(const struct node *item)
{
    const struct node *body = item->type == NODE_MAP ? item->first : NULL;
    return body && !body->next && body->type == NODE_MAP ? body : NULL;
}

static const struct node *section(const struct node *snapshot, const char *name)
{
    const struct node *n = node_get(snapshot, name);
    return n && n->type == NODE_MAP ? n : NULL;
}

/* Objects of one section, and their ids; their attributes come when all are known. */
static int list_objects(struct builder *b, const struct node *classes, bool referenced)
{
    for (const struct node *c = classes ? classes->first : NULL; c; c = c->next)
        for (const struct node *item = c->first; item; item = item->next) {
            const struct node *body = body_of(item), *id = body ? node_get(body, "snapshotId") : 0;
            if (!body)
                return bad(b, item, "an object that is no map of its attributes");
            struct lb_object *o = &b->v[b->n];
            *o = (struct lb_object){.class = last_part(c->key),
                                    .full_class = c->key,
                                    .id = id ? id->text : STR(""),
                                    .referenced = referenced,
                                    .line = body->line};
            b->ids[b->n].key = arena_printf(b->mem, "%.*s#%.*s", STR_ARG(c->key), STR_ARG(o->id));
            b->ids[b->n++].obj = o;
        }
    return 0;
}

static uint32_t count_objects(const struct node *classes)
{
    uint32_t n = 0;
    for (const struct node *c = classes ? classes->first : NULL; c; c = c->next)
        for (const struct node *item = c->first; item; item = item->next)
            n++;
    return n;
}

static void fill_section(struct builder *b, const struct node *classes, uint32_t *at,
                         struct tasks *work)
{
    for (const struct node *c = classes ? classes->first : NULL; c; c = c->next)
        for (const struct node *item = c->first; item; item = item->next)
            fill_object(b, body_of(item), &b->v[(*at)++].attrs, work);
}

static void head(struct builder *b, const struct node *snapshot)
{
    const struct node *db = section(snapshot, "database");
    struct lb_map map = {0};
    struct tasks work = {0};
    int64_t n;
    if (db)
        fill_object(b, db, &map, &work);
    b->out->short_name = lb_text(&map, "shortName");
    b->out->product = lb_text(&map, "productName");
    b->out->product_version = lb_text(&map, "productVersion");
    b->out->major = lb_int(&map, "majorVersion", &n) && n >= 0 && n < 10000 ? (int)n : -1;
    b->out->minor = lb_int(&map, "minorVersion", &n) && n >= 0 && n < 10000 ? (int)n : -1;
}

static void included(struct builder *b, const struct node *snapshot)
{
    const struct node *control = section(snapshot, "snapshotControl");
    const struct node *types = control ? section(control, "snapshotControl") : NULL;
    types = types ? node_get(types, "includedType") : NULL;
    if (!types || types->type != NODE_LIST)
        return;
    struct str *v = NEW_ARRAY(b->mem, struct str, members(types));
    b->out->included = v;
    for (const struct node *t = types->first; t; t = t->next)
        if (t->type == NODE_SCALAR && !is_null(t))
            v[b->out->nincluded++] = t->text;
}

static int build(struct builder *b, const struct node *snapshot)
{
    const struct node *objects = section(snapshot, "objects");
    const struct node *others = section(snapshot, "referencedObjects");
    uint32_t all = count_objects(objects) + count_objects(others), at = 0;
    struct tasks work = {0};
    b->v = NEW_ARRAY(b->mem, struct lb_object, all);
    b->ids = NEW_ARRAY(b->mem, struct id_row, all);
    if (list_objects(b, objects, false) || list_objects(b, others, true))
        return -1;
    qsort(b->ids, b->n, sizeof *b->ids, by_key);
    for (uint32_t i = 1; i < b->n; i++)
        if (str_eq(b->ids[i].key, b->ids[i - 1].key) && b->ids[i].obj->id.n)
            return lb_bad(b->out, b->ids[i].obj, "shares with another object its", "snapshotId",
                          b->e);
    head(b, snapshot);
    included(b, snapshot);
    if (!b->out->short_name.n)
        return bad(b, snapshot, "database.shortName does not say which engine it is of");
    fill_section(b, objects, &at, &work);
    fill_section(b, others, &at, &work);
    b->out->v = b->v;
    b->out->n = b->n;
    return 0;
}

int liquibase_read(int fd, struct str label, struct arena *mem, struct lb_snapshot **out,
                   struct err *e)
{
    struct node *root;
    struct builder b = {.mem = mem, .e = e};
    b.out = *out = NEW(mem, struct lb_snapshot);
    b.out->label = label;
    if (yaml_file(fd, label, "snapshot", E_LIQUIBASE_SNAPSHOT, mem, &root, e))
        return -1;
    const struct node *snapshot = section(root, "snapshot");
    return snapshot ? build(&b, snapshot) : bad(&b, root, "snapshot is no map");
}

const struct engine *liquibase_engine(const struct engine *const *engines, struct str short_name)
{
    for (; *engines; engines++) {
        struct str rest = str_c((*engines)->liquibase_names), name;
        while (str_cut(&rest, ',', &name))
            if (str_eq_fold(name, short_name))
                return *engines;
    }
    return NULL;
}

struct str liquibase_names(const struct engine *const *engines, struct arena *mem)
{
    struct strbuf all = sb_new(mem, 0);
    for (; *engines; engines++)
        if ((*engines)->liquibase_names)
            sb_printf(&all, "%s%s", all.n ? "," : "", (*engines)->liquibase_names);
    return sb_view(&all);
}

int liquibase_catalog(const struct lb_snapshot *in, const struct engine *const *engines,
                      struct str want, unsigned facets, struct arena *mem, struct catalog **out,
                      struct err *e)
{
    const struct engine *eng = liquibase_engine(engines, in->short_name);
    if (!eng) {
        err_set(e, E_UNKNOWN_ENGINE, "%.*s is a Liquibase snapshot of %.*s, which is not read",
                STR_ARG(in->label), STR_ARG(in->short_name));
        return err_hint(e, "those of %.*s are", STR_ARG(liquibase_names(engines, mem)));
    }
    if (want.n && !str_eq_fold(want, in->short_name)) {
        err_set(e, E_ENGINE_MISMATCH, "%.*s is a snapshot of %.*s, not of %.*s", STR_ARG(in->label),
                STR_ARG(in->short_name), STR_ARG(want));
        return err_hint(e, "write offline:%.*s?snapshot=FILE", STR_ARG(in->short_name));
    }
    struct catalog *cat = cat_new(mem, eng, facets, in->label);
    cat->captured = ~0u;
    cat->liquibase = true;
    if (eng->from_liquibase(in, cat, e))
        return -1;
    *out = cat;
    return 0;
}
