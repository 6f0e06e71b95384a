CREATE TABLE "t a""b" ("a""b" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT 'a"b');
CREATE INDEX "i a""b" ON "t a""b" ("v") WHERE "v" <> 'a"b';
CREATE VIEW "v a""b" AS SELECT "a""b" FROM "t a""b";
CREATE TABLE "t it's" ("it's" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT 'it''s');
CREATE INDEX "i it's" ON "t it's" ("v") WHERE "v" <> 'it''s';
CREATE VIEW "v it's" AS SELECT "it's" FROM "t it's";
CREATE TABLE "t new
line" ("new
line" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT 'new
line');
CREATE INDEX "i new
line" ON "t new
line" ("v") WHERE "v" <> 'new
line';
CREATE VIEW "v new
line" AS SELECT "new
line" FROM "t new
line";
CREATE TABLE "t esc[31m" ("esc[31m" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT 'esc[31m');
CREATE INDEX "i esc[31m" ON "t esc[31m" ("v") WHERE "v" <> 'esc[31m';
CREATE VIEW "v esc[31m" AS SELECT "esc[31m" FROM "t esc[31m";
CREATE TABLE "t ${user.home}" ("${user.home}" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT '${user.home}');
CREATE INDEX "i ${user.home}" ON "t ${user.home}" ("v") WHERE "v" <> '${user.home}';
CREATE VIEW "v ${user.home}" AS SELECT "${user.home}" FROM "t ${user.home}";
CREATE TABLE "t snowman ☃ 🚀" ("snowman ☃ 🚀" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT 'snowman ☃ 🚀');
CREATE INDEX "i snowman ☃ 🚀" ON "t snowman ☃ 🚀" ("v") WHERE "v" <> 'snowman ☃ 🚀';
CREATE VIEW "v snowman ☃ 🚀" AS SELECT "snowman ☃ 🚀" FROM "t snowman ☃ 🚀";
CREATE TABLE "t semi;colon -- /* */" ("semi;colon -- /* */" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT 'semi;colon -- /* */');
CREATE INDEX "i semi;colon -- /* */" ON "t semi;colon -- /* */" ("v") WHERE "v" <> 'semi;colon -- /* */';
CREATE VIEW "v semi;colon -- /* */" AS SELECT "semi;colon -- /* */" FROM "t semi;colon -- /* */";
CREATE TABLE "t back\slash" ("back\slash" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT 'back\slash');
CREATE INDEX "i back\slash" ON "t back\slash" ("v") WHERE "v" <> 'back\slash';
CREATE VIEW "v back\slash" AS SELECT "back\slash" FROM "t back\slash";
CREATE TABLE "t select" ("select" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT 'select');
CREATE INDEX "i select" ON "t select" ("v") WHERE "v" <> 'select';
CREATE VIEW "v select" AS SELECT "select" FROM "t select";
CREATE TABLE "t tab	here" ("tab	here" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT 'tab	here');
CREATE INDEX "i tab	here" ON "t tab	here" ("v") WHERE "v" <> 'tab	here';
CREATE VIEW "v tab	here" AS SELECT "tab	here" FROM "t tab	here";
CREATE TABLE "t `tick`" ("`tick`" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT '`tick`');
CREATE INDEX "i `tick`" ON "t `tick`" ("v") WHERE "v" <> '`tick`';
CREATE VIEW "v `tick`" AS SELECT "`tick`" FROM "t `tick`";
CREATE TABLE "t [x]" ("[x]" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT '[x]');
CREATE INDEX "i [x]" ON "t [x]" ("v") WHERE "v" <> '[x]';
CREATE VIEW "v [x]" AS SELECT "[x]" FROM "t [x]";
CREATE TABLE "t %s %n" ("%s %n" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT '%s %n');
CREATE INDEX "i %s %n" ON "t %s %n" ("v") WHERE "v" <> '%s %n';
CREATE VIEW "v %s %n" AS SELECT "%s %n" FROM "t %s %n";
CREATE TABLE "t 日本" ("日本" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT '日本');
CREATE INDEX "i 日本" ON "t 日本" ("v") WHERE "v" <> '日本';
CREATE VIEW "v 日本" AS SELECT "日本" FROM "t 日本";
CREATE TABLE "t é" ("é" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT 'é');
CREATE INDEX "i é" ON "t é" ("v") WHERE "v" <> 'é';
CREATE VIEW "v é" AS SELECT "é" FROM "t é";
CREATE TABLE "t ‮evil" ("‮evil" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT '‮evil');
CREATE INDEX "i ‮evil" ON "t ‮evil" ("v") WHERE "v" <> '‮evil';
CREATE VIEW "v ‮evil" AS SELECT "‮evil" FROM "t ‮evil";
CREATE TABLE "t <b>&amp;</b>" ("<b>&amp;</b>" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT '<b>&amp;</b>');
CREATE INDEX "i <b>&amp;</b>" ON "t <b>&amp;</b>" ("v") WHERE "v" <> '<b>&amp;</b>';
CREATE VIEW "v <b>&amp;</b>" AS SELECT "<b>&amp;</b>" FROM "t <b>&amp;</b>";
CREATE TABLE "t }}{{" ("}}{{" INTEGER PRIMARY KEY, "v" TEXT NOT NULL DEFAULT '}}{{');
CREATE INDEX "i }}{{" ON "t }}{{" ("v") WHERE "v" <> '}}{{';
CREATE VIEW "v }}{{" AS SELECT "}}{{" FROM "t }}{{";
