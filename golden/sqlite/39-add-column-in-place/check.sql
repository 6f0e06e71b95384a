SELECT count(*) = 2 FROM t WHERE b = -1 AND c = 'it''s; ${x}' AND e = x'00ff' AND f = 1500.0 AND g = 1;
SELECT group_concat(d) = 'X,X' FROM t;
SELECT n = 2 AND at IS NOT NULL FROM computed;
