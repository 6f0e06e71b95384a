.bail on
-- Turns from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT
-- 0 changes
