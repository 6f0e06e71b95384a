.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: undo: rebuild table "größe": change column "Maß"
-- ! REWRITE: table "größe": the table is made anew and every row is copied
CREATE TABLE "_snap_new_größe" (
  id INTEGER PRIMARY KEY,
  "Maß" TEXT DEFAULT '½'
);
INSERT OR ABORT INTO "_snap_new_größe" (id, "Maß") SELECT id, "Maß" FROM "größe";
DROP TABLE "größe";
ALTER TABLE "_snap_new_größe" RENAME TO "größe";

COMMIT;
