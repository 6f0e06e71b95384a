.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 54: undo: create view "v 日本"
DROP VIEW "v 日本";

-- step 53: undo: create view "v \xe2\x80\xaeevil"
DROP VIEW "v ‮evil";

-- step 52: undo: create view "v }}{{"
DROP VIEW "v }}{{";

-- step 51: undo: create view "v tab\x09here"
DROP VIEW "v tab	here";

-- step 50: undo: create view "v snowman ☃ 🚀"
DROP VIEW "v snowman ☃ 🚀";

-- step 49: undo: create view "v semi;colon -- /* */"
DROP VIEW "v semi;colon -- /* */";

-- step 48: undo: create view "v select"
DROP VIEW "v select";

-- step 47: undo: create view "v new\x0aline"
DROP VIEW "v new
line";

-- step 46: undo: create view "v it's"
DROP VIEW "v it's";

-- step 45: undo: create view "v é"
DROP VIEW "v é";

-- step 44: undo: create view "v esc\x1b[31m"
DROP VIEW "v esc[31m";

-- step 43: undo: create view "v back\slash"
DROP VIEW "v back\slash";

-- step 42: undo: create view "v a""b"
DROP VIEW "v a""b";

-- step 41: undo: create view "v `tick`"
DROP VIEW "v `tick`";

-- step 40: undo: create view "v [x]"
DROP VIEW "v [x]";

-- step 39: undo: create view "v <b>&amp;</b>"
DROP VIEW "v <b>&amp;</b>";

-- step 38: undo: create view "v %s %n"
DROP VIEW "v %s %n";

-- step 37: undo: create view "v ${user.home}"
DROP VIEW "v ${user.home}";

-- step 36: undo: create index "t 日本"."i 日本"
DROP INDEX "i 日本";

-- step 35: undo: create index "t \xe2\x80\xaeevil"."i \xe2\x80\xaeevil"
DROP INDEX "i ‮evil";

-- step 34: undo: create index "t }}{{"."i }}{{"
DROP INDEX "i }}{{";

-- step 33: undo: create index "t tab\x09here"."i tab\x09here"
DROP INDEX "i tab	here";

-- step 32: undo: create index "t snowman ☃ 🚀"."i snowman ☃ 🚀"
DROP INDEX "i snowman ☃ 🚀";

-- step 31: undo: create index "t semi;colon -- /* */"."i semi;colon -- /* */"
DROP INDEX "i semi;colon -- /* */";

-- step 30: undo: create index "t select"."i select"
DROP INDEX "i select";

-- step 29: undo: create index "t new\x0aline"."i new\x0aline"
DROP INDEX "i new
line";

-- step 28: undo: create index "t it's"."i it's"
DROP INDEX "i it's";

-- step 27: undo: create index "t é"."i é"
DROP INDEX "i é";

-- step 26: undo: create index "t esc\x1b[31m"."i esc\x1b[31m"
DROP INDEX "i esc[31m";

-- step 25: undo: create index "t back\slash"."i back\slash"
DROP INDEX "i back\slash";

-- step 24: undo: create index "t a""b"."i a""b"
DROP INDEX "i a""b";

-- step 23: undo: create index "t `tick`"."i `tick`"
DROP INDEX "i `tick`";

-- step 22: undo: create index "t [x]"."i [x]"
DROP INDEX "i [x]";

-- step 21: undo: create index "t <b>&amp;</b>"."i <b>&amp;</b>"
DROP INDEX "i <b>&amp;</b>";

-- step 20: undo: create index "t %s %n"."i %s %n"
DROP INDEX "i %s %n";

-- step 19: undo: create index "t ${user.home}"."i ${user.home}"
DROP INDEX "i ${user.home}";

-- step 18: undo: rebuild table "t 日本": change column v
-- ! REWRITE: table "t 日本": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t 日本" (
  "日本" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t 日本" ("日本", v) SELECT "日本", v FROM "t 日本";
DROP TABLE "t 日本";
ALTER TABLE "_snap_new_t 日本" RENAME TO "t 日本";

-- step 17: undo: rebuild table "t \xe2\x80\xaeevil": change column v
-- ! REWRITE: table "t \xe2\x80\xaeevil": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t ‮evil" (
  "‮evil" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t ‮evil" ("‮evil", v) SELECT "‮evil", v FROM "t ‮evil";
DROP TABLE "t ‮evil";
ALTER TABLE "_snap_new_t ‮evil" RENAME TO "t ‮evil";

