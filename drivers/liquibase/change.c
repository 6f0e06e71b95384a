/* Liquibase changes as canonical JSON on one line: {"dropTable":{"tableName":"T"}}. */

#include "drivers/liquibase/liquibase.h"

#include <stdlib.h>
#include <string.h>

#include "core/escape.h"

struct lq_change lq_begin_change(struct ddl *d, const char *type)
{
    return (struct lq_change){.d = d, .type = type};
}

void lq_raw_key(struct lq_change *c, const char *key, struct str json)
{
    if (c->n == sizeof c->key / sizeof *c->key)
        BUG("a change with too many keys");
    c->key[c->n++] = (struct change_key){key, json};
}

void lq_text_always(struct lq_change *c, const char *key, struct str text)
{
    struct strbuf b = sb_new(c->d->mem, 0);
    esc_json(&b, text);
    lq_raw_key(c, key, sb_view(&b));
}

void lq_text_key(struct lq_change *c, const char *key, struct str text)
{
    if (text.n)
        lq_text_always(c, key, text);
}

void lq_bool_key(struct lq_change *c, const char *key, bool value)
{
    lq_raw_key(c, key, value ? STR("true") : STR("false"));
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const struct change_key *)a)->key, ((const struct change_key *)b)->key);
}

struct str lq_change_body(struct lq_change *c)
{
    struct strbuf b = sb_new(c->d->mem, 0);
    qsort(c->key, c->n, sizeof *c->key, by_key);
    sb_char(&b, '{');
    for (uint32_t i = 0; i < c->n; i++) {
        jc_put_key(&b, str_c(c->key[i].key));
        sb_str(&b, c->key[i].raw);
    }
    sb_char(&b, '}');
    return sb_view(&b);
}

void lq_put(struct lq_change *c)
{
    struct str body = lq_change_body(c);
    ddl_stmt(c->d, arena_printf(c->d->mem, "{\"%s\":%.*s}", c->type, STR_ARG(body)), 0);
}

void lq_put_sql(struct ddl *d, struct str sql)
{
    bool returns = str_chr(sql, '\r') < sql.n;
    struct lq_change c = lq_begin_change(d, returns ? "createProcedure" : "sql");
    lq_text_key(&c, returns ? "procedureText" : "sql", sql);
    if (!returns) {
        lq_bool_key(&c, "splitStatements", false);
        lq_bool_key(&c, "stripComments", false);
    }
    lq_put(&c);
}
