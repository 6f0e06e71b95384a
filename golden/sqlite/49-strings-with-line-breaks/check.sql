SELECT a = 'one
two' FROM t;
SELECT b = '${user.name} \n %d "q"' FROM t;
SELECT "line
break" = '
 ${x}
' FROM v;
