CREATE TABLE "t a""b" ("a""b" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t it's" ("it's" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t new
line" ("new
line" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t esc[31m" ("esc[31m" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t ${user.home}" ("${user.home}" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t snowman ☃ 🚀" ("snowman ☃ 🚀" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t semi;colon -- /* */" ("semi;colon -- /* */" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t back\slash" ("back\slash" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t select" ("select" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t tab	here" ("tab	here" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t `tick`" ("`tick`" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t [x]" ("[x]" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t %s %n" ("%s %n" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t 日本" ("日本" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t é" ("é" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t ‮evil" ("‮evil" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t <b>&amp;</b>" ("<b>&amp;</b>" INTEGER PRIMARY KEY, "v" TEXT);
CREATE TABLE "t }}{{" ("}}{{" INTEGER PRIMARY KEY, "v" TEXT);
