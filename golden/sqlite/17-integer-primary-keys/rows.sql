INSERT INTO alias VALUES (5, 'five'), (9, 'nine');
INSERT INTO not_alias VALUES (50, 'fifty'), (2, 'two');
INSERT INTO descending VALUES (30, 'thirty'), (4, 'four');
INSERT INTO in_table VALUES (6, 'six');
INSERT INTO counts VALUES (8, 'eight');
INSERT INTO named VALUES (1, 'one');
INSERT INTO no_key (rowid, v) VALUES (77, 'row 77');
INSERT INTO pair VALUES ('a', 'b'), ('A', 'c');
