INSERT INTO t VALUES (1, to_vector('[1,2,3]'), NULL), (2, to_vector('[1,2,4]'), to_vector('[1,2]'));
