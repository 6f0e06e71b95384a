#ifndef SNAP_CORE_LB_WORDS_H
#define SNAP_CORE_LB_WORDS_H

/*
 * What an engine says of an object in the words of Liquibase's snapshots, beside what
 * core/relation.h tells: the type of a column as the JDBC driver would name it, its default, the
 * numbers of a sequence. Liquibase writes a value that is no plain text as "text!{java.class}".
 */

#include "core/str.h"

#define LB_INT "java.lang.Integer"
#define LB_BIG "java.math.BigInteger"
#define LB_DECIMAL "java.math.BigDecimal"
#define LB_FUNCTION "liquibase.statement.DatabaseFunction"
#define LB_UNIT "liquibase.structure.core.DataType$ColumnSizeUnit"

struct lb_word {
    const char *name;
    struct str value;
    const char *class; /* the Java class behind the text; NULL: a plain text; "": true or false */
};
enum { LB_MAX_WORDS = 8 };
struct lb_words {
    struct lb_word own[LB_MAX_WORDS], type[LB_MAX_WORDS]; /* type: of columns */
    unsigned nown, ntype;
    bool counts;        /* the server numbers the rows: autoIncrementInformation */
    bool refuses_null;  /* though the column does not say so */
    bool by_rowid;      /* a key without an index of its own */
    bool is_constraint; /* a unique index that counts as one, too */
    bool left_out;      /* such snapshots hold no object like it */
    bool elsewhere;     /* what another object says tells of it, too */
    struct str no_rule; /* what a foreign key without a rule says; absent: no action */
    struct str method;  /* of a key's index; or absent */
    struct str name; /* of a key's index or of a constraint, where it is not the object's; absent */
};

static inline void lb_say(struct lb_words *w, const char *name, struct str value, const char *class)
{
    if (w->nown < LB_MAX_WORDS)
        w->own[w->nown++] = (struct lb_word){name, value, class};
}
static inline void lb_say_type(struct lb_words *w, const char *name, struct str value,
                               const char *class)
{
    if (w->ntype < LB_MAX_WORDS)
        w->type[w->ntype++] = (struct lb_word){name, value, class};
}

#endif
