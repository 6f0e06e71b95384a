# The naming of indexes, judged on the model that `snap check FROM TO --opa-input` prints beside the
# statements: it does not matter how a CREATE INDEX was spelled.
#
#     opa eval --fail-defined -d index_names.rego -i input.json 'data.snap.index_names.deny[_]'
package snap.index_names

import rego.v1

# Each index that the change makes, with the name that it should have.
wrong contains {"object": change.path, "name": change.after.name, "expected": expected} if {
	some change in input.snap.changes
	change.kind == "index"
	change.op != "drop"
	words := [term.words | some term in change.after.terms]
	expected := concat("_", ["idx", change.table, concat("__", words)])
	change.after.name != expected
}

deny contains msg if {
	some w in wrong
	msg := sprintf("index %s of %s should be called %s", [w.name, w.object, w.expected])
}
