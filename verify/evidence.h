#ifndef SNAP_VERIFY_EVIDENCE_H
#define SNAP_VERIFY_EVIDENCE_H

/*
 * The evidence of a proof: a statement of in-toto's form (attestation framework, Statement v1) in
 * JSON. It names the changelog by its SHA-256 and says what the proof saw of each changeSet. It
 * holds no time, no host and no path of a machine, so that the same inputs give the same bytes;
 * docs/evidence.schema.json describes it.
 */

#include "verify/steps.h"

#define EVIDENCE_STATEMENT "https://in-toto.io/Statement/v1"
#define EVIDENCE_PREDICATE "urn:x-snap:schema-proof:v1"

enum { EVIDENCE_MAX = 256 << 20 };

struct evidence_file {
    struct str name; /* the last part of its path */
    struct str sha256;
};
/* FROM or TO. */
struct evidence_input {
    const char *role; /* "from" */
    struct str name;
    struct str sha256;         /* of a file that is read whole; or absent */
    const struct catalog *cat; /* NULL: there is no such side */
};
struct evidence {
    const char *command; /* that made the proof: "changelog" */
    const struct engine *eng;
    struct evidence_file subject[2]; /* the changelog, and the script of its rollback */
    uint32_t nsubject;
    struct evidence_input input[2];
    unsigned facets;
    const struct str *options; /* "--style=sql": those that change what is written or compared */
    uint32_t noptions;
    const struct verify_report *report; /* with its records */
    const struct plan *plan;            /* NULL: of a file */
    const struct step_sums *sums; /* as many as records, and those that change nothing behind */
};
void evidence_write(const struct evidence *ev, struct arena *mem, struct strbuf *out);

/* An evidence that was written before. */
struct evidence_step {
    struct str before, after, undone; /* 32 hex digits; undone: absent where there is no way back */
};
struct evidence_read {
    struct str sha256;   /* of the changelog */
    struct str back;     /* SHA-256 of the script of its rollback; or absent */
    struct str from, to; /* fingerprints; to: absent where it was not known */
    struct str reached, undone;
    struct str engine, server, facets; /* facets: a raw list of JSON */
    struct evidence_step *step;
    struct step_sums sums; /* one for each step */
};
/* E_EVIDENCE_SYNTAX. */
int evidence_read(struct str text, struct str label, struct arena *mem, struct evidence_read *out,
                  struct err *e);
/* Whether the inputs are those of the evidence. E_EVIDENCE_MISMATCH, naming which is not. */
int evidence_check_inputs(const struct evidence_read *ev, const struct catalog *from,
                          const struct catalog *to, unsigned facets, struct arena *mem,
                          struct err *e);
/* Whether the changelog is the one of the evidence, and else the changeSet that differs. `back` is
 * the script of its rollback, or absent; `sums` NULL: of a script, whose steps are not told apart.
 */
int evidence_check_changes(const struct evidence_read *ev, struct str text, struct str back,
                           const struct step_sums *sums, struct arena *mem, struct err *e);
/* Whether a replay saw what the evidence says, step by step. */
int evidence_check_replay(const struct evidence_read *ev, const struct verify_report *report,
                          struct arena *mem, struct err *e);

#endif
