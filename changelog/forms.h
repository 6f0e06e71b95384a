#ifndef SNAP_CHANGELOG_FORMS_H
#define SNAP_CHANGELOG_FORMS_H

/*
 * Changelogs of Liquibase as one tree, whatever they are written in: that of YAML, a map with the
 * list databaseChangeLog, whose items are maps (changeSet, property, include ...). In a changeSet
 * stand id, author and the like as texts, and `changes` and `rollback` as lists of maps of one
 * member, the change.
 */

#include "core/engine.h"
#include "markup/yaml_tree.h"

enum changelog_form { FORM_YAML, FORM_XML, FORM_SQL }; /* JSON is YAML */

/* By the ending of the label, or where that tells nothing by the text. A script is none of them:
 * false. */
bool changelog_form(struct str label, struct str text, enum changelog_form *out);
/* The tree, in mem. Of formatted SQL only the forms that snap writes are taken; `eng`, which may be
 * NULL, cuts the text of a changeSet whose driver runs several statements at once.
 * E_CHANGELOG_SYNTAX, E_CHANGELOG_FOREIGN, E_LIMIT. */
int changelog_tree(enum changelog_form form, struct str text, struct str label,
                   const struct engine *eng, struct arena *mem, struct node **out, struct err *e);
/* The same of formatted SQL. */
int sql_form(struct str text, struct str label, const struct engine *eng, struct arena *mem,
             struct node **out, struct err *e);

#endif
