INSERT INTO t VALUES ('(1,x)', 'a', '{"(1,x)"}', '(1,x)', '{a}');
