.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 1: drop trigger t.body (made again later)
DROP TRIGGER body;

-- step 2: drop trigger t.columns (made again later)
DROP TRIGGER columns;

-- step 3: drop trigger t.condition (made again later)
DROP TRIGGER condition;

-- step 4: drop trigger t.each_row (made again later)
DROP TRIGGER each_row;

-- step 5: drop trigger t.event (made again later)
DROP TRIGGER event;

-- step 6: drop trigger t.gone
DROP TRIGGER gone;

-- step 7: drop trigger t.moved
DROP TRIGGER moved;

-- step 8: drop trigger t.timing (made again later)
DROP TRIGGER timing;

-- step 9: drop trigger t.unsaid (made again later)
DROP TRIGGER unsaid;

-- step 10: drop trigger v.on_view (made again later)
DROP TRIGGER on_view;

-- step 11: create trigger t.body
CREATE TRIGGER body AFTER DELETE ON t BEGIN SELECT 'a; c' AS end; DELETE FROM t WHERE a = OLD.a; END;

-- step 12: create trigger t.columns
CREATE TRIGGER columns AFTER UPDATE OF a, b ON t BEGIN SELECT 4; END;

-- step 13: create trigger t.condition
CREATE TRIGGER condition AFTER DELETE ON t WHEN OLD.a > 2 BEGIN SELECT 6; END;

-- step 14: create trigger t.each_row
CREATE TRIGGER each_row AFTER DELETE ON t FOR EACH ROW BEGIN SELECT 5; END;

-- step 15: create trigger t.event
CREATE TRIGGER event AFTER DELETE ON t BEGIN SELECT 3; END;

-- step 16: create trigger t.timing
CREATE TRIGGER timing AFTER UPDATE ON t BEGIN SELECT 1; END;

-- step 17: create trigger t.unsaid
CREATE TRIGGER unsaid BEFORE UPDATE OF b ON t BEGIN SELECT 2; END;

-- step 18: create trigger u.fresh
CREATE TRIGGER fresh BEFORE DELETE ON u WHEN OLD.a IS NULL BEGIN SELECT RAISE(IGNORE); END;

-- step 19: create trigger u.moved
CREATE TRIGGER moved AFTER INSERT ON u BEGIN SELECT 7; END;

-- step 20: create trigger v.on_view
CREATE TRIGGER on_view INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a, b) VALUES (NEW.a, NEW.b); END;

COMMIT;
