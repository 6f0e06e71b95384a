/*
 * Schemas under other names, so that databases which differ in those alone can be compared. Texts
 * are looked through by their characters: snap does not parse SQL. What only looks like the name
 * (a column of that name in front of a dot) is renamed too; two things become the same by that only
 * where one text says the new name and the other its own. Where both stand on the side that is
 * renamed, it is refused.
 */

#include "core/json.h"
#include "core/path.h"
#include "snapshot/snapshot.h"

/* What stands for a schema in a text, and what takes its place. */
struct spelling {
    struct str path, path_to;       /* "schema:a" */
    struct str plain;               /* "a.", or absent where the name must be quoted */
    struct str quoted, json;        /* "\"a\".", and the same within JSON */
    struct str literal, to_literal; /* "'a'" */
    struct str to;                  /* "b." */
};

bool name_is_plain(struct str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!(name.p[i] >= 'a' && name.p[i] <= 'z') && name.p[i] != '_' &&
            !(i && ascii_is_digit(name.p[i])))
            return false;
    return name.n > 0;
}

static struct spelling spell(const struct schema_map *map, struct str kind, struct arena *mem)
{
    struct str from = map->from, to = map->to;
    return (struct spelling){
        .path = path_join(mem, STR(""), kind, from),
        .path_to = path_join(mem, STR(""), kind, to),
        .plain = name_is_plain(from) ? arena_printf(mem, "%.*s.", STR_ARG(from)) : STR_NULL,
        .quoted = arena_printf(mem, "\"%.*s\".", STR_ARG(from)),
        .json = arena_printf(mem, "\\\"%.*s\\\".", STR_ARG(from)),
        .literal = arena_printf(mem, "'%.*s'", STR_ARG(from)),
        .to_literal = arena_printf(mem, "'%.*s'", STR_ARG(to)),
        .to = arena_printf(mem, "%.*s.", STR_ARG(to))};
}

static bool in_word(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c) || c == '_' || c == '$' || c == '.' ||
           (unsigned char)c >= 0x80;
}

/* The path of the schema, and not of one whose name goes on. */
static bool is_path(struct str rest, struct str path)
{
    if (!path.n || !str_starts(rest, path))
        return false;
    return rest.n == path.n || rest.p[path.n] == '/' || rest.p[path.n] == '"';
}

/* What is found at this place: its length, or 0. */
static size_t found(const struct spelling *s, struct str rest, struct str *with)
{
    const struct {
        struct str what, with;
    } forms[] = {
        {s->plain, s->to}, {s->quoted, s->to}, {s->json, s->to}, {s->literal, s->to_literal}};
    if (is_path(rest, s->path)) {
        *with = s->path_to;
        return s->path.n;
    }
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
        if (forms[i].what.n && str_starts(rest, forms[i].what)) {
            *with = forms[i].with;
            return forms[i].what.n;
        }
    return 0;
}

/* Where a text calls the schema. */
struct place {
    size_t at, n;
    struct str with; /* what takes its place */
};

/* The first place from *i on, which comes to be behind it; *word: what is there goes on a word. */
static bool next_place(struct str text, const struct spelling *s, size_t *i, bool *word,
                       struct place *out)
{
    while (*i < text.n) {
        struct str rest = str_from(text, *i);
        size_t n = *word ? 0 : found(s, rest, &out->with);
        if (n) {
            out->at = *i;
            out->n = n;
            *i += n;
            *word = true;
            return true;
        }
        bool escape = rest.p[0] == '\\' && rest.n > 1;
        /* a name in quotes that begins there is another one */
        *word = escape ? rest.p[1] == '"' : in_word(rest.p[0]);
        *i += escape ? 2 : 1;
    }
    return false;
}

static struct str map_text(struct str text, const struct spelling *s, struct arena *mem)
{
    struct strbuf out = sb_new(mem, 0);
    size_t copied = 0, i = 0;
    bool word = false;
    struct place p;
    while (next_place(text, s, &i, &word, &p)) {
        sb_str(&out, str_sub(text, copied, p.at));
        sb_str(&out, p.with);
        copied = i;
    }
    if (!copied)
        return text;
    sb_str(&out, str_from(text, copied));
    return sb_view(&out);
}

static bool says(struct str text, const struct spelling *s)
{
    size_t i = 0;
    bool word = false;
    struct place p;
    return next_place(text, s, &i, &word, &p);
}

/* The kind of the schemas: at the top, and only there to hold others. Absent: there is none. */
static struct str schema_kind(const struct engine *eng)
{
    int kind = engine_kind(eng, STR("schema"));
    return kind >= 0 && (eng->kinds[kind]->flags & KF_HOLDER) ? STR("schema") : STR_NULL;
}

