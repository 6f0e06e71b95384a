/* What a step is called: a title for people and an id that the same change always gets. */

#include "diff/internal.h"

#include <string.h>

/* "table orders", without the quotes and kinds of a path. */
static void put_object(struct strbuf *out, const struct planner *p, struct str path)
{
    uint32_t item = item_find(p, path);
    const struct obj *o = item != NO_UNIT ? item_obj(p, item) : cat_find(p->from, path);
    if (o)
        obj_human(out, o);
    else
        path_human(out, path);
}

/* "add column note, drop check"; what is below the owner, up to three and a count. */
static void put_members(struct strbuf *out, const struct planner *p, const struct unit *u)
{
    static const char *const verbs[] = {"drop ", "add ", "change "};
    uint32_t shown = 0, left = 0;
    for (uint32_t i = 0; i < u->members.n; i++) {
        const struct obj *o = item_obj(p, u->members.v[i].item);
        struct str kind = path_kind(o->path);
        if (str_eq(o->path, u->subject))
            continue;
        if (shown == 3) {
            left++;
            continue;
        }
        sb_c(out, shown++ ? ", " : ": ");
        sb_c(out, verbs[u->members.v[i].part]);
        for (size_t k = 0; k < kind.n; k++)
            sb_char(out, kind.p[k] == '_' ? ' ' : kind.p[k]);
        if (!path_is_unnamed(o->path)) {
            sb_char(out, ' ');
            path_quote_name(out, kind, obj_name(out->mem, o));
        }
    }
    if (left)
        sb_printf(out, " and %u more", left);
}

struct str step_title(const struct planner *p, const struct unit *u, bool rebuilt)
{
    struct strbuf out = sb_new(p->mem, 0);
    enum part part = u->members.v[0].part;
    bool replaced = p->items.v[u->members.v[0].item].replace;
    if (u->at_owner) {
        sb_c(&out, rebuilt && u->alter && u->alter->recreates ? "rebuild " : "change ");
        put_object(&out, p, u->subject);
        put_members(&out, p, u);
        return sb_view(&out);
    }
    const char *verb = part == PART_DROP ? "drop " : part == PART_CREATE ? "create " : "change ";
    if (part == PART_CREATE && (item_kind(p, u->members.v[0].item)->flags & KF_INLINE))
        verb = "add ";
    sb_c(&out, verb);
    put_object(&out, p, u->subject);
    if (part == PART_DROP && replaced)
        sb_c(&out, " (made again later)");
    return sb_view(&out);
}

struct hash128 step_id(const struct member *members, uint32_t n, struct arena *mem)
{
    struct hasher *h = hasher_new(mem);
    for (uint32_t i = 0; i < n; i++) {
        const struct member *m = &members[i];
        struct strbuf b = sb_new(mem, 0);
        sb_str(&b, (m->before ? m->before : m->after)->path);
        sb_char(&b, '\0');
        if (m->before && m->after)
            sb_str(&b, m->after->path);
        sb_char(&b, !m->before ? '+' : !m->after ? '-' : '~');
        if (m->before)
            hash_hex(&b, hash_bytes(m->before->a), HASH_HEX);
        sb_char(&b, '\0');
        if (m->after)
            hash_hex(&b, hash_bytes(m->after->a), HASH_HEX);
        sb_char(&b, '\0');
        hasher_add(h, sb_view(&b));
    }
    return hasher_done(h);
}

/* How often an id of the target begins with this one: "abc", "abc (createTable ...)", "abc.2". */
static unsigned times_seen(struct str id, const struct str *seen, uint32_t nseen)
{
    unsigned last = 0;
    for (uint32_t i = 0; i < nseen; i++) {
        struct str rest = str_from(seen[i], id.n);
        int64_t number = 1;
        if (!str_starts(seen[i], id) || (rest.n && rest.p[0] != ' ' && rest.p[0] != '.'))
            continue;
        if (rest.n && rest.p[0] == '.' && !str_int(str_sub(rest, 1, str_chr(rest, ' ')), &number))
            continue;
        if (number > (int64_t)last && number < 1000000)
            last = (unsigned)number;
    }
    return last;
}

void plan_mark_repeats(struct plan *p, const struct str *seen, uint32_t nseen, struct arena *mem)
{
    for (uint32_t i = 0; i < p->n; i++) {
        struct strbuf id = sb_new(mem, 0);
        hash_hex(&id, p->v[i].id, 16);
        unsigned last = times_seen(sb_view(&id), seen, nseen);
        p->v[i].repeat = last ? last + 1 : 0;
    }
}
