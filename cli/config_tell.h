#ifndef SNAP_CLI_CONFIG_TELL_H
#define SNAP_CLI_CONFIG_TELL_H

/* The keys of a `drift:` entry that say who is told: each takes the value at `n` into *env.
 * E_CONFIG_SYNTAX, E_CONFIG_KEY, E_CONFIG_SECRET, E_BAD_VALUE, each with its line. */

#include "cli/config_tree.h"

int config_notify(const struct maker *m, const struct node *n, struct config_env *env);
int config_notify_format(const struct maker *m, const struct node *n, struct config_env *env);
int config_webhook(const struct maker *m, const struct node *n, struct config_env *env);
int config_metrics(const struct maker *m, const struct node *n, struct config_env *env);

#endif
