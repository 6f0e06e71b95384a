INSERT INTO "größe" VALUES (1, 'drei'), (2, 'vier ☃');
