INSERT INTO orders (id, number, total, state, note)
VALUES (3, '17', 9.25, 'new', 'Ring twice'), (7, '18', 0, 'paid', NULL), (8, 'x-19', 3, 'new', 'l''été');
