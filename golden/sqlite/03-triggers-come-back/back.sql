.bail on
-- Takes back what turned from.db into to.db
-- Run it with: sqlite3 DATABASE < SCRIPT

PRAGMA foreign_keys = off;
BEGIN IMMEDIATE;

-- step 1: undo: rebuild table account: change column balance, change column owner
-- ! REWRITE: table account: the table is made anew and every row is copied
CREATE TABLE _snap_new_account (
  id INTEGER PRIMARY KEY,
  owner TEXT,
  balance INTEGER
);
INSERT OR ABORT INTO _snap_new_account (id, owner, balance) SELECT id, owner, balance FROM account;
DROP TABLE account;
PRAGMA legacy_alter_table = on;
ALTER TABLE _snap_new_account RENAME TO account;
PRAGMA legacy_alter_table = off;
CREATE TRIGGER account_closed BEFORE DELETE ON account WHEN OLD.balance <> 0
BEGIN
  SELECT RAISE(ABORT, 'the account; it is not empty');
END;
CREATE TRIGGER account_opened AFTER INSERT ON account
BEGIN
  INSERT INTO journal (account, amount)
  SELECT NEW.id, CASE WHEN NEW.balance IS NULL THEN 0 ELSE NEW.balance END;
END;

COMMIT;
