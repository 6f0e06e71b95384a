INSERT INTO f (f, rank) VALUES ('rank', 'bm25(10.0, 5.0)'), ('automerge', 7), ('pgsz', 500);
INSERT INTO f VALUES ('running', 'shoes');
