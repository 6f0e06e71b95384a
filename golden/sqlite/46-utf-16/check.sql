SELECT "Maß" = 'vier ☃' FROM "größe" WHERE id = 2;
SELECT encoding = 'UTF-16be' FROM pragma_encoding;
