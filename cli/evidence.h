#ifndef SNAP_CLI_EVIDENCE_H
#define SNAP_CLI_EVIDENCE_H

/* Evidence files of `snap changelog` and `snap verify`, and who is to blame when a proof fails. */

#include "cli/context.h"
#include "verify/evidence.h"

/* What a proof has made. */
struct proof_made {
    const char *command;
    struct str path, text; /* the changelog: its file (absent or "-": none) and its bytes */
    struct str second_path, second; /* the script of its rollback, or absent */
    const struct emitter *em;       /* that wrote it; NULL: it was read */
    const struct plan *plan;        /* or NULL */
    const struct replay *replay;    /* or NULL: the text is read back */
    const struct verify_report *report;
};
/* The evidence as text. */
int evidence_of(struct context *ctx, const struct sides *s, const struct proof_made *made,
                struct strbuf *out, struct err *e);
/* E_USAGE where --evidence goes with what proves nothing; E_PROTECTED where it would be written
 * over a file that the command reads. */
int evidence_check_options(const struct context *ctx, struct err *e);

/* What snap writes for the two sides of a verify. */
struct expected {
    bool known;
    struct plan *plan;
    struct step_sums sums;
    const uint32_t *pairs; /* for each changeSet that is there, the step that it stands for */
};
/* Not known where there is no TO, or where the changelog has little in common with it. */
void evidence_expect(struct context *ctx, struct sides *s, const struct step_sums *got,
                     struct expected *out);
/* Puts the changeSet that is to blame before the message of a failed replay. `want`: from an
 * evidence or of evidence_expect. */
void evidence_blame(const struct step_sums *want, const struct step_sums *got, struct arena *mem,
                    struct err *e);

/* Files that become visible together, the last one last: all are on the disk before the first is
 * seen. An absent path is standard output. */
struct text_file {
    struct str path, text;
};
int context_write_all(struct context *ctx, const struct text_file *v, uint32_t n, struct err *e);

#endif
