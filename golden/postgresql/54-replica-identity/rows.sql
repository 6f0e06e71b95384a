INSERT INTO a SELECT n, n, n FROM generate_series(1, 3) n; INSERT INTO "D d" VALUES (1, 'x'); INSERT INTO b VALUES (1, 1);
