INSERT INTO account (id, owner, balance) VALUES (1, 'Ana', 100), (2, 'Ben', 50);
