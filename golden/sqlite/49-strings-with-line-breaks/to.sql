CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT DEFAULT 'one
two

  three; -- no comment
/* nor this */', b TEXT DEFAULT '${user.name} \n %d "q"' CHECK (b <> 'a
;b'));
CREATE VIEW v AS SELECT '
 ${x}
' AS "line
break" FROM t;
CREATE TRIGGER tr AFTER INSERT ON t BEGIN
  UPDATE t SET a = 'x;
END;
y' WHERE id = NEW.id;
END;
