/* Statements on the PostgreSQL behind, and members of documents. */

#include "tests/mongodb/front.h"

#include <stdlib.h>

/* What documentdb calls a refusal, as far as it was met. */
static const struct {
    char state[6];
    int code;
} states[] = {
    {"M0001", 2},  {"M0002", 5},   {"M0003", 9},     {"M0004", 14},    {"M000F", 48},
    {"M000Q", 73}, {"M000U", 115}, {"M0088", 40415}, {"M007U", 40324}, {"M009A", 51047},
};

static void keep_error(struct front *f, const PGresult *r)
{
    const char *state = r ? PQresultErrorField(r, PG_DIAG_SQLSTATE) : NULL;
    const char *words = r ? PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    front_refuse(f, 1, "%s", words ? words : PQerrorMessage(f->sql));
    for (size_t i = 0; state && i < sizeof states / sizeof *states; i++)
        if (!strcmp(state, states[i].state))
            f->code = states[i].code;
}

PGresult *front_sql(struct front *f, const char *query, int n, const char *const *params)
{
    if (!f->sql) {
        f->sql = PQconnectdb(f->conninfo);
        /* notices of documentdb are no one's business */
        PQclear(PQexec(f->sql, "set client_min_messages = error"));
    }
    PGresult *r = PQexecParams(f->sql, query, n, NULL, params, NULL, NULL, 0);
    ExecStatusType status = PQresultStatus(r);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return r;
    keep_error(f, r);
    PQclear(r);
    return NULL;
}

bool front_do(struct front *f, const char *query, int n, const char *const *params)
{
    PGresult *r = front_sql(f, query, n, params);
    PQclear(r);
    return r;
}

char *front_hex(const bson_t *doc)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *bytes = bson_get_data(doc);
    char *text = bson_malloc(2 * (size_t)doc->len + 8);
    memcpy(text, "BSONHEX", 7);
    char *p = text + 7;
    for (uint32_t i = 0; i < doc->len; i++) {
        *p++ = digits[bytes[i] >> 4];
        *p++ = digits[bytes[i] & 15];
    }
    *p = 0;
    return text;
}

static uint8_t nibble(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : (c | 32) - 'a' + 10);
}

bool front_document(const PGresult *r, int column, bson_t *doc)
{
    bson_init(doc);
    if (PQgetisnull(r, 0, column))
        return false;
    const char *text = PQgetvalue(r, 0, column) + 7; /* BSONHEX */
    size_t n = strlen(text) / 2;
    uint8_t *bytes = bson_malloc(n + 1);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)(nibble(text[2 * i]) << 4 | nibble(text[2 * i + 1]));
    bson_t got;
    bool whole = bson_init_static(&got, bytes, n);
    if (whole) {
        bson_destroy(doc);
        bson_copy_to(&got, doc);
    }
    bson_free(bytes);
    return whole;
}

const char *doc_text(const bson_t *doc, const char *key)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, key) && BSON_ITER_HOLDS_UTF8(&it)
               ? bson_iter_utf8(&it, NULL)
               : NULL;
}

bool doc_has(const bson_t *doc, const char *key)
{
    return bson_has_field(doc, key);
}

bool doc_truth(const bson_t *doc, const char *key)
{
    bson_iter_t it;
    return bson_iter_init_find(&it, doc, key) && bson_iter_as_bool(&it);
}

bool doc_child(const bson_t *doc, const char *key, bson_t *child)
{
    bson_iter_t it;
    const uint8_t *bytes;
    uint32_t n;
    if (!bson_iter_init_find(&it, doc, key))
        return false;
    if (BSON_ITER_HOLDS_DOCUMENT(&it))
        bson_iter_document(&it, &n, &bytes);
    else if (BSON_ITER_HOLDS_ARRAY(&it))
        bson_iter_array(&it, &n, &bytes);
    else
        return false;
    return bson_init_static(child, bytes, n);
}

void doc_copy(bson_t *to, const bson_t *from, bool (*keep)(const char *key))
{
    bson_iter_t it;
    bson_iter_init(&it, from);
    while (bson_iter_next(&it))
        if (!keep || keep(bson_iter_key(&it)))
            bson_append_iter(to, NULL, 0, &it);
}

void doc_set(bson_t *doc, const char *key, const bson_iter_t *from)
{
    bson_t made = BSON_INITIALIZER;
    bson_iter_t it;
    bool done = !from;
    bson_iter_init(&it, doc);
    while (bson_iter_next(&it))
        if (strcmp(bson_iter_key(&it), key) != 0) {
            bson_append_iter(&made, NULL, 0, &it);
        } else if (!done) {
            bson_append_iter(&made, key, -1, from);
            done = true;
        }
    if (!done)
        bson_append_iter(&made, key, -1, from);
    bson_destroy(doc);
    bson_copy_to(&made, doc);
    bson_destroy(&made);
}

bool key_among(const char *key, const char *const *list)
{
    while (*list)
        if (!strcmp(key, *list++))
            return true;
    return false;
}

bool key_common(const char *key)
{
    static const char *const common[] = {"lsid",       "comment",      "maxTimeMS",
                                         "apiVersion", "apiStrict",    "apiDeprecationErrors",
                                         "txnNumber",  "writeConcern", NULL};
    return key[0] == '$' || key_among(key, common);
}
