#ifndef SNAP_CLI_CONFIG_CHECK_H
#define SNAP_CLI_CONFIG_CHECK_H

/* The `check:` section of snap.yml as rules. */

#include "cli/config.h"
#include "markup/yaml_tree.h"

/* Makes the rules of the section, whose tree lives as long as `mem`; environments of *c that rules
 * name must be there. E_CONFIG_SYNTAX, E_CONFIG_KEY, E_BAD_VALUE, each with its line. */
int config_check(const struct node *section, const struct engine *const *engines, struct arena *mem,
                 struct config *c, struct err *e);

#endif
