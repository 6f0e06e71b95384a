.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table "t ${user.home}": change column v
-- ! DATA_DEPENDENT: column "t ${user.home}".v: a row that holds NULL stops it
-- ! REWRITE: table "t ${user.home}": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t ${user.home}.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t ${user.home}" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t ${user.home}" (
  "${user.home}" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT '${user.home}'
);
INSERT OR ABORT INTO "_snap_new_t ${user.home}" ("${user.home}", v) SELECT "${user.home}", v FROM "t ${user.home}";
DROP TABLE "t ${user.home}";
ALTER TABLE "_snap_new_t ${user.home}" RENAME TO "t ${user.home}";

-- step 2: rebuild table "t %s %n": change column v
-- ! DATA_DEPENDENT: column "t %s %n".v: a row that holds NULL stops it
-- ! REWRITE: table "t %s %n": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t %s %n.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t %s %n" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t %s %n" (
  "%s %n" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT '%s %n'
);
INSERT OR ABORT INTO "_snap_new_t %s %n" ("%s %n", v) SELECT "%s %n", v FROM "t %s %n";
DROP TABLE "t %s %n";
ALTER TABLE "_snap_new_t %s %n" RENAME TO "t %s %n";

-- step 3: rebuild table "t <b>&amp;</b>": change column v
-- ! DATA_DEPENDENT: column "t <b>&amp;</b>".v: a row that holds NULL stops it
-- ! REWRITE: table "t <b>&amp;</b>": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t <b>&amp;</b>.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t <b>&amp;</b>" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t <b>&amp;</b>" (
  "<b>&amp;</b>" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT '<b>&amp;</b>'
);
INSERT OR ABORT INTO "_snap_new_t <b>&amp;</b>" ("<b>&amp;</b>", v) SELECT "<b>&amp;</b>", v FROM "t <b>&amp;</b>";
DROP TABLE "t <b>&amp;</b>";
ALTER TABLE "_snap_new_t <b>&amp;</b>" RENAME TO "t <b>&amp;</b>";

-- step 4: rebuild table "t [x]": change column v
-- ! DATA_DEPENDENT: column "t [x]".v: a row that holds NULL stops it
-- ! REWRITE: table "t [x]": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t [x].v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t [x]" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t [x]" (
  "[x]" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT '[x]'
);
INSERT OR ABORT INTO "_snap_new_t [x]" ("[x]", v) SELECT "[x]", v FROM "t [x]";
DROP TABLE "t [x]";
ALTER TABLE "_snap_new_t [x]" RENAME TO "t [x]";

-- step 5: rebuild table "t `tick`": change column v
-- ! DATA_DEPENDENT: column "t `tick`".v: a row that holds NULL stops it
-- ! REWRITE: table "t `tick`": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t `tick`.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t `tick`" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t `tick`" (
  "`tick`" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT '`tick`'
);
INSERT OR ABORT INTO "_snap_new_t `tick`" ("`tick`", v) SELECT "`tick`", v FROM "t `tick`";
DROP TABLE "t `tick`";
ALTER TABLE "_snap_new_t `tick`" RENAME TO "t `tick`";

-- step 6: rebuild table "t a""b": change column v
-- ! DATA_DEPENDENT: column "t a""b".v: a row that holds NULL stops it
-- ! REWRITE: table "t a""b": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t a"b.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t a""b" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t a""b" (
  "a""b" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT 'a"b'
);
INSERT OR ABORT INTO "_snap_new_t a""b" ("a""b", v) SELECT "a""b", v FROM "t a""b";
DROP TABLE "t a""b";
ALTER TABLE "_snap_new_t a""b" RENAME TO "t a""b";

-- step 7: rebuild table "t back\slash": change column v
-- ! DATA_DEPENDENT: column "t back\slash".v: a row that holds NULL stops it
-- ! REWRITE: table "t back\slash": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t back\slash.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t back\slash" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t back\slash" (
  "back\slash" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT 'back\slash'
);
INSERT OR ABORT INTO "_snap_new_t back\slash" ("back\slash", v) SELECT "back\slash", v FROM "t back\slash";
DROP TABLE "t back\slash";
ALTER TABLE "_snap_new_t back\slash" RENAME TO "t back\slash";

