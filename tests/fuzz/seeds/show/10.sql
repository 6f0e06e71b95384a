procedure
ansi "q`
CREATE DEFINER="root"@"localhost" PROCEDURE "ansi ""q`"()
SELECT "a" || 'b;"' AS "x;y" FROM "bag"