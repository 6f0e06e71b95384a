/* A catalog as a stream. The file stream is snapshot/reader.c. */

#include "core/stream.h"

struct position {
    const struct catalog *cat;
    uint32_t at;
};

static int next_fact(struct stream *s, struct obj *o, struct str *line, struct err *e)
{
    struct position *pos = s->impl;
    (void)e;
    *line = STR_NULL;
    if (pos->at == pos->cat->n)
        return 0;
    *o = pos->cat->v[pos->at++];
    s->count += !(o->flags & OBJ_IGNORED) && obj_in_facets(s->eng, o, s->facets);
    return 1;
}

struct stream stream_of_catalog(const struct catalog *cat, struct arena *mem)
{
    struct position *pos = NEW(mem, struct position);
    *pos = (struct position){cat, 0};
    return (struct stream){.eng = cat->eng,
                           .label = cat->label,
                           .version = cat->version,
                           .facets = cat->facets,
                           .captured = cat->captured,
                           .liquibase = cat->liquibase,
                           .untold = cat->untold,
                           .next = next_fact,
                           .fingerprint = cat->fingerprint,
                           .ledger = cat->ledger,
                           .nledger = cat->nledger,
                           .impl = pos};
}
