CREATE TABLE departments (id int PRIMARY KEY, manager int);
CREATE TABLE users (id int PRIMARY KEY, department int REFERENCES departments);
ALTER TABLE departments ADD FOREIGN KEY (manager) REFERENCES users;
CREATE TABLE accounts (id int PRIMARY KEY, active boolean NOT NULL);
CREATE VIEW active_accounts AS SELECT id FROM accounts WHERE active;
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY access ON accounts FOR SELECT USING (id IN (SELECT id FROM active_accounts));
