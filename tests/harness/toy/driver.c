/* The toy engine: what kinds there are, how names and statements look. */

#include "tests/harness/toy/toy.h"

static const struct kind_desc *const kinds[] = {
    &toy_box_kind,  &toy_slot_kind, &toy_seal_kind, &toy_tag_kind,  &toy_badge_kind,
    &toy_link_kind, &toy_wire_kind, &toy_gate_kind, &toy_lamp_kind,
};

static struct str fold(struct arena *mem, struct str name)
{
    struct strbuf b = sb_new(mem, 0);
    for (size_t i = 0; i < name.n; i++)
        sb_char(&b, ascii_lower(name.p[i]));
    return sb_view(&b);
}

/* A statement ends with a line or a semicolon that stands in no quotes. */
static bool split(struct script *script, struct str *stmt)
{
    while (script->rest.n) {
        struct str text = script->rest;
        size_t end = 0;
        bool quoted = false;
        for (; end < text.n; end++) {
            quoted = quoted != (text.p[end] == '\'');
            if (!quoted && (text.p[end] == '\n' || text.p[end] == ';'))
                break;
        }
        *stmt = str_trim(str_sub(text, 0, end));
        script->rest = str_from(text, end + 1);
        if (stmt->n)
            return true;
    }
    return false;
}

static void refuse(struct str why, struct strbuf *out)
{
    sb_c(out, "fail why=");
    toy_put_value(out, why);
}

struct str toy_plain(struct arena *mem, struct str raw)
{
    struct strbuf b = sb_new(mem, 0);
    struct jc_iter it = jc_iter(raw);
    struct str key, value;
    if (!jc_is_list(raw))
        return jc_text(mem, raw);
    while (jc_next(&it, &key, &value)) {
        if (b.n)
            sb_char(&b, ',');
        sb_str(&b, jc_text(mem, value));
    }
    return sb_view(&b);
}

void toy_put_value(struct strbuf *out, struct str text)
{
    bool bare = text.n > 0;
    for (size_t i = 0; bare && i < text.n; i++)
        bare = text.p[i] > ' ' && text.p[i] != '\'' && text.p[i] != '{' && text.p[i] != '}' &&
               text.p[i] != ';';
    if (bare) {
        sb_str(out, text);
        return;
    }
    sb_char(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            sb_char(out, '\'');
        sb_char(out, text.p[i]);
    }
    sb_char(out, '\'');
}

void toy_put_attrs(struct strbuf *out, const struct obj *o)
{
    struct jc_iter it = jc_iter(o->a);
    struct str key, value;
    while (jc_next(&it, &key, &value)) {
        if (str_eq(key, STR("slots")))
            continue; /* follows from the slots */
        sb_printf(out, " %.*s=", STR_ARG(key));
        toy_put_value(out, toy_plain(out->mem, value));
    }
}

void toy_stmt(struct ddl *d, const struct strbuf *text, unsigned flags)
{
    ddl_stmt(d, sb_view(text), flags);
}

int toy_make(struct ddl *d, const struct change *c, struct err *e)
{
    struct strbuf b = sb_new(d->mem, 0);
    (void)e;
    sb_printf(&b, "make %.*s", STR_ARG(c->after->path));
    toy_put_attrs(&b, c->after);
    toy_stmt(d, &b, 0);
    return 0;
}

int toy_drop(struct ddl *d, const struct change *c, struct err *e)
{
    (void)e;
    ddl_stmt(d, arena_printf(d->mem, "drop %.*s", STR_ARG(c->before->path)), 0);
    return 0;
}

int toy_set(struct ddl *d, const struct change *c, const char *attr)
{
    struct strbuf b = sb_new(d->mem, 0);
    struct str value = obj_raw(c->after, attr);
    sb_printf(&b, "set %.*s %s=", STR_ARG(c->after->path), attr);
    if (!str_is_null(value))
        toy_put_value(&b, toy_plain(d->mem, value));
    toy_stmt(d, &b, 0);
    return 0;
}

int toy_rename(struct ddl *d, const struct change *c, struct err *e)
{
    struct strbuf b = sb_new(d->mem, 0);
    (void)e;
    sb_printf(&b, "rename %.*s to=", STR_ARG(c->before->path));
    toy_put_value(&b, obj_name(d->mem, c->after));
    toy_stmt(d, &b, 0);
    return 0;
}

const struct engine engine_toy = {
    .name = "toy",
    .title = "Toy",
    .schemes = "toy",
    .dbms = "toy",
    .model = 1,
    .kinds = kinds,
    .nkinds = sizeof kinds / sizeof *kinds,
    .facets = F_DEFAULT,
    .fold = fold,
    .split = split,
    .refuse = refuse,
    .begin = "begin",
    .commit = "commit",
    .script_run = "none",
    .live = &toy_live,
};
