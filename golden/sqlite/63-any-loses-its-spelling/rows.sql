INSERT INTO loosens VALUES (1, '007'), (2, '1e3'), (3, 7), (4, x'31');
INSERT INTO tightens VALUES (1, '007'), (2, 'text'), (3, x'31');
