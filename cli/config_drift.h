#ifndef SNAP_CLI_CONFIG_DRIFT_H
#define SNAP_CLI_CONFIG_DRIFT_H

/* The sections `drift:`, `ignore:` and `presets:` of snap.yml. */

#include "cli/config.h"
#include "markup/yaml_tree.h"

/* Takes the sections, of which each may be NULL, into *c, whose environments are known; the trees
 * live as long as `mem`. E_CONFIG_SYNTAX, E_CONFIG_KEY, E_BAD_VALUE, each with its line. */
struct drift_sections {
    const struct node *drift, *ignore, *presets;
};
int config_drift(const struct drift_sections *s, const struct engine *const *engines,
                 struct arena *mem, struct config *c, struct err *e);
/* Rows of a section `ignore:` alone, as --resolve writes it: added behind those of *c. */
int config_ignore(const struct node *list, const struct engine *const *engines, struct arena *mem,
                  struct config *c, struct err *e);

#endif
