.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

BEGIN IMMEDIATE;

-- step 20: undo: create trigger v.on_view
DROP TRIGGER on_view;

-- step 19: undo: create trigger u.moved
DROP TRIGGER moved;

-- step 18: undo: create trigger u.fresh
DROP TRIGGER fresh;

-- step 17: undo: create trigger t.unsaid
DROP TRIGGER unsaid;

-- step 16: undo: create trigger t.timing
DROP TRIGGER timing;

-- step 15: undo: create trigger t.event
DROP TRIGGER event;

-- step 14: undo: create trigger t.each_row
DROP TRIGGER each_row;

-- step 13: undo: create trigger t.condition
DROP TRIGGER condition;

-- step 12: undo: create trigger t.columns
DROP TRIGGER columns;

-- step 11: undo: create trigger t.body
DROP TRIGGER body;

-- step 10: undo: drop trigger v.on_view (made again later)
CREATE TRIGGER on_view INSTEAD OF INSERT ON v BEGIN INSERT INTO t (a) VALUES (NEW.a); END;

-- step 9: undo: drop trigger t.unsaid (made again later)
CREATE TRIGGER unsaid UPDATE OF b ON t BEGIN SELECT 2; END;

-- step 8: undo: drop trigger t.timing (made again later)
CREATE TRIGGER timing BEFORE UPDATE ON t BEGIN SELECT 1; END;

-- step 7: undo: drop trigger t.moved
CREATE TRIGGER moved AFTER INSERT ON t BEGIN SELECT 7; END;

-- step 6: undo: drop trigger t.gone
CREATE TRIGGER gone AFTER INSERT ON t BEGIN SELECT 8; END;

-- step 5: undo: drop trigger t.event (made again later)
CREATE TRIGGER event AFTER UPDATE ON t BEGIN SELECT 3; END;

-- step 4: undo: drop trigger t.each_row (made again later)
CREATE TRIGGER each_row AFTER DELETE ON t BEGIN SELECT 5; END;

-- step 3: undo: drop trigger t.condition (made again later)
CREATE TRIGGER condition AFTER DELETE ON t WHEN OLD.a > 1 BEGIN SELECT 6; END;

-- step 2: undo: drop trigger t.columns (made again later)
CREATE TRIGGER columns AFTER UPDATE OF a ON t BEGIN SELECT 4; END;

-- step 1: undo: drop trigger t.body (made again later)
CREATE TRIGGER body AFTER DELETE ON t BEGIN SELECT 'a; b' AS end; DELETE FROM t WHERE a = OLD.a; END;

COMMIT;
