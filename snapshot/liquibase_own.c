/* Reads back what liquibase_write.c has written: our own snapshot that stands in it, as long as the
 * rest of the file still says the same. */

#include "snapshot/liquibase.h"

static const char *const heads[] = {"{\n  \"snapshot\": {\n    \"metadata\": {\n      \"snap\": ",
                                    "snapshot:\n  metadata:\n    snap: "};

/* Which of the two forms a file begins with; -1: none. */
static int form_of(struct str head)
{
    for (int i = 0; i < 2; i++)
        if (str_starts(head, str_c(heads[i])))
            return i;
    return -1;
}

bool liquibase_own_is(struct str head)
{
    return form_of(head) >= 0;
}

int liquibase_own_text(struct str text, struct str label, const struct engine *const *engines,
                       struct arena *mem, struct str *out, struct err *e)
{
    int form = form_of(text);
    struct str rest = form < 0 ? STR("") : str_from(text, str_c(heads[form]).n);
    struct strbuf own = sb_new(mem, 0);
    struct catalog *cat;
    size_t end = 1;
    while (end < rest.n && rest.p[end] != '"')
        end += rest.p[end] == '\\' ? 2 : 1;
    if (end >= rest.n || rest.p[0] != '"' || jc_canon(str_sub(rest, 0, end + 1), &own, e))
        return err_set(e, E_LIQUIBASE_SNAPSHOT, "%.*s: metadata.snap is no whole text",
                       STR_ARG(label));
    *out = jc_text(mem, sb_view(&own));
    struct arena *tmp = arena_new(0);
    struct strbuf again = sb_new(tmp, 0), lacks = sb_new(tmp, 0);
    int rc = snapshot_read_lenient(*out, label, engines, tmp, &cat, e);
    if (!rc)
        rc = liquibase_write(cat, form == 1, tmp, &again, &lacks, e);
    if (!rc && !str_eq(sb_view(&again), text)) {
        rc = err_set(e, E_LIQUIBASE_SNAPSHOT,
                     "%.*s was changed after it was written: metadata.snap and the objects differ",
                     STR_ARG(label));
        err_hint(e, "write it again; or take its metadata away, and it is read as Liquibase does");
    }
    arena_free(tmp);
    return rc;
}
