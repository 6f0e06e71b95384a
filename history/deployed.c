/* What deployers wrote down, each row once, with the check that first saw it. */

#include "core/escape.h"
#include "history/store.h"

static struct hash128 row_key(const struct deployed *d, struct strbuf *b)
{
    const struct str parts[] = {d->tool,       d->id,   d->author, d->file,
                                d->deployment, d->text, d->when,   d->how};
    sb_cut(b, 0);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        sb_char(b, str_is_null(parts[i]) ? '-' : '+');
        sb_int(b, (int64_t)parts[i].n);
        sb_char(b, ':');
        sb_str(b, parts[i]);
    }
    sb_int(b, (int64_t)d->order);
    return text_key(sb_view(b));
}

struct str store_plain(struct str text, struct arena *mem)
{
    if (str_is_null(text) || (str_is_utf8(text) && str_chr(text, '\0') == text.n))
        return text;
    struct strbuf b = sb_new(mem, 0);
    esc_terminal(&b, text);
    return sb_view(&b);
}

int deployed_record(struct history *h, int64_t env, const struct history_run *run, struct err *e)
{
    static const char sql[] =
        "INSERT INTO deployed (env, hash, seen, tool, pos, id, author, file, deployment, text, "
        "ran, how) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT DO "
        "NOTHING";
    struct arena *tmp = arena_new(0);
    struct strbuf b = sb_new(tmp, 0);
    int rc = 0;
    for (uint32_t i = 0; !rc && i < run->ndeployed; i++) {
        const struct deployed *d = &run->deployed[i];
        const struct store_arg args[] = {A_NUM(env),
                                         A_ID(row_key(d, &b)),
                                         A_STR(run->time),
                                         A_STR(store_plain(d->tool, tmp)),
                                         A_NUM(d->order),
                                         A_STR(d->id.p ? store_plain(d->id, tmp) : STR("")),
                                         A_STR(store_plain(d->author, tmp)),
                                         A_STR(store_plain(d->file, tmp)),
                                         A_STR(store_plain(d->deployment, tmp)),
                                         A_STR(store_plain(d->text, tmp)),
                                         A_STR(store_plain(d->when, tmp)),
                                         A_STR(store_plain(d->how, tmp))};
        rc = h->store->ops->exec(h->store, sql, args, 12, e);
    }
    arena_free(tmp);
    return rc;
}

int history_deployments(struct history *h, struct str env, struct str after, struct str until,
                        struct arena *mem, struct deployed **out, uint32_t *n, struct err *e)
{
    static const char sql[] =
        "SELECT tool, pos, id, author, file, deployment, text, ran, how FROM deployed WHERE env = "
        "$1 AND seen > $2 AND seen <= $3 ORDER BY seen, tool, pos, hash";
    struct store *s = h->store;
    int64_t number;
    VEC(struct deployed) v = {0};
    struct rows *r = NULL;
    int rc = env_number(h, env, &number, e);
    const struct store_arg args[] = {A_NUM(number), A_STR(after.n ? after : STR("")),
                                     A_STR(until.n ? until : STR("~"))};
    if (!rc)
        rc = s->ops->query(s, sql, args, 3, &r, e);
    while (!rc && (rc = s->ops->next(r, e)) == 1) {
        struct deployed d = {.tool = rows_str(s, r, 0, mem),
                             .id = rows_str(s, r, 2, mem),
                             .author = rows_str(s, r, 3, mem),
                             .file = rows_str(s, r, 4, mem),
                             .deployment = rows_str(s, r, 5, mem),
                             .text = rows_str(s, r, 6, mem),
                             .when = rows_str(s, r, 7, mem),
                             .how = rows_str(s, r, 8, mem),
                             .order = (uint64_t)s->ops->num(r, 1)};
        VEC_PUSH(mem, v, d);
        rc = 0;
    }
    s->ops->done(r);
    *out = v.v;
    *n = v.n;
    return rc;
}
