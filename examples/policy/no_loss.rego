# Nothing that loses rows or has no way back goes to production.
#
#     opa eval --fail-defined -d no_loss.rego -i input.json 'data.snap.no_loss.deny[_]'
package snap.no_loss

import rego.v1

deny contains msg if {
	input.snap.environment == "prod"
	some step in input.snap.steps
	some hazard in step.hazards
	hazard.severity == 3
	msg := sprintf("%s: %s", [step.title, hazard.detail])
}

deny contains msg if {
	input.snap.environment == "prod"
	some step in input.snap.steps
	step.reversal == "none"
	msg := sprintf("%s: there is no way back", [step.title])
}
