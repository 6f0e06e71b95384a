INSERT INTO standard VALUES (1, 'é', 'é', 'é');
INSERT INTO converts VALUES (1, 'é', 'è', 'é', 'ç');
INSERT INTO written VALUES (1, 'é€', '漢');
