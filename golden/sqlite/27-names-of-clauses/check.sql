SELECT a || b || c || d || e = 'aB121' FROM t;
