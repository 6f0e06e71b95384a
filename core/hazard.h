#ifndef SNAP_CORE_HAZARD_H
#define SNAP_CORE_HAZARD_H

/* What can go wrong, or go missing, with a step: the rows of hazards.def. */

enum hazard_code {
    HZ_NONE,
#define HAZARD(code, severity, doc, safer) HZ_##code,
#include "core/hazards.def"
#undef HAZARD
    HAZARD_COUNT
};
const char *hazard_name(enum hazard_code code);
int hazard_severity(enum hazard_code code);
const char *hazard_doc(enum hazard_code code);
const char *hazard_safer(enum hazard_code code);

#endif
