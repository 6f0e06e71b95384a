SELECT "a""b" = 0 AND v = 'a"b' FROM "t a""b";
SELECT "it's" = 1 AND v = 'it''s' FROM "t it's";
SELECT "new
line" = 2 AND v = 'new
line' FROM "t new
line";
SELECT "esc[31m" = 3 AND v = 'esc[31m' FROM "t esc[31m";
SELECT "${user.home}" = 4 AND v = '${user.home}' FROM "t ${user.home}";
SELECT "snowman ☃ 🚀" = 5 AND v = 'snowman ☃ 🚀' FROM "t snowman ☃ 🚀";
SELECT "semi;colon -- /* */" = 6 AND v = 'semi;colon -- /* */' FROM "t semi;colon -- /* */";
SELECT "back\slash" = 7 AND v = 'back\slash' FROM "t back\slash";
SELECT "select" = 8 AND v = 'select' FROM "t select";
SELECT "tab	here" = 9 AND v = 'tab	here' FROM "t tab	here";
SELECT "`tick`" = 10 AND v = '`tick`' FROM "t `tick`";
SELECT "[x]" = 11 AND v = '[x]' FROM "t [x]";
SELECT "%s %n" = 12 AND v = '%s %n' FROM "t %s %n";
SELECT "日本" = 13 AND v = '日本' FROM "t 日本";
SELECT "é" = 14 AND v = 'é' FROM "t é";
SELECT "‮evil" = 15 AND v = '‮evil' FROM "t ‮evil";
SELECT "<b>&amp;</b>" = 16 AND v = '<b>&amp;</b>' FROM "t <b>&amp;</b>";
SELECT "}}{{" = 17 AND v = '}}{{' FROM "t }}{{";
