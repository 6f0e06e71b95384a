/* Look-ups in descriptor tables and the names of facets. */

#include "core/kind.h"

const struct alter alter_replace = {.name = "object.replace", .doc = "drop and create"};

static const char *const facet_names[FACET_COUNT] = {
    "structure", "comments", "owner",   "acl",      "storage", "order",
    "stats",     "counters", "pragmas", "sharding", "data",
};

const char *facet_name(unsigned one_bit)
{
    for (unsigned i = 0; i < FACET_COUNT; i++)
        if (one_bit == 1u << i)
            return facet_names[i];
    return "?";
}

unsigned facet_bit(struct str name)
{
    for (unsigned i = 0; i < FACET_COUNT; i++)
        if (str_eq_c(name, facet_names[i]))
            return 1u << i;
    return 0;
}

bool facet_parse(struct str list, unsigned base, unsigned *out, struct str *bad)
{
    struct str rest = str_trim(list), word;
    bool relative = rest.n && (rest.p[0] == '+' || rest.p[0] == '-');
    unsigned facets = relative ? base : 0;
    while (str_cut(&rest, ',', &word)) {
        word = str_trim(word);
        char sign = word.n ? word.p[0] : '\0';
        bool has_sign = sign == '+' || sign == '-';
        unsigned bit = facet_bit(has_sign ? str_from(word, 1) : word);
        if (!bit || relative != has_sign) {
            *bad = word;
            return false;
        }
        facets = sign == '-' ? facets & ~bit : facets | bit;
    }
    *out = facets;
    return true;
}

void facet_list(struct strbuf *out, unsigned facets)
{
    bool first = true;
    for (unsigned i = 0; i < FACET_COUNT; i++) {
        if (!(facets & 1u << i))
            continue;
        if (!first)
            sb_char(out, ',');
        sb_c(out, facet_names[i]);
        first = false;
    }
}

bool kind_is_granted(const struct kind_desc *k)
{
    bool granted = (k->flags & KF_GRANTED) != 0;
    for (size_t i = 0; i < k->nattrs; i++)
        granted = granted || k->attrs[i].facet == F_ACL;
    return granted && k->facet != F_ACL;
}

const struct attr_desc *kind_attr(const struct kind_desc *k, struct str name)
{
    for (size_t i = 0; i < k->nattrs; i++)
        if (str_eq_c(name, k->attrs[i].name))
            return &k->attrs[i];
    return NULL;
}

bool word_in(const char *list, struct str word)
{
    return str_has_word(str_c(list), word);
}
