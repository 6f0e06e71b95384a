/*
 * The normal form of a collation: all members, in order of keys.
 *
 * A server that keeps a collation as it was given (documentdb) and one that lists all its defaults
 * (MongoDB) mean the same. What is filled in is what MongoDB's manual ("Collation Locales and
 * Default Parameters") says of all locales: caseLevel, strength, numericOrdering, maxVariable; and
 * for the rest what ICU has, where 57.1 (MongoDB's) and 72.1 give the same for a language: measured
 * over all their locales, in which only fr_CA is not as its language is. Tibetan, on which the two
 * differ, and languages that the older one has no rules for are left as they are given.
 */

#include "drivers/mongodb/canon_parts.h"

#include <string.h>

/* Languages with rules of their own in ICU 57.1, but for Tibetan. */
static const char *const languages =
    "af,am,ar,as,az,be,bg,bn,bs,ca,chr,cs,cy,da,de,dsb,dz,ee,el,en,eo,es,et,fa,fi,fil,fo,fr,ga,gl,"
    "gu,ha,haw,he,hi,hr,hsb,hu,hy,id,ig,is,it,ja,ka,kk,kl,km,kn,ko,kok,ky,lb,lkt,ln,lo,lt,lv,mk,ml,"
    "mn,mr,ms,mt,my,nb,ne,nl,nn,om,or,pa,pl,ps,pt,ro,ru,se,si,sk,sl,smn,sq,sr,sv,sw,ta,te,th,to,tr,"
    "ug,uk,ur,vi,wae,yi,yo,zh,zu";
/* ... of which these normalize. */
static const char *const normalizing =
    "as,bn,el,fa,gu,he,hi,ig,km,kn,kok,mr,my,or,pa,ps,si,ta,te,th,vi,yi,yo";
/* What "language@collation=" may be followed by, and whether that normalizes; none sorts capitals
 * first, ignores punctuation or goes backwards. "*": any language. */
static const struct {
    const char *language, *variant;
    bool normalizes;
} variants[] = {
    {"*", "search", true},        {"*", "eor", false},        {"ar", "compat", false},
    {"bn", "traditional", true},  {"de", "phonebook", false}, {"es", "traditional", false},
    {"fi", "traditional", false}, {"ja", "unihan", false},    {"kn", "traditional", true},
    {"ko", "searchjl", true},     {"ko", "unihan", false},    {"ln", "phonetic", false},
    {"si", "dictionary", true},   {"sv", "reformed", false},  {"vi", "traditional", true},
    {"zh", "big5han", false},     {"zh", "gb2312han", false}, {"zh", "pinyin", false},
    {"zh", "stroke", false},      {"zh", "unihan", false},    {"zh", "zhuyin", false},
};

struct defaults {
    bool known;
    const char *case_first, *alternate;
    bool normalization, backwards;
};

static struct defaults of_variant(struct str language, struct str variant)
{
    for (size_t i = 0; i < sizeof variants / sizeof *variants; i++)
        if ((variants[i].language[0] == '*' || str_eq_c(language, variants[i].language)) &&
            str_eq_c(variant, variants[i].variant))
            return (struct defaults){true, "off", "non-ignorable", variants[i].normalizes, false};
    return (struct defaults){0};
}

static struct defaults of_locale(struct str locale)
{
    static const struct str word = {"collation=", sizeof "collation=" - 1};
    size_t at = str_chr(locale, '@');
    struct str base = str_sub(locale, 0, at), more = str_from(locale, at + 1);
    struct str language = str_sub(base, 0, str_chr(base, '_'));
    if (!language.n || !str_has_word(str_c(languages), language))
        return (struct defaults){0};
    if (str_starts(more, word))
        return of_variant(language, str_from(more, word.n));
    if (at < locale.n)
        return (struct defaults){0};
    bool upper = str_eq_c(language, "da") || str_eq_c(language, "mt");
    return (struct defaults){
        .known = true,
        .case_first = upper ? "upper" : "off",
        .alternate = str_eq_c(language, "th") ? "shifted" : "non-ignorable",
        .normalization = str_has_word(str_c(normalizing), language),
        .backwards = str_eq_c(locale, "fr_CA"),
    };
}

static void fill(struct mv *doc, const char *key, struct mv *v)
{
    if (!mv_get(doc, key))
        mv_add(doc, str_c(key), v);
}

bool mgc_is_simple(const struct mv *v)
{
    if (!str_eq_c(mv_string(mv_get(v, "locale")), "simple"))
        return false;
    for (const struct mv *m = v->first; m; m = m->next)
        if (!str_eq_c(m->key, "locale") && !str_eq_c(m->key, "version"))
            return false;
    return true;
}

struct mv *mgc_collation(struct arena *mem, const struct mv *v)
{
    struct str locale = mv_string(mv_get(v, "locale"));
    if (str_is_null(locale) || str_eq_c(locale, "simple"))
        return mgc_literal(mem, v);
    struct mv *doc = mgc_literal(mem, v);
    while (mv_take(doc, "version")) {
    }
    fill(doc, "caseLevel", mv_bool(mem, false));
    fill(doc, "strength", mv_int(mem, 3));
    fill(doc, "numericOrdering", mv_bool(mem, false));
    fill(doc, "maxVariable", mv_text(mem, STR("punct")));
    struct defaults d = of_locale(locale);
    if (d.known) {
        fill(doc, "caseFirst", mv_text(mem, str_c(d.case_first)));
        fill(doc, "alternate", mv_text(mem, str_c(d.alternate)));
        fill(doc, "normalization", mv_bool(mem, d.normalization));
        fill(doc, "backwards", mv_bool(mem, d.backwards));
    }
    return mgc_by_key(mem, doc);
}
