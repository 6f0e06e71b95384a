/*
 * Schemas under other names, so that databases which differ in those alone can be compared. Texts
 * are looked through by their characters: snap does not parse SQL. What only looks like the name
 * (a column of that name in front of a dot) is renamed too; two things become the same by that only
 * where one text says the new name and the other its own.
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

static struct str map_text(struct str text, const struct spelling *s, struct arena *mem)
{
    struct strbuf out = sb_new(mem, 0);
    size_t copied = 0, i = 0;
    bool word = false;
    while (i < text.n) {
        struct str rest = str_from(text, i), with;
        size_t n = word ? 0 : found(s, rest, &with);
        if (n) {
            sb_str(&out, str_sub(text, copied, i));
            sb_str(&out, with);
            copied = i = i + n;
            word = true;
        } else if (rest.p[0] == '\\' && rest.n > 1) {
            word = rest.p[1] == '"'; /* the name in quotes begins there and is another one */
            i += 2;
        } else {
            word = in_word(rest.p[0]);
            i++;
        }
    }
    if (!copied)
        return text;
    sb_str(&out, str_from(text, copied));
    return sb_view(&out);
}

/* The kind of the schemas: at the top, and only there to hold others. Absent: there is none. */
static struct str schema_kind(const struct engine *eng)
{
    int kind = engine_kind(eng, STR("schema"));
    return kind >= 0 && (eng->kinds[kind]->flags & KF_HOLDER) ? STR("schema") : STR_NULL;
}

static int map_one(const struct schema_map *map, struct catalog *cat, struct err *e)
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
    for (uint32_t i = 0; i < cat->n; i++) {
        struct obj *o = &cat->v[i];
        o->path = map_text(o->path, &s, cat->mem);
        o->a = map_text(o->a, &s, cat->mem);
        o->src = map_text(o->src, &s, cat->mem);
        o->deps = map_text(o->deps, &s, cat->mem);
    }
    for (uint32_t i = 0; i < cat->nledger; i++) {
        cat->ledger[i].name = map_text(cat->ledger[i].name, &s, cat->mem);
        cat->ledger[i].on = map_text(cat->ledger[i].on, &s, cat->mem);
    }
    return 0;
}

int filter_map(const struct filter *f, struct catalog *cat, struct err *e)
{
    for (uint32_t i = 0; i < f->nmaps; i++)
        if (map_one(&f->maps[i], cat, e))
            return -1;
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
