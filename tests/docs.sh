#!/bin/sh
# Writes the documents that are made from the tables. $1: snap, $2: folder.
set -eu
snap=$1 folder=$2
mkdir -p "$folder"
"$snap" help errors > "$folder/errors.md"
"$snap" help hazards > "$folder/hazards.md"
"$snap" help options > "$folder/options.md"
{ printf '# Objects\n\nKinds of objects and their attributes, as `snap features` tells.\n'
  "$snap" features --format markdown; } > "$folder/objects.md"
