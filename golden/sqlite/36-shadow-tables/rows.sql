INSERT INTO doc VALUES ('one two three');
INSERT INTO box VALUES (1, 0, 1);
INSERT INTO doc_extra VALUES ('a');
