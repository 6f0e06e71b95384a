.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table "größe": change column "Maß"
-- ! DATA_DEPENDENT: column "größe"."Maß": a row that holds NULL stops it
-- ! REWRITE: table "größe": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column größe.Maß becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "größe" WHERE "Maß" IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_größe" (
  id INTEGER PRIMARY KEY,
  "Maß" TEXT NOT NULL DEFAULT '½ 🚀'
);
INSERT OR ABORT INTO "_snap_new_größe" (id, "Maß") SELECT id, "Maß" FROM "größe";
DROP TABLE "größe";
ALTER TABLE "_snap_new_größe" RENAME TO "größe";

COMMIT;
