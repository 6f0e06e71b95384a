CREATE UNIQUE INDEX IF NOT EXISTS main.i ON tbl(a,lower("some name")DESC,a+1 COLLATE nocase)WHERE a IS NOT NULL;
