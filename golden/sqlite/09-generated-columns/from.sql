CREATE TABLE item (id INTEGER PRIMARY KEY, net NUMERIC, rate NUMERIC DEFAULT 19, gross NUMERIC AS (net * (100 + rate) / 100));
CREATE TABLE box (w INTEGER, h INTEGER, area INTEGER, label TEXT);
CREATE TABLE name (first TEXT, last TEXT, whole TEXT GENERATED ALWAYS AS (first || ' ' || last) STORED);
