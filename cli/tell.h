#ifndef SNAP_CLI_TELL_H
#define SNAP_CLI_TELL_H

/* What happens after a check is written down and its report is printed: people are told, and
 * monitoring. */

#include "cli/drift.h"
#include "emit/tell.h"

/* What is to be told of one environment. */
struct message {
    const struct drift_result *result;
    struct tell_news news;                  /* not told before; with --renotify all that fail */
    const struct drift_finding *const *all; /* the same with what comes or goes with one of them */
    uint32_t nall;
    int64_t end_ms; /* of clock_ms: no later */
};

/* A result as it is told. */
struct tell_env drift_told(struct arena *mem, const struct drift_result *r);
/* Whether people could be told, before the check: what is written wrong is said on the first night
 * and not on that of the first drift. E_BAD_VALUE, E_CONFIG_SECRET, E_UNKNOWN_FORMAT. */
int tell_check(struct context *ctx, const struct drift_target *t, struct err *e);
/* Tells of what is new, by the command and the webhook of snap.yml and --notify, and writes down
 * that it was told. Nothing to tell, or nobody: 0. E_NOTIFY_FAILED: it is told again with the next
 * check. */
int drift_tell(struct context *ctx, const struct drift_result *r, struct err *e);
/* All that comes after the report of a check: metrics, messages, the line of --nagios. `status` is
 * the command's so far, -1 with the error in e; returns the one to end with. */
int drift_after(struct context *ctx, const struct drift_result *v, uint32_t n, int status,
                struct err *e);
/* The file of metrics of the environments, each with the series of its own; the series of others in
 * the file stay. E_WRITE_FAILED; E_PROTECTED: the file is none of these. */
int drift_metrics(struct context *ctx, const struct drift_result *v, uint32_t n, struct err *e);

/* Runs a command with the text on its standard input and the variables SNAP_ENV, SNAP_STATUS,
 * SNAP_NEW and SNAP_DRIFT. argv ends with NULL. E_NOTIFY_FAILED, E_INTERRUPTED. */
int notify_run(struct arena *mem, char **argv, struct str folder, const struct message *msg,
               struct str text, struct err *e);
/* Whether there is a URL to send to, before there is anything to send. E_BAD_VALUE,
 * E_CONFIG_SECRET. */
int webhook_check(struct context *ctx, const struct config_tell *t, struct err *e);
/* Sends the body to the webhook. E_NOTIFY_FAILED, E_BAD_VALUE, E_CONFIG_SECRET, E_NO_CLIENT,
 * E_INTERRUPTED. */
int webhook_send(struct context *ctx, const struct config_tell *t, const struct message *msg,
                 struct str body, struct err *e);

/* Waits --jitter long, by chance between nothing and that; then --timeout begins. */
int budget_begin(struct context *ctx, struct err *e);
/* Each environment has the time of --timeout; go_on: after others, of its check so much is spent.
 */
void budget_anew(struct context *ctx);
void budget_go_on(struct context *ctx, int64_t spent_ms);
/* What is left of --timeout in milliseconds, at least 1; `most` where none was given or more is
 * left. 0 for `most`: 0 where none was given. */
unsigned budget_left(const struct context *ctx, unsigned most);
/* The same of --timeout where no command has begun a budget; 0: none was given. */
unsigned budget_timeout(const struct context *ctx);
/* How long a writer of the history waits: --lock-wait, within the budget. */
int budget_lock_wait(const struct context *ctx, unsigned *ms, struct err *e);

#endif