-- step 8: rebuild table "t esc\x1b[31m": change column v
-- ! DATA_DEPENDENT: column "t esc\x1b[31m".v: a row that holds NULL stops it
-- ! REWRITE: table "t esc\x1b[31m": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t esc[31m.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t esc[31m" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t esc[31m" (
  "esc[31m" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT 'esc[31m'
);
INSERT OR ABORT INTO "_snap_new_t esc[31m" ("esc[31m", v) SELECT "esc[31m", v FROM "t esc[31m";
DROP TABLE "t esc[31m";
ALTER TABLE "_snap_new_t esc[31m" RENAME TO "t esc[31m";

-- step 9: rebuild table "t é": change column v
-- ! DATA_DEPENDENT: column "t é".v: a row that holds NULL stops it
-- ! REWRITE: table "t é": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t é.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t é" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t é" (
  "é" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT 'é'
);
INSERT OR ABORT INTO "_snap_new_t é" ("é", v) SELECT "é", v FROM "t é";
DROP TABLE "t é";
ALTER TABLE "_snap_new_t é" RENAME TO "t é";

-- step 10: rebuild table "t it's": change column v
-- ! DATA_DEPENDENT: column "t it's".v: a row that holds NULL stops it
-- ! REWRITE: table "t it's": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t it''s.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t it's" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t it's" (
  "it's" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT 'it''s'
);
INSERT OR ABORT INTO "_snap_new_t it's" ("it's", v) SELECT "it's", v FROM "t it's";
DROP TABLE "t it's";
ALTER TABLE "_snap_new_t it's" RENAME TO "t it's";

-- step 11: rebuild table "t new\x0aline": change column v
-- ! DATA_DEPENDENT: column "t new\x0aline".v: a row that holds NULL stops it
-- ! REWRITE: table "t new\x0aline": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t new
line.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t new
line" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t new
line" (
  "new
line" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT 'new
line'
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

-- step 12: rebuild table "t select": change column v
-- ! DATA_DEPENDENT: column "t select".v: a row that holds NULL stops it
-- ! REWRITE: table "t select": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t select.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t select" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t select" (
  "select" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT 'select'
);
INSERT OR ABORT INTO "_snap_new_t select" ("select", v) SELECT "select", v FROM "t select";
DROP TABLE "t select";
ALTER TABLE "_snap_new_t select" RENAME TO "t select";

-- step 13: rebuild table "t semi;colon -- /* */": change column v
-- ! DATA_DEPENDENT: column "t semi;colon -- /* */".v: a row that holds NULL stops it
-- ! REWRITE: table "t semi;colon -- /* */": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t semi;colon -- /* */.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t semi;colon -- /* */" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t semi;colon -- /* */" (
  "semi;colon -- /* */" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT 'semi;colon -- /* */'
);
INSERT OR ABORT INTO "_snap_new_t semi;colon -- /* */" ("semi;colon -- /* */", v) SELECT "semi;colon -- /* */", v FROM "t semi;colon -- /* */";
DROP TABLE "t semi;colon -- /* */";
ALTER TABLE "_snap_new_t semi;colon -- /* */" RENAME TO "t semi;colon -- /* */";

-- step 14: rebuild table "t snowman ☃ 🚀": change column v
-- ! DATA_DEPENDENT: column "t snowman ☃ 🚀".v: a row that holds NULL stops it
-- ! REWRITE: table "t snowman ☃ 🚀": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t snowman ☃ 🚀.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t snowman ☃ 🚀" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t snowman ☃ 🚀" (
  "snowman ☃ 🚀" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT 'snowman ☃ 🚀'
);
INSERT OR ABORT INTO "_snap_new_t snowman ☃ 🚀" ("snowman ☃ 🚀", v) SELECT "snowman ☃ 🚀", v FROM "t snowman ☃ 🚀";
DROP TABLE "t snowman ☃ 🚀";
ALTER TABLE "_snap_new_t snowman ☃ 🚀" RENAME TO "t snowman ☃ 🚀";

-- step 15: rebuild table "t tab\x09here": change column v
-- ! DATA_DEPENDENT: column "t tab\x09here".v: a row that holds NULL stops it
-- ! REWRITE: table "t tab\x09here": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t tab	here.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t tab	here" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t tab	here" (
  "tab	here" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT 'tab	here'
);
INSERT OR ABORT INTO "_snap_new_t tab	here" ("tab	here", v) SELECT "tab	here", v FROM "t tab	here";
DROP TABLE "t tab	here";
ALTER TABLE "_snap_new_t tab	here" RENAME TO "t tab	here";

-- step 16: rebuild table "t }}{{": change column v
-- ! DATA_DEPENDENT: column "t }}{{".v: a row that holds NULL stops it
-- ! REWRITE: table "t }}{{": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t }}{{.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t }}{{" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t }}{{" (
  "}}{{" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT '}}{{'
);
INSERT OR ABORT INTO "_snap_new_t }}{{" ("}}{{", v) SELECT "}}{{", v FROM "t }}{{";
DROP TABLE "t }}{{";
ALTER TABLE "_snap_new_t }}{{" RENAME TO "t }}{{";

-- step 17: rebuild table "t \xe2\x80\xaeevil": change column v
-- ! DATA_DEPENDENT: column "t \xe2\x80\xaeevil".v: a row that holds NULL stops it
-- ! REWRITE: table "t \xe2\x80\xaeevil": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t ‮evil.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t ‮evil" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t ‮evil" (
  "‮evil" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT '‮evil'
);
INSERT OR ABORT INTO "_snap_new_t ‮evil" ("‮evil", v) SELECT "‮evil", v FROM "t ‮evil";
DROP TABLE "t ‮evil";
ALTER TABLE "_snap_new_t ‮evil" RENAME TO "t ‮evil";

-- step 18: rebuild table "t 日本": change column v
-- ! DATA_DEPENDENT: column "t 日本".v: a row that holds NULL stops it
-- ! REWRITE: table "t 日本": the table is made anew and every row is copied
SELECT json_extract('{}', 'snap: column t 日本.v becomes NOT NULL; rows that hold NULL: ' || n) FROM (SELECT count(*) AS n FROM "t 日本" WHERE v IS NULL) WHERE n > 0;
CREATE TABLE "_snap_new_t 日本" (
  "日本" INTEGER PRIMARY KEY,
  "v" TEXT NOT NULL DEFAULT '日本'
);
INSERT OR ABORT INTO "_snap_new_t 日本" ("日本", v) SELECT "日本", v FROM "t 日本";
DROP TABLE "t 日本";
ALTER TABLE "_snap_new_t 日本" RENAME TO "t 日本";

-- step 19: create index "t ${user.home}"."i ${user.home}"
-- ! INDEX_BUILD: index "t ${user.home}"."i ${user.home}": the table is read whole
CREATE INDEX "i ${user.home}" ON "t ${user.home}" ("v") WHERE "v" <> '${user.home}';

-- step 20: create index "t %s %n"."i %s %n"
-- ! INDEX_BUILD: index "t %s %n"."i %s %n": the table is read whole
CREATE INDEX "i %s %n" ON "t %s %n" ("v") WHERE "v" <> '%s %n';

-- step 21: create index "t <b>&amp;</b>"."i <b>&amp;</b>"
-- ! INDEX_BUILD: index "t <b>&amp;</b>"."i <b>&amp;</b>": the table is read whole
CREATE INDEX "i <b>&amp;</b>" ON "t <b>&amp;</b>" ("v") WHERE "v" <> '<b>&amp;</b>';

-- step 22: create index "t [x]"."i [x]"
-- ! INDEX_BUILD: index "t [x]"."i [x]": the table is read whole
CREATE INDEX "i [x]" ON "t [x]" ("v") WHERE "v" <> '[x]';

-- step 23: create index "t `tick`"."i `tick`"
-- ! INDEX_BUILD: index "t `tick`"."i `tick`": the table is read whole
CREATE INDEX "i `tick`" ON "t `tick`" ("v") WHERE "v" <> '`tick`';

-- step 24: create index "t a""b"."i a""b"
-- ! INDEX_BUILD: index "t a""b"."i a""b": the table is read whole
CREATE INDEX "i a""b" ON "t a""b" ("v") WHERE "v" <> 'a"b';

-- step 25: create index "t back\slash"."i back\slash"
-- ! INDEX_BUILD: index "t back\slash"."i back\slash": the table is read whole
CREATE INDEX "i back\slash" ON "t back\slash" ("v") WHERE "v" <> 'back\slash';

-- step 26: create index "t esc\x1b[31m"."i esc\x1b[31m"
-- ! INDEX_BUILD: index "t esc\x1b[31m"."i esc\x1b[31m": the table is read whole
CREATE INDEX "i esc[31m" ON "t esc[31m" ("v") WHERE "v" <> 'esc[31m';

-- step 27: create index "t é"."i é"
-- ! INDEX_BUILD: index "t é"."i é": the table is read whole
CREATE INDEX "i é" ON "t é" ("v") WHERE "v" <> 'é';

-- step 28: create index "t it's"."i it's"
-- ! INDEX_BUILD: index "t it's"."i it's": the table is read whole
CREATE INDEX "i it's" ON "t it's" ("v") WHERE "v" <> 'it''s';

-- step 29: create index "t new\x0aline"."i new\x0aline"
-- ! INDEX_BUILD: index "t new\x0aline"."i new\x0aline": the table is read whole
CREATE INDEX "i new
line" ON "t new
line" ("v") WHERE "v" <> 'new
line';

-- step 30: create index "t select"."i select"
-- ! INDEX_BUILD: index "t select"."i select": the table is read whole
CREATE INDEX "i select" ON "t select" ("v") WHERE "v" <> 'select';

-- step 31: create index "t semi;colon -- /* */"."i semi;colon -- /* */"
-- ! INDEX_BUILD: index "t semi;colon -- /* */"."i semi;colon -- /* */": the table is read whole
CREATE INDEX "i semi;colon -- /* */" ON "t semi;colon -- /* */" ("v") WHERE "v" <> 'semi;colon -- /* */';

-- step 32: create index "t snowman ☃ 🚀"."i snowman ☃ 🚀"
-- ! INDEX_BUILD: index "t snowman ☃ 🚀"."i snowman ☃ 🚀": the table is read whole
CREATE INDEX "i snowman ☃ 🚀" ON "t snowman ☃ 🚀" ("v") WHERE "v" <> 'snowman ☃ 🚀';

-- step 33: create index "t tab\x09here"."i tab\x09here"
-- ! INDEX_BUILD: index "t tab\x09here"."i tab\x09here": the table is read whole
CREATE INDEX "i tab	here" ON "t tab	here" ("v") WHERE "v" <> 'tab	here';

-- step 34: create index "t }}{{"."i }}{{"
-- ! INDEX_BUILD: index "t }}{{"."i }}{{": the table is read whole
CREATE INDEX "i }}{{" ON "t }}{{" ("v") WHERE "v" <> '}}{{';

-- step 35: create index "t \xe2\x80\xaeevil"."i \xe2\x80\xaeevil"
-- ! INDEX_BUILD: index "t \xe2\x80\xaeevil"."i \xe2\x80\xaeevil": the table is read whole
CREATE INDEX "i ‮evil" ON "t ‮evil" ("v") WHERE "v" <> '‮evil';

-- step 36: create index "t 日本"."i 日本"
-- ! INDEX_BUILD: index "t 日本"."i 日本": the table is read whole
CREATE INDEX "i 日本" ON "t 日本" ("v") WHERE "v" <> '日本';

-- step 37: create view "v ${user.home}"
CREATE VIEW "v ${user.home}" AS SELECT "${user.home}" FROM "t ${user.home}";

-- step 38: create view "v %s %n"
CREATE VIEW "v %s %n" AS SELECT "%s %n" FROM "t %s %n";

-- step 39: create view "v <b>&amp;</b>"
CREATE VIEW "v <b>&amp;</b>" AS SELECT "<b>&amp;</b>" FROM "t <b>&amp;</b>";

-- step 40: create view "v [x]"
CREATE VIEW "v [x]" AS SELECT "[x]" FROM "t [x]";

-- step 41: create view "v `tick`"
CREATE VIEW "v `tick`" AS SELECT "`tick`" FROM "t `tick`";

-- step 42: create view "v a""b"
CREATE VIEW "v a""b" AS SELECT "a""b" FROM "t a""b";

-- step 43: create view "v back\slash"
CREATE VIEW "v back\slash" AS SELECT "back\slash" FROM "t back\slash";

-- step 44: create view "v esc\x1b[31m"
CREATE VIEW "v esc[31m" AS SELECT "esc[31m" FROM "t esc[31m";

-- step 45: create view "v é"
CREATE VIEW "v é" AS SELECT "é" FROM "t é";

-- step 46: create view "v it's"
CREATE VIEW "v it's" AS SELECT "it's" FROM "t it's";

-- step 47: create view "v new\x0aline"
CREATE VIEW "v new
line" AS SELECT "new
line" FROM "t new
line";

-- step 48: create view "v select"
CREATE VIEW "v select" AS SELECT "select" FROM "t select";

-- step 49: create view "v semi;colon -- /* */"
CREATE VIEW "v semi;colon -- /* */" AS SELECT "semi;colon -- /* */" FROM "t semi;colon -- /* */";

-- step 50: create view "v snowman ☃ 🚀"
CREATE VIEW "v snowman ☃ 🚀" AS SELECT "snowman ☃ 🚀" FROM "t snowman ☃ 🚀";

-- step 51: create view "v tab\x09here"
CREATE VIEW "v tab	here" AS SELECT "tab	here" FROM "t tab	here";

-- step 52: create view "v }}{{"
CREATE VIEW "v }}{{" AS SELECT "}}{{" FROM "t }}{{";

-- step 53: create view "v \xe2\x80\xaeevil"
CREATE VIEW "v ‮evil" AS SELECT "‮evil" FROM "t ‮evil";

-- step 54: create view "v 日本"
CREATE VIEW "v 日本" AS SELECT "日本" FROM "t 日本";

COMMIT;
