CREATE TABLE item (id INTEGER PRIMARY KEY, net NUMERIC, rate NUMERIC DEFAULT 7, gross NUMERIC AS (net * (100 + rate) / 100), twice NUMERIC AS (net * 2));
CREATE TABLE box (w INTEGER, h INTEGER, area INTEGER AS (w * h) STORED, label TEXT);
CREATE TABLE name (first TEXT, last TEXT, whole TEXT GENERATED ALWAYS AS (last || ', ' || first), short TEXT AS (substr(first, 1, 1) || last) VIRTUAL);
