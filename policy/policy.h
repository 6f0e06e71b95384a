#ifndef SNAP_POLICY_POLICY_H
#define SNAP_POLICY_POLICY_H

/*
 * Rules of a team, judged on facts and on the steps of a plan, never on the text of statements: the
 * same index has one name, one table and one list of columns, however its CREATE was spelled.
 *
 * A rule says what it is about (`type`), which objects it looks at (kinds, only, except) and how
 * bad it is to break it. Rules come from outside; policy_check makes sure of them before they are
 * used.
 */

#include "core/catalog.h"
#include "core/step.h"

enum policy_type {
    POLICY_NAME,        /* a name fits a pattern */
    POLICY_NAME_LENGTH, /* a name is no longer than so many bytes */
    POLICY_RESERVED,    /* a name is no reserved word of the engine */
    POLICY_COMMENT,     /* there is a comment */
    POLICY_COLUMN_TYPE, /* a column is of none of these types */
    POLICY_PRIMARY_KEY, /* a table has a primary key */
    POLICY_FOREIGN_KEY, /* an index finds the rows of a foreign key */
    POLICY_FORBID,      /* no step of a plan is one of these */
    POLICY_TYPE_COUNT
};
/* The word in snap.yml ("primary-key"), and one line that says what is judged. */
const char *policy_type_name(enum policy_type t);
const char *policy_type_doc(enum policy_type t);
/* All of them, comma separated. */
void policy_type_names(struct strbuf *out);
/* False: there is none of that name. */
bool policy_type_find(struct str name, enum policy_type *out);
/* Keys of snap.yml that rules of this type take besides those that all take. */
const char *policy_type_keys(enum policy_type t);

enum policy_severity { POLICY_ERROR, POLICY_WARNING };

struct policy_list {
    struct str *v;
    uint32_t n, cap;
};

struct policy_rule {
    struct str id;
    enum policy_type type;
    enum policy_severity severity;
    struct policy_list kinds;        /* tags; none: those that the type is about */
    struct policy_list only, except; /* patterns, KIND:GLOB; no `only`: all */
    struct str reason;               /* why there is such a rule; or absent */
    struct str match;                /* POLICY_NAME */
    bool ignore_case;                /* POLICY_NAME */
    int64_t max;                     /* POLICY_NAME_LENGTH */
    struct policy_list types;        /* POLICY_COLUMN_TYPE: globs */
    struct policy_list steps;        /* POLICY_FORBID: words, see policy_step_words */
    struct policy_list in;           /* POLICY_FORBID: environments; none: everywhere */
    uint32_t line;                   /* of the file that it stands in */
};

struct policy {
    struct str file; /* where the rules stand */
    struct policy_rule *v;
    uint32_t n, cap;
};

/* What a rule may forbid, comma separated: destructive, breaking, irreversible and the hazards. */
void policy_step_words(struct strbuf *out);
/* Refuses a rule that could never judge anything: E_BAD_VALUE for an expression that is none, an
 * unknown placeholder, kind, pattern or word, and a missing key. `engines` ends with NULL. */
int policy_check(const struct policy *p, const struct policy_rule *rule,
                 const struct engine *const *engines, struct arena *mem, struct err *e);

struct policy_finding {
    const struct policy_rule *rule;
    struct str path;     /* of the object */
    struct str object;   /* for people: "index public.orders.x" */
    struct str message;  /* what is wrong: "is not named idx_orders__total" */
    struct str expected; /* what would be right, where a rule can tell; else absent */
    struct str source;   /* the file or database that the object stands in */
    uint32_t line;       /* there, of a file; or 0 */
    uint32_t step;       /* of the plan, from 1; or 0 */
};

struct policy_report {
    const struct policy *policy;
    struct str label;         /* what was judged */
    bool changes;             /* only what a change touches */
    struct str env;           /* environment that the change is for; or absent */
    const char *engine;       /* its title */
    struct policy_finding *v; /* by rule, then by path */
    uint32_t n, cap;
    uint32_t errors, warnings;
    uint32_t judged;  /* objects that at least one rule looked at */
    struct str *idle; /* ids of rules that nothing of this engine, or environment, is under, or
                         whose `only` fits nothing */
    uint32_t nidle, idle_cap;
    const struct ledger_entry *unjudged; /* of the schema, and not modelled */
    uint32_t nunjudged;
};

/* Judges every object of a schema. */
int policy_judge_state(const struct policy *p, const struct catalog *cat, struct arena *mem,
                       struct policy_report **out, struct err *e);
/* Judges what a plan does: the objects that it makes or changes, what was right before it and is
 * wrong behind it, and its steps. `env`: the environment that it is for; absent: none is named. */
int policy_judge_plan(const struct policy *p, const struct plan *plan, struct str env,
                      struct arena *mem, struct policy_report **out, struct err *e);

/* For people; one document; for a pull request. */
void policy_text(const struct policy_report *r, struct strbuf *out, struct arena *mem);
void policy_json(const struct policy_report *r, struct strbuf *out, struct arena *mem);
void policy_markdown(const struct policy_report *r, struct strbuf *out, struct arena *mem);

/* The document that policies of Open Policy Agent read: `sqlStatements` for those that look at
 * text, `snap` for those that look at the model. docs/check.md describes it. */
void policy_opa_plan(const struct plan *plan, struct str env, struct strbuf *out,
                     struct arena *mem);

#endif