static int says_already(const struct schema_map *map, const struct catalog *cat, struct str what,
                        struct err *e)
{
    err_set(e, E_BAD_VALUE, "--map-schema %.*s=%.*s: %.*s of %.*s says %.*s already",
            STR_ARG(map->from), STR_ARG(map->to), STR_ARG(what), STR_ARG(cat->label),
            STR_ARG(map->to));
    return err_hint(e,
                    "what says %.*s and what said %.*s would look the same: choose a name that no "
                    "text says, for both sides, or leave the object out with --exclude",
                    STR_ARG(map->to), STR_ARG(map->from));
}

/* What is never compared (src) hides nothing. */
static bool obj_says(const struct obj *o, const struct spelling *s)
{
    return says(o->path, s) || says(o->a, s) || says(o->deps, s);
}

static int map_ledger(const struct schema_map *map, const struct spelling *s,
                      const struct spelling *taken, struct catalog *cat, struct err *e)
{
    for (uint32_t i = 0; i < cat->nledger; i++) {
        struct ledger_entry *l = &cat->ledger[i];
        if (says(l->name, taken) || says(l->on, taken))
            return says_already(
                map, cat, arena_printf(cat->mem, "%.*s %.*s", STR_ARG(l->kind), STR_ARG(l->name)),
                e);
        l->name = map_text(l->name, s, cat->mem);
        l->on = map_text(l->on, s, cat->mem);
    }
    return 0;
}

/* `number` of the map, from 1. Facts whose texts say the new name are marked with it: whether they
 * count is known once the filters have looked. */
static int map_one(const struct schema_map *map, unsigned number, struct catalog *cat,
                   struct err *e)
{
    struct str kind = schema_kind(cat->eng);
    if (!kind.n)
        return err_set(e, E_BAD_VALUE, "--map-schema: %s has no schemas", cat->eng->title);
    struct spelling s = spell(map, kind, cat->mem);
    const struct str names[] = {map->from, map->to};
    struct strbuf cut = sb_new(cat->mem, 0);
    sb_c(&cut, "{\"map\":");
    jc_put_list(&cut, names, 2);
    sb_char(&cut, '}');
    filter_note(cat, sb_view(&cut));
    if (!cat_find(cat, s.path) || str_eq(s.path, s.path_to))
        return 0;
    if (cat_find(cat, s.path_to))
        return err_set(e, E_BAD_VALUE, "--map-schema %.*s=%.*s: %.*s has a schema %.*s already",
                       STR_ARG(map->from), STR_ARG(map->to), STR_ARG(cat->label), STR_ARG(map->to));
    struct spelling taken = spell(&(struct schema_map){map->to, map->to}, kind, cat->mem);
    for (uint32_t i = 0; i < cat->n; i++) {
        struct obj *o = &cat->v[i];
        if (obj_says(o, &taken))
            o->flags = (uint16_t)((o->flags & OBJ_FLAGS) | number << OBJ_SAYS_SHIFT);
        o->path = map_text(o->path, &s, cat->mem);
        o->a = map_text(o->a, &s, cat->mem);
        o->src = map_text(o->src, &s, cat->mem);
        o->deps = map_text(o->deps, &s, cat->mem);
    }
    return map_ledger(map, &s, &taken, cat, e);
}

int filter_map(const struct filter *f, struct catalog *cat, struct err *e)
{
    if (f->nmaps > OBJ_SAYS_MOST)
        return err_set(e, E_LIMIT, "--map-schema: more than %d of them", OBJ_SAYS_MOST);
    for (uint32_t i = 0; i < f->nmaps; i++)
        if (map_one(&f->maps[i], i + 1, cat, e))
            return -1;
    return 0;
}

int filter_map_check(const struct filter *f, const struct catalog *cat, struct err *e)
{
    for (uint32_t i = 0; f->nmaps && i < cat->n; i++) {
        const struct obj *o = &cat->v[i];
        unsigned number = o->flags >> OBJ_SAYS_SHIFT;
        if (!number || number > f->nmaps || (o->flags & OBJ_IGNORED))
            continue;
        struct strbuf human = sb_new(cat->mem, 0);
        obj_human(&human, o);
        return says_already(&f->maps[number - 1], cat, sb_view(&human), e);
    }
    return 0;
}

void filter_map_scope(const struct filter *f, struct filter *scope, struct arena *mem)
{
    struct str *own = NEW_ARRAY(mem, struct str, scope->ninclude);
    for (uint32_t i = 0; i < scope->ninclude; i++) {
        own[i] = scope->include[i];
        for (uint32_t k = 0; k < f->nmaps; k++)
            if (str_starts(own[i], STR("schema:")) && str_eq(str_from(own[i], 7), f->maps[k].from))
                own[i] = arena_printf(mem, "schema:%.*s", STR_ARG(f->maps[k].to));
    }
    scope->include = own;
}
