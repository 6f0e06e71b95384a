/* The table of hazards. */

#include "core/hazard.h"

static const struct {
    const char *name;
    int severity;
    const char *doc, *safer;
} hazards[HAZARD_COUNT] = {
    {"NONE", 0, "", ""},
#define HAZARD(code, severity, doc, safer) {#code, severity, doc, safer},
#include "core/hazards.def"
#undef HAZARD
};

const char *hazard_name(enum hazard_code code)
{
    return hazards[code].name;
}

int hazard_severity(enum hazard_code code)
{
    return hazards[code].severity;
}

const char *hazard_doc(enum hazard_code code)
{
    return hazards[code].doc;
}

const char *hazard_safer(enum hazard_code code)
{
    return hazards[code].safer;
}
