.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: rebuild table t: change column a, add column b, add check
-- ! DATA_DEPENDENT: check of t: a row that does not fit the CHECK stops it
-- ! REWRITE: table t: the table is made anew and every row is copied
CREATE TABLE _snap_new_t (
  id INTEGER PRIMARY KEY,
  a TEXT DEFAULT 'one
two

  three; -- no comment
/* nor this */',
  b TEXT DEFAULT '${user.name} \n %d "q"' CHECK (b <> 'a
;b')
);
INSERT OR ABORT INTO _snap_new_t (id, a) SELECT id, a FROM t;
DROP TABLE t;
ALTER TABLE _snap_new_t RENAME TO t;

-- step 2: create view v
CREATE VIEW v AS SELECT '
 ${x}
' AS "line
break" FROM t;

-- step 3: create trigger t.tr
CREATE TRIGGER tr AFTER INSERT ON t BEGIN
  UPDATE t SET a = 'x;
END;
y' WHERE id = NEW.id;
END;

COMMIT;
