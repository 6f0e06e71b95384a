CREATE TABLE account (id INTEGER PRIMARY KEY, owner TEXT NOT NULL, balance INTEGER NOT NULL DEFAULT 0);
CREATE TABLE journal (at TEXT DEFAULT CURRENT_TIMESTAMP, account INTEGER, amount INTEGER);
CREATE TRIGGER account_closed BEFORE DELETE ON account WHEN OLD.balance <> 0
BEGIN
  SELECT RAISE(ABORT, 'the account; it is not empty');
END;
CREATE TRIGGER account_opened AFTER INSERT ON account
BEGIN
  INSERT INTO journal (account, amount)
  SELECT NEW.id, CASE WHEN NEW.balance IS NULL THEN 0 ELSE NEW.balance END;
END;
CREATE TRIGGER journal_booked AFTER INSERT ON journal
BEGIN
  UPDATE account SET balance = balance + NEW.amount WHERE id = NEW.account;
END;