-- step 16: undo: rebuild table "t }}{{": change column v
-- ! REWRITE: table "t }}{{": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t }}{{" (
  "}}{{" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t }}{{" ("}}{{", v) SELECT "}}{{", v FROM "t }}{{";
DROP TABLE "t }}{{";
ALTER TABLE "_snap_new_t }}{{" RENAME TO "t }}{{";

-- step 15: undo: rebuild table "t tab\x09here": change column v
-- ! REWRITE: table "t tab\x09here": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t tab	here" (
  "tab	here" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t tab	here" ("tab	here", v) SELECT "tab	here", v FROM "t tab	here";
DROP TABLE "t tab	here";
ALTER TABLE "_snap_new_t tab	here" RENAME TO "t tab	here";

-- step 14: undo: rebuild table "t snowman ☃ 🚀": change column v
-- ! REWRITE: table "t snowman ☃ 🚀": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t snowman ☃ 🚀" (
  "snowman ☃ 🚀" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t snowman ☃ 🚀" ("snowman ☃ 🚀", v) SELECT "snowman ☃ 🚀", v FROM "t snowman ☃ 🚀";
DROP TABLE "t snowman ☃ 🚀";
ALTER TABLE "_snap_new_t snowman ☃ 🚀" RENAME TO "t snowman ☃ 🚀";

-- step 13: undo: rebuild table "t semi;colon -- /* */": change column v
-- ! REWRITE: table "t semi;colon -- /* */": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t semi;colon -- /* */" (
  "semi;colon -- /* */" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t semi;colon -- /* */" ("semi;colon -- /* */", v) SELECT "semi;colon -- /* */", v FROM "t semi;colon -- /* */";
DROP TABLE "t semi;colon -- /* */";
ALTER TABLE "_snap_new_t semi;colon -- /* */" RENAME TO "t semi;colon -- /* */";

-- step 12: undo: rebuild table "t select": change column v
-- ! REWRITE: table "t select": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t select" (
  "select" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t select" ("select", v) SELECT "select", v FROM "t select";
DROP TABLE "t select";
ALTER TABLE "_snap_new_t select" RENAME TO "t select";

-- step 11: undo: rebuild table "t new\x0aline": change column v
-- ! REWRITE: table "t new\x0aline": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t new
line" (
  "new
line" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t new
line" ("new
line", v) SELECT "new
line", v FROM "t new
line";
DROP TABLE "t new
line";
ALTER TABLE "_snap_new_t new
line" RENAME TO "t new
line";

-- step 10: undo: rebuild table "t it's": change column v
-- ! REWRITE: table "t it's": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t it's" (
  "it's" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t it's" ("it's", v) SELECT "it's", v FROM "t it's";
DROP TABLE "t it's";
ALTER TABLE "_snap_new_t it's" RENAME TO "t it's";

-- step 9: undo: rebuild table "t é": change column v
-- ! REWRITE: table "t é": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t é" (
  "é" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t é" ("é", v) SELECT "é", v FROM "t é";
DROP TABLE "t é";
ALTER TABLE "_snap_new_t é" RENAME TO "t é";

-- step 8: undo: rebuild table "t esc\x1b[31m": change column v
-- ! REWRITE: table "t esc\x1b[31m": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t esc[31m" (
  "esc[31m" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t esc[31m" ("esc[31m", v) SELECT "esc[31m", v FROM "t esc[31m";
DROP TABLE "t esc[31m";
ALTER TABLE "_snap_new_t esc[31m" RENAME TO "t esc[31m";

-- step 7: undo: rebuild table "t back\slash": change column v
-- ! REWRITE: table "t back\slash": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t back\slash" (
  "back\slash" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t back\slash" ("back\slash", v) SELECT "back\slash", v FROM "t back\slash";
DROP TABLE "t back\slash";
ALTER TABLE "_snap_new_t back\slash" RENAME TO "t back\slash";

-- step 6: undo: rebuild table "t a""b": change column v
-- ! REWRITE: table "t a""b": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t a""b" (
  "a""b" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t a""b" ("a""b", v) SELECT "a""b", v FROM "t a""b";
DROP TABLE "t a""b";
ALTER TABLE "_snap_new_t a""b" RENAME TO "t a""b";

-- step 5: undo: rebuild table "t `tick`": change column v
-- ! REWRITE: table "t `tick`": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t `tick`" (
  "`tick`" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t `tick`" ("`tick`", v) SELECT "`tick`", v FROM "t `tick`";
DROP TABLE "t `tick`";
ALTER TABLE "_snap_new_t `tick`" RENAME TO "t `tick`";

-- step 4: undo: rebuild table "t [x]": change column v
-- ! REWRITE: table "t [x]": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t [x]" (
  "[x]" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t [x]" ("[x]", v) SELECT "[x]", v FROM "t [x]";
DROP TABLE "t [x]";
ALTER TABLE "_snap_new_t [x]" RENAME TO "t [x]";

-- step 3: undo: rebuild table "t <b>&amp;</b>": change column v
-- ! REWRITE: table "t <b>&amp;</b>": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t <b>&amp;</b>" (
  "<b>&amp;</b>" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t <b>&amp;</b>" ("<b>&amp;</b>", v) SELECT "<b>&amp;</b>", v FROM "t <b>&amp;</b>";
DROP TABLE "t <b>&amp;</b>";
ALTER TABLE "_snap_new_t <b>&amp;</b>" RENAME TO "t <b>&amp;</b>";

-- step 2: undo: rebuild table "t %s %n": change column v
-- ! REWRITE: table "t %s %n": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t %s %n" (
  "%s %n" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t %s %n" ("%s %n", v) SELECT "%s %n", v FROM "t %s %n";
DROP TABLE "t %s %n";
ALTER TABLE "_snap_new_t %s %n" RENAME TO "t %s %n";

-- step 1: undo: rebuild table "t ${user.home}": change column v
-- ! REWRITE: table "t ${user.home}": the table is made anew and every row is copied
CREATE TABLE "_snap_new_t ${user.home}" (
  "${user.home}" INTEGER PRIMARY KEY,
  "v" TEXT
);
INSERT OR ABORT INTO "_snap_new_t ${user.home}" ("${user.home}", v) SELECT "${user.home}", v FROM "t ${user.home}";
DROP TABLE "t ${user.home}";
ALTER TABLE "_snap_new_t ${user.home}" RENAME TO "t ${user.home}";

COMMIT;
