/* What fails a run, and how severe a facet is. */

#include "drift/drift.h"

#include "core/suggest.h"

const struct severities severities_default = {
    /* structure, comments, owner, acl, storage, order, stats, counters, pragmas, sharding, data */
    {SEV_ERROR, SEV_NOTE, SEV_WARNING, SEV_ERROR, SEV_WARNING, SEV_NOTE, SEV_NOTE, SEV_NOTE,
     SEV_WARNING, SEV_WARNING, SEV_WARNING}};

static const char words[] = "drift,breaking,destructive,note,warning,error,pending,never,structure,"
                            "comments,owner,acl,storage,order,stats,counters,pragmas,sharding,data";

static bool take_word(struct str word, struct fail_on *out)
{
    enum drift_severity least;
    unsigned facet = facet_bit(word);
    out->facets |= facet;
    if (facet || str_eq(word, STR("drift")))
        return true;
    if (severity_parse(word, &least)) {
        out->least = least;
        return true;
    }
    bool *flag = str_eq(word, STR("breaking"))      ? &out->breaking
                 : str_eq(word, STR("destructive")) ? &out->destructive
                 : str_eq(word, STR("pending"))     ? &out->pending
                 : str_eq(word, STR("never"))       ? &out->never
                                                    : NULL;
    if (flag)
        *flag = true;
    return flag != NULL;
}

int fail_on_parse(struct str text, struct fail_on *out, struct err *e)
{
    struct str rest = text, word;
    *out = (struct fail_on){.least = SEV_NOTE};
    if (!str_is_null(text) && !text.n)
        return err_set(e, E_BAD_VALUE, "--fail-on takes words, and there is none");
    while (str_cut(&rest, ',', &word)) {
        word = str_trim(word);
        if (take_word(word, out))
            continue;
        struct str near = suggest_word(word, words);
        err_set(e, E_BAD_VALUE, "--fail-on takes no word %.*s", STR_ARG(word));
        return near.n ? err_hint(e, "did you mean %.*s?", STR_ARG(near))
                      : err_hint(e, "words: %s", words);
    }
    return 0;
}
