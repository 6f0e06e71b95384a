/* Which row makes a change: the chain of `applies`, `rides` and `other`. */

#include "diff/internal.h"

const struct alter *alter_resolve(const struct ddl *d, const struct alter *alter,
                                  const struct change *c, struct str *carrier)
{
    *carrier = STR_NULL;
    for (; alter; alter = alter->other) {
        if (alter->rides) {
            *carrier = alter->rides(d, c);
            if (!str_is_null(*carrier))
                return alter;
        }
        if (alter == &alter_replace)
            return alter;
        if (alter->fn && (!alter->applies || alter->applies(d, c)))
            return alter;
    }
    return NULL;
}

/* Rows of one owner's call may differ in what they rebuild: they are one call. */
bool alter_leads_to(const struct alter *alter, const struct alter *target)
{
    for (; alter; alter = alter->other)
        if (alter == target || (alter->at_owner && target->at_owner && alter->fn == target->fn))
            return true;
    return false;
}
