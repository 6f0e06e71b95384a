INSERT INTO "t a""b" VALUES (0, 'a"b');
INSERT INTO "t it's" VALUES (1, 'it''s');
INSERT INTO "t new
line" VALUES (2, 'new
line');
INSERT INTO "t esc[31m" VALUES (3, 'esc[31m');
INSERT INTO "t ${user.home}" VALUES (4, '${user.home}');
INSERT INTO "t snowman ☃ 🚀" VALUES (5, 'snowman ☃ 🚀');
INSERT INTO "t semi;colon -- /* */" VALUES (6, 'semi;colon -- /* */');
INSERT INTO "t back\slash" VALUES (7, 'back\slash');
INSERT INTO "t select" VALUES (8, 'select');
INSERT INTO "t tab	here" VALUES (9, 'tab	here');
INSERT INTO "t `tick`" VALUES (10, '`tick`');
INSERT INTO "t [x]" VALUES (11, '[x]');
INSERT INTO "t %s %n" VALUES (12, '%s %n');
INSERT INTO "t 日本" VALUES (13, '日本');
INSERT INTO "t é" VALUES (14, 'é');
INSERT INTO "t ‮evil" VALUES (15, '‮evil');
INSERT INTO "t <b>&amp;</b>" VALUES (16, '<b>&amp;</b>');
INSERT INTO "t }}{{" VALUES (17, '}}{{');
